"""Which of several texts tells how an order went on."""

from __future__ import annotations

from bot.shop import expectations, follow_ups, parcels, parts, refunds, returned_goods
from bot.shop.order_states import GOES_ON
from bot.shop.orders import Moved, Order, State
from bot.talk.turn import Turn


def awaited(turn: Turn, event: Moved) -> str:
    """The ending of the texts about an order that is confirmed before its goods are there."""
    awaited = expectations.awaited(turn.unit.db, event.order.id)
    return "-awaited" if event.after is State.CONFIRMED and awaited else ""


def here(turn: Turn, event: Moved) -> str:
    """The ending of the texts about an order that goes back, whose parcels are there already, or
    that does not after all."""
    if event.why == GOES_ON:
        return "-goes-on"
    is_back = event.after is State.RETURNING and parcels.is_back(turn.unit.db, event.order)
    return "-here" if is_back else ""


def at_door(turn: Turn, event: Moved) -> str:
    """The ending of the texts about the rest of an order for which its courier collects a sum."""
    return "-cod" if not event.why and parts.due_last(turn.unit.db, event.order) else ""


def ending(turn: Turn, event: Moved) -> str:
    """The ending of the texts about an order that ran out and was paid in part, that has come back
    in part or leaves no money to settle, or that is called off since its buyer asked for that.
    """
    order = event.order
    if event.after is State.SHIPPED and not event.why and parts.earlier(turn.unit.db, order):
        return f"-rest{at_door(turn, event)}"
    if order.state is State.CANCELLED:
        return "-asked" if event.why == "asked" else ""
    if order.state is State.EXPIRED:
        return "-part" if kept(turn, order) else ""
    if event.why == "refused":
        return "-refused"
    if order.state is not State.RETURNED:
        return here(turn, event)
    if not follow_ups.left(turn.unit.db, order):
        return "-settled"
    return "-part" if returned_goods.part_back(turn.unit.db, order.id) else ""


def kept(turn: Turn, order: Order) -> int:
    """What was paid for an order and is not promised back, or else has not gone back; of one on its
    way, what its courier collects."""
    if order.state is State.SHIPPED:
        return parts.due_last(turn.unit.db, order)
    return follow_ups.left(turn.unit.db, order) or refunds.kept(turn.unit.db, order)
