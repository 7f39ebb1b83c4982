"""What a seller says of money that the courier was to bring: not all of it, nothing, refused."""

from __future__ import annotations

from collections.abc import Callable

from bot.shop import on_delivery, order_search, orders, parts, payments
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.payment_states import Received
from bot.talk import desk, notices
from bot.talk.sellers import meaning, money_words, overviews
from bot.talk.sellers.money_words import Money, What
from bot.talk.turn import Turn

ASKED = "collected"  # the verb of a button, too
OF_ONE, OF_ALL = "brought-one", "brought-all"  # of buttons: which of several parcels a sum is for
VERBS = (ASKED, OF_ONE, OF_ALL, "paid-nothing")
WHICH_MAX = 10  # orders to choose from


def said(turn: Turn, money: Money, press_of: Callable[[Turn, str, str], bool]) -> bool:
    """Does what a message says of such money, or presses an order's button that the goods are
    refused; False when it says nothing of it."""
    if money.what is What.REFUSED:
        values = [(each, f"refused:{each.number}") for each in _meant(turn, refused=True)]
    elif money.what is What.CAME and (money.only or money.lacks):
        found = _meant(turn, guess=not (money.lacks and turn.state.asked))
        values = [(each, f"{ASKED}:{each.number}:{_came(turn, each, money)}") for each in found]
    elif money.what is What.NOT_COME and not money.minor:
        values = [(each, f"paid-nothing:{each.number}") for each in _meant(turn)]
    else:
        return False
    if len(values) == 1:
        verb, number, *minor = values[0][1].split(":")
        if not press_of(turn, verb, number):
            press(turn, verb, number, *minor)
    elif values:
        overviews.ask_which(turn, values)
    return bool(values)


def _came(turn: Turn, order: Order, money: Money) -> int:
    """How much came at the door in all; what is said comes besides what came for a first part."""
    came = money.of(on_delivery.due_at_door(turn.unit.db, order))
    is_besides = not money.lacks and order.state is State.SHIPPED
    return came + on_delivery.brought(turn.unit.db, order) if is_besides else came


def _meant(turn: Turn, *, refused: bool = False, guess: bool = True) -> list[Order]:
    """The order that is named, looked at or for somebody who is named; else, as a guess, any on its
    way: 少了20 may well be of goods, where something else was asked."""
    db = turn.unit.db
    one = meaning.one(turn)
    found = [one] if one else order_search.named_in(db, turn.text)
    if not found and guess:
        on_its_way = orders.in_state(db, State.SHIPPED)
        found = [each for each in on_its_way if each.pay_by == "cod"]
    return [
        each
        for each in found[:WHICH_MAX]
        if on_delivery.may_say(db, each) or (refused and each.state is State.SHIPPED)
    ]


def press(turn: Turn, verb: str, number: str, minor: str = "") -> None:
    """The buttons: so much came, or nothing did."""
    order = orders.find(turn.unit.db, number)
    if order is None or (verb in (ASKED, OF_ONE, OF_ALL) and not minor.isdecimal()):
        turn.say("stale.nothing")
        return
    turn.state.order, turn.state.asked = order.number, ""
    try:
        if verb in (ASKED, OF_ONE, OF_ALL):
            _book(turn, order, int(minor[:12]), verb)
        else:
            _ask_nothing(turn, order)
    except NotAllowed:
        desk.not_now(turn, order)


def ask(turn: Turn, order: Order) -> None:
    """Asks how much the courier brought. Raises NotAllowed when that is over."""
    if not on_delivery.may_say(turn.unit.db, order):
        raise NotAllowed(order, order.state, "collected")
    turn.state.asked, turn.state.order = ASKED, order.number
    turn.say(
        "staff.ask-collected",
        number=order.number,
        money=turn.money(on_delivery.due_at_door(turn.unit.db, order)),
    )


def take_sum(turn: Turn) -> bool:
    """The sum that was brought; False when none was said."""
    order = orders.find(turn.unit.db, turn.state.order)
    if order and money_words.read(turn).what in (What.NONE, What.NOT_COME):
        _ask_nothing(turn, order)
        return True
    return money_words.take_sum(turn, on_delivery.due_at_door, _book)


def _ask_nothing(turn: Turn, order: Order) -> None:
    """Nothing came: does the buyer have the goods, or do they come back?"""
    turn.state.asked = ""
    choices = (
        turn.choice("button.refused", f"refused:{order.number}"),
        turn.choice("button.unpaid-delivered", f"{ASKED}:{order.number}:0"),
    )
    turn.say("staff.collected-nothing", number=order.number, choices=choices)


def _book(turn: Turn, order: Order, minor: int, verb: str = ASKED) -> None:
    """Writes down that so much came at the door, in all or for one parcel of several; where that is
    not plain, it is asked. Raises NotAllowed."""
    turn.state.asked = ""
    more = minor - on_delivery.brought(turn.unit.db, order)
    may_be_one = parts.may_be_of_one(turn.unit.db, order, more)
    if may_be_one and verb == ASKED and not parts.is_of_one(turn.unit.db, order, more):
        _ask_of_which(turn, order, minor, more)
        return
    if may_be_one and verb != OF_ALL:
        by = turn.chat.person
        result = payments.receive(turn.unit, order, more, by=by, way="cod")
        if isinstance(result, Received):
            notices.received(turn, result, more)
            return
    done = on_delivery.collected(turn.unit, order, minor, by=turn.chat.person)
    if done is None:
        raise NotAllowed(order, State.DELIVERED, "collected")
    if done.missing_minor:
        id = "notice.collected-short" if minor else "notice.collected-nothing"
        notices.part_came(turn, done.order, minor, done.missing_minor, id=id)
    elif done.moved:
        notices.done(turn, done.moved)
    else:
        notices.answer_and_tell_staff(turn, "staff.rest-came", done.order)
    if done.excess:
        notices.over_paid(turn, done.order, done.excess)


def _ask_of_which(turn: Turn, order: Order, minor: int, more: int) -> None:
    """Of several parcels: is another to be paid for yet, or have all come for so much?"""
    value = f"{order.number}:{minor}"
    turn.say(
        "staff.brought-which",
        number=order.number,
        money=turn.money(more),
        missing=turn.money(payments.missing(turn.unit.db, order)),
        choices=(
            turn.choice("button.brought-one", f"{OF_ONE}:{value}"),
            turn.choice("button.brought-all", f"{OF_ALL}:{value}"),
        ),
    )


def refused(turn: Turn, order: Order) -> None:
    """The buyer took nothing of it, or did not pay at the door: it comes back. Raises
    NotAllowed."""
    notices.done(turn, on_delivery.refused(turn.unit, order, by=turn.chat.person))


def let_go(turn: Turn, order: Order) -> None:
    """The buyer need not pay what is missing. Raises NotAllowed when nothing is."""
    minor = on_delivery.let_go(turn.unit, order, by=turn.chat.person)
    if not minor:
        raise NotAllowed(order, order.state, "paid")
    order = orders.fresh(turn.unit.db, order)
    notices.answer_and_tell_staff(turn, "staff.let-go", order, minor)
    notices.money_news(turn, order, "notice.let-go", minor)
