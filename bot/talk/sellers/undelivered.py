"""A parcel that does not reach its buyer while the rest of its order waits: what becomes of the
goods in it is asked, and what that means for the money said with it."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import orders, parcels, parts
from bot.shop.orders import NotAllowed, Order
from bot.shop.parcels import Parcel
from bot.shop.parts import Fate, RestOff
from bot.shop.stock import Shortage
from bot.talk import cards, desk, part_notices
from bot.talk.sellers import settling, taking_back
from bot.talk.turn import Turn

VERB = "undelivered"  # a button; its subject is the fate, a parcel's id, and what becomes of it
AGAIN, OFF = "again", "off"


def lost(turn: Turn, order: Order) -> None:
    """The button: a parcel will never arrive. Raises NotAllowed."""
    if not _of_part(turn, order, Fate.LOST):
        settling.lost(turn, order)


def came_back(turn: Turn, order: Order) -> None:
    """The button: goods are here and can be sold again. Raises NotAllowed."""
    if not _of_part(turn, order, Fate.BACK):
        taking_back.came_back(turn, order)


def came_back_bad(turn: Turn, order: Order) -> None:
    """The button: goods are here and good for nothing. Raises NotAllowed."""
    if not _of_part(turn, order, Fate.BAD):
        taking_back.came_back_bad(turn, order)


def of_parcel(turn: Turn, order: Order, parcel: Parcel, fate: Fate) -> bool:
    """Asks about that parcel; False when no rest of its order waits."""
    is_part = orders.is_in_parts(turn.unit.db, order)
    if is_part and parts.in_parcel(turn.unit.db, order, parcel):
        _ask(turn, order, parcel, fate)
    elif is_part:
        desk.not_now(turn, order)
    return is_part


def _of_part(turn: Turn, order: Order, fate: Fate) -> bool:
    """Asks about the parcel with a part of an order; False when no rest of it waits."""
    db = turn.unit.db
    if not orders.is_in_parts(db, order):
        return False
    found = [e for e in parcels.of_order(db, order.id) if parts.in_parcel(db, order, e)]
    if not found:
        raise NotAllowed(order, order.state, fate)
    if len(found) == 1:
        _ask(turn, order, found[0], fate)
    else:
        choices = [Choice(cards.parcel_line(turn, e), f"{VERB}:{fate}:{e.id}") for e in found]
        id = "staff.which-lost" if fate is Fate.LOST else "staff.which-parcel-back"
        turn.say(id, number=order.number, choices=tuple(choices))
    return True


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


def press(turn: Turn, subject: str) -> None:
    """The buttons: a parcel, or what becomes of what was in it."""
    fate, id, what = (*subject.split(":"), "", "")[:3]
    entry = parcels.by_id(turn.unit.db, int(id[:18])) if id.isdecimal() else None
    order = orders.by_id(turn.unit.db, entry.order_id) if entry else None
    if entry is None or order is None or fate not in tuple(Fate) or what not in ("", AGAIN, OFF):
        turn.say("stale.nothing")
        return
    turn.state.order = order.number
    if not parts.in_parcel(turn.unit.db, order, entry):
        desk.not_now(turn, order)
    elif not what:
        _ask(turn, order, entry, Fate(fate))
    else:
        _settle(turn, order, entry, Fate(fate), again=what == AGAIN)


def _settle(turn: Turn, order: Order, parcel: Parcel, fate: Fate, *, again: bool) -> None:
    goods = parts.in_parcel(turn.unit.db, order, parcel)
    by = turn.chat.person
    try:
        done = parts.not_arrived(turn.unit, order, parcel, fate, again=again, by=by)
    except NotAllowed:
        desk.not_now(turn, order)
        return
    if isinstance(done, list):
        _short(turn, order, done, f"{VERB}:{fate}:{parcel.id}:{OFF}")
        return
    id = "lost" if fate is Fate.LOST else "back"
    if isinstance(done, RestOff):
        part_notices.rest_off(turn, done, id=f"{id}-off")
    else:
        part_notices.again(turn, done, goods, id=f"{id}-again")
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
