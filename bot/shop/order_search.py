"""Finding orders by what a seller remembers of them. All find the newest first."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from bot.shop import orders
from bot.shop.numbers import ascii_digits
from bot.shop.orders import Order
from bot.store import queries

_sql = queries.load(__file__)

FOUND_MAX = 10
PHONE_END, NUMBER_END = 4, 6  # digits
NAMES_MAX = 600  # stretches of a text that are looked up as names
_DIGITS = re.compile(r"(?<!\d)\d{4,15}(?!\d)")


def of_recipient(db: sqlite3.Connection, text: str) -> list[Order]:
    """Orders for somebody of that name, or told by digits."""
    return _of_name(db, text.strip()) or told_by_digits(db, text)


def told_by_digits(db: sqlite3.Connection, text: str) -> list[Order]:
    """Orders whose phone or whose number ends in digits that a text names: four or six of them,
    or a whole phone's."""
    for digits in _DIGITS.findall(ascii_digits(text)):
        found = list(_sql.of_phone(db, digits=digits, limit=FOUND_MAX))
        if not found and len(digits) == NUMBER_END:
            found = list(_sql.of_number_end(db, digits=digits, limit=FOUND_MAX))
        if found:
            return _orders(db, found)
    return []


def named_in(db: sqlite3.Connection, text: str) -> list[Order]:
    """Orders for whom a text names among other words: of several that fit the longest name."""
    return next(filter(None, (_of_name(db, name) for name in _stretches(text))), [])


def _stretches(text: str) -> list[str]:
    """What may be a name in a text, the longest first: some words in a row, or some characters
    where no blanks are."""
    words = text.split()
    rows = {" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, a + 4)}
    letters = {word[a:b] for word in words for a in range(len(word)) for b in range(a + 2, a + 7)}
    return sorted(rows | letters, key=len, reverse=True)[:NAMES_MAX]


def _of_name(db: sqlite3.Connection, name: str) -> list[Order]:
    return _orders(db, _sql.of_name(db, name=name, limit=FOUND_MAX))


def of_product(db: sqlite3.Connection, product: str) -> list[Order]:
    """The latest orders with a product in them."""
    return _orders(db, _sql.of_product(db, product=product, limit=FOUND_MAX))


def _orders(db: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> list[Order]:
    found = (orders.by_id(db, row["id"]) for row in list(rows))
    return [order for order in found if order]
