"""Goods of an order that leave before the others, in the seller's words or by buttons."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import numbers, orders, parcels, parts, todos
from bot.shop.orders import Moved, NotAllowed, Order
from bot.shop.returned_goods import Goods
from bot.shop.todos import Kind
from bot.talk import cards, desk, parcel_news, part_notices
from bot.talk.sellers import (
    address_wishes,
    meaning,
    offers,
    overviews,
    portions,
    sending,
    sharing_out,
)
from bot.talk.turn import Turn

ASKED = "part-tracking"
OFF = "sure-rest-off"  # a button; its subject is an order's number, and how much is not sent
SHOWN_MAX = 8
# Both in the form of a text that holds a parcel's number; what may mean other things, with goods.
_FIRST = regex(r"先[发寄走]|\bfor now\b|\bfirst\b|སྔོན་(?:ལ|དུ)")
_ONLY = regex(r"先|[只光]|\b(?:only|just)\b|ཁོ་ན|(?<=་)ཙམ|རེ་ཞིག|ད་ལྟ")


def ask(turn: Turn, order: Order) -> None:
    """The button: asks for the number of the parcel with what is there. Raises NotAllowed."""
    there = parts.there(turn.unit.db, order)
    if not there:
        raise NotAllowed(order, order.state, "nothing there")
    turn.state.asked = ASKED
    goods = cards.amounts(turn, order, there)
    turn.say("staff.ask-part", number=order.number, goods=goods)


def told(turn: Turn) -> bool:
    """A parcel's number and that only a part is in it; False when a message says no such thing."""
    asked = turn.state.asked == ASKED
    number = parcels.looks_like_number(turn.text)
    number = number or (parcels.typed_number(turn.text) if asked else None)
    form = form_of(turn.text).text
    if not number or not (asked or _FIRST.search(form) or _ONLY.search(form)):
        return False
    said = _beside(turn, number)
    if not (asked or said.reading.lines or _FIRST.search(form)):
        return False
    found = [(each, goods) for each in _meant(turn) if (goods := _goods(said, each)) is not None]
    found = [each for each in found if each[0].number == turn.state.order] or found
    names_goods = found and said.reading.lines
    if not (asked or names_goods or any(_is_part(turn, *each) for each in found)):
        return False
    if len(found) == 1:
        _go(turn, *found[0], number)
    else:
        _ask_which(turn, found, number)
    return True


def _beside(turn: Turn, number: str) -> Turn:
    """What a message says beside an order's number and a parcel's."""
    words = numbers.WRITTEN.sub(" ", turn.text).split()
    rest = [word for word in words if parcels.normalise(word) not in number]
    text = " ".join(rest) if number not in parcels.normalise("".join(rest)) else ""
    return replace(turn, text=text, reading=turn.reader.read(text))


def _meant(turn: Turn) -> list[Order]:
    """The order that is named or for whose number was asked, else all of which something can
    leave."""
    db = turn.unit.db
    named = meaning.named(turn) or meaning.asked_of(turn, ASKED)
    kinds = (Kind.PART, Kind.SHIP, Kind.PACK)
    ids = [id for kind in kinds for id in todos.ids(db, kind)]
    theirs = [] if named else sharing_out.named(turn, turn.text)
    about = [each for each in theirs if each.id in ids]
    waiting = (orders.by_id(db, id) for id in ids)
    return [named] if named else about if theirs else [each for each in waiting if each]


def _goods(said: Turn, order: Order) -> Goods | None:
    """Which goods of an order leave now: those that are said, else all that is there."""
    wanted = parts.rest(said.unit.db, order)
    there = parts.there(said.unit.db, order)
    return portions.said(said, wanted) if said.reading.lines else there or None


def _is_part(turn: Turn, order: Order, goods: Goods) -> bool:
    """Whether something of the order would stay."""
    return goods != parts.rest(turn.unit.db, order)


def _ask_which(turn: Turn, found: Sequence[tuple[Order, Goods]], number: str) -> None:
    """Which of some orders, or that there is none."""
    choices = [
        Choice(overviews.label(turn, order), value)
        for order, goods in found[:SHOWN_MAX]
        if len(value := f"{portions.button(order, goods)}:{number}") <= portions.VALUE_MAX
    ]
    if choices:
        turn.say("staff.which-parcel", number=number, choices=tuple(choices))
    else:
        turn.say("staff.nothing-to-ship", number=number)


def _go(turn: Turn, order: Order, goods: Goods, number: str) -> None:
    """On to the courier, if so much is there."""
    there = parts.there(turn.unit.db, order)
    if not portions.are_in(goods, there):
        turn.state.order, turn.state.asked = order.number, ASKED if there else ""
        id = "staff.part-not-there" if there else "staff.part-nothing-there"
        turn.say(id, number=order.number, goods=cards.amounts(turn, order, there))
        return

    def go(courier: str) -> None:
        _send(turn, order, goods, courier, number)

    button = portions.button(order, goods)
    sending.by_whom(turn, number, parcels.named(turn.text), button, go)


def press(turn: Turn, words: Sequence[str]) -> None:
    """The button: asks for a number, or goes on with the one that it names."""
    order = orders.find(turn.unit.db, words[0])
    goods = portions.decoded(order, words[1]) if order and len(words) > 2 else None
    if order is None or not goods or len(words) > 5:
        turn.say("stale.nothing")
    elif not portions.are_in(goods, parts.there(turn.unit.db, order)):
        desk.not_now(turn, order)
    elif len(words) == 3:
        _go(turn, order, goods, words[2])
    elif words[2] in parcels.COURIERS:
        _send(turn, order, goods, words[2], words[3], sure=sending.how_sure(words[4:]))
    else:
        turn.say("stale.nothing")


def _send(
    turn: Turn, order: Order, goods: Goods, courier: str, number: str, *, sure: int = 0
) -> None:
    """The parcel with a part is on its way, as `sending.send` has it."""
    button = portions.button(order, goods)
    if sending.asked_first(turn, order, courier, number, button, sure):
        return
    if goods == parts.rest(turn.unit.db, order):
        sending.send(turn, order, courier, number, sure=2)
        return
    due = parts.due_with(turn.unit.db, order, goods)
    sent = parts.send(turn.unit, order, courier, number, goods, by=turn.chat.person)
    if isinstance(sent, Moved):
        raise RuntimeError(f"{order.number} has left, and not a part of it")
    turn.state.asked = turn.state.order = ""
    parcel_news.follow(turn, order, courier, number)
    part_notices.sent(turn, sent, due)
    address_wishes.left_as_it_stood(turn, sent.order)


def rest_off(turn: Turn, order: Order) -> None:
    """The button: asks whether what has not left is not to be sent, and says what that means.
    Raises NotAllowed."""
    db = turn.unit.db
    if not orders.is_in_parts(db, order):
        raise NotAllowed(order, order.state, "rest")
    goods = parts.rest(db, order)
    turn.say(
        "staff.rest-off-sure",
        number=order.number,
        goods=cards.amounts(turn, order, goods),
        more=part_notices.money(turn, *parts.without(db, order, goods)),
        choices=(turn.choice("button.rest-off-sure", f"{OFF}:{order.number}:{_sum(goods)}"),),
    )


def press_rest_off(turn: Turn, subject: str) -> None:
    """The button below that; once more of it has left, it is asked anew."""
    number, _, count = subject.partition(":")
    order = orders.find(turn.unit.db, number)
    if order is None:
        turn.say("stale.nothing")
        return
    turn.state.order = order.number
    try:
        if count != str(_sum(parts.rest(turn.unit.db, order))):
            rest_off(turn, order)
        else:
            call_off_rest(turn, order)
    except NotAllowed:
        desk.not_now(turn, order)


def call_off_rest(turn: Turn, order: Order) -> None:
    """What has not left is not sent, and those whom it concerns are told. Raises NotAllowed."""
    with offers.told_when_off(turn, order):
        part_notices.rest_off(turn, parts.call_off_rest(turn.unit, order, by=turn.chat.person))


def _sum(goods: Goods) -> int:
    return sum(goods.values())
