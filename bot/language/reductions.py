"""What a voucher takes off, as people say it: 减20, 85折, 八折, 12%, 满200减20, 20 off from 100."""

from __future__ import annotations

import re
from fractions import Fraction

from bot.language.decimals import HAN_DECIMAL, read_decimal
from bot.language.numerals import HAN_DIGITS, HAN_NUMERALS, TIBETAN_NUMERAL, read_number
from bot.language.regex import regex
from bot.language.script import form_of

_FIGURE = r"(?<![\d.,])\d{1,7}(?:\.\d{1,4})?(?![\d.])"
_HAN = rf"[{HAN_NUMERALS}]{{1,4}}"
# 85折, 8.5折: so many hundredths or tenths are left to pay.
_LEFT = regex(rf"(?P<n>{_FIGURE})\s*折|(?P<point>{HAN_DECIMAL})\s*折|(?P<han>{_HAN})\s*折")
_HALF = regex(r"半价|对折|half (?:price|off)|ཕྱེད་ཀ")
_PERCENT = regex(
    rf"(?P<n>{_FIGURE})\s*(?:[%％]|per ?cent|个点)|百分之\s*(?P<of>{_FIGURE}|{_HAN})"
    rf"|བརྒྱ་ཆ་(?P<bo>\d[\d.]*|{TIBETAN_NUMERAL})|(?P<tenth>{_HAN}|\d)\s*成"
)
_SUM = rf"{_FIGURE}|{_HAN}"
_FROM = regex(
    rf"满\s*(?P<least>{_SUM})\s*(?:元|块钱?)?\s*[,，]?\s*[立可]?减\s*(?P<off>{_SUM})"
    rf"|(?P<off2>{_FIGURE})\s*(?:yuan )?off.{{0,20}}?(?P<least2>{_FIGURE})"
)
_LEAST_ALONE = regex(r"满|以上|起(?![送])|\bfrom\b|\bover\b|\babove\b|ཡན")
_ANY = regex(r"不限|无门槛|没有?门槛|都可以|\bany\b|no minimum|no limit|ཚད་མེད|གང་ཡིན")


def percent_in(text: str) -> Fraction | None:
    """The percentage that a text takes off, whole or not; None when it speaks of none."""
    form = form_of(text).text
    if found := _LEFT.search(form):
        return 100 - _left(found)
    if found := _PERCENT.search(form):
        if found["tenth"]:
            return 10 * (read_number(found["tenth"]) or Fraction(0))
        return read_number(found["n"] or found["of"] or found["bo"])
    return Fraction(50) if _HALF.search(form) else None


def _left(found: re.Match[str]) -> Fraction:
    """The hundredths that are left to pay."""
    if found["n"]:
        value = Fraction(found["n"])
        return value * 10 if value <= 10 else value
    if found["point"]:
        return 10 * read_decimal(found["point"])
    han = found["han"]
    digits = [HAN_DIGITS.get(sign, -1) for sign in han]
    if len(digits) == 2 and min(digits) >= 0:  # 八五折
        return Fraction(10 * digits[0] + digits[1])
    return 10 * (read_number(han) or Fraction(0))


def sum_from(text: str) -> tuple[int, int] | None:
    """满200减20: what is taken off and from what sum on, in minor units; None for others."""
    found = _FROM.search(form_of(text).text)
    if found is None:
        return None
    off = read_number(found["off"] or found["off2"])
    least = read_number(found["least"] or found["least2"])
    return (int(100 * off), int(100 * least)) if off and least else None


def is_least(text: str) -> bool:
    """Whether a text speaks of the sum from which a voucher counts."""
    return bool(_LEAST_ALONE.search(form_of(text).text))


def is_any(text: str) -> bool:
    """Whether a text says that a voucher counts for any sum."""
    return bool(_ANY.search(form_of(text).text))
