"""The stream of a chat's lines: server-sent events whose id is the line's sequence number.

A browser that comes back names the last id it saw and goes on from there, so nothing is missed
and nothing comes twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.channels.web import sessions, views
from bot.channels.web.chat import number
from bot.channels.web.context import WebContext
from bot.channels.web.refusals import Refused
from bot.post.bell import Ear
from bot.shop import people
from bot.shop.people import Chat
from bot.store.sqlite import StoreError

# A comment this often keeps proxies and phones from closing a silent stream (many do after 30 to
# 60 s), and is when the session is looked at again.
HEARTBEAT_SECONDS = 15.0
RETRY_MS = 2000


async def events(request: Request) -> Response:
    """Opens the stream for the holder of a chat."""
    web: WebContext = request.app.state.web
    public_id = request.path_params["public_id"]
    chat = await sessions.holder(web, request, public_id)
    if not chat:
        raise Refused(403, "web.not-yours")
    if web.closing.is_set():
        raise Refused(503, "web.unavailable", retry_s=2)
    if web.streams.full(chat.id):
        raise Refused(429, "web.too-many-tabs", retry_s=30)
    seen = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    token = sessions.session_token(web, request, public_id)
    headers = {"x-accel-buffering": "no", "cache-control": "no-store, no-transform"}
    return StreamingResponse(
        _stream(web, chat, token, number(seen)), media_type="text/event-stream", headers=headers
    )


async def _stream(web: WebContext, chat: Chat, token: str, seq: int) -> AsyncIterator[bytes]:
    """Ends when the shop stops, the session ends or the store fails; the page comes back then."""
    with web.streams.counted(chat.id):
        yield f"retry: {RETRY_MS}\n\n".encode()
        try:
            if await _is_ahead(web, chat, seq):
                yield b"event: reset\ndata: \n\n"
                return
            # The ear listens from before the reading on: a line that is committed between the
            # two rings it, and the next wait returns at once.
            with web.bell.listen(chat.id) as ear:
                while not web.closing.is_set():
                    lines = await _after(web, chat, seq)
                    if lines:
                        seq = lines[-1].seq
                        yield b"".join(_event(line) for line in lines)
                    if len(lines) < views.PAGE_LINES and not await _rang(web, ear):
                        yield b":\n\n"
                        if not await sessions.still_holds(web, chat, token):
                            return
        except StoreError:
            return


async def _rang(web: WebContext, ear: Ear) -> bool:
    """Waits for the bell (True), its time running out (False), or the end of the shop (True)."""
    bell = asyncio.create_task(ear.wait(HEARTBEAT_SECONDS))
    closing = asyncio.create_task(web.closing.wait())
    try:
        await asyncio.wait([bell, closing], return_when=asyncio.FIRST_COMPLETED)
        return web.closing.is_set() or bell.result()
    finally:
        bell.cancel()
        closing.cancel()


async def _after(web: WebContext, chat: Chat, seq: int) -> list[views.View]:
    return await web.store.read(lambda db: views.after(db, chat, seq))


async def _is_ahead(web: WebContext, chat: Chat, seq: int) -> bool:
    """Whether the page saw lines that are not there: the shop was restored from a backup."""
    now = await web.store.read(lambda db: people.chat(db, chat.id))
    return seq > now.last_seq


def _event(view: views.View) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (view.seq, msgspec.json.encode(view))
