"""What a seller takes off an order that stands and is not paid: its buyer has less to pay."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from bot.shop import accounts, orders, payments, people
from bot.shop.orders import Moved, Order, State
from bot.shop.payment_states import PaymentState
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

OPEN_IN = (State.PLACED, State.CONFIRMED, State.PACKING, State.SHIPPED)


@dataclass(frozen=True, slots=True)
class Discounted:
    """An order costs less; `moved` is set when what had come is all of its price by that."""

    order: Order
    moved: Moved | None = None


def is_claimed(db: sqlite3.Connection, order: Order) -> bool:
    """Whether its buyer says that all or the rest is paid, and nobody has looked since."""
    payment = payments.of_order(db, order.id)
    if payment.state is not PaymentState.SHORT:
        return payment.state is PaymentState.CLAIMED
    return payment.claimed_at is not None and payment.claimed_at >= (payment.decided_at or 0)


def most(db: sqlite3.Connection, order: Order) -> int:
    """How much can be taken off at most, in minor units; 0 when its money is not waited for.

    What nothing has come for keeps a price: an order for nothing is not discounted but given away.
    """
    order = orders.fresh(db, order)
    if order.state not in OPEN_IN or payments.of_order(db, order.id).state is not PaymentState.DUE:
        return 0
    missing = payments.missing(db, order)
    return missing if payments.received(db, order.id) else missing - 1


def give(unit: Unit, order: Order, minor: int, *, by: By) -> Discounted | None:
    """Takes so many minor units off an order's price; None when that is more than there can be.

    The goods are held for the rest as if it had just been ordered, and a code for the former sum
    has another in its place. Raises ValueError for a sum that is none.
    """
    if minor <= 0:
        raise ValueError(minor)
    if minor > most(unit.db, order):
        return None
    take_off(unit, order, minor)
    people.audit(unit, by, "order.discount", order.number, "", str(minor))
    order = orders.fresh(unit.db, order)
    if payments.missing(unit.db, order):
        payments.bill_anew(unit, order)
        payments.hold_for_payment(unit, order)
        accounts.follow(unit, order.id, "discount", by=by)
        return Discounted(orders.fresh(unit.db, order))
    payments.decide(unit, order, payments.of_order(unit.db, order.id), PaymentState.PAID, by)
    if order.state is not State.PLACED or order.pay_by == "cod":
        return Discounted(order)
    moved = orders.move(unit, order, State.CONFIRMED, by=by)
    return Discounted(moved.order, moved)


def take_off(unit: Unit, order: Order, minor: int) -> None:
    """An order and what is to be paid for it cost so many minor units less."""
    _sql.lessen(unit.db, order_id=order.id, minor=minor)
    _sql.lessen_payment(unit.db, order_id=order.id, minor=minor)
