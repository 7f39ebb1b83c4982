"""Orders that stand in the place of another: sent again for nothing, or changed before packing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.language.addresses import Recipient
from bot.shop import orders, payments, refunds, stock
from bot.shop.catalogue import Catalogue, Price
from bot.shop.orders import Already, Moved, NotAllowed, Order, State, Wanted
from bot.shop.people import By, Chat
from bot.shop.quotes import zone_of
from bot.shop.stock import Shortage
from bot.shop.vouchers import Voucher
from bot.store.unit import Unit

CHANGED_IN = (State.PLACED, State.CONFIRMED)


class _Short(Exception):
    """Undoes what was attempted, since goods are short."""

    def __init__(self, shortages: list[Shortage]) -> None:
        super().__init__(shortages)
        self.shortages = shortages


def send_again(
    unit: Unit, catalogue: Catalogue, order: Order, *, by: By
) -> Moved | Already | list[Shortage]:
    """The same goods to the same recipient for nothing, confirmed at once; once an order.

    Raises NotAllowed for an order that has not left; with shortages nothing is written.
    """
    order = orders.fresh(unit.db, order)
    if order.state not in refunds.OFFERED_WHEN:
        raise NotAllowed(order, State.CONFIRMED, "again")
    key = f"again:{order.number}"
    known = orders.by_key(unit.db, key)
    if known:
        return Already(known)
    lasting = stock.arrival(unit, zone_of(catalogue, order.recipient))
    takes, shortages = stock.plan(unit, order.wants, lasting=lasting)
    if shortages:
        return shortages
    fields: dict[str, Any] = {
        "key": key,
        "person_id": order.person_id,
        "chat_id": order.chat_id,
        "pay_by": "transfer",
        "language": order.language,
        "currency": order.currency,
        "goods_minor": 0,
        "shipping_minor": 0,
        "discount_minor": 0,
        "total_minor": 0,
        "placed_at": unit.now,
        "replaces": order.id,
    }
    lines = tuple(
        replace(line, price=Price(0, line.price.per), total_minor=0) for line in order.lines
    )
    written = orders.write(unit, fields, order.recipient, lines)
    if written is None:
        raise RuntimeError(f"{key} was written in between")
    stock.take(unit, written.id, takes, None)
    confirmed = payments.confirm(unit, written, by=by)
    if not isinstance(confirmed, Moved):
        raise RuntimeError(f"{written.number} could not be confirmed")
    return confirmed


def lost(unit: Unit, order: Order, *, by: By) -> Moved:
    """A parcel will never arrive: the order is over, and its goods are not there any more.

    Raises NotAllowed for an order that is not on its way.
    """
    if orders.fresh(unit.db, order).state is not State.SHIPPED:
        raise NotAllowed(order, State.RETURNED, "lost")
    moved = orders.move(unit, order, State.RETURNING, by=by, why="lost")
    return orders.move(unit, moved.order, State.RETURNED, by=by, why="lost")


def may_change(unit: Unit, order: Order) -> bool:
    """Whether other goods can take an order's place: before it is packed and before any money."""
    order = orders.fresh(unit.db, order)
    if order.state not in CHANGED_IN or payments.received(unit.db, order.id):
        return False
    return payments.of_order(unit.db, order.id).state == "due"


def change(
    unit: Unit,
    catalogue: Catalogue,
    order: Order,
    *,
    key: str,
    chat: Chat,
    wants: Sequence[Wanted],
    recipient: Recipient,
    pay_by: str,
    language: str,
    by: By,
    voucher: Voucher | None = None,
) -> Moved | Already | list[Shortage]:
    """Places an order in the place of another, whose goods and shares of sales are free for it.

    When it cannot be placed, the other stands as if nobody had asked. The catalogue is priced as
    if that order had no shares. Raises NotAllowed when the other cannot be changed any more, and
    what `orders.place` raises.
    """
    known = orders.by_key(unit.db, key)
    if known:
        return Already(known)
    if not may_change(unit, order):
        raise NotAllowed(order, State.CANCELLED, "changed")
    try:
        with unit.attempt():
            orders.move(unit, order, State.CANCELLED, by=by, why="changed")
            placed = orders.place(
                unit,
                catalogue,
                key=key,
                chat=chat,
                wants=wants,
                recipient=recipient,
                pay_by=pay_by,
                language=language,
                replaces=order.id,
                voucher=voucher,
            )
            if isinstance(placed, list):
                raise _Short(placed)
            return placed
    except _Short as short:
        return short.shortages
