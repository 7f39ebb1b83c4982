"""yoyo-migrations made to apply everything in one transaction of SQLite.

As it comes, yoyo applies a migration on one connection and records it on another (a kill between
the two leaves a database that no start can use), keeps its lock in a table (which outlives a kill)
and asks for the names of the user and the machine (which a container may not have).
"""

from __future__ import annotations

import fcntl
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from yoyo import read_migrations
from yoyo.backends.core.sqlite3 import SQLiteBackend
from yoyo.connections import DatabaseURI

from bot.store.queries import load

# It tells of each step of each migration, which only says that nothing went wrong.
logging.getLogger("yoyo").setLevel(logging.WARNING)

queries = load(str(Path(__file__).with_name("migrate.py")))


class _OneTransaction(SQLiteBackend):  # type: ignore[misc]
    """A backend whose copies are itself: whatever yoyo begins then is a savepoint."""

    def connect(self, dburi: Any) -> sqlite3.Connection:
        return sqlite3.connect(dburi.database, isolation_level=None, timeout=30)

    def begin(self) -> None:
        self._in_transaction = True
        queries.begin(self.connection)

    def copy(self) -> AbstractContextManager[_OneTransaction]:
        return nullcontext(self)

    def lock(self, timeout: float = 10) -> AbstractContextManager[None]:
        return nullcontext()  # _alone below excludes other processes.

    def get_log_data(self, migration: Any = None, operation: str = "apply") -> dict[str, Any]:
        data = {"migration_id": migration.id, "migration_hash": migration.hash}
        return data | self._log_data(operation)

    def _log_data(self, operation: str) -> dict[str, Any]:
        import uuid
        from datetime import UTC, datetime

        return {
            "id": str(uuid.uuid4()),
            "username": "",
            "hostname": "",
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None).isoformat(),
            "operation": operation,
        }


def apply(path: Path, folder: Path) -> None:
    """Applies what is pending at `path`; all of it or nothing. Raises sqlite3.Error."""
    uri = DatabaseURI("sqlite", None, None, None, None, str(path.absolute()), {})
    with _alone(path), _OneTransaction(uri, "_yoyo_migration") as backend:
        backend.ensure_internal_schema_updated()
        migrations = read_migrations(str(folder))
        with backend.transaction():
            backend.apply_migrations(backend.to_apply(migrations))


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Waits until no other process migrates this database; a killed one holds nothing."""
    with Path(f"{path}.migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
