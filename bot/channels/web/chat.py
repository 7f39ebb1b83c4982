"""A chat's own page, what is said in it, and its files.

What a person says is answered with 2xx only after it is committed; the page keeps it until then.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from io import BytesIO
from urllib.parse import quote
from uuid import UUID

import msgspec
import segno
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.web import answers, render, security, sessions, uploads, views
from bot.channels.web.context import TEXT_MAX, WebContext
from bot.channels.web.refusals import Refused
from bot.messages import Attachment, Incoming, Message, Press
from bot.shop.people import Chat
from bot.store.files import XLSX, media_type
from bot.store.sqlite import StoreError

PRESS_MAX = 64  # Bytes of a choice's value, as in every channel.
PICTURE_AGE = "private, max-age=31536000, immutable"  # The address is the content's hash.

_HASH = re.compile(r"[0-9a-f]{64}")
_UNKNOWN = "web.not-found"

# The texts that the page's script says.
SCRIPT_TEXTS = (
    "connected",
    "connecting",
    "copied",
    "copy",
    "edit",
    "ended",
    "failed",
    "offline",
    "picture",
    "picture-lost",
    "picture-too-big",
    "not-a-picture",
    "qr",
    "sending",
    "sent",
    "shop",
    "today",
    "too-long",
    "try-again",
    "way",
    "yesterday",
    "you",
)


class Said(msgspec.Struct, frozen=True):
    """What the page posts: its own UUID, and a text or the value of a pressed choice.

    `label` is what the button said; the page shows it, the shop has no need of it.
    """

    key: str
    text: str = ""
    press: str | None = None
    label: str = ""


async def chat_page(request: Request) -> Response:
    """The page of a chat, with its last lines in it so that it is readable without a script."""
    web: WebContext = request.app.state.web
    chat = await _chat(request)
    public_id = chat.address.id
    session = sessions.session_token(web, request, public_id)
    with suppress(StoreError):  # The page can be read while nothing can be written.
        await sessions.touch(web, session)
    lines = await web.store.read(lambda db: views.before(db, chat, chat.last_seq + 1))
    response = await _shown(request, chat, session, lines)
    sessions.set_cookie(web, response, public_id, session)
    return response


async def _shown(request: Request, chat: Chat, session: str, lines: list[views.View]) -> Response:
    web: WebContext = request.app.state.web
    language = sessions.language_of(request, chat)

    def words(id: str) -> str:
        return web.texts(language, id)

    buyer = chat.person.role == "buyer"
    first = lines[0].seq if lines else 1
    return await answers.page(
        request,
        "chat",
        language,
        badge="" if buyer else words(f"web.role-{chat.person.role}"),
        lines=render.conversation(lines, words),
        welcome="hidden" if lines or not buyer else "",
        desk="hidden" if lines or buyer else "",
        older="" if first > 1 else "hidden",
        last=lines[-1].seq if lines else 0,
        first=first,
        key=_new_key(web),
        press_key=_new_key(web),
        token=sessions.form_token(session),
        text_max=TEXT_MAX,
        picture_max=uploads.PICTURE_MAX,
        script_words=msgspec.json.encode({id: words(f"web.{id}") for id in SCRIPT_TEXTS}).decode(),
    )


async def take_message(request: Request) -> Response:
    """Takes what the page's script posts: JSON, or a form with a picture."""
    chat = await _speaker(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        event = _event(chat, _parsed(await uploads.body(request)))
    elif kind == "multipart/form-data":
        event = await _with_picture(request, chat)
    else:
        raise Refused(415, "web.not-understood")
    new = await request.app.state.web.inbox.take(event)
    return answers.json({"new": new})


async def say(request: Request) -> Response:
    """Takes what a page without a script posts, and shows the page again."""
    chat = await _speaker(request)
    form = await uploads.form(request)
    _check_form(request, chat, str(form.get("token", "")))
    await request.app.state.web.inbox.take(_event(chat, _of_form(form)))
    return RedirectResponse(f"/c/{chat.address.id}/", 303)


async def older_lines(request: Request) -> Response:
    """The lines before a sequence number, as JSON."""
    web: WebContext = request.app.state.web
    chat = await _chat(request)
    seq = number(request.query_params.get("before", ""))
    return answers.json(await web.store.read(lambda db: views.before(db, chat, seq)))


async def file(request: Request) -> Response:
    """A file that stands in a line of this chat: a picture is shown, others are kept."""
    web: WebContext = request.app.state.web
    chat = await _chat(request)
    hash = request.path_params["hash"]
    if not _HASH.fullmatch(hash):
        raise Refused(404, _UNKNOWN)
    held = await web.store.read(lambda db: views.held_file(db, chat, hash))
    if not held:
        raise Refused(404, _UNKNOWN)
    try:
        data = await asyncio.to_thread(web.files.read, hash)
    except OSError as error:
        raise Refused(404, _UNKNOWN) from error
    return _kept(data, held) if held.media_type == XLSX else _inline(data, media_type(data))


async def qr_code(request: Request) -> Response:
    """The QR code of a line's card: SVG, or PNG, which phones can keep and scan from an album."""
    web: WebContext = request.app.state.web
    chat = await _chat(request)
    kind = request.path_params["kind"]
    seq = number(request.path_params["seq"])
    card = await web.store.read(lambda db: views.card_at(db, chat, seq))
    if kind not in ("svg", "png") or not card or not card.qr:
        raise Refused(404, _UNKNOWN)
    try:
        code = segno.make(card.qr, error="m", micro=False)
    except segno.DataOverflowError as error:
        raise Refused(404, _UNKNOWN) from error
    drawn = BytesIO()
    code.save(drawn, kind=kind, scale=8, border=3, dark="#000", light="#fff")
    return _inline(drawn.getvalue(), "image/svg+xml" if kind == "svg" else "image/png")


def number(text: str) -> int:
    """A sequence number from an address or a header. Raises Refused."""
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise Refused(400, "web.not-understood")
    return int(text)


async def _chat(request: Request) -> Chat:
    """The chat in the address, for the browser that holds its session."""
    chat = await sessions.holder(request.app.state.web, request, request.path_params["public_id"])
    if not chat:
        raise Refused(403, "web.not-yours")
    return chat


async def _speaker(request: Request) -> Chat:
    """The chat of somebody who may say something now, asked before the body is read."""
    web: WebContext = request.app.state.web
    if sessions.own_origin(request) is False:
        raise Refused(403, "web.other-page")
    chat = await _chat(request)
    if wait_s := web.limits.messages.take(chat.person.id, web.clock()):
        raise Refused(429, "web.too-fast", retry_s=wait_s)
    return chat


def _check_form(request: Request, chat: Chat, token: str) -> None:
    """Forms can be posted from any page; JSON cannot without our leave."""
    web: WebContext = request.app.state.web
    if not sessions.matches(token, sessions.session_token(web, request, chat.address.id)):
        raise Refused(403, "web.other-page")


def _parsed(data: bytes) -> Said:
    try:
        return msgspec.json.decode(data, type=Said)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(400, "web.not-understood") from error


def _of_form(form: FormData) -> Said:
    press = form.get("press")
    return Said(
        key=str(form.get("key", "")),
        text=str(form.get("text", "")),
        press=None if press is None else str(press),
    )


async def _with_picture(request: Request, chat: Chat) -> Incoming:
    web: WebContext = request.app.state.web
    fields, data = await uploads.form_with_picture(request)
    _check_form(request, chat, fields.get("token", ""))
    said = Said(key=fields.get("key", ""), text=fields.get("text", ""))
    if not data:
        return _event(chat, said)
    _event_key(chat, said.key)  # Nothing is kept for a message that cannot be taken.
    _checked_text(said.text)
    clean, kind = uploads.cleaned(data)
    try:
        hash = await asyncio.to_thread(web.files.save, clean)
    except OSError as error:  # A full disk, like a store that fails: the page keeps the picture.
        raise Refused(503, "web.unavailable", retry_s=2) from error
    return _event(chat, said, (Attachment(hash, kind),))


def _event(chat: Chat, said: Said, attachments: tuple[Attachment, ...] = ()) -> Incoming:
    key = _event_key(chat, said.key)
    if said.press is not None:
        if not 0 < len(said.press.encode()) <= PRESS_MAX:
            raise Refused(400, "web.not-understood")
        return Press(key, chat.address, said.press)
    text = _checked_text(said.text)
    if not text.strip() and not attachments:
        raise Refused(400, "web.empty")
    return Message(key, chat.address, text, attachments)


def _event_key(chat: Chat, given: str) -> str:
    """The event's key, unique for ever. The page's UUID counts within its own chat only."""
    try:
        key = str(UUID(given))
    except ValueError as error:
        raise Refused(400, "web.not-understood") from error
    return f"{chat.address}:{key}"


def _checked_text(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if len(text) > TEXT_MAX:
        raise Refused(413, "web.too-long")
    return text


def _new_key(web: WebContext) -> str:
    return str(UUID(int=web.ids.getrandbits(128), version=4))


def _kept(data: bytes, file: Attachment) -> Response:
    """What a browser saves under its name and never opens by itself."""
    named = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(data, media_type=file.media_type, headers={"content-disposition": named})


def _inline(data: bytes, kind: str | None) -> Response:
    if not kind:
        raise Refused(404, _UNKNOWN)
    headers = {
        "content-disposition": "inline",
        "content-security-policy": security.PICTURE_POLICY,
        "cache-control": PICTURE_AGE,
    }
    return Response(data, media_type=kind, headers=headers)
