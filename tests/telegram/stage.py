"""The stage of the conversations on Telegram: the real channel, over HTTP to the Bot API server.

What people say becomes updates, what they press are buttons that stand in their chats there, and
after each step everything that the shop had to say has been sent.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import msgspec
import segno

from bot.channels import telegram
from bot.channels.telegram.channel import Parts, Setup, Telegram, open_telegram
from bot.messages import Abilities, Address, Content
from bot.post import lines
from bot.post.bell import Bell
from bot.post.outbox import Sender
from bot.store.files import Files
from tests.talk.play import Play, locales_at
from tests.telegram.bot_api import BotApi
from tests.telegram.bot_api_calls import Json, SentMessage

STEP_SECONDS = 20.0
EXHAUSTED = 200  # rounds of the sender after one step; a conversation needs a handful


@dataclass
class TelegramPlay(Play):
    """A conversation on Telegram; `api` and `sender` are there once it is open."""

    channel: ClassVar[str] = telegram.CHANNEL
    ids: dict[str, int] = field(default_factory=dict)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    api: BotApi = field(init=False)
    served: Telegram = field(init=False)
    sender: Sender = field(init=False)
    running: asyncio.Task[None] = field(init=False)
    update: Json = field(default_factory=dict)  # the last that came

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        abilities: Abilities = telegram.ABILITIES,
        texts: Path | None = None,
        way: str = "",
        trackers: Mapping[str, str] | None = None,
    ) -> Self:
        """The same shop, served on Telegram."""
        stage = await super().open(
            path, abilities=abilities, texts=texts, way=way, trackers=trackers
        )
        stage.api = await stage.stack.enter_async_context(BotApi())
        locales = locales_at(None)

        async def name(language: str) -> str:
            return "山货"

        parts = Parts(
            stage.store,
            stage.inbox,
            Files(path.parent / "files"),
            locales.languages,
            locales.text,
            name,
        )
        setup = Setup(stage.api.token, stage.api.address, provider_token="provider:test")
        stage.served = await stage.stack.enter_async_context(open_telegram(setup, parts))
        ready = asyncio.Event()

        async def is_ready(_: str) -> None:
            ready.set()

        stage.running = asyncio.create_task(stage.served.run(is_ready))
        send = {telegram.CHANNEL: stage.served.send}
        stage.sender = Sender(stage.store, send, {}, stage.now, Bell(), telegram.WINDOW)
        await asyncio.wait_for(ready.wait(), STEP_SECONDS)
        return stage

    async def close(self) -> None:
        """Ends it."""
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        await self.stack.aclose()
        await super().close()

    def id_of(self, label: str) -> str:
        """People have numbers on Telegram."""
        number = self.ids.setdefault(label, 1000 + len(self.ids))
        self.api.know(number)
        return str(number)

    async def press(self, address: Address, value: str) -> None:
        """Presses the newest button with that value; one that was never there too."""
        shown = self.api.messages[int(address.id)]
        found = [id for id, message in shown.items() if value in values(message)]
        place = found[-1] if found else max(shown)
        self.update = self.api.press(int(address.id), place, value, name="")
        await self.taken()

    async def write(self, address: Address, text: str, picture: str | None) -> None:
        """Writes, or sends a picture with a caption."""
        if picture:
            self.update = self.api.photo(int(address.id), png(picture), text or None, name="")
        else:
            self.update = self.api.text(int(address.id), text or " ", name="")
        await self.taken()

    async def asks(self, address: Address, number: str, money: tuple[int, str]) -> None:
        """Telegram asks before it takes the money."""
        query = {"invoice_payload": number, "total_amount": money[0], "currency": money[1]}
        self.update = self.api.update({"pre_checkout_query": {"from": _who(address), **query}})
        await self.taken()

    async def pays(
        self, address: Address, number: str, money: tuple[int, str], reference: str
    ) -> None:
        """Telegram says in the chat that it was paid."""
        paid = {"invoice_payload": number, "total_amount": money[0], "currency": money[1]}
        paid |= {
            "telegram_payment_charge_id": reference,
            "provider_payment_charge_id": f"provider {reference}",
        }
        chat = {"id": int(address.id), "type": "private"}
        said = {"from": _who(address), "chat": chat, "successful_payment": paid}
        self.update = self.api.update({"message": said})
        await self.taken()

    async def taken(self) -> None:
        """Waits until everything is acknowledged: until then Telegram would bring it again."""
        await self.api.wait_for(lambda: not self.api.pending, STEP_SECONDS)

    async def said(self) -> list[str]:
        """Sends all that waits, then looks at what was said."""
        await self.deliver()
        return await super().said()

    async def deliver(self) -> None:
        """Sends all that waits."""
        for _ in range(EXHAUSTED):
            due = await self.sender.step()
            if due is None:
                break
            self.now.ms = max(self.now.ms, due)
        else:
            raise AssertionError("the sender does not come to an end")

    async def unlike(self) -> list[str]:
        """Where what stands in the chats on Telegram is not what the shop said."""
        faults = []
        for chat_id, label in self.names.items():
            said = [
                msgspec.json.decode(line.body, type=Content)
                for line in await self.store.read(
                    lambda db, id=chat_id: lines.after(db, id, 0, 10_000)  # type: ignore[misc]
                )
                if line.direction == "out"
            ]
            said = [content for content in said if not content.checked]
            shown = list(self.api.messages[self.ids[label]].values())
            faults += [f"{label}: {fault}" for fault in compare(said, shown)]
        return faults


def _who(address: Address) -> Json:
    return {"id": int(address.id), "is_bot": False, "first_name": "Anna"}


def compare(said: list[Content], shown: list[SentMessage]) -> list[str]:
    """What of the contents is missing, or out of order, among the messages."""
    faults = []
    place = 0
    for content in said:
        wanted = [choice.label for choice in content.choices]
        while place < len(shown) and not begins(content, shown[place]):
            place += 1  # What was sent again after an answer that got lost.
        if place == len(shown):
            faults.append(f"not there: {content.text[:60]!r}")
            break
        while place + 1 < len(shown) and labels(shown[place]) != wanted:
            place += 1
        if labels(shown[place]) != wanted:
            faults.append(f"{labels(shown[place])} instead of {wanted}")
        place += 1
    return faults


def begins(content: Content, message: SentMessage) -> bool:
    """Whether a message shows the beginning of a content."""
    text = message.text or message.caption or ""
    lead = content.text or (content.card.title if content.card else "")
    return lead[:200] in plain(text) or (message.photo is not None and not text)


def plain(text: str) -> str:
    """Markup as it is read."""
    for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(mark, sign)
    return text


def buttons(message: SentMessage) -> list[dict[str, Any]]:
    """The buttons below a message."""
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def labels(message: SentMessage) -> list[str]:
    """What the buttons say, without the tick of those that were pressed."""
    return [button["text"].removeprefix("✓ ") for button in buttons(message)]


def values(message: SentMessage) -> list[str]:
    """What the buttons carry."""
    return [button["callback_data"] for button in buttons(message)]


def png(name: str) -> bytes:
    """A small picture, another one for each name."""
    target = io.BytesIO()
    segno.make(name).save(target, kind="png")
    return target.getvalue()
