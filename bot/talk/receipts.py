"""Money that came: told by a payment service, or by a seller who sees another sum than is due."""

from __future__ import annotations

from bot.messages import Checked, Content, Lane, Outgoing, PaymentNotice, PreCheck
from bot.shop import orders, payments
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.payment_states import Received
from bot.shop.ways_to_pay import WAYS
from bot.talk import bills, notices, pricing, suspense, tracking
from bot.talk.turn import Turn

ASKED = "receipt"


def take(turn: Turn, notice: PaymentNotice) -> None:
    """A service tells of money. What fits no order is for a person to look into, never dropped."""
    order = orders.find(turn.unit.db, notice.order)
    if order is None or notice.currency != order.currency or notice.amount_minor <= 0:
        suspense.came(turn, notice)
        return
    taken = receive(turn, order, notice.way, notice.amount_minor, notice.reference)
    payee = payments.payee(turn.unit.db, order)
    if taken:
        bills.paid(turn, payee, notice.order)
    elif payee.pay_by == "cod":
        suspense.came(turn, notice)


def receive(turn: Turn, order: Order, way: str, minor: int, reference: str) -> bool:
    """Money came by a service for an order; False when it came before, or the order takes none."""
    db = turn.unit.db
    order = payments.payee(db, order)
    # A claim of what a service takes is about this very money, and one of which a part came stands
    # without the buyer's word.
    by_hand = not WAYS[order.pay_by].by_service and not payments.received(db, order.id)
    claimed = by_hand and payments.of_order(db, order.id).state == "claimed"
    if order.pay_by != way:
        order = payments.pay_otherwise(turn.unit, order, way, by=None) or order
    result = payments.receive(turn.unit, order, minor, by=None, reference=reference, way=way)
    if not isinstance(result, Received):
        return False
    _told(turn, result, minor)
    if claimed and result.moved:
        notices.paid_otherwise(turn, result.order)
    return True


def check(turn: Turn, asked: PreCheck) -> None:
    """Whether somebody who is about to pay may: the goods are held for them once more."""
    order = tracking.own(turn, asked.order)
    may_pay = (
        order is not None
        and bills.is_open(turn, order)
        and asked.currency == order.currency
        and asked.amount_minor == payments.missing(turn.unit.db, order)
        and payments.hold_for_payment(turn.unit, order)
    )
    content = Content(
        text="" if may_pay else turn.words("pay.too-late"),
        language=turn.locales.nearest(turn.language),
        checked=Checked(asked.query, may_pay),
    )
    turn.out.append(Outgoing(turn.chat.id, content, lane=Lane.PRECHECK))


def ask(turn: Turn, order: Order) -> None:
    """Asks how much came, or came besides. Raises NotAllowed for what is paid on delivery."""
    order = payments.payee(turn.unit.db, order)
    if order.pay_by == "cod":
        raise NotAllowed(order, State.CONFIRMED)
    turn.state.asked, turn.state.order = ASKED, order.number
    missing = payments.missing(turn.unit.db, order)
    id = "staff.ask-receipt" if missing else "staff.ask-excess"
    turn.say(id, number=order.number, money=turn.money(missing))


def take_sum(turn: Turn) -> bool:
    """The sum that a seller found; False when none was said."""
    order = orders.find(turn.unit.db, turn.state.order)
    minor = pricing.sum_said(turn)
    if order is None or minor <= 0:
        return False
    if minor > payments.missing(turn.unit.db, order):
        _ask_which(turn, order, minor)
    else:
        _book(turn, order, minor)
    return True


def _ask_which(turn: Turn, order: Order, minor: int) -> None:
    """More than is missing: all that came in all, or more that came now? The rest goes back."""
    db = turn.unit.db
    before = payments.receipts(db, order.id)
    whole, missing = sum(each.amount_minor for each in before), payments.missing(db, order)
    value, money = f"sure-receipt:{order.number}:{len(before)}", turn.money(minor)
    choices = [turn.choice("button.came-now", f"{value}:{minor}", money=money)]
    if 0 < whole < minor:
        choices.append(turn.choice("button.came-in-all", f"{value}:{minor - whole}", money=money))
    turn.say(
        "staff.receipt-which" if len(choices) > 1 else "staff.receipt-more",
        number=order.number,
        money=money,
        missing=turn.money(missing),
        back=turn.money(minor - missing),
        choices=tuple(choices),
    )


def sure(turn: Turn, subject: str) -> None:
    """The buttons below that: as long as nothing else came for the order meanwhile."""
    number, _, rest = subject.partition(":")
    count, _, minor = rest.partition(":")
    order = orders.find(turn.unit.db, number)
    asked = turn.state.asked == ASKED and turn.state.order == number
    if order is None or not asked or not minor.isdecimal() or not 0 < int(minor[:12]):
        turn.say("stale.nothing")
    elif count != str(len(payments.receipts(turn.unit.db, order.id))):
        ask(turn, order)
    else:
        _book(turn, order, int(minor[:12]))


def _book(turn: Turn, order: Order, minor: int) -> None:
    """Writes down that so much came. Raises NotAllowed."""
    turn.state.asked = ""
    result = payments.receive(turn.unit, order, minor, by=turn.chat.person)
    if not isinstance(result, Received):
        raise NotAllowed(order, State.CONFIRMED)
    _told(turn, result, minor)


def _told(turn: Turn, result: Received, minor: int) -> None:
    notices.received(turn, result, minor)
    if result.missing_minor:
        bills.renew(turn, result.order)
