"""All the invariants of the shop's data together."""

from __future__ import annotations

import sqlite3

from bot.shop import (
    accounts,
    flash_sales,
    order_checks,
    payments,
    repayments,
    stock_checks,
    vouchers,
)
from bot.store import queries

_sql = queries.load(__file__)


def faults(db: sqlite3.Connection, now: int) -> list[str]:
    """What contradicts what the shop promises, in words for an operator; empty when all is well.

    Reads every table whole: for `shanhuo check` and tests, not for a unit of work.
    """
    found = [
        *stock_checks.faults(db, now),
        *order_checks.faults(db),
        *payments.faults(db),
        *accounts.faults(db),
    ]
    found += [*flash_sales.faults(db), *vouchers.faults(db), *repayments.faults(db)]
    found += [
        f"chat {row['id']}: {row['lines']} lines up to {row['highest']}, last {row['last_seq']}"
        for row in _sql.chats_off_lines(db)
    ]
    found += [f"{row[0]} row {row[1]}: no such {row[2]}" for row in _sql.foreign_keys(db)]
    return found
