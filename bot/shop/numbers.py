"""The digits people type, and the numbers of orders among them."""

from __future__ import annotations

import re
import unicodedata

DASH = "-\u2010-\u2015\u2212"  # for a class of characters: the dashes that keyboards make
FOUND_MAX = 5  # numbers of one text that are worth looking up

WRITTEN = re.compile(r"\d{6}\s?-\s?\d{6}")  # an order's number in the form of a text
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])(\d{{6}})\s{{0,3}}[{DASH}]?\s{{0,3}}(\d{{6}})(?![0-9A-Za-z])"
)
_SPACED = re.compile(rf"\W*\d(?:[{DASH}\s]*\d){{11}}\W*")


def ascii_digits(text: str) -> str:
    """NFKC, with the decimal digits of any script (Tibetan ones too) as 0 to 9."""
    folded = unicodedata.normalize("NFKC", text)
    if folded.isascii():
        return folded
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in folded)


def numbers_in(text: str) -> list[str]:
    """What in a text can be an order's number, as `yymmdd-nnnnnn`, whether one exists or not."""
    digits = ascii_digits(text)
    found = [f"{match[1]}-{match[2]}" for match in _NUMBER.finditer(digits)]
    if not found and _SPACED.fullmatch(digits):
        bare = "".join(c for c in digits if c.isdecimal())
        found = [f"{bare[:6]}-{bare[6:]}"]
    return found[:FOUND_MAX]
