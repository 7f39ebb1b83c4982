"""Learns the weights of `bot/language/leanings.json`: `python -m tests.language.train`.

From enquiries.tsv and voices/, in seconds, the same each time. With --folds the
messages are split into five parts, each read with weights learned from the other four. With
--curve they are learned from in growing numbers, and the sealed messages' intents are read.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random

from bot.language import leaning
from bot.language.leaning import SCORE_MAX, Leanings
from bot.language.lexicon import Words, load_words
from bot.language.reading import Reader
from bot.language.script import form_of
from bot.language.weighing import INTENTS, Weighed, scored
from tests.language.shop import HERE, Labelled, messages, product_words

FOLDS = 5
STEP = 500
ROUNDS = 12
RATE = 0.25
DECAY = 2e-4
LEAST = 0.1  # a smaller weight is dropped
# The words know these messages by heart and will not know the next: half the time they are silent.
SILENT = 0.5
SEEN_LEAST = 2  # a piece seen once tells of one message
WORD_LEAST = 2.4  # a word of less weight is no message by itself


@dataclass(frozen=True, slots=True)
class Example:
    """What is known of a message before the intent is chosen."""

    pieces: tuple[str, ...]
    scores: dict[str, float]
    intent: int


class Noticing(Reader):
    """A reader that keeps what it knew before it chose the intent."""

    pieces: tuple[str, ...] = ()
    scores: dict[str, float] = {}

    def _weigh(
        self,
        words: Mapping[tuple[str, str], float],
        found: set[str],
        masked: Callable[[], str],
    ) -> Weighed:
        self.scores, _ = scored(words, found)
        self.pieces = tuple(sorted(leaning.pieces(masked(), found)))
        return Weighed("other", 0.0, ())


def examples_of(labelled: Iterable[Labelled]) -> list[Example]:
    """Messages as the learner sees them."""
    noticing = Noticing(load_words(), product_words())
    found = []
    for one in labelled:
        noticing.read_anew(one.text)
        found.append(Example(noticing.pieces, noticing.scores, INTENTS.index(one.intent)))
    return found


def examples_of_words(words: Words) -> list[Example]:
    """What words.toml says of intents, each as a message of its own, alone and with goods."""
    silent = dict.fromkeys(INTENTS, 0.0)
    found = []
    for word, meaning in words.entries:
        if meaning.kind != "intent" or meaning.weight < WORD_LEAST:
            continue
        body = form_of(word.strip("=^$")).text
        for said in (body, leaning.GOODS + body):
            pieces = [piece for piece in leaning.pieces(said, set()) if piece[0] not in "^[$"]
            kept = tuple(sorted(piece for piece in pieces if not piece.endswith("$")))
            if kept:
                found.append(Example(kept, silent, INTENTS.index(meaning.value)))
    return found


def labelled() -> list[Labelled]:
    """All messages that may be learned from: the corpus and the voices, never the sealed ones."""
    paths = [HERE / "enquiries.tsv", *sorted((HERE / "voices").glob("*.tsv"))]
    return [one for path in paths for one in messages(path)]


def learn(examples: list[Example]) -> Leanings:
    """Multinomial logistic regression by AdaGrad, with decay."""
    n = len(INTENTS)
    counts = Counter(piece for one in examples for piece in one.pieces)
    common = {piece for piece, count in counts.items() if count >= SEEN_LEAST}
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * n)
    squares: dict[str, list[float]] = defaultdict(lambda: [1.0] * n)
    scale, scale_squares = [1.0] * n, [1.0] * n
    bias, bias_squares = [0.0] * n, [1e-3] * n
    random = Random(1)
    order = list(range(len(examples)))
    for _ in range(ROUNDS):
        random.shuffle(order)
        for at in order:
            one = examples[at]
            known = [piece for piece in one.pieces if piece in common]
            rows = [weights[piece] for piece in known]
            silent = random.random() < SILENT
            told = [0.0 if silent else min(one.scores[k], SCORE_MAX) for k in INTENTS]
            sums = [bias[k] + scale[k] * told[k] + sum(row[k] for row in rows) for k in range(n)]
            highest = max(sums)
            powers = [math.exp(value - highest) for value in sums]
            total = sum(powers)
            for k in range(n):
                error = powers[k] / total - (k == one.intent)
                if abs(error) < 1e-3:
                    continue
                bias_squares[k] += error * error
                bias[k] -= RATE * error / math.sqrt(bias_squares[k])
                if told[k]:
                    slope = error * told[k]
                    scale_squares[k] += slope * slope
                    scale[k] -= 0.1 * slope / math.sqrt(scale_squares[k])
                for piece, row in zip(known, rows, strict=True):
                    slope = error + DECAY * row[k]
                    square = squares[piece]
                    square[k] += slope * slope
                    row[k] -= RATE * slope / math.sqrt(square[k])
    kept = {
        piece: tuple((k, round(w, 2)) for k, w in enumerate(row) if abs(w) >= LEAST)
        for piece, row in sorted(weights.items())
    }
    return Leanings(
        INTENTS,
        tuple(round(value, 3) for value in scale),
        tuple(round(value, 3) for value in bias),
        {piece: row for piece, row in kept.items() if row},
    )


def store(found: Leanings) -> None:
    """Writes the weights, a piece a line."""
    head = {"intents": found.intents, "scale": found.scale, "bias": found.bias}
    lines = [
        f"{json.dumps(piece, ensure_ascii=False)}:"
        + json.dumps({found.intents[k]: w for k, w in row}, separators=(",", ":"))
        for piece, row in found.weights.items()
    ]
    text = json.dumps(head)[:-1] + ', "weights": {\n' + ",\n".join(lines) + "\n}}\n"
    leaning.WEIGHTS.write_text(text, "utf-8")


def guess(found: Leanings, one: Example) -> tuple[int, float]:
    """The most probable intent, and how probable it is."""
    chances = leaning.probabilities(found, one.scores, one.pieces)
    best = max(range(len(chances)), key=chances.__getitem__)
    return best, chances[best]


def folds(examples: list[Example], words: list[Example]) -> list[tuple[Example, int, float]]:
    """Each example with what weights of the others, and of the words, made of it."""
    told = []
    for fold in range(FOLDS):
        others = [one for at, one in enumerate(examples) if at % FOLDS != fold]
        found = learn([*others, *words])
        told += [(one, *guess(found, one)) for one in examples[fold::FOLDS]]
    return told


def curve(examples: list[Example], words: list[Example]) -> None:
    """Prints how many sealed intents are right after each STEP more of messages by any hand."""
    from tests.language.seal import sealed

    unseen = examples_of(sealed())
    order = list(examples)
    Random(2).shuffle(order)
    for count in (0, *range(STEP, len(order), STEP), len(order)):
        found = learn([*order[:count], *words])
        right = sum(guess(found, one)[0] == one.intent for one in unseen)
        print(f"{count:6} messages: {right / len(unseen):.1%} of {len(unseen)}")


def main(arguments: list[str]) -> None:
    words = examples_of_words(load_words())
    examples = examples_of(labelled())
    if "--curve" in arguments:
        curve(examples, words)
        return
    if "--folds" in arguments:
        told = folds(examples, words)
        right = sum(one.intent == best for one, best, _ in told)
        print(f"{len(told)} messages, intent right for {right / len(told):.1%}")
        for least in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
            sure = [(one, best) for one, best, chance in told if chance >= least]
            rightly = sum(one.intent == best for one, best in sure)
            print(f"at {least}: {len(sure) / len(told):.1%}, rightly {rightly / len(sure):.1%}")
        return
    found = learn([*examples, *words])
    store(found)
    print(f"{len(examples)} messages, {len(found.weights)} pieces")


if __name__ == "__main__":
    main(sys.argv[1:])
