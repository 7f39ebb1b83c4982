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


class _Queries:
    """Queries of a file that is read when the first of them is asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        queries = aiosql.from_path(self._file, _Adapter)
        # Kept as the object's own, where they are found without coming here again.
        self.__dict__.update(queries.__dict__)
        return getattr(queries, name)


def load(module_file: str) -> Any:
    """The named queries of the `.sql` file beside a module (pass its `__file__`)."""
    return _Queries(Path(module_file).with_suffix(".sql"))
