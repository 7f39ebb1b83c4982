"""Takes updates that Telegram brings: each is answered 200 only once it is committed.

Telegram brings one at a time: with more, the messages of one chat overtake each other whenever one
has to be brought again. Where that is too slow (it is one round trip an update), polling is not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.updates import ALLOWED
from bot.store.errors import StoreError

PATH = "/telegram"
HEADER = "x-telegram-bot-api-secret-token"
# An update is a few kilobytes; files come by themselves.
BODY_MAX = 1 << 20
CONNECTIONS = 1
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

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), secret.encode()):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        taking = intake()
        if taking is None:
            return Response(status_code=503, headers={"retry-after": RETRY_SECONDS})
        try:
            await taking.take(_json(body))
        except (StoreError, OSError):
            return Response(status_code=503, headers={"retry-after": RETRY_SECONDS})
        return Response(status_code=200)

    return Route(PATH, receive, methods=["POST"])


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
