"""Money that a person sent back at a payment service itself, without asking the shop."""

from __future__ import annotations

from bot.messages import SentBack
from bot.shop import elsewhere, repayments
from bot.shop.repayments import Elsewhere, RepaymentState
from bot.talk import notices, suspense
from bot.talk.turn import Turn


def take(turn: Turn, event: SentBack) -> None:
    """It is booked, and told; what is more than was to go back is for a person to look into."""
    sum = Elsewhere(event.way, event.refund, event.reference, event.amount_minor)
    is_sent = event.state == RepaymentState.SENT and sum.amount_minor > 0
    if not is_sent or repayments.is_known(turn.unit.db, sum):
        return  # What is not sent is told there to whoever sends it.
    booked = elsewhere.book(turn.unit, sum)
    if booked is None:
        suspense.went(turn, event)
        return
    if booked.is_over:
        minor = booked.refund.amount_minor if booked.refund else None
        notices.money_news(turn, booked.order, "notice.refunded", minor)
    notices.tell_staff(turn, "staff.refunded-elsewhere", booked.order, sum.amount_minor)
