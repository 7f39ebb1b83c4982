"""How an order is to be paid: the account, the channel's own form, or on delivery."""

from __future__ import annotations

from bot.messages import Choice, Invoice
from bot.shop import payments
from bot.shop.orders import Order, State
from bot.shop.ways_to_pay import MINUTE_MS, WAYS
from bot.talk import cards
from bot.talk.turn import Turn

TITLE_MAX, ABOUT_MAX = 32, 255  # characters of an invoice, as the Bot API has them


def show(turn: Turn, order: Order, id: str) -> None:
    """Says `id` with what is needed to pay for an order by its way."""
    way = WAYS[order.pay_by]
    turn.say(
        id,
        card=(cards.payment_card if order.pay_by == "transfer" else cards.order_card)(turn, order),
        invoice=_invoice(turn, order) if order.pay_by == "telegram" else None,
        choices=_choices(turn, order),
        number=order.number,
        money=turn.money(payments.missing(turn.unit.db, order)),
        minutes=(way.hold_ms or 0) // MINUTE_MS,
    )


def _choices(turn: Turn, order: Order) -> tuple[Choice, ...]:
    """To say that it is paid, or else to pay by hand; and to call it off."""
    cancel = turn.choice("button.cancel-order", f"cancel:{order.number}")
    if order.pay_by == "transfer":
        return turn.choice("button.i-paid", f"paid:{order.number}"), cancel
    if WAYS[order.pay_by].by_service and "transfer" in turn.ways:
        return turn.choice("button.pay-transfer", f"otherwise:{order.number}"), cancel
    return (cancel,)


def is_open(turn: Turn, order: Order) -> bool:
    """Whether an order waits for its buyer to pay."""
    if order.state is not State.PLACED or order.pay_by == "cod":
        return False
    return payments.of_order(turn.unit.db, order.id).state == "due"


def _invoice(turn: Turn, order: Order) -> Invoice:
    return Invoice(
        order=order.number,
        title=turn.words("order.title", number=order.number)[:TITLE_MAX],
        about=cards.goods(turn, order)[:ABOUT_MAX],
        currency=order.currency,
        lines=((turn.words("order.total"), payments.missing(turn.unit.db, order)),),
    )
