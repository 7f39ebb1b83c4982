"""Money in suspense, told to the staff: what came and fits no order, and what went back twice."""

from __future__ import annotations

from typing import Any

from bot.messages import Choice, PaymentNotice, SentBack
from bot.shop import people, unsettled
from bot.shop.orders import Order
from bot.shop.repayments import Repayment
from bot.shop.unsettled import Money
from bot.talk import notices
from bot.talk.turn import Turn


def came(turn: Turn, notice: PaymentNotice) -> None:
    """Money came that fits no order: the staff have to look into it."""
    named = (notice.way, notice.reference, notice.order)
    found = unsettled.add_money(turn.unit, *named, notice.amount_minor, notice.currency)
    _tell(turn, "payment.unmatched", found)


def went_twice(turn: Turn, order: Order, repayment: Repayment, way: str) -> None:
    """A service sent what had been sent otherwise: the buyer may have it twice."""
    reference, minor = f"{order.number}-{repayment.id}", -repayment.amount_minor
    named = (way, reference, order.number)
    found = unsettled.add_money(turn.unit, *named, minor, order.currency)
    _tell(turn, "payment.sent-twice", found)


def went(turn: Turn, event: SentBack) -> None:
    """Money was sent back at a service: what had come and fits no order, or more than one has."""
    unit, minor = turn.unit, event.amount_minor
    if came := unsettled.came_by(unit.db, event.way, event.reference, minor):
        unsettled.settle_money(unit, came, "", by=None)
        for chat in notices.staff(turn):
            view = turn.towards(chat)
            turn.notify(chat, "staff.unmatched-went-back", money=money(view, came))
        return
    named = (event.way, event.refund, event.order)
    currency = turn.catalogue.currency
    found = unsettled.add_money(unit, *named, -minor, currency)
    _tell(turn, "payment.sent-elsewhere", found)


def _tell(turn: Turn, what: str, found: Money | None) -> None:
    """Nothing is told that was known."""
    if found is None:
        return
    people.audit(turn.unit, None, what, found.number, found.way, found.reference)
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        id, values = text(view, found)
        turn.notify(chat, id, choices=choices(view, found), **values)


def text(turn: Turn, found: Money) -> tuple[str, dict[str, Any]]:
    """What is said of it, and the values for that."""
    values = {"money": money(turn, found), "number": found.number, "reference": found.reference}
    return "staff.unmatched" if found.amount_minor > 0 else "staff.sent-twice", values


def choices(turn: Turn, found: Money) -> tuple[Choice, ...]:
    """To put it to an order, where it can be one's, and to say that it is seen to."""
    names = ("matches", "matched") if may_match(turn, found) else ("matched",)
    if found.amount_minor < 0:
        names = ("money-back", "let-go")
    return tuple(turn.choice(f"button.{name}", f"{name}:{found.id}") for name in names)


def may_match(turn: Turn, found: Money) -> bool:
    """Whether it can be an order's."""
    return found.currency == turn.catalogue.currency and found.amount_minor > 0


def money(turn: Turn, found: Money) -> str:
    """The sum, in its own currency."""
    return turn.locales.money(turn.language, abs(found.amount_minor), found.currency)
