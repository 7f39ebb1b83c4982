"""What the shop writes it also reads: amounts, money and phones come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.addresses.reading import read_phone
from bot.language.locales import Locales
from bot.language.quantities import AMOUNT_MAX
from tests.language.shop import reader

LOCALES = Locales()
COUNTERS = {"zh-Hans": "根", "zh-Hant": "根", "en": "", "bo": "རྐང"}


@pytest.mark.parametrize("language", LOCALES.languages)
@settings(max_examples=150, deadline=None)
@given(grams=st.integers(1, 200_000))
def test_a_weight(language: str, grams: int) -> None:
    usual = LOCALES.usual_grams(language)
    for amount in (grams, min(grams * usual // 10 or 1, AMOUNT_MAX)):
        written = LOCALES.quantity(language, amount, "g")
        read = reader().read_anew(written).quantity
        assert str(read) == f"{amount} g", written


@pytest.mark.parametrize("language", LOCALES.languages)
@settings(max_examples=100, deadline=None)
@given(number=st.integers(1, 99_999), unit=st.sampled_from(["pc", "box", "bag"]))
def test_a_count(language: str, number: int, unit: str) -> None:
    counter = COUNTERS[language] if unit == "pc" else ""
    written = LOCALES.quantity(language, number, unit, counter)
    if unit == "pc" and not counter and language == "bo":
        return  # A bare number: what it counts was said before.
    assert str(reader().read_anew(written).quantity) == f"{number} {unit}", written


@pytest.mark.parametrize("language", LOCALES.languages)
@settings(max_examples=100, deadline=None)
@given(minor=st.integers(1, 99_999_999))
def test_money(language: str, minor: int) -> None:
    written = LOCALES.money(language, minor, "CNY")
    assert reader().read_anew(written).money == (minor,), written


@settings(max_examples=100, deadline=None)
@given(
    digits=st.integers(30, 99).flatmap(
        lambda head: st.integers(0, 99_999_999).map(lambda tail: f"1{head}{tail:08d}")
    ),
    shape=st.sampled_from(["{}{}{}", "{} {} {}", "{}-{}-{}", "+86 {} {} {}", "+86{}{}{}"]),
)
def test_a_phone(digits: str, shape: str) -> None:
    written = shape.format(digits[:3], digits[3:7], digits[7:])
    assert read_phone(written) == digits, written
