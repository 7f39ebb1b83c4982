"""The web chat's routes put together.

Every answer, errors included, carries the headers of `security`. Nothing here logs an address or
a header, since both may hold tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web import answers, chat, doors, stream, views
from bot.channels.web.context import ABILITIES, WebContext
from bot.channels.web.refusals import Refused
from bot.channels.web.render import MEDIA_TYPES, Page
from bot.channels.web.security import Guarded, guard
from bot.channels.web.server import ListenError, serve
from bot.store.sqlite import StoreError

__all__ = ["ABILITIES", "ListenError", "WebContext", "build", "serve"]

STORE_RETRY_SECONDS = 2
STATIC_AGE = "public, max-age=31536000, immutable"


def build(context: WebContext, routes: Sequence[Route] = ()) -> Starlette:
    """The application for one shop; `routes` are what other channels want served with it."""
    app = Starlette(
        routes=[
            *routes,
            Route("/", doors.landing),
            Route("/i/{token}", doors.invite, methods=["GET"]),
            Route("/i/{token}", doors.redeem, methods=["POST"]),
            Route("/c", doors.open_chat, methods=["POST"]),
            Route("/c/{public_id}", _to_chat),
            Route("/c/{public_id}/", chat.chat_page),
            Route("/c/{public_id}/say", chat.say, methods=["POST"]),
            Route("/c/{public_id}/messages", chat.take_message, methods=["POST"]),
            Route("/c/{public_id}/events", stream.events),
            Route("/c/{public_id}/lines", chat.older_lines),
            Route("/c/{public_id}/files/{hash}", chat.file),
            Route("/c/{public_id}/qr/{seq}.{kind}", chat.qr_code),
            Route("/static/{name}", _static),
            Route("/favicon.ico", _icon),
            Route("/healthz", _health),
        ],
        middleware=[Middleware(Guarded, https=context.secure_cookies)],
        exception_handlers={
            Refused: _refused,
            StoreError: _store_failed,
            HTTPException: _no_such_thing,
            Exception: _broken,
        },
    )
    app.router.redirect_slashes = False  # Its redirect would name whatever host was asked for.
    app.state.web = context
    app.state.page = Page()
    return app


async def _to_chat(request: Request) -> Response:
    return RedirectResponse(f"/c/{request.path_params['public_id']}/", 308)


async def _static(request: Request) -> Response:
    page: Page = request.app.state.page
    name = request.path_params["name"]
    if name not in page.files:
        raise Refused(404, "web.not-found")
    etag = f'"{page.hashes[name]}"'
    current = request.query_params.get("v") == page.hashes[name]
    headers = {"etag": etag, "cache-control": STATIC_AGE if current else "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    kind = MEDIA_TYPES["." + name.rpartition(".")[2]]
    return Response(page.files[name], media_type=kind, headers=headers)


async def _icon(request: Request) -> Response:
    return RedirectResponse("/static/icon.svg", 308)


async def _health(request: Request) -> Response:
    """200 when the store answers; a StoreError becomes 503."""
    web: WebContext = request.app.state.web
    alive = await web.store.read(views.is_alive)
    return answers.json({"ok": alive}, 200 if alive else 503)


async def _refused(request: Request, error: Exception) -> Response:
    return await answers.refusal(request, cast(Refused, error))


async def _store_failed(request: Request, error: Exception) -> Response:
    """Nothing was committed, so nothing is acknowledged: the page keeps it and comes again."""
    refused = Refused(503, "web.unavailable", retry_s=STORE_RETRY_SECONDS)
    return await _friendly(request, refused)


async def _no_such_thing(request: Request, error: Exception) -> Response:
    status = cast(HTTPException, error).status_code
    refused = Refused(status, "web.not-found" if status == 404 else "web.not-understood")
    return await _friendly(request, refused)


async def _broken(request: Request, error: Exception) -> Response:
    """A bug; the server logs it. This answer is made outside of the middleware."""
    response = await _friendly(request, Refused(500, "web.broken"))
    web: WebContext = request.app.state.web
    guard(MutableHeaders(raw=response.raw_headers), https=web.secure_cookies)
    return response


async def _friendly(request: Request, refused: Refused) -> Response:
    """The refusal; in bare words when the shop's name or texts cannot be had either."""
    try:
        return await answers.refusal(request, refused)
    except Exception:
        headers = {"retry-after": str(refused.retry_s)} if refused.retry_s else {}
        return answers.json({"error": refused.text_id}, refused.status, headers)
