"""What is paid on delivery and does not come in full: a part at the door, or nothing.

Who has the goods and paid a part, or nothing, owes the rest: the payment is short, which is listed
until the rest has come, is let go, or the goods come back. Whoever refuses to pay has no goods.
"""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from bot.shop import discounts, enquiries, orders, payments, people, refunds
from bot.shop.orders import Moved, NotAllowed, Order, State
from bot.shop.payment_states import Payment, PaymentState
from bot.shop.people import By
from bot.shop.refunds import Refund
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


# Where it can be said that money had not come, which was written down before.
MISTAKABLE_IN = (State.CONFIRMED, State.PACKING, State.SHIPPED, State.DELIVERED)


class Collected(Struct, frozen=True):
    """What the courier brought is written down; `missing_minor` of the total is still due.

    `moved` is set when the goods count as delivered by it; `excess` is what came above the total.
    """

    order: Order
    payment: Payment
    missing_minor: int
    moved: Moved | None = None
    excess: Refund | None = None


def is_short(db: sqlite3.Connection, order: Order) -> bool:
    """Whether less came at the door than was due."""
    return payments.of_order(db, order.id).state is PaymentState.SHORT


def may_say(db: sqlite3.Connection, order: Order) -> bool:
    """Whether a person can say how much the courier brought: nothing has followed from it yet."""
    order, payment = orders.fresh(db, order), payments.of_order(db, order.id)
    if payment.method != "cod" or not due_at_door(db, order):
        return False
    if order.state is State.SHIPPED:
        return payment.state is PaymentState.DUE
    return order.state is State.DELIVERED and bool(_sql.may_correct(db, order_id=order.id))


def may_correct(db: sqlite3.Connection, order: Order) -> bool:
    """Whether a courier's sum is written down that can be said to be another."""
    is_there = orders.fresh(db, order).state is State.DELIVERED
    return is_there and may_say(db, order) and brought(db, order) > 0


def brought(db: sqlite3.Connection, order: Order) -> int:
    """What the courier brought, as far as it is written down; in minor units."""
    return int(_sql.brought(db, order_id=order.id))


def due_at_door(db: sqlite3.Connection, order: Order) -> int:
    """What the courier is to bring, or was: all that did not come otherwise; in minor units."""
    otherwise = payments.received(db, order.id) - brought(db, order)
    return max(0, order.total_minor - max(0, otherwise))


def collected(unit: Unit, order: Order, minor: int, *, by: By) -> Collected | None:
    """So much came at the door in all, in the place of what was written down of that before.

    None when that cannot be said any more.
    """
    if not may_say(unit.db, order) or minor < 0:
        return None
    order, payment = orders.fresh(unit.db, order), payments.of_order(unit.db, order.id)
    before = payments.received(unit.db, order.id)
    _sql.drop_collected(unit.db, order_id=order.id)
    if minor:
        payments.write_down(unit, payment, minor, by)
    over = payments.received(unit.db, order.id) - order.total_minor
    excess = refunds.excess(unit, order, over, by=by) if over > 0 else None
    to = PaymentState.SHORT if over < 0 else PaymentState.PAID
    payment = payments.decide(unit, order, payment, to, by)
    if to is PaymentState.PAID:
        enquiries.settle(unit, order.id, by)
    people.audit(unit, by, "payment.collected", order.number, str(before), str(minor))
    moved = None
    if order.state is State.SHIPPED:
        moved = orders.move(unit, order, State.DELIVERED, by=by)
        order = moved.order
    return Collected(order, payment, max(0, -over), moved, excess)


def collect_again(unit: Unit, order: Order) -> None:
    """What was said to come back goes on to its buyer, who pays the rest when it is there."""
    _sql.collect_again(unit.db, order_id=order.id)


def let_go(unit: Unit, order: Order, *, by: By) -> int:
    """The buyer need not pay what is missing: it is taken off the price, as a discount is.

    Returns it in minor units; 0 when nothing was missing.
    """
    order, payment = orders.fresh(unit.db, order), payments.of_order(unit.db, order.id)
    missing = payments.missing(unit.db, order)
    if payment.state is not PaymentState.SHORT:
        return 0
    discounts.take_off(unit, order, missing)
    _sql.note_let_go(unit.db, order_id=order.id, minor=missing)
    payments.decide(unit, order, payment, PaymentState.PAID, by)
    payments.unsettle(unit, order)
    enquiries.settle(unit, order.id, by)
    people.audit(unit, by, "payment.let-go", order.number, "", str(missing))
    return missing


def refused(unit: Unit, order: Order, *, by: By) -> Moved:
    """The buyer did not pay at the door and has no goods: they come back. Raises NotAllowed.

    What counts as brought by the courier, since the parcel counted as delivered, was not. A part
    that came stays: it goes back to the buyer when the goods are here.
    """
    order, payment = orders.fresh(unit.db, order), payments.of_order(unit.db, order.id)
    why = "refused"
    if payment.method == "cod" and order.state is State.DELIVERED:
        if not may_say(unit.db, order) or _sql.is_sent_again(unit.db, order_id=order.id):
            raise NotAllowed(order, State.RETURNING, "paid")
        if _sql.only_counted(unit.db, order_id=order.id):
            collected(unit, order, 0, by=by)
        elif payments.received(unit.db, order.id):
            why = ""
    return orders.move(unit, order, State.RETURNING, by=by, why=why)
