"""Events take effect once; a failing one is kept; a failing store acknowledges nothing."""

from __future__ import annotations

import asyncio
import json
import sqlite3

import pytest

from bot.messages import Address, Incoming, Outgoing, Press, Timer
from bot.post import lines
from bot.post.clock import KEEP_KEYS_MS, Clock
from bot.post.inbox import RETRY_WAITS_MS
from bot.store.errors import ShopRunning
from bot.store.lock import lock_clock
from bot.store.sqlite import StoreError
from bot.store.unit import Unit
from tests.post.conftest import START, World, hears, say

COUNTS = (
    "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM line),"
    " (SELECT count(*) FROM failed), (SELECT count(*) FROM outbox)"
)


def echo(unit, event):
    return [say(1, f"echo {event.text}")]


class Bug:
    """An answer that fails until it is mended."""

    def __init__(self) -> None:
        self.mended = False

    def __call__(self, unit, event):
        unit.db.execute("INSERT INTO audit VALUES (NULL, NULL, 'x', '', '', '', 0)")
        if not self.mended:
            raise ZeroDivisionError("a bug")
        return [say(1, "at last")]


def excuse(unit, event, failed_id):
    return [say(1, f"a person will look at {failed_id}")]


async def test_a_line_and_its_answer_stand_in_reading_order(world: World):
    await world.open_chats(1, "web")
    assert await world.inbox(echo).take(hears("k"))
    found = await world.store.read(lambda db: lines.after(db, 1, 0, 10))
    assert [(line.seq, line.direction, line.key) for line in found] == [
        (1, "in", "k"),
        (2, "out", None),
    ]
    assert json.loads(found[0].body) == {"text": "hello", "attachments": []}
    assert json.loads(found[1].body)["text"] == "echo hello"
    assert await world.store.read(lambda db: lines.after(db, 1, 1, 10)) == found[1:]
    assert await world.store.read(lambda db: lines.before(db, 1, 2, 10)) == found[:1]
    assert await world.rows("SELECT * FROM outbox") == []


async def test_the_answer_may_open_the_chat(world: World):
    def opens(unit, event):
        unit.db.execute("INSERT INTO person (id, role, created_at) VALUES (1, 'buyer', 0)")
        unit.db.execute(
            "INSERT INTO chat (person_id, channel, address, created_at) VALUES (1, 'web', '1', 0)"
        )
        return [say(1, "welcome")]

    assert await world.inbox(opens).take(hears("k"))
    assert await world.rows("SELECT seq, direction FROM line ORDER BY seq") == [
        (1, "in"),
        (2, "out"),
    ]


async def test_a_key_takes_effect_once(world: World):
    await world.open_chats(1, "web")
    inbox = world.inbox(echo)
    took = await asyncio.gather(*(inbox.take(hears("k")) for _ in range(5)))
    assert sorted(took) == [False] * 4 + [True]
    assert await world.rows(COUNTS) == [(1, 2, 0, 0)]


async def test_a_press_keeps_its_value(world: World):
    await world.open_chats(1, "web")
    await world.inbox(lambda *_: []).take(Press("p", Address("web", "1"), "buy:1"))
    assert await world.rows("SELECT body FROM line") == [('{"press":"buy:1"}',)]


async def test_an_event_that_fails_is_kept_and_excused_once(world: World):
    await world.open_chats(1, "web")
    inbox = world.inbox(Bug(), excuse)
    assert await inbox.take(hears("k"))
    assert not await inbox.take(hears("k"))
    assert await world.rows(COUNTS) == [(1, 2, 1, 0)]
    assert await world.rows("SELECT * FROM audit") == []
    ((key, error, attempts, retry_at, line_id),) = await world.rows(
        "SELECT key, error, attempts, retry_at, line_id FROM failed"
    )
    assert (key, attempts, retry_at, line_id) == ("k", 1, START + RETRY_WAITS_MS[0], 1)
    assert "ZeroDivisionError: a bug" in error


async def test_a_failing_excuse_still_keeps_the_event(world: World):
    await world.open_chats(1, "web")
    bug = Bug()
    assert await world.inbox(bug, bug).take(hears("k"))
    assert await world.rows(COUNTS) == [(1, 1, 1, 0)]


async def test_the_clock_tries_a_failed_event_again(world: World):
    await world.open_chats(1, "web")
    bug = Bug()
    inbox = world.inbox(bug, excuse)
    clock = Clock(world.store, inbox)
    await inbox.take(hears("k"))
    assert await clock.step() == START + RETRY_WAITS_MS[0]
    for attempts, wait in enumerate(RETRY_WAITS_MS, 2):
        world.now += wait
        await clock.step()
        ((counted, retry_at),) = await world.rows("SELECT attempts, retry_at FROM failed")
        assert counted == attempts
    assert retry_at is None
    bug.mended = True
    assert await inbox.retry(1)
    assert not await inbox.retry(1)
    # The person's line was written when it failed, and is not written again.
    assert await world.rows("SELECT direction FROM line ORDER BY seq") == [
        ("in",),
        ("out",),
        ("out",),
    ]
    assert await world.rows(COUNTS) == [(1, 3, 0, 0)]


async def test_what_cannot_be_read_is_set_aside(world: World):
    await world.open_chats(1, "web")
    inbox = world.inbox(echo, excuse)
    assert await inbox.set_aside("k", "{broken", "no chat id", Address("web", "1"))
    assert not await inbox.set_aside("k", "{broken", "no chat id")
    assert await world.rows("SELECT event, retry_at FROM failed") == [("{broken", None)]
    assert not await inbox.retry(1)
    assert await world.rows("SELECT attempts FROM failed") == [(2,)]


@pytest.mark.parametrize("answer", [echo, Bug()])
async def test_a_failing_store_keeps_nothing_and_acknowledges_nothing(world: World, faults, answer):
    """The n-th statement and all after it fail, for every n until none does."""
    await world.open_chats(1, "web")
    inbox = world.inbox(answer, excuse)
    for n in range(1, 200):
        before = await world.rows(COUNTS)
        faults.after, faults.lasting, faults.code = n, True, sqlite3.SQLITE_FULL
        try:
            took = await inbox.take(hears(f"k{n}"))
        except StoreError:
            faults.after = None
            assert await world.rows(COUNTS) == before
            assert await inbox.take(hears(f"k{n}"))
            continue
        faults.after = None
        assert took
        return
    raise AssertionError("it never passed")


async def test_the_bell_rings_even_when_the_caller_has_gone(world: World):
    await world.open_chats(1, "web")
    with world.bell.listen(1) as ear, world.bell.listen(2) as other:
        caller = asyncio.create_task(world.inbox(echo).take(hears("k")))
        await asyncio.sleep(0)
        caller.cancel()
        assert await ear.wait(5)
        assert not await other.wait(0)
    assert await world.rows(COUNTS) == [(1, 2, 0, 0)]


async def test_a_commit_of_another_process_rings_for_everybody(world: World):
    watch = asyncio.create_task(world.bell.watch(world.store))
    with world.bell.listen(1) as ear:
        await world.open_chats(1)
        assert not await ear.wait(0.6)  # Our own commits ring by themselves, not by the watch.
        with sqlite3.connect(world.store.path) as rival:
            rival.execute("INSERT INTO inbox VALUES ('theirs', 0)")
        rival.close()
        assert await ear.wait(5)
    watch.cancel()


SET_TIMER = "INSERT INTO timer (kind, subject, due_at) VALUES (?, ?, ?)"


async def test_timers_are_taken_when_due_and_once(world: World):
    seen: list[Timer] = []

    def answer(unit, event):
        seen.append(event)
        if len(seen) == 1:  # Set anew at once: not the same timer as before.
            unit.db.execute(SET_TIMER, ("a", "1", unit.now))
        return []

    await world.store.run(lambda unit: unit.db.execute(SET_TIMER, ("a", "1", START + 10)) and None)
    clock = Clock(world.store, world.inbox(answer))
    assert await clock.step() == START + 10
    assert seen == []
    world.now = START + 10
    assert await clock.step() == START + 10
    assert await clock.step() is None
    assert [(event.kind, event.subject) for event in seen] == [("a", "1")] * 2
    assert seen[0].key == f"timer:1:{START + 10}"
    assert seen[1].key != seen[0].key


async def test_a_timer_that_was_dropped_meanwhile_says_nothing(world: World):
    seen: list[Timer] = []

    def answer(_: Unit, event: Incoming) -> list[Outgoing]:
        assert isinstance(event, Timer)
        seen.append(event)
        return []

    inbox = world.inbox(answer)
    assert not await inbox.take(Timer("timer:7:100", "a", "1"))
    assert seen == []
    assert await world.rows(COUNTS) == [(0, 0, 0, 0)]


async def test_old_keys_are_forgotten(world: World):
    await world.open_chats(1, "web")
    inbox = world.inbox(echo)
    await inbox.take(hears("old"))
    world.now += KEEP_KEYS_MS
    await inbox.take(hears("new"))
    world.now += 1
    await Clock(world.store, inbox).step()
    assert await world.rows("SELECT key FROM inbox") == [("new",)]


async def test_a_second_clock_is_refused(world: World):
    clock = Clock(world.store, world.inbox(echo))
    with lock_clock(world.store.path), pytest.raises(ShopRunning):
        await clock.run()


async def test_the_clock_lives_through_an_outage(world: World, faults, monkeypatch, caplog):
    monkeypatch.setattr("bot.post.bell.Outage.FIRST_SECONDS", 0.01)
    monkeypatch.setattr("bot.post.bell.Outage.LONGEST_SECONDS", 0.02)
    await world.open_chats(1, "web")
    await world.store.run(lambda unit: unit.db.execute(SET_TIMER, ("a", "1", START)) and None)
    taken = asyncio.Event()

    def answer(unit, event):
        taken.set()
        return []

    faults.after, faults.lasting = 1, True
    running = asyncio.create_task(Clock(world.store, world.inbox(answer)).run())
    await asyncio.sleep(0.2)
    assert not taken.is_set()
    assert faults.after > -60  # It pauses between its tries.
    faults.after = None
    await asyncio.wait_for(taken.wait(), 5)
    await asyncio.sleep(0.05)
    running.cancel()
    assert [r.message for r in caplog.records if "waits" in r.message] != []
    assert len([r for r in caplog.records if "waits" in r.message]) == 1
    assert await world.rows("SELECT * FROM timer") == []
