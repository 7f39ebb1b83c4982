"""How well the labelled messages are read: `python -m tests.language.report [-v] [file]`."""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from pathlib import Path

from tests.language.shop import Labelled, messages, reader

LABELS = ("language", "intent", "product", "quantity")


def read_labels(message: Labelled) -> tuple[str, str, str, str]:
    """What was read, in the file's notation."""
    reading = reader().read(message.text)
    quantity = str(reading.quantity) if reading.quantity else ""
    return reading.language, reading.intent, reading.product or "", quantity


def scores(labelled: list[Labelled]) -> dict[str, Counter[str]]:
    """By language: how many messages, how many right in each label and in all of them."""
    counted: dict[str, Counter[str]] = {}
    for message in labelled:
        count = counted.setdefault(message.language, Counter())
        right = [
            getattr(message, label) == value
            for label, value in zip(LABELS, read_labels(message), strict=True)
        ]
        count["messages"] += 1
        count["all"] += all(right)
        for label, good in zip(LABELS, right, strict=True):
            count[label] += good
    return counted


def microseconds(labelled: list[Labelled]) -> tuple[float, float]:
    """The median and the 99th percentile of reading one message, warm."""
    times = []
    for message in labelled * 3:
        began = time.perf_counter()
        reader().read(message.text)
        times.append((time.perf_counter() - began) * 1e6)
    times.sort()
    return statistics.median(times), times[len(times) * 99 // 100]


def main(arguments: list[str]) -> None:
    paths = [Path(argument) for argument in arguments if not argument.startswith("-")]
    labelled = messages(*paths[:1])
    if "-v" in arguments:
        for message in labelled:
            read = read_labels(message)
            wanted = tuple(getattr(message, label) for label in LABELS)
            if read != wanted:
                print(f"{message.text}\n   wanted {wanted}\n   read   {read}")
                print("  ", "; ".join(reader().read(message.text).why))
    print(f"{'language':10}{'messages':>9}{'all':>8}" + "".join(f"{name:>10}" for name in LABELS))
    for language, count in sorted(scores(labelled).items()):
        shares = "".join(f"{count[label] / count['messages']:10.1%}" for label in LABELS)
        print(f"{language:10}{count['messages']:9}{count['all'] / count['messages']:8.1%}{shares}")
    median, slow = microseconds(labelled)
    print(f"one message: median {median:.0f} µs, p99 {slow:.0f} µs")


if __name__ == "__main__":
    main(sys.argv[1:])
