"""Which days a text names, on 26 November 2026, a Thursday."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.periods import read_days

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("导出", "2026-11"),
        ("导出本月订单", "2026-11"),
        ("匯出上個月訂單", "2026-10"),
        ("导出上上个月", "2026-09"),
        ("导出9月", "2026-09"),
        ("导出 9 月", "2026-09"),
        ("导出十二月", "2025-12"),
        ("匯出２０２５年３月", "2025-03"),
        ("导出2026-09", "2026-09"),
        ("export last month's orders", "2026-10"),
        ("export October", "2026-10"),
        ("may i export sept 2025", "2025-09"),
        ("ཟླ་བ་༩པའི་མངགས་ཐོ་ཕྱིར་འདོན།", "2026-09"),
        ("ཟླ་བ་བཅུ་གཅིག་པའི་ཐོ་ཕྱིར་འདོན།", "2026-11"),
        ("ཟླ་བ་དང་པོ་ཕྱིར་འདོན།", "2026-01"),
        ("ཟླ་བ་སྔོན་མའི་མངགས་ཐོ་ཕྱིར་འདོན།", "2026-10"),
        ("ཟླ་བ་འདིའི་མངགས་ཐོ་ཕྱིར་འདོན།", "2026-11"),
        ("༢༠༢༥ལོའི་ཟླ་བ་༩པ་ཕྱིར་འདོན།", "2025-09"),
        ("导出前天的单", "2026-11-24"),
        ("匯出前天的訂單", "2026-11-24"),
        ("export the orders of the day before yesterday", "2026-11-24"),
        ("ཁ་ཉིན་ཀའི་མངགས་ཐོ་ཕྱིར་འདོན།", "2026-11-24"),
        ("ཁ་སྣོན་གྱི་མངགས་ཐོ་ཕྱིར་འདོན།", "2026-11"),
        ("导出今年", "2026"),
        ("export 2025", "2025"),
        ("འདི་ལོའི་ཕྱིར་འདོན།", "2026"),
        ("导出9月1日到10月15日", "2026-09-01_2026-10-15"),
        ("导出9月1号至15号的订单", "2026-09-01_2026-09-15"),
        ("导出9.1-9.15", "2026-09-01_2026-09-15"),
        ("导出9-11月", "2026-09-01_2026-11-30"),
        ("导出11月到1月", "2025-11-01_2026-01-31"),
        ("导出2025年11月到1月", "2025-11-01_2026-01-31"),
        ("导出12月25日到1月5日", "2025-12-25_2026-01-05"),
        ("导出2026-09-01到2026-09-15", "2026-09-01_2026-09-15"),
        ("export 1-15 sep", "2026-09-01_2026-09-15"),
        ("export September 1st to October 15th", "2026-09-01_2026-10-15"),
        ("ཟླ་༩ཚེས་༡ནས་ཟླ་༡༠ཚེས་༡༥བར་ཕྱིར་འདོན།", "2026-09-01_2026-10-15"),
        ("ཟླ་༩ཚེས་༡ནས་ཚེས་༡༥བར་ཕྱིར་འདོན།", "2026-09-01_2026-09-15"),
        ("export since 1 oct", "2026-10-01_2026-11-26"),
        ("导出10月1日以来的订单", "2026-10-01_2026-11-26"),
        ("导出今天的订单", "2026-11-26"),
        ("导出上周", "2026-11-16_2026-11-22"),
        ("导出30号", "2026-10-30"),
    ],
)
def test_days_are_read(text: str, name: str) -> None:
    days = read_days(text, TODAY)
    assert days and days.name == name


@pytest.mark.parametrize(
    "text", ["导出5", "导出13月", "导出9月31日", "导出订单 260720-158176", "导出9月10月11月"]
)
def test_what_is_not_clear_is_not_guessed(text: str) -> None:
    assert read_days(text, TODAY) is None


PIECES = "9 13 2026 年 月 日 号 - . / 到 十 sep 31st since ཟླ་ ཚེས་ ༩ དང་པོ 上月 今年 以来".split() + [
    " "
]


@given(st.lists(st.sampled_from(PIECES), max_size=9), st.dates(date(2021, 1, 1), date(2090, 1, 1)))
def test_nothing_that_is_typed_breaks_it(pieces: list[str], today: date) -> None:
    days = read_days("".join(pieces), today)
    assert days is None or days.first <= days.last
