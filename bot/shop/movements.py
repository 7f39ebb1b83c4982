"""What has become of goods that came in: who has them."""

from __future__ import annotations

from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


def holders(unit: Unit, product: str, grade: str) -> list[tuple[int, int]]:
    """The orders (ids) that hold goods of a grade, and how much, the youngest first."""
    rows = _sql.holders(unit.db, product=product, grade=grade, now=unit.now)
    return sorted(((row[0], row[1]) for row in rows), reverse=True)


def holders_of(unit: Unit, after: int, until: int) -> list[tuple[int, int]]:
    """The orders (ids) that have goods which came in in the movements `after` one `until` another,
    and how much, the youngest first.
    """
    rows = _sql.holders_of(unit.db, after=after, until=until, now=unit.now)
    return sorted(((row[0], row[1]) for row in rows), reverse=True)
