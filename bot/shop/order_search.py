"""Finding orders by what a seller remembers of them. All find the newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bot.shop import orders
from bot.shop.numbers import ascii_digits
from bot.shop.orders import Order
from bot.store import queries

_sql = queries.load(__file__)

FOUND_MAX = 10
PHONE_END = 4  # digits


def of_recipient(db: sqlite3.Connection, text: str) -> list[Order]:
    """Orders for somebody of that name, or whose phone ends in these four digits."""
    given = text.strip()
    if len(given) == PHONE_END and given.isdecimal():
        return _orders(db, _sql.of_phone_end(db, digits=ascii_digits(given), limit=FOUND_MAX))
    return _orders(db, _sql.of_name(db, name=given, limit=FOUND_MAX))


def of_product(db: sqlite3.Connection, product: str) -> list[Order]:
    """The latest orders with a product in them."""
    return _orders(db, _sql.of_product(db, product=product, limit=FOUND_MAX))


def _orders(db: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> list[Order]:
    found = (orders.by_id(db, row["id"]) for row in list(rows))
    return [order for order in found if order]
