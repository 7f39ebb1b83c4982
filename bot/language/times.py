"""Moments as people type them: 明天20:00, 周五下午三点半, tomorrow 8pm, in two hours, ད་ལྟ.

What is read here is shown back with its full date before anything is done: a wrong guess costs
one more message. All text is matched in the form of `script.form_of`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum

from bot.language.dates import MONTHS, read_day
from bot.language.numerals import ENGLISH, HAN_NUMERALS, TIBETAN_NUMERAL, read_number
from bot.language.regex import regex
from bot.language.script import form_of

_HAN = rf"\d{{1,2}}|[{HAN_NUMERALS}]{{1,3}}"
_ENGLISH = rf"\d{{1,2}}|(?<![a-z])(?:{'|'.join(ENGLISH)})(?![a-z])"
_TIBETAN = rf"\d{{1,2}}|{TIBETAN_NUMERAL}"


class _Part(Enum):
    """The part of the day that an hour is said of; ANY when none is named."""

    AM = r"凌晨|清晨|早|上[午昼]|(?<![a-z])a\.?m\b|morning|ཞོགས|སྔ་དྲོ"
    NOON = r"中午|正午|午间|(?<!after)noon|ཉིན་གུང"
    PM = r"下[午昼]|午后|傍晚|(?<![a-z])p\.?m\b|afternoon|ཕྱི་དྲོ"
    NIGHT = r"晚|夜|evening|night|tonite|དགོང|མཚན|དོ་ནུབ|སང་ནུབ"
    ANY = ""


RECENT = timedelta(days=60)
YEAR = timedelta(days=365)
_BEGINS = {_Part.NOON: 11, _Part.PM: 12, _Part.NIGHT: 17}  # at what hour
_SUFFIX = regex(r"\d\s*([ap])\.?m\b")
_NOW = regex(
    r"现在|马上|立刻|立即|即刻|而家|依家|(?<![a-z])(?:now|immediately|at once|asap|straight ?away)"
    r"(?![a-z])|ད་ལྟ|མྱུར་དུ|ལམ་སང"
)
_AFTER = (
    rf"(?P<n>{_HAN}|半)\s*个?(?P<half>半)?\s*(?P<u>小时|钟头|分钟)\s*[以之]?后",
    rf"in (?P<n>half an|an|a|{_ENGLISH}) ?(?P<half>and a half )?(?P<u>hour|min)",
    rf"(?P<u>ཆུ་ཚོད|སྐར་མ)་(?P<n>{_TIBETAN})(?P<half>་དང་ཕྱེད(?:་ཀ)?)?་?(?:འི)?་?རྗེས",
)
_MINUTES = {"小时": 60, "钟头": 60, "hour": 60, "ཆུ་ཚོད": 60, "分钟": 1, "min": 1, "སྐར་མ": 1}
# Clocks with what tells the minutes; the first two name the hour of 24.
_CLOCKS = (
    r"(?<![\d:.])(?P<h24>\d{1,2}):(?P<m>\d{2})(?![\d:])",
    r"^\s*(?P<h24>\d{1,2})\.(?P<m>\d{2})\s*$",
    r"^\s*(?P<h>\d{1,2})\s*$",
    r"(?<![\d:.])(?P<h>\d{1,2})(?:\.(?P<m>\d{2}))?(?=\s*[ap]\.?m\b)",
    rf"(?P<h>{_HAN})\s*(?:点|(?<!小)时(?!候))(?:钟|整)?"
    rf"(?:(?P<half>半)|(?P<q>[一三])刻|(?P<m>{_HAN})分?)?",
    rf"(?P<half>half|quarter) past (?P<h>{_ENGLISH})",
    rf"(?P<h>{_ENGLISH}) ?o'? ?clock",
    r"(?<![a-z])at (?P<h>\d{1,2})(?![\d:/.-])",
    r"(?P<h>\d{1,2}) (?=in the |at night|tonight)",
    rf"ཆུ་ཚོད་(?P<h>{_TIBETAN}|དང་པོ)་?(?:པ(?:འི|ར)?)?་?"
    rf"(?:(?:དང་)?(?:(?P<half>ཕྱེད)|སྐར་མ་(?P<m>{_TIBETAN})))?",
)
_MIDDAY = ((r"中午|正午|(?<!after)noon|ཉིན་གུང", 12), (r"午夜|半夜|midnight|མཚན་གུང", 24))
_DAYS = (
    (r"大前[天日]", -3),
    (r"前[天日]|day before yesterday|(?<![ཀ-ྼ])ཁ་(?:ཉིན(?:་ཀ)?|ཉི་ག)(?![ཀ-ྼ])|ཁེ་ཉིན", -2),
    (r"昨[天日晚]|yesterday|(?<![ཀ-ྼ])ཁ་(?:རྩང|ས|སང|ལྟས)(?![ཀ-ྼ])(?:་ཉིན)?|མདང", -1),
    (r"大后[天日]", 3),
    (r"后[天日]|(?:the )?day after tomorrow|གནངས(?:་ཉིན)?", 2),
    (r"[明听][天日]|(?=[明听][早晚])[明听]|tomorrow|tmrw?\b|(?<=་)སང་(?!ལོ)(?:ཉིན)?", 1),
    (r"今[天日]|(?=今[早晚夜])今|today|(?=tonight|tonite)|དེ་རིང|དོ་(?=དགོང|ནུབ)", 0),
)
_IN_DAYS = regex(rf"({_HAN})\s*天[以之]?后|in ({_ENGLISH}) days")
_WEEKDAY = regex(
    r"(?P<next>下个?|next )?(?P<last>上{1,2}个?|last |བདུན་ཕྲག་(?:སྔོན|གོང)་མའི་)?(?:这个?|本|this )?"
    r"(?:(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])"
    r"|(?<![a-z])(?P<en>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?(?![a-z])"
    r"|གཟའ་(?P<bo>ཟླ་བ|མིག་དམར|ལྷག་པ|ཕུར་བུ|པ་སངས|སྤེན་པ|ཉི་མ))"
)
_WEEK = {
    **{sign: place for place, sign in enumerate("一二三四五六日")},
    "天": 6,
    **{word: place for place, word in enumerate("mon tue wed thu fri sat sun".split())},
    **{word: place for place, word in enumerate("ཟླ་བ མིག་དམར ལྷག་པ ཕུར་བུ པ་སངས སྤེན་པ ཉི་མ".split())},
}
_NEXT_YEAR = regex(r"[明来]年|\bnext year\b|དུས་སང|ཕྱི་ལོ|སང་ལོ")
_HAN_DATE = regex(rf"[{HAN_NUMERALS}]{{1,3}}(?=[月日号])")
_DATE = regex(rf"\d月\d|\d{{1,4}}[-/.]\d{{1,2}}|\b(?:{'|'.join(MONTHS)})[a-z]*\b|ཟླ་\D{{0,6}}\d")
_OF_MONTH = regex(r"(?<!\d)(\d{1,2})(?:[日号]|(?:st|nd|rd|th)(?![a-z]))")


def read_moment(text: str, here: datetime, since: datetime | None = None) -> datetime | None:
    """The moment that a text names, as seen `here` and now; None when it names no time of day.

    Without a day it is the next such time, from now on or `since` then. It may be past where the
    text says so.
    """
    form, since = form_of(text).text, since or here
    later = _after(form, here)
    if later:
        return later
    found = _clock(form)
    if found is None:
        return here if _NOW.search(form) else None
    rest, hours, minute = found
    try:
        days = list(_days(rest, here.date()))
    except ValueError:
        return None
    days = days or [since.date(), since.date() + timedelta(days=1)]
    starts = [datetime.combine(day, time(0), here.tzinfo) for day in days]
    moments = [start + timedelta(hours=h, minutes=minute) for start in starts for h in hours]
    return next((moment for moment in moments if moment >= since), moments[-1])


def day_in(text: str, today: date) -> date | None:
    """The day that a text names, by its date or as tomorrow or Friday; None when it names none."""
    form = form_of(text).text
    try:
        day = next(_days(form, today), None) or read_day(text, today)
        is_next_year = day and day.year == today.year and _NEXT_YEAR.search(form)
        return day.replace(year=day.year + 1) if day and is_next_year else day
    except ValueError:
        return None


def next_day_in(text: str, today: date) -> date | None:
    """The day to come that a text names; one that has passed where the text says so, or where it
    has no year and that day was in the last weeks.
    """
    day, date_said = day_in(text, today), _in_digits(form_of(text).text)
    return read_day(date_said, today - RECENT) if day == read_day(date_said, today) else day


def last_day_in(text: str, today: date) -> date | None:
    """The day up to today that a text names; one to come where the text says so, or where it has no
    year and that day is in the next weeks.
    """
    form, day = form_of(text).text, day_in(text, today)
    date_said, week = _in_digits(form), _WEEKDAY.search(form)
    if day == read_day(date_said, today):
        return read_day(date_said, today + RECENT - YEAR)
    if week and not (week["next"] or week["last"]):
        return day_in(text, today - timedelta(days=6))
    named = week or any(re.search(words, form) for words, _ in _DAYS) or _IN_DAYS.search(form)
    return day if named or day is None else day_in(text, today - timedelta(days=30))


def beginning_in(text: str, here: datetime) -> datetime | None:
    """When the day that a text names begins, or its evening if it is of that; None for no day."""
    day = day_in(text, here.date())
    hour = _BEGINS.get(_part(form_of(text).text), 0)
    return datetime.combine(day, time(hour), here.tzinfo) if day else None


def _after(form: str, here: datetime) -> datetime | None:
    """两小时后, in half an hour."""
    for pattern in _AFTER:
        if found := re.search(pattern, form):
            said = found["n"]
            number = 0.5 if said in ("半", "half an") else float(_number(said) or 1)
            number += 0.5 if found["half"] else 0
            return here + timedelta(minutes=round(number * _MINUTES[found["u"]]))
    return None


def _number(word: str) -> int | None:
    value = read_number(word.strip())
    return int(value) if value is not None and value.denominator == 1 else None


def _clock(form: str) -> tuple[str, tuple[int, ...], int] | None:
    """What is left of a text without its time of day, the hours that may be meant, the minute."""
    for pattern in _CLOCKS:
        if found := re.search(pattern, form):
            said = found.groupdict()
            hour = 1 if said.get("h") == "དང་པོ" else _number(said.get("h24") or said["h"])
            minute = _minute(said)
            if hour is None or hour > 24 or minute > 59 or (hour == 24 and minute):
                return None
            rest = f"{form[: found.start()]} {form[found.end() :]}"
            return rest, _hours(hour, _part(form), spoken="h24" not in said), minute
    for words, hour in _MIDDAY:
        if re.search(words, form):
            return re.sub(words, " ", form), (hour,), 0
    return None


def _minute(said: dict[str, str | None]) -> int:
    if said.get("half"):
        return 15 if said["half"] == "quarter" else 30
    if quarter := said.get("q"):
        return 15 if quarter == "一" else 45
    return (_number(said.get("m") or "0") or 0) if said.get("m") else 0


def _part(form: str) -> _Part:
    if suffix := _SUFFIX.search(form):
        return _Part.AM if suffix[1] == "a" else _Part.PM
    return next((part for part in _Part if part.value and re.search(part.value, form)), _Part.ANY)


def _hours(hour: int, part: _Part, *, spoken: bool) -> tuple[int, ...]:
    """The hours of the day, those after midnight above 23, that an hour of a clock may be."""
    if part is _Part.ANY:
        return (hour, hour + 12) if spoken and 0 < hour <= 12 else (hour,)
    if hour > 12:
        return (hour,)
    if part is _Part.NIGHT:
        return (hour + 12,) if hour >= 5 else (hour + 24,)
    if part is _Part.AM:
        return (hour % 12,)
    afternoon = hour < 12 if part is _Part.PM else hour < 5
    return (hour + 12 * afternoon,)


def _days(form: str, today: date) -> Iterator[date]:
    """The days that may be meant, the likeliest first; none where none is named.

    Raises ValueError for a date that is none.
    """
    for words, offset in _DAYS:
        if re.search(words, form):
            yield today + timedelta(days=offset)
            return
    if found := _IN_DAYS.search(form):
        yield today + timedelta(days=_number(found[1] or found[2]) or 0)
    elif found := _WEEKDAY.search(form):
        place = _WEEK[found["zh"] or found["en"] or found["bo"]]
        ahead = (place - today.weekday()) % 7
        if said := found["last"]:
            weeks = max(1, said.count("上"))
            behind = today.weekday() - place + 7 * weeks  # last Wednesday is the latest one
            yield today - timedelta(days=behind % 7 or 7 if said == "last " else behind)
            return
        if found["next"]:
            ahead = 7 - today.weekday() + place
        yield today + timedelta(days=ahead)
        yield today + timedelta(days=ahead + 7)
    else:
        digits = _in_digits(form)
        if _DATE.search(digits):
            day = read_day(digits, today)
            if day is None:
                raise ValueError(form)
            yield day
        elif found := _OF_MONTH.search(digits):
            yield _next_of_month(int(found[1]), today)


def _in_digits(form: str) -> str:
    return _HAN_DATE.sub(lambda han: str(_number(han[0]) or han[0]), form)


def _next_of_month(number: int, today: date) -> date:
    """The next day of that number, in this month or the next. Raises ValueError."""
    if number >= today.day:
        return today.replace(day=number)
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first.replace(day=number)
