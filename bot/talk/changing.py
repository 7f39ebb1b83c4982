"""Other goods for an order that has not been packed or paid: it becomes a draft once more."""

from __future__ import annotations

from bot.shop import follow_ups, orders, vouchers
from bot.shop.orders import Order
from bot.talk import desk, drafting, ordering, tracking
from bot.talk.conversation import Draft, DraftLine
from bot.talk.turn import Turn


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
    said_so = "change-order" in turn.reading.marks
    if turn.state.draft.lines or not (said_so or _says_other_amount(turn)):
        return False
    order = _meant(turn)
    if order is None:
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
    said = any(line.product or line.quantity for line in reading.lines)
    return said or reading.number is not None


def _says_other_amount(turn: Turn) -> bool:
    """Whether another amount is named: 改成30根, in a seller's mouth the words for a new price."""
    reading = turn.reading
    said = reading.number is not None or any(line.quantity for line in reading.lines)
    return said and not reading.money and "set-price" in reading.marks


def _meant(turn: Turn) -> Order | None:
    """The order that is named, else the latest that is not packed."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        return tracking.own(turn, named.number)
    found = (each for each in tracking.mine(turn) if each.state in follow_ups.CHANGED_IN)
    return next(found, None)


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
    """It is paid: a person settles the difference."""
    turn.say("change.person", number=order.number, handed_over=True)
    desk.hand_over(turn, told=True)
