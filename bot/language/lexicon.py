"""All words of all languages and of the catalogue in one automaton.

Words come from `locales/*/words.toml` and from the catalogue. A word matches whole: Tibetan by
syllables, Latin at word boundaries, Han anywhere but not inside a longer word that also matched.

In words.toml a word may carry marks: `=` in front for "is the whole message", `^` in front for
"begins a clause", `$` behind for "ends a clause".
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from ahocorasick_rs import AhoCorasick, Implementation
from msgspec import Struct

from bot.language import locales
from bot.language.regex import regex
from bot.language.script import TSHEG, form_of

# Tails and heads that change nothing; taken off before a message is looked up as a whole.
_SAID = r"\w\u0f0b\u0f40-\u0fbc$¥+"
_HUSH = regex(f"[^{_SAID} ][^{_SAID}]*")
_CLAUSE_EDGE = frozenset(" \n,.!?;:\u0f0d()[]\"'…~-\x00🙏")
PARTS_MAX = 6  # words of a message that says the same thing in several ways
_CLAUSE_TAILS = frozenset("了啊呀吧呢哦啦嘛哈喇的呗")


class Meaning(NamedTuple):
    """What a word tells: its kind (topic, cue, mark, product …), a value, a language."""

    kind: str
    value: str
    language: str = ""


class Entries(NamedTuple):
    """Words of one meaning: their forms, and where each must stand (the bits of `WHOLE` …)."""

    meaning: Meaning
    forms: list[str]
    edges: list[int]


# Where a word must stand: it is the whole message; letters do not go on before or behind it; a
# clause begins or ends there.
WHOLE, LATIN_BEGINS, LATIN_ENDS, BEGINS, ENDS = 1, 2, 4, 8, 16


def entries_of(words: Iterable[str], meaning: Meaning) -> Entries:
    """Words as they are written in words.toml or a catalogue, all of one meaning.

    They are brought into their form at once, which costs a tenth of doing it one by one.
    """
    bare, marks = [], []
    for word in words:
        mark = 0
        if len(word) > 1 and (word[0] in "=^" or word[-1] == "$"):
            mark = WHOLE if word[0] == "=" else BEGINS if word[0] == "^" else 0
            mark |= ENDS if word[-1] == "$" else 0
            word = word.lstrip("=^").rstrip("$")
        bare.append(word.replace("\n", " "))
        marks.append(mark)
    forms = [form.strip(" ") for form in form_of("\n".join(bare)).text.split("\n")]
    if "" in forms:
        marks = [mark for mark, form in zip(marks, forms, strict=False) if form]
        forms = [form for form in forms if form]
    edges = [
        mark | ("a" <= form[0] <= "z") * LATIN_BEGINS | ("a" <= form[-1] <= "z") * LATIN_ENDS
        for mark, form in zip(marks, forms, strict=True)
    ]
    return Entries(meaning, forms, edges)


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A word found at form[start:end]."""

    start: int
    end: int
    word: str
    meanings: tuple[Meaning, ...]


class Words(Struct, frozen=True):
    """What the words.toml files say: the meanings of each word, and units by their words.

    `units` maps a word to its measure such as `500 g`; `before` holds those whose number stands
    before them, `after` those whose number follows, as in Tibetan; `letters` finds the letters
    that only one language writes.
    """

    entries: tuple[Entries, ...]
    units: Mapping[str, str]
    before: frozenset[str]
    after: frozenset[str]
    languages: tuple[str, ...]
    letters: Mapping[str, re.Pattern[str]]


def load_words(folder: Path | None = None) -> Words:
    """The words of every language under a folder of locales. Raises ValueError on a wrong file."""
    root = folder or locales.folder()
    entries: list[Entries] = []
    units: dict[str, str] = {}
    before: set[str] = set()
    after: set[str] = set()
    languages: list[str] = []
    letters: dict[str, re.Pattern[str]] = {}
    for path in sorted(root.glob("*/words.toml")):
        language = path.parent.name.replace("_", "-")
        table = tomllib.loads(path.read_text("utf-8"))
        languages.append(language)
        if "letters" in table:
            letters[language] = re.compile(f"[{table.pop('letters')}]")
        entries += _entries(table, language, path)
        for measure, words in table.get("units", {}).items():
            for word in words:
                units[form_of(word).text] = measure
                (after if table.get("number_after_unit") else before).add(form_of(word).text)
    return Words(
        tuple(entries), units, frozenset(before), frozenset(after), tuple(languages), letters
    )


_TABLES = {
    "topics": "topic",
    "subjects": "topic",
    "cues": "cue",
    "marks": "mark",
    "vague": "vague",
    "wish": "wish",
    "places": "place",
}


def _entries(table: Mapping[str, object], language: str, path: Path) -> Iterable[Entries]:
    for heading, content in table.items():
        if heading in ("number_after_unit", "units"):
            continue
        if heading == "speech":
            # Words that mean nothing here but tell the language that is spoken.
            yield entries_of(_strings(content, path), Meaning("speech", language, language))
        elif heading in _TABLES:
            for value, words in _mapping(content, path).items():
                name = f"~{value}" if heading == "subjects" else value
                meaning = Meaning(_TABLES[heading], name, language)
                yield entries_of(_strings(words, path), meaning)
        else:
            raise ValueError(f"{path}: unknown heading {heading}")


def _mapping(content: object, path: Path) -> Mapping[str, object]:
    if isinstance(content, dict):
        return content
    raise ValueError(f"{path}: a table was expected, not {content!r}")


def _strings(content: object, path: Path) -> list[str]:
    """A list of words; a string is cut at `|`, which keeps long lists readable."""
    if isinstance(content, str):
        return [word.strip() for word in re.split(r"[|\n]", content) if word.strip()]
    if isinstance(content, list) and all(isinstance(word, str) for word in content):
        return content
    raise ValueError(f"{path}: a list of words was expected, not {content!r}")


_OPEN_ENDINGS = ("འི", "ས", "ར", "འང", "འམ", "འོ")
_FINALS = frozenset("གངདནབམའརལས")


def variants(word: str) -> list[str]:
    """The word with the case marks that Tibetan fuses to an open last syllable."""
    if not word.endswith(TSHEG) or word.count(TSHEG) < 2:
        return [word]
    stem = word[:-1]
    last = stem.rsplit(TSHEG, 1)[-1]
    # An open syllable ends in a vowel sign, a subjoined letter, or is a bare letter.
    if last[-1] in _FINALS and len(last) > 1 and not last.endswith("འ"):
        return [word]
    return [word, *(f"{stem.removesuffix('འ')}{ending}{TSHEG}" for ending in _OPEN_ENDINGS)]


class Lexicon:
    """Finds the words of a form. Building takes some milliseconds; finding some microseconds."""

    def __init__(self, entries: Iterable[Entries]) -> None:
        self._whole: dict[str, tuple[Meaning, ...]] = {}
        self._openings: set[str] = set()  # the first words of these
        places: defaultdict[int, dict[str, int]] = defaultdict(dict)  # by their edges
        meanings: list[tuple[Meaning, ...]] = []
        keys: list[str] = []
        self._edges: list[int] = []
        self._layers: list[_Layered] = []
        for meaning, forms, edges in entries:
            alone = (meaning,)
            layered = _layered(alone)
            for form, edge in self._standing(meaning, forms, edges):
                place = places[edge].setdefault(form, len(meanings))
                if place == len(meanings):
                    meanings.append(alone)
                    keys.append(form)
                    self._edges.append(edge)
                    self._layers.append(layered)
                elif meaning not in meanings[place]:
                    meanings[place] += alone
                    self._layers[place] = _layered(meanings[place])
        self._automaton = AhoCorasick(keys or ["\x01"], implementation=Implementation.ContiguousNFA)

    def _standing(
        self, meaning: Meaning, forms: Iterable[str], edges: Iterable[int]
    ) -> Iterable[tuple[str, int]]:
        """The forms with their variants; those that are whole messages are kept aside."""
        for form, edge in zip(forms, edges, strict=True):
            if edge & WHOLE:
                core = core_of(form)
                self._whole[core] = (*self._whole.get(core, ()), meaning)
                self._openings.add(core.partition(" ")[0])
            elif form[-1] == TSHEG:
                for variant in variants(form):
                    yield variant, edge
            else:
                yield form, edge

    def whole(self, form: str) -> tuple[Meaning, ...]:
        """What the form means as a whole message, or each part of it: yes, go ahead. Tails and
        punctuation aside."""
        core = core_of(form)
        return self._whole.get(core) or (
            self._of_parts(core.split(" ")) if 0 < core.count(" ") < PARTS_MAX else ()
        )

    def _of_parts(self, words: Sequence[str]) -> tuple[Meaning, ...]:
        """What several whole messages mean in a row, when that is the same."""
        if not 1 < len(words) <= PARTS_MAX or words[0] not in self._openings:
            return ()
        for end in range(len(words) - 1, 0, -1):
            if first := self._whole.get(" ".join(words[:end])):
                rest = " ".join(words[end:])
                others = self._whole.get(rest) or self._of_parts(words[end:])
                if alike := tuple(meaning for meaning in first if meaning in others):
                    return alike
        return ()

    def find(self, form: str) -> list[Hit]:
        """The words in a form, in order; one that lies inside another found word is left out."""
        edges = self._edges
        found = [
            (start, -end, place)
            for place, start, end in self._automaton.find_matches_as_indexes(form, overlapping=True)
            if not edges[place] or _stands(form, start, end, edges[place])
        ]
        return self._outermost(form, sorted(found))

    def _outermost(self, form: str, found: list[tuple[int, int, int]]) -> list[Hit]:
        """The hits without those inside a longer one of the same layer."""
        hits: list[Hit] = []
        reach, starts = [0] * LAYERS, [-1] * LAYERS
        layers = self._layers
        for start, minus_end, place in found:
            end = -minus_end
            seen: tuple[Meaning, ...] = ()
            for layer, meanings in layers[place]:
                before = reach[layer]
                if end > before:
                    reach[layer], starts[layer] = end, start
                elif end < before or start != starts[layer]:
                    continue
                seen = tuple(dict.fromkeys((*seen, *meanings))) if seen else meanings
            if seen:
                hits.append(Hit(start, end, form[start:end], seen))
        return hits


def _stands(form: str, start: int, end: int, edge: int) -> bool:
    """Whether a word at form[start:end] stands there by itself, and where it should."""
    if edge & LATIN_BEGINS and start and "a" <= form[start - 1] <= "z":
        return False
    if edge & LATIN_ENDS and end < len(form) and "a" <= form[end] <= "z":
        return False
    if edge & BEGINS and start and form[start - 1] not in _CLAUSE_EDGE:
        return False
    return not edge & ENDS or _ends_clause(form, end)


# What hides what: a longer word hides a shorter one inside it only within the same layer. Goods
# and what is said to mean nothing hide both topics and cues; other marks hide neither.
LAYERS = 4
_LAYERS = {"topic": (0,), "cue": (1,), "product": (0, 1), "grade": (0, 1), "vague": (1,)}


def _layers_of(meaning: Meaning) -> tuple[int, ...]:
    if meaning.value == "nothing":
        return (0, 1)
    if meaning.value == "unknown-goods":  # 北虫草 is no 虫草
        return (0, 1, 2)
    return (3,) if meaning.value[:1] == "~" else _LAYERS.get(meaning.kind, (2,))


_Layered = tuple[tuple[int, tuple[Meaning, ...]], ...]


@cache
def _layered(meanings: tuple[Meaning, ...]) -> _Layered:
    layers: dict[int, list[Meaning]] = {}
    for meaning in meanings:
        for layer in _layers_of(meaning):
            layers.setdefault(layer, []).append(meaning)
    return tuple((layer, tuple(kept)) for layer, kept in sorted(layers.items()))


def _ends_clause(form: str, end: int) -> bool:
    while end < len(form) and form[end] in _CLAUSE_TAILS:
        end += 1
    return (
        end >= len(form)
        or form[end] in _CLAUSE_EDGE
        or ord(form[end]) > 0x2FFFF
        or (0x2600 <= ord(form[end]) <= 0x27BF or 0x1F000 <= ord(form[end]))
    )


def core_of(form: str) -> str:
    """A message without punctuation, emoji and outer blanks."""
    if len(form) > 60:
        return form
    return _HUSH.sub(" ", form).replace("  ", " ").strip().strip(TSHEG)
