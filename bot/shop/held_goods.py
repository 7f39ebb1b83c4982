"""A part of what an order holds or was sold: it leaves, is let go, or has not arrived."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator

from bot.shop import stock
from bot.shop.order_states import NOT_LEFT
from bot.shop.people import By, id_of
from bot.shop.returned_goods import SPOILED, Goods
from bot.shop.stock import Take
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

LEFT = "in part"  # why goods were sold
NOT_ARRIVED = "not arrived"  # why a sale is undone
REFUSED = "refused"  # why it is not on hand: it is on its way back
FOUND = "found"  # why goods that had not arrived are sold: they have


def there(db: sqlite3.Connection, order_id: int) -> Goods:
    """What an order holds of what is there."""
    found = Counter[tuple[str, str]]()
    for row in _sql.held(db, order_id=order_id):
        if not row["expected_on"]:
            found[row["product"], row["grade"]] += row["quantity"]
    return found


def sell(unit: Unit, order_id: int, goods: Goods, *, by: By) -> None:
    """Turns goods that are `there` into sales."""
    rows = [row for row in _sql.held(unit.db, order_id=order_id) if not row["expected_on"]]
    for row, amount in _of(rows, goods):
        _lessen(unit, row, amount)
        _move(unit, row, order_id, -amount, by, LEFT)


def keep_only(unit: Unit, order_id: int, goods: Goods) -> None:
    """What else an order holds is free, those first that are not there."""
    unit.freed = True
    rows = sorted(_sql.held(unit.db, order_id=order_id), key=lambda row: not row["expected_on"])
    free = Counter[tuple[str, str]]()
    for row in rows:
        free[row["product"], row["grade"]] += row["quantity"]
    for row, amount in _of(rows, free - Counter(goods)):
        _lessen(unit, row, amount)


def take_back(
    unit: Unit, order_id: int, goods: Goods, *, by: By, lost: bool, why: str = NOT_ARRIVED
) -> None:
    """Goods that have left were not sold after all: they are in their lots again, or `lost`."""
    unit.freed = True
    for row, amount in _of(list(_sql.sold(unit.db, order_id=order_id)), goods):
        _move(unit, row, order_id, amount, by, NOT_ARRIVED)
        if lost:
            _move(unit, row, order_id, -amount, by, why, "lost")


def hold_again(unit: Unit, order_id: int, *, by: By) -> None:
    """What an order was sold has not left: it is held once more, and nothing else is free."""
    takes = list[Take]()
    for row in list(_sql.sold(unit.db, order_id=order_id)):
        _move(unit, row, order_id, row["quantity"], by, NOT_LEFT)
        takes.append(Take(row["lot_id"], row["quantity"], sweep=False))
    stock.take(unit, order_id, takes, None)


def on_way_back(db: sqlite3.Connection, order_id: int) -> Goods:
    """What was refused at the door, and is not here."""
    found = Counter[tuple[str, str]]()
    for row in _sql.lost(db, order_id=order_id, why=REFUSED):
        found[row["product"], row["grade"]] += row["quantity"]
    return found


def here_again(unit: Unit, order_id: int, *, by: By, spoiled: bool) -> None:
    """What was refused is on hand again, or good for nothing."""
    unit.freed = True
    for row in list(_sql.lost(unit.db, order_id=order_id, why=REFUSED)):
        _move(unit, row, order_id, row["quantity"], by, REFUSED, "lost")
        if spoiled:
            _move(unit, row, order_id, -row["quantity"], by, SPOILED, "lost")


def reach_buyer(unit: Unit, order_id: int, goods: Goods, *, by: By, why: str) -> None:
    """Goods that were taken for lost, or refused, are sold after all."""
    for row, amount in _of(list(_sql.lost(unit.db, order_id=order_id, why=why)), goods):
        _move(unit, row, order_id, amount, by, why, "lost")
        _move(unit, row, order_id, -amount, by, FOUND)


def _of(rows: Iterable[sqlite3.Row], goods: Goods) -> Iterator[tuple[sqlite3.Row, int]]:
    """How much of each row makes up the goods."""
    left = Counter(goods)
    for row in rows:
        key = row["product"], row["grade"]
        if amount := min(row["quantity"], left[key]):
            left[key] -= amount
            yield row, amount


def _lessen(unit: Unit, row: sqlite3.Row, amount: int) -> None:
    """So much less is held."""
    _sql.let_go(unit.db, lot_id=row["lot_id"], quantity=amount)
    if amount == row["quantity"]:
        _sql.drop(unit.db, id=row["id"])
    else:
        _sql.lessen(unit.db, id=row["id"], quantity=amount)


def _move(
    unit: Unit,
    row: sqlite3.Row,
    order_id: int,
    quantity: int,
    by: By,
    why: str,
    kind: str = "sale",
) -> None:
    """So much is on hand, and less sold or lost; or the other way."""
    values = {"lot_id": row["lot_id"], "quantity": quantity}
    _sql.put(unit.db, **values)
    known = {"order_id": order_id, "person_id": id_of(by), "why": why, "now": unit.now}
    _sql.add(unit.db, **values, **known, kind=kind)
