"""Moments that the shop asks to be woken at."""

from __future__ import annotations

from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


def set_timer(unit: Unit, kind: str, subject: str, due_at: int) -> None:
    """Asks for a Timer event at `due_at` (UTC ms); one set earlier for the same is moved."""
    _sql.set_timer(unit.db, kind=kind, subject=subject, due_at=due_at)


def drop_timer(unit: Unit, kind: str, subject: str) -> None:
    """Takes the wish back; nothing happens when there is none."""
    _sql.drop_timer(unit.db, kind=kind, subject=subject)
