"""Numerals: every way of writing a number comes back as the number."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.numerals import han_numeral, read_number, tibetan_numeral
from bot.language.script import form_of


@given(st.integers(0, 99_999_999))
def test_what_chinese_writes_is_read_back(value: int) -> None:
    assert read_number(han_numeral(value)) == value


@given(st.integers(1, 99_999))
def test_what_tibetan_writes_is_read_back(value: int) -> None:
    assert read_number(form_of(tibetan_numeral(value)).text) == value


@given(st.integers(0, 999_999))
def test_digits_of_every_script_are_the_same_number(value: int) -> None:
    for zero in "0０༠":
        written = "".join(chr(ord(zero) + int(digit)) for digit in str(value))
        assert read_number(form_of(written).text) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("半", Fraction(1, 2)),
        ("俩", 2),
        ("壹佰", 100),
        ("三百五", 350),
        ("三百零五", 305),
        ("两百", 200),
        ("廿", 20),
        ("2.5", Fraction(5, 2)),
        ("twenty-five", 25),
        ("half a dozen", 6),
        ("a dozen", 12),
        ("one hundred and five", 105),
        ("er shi", 20),
        ("nyi shu", 20),
        ("ཉི་ཤུ་རྩ་གཅིག", 21),
        ("ལྔ་བརྒྱ", 500),
        ("བརྒྱ་ལྔ", 105),
        ("ཕྱེད་ཀ", Fraction(1, 2)),
        ("ཕྱེད་དང་གཉིས", Fraction(3, 2)),
        ("ཕྱེད་དང་ལྔ", Fraction(9, 2)),
    ],
)
def test_numerals_people_type(written: str, value: Fraction) -> None:
    assert read_number(form_of(written).text) == value


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader_of_numbers(text: str) -> None:
    read_number(text)
