"""From when until when and how long, as people type it, read on Monday 20 July at 15:00."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.language.spans import Span, read_span

HERE = datetime(2026, 7, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
AT_EIGHT = HERE.replace(hour=20)

LENGTHS = {
    "两小时": 120,
    "兩個小時": 120,
    "两个半小时": 150,
    "一个小时半": 90,
    "1.5小时": 90,
    "半小时": 30,
    "持續半個鐘頭": 30,
    "30分钟": 30,
    "1小时30分钟": 90,
    "1小时30分": 90,
    "就卖90分钟": 90,
    "三天": 3 * 1440,
    "半天": 720,
    "24小时": 1440,
    "for 30 minutes": 30,
    "two hours": 120,
    "for 2 hours": 120,
    "2h": 120,
    "45 mins": 45,
    "half an hour": 30,
    "an hour and a half": 90,
    "one and a half hours": 90,
    "twenty-four hours": 1440,
    "a day": 1440,
    "ཆུ་ཚོད་གཉིས་རིང": 120,
    "ཆུ་ཚོད་གཉིས་ཀྱི་རིང་།": 120,
    "ཆུ་ཚོད་༢་རིང་།": 120,
    "ཆུ་ཚོད་གཅིག་དང་ཕྱེད་ཀའི་རིང": 90,
    "ཆུ་ཚོད་1་དང་སྐར་མ་30་རིང": 90,
    "སྐར་མ་30": 30,
    "སྐར་མ་སུམ་ཅུའི་རིང": 30,
    "ཉིན་གསུམ་རིང": 3 * 1440,
}


@pytest.mark.parametrize("text, minutes", LENGTHS.items())
def test_a_length_is_read(text: str, minutes: int) -> None:
    assert read_span(text, HERE) == Span(None, None, None, timedelta(minutes=minutes))


ENDS = {
    "到晚上10点": "07-20 22:00",
    "到晚上十點結束": "07-20 22:00",
    "直到22:00": "07-20 22:00",
    "到10点": "07-20 22:00",
    "10点结束": "07-20 22:00",
    "晚上10点截止": "07-20 22:00",
    "结束时间22:00": "07-20 22:00",
    "延長到晚上11點": "07-20 23:00",
    "到半夜12点": "07-21 00:00",
    "到今晚12点": "07-21 00:00",
    "到明天中午": "07-21 12:00",
    "到明早8点": "07-21 08:00",
    "到周五": "07-25 00:00",
    "到7月25日": "07-26 00:00",
    "until midnight": "07-21 00:00",
    "until 10pm": "07-20 22:00",
    "till 10": "07-20 22:00",
    "ends at 10pm": "07-20 22:00",
    "until tomorrow noon": "07-21 12:00",
    "until Friday": "07-25 00:00",
    "ཆུ་ཚོད་10་བར": "07-20 22:00",
    "དགོང་དྲོ་ཆུ་ཚོད་བཅུ་བར་དུ།": "07-20 22:00",
    "22:00བར": "07-20 22:00",
    "མཚན་གུང་བར": "07-21 00:00",
    "སང་ཉིན་བར": "07-22 00:00",
}


@pytest.mark.parametrize("text, moment", ENDS.items())
def test_an_end_is_read(text: str, moment: str) -> None:
    read = read_span(text, HERE, starts=AT_EIGHT)
    assert read and read.ends and f"{read.ends:%m-%d %H:%M}" == moment
    assert (read.starts, read.lasts) == (None, None)


SPANS = {
    "8点到10点": "07-20 20:00 07-20 22:00",
    "晚上8到10点": "07-20 20:00 07-20 22:00",
    "从今晚八点到明早八点": "07-20 20:00 07-21 08:00",
    "明天20:00-22:00": "07-21 20:00 07-21 22:00",
    "20:00～22:00": "07-20 20:00 07-20 22:00",
    "明天8点开始，晚上10点结束": "07-21 08:00 07-21 22:00",
    "8点开始10点结束": "07-20 20:00 07-20 22:00",
    "现在开始，到晚上10点": "07-20 15:00 07-20 22:00",
    "周五20:00到周六中午": "07-24 20:00 07-25 12:00",
    "8pm to 10pm": "07-20 20:00 07-20 22:00",
    "from 8 to 10pm": "07-20 20:00 07-20 22:00",
    "from 8pm to 10pm tomorrow": "07-21 20:00 07-21 22:00",
    "8pm to 10pm on Friday": "07-24 20:00 07-24 22:00",
    "8pm to 10am tomorrow": "07-20 20:00 07-21 10:00",
    "now until 10pm tomorrow": "07-20 15:00 07-21 22:00",
    "tomorrow 8pm-10pm": "07-21 20:00 07-21 22:00",
    "8pm until midnight": "07-20 20:00 07-21 00:00",
    "now until 10pm": "07-20 15:00 07-20 22:00",
    "starts 8pm ends 10pm": "07-20 20:00 07-20 22:00",
    "ཆུ་ཚོད་8་ནས་10་བར": "07-20 20:00 07-20 22:00",
    "ད་ལྟ་ནས་ཆུ་ཚོད་10་བར": "07-20 15:00 07-20 22:00",
    "སང་ཉིན་20:00ནས་22:00བར": "07-21 20:00 07-21 22:00",
}


@pytest.mark.parametrize("text, span", SPANS.items())
def test_a_start_and_an_end_are_read(text: str, span: str) -> None:
    read = read_span(text, HERE)
    assert read and read.starts and read.ends
    assert f"{read.starts:%m-%d %H:%M} {read.ends:%m-%d %H:%M}" == span


STARTS = {
    "现在开始，两小时": ("07-20 15:00", 120),
    "明晚8点，持续一个半小时": ("07-21 20:00", 90),
    "20:00 for 2 hours": ("07-20 20:00", 120),
    "tomorrow at noon for half an hour": ("07-21 12:00", 30),
    "ཆུ་ཚོད་8་ནས་སྐར་མ་30་རིང": ("07-20 20:00", 30),
    "དགོང་དྲོ་ཆུ་ཚོད་བརྒྱད": ("07-20 20:00", None),
    # These are moments and no lengths.
    "两小时后": ("07-20 17:00", None),
    "in two hours": ("07-20 17:00", None),
    "in half an hour": ("07-20 15:30", None),
    "三天后20:00": ("07-23 20:00", None),
    "ཆུ་ཚོད་གཉིས་རྗེས": ("07-20 17:00", None),
    "20点30分": ("07-20 20:30", None),
    "改到9点": ("07-20 21:00", None),
    "推迟到9点": ("07-20 21:00", None),
    "7-25 8pm": ("07-25 20:00", None),
    "2026-07-25 20:00": ("07-25 20:00", None),
    "july 25th, 8pm": ("07-25 20:00", None),
    "tomorrow 8pm": ("07-21 20:00", None),
}


@pytest.mark.parametrize("text", STARTS)
def test_a_start_is_read(text: str) -> None:
    moment, minutes = STARTS[text]
    read = read_span(text, HERE)
    assert read and read.starts and f"{read.starts:%m-%d %H:%M}" == moment
    assert (read.ends, read.lasts) == (None, minutes and timedelta(minutes=minutes))


DAYS = {
    "明天": "07-21 00:00",
    "明天晚上": "07-21 17:00",
    "tomorrow evening": "07-21 17:00",
    "周五": "07-24 00:00",
    "སང་ཉིན": "07-21 00:00",
    "སང་དགོང": "07-21 17:00",
}


@pytest.mark.parametrize("text, day", DAYS.items())
def test_a_day_without_an_hour_is_read(text: str, day: str) -> None:
    read = read_span(text, HERE)
    assert read and read.day and f"{read.day:%m-%d %H:%M}" == day
    assert (read.starts, read.ends, read.lasts) == (None, None, None)


@pytest.mark.parametrize(
    "text, moment",
    {
        "8点": "07-21 20:00",
        "晚上八点": "07-21 20:00",
        "8": "07-21 20:00",
        "20:00": "07-21 20:00",
    }.items(),
)
def test_an_hour_is_of_the_day_said_before(text: str, moment: str) -> None:
    evening = read_span("明天晚上", HERE)
    assert evening
    read = read_span(text, HERE, since=evening.day)
    assert read and read.starts and f"{read.starts:%m-%d %H:%M}" == moment


@pytest.mark.parametrize("text", ["好", "5根", "算了", "yes", "to be sure", "到货", "འགྲིག"])
def test_other_words_say_nothing_of_it(text: str) -> None:
    assert read_span(text, HERE) is None
