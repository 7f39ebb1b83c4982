"""The ways in: the landing page, a buyer's new chat, and invites.

An invite is redeemed by a button that posts, so that a link preview does not use it up.
"""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.web import answers, render, sessions, uploads
from bot.channels.web.context import CHANNEL, WebContext
from bot.channels.web.limits import Buckets
from bot.channels.web.refusals import Refused
from bot.messages import Address
from bot.shop import people
from bot.shop.people import Invite
from bot.store.unit import Unit

PUBLIC_ID_BITS = 64  # Names a chat and is no secret; only chance must not give it out twice.


async def landing(request: Request) -> Response:
    """The shop's front door."""
    web: WebContext = request.app.state.web
    language = sessions.language_of(request)
    held = await sessions.held_buyer_chat(web, request)
    door = sessions.door_of(web, request)
    response = await answers.page(
        request,
        "landing",
        language,
        token=sessions.form_token(door),
        again=answers.link(f"/c/{held.address.id}/", "web.continue", web, language, "button")
        if held
        else "",
        start=web.texts(language, "web.start-another" if held else "web.start"),
        style="quiet" if held else "button",
        languages=render.joined(_languages(web, language)),
    )
    sessions.open_door(web, request, response, door)
    if "lang" in request.query_params:
        sessions.keep_language(web, response, language)
    return response


def _languages(web: WebContext, current: str) -> Iterator[render.Html]:
    """A link to this page in each language, under the name that its speakers know."""
    for language in web.languages:
        here = ' aria-current="true"' if language == current else ""
        yield render.fill(
            f'<a href="/?lang=$tag" hreflang="$tag" lang="$tag"{here}>$name</a>',
            tag=language,
            name=web.texts(language, "language.self"),
        )


async def open_chat(request: Request) -> Response:
    """Opens a buyer's chat and goes there."""
    web: WebContext = request.app.state.web
    await _pass_door(request, web.limits.chats)
    public_id = web.token(PUBLIC_ID_BITS)
    language = sessions.language_of(request)

    def opened(unit: Unit) -> str:
        address = Address(CHANNEL, public_id)
        chat = people.open_chat(unit, address, role="buyer", language=language)
        return people.open_session(unit, chat.id)

    session = await web.store.run(opened)
    return _entered(web, public_id, session)


async def invite(request: Request) -> Response:
    """Shows an invite with its button; its holder is led to the chat."""
    web: WebContext = request.app.state.web
    token = request.path_params["token"]
    found = await _looked_up(web, token)
    if found.used and (public_id := await _held_by(web, request, found)):
        return RedirectResponse(f"/c/{public_id}/", 303)
    _refuse_spent(found)
    language = sessions.language_of(request)
    door = sessions.door_of(web, request)
    role = web.texts(language, f"web.role-{found.role}")
    response = await answers.page(
        request, "invite", language, token=sessions.form_token(door), role=role
    )
    sessions.open_door(web, request, response, door)
    return response


async def redeem(request: Request) -> Response:
    """Uses an invite up and goes to the chat that it opened."""
    web: WebContext = request.app.state.web
    await _pass_door(request, web.limits.invites)
    token = request.path_params["token"]
    public_id = web.token(PUBLIC_ID_BITS)
    redeemed = await web.store.run(lambda unit: people.redeem(unit, token, address_id=public_id))
    if redeemed:
        return _entered(web, redeemed.chat.address.id, redeemed.session_token)
    found = await _looked_up(web, token)
    if public_id := await _held_by(web, request, found):
        return RedirectResponse(f"/c/{public_id}/", 303)
    raise Refused(410, "web.invite-used" if found.used else "web.invite-expired")


def _entered(web: WebContext, public_id: str, session: str) -> Response:
    response = RedirectResponse(f"/c/{public_id}/", 303)
    sessions.set_cookie(web, response, public_id, session)
    return response


async def _pass_door(request: Request, buckets: Buckets) -> None:
    """Lets through what was posted from our own page, and not too often from one address."""
    web: WebContext = request.app.state.web
    client = request.client.host if request.client else ""
    if wait_s := buckets.take(client, web.clock()):
        raise Refused(429, "web.too-many", retry_s=wait_s)
    form = await uploads.form(request)
    if not sessions.came_through_door(request, str(form.get("token", ""))):
        raise Refused(403, "web.other-page")


async def _looked_up(web: WebContext, token: str) -> Invite:
    now = web.clock()
    found = await web.store.read(lambda db: people.invite_role(db, token, now))
    if not found:
        raise Refused(404, "web.invite-unknown")
    return found


async def _held_by(web: WebContext, request: Request, found: Invite) -> str:
    """The public id of the invite's chat if this browser holds it, else ''."""
    chat_id = found.chat_id
    if chat_id is None:
        return ""
    chat = await web.store.read(lambda db: people.chat(db, chat_id))
    return chat.address.id if await sessions.holder(web, request, chat.address.id) else ""


def _refuse_spent(found: Invite) -> None:
    if found.used:
        raise Refused(410, "web.invite-used")
    if found.expired:
        raise Refused(410, "web.invite-expired")
