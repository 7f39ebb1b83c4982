"""Money that goes back in part, with the order standing: offered, agreed to, sent.

The staff offer a sum for what arrives spoiled or short; the buyer agrees; the staff send it and
say so. What is promised never passes what was paid. Undoing a whole order is in payments.
"""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from msgspec import Struct

from bot.shop import accounts, enquiries, orders, people, repayments
from bot.shop.orders import Order, State
from bot.shop.people import By, id_of
from bot.shop.repayments import Back
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


class RefundState(StrEnum):
    """How far a refund has come."""

    OFFERED = "offered"
    DUE = "due"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


class Refund(Struct, frozen=True):
    """A sum that goes back; times are UTC ms, people are ids."""

    id: int
    order_id: int
    amount_minor: int
    state: RefundState
    offered_by: int | None
    offered_at: int
    accepted_by: int | None
    accepted_at: int | None
    sent_by: int | None
    sent_at: int | None
    is_excess: int  # 1: came above the total, so nobody has to agree

    @property
    def back(self) -> Back:
        """What goes back by it."""
        return Back(self.order_id, self.id, self.amount_minor, bool(self.is_excess))


class TooMuch(Struct, frozen=True):
    """So much cannot go back: `left_minor` is what was paid and is not promised yet."""

    left_minor: int


HAVE_LEFT = (State.SHIPPED, State.DELIVERED, State.RETURNING, State.RETURNED)
OFFERED_IN = (State.CONFIRMED, State.PACKING, *HAVE_LEFT)


def left(db: sqlite3.Connection, order: Order) -> int:
    """What was paid for an order and has neither gone back nor been promised."""
    return int(_sql.left_of(db, order_id=order.id))


def undone(db: sqlite3.Connection, order: Order) -> int:
    """What goes back when the whole order is undone: all that has not gone back in part."""
    return int(_sql.undone_of(db, order_id=order.id))


def kept(db: sqlite3.Connection, order: Order) -> int:
    """What came for an order and has not gone back."""
    return int(_sql.kept_of(db, order_id=order.id))


def due(db: sqlite3.Connection, order: Order) -> int:
    """What is to go back in parts and has not gone."""
    return kept(db, order) - left(db, order)


def all_of(db: sqlite3.Connection, order: Order) -> Back:
    """What goes back when the whole order is undone."""
    return Back(order.id, None, undone(db, order))


def offer(unit: Unit, order: Order, amount_minor: int, *, by: By) -> Refund | TooMuch:
    """Offers a sum; an offer that stands is withdrawn for it. Raises ValueError for none at all."""
    if amount_minor <= 0:
        raise ValueError(amount_minor)
    order = orders.fresh(unit.db, order)
    most = left(unit.db, order) if order.state in OFFERED_IN else 0
    if amount_minor > most:
        return TooMuch(most)
    withdraw(unit, order)
    row = _sql.add(
        unit.db, order_id=order.id, amount_minor=amount_minor, by=id_of(by), now=unit.now
    )
    people.audit(unit, by, "payment.offer-back", order.number, "", str(amount_minor))
    return _refund(row)


def withdraw(unit: Unit, order: Order) -> None:
    """What was offered for an order stands no longer."""
    _sql.withdraw(unit.db, order_id=order.id)


def accept(unit: Unit, id: int, *, by: By) -> Refund | None:
    """The buyer agrees: the sum is due. None when the offer no longer stands."""
    row = _sql.accept(unit.db, id=id, by=id_of(by), now=unit.now)
    return _posted(unit, row, "refund agreed", by)


def lapse(unit: Unit, id: int) -> Refund | None:
    """An offer that nobody answered is withdrawn; None when it does not stand."""
    row = _sql.lapse(unit.db, id=id)
    return _refund(row) if row else None


def lapsed(db: sqlite3.Connection, order: Order) -> Refund | None:
    """The last offer for an order if it is over and could be made again."""
    row = _sql.lapsed_of(db, order_id=order.id)
    is_over = row is not None and orders.follow_up(db, order) is None
    return _refund(row) if is_over and row["amount_minor"] <= left(db, order) else None


def keep(unit: Unit, id: int, *, by: By) -> Refund | None:
    """What was agreed to does not go back after all; None once anybody has begun to send it."""
    return _posted(unit, _sql.keep(unit.db, id=id), "refund withdrawn", by)


def drop(unit: Unit, id: int, *, by: By) -> Refund | None:
    """Another sum goes back instead; None once anybody has begun to send it."""
    return _posted(unit, _sql.drop(unit.db, id=id), "refund withdrawn", by)


def sent(unit: Unit, id: int, *, by: By) -> Refund | None:
    """A person has sent the money, as far as no service does. None when not all of it went now."""
    due = by_id(unit.db, id)
    if due is None or due.state is not RefundState.DUE:
        return None
    repayments.by_hand(unit, due.back, by=by)
    return settle(unit, id, by=by)


def settle(unit: Unit, id: int, *, by: By) -> Refund | None:
    """The refund, if all of it has gone back by now, and none when that was known."""
    due = by_id(unit.db, id)
    if due is None or not repayments.is_over(unit.db, due.back):
        return None
    row = _sql.mark_sent(unit.db, id=id, by=id_of(by), now=unit.now)
    order = orders.by_id(unit.db, due.order_id)
    if row is None or order is None:
        return None
    enquiries.settle(unit, order.id, by)
    people.audit(unit, by, "payment.sent-back", order.number, "", str(due.amount_minor))
    return _refund(row)


def excess(unit: Unit, order: Order, amount_minor: int, *, by: By) -> Refund:
    """So much came above the total: it is due to go back."""
    values = {"order_id": order.id, "amount_minor": amount_minor, "by": id_of(by)}
    return _refund(_sql.add_excess(unit.db, **values, now=unit.now))


def may_undo_excess(db: sqlite3.Connection, id: int) -> bool:
    """Whether nobody has begun to send back what came too much."""
    row = _sql.by_id(db, id=id)
    due = _refund(row) if row else None
    is_due = due is not None and due.state is RefundState.DUE
    return due is not None and is_due and repayments.rest(db, due.back) == due.amount_minor


def undo_excess(unit: Unit, id: int) -> int:
    """It is not too much after all, and does not go back; what it was, in minor units."""
    return int(_sql.undo_excess(unit.db, id=id)["amount_minor"])


def went(unit: Unit, order: Order, amount_minor: int) -> Refund | None:
    """A sum went back that nobody was offered: it was due. None when so much was not paid."""
    found = offer(unit, order, amount_minor, by=None)
    return accept(unit, found.id, by=None) if isinstance(found, Refund) else None


def by_id(db: sqlite3.Connection, id: int) -> Refund | None:
    """The refund of that id."""
    row = _sql.by_id(db, id=id)
    return _refund(row) if row else None


def of_order(db: sqlite3.Connection, order: Order) -> list[Refund]:
    """An order's refunds that were not withdrawn, oldest first."""
    return [_refund(row) for row in _sql.of_order(db, order_id=order.id)]


def _posted(unit: Unit, row: sqlite3.Row | None, what: str, by: By) -> Refund | None:
    """The refund that went on, with the books brought up to it; None when none did."""
    if row is None:
        return None
    accounts.follow(unit, row["order_id"], what, by=by)
    enquiries.settle(unit, row["order_id"], by)
    return _refund(row)


def _refund(row: sqlite3.Row) -> Refund:
    return Refund(**{**dict(row), "state": RefundState(row["state"])})
