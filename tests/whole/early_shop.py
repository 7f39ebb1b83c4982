"""A shop made wrong on purpose: it acknowledges an event before the event is committed.

`python -m tests.whole.early_shop run` is `python -m bot run` with that one difference, so that
the tests can show what they would see. Its disk is slow, so that a kill certainly comes between.
"""

from __future__ import annotations

import asyncio
import sys

from bot import __main__, service
from bot.messages import ChatNews, Incoming
from bot.post.inbox import Inbox

SLOW_SECONDS = 0.05


class EarlyInbox(Inbox):
    """Says that an event took effect, and takes it in its own time."""

    _taking: set[asyncio.Task[bool]] = set()

    async def take(self, event: Incoming | ChatNews) -> bool:
        """Answers at once."""
        task = asyncio.create_task(self._take_later(event))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)
        return True

    async def _take_later(self, event: Incoming | ChatNews) -> bool:
        await asyncio.sleep(SLOW_SECONDS)
        return await super().take(event)


if __name__ == "__main__":
    setattr(service, "Inbox", EarlyInbox)  # noqa: B010
    sys.exit(__main__.main())
