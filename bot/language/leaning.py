"""What a message leans to by its pieces: weights learned from labelled messages, shipped as data.

The pieces are runs of one to three Han characters, Tibetan syllables or Latin words, with goods and
amounts each as one sign, and what was found (`weighing.FRAMES` names those). Each has a weight for
some intents; with the scores of words and frames they give the probability of each intent: a
multinomial logistic regression. `python -m tests.language.train` makes the weights.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

WEIGHTS = Path(__file__).with_name("leanings.json")
TOKENS_MAX = 60  # the wish stands in the first lines; a long message takes no longer
WORDS_LEAST = 3  # goods and amounts count; less says nothing by its pieces
STEM = 4  # letters of a Latin word that stand for its forms: ship, ships, shipped
SCORE_MAX = 3.0  # words and frames are no surer than this, however many there are
GOODS, AMOUNT = "\ue000", "\ue001"

_TOKEN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff]|[a-z][a-z']*|[\u0f40-\u0fbc]+|\d+|[?!+\ue000-\ue001]|[^\x00-\xff]"
)


@dataclass(frozen=True, slots=True)
class Leanings:
    """`scale` and `bias` are by intent; `weights` are (place of the intent, weight) by piece."""

    intents: tuple[str, ...]
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]


class _Stored(msgspec.Struct):
    intents: tuple[str, ...]
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    weights: dict[str, dict[str, float]]


@cache
def load(path: Path = WEIGHTS) -> Leanings:
    """The weights as they were learned."""
    stored = msgspec.json.decode(path.read_bytes(), type=_Stored)
    places = {intent: place for place, intent in enumerate(stored.intents)}
    weights = {
        piece: tuple([(places[intent], weight) for intent, weight in given.items()])
        for piece, given in stored.weights.items()
    }
    return Leanings(stored.intents, stored.scale, stored.bias, weights)


def masked(body: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The body with what lies at (start, end) replaced by a sign: goods and amounts."""
    parts, at = [], 0
    for start, end, sign in sorted(spans):
        if start >= at:
            parts += [body[at:start], sign]
            at = end
    return "".join([*parts, body[at:]])


def pieces(body: str, found: Set[str]) -> list[str]:
    """The pieces of a masked body, and what was found in it; none where there are too few words."""
    said = _TOKEN.findall(body)[:TOKENS_MAX]
    if sum(token[0].isalpha() or token[0] >= "\u0f40" for token in said) < WORDS_LEAST:
        return []
    tokens = ["^"]
    stems = []
    for token in said:
        first = token[0]
        if "a" <= first <= "z" and len(token) > STEM:
            stems.append(token[:STEM] + "*")
        tokens.append("0" if "0" <= first <= "9" else token)
    tokens.append("$")
    pairs = [f"{one} {two}" for one, two in zip(tokens, tokens[1:], strict=False)]
    runs = [f"{pair} {three}" for pair, three in zip(pairs, tokens[2:], strict=False)]
    return [*{*tokens, *stems, *pairs, *runs}, *[f"[{name}]" for name in found]]


def probabilities(
    leanings: Leanings, scores: Mapping[str, float], given: Sequence[str]
) -> list[float]:
    """How probable each intent is, in the order of `leanings.intents`."""
    sums = list(leanings.bias)
    for place, intent in enumerate(leanings.intents):
        score = scores[intent]
        if score:
            sums[place] += leanings.scale[place] * min(score, SCORE_MAX)
    find = leanings.weights.get
    for piece in given:
        for place, weight in find(piece, ()):
            sums[place] += weight
    highest = max(sums)
    powers = [math.exp(value - highest) for value in sums]
    total = sum(powers)
    return [power / total for power in powers]


def spoke_for(intent: str, given: Iterable[str], most: int = 3) -> list[tuple[str, float]]:
    """The pieces that spoke most for an intent, for people to see why."""
    leanings = load()
    place = leanings.intents.index(intent)
    told = [
        (piece, weight)
        for piece in given
        for at, weight in leanings.weights.get(piece, ())
        if at == place and weight >= 0.3
    ]
    return sorted(told, key=lambda one: (-one[1], one[0]))[:most]
