"""Goods that came in, and were entered wrongly: undone, and entered as they came."""

from __future__ import annotations

from bot.shop import expectations, stock
from bot.shop.people import Person
from bot.shop.stock import Lot, Shortage
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

SEEN_MAX = 1000  # movements that are looked through for it
LATELY_MS = 24 * 3_600_000  # how long "the last arrival" can mean one


def last_arrival(unit: Unit, by: Person, product: str = "") -> int:
    """The movement by which somebody took in goods last, of a product or of any; 0 for none."""
    since = unit.now - LATELY_MS
    after = stock.last_movement(unit.db) - SEEN_MAX
    id = _sql.last_arrival(unit.db, person_id=by.id, product=product, after=after, since=since)
    return int(id or 0)


def put_right(
    unit: Unit, after: int, until: int, amount: int, *, by: Person
) -> Lot | Shortage | None:
    """So much came in by the one arrival in the movements `after` one `until` another, for as much
    each. None when there is no such; a shortage, and nothing is changed, when what came in is not
    free any more."""
    rows = list(_sql.arrivals(unit.db, after=after, until=until))
    if len(rows) != 1:
        return None
    id, quantity = rows[0]["id"], rows[0]["quantity"]
    undone = expectations.undo(unit, id - 1, id, by=by)
    if not isinstance(undone, Lot):
        return undone
    return stock.receive(
        unit,
        undone.product,
        undone.grade,
        amount,
        by=by,
        household=undone.household,
        harvested_on=undone.harvested_on,
        paid_minor=(2 * undone.paid_minor * amount + quantity) // (2 * quantity),
        best_before=undone.best_before,
    )
