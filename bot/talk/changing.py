"""Other goods for an order that has not been packed: it becomes a draft once more."""

from __future__ import annotations

import re

from bot.shop import follow_ups, orders, vouchers
from bot.shop.orders import Order, State
from bot.talk import desk, drafting, ordering, tracking
from bot.talk.conversation import Draft, DraftLine
from bot.talk.turn import Turn

# 改成30根, 换成大号的: in a seller's mouth the words for a new price.
_TO = re.compile(r"[改换換]成|[改换換]为|[改換]為|\bchange (?:it|that|them) to\b", re.IGNORECASE)


def ask(turn: Turn, order: Order | None) -> None:
    """The button: shows the order as a draft to be changed."""
    if order is None:
        turn.say("track.unknown")
    elif follow_ups.may_change(turn.unit, order):
        _open(turn, order)
        turn.say("change.ask", number=order.number)
        ordering.proceed(turn)
    else:
        tracking.show(turn, order)


def take(turn: Turn) -> bool:
    """A wish to change an order's goods; False when the message is none."""
    if turn.state.draft.lines or not _may_mean_it(turn):
        return False
    order = _meant(turn)
    if order is None or not _wishes(turn, order):
        return False
    if not follow_ups.may_change(turn.unit, order):
        _hand_over(turn, order)
    elif not _says_goods(turn):
        ask(turn, order)
    else:
        _open(turn, order)
        drafting.fill(turn)
        ordering.proceed(turn)
    return True


def _says_goods(turn: Turn) -> bool:
    reading = turn.reading
    return bool(reading.lines) or reading.number is not None


def _may_mean_it(turn: Turn) -> bool:
    """Whether a message can be such a wish: asked of each, before the orders are looked at."""
    marks = turn.reading.marks
    said_so = "change-order" in marks or (bool(_TO.search(turn.text)) and not turn.reading.money)
    return said_so or bool(turn.reading.refused) or drafting.adds(turn)


def _wishes(turn: Turn, order: Order) -> bool:
    """Whether a message wants another amount or grade of what is in an order, or less kinds."""
    reading, mine = turn.reading, {line.product for line in order.lines}
    if "change-order" in reading.marks:
        return True
    if reading.refused:
        return bool(mine.intersection(reading.refused)) and bool(mine.difference(reading.refused))
    of_it = all(line.product is None or line.product in mine for line in reading.lines)
    return of_it and _says_goods(turn)


def _meant(turn: Turn) -> Order | None:
    """The order that is named, else the latest that is not packed, or not sent at least."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        return tracking.own(turn, named.number)
    mine = tracking.mine(turn)
    found = [each for each in mine if each.state in follow_ups.CHANGED_IN]
    return next(iter(found or [each for each in mine if each.state is State.PACKING]), None)


def _open(turn: Turn, order: Order) -> None:
    turn.state.draft = Draft(
        lines=[
            DraftLine(each.product, each.grade, each.quantity, each.unit) for each in order.lines
        ],
        recipient=order.recipient,
        pay_by=order.pay_by,
        replaces=order.number,
        voucher=vouchers.code_of(turn.unit.db, order.id),
    )
    turn.state.about = order.lines[-1].product
    turn.see_sales()


def _hand_over(turn: Turn, order: Order) -> None:
    """It is packed, or its money is looked for or on its way back: a person settles it."""
    turn.say("change.person", number=order.number, handed_over=True)
    desk.hand_over(turn, told=True)
