"""Orders as a table for a spreadsheet, a row a line of an order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from bot.shop.tables import Cell, write_table
from bot.store import queries

_sql = queries.load(__file__)

COLUMNS = (
    "order",
    "status",
    "product",
    "grade",
    "quantity",
    "unit",
    "total_minor",
    "currency",
    "name",
    "phone",
    "province",
    "city",
    "district",
    "detail",
    "language",
    "placed_at",
)


def order_rows(
    db: sqlite3.Connection, from_ms: int | None = None, to_ms: int | None = None
) -> list[tuple[Cell, ...]]:
    """The lines of all orders placed from `from_ms` on and before `to_ms`, the oldest first.

    The cells are those of COLUMNS. `total_minor` is the line's own total, so that the column sums
    to what goods were sold for; shipping is in no row. `placed_at` is ISO 8601 in UTC.
    """
    rows = _sql.order_rows(db, from_ms=from_ms, to_ms=to_ms)
    return [(*list(row)[:-1], _moment(row["placed_at"])) for row in rows]


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_orders(path: Path, rows: Iterable[tuple[Cell, ...]]) -> None:
    """Writes rows of `order_rows` as .csv or .xlsx, safe against formulas.

    Raises ValueError for another suffix or more rows than a sheet holds, and OSError; then no file
    is left that holds a part.
    """
    write_table(path, COLUMNS, rows)
