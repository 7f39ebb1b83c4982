"""Parcels with a part of an order that do not reach its buyer, or do after all."""

from __future__ import annotations

import sqlite3
from collections import Counter
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from bot.shop import (
    accounts,
    enquiries,
    held_goods,
    orders,
    parcels,
    parts,
    payments,
    people,
    refunds,
    stock,
    unsettled,
)
from bot.shop.catalogue import Price
from bot.shop.found import NOT_BACK
from bot.shop.order_states import AGAIN, FOUND
from bot.shop.orders import NotAllowed, Order, OrderLine, State
from bot.shop.parcel_states import ParcelState
from bot.shop.parcels import Parcel
from bot.shop.parts import RestOff
from bot.shop.payment_states import PaymentState
from bot.shop.people import By
from bot.shop.returned_goods import Goods
from bot.shop.stock import Shortage
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

STANDS_IN = (*parts.UNDERWAY, State.DELIVERED)


class Fate(StrEnum):
    """What has become of a parcel that does not reach its buyer."""

    LOST = "lost"
    BACK = "back"  # and can be sold
    BAD = "bad"  # back, and good for nothing
    REFUSED = "refused"  # and on its way back


MAY_ARRIVE = (Fate.LOST, Fate.REFUSED)


class Undelivered(Struct, frozen=True):
    """A parcel that MAY_ARRIVE yet: what was in it, and whether that was left out of its order,
    with its share of what was taken off and what goes back for it."""

    id: int
    order_id: int
    fate: Fate
    courier: str
    number: str
    is_off: int
    discount_minor: int
    refund_id: int | None
    lines: tuple[OrderLine, ...]

    @property
    def goods(self) -> Goods:
        """What was in it."""
        found = Counter[tuple[str, str]]()
        for line in self.lines:
            found[line.product, line.grade] += line.amount
        return found


class Found(Struct, frozen=True):
    """These goods have reached the buyer after all; `kept_minor` was to go back for them."""

    order: Order
    fate: Fate
    goods: Goods
    kept_minor: int


def not_arrived(
    unit: Unit, order: Order, parcel: Parcel, fate: Fate, *, again: bool, by: By
) -> Order | RestOff | list[Shortage]:
    """A parcel does not reach its buyer, while the rest of its order waits, or does: what was in it
    is sent `again`, with the rest, or called off. What was refused is awaited until it `is_here`.

    With shortages nothing is written. Raises NotAllowed when that cannot be said of the parcel, and
    as `parts.call_off` does.
    """
    try:
        with unit.attempt():
            order, goods = _take_away(unit, order, parcel, fate, by)
            lines, off = parts.dropped(unit.db, order, goods), None
            if again:
                _hold_again(unit, order, goods)
                if order.state is State.SHIPPED:
                    orders.move(unit, order, State.PACKING, by=by, why=AGAIN)
                accounts.follow(unit, order.id, f"parcel {fate}", by=by)
            else:
                off = parts.call_off(unit, order, goods, by=by, had_left=True)
            if fate is Fate.REFUSED:
                unsettled.note(unit, order)
            if fate in MAY_ARRIVE:
                _note(unit, parcel, fate, lines, off)
            return off or orders.fresh(unit.db, order)
    except stock.Short as short:
        return short.shortages


def _take_away(unit: Unit, order: Order, parcel: Parcel, fate: Fate, by: By) -> tuple[Order, Goods]:
    """What was in a parcel was not sold, and the parcel is lost or none of the order's."""
    order = orders.fresh(unit.db, order)
    goods = parts.in_parcel(unit.db, order, parcel)
    if not goods:
        raise NotAllowed(order, order.state, fate)
    is_lost = fate is not Fate.BACK
    held_goods.take_back(unit, order.id, goods, by=by, lost=is_lost, why=_why(fate))
    parts.note_sent(unit, order)
    if fate is Fate.LOST:
        parcels.note(unit, parcel, ParcelState.LOST)
    else:
        parcels.drop(unit, parcel)
    unsettled.withdraw(unit, order)
    enquiries.settle(unit, order.id, by)
    people.audit(unit, by, f"parcel.{fate}", order.number, "", parcel.number)
    return order, goods


def _why(fate: Fate) -> str:
    """Why what was in a parcel is not on hand."""
    return held_goods.REFUSED if fate is Fate.REFUSED else held_goods.NOT_ARRIVED


def _note(
    unit: Unit, parcel: Parcel, fate: Fate, lines: tuple[OrderLine, ...], off: RestOff | None
) -> None:
    """Keeps what `found` needs."""
    row = _sql.note(
        unit.db,
        order_id=parcel.order_id,
        fate=fate,
        courier=parcel.courier,
        number=parcel.number,
        is_off=off is not None,
        discount_minor=off.before.discount_minor - off.order.discount_minor if off else 0,
        refund_id=off.back.id if off and off.back else None,
    )
    values = [
        {
            **asdict(line),
            "undelivered_id": row["id"],
            "position": position,
            "price_minor": line.price.minor,
            "price_per": line.price.per,
        }
        for position, line in enumerate(lines)
    ]
    _sql.note_lines(unit.db, values)


def is_here(unit: Unit, order: Order, *, by: By, spoiled: bool) -> Goods:
    """What was refused of an order is on hand again, or `spoiled`; nothing when none is awaited."""
    goods = held_goods.on_way_back(unit.db, order.id)
    if goods:
        held_goods.here_again(unit, order.id, by=by, spoiled=spoiled)
        _sql.came_back(unit.db, order_id=order.id)
        unsettled.withdraw(unit, order)
        people.audit(unit, by, f"parcel.{Fate.BAD if spoiled else Fate.BACK}", order.number, "", "")
    return goods


def _hold_again(unit: Unit, order: Order, goods: Goods) -> None:
    """Goods of an order are kept for it once more, if they are there."""
    lasting = stock.day(unit, order.transit_days)
    wants = [(*key, amount) for key, amount in goods.items()]
    short = [
        Shortage(*want, free)
        for want in wants
        if (free := stock.available(unit, *want[:2], lasting=lasting)) < want[2]
    ]
    if short:
        raise stock.Short(short)
    stock.take(unit, order.id, stock.plan(unit, wants, lasting=lasting)[0], None)


def by_id(db: sqlite3.Connection, id: int) -> Undelivered | None:
    """What is known of a parcel that did not reach its buyer."""
    row = _sql.by_id(db, id=id)
    return _undelivered(db, row) if row else None


def may_be_found(db: sqlite3.Connection, order: Order) -> list[Undelivered]:
    """The parcels of an order of which nothing has followed that stands in the way of their having
    arrived: neither have other goods left for theirs, nor has money begun to go back."""
    is_paid_back = payments.of_order(db, order.id).state not in NOT_BACK
    if order.state not in STANDS_IN or is_paid_back:
        return []
    found = [_undelivered(db, row) for row in _sql.of_order(db, order_id=order.id)]
    rest = Counter(parts.rest(db, order))
    return [
        each
        for each in found
        if each.is_off or Counter(each.goods) <= rest
        if each.refund_id is None or refunds.may_undo_excess(db, each.refund_id)
    ]


def found(unit: Unit, one: Undelivered, *, by: By) -> Found:
    """What was in a parcel that was lost or refused is with its buyer: it is sold, and paid for or
    due as it was before. Raises NotAllowed unless it `may_be_found`."""
    db, order = unit.db, orders.by_id(unit.db, one.order_id)
    if order is None:
        raise LookupError(one.order_id)
    if one not in may_be_found(db, order):
        raise NotAllowed(order, order.state, FOUND)
    held_goods.reach_buyer(unit, order.id, one.goods, by=by, why=_why(one.fate))
    kept = refunds.undo_excess(unit, one.refund_id) if one.refund_id else 0
    if one.is_off:
        parts.write(unit, parts.with_more(db, order, one.lines, one.discount_minor))
    else:
        held_goods.keep_only(unit, order.id, parts.rest(db, order))
        parts.note_sent(unit, order)
    _sql.finish(db, id=one.id)
    _put_parcel_back(unit, order, one, by)
    if not held_goods.on_way_back(db, order.id):
        unsettled.withdraw(unit, order)
    order = orders.fresh(db, order)
    is_paid = payments.of_order(db, order.id).state is PaymentState.PAID
    if is_paid and payments.missing(db, order):
        payments.reopen(unit, order, by=by)
    parts.leave(unit, order, by=by, why=FOUND)
    accounts.follow(unit, order.id, "parcel found", by=by)
    enquiries.settle(unit, order.id, by)
    people.audit(unit, by, f"parcel.{FOUND}", order.number, one.fate, one.number)
    return Found(orders.fresh(db, order), one.fate, one.goods, kept)


def _put_parcel_back(unit: Unit, order: Order, one: Undelivered, by: By) -> None:
    """What was lost is there; what was refused is on its way, unless its order has arrived."""
    if one.fate is Fate.REFUSED:
        parcels.enter(unit, order, one.courier, one.number, by)
    is_there = one.fate is Fate.LOST or order.state is State.DELIVERED
    for each in parcels.of_order(unit.db, order.id) if is_there else ():
        is_it = (each.courier, each.number) == (one.courier, one.number)
        if is_it and each.state in (ParcelState.LOST, ParcelState.UNKNOWN):
            parcels.note(unit, each, ParcelState.DELIVERED)


def _undelivered(db: sqlite3.Connection, row: sqlite3.Row) -> Undelivered:
    lines = tuple(_line(dict(line)) for line in _sql.lines(db, id=row["id"]))
    return Undelivered(**{**dict(row), "fate": Fate(row["fate"]), "lines": lines})


def _line(row: dict[str, Any]) -> OrderLine:
    return OrderLine(price=Price(row.pop("price_minor"), row.pop("price_per")), **row)
