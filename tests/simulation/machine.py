"""The machine under the shop, made mortal: its process, disk, clock and network fail as told."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Any

import msgspec

from bot.messages import Content
from bot.post.outcomes import NotSent, RetryLater


class Dead(BaseException):
    """The process was killed here; nothing of it may run on."""


class Fate:
    """What befalls one life of the process, counted in points.

    A point lies before and after each statement of the writer and each message that leaves.
    """

    def __init__(self) -> None:
        self.points_left: int | None = None
        self.errors_left: int | None = None  # Until a statement that the disk refuses.
        self.is_dead = False
        self.disk_failed = False

    def point(self) -> None:
        """Raises Dead when the time has come, and from then on always."""
        if self.points_left is not None:
            self.points_left -= 1
            self.is_dead = self.is_dead or self.points_left < 0
        if self.is_dead:
            raise Dead

    def disk(self) -> None:
        """Raises the error of a failing disk when the time has come, once."""
        if self.errors_left is not None:
            self.errors_left -= 1
            if self.errors_left < 0:
                self.errors_left, self.disk_failed = None, True
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR
                raise error

    def around(self, work: Callable[..., Any], *values: Any) -> Any:
        """Does one statement with a point on each side."""
        self.point()
        self.disk()
        result = work(*values)
        self.point()
        return result


def mortal(fate: Fate) -> type[sqlite3.Connection]:
    """A class of connections whose statements are subject to `fate`.

    The dead do not even roll back: what is in the files then is what a kill leaves.
    """

    class MortalCursor(sqlite3.Cursor):
        def execute(self, *values: Any) -> Any:
            return fate.around(super().execute, *values)

        def executemany(self, *values: Any) -> Any:
            return fate.around(super().executemany, *values)

        def close(self) -> None:
            # What the dead left open is closed by nobody's thread, after its connection.
            with suppress(sqlite3.ProgrammingError):
                super().close()

    class MortalConnection(sqlite3.Connection):
        def cursor(self, *_values: Any) -> Any:
            return super().cursor(MortalCursor)

        def execute(self, *values: Any) -> Any:
            return self.cursor().execute(*values)

        def executemany(self, *values: Any) -> Any:
            return self.cursor().executemany(*values)

        def rollback(self) -> None:
            fate.point()
            super().rollback()

    return MortalConnection


class Phone:
    """A messenger that is pushed to, and a network that fails in every way that one fails.

    `received` has, for each address, the messages as JSON; `at_risk` counts those whose receipt
    the shop has not been able to note yet, `doubts` those that may therefore come twice.
    """

    def __init__(self, rng: Random, deliver: Callable[[str, Content], None]) -> None:
        self.rng = rng
        self.fate = Fate()
        self.trouble = 0.0
        self.received: dict[str, list[str]] = defaultdict(list)
        self.at_risk: Counter[str] = Counter()
        self.doubts: Counter[str] = Counter()
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self._deliver = deliver

    async def send(self, address: str, content: Content) -> list[str]:
        """What the sender calls."""
        self.fate.point()
        in_trouble = self.rng.random() < self.trouble
        errors = (
            ConnectionError("reset"),
            NotSent("no route"),
            RetryLater(self.rng.choice((1, 7, 40))),
            RetryLater(5, whole=True),
        )
        if in_trouble and self.rng.random() < 0.7:
            raise self.rng.choice(errors)
        self.received[address].append(msgspec.json.encode(content).decode())
        self._deliver(address, content)
        self.at_risk[address] += 1
        self.fate.point()
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:  # What happens in the shop while this message is under way.
            await meanwhile()
        if in_trouble:
            self.doubts[address] += 1
            raise TimeoutError("no answer")
        return [str(len(self.received[address]))]

    def marked(self) -> None:
        """The shop has noted all that it sent."""
        self.at_risk.clear()

    def died(self) -> None:
        """The shop died: what it had not noted may come again."""
        self.doubts.update(self.at_risk)
        self.at_risk.clear()
