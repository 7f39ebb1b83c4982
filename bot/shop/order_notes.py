"""What buyers wish of their orders besides the goods, in their own words."""

from __future__ import annotations

import sqlite3

from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


def keep(unit: Unit, order_id: int, text: str) -> None:
    """Keeps what is wished of a new order; nothing if nothing is."""
    if text:
        _sql.add(unit.db, order_id=order_id, text=text)


def of(db: sqlite3.Connection, order_id: int) -> str:
    """What is wished of an order; '' for nothing."""
    row = _sql.of(db, order_id=order_id)
    return str(row["text"]) if row else ""
