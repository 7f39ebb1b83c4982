"""The one way out: rows that a unit puts, and the sender that takes them to the channels.

A chat's rows leave one after another, the more urgent lane first and within a lane in order. A
row that must wait holds its chat and no other. `repeat` rows are marked after sending, `once` rows
claimed in a commit before it.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.messages import Abilities, Content, Lane, Outgoing, Policy
from bot.post import lines
from bot.post.bell import Bell, Ear, Outage
from bot.post.outcomes import NotSent, Refused, RetryLater, Send, Unreachable
from bot.post.pace import Limits, Pace
from bot.store.queries import load
from bot.store.sqlite import Store, StoreError
from bot.store.unit import Unit

log = logging.getLogger(__name__)
queries = load(__file__)


# Messages of one channel under way at once, or sent and not yet marked: enough for 600 a second
# at 50 ms each.
WINDOW = 32
# Waits after failures: 1 s, 2 s, 4 s … 10 min, each shortened by up to half at random, so that
# those who failed together do not return together.
FIRST_WAIT_MS = 1_000
LONGEST_WAIT_MS = 600_000
# An error that is none of the network (no OSError) is likely the message's own: after these tries
# (half an hour) the row has failed, so that it does not hold its chat for days.
ATTEMPTS_MAX = 12
# Nobody waits longer than this for a reply; the network may be away so long.
GIVE_UP_MS = 3 * 24 * 3_600_000
# The bell and the due times wake the sender; a commit of another process or a clock that jumped
# is noticed after this at the latest.
LOOK_SECONDS = 5.0
# While some are under way, those that end within this time are marked and followed up together.
GATHER_SECONDS = 0.015
# How long messages under way may take to finish when the sender stops.
GRACE_SECONDS = 5.0
ERROR_CHARACTERS_MAX = 500


def put(unit: Unit, outgoing: Outgoing, abilities: Mapping[str, Abilities]) -> None:
    """Adds a line to its chat, and a row for the sender unless the channel reads its own lines.

    A channel that `abilities` does not name is taken to be sent to; a chat that cannot be reached
    has the line to itself. Raises ValueError when there is no such chat.
    """
    body = msgspec.json.encode(outgoing.content).decode()
    line_id, channel, is_reachable = lines.write_out(unit, outgoing.chat, body)
    ability = abilities.get(channel)
    if not is_reachable or (ability and not ability.pushed):
        return
    queries.insert(
        unit.db,
        line_id=line_id,
        chat_id=outgoing.chat,
        channel=channel,
        lane=outgoing.lane,
        policy=outgoing.policy,
        due_at=unit.now,
        enquiry_id=outgoing.enquiry or None,
        announcement_id=outgoing.announcement or None,
    )


def set_unreachable(unit: Unit, chat_id: int, error: str) -> None:
    """Nothing is sent to a chat from now on, until its person writes; what waits has failed."""
    queries.chat_unreachable(unit.db, chat_id=chat_id, now=unit.now)
    queries.fail_waiting(unit.db, chat_id=chat_id, error=error)


def set_reachable(unit: Unit, chat_id: int) -> None:
    """A chat may be sent to again."""
    queries.chat_reachable(unit.db, chat_id=chat_id)


class _Row(Struct, frozen=True):
    """A row about to be sent."""

    id: int
    chat_id: int
    address: str
    lane: Lane
    policy: Policy
    attempts: int
    body: str
    at: int
    enquiry: int | None


class _Mark(Struct, frozen=True):
    """What is to be written about a chat, and about its row if there is one.

    `message_ids` are what the channel calls the messages about the `enquiry`.
    """

    chat_id: int
    row_id: int | None = None
    state: str = "waiting"
    attempts: int = 0
    error: str = ""
    due_at: int = 0
    grows: bool = False  # The wait is reckoned from the attempts, with jitter, by the unit.
    unreachable: bool = False  # The chat's other rows have failed with this one.
    enquiry: int = 0
    message_ids: Sequence[str] = ()


class ChannelSender:
    """Sends the rows of one channel."""

    def __init__(
        self,
        store: Store,
        channel: str,
        send: Send,
        limits: Limits,
        clock: Callable[[], int],
        window: int = WINDOW,
    ) -> None:
        self._store = store
        self._channel = channel
        self._send = send
        self._clock = clock
        self._window = window
        self._pace = Pace(limits, clock())
        self._busy: set[int] = set()  # Chats being sent to, or whose mark is not committed yet.
        self._marks: list[_Mark] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._flushing: asyncio.Task[bool] | None = None
        self._halted: tuple[int, int] = (0, 0)  # From, until.
        self._seen_at: int | None = None
        self._looked_at = 0
        self._recovered = False

    async def step(self) -> int | None:
        """Sends what is due, at most a window of it, and marks it.

        Returns when the next is due (UTC ms; perhaps now), None when nothing waits. Raises
        StoreError; then the marks are kept and written by the next step.
        """
        await self._flush()
        tasks = await self._start_due()
        if tasks:
            await asyncio.gather(*tasks)
        flushed = await self._flush()
        return self._clock() if tasks or flushed else await self._next_due()

    async def run(self, bell: Bell) -> None:
        """Runs until cancelled; then lets what is under way finish for GRACE_SECONDS."""
        outage = Outage(f"the sender of {self._channel}")
        with bell.listen() as ear:
            try:
                while True:
                    wait_s = LOOK_SECONDS
                    with outage:
                        if outage.lasts:
                            await self._flush()  # Only what is written ends an outage.
                        wait_s = await self._turn(ear)
                    if outage.lasts:
                        await asyncio.sleep(outage.seconds)
                    elif await ear.wait(wait_s) and self._tasks:
                        await asyncio.sleep(GATHER_SECONDS)
            finally:
                await self._finish()

    async def _turn(self, ear: Ear) -> float:
        """One round of the loop: marks, starts what is due; returns how long to wait (s)."""
        self._flush_aside(ear)
        for task in await self._start_due():
            task.add_done_callback(lambda _: ear.ring())
        self._flush_aside(ear)
        if len(self._busy) >= self._window:
            return LOOK_SECONDS
        due_at = await self._next_due()
        if due_at is None:
            return LOOK_SECONDS
        return min(LOOK_SECONDS, max(0.0, (due_at - self._clock()) / 1000))

    def _flush_aside(self, ear: Ear) -> None:
        """Has the marks written while others are sent; raises what the last writing did."""
        if self._flushing and self._flushing.done():
            flushed, self._flushing = self._flushing, None
            flushed.result()
        if self._marks and self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
            self._flushing.add_done_callback(lambda _: ear.ring())

    async def _start_due(self) -> list[asyncio.Task[None]]:
        """Begins to send what is due and fits into the window."""
        await self._recover()
        if self._halt_ends() is not None or len(self._busy) >= self._window:
            return []
        self._looked_at = self._clock()
        # A mark may be committed while this is read, and then its row is not what was read.
        busy = frozenset(self._busy)
        rows = self._choose(await self._store.read(self._due), busy)
        return [self._start(row) for row in await self._claim(rows)]

    def _due(self, db: sqlite3.Connection) -> list[sqlite3.Row]:
        """The first rows of chats that may be sent to, the most urgent lanes first."""
        now = self._looked_at
        # Busy chats are still in the queue, at its front.
        limit = self._window + len(self._busy)
        due: list[sqlite3.Row] = []
        for lane in Lane:
            if self._pace.wait_overall(lane, now) == 0 and len(due) < limit:
                due += queries.due_chats(
                    db, channel=self._channel, lane=lane, now=now, limit=limit - len(due)
                )
        return due

    def _choose(self, due: list[sqlite3.Row], busy: frozenset[int]) -> list[_Row]:
        """The rows to be sent now; chats that must wait, or have nothing, are marked so.

        `busy` are the chats that were so when it was asked what is due.
        """
        now = self._clock()
        chosen: list[_Row] = []
        for found in due:
            chat_id = found["chat_id"]
            if chat_id in busy or chat_id in self._busy:
                continue
            if len(self._busy) >= self._window:
                break
            if found["id"] is None:
                self._settle(_Mark(chat_id))
                continue
            row = _row(found)
            if self._pace.wait_overall(row.lane, now):
                continue
            wait = self._pace.wait_chat(row.address, row.lane, now)
            if wait:
                self._settle(_Mark(chat_id, due_at=now + wait))
                continue
            self._pace.take(row.address, row.lane, now)
            self._busy.add(chat_id)
            chosen.append(row)
        return chosen

    async def _claim(self, rows: list[_Row]) -> list[_Row]:
        """Claims the `once` rows among these in one commit; returns the rows still to be had."""
        once = {row.id for row in rows if row.policy is Policy.ONCE}
        if not once:
            return rows
        try:
            gone = once - await self._store.run(partial(_claim, sorted(once)))
        except BaseException:
            self._busy.difference_update(row.chat_id for row in rows)
            raise
        for row in rows:
            if row.id in gone:
                self._settle(_Mark(row.chat_id))
        return [row for row in rows if row.id not in gone]

    def _start(self, row: _Row) -> asyncio.Task[None]:
        task = asyncio.create_task(self._deliver(row), name=f"send {row.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _deliver(self, row: _Row) -> None:
        try:
            ids = await self._send(row.address, msgspec.json.decode(row.body, type=Content))
        except Exception as error:
            self._settle(self._failure(row, error))
        else:
            mark = _Mark(row.chat_id, row.id, "sent", row.attempts + 1)
            if row.enquiry:
                mark = replace(mark, enquiry=row.enquiry, message_ids=ids)
            self._settle(mark)

    def _failure(self, row: _Row, error: Exception) -> _Mark:
        """What becomes of a row that could not be sent."""
        text = (str(error) or type(error).__name__)[:ERROR_CHARACTERS_MAX]
        if isinstance(error, RetryLater):
            return self._told_to_wait(row, error)
        state = "failed"
        attempts = row.attempts + 1
        if not isinstance(error, (Unreachable, Refused)):
            state = self._state_after(row, error, attempts)
            log.warning("%s: row %d: %s", self._channel, row.id, text)
        return _Mark(
            row.chat_id,
            row.id,
            state,
            attempts,
            text,
            grows=state == "waiting",
            unreachable=isinstance(error, Unreachable),
        )

    def _told_to_wait(self, row: _Row, error: RetryLater) -> _Mark:
        now = self._clock()
        due_at = now + round(error.seconds * 1000)
        if error.whole:
            self._halted = (now, max(due_at, self._halted[1]))
            log.info("%s: told to wait %s s", self._channel, error.seconds)
        return _Mark(row.chat_id, row.id, "waiting", row.attempts, due_at=due_at)

    def _state_after(self, row: _Row, error: Exception, attempts: int) -> str:
        if row.policy is Policy.ONCE and not isinstance(error, NotSent):
            return "unknown"
        is_network = isinstance(error, (OSError, NotSent))
        worn_out = attempts >= ATTEMPTS_MAX and not is_network
        return "failed" if worn_out or self._clock() - row.at > GIVE_UP_MS else "waiting"

    def _settle(self, mark: _Mark) -> None:
        """The chat is busy until the mark is committed."""
        self._busy.add(mark.chat_id)
        self._marks.append(mark)

    async def _flush(self) -> bool:
        """Writes all marks in one unit; on StoreError they stay for the next time."""
        marks = self._marks[:]
        if not marks:
            return False
        await self._store.run(partial(_write, marks))
        del self._marks[: len(marks)]
        self._busy.difference_update(mark.chat_id for mark in marks)
        return True

    async def _next_due(self) -> int | None:
        """When something may be sent next, what is under way apart."""
        halt = self._halt_ends()
        if halt is not None:
            return halt
        # What came due since the last look counts as later, or it would be overlooked.
        since = self._looked_at
        later: int | None = await self._store.read(
            lambda db: queries.next_due(db, channel=self._channel, now=since)
        )
        now = self._clock()
        paced = self._pace.wait_overall(Lane.ANNOUNCEMENT, now)
        if paced and await self._store.read(partial(_has_paced, self._channel, now)):
            return min(now + paced, later or now + paced)
        return later

    def _halt_ends(self) -> int | None:
        """When the halt that the service asked for ends, None when there is none."""
        since, until = self._halted
        now = self._clock()
        if since <= now < until:  # A clock that was set back ends the halt too.
            return until
        return None

    async def _recover(self) -> None:
        """At the start, and when the clock was set back, sees to rows that would hang."""
        now = self._clock()
        set_back = self._seen_at is not None and now < self._seen_at - 1000
        if not self._recovered:
            await self._store.run(partial(_recover, self._channel, now + LONGEST_WAIT_MS))
        elif set_back:
            await self._store.run(partial(_cut_waits, self._channel, now))
        self._recovered = True
        self._seen_at = now

    async def _finish(self) -> None:
        """Waits for what is under way, and marks it."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._flushing:
            await asyncio.gather(self._flushing, return_exceptions=True)
        try:
            await self._flush()
        except StoreError as error:
            log.error("%s: %d marks lost: %s", self._channel, len(self._marks), error)


class Sender:
    """Sends the rows of all channels that this process serves, each channel by itself.

    `send` takes a chat's address within its channel and what to say; `pace` gives the limits of a
    channel, none when it is not named; `clock` is UTC milliseconds.
    """

    def __init__(
        self,
        store: Store,
        send: Mapping[str, Send],
        pace: Mapping[str, Limits],
        clock: Callable[[], int],
        bell: Bell | None = None,
        window: int = WINDOW,
    ) -> None:
        self._bell = bell or Bell()
        self._channels = [
            ChannelSender(store, name, function, pace.get(name, Limits()), clock, window)
            for name, function in send.items()
        ]

    async def step(self) -> int | None:
        """A step of each channel in turn; returns the earliest time something is due, or None."""
        due = [await channel.step() for channel in self._channels]
        return min((time for time in due if time is not None), default=None)

    async def run(self) -> None:
        """Runs until cancelled; an outage of the store or of a service is lived through."""
        async with asyncio.TaskGroup() as group:
            for channel in self._channels:
                group.create_task(channel.run(self._bell))


def _row(found: sqlite3.Row) -> _Row:
    return _Row(
        id=found["id"],
        chat_id=found["chat_id"],
        address=found["address"],
        lane=Lane(found["lane"]),
        policy=Policy(found["policy"]),
        attempts=found["attempts"],
        body=found["body"],
        at=found["at"],
        enquiry=found["enquiry_id"],
    )


def _claim(ids: list[int], unit: Unit) -> set[int]:
    return {row_id for row_id in ids if queries.claim(unit.db, id=row_id)}


def _write(marks: list[_Mark], unit: Unit) -> None:
    for mark in marks:
        if mark.row_id is not None:
            queries.mark(
                unit.db,
                id=mark.row_id,
                state=mark.state,
                attempts=mark.attempts,
                error=mark.error,
            )
        for message_id in mark.message_ids:
            queries.keep_message(
                unit.db, chat_id=mark.chat_id, message_id=message_id, enquiry_id=mark.enquiry
            )
        if mark.unreachable:
            set_unreachable(unit, mark.chat_id, mark.error)
        if queries.leave_queue(unit.db, chat_id=mark.chat_id) is None:
            due_at = unit.now + _wait_ms(mark.attempts, unit) if mark.grows else mark.due_at
            queries.queue_again(unit.db, chat_id=mark.chat_id, due_at=due_at)


def _wait_ms(attempts: int, unit: Unit) -> int:
    longest = min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(attempts - 1, 20))
    return round(longest * (0.5 + unit.ids.random() / 2))


def _has_paced(channel: str, now: int, db: sqlite3.Connection) -> bool:
    """Whether a notice or an announcement only waits for the channel's overall pace."""
    return any(
        list(queries.due_chats(db, channel=channel, lane=lane, now=now, limit=1))
        for lane in (Lane.NOTICE, Lane.ANNOUNCEMENT)
    )


def _recover(channel: str, latest: int, unit: Unit) -> None:
    """Rows claimed by a process that died are unknown; waits longer than any of ours are cut."""
    unknown = list(queries.claimed_to_unknown(unit.db, channel=channel))
    if unknown:
        log.warning("%s: %d messages may or may not have been sent", channel, len(unknown))
    queries.cut_waits(unit.db, channel=channel, now=unit.now, latest=latest)


def _cut_waits(channel: str, now: int, unit: Unit) -> None:
    queries.cut_waits(unit.db, channel=channel, now=unit.now, latest=now)
