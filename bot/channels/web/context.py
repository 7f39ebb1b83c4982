"""What the web chat is given: the parts of the shop that it talks to, and its own limits."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import TYPE_CHECKING

from msgspec import Struct, field

from bot.channels.web.limits import Limits, OpenStreams
from bot.messages import Abilities

if TYPE_CHECKING:
    from bot.post.bell import Bell
    from bot.post.inbox import Inbox
    from bot.store.files import Files
    from bot.store.sqlite import Store

CHANNEL = "web"
TEXT_MAX = 4000
DEFAULT_LANGUAGE = "zh-Hans"

ABILITIES = Abilities(buttons=True, cards=True, pushed=False, text_max=TEXT_MAX)


class WebContext(Struct):
    """The parts of the shop that the web chat uses.

    `clock` gives UTC milliseconds. `texts` gives the page's words by language and id, `languages`
    are those that have texts, `known_language` finds ours for a browser's tag, and `shop_name`
    gives the shop's name by language. `secure_cookies` is for a shop that is reached by
    HTTPS only. The address of a client is that of its connection: headers of proxies are not
    believed. Setting `closing` ends all open streams.
    """

    store: Store
    inbox: Inbox
    bell: Bell
    files: Files
    clock: Callable[[], int]
    ids: Random
    texts: Callable[[str, str], str]
    languages: Sequence[str]
    known_language: Callable[[str], str | None]
    shop_name: Callable[[str], Awaitable[str] | str]
    secure_cookies: bool = False
    limits: Limits = field(default_factory=Limits)
    streams: OpenStreams = field(default_factory=OpenStreams)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def name(self, language: str) -> str:
        """The shop's name, whichever way it was handed in."""
        name = self.shop_name(language)
        return await name if inspect.isawaitable(name) else name

    def token(self, bits: int = 128) -> str:
        """A random token of so many bits, in lower-case hexadecimal."""
        return f"{self.ids.getrandbits(bits):0{bits // 4}x}"


def preferred(web: WebContext, header: str) -> str:
    """The page language for an Accept-Language header; Chinese when there is none."""
    if not header.strip():
        return DEFAULT_LANGUAGE
    wishes = sorted((_wish(part) for part in header.split(",")[:20]), key=lambda wish: -wish[0])
    found = (web.known_language(tag) for weight, tag in wishes if weight > 0)
    return next((language for language in found if language), "en")


def _wish(part: str) -> tuple[float, str]:
    tag, _, weight = part.strip().lower().partition(";q=")
    try:
        return float(weight or 1), tag.strip()
    except ValueError:
        return 0.0, tag
