"""What can go wrong with the store itself, as against with a unit of work.

StoreError            nothing was committed; the same work may be tried again later
├── Unreadable        the file cannot be used as this shop's database
├── NewerDatabase     it was written by a newer version of this program
└── ShopRunning       another process holds the clock of this database
"""

from __future__ import annotations

import sqlite3


class StoreError(Exception):
    """The store failed (disk full, I/O, busy, corrupt, closed): nothing was committed."""


class Unreadable(StoreError):
    """The file cannot be opened or is no database of this shop; the message says what to do."""


class NewerDatabase(StoreError):
    """The database has migrations that this version does not know."""


class ShopRunning(StoreError):
    """Another process runs this shop's clock, and with it the shop."""


# Primary result codes that tell of the disk, the file or the machine, never of the unit's SQL.
STORE_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


def is_store_failure(error: BaseException) -> bool:
    """Whether an error tells of the store rather than of the work.

    The sqlite3 module turns SQLITE_NOMEM into a MemoryError, so that one counts too.
    """
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in STORE_CODES
    return isinstance(error, (StoreError, MemoryError))
