"""`python -m tests.bench`: the figures of the shop, each against a reference in the same run.

All that is compared is measured in turns, so that whatever else the machine does meets both; a
figure is the median of the rounds, and a ratio is that of the medians. Says 1 with `--strict` when
a target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import compileall
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import bot
from tests.bench import flash, million, processes, rates, readings, telegram
from tests.language.shop import reader

ROUNDS = 5
# By the network's latency (ms): how many enquiries of the shop, of the echo bot, and how many that
# one may have under way: one after another, and what was its best of 4, 8, 16, 32, 64 and 256.
TELEGRAM = {0: (2000, 1000, (0, 16)), 50: (3000, 600, (0, 16))}


@dataclass(frozen=True)
class Row:
    """A line of the table: a figure, what it is held against, and whether the target is met."""

    name: str
    figure: float
    unit: str
    reference: str
    against: float | None
    target: str
    met: bool

    @property
    def ratio(self) -> float | None:
        return self.figure / self.against if self.against else None


class Rounds:
    """Figures by name, a figure a round."""

    def __init__(self) -> None:
        self._figures: defaultdict[str, list[float]] = defaultdict(list)

    def note(self, name: str, figure: float) -> None:
        self._figures[name].append(figure)

    def __getitem__(self, name: str) -> float:
        return median(self._figures[name])


async def measure_rates(rounds: int, folder: Path) -> list[Row]:
    """Orders and price enquiries a second, everything written."""
    bench = await rates.prepare(folder)
    talking = rates.talk()
    presses, questions = bench.confirmations(rates.EVENTS), bench.enquiries(rates.EVENTS)
    few = rates.REFERENCE_EVENTS
    writes = {
        "press": await rates.record_events(bench.copy(), presses[:few], talking),
        "place": await rates.record_places(bench.copy(), few),
        "ask": await rates.record_events(bench.copy(), questions[:few], talking),
    }
    found = Rounds()
    for _ in range(rounds):
        for name, events in (("press", presses), ("ask", questions)):
            found.note(name, await rates.through_inbox(bench.copy(), events, talking))
        found.note("place", await rates.placed(bench.copy(), rates.EVENTS))
        for name, statements in writes.items():
            rate = await rates.statement_by_statement(bench.copy(), statements)
            found.note(f"{name} alone", rate)
    titles = {
        "place": "orders placed: units of orders.place in group commits",
        "press": "orders placed: confirm presses through the inbox, answered",
        "ask": "price enquiries through the inbox, answered",
    }
    return [_rate_row(title, name, found, writes) for name, title in titles.items()]


def _rate_row(
    title: str, name: str, found: Rounds, writes: dict[str, list[list[rates.Statement]]]
) -> Row:
    figure, against = found[name], found[f"{name} alone"]
    count = round(median(len(statements) for statements in writes[name]))
    has_target = name != "ask"
    return Row(
        title,
        figure,
        "/s",
        f"its {count} writes, aiosqlite",
        against,
        "≥ 5,000 and ≥ 5 ×" if has_target else "",
        not has_target or (figure >= 5_000 and figure >= 5 * against),
    )


async def measure_flash(folder: Path) -> list[Row]:
    """Buyers who all want the same few pieces."""
    p99, slowest = await flash.sale(folder)
    title = f"{flash.BUYERS:,} buyers for {flash.PIECES} pieces in {flash.SECONDS:.0f} s, p99"
    return [
        Row(title, p99, "ms", "the slowest", slowest, "≤ 1,000 ms", p99 <= 1_000),
    ]


async def measure_million(folder: Path) -> list[Row]:
    """A message in a shop with very many orders, against one in a new shop."""
    found = await million.compare(folder)
    return [
        Row(
            f"{kind}, with {million.COUNT:,} orders in the store",
            *(many, "ms", "with none", few, "≤ 1.2 ×"),
            met=many <= 1.2 * few,
        )
        for kind, (many, few) in found.items()
    ]


def measure_reading(rounds: int) -> list[Row]:
    """Microseconds to read a message, over the labelled messages; what reading costs a start."""
    messages = readings.texts()
    encoded = [json.dumps(text) for text in messages]
    read = reader().read_anew
    found = Rounds()
    for _ in range(rounds):
        for name, (typical, slow) in {
            "read": readings.microseconds(read, messages),
            "words": readings.microseconds(readings.WORDS.findall, messages),
            "json": readings.microseconds(json.loads, encoded),
        }.items():
            found.note(name, typical)
            found.note(f"{name} p99", slow)
        found.note("import", processes.seconds_of_import() * 1000)
        found.note("bare", processes.megabytes_of_import())
        for name, figure in processes.reading_alone().items():
            found.note(name, figure)
    median_us, p99 = found["read"], found["read p99"]
    words, json_us = found["words"], found["json"]
    met = median_us <= 60
    return [
        Row("reading a message, median", median_us, "µs", "json.loads", json_us, "≤ 60", met),
        Row("  the same", median_us, "µs", "re.findall of words", words, "≤ 60", met),
        Row("reading a message, p99", p99, "µs", "re.findall, p99", found["words p99"], "", True),
        *_reading_costs(found),
    ]


def _reading_costs(found: Rounds) -> list[Row]:
    """The words and the reader are made just after the shop is ready."""
    modules, made, memory = found["modules_ms"], found["made_ms"], found["megabytes"]
    name, against = "import telegram.ext", found["import"]
    return [
        Row("reading adds to a start", modules, "ms", name, against, "≤ 50 ms", modules <= 50),
        Row("  and just after it", made, "ms", name, against, "", True),
        Row("reading adds to memory", memory, "MB", name, found["bare"], "≤ 15 MB", memory <= 15),
    ]


def measure_processes(rounds: int, folder: Path) -> list[Row]:
    """Start-up and memory of the real process."""
    shop = folder / "shop"
    shop.mkdir()
    found = Rounds()
    found.note("first", processes.seconds_of_first_start(shop))
    for _ in range(rounds):
        found.note("ready", processes.seconds_until_ready(shop))
        found.note("import", processes.seconds_of_import())
        found.note("memory", processes.megabytes_when_ready(shop))
        found.note("bare", processes.megabytes_of_import())
    ready, reference = found["ready"] * 1000, found["import"] * 1000
    reference_name = "import telegram.ext"
    memory, bare = found["memory"], found["bare"]
    is_soon = ready <= 1.5 * reference
    return [
        Row("start until it answers", ready, "ms", reference_name, reference, "≤ 1.5 ×", is_soon),
        Row("  with a new shop", found["first"] * 1000, "ms", reference_name, reference, "", True),
        Row("memory when ready", memory, "MB", reference_name, bare, "≤ 70 MB", memory <= 70),
    ]


def measure_telegram(rounds: int, folder: Path) -> list[Row]:
    """Price enquiries a second on Telegram, against an echo bot at its best."""
    found = Rounds()
    for turn in range(rounds):
        for latency, (count, echoed, at_once) in TELEGRAM.items():
            shop = folder / f"telegram-{latency}-{turn}"
            found.note(f"shop {latency}", telegram.shop_rate(latency, count, shop))
            for concurrency in at_once:
                rate = telegram.echo_rate(latency, echoed, concurrency)
                found.note(f"echo {latency} {concurrency}", rate)
    rows = []
    for latency, (_, _, at_once) in TELEGRAM.items():
        figure, least = found[f"shop {latency}"], 3 if latency else 1.5
        best = max(found[f"echo {latency} {concurrency}"] for concurrency in at_once)
        for concurrency in at_once:
            against = found[f"echo {latency} {concurrency}"]
            is_best = against == best
            rows.append(
                Row(
                    f"price enquiries on Telegram, {latency} ms of network",
                    figure,
                    "/s",
                    f"echo bot, {concurrency or 'one'} at once",
                    against,
                    f"≥ {least} ×" if is_best else "",
                    not is_best or figure >= least * against,
                )
            )
    return rows


def table(rows: list[Row]) -> Iterator[str]:
    """The rows in columns."""
    form = "{:<60} {:>12} {:>26} {:>12} {:>8}  {}"
    yield form.format("what", "figure", "reference", "its figure", "ratio", "target")
    for row in rows:
        yield form.format(
            row.name,
            _number(row.figure, row.unit),
            row.reference,
            _number(row.against, row.unit) if row.against is not None else "",
            f"{row.ratio:.2f}" if row.ratio is not None else "",
            f"{row.target}{'' if row.met else '  MISSED'}",
        )


def _number(figure: float, unit: str) -> str:
    return f"{figure:,.0f} {unit}" if figure >= 100 else f"{figure:,.1f} {unit}"


def main() -> int:
    """Measures all, or what is named."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--only", choices=("rates", "flash", "million", "reading", "processes", "telegram")
    )
    parser.add_argument("--strict", action="store_true", help="fail when a target is missed")
    given = parser.parse_args()
    # Modules as an installed shop has them, even where Python is told to keep no bytecode: the
    # packages it is held against were compiled when they were installed.
    compileall.compile_dir(Path(bot.__file__).parent, quiet=1)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="shanhuo-bench-") as name:
        folder = Path(name)
        if given.only in (None, "rates"):
            rows += asyncio.run(measure_rates(given.rounds, folder / "rates"))
        if given.only in (None, "flash"):
            rows += asyncio.run(measure_flash(folder / "flash"))
        if given.only in (None, "million"):
            rows += asyncio.run(measure_million(folder / "million"))
        if given.only in (None, "reading"):
            rows += measure_reading(given.rounds)
        if given.only in (None, "processes"):
            rows += measure_processes(given.rounds, folder)
        if given.only in (None, "telegram"):
            rows += measure_telegram(min(given.rounds, 3), folder)
    print("\n".join(table(rows)))
    return 1 if given.strict and not all(row.met for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
