"""The demo shop's words, and the labelled messages."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.language.reading import ProductWords, Reader, load_words
from bot.service import DEMO
from bot.shop.catalogue import NO_SHOP, assembled
from bot.shop.catalogue_files import read_catalogue
from bot.talk.router import product_words as words_of

HERE = Path(__file__).parent


def product_words() -> list[ProductWords]:
    """What the reader has to know of the demo shop's goods."""
    parsed = read_catalogue(DEMO)
    return words_of(assembled(parsed.shop or NO_SHOP, parsed.products))


@lru_cache(maxsize=1)
def reader() -> Reader:
    """One reader for all tests: building it is the slow part."""
    return Reader(load_words(), product_words())


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what should be read in it."""

    text: str
    language: str
    intent: str
    product: str
    quantity: str


def messages(path: Path = HERE / "enquiries.tsv") -> list[Labelled]:
    """The labelled messages of a file."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Labelled(**row) for row in rows]


def labelled() -> list[Labelled]:
    """All messages that may be learned from: the corpus and the voices, never the sealed ones."""
    paths = [HERE / "enquiries.tsv", *sorted((HERE / "voices").glob("*.tsv"))]
    return [one for path in paths for one in messages(path)]
