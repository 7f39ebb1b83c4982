"""Mutants of the stock's and the books' arithmetic, which the shop machine has to catch.

    python -m tests.shop.mutants

Each changes one place of a .sql file in memory and lets the machine of test_shop_machine.py run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import aiosql
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.shop import (
    accounts,
    carried,
    discounts,
    expectations,
    flash_sales,
    held_goods,
    mistakes,
    on_delivery,
    orders,
    parts,
    payments,
    price_cuts,
    refunds,
    repayments,
    returned_goods,
    stock,
    surplus,
    undelivered,
    unsettled,
    vouchers,
)
from bot.store import queries as store_queries
from tests.shop.test_shop_machine import Shop

MOVED_TWICE = (
    "UPDATE receipt SET order_id = :after WHERE",
    "INSERT INTO receipt (order_id, method, amount_minor, at)"
    " SELECT :after, method, amount_minor, at FROM receipt WHERE",
)

# module, query, what stands there, what the mutant has
MUTANTS = (
    (stock, "reserve_lot", "reserved + :quantity", "reserved + :quantity - 1"),
    (stock, "lots", "expires_at <= :now", "expires_at < :now"),
    (stock, "lots", "on_hand - reserved", "on_hand"),
    (stock, "lots", "best_before >= :lasting", "best_before > :lasting"),
    (stock, "held_live", "best_before >= :lasting", "best_before > :lasting"),
    (stock, "levels", "best_before < :today", "best_before <= :today"),
    (stock, "sweep", "expires_at <= :now", "expires_at < :now"),
    (stock, "sweep_lot", "reserved - (", "reserved - 1 - ("),
    (stock, "take_lot", "on_hand - :quantity", "on_hand - :quantity + 1"),
    (stock, "release_lots", "reserved - held.quantity", "reserved"),
    (stock, "sell_lots", "on_hand - held.quantity", "on_hand"),
    (stock, "record_sale", "-sum(quantity)", "-sum(quantity) - 1"),
    (stock, "give_lot", "on_hand + :quantity", "on_hand + :quantity + 1"),
    (returned_goods, "sold", "sum(quantity) < 0", "sum(quantity) < -1"),
    (returned_goods, "sold", "AND kind <> 'lost'", ""),
    (returned_goods, "spoiled", "kind = 'lost'", "kind = 'return'"),
    (held_goods, "put", "on_hand + :quantity", "on_hand + 0 * :quantity"),
    (held_goods, "let_go", "reserved - :quantity", "reserved - 0 * :quantity"),
    (held_goods, "lessen", "quantity - :quantity", "quantity - :quantity + 1"),
    (held_goods, "add", ":kind, :quantity", ":kind, :quantity - 1"),
    (held_goods, "lost", "why = :why", "why <> :why"),
    (held_goods, "sold", "kind = 'sale'", "quantity < 0"),
    (undelivered, "of_order", "AND NOT is_over", ""),
    (undelivered, "note", ":discount_minor,", ":discount_minor + 1,"),
    (undelivered, "lines", "amount, price_minor", "amount + 1 AS amount, price_minor"),
    (refunds, "undo_excess", ", is_excess = 0", ""),
    (parts, "set_sent", ":minor", "sent_minor + :minor"),
    (parts, "set_order", "= :total_minor", "= total_minor + 0 * :total_minor"),
    (parts, "set_payment", "= :minor", "= amount_minor + 0 * :minor"),
    (stock, "held_live", "expires_at > :now", "expires_at >= :now"),
    (orders, "call_off_payment", "'due', 'claimed', 'paid'", "'due', 'claimed'"),
    (orders, "call_off_payment", "received = promised", "received >= promised"),
    (orders, "collect_payment", "state = 'paid'", "state = 'due'"),
    (refunds, "mark_sent", "state = 'due'", "state <> 'offered'"),
    (refunds, "keep", "AND NOT is_excess", ""),
    (refunds, "keep", "state <> 'closed'", "state = 'closed'"),
    (orders, "set_state", "IN ('paid', 'due', 'short')", "<> 'void'"),
    (repayments, "open_receipts", "<> 'closed'", "= 'sent'"),
    (repayments, "begun", "<> 'closed'", "= 'sent'"),
    (repayments, "gone", "= 'sent'", "<> 'closed'"),
    (repayments, "begun", "IS :refund_id", "IS NOT :refund_id"),
    (repayments, "paid_by", "<> 'closed'", "= 'sent'"),
    (repayments, "waiting", "amount_minor = :amount_minor", "amount_minor >= :amount_minor"),
    (accounts, "changes", "-amount_minor", "amount_minor"),
    (on_delivery, "may_correct", "AND let_go_minor = 0", ""),
    (on_delivery, "only_counted", "= payment.amount_minor", "<= payment.amount_minor"),
    (mistakes, "mistakable", "state <> 'withdrawn' OR is_excess", "state = 'withdrawn'"),
    (price_cuts, "add", ":value,", ":value + 1,"),
    (price_cuts, "agreed", "AND NOT is_excess", ""),
    (price_cuts, "agreed", "'due', 'sent'", "'sent'"),
    (price_cuts, "last", "DESC", "ASC"),
    (price_cuts, "drop", "id = :id", "id <= :id"),
    (price_cuts, "carry", "WHERE order_id = :before", "WHERE order_id < :before"),
    (discounts, "lessen_payment", "- :minor", "- :minor + 1"),
    (discounts, "lessen", "total_minor - :minor", "total_minor - :minor + 1"),
    (on_delivery, "drop_collected", "method = 'cod'", "method <> 'cod'"),
    (orders, "collect_no_more", "'short', 'due')", "'paid', 'due')"),
    (surplus, "lessen_receipt", "- :minor", "- :minor + 1"),
    (surplus, "count_no_surplus", ", is_excess = 0", ""),
    (payments, "drop_receipt", "id = :id", "id <= :id"),
    (payments, "add_receipt", ":amount_minor,", ":amount_minor + 1,"),
    (accounts, "of_lot", "sum(amount_minor)", "min(amount_minor)"),
    (accounts, "stands", "iif(entry.what = 'household', amount_minor, 0)", "amount_minor"),
    (accounts, "owed_since", "latest = :entry_id", "latest >= :entry_id"),
    (accounts, "owed_since", "minor > 0", "minor <> 0"),
    (stock, "came_in", "kind = 'in'", "kind <> 'sale'"),
    (stock, "came_in", "AND why NOT LIKE 'undo %'", ""),
    (stock, "kept", "kind = 'in'", "kind = 'in' AND quantity > 0"),
    (stock, "free", "on_hand - reserved", "on_hand"),
    (accounts, "payment", "back.undoes = :entry_id", "back.undoes = -:entry_id"),
    (expectations, "enter", "reserved + :quantity", "reserved + :quantity - 1"),
    (expectations, "leave", "on_hand - :came", "on_hand - 0 * :came"),
    (expectations, "leave", "on_hand - :came", "on_hand - :quantity + 0 * :came"),
    (expectations, "freed", "on_hand > reserved", "on_hand > reserved + 1"),
    (expectations, "freed", "expires_at <= :now", "expires_at < :now"),
    (expectations, "lessen", "quantity - :quantity", "quantity - :quantity + 1"),
    (stock, "aside", "quantity - sold", "quantity"),
    (stock, "aside", "ends_at > :now", "ends_at >= :now"),
    (stock, "aside", "order_id = :besides", "order_id <> :besides"),
    (stock, "aside", " AND NOT is_given_back", ""),
    (flash_sales, "take", "sold + :quantity <= quantity", "sold <= quantity"),
    (flash_sales, "take", "<= per_person", "<= quantity"),
    (flash_sales, "taken_by", " AND NOT is_given_back", ""),
    (flash_sales, "taken_by", "order_id <> :besides", "order_id <> -:besides"),
    (flash_sales, "lessen", "sold - :quantity", "sold - :quantity + 1"),
    (flash_sales, "most_taken", "NOT is_given_back", "TRUE"),
    (flash_sales, "most_taken", "GROUP BY person_id", "GROUP BY order_id"),
    (flash_sales, "not_over", "ends_at > :now", "ends_at >= :now"),
    (vouchers, "take", "left - 1", "left"),
    (vouchers, "give", "left + 1", "left"),
    (vouchers, "is_used", " AND NOT is_given_back", ""),
    (vouchers, "is_used", "order_id <> :besides", "order_id <> -:besides"),
    (vouchers, "set_given_back", "= :is_given_back", "= max(1, :is_given_back)"),
    (orders, "pay_nothing", "'paid'", "'due'"),
    (unsettled, "settle_money", "AND settled_at IS NULL", ""),
    (carried, "receipts", "= :before", "= -:before"),
    (carried, "receipts", "= :before", ">= :before"),
    (carried, "receipts", *MOVED_TWICE),
    (carried, "refunds", "is_excess = 1", "is_excess = is_excess"),
    (carried, "refunds", "state = 'sent'", "state = 'due'"),
    (carried, "keep_refunds", "'offered', 'due'", "'offered'"),
    (carried, "keep_refunds", "is_excess = 0", "is_excess = is_excess"),
    (carried, "cut_refunds", "amount_minor = gone", "amount_minor = amount_minor"),
    (carried, "cut_refunds", "= :before AND state = 'due'", "= -:before AND state = 'due'"),
    (carried, "repayments", "= :before", "= -:before"),
    (payments, "received", "received", "came"),
)


def caught(module: ModuleType, name: str, old: str, new: str) -> bool:
    """Whether the machine fails on the mutant."""
    with _mutated(module, name, old, new):
        try:
            run_state_machine_as_test(
                Shop,
                settings=settings(
                    max_examples=600,
                    stateful_step_count=50,
                    deadline=None,
                    database=None,
                    derandomize=True,
                    phases=[Phase.generate],
                ),
            )
        except (Exception, pytest.fail.Exception):  # what raises no error is no Exception
            return True
    return False


@contextmanager
def _mutated(module: Any, name: str, old: str, new: str) -> Iterator[None]:
    whole, module._sql = module._sql, mutated(module, name, old, new)
    try:
        yield
    finally:
        module._sql = whole


def mutated(module: ModuleType, name: str, old: str, new: str) -> Any:
    """The queries of a module with the change. Raises LookupError when there is no such place."""
    text = Path(str(module.__file__)).with_suffix(".sql").read_text("utf-8")
    start = text.index(f"-- name: {name}(")
    end = text.find("-- name: ", start + 1) % (len(text) + 1)
    block = text[start:end]
    if old not in block:
        raise LookupError(f"{name}: {old}")
    return aiosql.from_str(
        text[:start] + block.replace(old, new, 1) + text[end:], store_queries._Adapter
    )


def told(place: int) -> tuple[bool, str]:
    """Whether one of MUTANTS is caught, and a line that says so."""
    module, name, old, new = MUTANTS[place]
    found = caught(module, name, old, new)
    of = module.__name__.rpartition(".")[2]
    verdict = "caught" if found else "MISSED"
    return found, f"{verdict}  {of}.{name}: {old.strip()} → {new.strip()}"


def unchanged_fails() -> bool:
    """Whether the machine fails on what is no mutant: then it catches none."""
    return caught(stock, "free", "on_hand", "on_hand")


def main() -> int:
    missed = 0
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        unchanged = processes.submit(unchanged_fails)
        for found, line in processes.map(told, range(len(MUTANTS))):
            missed += not found
            print(line, flush=True)
        if unchanged.result():
            print("The machine fails without a mutant, so that it catches none.")
            return 1
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
