"""Which language a message is answered in: by script, then by words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from bot.language.learned import FEATURES_MAX, Model
from bot.language.lexicon import Hit
from bot.language.regex import regex
from bot.language.script import CANTONESE, HAN, TIBETAN_LETTERS, Form
from bot.language.sounds import syllables

_HAN = regex(f"[{HAN}]")
_SYLLABLE = regex(f"[{TIBETAN_LETTERS}]+")
_WORD = regex(r"(?<![a-z\d])[a-z][a-z']*(?![a-z\d])")  # no part of a code
SOUNDS_MAX = 3
WORDS_MAX = FEATURES_MAX // (3 + SOUNDS_MAX)  # the first words tell the language
# Where the model is less sure, a word that only one language says decides.
SURE = 0.95
# Han without one of these are nouns, lent to another language: 支付宝, 快递, 人工.
_HAN_SENTENCE = regex(
    "[的了吗呢吧么不没是有我他她们这那哪多少怎几要能给就还在也都啊呀啦咋嘛啥谁请谢买选想]"
    f"|你(?!好)|[{''.join(sorted(CANTONESE))}]"
)
# Latin letters that Chinese borrows: they do not make a message English.
_BORROWED = frozenset("kg oz lb ml cm ok pcs thx pls vip app diy qq vx wx plz line".split())


def language_of(
    form: Form,
    body: str,
    said: Sequence[tuple[str, str]],
    names: Sequence[Hit],
    letters: Mapping[str, re.Pattern[str]],
    model: Model,
) -> str:
    """The BCP 47 tag; names of products do not count, but decide when nothing else is there.

    `said` are words that tell a language, each behind it; `letters` finds the letters that only
    one language writes; who writes in a script that none of ours does reads English most likely.
    """
    if form.other:
        found = _by_letters(form, letters)
        if found:
            return found
        if not (form.han or form.tibetan or form.latin):
            return "en"
    if not form.han and not form.tibetan:
        if not form.latin:  # no letters at all
            return "zh-Hans"
        return _latin(latin_words(body, names), said, names, model)
    chinese = "zh-Hant" if form.traditional else "zh-Hans"
    if not form.latin and not (form.han and form.tibetan):
        return chinese if form.han else "bo"
    han = len(_HAN.findall(body)) - _within(_HAN, names)
    tibetan = len(_SYLLABLE.findall(body)) - _within(_SYLLABLE, names)
    only_nouns = not _HAN_SENTENCE.search(_without(body, names))
    words = latin_words(body, names)
    latin = _latin(words, said, names, model) if form.latin else ""
    if latin == "en" and only_nouns and not tibetan and _english(words, names) > max(1, han / 2):
        return "en"
    if latin == "bo" and len(words) > 1 and only_nouns:
        return "bo"
    if not form.han:
        return "bo"
    return "bo" if tibetan and (only_nouns or tibetan * 1.5 > han) else chinese


def _english(words: Iterable[str], names: Iterable[Hit]) -> int:
    """How many words make a message English, names of goods in Latin letters among them."""
    own = sum(len(word) > 1 and word not in _BORROWED for word in words)
    return own + sum(name.word[0].isascii() for name in names)


def latin_words(body: str, names: Iterable[Hit]) -> list[str]:
    """The words in Latin letters that are no product's name, once each."""
    return list(dict.fromkeys(_WORD.findall(_without(body, names))))[:WORDS_MAX]


def features(word: str) -> tuple[str, ...]:
    """What tells the language of a word in Latin letters: itself, how it begins, ends, sounds."""
    keys = [f"~{key}" for key in syllables(word)[:SOUNDS_MAX]]
    return word, f"-{word[-2:]}", f"{word[:2]}-", *keys


@lru_cache(maxsize=4096)  # people use the same words
def _weight(model: Model, word: str) -> int:
    return model.added_up(features(word))


def _latin(
    words: Sequence[str], said: Sequence[tuple[str, str]], names: Iterable[Hit], model: Model
) -> str:
    """English, or Chinese or Tibetan in Latin letters, or a language that says its words."""
    for language in {language for language, _ in said}:
        spoken = sum(len(word) for spoken_in, word in said if spoken_in == language)
        if 2 * spoken > sum(map(len, words)):
            return language
    if words:
        guessed, chance = model.most_probable(sum([_weight(model, word) for word in words]))
        return said[0][0] if said and chance < SURE else guessed
    votes = [
        meaning.language
        for name in names
        for meaning in name.meanings
        if meaning.kind == "product" and meaning.language in model.labels
    ]
    return max(votes, key=votes.count) if votes else "en"


def _by_letters(form: Form, letters: Mapping[str, re.Pattern[str]]) -> str:
    """The language whose own letters are more than a sprinkling: の alone is seen in Taiwan."""
    han = len(_HAN.findall(form.text))
    for language, pattern in letters.items():
        if len(pattern.findall(form.text)) * 3 > han:
            return language
    return ""


def _without(body: str, names: Iterable[Hit]) -> str:
    """The body less the names of products."""
    parts, at = [], 0
    for name in names:
        parts.append(body[at : name.start])
        at = max(at, name.end)
    return " ".join([*parts, body[at:]])


def _within(pattern: re.Pattern[str], names: Iterable[Hit]) -> int:
    return sum(len(pattern.findall(name.word)) for name in names)
