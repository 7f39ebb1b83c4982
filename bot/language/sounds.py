"""How Tibetan in Latin letters sounds: gatsoe, katsö and ga tshod are all `ka tso`.

Everybody spells by ear or as the script has it (Wylie). What differs only in that is one key: what
is not heard is left out, and what many write alike is one letter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from bot.language.lexicon import Entries, Hit, Meaning
from bot.language.regex import regex
from bot.language.script import TIBETAN_LETTERS, TSHEG

LETTERS_MAX = 24  # of a word; what is longer is none
_WORD = regex(r"'?[a-z](?:[a-z']|\.(?=y))*")
_SYLLABLE = regex(f"[{TIBETAN_LETTERS}]+")
_PART = regex(r"([^aeiou]*)([aeiou]+(?:y(?![aeiou]))?)?")
_VOWELS = {
    "ai": "e", "ay": "e", "ei": "e", "ey": "e", "ae": "e", "ee": "i", "ie": "i", "oo": "u",
    "ou": "u",
}  # fmt: skip
# The letters that a syllable begins with by ear, and what they sound like.
_HEARD = {
    spelling: sound
    for sound, spellings in {
        "k": "k kh g gh kk", "ky": "ky khy gy", "ng": "ng", "c": "c ch chh j chy jy",
        "ny": "ny", "t": "t th d dh", "tr": "tr thr dr", "n": "n", "p": "p ph b bh", "m": "m",
        "ts": "ts tsh tz dz", "sh": "sh zh", "s": "s z", "w": "w", "y": "y", "r": "r", "l": "l lh",
        "h": "h", "f": "f", "v": "v", "q": "q", "x": "x",
    }.items()
    for spelling in spellings.split()
}  # fmt: skip
# Those that only the script has; letters before any of these are silent.
_WRITTEN = _HEARD | {
    spelling: sound
    for sound, spellings in {
        "tr": "kr khr gr pr phr br", "c": "py phy by", "y": "dby g.y", "w": "db", "ny": "my",
        "s": "sr", "t": "zl", "h": "hr",
    }.items()
    for spelling in spellings.split()
}  # fmt: skip


def syllables(word: str) -> tuple[str, ...]:
    """The keys of a word's syllables; of what has no vowel it as it is."""
    return _syllables(word[:LETTERS_MAX])


@lru_cache(maxsize=4096)  # people use the same words
def _syllables(word: str) -> tuple[str, ...]:
    parts = _PART.findall(word.replace("'", ""))
    found: list[str] = []
    for place, (consonants, vowels) in enumerate(parts):
        silent, onset = _parted(consonants, _WRITTEN if not place else _HEARD)
        if found and consonants:
            found[-1] = _closed(found[-1], silent if vowels else consonants)
        if vowels:
            found.append(onset + (_VOWELS.get(vowels[:2]) or vowels[0]))
    return tuple([_PARTICLES.get(one, one) for one in found]) or (word,)


# "Of", and the middle of verbs: gi re, kyi red, ge rey.
_PARTICLES = {"kyi": "ki", "ke": "ki"}


def _parted(consonants: str, known: dict[str, str]) -> tuple[str, str]:
    """The consonants that a syllable begins with as they sound, and those before them."""
    if len(consonants) > 1:
        consonants = consonants.removesuffix("w")
    for at in range(len(consonants)):
        if sound := known.get(consonants[at:]):
            return consonants[:at], sound
    return consonants, ""


_FINALS = {"m": "m", "n": "n", "r": "r", "b": "p", "p": "p"}
_BENDING = regex("[dsln]")  # pas is pe


def _closed(syllable: str, final: str) -> str:
    """A syllable with its final letter as far as that is heard: d and s only change the vowel."""
    if final[:2] == "ng":
        return f"{syllable}ng"
    if _BENDING.match(final) and syllable[-1] == "a":
        syllable = f"{syllable[:-1]}e"
    return syllable + _FINALS.get(final[:1], "")


def sounded(body: str) -> str:
    """The keys of all words in Latin letters, each with `~` in front."""
    return _WORD.sub(_keys, body)


def _keys(word: re.Match[str]) -> str:
    return " ".join([f"~{key}" for key in syllables(word[0])])


def spelled(body: str) -> str:
    """Tibetan script in Latin letters, near Wylie, so that it can be sounded."""
    return _SYLLABLE.sub(lambda syllable: _letters(syllable[0]), body.replace(TSHEG, " "))


_LETTERS = dict(
    zip(
        "ཀཁགངཅཆཇཉཏཐདནཔཕབམཙཚཛཝཞཟའཡརལཤསཧཨ",
        [*"k kh g ng c ch j ny t th d n p ph b m ts tsh dz w zh z ' y r l sh s h".split(), ""],
        strict=True,
    )
)
_SIGNS = dict(zip("ིེོཻཽུ", "iueoeo", strict=True))
_BELOW = 0x50  # from a letter to the same one below another


def _letters(syllable: str) -> str:
    """One syllable. What has a vowel sign or a letter below it is the root, else it is guessed."""
    if len(syllable) > 2 and syllable.endswith("འི"):
        return f"{_letters(syllable[:-2])}'i"
    stacks: list[str] = []
    vowels: dict[int, str] = {}
    for sign in syllable:
        if sign in _LETTERS:
            stacks.append(_LETTERS[sign])
        elif stacks and sign in _SIGNS:
            vowels[len(stacks) - 1] = _SIGNS[sign]
        elif stacks and (below := _LETTERS.get(chr(ord(sign) - _BELOW), "").strip("'")):
            stacks[-1] += below
            vowels.setdefault(len(stacks) - 1, "a")
    if stacks[:2] == ["g", "y"]:  # not one stack, which is gy
        stacks[0] = "g."
    if not vowels:
        prefixed = len(stacks) > 3 or (
            len(stacks) == 3 and stacks[0] in _PREFIXES and stacks[2] != "s"
        )
        vowels[int(prefixed)] = "a"
    return "".join([stack + vowels.get(place, "") for place, stack in enumerate(stacks)])


_PREFIXES = ("g", "g.", "d", "b", "m", "'")

_WITHIN_CLAUSE = regex(r"[^ ,.!?;\n'] *$")


class Sounds:
    """Finds goods by how their Tibetan names sound, however these are spelled."""

    def __init__(self, entries: Iterable[Entries]) -> None:
        self._names: defaultdict[str, dict[tuple[str, ...], Meaning]] = defaultdict(dict)
        # Names of one syllable, and as they are heard: these count only where a clause begins.
        self._short: dict[str, Meaning] = {}
        self._short_heard: dict[str, Meaning] = {}
        for meaning, forms, _ in entries:
            if meaning.kind == "product" and meaning.language == "bo":
                for form in forms:
                    self._add(spelled(form).strip(" '"), meaning)

    def _add(self, form: str, meaning: Meaning) -> None:
        """A name, and the same with "of" fused to it: yermai."""
        keys = [key for word in _WORD.findall(form) for key in syllables(word)]
        if len(keys) > 1:
            names = self._names[keys[0]]
            names.setdefault(tuple(keys), meaning)
            names.setdefault((*keys[:-1], re.sub("a$", "e", keys[-1])), meaning)
        elif keys:
            self._short.setdefault(form, meaning)
            self._short_heard.setdefault(keys[0], meaning)

    def find(self, body: str) -> list[Hit]:
        """The names in a body, where whole words are one; the longest at each place."""
        keys: list[str] = []
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        for word in _WORD.finditer(body):
            starts[len(keys)] = word.start()
            keys += syllables(word[0])
            ends[len(keys)] = word.end()
        hits: list[Hit] = []
        for at, start in starts.items():
            if hits and start < hits[-1].end:
                continue
            known = self._names.get(keys[at], {})
            fitting = [
                name
                for name in known
                if at + len(name) in ends and keys[at : at + len(name)] == list(name)
            ]
            if fitting:
                name = max(fitting, key=len)
                end = ends[at + len(name)]
                meaning: Meaning | None = known[name]
            else:
                end = ends.get(at + 1, start)
                short = body[start:end].strip("'")
                meaning = self._short.get(short)
                if not meaning and not _WITHIN_CLAUSE.search(body, 0, start):
                    meaning = self._short_heard.get(short)
            if meaning:
                hits.append(Hit(start, end, body[start:end], (meaning,)))
        return hits
