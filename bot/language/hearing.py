"""What was heard in a message: its words by the part they play, and what they refuse."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from bot.language.lexicon import Hit, Meaning
from bot.language.measures import Measures
from bot.language.regex import regex

HITS_MAX = 50  # kept of a cue, of products, of grades; more of the same tell nothing
_REFUSAL_REACH = 40  # characters between a product and the words that refuse it
_AFTER_NEGATE = 9  # characters between 不要 and what it is about
_CLAUSE = regex(r"[,.!?;\n\u0f0d\u0f05]+(?!\d)|(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")

# Take the butter off.
_TAKEN = regex(r"\b(?:take|leave|scratch|cross)\b[^,.;!?\n]{0,12}$")
_OFF = regex(r" ?(?:ones? )?(?:off|out)\b")


class Heard(msgspec.Struct):
    """The hits by kind: `cues` by their name, `topics` with a word that named each, `speech` the
    words that tell a language, with it."""

    products: list[Hit] = []
    grades: list[Hit] = []
    vague: list[Hit] = []
    cues: dict[str, list[Hit]] = {}
    marks: set[str] = set()
    topics: dict[str, str] = {}
    speech: list[tuple[str, str]] = []
    wish: str = ""
    place: str = ""


def hear(hits: Iterable[Hit], whole: Iterable[Meaning]) -> Heard:
    """Sorts the hits, and what the message means as a whole, by the part they play."""
    heard = Heard()
    for meaning in whole:
        _take(heard, "=", meaning)
    cues, topics = heard.cues, heard.topics
    kept_of = {"product": heard.products, "grade": heard.grades, "vague": heard.vague}
    for hit in hits:
        for meaning in hit.meanings:
            kind, value, _ = meaning
            if kind == "topic":
                topics.setdefault(value, hit.word)
                continue
            kept = cues.setdefault(value, []) if kind == "cue" else kept_of.get(kind)
            if kept is None:
                _take(heard, hit.word, meaning)
            elif not kept or (len(kept) < HITS_MAX and kept[-1] is not hit):
                kept.append(hit)
    return heard


def _take(heard: Heard, word: str, meaning: Meaning) -> None:
    kind, value, _ = meaning
    if kind == "topic":
        heard.topics.setdefault(value, word)
    elif kind == "mark":
        heard.marks.add(value)
    elif kind == "wish":
        heard.wish = heard.wish or value
    elif kind == "place":
        heard.place = value
    elif kind == "speech":
        heard.speech.append((value, word))


def wanted(measures: Measures, heard: Heard) -> Measures:
    """The measures without amounts that are refused, replaced or no amounts of goods."""
    if "others" in heard.cues and measures.money:
        return replace(measures, quantities=(), bare=())
    kept = measures.quantities
    negated = [hit.end for hit in heard.cues.get("negate", ())]
    if negated and len(kept) > 1:
        kept = tuple(one for one in kept if not any(0 <= one.start - end <= 1 for end in negated))
    changes = [hit.end for hit in heard.cues.get("change", ())]
    if changes and len(kept) > 1:
        kept = tuple(one for one in kept if one.start >= max(changes)) or kept
    priced = "set-price" in heard.marks
    if kept is measures.quantities and not priced:
        return measures
    return replace(measures, quantities=kept, priced=priced)


def is_refused(body: str, name: Hit, heard: Heard) -> bool:
    """Whether 不要 or the like in the same clause is about this product."""
    low, high = name.start - _REFUSAL_REACH, name.end + _REFUSAL_REACH
    for hit in heard.cues.get("negate", ()):
        if low <= hit.start and hit.end <= high and _refuses(body, name, hit, heard):
            return True
    for hit in heard.cues.get("change", ()):
        # 虫草换成松茸 refuses the one before, if another product follows.
        if name.end <= hit.start <= name.end + 3 and any(
            hit.end <= other.start <= high for other in heard.products
        ):
            return True
    return bool(_OFF.match(body, name.end) and _TAKEN.search(body[: name.start]))


def _refuses(body: str, name: Hit, negation: Hit, heard: Heard) -> bool:
    if negation.end <= name.start:
        between = body[negation.end : name.start]
        return (
            len(between) <= _AFTER_NEGATE
            and "的" not in between
            and "取消" not in between
            and " 要" not in between
            and not _CLAUSE.search(body[negation.end : name.start + 1])
            and not _wish_between(heard, negation.end, name.start)
        )
    if negation.start < name.end - 1:
        return False
    between = body[name.end : negation.start]
    return len(between) <= 2 and not _CLAUSE.search(between) and _ends_there(body, negation.end)


def _wish_between(heard: Heard, start: int, end: int) -> bool:
    return any(
        start <= hit.start < end for cue in ("want", "contrast") for hit in heard.cues.get(cue, ())
    )


def _ends_there(body: str, at: int) -> bool:
    """不要 behind a name refuses it if the clause ends: 虫草不要了, but not 虫草不要碎的."""
    rest = body[at : at + 3].lstrip("了啦喇吧")
    if body[at : at + 1] in ("了", "啦", "喇") and rest[:1] in tuple("还换改全"):
        return True
    if not rest or body[at - 1 : at] == "\u0f0b":
        return True
    return bool(re.match(r"[\s,.!?;\u0f0d\u0f0b]", rest))
