"""Linear models learned from labelled messages, shipped as data in `learned.bin`.

A model adds up the weights of what it finds (its features) for each label, and the label with the
greatest sum is the most probable. The weights of one feature are packed into one integer, a lane of
bits for each label, so that all labels' sums cost one addition a feature.
`python -m tests.language.train` makes the file.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("learned.bin")
STEP = 1 / 32  # the finest difference between two weights
ZERO = 256  # added to each weight, so that no lane is ever negative
LANE = 16  # bits
NEAR = 320  # steps below the highest that a sum still counts: e**-10 of it
FEATURES_MAX = 120  # their sums fit a lane, whatever their weights


# A word; several in a row; or, alone in a tuple, a name for what was found.
Feature = str | tuple[str, ...]


def written(feature: Feature) -> str:
    """A feature as it stands in the file, and as people read it: word, two words, [found]."""
    if isinstance(feature, str):
        return feature
    return " ".join(feature) if len(feature) > 1 else f"[{feature[0]}]"


def feature_of(text: str) -> Feature:
    """The feature that is `written` so."""
    if text[0] == "[":
        return (sys.intern(text[1:-1]),)
    return tuple(map(sys.intern, text.split(" "))) if " " in text else text


_SHARES = [math.exp(-steps * STEP) for steps in range(NEAR)]


def packed(weights: Sequence[float]) -> int:
    """One integer for a feature's weights; what is beyond ±ZERO steps is cut to that."""
    steps = [max(-ZERO, min(ZERO - 1, round(weight / STEP))) + ZERO for weight in weights]
    return sum(step << place * LANE for place, step in enumerate(steps))


class Learned(msgspec.Struct, frozen=True):
    """What was learned: for each label its bias, and for each feature its packed weights.

    `features` are a line each, `written`; their weights stand in `weights` in the same order, so
    many bytes each as the labels take.
    """

    labels: list[str]
    bias: list[float]
    features: str
    weights: bytes


class Model:
    """Guesses a label from features."""

    def __init__(self, learned: Learned) -> None:
        self.labels = tuple(learned.labels)
        self._lanes = struct.Struct(f"<{len(self.labels)}H")
        self._bias = packed(learned.bias)
        size, rows = self._lanes.size, learned.weights
        self._weights = {
            feature_of(feature): int.from_bytes(rows[at : at + size], "little")
            for feature, at in zip(
                learned.features.split("\n"), range(0, len(rows), size), strict=False
            )
        }

    def guess(self, features: Iterable[Feature]) -> tuple[str, float]:
        """The most probable label, and how probable it is. What is unknown tells nothing."""
        return self.most_probable(self.added_up(features))

    def added_up(self, features: Iterable[Feature]) -> int:
        """The packed sum of the features' weights, for `most_probable`."""
        return sum(islice(filter(None, map(self._weights.get, features)), FEATURES_MAX))

    def most_probable(self, weights: int) -> tuple[str, float]:
        """The label for which most speaks, and how probable it is.

        `weights` is a packed sum of no more than FEATURES_MAX features' weights.
        """
        lanes = self._lanes.unpack((weights + self._bias).to_bytes(self._lanes.size, "little"))
        highest = max(lanes)
        least = highest - NEAR
        whole = sum([_SHARES[highest - lane] for lane in lanes if lane > least])
        return self.labels[lanes.index(highest)], 1 / whole

    def weight(self, feature: Feature, label: str) -> float:
        """How much a feature speaks for a label; against it when negative."""
        found = self._weights.get(feature)
        if not found:
            return 0.0
        lanes = self._lanes.unpack(found.to_bytes(self._lanes.size, "little"))
        steps: int = lanes[self.labels.index(label)] - ZERO
        return steps * STEP


def learned(
    labels: Sequence[str], bias: Sequence[float], weights: Mapping[Feature, Sequence[float]]
) -> Learned:
    """What was learned, from the weights of each feature, one a label.

    Features lie in memory in the order in which they are given: the most frequent ones first are
    found several times as fast, side by side in the processor's cache.
    """
    size = len(labels) * LANE // 8
    rows = [packed(each).to_bytes(size, "little") for each in weights.values()]
    return Learned(list(labels), list(bias), "\n".join(map(written, weights)), b"".join(rows))


@cache
def load(path: Path = FILE) -> dict[str, Model]:
    """The models by name: `intent`, `latin`. Takes some ten milliseconds, once."""
    stored = msgspec.msgpack.decode(path.read_bytes(), type=dict[str, Learned])
    return {name: Model(one) for name, one in stored.items()}


def store(models: Mapping[str, Learned], path: Path = FILE) -> None:
    """Writes what `load` reads."""
    path.write_bytes(msgspec.msgpack.encode(dict(sorted(models.items()))))
