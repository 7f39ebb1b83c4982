"""In which language a person is answered."""

from __future__ import annotations

from bot.language.reading import Reading
from bot.language.regex import regex
from bot.language.script import is_also_traditional
from bot.language.weighing import CONFIDENT
from bot.shop import accounts
from bot.talk.buyers import changing, recipients, whose
from bot.talk.sellers import sending
from bot.talk.turn import Turn

SHORT = 4  # letters of ok, yes, done, which are said in every language
_LATIN_NAME = regex(r"(?:[A-Z][a-z'.-]+ ?){2,4}(?:[\d.]+)?")
_LATIN_WITHIN = regex(r"(?<=\S )[A-Z][a-z]+\b")  # a name, most likely
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
    reading = _without_names(turn)
    alike = turn.language == "zh-Hant" and reading.language == "zh-Hans"
    if not reading.scripted or (alike and is_also_traditional(reading.text)):
        return turn.language
    return reading.language


def _without_names(turn: Turn) -> Reading:
    """What a message says beside the names in it, which tell no language: charge Tashi 500."""
    reading = turn.reading
    if reading.language == turn.language or not turn.staff:
        return reading
    rest = _LATIN_WITHIN.sub(" ", turn.text).title()
    named, rest = whose.all_named(turn.unit.db, rest)
    for each in accounts.households(turn.unit.db):
        rest = rest.replace(each.household, " ")
    beside = turn.reader.read(rest)
    is_alone = bool(named) and not beside.scripted
    is_said = (named or beside.topics) and beside.language == turn.language
    return beside if is_alone or is_said else reading


def _is_slot_text(turn: Turn) -> bool:
    reading = turn.reading
    if turn.staff and sending.is_told(turn):
        return True
    if reading.recipient:
        return not reading.lines and bool(turn.chat.language)
    if reading.marks & {"yes", "no", "done"} and turn.text.isascii() and len(turn.text) <= SHORT:
        return True
    if reading.confidence < CONFIDENT and _LATIN_NAME.fullmatch(turn.text.strip()):
        return True  # A name in Latin letters is written so in every language.
    if _HAN_OR_TIBETAN.search(turn.text) and changing.NEW_ADDRESS.search(turn.text):
        return reading.language == "en"  # 地址改成 12 Baker Street
    if turn.state.asked in recipients.SLOTS and reading.intent == "other":
        return True
    return recipients.told(turn) is not None
