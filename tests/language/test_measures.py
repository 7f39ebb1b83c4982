"""Quantities: exact ones come out in grams and pieces, vague ones come out as vague."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.numerals import han_numeral, tibetan_numeral
from tests.language.shop import reader

reader()  # built here, so that no example is slow by it


def quantity(text: str) -> str:
    read = reader().read(text).quantity
    return str(read) if read else ""


@given(
    st.integers(1, 9_999), st.sampled_from([("斤", 500), ("公斤", 1000), ("克", 1), ("kg", 1000)])
)
def test_a_number_and_a_unit_are_grams(value: int, unit: tuple[str, int]) -> None:
    word, grams = unit
    assert quantity(f"来{value}{word}松茸") == f"{value * grams} g"
    assert quantity(f"来{value} {word}松茸") == f"{value * grams} g"


@given(st.integers(1, 9_999))
def test_han_numerals_count_pieces(value: int) -> None:
    assert quantity(f"要{han_numeral(value)}根虫草") == f"{value} pc"


@given(st.integers(1, 999))
def test_tibetan_puts_the_number_after_the_unit(value: int) -> None:
    assert quantity(f"མར་རྒྱ་མ་{tibetan_numeral(value)}་དགོས") == f"{value * 500} g"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("二两花椒", "100 g"),
        ("两斤花椒", "1000 g"),
        ("两两花椒", "100 g"),
        ("半斤花椒", "250 g"),
        ("斤半花椒", "750 g"),
        ("一斤半花椒", "750 g"),
        ("2斤半花椒", "1250 g"),
        ("三斤二两花椒", "1600 g"),
        ("半公斤花椒", "500 g"),
        ("500G花椒", "500 g"),
        ("虫草一打", "12 pc"),
        ("half a kilo of honey", "500 g"),
        ("a pound and a half of honey", "681 g"),
        ("8 oz honey", "224 g"),
        ("half a dozen cordyceps", "6 pc"),
        ("སྦྲང་རྩི་རྒྱ་མ་གཅིག་དང་ཕྱེད་ཀ", "750 g"),
        ("3条的草 一百根", "100 pc"),
        ("2000条的草 半斤", "250 g"),
        ("草 一百五十条 老地方", "150 pc"),
        ("肉干一斤几个钱", "500 g"),
        ("cc 20", "20 pc"),
        ("དབྱར་རྩྭ་ ounce གཅིག་ལ་ག་ཚོད་རེད", "28 g"),
        ("ཤ་སྐམ་ pound གཉིས་", "908 g"),
        ("tsampa pound 5 la ga tse re", "2270 g"),
        ("yerma gyama phe ka go", "250 g"),
        ("རྩ་བ་བརྒྱ་དགོས", "100 pc"),
        ("འབུ་ཆེ་བ་༢༠་སྒམ་སྙིང་རྗེ་པོའི་ནང་བླུགས་རོགས", "20 pc"),
    ],
)
def test_measures_people_type(text: str, read: str) -> None:
    assert quantity(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "两三斤松茸",
        "几斤松茸",
        "一两斤松茸",
        "十几斤松茸",
        "来点松茸",
        "松茸来一份",
        "3-5斤松茸",
        "a few kilos of honey",
    ],
)
def test_a_vague_amount_is_no_amount(text: str) -> None:
    read = reader().read(text)
    assert read.quantity is None
    assert read.vague and read.vague in text


@pytest.mark.parametrize(
    "text",
    [
        "80一斤的那种牛肉干还有吗",
        "人家虫草才卖28一根",
        "4根一克的虫草多少钱",
        "虫草4条的啥价",
        "1500条的草怎么卖",
        "等了3个月虫草还没到",
        "三七粉有吗",
        "7-11取货吗",
    ],
)
def test_what_only_looks_like_an_amount_is_none(text: str) -> None:
    assert quantity(text) == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("我微信号是 pantao88", None),
        ("add my wechat: pantao88", None),
        ("加我微信 wx_2024", None),
        ("my id is a1b2 or 1a2b", None),
        ("蜂蜜 x2", 2),
        ("2x honey", 2),
        ("honey*2", 2),
    ],
)
def test_a_figure_in_a_name_is_no_number(text: str, number: int | None) -> None:
    assert reader().read(text).number == number


def test_a_figure_with_its_unit_is_an_amount_however_it_is_written() -> None:
    written = ("10pcs cordyceps", "2jin butter", "500g butter", "butter 3kg", "butter2jin", "50根")
    assert [quantity(each) for each in written] == [
        *("10 pc", "1000 g", "500 g", "3000 g", "1000 g", "50 pc")
    ]
    assert quantity("one less bag of jerky please") == "1 bag"
