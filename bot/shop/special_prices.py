"""Prices that the shop gives one buyer for a time, as a seller in a market does.

A buyer with a special price sees the whole catalogue with it, so that cards, sums and orders are
all made of the same price; an order keeps it when the time is over. It never costs them more than
others: where the usual price is lower, or what it is for so much, that one counts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from msgspec.structs import replace

from bot.shop import people
from bot.shop.catalogue import PRICE_MINOR_MAX, Catalogue, Product
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

VALID_MS = 24 * 3_600_000


def give(unit: Unit, person_id: int, product: Product, grade: str, minor: int, *, by: By) -> int:
    """Gives a buyer a price in minor units, for as much as the grade's own price is for.

    Returns until when it holds (UTC ms). A second one takes the place of the first. Raises KeyError
    for a grade that is not sold, and ValueError for a price that is none.
    """
    before = product.grade(grade).price
    if not 0 < minor <= PRICE_MINOR_MAX:
        raise ValueError(minor)
    until = unit.now + VALID_MS
    _sql.give(
        unit.db, person_id=person_id, product=product.key, grade=grade, minor=minor, until=until
    )
    subject = f"{product.key}/{grade} {person_id}"
    people.audit(unit, by, "special-price", subject, str(before.minor), str(minor))
    return until


def priced(db: sqlite3.Connection, shop: Catalogue, person_id: int, now: int) -> Catalogue:
    """The catalogue as a person sees it at a time (UTC ms)."""
    given = {(row[0], row[1]): row[2] for row in _sql.of_person(db, person_id=person_id, now=now)}
    changed = {key: _changed(shop.products[key], given) for key, _ in given if key in shop.products}
    return replace(shop, products={**shop.products, **changed}) if changed else shop


def standing(db: sqlite3.Connection, person_id: int, product: str, grade: str, now: int) -> int:
    """The price that a person has for a grade at a time, in minor units; 0 for none."""
    given = {(row[0], row[1]): row[2] for row in _sql.of_person(db, person_id=person_id, now=now)}
    return int(given.get((product, grade), 0))


def take_over(unit: Unit, person_id: int, products: Collection[str]) -> list[tuple[str, str]]:
    """What of some products a person had a price for that holds no longer, each told once only."""
    found = [(row[0], row[1]) for row in _sql.over(unit.db, person_id=person_id, now=unit.now)]
    found = [(product, grade) for product, grade in found if product in products]
    for product, grade in found:
        _sql.forget(unit.db, person_id=person_id, product=product, grade=grade)
    return found


def _changed(product: Product, given: dict[tuple[str, str], int]) -> Product:
    grades = (
        grade.reduced(given[product.key, grade.key]) if (product.key, grade.key) in given else grade
        for grade in product.grades
    )
    return replace(product, grades=tuple(grades))
