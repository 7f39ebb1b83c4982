"""What of an order's money goes back or went back: one truth for whoever asks."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from msgspec import Struct

from bot.shop import payments, refunds, repayments
from bot.shop.orders import Order, State
from bot.shop.payment_states import PaymentState
from bot.shop.refunds import Refund, RefundState
from bot.shop.repayments import Back


class Stage(StrEnum):
    """How far a sum has come on its way back."""

    OFFERED = "offered"
    HELD = "held"  # It came too late, and nobody has decided yet.
    UNSURE = "unsure"  # It goes back if it came.
    DUE = "due"
    UNDER_WAY = "under-way"  # A service was asked to send it.
    SENT = "sent"


OPEN = (Stage.HELD, Stage.UNSURE, Stage.DUE, Stage.UNDER_WAY)


class MoneyBack(Struct, frozen=True):
    """A sum; `at` is when it was sent (UTC ms)."""

    stage: Stage
    amount_minor: int
    at: int | None = None


def is_late(db: sqlite3.Connection, order: Order) -> bool:
    """Whether all of the money for an order came, but too late."""
    return order.state is State.EXPIRED and not payments.missing(db, order)


def of_order(db: sqlite3.Connection, order: Order) -> list[MoneyBack]:
    """All sums of an order that go back, are offered or went back."""
    return [_part(db, each) for each in refunds.of_order(db, order)] + _whole(db, order)


def _part(db: sqlite3.Connection, refund: Refund) -> MoneyBack:
    if refund.state is RefundState.DUE:
        return MoneyBack(_due(db, refund.back), refund.amount_minor)
    return MoneyBack(Stage(refund.state), refund.amount_minor, refund.sent_at)


def _whole(db: sqlite3.Connection, order: Order) -> list[MoneyBack]:
    """What goes back since the whole order is undone, or came too late."""
    payment, came = payments.of_order(db, order.id), payments.received(db, order.id)
    back = refunds.all_of(db, order)
    if payment.state is PaymentState.CLAIMED and is_late(db, order):
        return [MoneyBack(Stage.HELD, came)]
    if payment.state is PaymentState.REFUNDED and back.amount_minor:
        return [MoneyBack(Stage.SENT, back.amount_minor, payment.decided_at)]
    if payment.state is PaymentState.REFUND_DUE and back.amount_minor:
        stage = Stage.UNSURE if payments.is_unseen(db, payment) else _due(db, back)
        return [MoneyBack(stage, back.amount_minor)]
    return []


def _due(db: sqlite3.Connection, back: Back) -> Stage:
    under_way = repayments.under_way(db, back) and not repayments.rest(db, back)
    return Stage.UNDER_WAY if under_way else Stage.DUE
