"""The books, in double entry: what each event means for cash, buyers, sales and households.

An order's postings follow from where the order, its payment and its refunds stand (the view
`order_book`), so that no event can be posted twice or forgotten: after each one the difference to
what is in the books is entered. All amounts are in minor units; debits are positive.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from bot.shop.people import By, Person, id_of
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

HOUSEHOLD = "household:"
# By which a household is paid: bank notes, the bank account, the seller's own purse in WeChat.
WAYS = ("notes", "transfer", "wechat")


class Balance(Struct, frozen=True):
    """What an account stands at; below zero is owed by the shop, or earned."""

    account: str
    amount_minor: int


class Paid(Struct, frozen=True):
    """What a household was given by one of WAYS, or below zero gave back, and the entry of it."""

    household: str
    minor: int
    way: str
    entry_id: int


class Owed(Struct, frozen=True):
    """What is owed to a household, or below zero was paid too much, and its latest entry."""

    household: str
    minor: int
    entry_id: int


class OfHousehold(Struct, frozen=True):
    """A household is owed `minor` more, for a lot, or less since it was given that by a `way`.

    It `undoes` an entry if that was written wrongly.
    """

    at: int
    what: str
    lot_id: int | None
    undoes: int | None
    minor: int
    way: str


def follow(unit: Unit, order_id: int, what: str, *, by: By) -> None:
    """Brings the books to where an order stands now. Does nothing when they are there."""
    changes = [(row[0], row[1]) for row in _sql.changes(unit.db, order_id=order_id)]
    if changes:
        _enter(unit, what, changes, by, order_id=order_id)


def bought(unit: Unit, lot_id: int, household: str, paid_minor: int, *, by: By) -> None:
    """Goods came in from a household, to which their price is owed.

    Said again of a lot, it stands in the place of what was said before. An entry is of one
    household, so that it names it.
    """
    due = {row[0]: -row[1] for row in _sql.of_lot(unit.db, lot_id=lot_id)}
    account = HOUSEHOLD + household
    due[account] = due.get(account, 0) - paid_minor
    for account, minor in due.items():
        if minor:
            _enter(unit, "bought", [(account, minor), ("goods", -minor)], by, lot_id=lot_id)


def pay(unit: Unit, entry_id: int, way: str, *, by: By, part: int = 0) -> Paid | None:
    """What is owed to the household of an entry was given to it, by one of WAYS: all or a `part`.

    None when so much is not owed, or when anything was entered of the household since.
    """
    row = _sql.owed_since(unit.db, entry_id=entry_id)
    if row is None or not 0 <= part <= row["minor"]:
        return None
    return _pay(unit, row["household"], part or row["minor"], way, by)


def pay_more(unit: Unit, owed: Owed, minor: int, way: str, *, by: By) -> Paid | None:
    """A household was given so much, whatever is owed to it; below zero it gave that back.

    None when anything was entered of it since, or when it was never given what it gave back.
    """
    row = _sql.stands(unit.db, account=HOUSEHOLD + owed.household, entry_id=owed.entry_id)
    if row is None or not minor or row["given"] + minor < 0:
        return None
    return _pay(unit, owed.household, minor, way, by)


def given(db: sqlite3.Connection, owed: Owed) -> int:
    """What a household was given in all, as of its latest entry."""
    row = _sql.stands(db, account=HOUSEHOLD + owed.household, entry_id=owed.entry_id)
    return int(row["given"]) if row else 0


def households(db: sqlite3.Connection) -> list[Owed]:
    """What is owed to each household from which anything was bought, 0 for nothing."""
    return [Owed(*row) for row in _sql.households(db)]


def owed_since(db: sqlite3.Connection, entry_id: int) -> int:
    """What is owed to the household of an entry, if nothing was entered of it since; else 0."""
    row = _sql.owed_since(db, entry_id=entry_id)
    return int(row["minor"]) if row else 0


def pay_otherwise(unit: Unit, entry_id: int, way: str, *, by: By) -> Paid | None:
    """What a household was given in an entry went by another of WAYS.

    None when it is known so, or when the entry was taken back.
    """
    row = _sql.payment(unit.db, entry_id=entry_id)
    if row is None or row["account"] == f"cash:{way}" or not unpay(unit, entry_id, by=by):
        return None
    return _pay(unit, row["household"], row["minor"], way, by)


def unpay(unit: Unit, entry_id: int, *, by: By) -> Paid | None:
    """What an entry says that a household was given it was not: another takes it back, once.

    Returns what was written wrongly, None when nothing such stands.
    """
    row = _sql.payment(unit.db, entry_id=entry_id)
    if row is None:
        return None
    changes = [(HOUSEHOLD + row["household"], -row["minor"]), (row["account"], row["minor"])]
    _enter(unit, "household", changes, by, undoes=entry_id)
    way = row["account"].removeprefix("cash:")
    return Paid(row["household"], row["minor"], way, entry_id)


def last_payments(db: sqlite3.Connection) -> list[Owed]:
    """What each household was given last, and the entry of it."""
    return [Owed(*row) for row in _sql.last_payments(db)]


def of_household(
    db: sqlite3.Connection, household: str, from_ms: int, to_ms: int
) -> list[OfHousehold]:
    """What changed what a household is owed, from a time until another (UTC ms), in order."""
    values = {"account": HOUSEHOLD + household, "from_ms": from_ms, "to_ms": to_ms}
    found = _sql.of_household(db, **values)
    return [OfHousehold(*row[:-1]) for row in sorted(found, key=lambda row: row["id"])]


def owed_to(db: sqlite3.Connection, household: str) -> int:
    """What is owed to a household; below zero it owes so much."""
    return -int(_sql.balance_of(db, account=HOUSEHOLD + household))


def usual_way(db: sqlite3.Connection, by: Person) -> str:
    """By which of WAYS a person paid a household last."""
    account = _sql.last_way(db, person_id=by.id)
    return account.removeprefix("cash:") if account else "transfer"


def _pay(unit: Unit, household: str, minor: int, way: str, by: By) -> Paid:
    if way not in WAYS:
        raise ValueError(way)
    changes = [(HOUSEHOLD + household, minor), (f"cash:{way}", -minor)]
    return Paid(household, minor, way, _enter(unit, "household", changes, by))


def suspended(unit: Unit, account: str, amount_minor: int, *, by: By) -> None:
    """Money came to an account that fits no order, or below zero went that fits none.

    The same with the opposite sign when it is known what it is.
    """
    if amount_minor:
        changes = [(account, amount_minor), ("suspense", -amount_minor)]
        _enter(unit, "unmatched", changes, by)


def owed(db: sqlite3.Connection, limit: int) -> list[Owed]:
    """What is owed to households, the most first, and last who was paid too much."""
    return [Owed(*row) for row in _sql.owed(db, limit=limit)]


def balances(db: sqlite3.Connection, until: int | None = None) -> list[Balance]:
    """Every account that anything was posted to, before a time (UTC ms) if one is given."""
    return [Balance(*row) for row in _sql.balances(db, until=2**62 if until is None else until)]


def faults(db: sqlite3.Connection) -> list[str]:
    """What does not add up; empty when all is well."""
    found = [f"entry {row['entry_id']}: sums to {row['sum']}" for row in _sql.unbalanced(db)]
    found += [f"entry {row[0]}: {row[1]} is {row[2]} off" for row in _sql.undone_wrongly(db)]
    found += [
        f"order id {row['order_id']}: {row['account']} is {row['difference']} off the books"
        for row in _sql.orders_off_books(db)
    ]
    return found


def _enter(
    unit: Unit,
    what: str,
    changes: Sequence[tuple[str, int]],
    by: By,
    *,
    order_id: int | None = None,
    lot_id: int | None = None,
    undoes: int | None = None,
) -> int:
    """Writes an entry and returns its id."""
    of = {"order_id": order_id, "lot_id": lot_id, "undoes": undoes}
    entry = _sql.add_entry(unit.db, what=what, **of, person_id=id_of(by), now=unit.now)
    postings = [
        {"entry_id": entry["id"], "account": account, "amount_minor": amount}
        for account, amount in changes
    ]
    _sql.add_postings(unit.db, postings)
    return int(entry["id"])
