"""Goods that are expected: ordered before they are there, and given out when they come.

What is expected of a grade is a lot from which orders reserve as from any other, never more than
is expected. When goods come in, the reservations of who ordered first move to what came, and so
they do to what becomes free; until then nobody can pack such an order.
"""

from __future__ import annotations

import sqlite3
from collections import Counter

from msgspec import Struct

from bot.shop import people, stock
from bot.shop.people import By, id_of
from bot.shop.stock import Lot, Shortage
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

WAITING_MAX = 1_000
CLOSED = "closed"  # why the rest of what was expected is not, any more


class Expected(Struct, frozen=True):
    """So much is expected of a grade on a day (ISO date)."""

    amount: int
    day: str


class Promised(Struct, frozen=True):
    """So much is ordered already: less than that cannot be expected."""

    amount: int


class Served(Struct, frozen=True):
    """The orders (ids) that wait for nothing more, since so much of a grade became free."""

    product: str
    grade: str
    orders: list[int]


def expect(
    unit: Unit, product: str, grade: str, amount: int, day: str, *, by: By
) -> Promised | None:
    """Expects so much in all on a day (ISO date), in the place of what was expected of the grade.

    0 takes no more orders. Promised, with nothing changed, where more than that is ordered.
    """
    if amount < 0:
        raise ValueError(amount)
    row = _sql.of_grade(unit.db, product=product, grade=grade)
    if row is None and amount:
        row = _sql.add(unit.db, product=product, grade=grade, amount=amount, day=day, now=unit.now)
        _move(unit, row["id"], amount, by)
    elif row:
        _sweep(unit, row["id"])
        row = _sql.of_grade(unit.db, product=product, grade=grade)
        if amount < row["reserved"]:
            return Promised(row["reserved"])
        change = amount - row["on_hand"]
        _sql.change(unit.db, id=row["id"], by=change, day=day or row["expected_on"])
        if change:
            _move(unit, row["id"], change, by, "expected" if amount else CLOSED)
    people.audit(unit, by, "expected", f"{product}/{grade}", day, str(amount))
    return None


def serve(unit: Unit, came: Lot, *, by: By) -> list[int]:
    """Gives what came to who ordered it before, the earliest first, but for what would be over
    before it arrives; changing an order to less, or to other goods besides, loses no place.

    Returns the ids of the orders that wait for nothing more. What is expected becomes as much less
    as came; see `undo`.
    """
    why = _came(came)
    row = _sql.of_grade(unit.db, product=came.product, grade=came.grade)
    if row is None:
        return []
    _sweep(unit, row["id"])
    left, touched = came.on_hand, list[int]()
    got = Counter[int]()  # by the reservation's id
    for waits in _in_turn(unit, row["id"]):
        given = min(left, waits["kept"] - got[waits["id"]])
        lasts = not came.best_before or came.best_before >= stock.day(unit, waits["transit_days"])
        if given <= 0 or not lasts:
            continue
        got[waits["id"]] += given
        is_rest = got[waits["id"]] == waits["quantity"]
        _hand_over(unit, row["id"], came.id, waits, given, is_rest=is_rest, came=given)
        _move(unit, row["id"], -given, by, why)
        left -= given
        touched.append(waits["order_id"])
    row = _sql.of_grade(unit.db, product=came.product, grade=came.grade)
    rest = min(left, row["on_hand"] - row["reserved"]) if row else 0
    if row and rest:
        _sql.change(unit.db, id=row["id"], by=-rest, day=row["expected_on"])
        _move(unit, row["id"], -rest, by, why)
    return [id for id in dict.fromkeys(touched) if not awaited(unit.db, id)]


def undo(unit: Unit, after: int, until: int, *, by: By) -> Lot | Shortage | None:
    """As `stock.undo`; what did not come in after all is expected as before, unless it was said
    that no more is."""
    undone = stock.undo(unit, after, until, by=by)
    if isinstance(undone, Lot) and not undone.on_hand:
        known, why = {"product": undone.product, "grade": undone.grade}, _came(undone)
        for row in list(_sql.came(unit.db, **known, why=why, closed=CLOSED)):
            lot = _sql.of_grade(unit.db, **known) or row
            _sql.change(unit.db, id=lot["id"], by=row["quantity"], day=lot["expected_on"])
            _move(unit, lot["id"], row["quantity"], by, why)
    return undone


def serve_freed(unit: Unit) -> list[Served]:
    """Gives what has become free to who waits for it, in the order in which `serve` does.

    As much is expected as before, and no one holds it any more. What is kept for flash sales is
    not free, nor for an order what is over before it arrives. Nothing is looked for unless the unit
    may have freed something: where much is awaited and what is there does not last, that is slow.
    """
    if not unit.freed:
        return []
    unit.freed = False
    found = []
    for row in list(_sql.freed(unit.db, now=unit.now)):
        _sweep(unit, row["id"])
        got = Counter[int]()  # by the reservation's id
        touched = list[int]()
        for waits in _in_turn(unit, row["id"]):
            wanted = waits["kept"] - got[waits["id"]]
            for take in _free(unit, row, wanted, stock.day(unit, waits["transit_days"])):
                if take.sweep:
                    _sweep(unit, take.lot_id)
                got[waits["id"]] += take.quantity
                is_rest = got[waits["id"]] == waits["quantity"]
                _hand_over(unit, row["id"], take.lot_id, waits, take.quantity, is_rest=is_rest)
                touched.append(waits["order_id"])
        served = [id for id in dict.fromkeys(touched) if not awaited(unit.db, id)]
        if served:
            found.append(Served(row["product"], row["grade"], served))
    return found


def of_grade(db: sqlite3.Connection, product: str, grade: str) -> Expected | None:
    """What is still expected of a grade."""
    row = _sql.of_grade(db, product=product, grade=grade)
    return Expected(row["on_hand"], row["expected_on"]) if row else None


def waiting(unit: Unit, product: str, grade: str) -> list[int]:
    """The ids of the orders that wait for what is expected of a grade, the earliest first."""
    values = {"product": product, "grade": grade, "now": unit.now}
    rows = _sql.orders_waiting(unit.db, **values, limit=WAITING_MAX)
    return sorted(row["order_id"] for row in rows)


def awaited(db: sqlite3.Connection, order_id: int) -> str:
    """The day (ISO date) on which an order's last goods are expected; '' when all are there."""
    return str(_sql.awaited(db, order_id=order_id) or "")


def is_there_in_part(db: sqlite3.Connection, order_id: int) -> bool:
    """Whether some goods of an order are kept for it, and wait for the others."""
    return bool(_sql.is_there_in_part(db, order_id=order_id))


def _in_turn(unit: Unit, lot_id: int) -> list[sqlite3.Row]:
    """Who waits for what is expected, the earliest first."""
    waiting = _sql.waiting(unit.db, lot_id=lot_id)
    return sorted(waiting, key=lambda each: (each["since"], each["order_id"]))


def _free(unit: Unit, row: sqlite3.Row, wanted: int, lasting: str) -> list[stock.Take]:
    """Where so much of a grade is free, as far as it is there."""
    product, grade = row["product"], row["grade"]
    amount = min(wanted, stock.available(unit, product, grade, lasting=lasting))
    if amount <= 0:
        return []
    return stock.plan(unit, [(product, grade, amount)], lasting=lasting)[0]


def _hand_over(
    unit: Unit,
    before: int,
    after: int,
    waits: sqlite3.Row,
    given: int,
    *,
    is_rest: bool,
    came: int = 0,
) -> None:
    """A reservation, or a part of it, moves from one lot to another; so much `came` of the one."""
    _sql.leave(unit.db, lot_id=before, quantity=given, came=came)
    _sql.enter(unit.db, lot_id=after, quantity=given)
    if is_rest:
        _sql.give(unit.db, id=waits["id"], lot_id=after)
        return
    _sql.lessen(unit.db, id=waits["id"], quantity=given)
    values = {"order_id": waits["order_id"], "expires_at": waits["expires_at"]}
    _sql.add_reservation(unit.db, lot_id=after, quantity=given, **values)


def _sweep(unit: Unit, lot_id: int) -> None:
    _sql.sweep_lot(unit.db, lot_id=lot_id, now=unit.now)
    _sql.sweep(unit.db, lot_id=lot_id, now=unit.now)


def _came(lot: Lot) -> str:
    """Why so much is no more expected."""
    return f"came {lot.id}"


def _move(unit: Unit, lot_id: int, quantity: int, by: By, why: str = "expected") -> None:
    values = {"quantity": quantity, "person_id": id_of(by), "why": why, "now": unit.now}
    _sql.add_movement(unit.db, lot_id=lot_id, **values)
