"""One shop, its people and their bad luck, all from one seed.

The shop is the real one: store, inbox, talk, clock and sender on a file. It is driven step by step
in one event loop, and no two of its calls are under way at once, so a seed always gives the same
trace. A kill leaves the files as they are; the next life begins with a copy of them.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from bot.language.lexicon import load_words
from bot.language.locales import Locales
from bot.messages import Abilities, Content, Incoming, Lane, Outgoing, Policy
from bot.post import lines, outbox, pace
from bot.post.bell import Bell
from bot.post.clock import Clock
from bot.post.inbox import Inbox
from bot.post.outbox import Sender
from bot.service import retry_soon
from bot.shop import catalogue, people, stock
from bot.shop.catalogue_files import read_catalogue, store_pictures
from bot.store.files import Files
from bot.store.sqlite import Store, StoreError, in_thread
from bot.store.unit import Unit
from bot.talk.router import Talk
from tests.shop_fixture import DEMO
from tests.simulation import invariants
from tests.simulation.machine import Dead, Fate, Phone, mortal
from tests.simulation.people import Actor, Buyer, Staff

T = TypeVar("T")

START_MS = 1_784_530_800_000  # 2026-07-20 15:00 in Shanghai: the matsutake are in season
SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS = 1_000, 60_000, 3_600_000, 86_400_000
CHANNELS = {
    "page": Abilities(buttons=True, cards=True, pushed=False),
    "phone": Abilities(buttons=False, cards=False, pushed=True),
}
SCARCE = (("cordyceps", "medium", 90), ("cordyceps", "large", 30), ("morel", "", 2500))
STAFF = (("seller", "Sonam", "page"), ("seller", "Pema", "phone"), ("operator", "Ola", "page"))
QUIET_STEPS_MAX = 20_000  # After the faults; more means that something never comes to rest.


MEMORY = Path("/dev/shm")


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for a world: in memory where possible, since only the process dies here."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="shanhuo-", dir=place) as folder:
        yield Path(folder)


class Violation(AssertionError):
    """An invariant does not hold; says which, when and in which seed."""


class Takes(Protocol):
    """The part of an inbox that events are delivered to."""

    async def take(self, event: Incoming) -> bool: ...


@dataclass
class Moment:
    """A clock that the world sets, and that may be set back between two looks at it."""

    ms: int = START_MS
    jolt_left: int = 0  # Looks until then.

    def __call__(self) -> int:
        self.jolt_left -= 1
        if self.jolt_left == 0:
            self.ms -= 2 * MINUTE_MS
        return self.ms


@dataclass
class World:
    """A simulation. `wrap` stands before the inbox, for worlds that are to be caught broken."""

    seed: int
    folder: Path
    wrap: Callable[[Inbox], Takes] = lambda inbox: inbox
    now: Moment = field(default_factory=Moment)
    trace: deque[str] = field(default_factory=lambda: deque(maxlen=60))
    tally: Counter[str] = field(default_factory=Counter)
    actors: dict[str, Actor] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.phone = Phone(self._random(), self._ring)
        self.fate = self.phone.fate
        self.digest = sha256()
        self.locales, self.words = Locales(), load_words()
        self.life = 0
        self.path = self.folder / "0" / "shop.db"
        self.path.parent.mkdir()
        self.disk_is_full = False
        self.stray: list[str] = []
        self.taken = invariants.Taken()

    async def run(self, days: float) -> None:
        """Lives through so many days and then comes to rest. Raises Violation."""
        asyncio.get_running_loop().set_exception_handler(self._stray_error)
        await self._open()
        try:
            await self._found()
            while self.now.ms < START_MS + days * DAY_MS:
                await self._step()
                await self._check()
            await self._come_to_rest()
        finally:
            await self._close()

    # ── One life of the process ──────────────────────────────────────────────────────────────────

    async def _open(self, shelf: Any = None) -> None:
        self.fate = self.phone.fate = Fate()
        self.store = await Store.open(
            self.path,
            clock=self.now,
            ids=self._random(),
            zone=ZoneInfo("Asia/Shanghai"),
            factory=mortal(self.fate),
        )
        talk = Talk(
            locales=self.locales,
            words=lambda: self.words,
            abilities=CHANNELS,
            retry=retry_soon,
        )
        talk._shelf = shelf  # A cache, keyed by what is in the store; to fill it takes long.
        self.talk = talk
        inbox = Inbox(self.store, talk.answer, talk.excuse, CHANNELS, Bell())
        self.inbox = self.wrap(inbox)
        self.clock = Clock(self.store, inbox)
        limits = {"phone": pace.TELEGRAM}
        self.sender = Sender(self.store, {"phone": self.phone.send}, limits, self.now)
        self.disk_is_full = False

    async def _close(self) -> None:
        """Ends the process without a last word: tasks vanish, files are closed as they are."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in (self.store._reader, self.store._writer):
            await connection.close()

    async def _die(self) -> None:
        """The process is gone; another begins on what its files held at that moment."""
        self.life += 1
        before, self.path = self.path, self.folder / str(self.life) / "shop.db"
        self.path.parent.mkdir()
        for file in before.parent.glob("shop.db*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, self.path.parent / file.name)
        await self._close()
        shutil.rmtree(before.parent)
        self.phone.died()
        self.taken = invariants.Taken()
        await self._open(self.talk._shelf)
        if await self.store.read(invariants.queries.integrity) != "ok":
            raise self._violation(["the file is damaged"])
        self._note("a new life")

    async def _found(self) -> None:
        """A shop with few goods, so that people compete for them."""

        goods = store_pictures(read_catalogue(DEMO), Files(self.folder / "files"))

        def found(unit: Unit) -> None:
            catalogue.replace(unit, goods, by=None)
            for product, grade, left in SCARCE:
                there = stock.available(unit, product, grade)
                stock.lose(unit, product, grade, there - left, by=None)
            for actor in self.actors.values():
                people.open_chat(unit, actor.address, role=actor.role, name=actor.name)

        for role, name, channel in STAFF:
            self.actors[name] = Staff(role, name, channel, self._random())
        for n in range(12):
            name = f"buyer{n}"
            self.actors[name] = Buyer(name, "phone" if n % 2 else "page", self._random())
        await self.store.run(found)

    # ── What happens ─────────────────────────────────────────────────────────────────────────────

    async def _step(self) -> None:
        """Time goes on, something may befall the shop, and somebody does something."""
        await self._fates()
        self.now.ms += self.rng.choice((SECOND_MS, 20 * SECOND_MS, MINUTE_MS, 8 * MINUTE_MS))
        for actor in self.rng.sample(list(self.actors.values()), self.rng.randint(1, 4)):
            if self.rng.random() < actor.haste:
                await self._read(actor)
                actor.act()
        await self._deliver()
        if self.rng.random() < 0.6:
            await self._attempt("clock", self.clock.step())
        for _ in range(self.rng.randrange(4)):
            await self._send()
        if self.rng.random() < 0.02:
            await self._announce()
        if self.fate.is_dead:
            await self._die()

    async def _fates(self) -> None:
        """Kills, a failing disk, a full one, a bad network, a jumping clock: begun and ended."""
        roll = self.rng.random()
        if roll < 0.05:
            self.fate.points_left = self.rng.randrange(300)
            self._note(f"will die in {self.fate.points_left} points")
        elif roll < 0.07:
            self.fate.errors_left = self.rng.randrange(60)
        elif roll < 0.09:
            await self._fill_disk(not self.disk_is_full)
        elif roll < 0.13:
            self.phone.trouble = self.rng.choice((0, 0, 0.1, 0.5, 1))
        elif roll < 0.14:
            jump = self.rng.choice((-10 * MINUTE_MS, -MINUTE_MS, HOUR_MS, 6 * HOUR_MS))
            self.now.ms += jump
            self._note(f"the clock jumps {jump // MINUTE_MS} minutes")
        elif roll < 0.16:
            self.now.jolt_left = self.rng.randrange(1, 40)
        elif self.disk_is_full and roll > 0.8:
            await self._fill_disk(False)

    async def _fill_disk(self, full: bool) -> None:
        pages = "1" if full else "4294967294"  # One page is less than there are: no more come.
        pragma = f"PRAGMA max_page_count = {pages}"
        await in_thread(self.store._writer, lambda db: sqlite3.Connection.execute(db, pragma))
        self.disk_is_full = full
        self._note("the disk is full" if full else "the disk has room")

    async def _read(self, actor: Actor) -> None:
        """The page reads its lines from where it was."""
        if actor.address.channel == "page":
            news = await self.store.read(partial(_news, actor))
            for line in news:
                actor.seen = line.seq
                if line.direction == "out":
                    actor.hear(msgspec.json.decode(line.body, type=Content))

    async def _deliver(self) -> None:
        """Events reach the shop at once, some late, some twice, some in the wrong order."""
        events: list[tuple[Actor, Incoming]] = []
        for actor in self.actors.values():
            sent = actor.queue[: self.rng.choice((0, 1, 2, 9))]
            if self.rng.random() < 0.05:
                self.rng.shuffle(sent)
            if actor.known and self.rng.random() < 0.02:
                sent.append(self.rng.choice(actor.known))
            events += [(actor, event) for event in sent]
        takes = [self._attempt(event.key, self.inbox.take(event)) for _, event in events]
        for (actor, event), answer in zip(events, await asyncio.gather(*takes), strict=True):
            self._answered(actor, event, answer)

    def _answered(self, actor: Actor, event: Incoming, answer: bool | None) -> None:
        self._note(f"{event} → {answer}")
        first, self.tried[event.key] = not self.tried[event.key], self.tried[event.key] + 1
        if answer is None:
            return
        if answer and event.key in self.acknowledged:
            self.stray.append(f"event {event.key} was taken again")
        if not answer and first:
            self.stray.append(f"event {event.key} was new and not taken")
        self.acknowledged.add(event.key)
        if event in actor.queue and self.rng.random() < 0.97:  # Else the answer got lost.
            actor.queue.remove(event)
            actor.known = [*actor.known[-5:], event]

    async def _send(self) -> None:
        if self.fate.points_left is None and self.rng.random() < 0.1:
            self.phone.meanwhile = self._deliver
        if await self._attempt("sender", self.sender.step(), done=self.phone.marked):
            self.tally["sender steps"] += 1
        self.phone.meanwhile = None

    async def _announce(self) -> None:
        """Something is told to everybody on the phone, once."""
        self.tally["announcements"] += 1
        content = Content(text=f"news {self.tally['announcements']}", language="en")

        def put(unit: Unit) -> None:
            for actor in self.actors.values():
                chat = people.find_chat(unit, actor.address)
                if chat and actor.address.channel == "phone":
                    news = Outgoing(chat.id, content, Lane.ANNOUNCEMENT, Policy.ONCE)
                    outbox.put(unit, news, CHANNELS)

        await self._attempt("announcement", self.store.run(put))

    async def _attempt(
        self, what: str, work: Coroutine[Any, Any, T], *, done: Callable[[], None] | None = None
    ) -> T | None:
        """Does it; None when the shop died of it, or its store failed, as it may just now."""
        if self.fate.is_dead:
            work.close()
            return None
        try:
            result = await work
        except Dead:
            return None
        except StoreError as error:
            if not (self.fate.is_dead or self.fate.disk_failed or self.disk_is_full):
                self.stray.append(f"{what}: the store failed for no reason: {error!r}")
            self.tally["store failures"] += 1
            return None
        if done and not self.fate.is_dead:
            done()
        return result

    # ── What must hold ───────────────────────────────────────────────────────────────────────────

    async def _check(self, *more: Callable[[Any], list[str]]) -> None:
        checks = (
            lambda db: invariants.always(db, self.now.ms),
            lambda db: self.taken.look(db, self.acknowledged),
            *more,
        )
        found = await self.store.read(lambda db: [fault for check in checks for fault in check(db)])
        self.tally["steps"] += 1
        if found or self.stray:
            raise self._violation(found + self.stray)
        self.fate.disk_failed = False

    async def _come_to_rest(self) -> None:
        """The faults are over and nobody begins anything new: now everything must finish."""
        self.fate.points_left = self.fate.errors_left = None
        self.phone.trouble = 0
        await self._fill_disk(False)
        while any(actor.queue for actor in self.actors.values()):
            await self._deliver()
        until = self.now.ms + DAY_MS
        for _ in range(QUIET_STEPS_MAX):
            dues = await self.clock.step(), await self.sender.step()
            due = min((time for time in dues if time is not None), default=until)
            if due >= until:
                break
            self.now.ms = max(self.now.ms + 1, due)
        self.phone.marked()
        await self._check(
            lambda db: invariants.at_rest(db, self.now.ms),
            lambda db: list(invariants.on_the_phone(db, self.phone)),
        )
        tally = await self.store.read(lambda db: dict(map(tuple, invariants.queries.tally(db))))
        self.tally.update(tally)
        self.tally.update(
            lives=self.life + 1, events=len(self.acknowledged), doubts=self.phone.doubts.total()
        )

    def _violation(self, found: list[str]) -> Violation:
        step = self.tally["steps"]
        return Violation("\n".join([f"seed {self.seed}, step {step}, at {self.now.ms}:", *found]))

    def _stray_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An error that nobody awaited; of the dead there may be some."""
        if not isinstance(context.get("exception"), Dead):
            self.stray.append(f"unawaited: {context}")

    def _ring(self, address: str, content: Content) -> None:
        self._note(f"{address} hears {content}")
        self.actors[address].hear(content)

    def _note(self, what: str) -> None:
        line = f"{self.tally['steps']} {self.now.ms - START_MS} {what}"
        self.trace.append(line)
        self.digest.update(line.encode())

    def _random(self) -> Random:
        return Random(self.rng.getrandbits(64))


def _news(actor: Actor, db: Any) -> list[lines.Line]:
    """What the page has not shown yet; nothing before there is a chat."""
    chat_id = invariants.queries.chat_at(db, address=actor.address.id)
    return lines.after(db, chat_id, actor.seen, 100) if chat_id else []
