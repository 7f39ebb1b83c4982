"""Money that a person wrote down as come, and that had not: it is waited for once more."""

from __future__ import annotations

import sqlite3

from bot.shop import on_delivery, orders, payments, people
from bot.shop.orders import Order, State
from bot.shop.payment_states import NothingDue, PaymentState, Rejected
from bot.shop.people import By
from bot.shop.ways_to_pay import WAYS
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

_WAITING = (PaymentState.DUE, PaymentState.CLAIMED)


def mistakable(db: sqlite3.Connection, order: Order) -> int:
    """What a person wrote down last as come for an order and may take back; 0 for nothing."""
    row = _mistakable(db, order)
    return int(row["amount_minor"]) if row else 0


def since(db: sqlite3.Connection, order: Order) -> int:
    """When that was written down, in UTC ms; 0 for nothing."""
    row = _mistakable(db, order)
    return int(row["at"]) if row else 0


def _mistakable(db: sqlite3.Connection, order: Order) -> sqlite3.Row | None:
    """As long as an order is not packed; one to be paid on delivery, until it comes back. What its
    courier brought is corrected by another sum: see `on_delivery.collected`."""
    order, payment = orders.fresh(db, order), payments.of_order(db, order.id)
    if payment.method == "cod":
        known = (PaymentState.DUE, PaymentState.PAID, PaymentState.SHORT)
        may = order.state in on_delivery.MISTAKABLE_IN and payment.state in known
    elif order.state is State.PLACED:
        may = payment.state in _WAITING
    else:
        may = order.state is State.CONFIRMED and payment.state is PaymentState.PAID
        may = may and not orders.is_in_parts(db, order)
    if not may or WAYS[payment.method].by_service:
        return None
    row: sqlite3.Row | None = _sql.mistakable(db, order_id=order.id)
    is_couriers = row is not None and row["method"] == "cod"
    return None if is_couriers else row


def take_back(unit: Unit, order: Order, *, by: By) -> Rejected | NothingDue:
    """A person wrote down money that had not come: its order waits for that once more.

    What its buyer claimed is claimed again. As long as nothing of the money goes back.
    """
    order, payment = orders.fresh(unit.db, order), payments.of_order(unit.db, order.id)
    row = _mistakable(unit.db, order)
    if row is None:
        return NothingDue(order, payment)
    payments.drop_receipt(unit, row["id"])
    people.audit(unit, by, "payment.receipt", order.number, str(row["amount_minor"]), "")
    return payments.reopen(unit, order, by=by)
