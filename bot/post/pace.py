"""How fast a channel may be sent to: token buckets, whose sizes are data per channel."""

from __future__ import annotations

import math

from msgspec import Struct

from bot.messages import Lane

# Buckets of this many chats are kept; beyond it the full ones, which say nothing, are dropped.
CHATS_MAX = 10_000
# Levels are floats; this much less than a whole token is one.
ALMOST_ONE = 1 - 1e-6


class Rate(Struct, frozen=True):
    """So many at once, then so many a second. In any window of t seconds: burst + t * per_s."""

    burst: int
    per_s: float


class Limits(Struct, frozen=True):
    """A channel's limits, None being none.

    `overall` is for notices and announcements together; replies are limited by their chat only.
    An address that begins with `group_prefix` is a group.
    """

    overall: Rate | None = None
    chat: Rate | None = None
    group: Rate | None = None
    group_prefix: str = "-"


# Telegram: 30 a second in all, of which we leave five to replies; one a second to a chat, with a
# small burst allowed; 20 a minute to a group, which a burst of 20 with 20 a minute would double.
TELEGRAM = Limits(
    overall=Rate(burst=1, per_s=25),
    chat=Rate(burst=3, per_s=1),
    group=Rate(burst=5, per_s=15 / 60),
)


class Bucket:
    """A token bucket over a clock of milliseconds that may jump."""

    __slots__ = ("_at", "_level", "_rate")

    def __init__(self, rate: Rate, now: int) -> None:
        self._rate = rate
        self._level = float(rate.burst)
        self._at = now

    def wait(self, now: int) -> int:
        """Milliseconds until there is a token, 0 when there is one."""
        self._fill(now)
        if self._level >= ALMOST_ONE:
            return 0
        return math.ceil((1 - self._level) / self._rate.per_s * 1000)

    def take(self, now: int) -> None:
        """Takes a token that `wait` said was there."""
        self._fill(now)
        self._level -= 1

    def is_full(self, now: int) -> bool:
        """Whether it is as good as new."""
        self._fill(now)
        return self._level >= self._rate.burst

    def _fill(self, now: int) -> None:
        gone_s = max(0, now - self._at) / 1000  # A clock set back fills nothing and stops nothing.
        self._level = min(self._rate.burst, self._level + gone_s * self._rate.per_s)
        self._at = now


class Pace:
    """The buckets of one channel. `wait_*` take nothing; `take` takes from all that apply."""

    def __init__(self, limits: Limits, now: int) -> None:
        self._limits = limits
        self._overall = Bucket(limits.overall, now) if limits.overall else None
        self._chats: dict[str, Bucket] = {}

    def wait_overall(self, lane: Lane, now: int) -> int:
        """Milliseconds that this lane must wait as a whole."""
        paced = self._overall if lane >= Lane.NOTICE else None
        return paced.wait(now) if paced else 0

    def wait_chat(self, address: str, lane: Lane, now: int) -> int:
        """Milliseconds that this chat must wait; a pre-check never does."""
        bucket = self._chats.get(address)
        return bucket.wait(now) if bucket and lane > Lane.PRECHECK else 0

    def take(self, address: str, lane: Lane, now: int) -> None:
        """Counts a message that is being sent."""
        if self._overall and lane >= Lane.NOTICE:
            self._overall.take(now)
        is_group = address.startswith(self._limits.group_prefix)
        rate = self._limits.group if is_group else self._limits.chat
        if rate and lane > Lane.PRECHECK:
            self._bucket(address, rate, now).take(now)

    def _bucket(self, address: str, rate: Rate, now: int) -> Bucket:
        if address not in self._chats:
            if len(self._chats) >= CHATS_MAX:
                self._chats = {k: b for k, b in self._chats.items() if not b.is_full(now)}
            self._chats[address] = Bucket(rate, now)
        return self._chats[address]
