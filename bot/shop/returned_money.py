"""Money of an order of which some goods came back: what they cost goes back, and no more.

Whoever has brought goods back is owed for them, without being asked. What was said to go back can
be said otherwise until somebody has begun to send it.
"""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from bot.shop import orders, parts, payments, refunds, repayments, returned_goods
from bot.shop.orders import Order, State
from bot.shop.payment_states import PaymentState
from bot.shop.people import By
from bot.shop.refunds import Refund, RefundState, TooMuch
from bot.shop.returned_goods import Goods
from bot.store.unit import Unit


class _TooMuch(Exception):
    """Undoes what was attempted, since so much was not paid."""

    def __init__(self, most: TooMuch) -> None:
        super().__init__(most)
        self.most = most


class Worth(Struct, frozen=True):
    """What goods cost that are back, where others are not; what of that is `open`, as it does not
    go back yet, and what can go back at the `most`. In minor units."""

    goods: Goods
    minor: int
    open_minor: int
    most_minor: int


def worth(db: sqlite3.Connection, order: Order) -> Worth | None:
    """None of an order of which all is back, or nothing."""
    back = returned_goods.part_back(db, order.id)
    if order.state is not State.RETURNED or not back:
        return None
    less, _ = parts.without(db, order, back)
    minor, most = order.total_minor - less.total_minor, refunds.left(db, order)
    agreed = (RefundState.DUE, RefundState.SENT)
    given = sum(e.amount_minor for e in _since_back(db, order) if e.state in agreed)
    return Worth(back, minor, min(max(0, minor - given), most), most)


def owe(unit: Unit, order: Order, minor: int, *, by: By) -> Refund | TooMuch:
    """So much goes back. Raises ValueError for nothing."""
    offered = refunds.offer(unit, order, minor, by=by)
    if isinstance(offered, TooMuch):
        return offered
    return refunds.accept(unit, offered.id, by=by) or TooMuch(refunds.left(unit.db, order))


def said(db: sqlite3.Connection, order: Order) -> int:
    """What was said last to go back of an order that came back, if that can be said otherwise yet;
    else 0."""
    order = orders.fresh(db, order)
    if order.state is not State.RETURNED or repayments.any_under_way(db, order.id):
        return 0
    if payments.of_order(db, order.id).state is PaymentState.REFUND_DUE:
        is_begun = repayments.rest(db, refunds.all_of(db, order)) < refunds.undone(db, order)
        return 0 if is_begun else refunds.undone(db, order)
    last = _last(db, order)
    return last.amount_minor if last else 0


def instead(unit: Unit, order: Order, minor: int, *, by: By) -> Refund | TooMuch | None:
    """So much goes back in the place of what was said. None when that can not be said any more."""
    order, db = orders.fresh(unit.db, order), unit.db
    if not said(db, order):
        return None
    payment, last = payments.of_order(db, order.id), _last(db, order)
    try:
        with unit.attempt():
            if payment.state is PaymentState.REFUND_DUE:
                is_paid = not payments.missing(db, order)
                to = PaymentState.PAID if is_paid else PaymentState.SHORT
                payments.decide(unit, order, payment, to, by)
            elif last:
                refunds.drop(unit, last.id, by=by)
            owed = owe(unit, order, minor, by=by)
            if isinstance(owed, TooMuch):
                raise _TooMuch(owed)
            return owed
    except _TooMuch as too_much:
        return too_much.most


def _since_back(db: sqlite3.Connection, order: Order) -> list[Refund]:
    """What was said to go back since the goods are back."""
    back_at = orders.history(db, order.id)[-1].at
    found = refunds.of_order(db, order)
    return [each for each in found if not each.is_excess and each.offered_at >= back_at]


def _last(db: sqlite3.Connection, order: Order) -> Refund | None:
    """The last sum of these that is due, if nobody has begun to send it."""
    due = [each for each in _since_back(db, order) if each.state is RefundState.DUE]
    is_whole = bool(due) and repayments.rest(db, due[-1].back) == due[-1].amount_minor
    return due[-1] if is_whole else None
