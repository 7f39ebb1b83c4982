"""Linear models learned from labelled messages, shipped as data in `learned.json`.

A model adds up the weights of what it finds (its features) for each label, and the label with the
greatest sum is the most probable. The weights of one feature are packed into one integer, a lane of
bits for each label, so that all labels' sums cost one addition a feature.
`python -m tests.language.train` makes the file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("learned.json")
LANE = 20  # bits: room for the weights of a thousand features
STEP = 1 / 32  # the finest difference between two weights
ZERO = 512  # added to each weight, so that no lane is ever negative
FEATURES_MAX = 1_000
_MASK = (1 << LANE) - 1
_BYTES = 8


def packed(weights: Sequence[float]) -> int:
    """One integer for a feature's weights; what is beyond ±ZERO steps is cut to that."""
    steps = [max(-ZERO, min(ZERO - 1, round(weight / STEP))) + ZERO for weight in weights]
    return sum(step << place * LANE for place, step in enumerate(steps))


class Model:
    """Labels, and by feature the packed weights for these."""

    def __init__(self, labels: Sequence[str], bias: Sequence[float], weights: Mapping[str, int]):
        self.labels = tuple(labels)
        self._bias = tuple(bias)
        self._weights = weights

    def chances(self, features: Iterable[str]) -> list[float]:
        """How probable each label is, in their order. A feature that is unknown tells nothing."""
        found = [weight for weight in map(self._weights.get, features) if weight]
        del found[FEATURES_MAX:]
        total, zero = sum(found), ZERO * len(found)
        sums = [
            ((total >> place * LANE & _MASK) - zero) * STEP + bias
            for place, bias in enumerate(self._bias)
        ]
        highest = max(sums)
        powers = [math.exp(value - highest) for value in sums]
        whole = sum(powers)
        return [power / whole for power in powers]

    def weight(self, feature: str, label: str) -> float:
        """How much a feature speaks for a label; against it when negative."""
        found = self._weights.get(feature)
        if found is None:
            return 0.0
        return ((found >> self.labels.index(label) * LANE & _MASK) - ZERO) * STEP


class _Stored(msgspec.Struct):
    labels: list[str]
    bias: list[float]
    weights: dict[str, bytes]


@cache
def load(path: Path = FILE) -> dict[str, Model]:
    """The models by name: `intent`, `latin`. Takes some ten milliseconds, once."""
    stored = msgspec.json.decode(path.read_bytes(), type=dict[str, _Stored])
    return {
        name: Model(
            one.labels,
            one.bias,
            {piece: int.from_bytes(row, "little") for piece, row in one.weights.items()},
        )
        for name, one in stored.items()
    }


def store(models: Mapping[str, tuple[Sequence[str], Sequence[float], Mapping[str, int]]]) -> bytes:
    """What `load` reads, a feature a line; of each model its labels, bias and packed weights."""
    parts = []
    for name, (labels, bias, weights) in sorted(models.items()):
        head = msgspec.json.encode({"labels": labels, "bias": bias})[:-1]
        size = (len(labels) * LANE + _BYTES - 1) // _BYTES
        rows = (
            msgspec.json.encode(piece) + b":" + msgspec.json.encode(row.to_bytes(size, "little"))
            for piece, row in sorted(weights.items())
        )
        body = head + b',"weights":{\n' + b",\n".join(rows) + b"}}"
        parts.append(msgspec.json.encode(name) + b":" + body)
    return b"{" + b",\n".join(parts) + b"}\n"
