"""In which language a person is answered."""

from __future__ import annotations

from bot.language.regex import regex
from bot.language.script import is_also_traditional
from bot.language.weighing import CONFIDENT
from bot.talk.buyers import changing, recipients
from bot.talk.sellers import sending
from bot.talk.turn import Turn

SHORT = 4  # letters of ok, yes, done, which are said in every language
_LATIN_NAME = regex(r"(?:[A-Z][a-z'.-]+ ?){2,4}(?:[\d.]+)?")
_HAN_OR_TIBETAN = regex(r"[\u4e00-\u9fff\u0f40-\u0fbc]")


def follow(turn: Turn) -> None:
    """Answers in the language that is written; a pasted address or a bare number changes none."""
    reading = turn.reading
    if reading.wish_language:
        turn.language = reading.wish_language
    elif reading.scripted and not _is_slot_text(turn):
        turn.language = written_in(turn)


def written_in(turn: Turn) -> str:
    """The language of a message; 要20根 is written alike in both scripts, and changes none."""
    reading = turn.reading
    alike = turn.language == "zh-Hant" and reading.language == "zh-Hans"
    if not reading.scripted or (alike and is_also_traditional(turn.text)):
        return turn.language
    return reading.language


def _is_slot_text(turn: Turn) -> bool:
    reading = turn.reading
    if turn.staff and sending.is_told(turn):
        return True
    if reading.recipient:
        return not reading.lines
    if reading.marks & {"yes", "no", "done"} and turn.text.isascii() and len(turn.text) <= SHORT:
        return True
    if reading.confidence < CONFIDENT and _LATIN_NAME.fullmatch(turn.text.strip()):
        return True  # A name in Latin letters is written so in every language.
    if _HAN_OR_TIBETAN.search(turn.text) and changing.NEW_ADDRESS.search(turn.text):
        return reading.language == "en"  # 地址改成 12 Baker Street
    if turn.state.asked in recipients.SLOTS and reading.intent == "other":
        return True
    return recipients.told(turn) is not None
