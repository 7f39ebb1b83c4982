"""Orders that were taken for lost, or to come back, and reach their buyers after all."""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from bot.shop import (
    enquiries,
    follow_ups,
    on_delivery,
    orders,
    parcels,
    payments,
    refunds,
    repayments,
    unsettled,
)
from bot.shop.order_states import GOES_ON
from bot.shop.orders import Moved, NotAllowed, Order, State
from bot.shop.payment_states import PaymentState
from bot.shop.people import By
from bot.shop.refunds import RefundState
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

NOT_BACK = (PaymentState.PAID, PaymentState.DUE, PaymentState.SHORT)  # None of the money is to.


class Found(Struct, frozen=True):
    """An order has arrived after all; `kept_minor` was to go back for it and does not."""

    moved: Moved
    kept_minor: int


def may_be(db: sqlite3.Connection, order: Order) -> bool:
    """Whether it is lost, and neither its money has begun to go back nor goods go in its place."""
    if not follow_ups.is_lost(db, order) or follow_ups.sent_again(db, order):
        return False
    state = payments.of_order(db, order.id).state
    if state is PaymentState.REFUND_DUE:
        back = refunds.all_of(db, order)
        return repayments.rest(db, back) == back.amount_minor
    return state in NOT_BACK


def kept(db: sqlite3.Connection, order: Order) -> int:
    """What is to go back for an order that `may_be` found, and then would not; in minor units."""
    is_due = payments.of_order(db, order.id).state is PaymentState.REFUND_DUE
    return refunds.undone(db, order) if is_due else 0


def agreed(db: sqlite3.Connection, order: Order) -> int:
    """What was agreed to go back in all, in whole or in part, and has not gone; in minor units."""
    parts = refunds.of_order(db, order)
    due = sum(each.amount_minor for each in parts if each.state is RefundState.DUE)
    return kept(db, order) + due


def found(unit: Unit, order: Order, *, by: By) -> Found:
    """The buyer has it: what is to go back in whole or in part, and has not begun to, is kept.

    Raises NotAllowed unless it `may_be`.
    """
    db, order = unit.db, orders.fresh(unit.db, order)
    if not may_be(db, order):
        raise NotAllowed(order, State.DELIVERED, "found")
    minor = kept(db, order)
    if minor:
        payments.decide(unit, order, payments.of_order(db, order.id), PaymentState.PAID, by)
    on_delivery.collect_again(unit, order)
    moved = orders.move(unit, order, State.DELIVERED, by=by, why="found")
    for each in refunds.of_order(db, order):
        if refunds.keep(unit, each.id, by=by):
            minor += each.amount_minor
    unsettled.withdraw(unit, order)
    enquiries.settle(unit, order.id, by)
    return Found(moved, minor)


def may_go_on(db: sqlite3.Connection, order: Order) -> bool:
    """Whether it is said to come back, and nothing has followed from that."""
    if order.state is not State.RETURNING or _sql.is_followed(db, id=order.id):
        return False
    return payments.of_order(db, order.id).state in NOT_BACK


def goes_on(unit: Unit, order: Order, *, by: By) -> Moved:
    """It does not come back: it is on its way as before, or its buyer has it.

    Raises NotAllowed unless it `may_go_on`.
    """
    db, order = unit.db, orders.fresh(unit.db, order)
    if not may_go_on(db, order):
        raise NotAllowed(order, State.DELIVERED, GOES_ON)
    was_there = orders.history(db, order.id)[-1].before is State.DELIVERED
    if not was_there:
        on_delivery.collect_again(unit, order)
    is_there = was_there or parcels.has_arrived(db, order)
    return orders.move(
        unit, order, State.DELIVERED if is_there else State.SHIPPED, by=by, why=GOES_ON
    )
