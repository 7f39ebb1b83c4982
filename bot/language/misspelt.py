"""The last resort for Latin words that nobody listed: cordiceps, tsamba, yak jerkey."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.language.lexicon import LATIN_BEGINS, Entry, Hit

LENGTH_MIN = 5  # shorter words are one letter away from too many others
SIMILAR = 82  # of 100: `jerkey` for `jerky` is 91, `merely` for `jerky` 55
WORDS_MAX = 12  # unknown words looked at in one message, so that hostile text costs no more

_WORD = re.compile(r"[a-z]{5,20}")


class Misspelt:
    """Knows the longer Latin words of the lexicon, and finds the one that was meant."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        latin = [entry for entry in entries if entry.edge & LATIN_BEGINS]
        goods = [
            entry.form
            for entry in latin
            if entry.meaning.kind == "product" and entry.meaning.language != "bo"
        ]
        targets = set(_WORD.findall(" ".join(goods)))
        self._known = frozenset(_WORD.findall(" ".join([entry.form for entry in latin])))
        self._targets = sorted(targets)
        self._meant = lru_cache(maxsize=4096)(self._look_up)

    def correct(self, form: str, hits: Iterable[Hit]) -> str:
        """The form with misspelt product words put right."""
        unknown = [match for match in _WORD.finditer(form) if match[0] not in self._known][
            :WORDS_MAX
        ]
        for match in reversed(unknown):
            meant = self._meant(match[0])
            if meant:
                form = form[: match.start()] + meant + form[match.end() :]
        return form

    def _look_up(self, word: str) -> str:
        if word.endswith("s") and word[:-1] in self._known:
            return ""
        found = process.extractOne(word, self._targets, scorer=fuzz.ratio, score_cutoff=SIMILAR)
        return found[0] if found and found[0][0] == word[0] else ""
