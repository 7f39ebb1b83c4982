"""Finding orders by what a seller remembers of them.

All find a page from a `start` on, the newest first, and one order more where there is another page.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from bot.shop import orders
from bot.shop.numbers import ascii_digits
from bot.shop.orders import Order
from bot.store import queries

_sql = queries.load(__file__)

FOUND_MAX = 10  # on a page; one more tells that there is another
NAMES_MAX = 600  # stretches of a text that are looked up as names
NUMBER_END = 6  # digits
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
    """Orders for whom a text names among other words: of several that fit the longest name."""
    return next(filter(None, (of_name(db, name) for name in _stretches(text))), [])


def _stretches(text: str) -> list[str]:
    """What may be a name in a text, the longest first: some words in a row, or some characters
    where no blanks are."""
    words = text.split()
    rows = {" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, a + 4)}
    letters = {word[a:b] for word in words for a in range(len(word)) for b in range(a + 2, a + 7)}
    return sorted(rows | letters, key=len, reverse=True)[:NAMES_MAX]


def of_name(db: sqlite3.Connection, name: str, start: int = 0) -> list[Order]:
    """Orders for somebody of that name."""
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
