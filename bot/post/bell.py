"""The bell: tells those who wait that something was committed for a chat.

It carries nothing. Who hears it reads the store, and who misses it (another process rang) finds
the same lines there a moment later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType

from bot.store.sqlite import Store, StoreError

log = logging.getLogger(__name__)

# How soon commits of another process are noticed: one pragma in the store's thread each time.
WATCH_SECONDS = 0.25
# How long a failing store is left alone before it is asked again.
FAILURE_SECONDS = 2.0


class Ear:
    """One listener's place at the bell; what rang since the last `wait` is remembered."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wakes the listener, now or when it next waits."""
        self._rung.set()

    async def wait(self, timeout: float | None) -> bool:
        """True when it rang since the last wait, False when `timeout` seconds went by."""
        try:
            async with asyncio.timeout(timeout):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bell:
    """Rings for chats. Belongs to one event loop."""

    def __init__(self) -> None:
        self._ears: dict[int | None, set[Ear]] = {}

    def ring(self, chat_ids: Iterable[int]) -> None:
        """Wakes those who listen to these chats, and those who listen to everything."""
        rung = False
        for chat_id in chat_ids:
            rung = True
            self._wake(chat_id)
        if rung:
            self._wake(None)

    def ring_all(self) -> None:
        """Wakes everybody."""
        for chat_id in list(self._ears):
            self._wake(chat_id)

    def _wake(self, chat_id: int | None) -> None:
        for ear in self._ears.get(chat_id, ()):
            ear.ring()

    @contextmanager
    def listen(self, chat_id: int | None = None) -> Iterator[Ear]:
        """Listens to one chat, or to everything, for the block.

        Read the store within the block: what is committed after the reading rings the ear, and
        the next `wait` returns at once.
        """
        ear = Ear()
        self._ears.setdefault(chat_id, set()).add(ear)
        try:
            yield ear
        finally:
            ears = self._ears[chat_id]
            ears.discard(ear)
            if not ears:
                del self._ears[chat_id]

    async def wait(self, chat_id: int, timeout: float) -> bool:
        """True when the chat is rung for within `timeout` seconds from now."""
        with self.listen(chat_id) as ear:
            return await ear.wait(timeout)

    async def watch(self, store: Store) -> None:
        """Rings for everybody when another process has committed; runs until cancelled."""
        known: int | None = None
        outage = Outage("the bell")
        while True:
            with outage:
                commits = await store.foreign_commits()
                if known is not None and commits != known:
                    self.ring_all()
                known = commits
            await asyncio.sleep(FAILURE_SECONDS if outage.lasts else WATCH_SECONDS)


class Outage:
    """A failure of the store as a loop lives through it: one line at its start, one at its end.

    As a context manager it keeps StoreError from the loop; `seconds` says how long to leave the
    store alone then, longer each time.
    """

    FIRST_SECONDS = 0.5
    LONGEST_SECONDS = 10.0

    def __init__(self, who: str) -> None:
        self._who = who
        self.seconds = 0.0

    @property
    def lasts(self) -> bool:
        """Whether the last try failed."""
        return self.seconds > 0

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> bool:
        if error is None:
            if self.lasts:
                log.warning("%s: the store works again", self._who)
            self.seconds = 0.0
            return False
        if not isinstance(error, StoreError):
            return False
        if not self.lasts:
            log.error("%s waits: %s", self._who, error)
        self.seconds = min(self.LONGEST_SECONDS, self.seconds * 2 or self.FIRST_SECONDS)
        return True
