"""Sends what the outbox hands over, and tells it in the outbox's words what became of it.

The Bot API has no key against sending twice: an answer that does not come leaves open whether the
message was sent. So only errors of the connection itself count as certainly not sent.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import segno
from msgspec import Struct
from telegram import Bot, InputFile, ReplyParameters
from telegram import Message as Sent
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram import rendering
from bot.channels.telegram.file_ids import FileIds
from bot.channels.telegram.transport import AiohttpRequest, NotConnected, asked_wait
from bot.messages import Attachment, Card, Checked, Content, Invoice
from bot.post.outcomes import NotSent, Refused, RetryLater, Unreachable
from bot.store.files import Files

log = logging.getLogger(__name__)

QR_SCALE = 8
QR_BORDER = 4
# Something that takes longer than this is announced by "typing …", which Telegram shows for 5 s.
LONG_SECONDS = 0.5
TYPING_SECONDS = 4.5

# A 400 that is the chat's fault and not the message's; the texts are the Bot API server's own.
_GONE = ("chat not found", "peer_id_invalid", "user not found", "bot was kicked")
_WRONG_FILE = ("wrong file", "wrong remote file", "can't use file", "file_reference")

Step = Callable[[], Awaitable[int | None]]  # says a part; what Telegram calls the message
Reply = dict[str, Any]  # the Bot API's ReplyParameters, or nothing


class _File(Struct, frozen=True):
    """A file to be sent; `kind` as in the Bot API's method, `read` gives its bytes."""

    hash: str
    name: str
    kind: str
    read: Callable[[], bytes]


class Sending:
    """Sends for one bot.

    `moved` is told that a group has another address now (from, to); `refused_token` is called when
    Telegram does not accept the token any more. Invoices go by the payment provider whose token
    @BotFather gave.
    """

    def __init__(
        self,
        bot: Bot,
        request: AiohttpRequest,
        file_ids: FileIds,
        files: Files,
        *,
        moved: Callable[[str, str], Awaitable[None]],
        refused_token: Callable[[], None],
        provider_token: str = "",
    ) -> None:
        self._bot = bot
        self._request = request
        self._file_ids = file_ids
        self._files = files
        self._moved = moved
        self._refused_token = refused_token
        self._provider_token = provider_token
        # Where sending a message in several parts goes on, by chat.
        self._begun: dict[str, tuple[Content, list[int | None]]] = {}
        self._waiting: dict[str, float] = {}  # Chats told to wait, until when (monotonic).

    async def send(self, address: str, content: Content) -> list[str]:
        """Sends one content; the ids of its messages. Raises what `bot.post.outbox` lists."""
        steps = self._steps(int(address), content)
        begun, sent = self._begun.pop(address, (content, []))
        if begun != content:
            sent = []
        try:
            while len(sent) < len(steps):
                sent.append(await steps[len(sent)]())
        except TelegramError as error:
            raise await self._outcome(address, error) from None
        finally:
            if 0 < len(sent) < len(steps):
                self._begun[address] = (content, sent)
        return [str(id) for id in sent if id is not None]

    def _steps(self, chat_id: int, content: Content) -> list[Step]:
        """The requests that say the content, the buttons below the last."""
        if content.checked:
            return [partial(self._answer_check, content.checked, content.text)]
        reply: Reply = {}
        if content.reply_to:
            answered = {"message_id": int(content.reply_to), "allow_sending_without_reply": True}
            reply = {"reply_parameters": answered}
        steps: list[Step] = []
        for attachment in content.attachments:
            steps.append(partial(self._send_file, chat_id, attachment, {} if steps else reply))
        parts = rendering.parts(content)
        for part in parts:
            keyboard = rendering.keyboard(content.choices) if part is parts[-1] else None
            below = {"reply_markup": keyboard, **({} if steps else reply)}
            if part.picture and content.card:
                shown = self._picture_of(content.card)
                steps.append(partial(self._send_picture, chat_id, shown, part, below))
            else:
                steps.append(partial(self._send_text, chat_id, part, below))
        if content.invoice:
            steps.append(partial(self._send_invoice, chat_id, content.invoice))
        return steps

    async def _answer_check(self, checked: Checked, why_not: str) -> None:
        """Telegram waits ten seconds for it."""
        answer: dict[str, object] = {"pre_checkout_query_id": checked.query, "ok": checked.may_pay}
        if not checked.may_pay:
            answer["error_message"] = why_not
        await self._request.call(f"{self._bot.base_url}/answerPreCheckoutQuery", answer)

    async def _send_invoice(self, chat_id: int, invoice: Invoice) -> int | None:
        sent = await self._call(
            "sendInvoice",
            chat_id,
            title=invoice.title,
            description=invoice.about,
            payload=invoice.order,
            provider_token=self._provider_token,
            currency=invoice.currency,
            prices=[{"label": label, "amount": minor} for label, minor in invoice.lines],
        )
        return _id_of(sent)

    async def _call(self, method: str, chat_id: int, **values: object) -> Any:
        """A method that sends something to a chat: the raw Message, which nobody has to parse."""
        given = {name: value for name, value in values.items() if value is not None}
        return await self._request.call(
            f"{self._bot.base_url}/{method}", {"chat_id": chat_id, **given}
        )

    async def _send_text(
        self, chat_id: int, part: rendering.Part, below: Mapping[str, object]
    ) -> int | None:
        sent = await self._call("sendMessage", chat_id, text=part.html, parse_mode="HTML", **below)
        return _id_of(sent)

    async def _send_picture(
        self, chat_id: int, shown: _File, part: rendering.Part, below: Mapping[str, object]
    ) -> int | None:
        captioned = {"caption": part.html or None, "parse_mode": "HTML", **below}
        sent = await self._by_id_or_upload(chat_id, shown, captioned)
        if sent is None and part.html:
            return await self._send_text(chat_id, part, below)
        return sent

    def _picture_of(self, card: Card) -> _File:
        """A card's picture, or else its QR code, which is a file named by what it says."""
        if card.picture:
            read = partial(self._files.read, card.picture)
            return _File(card.picture, "picture.png", "Photo", read)
        text = card.qr or ""
        hash = hashlib.sha256(f"qr:{text}".encode()).hexdigest()
        return _File(hash, "picture.png", "Photo", partial(_qr_code, text))

    async def _send_file(self, chat_id: int, attachment: Attachment, reply: Reply) -> int | None:
        major, _, minor = attachment.media_type.partition("/")
        kinds = {"image": "Photo", "video": "Video", "audio": "Audio"}
        kind = "Voice" if minor == "ogg" else kinds.get(major, "Document")
        read = partial(self._files.read, attachment.hash)
        file = _File(attachment.hash, attachment.name or f"file.{minor}", kind, read)
        return await self._by_id_or_upload(chat_id, file, reply)

    async def _by_id_or_upload(
        self, chat_id: int, file: _File, below: Mapping[str, Any]
    ) -> int | None:
        """Sends a file that Telegram has, or else ours; None when that is not there any more."""
        field = file.kind.lower()
        known = await self._file_ids.find(file.hash)
        if known:
            try:
                sent = await self._call(f"send{file.kind}", chat_id, **{field: known}, **below)
                return _id_of(sent)
            except BadRequest as error:
                if not _says(error, _WRONG_FILE):
                    raise
                await self._file_ids.forget(file.hash)
        try:
            content = await asyncio.to_thread(file.read)
        except FileNotFoundError:
            log.error("the file %s is gone; its message is sent without it", file.hash)
            return None
        pictured = file.kind == "Photo"
        action = ChatAction.UPLOAD_PHOTO if pictured else ChatAction.UPLOAD_DOCUMENT
        async with self.taking_long(chat_id, action):
            message_id, file_id = await self._upload(chat_id, file, content, below)
        if file_id:
            await self._file_ids.keep(file.hash, file_id)
        return message_id

    async def _upload(
        self, chat_id: int, file: _File, content: bytes, below: Mapping[str, Any]
    ) -> tuple[int, str | None]:
        """Sends a file that Telegram does not have yet: what it calls message and file."""
        send = getattr(self._bot, f"send_{file.kind.lower()}")
        if "reply_parameters" in below:
            reply = ReplyParameters.de_json(below["reply_parameters"], self._bot)
            below = {**below, "reply_parameters": reply}
        sent: Sent = await send(chat_id, InputFile(content, filename=file.name), **below)
        kept = sent.photo[-1] if sent.photo else sent.effective_attachment
        file_id: str | None = getattr(kept, "file_id", None)
        return sent.message_id, file_id

    @asynccontextmanager
    async def taking_long(
        self, chat_id: int, action: ChatAction = ChatAction.TYPING
    ) -> AsyncIterator[None]:
        """Shows in the chat that something goes on, if the block takes long."""

        async def show() -> None:
            wait = LONG_SECONDS
            with suppress(TelegramError):
                while True:
                    await asyncio.sleep(wait)
                    await self._bot.send_chat_action(chat_id, action)
                    wait = TYPING_SECONDS

        showing = asyncio.create_task(show())
        try:
            yield
        finally:
            showing.cancel()

    async def _outcome(self, address: str, error: TelegramError) -> Exception:
        """The outbox's word for what Telegram said."""
        if isinstance(error, RetryAfter):
            return self._told_to_wait(address, error)
        if isinstance(error, ChatMigrated):
            await self._moved(address, str(error.new_chat_id))
            return RetryLater(0)
        if isinstance(error, InvalidToken):
            self._refused_token()
            return NotSent("Telegram does not accept the token")
        if isinstance(error, Forbidden) or (isinstance(error, BadRequest) and _says(error, _GONE)):
            return Unreachable(error.message)
        if isinstance(error, BadRequest):
            return Refused(error.message)
        if isinstance(error, NotConnected):
            return NotSent(error.message)
        return OSError(error.message)

    def _told_to_wait(self, address: str, error: RetryAfter) -> RetryLater:
        """Telegram does not say whom it means: told to two chats at once, it means the bot."""
        seconds = asked_wait(error)
        now = time.monotonic()
        self._waiting = {chat: until for chat, until in self._waiting.items() if until > now}
        whole = bool(self._waiting.keys() - {address})
        self._waiting[address] = now + seconds
        return RetryLater(seconds, whole=whole)


def _id_of(sent: Any) -> int | None:
    """The id in a raw Message."""
    return sent.get("message_id") if isinstance(sent, dict) else None


def _says(error: TelegramError, texts: tuple[str, ...]) -> bool:
    said = error.message.lower()
    return any(text in said for text in texts)


def _qr_code(text: str) -> bytes:
    """A PNG of it."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        target, kind="png", scale=QR_SCALE, border=QR_BORDER
    )
    return target.getvalue()
