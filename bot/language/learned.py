"""Linear models learned from labelled messages, shipped as data in `learned.bin`.

A model adds up the weights of what it finds (its features) for each label, and the label with the
greatest sum is the most probable. The weights of one feature are packed into one integer, a lane of
bits for each label, so that all labels' sums cost one addition a feature. Runs of tokens are found
by one automaton, all at once. `python -m tests.language.train` makes the file.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

import msgspec
from ahocorasick_rs import AhoCorasick, Implementation

FILE = Path(__file__).with_name("learned.bin")
STEP = 1 / 32  # the finest difference between two weights
ZERO = 256  # added to each weight, so that no lane is ever negative
LANE = 16  # bits
FEATURES_MAX = 120  # their sums fit a lane, whatever their weights
_EDGE = "\x1f"  # stands around each token, so that a run begins and ends with whole ones


def packed(weights: Sequence[float]) -> int:
    """One integer for a feature's weights; what is beyond ±ZERO steps is cut to that."""
    steps = [max(-ZERO, min(ZERO - 1, round(weight / STEP))) + ZERO for weight in weights]
    return sum(step << place * LANE for place, step in enumerate(steps))


class Learned(msgspec.Struct, frozen=True):
    """What was learned: for each single feature, and for each run of tokens, its packed weights.

    A run is written with a blank between its tokens; `runs` are a line each, and their weights
    stand in `run_weights` in the same order, so many bytes each as the labels take.
    """

    labels: list[str]
    bias: list[float]
    singles: dict[str, bytes]
    runs: str
    run_weights: bytes


class Model:
    """Guesses a label from single features and from tokens."""

    def __init__(self, learned: Learned) -> None:
        self.labels = tuple(learned.labels)
        self._runs = learned.runs
        self._bias = tuple(value / STEP for value in learned.bias)
        self._lanes = struct.Struct(f"<{len(self.labels)}H")
        self._singles = {
            feature: int.from_bytes(row, "little") for feature, row in learned.singles.items()
        }
        size, rows = self._lanes.size, learned.run_weights
        self._weights = [
            int.from_bytes(rows[at : at + size], "little") for at in range(0, len(rows), size)
        ]
        edged = f"{_EDGE}\n{_EDGE}".join(learned.runs.replace(" ", _EDGE).split("\n"))
        self._automaton = AhoCorasick(
            f"{_EDGE}{edged}{_EDGE}".split("\n"), implementation=Implementation.ContiguousNFA
        )

    def guess(self, singles: Iterable[str], tokens: Sequence[str] = ()) -> tuple[str, float]:
        """The most probable label, and how probable it is. What is unknown tells nothing."""
        weights = [weight for weight in map(self._singles.get, singles) if weight]
        if tokens:
            joined = f"{_EDGE}{_EDGE.join(tokens)}{_EDGE}"
            found = self._automaton.find_matches_as_indexes(joined, overlapping=True)
            weights += map(self._weights.__getitem__, {place for place, _, _ in found})
        return self._best(weights)

    def guess_features(self, features: Iterable[str]) -> tuple[str, float]:
        """As `guess`, for features that are told apart by their brackets: [single], run."""
        found = [self._weights_of(feature) for feature in features]
        return self._best([weight for weight in found if weight])

    def _weights_of(self, feature: str) -> int | None:
        return (
            self._singles.get(feature[1:-1]) if feature[:1] == "[" else self._by_run.get(feature)
        )

    def _best(self, weights: list[int]) -> tuple[str, float]:
        del weights[FEATURES_MAX:]
        lanes = self._lanes.unpack(sum(weights).to_bytes(self._lanes.size, "little"))
        sums = [lane + bias for lane, bias in zip(lanes, self._bias, strict=True)]
        highest = max(sums)
        whole = sum([math.exp((value - highest) * STEP) for value in sums])
        return self.labels[sums.index(highest)], 1 / whole

    def weight(self, feature: str, label: str) -> float:
        """How much a feature, [single] or run, speaks for a label; against it when negative."""
        found = self._weights_of(feature)
        if not found:
            return 0.0
        lanes = self._lanes.unpack(found.to_bytes(self._lanes.size, "little"))
        steps: int = lanes[self.labels.index(label)] - ZERO
        return steps * STEP

    @cached_property
    def _by_run(self) -> Mapping[str, int]:
        return dict(zip(self._runs.split("\n"), self._weights, strict=True))


def learned(
    labels: Sequence[str],
    bias: Sequence[float],
    singles: Mapping[str, int],
    runs: Mapping[str, int],
) -> Learned:
    """What was learned, from packed weights by feature. `runs` must hold one at least."""
    size = len(labels) * LANE // 8
    order = sorted(runs)
    return Learned(
        list(labels),
        list(bias),
        {feature: singles[feature].to_bytes(size, "little") for feature in sorted(singles)},
        "\n".join(order),
        b"".join(runs[run].to_bytes(size, "little") for run in order),
    )


@cache
def load(path: Path = FILE) -> dict[str, Model]:
    """The models by name: `intent`, `latin`. Takes some ten milliseconds, once."""
    stored = msgspec.msgpack.decode(path.read_bytes(), type=dict[str, Learned])
    return {name: Model(one) for name, one in stored.items()}


def store(models: Mapping[str, Learned], path: Path = FILE) -> None:
    """Writes what `load` reads."""
    path.write_bytes(msgspec.msgpack.encode(dict(sorted(models.items()))))
