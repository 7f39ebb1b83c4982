"""Moments that the shop asks to be woken at."""

from __future__ import annotations

from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

LONGEST_AGAIN_MS = 12 * 60 * 60_000


def set_timer(unit: Unit, kind: str, subject: str, due_at: int) -> None:
    """Asks for a Timer event at `due_at` (UTC ms); one set earlier for the same is moved."""
    _sql.set_timer(unit.db, kind=kind, subject=subject, due_at=due_at)


def is_set(unit: Unit, kind: str, subject: str) -> bool:
    """Whether the shop asked to be woken so and has not been yet."""
    return _sql.due_at(unit.db, kind=kind, subject=subject) is not None


def left_ms(unit: Unit, kind: str, subject: str) -> int:
    """How long it is until a wish is due; 0 when it is, or there is none."""
    due_at = _sql.due_at(unit.db, kind=kind, subject=subject)
    return max(0, (due_at or unit.now) - unit.now)


def set_again(unit: Unit, kind: str, subject: str, *, since: int, least_ms: int) -> None:
    """Wakes again after as long as it has been `since` (UTC ms): at growing intervals.

    Not sooner than in `least_ms`, and twice a day at the least.
    """
    wait = min(max(least_ms, unit.now - since), LONGEST_AGAIN_MS)
    set_timer(unit, kind, subject, unit.now + wait)


def drop_timer(unit: Unit, kind: str, subject: str) -> None:
    """Takes the wish back; nothing happens when there is none."""
    _sql.drop_timer(unit.db, kind=kind, subject=subject)
