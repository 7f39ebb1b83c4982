"""Queries that run for every message must not read whole tables, however many orders there are."""

from __future__ import annotations

from typing import Any

import pytest

from bot.shop import (
    accounts,
    announcements,
    enquiries,
    order_search,
    orders,
    parcels,
    payments,
    people,
    refunds,
    stock,
    timers,
)
from tests.shop.world import World

WHOLE = {  # read everything by design: checks, and the table of stock
    "stock": {"levels", "lots_off_ledger", "lots_off_reservations", "lots_oversold"},
    "orders": {
        "moves_made",
        "moves_broken",
        "states_unmoved",
        "totals_wrong",
        "lines_wrong",
        "payments_wrong",
        "uncovered",
        "held_needlessly",
        "sold_wrong",
    },
    "payments": {"states"},
    "accounts": {"balances", "owed", "unbalanced", "orders_off_books"},
    # Counted when an operator looks at what is to go out; the latest is the last row.
    "announcements": {"add", "count_recipients", "latest"},
    # SQLite plans for rows that waited for their parent (deferred keys); here there are none.
    "people": {"add_chat", "add_person", "audits"},
    "enquiries": {"add"},
}


# Scans of what a query itself has gathered for one order.
SMALL = ("SCAN CONSTANT", "SCAN held", "SCAN (subquery")


@pytest.mark.parametrize(
    "module",
    [
        accounts,
        announcements,
        enquiries,
        order_search,
        orders,
        parcels,
        payments,
        people,
        refunds,
        stock,
        timers,
    ],
    ids=lambda module: module.__name__,
)
def test_every_query_of_the_daily_work_uses_an_index(world: World, module: Any) -> None:
    skipped = WHOLE.get(module.__name__.rpartition(".")[2], set())
    queries = module._sql
    for name in queries.available_queries:
        if name in skipped or name.endswith("_cursor"):
            continue
        query = getattr(queries, name)
        names = [each for each in query.__signature__.parameters if each != "self"]
        rows = world.db.execute(f"EXPLAIN QUERY PLAN {query.sql}", dict.fromkeys(names, 1))
        plan = [row["detail"] for row in rows]
        scans = [step for step in plan if step.startswith("SCAN") and not step.startswith(SMALL)]
        assert scans == [], (name, plan)
        assert not any("TEMP B-TREE FOR ORDER" in step for step in plan), (name, plan)
