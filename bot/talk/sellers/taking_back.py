"""Goods on their way back, and here again: a seller says which of them, and how many, can be sold,
or are spoiled.

Nobody is asked of a parcel that comes back as it went out.
"""

from __future__ import annotations

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import enquiries, follow_ups, orders, parcels, returned_goods
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.parcel_states import BACK
from bot.shop.returned_goods import Goods
from bot.talk import cards, desk, notices, order_buttons
from bot.talk.sellers import portions, settling, stock_words
from bot.talk.turn import Turn

ASKED = "came-back"  # which goods are here
ASKED_BAD = "came-back-bad"  # which of them are spoiled
SOON = "coming-back"  # nothing: but what is said now of the goods is of what will come
ASKS = (ASKED, ASKED_BAD, SOON)
# Buttons; their subject is an order's number, and an amount for each grade.
PART, PART_BAD = "back-part", "bad-part"
_BACK = regex(r"退|回来|寄回|\b(?:return\w*|back)\b|ཕྱིར")


def comes_back(turn: Turn, order: Order) -> None:
    """A parcel is on its way back, and what else is in it most likely, too."""
    moved = orders.move(turn.unit, order, State.RETURNING, by=turn.chat.person)
    turn.state.asked = SOON
    notices.done(turn, moved)
    going = [each for each in parcels.of_order(turn.unit.db, order.id) if each.state in BACK]
    settling.ask_others(turn, going, "staff.also-back", "returning")


def came_back(turn: Turn, order: Order) -> None:
    """Goods are here and can be sold again: which, and how many, is asked. Raises NotAllowed."""
    if order.state is not State.RETURNING:
        raise NotAllowed(order, State.RETURNED)
    if _is_as_it_went(turn, order):
        came_back_whole(turn, order)
        return
    turn.state.asked = ASKED
    _ask(turn, order)


def came_back_whole(turn: Turn, order: Order) -> None:
    """All that was sent is here and can be sold again."""
    _take_back(turn, order, returned_goods.away(turn.unit.db, order.id))


def came_back_bad(turn: Turn, order: Order) -> None:
    """Goods are here and good for nothing: which, where there are several. Raises NotAllowed."""
    if order.state is not State.RETURNING:
        raise NotAllowed(order, State.RETURNED)
    if len(returned_goods.away(turn.unit.db, order.id)) == 1:
        came_back_all_bad(turn, order)
        return
    turn.state.asked = ASKED_BAD
    _ask(turn, order)


def came_back_all_bad(turn: Turn, order: Order) -> None:
    """All that was sent is here and good for nothing."""
    _take_back(turn, order, returned_goods.away(turn.unit.db, order.id), bad=True)


def press(turn: Turn, verb: str, subject: str) -> None:
    """The button that says that a part is here."""
    number, _, said = subject.partition(":")
    order = orders.find(turn.unit.db, number)
    part = portions.decoded(order, said) if order else None
    if order is None or part is None:
        turn.say("stale.nothing")
        return
    turn.state.order = order.number
    if order.state is not State.RETURNING:
        desk.not_now(turn, order)
        return
    turn.state.asked = ASKED_BAD if verb == PART_BAD else ASKED
    _take_part(turn, order, part)


def take(turn: Turn) -> bool:
    """What a seller says of the goods of the order; False when it is not of these."""
    order = orders.find(turn.unit.db, turn.state.order)
    is_asked = turn.state.asked in ASKS and order is not None
    if not is_asked or order is None or order.state is not State.RETURNING:
        return False
    known = returned_goods.away(turn.unit.db, order.id)
    part = portions.said(turn, known) if stock_words.may_be_of_returns(turn) else None
    if part is None:
        return False
    if turn.state.asked != SOON:
        _take_part(turn, order, part)
    elif _BACK.search(form_of(turn.text).text):
        _comes_in_part(turn, order, part)
    else:
        return False
    return True


def _take_part(turn: Turn, order: Order, part: Goods) -> None:
    """Takes so much, if that was sold; else it is asked again."""
    known = returned_goods.away(turn.unit.db, order.id)
    if portions.are_in(part, known):
        _take_back(turn, order, part, bad=turn.state.asked == ASKED_BAD)
        return
    if part:
        goods = cards.amounts(turn, order, known)
        turn.say("staff.back-too-much", number=order.number, goods=goods)
    _ask(turn, order)


def _comes_in_part(turn: Turn, order: Order, part: Goods) -> None:
    """Noted by a button, which says that it is here."""
    value = f"{PART}:{order.number}:{portions.encoded(order, part)}"
    goods = cards.amounts(turn, order, part)
    is_short = part and len(value) <= portions.VALUE_MAX
    here = (turn.choice("button.part-here", value, goods=goods),) if is_short else ()
    choices = (*here, *order_buttons.for_staff(turn, order))
    turn.say("staff.part-coming", number=order.number, goods=goods, choices=choices)


def _ask(turn: Turn, order: Order) -> None:
    """Which goods are here, and how many of them."""
    bad = turn.state.asked == ASKED_BAD
    verb, whole = (PART_BAD, "came-back-all-bad") if bad else (PART, "came-back-all")
    choices = [turn.choice("button.back-all", f"{whole}:{order.number}")]
    choices += portions.choices(turn, order, f"{verb}:{order.number}")
    if not bad:
        choices.append(turn.choice("button.came-back-bad", f"came-back-bad:{order.number}"))
    turn.say(
        "staff.which-bad" if bad else "staff.which-back",
        number=order.number,
        goods=cards.goods(turn, order),
        choices=tuple(choices),
    )


def _take_back(turn: Turn, order: Order, part: Goods, *, bad: bool = False) -> None:
    by = turn.chat.person
    moved = returned_goods.come_back(turn.unit, order, part, by=by, spoiled=bad)
    if not follow_ups.left(turn.unit.db, moved.order):  # else there is money to settle yet
        enquiries.settle(turn.unit, order.id, by)
    turn.state.asked = ""
    notices.done(turn, moved)


def _is_as_it_went(turn: Turn, order: Order) -> bool:
    """Whether nobody has opened it: it was refused at the door, or its couriers say that every
    parcel of it goes back."""
    found = parcels.of_order(turn.unit.db, order.id)
    was_refused = orders.history(turn.unit.db, order.id)[-1].why == "refused"
    return was_refused or (bool(found) and all(each.state in BACK for each in found))
