"""One part of an address for another in English or Tibetan: it's not Wuhou but Jinniu District.

Only what stands in the address is put right; see `chinese_corrections` for Chinese.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.addresses.divisions import find_division
from bot.language.addresses.names import NO_NAME_WORDS, is_lone_name
from bot.language.addresses.page import page_of
from bot.language.addresses.parts import sheet_of
from bot.language.addresses.recipient import Recipient, spliced
from bot.language.regex import regex

_LEAD = r"(?:(?:sorry|oops|no|wait|please|pls|actually|correction|and|can you|could you)[ ,.!]*)*"
_OLD, _NEW = r"(?P<old>[^,.!?]{2,40}?)", r"(?P<new>[^,.!?]{2,40}?)"
_IS = r"(?:it(?:'s| is| should be)|that's|in|is|the)"
_SWAPS = tuple(
    regex(pattern)
    for pattern in (
        rf"{_LEAD}(?:{_IS} )*not (?:(?:in|the) )?{_OLD}[, ]+(?:(?:but|rather|{_IS}) )+{_NEW}[ .!]*",
        rf"{_LEAD}(?:{_IS} )*{_NEW},? (?:and )?not (?:(?:in|the) )?{_OLD}[ .!]*",
        rf"{_LEAD}(?:(?:change|replace|correct) )?(?:the )?{_OLD} (?:is wrong,? )?"
        rf"(?:should (?:be|read|have been)|must be|(?:in)?to|with|->) {_NEW}[ .!]*",
        r"(?P<old>[\u0f40-\u0fbc་ \d]+?)[་ ]?(?:མ་རེད|མིན|མ་ཡིན)[་།\s]+"
        r"(?P<new>[\u0f40-\u0fbc་ \d]+?)[་ ]?(?:རེད|ཡིན)?[་།\s]*",
    )
)
_KIND = regex(r"(?:district|county|qu|xian)\b|(?<![\u0f40-\u0fbc])(?:ཆུས|རྫོང)(?![\u0f40-\u0fbc])")
_NUMBER = regex(r"(?:(?:house|street|number|no\.?|#) ?)*(?P<n>\d+[a-z]?)")
_UNIT = (
    r"(?P<kind>building|bldg|block|tower|entrance|unit|apartment|apt|flat|room|floor|suite"
    r"|ཁང་པ|ཁང་མིག|ཐོག)"
    r"[.་]? ?#?(?=[a-z]?-?\d)[\da-z-]{1,6}"
)
_UNITS = regex(rf"(?:{_UNIT.replace('?P<kind>', '?:')}(?:[, ]+|\Z))+")


def corrected(known: Recipient, text: str) -> Recipient | None:
    """The recipient with the new where the old stands; None where it does not stand there."""
    page = page_of(text)
    if sheet_of(page).phones:
        return None
    for pattern in _SWAPS:
        found = pattern.fullmatch(page.form.strip())
        if found is None:
            continue
        lead = len(page.form) - len(page.form.lstrip())
        new = page.shown[found.start("new") + lead : found.end("new") + lead].strip("་ ")
        if right := _swapped(known, found["old"].strip("་ "), new):
            return right
    return None


def is_flat(form: str) -> bool:
    """Whether a piece of an address says which building, flat or floor, and nothing else."""
    return bool(_UNITS.fullmatch(form))


def _swapped(known: Recipient, old: str, new: str) -> Recipient | None:
    if (number := _NUMBER.fullmatch(page_of(new).form)) and re.search(r"\d", old):
        if old == number["n"] or len(old) < 2:
            return None  # rather an amount
        old, new = old.rpartition(" ")[2], number["n"]
    if known.name and old == page_of(known.name).form:
        return replace(known, name=new) if is_lone_name(new) else None
    district = _district(known, page_of(new).form)
    if district and _district(known, old, needs_ending=not _KIND.search(new.lower())):
        is_own = _district(known, old, needs_ending=False) == known.district
        return replace(known, district=district) if is_own else None
    there = re.search(rf"(?<![^\W_]){re.escape(old)}(?![^\W_])", page_of(known.detail).form)
    if there is None and _UNITS.fullmatch(old) and _UNITS.fullmatch(page_of(new).form):
        return _with_units(known, page_of(new).form)
    if there is None or NO_NAME_WORDS.search(page_of(new).form):
        return None
    return spliced(known, *there.span(), new)


def _with_units(known: Recipient, said: str) -> Recipient:
    """With another building, flat or floor: each in the place of its like, or at the end."""
    for unit in re.finditer(_UNIT, said):
        old = re.search(rf"(?<![a-z]){unit['kind']}[.་]? ?#?[\da-z-]+", page_of(known.detail).form)
        if old:
            known = spliced(known, *old.span(), unit[0])
        else:
            between = ", " if known.detail.isascii() else " "
            known = replace(known, detail=f"{known.detail}{between}{unit[0]}")
    return known


def _district(known: Recipient, form: str, *, needs_ending: bool = True) -> str:
    """The district of their town that a form names; '' for none."""
    if needs_ending and not _KIND.search(form):
        return ""
    town = (known.province, known.city)
    if not re.search("[a-z]", form):
        found = find_division(form)
        return found.place[2] if found and found.place[:2] == town else ""
    from bot.language.addresses.divisions_latin import district_in_latin

    return district_in_latin(form, town)
