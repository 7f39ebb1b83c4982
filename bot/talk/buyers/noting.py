"""What a buyer wishes of an order besides its goods is kept as it was written, for the seller."""

from __future__ import annotations

import re

from bot.talk.buyers import ordering
from bot.talk.turn import Turn

_CLAUSE_END = re.compile(r"[,，;；。!！\n]")
NOTE_MAX = 200  # characters of all that is wished of one order


def take(turn: Turn) -> bool:
    """Keeps a wish such as 要麻辣的; False when there is none, or goods are said besides."""
    reading, draft = turn.reading, turn.state.draft
    asks = "ask" in reading.found and "enclose" not in reading.marks
    if not reading.marks & {"wish", "enclose"} or asks or turn.staff:
        return False
    if reading.intent == "aftersales" or not (draft.lines or reading.lines):
        return False
    said = [part.strip() for part in _CLAUSE_END.split(turn.text)]
    wishes = [part for part in said if "wish" in turn.reader.read(part).marks] or [turn.text]
    draft.note = " · ".join(dict.fromkeys([*filter(None, [draft.note]), *wishes]))[:NOTE_MAX]
    goods = any(line.product or line.quantity for line in reading.lines)
    if goods or reading.recipient or reading.number is not None:
        return False
    turn.say("order.noted", text=draft.note)
    ordering.proceed(turn)
    return True
