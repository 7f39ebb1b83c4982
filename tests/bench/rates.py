"""Events a second through the inbox, against the same writes statement by statement.

The reference is aiosqlite as it is mostly used: one await a statement, one transaction an event,
the next event when the last is committed. It makes exactly the writes that the shop made for the
same events, recorded beforehand, and none of the reads and of the thinking.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import aiosqlite

from bot.language.lexicon import load_words
from bot.language.locales import Locales
from bot.messages import Abilities, Address, Incoming, Message, Press
from bot.post.bell import Bell
from bot.post.inbox import Inbox
from bot.service import DEMO
from bot.shop import catalogue, orders, people, stock
from bot.shop.catalogue_files import read_catalogue, store_pictures
from bot.shop.orders import Recipient, Wanted
from bot.store.files import Files
from bot.store.sqlite import Store
from bot.store.unit import Unit
from bot.talk import conversation
from bot.talk.router import Talk

EVENTS = 1_500
REFERENCE_EVENTS = 300
RECIPIENT = Recipient("扎西", "13800138000", "四川省", "成都市", "武侯区", "人民南路四段27号", "CN")
WANTED = [Wanted("cordyceps", "medium", 1, "pc")]
ABILITIES = {"bench": Abilities(buttons=True, cards=True, pushed=False)}
_WRITE = re.compile(r"\s*(?:--.*\n\s*)*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.I)

Statement = tuple[str, Any]


class RecordingCursor(sqlite3.Cursor):
    """Notes each statement with its parameters."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        self.connection.statements.append((sql, parameters))  # type: ignore[attr-defined]
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> Any:
        rows = list(parameters)
        self.connection.statements.extend((sql, row) for row in rows)  # type: ignore[attr-defined]
        return super().executemany(sql, rows)


class RecordingConnection(sqlite3.Connection):
    """A connection that notes all that is done on it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.statements: list[Statement] = []

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(RecordingCursor)


@dataclass
class Bench:
    """A database with buyers who are about to confirm, a seller and stock for all."""

    folder: Path
    press: str  # what their buttons carry, after the draft's key

    @property
    def prepared(self) -> Path:
        return self.folder / "prepared.db"

    def copy(self) -> Path:
        """A fresh copy of the prepared database."""
        for old in self.folder.glob("run.db*"):
            old.unlink()
        return Path(shutil.copyfile(self.prepared, self.folder / "run.db"))

    def confirmations(self, count: int) -> list[Incoming]:
        """One press of the confirm button by each of so many buyers."""
        return [
            Press(f"bench:press:{n}", buyer(n), f"ok:{_key(n)}:{self.press}") for n in range(count)
        ]

    def enquiries(self, count: int) -> list[Incoming]:
        """One question for a price by each of so many others, who are known but ordered nothing."""
        return [Message(f"bench:ask:{n}", _asker(n), "虫草怎么卖") for n in range(count)]


def buyer(n: int) -> Address:
    """Where the n-th buyer writes from."""
    return Address("bench", f"buyer {n}")


def _asker(n: int) -> Address:
    return Address("bench", f"asker {n}")


def _key(n: int) -> str:
    return f"{n:016x}"


def utc_ms() -> int:
    """The time, in UTC milliseconds."""
    return time.time_ns() // 1_000_000


async def open_store(path: Path, factory: type[sqlite3.Connection] = sqlite3.Connection) -> Store:
    """A store as the service opens it."""
    zone = ZoneInfo("Asia/Shanghai")
    return await Store.open(path, clock=utc_ms, ids=Random(1), zone=zone, factory=factory)


def talk() -> Talk:
    """The talk as the service makes it."""
    return Talk(
        locales=Locales(),
        words=load_words,
        abilities=ABILITIES,
        retry=lambda unit, failed_id: False,
    )


def inbox_on(store: Store, talking: Talk) -> Inbox:
    """The inbox as the service makes it."""
    return Inbox(store, talking.answer, talking.excuse, ABILITIES, Bell())


async def prepare(
    folder: Path, buyers: int = EVENTS, first_of_all: Callable[[Unit], object] | None = None
) -> Bench:
    """One buyer orders for real; the others are given the same draft under keys of their own.

    The folder is made; a shop that is there already would be sold out.
    """
    folder.mkdir()
    path = folder / "prepared.db"
    async with await open_store(path) as store:
        inbox = inbox_on(store, talk())
        parsed = store_pictures(read_catalogue(DEMO), Files(folder / "files"))
        await store.run(partial(_furnish, parsed, buyers))
        if first_of_all:
            await store.run(first_of_all)
        first = Address("bench", "first")
        for n, text in enumerate(("虫草怎么卖", "要1根中等的", _pasted())):
            await inbox.take(Message(f"bench:first:{n}", first, text))
        press = await store.run(lambda unit: _spread(unit, first, buyers))
    return Bench(folder, press)


def _pasted() -> str:
    who = RECIPIENT
    return f"{who.name} {who.phone} {who.province}{who.city}{who.district}{who.detail}"


def _furnish(parsed: catalogue.Parsed, buyers: int, unit: Unit) -> None:
    catalogue.replace(unit, parsed, by=None)
    stock.receive(unit, "cordyceps", "medium", 100 * buyers, by=None)
    people.open_chat(unit, Address("bench", "seller"), role="seller", language="zh-Hans")


def _spread(unit: Unit, first: Address, buyers: int) -> str:
    """Copies the first buyer's draft to the others; returns the version that it is confirmed at."""
    chat = people.find_chat(unit, first)
    assert chat
    state = conversation.decode(chat.state)
    value = next(choice.value for choice in state.offered if choice.value.startswith("ok:"))
    for n in range(buyers):
        other = people.open_chat(unit, buyer(n), language=chat.language)
        state.draft.key = _key(n)
        people.set_state(unit, other.id, conversation.encode(state))
        people.open_chat(unit, _asker(n), language=chat.language)
    return value.rpartition(":")[2]


async def through_inbox(path: Path, events: Sequence[Incoming], talking: Talk) -> float:
    """Events a second when all come at once, each acknowledged after its commit."""
    async with await open_store(path) as store:
        inbox = inbox_on(store, talking)
        await store.read(talking.shelf)
        begun = time.perf_counter()
        new = await asyncio.gather(*(inbox.take(event) for event in events))
        took = time.perf_counter() - begun
        assert all(new)
    return len(events) / took


async def placed(path: Path, count: int) -> float:
    """Orders a second through `Store.run(orders.place)` alone: no talk, no lines, no notices."""
    async with await open_store(path) as store:
        shop = await store.read(catalogue.load)
        chats = await store.run(
            lambda unit: [people.find_chat(unit, buyer(n)) for n in range(count)]
        )
        works = [_placing(shop, _key(n), chat) for n, chat in enumerate(chats) if chat]
        begun = time.perf_counter()
        done = await asyncio.gather(*(store.run(work) for work in works))
        took = time.perf_counter() - begun
        assert all(isinstance(each, orders.Moved) for each in done)
    return count / took


def _placing(shop: catalogue.Catalogue, key: str, chat: people.Chat) -> Callable[[Unit], object]:
    def work(unit: Unit) -> object:
        return orders.place(
            unit,
            shop,
            key=key,
            chat=chat,
            wants=WANTED,
            recipient=RECIPIENT,
            pay_by="transfer",
            language="zh-Hans",
        )

    return work


async def record_events(
    path: Path, events: Sequence[Incoming], talking: Talk
) -> list[list[Statement]]:
    """The writes that the shop makes for each of these events."""
    writes = []
    async with await open_store(path, RecordingConnection) as store:
        inbox = inbox_on(store, talking)
        connection: Any = store._writer._conn
        for event in events:
            connection.statements.clear()
            await inbox.take(event)
            writes.append(_writes(connection.statements))
    return writes


async def record_places(path: Path, count: int) -> list[list[Statement]]:
    """The writes of `orders.place` alone."""
    writes = []
    async with await open_store(path, RecordingConnection) as store:
        shop = await store.read(catalogue.load)
        connection: Any = store._writer._conn
        for n in range(count):
            chat = await store.run(partial(people.find_chat, address=buyer(n)))
            assert chat
            connection.statements.clear()
            await store.run(_placing(shop, _key(n), chat))
            writes.append(_writes(connection.statements))
    return writes


def _writes(statements: Sequence[Statement]) -> list[Statement]:
    return [(sql, values) for sql, values in statements if _WRITE.match(sql)]


async def statement_by_statement(path: Path, events: Sequence[Sequence[Statement]]) -> float:
    """Events a second with one await a statement and one transaction an event."""
    async with aiosqlite.connect(path, isolation_level=None, cached_statements=512) as db:
        await db.execute("PRAGMA journal_mode = WAL")
        await db.execute("PRAGMA synchronous = FULL")
        await db.execute("PRAGMA foreign_keys = ON")
        begun = time.perf_counter()
        for statements in events:
            await db.execute("BEGIN IMMEDIATE")
            for sql, values in statements:
                await db.execute_fetchall(sql, values)
            await db.execute("COMMIT")
        return len(events) / (time.perf_counter() - begun)
