"""Days as people type them: 2026-12-05, 12月5日, 12/5, 5 Dec, ཟླ་12ཚེས་5."""

from __future__ import annotations

import unicodedata
from datetime import date

from bot.language.regex import regex

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = regex(rf"\b({'|'.join(MONTHS)})[a-z]*\b")
_NUMBERS = regex(r"\d+")


def read_day(text: str, today: date) -> date | None:
    """The day that a text names, without a year the next such one; None when it names none."""
    digits = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    lowered = "".join(digits).lower()
    numbers = [int(number) for number in _NUMBERS.findall(lowered)[:4] if len(number) <= 4]
    named = _MONTH.search(lowered)
    if named:
        year = next((number for number in numbers if number > 31), 0)
        days = [number for number in numbers if number <= 31]
        parts = (year, MONTHS.index(named[1]) + 1, days[0] if days else 0)
    elif len(numbers) == 3:
        parts = (numbers[0], numbers[1], numbers[2])
    elif len(numbers) == 2:
        parts = (0, numbers[0], numbers[1])
    else:
        return None
    year, month, day = parts
    try:
        if year:
            return date(year if year > 99 else 2000 + year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None
