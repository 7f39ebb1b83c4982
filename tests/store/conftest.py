"""A store in a folder of its own, and a writer that fails at a chosen statement."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.store.sqlite import Store

NOW = 1_000_000


class Faults:
    """Makes the n-th statement of a failing connection fail, and all that follow until `mend`."""

    def __init__(self) -> None:
        self.code = sqlite3.SQLITE_IOERR
        self.after: int | None = None
        self.lasting = False

    def count(self) -> None:
        """Called before each statement."""
        if self.after is None:
            return
        self.after -= 1
        if self.after == 0 or (self.lasting and self.after < 0):
            error = sqlite3.OperationalError("injected")
            error.sqlite_errorcode = self.code
            raise error


faults = Faults()


class FaultyCursor(sqlite3.Cursor):
    def execute(self, *args: Any) -> Any:
        faults.count()
        return super().execute(*args)


class FaultyConnection(sqlite3.Connection):
    def execute(self, *args: Any) -> Any:
        faults.count()
        return super().execute(*args)

    def cursor(self, *_: Any) -> Any:
        return super().cursor(FaultyCursor)


@pytest.fixture(name="faults")
def _faults():
    faults.__init__()  # type: ignore[misc]
    yield faults
    faults.__init__()  # type: ignore[misc]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(
        tmp_path / "shop.db", clock=lambda: NOW, ids=Random(1), factory=FaultyConnection
    ) as opened:
        yield opened


async def threads_are(count: int) -> bool:
    """Whether at most so many threads remain; one that was told to end may need a moment."""
    for _ in range(500):
        if threading.active_count() <= count:
            return True
        await asyncio.sleep(0.01)
    return False


def take(key: str):
    """A unit that takes a key, the smallest thing a unit can do."""

    def unit(unit):
        unit.db.execute("INSERT INTO inbox (key, at) VALUES (?, ?)", (key, unit.now))
        return key

    return unit


async def keys(store: Store) -> list[str]:
    return await store.read(
        lambda db: [row[0] for row in db.execute("SELECT key FROM inbox ORDER BY key")]
    )
