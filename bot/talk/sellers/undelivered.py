"""A parcel that does not reach its buyer, who gets the rest of the order: what becomes of the goods
in it is asked, and what that means for the money said with it. And one that does after all."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import orders, parcels, parts
from bot.shop import undelivered as goods_undelivered
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.parcel_states import BACK
from bot.shop.parcels import Parcel
from bot.shop.parts import RestOff
from bot.shop.stock import Shortage
from bot.shop.undelivered import Fate, Undelivered
from bot.talk import cards, desk, parcel_news, part_notices
from bot.talk.sellers import offers, on_delivery, settling, taking_back
from bot.talk.turn import Turn

VERB = "undelivered"  # a button; its subject is the fate, a parcel's id, and what becomes of it
AGAIN, OFF = "again", "off"
THERE = "there"  # instead of a fate, with the id of what was undelivered
# By fate: what is asked of several parcels, and the button that says that it is so of all.
_WHICH = {Fate.LOST: "staff.which-lost", Fate.REFUSED: "staff.which-refused"}
_OF_ALL = {
    Fate.LOST: ("button.all-lost", "lost-all"),
    Fate.REFUSED: ("button.all-refused", "all-refused"),
}


def lost(turn: Turn, order: Order) -> None:
    """The button: a parcel will never arrive. Raises NotAllowed."""
    if not _of_part(turn, order, Fate.LOST):
        settling.lost(turn, order)


def lost_one(turn: Turn, subject: str) -> None:
    """The button of one of several parcels."""
    entry = parcels.by_id(turn.unit.db, int(subject[:18])) if subject.isdecimal() else None
    order = orders.by_id(turn.unit.db, entry.order_id) if entry else None
    if entry and order and parts.in_parcel(turn.unit.db, order, entry):
        turn.state.order = order.number
        _ask(turn, order, entry, Fate.LOST)
    else:
        settling.lost_one(turn, subject)


def came_back(turn: Turn, order: Order) -> None:
    """The button: goods are here and can be sold again. Raises NotAllowed."""
    if not _is_here(turn, order, spoiled=False) and not _of_part(turn, order, Fate.BACK):
        taking_back.came_back(turn, order)


def came_back_bad(turn: Turn, order: Order) -> None:
    """The button: goods are here and good for nothing. Raises NotAllowed."""
    if not _is_here(turn, order, spoiled=True) and not _of_part(turn, order, Fate.BAD):
        taking_back.came_back_bad(turn, order)


def of_parcel(turn: Turn, order: Order, parcel: Parcel, fate: Fate) -> bool:
    """Asks about that parcel; False when nothing else is to arrive of its order, or nobody can tell
    what was in it."""
    if parcel.id in [each.id for each in _that_may_be(turn, order, fate)]:
        _begin(turn, order, parcel, fate)
        return True
    is_part = orders.is_in_parts(turn.unit.db, order)
    if is_part:
        desk.not_now(turn, order)
    return is_part


def _is_here(turn: Turn, order: Order, *, spoiled: bool) -> bool:
    """Takes in what was refused of an order; False when none of it is on its way back."""
    goods = goods_undelivered.is_here(turn.unit, order, by=turn.chat.person, spoiled=spoiled)
    if goods:
        part_notices.is_here(turn, order, goods, spoiled=spoiled)
    return bool(goods)


def refused(turn: Turn, order: Order) -> None:
    """The button: a parcel was not taken at the door; of several it is asked which. Raises
    NotAllowed."""
    if not _of_part(turn, order, Fate.REFUSED):
        on_delivery.refused(turn, order)


def comes_back(turn: Turn, order: Order) -> None:
    """The button: goods of what is paid are on their way back; of several parcels on their way it
    is asked which. Raises NotAllowed."""
    if order.state is not State.SHIPPED or not _of_part(turn, order, Fate.REFUSED):
        taking_back.comes_back(turn, order)


def _of_part(turn: Turn, order: Order, fate: Fate) -> bool:
    """Asks about the parcel with a part of an order; False when nothing else is to arrive of it, or
    nobody can tell what was in it."""
    found = _that_may_be(turn, order, fate)
    if not found and orders.is_in_parts(turn.unit.db, order):
        raise NotAllowed(order, order.state, fate)
    if len(found) == 1:
        _begin(turn, order, found[0], fate)
    elif found:
        choices = [Choice(cards.parcel_line(turn, e), f"{VERB}:{fate}:{e.id}") for e in found]
        is_whole = len(found) == len(parcels.of_order(turn.unit.db, order.id))
        if order.state is State.SHIPPED and fate in _OF_ALL and is_whole:
            id, verb = _OF_ALL[fate]
            choices.append(turn.choice(id, f"{verb}:{order.number}"))
        id = _WHICH.get(fate, "staff.which-parcel-back")
        turn.say(id, number=order.number, choices=tuple(choices))
    return bool(found)


def _that_may_be(turn: Turn, order: Order, fate: Fate) -> list[Parcel]:
    """The parcels with a part of an order that can be meant: once all has left, those that have not
    arrived, and where the courier says which ones come back, these."""
    db = turn.unit.db
    found = [e for e in parcels.of_order(db, order.id) if parts.in_parcel(db, order, e)]
    if order.state is not State.SHIPPED:
        return found
    come_back = [e for e in found if e.state in BACK and fate != Fate.LOST]
    return come_back or [e for e in found if not parcels.is_finished(e)]


def _begin(turn: Turn, order: Order, parcel: Parcel, fate: Fate) -> None:
    """What was refused is left out, since its buyer does not want it; of other goods it is asked
    what becomes of them."""
    if fate is Fate.REFUSED:
        _settle(turn, order, parcel, fate, again=False)
    else:
        _ask(turn, order, parcel, fate)


def _ask(turn: Turn, order: Order, parcel: Parcel, fate: Fate) -> None:
    """Whether what was in it is sent once more, or not at all."""
    goods = parts.in_parcel(turn.unit.db, order, parcel)
    off, back = parts.without(turn.unit.db, order, goods)
    value = f"{VERB}:{fate}:{parcel.id}"
    turn.say(
        f"staff.undelivered-{fate}",
        number=order.number,
        parcel=cards.return_line(turn, parcel.courier, parcel.number),
        goods=cards.amounts(turn, order, goods),
        more=part_notices.money(turn, off, back),
        choices=(
            turn.choice("button.undelivered-again", f"{value}:{AGAIN}"),
            turn.choice("button.undelivered-off", f"{value}:{OFF}"),
        ),
    )


def not_lost(turn: Turn, order: Order) -> None:
    """The button: a parcel that was lost is with the buyer. Raises NotAllowed."""
    _is_there(turn, order, Fate.LOST)


def not_refused(turn: Turn, order: Order) -> None:
    """The button: a parcel was not refused at the door. Raises NotAllowed."""
    _is_there(turn, order, Fate.REFUSED)


def _is_there(turn: Turn, order: Order, fate: Fate) -> None:
    """Of several such parcels it is asked which."""
    known = goods_undelivered.may_be_found(turn.unit.db, order)
    found = [each for each in known if each.fate is fate]
    if not found:
        raise NotAllowed(order, order.state, fate)
    if len(found) == 1:
        _found(turn, order, found[0])
        return
    choices = [
        Choice(cards.return_line(turn, e.courier, e.number), f"{VERB}:{THERE}:{e.id}")
        for e in found
    ]
    turn.say("staff.which-there", number=order.number, choices=tuple(choices))


def _found(turn: Turn, order: Order, one: Undelivered) -> None:
    try:
        event = goods_undelivered.found(turn.unit, one, by=turn.chat.person)
    except NotAllowed:
        desk.not_now(turn, order)
        return
    part_notices.found(turn, event)
    if one.fate is Fate.REFUSED:
        parcel_news.follow(turn, event.order, one.courier, one.number)


def _press_there(turn: Turn, id: str) -> None:
    one = goods_undelivered.by_id(turn.unit.db, int(id[:18])) if id.isdecimal() else None
    order = orders.by_id(turn.unit.db, one.order_id) if one else None
    if one and order:
        turn.state.order = order.number
        _found(turn, order, one)
    else:
        turn.say("stale.nothing")


def press(turn: Turn, subject: str) -> None:
    """The buttons: a parcel, what becomes of what was in it, or that it is there after all."""
    fate, id, what = (*subject.split(":"), "", "")[:3]
    if fate == THERE:
        _press_there(turn, id)
        return
    entry = parcels.by_id(turn.unit.db, int(id[:18])) if id.isdecimal() else None
    order = orders.by_id(turn.unit.db, entry.order_id) if entry else None
    is_known = fate in tuple(Fate) and what in ("", AGAIN, OFF)
    if entry is None or order is None or not is_known:
        turn.say("stale.nothing")
        return
    turn.state.order = order.number
    if not parts.in_parcel(turn.unit.db, order, entry):
        desk.not_now(turn, order)
    elif not what:
        _begin(turn, order, entry, Fate(fate))
    else:
        _settle(turn, order, entry, Fate(fate), again=what == AGAIN)


def _settle(turn: Turn, order: Order, parcel: Parcel, fate: Fate, *, again: bool) -> None:
    with offers.told_when_off(turn, order):
        _undelivered(turn, order, parcel, fate, again=again)


def _undelivered(turn: Turn, order: Order, parcel: Parcel, fate: Fate, *, again: bool) -> None:
    goods = parts.in_parcel(turn.unit.db, order, parcel)
    by = turn.chat.person
    try:
        done = goods_undelivered.not_arrived(turn.unit, order, parcel, fate, again=again, by=by)
    except NotAllowed:
        desk.not_now(turn, order)
        return
    if isinstance(done, list):
        _short(turn, order, done, f"{VERB}:{fate}:{parcel.id}:{OFF}")
        return
    id = "back" if fate in (Fate.BACK, Fate.BAD) else fate
    if isinstance(done, RestOff):
        part_notices.rest_off(turn, done, id=f"{id}-off")
    else:
        part_notices.again(turn, done, goods, id=f"{id}-again")
    if orders.fresh(turn.unit.db, order).state is not State.SHIPPED:
        settling.ask_no_more(turn, order)
    if fate is Fate.LOST:
        settling.ask_others(turn, [parcel], "staff.also-lost", "parcel-lost")
    else:
        settling.ask_others(turn, [parcel], "staff.also-back", "returning")


def _short(turn: Turn, order: Order, missing: list[Shortage], off: str) -> None:
    """What is not there of it, so that it can only be called off."""
    turn.say(
        "staff.not-sent-again",
        number=order.number,
        lines=cards.short_lines(turn, missing),
        choices=(turn.choice("button.undelivered-off", off),),
    )
