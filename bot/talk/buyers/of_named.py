"""A message that names orders: each part of it is answered as if the buyer had only these."""

from __future__ import annotations

from collections.abc import Callable

from bot.messages import Outgoing
from bot.shop import order_notes, orders
from bot.shop.orders import Order
from bot.talk.buyers import mentions, ordering, tracking
from bot.talk.conversation import Draft, Later
from bot.talk.turn import Meant, Turn


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
    """What is said of which of the person's orders; nothing where there are no others."""
    found = tracking.mine(turn)
    if len(found) < 2:
        return []
    draft = turn.state.draft

    def goods_of(words: str) -> list[tuple[str | None, str | None]]:
        return [(line.product, line.grade) for line in turn.reader.read(words).lines]

    loosely = not draft.lines or bool(draft.replaces)
    return mentions.parted(turn.text, found, goods_of, loosely=loosely)


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
    answer(turn)
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
