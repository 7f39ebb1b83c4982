"""What came too much for one order and was for another of the same buyer."""

from __future__ import annotations

import sqlite3

from bot.shop import accounts, orders, payments, people
from bot.shop.orders import Order, State
from bot.shop.payment_states import Received
from bot.shop.people import By
from bot.shop.ways_to_pay import WAYS
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


def takers(db: sqlite3.Connection, refund_id: int) -> list[Order]:
    """The orders of the same person that wait for money, and for which a surplus may have come."""
    row = _sql.surplus(db, refund_id=refund_id)
    return _takers(db, row) if row else []


def _takers(db: sqlite3.Connection, row: sqlite3.Row) -> list[Order]:
    order = orders.by_id(db, row["order_id"])
    return [
        other
        for other in (orders.of_person(db, order.person_id) if order else [])
        if other.state is State.PLACED and not WAYS[other.pay_by].by_service
        if other.pay_by != "cod" and other.id != row["order_id"] and payments.missing(db, other)
    ]


def move(unit: Unit, refund_id: int, other: Order, *, by: By) -> Received | None:
    """It goes to the other order. None when that cannot be."""
    row = _sql.surplus(unit.db, refund_id=refund_id)
    if row is None or other.id not in [each.id for each in _takers(unit.db, row)]:
        return None
    minor = row["amount_minor"]
    _sql.count_no_surplus(unit.db, refund_id=refund_id)
    if minor == row["came_minor"]:
        payments.drop_receipt(unit, row["receipt_id"])
    else:
        _sql.lessen_receipt(unit.db, id=row["receipt_id"], minor=minor)
    payments.write_down(unit, payments.of_order(unit.db, other.id), minor, by, way=row["method"])
    accounts.follow(unit, row["order_id"], "moved", by=by)
    people.audit(unit, by, "payment.receipt", other.number, str(row["order_id"]), str(minor))
    return payments.came(unit, other, minor, by=by)
