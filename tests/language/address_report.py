"""How well pasted addresses are read: `python -m tests.language.address_report [-v]`."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.language.addresses import Recipient, read_recipient

PARTS = ("name", "phone", "province", "city", "district", "detail", "country")


@dataclass(frozen=True, slots=True)
class Pasted:
    """An address as pasted, and what should be read in it."""

    text: str
    recipient: Recipient


def pasted() -> list[Pasted]:
    """The addresses of addresses.tsv: \\n is a line break, no country mainland China."""
    with Path(__file__).with_name("addresses.tsv").open(encoding="utf-8", newline="") as lines:
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
    found = pasted()
    faults: Counter[str] = Counter()
    right = 0
    for one in found:
        parts = wrong(one)
        right += not parts
        faults.update(parts)
        if parts and "-v" in arguments:
            print(f"{one.text!r}\n   {read_recipient(one.text)}")
    print(f"{len(found)} addresses, all right in {right / len(found):.1%}; wrong: {dict(faults)}")


if __name__ == "__main__":
    main(sys.argv[1:])
