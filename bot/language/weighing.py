"""What a message mainly wants: all that was found in it, weighed by weights learned from messages.

Found are topics and cues (words of `locales/*/words.toml`), slots (goods, an amount, a grade …), and
the runs of one to three characters, syllables or words, with goods and amounts each as one sign.
Topics carry over to words that no labelled message had; runs know how these are put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from bot.language import learned
from bot.language.learned import Model

INTENTS = (
    "human", "stop", "cancel", "aftersales", "payment", "track", "shipping", "product", "help",
    "price", "stock", "order", "thanks", "greet", "other",
)  # fmt: skip

TOKENS_MAX = 60  # the wish stands in the first lines; a long message takes no longer
STEM = 4  # letters of a Latin word that stand for its forms: ship, ships, shipped
SHOWN = 4  # pieces that are told when it is asked why
TOLD_LEAST = 0.2
GOODS, AMOUNT = "\ue000", "\ue001"
NOTHING = frozenset(["^", "$", "^ $"])

_TOKEN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff]|[a-z][a-z']*|[\u0f40-\u0fbc]+|\d+|[?!+\ue000-\ue001]|[^\x00-\xff]"
)


class Weighed(msgspec.Struct, frozen=True):
    """The most probable intent, how probable it is (0 … 1), and the features that were weighed."""

    intent: str
    confidence: float
    features: tuple[str, ...]


def masked(body: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The body with what lies at (start, end) replaced by a sign: goods and amounts."""
    parts, at = [], 0
    for start, end, sign in sorted(spans):
        if start >= at:
            parts += [body[at:start], sign]
            at = end
    return "".join([*parts, body[at:]])


def features(body: str, found: Iterable[str]) -> set[str]:
    """What is weighed of a masked body, and of what was found in it."""
    tokens = ["^"]
    given = {f"[{name}]" for name in found}
    for token in _TOKEN.findall(body)[:TOKENS_MAX]:
        first = token[0]
        if "a" <= first <= "z" and len(token) > STEM:
            given.add(token[:STEM] + "*")
        tokens.append("0" if "0" <= first <= "9" else token)
    tokens.append("$")
    pairs = [f"{one} {two}" for one, two in zip(tokens, tokens[1:], strict=False)]
    given.update(tokens, pairs)
    given.update([f"{pair} {three}" for pair, three in zip(pairs, tokens[2:], strict=False)])
    return given


def weigh(model: Model, given: set[str]) -> Weighed:
    """The most probable intent; of nothing none."""
    if given <= NOTHING:
        return Weighed("other", 0.0, ())
    chances = model.chances(given)
    chance = max(chances)
    return Weighed(model.labels[chances.index(chance)], round(chance, 3), tuple(given))


def spoke_for(intent: str, given: Iterable[str]) -> list[tuple[str, float]]:
    """The features that spoke most for an intent, and how much, for people to see why."""
    model = learned.load()["intent"]
    told = [(piece, model.weight(piece, intent)) for piece in given]
    told = [one for one in told if one[1] >= TOLD_LEAST]
    return sorted(told, key=lambda one: (-one[1], one[0]))[:SHOWN]
