"""What a message mainly wants: all that was found in it, weighed by weights learned from messages.

Found are topics and cues (words of `locales/*/words.toml`), slots (goods, an amount, a grade …), and
the runs of one to three characters, syllables or words, with goods and amounts each as one sign.
Topics carry over to words that no labelled message had; runs know how these are put together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

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
_TOKEN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff]|[a-z][a-z']*|[\u0f40-\u0fbc]+|\d+|[?!+\ue000-\ue001]|[^\x00-\xff]"
)


def masked(body: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The body with what lies at (start, end) replaced by a sign: goods and amounts."""
    parts, at = [], 0
    for start, end, sign in sorted(spans):
        if start >= at:
            parts += [body[at:start], sign]
            at = end
    return "".join([*parts, body[at:]])


def _tokens(body: str) -> list[str]:
    tokens = ["^"]
    for token in _TOKEN.findall(body)[:TOKENS_MAX]:
        tokens.append("0" if "0" <= token[0] <= "9" else token)
    tokens.append("$")
    return tokens


def _single(tokens: Iterable[str], found: Iterable[str]) -> set[str]:
    given = {f"[{name}]" for name in found}
    given.update(tokens)
    given.update(
        [token[:STEM] + "*" for token in tokens if len(token) > STEM and "a" <= token[0] <= "z"]
    )
    return given


def features(body: str, found: Iterable[str]) -> list[str]:
    """All that may be weighed of a masked body and of what was found in it."""
    tokens = _tokens(body)
    pairs = [f"{one} {two}" for one, two in zip(tokens, tokens[1:], strict=False)]
    runs = [f"{pair} {three}" for pair, three in zip(pairs, tokens[2:], strict=False)]
    return [*_single(tokens, found), *dict.fromkeys(pairs), *dict.fromkeys(runs)]


def weigh(model: Model, body: str, found: Collection[str]) -> tuple[str, float]:
    """The most probable intent and how probable it is (0 … 1); of nothing none.

    The same as asking the model for `features`; but a run of three is known only where both its
    pairs are, so that most need not even be put together.
    """
    tokens = _tokens(body)
    if len(tokens) == 2 and not found:
        return "other", 0.0
    get = model.weights.get
    pairs = [f"{one} {two}" for one, two in zip(tokens, tokens[1:], strict=False)]
    known = {pair: get(pair) for pair in pairs}
    runs = {
        f"{pairs[place]} {three}"
        for place, three in enumerate(tokens[2:])
        if known[pairs[place]] and known[pairs[place + 1]]
    }
    weights = [*map(get, _single(tokens, found)), *known.values(), *map(get, runs)]
    chances = model.chances([weight for weight in weights if weight])
    chance = max(chances)
    return model.labels[chances.index(chance)], round(chance, 3)


def spoke_for(intent: str, given: Iterable[str]) -> list[tuple[str, float]]:
    """The features that spoke most for an intent, and how much, for people to see why."""
    model = learned.load()["intent"]
    told = [(piece, model.weight(piece, intent)) for piece in given]
    told = [one for one in told if one[1] >= TOLD_LEAST]
    return sorted(told, key=lambda one: (-one[1], one[0]))[:SHOWN]
