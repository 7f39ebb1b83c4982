"""Goods of orders that are here again and can be sold once more, all of them or a part."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from bot.shop import orders, stock
from bot.shop.orders import Moved, Order, State
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

SPOILED = "spoiled"  # why what came back went at once
Goods = Mapping[tuple[str, str], int]  # how much, by product and grade


def away(db: sqlite3.Connection, order_id: int) -> Goods:
    """What an order was sold and is not back."""
    found: dict[tuple[str, str], int] = {}
    for row in _sql.sold(db, order_id=order_id):
        key = row["product"], row["grade"]
        found[key] = found.get(key, 0) + row["quantity"]
    return found


def part_back(db: sqlite3.Connection, order_id: int) -> Goods:
    """What of an order's goods is back, where something is not; else nothing."""
    back = {(row["product"], row["grade"]): row["quantity"] for row in _sql.back(db, id=order_id)}
    return back if back and away(db, order_id) else {}


def spoiled(db: sqlite3.Connection, order_id: int) -> Goods:
    """What of an order's goods came back and is good for nothing."""
    rows = _sql.spoiled(db, id=order_id)
    return {(row["product"], row["grade"]): row["quantity"] for row in rows}


def come_back(unit: Unit, order: Order, goods: Goods, *, by: By, spoiled: bool = False) -> Moved:
    """An order that was on its way back is here, and these goods of it are on hand again, or
    `spoiled`. Raises NotAllowed, and ValueError as `put_back` does."""
    moved = orders.move(unit, order, State.RETURNED, by=by, why=spoiled * SPOILED)
    put_back(unit, order.id, by, part=goods, spoiled=spoiled)
    return moved


def put_back(
    unit: Unit, order_id: int, by: By, *, part: Goods | None = None, spoiled: bool = False
) -> None:
    """Takes what an order was sold back into its lots, or a `part`; what is back stays as it is.

    What is `spoiled` is written off of its lot at once.

    Raises ValueError, and has written nothing, for more than it was sold.
    """
    known = away(unit.db, order_id)
    rest = dict(known if part is None else part)
    if any(not 0 < amount <= known.get(key, 0) for key, amount in rest.items()):
        raise ValueError(order_id, rest)
    for row in list(_sql.sold(unit.db, order_id=order_id)):
        key = row["product"], row["grade"]
        amount = min(row["quantity"], rest.get(key, 0))
        if amount:
            for change in (amount, -amount) if spoiled else (amount,):
                stock.take_back(unit, row["lot_id"], change, order_id, by, spoiled * SPOILED)
            rest[key] -= amount
