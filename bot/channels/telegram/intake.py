"""Takes raw updates, one by one: read, its file fetched, through the inbox, its press answered.

`take` returns once the update is committed, or is known to have been; only then may it be
acknowledged to Telegram.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from contextlib import suppress
from typing import Any

from msgspec import structs
from telegram import Bot, CallbackQuery, InlineKeyboardMarkup
from telegram import Message as Said
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram import rendering, updates
from bot.channels.telegram.file_ids import FileIds
from bot.channels.telegram.sending import Sending
from bot.messages import Attachment, Message
from bot.post.inbox import Inbox
from bot.store.errors import StoreError
from bot.store.files import Files, media_type

log = logging.getLogger(__name__)

# A file that cannot be had in this time is left to a person, rather than holding up the rest.
FETCH_SECONDS = 15.0
FETCH_TRIES = 3
FETCH_WAIT_SECONDS = 0.5
PRESSES_AT_ONCE = 32


class NotFetched(Exception):
    """A file that came with a message could not be had."""


class Intake:
    """The way in for one bot's updates."""

    def __init__(
        self,
        bot: Bot,
        me: updates.Bot,
        inbox: Inbox,
        files: Files,
        file_ids: FileIds,
        sending: Sending,
    ) -> None:
        self._bot = bot
        self._me = me
        self._inbox = inbox
        self._files = files
        self._file_ids = file_ids
        self._sending = sending
        self._answering: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(PRESSES_AT_ONCE)

    async def take_batch(self, batch: list[Any]) -> None:
        """Takes updates, in order within each chat and side by side across chats.

        Raises StoreError or OSError when any of them was not committed.
        """
        chats: dict[object, list[Any]] = {}
        for raw in batch:
            chats.setdefault(_chat(raw), []).append(raw)
        taken = await asyncio.gather(
            *map(self._take_in_order, chats.values()), return_exceptions=True
        )
        for failure in taken:
            if failure:
                raise failure

    async def _take_in_order(self, queue: list[Any]) -> None:
        for raw in queue:
            await self.take(raw)

    async def take(self, raw: Any) -> None:
        """Takes one update; what cannot be read is kept. Raises StoreError or OSError."""
        try:
            read = updates.read_raw(raw, self._me, self._bot)
            event = read.event
            if read.file and isinstance(event, Message):
                event = await self._with_file(event, read.file)
        except (StoreError, OSError):
            raise
        except Exception as error:
            await self._keep(raw, error)
            return
        if event:
            await self._inbox.take(event)
        if read.query:
            self._answer_soon(read.query)

    async def _keep(self, raw: Any, error: Exception) -> None:
        key = _key(self._me, raw)
        log.error("update %s cannot be taken and is kept", key, exc_info=error)
        text = json.dumps(raw, ensure_ascii=False)
        await self._inbox.set_aside(key, text, repr(error), updates.chat_of(raw))

    async def _with_file(self, event: Message, file: updates.FileToFetch) -> Message:
        """The message with its file on our disk. Raises NotFetched."""
        if file.size > updates.DOWNLOAD_MAX:
            raise NotFetched(f"{file.size} bytes are more than Telegram hands out")
        async with self._sending.taking_long(int(event.address.id)):
            data = await self._fetch(file)
        kind = media_type(data) or file.media_type
        hash = await asyncio.to_thread(self._files.save, data)
        if file.reusable:
            await self._file_ids.keep(hash, file.file_id)
        return structs.replace(event, attachments=(Attachment(hash, kind),))

    async def _fetch(self, file: updates.FileToFetch) -> bytes:
        error = "no answer in time"
        with suppress(TimeoutError):
            async with asyncio.timeout(FETCH_SECONDS):
                for _ in range(FETCH_TRIES):
                    try:
                        found = await self._bot.get_file(file.file_id)
                        return bytes(await found.download_as_bytearray())
                    except BadRequest as refused:
                        raise NotFetched(refused.message) from None
                    except TelegramError as failed:
                        error = failed.message
                        await asyncio.sleep(FETCH_WAIT_SECONDS)
        raise NotFetched(error)

    def _answer_soon(self, query: CallbackQuery) -> None:
        """A press is answered in any case, or the button would go on turning."""
        task = asyncio.create_task(self._answer(query))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, query: CallbackQuery) -> None:
        async with self._free:
            with suppress(TelegramError):
                await self._bot.answer_callback_query(query.id)
            await self._tick(query)

    async def _tick(self, query: CallbackQuery) -> None:
        """Shows in the message which of its buttons was pressed last."""
        said = query.message
        if not (isinstance(said, Said) and said.reply_markup and query.data):
            return
        ticked = rendering.pressed(said.reply_markup.to_dict(), query.data)
        if ticked:
            markup = InlineKeyboardMarkup.de_json(ticked, self._bot)
            with suppress(TelegramError):
                await self._bot.edit_message_reply_markup(
                    said.chat.id, said.message_id, reply_markup=markup
                )

    async def finish(self, seconds: float) -> None:
        """Lets presses be answered for so long."""
        if self._answering:
            _, late = await asyncio.wait(self._answering, timeout=seconds)
            for task in late:
                task.cancel()


def _key(me: updates.Bot, raw: Any) -> str:
    """The key of a raw update; one without an id is known by what it says."""
    id = raw.get("update_id") if isinstance(raw, dict) else None
    if not isinstance(id, int):
        id = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
    return updates.key_of(me, id)


def _chat(raw: Any) -> object:
    """What keeps its order: the events of one chat; what has none stands alone."""
    match raw:
        case (
            {"message": {"chat": {"id": int(id)}}}
            | {"edited_message": {"chat": {"id": int(id)}}}
            | {"my_chat_member": {"chat": {"id": int(id)}}}
            | {"callback_query": {"message": {"chat": {"id": int(id)}}}}
        ):
            return id
    return object()
