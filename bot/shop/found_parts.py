"""Parcels with a part of an order that were taken for lost and reach their buyers after all."""

from __future__ import annotations

import sqlite3
from collections import Counter

from bot.shop import accounts, enquiries, held_goods, orders, parcels, parts, people, unsettled
from bot.shop.order_states import FOUND
from bot.shop.orders import NotAllowed, Order
from bot.shop.parcel_states import ParcelState
from bot.shop.parcels import Parcel
from bot.shop.people import By
from bot.shop.returned_goods import Goods
from bot.store.unit import Unit


def inside(db: sqlite3.Connection, order: Order, parcel: Parcel) -> Goods:
    """What is to go once more in the place of what was in a lost parcel; {} where it has left, or
    is called off."""
    left = parts.of_order(db, order)
    goods = parts.together(e for e in left if e.at == parcel.at and not e.is_undone)
    undone = [each.goods for each in left if each.is_undone]
    is_lost = parcel.state is ParcelState.LOST and order.state in parts.OPEN
    waits = is_lost and goods in undone and goods <= Counter(parts.rest(db, order))
    return goods if waits and goods <= Counter(held_goods.lost(db, order.id)) else {}


def may_be(db: sqlite3.Connection, order: Order) -> list[Parcel]:
    """The lost parcels of an order whose goods are to go once more, and need not."""
    if order.state not in parts.OPEN:
        return []
    return [each for each in parcels.of_order(db, order.id) if inside(db, order, each)]


def found(unit: Unit, order: Order, parcel: Parcel, *, by: By) -> tuple[Order, Goods]:
    """Its buyer has what was in it: it is sold, and nothing is kept in its place. When nothing else
    is to leave, the order has.

    Raises NotAllowed unless it `may_be`.
    """
    db, order = unit.db, orders.fresh(unit.db, order)
    goods = inside(db, order, parcel)
    if not goods:
        raise NotAllowed(order, order.state, FOUND)
    with unit.attempt():
        held_goods.find(unit, order.id, goods, by=by)
        held_goods.keep_only(unit, order.id, parts.rest(db, order))
        parts.note_sent(unit, order)
        parcels.note(unit, parcel, ParcelState.DELIVERED)
        unsettled.withdraw(unit, order)
        enquiries.settle(unit, order.id, by)
        people.audit(unit, by, "parcel.found", order.number, "", parcel.number)
        accounts.follow(unit, order.id, "parcel found", by=by)
        parts.leave_if_all_has(unit, order, by=by, why=FOUND)
    return orders.fresh(db, order), goods
