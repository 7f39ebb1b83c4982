"""Who gets a parcel and where; `reading` reads it out of what people paste."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.language.script import Form, form_of

TEXT_MAX = 2_000  # characters looked at; no address is longer


@dataclass(frozen=True, slots=True)
class Recipient:
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

_TOWN = re.compile(r"[a-z\u00c0-\u024f.'’-]+(?: [a-z\u00c0-\u024f.'’-]+){0,2}", re.IGNORECASE)


def is_town(detail: str) -> bool:
    """Whether of an address abroad nothing but the town is known: Berlin, Tel Aviv."""
    return bool(_TOWN.fullmatch(detail))


# What it costs to look closely is paid only by texts that have one of these …
_TIBETAN = "ལམ|སྲང|གྲོང|རྫོང|ཆུས|ཨང"
_LATIN = (
    "district|county|prefecture|province|lu|jie|hao|qu|xian|zhou|sheng|building|bldg"
    "|rue|via|calle|marg|apt|unit|blk|flat|st|rd|ave|name|address|street|avenue|road"
)
_HINT = re.compile(
    r"[省市区县州路街号村镇乡栋]|\d{3}[- ]?\d{3}|自治|地址|收[件货]|寄到|\+\d{1,2} ?\d"
    rf"|(?<![\u0f40-\u0fbc])(?:{_TIBETAN})(?![\u0f40-\u0fbc])|stra(?:ß|ss)e\b"
    rf"|\b(?:{_LATIN}|(?:ship|deliver|send)(?: it| them)? to)\b"
)
# … and looking for these by texts that have one of their signs, letters or words.
_SIGN = re.compile(r"[省市区县州路街号村镇乡栋自地收寄\d+]")
_LETTERS = re.compile(f"{_TIBETAN}|strasse|straße")
_WORD = re.compile("[a-z]+")
_WORDS = frozenset([*_LATIN.split("|"), "ship", "deliver", "send"])


# Where goods may end and the address begin.
_CUT = re.compile(r"[,，;；\n]|\b(?:to|for) |[.!] (?=[A-Z])")
CUTS_MAX = 8  # places looked at


def recipient_in(text: str, form: Form) -> Recipient:
    """What of name, phone and address a text holds, whose form is known; the rest is empty."""
    if not _is_hinted(form):
        return NOBODY
    from bot.language.addresses.reading import recipient_read

    return recipient_read(text[:TEXT_MAX])


def _is_hinted(form: Form) -> bool:
    read = form.text[:TEXT_MAX]
    has_sign = _SIGN.search(read) or ((form.latin or form.tibetan) and _LETTERS.search(read))
    if has_sign or (form.latin and not _WORDS.isdisjoint(_WORD.findall(read))):
        return bool(_HINT.search(read))
    return False


def behind_goods(text: str, whole: Recipient, names_goods: Callable[[str], bool]) -> Recipient:
    """20 medium cordyceps, Anna Schmidt, 5 High Street: read without the goods before it.

    `whole` is what is read with them.
    """
    rest = rest_behind_goods(text, names_goods)
    if not rest:
        return whole
    from bot.language.addresses.reading import is_delivery

    behind = recipient_in(rest, form_of(rest))
    return behind if is_delivery(behind) else whole


def rest_behind_goods(text: str, names_goods: Callable[[str], bool]) -> str:
    """What is said behind the goods, where something parts it from them; '' for nothing."""
    for cut in [match.end() for match in _CUT.finditer(text[:TEXT_MAX])][:CUTS_MAX]:
        if names_goods(text[:cut]) and not names_goods(text[cut:]):
            return text[cut:]
    return ""
