"""What has become of goods that came in: who has them, and all that moved."""

from __future__ import annotations

import sqlite3

from msgspec import Struct
from msgspec.structs import asdict

from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

KINDS = ("in", "sale", "return", "lost", "given back")
ALWAYS = 2**63 - 1  # before any moment that a store keeps


class Movement(Struct, frozen=True):
    """So much came in or went of a lot; `number` is the order's, '' for none."""

    at: int
    grade: str
    household: str
    kind: str
    quantity: int
    number: str
    person_id: int | None
    why: str


class Goods(Struct, frozen=True):
    """What may have moved: a product, of a grade if one is given, from a moment on, before one."""

    product: str
    grade: str = ""
    from_ms: int = 0
    to_ms: int = ALWAYS


def of(db: sqlite3.Connection, goods: Goods, start: int, limit: int) -> list[Movement]:
    """What moved of goods from a `start` on, the newest first."""
    rows = _sql.of_goods(db, **asdict(goods), start=start, limit=limit)
    return [Movement(*row) for row in rows]


def sums(db: sqlite3.Connection, goods: Goods) -> dict[str, int]:
    """What moved of goods in all, by kind, as it is exported."""
    found = {row["kind"]: row["quantity"] for row in _sql.sums(db, **asdict(goods))}
    return {kind: found[kind] for kind in KINDS if kind in found}


def holders(unit: Unit, product: str, grade: str) -> list[tuple[int, int]]:
    """The orders (ids) that hold goods of a grade, and how much, the youngest first."""
    rows = _sql.holders(unit.db, product=product, grade=grade, now=unit.now)
    return sorted(((row[0], row[1]) for row in rows), reverse=True)


def holders_of(unit: Unit, after: int, until: int) -> list[tuple[int, int]]:
    """The orders (ids) that have goods which came in in the movements `after` one `until` another,
    and how much, the youngest first.
    """
    rows = _sql.holders_of(unit.db, after=after, until=until, now=unit.now)
    return sorted(((row[0], row[1]) for row in rows), reverse=True)


def amount_of(db: sqlite3.Connection, after: int, until: int) -> int:
    """How much came or (below zero) went in the movements `after` one `until` another."""
    return int(_sql.amount_of(db, after=after, until=until))


def goods_of(db: sqlite3.Connection, after: int, until: int) -> tuple[str, str]:
    """The product and grade of the movements `after` one `until` another; '' of none."""
    row = _sql.goods_of(db, after=after, until=until)
    return (row["product"], row["grade"]) if row else ("", "")
