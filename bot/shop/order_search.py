"""Finding orders by what a seller remembers of them.

All find a page from a `start` on, the newest first, and one order more where there is another page.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from bot.shop import orders
from bot.shop.numbers import ascii_digits
from bot.shop.orders import Order
from bot.store import queries

_sql = queries.load(__file__)

FOUND_MAX = 10  # on a page; one more tells that there is another
NAMES_MAX = 600  # stretches of a text that are looked up as names
WORDS_MAX = 5  # of a name, or syllables of a Tibetan one
HAN_MAX = 6  # characters of one
NUMBER_END = 6  # digits
_STOPS = ",.:;?!，。：；？！、"
# What stands between words and Tibetan syllables; Anna's and སྒྲོལ་མའི are of Anna and སྒྲོལ་མ.
# སྒྲོལ་མར is to སྒྲོལ་མ, but a name may end so, too.
_OF = r"(?:འི|['’][sS])"
_TO = re.compile(r"(?<=[\u0f40-\u0fbc])ར$")
_BETWEEN = re.compile(rf"{_OF}?[\s\u0f0b-\u0f11{_STOPS}]+|{_OF}$")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_FIRST = re.compile(r"(?<![A-Za-z])[A-Z][a-z]+(?![A-Za-z])")  # Tom, for Tom Miller
_SMALL = re.compile(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z])")
# Words beside a name that may be names, too.
_NO_NAMES = frozenset("an and by can do does for in is it may me my of on show the to will".split())
_DIGITS = re.compile(r"(?<!\d)\d{4,15}(?!\d)")


def told_by_digits(db: sqlite3.Connection, text: str) -> list[Order]:
    """Orders whose phone or whose number ends in digits that a text names: four or six of them,
    or a whole phone's."""
    found = (of_digits(db, digits) for digits in digits_in(text))
    return next(filter(None, found), [])


def digits_in(text: str) -> list[str]:
    """What may tell an order in a text, as ASCII digits."""
    return _DIGITS.findall(ascii_digits(text))


def of_digits(db: sqlite3.Connection, digits: str, start: int = 0) -> list[Order]:
    """Orders whose phone ends in these digits, else whose number does."""
    page = {"digits": digits, "limit": FOUND_MAX + 1, "start": start}
    found = _orders(db, _sql.of_phone(db, **page))
    if found or start or len(digits) != NUMBER_END:
        return found
    return _orders(db, _sql.of_number_end(db, **page))


def named_in(db: sqlite3.Connection, text: str) -> list[Order]:
    """Orders for whom a text names among other words: of several that fit the longest name, and
    whom it calls by the first name only if it names nobody in full."""
    whole = next(filter(None, (of_name(db, name) for name in _stretches(text))), [])
    return whole or next(filter(None, (_of_first(db, name) for name in _FIRST.findall(text))), [])


def called(db: sqlite3.Connection, text: str) -> list[Order]:
    """Orders for whom a text, which looks for somebody, calls by the first name in small letters:
    anna's order, show me toms order."""
    words = [word for word in _SMALL.findall(text) if word not in _NO_NAMES]
    names = [name for word in words for name in (word, word.removesuffix("s"))]
    return next(filter(None, (_of_first(db, name) for name in names if len(name) > 1)), [])


def _of_first(db: sqlite3.Connection, name: str) -> list[Order]:
    return _orders(db, _sql.of_first_name(db, name=name, limit=FOUND_MAX + 1))


def _stretches(text: str) -> list[str]:
    """What may be a name in a text, the longest first: some words or syllables in a row, or some
    Han characters, between which are no blanks."""
    text = unicodedata.normalize("NFKC", text)
    found = {row for word in _HAN.findall(text) for row in _rows(word, 2, HAN_MAX)}
    for each in {text, _HAN.sub(" ", text)}:
        found.update(_rows(list(filter(None, _BETWEEN.split(each))), 1, WORDS_MAX))
    found |= {_TO.sub("", name) for name in found}
    return sorted(found, key=len, reverse=True)[:NAMES_MAX]


def _rows(of: Sequence[str], least: int, most: int) -> Iterator[str]:
    """What stands side by side, of so many each."""
    for start in range(len(of)):
        for end in range(start + least, min(start + most, len(of)) + 1):
            yield "".join(of[start:end])


def of_name(db: sqlite3.Connection, name: str, start: int = 0) -> list[Order]:
    """Orders for somebody of that name, with or without blanks and tshegs, in any case."""
    name = unicodedata.normalize("NFKC", name).strip(_STOPS + " ")
    if not any(sign.isalnum() for sign in name):
        return []
    return _orders(db, _sql.of_name(db, name=name, limit=FOUND_MAX + 1, start=start))


def of_product(
    db: sqlite3.Connection, product: str, grade: str = "", start: int = 0
) -> list[Order]:
    """Orders with a product in them, of whichever grade where none is given."""
    page = {"limit": FOUND_MAX + 1, "start": start}
    return _orders(db, _sql.of_product(db, product=product, grade=grade, **page))


def _orders(db: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> list[Order]:
    found = (orders.by_id(db, row["id"]) for row in list(rows))
    return [order for order in found if order]
