"""Phone numbers in an address: of the mainland, of its neighbours and of abroad."""

from __future__ import annotations

import re

from msgspec import Struct

from bot.language.addresses.countries import countries_in
from bot.language.regex import regex

_CODE = r"(?:\(?(?:\+|00)?\(?86\)?[- ]{0,3}(?:\(0\)[- ]?)?)?"
# Mainland mobiles are looked for first: `502 138 0013 8000` holds one behind a room number.
_MOBILE = regex(
    rf"(?<![\d.])(?:{_CODE}(?P<cn>1[3-9]\d[- .]?\d{{4}}[- .]?\d{{4}})(?!\d))"
    rf"|(?<![\d.-]){_CODE}(?P<odd>1[3-9](?:[- ]?\d){{9}})(?![- ]?\d)"
)
_MORE = regex(
    r"(?<![\d.])(?:"
    r"\+?86[- ]?(?P<code>(?:10|2\d|[3-9]\d{2})[- ]\d{7,8})"
    r"|(?P<intl>00(?!86)[1-9]\d{0,2}[- .]?(?:\(\d{1,4}\)[- .]?)?\d{1,6}(?:[- .]?\d{2,6}){1,4})"
    r"|(?P<tw>09\d{2}[- ]?\d{3}[- ]?\d{3})"
    r"|(?P<land>\(?0\d{2,3}\)?[- ]{0,2}\d{7,8})"
    r"|(?P<national>\(?0\d{1,4}\)?[- ]\d{2,4}[- ]?\d{3,6})"
    r"|(?P<service>400[- ]?\d{3}[- ]?\d{4})"
    r"|(?P<near>85[23][- ]\d{4}[- ]?\d{4})"
    r")(?!\d)(?:\s?(?:转|ext\.?)\s?\d{1,6})?"
)
_ABROAD = regex(
    r"(?P<intl>\+(?!86)[1-9]\d{0,2}[- .]?(?:\(\d{1,4}\)[- .]?)?\d{1,6}(?:[- .]?\d{2,6}){1,4})(?!\d)"
)
_US = regex(r"(?<![\d.])(?P<us>\(?\d{3}\)?[- .]{1,2}\d{3}[- .]\d{4})(?!\d)")
_EIGHT_DIGITS = regex(r"(?<![\d.-])(?P<any>[2-9]\d{3}[ -]?\d{4})(?![\d-])")
_EIGHT_DIGITS_THERE = regex(
    r"香港|九龙|新界|澳门|新加坡|hong kong|\bhk\b|h\.k\.|kowloon|macau|macao|singapore"
)
# Without the country's code: 06 12 34 56 78, the whole of a part beside a country.
_LOCAL = regex(r"(?:^|[,;\n]|(?<=[a-z])\.)\s*(?P<any>0?\d(?:[ .-]?\d){7,10})\s*(?=$|[,;\n])")
_LABELLED = regex(
    r"(?:电\s{0,6}话|手\s{0,6}机(?:号码|号)?|联系方式|phone(?: number)?|tel(?:ephone)?|mobile|cell"
    r"|\b(?:ph|hp|mob|contact)|whatsapp|ཁ་པར་?(?:ཨང་གྲངས་?)?)"
    r"\.?[\s་།]{0,4}[:：]?\s{0,3}(?P<any>\+?\d[\d -]{5,17}\d)",
    re.IGNORECASE,
)


class Phone(Struct, frozen=True):
    """A number as it is dialled, with a leading + when it is foreign, and where it stood."""

    number: str
    start: int
    end: int


def phones_in(form: str) -> list[Phone]:
    """All phone numbers of a text, in their order."""
    found: list[Phone] = []
    for pattern in (_ABROAD, _MOBILE, _MORE):
        rest = _without(form, found)
        found += [_phone(match) for match in pattern.finditer(rest)]
    for pattern in (_US, _LABELLED, _EIGHT_DIGITS):
        if not found and (pattern is not _EIGHT_DIGITS or _EIGHT_DIGITS_THERE.search(form)):
            found = [_phone(match) for match in pattern.finditer(form)][:1]
    if not found and countries_in(form):
        found = [_phone(match) for match in _LOCAL.finditer(form)][:1]
    return sorted(found, key=lambda phone: phone.start)


def _without(form: str, phones: list[Phone]) -> str:
    for phone in phones:
        form = form[: phone.start] + "\x00" * (phone.end - phone.start) + form[phone.end :]
    return form


def _phone(match: re.Match[str]) -> Phone:
    kind = match.lastgroup or "any"
    number = re.sub(r"\D", "", match[kind])
    if kind == "code":
        number = "0" + number
    elif kind == "intl" or match[kind].startswith("+"):
        number = "+" + number.removeprefix("00")
    start, end = match.span("any") if kind == "any" else match.span()
    return Phone(number, start, end)
