"""What a voucher takes off, as operators type it in all languages and scripts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bot.language import reductions

PERCENTS = {
    "9折": 10,
    "8.5折": 15,
    "8.8折": 12,
    "85折": 15,
    "95 折": 5,
    "打85折": 15,
    "1折": 90,
    "八折": 20,
    "打八折": 20,
    "八五折": 15,
    "打八五折": 15,
    "九五折優惠": 5,
    "八点五折": 15,
    "八點八折": 12,
    "对折": 50,
    "半價": 50,
    "五折": 50,
    "10%": 10,
    "10 %": 10,
    "１０％": 10,
    "减15%": 15,
    "百分之十五": 15,
    "百分之15": 15,
    "一成": 10,
    "15 percent": 15,
    "15 per cent off": 15,
    "half price": 50,
    "བརྒྱ་ཆ་15": 15,
    "བརྒྱ་ཆ་བཅོ་ལྔ་གཅོག": 15,
    "༡༠%": 10,
    # Read as they are, so that they can be refused.
    "12.5%": Fraction(25, 2),
    "8.55折": Fraction(29, 2),
    "10折": 0,
    "0折": 100,
    "100%": 100,
    "185折": -85,
}


@pytest.mark.parametrize("text, percent", PERCENTS.items())
def test_a_percentage_is_read(text: str, percent: int | Fraction) -> None:
    assert reductions.percent_in(text) == percent


@pytest.mark.parametrize("text", ["减20", "20", "满200", "二十块", "སྒོར་20", "20 off", "打电话"])
def test_a_sum_is_no_percentage(text: str) -> None:
    assert reductions.percent_in(text) is None


@pytest.mark.parametrize(
    "text, both",
    [
        ("满100减20", (2000, 10000)),
        ("滿兩百減三十", (3000, 20000)),
        ("满200元立减30元", (3000, 20000)),
        ("20 off from 100", (2000, 10000)),
        ("20 yuan off orders over 100", (2000, 10000)),
        ("减20", None),
        ("满200", None),
    ],
)
def test_both_sums_are_read_at_once(text: str, both: tuple[int, int] | None) -> None:
    assert reductions.sum_from(text) == both


@pytest.mark.parametrize("text", ["不限", "不限金额", "無門檻", "any", "no minimum", "ཚད་མེད།"])
def test_any_sum(text: str) -> None:
    assert reductions.is_any(text)
