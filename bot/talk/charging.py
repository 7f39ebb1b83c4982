"""Orders paid by a service that makes a code for each: what it answers, and money sent back."""

from __future__ import annotations

from bot.messages import (
    CallFailed,
    Charge,
    Charged,
    CloseCharge,
    Closed,
    LookForPayment,
    PaymentAnswer,
    PaymentNotice,
    SendBack,
    SentBack,
    Track,
    Watch,
)
from bot.shop import orders, payments, people, refunds
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.refunds import Refund
from bot.shop.timers import set_timer
from bot.shop.ways_to_pay import MINUTE_MS, WAYS
from bot.talk import bills, cards, notices, receipts, tracking
from bot.talk.turn import Turn

LOOK = "payment.look"  # a timer; the subject is the order's id
LOOK_MS = 3 * MINUTE_MS
ALL = "all"  # the refund of all that was paid for an order


def answered(turn: Turn, event: PaymentAnswer | CallFailed) -> None:
    """A service answers, or tells something unasked."""
    if isinstance(event, PaymentNotice):
        receipts.take(turn, event)
        return
    asked = event.request if isinstance(event, CallFailed) else event
    number = "" if isinstance(asked, Track | Watch) else asked.order
    order = orders.find(turn.unit.db, number)
    if order is None:
        return
    if isinstance(event, Charged):
        _charged(turn, order, event)
    elif isinstance(event, Closed):
        _closed(turn, order, event.way)
    elif isinstance(event, SentBack):
        _sent_back(turn, order, event.refund)
    else:
        _failed(turn, order, event)


def expire(turn: Turn, order: Order) -> None:
    """An order's time is over. Where a code stands, that is closed first. Raises NotAllowed."""
    if WAYS[order.pay_by].charged and bills.is_open(turn, order):
        bills.close(turn, order)
    else:
        _expire(turn, order)


def _expire(turn: Turn, order: Order) -> None:
    """Nobody paid in time; what had come in part goes back. Raises NotAllowed."""
    moved = payments.lapse(turn.unit, order)
    notices.moved(turn, moved)
    if payments.received(turn.unit.db, order.id):
        notices.money_news(turn, moved.order, "notice.refund-due")


def look(turn: Turn, order: Order) -> None:
    """Looks whether the money came while no notice did."""
    if WAYS[order.pay_by].charged and bills.is_open(turn, order):
        turn.ask(order.pay_by, LookForPayment(order.number))
        set_timer(turn.unit, LOOK, str(order.id), turn.unit.now + LOOK_MS)


def otherwise(turn: Turn, order: Order | None) -> None:
    """The buyer would rather transfer the money."""
    changed = order and payments.pay_otherwise(turn.unit, order, "transfer", by=turn.chat.person)
    if order and changed:
        bills.close(turn, order)
        bills.show(turn, changed, "pay.again")
    else:
        turn.say("track.unknown") if order is None else tracking.show(turn, order)


def send_back(turn: Turn, order: Order, refund: Refund | None = None) -> bool:
    """Has the service send back a refund, or all; False where a person has to do it by hand."""
    found = payments.receipts(turn.unit.db, order.id)
    # What came too much came last.
    paid = next(iter(found[-1:] if refund and refund.is_excess else found[:1]), None)
    if not WAYS[order.pay_by].charged or paid is None or not paid.reference:
        return False
    minor = refund.amount_minor if refund else refunds.undone(turn.unit.db, order)
    id = str(refund.id) if refund else ALL
    paid_minor = paid.amount_minor
    request = SendBack(order.number, id, paid.reference, minor, paid_minor, order.currency)
    turn.ask(order.pay_by, request)
    people.audit(turn.unit, turn.chat.person, "payment.send-back", order.number, id, str(minor))
    turn.say("staff.sending-back", number=order.number, money=turn.money(minor))
    return True


def _charged(turn: Turn, order: Order, event: Charged) -> None:
    """The code is there; an order that no longer waits for it has it closed again."""
    if order.pay_by != event.way or not bills.is_open(turn, order):
        turn.ask(event.way, CloseCharge(order.number))
        return
    payments.set_code(turn.unit, order, event.code)
    set_timer(turn.unit, LOOK, str(order.id), turn.unit.now + LOOK_MS)
    chat = people.chat(turn.unit, order.chat_id)
    view = turn.towards(chat)
    turn.notify(
        chat,
        "pay.code",
        card=cards.payment_card(view, order),
        choices=bills.choices(view, order),
        number=order.number,
    )


def _closed(turn: Turn, order: Order, way: str) -> None:
    """Nothing more can come by the code: an order that still waited for it is over."""
    if order.pay_by == way and bills.is_open(turn, order):
        _expire(turn, order)


def _sent_back(turn: Turn, order: Order, refund: str) -> None:
    """The service sends the money back."""
    minor: int | None = None
    if refund == ALL:
        is_news = payments.of_order(turn.unit.db, order.id).state == "refund_due"
        payments.refunded(turn.unit, order, by=None)
    else:
        gone = refunds.sent(turn.unit, int(refund), by=None)
        is_news, minor = gone is not None, gone.amount_minor if gone else None
    if is_news:
        notices.money_news(turn, order, "notice.refunded", minor)
        notices.tell_staff(turn, "staff.refunded", order)


def _failed(turn: Turn, order: Order, event: CallFailed) -> None:
    """What a service does not do is done without it."""
    if isinstance(event.request, Charge):
        _without_code(turn, order, event.service)
    elif isinstance(event.request, CloseCharge):
        # Whoever pays after all has paid late, which is never dropped.
        _closed(turn, order, event.service)
    elif isinstance(event.request, SendBack):
        notices.tell_staff(turn, "staff.not-sent-back", order)


def _without_code(turn: Turn, order: Order, way: str) -> None:
    """The service makes no code: the money can be transferred."""
    if order.pay_by != way or not bills.is_open(turn, order):
        return
    changed = payments.pay_otherwise(turn.unit, order, "transfer", by=None)
    if changed is None:
        raise NotAllowed(order, State.PLACED)
    chat = people.chat(turn.unit, order.chat_id)
    view = turn.towards(chat)
    turn.notify(
        chat,
        "pay.no-code",
        card=cards.payment_card(view, changed),
        choices=bills.choices(view, changed),
        number=order.number,
    )
