"""Orders paid by a service that makes a code for each: what it answers, and money sent back."""

from __future__ import annotations

from bot.messages import (
    CallFailed,
    Charge,
    Charged,
    Choice,
    CloseCharge,
    Closed,
    Export,
    LookForPayment,
    LookForRefund,
    PaymentAnswer,
    PaymentNotice,
    SendBack,
    SentBack,
    Track,
    Watch,
)
from bot.shop import orders, payments, people, refunds, repayments, stock
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.people import By
from bot.shop.quotes import may_collect
from bot.shop.refunds import Refund, RefundState
from bot.shop.repayments import Repayment, RepaymentState
from bot.shop.timers import set_again, set_timer
from bot.shop.ways_to_pay import MINUTE_MS, WAYS
from bot.talk import bills, cards, notices, order_buttons, refunded_elsewhere, suspense
from bot.talk.buyers import tracking
from bot.talk.sellers import receipts
from bot.talk.turn import Turn

OTHERWISE = "otherwise"  # a button's verb
LOOK = "payment.look"  # a timer; the subject is the order's id
LOOK_MS = 3 * MINUTE_MS
KEY = "p"  # before a repayment's id, in the key that its service knows it by
LOOK_BACK = "payment.look-back"  # a timer; the subject is the repayment's id
LOOK_BACK_MS = 3_600_000  # at first; a bank has three days
LOOK_BACK_MAX_MS = 30 * 24 * 3_600_000


def answered(turn: Turn, event: PaymentAnswer | CallFailed) -> None:
    """A service answers, or tells something unasked."""
    if isinstance(event, PaymentNotice):
        receipts.take(turn, event)
        return
    if isinstance(event, SentBack) and event.reference:
        refunded_elsewhere.take(turn, event)
        return
    asked = event.request if isinstance(event, CallFailed) else event
    number = "" if isinstance(asked, Track | Watch | Export) else asked.order
    order = orders.find(turn.unit.db, number)
    if order is None:
        return
    if isinstance(event, Charged):
        _charged(turn, order, event)
    elif isinstance(event, Closed):
        _closed(turn, order, event.way, event.order)
    elif isinstance(event, SentBack):
        _sent_back(turn, order, event)
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


def look(turn: Turn, order: Order) -> None:
    """Looks whether the money came while no notice did."""
    if WAYS[order.pay_by].charged and bills.is_open(turn, order):
        turn.ask(order.pay_by, LookForPayment(bills.number(turn, order)))
        set_timer(turn.unit, LOOK, str(order.id), turn.unit.now + LOOK_MS)


def other_ways(turn: Turn, order: Order) -> list[str]:
    """The other ways by which an order can be paid of which nothing is paid or said to be."""
    db = turn.unit.db
    if order.state is not State.PLACED or payments.received(db, order.id):
        return []
    if payments.of_order(db, order.id).state != "due":
        return []
    ways = [way for way in turn.ways if way != order.pay_by]
    return [way for way in ways if way != "cod" or may_collect(turn.catalogue, order.recipient)]


def way_choice(turn: Turn, order: Order, way: str) -> Choice:
    """The button for it."""
    return turn.choice(f"button.pay-{way}", f"{OTHERWISE}:{order.number}:{way}")


def press_otherwise(turn: Turn, subject: str) -> None:
    """The button to pay another way; those of before named none, and meant to transfer."""
    numbers, _, way = subject.partition(":")
    for number in numbers.split(tracking.BESIDE):
        otherwise(turn, tracking.own(turn, number), way or "transfer")


def otherwise(turn: Turn, order: Order | None, way: str) -> None:
    """The buyer would rather pay another way. A code that stands is closed first."""
    if order is None:
        turn.say("track.unknown")
        return
    changed = change_way(turn, order, way)
    if changed is None:
        if bills.is_open(turn, order) and not stock.is_live(turn.unit, order.id):
            expire(turn, order)
        tracking.show(turn, orders.fresh(turn.unit.db, order))
        return
    bills.show(turn, changed, "pay.changed-cod" if way == "cod" else "pay.again")
    if "cod" in (way, order.pay_by):
        notices.tell_staff(turn, "staff.way-changed", changed)


def change_way(turn: Turn, order: Order, way: str) -> Order | None:
    """Has an order paid another way, and closes a code that stands; None where that cannot be."""
    may = way == "transfer" or way in other_ways(turn, order)
    bill, by = bills.number(turn, order), turn.chat.person
    changed = payments.pay_otherwise(turn.unit, order, way, by=by) if may else None
    if changed and WAYS[order.pay_by].charged:
        turn.ask(order.pay_by, CloseCharge(bill))
    return changed


def send_back(turn: Turn, order: Order, refund: Refund | None = None) -> None:
    """A seller sends back a refund, or all.

    Services are asked for what came by them. What came otherwise the seller sends, and says so by
    pressing (once more, where there is something of both).
    """
    db, by = turn.unit.db, turn.chat.person
    back = refund.back if refund else refunds.all_of(db, order)
    new = repayments.ask(turn.unit, back, by=by)
    rest = repayments.rest(db, back)
    if not new and (rest or not repayments.under_way(db, back)) and _by_hand(turn, order, refund):
        turn.say("staff.refunded", number=order.number)
        _tell_sent(turn, order, refund.amount_minor if refund else None)
        return
    asked = repayments.under_way(db, back)
    for each in asked:
        _ask_back(turn, order, each)
    money = turn.money(sum(each.amount_minor for each in asked))
    turn.say("staff.sending-back", number=order.number, money=money)
    if new and rest:
        choices = order_buttons.for_staff(turn, order)
        turn.say("staff.rest-by-hand", number=order.number, money=turn.money(rest), choices=choices)


def _by_hand(turn: Turn, order: Order, refund: Refund | None) -> bool:
    """The seller has sent what no service sends; whether all of it has gone back now."""
    if refund:
        return refunds.sent(turn.unit, refund.id, by=turn.chat.person) is not None
    payment = payments.refunded(turn.unit, order, by=turn.chat.person)
    return payment.state == "refunded"


def _ask_back(turn: Turn, order: Order, each: Repayment) -> None:
    """Asks for it, or once more when the answer is not there: the key is the same."""
    request = SendBack(
        order.number,
        f"{KEY}{each.id}",
        each.reference,
        each.amount_minor,
        each.paid_minor,
        order.currency,
    )
    turn.ask(each.method, request)
    repayments.turn_out(turn.unit, each, RepaymentState.ASKED, by=turn.chat.person)
    set_timer(turn.unit, LOOK_BACK, str(each.id), turn.unit.now + LOOK_BACK_MS)
    minor = str(each.amount_minor)
    people.audit(turn.unit, turn.chat.person, "payment.send-back", order.number, "", minor)


def look_back(turn: Turn, subject: str) -> None:
    """Looks what became of money that a service was to send back, while no notice came."""
    found, order = _named(turn, subject)
    if found is None or order is None or not found.is_under_way:
        return
    turn.ask(found.method, LookForRefund(order.number, f"{KEY}{found.id}"))
    if turn.unit.now - found.at < LOOK_BACK_MAX_MS:
        set_again(turn.unit, LOOK_BACK, subject, since=found.at, least_ms=LOOK_BACK_MS)


def _charged(turn: Turn, order: Order, event: Charged) -> None:
    """The code is there; an order that no longer waits for it has it closed again."""
    if not _is_current(turn, order, event.way, event.order):
        turn.ask(event.way, CloseCharge(event.order))
        return
    payments.set_code(turn.unit, order, event.code)
    set_timer(turn.unit, LOOK, str(order.id), turn.unit.now + LOOK_MS)
    chat = people.chat(turn.unit, order.chat_id)
    view = turn.towards(chat)
    turn.notify(
        chat,
        "pay.code",
        card=bills.payment_card(view, order),
        choices=bills.choices(view, order),
        number=order.number,
    )


def _closed(turn: Turn, order: Order, way: str, bill: str) -> None:
    """Nothing more can come by the code: an order that still waited for it is over."""
    if _is_current(turn, order, way, bill):
        _expire(turn, order)


def _is_current(turn: Turn, order: Order, way: str, bill: str) -> bool:
    """Whether an order waits to be paid by that code of a service."""
    is_open = order.pay_by == way and bills.is_open(turn, order)
    return is_open and bill == bills.number(turn, order)


def _sent_back(turn: Turn, order: Order, event: SentBack) -> None:
    """The service says what became of money that goes back."""
    found = _repayment(turn, order, event.refund)
    to = RepaymentState(event.state)
    if found is None:
        return
    if to is RepaymentState.SENT and found.is_sent_without(event.way):
        suspense.went_twice(turn, order, found, event.way)
    elif not repayments.turn_out(turn.unit, found, to, by=None):
        return
    elif to is RepaymentState.SENT:
        _went(turn, order, found, None)
    else:
        notices.not_sent_back(turn, order, f"staff.refund-{to}", found)


def _went(turn: Turn, order: Order, sent: Repayment, by: By) -> None:
    """A sum is back: so is the refund, or all, if it was the last of it."""
    if sent.refund_id is None:
        is_over, minor = payments.settle(turn.unit, order, by=by) is not None, None
    else:
        gone = refunds.settle(turn.unit, sent.refund_id, by=by)
        is_over, minor = gone is not None, gone.amount_minor if gone else None
    if is_over:
        _tell_sent(turn, order, minor)


def _tell_sent(turn: Turn, order: Order, minor: int | None) -> None:
    """All of it has gone back, or `minor` of it: nobody sends it once more."""
    notices.money_news(turn, order, "notice.refunded", minor)
    notices.refunded(turn, order, minor or refunds.undone(turn.unit.db, order))


def sent_before(turn: Turn, order: Order, refund: Refund | None) -> None:
    """Somebody has sent all of it, or a refund, before this press; or else a part of that."""
    db = turn.unit.db
    payment = payments.of_order(db, order.id)
    if (refund.state is not RefundState.SENT) if refund else payment.state != "refunded":
        turn.say("stale.nothing")
        return
    minor = refund.amount_minor if refund else refunds.undone(db, order)
    by = refund.sent_by if refund else payment.decided_by
    at = refund.sent_at if refund else payment.decided_at
    turn.say(
        "staff.refunded-before",
        number=order.number,
        money=turn.money(minor),
        name=cards.who(turn, order, by),
        moment=turn.moment(at or order.placed_at),
        choices=order_buttons.for_staff(turn, order),
    )


def sent_otherwise(turn: Turn, subject: str) -> None:
    """A seller has sent by transfer what the service does not send."""
    found, order = _named(turn, subject)
    person = turn.chat.person
    if found and order and found.state is RepaymentState.SENT:
        refund = refunds.by_id(turn.unit.db, found.refund_id) if found.refund_id else None
        sent_before(turn, order, refund)
        return
    if found is None or order is None or not found.is_under_way:
        turn.say("stale.nothing")
        return
    repayments.turn_out(turn.unit, found, RepaymentState.SENT, by=person, method="transfer")
    turn.say("staff.refunded", number=order.number)
    _went(turn, order, found, person)


def _named(turn: Turn, id: str) -> tuple[Repayment | None, Order | None]:
    """A repayment and its order."""
    found = repayments.by_id(turn.unit.db, int(id[:18])) if id.isdecimal() else None
    return found, orders.by_id(turn.unit.db, found.order_id) if found else None


def _repayment(turn: Turn, order: Order, key: str) -> Repayment | None:
    """The repayment of an order that its service knows by this key."""
    found, of = _named(turn, key[len(KEY) :] if key.startswith(KEY) else "")
    return found if of and of.id == order.id else None


def _failed(turn: Turn, order: Order, event: CallFailed) -> None:
    """What a service does not do is done without it."""
    if isinstance(event.request, Charge):
        _without_code(turn, order, event.service, event.request.order)
    elif isinstance(event.request, CloseCharge):
        # Whoever pays after all has paid late, which is never dropped.
        _closed(turn, order, event.service, event.request.order)
    elif isinstance(event.request, SendBack):
        found = _repayment(turn, order, event.request.refund)
        notices.not_sent_back(turn, order, "staff.not-sent-back", found)


def _without_code(turn: Turn, order: Order, way: str, bill: str) -> None:
    """The service makes no code: the money can be transferred."""
    if not _is_current(turn, order, way, bill):
        return
    changed = payments.pay_otherwise(turn.unit, order, "transfer", by=None)
    if changed is None:
        raise NotAllowed(order, State.PLACED)
    chat = people.chat(turn.unit, order.chat_id)
    view = turn.towards(chat)
    turn.notify(
        chat,
        "pay.no-code",
        card=bills.payment_card(view, changed),
        choices=bills.choices(view, changed),
        number=order.number,
    )
