"""Goods that buyers send back, or want to: the wish goes to the sellers, the parcel's number to
the order, too."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from bot.language.regex import regex
from bot.language.weighing import AMOUNT, GOODS
from bot.messages import Choice
from bot.shop import follow_ups, orders, parcels, parts, return_parcels
from bot.shop.orders import Order, State
from bot.talk import cards, desk, notices
from bot.talk.buyers import repaying, tracking, whose
from bot.talk.sellers import settling
from bot.talk.turn import Turn

VERB = "back"  # the button; its subject is an order's number, a courier or nothing, and a number
NUMBER_LEAST = 8  # characters of a number whose form nobody knows
_BACK = regex(
    r"退[货貨回的了]|[寄退发發][了过過]?[回还還]|[寄退]過?回"
    r"|\b(?:sent|send|sending|posted|posting|shipped|shipping|mailed)\b.*\bback\b"
    r"|\breturn(?:s|ed|ing)?\b"
    r"|ཕྱིར་(?:ལོག|སློག|བསྐུར|བཏང|གཏོང)",
    re.IGNORECASE | re.DOTALL,
)
# Goods, or so much of them, are to go back; matched in what was read, where _G stands for these.
_G, _SEND = f"[{GOODS}{AMOUNT}]", "send|give|take|ship|post|mail"
_WISH = regex(
    rf"(?<![不没别衰])退(?:[掉回还给了]|您|你们?|其中|这|那|一下)*{_G}"
    rf"|{_G}(?:[,. 我要想能可以得都也全部只先需这那]|给我|帮我)*(?:能不能|可不可以|可否)?"
    r"(?:申请)?退(?![款钱换单订冰出咗])"
    rf"|\b(?:return(?:ing)?|(?:{_SEND})(?:ing)? back)\b(?: [a-z']+){{0,3}} ?{_G}"
    rf"|\b(?:{_SEND})(?:ing)?\b[^,.?!]{{0,16}}{_G}[^,.?!]{{0,16}}\bback\b"
    rf"|{_G}[་ ]*(?:འདི|དེ)?་?ཕྱིར་(?:སྤྲོད|སྤྲད|ལོག|སློག|བསྐུར|གཏོང|འབུལ|ཕུལ)"
)
_NUMBER = regex(r"[单單][号號]|编号|編號|\b(?:number|no|tracking|code)\b|ཨང", re.IGNORECASE)
# Of these the first group that has any is meant.
_MEANT = ((State.RETURNING,), (State.DELIVERED, State.SHIPPED), (State.RETURNED,))


def take(turn: Turn) -> bool:
    """A buyer wants to send goods back, or says in which parcel they come; False when the message
    says nothing of that."""
    return _wants_to(turn) or _says_number(turn)


def _wants_to(turn: Turn) -> bool:
    """Goods that have left are to go back: the seller reads of which order, and how much."""
    if turn.staff or not _WISH.search(turn.reading.masked) or repaying.asks_after(turn.text):
        return False
    db, named = turn.unit.db, {line.product for line in turn.reading.lines if line.product}
    wished = {line.product for line in turn.state.draft.lines}
    if wished & named or any(_waits(db, each, named) for each in tracking.mine(turn)):
        return False
    found = (each for group in _sent(turn) for each in group)
    order = next((each for each in found if named <= {line.product for line in each.lines}), None)
    if order is None or (order.state is State.SHIPPED and turn.reading.intent == "cancel"):
        return False
    desk.hand_over(turn, "desk.aftersales", order=order, intent="aftersales")
    return True


def _waits(db: sqlite3.Connection, order: Order, named: set[str]) -> bool:
    """Whether the goods that are named have not left yet: they are called off, not sent back."""
    sent = {product for product, _ in parts.gone(db, order)}
    ordered = {line.product for line in order.lines}
    return order.state in follow_ups.UNSENT and ordered >= named and sent.isdisjoint(named)


def _says_number(turn: Turn) -> bool:
    number = None if turn.staff else _number(turn.text)
    if number is None or _is_known(turn, number):
        return False
    found, sure = _meant(turn), bool(_BACK.search(turn.text))
    if not sure:
        if turn.state.draft.lines or not _says_no_more(turn.text):
            return False
        sure = any(_is_awaited(turn, each, number) for each in found)
        if not sure and not (parcels.is_sure(number) and _are_there(found)):
            return False
    fits = parcels.recognise(number)
    courier = parcels.named(turn.text) or (fits[0] if len(fits) == 1 else "")
    if sure and len(found) == 1:
        _note(turn, found[0], courier, number)
    elif found:
        _ask_which(turn, found, courier, number)
    if found and turn.attachments:
        desk.hand_over(turn, told=True, order=found[0])
    return bool(found)


def _says_no_more(text: str) -> bool:
    return parcels.is_bare_number(text) or not parcels.beside(text)


def _is_awaited(turn: Turn, order: Order, number: str) -> bool:
    """Whether goods of an order are known to come back, or to be in the parcel of that number."""
    noted = return_parcels.of_order(turn.unit.db, order.id)
    return order.state is State.RETURNING or any(each.number == number for each in noted)


def _are_there(found: list[Order]) -> bool:
    """Whether nothing is on its way to the buyer, so that a parcel of theirs goes back."""
    return all(order.state is State.DELIVERED for order in found)


def _ask_which(turn: Turn, found: list[Order], courier: str, number: str) -> None:
    choices = tuple(
        Choice(whose.label(turn, each, found), f"{VERB}:{each.number}:{courier}:{number}")
        for each in found
    )
    human = turn.choice("button.human", "human")
    parcel = cards.return_line(turn, courier, number)
    turn.say("back.which", parcel=parcel, choices=(*choices, human))


def press(turn: Turn, subject: str) -> None:
    """The order that goods come back of."""
    named, courier, number = (*subject.split(":"), "", "")[:3]
    order = tracking.own(turn, named)
    if order is None or not number or courier not in ("", *parcels.COURIERS):
        turn.say("stale.nothing")
    else:
        _note(turn, order, courier, number[: parcels.NUMBER_MAX])


def _number(text: str) -> str | None:
    """The number in a text; of a form that nobody knows beside a courier's name or the word."""
    if found := parcels.looks_like_number(text):
        return found
    typed = parcels.typed_number(text) or ""
    about = parcels.named(text) or _NUMBER.search(text) or parcels.is_bare_number(text)
    return typed if about and len(typed) >= NUMBER_LEAST else None


def _is_known(turn: Turn, number: str) -> bool:
    """Whether it is the number of a parcel that went to this person."""
    found = (
        orders.by_id(turn.unit.db, each.order_id)
        for each in parcels.of_number(turn.unit.db, number)
    )
    return any(order and order.person_id == turn.chat.person.id for order in found)


def _meant(turn: Turn) -> list[Order]:
    """The person's order that is named, else all whose goods can come back."""
    return next((group for group in _sent(turn) if group), [])


def _sent(turn: Turn) -> Iterator[list[Order]]:
    """The person's orders, or the one that is named, whose goods have left, by how likely these
    are to come back; at last those of which a part has left."""
    db, named = turn.unit.db, orders.find(turn.unit.db, turn.text)
    found = [each for each in tracking.mine(turn) if named is None or each.id == named.id]
    for states in _MEANT:
        yield [each for each in found if each.state in states]
    yield [each for each in found if orders.is_in_parts(db, each)]


def _note(turn: Turn, order: Order, courier: str, number: str) -> None:
    """The buyer reads that it is noted; the staff are told once."""
    added = return_parcels.add(turn.unit, order, courier, number, by=turn.chat.person)
    turn.say(
        "back.noted",
        number=order.number,
        parcel=cards.return_line(turn, courier, number),
        choices=(turn.choice("button.human", "human"),),
    )
    if added:
        settling.ask_no_more(turn, order)
        notices.tell_staff(turn, "staff.sent-back", order)
