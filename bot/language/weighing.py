"""What a message mainly wants: words with weights, and frames over what was found together.

The words are data (`locales/*/words.toml`). The frames here are the same in every language: they
are about roles such as "an amount beside a product" and "having, asked about".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import msgspec

from bot.language import leaning
from bot.language.script import TSHEG

INTENTS = (
    "human", "stop", "cancel", "aftersales", "payment", "track", "shipping", "product", "help",
    "price", "stock", "order", "thanks", "greet", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """If all of `needs` and none of `forbids` were found, `intent` gains `weight`."""

    name: str
    needs: frozenset[str]
    forbids: frozenset[str]
    intent: str
    weight: float


def _frame(intent: str, weight: float, needs: str, forbids: str = "") -> Frame:
    name = f"{needs}{' without ' + forbids if forbids else ''}"
    return Frame(name, frozenset(needs.split()), frozenset(forbids.split()), intent, weight)


# Slots: P a product, Q a quantity, V a vague one, N a bare number, M money, G a grade, ADDRESS.
# Cues are those of words.toml; `intent:x` says that strong words of that intent were found.
FRAMES = (
    _frame("order", 3.0, "want Q"),
    _frame("order", 2.5, "want P", "ask Q"),
    _frame("order", 1.6, "want P ask", "Q"),
    _frame("order", 2.5, "want V"),
    _frame("order", 1.6, "want G"),
    _frame("order", 1.6, "want N"),
    _frame("order", 1.0, "want", "ask"),
    _frame("order", 2.0, "P Q", "ask mine amount"),
    _frame("order", 1.2, "P Q", "mine amount"),
    _frame("order", 1.0, "P Q"),
    _frame("order", 1.4, "Q", "P ask"),
    _frame("order", 1.0, "Q", "P"),
    _frame("order", 1.4, "P V", "ask"),
    _frame("order", 1.0, "G", "ask"),
    _frame("order", 0.95, "P", "ask"),
    _frame("order", 2.0, "P contrast"),
    _frame("order", 2.6, "change Q"),
    _frame("order", 1.2, "ADDRESS"),
    _frame("order", 1.0, "ADDRESS Q"),
    _frame("price", 1.6, "amount Q", "have"),
    _frame("price", 1.4, "amount P", "have"),
    _frame("price", 0.6, "amount"),
    _frame("stock", 2.4, "have ask P"),
    _frame("stock", 1.8, "have ask", "P"),
    _frame("stock", 0.9, "have P", "Q"),
    _frame("stock", 1.3, "when P", "mine send"),
    _frame("shipping", 2.4, "can send", "mine"),
    _frame("shipping", 2.0, "send abroad", "mine"),
    _frame("shipping", 1.6, "send ask", "mine"),
    _frame("shipping", 1.4, "arrive abroad", "mine"),
    _frame("shipping", 1.2, "when send", "mine"),
    _frame("track", 3.2, "mine send ask"),
    _frame("track", 2.6, "mine arrive ask"),
    _frame("track", 3.6, "mine notyet"),
    _frame("track", 3.2, "notyet arrive"),
    _frame("track", 3.2, "notyet send"),
    _frame("track", 2.2, "when arrive"),
    _frame("track", 1.5, "ORDERNUMBER"),
    _frame("product", 1.2, "ask P", "have want amount"),
    _frame("product", 1.2, "XNOTX", "want"),
    _frame("product", 1.6, "FINENESS ask"),
    _frame("other", 4.4, "others M", "ask"),
    _frame("help", 4.6, "WISH", "Q"),
    _frame("cancel", 4.4, "REFUSED", "ACCEPTED"),
    _frame("payment", 1.0, "M paid"),
)

_BY_NEED: dict[str, list[Frame]] = {}
for _one in FRAMES:
    # Any one of the needs will do to find the frame; the first is put down as the rarest.
    _BY_NEED.setdefault(min(_one.needs, key=lambda need: need in ("P", "ask", "want")), []).append(
        _one
    )

# When the first is strongly said, the others are what it is about: "5斤牛肉干能优惠多少".
DOMINATES: Mapping[str, tuple[str, ...]] = {
    "human": ("payment", "order", "stock", "shipping", "price", "product"),
    "stop": ("cancel", "order", "shipping", "help"),
    "cancel": ("order", "shipping", "price", "track", "payment"),
    "aftersales": ("order", "shipping", "track", "product", "price", "stock", "payment"),
    "payment": ("order", "price", "shipping", "track"),
    "track": ("order", "stock", "shipping", "price", "payment"),
    "shipping": ("order", "price", "stock", "payment"),
    "product": ("order", "stock", "greet"),
    "price": ("order", "stock"),
    "stock": ("order", "greet"),
    "help": ("product", "order"),
}
STRONG = 2.6
# Measured on messages that no word was written for: so clear, it is right in 96 of 100.
CLEAR, CLEAR_MARGIN = 3.4, 2.0
# Below this the bot says that it did not understand rather than guess.
THRESHOLD = 0.9
LEAST_CHANCE = 0.4
_SECOND = 0.3  # of a second word's weight: words for the same thing should not pile up
_DAMPED = 0.55


class Cue(msgspec.Struct, frozen=True):
    """A word, or a [frame], that speaks for an intent."""

    said: str
    intent: str
    weight: float

    def explained(self) -> str:
        """For people: 怎么卖 → price +2.6."""
        return f"{self.said.strip(TSHEG)} → {self.intent} +{self.weight:g}"


class Weighed(msgspec.Struct, frozen=True):
    """The intent that won, how probable it is (0 … 1), and what spoke for which."""

    intent: str
    confidence: float
    cues: tuple[Cue, ...]
    pieces: tuple[str, ...] = ()


def scored(
    words: Mapping[tuple[str, str], float], found: Set[str]
) -> tuple[dict[str, float], list[Cue]]:
    """The scores of words, (word, intent) → weight, and of frames over what was found."""
    cues = [Cue(word, intent, weight) for (word, intent), weight in words.items()]
    heaviest: dict[str, list[float]] = {}
    for cue in cues:
        heaviest.setdefault(cue.intent, []).append(cue.weight)
    scores = dict.fromkeys(INTENTS, 0.0)
    for intent, weights in heaviest.items():
        weights.sort(reverse=True)
        scores[intent] = weights[0] + _SECOND * (weights[1] if len(weights) > 1 else 0.0)
    strong = {intent for intent in heaviest if heaviest[intent][0] >= STRONG}
    framed: dict[str, tuple[float, str]] = {}
    for need in found:
        for frame in _BY_NEED.get(need, ()):
            if frame.needs <= found and frame.forbids.isdisjoint(found):
                if frame.weight > framed.get(frame.intent, (0.0, ""))[0]:
                    framed[frame.intent] = (frame.weight, frame.name)
    for intent, (weight, name) in framed.items():
        cues.append(Cue(f"[{name}]", intent, weight))
        low, high = sorted((scores[intent], weight))
        scores[intent] = high + _SECOND * low
    _temper(scores, found)
    for intent in INTENTS:
        if intent not in strong or scores[intent] < STRONG:
            continue
        for lesser in DOMINATES.get(intent, ()):
            if lesser == "order" or lesser not in strong or scores[lesser] < scores[intent]:
                scores[lesser] *= _DAMPED
    return scores, cues


def _temper(scores: dict[str, float], found: Set[str]) -> None:
    """What is said beside a wish is part of the wish: 要野生的20根, 要2斤 发顺丰."""
    changed = "change" in found and "Q" in found
    if changed or {"ACCEPTED", "REFUSED"} <= found:
        scores["cancel"] = 0.0
    if "want" in found and found & {"P", "Q", "G"} and not found & {"ask", "amount"}:
        for beside in ("product", "shipping", "stock"):
            scores[beside] *= _DAMPED
    if "ADDRESS" in found:
        scores["shipping"] *= _DAMPED


def by_scores(scores: Mapping[str, float], cues: list[Cue]) -> Weighed:
    """The intent by words and frames alone, as for an address, a number, a name."""
    second, best = sorted(scores.values())[-2:]
    if best < THRESHOLD:
        return Weighed("other", 0.0, tuple(cues))
    certainty = min(1.0, best / 3.0)
    margin = min(1.0, 0.4 + (best - second) / 2.0)
    intent = next(intent for intent, score in scores.items() if score == best)
    return Weighed(intent, round(certainty * margin, 2), tuple(cues))


def is_clear(scores: Mapping[str, float]) -> bool:
    """Whether words and frames leave no doubt; half of all messages need no more."""
    second, best = sorted(scores.values())[-2:]
    return best >= CLEAR and best - second >= CLEAR_MARGIN


def by_pieces(scores: Mapping[str, float], cues: list[Cue], pieces: Sequence[str]) -> Weighed:
    """The most probable intent, by the scores and by what the message's pieces lean to."""
    leanings = leaning.load()
    chances = leaning.probabilities(leanings, scores, pieces)
    chance = max(chances)
    intent = leanings.intents[chances.index(chance)] if chance >= LEAST_CHANCE else "other"
    return Weighed(intent, round(chance, 2), tuple(cues), tuple(pieces))
