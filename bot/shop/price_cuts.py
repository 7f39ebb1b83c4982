"""What a seller took off an order, as they said it: one in its place costs as much less, too."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from msgspec import Struct

from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

WHOLE = 10_000  # hundredths of a per cent


class Cut(Struct, frozen=True):
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
    return sum(each_off(cuts, goods_minor, shipping_minor, total_minor))


def each_off(
    cuts: Iterable[Cut], goods_minor: int, shipping_minor: int, total_minor: int
) -> list[int]:
    """What each of them takes off an order of what those before it have left."""
    found, left = list[int](), total_minor
    for each in cuts:
        found.append(each.off(goods_minor, shipping_minor, left))
        left -= found[-1]
    return found


def keep(
    unit: Unit,
    order_id: int,
    cuts: Iterable[Cut],
    goods_minor: int,
    shipping_minor: int,
    total_minor: int,
) -> None:
    """Keeps what is taken off an order of these sums, and how much each of it is."""
    cuts = list(cuts)
    sums = each_off(cuts, goods_minor, shipping_minor, total_minor)
    for cut, minor in zip(cuts, sums, strict=True):
        values = {"kind": cut.kind, "value": cut.value, "goods_minor": cut.goods_minor}
        _sql.add(unit.db, order_id=order_id, minor=minor, **values)


def last(db: sqlite3.Connection, order_id: int) -> tuple[int, int] | None:
    """The id of what was taken off an order last and can be taken back, and how much it was."""
    row = _sql.last(db, order_id=order_id)
    return (row["id"], row["minor"]) if row else None


def drop(unit: Unit, id: int) -> None:
    """It is taken off no longer."""
    _sql.drop(unit.db, id=id)


def agreed(db: sqlite3.Connection, order_id: int) -> int:
    """What it was agreed that goes or went back of an order, in minor units."""
    return int(_sql.agreed(db, order_id=order_id))


def to_carry(db: sqlite3.Connection, order_id: int) -> list[Cut]:
    """What is taken off the order in the place of another: what was taken off that, and what it was
    agreed that goes back of it, however little is ordered now."""
    minor = agreed(db, order_id)
    return [*of_order(db, order_id), *([Cut("sum", minor, 0)] if minor else [])]


def carry(unit: Unit, before: int, after: int) -> None:
    """The order in the place of another has what was taken off that one."""
    _sql.carry(unit.db, before=before, after=after)
