"""Who is asking: the cookie of each chat, the token in forms, and where a POST came from.

A browser may hold several chats at once, so each has a cookie of its own, named after its public
id. Only the cookie gives access; the public id is no secret.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.context import CHANNEL, WebContext, preferred
from bot.shop import people
from bot.shop.people import Chat

SESSION_SECONDS = 90 * 24 * 3600  # As long as the store keeps an unseen session.
DOOR_COOKIE = "door"
LANGUAGE_COOKIE = "language"
DOOR_SECONDS = 24 * 3600
COOKIES_TRIED = 20  # Chats looked up for one visit of the landing page.


def cookie_name(web: WebContext, public_id: str) -> str:
    """The cookie of a chat. Browsers refuse `__Host-` cookies that another host or HTTP set."""
    return f"{'__Host-' if web.secure_cookies else ''}c_{public_id}"


def set_cookie(web: WebContext, response: Response, public_id: str, token: str) -> None:
    """Hands the session to the browser.

    The path is `/` for an invite opened again to know its holder. It is Lax, since with Strict a
    link opened from another app would come without it.
    """
    response.set_cookie(
        cookie_name(web, public_id),
        token,
        max_age=SESSION_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=web.secure_cookies,
    )


def session_token(web: WebContext, request: Request, public_id: str) -> str:
    """The session's clear token as the browser holds it; '' without one."""
    return request.cookies.get(cookie_name(web, public_id), "")


async def holder(web: WebContext, request: Request, public_id: str) -> Chat | None:
    """The chat of that public id, if the browser holds a live session for it."""
    token = session_token(web, request, public_id)
    return await _chat_of(web, public_id, token) if token else None


async def still_holds(web: WebContext, chat: Chat, token: str) -> bool:
    """Whether a session that was good is so still."""
    return await _chat_of(web, chat.address.id, token) is not None


async def touch(web: WebContext, token: str) -> None:
    """Marks the session as seen, which puts off its end."""
    await web.store.run(lambda unit: people.session_chat(unit, token, unit.now))


async def held_buyer_chat(web: WebContext, request: Request) -> Chat | None:
    """A buyer's chat that this browser can go on with."""
    prefix = cookie_name(web, "")
    names = [name for name in request.cookies if name.startswith(prefix)]
    for name in names[-COOKIES_TRIED:]:
        chat = await holder(web, request, name.removeprefix(prefix))
        if chat and chat.person.role == "buyer":
            return chat
    return None


async def _chat_of(web: WebContext, public_id: str, token: str) -> Chat | None:
    now = web.clock()
    chat = await web.store.read(lambda db: people.session_chat(db, token, now))
    here = chat and chat.address.channel == CHANNEL
    return chat if chat and here and hmac.compare_digest(chat.address.id, public_id) else None


def form_token(session: str) -> str:
    """The token that the forms of a session carry; a page elsewhere cannot know it."""
    return sha256(b"form:" + session.encode()).hexdigest()


def matches(given: str, session: str) -> bool:
    """Whether a form's token is that of the session."""
    return hmac.compare_digest(given.encode(), form_token(session).encode())


def own_origin(request: Request) -> bool | None:
    """Whether a POST came from a page of ours; None when only a form's token can tell.

    A page under `no-referrer` posts its forms with `Origin: null`, and over plain HTTP there is
    no Sec-Fetch-Site to help. Neither header at all means that it was no browser, and so nobody's
    cookies are being abused.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    if origin == "null":
        return None
    return urlsplit(origin).netloc == request.headers.get("host", "")


def came_through_door(request: Request, given: str) -> bool:
    """Whether a form without a session was posted from our own page."""
    own = own_origin(request)
    cookie = request.cookies.get(DOOR_COOKIE, "")
    known = bool(cookie) and hmac.compare_digest(given.encode(), form_token(cookie).encode())
    return known if own is None else own


def open_door(web: WebContext, request: Request, response: Response, door: str) -> None:
    """Gives the browser the cookie that the token in the page's form belongs to."""
    if request.cookies.get(DOOR_COOKIE) != door:
        response.set_cookie(
            DOOR_COOKIE,
            door,
            max_age=DOOR_SECONDS,
            path="/",
            httponly=True,
            samesite="strict",
            secure=web.secure_cookies,
        )


def door_of(web: WebContext, request: Request) -> str:
    """The browser's door cookie, or a new one."""
    return request.cookies.get(DOOR_COOKIE) or web.token()


def language_of(request: Request, chat: Chat | None = None) -> str:
    """The page's language: the chat's, the one that was chosen, else what the browser asks for."""
    web: WebContext = request.app.state.web
    chosen = chat.language if chat else ""
    chosen = chosen or request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE, "")
    known = web.known_language(chosen) if chosen else None
    return known or preferred(web, request.headers.get("accept-language", ""))


def keep_language(web: WebContext, response: Response, language: str) -> None:
    """Remembers the language that was chosen at the door."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="lax",
        secure=web.secure_cookies,
    )
