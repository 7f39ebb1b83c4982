"""A unit of work's hold on the store: the transaction, the time and a source of ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from random import Random

from msgspec import Struct

from bot.store import queries

_sql = queries.load(__file__)


class Unit(Struct):
    """What one unit of work gets: everything it may depend on, handed in.

    `db` is inside a transaction that the unit never begins, commits or rolls back. `now` is UTC
    milliseconds and stays the same during the unit. `ids` gives random ids: the system's in
    service, a seeded one in a simulation. Days are those of the shop's `zone`. `freed` is set where
    goods may have become free for who waits for them.
    """

    db: sqlite3.Connection
    now: int
    ids: Random
    zone: tzinfo = UTC
    freed: bool = False

    @property
    def here(self) -> datetime:
        """The time on the clock of the shop."""
        return datetime.fromtimestamp(self.now / 1000, self.zone)

    def token(self, bits: int = 128) -> str:
        """A random token of so many bits, in lower-case hexadecimal."""
        return f"{self.ids.getrandbits(bits):0{bits // 4}x}"

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is done inside is undone when it raises, and nothing else is."""
        _sql.savepoint(self.db)
        try:
            yield
        except BaseException:
            _sql.rollback_to(self.db)
            raise
        finally:
            _sql.release(self.db)
