"""Days as people type them: 2026-12-05, 12月5日, 12/5, 5 Dec, ཟླ་12ཚེས་5.

A day is read from the numbers that stand in one of these forms, never from those of an amount.
"""

from __future__ import annotations

import re
from datetime import date

from bot.language.numerals import TIBETAN_NUMERAL, read_number
from bot.language.regex import regex
from bot.language.script import form_of

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"\b(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_MONTH = r"(?<!\d)(?P<m>0?[1-9]|1[0-2])"
_DAY = r"(?P<d>0?[1-9]|[12]\d|3[01])(?!\d)"
_TH = r"(?:st|nd|rd|th)?"
_TIBETAN = rf"\d{{1,2}}|དང་པོ|{TIBETAN_NUMERAL}"
# 1.5 kg, 5-7 cm and 3-5元 are no days.
_UNIT = (
    r"\s*(?:公?斤|千?克|两|[根条颗包袋盒罐瓶箱只个块元折米]|厘米|%"
    r"|(?:kg|kilo\w*|g|grams?|jin|catt(?:y|ies)|cm|pieces?|pcs?|yuan|rmb|packs?|bags?|jars?)\b)"
)
# The surer ones first.
_FORMS = tuple(
    regex(form)
    for form in (
        rf"(?:(?<!\d)(?P<y>\d{{4}}|\d\d)\s*年\s*)?{_MONTH}\s*月\s*{_DAY}",
        rf"(?<!\d)(?P<y>\d{{4}})\s*[-/.]\s*{_MONTH}\s*[-/.]\s*{_DAY}",
        rf"(?<![\d.])(?P<d>[12]\d|3[01]|0?[1-9]){_TH}[-\s]*(?:of )?{_NAME}"
        r"(?:[-,\s]*(?P<y>\d{4}))?",
        rf"(?:(?P<y>\d{{4}})[-,\s]*)?{_NAME}[-\s]*(?:the )?{_DAY}{_TH}"
        r"(?:[,\s]+(?P<y2>\d{4})(?!\d))?",
        rf"(?:(?P<y>\d{{4}})་?(?:ལོའི|ལོ)?་?)?ཟླ་(?:བ་)?(?P<m>{_TIBETAN})་?(?:པའི|པར|པ)?་?"
        rf"(?:ཚེས་(?:པ་|གྲངས་)?)(?P<d>{_TIBETAN})",
        rf"(?<![\d.¥$])(?<!རྒྱ་མ་)(?<!སྤྱི་རྒྱ་)(?:(?P<y>\d\d)\s*[-/.]\s*)?{_MONTH}\s*[-/.]\s*{_DAY}"
        rf"(?![-/.月]\d)(?!{_UNIT})",
        rf"^\W*(?:(?P<y>\d{{4}}|\d\d)\W+)?{_MONTH}\W+{_DAY}\W*$",
    )
)


def read_day(text: str, today: date) -> date | None:
    """The day that a text names, without a year the next such one; None when it names none."""
    found = find_day(form_of(text).text)
    return _day(found, today) if found else None


def find_day(form: str) -> re.Match[str] | None:
    """Where the form of a text names a day by its date; None where it does not."""
    return next((found for each in _FORMS if (found := each.search(form))), None)


def _day(found: re.Match[str], today: date) -> date | None:
    parts = found.groupdict()
    year = int(parts.get("y") or parts.get("y2") or 0)
    name = parts.get("name")
    month = MONTHS.index(name[:3]) + 1 if name else _number(parts["m"])
    day = _number(parts["d"])
    try:
        if year:
            return date(year if year > 99 else 2000 + year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


def _number(said: str) -> int:
    return 1 if said == "དང་པོ" else int(read_number(said) or 0)
