"""What one of the staff orders for themselves: it does not stay behind their work.

What a buyer is asked of goods that are not known yet goes as soon as they speak of the shop's work,
and all of the draft when nothing is said of it for an hour.
"""

from __future__ import annotations

from msgspec.structs import replace

from bot.talk import conversation
from bot.talk.conversation import Draft
from bot.talk.sellers import stock_mistakes
from bot.talk.turn import Turn

LASTS_MS = 3_600_000
_OF_GOODS = ("product", "grade", "quantity")  # what is asked of a draft's goods


def end_old(turn: Turn) -> None:
    """Nothing was said of it for long."""
    state = turn.state
    if state.ordered_at and turn.unit.now - state.ordered_at >= LASTS_MS:
        state.draft, state.pending, state.ordered_at = Draft(), None, 0
        if state.asked in ("", *stock_mistakes.OF_DRAFT):
            state.asked = state.about = ""


def leave(turn: Turn) -> None:
    """Something was said of the shop's work."""
    state, lines = turn.state, turn.state.draft.lines
    known = [line for line in lines if line.grade is not None and line.quantity]
    if len(known) < len(lines):
        state.draft = replace(state.draft, lines=known) if known else Draft()
    state.pending = None
    if state.asked in _OF_GOODS:
        state.asked = ""


def note(turn: Turn) -> None:
    """When it was spoken of last, be it by a button."""
    before, state = conversation.decode(turn.chat.state), turn.state
    if not state.draft.lines and state.asked not in stock_mistakes.OF_DRAFT:
        state.ordered_at = 0
    elif (before.draft, before.asked) != (state.draft, state.asked) or not state.ordered_at:
        state.ordered_at = turn.unit.now
