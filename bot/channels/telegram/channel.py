"""Telegram as a channel of the shop: its parts put together, started, and stopped on every path."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from msgspec import Struct
from starlette.routing import Route
from telegram import Bot, User
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import CHANNEL, WINDOW, TokenRefused, profile, updates, webhook
from bot.channels.telegram.file_ids import FileIds
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.sending import Sending
from bot.channels.telegram.transport import AiohttpRequest, asked_wait
from bot.messages import Address, Content, Migrated
from bot.post.inbox import Inbox
from bot.store.files import Files
from bot.store.sqlite import Store

log = logging.getLogger(__name__)

# Some more than messages under way: for what is no message.
CONNECTIONS = WINDOW + 32
LONGEST_WAIT_SECONDS = 60.0
FINISH_SECONDS = 2.0
Answer = TypeVar("Answer")

# It tells its address, and the token within, to whoever listens closely enough.
logging.getLogger("telegram").setLevel(logging.WARNING)

TOKEN_REFUSED = "Telegram does not accept this token; get a new one from @BotFather"


class Setup(Struct, frozen=True):
    """What Telegram is served with. `api` is the root address of a Bot API server.

    With `webhook_address` (https) Telegram brings updates there, else they are polled for.
    `provider_token` is that of the payment provider, by whom invoices are paid.
    """

    token: str
    api: str
    webhook_address: str | None = None
    provider_token: str | None = None


class Parts(Struct, frozen=True):
    """The parts of the shop that the channel uses; `texts` gives a text by language and id."""

    store: Store
    inbox: Inbox
    files: Files
    languages: Iterable[str]
    texts: Callable[..., str]
    shop_name: Callable[[str], Awaitable[str]]


class Telegram:
    """The channel; made by `open_telegram`."""

    def __init__(
        self,
        setup: Setup,
        parts: Parts,
        bot: Bot,
        requests: tuple[AiohttpRequest, AiohttpRequest],
    ) -> None:
        self._setup = setup
        self._parts = parts
        self._bot = bot
        sending, self._polling = requests
        self._bot_id = int(setup.token.partition(":")[0])  # A token begins with it.
        self._file_ids = FileIds(parts.store, self._bot_id)
        self._token_refused = asyncio.Event()
        self._sending = Sending(
            bot,
            sending,
            self._file_ids,
            parts.files,
            moved=self._moved,
            refused_token=self._token_refused.set,
            provider_token=setup.provider_token or "",
        )
        self._intake: Intake | None = None

    @property
    def routes(self) -> list[Route]:
        """What the web server has to serve for this channel."""
        if not self._setup.webhook_address:
            return []
        return [webhook.route(self._setup.token, lambda: self._intake)]

    async def send(self, address: str, content: Content) -> Sequence[str]:
        """The outbox's way out."""
        return await self._sending.send(address, content)

    async def _moved(self, address: str, to: str) -> None:
        """A group has another id: that comes in at the top like everything that happens."""
        key = f"{CHANNEL}:{self._bot_id}:migrated:{address}:{to}"
        await self._parts.inbox.take(Migrated(key, Address(CHANNEL, address), to))

    async def run(self, ready: Callable[[str], Awaitable[None]]) -> None:
        """Serves until cancelled; `ready` is told the bot's name. Raises TokenRefused."""
        watch = asyncio.create_task(self._token_refused.wait())
        serving = asyncio.create_task(self._serve(ready))
        try:
            await asyncio.wait({watch, serving}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                await serving
            raise TokenRefused(TOKEN_REFUSED)
        except InvalidToken:
            raise TokenRefused(TOKEN_REFUSED) from None
        finally:
            for task in (watch, serving):
                task.cancel()
            await asyncio.gather(watch, serving, return_exceptions=True)
            if self._intake:
                await self._intake.finish(FINISH_SECONDS)

    async def _serve(self, ready: Callable[[str], Awaitable[None]]) -> None:
        user: User = await _lasting("cannot be reached", self._bot.get_me)
        me = updates.Bot(user.id, user.username or "")
        parts = self._parts
        intake = Intake(self._bot, me, parts.inbox, parts.files, self._file_ids, self._sending)
        self._intake = intake
        address = self._setup.webhook_address
        if address:
            register = partial(webhook.register, self._bot, address)
            await _lasting("does not take the webhook's address", register)
        else:
            await _lasting("does not let go of the webhook", self._bot.delete_webhook)
        await ready(me.username)
        presenting = asyncio.create_task(self._present())
        try:
            if address:
                await presenting
                await asyncio.Event().wait()  # Telegram brings the updates; see `webhook`.
            await Polling(self._polling, self._bot.base_url, intake).run()
        finally:
            presenting.cancel()

    async def _present(self) -> None:
        """Nothing depends on it: what fails is done at the next start."""
        parts = self._parts
        try:
            await profile.bring_up_to_date(self._bot, parts.languages, parts.texts, parts.shop_name)
        except InvalidToken:
            self._token_refused.set()
        except TelegramError as error:
            log.warning("telegram: commands and description wait: %s", error.message)


@asynccontextmanager
async def open_telegram(setup: Setup, parts: Parts) -> AsyncIterator[Telegram]:
    """The channel for the block, its connections closed after it."""
    sending = AiohttpRequest(CONNECTIONS)
    polling = AiohttpRequest(1)
    bot = Bot(
        setup.token,
        base_url=f"{setup.api}/bot",
        base_file_url=f"{setup.api}/file/bot",
        request=sending,
        get_updates_request=polling,
    )
    await sending.initialize()
    await polling.initialize()
    try:
        yield Telegram(setup, parts, bot, (sending, polling))
    finally:
        await polling.shutdown()
        await sending.shutdown()


async def _lasting(trouble: str, act: Callable[[], Awaitable[Answer]]) -> Answer:
    """Tries until Telegram answers, longer waiting each time. Raises InvalidToken."""
    wait_s = 1.0
    while True:
        try:
            return await act()
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("telegram: %s: %s", trouble, error.message)
            asked = asked_wait(error) if isinstance(error, RetryAfter) else 0.0
            await asyncio.sleep(max(wait_s, asked))
            wait_s = min(wait_s * 2, LONGEST_WAIT_SECONDS)
