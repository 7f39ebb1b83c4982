"""How much one person or one address may ask for: token buckets and a count of open streams."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from msgspec import Struct, field

# So many buckets are kept; the one unused for longest goes first. It bounds memory (about 200 B
# each) and stops holding for an attacker with more addresses than this, who gets a full bucket
# again after 20,000 others.
BUCKETS_MAX = 20_000

STREAMS_PER_CHAT = 6  # A browser opens six connections to a host over HTTP/1.1, so no more help.
STREAMS_MAX = 2_000


class Buckets:
    """Token buckets by key: `burst` at once, then `per_second`."""

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._levels: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def take(self, key: Hashable, now_ms: int) -> int:
        """Takes a token: 0 when there was one, else the whole seconds to wait."""
        level, before = self._levels.pop(key, (self._burst, now_ms))
        passed_s = max(0, now_ms - before) / 1000
        level = min(self._burst, level + passed_s * self._per_second)
        granted = level >= 1
        self._levels[key] = (level - granted, now_ms)
        if len(self._levels) > BUCKETS_MAX:
            self._levels.popitem(last=False)
        return 0 if granted else max(1, math.ceil((1 - level) / self._per_second))


class Limits(Struct):
    """The rates of the web chat. Messages count per person, the others per client address.

    An address may be a whole village behind one connection, so opening chats is generous.
    """

    messages: Buckets = field(default_factory=lambda: Buckets(10, 1))
    chats: Buckets = field(default_factory=lambda: Buckets(20, 0.1))
    invites: Buckets = field(default_factory=lambda: Buckets(30, 0.5))


class OpenStreams:
    """Counts the event streams that are open, per chat and in all."""

    def __init__(self) -> None:
        self._open: dict[int, int] = {}

    def full(self, chat_id: int) -> bool:
        """Whether one more stream of this chat is too many."""
        here = self._open.get(chat_id, 0)
        return here >= STREAMS_PER_CHAT or sum(self._open.values()) >= STREAMS_MAX

    @contextmanager
    def counted(self, chat_id: int) -> Iterator[None]:
        """Counts a stream for as long as the block runs."""
        self._open[chat_id] = self._open.get(chat_id, 0) + 1
        try:
            yield
        finally:
            self._open[chat_id] -= 1
            if not self._open[chat_id]:
                del self._open[chat_id]
