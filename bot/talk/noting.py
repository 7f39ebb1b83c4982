"""What a buyer wishes of an order besides its goods is kept as it was written, for the seller."""

from __future__ import annotations

from bot.talk import ordering
from bot.talk.turn import Turn

NOTE_MAX = 200  # characters of all that is wished of one order


def take(turn: Turn) -> bool:
    """Keeps a wish such as 要麻辣的; False when there is none, or goods are said besides."""
    reading, draft = turn.reading, turn.state.draft
    if "wish" not in reading.marks or "ask" in reading.found or turn.staff:
        return False
    if reading.intent == "aftersales" or not (draft.lines or reading.lines):
        return False
    said = [*filter(None, [draft.note]), " ".join(turn.text.split())]
    draft.note = " · ".join(dict.fromkeys(said))[:NOTE_MAX]
    goods = any(line.product or line.quantity for line in reading.lines)
    if goods or reading.recipient or reading.number is not None:
        return False
    turn.say("order.noted", text=draft.note)
    ordering.proceed(turn)
    return True
