"""Stock: lots with a ledger, and what orders hold of them.

A lot's `on_hand` equals the sum of its movements and never goes below zero. A reservation counts
while it has no expiry or its expiry lies ahead: nothing depends on anybody having swept the
others. `reserved` of a lot never exceeds `on_hand`, which the schema itself refuses, so the same
goods cannot be promised twice. Amounts are in the product's own unit (grams or pieces).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from bot.shop import accounts, people
from bot.shop.catalogue import Zone
from bot.shop.people import By, id_of
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

UNDO = "undo "  # begins why something moved that undoes a movement, before its id
GIVEN_BACK = "given back"  # why what came in is less: to whom it was bought from
Want = tuple[str, str, int]  # product, grade, amount


class Level(Struct, frozen=True):
    """What there is of a grade, how much of it orders hold, and what else is past its day."""

    product: str
    grade: str
    on_hand: int
    reserved: int
    over: int = 0

    @property
    def free(self) -> int:
        """What can be sold today."""
        return self.on_hand - self.reserved - self.over


class Lot(Struct, frozen=True):
    """Goods that came in together, from one household and harvest."""

    id: int
    product: str
    grade: str
    on_hand: int
    harvested_on: str
    household: str
    paid_minor: int
    best_before: str = ""  # ISO date, '' where nobody has said one


class Shortage(Struct, frozen=True):
    """A grade of which less is free than an order wants in all its lines."""

    product: str
    grade: str
    wanted: int
    available: int


class Short(Exception):
    """Undoes what was attempted, since goods are short."""

    def __init__(self, shortages: list[Shortage]) -> None:
        super().__init__(shortages)
        self.shortages = shortages


class Take(Struct, frozen=True):
    """So much from one lot; `sweep` says that expired reservations stand in the way."""

    lot_id: int
    quantity: int
    sweep: bool


class NothingReserved(Exception):
    """An order is to be sold that holds nothing: a fault of the caller."""


def day(unit: Unit, days: int = 0) -> str:
    """Today or so many days later as an ISO date, where the shop is."""
    return (unit.here.date() + timedelta(days=days)).isoformat()


def transit_days(zone: Zone | None) -> int:
    """How many days a parcel takes at the most."""
    return zone.days[1] if zone else 0


def arrival(unit: Unit, zone: Zone | None) -> str:
    """The day (ISO date) on which goods arrive at the latest that leave today."""
    return day(unit, transit_days(zone))


def available(
    unit: Unit,
    product: str,
    grade: str,
    *,
    besides: int = 0,
    lasting: str | None = None,
    aside: bool = True,
) -> int:
    """How much of a grade is free, as if the order `besides` held nothing.

    Only what is good on the day `lasting` (an ISO date) counts; without one, today. What is set
    `aside` for flash sales is free only within these.
    """
    lasting = day(unit) if lasting is None else lasting
    lots = _sql.lots(unit.db, product=product, grade=grade, now=unit.now, lasting=lasting)
    free = sum(row["free"] + row["expired"] for row in lots)
    if besides:
        free += _sql.held_live(
            unit.db,
            order_id=besides,
            product=product,
            grade=grade,
            now=unit.now,
            lasting=lasting,
        )
    kept = _aside(unit, product, grade, besides=besides) if aside else 0
    return max(0, int(free) - kept)


def expected(unit: Unit, product: str, grade: str, *, besides: int = 0) -> tuple[int, str]:
    """How much is still free of what is expected of a grade, and on what day (ISO date).

    As if the order `besides` held nothing. When the day is over nothing is: a person has to say
    what becomes of it first.
    """
    row = next(_expected(unit, product, grade, besides), None)
    return (row["free"] + row["expired"], row["expected_on"]) if row else (0, "")


def levels(unit: Unit) -> list[Level]:
    """All grades of which something is there."""
    return [Level(*row) for row in _sql.levels(unit.db, now=unit.now, today=day(unit))]


def receive(
    unit: Unit,
    product: str,
    grade: str,
    amount: int,
    *,
    by: By,
    household: str = "",
    harvested_on: str = "",
    paid_minor: int = 0,
    best_before: str = "",
    why: str = "",
) -> Lot:
    """Takes goods in as a new lot. `harvested_on` and `best_before` are ISO dates or ''."""
    if amount <= 0:
        raise ValueError(amount)
    row = _sql.add_lot(
        unit.db,
        product=product,
        grade=grade,
        amount=amount,
        harvested_on=harvested_on,
        household=household,
        paid=paid_minor,
        best_before=best_before,
        day=day(unit),
        now=unit.now,
    )
    move(unit, row["id"], "in", amount, None, by, why)
    if paid_minor:
        accounts.bought(unit, row["id"], household, paid_minor, by=by)
    return Lot(row["id"], product, grade, amount, harvested_on, household, paid_minor, best_before)


def lot(db: sqlite3.Connection, id: int) -> Lot | None:
    """The lot of that id."""
    row = _sql.lot(db, id=id)
    return Lot(*row) if row else None


def set_source(unit: Unit, lot: Lot, household: str, paid_minor: int, *, by: By) -> int:
    """Says from which household a lot was bought and for what, also to correct that.

    Returns what is due for it: without what went back to a household.
    """
    _sql.set_source(unit.db, id=lot.id, household=household, paid_minor=paid_minor)
    subject = f"{lot.product}/{lot.grade}"
    before = f"{lot.household} {lot.paid_minor}" if lot.household else ""
    people.audit(unit, by, "lot.source", subject, before, f"{household} {paid_minor}")
    return _owe(unit, lot.id, household, paid_minor, by)


def came_in(db: sqlite3.Connection, lot: Lot) -> int:
    """How much of a lot came in, whatever has become of it."""
    return int(_sql.came_in(db, id=lot.id))


def kept(db: sqlite3.Connection, lot: Lot) -> int:
    """How much of a lot came in and was neither undone nor given back."""
    return int(_sql.kept(db, id=lot.id))


def bought(unit: Unit) -> list[Lot]:
    """The lots from households of which something is free."""
    return [Lot(*row) for row in _sql.bought(unit.db, now=unit.now)]


def give_back(unit: Unit, lot: Lot, amount: int, *, by: By) -> Shortage | None:
    """Goods go back to the household from which they were bought, and are not owed for.

    When less of the lot is free nothing is given back and the shortage returned.
    """
    if amount <= 0 or not lot.household:
        raise ValueError(amount, lot.household)
    there = _sql.free(unit.db, id=lot.id, now=unit.now)
    if amount > there:
        return Shortage(lot.product, lot.grade, amount, there)
    _sweep(unit, Take(lot.id, amount, sweep=True))
    _sql.take_lot(unit.db, lot_id=lot.id, quantity=amount)
    move(unit, lot.id, "in", -amount, None, by, GIVEN_BACK)
    _owe(unit, lot.id, lot.household, lot.paid_minor, by)
    return None


def _owe(unit: Unit, lot_id: int, household: str, paid_minor: int, by: By) -> int:
    """Brings the books to what is due for what was kept of a lot that cost so much in all."""
    came, kept = _sql.came_in(unit.db, id=lot_id), _sql.kept(unit.db, id=lot_id)
    due = int((2 * paid_minor * kept + came) // (2 * came)) if came else 0
    accounts.bought(unit, lot_id, household, due, by=by)
    return due


def lose(
    unit: Unit, product: str, grade: str, amount: int, *, by: By, why: str = ""
) -> Shortage | None:
    """Writes off goods that are spoilt or gone; none that is held.

    When less than that is free nothing is written off and the shortage returned.
    """
    if amount <= 0:
        raise ValueError(amount)
    takes, missing = plan(unit, [(product, grade, amount)], lasting="", spoiled=True)
    if missing:
        return missing[0]
    for each in takes:
        _sweep(unit, each)
        _sql.take_lot(unit.db, lot_id=each.lot_id, quantity=each.quantity)
        move(unit, each.lot_id, "lost", -each.quantity, None, by, why)
    return None


def last_movement(db: sqlite3.Connection) -> int:
    """The id of the newest movement; 0 for none."""
    return int(_sql.last_movement(db))


def may_undo(unit: Unit, after: int, until: int) -> bool:
    """Whether `undo` would find something, be it free or not."""
    return any(_sql.by_hand(unit.db, after=after, until=until, now=unit.now))


def undo(unit: Unit, after: int, until: int, *, by: By) -> Lot | Shortage | None:
    """Undoes what was taken in, given back or lost in the movements `after` one `until` another.

    None when there is nothing (any more) to be undone; a shortage, and nothing is changed, when
    what came in is not free any more. What came in is not owed for then.
    """
    found: Lot | None = None
    rows = list(_sql.by_hand(unit.db, after=after, until=until, now=unit.now))
    for row in rows:
        found = lot(unit.db, row["lot_id"])
        if found and row["quantity"] > row["free"]:
            return Shortage(found.product, found.grade, row["quantity"], row["free"])
    for row in rows:
        _sweep(unit, Take(row["lot_id"], row["quantity"], sweep=True))
        _sql.take_lot(unit.db, lot_id=row["lot_id"], quantity=row["quantity"])
        move(unit, row["lot_id"], row["kind"], -row["quantity"], None, by, f"{UNDO}{row['id']}")
        found = lot(unit.db, row["lot_id"])
        if found and found.household and row["kind"] == "in":
            _owe(unit, found.id, found.household, found.paid_minor, by)
    return found


def plan(
    unit: Unit,
    wants: Iterable[Want],
    *,
    lasting: str | None = None,
    spoiled: bool = False,
    sales: Collection[int] = (),
    besides: int = 0,
) -> tuple[list[Take], list[Shortage]]:
    """Where goods would come from, and all that is short. Writes nothing.

    First what is over first, then the oldest. Lots count that are good on the day `lasting` (an ISO
    date); without one, today. What is not there comes from what is expected, unless it is
    `spoiled`. What is kept for flash sales is for these `sales` only, for those of the order
    `besides`, and to be `spoiled`. With a shortage the takes are not to be used.
    """
    takes: list[Take] = []
    lasting = day(unit) if lasting is None else lasting
    short: list[Shortage] = []
    for product, grade, wanted in _summed(wants):
        missing = wanted
        rows = _sql.lots(unit.db, product=product, grade=grade, now=unit.now, lasting=lasting)
        sources: Iterable[Take] = map(_all_of, rows)
        if not spoiled:
            kept = _aside(unit, product, grade, sales=sales, besides=besides)
            expected_too = map(_all_of, _expected(unit, product, grade))
            sources = chain(_but_last(sources, kept), expected_too)
        for source in sources:
            quantity = min(missing, source.quantity)
            if quantity:
                takes.append(replace(source, quantity=quantity))
                missing -= quantity
            if not missing:
                break
        if missing:
            short.append(Shortage(product, grade, wanted, wanted - missing))
    return takes, short


def _all_of(row: sqlite3.Row) -> Take:
    """All that is free of a lot."""
    return Take(row["id"], row["free"] + row["expired"], row["expired"] > 0)


def _but_last(sources: Iterable[Take], kept: int) -> Iterator[Take]:
    """What the sources have before the last so many pieces; read as it is asked for if none is."""
    if not kept:
        yield from sources
        return
    sources = list(sources)
    spare = sum(source.quantity for source in sources) - kept
    for source in sources:
        quantity = max(0, min(source.quantity, spare))
        spare -= quantity
        yield replace(source, quantity=quantity)


def _aside(
    unit: Unit, product: str, grade: str, *, sales: Collection[int] = (), besides: int = 0
) -> int:
    """How much of a grade is kept for flash sales other than these, and than `besides` buys in."""
    rows = _sql.aside(unit.db, product=product, grade=grade, now=unit.now, besides=besides)
    return sum(row["kept"] for row in rows if row["id"] not in sales)


def _expected(unit: Unit, product: str, grade: str, besides: int = 0) -> Iterator[sqlite3.Row]:
    """What is expected, asked for only when what is there does not do."""
    values = {"now": unit.now, "today": day(unit), "besides": besides}
    row = _sql.expected(unit.db, product=product, grade=grade, **values)
    if row:
        yield row


def take(unit: Unit, order_id: int, takes: Sequence[Take], expires_at: int | None) -> None:
    """Reserves what was planned in this unit."""
    for each in takes:
        _sweep(unit, each)
    for each in takes:
        _sql.reserve_lot(unit.db, lot_id=each.lot_id, quantity=each.quantity)
        _sql.add_reservation(
            unit.db,
            lot_id=each.lot_id,
            order_id=order_id,
            quantity=each.quantity,
            expires_at=expires_at,
        )


def reserve(
    unit: Unit,
    order_id: int,
    wants: Iterable[Want],
    expires_at: int | None,
    *,
    lasting: str | None = None,
) -> list[Shortage]:
    """Reserves all or nothing; the list of all shortages is empty when it is done.

    Only what is good on the day `lasting` (an ISO date); without one, today.
    """
    takes, missing = plan(unit, wants, lasting=lasting, besides=order_id)
    if not missing:
        take(unit, order_id, takes, expires_at)
    return missing


def secure(
    unit: Unit, order_id: int, wants: Sequence[Want], *, lasting: str | None = None
) -> list[Shortage]:
    """Holds all that an order wants without expiry, reserving anew what time has taken.

    A reservation past its time that nobody has swept is still good: nobody took its goods. With
    shortages nothing has changed. What is reserved anew is good on the day `lasting`.
    """
    wanted = sum(amount for _, _, amount in wants)
    if covered(unit, order_id, wanted):
        hold(unit, order_id)
        return []
    missing = shortages(unit, wants, besides=order_id, lasting=lasting)
    if not missing:
        release(unit, order_id)
        missing = reserve(unit, order_id, wants, None, lasting=lasting)
    return missing


def shortages(
    unit: Unit, wants: Iterable[Want], *, besides: int, lasting: str | None = None
) -> list[Shortage]:
    """All that is short, as if the order `besides` held nothing; `lasting` as in `plan`."""
    return [
        Shortage(product, grade, amount, free)
        for product, grade, amount in _summed(wants)
        if (
            free := available(unit, product, grade, besides=besides, lasting=lasting)
            + expected(unit, product, grade, besides=besides)[0]
        )
        < amount
    ]


def covered(unit: Unit, order_id: int, wanted: int) -> bool:
    """Whether an order's reservations, which only ever vanish, are still all there."""
    return bool(_sql.reserved_by(unit.db, order_id=order_id) == wanted)


def is_live(unit: Unit, order_id: int) -> bool:
    """Whether an order holds anything that time has not taken."""
    return bool(_sql.is_live(unit.db, order_id=order_id, now=unit.now))


def hold(unit: Unit, order_id: int, *, until: int | None = None) -> None:
    """Lets an order's reservation stand without expiry, or until a time (UTC ms)."""
    _sql.set_expiry(unit.db, order_id=order_id, expires_at=until)


def release(unit: Unit, order_id: int) -> None:
    """Gives back all that an order holds."""
    unit.freed = True
    _sql.release_lots(unit.db, order_id=order_id)
    _sql.drop_reservations(unit.db, order_id=order_id)


def sell(unit: Unit, order_id: int, by: By) -> None:
    """Turns what an order holds into sales. Raises NothingReserved."""
    if not _sql.record_sale(unit.db, order_id=order_id, person_id=id_of(by), now=unit.now):
        raise NothingReserved(order_id)
    _sql.sell_lots(unit.db, order_id=order_id)
    _sql.drop_reservations(unit.db, order_id=order_id)


def take_back(unit: Unit, lot_id: int, amount: int, order_id: int, by: By, why: str = "") -> None:
    """Goods that an order was sold are in their lot again; below zero, these are written off."""
    _sql.give_lot(unit.db, lot_id=lot_id, quantity=amount)
    move(unit, lot_id, "return" if amount > 0 else "lost", amount, order_id, by, why)


def _summed(wants: Iterable[Want]) -> list[Want]:
    """One want a grade: wants that are looked at apart would each find the same goods free."""
    sums: dict[tuple[str, str], int] = {}
    for product, grade, amount in wants:
        if amount <= 0:
            raise ValueError(amount)
        sums[product, grade] = sums.get((product, grade), 0) + amount
    return [(product, grade, amount) for (product, grade), amount in sums.items()]


def _sweep(unit: Unit, take: Take) -> None:
    if take.sweep:
        _sql.sweep_lot(unit.db, lot_id=take.lot_id, now=unit.now)
        _sql.sweep(unit.db, lot_id=take.lot_id, now=unit.now)


def move(
    unit: Unit, lot_id: int, kind: str, quantity: int, order_id: int | None, by: By, why: str
) -> None:
    """Writes into the ledger what moved of a lot."""
    unit.freed = True
    _sql.add_movement(
        unit.db,
        lot_id=lot_id,
        kind=kind,
        quantity=quantity,
        order_id=order_id,
        person_id=id_of(by),
        why=why,
        now=unit.now,
    )
