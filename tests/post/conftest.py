"""A shop of two channels: `chat` is sent to, `web` reads its own lines; a clock set by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.messages import Abilities, Address, Content, Message, Outgoing
from bot.post.bell import Bell
from bot.post.inbox import Inbox
from bot.post.outbox import put
from bot.store.sqlite import Store
from tests.shop_fixture import new_database
from tests.store.conftest import FaultyConnection, _faults, faults  # noqa: F401

ABILITIES = {
    "chat": Abilities(buttons=True, cards=False, pushed=True),
    "web": Abilities(buttons=True, cards=True, pushed=False),
}
START = 1_000_000


class World:
    """The store, the time, and shorthands."""

    def __init__(self) -> None:
        self.now = START
        self.bell = Bell()
        self.store: Store = None  # type: ignore[assignment]

    def clock(self) -> int:
        return self.now

    async def open_chats(self, count: int, channel: str = "chat", group: bool = False) -> None:
        """Chats 1 to count, at the addresses "1" (in a group "-1") and so on."""

        def unit(unit):
            unit.db.execute(
                "INSERT OR IGNORE INTO person (id, role, created_at) VALUES (1, 'buyer', 0)"
            )
            for _ in range(count):
                unit.db.execute(
                    "INSERT INTO chat (person_id, channel, address, created_at) VALUES (1, ?,"
                    " ? || (SELECT coalesce(max(id), 0) + 1 FROM chat), 0)",
                    (channel, "-" if group else ""),
                )

        await self.store.run(unit)

    async def put(self, *outgoing: Outgoing) -> None:
        def unit(unit):
            for message in outgoing:
                put(unit, message, ABILITIES)

        await self.store.run(unit)

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return await self.store.read(lambda db: [tuple(row) for row in db.execute(sql)])

    async def states(self) -> list[str]:
        return [row[0] for row in await self.rows("SELECT state FROM outbox ORDER BY id")]

    def inbox(self, answer: Callable[..., Any], excuse: Callable[..., Any] | None = None) -> Inbox:
        return Inbox(self.store, answer, excuse or (lambda *_: []), ABILITIES, self.bell)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World()
    async with await Store.open(
        new_database(tmp_path / "shop.db"),
        clock=made.clock,
        ids=Random(1),
        factory=FaultyConnection,
    ) as made.store:
        yield made


def say(chat: int, text: str, **options: Any) -> Outgoing:
    return Outgoing(chat, Content(text, "en"), **options)


def hears(key: str, chat: int = 1, text: str = "hello", channel: str = "web") -> Message:
    return Message(key, Address(channel, str(chat)), text)
