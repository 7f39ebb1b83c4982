"""The demo shop's words, and the labelled messages."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.language.reading import ProductWords, Reader, load_words

HERE = Path(__file__).parent


def product_words() -> list[ProductWords]:
    """The ten products of corpus/README.md."""
    table = tomllib.loads((HERE / "product_words.toml").read_text("utf-8"))
    return [
        ProductWords(
            key,
            content["unit"],
            {
                language: tuple(words)
                for language, words in content.items()
                if isinstance(words, list)
            },
            {
                grade: {language: tuple(words) for language, words in languages.items()}
                for grade, languages in content.get("grades", {}).items()
            },
        )
        for key, content in table.items()
    ]


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
