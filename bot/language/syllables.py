"""Tshegs that were not typed, put back: དབྱརརྩྭགོངཚད is དབྱར་རྩྭ་གོང་ཚད.

A run of letters is cut where that is most probable, by how often buyers write each syllable, and
each behind another. `python -m tests.language.train` counts them and makes `syllables.bin`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from bot.language.regex import regex
from bot.language.script import TIBETAN_LETTERS, TSHEG

FILE = Path(__file__).with_name("syllables.bin")
LONGEST = 8  # letters of a syllable
RUN_MAX = 300  # letters looked at of a run without tsheg
SEEN_LEAST = 2  # what was written once may be a slip
PAIRS_TELL = 0.6  # how much the syllable before tells, the rest being how frequent this one is
UNKNOWN, UNKNOWN_LETTER = 9.0, 3.0  # what an unknown syllable costs, and each of its letters
_SYLLABLE = regex(f"[{TIBETAN_LETTERS}]+")
_WORD = regex(f"[{TIBETAN_LETTERS}{TSHEG}]+")
_BEGINS = regex(r"[\u0f40-\u0f6c]")  # vowel signs and subjoined letters begin no syllable


def counted(forms: Iterable[str]) -> Counter[str]:
    """How often each syllable stands in forms, and each two behind each other with a blank."""
    found: Counter[str] = Counter()
    for form in forms:
        for word in _WORD.findall(form):
            syllables = _SYLLABLE.findall(word)
            found.update(syllables)
            found.update(map(" ".join, zip(syllables, syllables[1:], strict=False)))
    return found


def store(counts: Mapping[str, int], path: Path = FILE) -> None:
    """Writes what `load` reads."""
    kept = {key: count for key, count in sorted(counts.items()) if count >= SEEN_LEAST}
    path.write_bytes(msgspec.msgpack.encode(kept))


def load(path: Path = FILE) -> Counter[str]:
    """What was counted in the messages that were learned from."""
    return Counter(msgspec.msgpack.decode(path.read_bytes(), type=dict[str, int]))


class Syllables:
    """Knows Tibetan syllables by how often each was written."""

    def __init__(self, counts: Counter[str], words: Iterable[str]) -> None:
        """`words` are forms whose syllables are known whether or not anybody wrote them; they are
        added to the counts."""
        counts.update(counted(words))
        self._counts = counts
        self._all = sum(count for key, count in counts.items() if " " not in key) or 1
        self._cut = lru_cache(maxsize=4096)(self._likeliest)

    def parted(self, form: str) -> str:
        """The form with a tsheg between any two syllables."""
        if self._counts.keys() >= set(_SYLLABLE.findall(form)):
            return form
        return _SYLLABLE.sub(self._part, form)

    def _part(self, run: re.Match[str]) -> str:
        return run[0] if run[0] in self._counts else self._cut(run[0])

    def _likeliest(self, run: str) -> str:
        """A run cut into syllables: for each place and syllable that ends there, the best way."""
        run, rest = run[:RUN_MAX], run[RUN_MAX:]
        ways: list[dict[str, tuple[float, str]]] = [{"": (0.0, "")}]
        for end in range(1, len(run) + 1):
            best: dict[str, tuple[float, str]] = {}
            for start in range(max(0, end - LONGEST), end):
                if ways[start] and _BEGINS.match(run, start):
                    syllable = run[start:end]
                    best[syllable] = min(
                        (cost + self._cost(before, syllable), before)
                        for before, (cost, _) in ways[start].items()
                    )
            ways.append(best)
        if not ways[-1]:
            return run + rest
        syllable = min(ways[-1], key=ways[-1].__getitem__)
        parts, end = [rest] if rest else [], len(run)
        while end:
            parts.append(syllable)
            end, syllable = end - len(syllable), ways[end][syllable][1]
        return TSHEG.join(reversed(parts))

    def _cost(self, before: str, syllable: str) -> float:
        count = self._counts.get(syllable)
        if not count:
            return UNKNOWN + UNKNOWN_LETTER * len(syllable)
        chance = (1 - PAIRS_TELL) * count / self._all
        paired = self._counts.get(f"{before} {syllable}")
        if paired:
            chance += PAIRS_TELL * paired / self._counts[before]
        return -math.log(chance)
