"""Queries that run for every message must not read whole tables, however many orders there are."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from bot import shop
from tests.shop.world import World

WHOLE = {  # read everything by design: checks, and the table of stock
    "stock": {"levels"},
    "flash_sales": {"sold_wrong", "over_limit"},
    "vouchers": {"left_wrong", "used_twice"},
    "payments": {"states", "receipts_wrong"},
    "repayments": {"overdrawn", "unlike"},
    "accounts": {
        "balances",
        "owed",
        "households",
        "last_payments",
        "unbalanced",
        "orders_off_books",
        "undone_wrongly",
    },
    # Counted when an operator looks at what is to go out; the latest is the last row.
    "announcements": {"add", "count_recipients", "latest"},
    # SQLite plans for rows that waited for their parent (deferred keys); here there are none.
    "people": {"add_chat", "add_person", "audits"},
    "enquiries": {"add"},
    # A table and an index that hold only what waits.
    "todos": {"unsettled", "collected_short"},
    "movements": {"of_goods", "sums"},  # all that moved, when one of the staff asks for it
    "order_search": {"of_first_name"},  # sorts the orders of all who have one first name
    "expectations": {"freed"},  # an index that holds only what is expected
}


# Scans of what a query itself has gathered for one order.
SMALL = ("SCAN CONSTANT", "SCAN held", "SCAN wait", "SCAN (subquery")


# Every module with queries, but those that read the catalogue whole, and checks and exports.
NOT_DAILY = {"catalogue", "catalogue_edits", "checks", "order_checks", "stock_checks", "exports"}
MODULES = sorted({path.stem for path in Path(*shop.__path__).glob("*.sql")} - NOT_DAILY)


@pytest.mark.parametrize("name", MODULES)
def test_every_query_of_the_daily_work_uses_an_index(world: World, name: str) -> None:
    skipped = WHOLE.get(name, set())
    queries = import_module(f"bot.shop.{name}")._sql
    for each in queries.available_queries:
        if each in skipped or each.endswith("_cursor"):
            continue
        query = getattr(queries, each)
        names = [name for name in query.__signature__.parameters if name != "self"]
        rows = world.db.execute(f"EXPLAIN QUERY PLAN {query.sql}", dict.fromkeys(names, 1))
        plan = [row["detail"] for row in rows]
        scans = [step for step in plan if step.startswith("SCAN") and not step.startswith(SMALL)]
        assert scans == [], (each, plan)
        assert not any("TEMP B-TREE FOR ORDER" in step for step in plan), (each, plan)
