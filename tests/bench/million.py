"""A shop after years: with COUNT orders in the store the same messages are answered as fast.

The orders are written as the shop would have left them: lines of the chats, moves, payments,
parcels, movements of the stock and the books, so that `shanhuo check` finds nothing wrong.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from bot.messages import Address, Incoming, Message
from bot.post.inbox import Inbox
from bot.shop import checks
from tests.bench import rates

COUNT = 1_000_000
EACH = 200  # messages of a kind
BLOCK = 20  # as many in turn on either store
DAY_MS = 24 * 3_600_000
YEARS_MS = 3 * 365 * DAY_MS
_ROW = """WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :count - 1)
INSERT INTO """
# Every fortieth was cancelled before it was paid; the others were sent and arrived.
_STATEMENTS = (
    """person (id, role, name, created_at)
    SELECT 1000000 + i, 'buyer', 'buyer ' || i, :first FROM n WHERE i < :people""",
    """chat (id, person_id, channel, address, language, last_seq, created_at)
    SELECT 1000000 + i, 1000000 + i, 'past', i, 'zh-Hans',
           2 * ((:count - 1 - i) / :people + 1), :first
    FROM n WHERE i < :people""",
    """"order" (id, number, key, person_id, chat_id, state, pay_by, language, name, phone,
        province, city, district, detail, country, currency, goods_minor, shipping_minor,
        total_minor, placed_at)
    SELECT 1000000 + i, printf('%06d-%06d', i / 1000000, i % 1000000), 'past ' || i,
           1000000 + i % :people, 1000000 + i % :people,
           iif(i % 40 = 0, 'cancelled', 'delivered'), 'transfer', 'zh-Hans', '王' || (i % 9999),
           '138' || printf('%08d', i * 7919 % 100000000), '四川省', '成都市', '武侯区',
           '人民南路四段27号', 'CN', 'CNY', 2800, 800, 3600, :first + i * :step
    FROM n""",
    """order_line (order_id, position, product, grade, name, quantity, unit, amount, price_minor,
        price_per, total_minor)
    SELECT 1000000 + i, 0, 'cordyceps', 'medium', '冬虫夏草 中号', 1, 'pc', 1, 2800, 1, 2800
    FROM n""",
    """payment (order_id, method, amount_minor, currency, state, claimed_at, decided_at)
    SELECT 1000000 + i, 'transfer', 3600, 'CNY', iif(i % 40 = 0, 'void', 'paid'),
           :first + i * :step, iif(i % 40 = 0, NULL, :first + i * :step)
    FROM n""",
    """receipt (order_id, method, amount_minor, at)
    SELECT 1000000 + i, 'transfer', 3600, :first + i * :step FROM n WHERE i % 40""",
    *(
        f"""order_move (order_id, from_state, to_state, at)
        SELECT 1000000 + i, '{before}', '{after}', :first + i * :step FROM n WHERE {which}"""
        for before, after, which in (
            ("draft", "placed", "1"),
            ("placed", "cancelled", "i % 40 = 0"),
            ("placed", "confirmed", "i % 40"),
            ("confirmed", "packing", "i % 40"),
            ("packing", "shipped", "i % 40"),
            ("shipped", "delivered", "i % 40"),
        )
    ),
    """parcel (order_id, courier, number, at)
    SELECT 1000000 + i, 'sf', printf('SF%013d', i), :first + i * :step FROM n WHERE i % 40""",
    """movement (lot_id, kind, quantity, order_id, at)
    SELECT :lot, 'sale', -1, 1000000 + i, :first + i * :step FROM n WHERE i % 40""",
    """entry (id, what, order_id, at)
    SELECT 1000000 + i, 'delivered', 1000000 + i, :first + i * :step FROM n WHERE i % 40""",
    """posting (entry_id, account, amount_minor)
    SELECT 1000000 + i, account, amount FROM n,
        (SELECT 'cash:transfer' AS account, 3600 AS amount
         UNION ALL SELECT 'sales', -2800 UNION ALL SELECT 'shipping', -800)
    WHERE i % 40""",
    """line (chat_id, seq, direction, body, at)
    SELECT 1000000 + i % :people, 1 + 2 * (i / :people) + out, iif(out, 'out', 'in'),
           iif(out, '{"text":"订单已下","language":"zh-Hans"}', '{"text":"要1根虫草"}'),
           :first + i * :step
    FROM n, (SELECT 0 AS out UNION ALL SELECT 1)""",
)


def populate(path: Path, count: int) -> list[str]:
    """Writes so many orders into a shop's database; returns what `check` finds wrong with it."""
    now = rates.utc_ms()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        lot = db.execute(
            "INSERT INTO lot (product, grade, on_hand, created_at) VALUES ('cordyceps', 'medium',"
            " 0, 0) RETURNING id"
        ).fetchone()[0]
        values = {
            "count": count,
            "people": max(1, count // 10),
            "first": now - YEARS_MS,
            "step": (YEARS_MS - DAY_MS) // count,
            "lot": lot,
        }
        sold = count - -(-count // 40)
        db.execute(
            "INSERT INTO movement (lot_id, kind, quantity, at) VALUES (?, 'in', ?, 0)", (lot, sold)
        )
        for statement in _STATEMENTS:
            names = {name: value for name, value in values.items() if f":{name}" in statement}
            db.execute(_ROW + statement, {"count": count, **names})
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return checks.faults(db, now)


async def compare(folder: Path, count: int = COUNT) -> dict[str, tuple[float, float]]:
    """Milliseconds a message by kind: (with so many orders, with none); medians, in turns."""
    bench = await rates.prepare(folder)
    few = folder / "few.db"
    many = folder / "many.db"
    for path in (few, many):
        bench.copy().replace(path)
    assert populate(many, count) == []
    taken: dict[str, tuple[list[float], list[float]]] = {}
    async with await rates.open_store(few) as small, await rates.open_store(many) as large:
        inboxes = [rates.inbox_on(store, rates.talk()) for store in (large, small)]
        for kind, events in _kinds(bench).items():
            taken[kind] = ([], [])
            for start in range(0, EACH, BLOCK):
                for inbox, times in zip(inboxes, taken[kind], strict=True):
                    for event in events[start : start + BLOCK]:
                        times.append(await _timed(inbox, event))
    return {kind: (median(many), median(few)) for kind, (many, few) in taken.items()}


def _kinds(bench: rates.Bench) -> dict[str, list[Incoming]]:
    seller = Address("bench", "seller")
    return {
        "enquiry": bench.enquiries(EACH),
        "order": bench.confirmations(EACH),
        "tracking": [Message(f"million:track:{n}", rates.buyer(n), "到哪了") for n in range(EACH)],
        "the seller's day": [Message(f"million:todo:{n}", seller, "待办") for n in range(EACH)],
    }


async def _timed(inbox: Inbox, event: Incoming) -> float:
    begun = time.perf_counter()
    assert await inbox.take(event)
    return 1000 * (time.perf_counter() - begun)
