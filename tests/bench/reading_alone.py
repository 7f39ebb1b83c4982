"""What reading adds to a process that has all the other parts: `-m tests.bench.reading_alone`.

Prints JSON: `modules_ms` that importing takes, `made_ms` that making the words and a reader takes,
and `megabytes` of resident memory that both hold after the first messages.
"""

import gc
import json
import time
from pathlib import Path

import aiosqlite  # noqa: F401
import babel.support  # noqa: F401
import telegram.ext  # noqa: F401

import bot
from bot.shop.catalogue_files import read_catalogue

DEMO = Path(bot.__file__).parent / "demo" / "catalogue.toml"
MESSAGES = ("虫草怎么卖", "幾錢一兩", "གོང་ཚད་ག་ཚོད་རེད།", "how much is a kilo?")


def _resident_mb() -> float:
    gc.collect()
    told = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in told if line.startswith("Rss:"))


def main() -> None:
    """Measures in this process, which should have done nothing else."""
    products = read_catalogue(DEMO).products
    before, begun = _resident_mb(), time.perf_counter()
    from bot.language.reading import ProductWords, Reader, load_words

    imported = time.perf_counter()
    reader = Reader(
        load_words(),
        [
            ProductWords(
                product.key,
                product.unit,
                product.words,
                {grade.key: grade.words for grade in product.grades if grade.key},
            )
            for product in products
        ],
    )
    made = time.perf_counter()
    for text in MESSAGES:
        reader.read(text)
    figures = {
        "modules_ms": 1000 * (imported - begun),
        "made_ms": 1000 * (made - imported),
        "megabytes": _resident_mb() - before,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
