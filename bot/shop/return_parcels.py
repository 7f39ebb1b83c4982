"""Parcels in which buyers send goods back, as they say."""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from bot.shop import parcels, unsettled
from bot.shop.orders import Order, State
from bot.shop.people import By, id_of
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


class ReturnParcel(Struct, frozen=True):
    """A parcel on its way back since `at` (UTC ms); `courier` is '' where it is not known."""

    courier: str
    number: str
    person_id: int | None
    at: int


def add(unit: Unit, order: Order, courier: str, number: str, *, by: By) -> bool:
    """Goods of an order come back in a parcel, which a person has to see to; False when known.

    Raises ValueError for a number that is empty or too long.
    """
    normal = parcels.normalise(number)
    if not 0 < len(normal) <= parcels.NUMBER_MAX or courier not in ("", *parcels.COURIERS):
        raise ValueError(courier, number[: parcels.NUMBER_MAX])
    values = {"order_id": order.id, "courier": courier, "number": normal}
    added = bool(_sql.add(unit.db, **values, person_id=id_of(by), now=unit.now))
    if added and order.state in (State.SHIPPED, State.DELIVERED):
        unsettled.note(unit, order)
    return added


def of_order(db: sqlite3.Connection, order_id: int) -> list[ReturnParcel]:
    """The parcels in which an order's goods come or came back."""
    return [ReturnParcel(*row) for row in _sql.of_order(db, order_id=order_id)]
