"""The last resort for Latin words that nobody listed: cordiceps, tsamba, yak jerkey."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from bot.language.lexicon import Entries, Hit
from bot.language.regex import regex

LENGTH_MIN = 5  # shorter words are one letter away from too many others
SIMILAR = 0.82  # `jerkey` for `jerky` is 0.91, `merely` for `jerky` 0.55
WORDS_MAX = 12  # unknown words looked at in one message, so that hostile text costs no more

_WORD = regex(r"[a-z]{5,20}")


class Misspelt:
    """Knows the longer Latin words of the lexicon, and finds the one that was meant."""

    def __init__(self, entries: Iterable[Entries]) -> None:
        known: set[str] = set()
        targets: defaultdict[str, set[str]] = defaultdict(set)  # by their first letter
        for meaning, forms, _ in entries:
            words = _WORD.findall(" ".join(forms))
            known.update(words)
            if meaning.kind == "product" and meaning.language != "bo":
                for word in words:
                    targets[word[0]].add(word)
        self._known = frozenset(known)
        self._targets = {letter: sorted(words) for letter, words in targets.items()}
        self._meant = lru_cache(maxsize=4096)(self._look_up)

    def correct(self, form: str, hits: Iterable[Hit]) -> str:
        """The form with misspelt product words put right."""
        if self._known.issuperset(_WORD.findall(form)):
            return form
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
        targets = self._targets.get(word[0], ())
        return next(iter(get_close_matches(word, targets, n=1, cutoff=SIMILAR)), "")
