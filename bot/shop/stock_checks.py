"""Whether the lots are what their ledger and the reservations say."""

from __future__ import annotations

import sqlite3

from bot.store import queries

_sql = queries.load(__file__)


def faults(db: sqlite3.Connection, now: int) -> list[str]:
    """What contradicts the promises of `stock`; empty when all is well."""
    found = [
        f"lot {row['id']}: {row['on_hand']} on hand, ledger {row['ledger']}"
        for row in _sql.lots_off_ledger(db)
    ]
    found += [
        f"lot {row['id']}: {row['reserved']} reserved, reservations {row['held']}"
        for row in _sql.lots_off_reservations(db)
    ]
    found += [
        f"lot {row['id']}: {row['on_hand']} on hand, {row['held']} promised"
        for row in _sql.lots_oversold(db, now=now)
    ]
    found += [
        f"lot {row['lot_id']}: {row['more']} more of {row['number']} are back than it lost"
        for row in _sql.lots_given_too_much(db)
    ]
    return found
