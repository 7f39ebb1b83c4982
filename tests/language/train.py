"""Learns `bot/language/learned.bin`: `python -m tests.language.train`.

From enquiries.tsv, addresses.tsv and voices/, in a minute or two. With --folds each voice is read
with weights learned from all others; with --curve the messages are learned from in growing
numbers, and the sealed messages' intents are read.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.language import speech, syllables
from bot.language.learned import Feature, Learned, Model, learned, store, written
from bot.language.lexicon import load_words
from bot.language.reading import Reader
from bot.language.script import form_of
from bot.language.sounds import sounded, spelled
from bot.language.weighing import INTENTS, features
from tests.language.address_report import pasted
from tests.language.shop import HERE, Labelled, labelled, messages, product_words

STEP = 500
# A feature seen once tells of one message; a run is worth its place when it is seen more often.
SEEN_LEAST, RUN_SEEN_LEAST = 2, 3
KEPT_MAX = 21_800  # a dict of more takes twice the place
FOLDS = 8
STRENGTH = {"intent": 5.0, "latin": 10.0}  # the inverse of how strongly weights are held to nothing
ADDRESSES_EACH = 4  # every fourth pasted address is learned from, as a message that orders
SLOTS = frozenset(["P", "ACCEPTED", "REFUSED", "Q", "V", "N", "M", "G", "ADDRESS"])
LATIN_LABELS = ("en", "zh-Hans", "bo")


@dataclass(frozen=True, slots=True)
class Example:
    """A message as the learner sees it: what was found in it, and its label."""

    features: tuple[Feature, ...]
    label: str

    def guess(self, model: Model) -> tuple[str, float]:
        """What a model makes of it."""
        return model.guess(self.features)


def unlearned(latin: Learned | None = None) -> Reader:
    """A reader that was not taught yet what is wanted: it finds features, whatever it takes them
    for. It tells languages in Latin letters when that was learned."""
    intents = learned(INTENTS, [0.0] * len(INTENTS), {})
    latin = latin or learned(LATIN_LABELS, [0.0] * len(LATIN_LABELS), {})
    return Reader(load_words(), product_words(), {"intent": Model(intents), "latin": Model(latin)})


def intent_examples(given: Iterable[Labelled], reader: Reader) -> list[Example]:
    """Messages as the learner of intents sees them."""
    found = []
    for one in given:
        read = reader.read_anew(one.text)
        found.append(Example(tuple(features(read.masked, read.found)), one.intent))
    return found


def sounded_examples(given: Iterable[Labelled], reader: Reader) -> list[Example]:
    """Messages in Tibetan script as they would sound in Latin letters, of which there are few.

    The words that were found are left out: fewer are known in Latin letters.
    """
    found = []
    for one in given:
        form = form_of(one.text)
        if form.tibetan and not form.han and not form.latin:
            read = reader.read_anew(one.text)
            heard = sounded(spelled(read.masked))
            found.append(Example(tuple(features(heard, read.found & SLOTS)), one.intent))
    return found


def address_examples() -> list[Example]:
    """Pasted addresses, and streets alone: who sends one wants the goods sent there."""
    texts = [one.text for one in pasted()[::ADDRESSES_EACH]]
    texts += [one.recipient.detail for one in pasted()[1::ADDRESSES_EACH]]
    orders = (Labelled(text, "zh-Hans", "order", "", "") for text in texts)
    return intent_examples(orders, unlearned())


def latin_examples(given: Iterable[Labelled]) -> list[Example]:
    """Messages in Latin letters alone, as the learner of their language sees them."""
    reader = unlearned()
    found = []
    for one in given:
        words = reader.latin_words(one.text)
        if words and one.language in LATIN_LABELS and one.intent != "help":
            found.append(
                Example(
                    tuple(told for word in words for told in speech.features(word)), one.language
                )
            )
    return found


def learn(examples: Sequence[Example], labels: Sequence[str], strength: float) -> Learned:
    """Multinomial logistic regression, each label's errors held alike.

    It is fitted twice: with all features, and with those KEPT_MAX that told most apart.
    """
    counts = Counter(feature for one in examples for feature in one.features)
    known = [feature for feature, count in counts.items() if count >= _least(feature)]
    known.sort(key=lambda feature: (-counts[feature], written(feature)))
    wanted = [labels.index(one.label) for one in examples]
    fitted = _fitted(examples, known, wanted, strength)
    if len(known) > KEPT_MAX:
        spans = np.ptp(fitted.coef_, axis=0)
        known = [known[place] for place in sorted(np.argsort(-spans)[:KEPT_MAX].tolist())]
        fitted = _fitted(examples, known, wanted, strength)
    bias = [round(value, 3) for value in fitted.intercept_.tolist()]
    return learned(labels, bias, dict(zip(known, fitted.coef_.T.tolist(), strict=True)))


def _fitted(
    examples: Sequence[Example], known: Sequence[Feature], wanted: Sequence[int], strength: float
) -> LogisticRegression:
    places = {feature: place for place, feature in enumerate(known)}
    rows = [sorted(places[f] for f in one.features if f in places) for one in examples]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((place for row in rows for place in row), dtype=np.int32)
    shape = (len(rows), len(known))
    matrix = csr_matrix((np.ones(len(columns)), columns, ends), shape=shape)
    return LogisticRegression(C=strength, max_iter=400).fit(matrix, wanted)


def _least(feature: Feature) -> int:
    return RUN_SEEN_LEAST if " " in written(feature) else SEEN_LEAST


def learn_intents(examples: Sequence[Example]) -> Learned:
    """The weights of the intents."""
    return learn(examples, INTENTS, STRENGTH["intent"])


def folds() -> None:
    """Prints how each voice is read with weights learned from all others."""
    paths = sorted((HERE / "voices").glob("*.tsv"))
    reader = unlearned(learn(latin_examples(labelled()), LATIN_LABELS, STRENGTH["latin"]))
    by_voice = {path.stem: intent_examples(messages(path), reader) for path in paths}
    by_ear = {path.stem: sounded_examples(messages(path), reader) for path in paths}
    told = []
    for fold in range(FOLDS):
        aside = set(sorted(by_voice)[fold::FOLDS])
        others = [one for voice in by_voice.keys() - aside for one in by_voice[voice]]
        others += [one for voice in by_voice.keys() - aside for one in by_ear[voice]]
        model = Model(learn_intents([*others, *address_examples()]))
        for voice in sorted(aside):
            guesses = [(one, *one.guess(model)) for one in by_voice[voice]]
            right = sum(one.label == best for one, best, _ in guesses)
            print(f"{voice:12} {right / len(guesses):6.1%} of {len(guesses)}", flush=True)
            told += guesses
    right = sum(one.label == best for one, best, _ in told)
    print(f"{len(told)} messages, intent right for {right / len(told):.1%}")
    for least in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        sure = [(one, best) for one, best, chance in told if chance >= least]
        rightly = sum(one.label == best for one, best in sure)
        print(f"at {least}: {len(sure) / len(told):.1%}, rightly {rightly / len(sure):.1%}")


def curve() -> None:
    """Prints how many sealed intents are right after each STEP more of messages by any hand."""
    from tests.language.seal import sealed

    reader = unlearned(learn(latin_examples(labelled()), LATIN_LABELS, STRENGTH["latin"]))
    unseen = intent_examples(sealed(), reader)
    order = intent_examples(labelled(), reader)
    Random(2).shuffle(order)
    for count in (*range(STEP, len(order), STEP), len(order)):
        model = Model(learn_intents(order[:count]))
        right = sum(one.guess(model)[0] == one.label for one in unseen)
        print(f"{count:6} messages: {right / len(unseen):.1%} of {len(unseen)}", flush=True)


def learn_all() -> dict[str, Learned]:
    """All models, from all messages that may be learned from."""
    given = labelled()
    latin = learn(latin_examples(given), LATIN_LABELS, STRENGTH["latin"])
    reader = unlearned(latin)
    examples = [*intent_examples(given, reader), *sounded_examples(given, reader)]
    return {"intent": learn_intents([*examples, *address_examples()]), "latin": latin}


def main(arguments: list[str]) -> None:
    if "--curve" in arguments:
        curve()
    elif "--folds" in arguments:
        folds()
    else:
        models = learn_all()
        store(models)
        syllables.store(syllables.counted(form_of(one.text).text for one in labelled()))
        for name, one in models.items():
            print(f"{name}: {one.features.count(chr(10)) + 1} features")


if __name__ == "__main__":
    main(sys.argv[1:])
