"""How an order is to be paid: the account, the channel's own form, or on delivery."""

from __future__ import annotations

from bot.messages import Card, Charge, Choice, CloseCharge, Copyable, Invoice
from bot.shop import on_delivery, orders, payments, timers
from bot.shop.follow_ups import Changed
from bot.shop.orders import Order, State
from bot.shop.people import Chat
from bot.shop.ways_to_pay import MINUTE_MS, WAYS
from bot.talk import cards
from bot.talk.turn import Turn

TITLE_MAX, ABOUT_MAX = 32, 255  # characters of an invoice, as the Bot API has them


def show(turn: Turn, order: Order, id: str) -> None:
    """Says `id` with what is needed to pay for an order by its way."""
    way = WAYS[order.pay_by]
    if way.charged and not payments.of_order(turn.unit.db, order.id).code:
        _charge(turn, order)
    turn.say(
        id,
        card=bill_card(turn, order),
        invoice=invoice(turn, order),
        choices=choices(turn, order),
        number=order.number,
        money=turn.money(payments.missing(turn.unit.db, order)),
        left=time_left(turn, order),
        paid=turn.money(payments.received(turn.unit.db, order.id)),
    )


def tell(turn: Turn, order: Order, chat: Chat, id: str) -> None:
    """Tells a buyer by `id` how an order is to be paid that is charged by no service."""
    view = turn.towards(chat)
    turn.notify(
        chat,
        id,
        card=bill_card(view, order),
        choices=choices(view, order),
        number=order.number,
        money=view.money(payments.missing(turn.unit.db, order)),
        left=time_left(view, order),
    )


def placed(turn: Turn, order: Order) -> None:
    """The number of an order that was just placed, and how to pay for it, if it costs anything."""
    if order.total_minor:
        return show(turn, order, f"order.placed-{order.pay_by}")
    cancel = turn.choice("button.cancel-order", f"cancel:{order.number}")
    card = cards.order_card(turn, order)
    turn.say("order.placed-free", number=order.number, card=card, choices=(cancel,))


def changed(turn: Turn, event: Changed) -> None:
    """An order that stands in another's place: how to pay for it, or for what is missing of it."""
    order, money = event.order, event.money
    if money is None:
        return placed(turn, order)
    if money.missing_minor:
        return show(turn, order, "change.rest")
    turn.say(
        "change.back" if money.excess else "change.even",
        number=order.number,
        money=turn.money(money.excess.amount_minor if money.excess else 0),
        card=cards.order_card(turn, order),
        choices=(turn.choice("button.cancel-order", f"cancel:{order.number}"),),
    )


def choices(turn: Turn, order: Order) -> tuple[Choice, ...]:
    """To say that it is paid, or else to pay by hand; and to call it off."""
    cancel = turn.choice("button.cancel-order", f"cancel:{order.number}")
    paid = turn.choice("button.i-paid", f"paid:{order.number}")
    if on_delivery.is_short(turn.unit.db, order):
        return paid, turn.choice("button.human", "human")
    if order.pay_by == "transfer":
        return paid, cancel
    if WAYS[order.pay_by].by_service and "transfer" in turn.ways:
        return turn.choice("button.pay-transfer", f"otherwise:{order.number}"), cancel
    return (cancel,)


def _charge(turn: Turn, order: Order) -> None:
    """Asks the service for the code by which an order is paid."""
    until = turn.unit.now + left_ms(turn, order)
    missing = payments.missing(turn.unit.db, order)
    about = f"{turn.locales.choose(turn.catalogue.names, turn.language)} {order.number}"
    bill = number(turn, order)
    turn.ask(order.pay_by, Charge(bill, missing, order.currency, about, until))


def close(turn: Turn, order: Order) -> None:
    """Has the service take nothing more for an order, if it ever would."""
    if WAYS[order.pay_by].charged:
        turn.ask(order.pay_by, CloseCharge(number(turn, order)))


def number(turn: Turn, order: Order, *, before: int = 0) -> str:
    """What the service knows an order's code by, or the one so many codes `before`: a number that
    was paid or closed cannot be used again."""
    bill = payments.of_order(turn.unit.db, order.id).bill - before
    return f"{order.number}-{bill + 1}" if bill > 0 else order.number


def renew(turn: Turn, order: Order) -> None:
    """A part came: the code that was for all of the sum is closed, and the rest has another."""
    if WAYS[order.pay_by].charged and is_open(turn, order):
        turn.ask(order.pay_by, CloseCharge(number(turn, order, before=1)))
        _charge(turn, order)


def paid(turn: Turn, order: Order, by: str) -> None:
    """Whoever has paid all by another code is not to pay by the one that stands, too."""
    stands = bool(payments.of_order(turn.unit.db, order.id).code)
    if stands and not is_open(turn, order) and by != number(turn, order):
        close(turn, order)


def is_open(turn: Turn, order: Order) -> bool:
    """Whether an order waits for its buyer to pay."""
    if order.state is not State.PLACED or order.pay_by == "cod":
        return False
    return payments.of_order(turn.unit.db, order.id).state == "due"


def invoice(turn: Turn, order: Order) -> Invoice | None:
    """The channel's own form for what is missing of an order, if it is paid by one."""
    if order.pay_by != "telegram":
        return None
    return Invoice(
        order=order.number,
        title=turn.words("order.title", number=order.number)[:TITLE_MAX],
        about=cards.goods(turn, order)[:ABOUT_MAX],
        currency=order.currency,
        lines=((turn.words("order.total"), payments.missing(turn.unit.db, order)),),
    )


def left_ms(turn: Turn, order: Order) -> int:
    """How long an order's goods are still held for its money; a minute while it runs out."""
    return max(timers.left_ms(turn.unit, orders.EXPIRE, str(order.id)), MINUTE_MS)


def time_left(turn: Turn, order: Order) -> str:
    """The same in words, to the nearest minute: nobody reads of 29 a moment after ordering."""
    return turn.span(left_ms(turn, order) + MINUTE_MS // 2)


def bill_card(turn: Turn, order: Order) -> Card:
    """How to pay where an account or a code has to be shown, else what there is to pay for."""
    shown = _is_transferred(turn, order) or payments.of_order(turn.unit.db, order.id).code
    return (payment_card if shown else cards.order_card)(turn, order)


def _is_transferred(turn: Turn, order: Order) -> bool:
    """So is the rest of what the courier should have brought."""
    return order.pay_by == "transfer" or on_delivery.is_short(turn.unit.db, order)


def payment_card(turn: Turn, order: Order) -> Card:
    """How to pay: amount and account to copy, QR code, what to write in the note.

    The code that a payment service made for the order says all of that by itself.
    """
    missing = payments.missing(turn.unit.db, order)
    title = turn.words("pay.title", money=turn.money(missing))
    left = time_left(turn, order)
    if not _is_transferred(turn, order):
        code = payments.of_order(turn.unit.db, order.id).code
        note = turn.words("pay.scan", left=left)
        return Card(kind="payment", title=title, notes=(note,), qr=code or None)
    # What is missing of what was handed over has no time that runs out.
    id = "pay.note-rest" if order.state is State.DELIVERED else "pay.note"
    note = turn.words(id, number=order.number, left=left)
    return Card(
        kind="payment",
        title=title,
        notes=(turn.locales.choose(turn.catalogue.account, turn.language), note),
        copyables=(
            Copyable(turn.words("pay.amount"), f"{missing / 100:.2f}"),
            Copyable(turn.words("pay.reference"), order.number),
        ),
        qr=turn.catalogue.account_qr or None,
    )
