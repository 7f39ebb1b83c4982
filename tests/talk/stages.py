"""The stages of the conversations on the web page and in the terminal: the channels' real code.

What people say goes in as the page's script posts it, or as a line of the terminal's JSON; what
they are told is read where the channel shows it.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Self
from uuid import uuid4

import httpx
import msgspec

from bot.channels import terminal
from bot.channels.terminal import Terminal
from bot.channels.web import sessions
from bot.channels.web.app import build
from bot.channels.web.context import ABILITIES, CHANNEL, WebContext
from bot.channels.web.limits import Buckets, Limits
from bot.messages import Abilities, Address, Content
from bot.post import lines
from bot.post.bell import Bell
from bot.shop import people
from bot.store.files import Files
from tests.talk.play import Play, locales_at
from tests.telegram.stage import png

SHOWN = 10  # of a chat's last messages are looked for on its page


@dataclass
class WebPlay(Play):
    """A conversation on the web page, without a browser."""

    channel: ClassVar[str] = CHANNEL
    ids: dict[str, str] = field(default_factory=dict)
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    web: WebContext = field(init=False)

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        abilities: Abilities = ABILITIES,
        texts: Path | None = None,
        way: str = "",
        trackers: Mapping[str, str] | None = None,
    ) -> Self:
        """The same shop, with its page."""
        stage = await super().open(
            path, abilities=abilities, texts=texts, way=way, trackers=trackers
        )
        locales = locales_at(None)
        stage.web = WebContext(
            store=stage.store,
            inbox=stage.inbox,
            bell=Bell(),
            files=Files(path.parent / "files"),
            clock=stage.now,
            ids=Random(1),
            texts=locales.text,
            languages=locales.languages,
            known_language=locales.known,
            shop_name=lambda language: "山货小铺",
            limits=Limits(messages=Buckets(10_000, 1)),  # A conversation takes no time here.
        )
        return stage

    def id_of(self, label: str) -> str:
        """People's chats have public ids."""
        return self.ids.setdefault(label, f"{len(self.ids):016x}")

    async def client(self, address: Address) -> httpx.AsyncClient:
        """The browser of somebody who has a session."""
        if address.id not in self.clients:
            token = await self.store.run(
                lambda unit: people.open_session(unit, self._chat_at(unit, address))
            )
            self.clients[address.id] = httpx.AsyncClient(
                transport=httpx.ASGITransport(build(self.web)),
                base_url=f"http://shop.test/c/{address.id}/",
                cookies={sessions.cookie_name(self.web, address.id): token},
            )
        return self.clients[address.id]

    def _chat_at(self, unit: Any, address: Address) -> int:
        chat = people.find_chat(unit, address)
        assert chat
        return chat.id

    async def press(self, address: Address, value: str) -> None:
        """Posts a press as the page's script does."""
        await self._post(address, json={"key": str(uuid4()), "press": value})

    async def write(self, address: Address, text: str, picture: str | None) -> None:
        """Posts a text, or a form with a picture."""
        if picture is None:
            await self._post(address, json={"key": str(uuid4()), "text": text})
            return
        client = await self.client(address)
        token = sessions.form_token(client.cookies[sessions.cookie_name(self.web, address.id)])
        fields = {"key": str(uuid4()), "token": token, "text": text}
        await self._post(address, data=fields, files={"picture": ("x.png", png(picture))})

    async def _post(self, address: Address, **what: Any) -> None:
        answer = await (await self.client(address)).post("messages", **what)
        assert answer.status_code == 200, answer.text

    async def unlike(self) -> list[str]:
        """What was said to somebody and is not on their page."""
        faults = []
        for chat_id, label in self.names.items():
            said = await self.store.read(lambda db, id=chat_id: lines.after(db, id, 0, 10_000))  # type: ignore[misc]
            told = [msgspec.json.decode(x.body, type=Content) for x in said if x.direction == "out"]
            address = Address(self.channel, self.id_of(label))
            answer = await (await self.client(address)).get("")
            if answer.status_code == 403:  # Who was dismissed has lost the page.
                continue
            page = answer.text
            for content in told[-SHOWN:]:
                first = html.escape(content.text.split("\n")[0])
                labels = [html.escape(choice.label) for choice in content.choices]
                faults += [f"{label}: {text}" for text in (first, *labels) if text not in page]
        return faults

    async def close(self) -> None:
        """Ends it."""
        for client in self.clients.values():
            await client.aclose()
        await super().close()


@dataclass
class TerminalPlay(Play):
    """A conversation in the terminal, with JSON."""

    channel: ClassVar[str] = terminal.CHANNEL
    terminals: dict[str, Terminal] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)
    folder: Path = field(init=False)

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        abilities: Abilities = terminal.ABILITIES,
        texts: Path | None = None,
        way: str = "",
        trackers: Mapping[str, str] | None = None,
    ) -> Self:
        """The same shop, and terminals beside it."""
        stage = await super().open(
            path, abilities=abilities, texts=texts, way=way, trackers=trackers
        )
        stage.folder = path.parent
        return stage

    def id_of(self, label: str) -> str:
        """A role and a name."""
        who, _, name = label.partition(" ")
        return f"{who}:{name or who}"

    async def _say(self, address: Address, line: dict[str, str]) -> None:
        if address.id not in self.terminals:
            written = self.written.setdefault(address.id, [])
            self.terminals[address.id] = Terminal(
                store=self.store,
                inbox=self.inbox,
                bell=Bell(),
                files=Files(self.folder / "files"),
                write=written.append,
                as_json=True,
            )
            role, _, name = address.id.partition(":")
            await self.terminals[address.id].open(role, name if name != role else "")
        await self.terminals[address.id]._take(json.dumps(line).encode())
        assert json.loads(self.written[address.id][-1]) == {"done": True}
        assert not any("error" in json.loads(each) for each in self.written[address.id])

    async def press(self, address: Address, value: str) -> None:
        """A line with a choice."""
        await self._say(address, {"choice": value})

    async def write(self, address: Address, text: str, picture: str | None) -> None:
        """A line with a text or a picture's path."""
        line = {"text": text}
        if picture:
            file = self.folder / f"{picture}.png"
            file.write_bytes(png(picture))
            line["photo"] = str(file)
        await self._say(address, line)
