"""How well pasted addresses are read: `python -m tests.language.address_report [-v]`."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.language.addresses.hints import read_recipient
from bot.language.addresses.recipient import Recipient

# The held ones were written before the reader was, and no rule is made for them.
TABLES = (
    "addresses.tsv", "addresses_held.tsv", "addresses_latin.tsv", "addresses_latin_held.tsv",
)  # fmt: skip
PARTS = ("name", "phone", "province", "city", "district", "detail", "country")


@dataclass(frozen=True, slots=True)
class Pasted:
    """An address as pasted, and what should be read in it."""

    text: str
    recipient: Recipient


def pasted(table: str = "addresses.tsv") -> list[Pasted]:
    """The addresses of a table: \\n is a line break, no country mainland China."""
    with Path(__file__).with_name(table).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Pasted(
            row["text"].replace("\\n", "\n"),
            Recipient(**{part: row[part] or ("CN" if part == "country" else "") for part in PARTS}),
        )
        for row in rows
    ]


def wrong(one: Pasted) -> list[str]:
    """The parts that are not read as they should be."""
    read = read_recipient(one.text)
    return [part for part in PARTS if getattr(read, part) != getattr(one.recipient, part)]


def main(arguments: list[str]) -> None:
    for table in TABLES:
        report(table, "-v" in arguments)


def report(table: str, verbose: bool) -> None:
    """Prints the share of the addresses that are read right in all parts."""
    found = pasted(table)
    faults: Counter[str] = Counter()
    right = 0
    for one in found:
        parts = wrong(one)
        right += not parts
        faults.update(parts)
        if parts and verbose:
            print(f"{one.text!r}\n   {read_recipient(one.text)}")
    share = right / len(found)
    print(f"{table}: {len(found)} addresses, all right in {share:.1%}; wrong: {dict(faults)}")


if __name__ == "__main__":
    main(sys.argv[1:])
