"""Which language a message is answered in: by script, then by words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.language.lexicon import Hit
from bot.language.script import Form

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SYLLABLE = re.compile(r"[\u0f40-\u0fbc]+")
_LATIN_WORD = re.compile(r"[a-z]{2,}")

# Greetings travel: `tashi delek from Texas` is English.
_GREETING_VOTE = 2.0
_TRAVELLING = frozenset(["greet", "thanks"])


def language_of(
    form: Form,
    hits: Sequence[Hit],
    products: Iterable[Hit],
    letters: Mapping[str, re.Pattern[str]],
) -> str:
    """The BCP 47 tag; names of products do not vote, but decide when nothing else is there.

    `letters` finds the letters that only one language writes; who writes in a script that none
    of ours does reads English most likely.
    """
    if form.other:
        found = _by_letters(form, letters)
        if found:
            return found
    chinese = "zh-Hant" if form.traditional else "zh-Hans"
    if not form.scripted:
        return "zh-Hans"
    names = list(products)
    if form.other and not (form.han or form.tibetan or form.latin):
        return "en"
    if not form.han and not form.tibetan:
        return _latin(hits, names)
    if not form.latin and not (form.han and form.tibetan):
        return chinese if form.han else "bo"
    han = len(_HAN.findall(form.text)) - _within(_HAN, names)
    tibetan = len(_SYLLABLE.findall(form.text)) - _within(_SYLLABLE, names)
    english = 1.5 * sum(
        any(meaning.language == "en" and meaning.kind == "speech" for meaning in hit.meanings)
        for hit in hits
    )
    if form.tibetan and tibetan * 1.5 > han and tibetan * 1.5 >= english:
        return "bo"
    if english > max(han, tibetan):
        return "en"
    if form.han:
        return chinese
    return "bo" if form.tibetan else "en"


def _by_letters(form: Form, letters: Mapping[str, re.Pattern[str]]) -> str:
    """The language whose own letters are more than a sprinkling: の alone is seen in Taiwan."""
    han = len(_HAN.findall(form.text))
    for language, pattern in letters.items():
        if len(pattern.findall(form.text)) * 3 > han:
            return language
    return ""


def _within(pattern: re.Pattern[str], names: Iterable[Hit]) -> int:
    return sum(len(pattern.findall(name.word)) for name in names)


def _latin(hits: Sequence[Hit], names: Sequence[Hit]) -> str:
    """English, or Chinese or Tibetan in Latin letters: by the letters of the words known."""
    votes = dict.fromkeys(("en", "zh-Hans", "bo"), 0.0)  # English when there is a tie.
    for hit in hits:
        if not _LATIN_WORD.search(hit.word) and hit.word not in ("i", "u", "a"):
            continue
        weights: dict[str, float] = {}
        for meaning in hit.meanings:
            if meaning.kind in ("product", "grade"):
                continue
            travels = meaning.kind == "intent" and meaning.value in _TRAVELLING
            weight = _GREETING_VOTE if travels else float(len(hit.word))
            weights[meaning.language] = max(weights.get(meaning.language, 0.0), weight)
        for language, weight in weights.items():
            # A word of two languages tells neither.
            votes[language] = votes.get(language, 0.0) + weight / len(weights)
    if not any(votes.values()):
        for name in names:
            for meaning in name.meanings:
                if meaning.kind == "product" and meaning.language in votes:
                    votes[meaning.language] += 1
    return max(votes, key=lambda language: votes[language])
