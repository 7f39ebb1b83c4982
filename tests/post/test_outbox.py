"""Sending: by lane and pace, in order within a chat, and what a crash or an error leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.messages import Content, Lane, Policy
from bot.post.outbox import ATTEMPTS_MAX, ChannelSender, Sender
from bot.post.outcomes import NotSent, Refused, RetryLater, Unreachable
from bot.post.pace import TELEGRAM, Limits
from bot.store.sqlite import Store, StoreError
from bot.store.unit import Unit
from tests.post.conftest import START, World, say


class Channel:
    """A service that takes messages, or fails as it is told to, by chat or altogether."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.got: list[tuple[str, str]] = []
        self.at: list[int] = []
        self.errors: dict[str, Exception] = {}
        self.gate: asyncio.Event | None = None

    async def send(self, address: str, content: Content) -> list[str]:
        error = self.errors.get(address) or self.errors.get("*")
        if error:
            raise error
        self.got.append((address, content.text))
        self.at.append(self.world.now)
        if self.gate:
            await self.gate.wait()
        return [f"{address}/{len(self.got)}"]

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.got]


@pytest.fixture
def channel(world: World) -> Channel:
    return Channel(world)


def sender(world: World, channel: Channel, limits: Limits | None = None, **more) -> Sender:
    return Sender(
        world.store, {"chat": channel.send}, {"chat": limits or Limits()}, world.clock, **more
    )


async def run_until(world: World, sender: Sender, latest: int) -> None:
    """Steps through simulated time, from one due time to the next."""
    for _ in range(10_000):
        due = await sender.step()
        if due is None or due > latest:
            return
        world.now = max(world.now, due)
    raise AssertionError("it never came to rest")


async def test_what_is_urgent_leaves_first_and_each_chat_in_order(world: World, channel: Channel):
    await world.open_chats(3)
    await world.put(
        say(1, "news", lane=Lane.ANNOUNCEMENT),
        say(2, "shipped", lane=Lane.NOTICE),
        say(3, "a"),
        say(3, "b"),
        say(1, "reply"),
        say(2, "yes", lane=Lane.PRECHECK),
    )
    await run_until(world, sender(world, channel, window=1), START)
    assert channel.texts == ["yes", "reply", "a", "b", "shipped", "news"]
    assert await world.states() == ["sent"] * 6
    assert await world.rows("SELECT * FROM outbox_chat") == []


async def test_a_chats_next_row_waits_for_the_one_under_way(world: World, channel: Channel):
    await world.open_chats(2)
    await world.put(say(1, "a"), say(1, "b"), say(2, "c"))
    channel.gate = asyncio.Event()
    step = asyncio.create_task(sender(world, channel).step())
    while len(channel.got) < 2:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert channel.texts == ["a", "c"]
    channel.gate.set()
    await step


async def test_a_row_that_must_wait_holds_its_chat_only(world: World, channel: Channel):
    await world.open_chats(2)
    await world.put(say(1, "a"), say(1, "b"), say(2, "c"))
    channel.errors["1"] = RetryLater(30)
    send = sender(world, channel)
    await run_until(world, send, START)
    assert channel.texts == ["c"]
    await world.put(say(1, "d"), say(2, "e"))
    channel.errors.clear()
    await run_until(world, send, START + 29_999)
    assert channel.texts == ["c", "e"]
    await run_until(world, send, START + 30_000)
    assert channel.texts == ["c", "e", "a", "b", "d"]
    assert await world.rows("SELECT max(attempts) FROM outbox") == [(1,)]


async def test_a_halt_of_the_whole_holds_all(world: World, channel: Channel):
    await world.open_chats(2)
    await world.put(say(1, "a"))
    channel.errors["1"] = RetryLater(5, whole=True)
    send = sender(world, channel)
    await run_until(world, send, START)
    channel.errors.clear()
    await world.put(say(2, "b"))
    await run_until(world, send, START + 4_999)
    assert channel.got == []
    await run_until(world, send, START + 5_000)
    assert sorted(channel.texts) == ["a", "b"]


async def test_a_clock_set_back_holds_nothing_for_ever(world: World, channel: Channel):
    await world.open_chats(2)
    await world.put(say(1, "a"), say(2, "b"))
    channel.errors = {"1": RetryLater(30, whole=True), "2": OSError("down")}
    send = sender(world, channel, TELEGRAM)
    await send.step()
    channel.errors.clear()
    world.now -= 24 * 3_600_000
    await run_until(world, send, world.now + 1000)
    assert sorted(channel.texts) == ["a", "b"]


async def test_waits_grow_and_differ(world: World, channel: Channel):
    await world.open_chats(20)
    await world.put(*(say(n, "x") for n in range(1, 21)))
    channel.errors["*"] = OSError("network is down")
    send = sender(world, channel)
    await run_until(world, send, START)
    waits = [row[0] - START for row in await world.rows("SELECT due_at FROM outbox_chat")]
    assert all(500 <= wait <= 1000 for wait in waits)
    assert len(set(waits)) > 10
    await run_until(world, send, START + 3_600_000)
    ((least, most),) = await world.rows("SELECT min(attempts), max(attempts) FROM outbox")
    assert 12 < least <= most < 30
    channel.errors.clear()
    await run_until(world, send, START + 2 * 3_600_000)
    assert await world.states() == ["sent"] * 20


async def test_a_message_that_cannot_be_sent_does_not_hold_its_chat_for_ever(
    world: World, channel: Channel
):
    await world.open_chats(4)
    await world.put(*(say(n, "x") for n in (1, 2, 3, 4)), say(1, "y"))
    channel.errors = {"1": TypeError("a bug"), "2": Unreachable("blocked"), "3": Refused("bad")}
    send = sender(world, channel)
    await run_until(world, send, START)
    assert await world.states() == ["waiting", "failed", "failed", "sent", "waiting"]
    await run_until(world, send, START + 3_600_000)
    assert (await world.states())[0] == "failed"
    assert await world.rows("SELECT attempts, error FROM outbox WHERE id = 1") == [
        (ATTEMPTS_MAX, "a bug")
    ]


async def test_a_once_row_is_never_sent_twice(world: World, channel: Channel):
    await world.open_chats(4)
    await world.put(*(say(n, "x", policy=Policy.ONCE) for n in (1, 2, 3, 4)))
    channel.errors = {"1": OSError("timeout"), "2": NotSent("refused"), "3": RetryLater(1)}
    send = sender(world, channel)
    await run_until(world, send, START)
    assert await world.states() == ["unknown", "waiting", "waiting", "sent"]
    channel.errors.clear()
    await run_until(world, send, START + 10_000)
    assert await world.states() == ["unknown", "sent", "sent", "sent"]
    assert len(channel.got) == 3


@pytest.mark.parametrize(
    ("policy", "left", "sent"),
    [(Policy.ONCE, "unknown", ["x"]), (Policy.REPEAT, "sent", ["x", "x"])],
)
async def test_a_crash_while_sending(world: World, channel: Channel, policy, left, sent):
    await world.open_chats(1)
    await world.put(say(1, "x", policy=policy))
    channel.gate = asyncio.Event()
    dying = asyncio.create_task(sender(world, channel).step())
    while not channel.got:
        await asyncio.sleep(0.01)
    dying.cancel()  # As kill -9 would: it never marks what it sent.
    await asyncio.gather(dying, return_exceptions=True)
    channel.gate = None
    await run_until(world, sender(world, channel), START)
    assert await world.states() == [left]
    assert channel.texts == sent
    assert await world.rows("SELECT * FROM outbox_chat") == []


async def test_a_failing_store_neither_loses_marks_nor_sends_again(
    world: World, channel: Channel, faults
):
    """The n-th statement and all after it fail in the step, for every n until none does."""
    await world.open_chats(3)
    send = sender(world, channel)
    await send.step()
    for n in range(1, 100):
        channel.got.clear()
        policies = (Policy.REPEAT, Policy.ONCE, Policy.REPEAT)
        await world.put(*(say(k, f"{n}-{k}", policy=p) for k, p in enumerate(policies, 1)))
        faults.after, faults.lasting = n, True
        failed = False
        try:
            await send.step()
        except StoreError:
            failed = True
        faults.after = None
        await run_until(world, send, START)
        assert sorted(channel.texts) == [f"{n}-{k}" for k in (1, 2, 3)]
        assert set(await world.states()) == {"sent"}
        if not failed:
            return
    raise AssertionError("it never passed")


async def test_the_pace_of_telegram(world: World, channel: Channel):
    await world.open_chats(100)
    await world.open_chats(1, group=True)
    await world.put(*(say(n, "news", lane=Lane.ANNOUNCEMENT) for n in range(1, 101)))
    await world.put(*(say(1, f"r{n}") for n in range(6)), *(say(101, "g") for _ in range(30)))
    await run_until(world, sender(world, channel, TELEGRAM), START + 600_000)
    by = {"news": [], "r": [], "g": []}  # type: ignore[var-annotated]
    for text, at in zip(channel.texts, channel.at, strict=True):
        by[text if text in by else "r"].append(at - START)
    assert [len(times) for times in by.values()] == [100, 6, 30]
    assert by["r"] == [0, 0, 0, 1000, 2000, 3000]
    assert 3_900 <= max(by["news"]) <= 8_500  # 25 a second, chat 1 after its replies.
    for first in by["news"]:
        assert len([at for at in by["news"] if first <= at < first + 1000]) <= 26
    for first in by["g"]:
        assert len([at for at in by["g"] if first <= at < first + 60_000]) <= 20


async def test_a_long_queue_of_one_chat_starves_nobody(world: World, channel: Channel):
    await world.open_chats(2)
    await world.put(*(say(1, f"a{n}") for n in range(500)), say(2, "b"))
    send = sender(world, channel, TELEGRAM)
    await send.step()
    assert set(channel.texts) == {"a0", "b"}


async def test_a_row_taken_back_is_not_sent(world: World, channel: Channel):
    await world.open_chats(1)
    await world.put(say(1, "x"))

    def take_back(unit: Unit) -> None:
        unit.db.execute("DELETE FROM outbox")

    await world.store.run(take_back)
    await run_until(world, sender(world, channel), START)
    assert channel.got == []
    assert await world.rows("SELECT * FROM outbox_chat") == []


async def test_a_replay_is_the_same(world: World, channel: Channel):
    """`step` awaits what it starts, so nothing is under way when it returns."""
    await world.open_chats(5)
    await world.put(*(say(n, str(n)) for n in (3, 1, 2, 5, 4)))
    await sender(world, channel).step()
    assert channel.texts == ["1", "2", "3", "4", "5"]  # Due at once: by chat.


async def test_running_it_sends_what_comes_and_lives_through_an_outage(
    world: World, channel: Channel, faults, monkeypatch, caplog
):
    monkeypatch.setattr("bot.post.bell.Outage.FIRST_SECONDS", 0.01)
    monkeypatch.setattr("bot.post.bell.Outage.LONGEST_SECONDS", 0.02)
    await world.open_chats(100)
    running = asyncio.create_task(sender(world, channel, bell=world.bell).run())
    await asyncio.sleep(0.05)
    await world.put(*(say(n, "a") for n in range(1, 101)))
    world.bell.ring([1])
    await _until(lambda: len(channel.got) == 100)
    await world.put(say(1, "b"))
    faults.after, faults.lasting = 1, True
    world.bell.ring([1])
    await asyncio.sleep(0.3)
    assert faults.after > -60  # It pauses between its tries.
    faults.after = None
    await _until(lambda: len(channel.got) == 101)
    await asyncio.sleep(0.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert set(await world.states()) == {"sent"}
    assert len([r for r in caplog.records if "waits" in r.message]) == 1


async def test_what_is_under_way_is_not_begun_again(world: World, channel: Channel):
    await world.open_chats(1)
    await world.put(say(1, "a"), say(1, "b"))
    channel.gate = asyncio.Event()
    running = asyncio.create_task(sender(world, channel, bell=world.bell).run())
    for _ in range(10):
        world.bell.ring([1])
        await asyncio.sleep(0.01)
    assert channel.texts == ["a"]
    channel.gate.set()
    await _until(lambda: channel.texts == ["a", "b"])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class EventfulStore:
    """The store, with something that happens while a unit is being committed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read = store.read
        self.meanwhile: Callable[[], None] = lambda: None

    async def run(self, work: Callable[[Unit], Any]) -> Any:
        result = await self._store.run(work)
        self.meanwhile()
        await asyncio.sleep(0.01)
        return result


async def test_a_message_sent_while_marks_are_written_is_marked_too(world: World, channel: Channel):
    await world.open_chats(2)
    channel.gate = asyncio.Event()
    store: Any = EventfulStore(world.store)
    send = ChannelSender(store, "chat", channel.send, Limits(), world.clock)
    running = asyncio.create_task(send.run(world.bell))
    await world.put(say(1, "slow"))
    world.bell.ring([1])
    await _until(lambda: channel.texts == ["slow"])
    gate, channel.gate = channel.gate, None
    store.meanwhile = gate.set  # The slow one arrives while the quick one's mark is committed.
    await world.put(say(2, "quick"))
    world.bell.ring([2])
    await _until(gate.is_set)
    await asyncio.sleep(0.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await world.states() == ["sent", "sent"]


class SlowReads:
    """The store, with time going by at each reading."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.run = world.store.run

    async def read(self, query: Callable[[Any], Any]) -> Any:
        result = await self._world.store.read(query)
        self._world.now += 10
        return result


async def test_what_comes_due_between_two_looks_is_not_overlooked(world: World, channel: Channel):
    await world.open_chats(1)
    await world.put(say(1, "a"))
    await world.store.run(
        lambda unit: unit.db.execute("UPDATE outbox_chat SET due_at = due_at + 5") and None
    )
    slow: Any = SlowReads(world)
    send = ChannelSender(slow, "chat", channel.send, Limits(), world.clock)
    assert await send.step() == START + 5


async def test_stopping_lets_what_is_under_way_finish(world: World, channel: Channel):
    await world.open_chats(1)
    await world.put(say(1, "a", policy=Policy.ONCE))
    channel.gate = asyncio.Event()
    running = asyncio.create_task(sender(world, channel).run())
    await _until(lambda: channel.got)
    running.cancel()
    await asyncio.sleep(0.05)
    channel.gate.set()
    await asyncio.gather(running, return_exceptions=True)
    assert await world.states() == ["sent"]


async def test_no_query_scans(world: World):
    """However long the history: every statement of the room uses an index."""
    from bot.post import clock, inbox, outbox
    from bot.post import lines as line_room

    values = dict.fromkeys(
        "now channel lane limit id chat_id due_at latest state attempts error key event retry_at"
        " line_id policy seq direction body at before address new_address message_id enquiry_id"
        " announcement_id".split(),
        0,
    )

    # Asked of the reader, which has no foreign keys: with them a plan also names the look for
    # children of a new row, which is made only when a deferred key is open. Ours are never.
    def plans(db):
        return [
            (name, row[3])
            for room in (clock, inbox, outbox, line_room)
            for name in room.queries.available_queries
            if not name.endswith("_cursor")
            for row in db.execute("EXPLAIN QUERY PLAN " + getattr(room.queries, name).sql, values)
        ]

    found = await world.store.read(plans)
    assert len(found) > 20
    allowed = ("SCAN CONSTANT ROW", "SCAN 4 CONSTANT ROWS", "SCAN lanes", "SCAN (subquery")
    assert [
        (name, plan)
        for name, plan in found
        if ("SCAN" in plan and not plan.startswith(allowed)) or "TEMP B-TREE" in plan
        # A new line has no children: SQLite plans that check, and passes over it at run time.
        if (name, plan) not in (("insert", "SCAN outbox"), ("insert", "SCAN failed"))
    ] == []


async def _until(reached) -> None:
    async with asyncio.timeout(5):
        while not reached():
            await asyncio.sleep(0.01)
