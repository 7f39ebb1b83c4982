"""When lots were harvested, and until when they are good. All days are ISO dates."""

from __future__ import annotations

from bot.shop import people, stock
from bot.shop.people import By
from bot.shop.stock import Lot
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


def set_best_before(unit: Unit, lot: Lot, day: str, *, by: By) -> None:
    """Says until when (an ISO date) a lot is good."""
    unit.freed = True
    _sql.set_best_before(unit.db, id=lot.id, day=day)
    subject = f"{lot.product}/{lot.grade}"
    people.audit(unit, by, "lot.best-before", subject, lot.best_before, day)


def set_harvested(unit: Unit, lot: Lot, day: str, best_before: str, *, by: By) -> None:
    """Says when (an ISO date) a lot was harvested, and until when it is good therefore."""
    unit.freed = True
    _sql.set_harvested(unit.db, id=lot.id, day=day, best_before=best_before)
    subject = f"{lot.product}/{lot.grade}"
    people.audit(unit, by, "lot.harvested", subject, lot.harvested_on, day)


def expiring(unit: Unit, days: int, limit: int) -> list[Lot]:
    """The lots that are good for so many days at most, the first to go first."""
    return [Lot(*row) for row in _sql.expiring(unit.db, day=stock.day(unit, days), limit=limit)]
