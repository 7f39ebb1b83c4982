"""Who gets a parcel and where; `reading` reads it out of what people paste."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from bot.language.regex import regex

TEXT_MAX = 2_000  # characters looked at; no address is longer


class Recipient(Struct, frozen=True):
    """Who gets a parcel and where; what is unknown is empty.

    `country` is ISO 3166 alpha-2, `CN` for the mainland. Abroad the whole address is `detail`.
    """

    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""
    country: str = ""


NOBODY = Recipient()

_TOWN = regex(r"[a-z\u00c0-\u024f.'’-]+(?: [a-z\u00c0-\u024f.'’-]+){0,2}", re.IGNORECASE)


def is_town(detail: str) -> bool:
    """Whether of an address abroad nothing but the town is known: Berlin, Tel Aviv."""
    return bool(_TOWN.fullmatch(detail))


def spliced(known: Recipient, start: int, end: int, said: str) -> Recipient:
    """With other words in a place of the street."""
    return replace(known, detail=known.detail[:start] + said + known.detail[end:])
