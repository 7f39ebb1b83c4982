"""Money that came, as a seller says of an order: which sum, and by which way."""

from __future__ import annotations

from collections.abc import Callable

from bot.shop import on_delivery, order_search, orders, parts, payments, todos
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.todos import Kind
from bot.talk import desk
from bot.talk.sellers import came_for_all, meaning, overviews, receipts
from bot.talk.sellers.money_words import Money, What
from bot.talk.turn import Turn

OPEN_MAX = 1_000  # orders


def said(turn: Turn, money: Money) -> bool:
    """Writes down what a message says that came for the order that it names, or that was shown
    last; False when it says nothing of that."""
    if money.what is not What.CAME:
        return False
    minor, way, order = money.minor, money.way, meaning.one(turn) or meaning.one_said(turn)
    if order and came_for_all.waits(turn, order):
        minor = money.of(payments.missing(turn.unit.db, order))
    elif money.only or money.lacks:
        return False
    if not minor:
        return False
    if order is None:
        return way == "cod" and _came_at_a_door(turn, minor)
    exact = orders.find(turn.unit.db, turn.text)
    if exact and way == "transfer":
        order = payments.payee(turn.unit.db, exact)
    turn.state.order = order.number
    try:
        if order.pay_by == "cod" and order.state is State.PLACED:
            raise NotAllowed(order, order.state, "collected")
        receipts.enter(turn, order, minor, way=way)
    except NotAllowed:
        desk.not_now(turn, order)
    return True


def _came_at_a_door(turn: Turn, minor: int) -> bool:
    """Writes down what a courier is said to have brought, where it can only be for one order;
    which one is asked of several. False where there is none."""
    db = turn.unit.db
    states = (State.CONFIRMED, State.PACKING, State.SHIPPED)
    open_ones = orders.in_state(db, *states, limit=OPEN_MAX)
    doors = [each for each in open_ones if each.pay_by == "cod"]
    found = [each for each in doors if _may_be_for(turn, each, minor)]
    found = found or [each for each in doors if parts.may_be_of_one(db, each, minor)]
    if len(found) == 1:
        turn.state.order = found[0].number
        receipts.book(turn, found[0], minor, way="cod")
    elif found:
        values = (receipts.came_by(turn, each, minor, "cod")[0].value for each in found)
        overviews.ask_which(turn, zip(found, values, strict=False))
    return bool(found)


def _may_be_for(turn: Turn, order: Order, minor: int) -> bool:
    """Whether so much may have come for a part of an order that has left, or for all of one that is
    on its way; where it left in parts, only what was due for all of it, or for one parcel."""
    db = turn.unit.db
    missing = payments.missing(db, order)
    if order.state is State.SHIPPED and parts.due_last(db, order):
        return minor == missing or parts.is_of_one(db, order, minor)
    may_be = orders.is_in_parts(db, order) or on_delivery.may_say(db, order)
    return may_be and missing >= minor


def all_of_it(turn: Turn, money: Money, press: Callable[[Turn, str, str], bool]) -> bool:
    """Confirms the payment of the order that is named, shown or for somebody who is named, else of
    the only one that is said to be paid; which it is of several is asked. False where it is not
    said that all came."""
    db, named, shown = turn.unit.db, meaning.named(turn), meaning.shown(turn)
    if not money.is_in:
        return False
    theirs = [named] if named else list(money.theirs)
    if shown and (not theirs or shown.id in {each.id for each in theirs}):
        theirs = [shown] if came_for_all.waits(turn, shown) else theirs
    told = (orders.by_id(db, id) for id in todos.ids(db, Kind.CONFIRM))
    said = [each for each in told if each and came_for_all.waits(turn, each)]
    placed = [] if theirs or said else orders.in_state(db, State.PLACED, limit=OPEN_MAX)
    waiting = [e for e in theirs or said or placed if came_for_all.waits(turn, e)]
    if len(waiting) == 1 and not placed:
        press(turn, "paid-in", waiting[0].number)
    elif waiting:
        overviews.ask_which(turn, [(each, f"paid-in:{each.number}") for each in waiting])
    elif theirs:
        desk.card_of(turn, theirs[0].number)
    else:
        turn.say("staff.nothing-to-do")
    return True


def paid(turn: Turn, money: Money) -> bool:
    """Shows the order of somebody who is said to have paid; False when nobody is, or owes
    nothing."""
    if money.what is not What.CAME or money.minor or money.only or turn.reading.lines:
        return False
    waiting = (State.PLACED, State.EXPIRED)
    found = [e for e in order_search.named_in(turn.unit.db, turn.text) if e.state in waiting]
    if len(found) == 1:
        desk.card_of(turn, found[0].number)
    elif found:
        overviews.ask_which(turn, [(each, f"order:{each.number}") for each in found])
    return bool(found)
