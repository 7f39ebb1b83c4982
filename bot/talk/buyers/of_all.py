"""What is wished of several orders: of fewer than there are, or while one of them is just being
changed."""

from __future__ import annotations

from bot.shop import follow_ups, order_notes
from bot.talk.buyers import (
    cancelling,
    changing,
    drafting,
    noting,
    ordering,
    pay_wishes,
    readdressing,
    tracking,
    whose,
)
from bot.talk.conversation import Draft
from bot.talk.turn import Turn

# The marks of what can be wished of several.
_CHANGES = {"wish", "enclose", "change-address", "change-order", "pay-cod", "pay-transfer"}


def take(turn: Turn) -> bool:
    """Asks which are meant, or does it for all and then goes on with the change; False for
    anything else.

    Other goods for all of them are in the place of the change.
    """
    state, aside = turn.state, turn.state.draft
    if turn.staff or cancelling.calls_off(turn) or not tracking.says_all(turn):
        return False
    if _asks_which(turn):
        return True
    if not aside.replaces:
        return False
    asked, state.draft, state.asked = state.asked, Draft(), ""
    if not any(each.take(turn) for each in (pay_wishes, noting, readdressing, changing)):
        state.draft, state.asked = aside, asked
        return False
    order = tracking.own(turn, aside.replaces)
    if order and not state.draft.lines and follow_ups.may_change(turn.unit, order):
        changing.reopen(turn, order)
        state.draft.lines = aside.lines
        state.draft.note = order_notes.joined((state.draft.note, aside.note))
        ordering.proceed(turn)
    return True


def _asks_which(turn: Turn) -> bool:
    """Two of three orders shall be otherwise: which?"""
    unsent = [each for each in tracking.mine(turn) if each.state in follow_ups.UNSENT]
    reading = turn.reading
    said = reading.marks & _CHANGES or reading.recipient or changing.CHANGES.search(turn.text)
    changes = bool(said) or drafting.adds(turn)
    if not 1 < whose.how_many(turn.text) < len(unsent) or not changes or "paid" in reading.marks:
        return False
    turn.say("track.which-of-them", n=len(unsent))
    return True
