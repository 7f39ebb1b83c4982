"""From when until when, and how long: 8点到10点, 两小时, until midnight, for 30 minutes, 22:00བར.

As with moments, what is read here is shown back before anything is done.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from fractions import Fraction

from msgspec import Struct

from bot.language.numerals import ENGLISH, HAN_NUMERALS, TIBETAN_NUMERAL, read_number
from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.times import beginning_in, day_in, read_moment

_WORD = rf"(?:{'|'.join(ENGLISH)})"
_DIGITS = r"\d{1,3}(?:\.\d)?"
_TIBETAN = rf"\d{{1,3}}|ཕྱེད(?:་ཀ)?|{TIBETAN_NUMERAL}"
# 两小时后 and in two hours are moments; 第二天 is the day after.
_LENGTHS = (
    rf"(?<![第\d.])(?!每)(?P<n>{_DIGITS}|[{HAN_NUMERALS}]{{1,5}}|半)\s*个?(?P<half>半)?\s*"
    rf"(?P<u>小时|钟头|分钟|天|(?<=小时\d\d)分)(?P<more>半)?(?!\s*[以之]?后)",
    rf"(?<![a-z\d.])(?<!in )(?<!half )(?P<n>half an?|an?|{_DIGITS}|{_WORD}(?:[ -]{_WORD})?)"
    r"(?P<half> and a half)?[ -]?(?P<u>hour|hr|h|min|day)(?:ute)?s?(?![a-z])"
    r"(?P<more> and a half)?",
    rf"(?:ཆུ་ཚོད་(?P<hours>{_TIBETAN})་དང་)?(?P<u>ཆུ་ཚོད|སྐར་མ|ཉིན)(?:་མ)?་(?P<n>{_TIBETAN})"
    rf"(?P<half>་དང་ཕྱེད(?:་ཀ)?)?་?(?:[ཀགྱ]+ི་|འི་)?(?:རིང|འགྱངས|སྔ(?!་དྲོ))",
    rf"^[\s་]*(?P<u>སྐར་མ)་(?P<n>{_TIBETAN})་?$",
)
_MINUTES = {
    **dict.fromkeys(("小时", "钟头", "hour", "hr", "h", "ཆུ་ཚོད"), 60),
    **dict.fromkeys(("分钟", "分", "min", "སྐར་མ"), 1),
    **dict.fromkeys(("天", "day", "ཉིན"), 24 * 60),
}
_CLOCK = r"\d{1,2}(?::\d\d|\s*[ap]\.?m|点|时)|[明晚午半]|noon|midnight|tomorrow"
# 20:00-22:00, 8pm to 10; but 7-25 is a day.
_RANGE = regex(
    rf"(?<=[\d点时半分m])\s*[-–—]\s*(?={_CLOCK})|(?<=[\d点时半分mn]) to (?={_CLOCK}|\d{{1,2}}$)"
)
# 推迟到9点 is when it starts.
_UNTIL = regex(
    r"(?<![改换推迟挪调前提])(?:直?到|至)(?!时候|货)|(?:结束|截止)(?:时间)?(?:[是为在到:]|改[成到为])?"
    r"(?=\s*[^\s了吧,.!?])|(?<![a-z])(?:until|till?|through|end(?:s|ing)?|finish(?:es)?)(?: at)?"
    r"(?![a-z])"
)
_ENDS = regex(r"结束|截止|为止|་?(?:གི་)?བར(?=་)|མཇུག")
_STARTS = regex(r"[,;;、。]|开始|ནས|(?<![a-z])start(?:s|ing)?(?![a-z])")
_AROUND = regex(r"^[\s་]*(?:从|自|由|from )?|[\s་,、]+$")
_BARE = regex(rf"(?<![\d:.周期拜])(?:\d{{1,2}}|[{HAN_NUMERALS}]{{1,3}})$")


# 8pm to 10pm tomorrow is all tomorrow, where it can be; 8pm to 10am tomorrow is overnight.
_DAY_BEHIND = regex(
    r"(?:\d|m\.?|noon|点半?|时),? ?(?:on )?(?:the day after tomorrow|tomorrow|tmrw?|[明后]天"
    r"|(?:next |this )?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|(?:the )?\d{1,2}(?:st|nd|rd|th)?(?: of)? [a-z]{3,9}|[a-z]{3,9} \d{1,2}(?:st|nd|rd|th)?)\W*\Z"
)


_CLOCK_SAID = regex(r"\d|点|noon")


class Span(Struct, frozen=True):
    """What a text says of it: when it starts, or only from when on the day, its end, its length."""

    starts: datetime | None
    day: datetime | None
    ends: datetime | None
    lasts: timedelta | None


def read_span(
    text: str, here: datetime, *, since: datetime | None = None, starts: datetime | None = None
) -> Span | None:
    """What a text says, as seen `here` and now; None when it says nothing of it.

    A start without a day is the next such time `since` then; an end is one after the start, which
    is as known before (`starts`) where the text names none.
    """
    head, lasts = _length(form_of(text).text)
    head, tail = _parted(head)
    day = beginning_in(head, here)
    since = max(here, day or since or here)
    start = _start(head, here, since)
    end = _end(tail, here, start or starts or since) if tail else None
    if start and end and not day and _CLOCK_SAID.search(head) and _DAY_BEHIND.search(tail):
        that_day = datetime.combine(end.date(), start.timetz())
        start = that_day if that_day < end else start
    if start is None and day is None and end is None and lasts is None:
        return None
    return Span(start, day, end, lasts)


def _length(form: str) -> tuple[str, timedelta | None]:
    """What is left of a text without the length that it names, and this."""
    minutes = Fraction(0)
    for pattern in _LENGTHS:
        for found in re.finditer(pattern, form):
            said = found.groupdict()
            unit = _MINUTES[said["u"]]
            number = 1 if said["n"] in ("a", "an") else _number(said["n"])
            half = Fraction(1, 2) if said.get("half") or said.get("more") else 0
            minutes += unit * (number + half) + 60 * _number(said.get("hours"))
            form = form.replace(found[0], " ", 1)
    return form, timedelta(minutes=round(minutes)) if minutes else None


def _number(word: str | None) -> Fraction:
    return (read_number(word.strip()) if word else None) or Fraction(0)


def _parted(form: str) -> tuple[str, str]:
    """What a text says of the start, and what of the end."""
    form = _RANGE.sub("到", form)
    if found := _UNTIL.search(form):
        return form[: found.start()], form[found.end() :]
    if found := _ENDS.search(form):
        parts = [part for part in _STARTS.split(form[: found.start()]) if part.strip(" ་")]
        return " ".join(parts[:-1]), parts[-1] if parts else ""
    return form, ""


def _start(head: str, here: datetime, since: datetime) -> datetime | None:
    """The moment of a start, of which 晚上8 is one when an end is named behind it."""
    head = _AROUND.sub("", head)
    return read_moment(head, here, since) or read_moment(_BARE.sub(r"\g<0>点", head), here, since)


def _end(tail: str, here: datetime, start: datetime) -> datetime | None:
    """The moment of an end; a day alone counts until its end."""
    tail = _AROUND.sub("", tail)
    day = day_in(tail, here.date())
    moment = read_moment(tail, here, start)
    if moment or not day:
        return moment
    return datetime.combine(day + timedelta(days=1), time(0), here.tzinfo)
