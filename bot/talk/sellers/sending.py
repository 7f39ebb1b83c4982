"""Parcels that sellers send: which order a tracking number belongs to, and which courier."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.language.addresses.names import is_name
from bot.language.regex import regex
from bot.messages import Choice
from bot.shop import expectations, orders, parcels, parts, todos
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.todos import Kind
from bot.talk import cards, desk, notices, parcel_news
from bot.talk.sellers import (
    address_wishes,
    meaning,
    overviews,
    portions,
    settling,
    sharing_out,
    todo,
)
from bot.talk.turn import Turn

ASKED = "tracking"
SHOWN_MAX = 10
NAMED_LEAST = 8  # characters of a number of any form, beside a courier's or somebody's name
_WHOSE = regex(r"给?([\u4e00-\u9fff]{2,3})(?:的|那[单份])|([A-Z][a-z]+)['’]s\b")


def ask(turn: Turn, order: Order) -> None:
    """Asks for the number."""
    turn.state.asked = ASKED
    turn.say("staff.ask-tracking", number=order.number)


def told(turn: Turn) -> bool:
    """Tracking numbers in a message, those of a line of one order, unless it says whose each of
    them is; False when there is none."""
    lines = _lines(turn)
    for line, number in lines:
        pieces = sharing_out.parted(turn, line)
        for piece, each in pieces:
            if sharing_out.named(turn, piece):
                _ship(turn, piece, each)
            else:
                todo.ask_which(turn, "number", [], each)
        if pieces:
            continue
        first, *others = parcels.several_numbers(line) or [number]
        order = _ship(turn, line, first)
        for other in others:
            if order:
                _by_whom(turn, orders.fresh(turn.unit.db, order), other)
            else:
                _ship(turn, line, other)
    return bool(lines)


def _lines(turn: Turn) -> list[tuple[str, str]]:
    """The lines with a number each. All that is said is of a lone one; and where one with a number
    and one without take turns, two belong together."""
    lines = [line for line in turn.text.split("\n") if line.strip()]
    numbers = [_number(turn, line) for line in lines]
    found = [(line, number) for line, number in zip(lines, numbers, strict=True) if number]
    if len(found) == 1:
        return [(" ".join(lines), found[0][1])]
    if len(lines) == 2 * len(found) and (all(numbers[::2]) or all(numbers[1::2])):
        pairs = map(" ".join, zip(lines[::2], lines[1::2], strict=True))
        return [(pair, number) for pair, (_, number) in zip(pairs, found, strict=True)]
    return found


def is_told(turn: Turn) -> bool:
    """Whether a message holds a tracking number."""
    return any(_number(turn, line) for line in turn.text.split("\n"))


def _number(turn: Turn, text: str) -> str | None:
    """The number in a text, of whatever form where that is what the text is about."""
    said, text = text, sharing_out.without_digits(turn, text)
    if found := parcels.looks_like_number(text):
        return found
    if turn.state.asked == ASKED or parcels.is_bare_number(text):
        return parcels.typed_number(text)
    number = parcels.typed_number(text) or ""
    about = len(number) >= NAMED_LEAST and (parcels.named(text) or _addressed(turn, said))
    return number if about or parcels.is_misspelt(number) else None


def _addressed(turn: Turn, text: str) -> list[Order]:
    """The orders that wait to be sent, or for their number, to somebody whom a text names."""
    return _waiting(turn, sharing_out.named(turn, text))


def _waiting(turn: Turn, found: Sequence[Order]) -> list[Order]:
    kinds = (Kind.SHIP, Kind.PACK, Kind.PART) if found else ()
    waiting = {id for kind in kinds for id in todos.ids(turn.unit.db, kind)}
    return [order for order in found if order.id in waiting or is_bare(turn, order)]


def is_bare(turn: Turn, order: Order) -> bool:
    """Whether it is on its way and its number was taken away."""
    return order.state is State.SHIPPED and not parcels.of_order(turn.unit.db, order.id)


def _asked_of(turn: Turn) -> Order | None:
    """The order whose number was taken away and is asked for."""
    order = meaning.asked_of(turn, ASKED)
    return order if order and is_bare(turn, order) else None


def _ship(turn: Turn, text: str, number: str) -> Order | None:
    """The parcel is of the order that is named, by its number, by whom it goes to or by digits;
    else of the one that is meant, unless somebody is named for whom none waits. None when that is
    asked."""
    named = orders.find(turn.unit.db, text)
    theirs = [] if named else sharing_out.named(turn, text)
    found = _waiting(turn, theirs)
    if len(found) > 1 or (not (named or theirs) and _names_another(turn, text)):
        todo.ask_which(turn, "number", found, number)
        return None
    if theirs and not found:
        _waits_not(turn, theirs, number)
        return None
    named = named or next(iter(found), None) or _asked_of(turn)
    order = todo.meant(turn, named, "number", Kind.SHIP, Kind.PACK, number=number)
    if order:
        _by_whom(turn, order, number, parcels.named(text))
    return order


def _waits_not(turn: Turn, theirs: Sequence[Order], number: str) -> None:
    """None of somebody's orders waits to be sent: how the one stands that may be meant. One more
    parcel of what is on its way is nothing that goes without saying."""
    underway = [order for order in theirs if order.state is State.SHIPPED]
    if underway:
        todo.ask_which(turn, "number", underway, number)
        return
    order = next((each for each in theirs if each.state is State.PLACED), theirs[0])
    is_unpaid = order.state is State.PLACED and order.pay_by != "cod"
    id = "staff.waits-for-money" if is_unpaid else "staff.waits-not"
    turn.say(id, number=number, name=order.recipient.name)
    desk.card_of(turn, order.number)
    todo.doubt(turn, number)


def _names_another(turn: Turn, text: str) -> bool:
    """Whether all that a text says beside the number is a name, or it says whose the parcel is by
    digits or no word that is known."""
    said = parcels.beside(text)
    if sharing_out.digits(turn, text):
        return True
    if turn.state.asked == ASKED:
        return False
    whose = _WHOSE.match(said)
    name = whose[whose.lastindex or 0] if whose else ""
    if not (sharing_out.NAME.fullmatch(said) or (name and is_name(name))):
        return False
    said = name or said
    return not any(word.strip("\u0f0b") in said.lower() for _, word in turn.reading.topics)


def _by_whom(turn: Turn, order: Order, number: str, named: str = "") -> None:
    def go(courier: str) -> None:
        send(turn, order, courier, number)

    by_whom(turn, number, named, f"send:{order.number}", go)


def by_whom(turn: Turn, number: str, named: str, button: str, go: Callable[[str], None]) -> None:
    """Goes on with the courier of a number, `named` or recognised, or asks which it is.

    `button` is how the values of the buttons begin, before the courier and the number.
    """
    couriers = parcels.recognise(number)
    if named and (named in couriers or not couriers):
        couriers = [named]
    if len(couriers) == 1:
        go(couriers[0])
    elif parcels.is_misspelt(number):
        courier = "ems" if number.endswith("CN") else "post"
        right = turn.choice("button.number-right", f"{button}:{courier}:{number}")
        turn.say("staff.misspelt-number", number=number, choices=(right,))
    else:
        choices = tuple(
            Choice(cards.courier(turn, courier), f"{button}:{courier}:{number}")
            for courier in couriers or parcels.COURIERS
        )
        id = "staff.which-courier" if couriers else "staff.unknown-courier"
        turn.say(id, number=number, choices=choices)


def press(turn: Turn, verb: str, parts: Sequence[str]) -> None:
    """`number` names an order and a number, `send` a courier between them, and that it is sure."""
    order = orders.find(turn.unit.db, parts[0])
    if order is None:
        turn.say("track.unknown")
    elif verb == "number" and len(parts) == 2:
        _by_whom(turn, order, parts[1])
    elif verb == "send" and len(parts) in (3, 4) and parts[1] in parcels.COURIERS:
        send(turn, order, parts[1], parts[2], sure=how_sure(parts[3:]))
    else:
        turn.say("stale.nothing")


def send(turn: Turn, order: Order, courier: str, number: str, *, sure: int = 0) -> None:
    """The parcel is on its way; one of another buyer, or whose buyer wants it to go elsewhere, only
    when the seller is `sure`."""
    if asked_first(turn, order, courier, number, f"send:{order.number}", sure):
        return
    if order.state is State.SHIPPED:
        _send_more(turn, order, courier, number)
        return
    try:
        moved = parcels.ship(turn.unit, order, courier, number, by=turn.chat.person)
    except NotAllowed:
        if not _offer_part(turn, order, number):
            desk.not_now(turn, order)
        return
    turn.state.asked = turn.state.order = ""
    parcel_news.follow(turn, order, courier, number)
    settling.ask_later(turn, order)
    notices.done(turn, moved)
    address_wishes.left_as_it_stood(turn, moved.order)
    _ask_together(turn, order, courier, number)


def _offer_part(turn: Turn, order: Order, number: str) -> bool:
    """Asks whether what is there of an order is meant; False when nothing is."""
    db, there = turn.unit.db, parts.there(turn.unit.db, order)
    if not there or not expectations.awaited(db, order.id):
        return False
    value = f"{portions.button(order, there)}:{number}"
    if len(value) > portions.VALUE_MAX:
        value = f"send-part:{order.number}"
    turn.say(
        "staff.part-only",
        number=order.number,
        goods=cards.amounts(turn, order, there),
        more=cards.still_to_send(turn, order, there),
        parcel=number,
        choices=(turn.choice("button.send-part", value),),
    )
    return True


def how_sure(words: Sequence[str]) -> int:
    """What is behind the number on a button: 1 for another's parcel, 2 for an old address, too."""
    return 2 if words[:1] == ["2"] else len(words[:1])


def asked_first(
    turn: Turn, order: Order, courier: str, number: str, button: str, sure: int
) -> bool:
    """Whether something is asked before a parcel is on its way."""
    if sure < 1 and is_of_another(turn, order, courier, number, button):
        return True
    if sure > 1 or order.state is State.SHIPPED:
        return False
    return address_wishes.asked_back(turn, order, f"{button}:{courier}:{number}:2")


def is_of_another(turn: Turn, order: Order, courier: str, number: str, button: str) -> bool:
    """Whether an order of somebody else is in the same parcel, which a seller has to confirm."""
    found = parcels.find(turn.unit.db, courier, parcels.normalise(number))
    held = found[1] if found else []
    other = next((each for each in held if each.person_id != order.person_id), None)
    if other:
        value = f"{button}:{courier}:{number}:1"
        same = turn.choice("button.same-parcel", value, number=order.number)
        turn.say(
            "staff.others-parcel",
            number=number,
            order=other.number,
            name=other.recipient.name,
            choices=(same,),
        )
    return other is not None


def _ask_together(turn: Turn, order: Order, courier: str, number: str) -> None:
    """Whether the buyer's other orders are in the same parcel."""
    together = [
        other
        for other in orders.of_person(turn.unit.db, order.person_id, limit=SHOWN_MAX)
        if other.state in (State.CONFIRMED, State.PACKING)
        and not expectations.awaited(turn.unit.db, other.id)
    ]
    if together:
        choices = tuple(
            Choice(overviews.label(turn, other), f"send:{other.number}:{courier}:{number}")
            for other in together
        )
        turn.say("staff.same-parcel", n=len(together), choices=choices)


def _send_more(turn: Turn, order: Order, courier: str, number: str) -> None:
    """Another parcel of an order that is on its way, or the number that it lacks; the same one
    again tells nobody."""
    bare = is_bare(turn, order)
    if not parcels.add(turn.unit, order, courier, number, by=turn.chat.person):
        desk.not_now(turn, order)
        return
    turn.state.asked = turn.state.order = ""
    parcel_news.follow(turn, order, courier, number)
    id = "number-corrected" if bare else "parcel-added"
    turn.say(f"staff.{id}", number=order.number, card=cards.order_card(turn, order))
    notices.tell_buyer(turn, f"notice.{id}", order)
    if bare:
        parcel_news.catch_up(turn, order, courier, number)
