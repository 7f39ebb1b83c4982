"""Vouchers: a sum or a percentage off the goods of an order, once a buyer, so many in all.

A voucher is used by the unit that places the order; an order that is called off or runs out gives
it back.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, time, timedelta

from msgspec import Struct

from bot.shop import people
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

LASTS_DAYS = 30
LETTERS = "ACDEFHJKLMNPQRTUVWXY347"  # that nobody takes for another
CODE_LENGTH = 7
PERCENT_MAX = 90
SUM_MAX_MINOR = 1_000_000  # more than that is a slip of the finger
MADE_MAX = 100_000


class Voucher(Struct, frozen=True):
    """A voucher; `value` is minor units (kind sum) or per cent, `until` UTC ms."""

    code: str
    kind: str
    value: int
    least_minor: int
    made: int
    left: int
    until: int

    def off(self, goods_minor: int) -> int:
        """What it takes off goods of that price: never more than they cost, percents rounded."""
        if goods_minor < self.least_minor:
            return 0
        if self.kind == "sum":
            return min(self.value, goods_minor)
        return (2 * goods_minor * self.value + 100) // 200


def make(unit: Unit, kind: str, value: int, *, least_minor: int = 0, made: int, by: By) -> Voucher:
    """So many vouchers of one code, for the rest of today and LASTS_DAYS more.

    Raises ValueError for figures that cannot be.
    """
    too_much = value > (PERCENT_MAX if kind == "percent" else SUM_MAX_MINOR)
    if kind not in ("sum", "percent") or value <= 0 or too_much or least_minor < 0:
        raise ValueError(kind, value, least_minor)
    if not 0 < made <= MADE_MAX:
        raise ValueError(made)
    code = "".join(unit.ids.choice(LETTERS) for _ in range(CODE_LENGTH))
    until = _end_of_day(unit, LASTS_DAYS)
    values = {"code": code, "kind": kind, "value": value, "least_minor": least_minor}
    _sql.add(unit.db, **values, made=made, until=until)
    people.audit(unit, by, "voucher", code, "", f"{kind} {value} x {made}")
    return Voucher(code, kind, value, least_minor, made, made, until)


def _end_of_day(unit: Unit, days: int) -> int:
    """The last moment (UTC ms) of the day in so many days, where the shop is."""
    midnight = datetime.combine(unit.here.date() + timedelta(days=days + 1), time(), unit.zone)
    return round(midnight.timestamp() * 1000) - 1


def finish(unit: Unit, code: str, *, by: By) -> bool:
    """Nobody can use it any more; False when that is so already."""
    if not _sql.finish(unit.db, code=code, now=unit.now):
        return False
    people.audit(unit, by, "voucher-over", code, "", "")
    return True


def not_over(db: sqlite3.Connection, now: int) -> list[Voucher]:
    """The vouchers that can be used."""
    return [Voucher(*row) for row in _sql.not_over(db, now=now)]


def find(db: sqlite3.Connection, code: str) -> Voucher | None:
    """The voucher of a code, however its letters are typed."""
    row = _sql.by_code(db, code=code.upper())
    return Voucher(*row) if row else None


def usable(unit: Unit, code: str, person_id: int, *, besides: int = 0) -> Voucher | None:
    """A voucher that a person can use now, as if the order `besides` had not; None if not.

    What that order has, whoever takes its place may have, be it over since.
    """
    found = find(unit.db, code) if code else None
    if found is None:
        return None
    values = {"code": found.code, "person_id": person_id, "besides": besides}
    is_there = found.left and found.until > unit.now
    if _sql.is_used(unit.db, **values) or not (is_there or code_of(unit.db, besides) == found.code):
        return None
    return found


def code_of(db: sqlite3.Connection, order_id: int) -> str:
    """The code of the voucher that an order uses; '' for none."""
    own = _sql.use_of(db, order_id=order_id)
    return "" if own is None or own["is_given_back"] else str(own["code"])


def use(unit: Unit, voucher: Voucher, order_id: int, person_id: int) -> None:
    """An order uses a voucher that is usable. Raises RuntimeError when it is not."""
    if not _sql.take(unit.db, code=voucher.code):
        raise RuntimeError(f"voucher {voucher.code} is used up")
    _sql.add_use(unit.db, order_id=order_id, code=voucher.code, person_id=person_id)


def give_back(unit: Unit, order_id: int) -> None:
    """An order gives its voucher back; a second time there is none."""
    own = _sql.use_of(unit.db, order_id=order_id)
    if own and not own["is_given_back"]:
        _sql.set_given_back(unit.db, order_id=order_id, is_given_back=1)
        _sql.give(unit.db, code=own["code"])


def take_again(unit: Unit, order_id: int) -> bool:
    """An order that gave its voucher back uses it again; False when it is used up meanwhile."""
    own = _sql.use_of(unit.db, order_id=order_id)
    if own is None or not own["is_given_back"]:
        return True
    values = {"code": own["code"], "person_id": own["person_id"], "besides": order_id}
    if _sql.is_used(unit.db, **values) or not _sql.take(unit.db, code=own["code"]):
        return False
    _sql.set_given_back(unit.db, order_id=order_id, is_given_back=0)
    return True


def faults(db: sqlite3.Connection) -> list[str]:
    """What contradicts the promises of this module; empty when all is well."""
    found = [f"voucher {row[0]}: {row[1]} left, not {row[2]}" for row in _sql.left_wrong(db)]
    found += [f"voucher {row[0]}: used twice by person {row[1]}" for row in _sql.used_twice(db)]
    return found
