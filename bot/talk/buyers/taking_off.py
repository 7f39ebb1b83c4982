"""Goods that are called off by their names, or all but those that are named."""

from __future__ import annotations

import re

from bot.language.regex import regex
from bot.language.script import form_of
from bot.talk.buyers import amending
from bot.talk.conversation import DraftLine
from bot.talk.turn import Turn

# Only the butter, 除了酥油都不要, མར་མ་གཏོགས་གཞན་མི་དགོས: of all that is in the draft. And all but it.
_ONLY = regex(
    r"\b(?:just|only|nothing (?:but|except|other than))\b(?P<en>[^,.;!?\n]{3,24})[.!]*$"
    r"|^(?:那|嗯|算了)?[,，\s]*(?:[只就光][要来來留买買拿]|[就只](?=\D+[吧了好行]*$))(?P<han>[^,，。]{1,8})$"
    r"|除了?(?P<but>.{1,10}?)[都全其别別][^,，]{0,4}(?:不要|不用|取消|去掉)"
    r"|^(?P<bo>.+)་(?:ཁོ་ན|རྐྱང་རྐྱང|མ་གཏོགས(?=.*མི་དགོས))",
    re.IGNORECASE,
)
_ALL_BUT = regex(
    r"除了?(?P<han>.{1,10}?)(?:以?外)?[,，\s]*(?:其[他它余餘]的?|[别別]的|剩下的)?[都全](?!不|取消|去掉)"
    r"|\b(?:everything|all|both|keep (?:the rest|all|everything))(?: but| except(?: for)?)"
    r"(?P<en>[^,.;!?\n]{3,24})[.!]*$"
    r"|^(?P<bo>.+?)་མ་གཏོགས(?=.*(?:ཚང་མ|གཞན).*དགོས)(?!.*མི་དགོས)",
    re.IGNORECASE,
)
# Who calls a thing off by a part of its name: 肉不要了, ཤ་མི་དགོས, no meat.
_CALLED_OFF = regex(
    r"^(?P<han>[\u4e00-\u9fff]{1,4}?)(?:就|也|那个|那個|的)?(?:不要|不用|别要|別要|去掉|取消|算了)"
    r"|^(?P<bo>[\u0f40-\u0fbc\u0f0b]{1,12}?)་(?:དེ་|ནི་)?(?:མི་དགོས|དགོས་མ|སུབ|བསུབ|འདོར|དོར)"
    r"|^(?:wait |ok |oh |sorry )?(?:no|without|cancel|remove|drop|forget|skip|scrap|leave out"
    r"|take off|take out)(?: more)? (?:the )?(?P<latin>[a-z]{3,12})\b",
    re.IGNORECASE,
)


def take(turn: Turn) -> bool:
    """Takes off what is called off by its name, and nothing else; False if that is all, or none.

    What is not there cannot be taken off: then all stays.
    """
    reading, draft = turn.reading, turn.state.draft
    if _keep_only(turn):
        return True
    others = [line for line in reading.lines if line.product not in reading.refused]
    if reading.intent != "cancel" and (others or not (reading.refused or reading.unwanted)):
        return False
    if any(line.quantity for line in reading.lines):
        return amending.lessen(turn)
    named = amending.named(turn, reading) or _partly_named(turn)
    graded = [line for line in draft.lines if f"{line.product}/{line.grade}" in reading.unwanted]
    found = graded or named
    left = [line for line in draft.lines if line not in found]
    _leave(turn, left or draft.lines)
    return bool(left and (reading.lines or reading.refused or found))


def _keep_only(turn: Turn) -> bool:
    """Takes off all but what is named alone, or that alone; False when neither is said."""
    draft, reading = turn.state.draft, turn.reading
    but = _ALL_BUT.search(turn.text)
    found = but or _ONLY.search(turn.text)
    if found is None or "ask" in reading.found or amending.is_of_else(reading):
        return False
    said = turn.reader.read(found[found.lastgroup or 0], about=turn.state.about or None)
    kept = amending.named(turn, said)
    if but:
        kept = [line for line in draft.lines if line not in kept]
    if said.number is not None or any(line.quantity for line in reading.lines):
        return False
    if not kept or len(kept) == len(draft.lines):
        return False
    _leave(turn, kept)
    return True


def _leave(turn: Turn, lines: list[DraftLine]) -> None:
    """Only these stay in the draft; the talk is no more about what is gone."""
    turn.state.draft.lines = lines
    if lines and turn.state.about not in {line.product for line in lines}:
        turn.state.about = lines[-1].product


def _partly_named(turn: Turn) -> list[DraftLine]:
    """The lines of the one product that a part of its name calls off: 肉不要了, no meat."""
    found = _CALLED_OFF.search(form_of(turn.text).text)
    part = found and (found["han"] or found["bo"] or found["latin"])
    if not part or turn.reading.lines or turn.reading.refused:
        return []
    edge = r"[\s་]" if not found or not found["han"] else ""
    said = re.compile(rf"(?:^|{edge}){re.escape(part)}(?:$|{edge})")
    lines = turn.state.draft.lines
    keys = {line.product for line in lines if said.search(_names(turn, line.product))}
    return [line for line in lines if line.product in keys] if len(keys) == 1 else []


def _names(turn: Turn, key: str) -> str:
    """All that a product may be called, a name a line."""
    words = turn.catalogue.products[key].words
    return "\n".join(form_of(word).text for each in words.values() for word in each)
