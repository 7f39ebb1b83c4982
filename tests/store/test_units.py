"""Units of work: grouped into commits, undone alone, and never acknowledged when the store fails.

The store's failures are made at every single statement in turn ("fail at the n-th until it
passes"), and by a database that may not grow.
"""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
import threading
from pathlib import Path
from random import Random

import aiosqlite
import pytest

from bot.store import sqlite
from bot.store.sqlite import BATCH, Store, StoreError
from tests.store.conftest import NOW, keys, take, threads_are


async def test_the_internals_of_aiosqlite_are_where_we_use_them(tmp_path: Path):
    """`in_thread` stands on these; when they move, it must be looked at anew."""
    assert aiosqlite.__version__ == "0.22.1"
    names = list(inspect.signature(aiosqlite.Connection._execute).parameters)
    assert names == ["self", "fn", "args", "kwargs"]
    assert isinstance(inspect.getattr_static(aiosqlite.Connection, "_conn"), property)
    async with aiosqlite.connect(tmp_path / "a.db") as connection:
        here = threading.get_ident()
        db, there = await sqlite.in_thread(connection, lambda db: (db, threading.get_ident()))
        assert isinstance(db, sqlite3.Connection)
        assert there != here


async def test_a_unit_gets_the_time_the_ids_and_a_transaction(store: Store):
    def unit(unit):
        return unit.db.in_transaction, unit.now, len(unit.token())

    assert await store.run(unit) == (True, NOW, 32)


async def test_an_attempt_that_fails_is_undone_and_the_unit_goes_on(store: Store):
    def unit(unit):
        take("before")(unit)
        with pytest.raises(ZeroDivisionError), unit.attempt():
            take("inside")(unit)
            raise ZeroDivisionError
        with unit.attempt():
            take("kept")(unit)

    await store.run(unit)
    assert await keys(store) == ["before", "kept"]


async def test_a_unit_that_runs_out_of_something_fails_alone(store: Store):
    def unit(unit):
        take("undone")(unit)
        return next(iter(()))

    with pytest.raises(RuntimeError):
        await asyncio.wait_for(store.run(unit), 5)
    await store.run(take("next"))
    assert await keys(store) == ["next"]


async def test_waiting_units_share_a_commit(store: Store):
    begun: list[str] = []
    await store.run(lambda unit: unit.db.set_trace_callback(begun.append))
    await asyncio.gather(*(store.run(take(f"k{n:03}")) for n in range(2 * BATCH)))
    assert begun.count("BEGIN IMMEDIATE;") == 2
    assert len(await keys(store)) == 2 * BATCH


async def test_a_caller_is_answered_after_the_commit(store: Store):
    assert await store.run(take("k")) == "k"
    with sqlite3.connect(store.path) as other:
        assert other.execute("SELECT count(*) FROM inbox").fetchone() == (1,)
    other.close()


async def test_a_units_error_undoes_that_unit_only(store: Store):
    def broken(unit):
        take("broken")(unit)
        raise KeyError("a bug")

    results = await asyncio.gather(
        store.run(take("a")), store.run(broken), store.run(take("b")), return_exceptions=True
    )
    assert results[0] == "a"
    assert isinstance(results[1], KeyError)
    assert results[2] == "b"
    assert await keys(store) == ["a", "b"]


async def test_a_constraint_is_the_units_error(store: Store):
    await store.run(take("a"))
    with pytest.raises(sqlite3.IntegrityError):
        await store.run(take("a"))
    assert await keys(store) == ["a"]


async def test_a_cancelled_caller_does_not_undo_the_unit(store: Store):
    started, go_on = threading.Event(), threading.Event()

    def slow(unit):
        started.set()
        go_on.wait(5)
        take("slow")(unit)

    caller = asyncio.create_task(store.run(slow))
    await asyncio.to_thread(started.wait, 5)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await store.run(take("next"))
    assert await keys(store) == ["next", "slow"]


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL])
async def test_a_failure_at_any_statement_loses_nothing_that_was_answered(
    store: Store, faults, code, lasting
):
    """Three units in one batch; the n-th statement fails, for every n until none does."""
    for n in range(1, 100):
        faults.after, faults.code, faults.lasting = n, code, lasting
        wanted = [f"{n:02}-{m}" for m in range(3)]
        results = await asyncio.gather(
            *(store.run(take(key)) for key in wanted), return_exceptions=True
        )
        passed = faults.after is not None and faults.after > 0
        faults.after = None
        answered = [result for result in results if isinstance(result, str)]
        assert all(isinstance(r, StoreError) for r in results if not isinstance(r, str))
        assert [key for key in await keys(store) if key in wanted] == answered
        await store.run(take(f"{n:02}-after"))  # It works again without a restart.
        if passed:
            assert answered == wanted
            return
    raise AssertionError("it never passed")


async def test_one_fault_in_a_batch_is_repaired_by_running_it_again(store: Store, faults):
    faults.after = 4  # BEGIN, SAVEPOINT, INSERT, RELEASE of the first unit.
    answers = await asyncio.gather(*(store.run(take(key)) for key in "abc"))
    assert answers == ["a", "b", "c"]
    assert await keys(store) == ["a", "b", "c"]


def fill(size: int):
    def unit(unit):
        unit.db.execute("INSERT INTO audit VALUES (NULL, NULL, 'x', '', '', ?, 0)", ("x" * size,))

    return unit


async def set_max_pages(store: Store, extra: int) -> None:
    def unit(unit):
        pages = unit.db.execute("PRAGMA page_count").fetchone()[0]
        unit.db.execute(f"PRAGMA max_page_count = {pages + extra}")

    await store.run(unit)


async def test_a_full_disk_fails_the_unit_that_is_too_large_and_no_other(store: Store):
    await set_max_pages(store, 2)
    units = [take("a"), fill(1_000_000), take("b")]
    results = await asyncio.gather(*map(store.run, units), return_exceptions=True)
    assert results[0] == "a"
    assert isinstance(results[1], StoreError)
    assert results[2] == "b"
    assert await keys(store) == ["a", "b"]
    await set_max_pages(store, 100_000)
    await asyncio.gather(*map(store.run, [take("c"), fill(1_000_000)]))
    assert await keys(store) == ["a", "b", "c"]


async def test_a_write_lock_held_elsewhere_fails_the_batch_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    await store.run(lambda unit: None)
    await sqlite.in_thread(store._writer, lambda db: db.execute("PRAGMA busy_timeout = 10"))
    rival = sqlite3.connect(store.path, isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(*(store.run(take(k)) for k in "ab"), return_exceptions=True)
    assert [type(result) for result in results] == [StoreError, StoreError]
    rival.execute("ROLLBACK")
    rival.close()
    assert await store.run(take("a")) == "a"
    assert await keys(store) == ["a"]


async def test_a_closed_store_refuses_and_its_threads_end(tmp_path: Path):
    before = threading.active_count()
    store = await Store.open(tmp_path / "shop.db", clock=lambda: NOW, ids=Random(1))
    waiting = asyncio.gather(*(store.run(take(str(n))) for n in range(100)))
    await asyncio.sleep(0)
    await store.close()
    await store.close()
    assert len(await waiting) == 100
    assert await threads_are(before)
    for call in (store.run(take("x")), store.read(lambda db: 1), store.foreign_commits()):
        with pytest.raises(StoreError):
            await call


async def test_a_cancelled_runner_answers_everybody(tmp_path: Path):
    store = await Store.open(tmp_path / "shop.db", clock=lambda: NOW, ids=Random(1))
    waiting = [asyncio.create_task(store.run(take(str(n)))) for n in range(100)]
    await asyncio.sleep(0)
    assert store._pump is not None
    store._pump.cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(result, (str, StoreError)) for result in results)
    await store.run(take("next"))
    await store.close()


async def test_a_reader_cannot_write_and_sees_one_state(store: Store):
    with pytest.raises((sqlite3.OperationalError, StoreError)):
        await store.read(lambda db: db.execute("DELETE FROM inbox"))
    with pytest.raises(sqlite3.OperationalError):
        await store.read(lambda db: db.execute("SELECT * FROM nowhere"))
    assert await keys(store) == []


async def test_commits_of_another_process_are_noticed(store: Store):
    first = await store.foreign_commits()
    await store.run(take("ours"))
    assert await store.foreign_commits() == first
    with sqlite3.connect(store.path) as rival:
        rival.execute("INSERT INTO inbox VALUES ('theirs', 0)")
    rival.close()
    assert await store.foreign_commits() != first
