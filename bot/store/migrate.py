"""Brings a database up to this version, by the SQL files in `migrations/`, with yoyo-migrations.

All that is pending is applied in one transaction together with the record of it: a kill in the
middle leaves the database as it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.store.errors import NewerDatabase, StoreError, Unreadable, is_store_failure
from bot.store.queries import load

queries = load(__file__)

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(path: Path, migrations: Path = MIGRATIONS) -> list[str]:
    """Applies what is pending and returns the names; makes the database when there is none.

    Raises Unreadable, NewerDatabase or StoreError, each with one line that says what to do.
    """
    names = pending(path, migrations)
    if names:
        # yoyo takes a tenth of a second to import, so a start with nothing to do goes without.
        from bot.store.yoyo_runner import apply

        with explained(path):
            apply(path, migrations)
    return names


def pending(path: Path, migrations: Path = MIGRATIONS) -> list[str]:
    """The names of the migrations that are yet to be applied, in order; writes nothing.

    Raises Unreadable or NewerDatabase.
    """
    known = sorted(file.stem for file in migrations.glob("*.sql"))
    if not known:
        raise Unreadable(f"{migrations}: no migrations there; install the program anew")
    if not path.exists():
        _check_folder(path)
        return known
    with explained(path), closing(sqlite3.connect(path, isolation_level=None)) as db:
        applied = _applied(db, path)
    newer = [name for name in applied if name not in known]
    if newer:
        raise NewerDatabase(
            f"{path}: written by a newer version (it has {newer[-1]}); install that version"
        )
    return [name for name in known if name not in applied]


def _check_folder(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise Unreadable(f"{path}: there is no folder {path.absolute().parent}; make it first")


def _applied(db: sqlite3.Connection, path: Path) -> list[str]:
    if queries.is_empty(db):
        return []
    if not queries.has_log(db):
        raise Unreadable(f"{path}: a database of another program; name another file")
    return [row[0] for row in queries.applied(db)]


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what SQLite says about the file into one line that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        advice = ADVICE.get(code)
        if advice:
            raise Unreadable(f"{path}: {advice}") from error
        if is_store_failure(error):
            raise StoreError(f"{path}: {error}") from error
        raise


ADVICE = {
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that it is a file and who may read it",
    sqlite3.SQLITE_NOTADB: "not a database; name another file or restore a backup",
    sqlite3.SQLITE_CORRUPT: "the database is damaged; restore a backup",
    sqlite3.SQLITE_READONLY: "may not be written; check who owns the file and its folder",
}
