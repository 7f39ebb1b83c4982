"""What buyers say further of a complaint: that other goods shall come in place of the bad ones."""

from __future__ import annotations

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import enquiries
from bot.shop.orders import State
from bot.talk import desk
from bot.talk.buyers import tracking
from bot.talk.turn import Turn

LATELY_MS = 3 * 24 * 3_600_000  # how long what is said may be of what was complained of
# Matched in the form of a text.
_PACK = r"[一两二1-9半]?[瓶罐袋盒包斤份根个件箱]"
_AGAIN = regex(
    rf"补(?:发|寄|给|送)?我?{_PACK}|(?:再|重新)(?:给我)?(?:发|寄|送)(?:我|给我)?{_PACK}|换{_PACK}"
    r"|\bsend (?:me )?(?:another|a new|a replacement|one more|a fresh)\b|\breplacement\b"
    r"|(?:ཡང་བསྐྱར|ཡང་|ཚབ་)[^།]{0,8}(?:བསྐུར|སྐུར|སྤྲོད)"
)


def take(turn: Turn) -> bool:
    """It is the seller's to decide, and no further order; False when nothing is complained of."""
    sent = (each for each in tracking.mine(turn) if each.state in (State.SHIPPED, State.DELIVERED))
    order, db = next(sent, None), turn.unit.db
    if order is None or turn.staff or turn.state.draft.lines or turn.reading.recipient:
        return False
    named = {line.product for line in turn.reading.lines if line.product}
    asked = enquiries.has_asked(db, turn.chat.id, turn.unit.now - LATELY_MS)
    is_else = named - {line.product for line in order.lines}
    if is_else or not asked or not _AGAIN.search(form_of(turn.text).text):
        return False

    def more(view: Turn) -> tuple[Choice, ...]:
        return (view.choice("button.send-again", f"send-again:{order.number}"),)

    desk.hand_over(turn, "desk.passed-on", order=order, intent="aftersales", more=more)
    return True
