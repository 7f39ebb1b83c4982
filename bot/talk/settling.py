"""What went wrong after it left: money back in part, and goods that come back."""

from __future__ import annotations

from bot.shop import orders, refunds, stock
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.refunds import Refund, RefundState, TooMuch
from bot.talk import charging, notices, pricing, tracking
from bot.talk.turn import Turn

ASKED = "refund"


def ask_sum(turn: Turn, order: Order) -> None:
    """Asks how much goes back. Raises NotAllowed when nothing (more) can."""
    most = refunds.left(turn.unit.db, order)
    if not most or order.state not in refunds.OFFERED_WHEN:
        raise NotAllowed(order, order.state)
    turn.state.asked = ASKED
    turn.say("staff.ask-refund", number=order.number, money=turn.money(most))


def take_sum(turn: Turn) -> bool:
    """The sum that goes back, offered to the buyer; False when none was said."""
    order = orders.find(turn.unit.db, turn.state.order)
    minor = pricing.sum_said(turn)
    if order is None or minor <= 0:
        return False
    offered = refunds.offer(turn.unit, order, minor, by=turn.chat.person)
    if isinstance(offered, TooMuch):
        turn.say("staff.refund-too-much", money=turn.money(offered.left_minor))
        return True
    turn.state.asked = ""
    turn.say("staff.offered", number=order.number, money=turn.money(minor))
    notices.offered(turn, order, offered)
    return True


def accept(turn: Turn, subject: str) -> None:
    """The buyer agrees to what was offered."""
    offered, order = _named(turn, subject)
    if offered is None or order is None or order.person_id != turn.chat.person.id:
        turn.say("stale.nothing")
        return
    agreed = refunds.accept(turn.unit, offered.id, by=turn.chat.person)
    if agreed is None:
        turn.say("offer.gone")
        tracking.show(turn, order)
        return
    turn.say("offer.accepted", number=order.number, money=turn.money(agreed.amount_minor))
    notices.refund_agreed(turn, order, agreed)


def sent(turn: Turn, subject: str) -> None:
    """A seller has sent what was agreed to."""
    due, order = _named(turn, subject)
    if due and order and due.state is RefundState.DUE and charging.send_back(turn, order, due):
        return
    gone = due and refunds.sent(turn.unit, due.id, by=turn.chat.person)
    if gone is None or order is None:
        turn.say("stale.nothing")
        return
    turn.say("staff.refunded", number=order.number)
    notices.money_news(turn, order, "notice.refunded", gone.amount_minor)


def comes_back(turn: Turn, order: Order) -> None:
    """A parcel is on its way back."""
    notices.done(turn, orders.move(turn.unit, order, State.RETURNING, by=turn.chat.person))


def came_back(turn: Turn, order: Order) -> None:
    """The goods are here and can be sold again."""
    moved = orders.move(turn.unit, order, State.RETURNED, by=turn.chat.person)
    stock.put_back(turn.unit, order.id, turn.chat.person)
    notices.done(turn, moved)


def came_back_bad(turn: Turn, order: Order) -> None:
    """The goods are here and good for nothing."""
    person = turn.chat.person
    notices.done(turn, orders.move(turn.unit, order, State.RETURNED, by=person, why="spoiled"))


def _named(turn: Turn, subject: str) -> tuple[Refund | None, Order | None]:
    if not subject.isdecimal():
        return None, None
    found = refunds.by_id(turn.unit.db, int(subject[:18]))
    return found, orders.by_id(turn.unit.db, found.order_id) if found else None
