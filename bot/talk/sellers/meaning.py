"""The order that a seller means, and what a message says beside its number."""

from __future__ import annotations

from msgspec.structs import replace

from bot.language.script import form_of
from bot.shop import numbers, order_search, orders
from bot.shop.orders import Order
from bot.talk.turn import Turn


def one(turn: Turn) -> Order | None:
    """The order that is named by its number, else the one that the last message was about; None
    where a message names somebody else."""
    last = named(turn) or shown(turn)
    return last if last and _is_for(turn, last) else None


def one_said(turn: Turn) -> Order | None:
    """The order that is told by its number, or by whom it is for: by the last one for them, unless
    the talk is about another for them."""
    if found := named(turn):
        return found
    theirs = order_search.named_in(turn.unit.db, turn.text)
    about = [each for each in theirs if each.number == turn.state.order]
    return next(iter(about or theirs), None)


def _is_for(turn: Turn, order: Order) -> bool:
    said = one_said(turn)
    return said is None or said.recipient.name == order.recipient.name


def named(turn: Turn) -> Order | None:
    """The order whose number a message says, or the one that stands in its place by now."""
    found = orders.find(turn.unit.db, turn.text)
    return orders.standing(turn.unit.db, found) if found else None


def shown(turn: Turn) -> Order | None:
    """The order that the last message was about, and no other, if it could be done something
    with."""
    about = orders.find(turn.unit.db, turn.state.order)
    found = {number for each in turn.state.offered for number in numbers.numbers_in(each.value)}
    return orders.standing(turn.unit.db, about) if about and found == {about.number} else None


def asked_of(turn: Turn, *asks: str) -> Order | None:
    """The order of which one of these, or anything, was asked."""
    is_asked = turn.state.asked in asks if asks else turn.state.asked
    return orders.find(turn.unit.db, turn.state.order) if is_asked else None


def beside_number(turn: Turn) -> Turn:
    """What a message says beside an order's number, in the form of a text."""
    text = numbers.WRITTEN.sub(" ", numbers.ascii_digits(form_of(turn.text).text))
    return saying(turn, text)


def saying(turn: Turn, text: str) -> Turn:
    """The same, but for what is said."""
    return replace(turn, text=text, reading=turn.reader.read(text))
