"""What is said anew: who puts an amount right in the same breath means the last (3, no 4); how many
people there are completes what each has."""

from __future__ import annotations

import re

from bot.language import heads
from bot.language.numerals import ENGLISH, HAN_NUMERALS, TIBETAN_NUMERAL
from bot.language.regex import regex
from bot.language.script import form_of
from bot.talk.turn import Turn

_WORDS = "|".join(ENGLISH)
_NUMBER = (
    rf"(?:\d{{1,4}}(?:[.,]\d{{1,2}})?|\b(?:{_WORDS})(?:[ -](?:{_WORDS}))?"
    rf"|[{HAN_NUMERALS}半]{{1,4}})"
)
_UNIT = (
    r"(?:kgs?|kilos?|kilograms?|g|grams?|lbs?|pounds?|jin|pieces?|pcs|box(?:es)?|bags?)\b"
    r"|公斤|千克|斤|两|兩|克|根|条|條|盒|袋"
)
_NO = (
    r"(?:no|nope|wait|sorry|oops|actually|or rather|i mean"
    r"|不是|不对|不對|不|算了|错了|錯了|哦不|等等|还是|還是)(?![\u4e00-\u9fff]*不)"
)
_AGAIN = (
    r"(?:(?:make (?:it|that)|let'?s say|rather|sorry|actually|say|要|来|來|改成|改|成|就|给我)\s*)*"
)
_SAID = regex(
    rf"(?:\ban?\b|{_NUMBER})(?P<space>\s?)(?P<unit>{_UNIT})?"
    r"(?P<goods>[^,，。.;；!！?？\d]{0,24}?)"
    rf"(?:[\s,，。.…—–-]+{_NO})+[\s,，。.…:：—–-]*{_AGAIN}"
    rf"(?P<last>{_NUMBER})\s?(?P<other>{_UNIT})?"
    r"(?P<end>\s*(?:please|pls|then|吧|了|好了)?[\s.!。！]*)$",
    re.IGNORECASE,
)
# As it is typed, a shad may stand behind it instead of a tsheg.
_SYLLABLES = TIBETAN_NUMERAL.replace("(?=་)", "(?![\u0f40-\u0fbc])")
_TIBETAN_UNIT = "རྒྱ་མ|ཁེ|རྐང|སྒམ|ཁུག་མ|ཀི་ལོ"
_TIBETAN = regex(
    rf"(?:(?P<unit>{_TIBETAN_UNIT})་)?(?:{_SYLLABLES}|\d{{1,4}}|[༠-༩]{{1,4}})"
    r"(?:་(?:དགོས|བྱེད|གནང))?[་།\s,]*(?<=[་།\s,])(?:མིན|མ་རེད|མ་ཡིན|ནོར་སོང|ནོར་འདུག)[་།\s,]+"
    rf"(?:(?P<other>{_TIBETAN_UNIT})་)?(?P<last>{_SYLLABLES}|\d{{1,4}}|[༠-༩]{{1,4}})"
    r"(?P<end>[\u0f40-\u0fbc་།\s]*)$"
)


def take_last(turn: Turn) -> None:
    """Reads a message that puts an amount right with the last amount only."""
    said = _SAID.search(turn.text)
    if said:
        unit = said["other"] or said["unit"] or ""
        meant = f"{said['last']}{said['space']}{unit}{said['goods']}{said['end']}"
    elif said := _TIBETAN.search(turn.text):
        unit = said["other"] or said["unit"]
        meant = f"{unit + '་' if unit else ''}{said['last']}{said['end']}"
    if said is None or turn.staff or turn.reading.recipient:
        return
    turn.hear(turn.text[: said.start()] + meant)


# So many people, in words that leave the talk in its language.
_HEADS = {"en": "{n} people", "bo": "། མི་{n}"}


def take_heads(turn: Turn) -> None:
    """Reads how many people there are with what was said before that each of them has."""
    each, turn.state.each = turn.state.each, ""
    people = heads.answer(form_of(turn.text).text) if each else None
    product = turn.product(turn.state.about)
    if people and product:
        turn.hear(
            f"{turn.name(product)} {each} {_HEADS.get(turn.language, '{n}人').format(n=people)}"
        )
