"""The web chat over the real store and inbox, with a talk that echoes, and a clock to set."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx
import pytest

from bot.channels.web.app import ABILITIES, WebContext, build
from bot.language.locales import Locales
from bot.messages import Card, Choice, Content, Incoming, Message, Outgoing, Press
from bot.post.bell import Bell
from bot.post.inbox import Inbox
from bot.shop import people
from bot.store.files import Files
from bot.store.sqlite import Store, StoreError
from bot.store.unit import Unit
from tests.shop_fixture import new_database

BASE = "http://shop.test"
NOON = 1_700_000_000_000


@dataclass
class Shop:
    """A shop whose talk answers `<text>` with an echo, and whatever `answers` holds besides."""

    web: WebContext
    now: int = NOON
    taken: list[Incoming] = field(default_factory=list)
    answers: list[Content] = field(default_factory=list)
    broken: bool = False

    def answer(self, unit: Unit, event: Incoming) -> list[Outgoing]:
        """The talk of this shop."""
        if self.broken:
            raise StoreError("the disk is full")
        assert isinstance(event, Message | Press)
        chat = people.find_chat(unit, event.address)
        assert chat
        self.taken.append(event)
        said = event.text if isinstance(event, Message) else event.value
        contents = self.answers or [Content(f"<{said}>", "en")]
        return [Outgoing(chat.id, content) for content in contents]

    def client(self, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        """A browser of its own, with its own cookies."""
        transport = httpx.ASGITransport(build(self.web), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)

    async def invite(self, role: str) -> str:
        """A fresh invite's token."""
        return await self.web.store.run(lambda unit: people.invite(unit, role))


@dataclass
class Page:
    """A browser with a chat open at `path`."""

    client: httpx.AsyncClient
    path: str

    async def say(self, text: str, key: str | None = None, **more: object) -> httpx.Response:
        """Posts as the page's script does."""
        body = {"key": key or str(uuid.uuid4()), "text": text, **more}
        return await self.client.post(self.path + "messages", json=body)

    async def press(self, value: str) -> httpx.Response:
        """Presses a choice."""
        body = {"key": str(uuid.uuid4()), "press": value}
        return await self.client.post(self.path + "messages", json=body)

    async def send_picture(self, data: bytes, text: str = "") -> httpx.Response:
        """Posts a picture with its caption."""
        token = await self.token()
        return await self.client.post(
            self.path + "messages",
            data={"key": str(uuid.uuid4()), "token": token, "text": text},
            files={"picture": ("../../evil.svg", data)},
        )

    async def token(self) -> str:
        """The token in the page's forms."""
        return token_in(await self.html())

    async def html(self) -> str:
        """The page."""
        answer = await self.client.get(self.path)
        assert answer.status_code == 200
        return answer.text

    async def lines(self) -> list[dict[str, object]]:
        """The chat's last lines, as the script gets them."""
        answer = await self.client.get(self.path + "lines?before=1000000")
        lines: list[dict[str, object]] = answer.json()
        return lines


def token_in(html: str) -> str:
    """The form's token in a page."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


def example_card() -> Content:
    """A message with everything on it, some of it hostile."""
    card = Card(
        kind="order",
        title="Order <b>1</b>",
        table=(("Tea & salt", "1", "¥5.00"), ("Total", "", "¥5.00")),
        stations=("Placed", "Paid"),
        reached=1,
        notes=('" onload="x',),
        qr="pay://me",
    )
    return Content("Look:", "en", (Choice("Yes <i>", "ok:1"), Choice("No", "no:1")), card)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop with an empty database."""
    made: list[Shop] = []

    def clock() -> int:
        return made[0].now if made else NOON

    ids = Random(1)
    path = new_database(tmp_path / "shop.db")
    async with await Store.open(path, clock=clock, ids=ids) as store:
        bell = Bell()
        inbox = Inbox(
            store,
            lambda unit, event: made[0].answer(unit, event),
            lambda _unit, _event, _id: [],
            {"web": ABILITIES},
            bell,
        )
        files = Files(tmp_path / "files")
        made.append(
            Shop(
                WebContext(
                    store=store,
                    inbox=inbox,
                    bell=bell,
                    files=files,
                    clock=clock,
                    ids=ids,
                    texts=lambda language, id: f"[{id} {language}]",
                    languages=("bo", "en", "zh-Hans", "zh-Hant"),
                    known_language=Locales().known,
                    shop_name=lambda language: f"Goods & Sons ({language})",
                )
            )
        )
        yield made[0]


@pytest.fixture
async def page(shop: Shop) -> AsyncIterator[Page]:
    """A buyer's page."""
    async with shop.client() as client:
        answer = await client.post("/c")
        assert answer.status_code == 303
        yield Page(client, answer.headers["location"])


def decoded(event: str) -> dict[str, object]:
    """The data of one server-sent event."""
    data: dict[str, object] = json.loads(event.split("data: ", 1)[1])
    return data
