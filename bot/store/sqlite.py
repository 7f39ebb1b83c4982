"""The unit runner: all that changes the shop goes through `Store.run`, and is on the disk after it.

Waiting units share one transaction, each within its savepoint; a caller is answered after the
commit. A unit that raises loses its own savepoint and nothing else. When the store fails, nobody
is told that anything happened.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, tzinfo
from pathlib import Path
from random import Random
from typing import Any, Self, TypeVar, cast

import aiosqlite
from msgspec import Struct

from bot.store.errors import NewerDatabase, StoreError, Unreadable, is_store_failure
from bot.store.migrate import explained, migrate
from bot.store.queries import load
from bot.store.unit import Unit

__all__ = ["NewerDatabase", "Store", "StoreError", "Unreadable"]

T = TypeVar("T")
log = logging.getLogger(__name__)
queries = load(__file__)

# Units in one commit. At 32 the sync to the disk costs each unit little, and the first of them
# still waits for its answer only a few milliseconds.
BATCH = 32
# How long another process may hold the write lock before we call it a failure of the store.
BUSY_SECONDS = 5.0
# Prepared statements kept by a connection; all rooms together have some hundreds.
STATEMENTS = 512

# The five statements around every unit are run as plain text: called through aiosql they would
# cost more than a small unit itself.
BEGIN: str = queries.begin.sql
COMMIT: str = queries.commit.sql
SAVEPOINT: str = queries.savepoint.sql
RELEASE: str = queries.release.sql
ROLLBACK_TO: str = queries.rollback_to.sql


async def in_thread(connection: aiosqlite.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """Runs a plain function in the connection's own thread, in one hop.

    aiosqlite has no public call for it, so this uses `_execute` and `_conn`, which is why its
    version is pinned. A cancelled caller does not stop the function.
    """
    done = await connection._execute(work, connection._conn)  # type: ignore[no-untyped-call]
    return cast(T, done)


class _Job(Struct, eq=False):
    """A unit of work with the one who waits for it."""

    work: Callable[[Unit], Any]
    answer: asyncio.Future[Any]
    value: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        """Answers the caller, who may have gone: what was committed stays committed."""
        if self.answer.done():
            return
        if self.error is None:
            self.answer.set_result(self.value)
        elif isinstance(self.error, StopIteration):  # no future takes this one
            self.answer.set_exception(RuntimeError("a unit of work ran out of something"))
        else:
            self.answer.set_exception(self.error)


class _Lost(Exception):
    """The transaction is gone, and with it what all units of the batch did; says why."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Runner:
    """Runs batches of units on a plain connection; knows nothing of tasks and threads."""

    def __init__(self, clock: Callable[[], int], ids: Random, zone: tzinfo) -> None:
        self._clock = clock
        self._ids = ids
        self._zone = zone

    def run(self, db: sqlite3.Connection, jobs: list[_Job]) -> None:
        """Runs all jobs and leaves in each its value or its error; raises nothing.

        A batch that is lost is run again one by one: so a unit too large for the disk fails
        alone, and the others take effect once.
        """
        try:
            self._commit(db, jobs)
        except _Lost as lost:
            _roll_back(db)
            if len(jobs) == 1:
                jobs[0].error = _told(lost.cause)
                return
            for job in jobs:
                self.run(db, [job])
        except sqlite3.Error as error:  # BEGIN failed: no unit was begun, and none would be
            _roll_back(db)
            for job in jobs:
                job.error = _told(error)

    def _commit(self, db: sqlite3.Connection, jobs: list[_Job]) -> None:
        """One transaction for all jobs. Raises _Lost once it is begun, sqlite3.Error before."""
        db.execute(BEGIN)
        for job in jobs:
            self._run_one(db, job)
        try:
            db.execute(COMMIT)
        except sqlite3.Error as error:
            raise _Lost(error) from error

    def _run_one(self, db: sqlite3.Connection, job: _Job) -> None:
        """One unit within its savepoint."""
        job.value, job.error = None, None
        try:
            db.execute(SAVEPOINT)
            job.value = job.work(Unit(db, self._clock(), self._ids, self._zone))
            db.execute(RELEASE)
        except BaseException as error:
            # A full disk rolls the whole transaction back, savepoints and all.
            if is_store_failure(error) or not db.in_transaction:
                raise _Lost(error) from error
            job.value, job.error = None, error
            _drop_savepoint(db)


def _drop_savepoint(db: sqlite3.Connection) -> None:
    try:
        db.execute(ROLLBACK_TO)
        db.execute(RELEASE)
    except sqlite3.Error as error:
        raise _Lost(error) from error


def _roll_back(db: sqlite3.Connection) -> None:
    try:
        db.rollback()
    except sqlite3.Error as error:  # The next BEGIN will fail, and be told to its callers.
        log.error("the store could not roll back: %s", error)


def _told(error: BaseException) -> BaseException:
    """What the caller is told: the unit's own error, or that the store failed."""
    if not is_store_failure(error) or isinstance(error, StoreError):
        return error
    failure = StoreError(f"the store failed: {error or type(error).__name__}")
    failure.__cause__ = error
    return failure


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The database as it is now, for long reading beside the store: nobody waits for the block."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as db:
        _prepare_reader(db)
        queries.begin_reading(db)
        yield db


class Store:
    """One shop's database: a writer that commits units in groups, and a reader beside it.

    Use it as `async with await Store.open(…)`, or close it: its threads keep the process alive.
    """

    def __init__(
        self,
        path: Path,
        writer: aiosqlite.Connection,
        reader: aiosqlite.Connection,
        clock: Callable[[], int],
        ids: Random,
        zone: tzinfo,
    ) -> None:
        """Use `open`, which also brings the database up to date."""
        self.path = path
        self.now = clock
        self.ids = ids
        self._writer = writer
        self._reader = reader
        self._runner = Runner(clock, ids, zone)
        self._waiting: deque[_Job] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        clock: Callable[[], int],
        ids: Random,
        zone: tzinfo = UTC,
        factory: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> Self:
        """Opens the database at `path`, made or migrated when need be.

        `clock` gives UTC milliseconds, `ids` all random ids, `zone` is the shop's. `factory` is the
        writer's class, for tests that make it fail. Raises Unreadable, NewerDatabase or StoreError
        with one line.
        """
        migrate(path)
        with explained(path):
            writer = await _connect(str(path.absolute()), _prepare_writer, factory=factory)
            try:
                uri = f"{path.absolute().as_uri()}?mode=ro"
                reader = await _connect(uri, _prepare_reader, uri=True)
            except BaseException:
                await writer.close()
                raise
        return cls(path, writer, reader, clock, ids, zone)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def run(self, work: Callable[[Unit], T]) -> T:
        """Runs a unit of work; returns what it returned, after the commit.

        Raises what `work` raised, its effects undone, or StoreError when the store failed and
        nothing was committed. `work` may be called more than once, with all earlier effects
        undone, so it must change nothing but the store; it must let errors of the store pass.
        Once begun, it takes effect even when the caller is cancelled.
        """
        if self._closed:
            raise StoreError("the store is closed")
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Job(work, answer))
        self._start_pump()
        return await answer

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Runs a query on the read-only connection, all of it on one state of the data.

        Raises StoreError when the store failed, else what `query` raised.
        """
        if self._closed:
            raise StoreError("the store is closed")
        try:
            return await in_thread(self._reader, lambda db: _read(db, query))
        except (sqlite3.Error, MemoryError) as error:
            raise _told(error) from error

    async def foreign_commits(self) -> int:
        """A number that changes when another process has committed. Raises StoreError."""
        if self._closed:
            raise StoreError("the store is closed")
        try:
            return int(await in_thread(self._writer, queries.data_version))
        except sqlite3.Error as error:
            raise _told(error) from error

    async def close(self) -> None:
        """Finishes the units that wait, then closes; harmless when called again."""
        if self._closed:
            return
        self._closed = True
        try:
            while self._pump is not None:
                await asyncio.wait([self._pump])
        finally:
            try:
                await self._reader.close()
            finally:
                await self._writer.close()

    def _start_pump(self) -> None:
        if self._pump is None and self._waiting:
            self._pump = asyncio.create_task(self._empty(), name="store")
            self._pump.add_done_callback(self._emptied)

    async def _empty(self) -> None:
        """Runs batch after batch until no unit waits."""
        while self._waiting:
            size = min(BATCH, len(self._waiting))
            await self._run_batch([self._waiting.popleft() for _ in range(size)])

    def _emptied(self, pump: asyncio.Task[None]) -> None:
        """Called however the pump ended, even cancelled before it began."""
        self._pump = None
        if pump.cancelled():
            while self._waiting:
                job = self._waiting.popleft()
                job.error = StoreError("the store was stopped")
                job.tell()
        else:  # A unit may have come between the pump's last look and this call.
            self._start_pump()

    async def _run_batch(self, jobs: list[_Job]) -> None:
        try:
            await in_thread(self._writer, lambda db: self._runner.run(db, jobs))
        except BaseException as error:
            # Cancelled from outside, or the thread is gone: whether the batch was committed is
            # not known here, and its callers must take it that it was not.
            for job in jobs:
                job.error = StoreError(f"the store was stopped: {error or type(error).__name__}")
            if not isinstance(error, Exception):
                raise
        finally:
            for job in jobs:
                job.tell()


async def _connect(
    database: str, prepare: Callable[[sqlite3.Connection], None], **options: Any
) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(
        database,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        cached_statements=STATEMENTS,
        **options,
    )
    try:
        await in_thread(connection, prepare)
    except BaseException:
        await connection.close()
        raise
    return connection


def _prepare_writer(db: sqlite3.Connection) -> None:
    db.row_factory = sqlite3.Row
    queries.wal(db)
    queries.writer(db)


def _prepare_reader(db: sqlite3.Connection) -> None:
    db.row_factory = sqlite3.Row
    queries.reader(db)


def _read(db: sqlite3.Connection, query: Callable[[sqlite3.Connection], T]) -> T:
    queries.begin_reading(db)
    try:
        return query(db)
    finally:
        db.rollback()
