"""Takes updates that Telegram brings: each is answered 200 only once it is committed.

Telegram brings several at once, also of one chat; those that are here together are taken in the
order of their ids.
"""

from __future__ import annotations

import hashlib
import heapq
import hmac
import json
from asyncio import Future, get_running_loop
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.intake import Intake, chat_key
from bot.channels.telegram.updates import ALLOWED
from bot.store.errors import StoreError

PATH = "/telegram"
HEADER = "x-telegram-bot-api-secret-token"
# An update is a few kilobytes; files come by themselves.
BODY_MAX = 1 << 20
CONNECTIONS = 40
RETRY_SECONDS = "2"


def secret_of(token: str) -> str:
    """What Telegram proves itself with: made from the token, so that it need not be kept."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


async def register(bot: Bot, address: str) -> None:
    """Has Telegram bring updates to `address` (https, without the path). Raises TelegramError."""
    await bot.set_webhook(
        address + PATH,
        secret_token=secret_of(bot.token),
        max_connections=CONNECTIONS,
        allowed_updates=ALLOWED,
    )


def route(token: str, intake: Callable[[], Intake | None]) -> Route:
    """The route for the web server; 503 until there is an intake, and when the store fails."""
    secret = secret_of(token)
    chats = ChatOrder()

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), secret.encode()):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        taking = intake()
        if taking is None:
            return Response(status_code=503, headers={"retry-after": RETRY_SECONDS})
        raw = _json(body)
        try:
            async with chats.turn(chat_key(raw), _id(raw)):
                await taking.take(raw)
        except (StoreError, OSError):
            return Response(status_code=503, headers={"retry-after": RETRY_SECONDS})
        return Response(status_code=200)

    return Route(PATH, receive, methods=["POST"])


class ChatOrder:
    """Lets one update of a chat through at a time, the lowest id among those that wait first."""

    def __init__(self) -> None:
        self._waiting: dict[object, list[tuple[int, int, Future[None]]]] = {}
        self._count = 0

    @asynccontextmanager
    async def turn(self, chat: object, update_id: int) -> AsyncIterator[None]:
        """Waits for this update's turn."""
        queue = self._waiting.get(chat)
        if queue is None:
            self._waiting[chat] = []
        else:
            self._count += 1
            free: Future[None] = get_running_loop().create_future()
            heapq.heappush(queue, (update_id, self._count, free))
            try:
                await free
            except BaseException:
                if free.done() and not free.cancelled():
                    self._let_next(chat)  # Our turn had come, and goes on to the next.
                free.cancel()
                raise
        try:
            yield
        finally:
            self._let_next(chat)

    def _let_next(self, chat: object) -> None:
        queue = self._waiting[chat]
        while queue:
            free = heapq.heappop(queue)[2]
            if not free.done():
                free.set_result(None)
                return
        del self._waiting[chat]


async def _body(request: Request) -> bytes | None:
    """The body, None when it is too long."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_MAX:
            return None
    return body


def _json(body: bytes) -> Any:
    """What the body says; one that is no JSON is kept as the text that it is."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _id(raw: Any) -> int:
    id = raw.get("update_id") if isinstance(raw, dict) else None
    return id if isinstance(id, int) else 0
