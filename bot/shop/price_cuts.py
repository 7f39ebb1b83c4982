"""What a seller took off an order, as they said it: one in its place costs as much less, too."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

WHOLE = 10_000  # hundredths of a per cent


@dataclass(frozen=True, slots=True)
class Cut:
    """A sum in minor units, hundredths of a per cent, or the shipping; said when the goods of the
    order cost so much."""

    kind: str
    value: int
    goods_minor: int

    def off(self, goods_minor: int, shipping_minor: int, total_minor: int) -> int:
        """What it takes off an order of these sums, the total being what others have left of it.

        A sum stays what it is, but for less goods than it was given for, of which it is a share.
        The order keeps a price.
        """
        if self.kind == "percent":
            minor = (2 * total_minor * self.value + WHOLE) // (2 * WHOLE)
        elif self.kind == "shipping":
            minor = shipping_minor
        elif goods_minor < self.goods_minor:
            minor = self.value * goods_minor // self.goods_minor
        else:
            minor = self.value
        return max(0, min(minor, total_minor - 1))


def of_order(db: sqlite3.Connection, order_id: int) -> list[Cut]:
    """What was taken off an order, in this order."""
    return [Cut(*row) for row in _sql.of_order(db, order_id=order_id)]


def off(cuts: Iterable[Cut], goods_minor: int, shipping_minor: int, total_minor: int) -> int:
    """What they take off an order one after another."""
    left = total_minor
    for each in cuts:
        left -= each.off(goods_minor, shipping_minor, left)
    return total_minor - left


def add(unit: Unit, order_id: int, cut: Cut) -> None:
    """Keeps what was taken off an order."""
    _sql.add(
        unit.db,
        order_id=order_id,
        kind=cut.kind,
        value=cut.value,
        goods_minor=cut.goods_minor,
    )


def carry(unit: Unit, before: int, after: int) -> None:
    """The order in the place of another has what was taken off that one."""
    _sql.carry(unit.db, before=before, after=after)
