"""The one way in: each event takes effect once, and is acknowledged by `take` returning.

An event whose unit fails leaves nothing behind but itself: it is kept with its error, the people
concerned are told, and it is tried again. A failure of the store is never an event's fault: then
nothing is kept and nothing acknowledged, and the channel tries again.
"""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import msgspec

from bot.messages import (
    Abilities,
    Address,
    Call,
    ChatNews,
    Incoming,
    Message,
    Migrated,
    Outgoing,
    Press,
)
from bot.post import calls, lines, outbox
from bot.post.bell import Bell
from bot.store.queries import load
from bot.store.sqlite import Store, StoreError
from bot.store.unit import Unit

log = logging.getLogger(__name__)
queries = load(__file__)

Answer = Callable[[Unit, Incoming], Sequence[Outgoing | Call]]
Excuse = Callable[[Unit, Incoming, int], Sequence[Outgoing | Call]]

MINUTE_MS = 60_000
# When a failed event is tried again by itself, counted from each failure; then a person decides.
RETRY_WAITS_MS = (MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, 360 * MINUTE_MS)
# The end of a traceback tells most; a deep recursion would make megabytes.
ERROR_CHARACTERS_MAX = 8_000
# An event that nobody could read is kept for a person to look at, up to this size.
RAW_CHARACTERS_MAX = 64_000

TIMER_KEY = re.compile(r"timer:(\d+):(-?\d+)")


class Inbox:
    """Takes events for one shop. `answer` and `excuse` are talk's, run inside the unit."""

    def __init__(
        self,
        store: Store,
        answer: Answer,
        excuse: Excuse,
        abilities: Mapping[str, Abilities],
        bell: Bell,
    ) -> None:
        self._store = store
        self._answer = answer
        self._excuse = excuse
        self._abilities = abilities
        self._bell = bell

    async def take(self, event: Incoming | ChatNews) -> bool:
        """Takes an event; after the commit. True: it took effect now. False: its key was seen.

        Raises StoreError only: then nothing happened, and the event must not be acknowledged.
        """
        # A caller that goes away must not take the bell's ringing with it.
        return await asyncio.shield(self._ring(self._take_or_keep(event)))

    async def retry(self, failed_id: int) -> bool:
        """Takes up a failed event again. True: it took effect. Raises StoreError only."""
        return await asyncio.shield(self._ring(self._retry_or_keep(failed_id)))

    async def set_aside(
        self, key: str, raw: str, error: str, address: Address | None = None
    ) -> bool:
        """Keeps an event that could not be read; like `take` else.

        With an address the person is told, as if an empty message had failed.
        """
        event = Message(key, address) if address else None
        unit = partial(self._keep, key, raw[:RAW_CHARACTERS_MAX], error, None, event)
        return await asyncio.shield(self._ring(self._kept(unit, key)))

    async def _ring(self, chats: Awaitable[set[int] | None]) -> bool:
        touched = await chats
        if touched is None:
            return False
        self._bell.ring(touched)
        return True

    async def _take_or_keep(self, event: Incoming | ChatNews) -> set[int] | None:
        if isinstance(event, ChatNews):
            return await self._store.run(partial(_note, event))
        try:
            return await self._store.run(partial(self._take, event))
        except StoreError:
            raise
        except Exception as error:
            log.exception("event %s failed and is kept", event.key)
            raw = msgspec.json.encode(event).decode()
            text = _described(error)
            unit = partial(self._keep, event.key, raw, text, RETRY_WAITS_MS[0], event)
            return await self._kept(unit, event.key)

    async def _kept(
        self, keep: Callable[[bool, Unit], set[int] | None], key: str
    ) -> set[int] | None:
        """Runs a `_keep`; when even the excuse fails, keeps the event without one."""
        try:
            return await self._store.run(partial(keep, True))
        except StoreError:
            raise
        except Exception:
            log.exception("the excuse for event %s failed", key)
            return await self._store.run(partial(keep, False))

    def _take(self, event: Incoming, unit: Unit) -> set[int] | None:
        """The unit of an event: the chats it touched, None when it has been taken before."""
        if not _is_new(unit, event.key):
            return None
        outgoing = self._answer(unit, event)
        # The answer may have opened the chat; the person's line is still the first of the two.
        line = _write_line(unit, event)
        return self._put(unit, outgoing) | ({line[1]} if line else set())

    def _keep(
        self,
        key: str,
        raw: str,
        error: str,
        retry_in_ms: int | None,
        event: Incoming | None,
        excused: bool,
        unit: Unit,
    ) -> set[int] | None:
        """The unit of an event that failed."""
        if not _is_new(unit, key):
            return None
        failed_id: int = queries.keep_failed(
            unit.db,
            key=key,
            event=raw,
            error=error,
            retry_at=None if retry_in_ms is None else unit.now + retry_in_ms,
            now=unit.now,
        )
        if event is None:
            return set()
        outgoing = self._excuse(unit, event, failed_id) if excused else []
        line = _write_line(unit, event)
        if line:
            queries.has_line(unit.db, id=failed_id, line_id=line[0])
        return self._put(unit, outgoing) | ({line[1]} if line else set())

    async def _retry_or_keep(self, failed_id: int) -> set[int] | None:
        try:
            return await self._store.run(partial(self._retry, failed_id))
        except StoreError:
            raise
        except Exception as error:
            log.warning("failed event %d failed again: %r", failed_id, error)
            await self._store.run(partial(_failed_again, failed_id, _described(error)))
            return None

    def _retry(self, failed_id: int, unit: Unit) -> set[int] | None:
        """The unit of a failed event that is tried again."""
        row = queries.failed(unit.db, id=failed_id)
        if row is None:
            return None
        event = msgspec.json.decode(row["event"], type=Incoming)
        outgoing = self._answer(unit, event)
        line = None if row["line_id"] else _write_line(unit, event)
        queries.drop_failed(unit.db, id=failed_id)
        return self._put(unit, outgoing) | ({line[1]} if line else set())

    def _put(self, unit: Unit, outgoing: Sequence[Outgoing | Call]) -> set[int]:
        """Puts what is to leave; the chats that have something new."""
        touched: set[int] = set()
        for each in outgoing:
            if isinstance(each, Call):
                calls.put(unit, each)
            else:
                outbox.put(unit, each, self._abilities)
                touched.add(each.chat)
        return touched


def _is_new(unit: Unit, key: str) -> bool:
    """Takes the key; False when it was taken before, or when the timer it names is gone."""
    timer = TIMER_KEY.fullmatch(key)
    if timer and not queries.take_timer(unit.db, id=int(timer[1]), due_at=int(timer[2])):
        return False
    return queries.take_key(unit.db, key=key, now=unit.now) is not None


def _note(event: ChatNews, unit: Unit) -> set[int] | None:
    """The unit of news of a chat: whether it may be written to, and where it is."""
    if not _is_new(unit, event.key):
        return None
    channel, address = event.address.channel, event.address.id
    if isinstance(event, Migrated):
        queries.migrate(unit.db, channel=channel, address=address, new_address=event.to)
        return set()
    chat_id = queries.chat_id(unit.db, channel=channel, address=address)
    if chat_id is None:
        return set()
    if event.blocked:
        outbox.set_unreachable(unit, chat_id, "blocked")
    else:
        outbox.set_reachable(unit, chat_id)
    return {chat_id}


def _write_line(unit: Unit, event: Incoming) -> tuple[int, int] | None:
    """A person's own line: its id and its chat's; None for what no person said, unknown chats."""
    if not isinstance(event, Message | Press):
        return None
    return lines.write_in(unit, event.address, event.key, lines.body_of(event))


def _failed_again(failed_id: int, error: str, unit: Unit) -> None:
    row = queries.failed(unit.db, id=failed_id)
    if row is None:
        return
    attempts = row["attempts"]
    retries = attempts < len(RETRY_WAITS_MS)
    retry_at = unit.now + RETRY_WAITS_MS[attempts] if retries else None
    queries.failed_again(unit.db, id=failed_id, error=error, retry_at=retry_at)


def _described(error: Exception) -> str:
    return "".join(traceback.format_exception(error))[-ERROR_CHARACTERS_MAX:]
