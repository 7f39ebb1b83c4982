"""The clock: takes the timers that are due and the failed events to be tried again.

It runs in one process only, under a lock beside the database.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine
from typing import Any

from bot.messages import Timer
from bot.post.bell import Outage
from bot.post.inbox import Inbox
from bot.store.lock import lock_clock
from bot.store.queries import load
from bot.store.sqlite import Store
from bot.store.unit import Unit

queries = load(__file__)

# Timers taken in one step; they share a few commits.
STEP_MAX = 100
# A unit may set a timer at any time, so the clock looks once a second; by an index, at one row.
LOOK_SECONDS = 1.0
# Keys of events are remembered so long; Telegram repeats an update for a day at most.
KEEP_KEYS_MS = 30 * 24 * 3_600_000
PURGE_EVERY_MS = 3_600_000
# Keys forgotten in one unit: small, since everybody waits for its commit.
PURGE_MAX = 1_000


class Clock:
    """Wakes one shop at the moments it asked for."""

    def __init__(self, store: Store, inbox: Inbox) -> None:
        self._store = store
        self._inbox = inbox
        self._purge_at: int | None = None

    async def run(self) -> None:
        """Runs until cancelled. Raises ShopRunning at once when another process does."""
        outage = Outage("the clock")
        with lock_clock(self._store.path):
            while True:
                due_at: int | None = None
                with outage:
                    due_at = await self.step()
                await asyncio.sleep(outage.seconds or self._seconds_until(due_at))

    async def step(self) -> int | None:
        """Takes what is due, at most STEP_MAX of each kind; returns when the next is (UTC ms).

        That may be now, when there was more. Raises StoreError.
        """
        timers, retries = await self._store.read(self._due)
        taken = [self._inbox.take(Timer(_key(row), row["kind"], row["subject"])) for row in timers]
        retried = [self._inbox.retry(row["id"]) for row in retries]
        await _all(taken + retried)
        await self._purge()
        next_due: int | None = await self._store.read(queries.next_due)
        return next_due

    def _due(self, db: sqlite3.Connection) -> tuple[list[sqlite3.Row], list[sqlite3.Row]]:
        now = self._store.now()
        timers = queries.due_timers(db, now=now, limit=STEP_MAX)
        return list(timers), list(queries.due_retries(db, now=now, limit=STEP_MAX))

    async def _purge(self) -> None:
        """Forgets old keys, a few at a time, once an hour."""
        now = self._store.now()
        if self._purge_at is None or self._purge_at <= now or self._purge_at > now + PURGE_EVERY_MS:
            more = await self._store.run(_forget_keys)
            self._purge_at = now if more else now + PURGE_EVERY_MS

    def _seconds_until(self, due_at: int | None) -> float:
        if due_at is None:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, max(0.0, (due_at - self._store.now()) / 1000))


async def _all(work: list[Coroutine[Any, Any, bool]]) -> None:
    """Runs all together to their ends; raises the first error."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


def _key(row: sqlite3.Row) -> str:
    return f"timer:{row['id']}:{row['due_at']}"


def _forget_keys(unit: Unit) -> bool:
    gone = list(queries.purge(unit.db, before=unit.now - KEEP_KEYS_MS, limit=PURGE_MAX))
    return len(gone) == PURGE_MAX
