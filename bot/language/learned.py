"""Linear models learned from labelled messages, shipped as data in `learned.json`.

A model adds up the weights of what it finds (its features) for each label, and the label with the
greatest sum is the most probable. The weights of one feature are packed into one integer, a lane of
bits for each label, so that all labels' sums cost one addition a feature.
`python -m tests.language.train` makes the file.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("learned.json")
STEP = 1 / 32  # the finest difference between two weights
ZERO = 256  # added to each weight, so that no lane is ever negative
LANE = 16  # bits
FEATURES_MAX = 120  # their sums fit a lane, whatever their weights


def packed(weights: Sequence[float]) -> int:
    """One integer for a feature's weights; what is beyond ±ZERO steps is cut to that."""
    steps = [max(-ZERO, min(ZERO - 1, round(weight / STEP))) + ZERO for weight in weights]
    return sum(step << place * LANE for place, step in enumerate(steps))


class Model:
    """Labels, and by feature the packed weights for these."""

    def __init__(self, labels: Sequence[str], bias: Sequence[float], weights: Mapping[str, int]):
        self.labels = tuple(labels)
        self.weights = weights
        self._bias = tuple(bias)
        self._lanes = struct.Struct(f"<{len(self.labels)}H")

    def chances(self, weights: list[int]) -> list[float]:
        """How probable each label is, in their order, given the packed weights of what was found."""
        del weights[FEATURES_MAX:]
        lanes = self._lanes.unpack(sum(weights).to_bytes(self._lanes.size, "little"))
        zero = ZERO * len(weights)
        sums = [
            (lane - zero) * STEP + bias for lane, bias in zip(lanes, self._bias, strict=True)
        ]
        highest = max(sums)
        powers = [math.exp(value - highest) for value in sums]
        whole = sum(powers)
        return [power / whole for power in powers]

    def guess(self, features: Iterable[str]) -> tuple[str, float]:
        """The most probable label, and how probable it is. What is unknown tells nothing."""
        chances = self.chances([weight for weight in map(self.weights.get, features) if weight])
        chance = max(chances)
        return self.labels[chances.index(chance)], chance

    def weight(self, feature: str, label: str) -> float:
        """How much a feature speaks for a label; against it when negative."""
        found = self.weights.get(feature)
        if not found:
            return 0.0
        lanes = self._lanes.unpack(found.to_bytes(self._lanes.size, "little"))
        return (lanes[self.labels.index(label)] - ZERO) * STEP


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
        size = len(labels) * LANE // 8
        rows = (
            msgspec.json.encode(piece) + b":" + msgspec.json.encode(row.to_bytes(size, "little"))
            for piece, row in sorted(weights.items())
        )
        body = head + b',"weights":{\n' + b",\n".join(rows) + b"}}"
        parts.append(msgspec.json.encode(name) + b":" + body)
    return b"{" + b",\n".join(parts) + b"}\n"
