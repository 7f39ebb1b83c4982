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


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_what_is_written_is_read_back(day: date) -> None:
    assert read_day(day.isoformat(), TODAY) == day
    assert read_day(f"{day.year}年{day.month}月{day.day}日", TODAY) == day


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    read_day(text, TODAY)
