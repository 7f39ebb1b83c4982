"""Pages and friendly refusals as HTTP responses."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.web import render, sessions
from bot.channels.web.context import WebContext
from bot.channels.web.refusals import Refused


async def page(
    request: Request, template: str, language: str, *, status: int = 200, **values: object
) -> Response:
    """One of our pages in a language."""
    web: WebContext = request.app.state.web
    pages: render.Page = request.app.state.page
    shop = await web.name(language)
    text = pages.show(template, language, lambda id: web.texts(language, id), shop=shop, **values)
    return HTMLResponse(text, status)


def json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A value as JSON."""
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def link(address: str, text_id: str, web: WebContext, language: str, style: str) -> render.Html:
    """A link with a text of ours."""
    return render.fill(
        '<a class="$style" href="$address">$text</a>',
        style=style,
        address=address,
        text=web.texts(language, text_id),
    )


async def refusal(request: Request, refused: Refused) -> Response:
    """The friendly answer to what is not served: a page for people, JSON for the script."""
    web: WebContext = request.app.state.web
    language = sessions.language_of(request)
    text = web.texts(language, refused.text_id)
    if "text/html" in request.headers.get("accept", ""):
        response = await page(request, "notice", language, status=refused.status, text=text)
    else:
        response = json({"error": refused.text_id, "text": text}, refused.status)
    if refused.retry_s:
        response.headers["retry-after"] = str(refused.retry_s)
    return response
