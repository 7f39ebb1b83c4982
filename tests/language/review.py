"""Writes down all Tibetan that was composed here, for a reader to go through: `make review`.

A row is where it stands, English, Chinese, Tibetan; a reader writes what is wrong behind it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.language import proofreading
from bot.service import DEMO

FILE = Path(__file__).parents[2] / "locales" / "bo" / "review.tsv"


def rows() -> list[str]:
    """The lines of the sheet: the texts, then the demo shop's goods."""
    shop = tomllib.loads(DEMO.read_text("utf-8"))
    found = [("where", "en", "zh-Hans", "bo"), *proofreading.sheet("bo"), *_goods(shop, "shop")]
    return ["\t".join(cell.replace("\n", "⏎") for cell in row) for row in found]


def _goods(table: Mapping[str, object], place: str) -> Iterator[tuple[str, str, str, str]]:
    """Every text by language, wherever it stands in the catalogue."""
    own = table.get("bo")
    if isinstance(own, str):
        yield place, str(table.get("en", "")), str(table.get("zh-Hans", "")), own
        return
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _goods(value, f"{place}.{key}")
        elif isinstance(value, list):
            for entry in value:
                if isinstance(entry, dict):
                    yield from _goods(entry, f"{key}.{entry.get('key', '')}")


if __name__ == "__main__":
    FILE.write_text("\n".join(rows()) + "\n", "utf-8")
