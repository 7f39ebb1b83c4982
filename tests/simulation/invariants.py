"""What must hold after every step, and what must hold when all is quiet."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.messages import Lane
from bot.shop import checks
from bot.store.queries import load
from tests.simulation.machine import Phone

queries = load(__file__)


class Taken:
    """How often each event took effect, read from the lines as they come."""

    def __init__(self) -> None:
        self._last = 0
        self._times: Counter[str] = Counter()

    def look(self, db: sqlite3.Connection, acknowledged: Iterable[str]) -> list[str]:
        """Reads on; says what came twice or unanswered, and what of `acknowledged` is lost."""
        found: list[str] = []
        for row in queries.new_lines(db, last=self._last):
            self._times[row["key"]] += 1
            if self._times[row["key"]] > 1:
                found.append(f"event {row['key']} took effect twice")
            if row["followed_by"] != "out":
                found.append(f"{row['address']} was not answered: event {row['key']}")
        self._last = queries.last_line(db)
        return found + [
            f"event {key} was acknowledged and is lost"
            for key in acknowledged
            if not self._times[key]
        ]


def always(db: sqlite3.Connection, now: int) -> list[str]:
    """The shop's own invariants; and no event's unit ever fails."""
    found = checks.faults(db, now)
    for row in queries.failed(db):
        found.append(f"event {row['key']} failed: {row['event'][:300]}\n{row['error']}")
    return found


def on_the_phone(db: sqlite3.Connection, phone: Phone) -> Iterator[str]:
    """All that counts as sent arrived, in order within its lane, and nothing needlessly twice."""
    sendings = list(queries.sendings(db))
    for address, of_chat in groupby(sendings, key=lambda row: row["address"]):
        rows, got = list(of_chat), phone.received[address]
        for lane in Lane:
            sent = [r["body"] for r in rows if r["lane"] == lane and r["state"] == "sent"]
            if not _within(sent, got):
                yield f"{address}: lane {lane.name} did not arrive, or not in order"
        once = Counter(row["body"] for row in rows if row["policy"] == "once")
        repeat = sum(row["policy"] == "repeat" and row["state"] == "sent" for row in rows)
        twice = sum(body not in once for body in got) - repeat
        if twice > phone.doubts[address] + phone.at_risk[address]:
            yield f"{address}: {twice} messages too many, {phone.doubts[address]} were in doubt"
        yield from (
            f"{address}: announced {count} times: {body}"
            for body, count in Counter(got).items()
            if body in once and count > once[body]
        )
        yield from (f"{address}: given up: {r['error']}" for r in rows if r["state"] == "failed")


def at_rest(db: sqlite3.Connection, now: int) -> list[str]:
    """Nothing waits any more, and nothing is held or forgotten."""
    return [row["what"] for row in queries.left_over(db, now=now)]


def _within(part: list[str], whole: list[str]) -> bool:
    """Whether `part` is a subsequence of `whole`."""
    rest = iter(whole)
    return all(any(one == other for other in rest) for one in part)
