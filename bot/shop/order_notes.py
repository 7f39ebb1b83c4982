"""What buyers wish of their orders besides the goods, in their own words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bot.shop.orders import Order
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

BETWEEN = " · "  # two wishes
NOTE_MAX = 500  # characters of all that is wished of one order


def joined(texts: Iterable[str]) -> str:
    """Wishes as one text, each of them once."""
    wishes = (wish.strip() for text in texts for wish in text.split(BETWEEN))
    return BETWEEN.join(dict.fromkeys(filter(None, wishes)))


def keep(unit: Unit, order: Order, text: str) -> bool:
    """Keeps what is wished of an order besides what was; False, and nothing is, when it is too
    much."""
    if len(joined((of(unit.db, order.id), text))) > NOTE_MAX:
        return False
    _add(unit, order, ((unit.now, wish) for wish in joined((text,)).split(BETWEEN) if wish))
    return True


def carry(unit: Unit, before: Order, order: Order) -> None:
    """What was wished of an order is wished of the one in its place."""
    _add(unit, order, told(unit.db, before.id))


def set_to(unit: Unit, order: Order, text: str) -> bool:
    """Only this is wished of an order from now on; False, and nothing is changed, when it is too
    much."""
    if len(joined((text,))) > NOTE_MAX:
        return False
    stays = joined((text,)).split(BETWEEN)
    for _, wish in told(unit.db, order.id):
        if wish not in stays:
            _sql.take_off(unit.db, order_id=order.id, text=wish, at=unit.now)
    return keep(unit, order, text)


def _add(unit: Unit, order: Order, wishes: Iterable[tuple[int, str]]) -> None:
    known = {text for _, text in told(unit.db, order.id)}
    for at, text in wishes:
        if text not in known:
            _sql.add(unit.db, order_id=order.id, text=text, at=at)


def told(db: sqlite3.Connection, order_id: int) -> list[tuple[int, str]]:
    """What is wished of an order, and since when."""
    return [(row["at"], row["text"]) for row in _sql.of(db, order_id=order_id)]


def ever(db: sqlite3.Connection, order_id: int) -> list[tuple[int, int | None, str]]:
    """What was wished of an order at any time: since when, until when, and what."""
    return [(row["at"], row["off_at"], row["text"]) for row in _sql.ever(db, order_id=order_id)]


def of(db: sqlite3.Connection, order_id: int) -> str:
    """What is wished of an order; '' for nothing."""
    return joined(text for _, text in told(db, order_id))
