"""Stretches of days as people type them: 本月, 9月, last month, ཟླ་བ་༩པ, 9月1日到15日, since 1 Oct.

A month or a day without a year is the latest that has begun. All text is matched in the form of
`script.form_of`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.language.dates import MONTHS
from bot.language.numerals import HAN_NUMERALS, TIBETAN_NUMERAL, read_number
from bot.language.regex import regex
from bot.language.script import form_of


class Days(Struct, frozen=True):
    """From a first day to a last one, both within."""

    first: date
    last: date

    @property
    def is_month(self) -> bool:
        """Whether it is one month, from its beginning to its end."""
        return self == month_of(self.first)

    @property
    def is_year(self) -> bool:
        """Whether it is one year, from its beginning to its end."""
        return self == year_of(self.first)

    @property
    def name(self) -> str:
        """In short, as in a file's name."""
        if self.is_year:
            return f"{self.first:%Y}"
        if self.is_month:
            return f"{self.first:%Y-%m}"
        return f"{self.first}" if self.first == self.last else f"{self.first}_{self.last}"


def month_of(day: date, back: int = 0) -> Days:
    """The month of a day, or one before it."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return _days(year, month + 1, None)


def year_of(day: date, back: int = 0) -> Days:
    """The year of a day, or one before it."""
    return _days(day.year - back, None, None)


def _days(year: int, month: int | None, day: int | None) -> Days:
    """Raises ValueError where there are no such days."""
    if day and month:
        return Days(date(year, month, day), date(year, month, day))
    first, last = month or 1, month or 12
    begin = date(year, first, 1)
    return Days(begin, date(year, last, monthrange(year, last)[1]))


def _week_of(day: date, back: int = 0) -> Days:
    monday = day - timedelta(days=day.weekday() + 7 * back)
    return Days(monday, monday + timedelta(days=6))


def _day(day: date) -> Days:
    return Days(day, day)


_NAMED: tuple[tuple[str, Callable[[str, date], Days]], ...] = (
    (r"今[天日]|today|དེ་རིང", lambda _, today: _day(today)),
    (
        r"(?<!大)前[天日]|(?:the )?day before yesterday|ཁ་(?:ཉིན(?:་ཀ)?|ཉི་ག)(?![ཀ-ྼ])|ཁེ་ཉིན",
        lambda _, today: _day(today - timedelta(days=2)),
    ),
    (
        r"昨[天日]|yesterday|ཁ་(?:ས|སང|རྩང)(?![ཀ-ྼ])",
        lambda _, today: _day(today - timedelta(days=1)),
    ),
    (r"(?:本|这个?)(?:周|星期|礼拜)|this week|བདུན་ཕྲག་འདི", lambda _, today: _week_of(today)),
    (
        r"上个?(?:周|星期|礼拜)|(?:last|previous) week|བདུན་ཕྲག་(?:སྔོན|གོང)་མ",
        lambda _, today: _week_of(today, 1),
    ),
    (r"(?:本|这个?|当)月|this month|ཟླ་(?:བ་)?འདི", lambda _, today: month_of(today)),
    (r"上+个?月", lambda said, today: month_of(today, said.count("上"))),
    (
        r"(?:last|previous) month|ཟླ་(?:བ་)?(?:སྔོན|གོང|འདས)(?:་མ|་པ)?"
        r"|(?:སྔོན་མ|གོང་མ|འདས་པ)་?འི་ཟླ་(?:བ)?",
        lambda _, today: month_of(today, 1),
    ),
    (r"[今本]年|this year|འདི་ལོ|ད་ལོ|ལོ་འདི", lambda _, today: year_of(today)),
    (r"[去上]年|last year|ན་ནིང|ལོ་སྔོན་མ", lambda _, today: year_of(today, 1)),
)

_HAN = rf"\d{{1,2}}|[{HAN_NUMERALS}]{{1,3}}"
_TIBETAN = rf"\d{{1,2}}|དང་པོ|{TIBETAN_NUMERAL}"
_YEAR = r"(?<!\d)(?P<y>20\d\d)"
_ENGLISH_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may(?! i )|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATES = tuple(
    regex(pattern)
    for pattern in (
        rf"{_YEAR}[-/.](?P<m>\d{{1,2}})(?:[-/.](?P<d>\d{{1,2}}))?(?!\d)",
        rf"(?:{_YEAR}年)?(?P<m>{_HAN})月份?(?:(?P<d>{_HAN})(?![\d月])[日号]?)?",
        rf"(?:(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?\b{_ENGLISH_MONTH}"
        r"(?: (?P<d2>\d{1,2})(?:st|nd|rd|th)?(?!\d))?(?:,? (?P<y>20\d\d))?",
        rf"(?:{_YEAR}་?(?:ལོའི|ལོ)?་?)?ཟླ་(?:བ་)?(?P<m>{_TIBETAN})་?(?:པའི(?=་)|པ(?=་))?་?"
        rf"(?:ཚེས་(?P<d>{_TIBETAN}))?",
        rf"{_YEAR}(?:年|(?!\d))",
        r"(?<![\d.])(?P<m>\d{1,2})[./](?P<d>\d{1,2})(?![\d.])",
        rf"(?<!\d)(?P<d>{_HAN})[日号]|(?<!\d)(?P<d2>\d{{1,2}})(?:st|nd|rd|th)\b"
        rf"|ཚེས་(?P<d3>{_TIBETAN})",
        r"(?<!\d)(?P<bare>\d{1,2})(?!\d)",
    )
)
_SPACED = regex(r"(?<=\d) (?=[年月日号])|(?<=[年月]) (?=\d)")
# 9-11月 is from one month to another.
_MONTHS_JOINED = regex(rf"({_HAN})(?=\s*[-到至]\s*(?:{_HAN})月)")
_SINCE = regex(r"以来|至今|到现在|起|\bsince\b|\bonwards?\b|\buntil now\b|བར་(?:ད་ལྟ|དེང)|ནས་བཟུང")


class _Said(Struct, frozen=True):
    """A date as far as it was said, or days that are known already; `bare` is a figure alone."""

    at: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    bare: bool = False
    known: Days | None = None


def read_days(text: str, today: date) -> Days | None:
    """The days that a text names, this month when it names none; None when it is not clear."""
    form = _MONTHS_JOINED.sub(r"\1月", _SPACED.sub("", form_of(text).text))
    said = _dates(form, today)
    try:
        if not said:
            return None if re.search(r"\d", form) else month_of(today)
        if len(said) == 1:
            only = said[0]
            days = None if only.bare else _resolved(only, today)
            if days and _SINCE.search(form):
                return Days(days.first, today) if days.first <= today else None
            return days
        return _from_to(said[0], said[1], today) if len(said) == 2 else None
    except ValueError:
        return None


def without_days(text: str, today: date) -> str:
    """The form of a text without the days that it names; a figure alone is left, whatever it is."""
    form = form_of(text).text
    return _read(form, today, _DATES[:-1])[1].replace("\0", " ")


def _dates(form: str, today: date) -> list[_Said]:
    """All that is named, in the order of the text; what is read once is not read again."""
    return sorted(_read(form, today, _DATES)[0], key=lambda said: said.at)


def _read(form: str, today: date, patterns: Sequence[re.Pattern[str]]) -> tuple[list[_Said], str]:
    """What is named, and the text with blanks in its place."""
    found: list[_Said] = []
    for pattern, days in _NAMED:
        for match in re.finditer(pattern, form):
            found.append(_Said(match.start(), known=days(match[0], today)))
        form = re.sub(pattern, _blank, form)
    for date_pattern in patterns:
        found += map(_said, date_pattern.finditer(form))
        form = date_pattern.sub(_blank, form)
    return found, form


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match[0])


def _said(match: re.Match[str]) -> _Said:
    parts = match.groupdict()
    day = next((parts[key] for key in ("d", "d2", "d3", "bare") if parts.get(key)), None)
    month = parts.get("m")
    name = parts.get("name")
    return _Said(
        match.start(),
        _number(parts.get("y")),
        MONTHS.index(name[:3]) + 1 if name else _number(month),
        _number(day),
        bool(parts.get("bare")),
    )


def _number(word: str | None) -> int | None:
    """Zero, which no date has, for what is none."""
    if not word:
        return None
    value = 1 if word == "དང་པོ" else read_number(word)
    return int(value) if value is not None and value == int(value) else 0


def _resolved(said: _Said, today: date) -> Days:
    """The latest such days that have begun. Raises ValueError."""
    if said.known:
        return said.known
    if said.year:
        return _days(said.year, said.month, said.day)
    if said.month is not None:
        days = _days(today.year, said.month, said.day)
        return days if days.first <= today else _days(today.year - 1, said.month, said.day)
    month = month_of(today, 0 if (said.day or 0) <= today.day else 1).first
    return _day(month.replace(day=said.day or 0))


def _from_to(first: _Said, last: _Said, today: date) -> Days | None:
    """What one of the two leaves out is as in the other. Raises ValueError."""
    named = first.known is None and last.known is None
    guessed = last.year is None and first.year is not None
    if named:
        if first.month is None and first.day is not None:
            first = replace(first, month=last.month)
        if last.month is None and last.day is not None:
            last = replace(last, month=first.month)
        if last.year is None:
            last = replace(last, year=first.year)
        elif first.year is None:
            first = replace(first, year=last.year)
    begin, end = _resolved(first, today).first, _resolved(last, today).last
    if begin > end and named and guessed:
        end = _resolved(replace(last, year=end.year + 1), today).last
    elif begin > end and named:
        begin = _resolved(replace(first, year=begin.year - 1), today).first
    return Days(begin, end) if begin <= end else None
