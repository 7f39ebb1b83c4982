"""What outside services are asked: calls that a unit puts, and who makes them.

A call is made until it is answered or has failed for good, and its answers come in like everything
that happens, under keys of the call's own. A crash in between makes it once more, so whatever is
asked of a service has a key under which a repetition does nothing.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import msgspec
from msgspec import structs

from bot.messages import Answer, Call, CallFailed, Request
from bot.post.bell import Outage
from bot.store.queries import load
from bot.store.sqlite import Store
from bot.store.unit import Unit

log = logging.getLogger(__name__)
queries = load(__file__)

# Answers without a key are given one; those with a key are what may be told twice, by a notice too.
Service = Callable[[Request], Awaitable[Sequence[Answer]]]
Take = Callable[[Answer], Awaitable[bool]]

LOOK_SECONDS = 0.5
WINDOW = 16  # calls of one service under way at once
TIMEOUT_SECONDS = 30.0
FIRST_WAIT_MS = 2_000
LONGEST_WAIT_MS = 10 * 60_000
ATTEMPTS_MAX = 12  # about half an hour
ERROR_CHARACTERS_MAX = 500


class Refusal(Exception):
    """The service will not do what it was asked, however often it is asked."""


def put(unit: Unit, call: Call) -> None:
    """Has a service asked as soon as the unit is committed."""
    request = msgspec.json.encode(call.request).decode()
    queries.add(unit.db, service=call.service, request=request, now=unit.now)


class Caller:
    """Makes the calls of one service; `take` is the inbox's."""

    def __init__(
        self, store: Store, take: Take, key: str, service: Service, clock: Callable[[], int]
    ) -> None:
        self._store = store
        self._take = take
        self._key = key
        self._service = service
        self._clock = clock

    async def run(self) -> None:
        """Runs until cancelled."""
        outage = Outage(f"the calls to {self._key}")
        while True:
            with outage:
                await self.step()
            await asyncio.sleep(outage.seconds or LOOK_SECONDS)

    async def step(self) -> int:
        """Makes the calls that are due, a window of them at most; how many. Raises StoreError."""
        due = await self._store.read(self._due)
        await asyncio.gather(*(self._make(*each) for each in due))
        return len(due)

    def _due(self, db: sqlite3.Connection) -> list[tuple[int, str, int]]:
        rows = queries.due(db, service=self._key, now=self._clock(), limit=WINDOW)
        return [(row[0], row[1], row[2]) for row in rows]

    async def _make(self, id: int, body: str, attempts: int) -> None:
        """One call, with what comes of it."""
        request = msgspec.json.decode(body, type=Request)
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answers = list(await self._service(request))
        except Refusal as refusal:
            answers = [CallFailed("", self._key, request, str(refusal))]
        except Exception as error:
            if attempts + 1 < ATTEMPTS_MAX:
                await self._store.run(partial(_later, id, attempts + 1, repr(error)))
                return
            answers = [CallFailed("", self._key, request, repr(error))]
        for n, answer in enumerate(answers):
            key = answer.key or f"call:{id}:{n}"
            await self._take(structs.replace(answer, key=key))
        await self._store.run(lambda unit: queries.done(unit.db, id=id))


def _later(id: int, attempts: int, error: str, unit: Unit) -> None:
    log.warning("call %d fails: %s", id, error)
    wait_ms = min(FIRST_WAIT_MS << (attempts - 1), LONGEST_WAIT_MS)
    due_at = unit.now + wait_ms // 2 + unit.ids.randrange(wait_ms // 2 + 1)
    error = error[:ERROR_CHARACTERS_MAX]
    queries.later(unit.db, id=id, attempts=attempts, due_at=due_at, error=error)
