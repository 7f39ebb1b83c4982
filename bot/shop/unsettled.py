"""What a person has to settle although no state says so: orders, and money that fits none.

An order that came back or was lost while it is still paid is noted by the schema itself, and
struck off when its money goes back or goods are sent in its place.
"""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from bot.shop import accounts, enquiries, orders, people
from bot.shop.orders import Order, State
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

MONEY_MAX = 1_000
SETTLED_IN = (State.DELIVERED, State.RETURNED)  # Else nobody knows yet what has become of it.


class Money(Struct, frozen=True):
    """A sum that came by a service, which named an order `number` that does not fit.

    Below zero it went by the service to the buyer of that order, who was sent it already.
    """

    id: int
    way: str
    reference: str
    number: str
    amount_minor: int
    currency: str
    at: int


def note(unit: Unit, order: Order) -> None:
    """Nobody knows what has become of an order: a person has to find out."""
    _sql.note(unit.db, order_id=order.id)


def is_noted(db: sqlite3.Connection, order: Order) -> bool:
    """Whether something of an order is to be settled."""
    return bool(_sql.is_noted(db, order_id=order.id))


def may_settle(db: sqlite3.Connection, order: Order) -> bool:
    """Whether something of an order is to be settled, and it is known what has become of it, or of
    a part while the rest waits."""
    is_known = order.state in SETTLED_IN or orders.is_in_parts(db, order)
    return is_known and is_noted(db, order)


def withdraw(unit: Unit, order: Order) -> None:
    """What was noted of an order was of somebody else's parcel."""
    _sql.settle(unit.db, order_id=order.id)


def settle(unit: Unit, order: Order, *, by: By) -> bool:
    """A person says that nothing is left to do about an order that arrived, came back or was lost.

    False when nothing was, or when nobody knows yet what has become of it.
    """
    may = may_settle(unit.db, orders.fresh(unit.db, order))
    done = may and bool(_sql.settle(unit.db, order_id=order.id))
    if done:
        enquiries.settle(unit, order.id, by)
        people.audit(unit, by, "settled", order.number, "", "")
    return done


def add_money(
    unit: Unit, way: str, reference: str, number: str, amount_minor: int, currency: str
) -> Money | None:
    """Keeps money that fits no order, or went back twice (below zero); None when it is known.

    The books have it as suspended.
    """
    row = _sql.add_money(
        unit.db,
        way=way,
        reference=reference,
        number=number,
        amount_minor=amount_minor,
        currency=currency,
        now=unit.now,
    )
    if row:
        accounts.suspended(unit, f"cash:{way}", amount_minor, by=None)
    return Money(*row) if row else None


def money(db: sqlite3.Connection, id: int) -> Money | None:
    """The money of that id, None when it is settled or never was."""
    row = _sql.money(db, id=id)
    return Money(*row) if row else None


def came_by(db: sqlite3.Connection, way: str, reference: str, amount_minor: int) -> Money | None:
    """The sum that a service calls so, if it fits no order and is not settled."""
    values = {"way": way, "reference": reference, "amount_minor": amount_minor}
    row = _sql.came_by(db, **values)
    return Money(*row) if row else None


def all_money(db: sqlite3.Connection) -> list[int]:
    """The ids of all money that fits no order, oldest first."""
    return [row["id"] for row in _sql.all_money(db, limit=MONEY_MAX)]


def settle_money(unit: Unit, found: Money, subject: str, *, by: By, account: str = "") -> bool:
    """A person has put it to the order `subject`, or seen to it otherwise (''); once.

    It leaves the cash in which it came, or what went twice is had back, or given up, in an
    `account`.
    """
    if not _sql.settle_money(unit.db, id=found.id, now=unit.now):
        return False
    accounts.suspended(unit, account or f"cash:{found.way}", -found.amount_minor, by=by)
    people.audit(unit, by, "payment.matched", subject, found.number, found.reference)
    return True
