"""What a seller takes off an order that stands: its buyer has less to pay, or some of it back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from bot.shop import accounts, orders, payments, people, price_cuts, refunds
from bot.shop.orders import Moved, Order, State
from bot.shop.payment_states import PaymentState
from bot.shop.people import By
from bot.shop.price_cuts import Cut
from bot.shop.refunds import Refund
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

BACK_IN = (State.PLACED, State.CONFIRMED, State.PACKING)
OPEN_IN = (*BACK_IN, State.SHIPPED)


class Discounted(Struct, frozen=True):
    """An order costs less; `moved` is set when what had come is all of its price by that, `back`
    when it was paid, and is due to go back."""

    order: Order
    moved: Moved | None = None
    back: Refund | None = None


def is_claimed(db: sqlite3.Connection, order: Order) -> bool:
    """Whether its buyer says that all or the rest is paid, and nobody has looked since."""
    payment = payments.of_order(db, order.id)
    if payment.state is not PaymentState.SHORT:
        return payment.state is PaymentState.CLAIMED
    return payment.claimed_at is not None and payment.claimed_at >= (payment.decided_at or 0)


def most(db: sqlite3.Connection, order: Order) -> int:
    """How much can be taken off at most, in minor units; 0 for what waits for no money and keeps
    none.

    It keeps a price: an order for nothing is not discounted but given away.
    """
    order = orders.fresh(db, order)
    if is_paid(db, order):
        return max(0, min(refunds.left(db, order), order.total_minor - 1))
    if order.state not in OPEN_IN or payments.of_order(db, order.id).state is not PaymentState.DUE:
        return 0
    missing = payments.missing(db, order)
    return missing if payments.received(db, order.id) else missing - 1


def is_paid(db: sqlite3.Connection, order: Order) -> bool:
    """Whether what is taken off an order goes back: it is paid."""
    is_paid = payments.of_order(db, order.id).state is PaymentState.PAID
    return is_paid and order.state in refunds.OFFERED_IN


def give(
    unit: Unit, order: Order, minor: int, *, by: By, cuts: Sequence[Cut] = ()
) -> Discounted | None:
    """Takes so many minor units off an order's price; None when that is more than there can be.

    The `cuts` say what these are, if not a sum: see price_cuts. The goods are held for the rest as
    if it had just been ordered, and a code for the former sum has another in its place. Of what is
    paid, it is too much: it is no compensation for the goods. Raises ValueError for a sum that is
    none.
    """
    if minor <= 0:
        raise ValueError(minor)
    if minor > most(unit.db, order):
        return None
    order = orders.fresh(unit.db, order)
    price_cuts.keep(
        unit,
        order.id,
        cuts or [Cut("sum", minor, order.goods_minor)],
        order.goods_minor,
        order.shipping_minor,
        order.total_minor,
    )
    take_off(unit, order, minor)
    people.audit(unit, by, "order.discount", order.number, "", str(minor))
    order = orders.fresh(unit.db, order)
    if is_paid(unit.db, order):
        back = refunds.excess(unit, order, minor, by=by)
        accounts.follow(unit, order.id, "discount", by=by)
        return Discounted(order, back=back)
    if payments.missing(unit.db, order):
        return Discounted(_waits(unit, order, "discount", by))
    payments.decide(unit, order, payments.of_order(unit.db, order.id), PaymentState.PAID, by)
    if order.state is not State.PLACED or order.pay_by == "cod":
        return Discounted(order)
    moved = orders.move(unit, order, State.CONFIRMED, by=by)
    return Discounted(moved.order, moved)


def _waits(unit: Unit, order: Order, what: str, by: By) -> Order:
    """An order waits for another sum than before."""
    payments.bill_anew(unit, order)
    payments.hold_for_payment(unit, order)
    accounts.follow(unit, order.id, what, by=by)
    return orders.fresh(unit.db, order)


def last(db: sqlite3.Connection, order: Order) -> int:
    """What was taken off last and can be taken back, in minor units: of what waits for its money,
    and of which nothing has left; else 0."""
    order = orders.fresh(db, order)
    found = price_cuts.last(db, order.id)
    is_due = payments.of_order(db, order.id).state is PaymentState.DUE
    may = is_due and order.state in BACK_IN and not orders.is_in_parts(db, order)
    return found[1] if found and may and found[1] <= order.discount_minor else 0


def take_back(unit: Unit, order: Order, *, by: By) -> tuple[Order, int] | None:
    """What was taken off an order last is to be paid after all; how much that is. None when it
    cannot be: it is paid."""
    found, minor = price_cuts.last(unit.db, order.id), last(unit.db, order)
    if found is None or not minor:
        return None
    price_cuts.drop(unit, found[0])
    take_off(unit, order, -minor)
    people.audit(unit, by, "order.discount-back", order.number, "", str(minor))
    order = orders.fresh(unit.db, order)
    return _waits(unit, order, "discount taken back", by), minor


def take_off(unit: Unit, order: Order, minor: int) -> None:
    """An order and what is to be paid for it cost so many minor units less."""
    _sql.lessen(unit.db, order_id=order.id, minor=minor)
    _sql.lessen_payment(unit.db, order_id=order.id, minor=minor)
