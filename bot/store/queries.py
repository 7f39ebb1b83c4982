"""Loads the SQL that stands beside a module."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import aiosql
from aiosql.adapters.sqlite3 import SQLite3Adapter


class _Adapter(SQLite3Adapter):
    """aiosql's adapter, with `$` (one value) made to work on `sqlite3.Row` too."""

    def select_value(
        self, conn: sqlite3.Connection, _query_name: str, sql: str, parameters: Any
    ) -> Any:
        row = conn.execute(sql, parameters).fetchone()
        return None if row is None else row[0]


def load(module_file: str) -> Any:
    """The named queries of the `.sql` file beside a module (pass its `__file__`)."""
    return aiosql.from_path(Path(module_file).with_suffix(".sql"), _Adapter)
