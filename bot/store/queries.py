"""Loads the SQL that stands beside a module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiosql


def load(module_file: str) -> Any:
    """The named queries of the `.sql` file beside a module (pass its `__file__`)."""
    return aiosql.from_path(Path(module_file).with_suffix(".sql"), "sqlite3")
