"""A message that names orders: each part of it is answered as if the buyer had only these."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.language.regex import regex
from bot.messages import Outgoing
from bot.shop import order_notes, orders, parcels
from bot.shop.numbers import ascii_digits
from bot.shop.orders import Order
from bot.talk.buyers import mentions, ordering, tracking
from bot.talk.conversation import Draft, Later
from bot.talk.turn import Meant, Turn

DIGITS_LEAST = 10  # of a tracking number, by which it is known without its letters
# A parcel, by the script of what is said of it; what calls it so already; and whose number it is.
_PARCEL = {"[\u4e00-\u9fff]": "包裹", "[\u0f40-\u0fbc]": "ཐུམ་"}
_A_PARCEL = regex(
    r"(?:[单單][号號]|包裹|快[递遞]|ཐུམ་?|ཨང་?(?:གྲངས་?)?"
    r"|\b(?:parcel|package|order|number|tracking|no\.?))$",
    re.IGNORECASE,
)
_COURIERS = (
    re.escape(part)
    for courier in parcels.COURIERS.values()
    for name in courier.names.values()
    for part in name.split(" / ")
)
_CALLED = regex(rf"(?:{'|'.join(_COURIERS)})$", re.IGNORECASE)


def take(turn: Turn, answer: Callable[[Turn], None]) -> bool:
    """Answers the parts one after another; what is being ordered or changed meanwhile goes on.
    False when no order is named, or nothing is said of it."""
    state = turn.state
    if turn.meant or not (said := _said(turn)):
        return False
    text, reading, replaced = turn.text, turn.reading, turn.replaced
    shown = bool(state.draft.lines) and (replaced is None or said[-1].ids != [replaced.id])
    state.later = []
    last: list[Outgoing] = []
    for part in said:
        last = _answer(turn, part, answer) or last
        turn.text, turn.reading = text, reading
    turn.out += last
    if shown and state.draft.lines and not last:
        ordering.proceed(turn)
    return True


def go_on(turn: Turn, answer: Callable[[Turn], None]) -> None:
    """What was said of other orders, once the change before it is done with."""
    state = turn.state
    if state.draft.lines and not state.draft.replaces:
        state.later = []
    while state.later and not state.draft.lines:
        turn.text = ""
        shown = _answer(turn, state.later.pop(0), answer)
        turn.out += shown


def _said(turn: Turn) -> list[Later]:
    """What is said of which of the person's orders; nothing where there are no others, but what is
    said of a parcel by its number, which is no amount of goods."""
    found = tracking.mine(turn)
    if said := _of_parcel(turn, found):
        return [said]
    if len(found) < 2:
        return []
    draft = turn.state.draft

    def goods_of(words: str) -> list[tuple[str | None, str | None]]:
        return [(line.product, line.grade) for line in turn.reader.read(words).lines]

    loosely = not draft.lines or bool(draft.replaces)
    return mentions.parted(turn.text, found, goods_of, loosely=loosely)


def _of_parcel(turn: Turn, found: Sequence[Order]) -> Later | None:
    """What is said of the orders in a parcel of theirs, where its number stands in the message."""
    text = ascii_digits(turn.text)
    held: dict[str, list[int]] = {}
    for order in () if turn.staff else found:
        for each in parcels.of_order(turn.unit.db, order.id):
            if re.search(_as_typed(each.number), text):
                held.setdefault(each.number, []).append(order.id)
    if len(held) != 1:
        return None
    [(number, ids)] = held.items()
    before, behind = re.split(_as_typed(number), text, maxsplit=1)
    return Later(_of_a_parcel(before, behind), sorted(ids), len(ids) > 1)


def _of_a_parcel(before: str, behind: str) -> str:
    """What is said around a parcel's number, with a word in its place; '' for nothing."""
    before = _CALLED.sub("", before.rstrip(" ,，:：#"))
    words = before + behind
    if not re.search(r"\w", words):
        return ""
    script = next((key for key in _PARCEL if re.search(key, words)), "")
    noun = "" if _A_PARCEL.search(before) else _PARCEL.get(script, "my parcel")
    return re.sub(r"\s{2,}", " ", f"{before} {noun} {behind}").strip()


def _as_typed(number: str) -> str:
    """How people type a tracking number: with gaps, in small letters, without those before it."""
    letters = len(number) - len(number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    gap = r"[\s_-]*"
    head, digits = gap.join(number[:letters]), gap.join(number[letters:])
    head = f"(?:{head}{gap})?" if len(number) - letters >= DIGITS_LEAST else head + gap
    return rf"(?i)(?<![0-9a-z]){head}{digits}(?![0-9a-z])"


def _answer(turn: Turn, said: Later, answer: Callable[[Turn], None]) -> list[Outgoing]:
    """Answers what is said of some orders, beside a draft of others; what is to be confirmed is
    returned, to be shown behind all. A second change waits for the first."""
    state, before = turn.state, len(turn.out)
    aside, asked, about = state.draft, state.asked, state.about
    replaced = turn.replaced
    of_draft = bool(replaced and said.ids == [replaced.id])
    if not of_draft:
        state.draft, state.asked, state.moving = Draft(), "", ""
    turn.meant = Meant(frozenset(said.ids), turn.text or said.text, said.every, said.rest)
    turn.hear(said.text)
    answer(turn) if said.text else tracking.track(turn)
    turn.meant = None
    if replaced and replaced.id in said.ids and not of_draft:
        _follow(turn, aside, replaced)
    if not state.draft.lines or of_draft:
        if not of_draft and aside.lines:
            state.draft, state.asked, state.about = aside, asked, about
        return []
    own = [each for each in turn.out[before:] if each.chat == turn.chat.id]
    turn.out = [each for each in turn.out if each not in own]
    if not aside.lines:
        return own
    state.draft, state.asked, state.about = aside, asked, about
    state.later.append(said)
    turn.say("change.one-by-one", number=aside.replaces, n=len(state.later))
    return []


def _follow(turn: Turn, draft: Draft, before: Order) -> None:
    """The change of an order keeps what was just said of it and of others."""
    db = turn.unit.db
    order, note = orders.standing(db, before), order_notes.of(db, before.id)
    draft.note = order_notes.joined((note, draft.note))
    draft.pay_by = order.pay_by if order.pay_by != before.pay_by else draft.pay_by
    if order.recipient != before.recipient:
        draft.recipient = order.recipient
