"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.dates import read_day

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text, day",
    [
        ("2026-12-05", date(2026, 12, 5)),
        ("2027年1月8日", date(2027, 1, 8)),
        ("12月5日", date(2026, 12, 5)),
        ("到1月8号", date(2027, 1, 8)),
        ("12/5", date(2026, 12, 5)),
        ("5 Dec", date(2026, 12, 5)),
        ("good until December 5th, 2027", date(2027, 12, 5)),
        ("ཟླ་༡༢ཚེས་༥", date(2026, 12, 5)),
        ("１２月５日", date(2026, 12, 5)),
        ("26-12-05", date(2026, 12, 5)),
        ("13月5日", None),
        ("31 Feb", None),
        ("soon", None),
        ("20", None),
        ("", None),
    ],
)
def test_a_day_is_read(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text, day",
    [
        ("酥油收了15斤,11月18号做的", date(2027, 11, 18)),
        ("入库酥油20斤保质期12月1日", date(2026, 12, 1)),
        ("酥油到货20斤,2026年7月18日做的", date(2026, 7, 18)),
        ("進貨酥油20斤，12月18號做的", date(2026, 12, 18)),
        ("40一斤，2026-07-18做的", date(2026, 7, 18)),
        ("1.5公斤，保质期到12/5", date(2026, 12, 5)),
        ("20 jin good until 1 December", date(2026, 12, 1)),
        ("20 jin at 60, good until december 1st", date(2026, 12, 1)),
        ("20 jin picked on the 5th of Dec 2026", date(2026, 12, 5)),
        ("མར་རྒྱ་མ་20 ཟླ་བ་12ཚེས་18ལ་བཟོས་པ", date(2026, 12, 18)),
        ("མར་རྒྱ་མ་༢༠ ཟླ་བཅུ་གཉིས་པའི་ཚེས་ལྔ་ལ་བཟོས་པ", date(2026, 12, 5)),
        ("2026ལོའི་ཟླ་7ཚེས་18", date(2026, 7, 18)),
        ("12 5", date(2026, 12, 5)),
        ("dug 1.5 kg", None),
        ("新挖的1.5公斤", None),
        ("松茸5-7厘米20斤", None),
        ("卖58.5元", None),
        ("20 jin, 60 yuan a jin", None),
        ("5 separate lots of 20", None),
        ("མར་རྒྱ་མ་1.5", None),
    ],
)
def test_a_day_is_never_read_from_an_amount(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_what_is_written_is_read_back(day: date) -> None:
    assert read_day(day.isoformat(), TODAY) == day
    assert read_day(f"{day.year}年{day.month}月{day.day}日", TODAY) == day


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    read_day(text, TODAY)
