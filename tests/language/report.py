"""How well labelled messages are read: `python -m tests.language.report [-v] [file …]`.

With -v the messages that are read wrongly are shown, with what spoke for the reading.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.language.weighing import CONFIDENT
from tests.bench.readings import microseconds
from tests.language.shop import HERE, Labelled, messages, reader

LABELS = ("language", "intent", "product", "quantity")
HANDED_OVER = ("other", "human", "aftersales")  # intents that go to a person in any case


@dataclass(frozen=True)
class Summary:
    """Scores by language, and what the bot would answer by itself: how often, how rightly."""

    counts: dict[str, Counter[str]]
    chances: tuple[tuple[float, bool], ...]  # of what goes to no person: how sure, whether right
    messages: int
    needing_none: int  # whose writers need no person

    def answered(self, least: float = CONFIDENT) -> tuple[float, float]:
        """The share that the bot would answer if it had to be so sure; and of these the right."""
        sure = [right for chance, right in self.chances if chance >= least]
        return len(sure) / max(self.messages, 1), sum(sure) / max(len(sure), 1)

    def shown(self) -> str:
        """A table for people."""
        lines = [f"{'language':10}{'messages':>9}{'all':>8}" + "".join(f"{x:>10}" for x in LABELS)]
        for language, count in sorted(self.counts.items()):
            n = count["messages"]
            shares = "".join(f"{count[label] / n:10.1%}" for label in LABELS)
            lines.append(f"{language:10}{n:9}{count['all'] / n:8.1%}{shares}")
        for least in (CONFIDENT, 0.75, 0.85, 0.95, 0.98):
            coverage, precision = self.answered(least)
            of_those = coverage * self.messages / max(self.needing_none, 1)
            lines.append(
                f"{coverage:.1%} answered without a person where {least:.2f} sure, which is"
                f" {of_those:.1%} of what needs none; {precision:.1%} rightly"
            )
        return "\n".join(lines)

    @staticmethod
    def head() -> str:
        """The heads of `row`."""
        languages = ("bo", "en", "zh-Hans", "zh-Hant")
        return "\t".join(("version", *languages, "coverage", "precision"))

    def row(self) -> str:
        """All labels right by language, coverage and precision, tab separated."""
        shares = [self.counts[tag]["all"] / self.counts[tag]["messages"] for tag in self.counts]
        found = dict(zip(self.counts, shares, strict=True))
        told = [f"{found.get(tag, 0):.1%}" for tag in Summary.head().split("\t")[1:5]]
        return "\t".join((*told, *(f"{share:.1%}" for share in self.answered())))


def read_labels(message: Labelled) -> tuple[str, str, str, str]:
    """What was read, in the file's notation."""
    reading = reader().read(message.text)
    quantity = str(reading.quantity) if reading.quantity else ""
    return reading.language, reading.intent, reading.product or "", quantity


def summary(labelled: list[Labelled]) -> Summary:
    """The scores of these messages."""
    counts: dict[str, Counter[str]] = {}
    chances = []
    for message in labelled:
        count = counts.setdefault(message.language, Counter())
        read = read_labels(message)
        right = [getattr(message, x) == value for x, value in zip(LABELS, read, strict=True)]
        count["messages"] += 1
        count["all"] += all(right)
        for label, good in zip(LABELS, right, strict=True):
            count[label] += good
        reading = reader().read(message.text)
        if reading.intent not in HANDED_OVER:
            chances.append((reading.confidence, reading.intent == message.intent))
    needing_none = sum(message.intent not in HANDED_OVER for message in labelled)
    return Summary(counts, tuple(chances), len(labelled), needing_none)


def scores(labelled: list[Labelled]) -> dict[str, Counter[str]]:
    """By language: how many messages, how many right in each label and in all of them."""
    return summary(labelled).counts


def main(arguments: list[str]) -> None:
    paths = [Path(argument) for argument in arguments if not argument.startswith("-")]
    labelled = [message for path in paths or [HERE / "enquiries.tsv"] for message in messages(path)]
    if "-v" in arguments:
        for message in labelled:
            read = read_labels(message)
            wanted = tuple(getattr(message, label) for label in LABELS)
            if read != wanted:
                print(f"{message.text}\n   wanted {wanted}\n   read   {read}")
                print("  ", "; ".join(reader().read(message.text).why))
    print(summary(labelled).shown())
    median, slow = microseconds(reader().read_anew, [message.text for message in labelled])
    print(f"one message: median {median:.0f} µs, p99 {slow:.0f} µs")


if __name__ == "__main__":
    main(sys.argv[1:])
