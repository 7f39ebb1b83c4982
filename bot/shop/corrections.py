"""Goods that came in, and were entered wrongly: undone, and entered as they came."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from bot.shop import expectations, stock
from bot.shop.people import Person
from bot.shop.stock import Lot, Shortage
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

SEEN_MAX = 1000  # movements that are looked through for it
LOTS_MAX = 100  # of which something is written off at once
LATELY_MS = 24 * 3_600_000  # how long "the last arrival" can mean one


class Moved(Struct, frozen=True):
    """What was taken in, or written off of some goods, in the movements `after` one `until`
    another; how much and when, where that is known."""

    after: int
    until: int
    product: str
    grade: str
    quantity: int = 0
    at: int = 0


class PutRight(Struct, frozen=True):
    """A lot as it came in, and how much of it is new, and goes to who waits for it."""

    lot: Lot
    new: int


def last_moves(unit: Unit, by: Person, product: str = "", kind: str = "") -> list[Moved]:
    """What somebody took in (`in`) or wrote off (`lost`) last, or either: all of that moment."""
    found = late_moves(unit, by, product, kind)
    return [each for each in found if each.at == found[-1].at]


def late_moves(unit: Unit, by: Person, product: str = "", kind: str = "") -> list[Moved]:
    """The same of the last day, the oldest first."""
    known = {"person_id": by.id, "product": product, "kind": kind}
    after, since = stock.last_movement(unit.db) - SEEN_MAX, unit.now - LATELY_MS
    return _together(_sql.late(unit.db, **known, after=after, since=since))


def moved(unit: Unit, after: int, until: int) -> list[Moved]:
    """What was taken in or written off in the movements `after` one `until` another, and was not
    undone."""
    return _together(_sql.of_span(unit.db, after=after, until=until))


def write_offs(unit: Unit, after: int, until: int) -> list[Moved]:
    """What was written off of what came in in the movements `after` one `until` another, each time
    with what was taken of other lots then; the oldest first."""
    rows = _sql.write_offs(unit.db, after=after, until=until, lots_max=LOTS_MAX)
    return _together(sorted(rows, key=lambda row: -int(row["id"])))


def _together(rows: Iterable[sqlite3.Row]) -> list[Moved]:
    """The movements, the newest first, of what was said at once; the oldest first. What was written
    off in one go stands in one row of the ledger after the other."""
    found, kind = list[Moved](), ""
    for row in rows:
        goods, id = (row["product"], row["grade"]), row["id"]
        one = Moved(id - 1, id, *goods, abs(row["quantity"]), row["at"])
        last = found[-1] if found and kind == row["kind"] == "lost" else one
        if last.after == id and (last.product, last.grade, last.at) == (*goods, one.at):
            quantity = last.quantity + one.quantity
            found[-1] = replace(last, after=one.after, quantity=quantity)
        else:
            found.append(one)
        kind = row["kind"]
    return found[::-1]


def came_in(unit: Unit, after: int, until: int | None = None) -> list[Lot]:
    """The lots that were taken in by hand in the movements `after` one, `until` another if there
    is one, and not undone."""
    until = stock.last_movement(unit.db) if until is None else until
    rows = _sql.arrivals(unit.db, after=after, until=until)
    return [lot for row in rows if (lot := stock.lot(unit.db, row["lot_id"]))]


def given_back(unit: Unit, after: int, until: int) -> Lot | None:
    """The lot of which goods went back to its household in the movements `after` one `until`
    another; None when none did, or that was undone."""
    id = _sql.given_back(unit.db, after=after, until=until)
    return stock.lot(unit.db, id) if id else None


def written_off(unit: Unit, after: int, until: int) -> int:
    """How much is written off of what came in in the movements `after` one `until` another."""
    return sum(row["quantity"] for row in _sql.losses(unit.db, after=after, until=until))


def undo_all(unit: Unit, after: int, until: int, *, by: Person) -> Lot | Shortage | None:
    """As `expectations.undo`; what was written off of it is undone, too, where it stands in the
    way."""
    undone = expectations.undo(unit, after, until, by=by)
    if not isinstance(undone, Shortage):
        return undone
    rows = list(_sql.losses(unit.db, after=after, until=until))
    if undone.available + sum(row["quantity"] for row in rows) < undone.wanted:
        return undone
    for row in rows:
        stock.undo(unit, row["id"] - 1, row["id"], by=by)
    return expectations.undo(unit, after, until, by=by)


def put_right(
    unit: Unit, after: int, until: int, amount: int, *, by: Person
) -> PutRight | Shortage | None:
    """So much came in by the one arrival in the movements `after` one `until` another, for as much
    each; as much of the goods is written off as was of it. None when there is no such; a shortage,
    and nothing is changed, when less came in and that is held or sold, or less is there than was
    written off."""
    rows = list(_sql.arrivals(unit.db, after=after, until=until))
    if len(rows) != 1:
        return None
    id, quantity = rows[0]["id"], rows[0]["quantity"]
    lost = written_off(unit, id - 1, id)
    try:
        with unit.attempt():
            undone = undo_all(unit, id - 1, id, by=by)
            if isinstance(undone, Shortage) and amount > quantity:
                return _more(unit, rows[0], amount, by)
            if not isinstance(undone, Lot):
                return undone
            lost -= written_off(unit, id - 1, id)
            lot = stock.receive(
                unit,
                undone.product,
                undone.grade,
                amount,
                by=by,
                household=undone.household,
                harvested_on=undone.harvested_on,
                paid_minor=_for(undone, amount, quantity),
                best_before=undone.best_before,
            )
            short = stock.lose(unit, lot.product, lot.grade, lost, by=by) if lost else None
            if short:
                raise stock.Short([short])
            left = stock.lot(unit.db, lot.id)
            return PutRight(lot, left.on_hand if left else 0)
    except stock.Short as short:
        return short.shortages[0]


def arrival_of(unit: Unit, lot: Lot) -> int:
    """The movement by which a lot came in, as it was put right last."""
    return int(_sql.arrival_of(unit.db, lot_id=lot.id))


def _for(lot: Lot, amount: int, before: int) -> int:
    """What is due for so much of a lot, where the amount `before` was paid for."""
    return (2 * lot.paid_minor * amount + before) // (2 * before)


def _more(unit: Unit, row: sqlite3.Row, amount: int, by: Person) -> PutRight | None:
    """More came in than was entered of what orders have by now: they keep it."""
    id, before, lot = row["id"], row["quantity"], stock.lot(unit.db, row["lot_id"])
    if lot is None:
        return None
    _sql.grow(unit.db, lot_id=lot.id, by=amount - before)
    stock.move(unit, lot.id, "in", -before, None, by, f"{stock.UNDO}{id}")
    stock.move(unit, lot.id, "in", amount, None, by, "")
    minor = _for(lot, amount, before)
    if lot.household:
        stock.set_source(unit, lot, lot.household, minor, by=by)
    return PutRight(replace(lot, on_hand=amount, paid_minor=minor), amount - before)
