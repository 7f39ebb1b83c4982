"""Decimals in Han numerals: 六十点五 is 60.5."""

from __future__ import annotations

from fractions import Fraction

from bot.language.numerals import HAN_DIGITS, HAN_NUMERALS, read_number

_DIGIT = f"[{''.join(HAN_DIGITS)}]"
HAN_DECIMAL = rf"[{HAN_NUMERALS}]{{1,7}}点{_DIGIT}{{1,2}}(?![{HAN_NUMERALS}])"


def read_decimal(text: str) -> Fraction:
    """The value of what HAN_DECIMAL matches."""
    whole, _, behind = text.partition("点")
    digits = "".join(str(HAN_DIGITS[sign]) for sign in behind)
    return (read_number(whole) or 0) + Fraction(f"0.{digits}")
