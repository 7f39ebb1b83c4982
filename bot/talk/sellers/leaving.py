"""Leaving a question of the staff's work unanswered: 取消, 算了, never mind, མི་དགོས."""

from __future__ import annotations

from bot.language.script import TSHEG
from bot.shop import stock
from bot.shop.announcements import News
from bot.shop.numbers import ascii_digits
from bot.talk.conversation import NewProduct, NewSale, NewVoucher
from bot.talk.operators import announcing, exporting
from bot.talk.sellers import (
    bought,
    choosing,
    flash,
    meaning,
    parting,
    selling,
    sending,
    stock_mistakes,
    stock_undoing,
    undiscounting,
)
from bot.talk.turn import Turn

SAID_MAX = 24  # characters; what is longer says something else besides
FREE = (announcing.ASKED, "edit-", "new-product-")  # questions that any text may answer
OTHERS = (
    sending.ASKED,
    parting.ASKED,
    choosing.ASKED,
    stock_mistakes.ASKED,
    stock_undoing.ASKED,
)
_WORDS = frozenset(["cancel", "cancel-weak"])


def leave(turn: Turn) -> bool:
    """Leaves the question that was asked last; False when none was, or it is not to be left."""
    state = turn.state
    free = state.asked.startswith(FREE)
    if not (free or state.asked in selling.FORMS or state.asked in OTHERS):
        return False
    if not (_is_bare(turn) if free else _is_said(turn)):
        return False
    if undiscounting.is_said(turn) or stock_undoing.is_said(turn):
        return False
    lot = stock.lot(turn.unit.db, state.lot) if state.asked == bought.ASKED else None
    state.asked, state.about, state.grade, state.special, state.lot = "", "", "", 0, 0
    state.sale, state.voucher = NewSale(), NewVoucher()
    state.news, state.product = News(), NewProduct()
    if lot and not lot.household:
        again = (turn.choice("button.household", f"household:{lot.id}"),)
        turn.say("household.left", choices=again)
    else:
        turn.say("form.left")
    return True


def _is_bare(turn: Turn) -> bool:
    """Whether nothing else is said."""
    reading = turn.reading
    said = reading.masked.strip(f"{TSHEG}\u0f0d .,!?吧了啦")
    words = {word.strip(TSHEG) for topic, word in reading.topics if topic in _WORDS}
    return bool(reading.marks & {"no", "back"}) or "=" in words or said in words


def _is_said(turn: Turn) -> bool:
    """Whether a message says so that answers nothing: it has no figure and names no goods."""
    reading = turn.reading
    answers = any(sign.isdigit() for sign in ascii_digits(turn.text)) or reading.lines
    of_order = "packed" in reading.marks or meaning.one_said(turn)
    if answers or of_order or len(turn.text) > SAID_MAX or exporting.is_meant(turn):
        return False
    if flash.is_unlimited(turn):
        return False
    named = _WORDS.intersection(topic for topic, _ in reading.topics)
    return reading.intent in ("cancel", "stop") or bool(named) or _is_bare(turn)
