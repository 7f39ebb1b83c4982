"""Money that a person sent back at a payment service itself, put to what it was due for."""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from bot.shop import orders, payments, people, refunds, repayments
from bot.shop.orders import Order
from bot.shop.refunds import Refund, RefundState
from bot.shop.repayments import Elsewhere, RepaymentState
from bot.store.unit import Unit


class Booked(Struct, frozen=True):
    """So much of an order went back; `refund` of None is of all that is to go back.

    `is_over`: it was the last of it.
    """

    order: Order
    refund: Refund | None
    is_over: bool


def book(unit: Unit, sum: Elsewhere) -> Booked | None:
    """It is what waits at the service, or what is due, or else was due without anybody's word.

    None when the payment is not known, or less of it is left.
    """
    id = repayments.order_of(unit.db, sum)
    order = orders.by_id(unit.db, id) if id else None
    booked = _book(unit, order, sum) if order else None
    if booked:
        subject, minor = booked.order.number, str(sum.amount_minor)
        people.audit(unit, None, "payment.sent-elsewhere", subject, sum.number, minor)
    return booked


def _book(unit: Unit, order: Order, sum: Elsewhere) -> Booked | None:
    if waits := repayments.waiting(unit.db, sum):
        repayments.turn_out(unit, waits, RepaymentState.SENT, by=None, number=sum.number)
        due = refunds.by_id(unit.db, waits.refund_id) if waits.refund_id else None
        return _settle(unit, order, due)
    if not repayments.has_as_much(unit.db, sum):
        return None
    if payments.of_order(unit.db, order.id).state == "refund_due":
        if repayments.add_elsewhere(unit, refunds.all_of(unit.db, order), sum):
            return _settle(unit, order, None)
    due = _due(unit.db, order, sum) or refunds.went(unit, order, sum.amount_minor)
    if due is None or not repayments.add_elsewhere(unit, due.back, sum):
        return None
    return _settle(unit, order, due)


def _due(db: sqlite3.Connection, order: Order, sum: Elsewhere) -> Refund | None:
    """The refund of that sum that a person has to send."""
    for each in refunds.of_order(db, order):
        rest = repayments.rest(db, each.back)
        if each.state is RefundState.DUE and rest == sum.amount_minor:
            return each
    return None


def _settle(unit: Unit, order: Order, due: Refund | None) -> Booked:
    if due:
        is_over = refunds.settle(unit, due.id, by=None) is not None
    else:
        is_over = payments.settle(unit, order, by=None) is not None
    return Booked(order, due, is_over)
