"""A drop in a livestream: buyers press for the same few pieces within seconds, all are answered."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from bot.shop import catalogue, checks, flash_sales, stock
from bot.store.unit import Unit
from tests.bench import rates

BUYERS, PIECES, SECONDS = 10_000, 500, 20.0


async def sale(folder: Path) -> tuple[float, float]:
    """The 99th percentile of the time to a committed answer, and the slowest (milliseconds).

    Raises AssertionError unless exactly PIECES are sold at the sale's price, to those who came
    first by commit order, nobody's twice, and everybody is answered.
    """
    bench = await rates.prepare(folder, BUYERS, _announce)
    path = bench.copy()
    took: list[float] = []
    async with await rates.open_store(path) as store:
        talking = rates.talk()
        inbox = rates.inbox_on(store, talking)
        await store.read(talking.shelf)
        begun = time.perf_counter()

        async def press(n: int) -> None:
            due = begun + SECONDS * n / BUYERS
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            assert await inbox.take(presses[n])
            took.append(1000 * (time.perf_counter() - due))

        presses = bench.confirmations(BUYERS)
        await asyncio.gather(*(press(n) for n in range(BUYERS)))
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        _check(db)
    took.sort()
    return took[len(took) * 99 // 100], took[-1]


def _announce(unit: Unit) -> None:
    """The sale, one to a buyer; there is more in stock than is set aside for it."""
    product = catalogue.load(unit.db).products["cordyceps"]
    reduced = product.grade("medium").price.minor // 2
    each = {"minor": reduced, "quantity": PIECES, "per_person": 1, "starts_at": unit.now}
    flash_sales.make(unit, product, "medium", by=None, **each)
    assert stock.available(unit, "cordyceps", "medium") > 0


def _check(db: sqlite3.Connection) -> None:
    count = partial(_count, db)
    pressed = "SELECT id, chat_id FROM line WHERE key LIKE 'bench:press:%' ORDER BY id"
    assert count(f"SELECT count(*) FROM ({pressed})") == BUYERS
    assert count("SELECT count(*) FROM \"order\" WHERE state = 'placed'") == PIECES
    assert count('SELECT count(DISTINCT chat_id) FROM "order"') == PIECES
    assert count("SELECT sum(quantity) FROM reservation") == PIECES
    assert count("SELECT sold FROM flash_sale") == PIECES
    assert (
        count(
            "SELECT max(taken) FROM (SELECT sum(quantity) AS taken FROM flash_take"
            " GROUP BY person_id)"
        )
        == 1
    )
    first = f"SELECT chat_id FROM ({pressed} LIMIT {PIECES})"
    assert count(f'SELECT count(*) FROM "order" WHERE chat_id IN ({first})') == PIECES
    unanswered = f"""SELECT count(*) FROM ({pressed}) AS said WHERE NOT EXISTS (
        SELECT 1 FROM line WHERE chat_id = said.chat_id AND direction = 'out' AND id > said.id)"""
    assert count(unanswered) == 0
    assert checks.faults(db, rates.utc_ms()) == []


def _count(db: sqlite3.Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0] or 0)
