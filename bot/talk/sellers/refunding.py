"""Money of an order of which only some goods came back: what they cost is proposed to a seller, who
can say another sum, also afterwards."""

from __future__ import annotations

from bot.shop import orders, returned_money
from bot.shop.orders import Order, State
from bot.shop.refunds import Refund, TooMuch
from bot.talk import cards, desk, notices
from bot.talk.sellers import meaning
from bot.talk.sellers.money_words import Money, What
from bot.talk.turn import Turn

ASKED = "refund-back"  # how much goes back; the verb of a button, too


def ask(turn: Turn, order: Order) -> bool:
    """Proposes what the goods cost that are back; False where all are, or no more was paid."""
    worth = returned_money.worth(turn.unit.db, order)
    if worth is None or not 0 < worth.minor or worth.open_minor == worth.most_minor:
        return False
    turn.state.asked, turn.state.order = ASKED, order.number
    only, whole = turn.money(worth.open_minor), turn.money(worth.most_minor)
    value = f"{ASKED}:{order.number}:{worth.open_minor}"
    choices = [turn.choice("button.refund-only", value, money=only)] if worth.open_minor else []
    choices.append(turn.choice("button.refund-all", f"refund-all:{order.number}", money=whole))
    turn.say(
        "staff.refund-back",
        number=order.number,
        goods=cards.amounts(turn, order, worth.goods),
        money=turn.money(worth.minor),
        choices=tuple(choices),
    )
    return True


def press(turn: Turn, subject: str) -> None:
    """The button with a sum."""
    number, _, minor = subject.partition(":")
    order = orders.find(turn.unit.db, number)
    if order is None or not minor.isdecimal() or not int(minor[:12]):
        turn.say("stale.nothing")
    elif turn.state.asked != ASKED or turn.state.order != number:
        turn.state.order = number
        desk.not_now(turn, order)
    else:
        owe(turn, order, int(minor[:12]))


def corrected(turn: Turn, money: Money) -> bool:
    """Another sum is to go back of what came back; False when a message says nothing of that."""
    order = meaning.one(turn) if money.what is What.BACK and money.only and money.minor else None
    if order is None or not returned_money.said(turn.unit.db, order):
        return False
    turn.state.order, turn.state.asked, by = order.number, "", turn.chat.person
    owed = returned_money.instead(turn.unit, order, money.minor, by=by)
    if owed and _may(turn, owed):
        notices.answer_and_tell_staff(turn, "staff.refund-instead", order, money.minor)
        notices.money_news(turn, order, "notice.refund-instead", money.minor)
    return True


def owe(turn: Turn, order: Order, minor: int) -> None:
    """So much goes back of what came back."""
    turn.state.asked = ""
    if orders.fresh(turn.unit.db, order).state is not State.RETURNED:
        desk.not_now(turn, order)
    elif _may(turn, returned_money.owe(turn.unit, order, minor, by=turn.chat.person)):
        notices.refund_due(turn, order, minor)


def _may(turn: Turn, owed: Refund | TooMuch) -> bool:
    """Whether so much goes back; that it is too much is said."""
    if isinstance(owed, TooMuch):
        turn.say("staff.refund-too-much", money=turn.money(owed.left_minor))
    return not isinstance(owed, TooMuch)
