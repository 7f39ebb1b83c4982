"""Goods on their way back, and here again: a seller says which of them, and how many, can be sold.

Nobody is asked of a parcel that comes back as it went out.
"""

from __future__ import annotations

import re
from collections import Counter

from bot.language.script import form_of
from bot.shop import catalogue, enquiries, follow_ups, orders, parcels, returned_goods
from bot.shop.orders import Moved, NotAllowed, Order, OrderLine, State
from bot.shop.parcel_states import BACK
from bot.shop.returned_goods import Goods
from bot.talk import cards, desk, notices
from bot.talk.sellers import choosing, settling, stock_words
from bot.talk.turn import Turn

ASKED = "came-back"  # which goods are here
SOON = "coming-back"  # nothing: but what is said now of the goods is of what will come
PART = "back-part"  # a button; its subject is an order's number, and an amount for each grade
VALUE_MAX = 64  # bytes of a button's value
SHOWN_MAX = 8
_BACK = re.compile(r"退|回来|寄回|\b(?:return\w*|back)\b|ཕྱིར")
_ALL = re.compile(r"全|都|所有|整[单个]|\b(?:all|everything|whole)\b|ཚང་མ|ཡོད་ཚད")


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
    """The goods are here and good for nothing."""
    notices.done(turn, _come_back(turn, order, "spoiled"))


def press(turn: Turn, subject: str) -> None:
    """The button that says that a part is here."""
    number, *rest = subject.split(":")
    order, part = orders.find(turn.unit.db, number), Counter[tuple[str, str]]()
    if order is None or not all(re.fullmatch(r"\d{1,2}\.\d{1,9}", each) for each in rest):
        turn.say("stale.nothing")
        return
    for place, amount in (map(int, each.split(".")) for each in rest):
        if place < len(order.lines):
            part[_key(order.lines[place])] += amount
    turn.state.order = order.number
    if order.state is not State.RETURNING:
        desk.not_now(turn, order)
    else:
        _take_part(turn, order, part)


def take(turn: Turn) -> bool:
    """What a seller says of the goods of the order; False when it is not of these."""
    order = orders.find(turn.unit.db, turn.state.order)
    is_asked = turn.state.asked in (ASKED, SOON) and order is not None
    if not is_asked or order is None or order.state is not State.RETURNING:
        return False
    text = form_of(turn.text).text
    part = _said(turn, order, text) if stock_words.may_be_of_returns(turn) else None
    if part is None:
        return False
    if turn.state.asked == ASKED:
        _take_part(turn, order, part)
    elif _BACK.search(text):
        _comes_in_part(turn, order, part)
    else:
        return False
    return True


def _said(turn: Turn, order: Order, text: str) -> Goods | None:
    """How many of which grades; none of them where that is not clear. None for other goods."""
    lines, known = turn.reading.lines, returned_goods.away(turn.unit.db, order.id)
    if not lines:
        only = next(iter(known)) if len(known) == 1 else None
        product = turn.product(only[0]) if only else None
        amount = choosing.amount_said(turn, product) if product else None
        if only and amount:
            return {only: amount}
        return known if _ALL.search(text) else None
    part = Counter[tuple[str, str]]()
    for said in lines:
        meant = [key for key in known if said.product in (None, key[0])]
        meant = [key for key in meant if said.grade in (None, key[1])]
        product = turn.product(meant[0][0]) if meant else None
        if product is None:
            return None
        if said.quantity is None:
            part.update({key: known[key] for key in meant})
            continue
        amount = catalogue.amount(product, said.quantity.amount, said.quantity.unit)
        if len(meant) > 1 or not amount:
            return {}
        part[meant[0]] += amount
    return part


def _take_part(turn: Turn, order: Order, part: Goods) -> None:
    """Takes so much, if that was sold; else it is asked again."""
    known = returned_goods.away(turn.unit.db, order.id)
    if not part or any(not 0 < amount <= known.get(key, 0) for key, amount in part.items()):
        turn.state.asked = ASKED
        if part:
            turn.say(
                "staff.back-too-much", number=order.number, goods=cards.amounts(turn, order, known)
            )
        _ask(turn, order)
        return
    _take_back(turn, order, part)


def _comes_in_part(turn: Turn, order: Order, part: Goods) -> None:
    """Noted by a button, which says that it is here."""
    places = {_key(line): str(place) for place, line in enumerate(order.lines)}
    value = ":".join(
        [PART, order.number, *(f"{places[key]}.{amount}" for key, amount in part.items())]
    )
    goods = cards.amounts(turn, order, part)
    is_short = part and len(value) <= VALUE_MAX
    here = (turn.choice("button.part-here", value, goods=goods),) if is_short else ()
    choices = (*here, *notices.staff_choices(turn, order))
    turn.say("staff.part-coming", number=order.number, goods=goods, choices=choices)


def _ask(turn: Turn, order: Order) -> None:
    """Which goods are here, and how many of them."""
    value = f"{PART}:{order.number}"
    choices = [turn.choice("button.back-all", f"came-back-all:{order.number}")]
    for place, line in enumerate(order.lines[:SHOWN_MAX] if len(order.lines) > 1 else ()):
        goods = cards.amounts(turn, order, {_key(line): line.amount})
        choices.append(
            turn.choice("button.back-only", f"{value}:{place}.{line.amount}", goods=goods)
        )
    choices.append(turn.choice("button.came-back-bad", f"came-back-bad:{order.number}"))
    turn.say(
        "staff.which-back",
        number=order.number,
        goods=cards.goods(turn, order),
        choices=tuple(choices),
    )


def _take_back(turn: Turn, order: Order, part: Goods) -> None:
    moved = _come_back(turn, order)
    returned_goods.put_back(turn.unit, order.id, turn.chat.person, part=part)
    turn.state.asked = ""
    notices.done(turn, moved)


def _come_back(turn: Turn, order: Order, why: str = "") -> Moved:
    """What was asked about an order is answered, unless there is money to settle yet."""
    by = turn.chat.person
    moved = orders.move(turn.unit, order, State.RETURNED, by=by, why=why)
    if not follow_ups.left(turn.unit.db, moved.order):
        enquiries.settle(turn.unit, order.id, by)
    return moved


def _is_as_it_went(turn: Turn, order: Order) -> bool:
    """Whether nobody has opened it: it was refused at the door, or its couriers say that every
    parcel of it goes back."""
    found = parcels.of_order(turn.unit.db, order.id)
    was_refused = orders.history(turn.unit.db, order.id)[-1].why == "refused"
    return was_refused or (bool(found) and all(each.state in BACK for each in found))


def _key(line: OrderLine) -> tuple[str, str]:
    return line.product, line.grade
