"""What a message mainly wants: all that was found in it, weighed by weights learned from messages.

Found are topics and cues (words of `locales/*/words.toml`), slots (goods, an amount, a grade …),
and the runs of one or two characters or words, of Tibetan up to three syllables, with goods and
amounts as one sign.
Topics carry over to words that no labelled message had; runs know how these are put together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain, pairwise

from bot.language import learned
from bot.language.learned import Feature, Model, written
from bot.language.regex import regex
from bot.language.script import TSHEG

INTENTS = (
    "human", "stop", "cancel", "aftersales", "payment", "track", "shipping", "product", "help",
    "price", "stock", "order", "thanks", "greet", "other",
)  # fmt: skip

# Surer than this, 98 of 100 guesses on messages that nobody learned from are right. A message of
# which it is less sure is not taken for what it seems to be.
CONFIDENT = 0.7
TOKENS_MAX = 60  # the wish stands in the first lines; a long message takes no longer
STEM = 4  # letters of a Latin word that stand for its forms: ship, ships, shipped
SHOWN = 4  # pieces that are told when it is asked why
TOLD_LEAST = 0.2
SOUND = "~"  # in front of what is given as it sounds
GOODS, AMOUNT = "\ue000", "\ue001"
_TOKEN = regex(
    r"[\u3400-\u4dbf\u4e00-\u9fff]|[a-z~][a-z']*|[\u0f40-\u0fbc]+|\d+|[?!+\ue000-\ue001]|[^\x00-\xff\u0f0b]"
)


_DIGIT = regex("[0-9]")
_LONG = regex(f"[a-z][a-z']{{{STEM}}}")


def masked(body: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """The body with what lies at (start, end) replaced by a sign: goods and amounts."""
    parts, at = [], 0
    for start, end, sign in sorted(spans):
        if start >= at:
            parts += [body[at:start], sign]
            at = end
    return "".join([*parts, body[at:]])


def _stems(tokens: Iterable[str]) -> set[str]:
    return {token[:STEM] + "*" for token in tokens if len(token) > STEM and "a" <= token[0] <= "z"}


def features(body: str, found: Collection[str]) -> Iterable[Feature]:
    """All that is weighed of a masked body and of what was found in it, once each, in order."""
    tokens = ["^", *_TOKEN.findall(body)[:TOKENS_MAX], "$"]
    if _DIGIT.search(body):
        tokens = ["0" if "0" <= token[0] <= "9" else token for token in tokens]
    singles = chain(found, _stems(tokens)) if _LONG.search(body) else found
    triples: Iterable[tuple[str, ...]] = ()
    if TSHEG in body or SOUND in body:  # whose syllables say less than a word or a Han character
        triples = zip(tokens, tokens[1:], tokens[2:], strict=False)
    given: Iterable[Feature] = chain(zip(singles), tokens, pairwise(tokens), triples)
    return given if len(set(tokens)) == len(tokens) else dict.fromkeys(given)


def weigh(model: Model, body: str, found: Collection[str]) -> tuple[str, float]:
    """The most probable intent and how probable it is (0 … 1); of nothing none."""
    if not found and not _TOKEN.search(body):
        return "other", 0.0
    return model.guess(features(body, found))


def spoke_for(intent: str, given: Iterable[Feature]) -> list[tuple[str, float]]:
    """The features that spoke most for an intent, and how much, for people to see why."""
    model = learned.load()["intent"]
    told = [(written(piece), model.weight(piece, intent)) for piece in given]
    told = [one for one in told if one[1] >= TOLD_LEAST]
    return sorted(told, key=lambda one: (-one[1], one[0]))[:SHOWN]
