"""Goods that a buyer wants no more of an order of which a part has left: of what has not."""

from __future__ import annotations

from bot.shop import orders, parts
from bot.shop.orders import NotAllowed, Order
from bot.shop.returned_goods import Goods
from bot.talk import cards, desk
from bot.talk.buyers import cancelling, tracking
from bot.talk.sellers import offers, portions
from bot.talk.turn import Turn

VERB = "sure-without"  # a button; its subject is an order's number, and goods of it


def cancel(turn: Turn) -> None:
    """Calls off what the person means; of an order of which a part has left no more of the rest
    than what is named. Goods of it that have left are for a person."""
    order = tracking.meant(turn, tracking.OPEN)
    named = {*turn.reading.refused, *(line.product for line in turn.reading.lines)}
    is_of_it = order and not turn.state.draft.lines and orders.is_in_parts(turn.unit.db, order)
    if order is None or not is_of_it or not named & {line.product for line in order.lines}:
        cancelling.cancel(turn)
    elif not ask(turn, order):
        for_person(turn, order)


def for_person(turn: Turn, order: Order) -> None:
    """It cannot be changed here: a person settles it."""
    turn.say("change.person", number=order.number, handed_over=True)
    desk.hand_over(turn, told=True, order=order)


def ask(turn: Turn, order: Order) -> bool:
    """Asks whether goods that are called off by their names, and wait yet, are to be left out;
    False when none are, or only so much of them."""
    goods = _meant(turn, order)
    value = f"{VERB}:{order.number}:{portions.encoded(order, goods)}"
    if not goods or len(value) > portions.VALUE_MAX:
        return False
    names = cards.amounts(turn, order, goods)
    choice = turn.choice("button.without", value, goods=names)
    turn.say("cancel.ask-rest", number=order.number, goods=names, choices=(choice,))
    return True


def _meant(turn: Turn, order: Order) -> Goods:
    reading, db = turn.reading, turn.unit.db
    calls_off = bool(reading.refused or reading.unwanted) or cancelling.calls_off(turn)
    has_amount = any(line.quantity for line in reading.lines)
    if not calls_off or has_amount or not _may(turn, order):
        return {}
    named = {*reading.refused, *(line.product for line in reading.lines)}
    grades = {line.grade for line in reading.lines if line.grade}
    grades |= {each.partition("/")[2] for each in reading.unwanted}
    found = {key: n for key, n in parts.rest(db, order).items() if key[0] in named}
    return {key: n for key, n in found.items() if key[1] in grades} if grades else found


def _may(turn: Turn, order: Order) -> bool:
    """Whether the rest of it waits, and is not packed."""
    is_open = orders.may_cancel(turn.unit.db, order, turn.chat.person)
    return is_open and orders.is_in_parts(turn.unit.db, order)


def press(turn: Turn, subject: str) -> None:
    """The button: these goods are not sent, as far as they have not left by now."""
    number, _, said = subject.partition(":")
    order = tracking.own(turn, number)
    goods = portions.decoded(order, said) if order else None
    if order is None or not goods:
        turn.say("stale.nothing")
        return
    try:
        if not _may(turn, order):
            raise NotAllowed(order, order.state, "packed")
        with offers.told_when_off(turn, order):
            off = parts.call_off(turn.unit, order, goods, by=turn.chat.person)
            cancelling.rest_off(turn, off)
    except NotAllowed:
        turn.text = turn.text or turn.words(
            "button.without", goods=cards.amounts(turn, order, goods)
        )
        for_person(turn, order)
