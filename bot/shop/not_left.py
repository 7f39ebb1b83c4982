"""Orders that were said to have left and are here yet: the goods are kept for them as before."""

from __future__ import annotations

import sqlite3

from bot.shop import (
    accounts,
    follow_ups,
    held_goods,
    orders,
    parcels,
    parts,
    payments,
    people,
    unsettled,
)
from bot.shop.order_states import NOT_LEFT
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.people import By
from bot.store.unit import Unit


def may_be(db: sqlite3.Connection, order: Order) -> bool:
    """Whether what has left of an order may be here: no parcel of it has come to an end, no courier
    has brought money for it, and nothing goes out in its place."""
    if order.state is not State.SHIPPED and not orders.is_in_parts(db, order):
        return False
    is_there = any(map(parcels.is_finished, parcels.of_order(db, order.id)))
    is_collected = any(each.method == "cod" for each in payments.receipts(db, order.id))
    return not (is_there or is_collected or follow_ups.sent_again(db, order))


def is_likely(db: sqlite3.Connection, order: Order) -> bool:
    """Whether it may be here and has no number by which it could have left."""
    return may_be(db, order) and not parcels.of_order(db, order.id)


def take_back(unit: Unit, order: Order, *, by: By) -> Order:
    """What has left of an order has not: it is packed, and its numbers are none of its own. What
    is free stays as it was. Raises NotAllowed unless that `may_be`."""
    order = orders.fresh(unit.db, order)
    if not may_be(unit.db, order):
        raise NotAllowed(order, State.PACKING, NOT_LEFT)
    for parcel in parcels.of_order(unit.db, order.id):
        parcels.drop(unit, parcel)
        people.audit(unit, by, "number-removed", order.number, "", parcel.number)
    held_goods.hold_again(unit, order.id, by=by)
    parts.note_sent(unit, order)
    if order.state is State.SHIPPED:
        orders.move(unit, order, State.PACKING, by=by, why=NOT_LEFT)
    accounts.follow(unit, order.id, NOT_LEFT, by=by)
    unsettled.withdraw(unit, order)
    return orders.fresh(unit.db, order)
