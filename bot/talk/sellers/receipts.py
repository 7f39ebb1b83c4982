"""Money that came: told by a payment service, or by a seller who sees another sum than is due."""

from __future__ import annotations

from typing import Any

from bot.messages import Checked, Choice, Content, Lane, Outgoing, PaymentNotice, PreCheck
from bot.shop import mistakes, orders, payments, refunds, surplus
from bot.shop import on_delivery as doors
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.payment_states import NothingDue, Received
from bot.shop.ways_to_pay import WAYS
from bot.talk import bills, cards, desk, notices, order_buttons, suspense
from bot.talk.buyers import tracking
from bot.talk.sellers import meaning, on_delivery
from bot.talk.sellers.money_words import Money, What
from bot.talk.turn import Turn

ASKED = "receipt"
BY = "came-by"  # the verb of buttons: by transfer, or the courier brought it
NOT_COME = "not-come"  # a button: what was written down last
LATELY_MS = 3_600_000  # how long a bare "undo" means the money that was written down
AT_THE_DOOR = (State.SHIPPED, State.DELIVERED)
ONLY = "only-came"  # the verb of a button: so much came in all, and less than was written down


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
    """Asks how much came, or came besides, or at the door. Raises NotAllowed before that."""
    db = turn.unit.db
    order = payments.payee(db, order)
    if order.pay_by == "cod":
        if order.state is State.PLACED:
            raise NotAllowed(order, order.state, "collected")
        if doors.may_say(db, order) and not doors.is_short(db, order):
            on_delivery.ask(turn, order)
            return
    turn.state.asked, turn.state.order = ASKED, order.number
    missing = payments.missing(turn.unit.db, order)
    id = "staff.ask-receipt" if missing else "staff.ask-excess"
    turn.say(id, number=order.number, money=turn.money(missing))


def enter(turn: Turn, order: Order, minor: int, *, way: str = "") -> None:
    """Writes a sum down, unless it is more than is missing: then it is asked what it is."""
    turn.state.asked, turn.state.order = ASKED, order.number
    if minor > payments.missing(turn.unit.db, order):
        _ask_which(turn, order, minor, way)
    else:
        book(turn, order, minor, way=way)


def _ask_which(turn: Turn, order: Order, minor: int, way: str) -> None:
    """More than is missing: all that came in all, or more that came now? The rest goes back."""
    db = turn.unit.db
    before = payments.receipts(db, order.id)
    whole, missing = sum(each.amount_minor for each in before), payments.missing(db, order)
    value, money = f"sure-receipt:{order.number}:{len(before)}", turn.money(minor)
    choices = [turn.choice("button.came-now", f"{value}:{minor}:{way}", money=money)]
    known = minor == whole or any(each.amount_minor == minor for each in before)
    id = "staff.receipt-known" if known else "staff.receipt-more"
    if 0 < whole < minor and not known:
        id = "staff.receipt-which" if missing else "staff.receipt-besides"
        in_all = f"{value}:{minor - whole}:{way}"
        choices.append(turn.choice("button.came-in-all", in_all, money=money))
    elif not missing and len(before) == 1 and minor < mistakes.mistakable(db, order):
        id = "staff.receipt-less"
        only = f"{ONLY}:{order.number}:{len(before)}:{minor}"
        choices.insert(0, turn.choice("button.came-only", only, money=money))
    turn.say(
        id,
        number=order.number,
        money=money,
        missing=turn.money(missing),
        back=turn.money(minor - missing),
        choices=tuple(choices),
    )


def sure(turn: Turn, subject: str) -> None:
    """The buttons below that: as long as nothing else came for the order meanwhile."""
    order, is_new, minor, way = _pressed(turn, subject)
    if order and is_new:
        book(turn, order, minor, way=way)
    elif order and turn.state.asked == ASKED and turn.state.order == order.number:
        ask(turn, order)
    else:
        turn.say("stale.nothing")


def _pressed(turn: Turn, subject: str) -> tuple[Order | None, bool, int, str]:
    """What a button is of, if it is of anything; whether nothing else came for the order since."""
    number, count, minor, way = (*subject.split(":"), "", "", "", "")[:4]
    order = orders.find(turn.unit.db, number)
    sum = int(minor[:12]) if minor.isdecimal() else 0
    is_new = order and count == str(len(payments.receipts(turn.unit.db, order.id)))
    return order if sum else None, bool(is_new), sum, way


def came_by(turn: Turn, order: Order, minor: int, *ways: str) -> tuple[Choice, ...]:
    """The buttons that say by which way a sum came."""
    value = f"{BY}:{order.number}:{len(payments.receipts(turn.unit.db, order.id))}:{minor}"
    money = turn.money(minor)
    return tuple(
        turn.choice(f"button.came-by-{way}", f"{value}:{way}", money=money)
        for way in ways or ("transfer", "cod")
    )


def press_by(turn: Turn, subject: str) -> None:
    """These buttons, as long as nothing else came for the order meanwhile."""
    order, is_new, minor, way = _pressed(turn, subject)
    if order is None:
        turn.say("stale.nothing")
        return
    turn.state.order = order.number
    if not is_new or way not in ("transfer", "cod"):
        desk.not_now(turn, order)
    else:
        book(turn, order, minor, way=way)


def only(turn: Turn, subject: str) -> None:
    """The button that says that less came than was written down."""
    order, is_new, minor, _ = _pressed(turn, subject)
    if order is None or not is_new:
        turn.say("stale.nothing")
    else:
        turn.state.asked = ""
        _take_back(turn, order, minor)


def corrected(turn: Turn, money: Money) -> bool:
    """A seller confirmed money that did not come, or not all of it; False when that is not said.

    Of the order that is named, or for whom it is, else of the one that the last message was about:
    after a while that is asked first. How much a courier brought is asked.
    """
    came = money.what is What.CAME and money.only
    if not (money.undoes or came or money.what is What.NOT_COME):
        return False
    named = meaning.one_said(turn)
    order = named or meaning.shown(turn)
    if order is None:
        return False
    at = mistakes.since(turn.unit.db, order)
    paid = payments.of_order(turn.unit.db, order.id).state
    if not at and order.pay_by == "cod" and doors.may_correct(turn.unit.db, order):
        on_delivery.ask(turn, order)
        return True
    if not at and (order.pay_by == "cod" or paid != "paid"):
        return False
    minor = 0 if money.what is What.NOT_COME else money.of(order.total_minor)
    if at and not named and not minor and turn.unit.now - at > LATELY_MS:
        before = turn.money(mistakes.mistakable(turn.unit.db, order))
        choice = turn.choice("button.not-come", f"{NOT_COME}:{order.number}:{at}")
        turn.say("staff.sure-not-come", number=order.number, money=before, choices=(choice,))
    else:
        _take_back(turn, order, minor)
    return True


def press_not_come(turn: Turn, subject: str) -> None:
    """The button that says that what was written down last did not come."""
    number, _, at = subject.partition(":")
    order = orders.find(turn.unit.db, number)
    if order is None or at != str(mistakes.since(turn.unit.db, order)):
        turn.say("stale.nothing")
        return
    turn.state.order = order.number
    _take_back(turn, order, 0)


def _take_back(turn: Turn, order: Order, minor: int) -> None:
    """The last sum did not come, but `minor` did, or nothing; what of it is not clear is asked."""
    db, before = turn.unit.db, mistakes.mistakable(turn.unit.db, order)
    result = mistakes.take_back(turn.unit, order, by=turn.chat.person)
    if isinstance(result, NothingDue):
        desk.not_now(turn, order)
    elif minor and not payments.received(db, order.id):
        book(turn, result.order, minor, way="transfer")
    else:
        is_part = result.order.pay_by == "cod" or payments.received(db, order.id)
        is_claimed = result.payment.state == "claimed"
        ending = "-part" if is_part else "-claimed" if is_claimed else ""
        _tell_taken_back(turn, result.order, before, ending)
        if minor:
            ask(turn, result.order)


def _tell_taken_back(turn: Turn, order: Order, minor: int, ending: str) -> None:
    """Money that was written down had not come: what has, and what is looked for yet."""
    db = turn.unit.db
    came, missing = payments.received(db, order.id), payments.missing(db, order)

    def values(view: Turn) -> dict[str, Any]:
        sums = {"money": minor, "paid": came, "missing": missing}
        return {"number": order.number, **{name: view.money(sum) for name, sum in sums.items()}}

    choices = order_buttons.for_staff(turn, order)
    turn.say(f"staff.taken-back{ending}", choices=choices, **values(turn))
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        card = cards.order_card(view, order)
        choices = order_buttons.for_staff(view, order)
        turn.notify(chat, "staff.taken-back-by", choices=choices, card=card, **values(view))
    if not ending:
        notices.rejected(turn, order)
    elif told := notices.buyer(turn, order):
        turn.notify(told, f"notice.taken-back{ending}", **values(turn.towards(told)))


def move_surplus(turn: Turn, subject: str) -> None:
    """The button that says that what came too much is for another order of the same buyer."""
    id, _, number = subject.partition(":")
    other, refund = orders.find(turn.unit.db, number), int(id[:18]) if id.isdecimal() else 0
    before = refunds.by_id(turn.unit.db, refund)
    by = turn.chat.person
    result = surplus.move(turn.unit, refund, other, by=by) if other else None
    if before is None or result is None:
        turn.say("stale.nothing")
        return
    turn.state.order = result.order.number
    notices.money_news(turn, result.order, "notice.surplus-moved", before.amount_minor)
    _told(turn, result, before.amount_minor)


def book(turn: Turn, order: Order, minor: int, *, way: str = "") -> None:
    """Writes down that so much came; by which `way` is asked where a courier collects, too. Raises
    NotAllowed."""
    turn.state.asked = ""
    order = payments.payee(turn.unit.db, order)
    refused = order.state is State.RETURNING and not payments.receipts(turn.unit.db, order.id)
    at_door = order.state in AT_THE_DOOR or orders.is_in_parts(turn.unit.db, order)
    if not way and order.pay_by == "cod" and (refused or at_door):
        choices = came_by(turn, order, minor, *(["transfer"] if refused else []))
        if refused:
            choices += (turn.choice("button.goes-on", f"goes-on:{order.number}"),)
        id = "staff.came-by-returning" if refused else "staff.came-by"
        turn.say(id, number=order.number, money=turn.money(minor), choices=choices)
        return
    if way == "cod" and doors.may_say(turn.unit.db, order) and order.state is State.SHIPPED:
        in_all = minor + doors.brought(turn.unit.db, order)
        on_delivery.press(turn, on_delivery.ASKED, order.number, str(in_all))
        return
    result = payments.receive(turn.unit, order, minor, by=turn.chat.person, way=way)
    if not isinstance(result, Received):
        raise NotAllowed(order, State.CONFIRMED)
    _told(turn, result, minor)


def _told(turn: Turn, result: Received, minor: int) -> None:
    notices.received(turn, result, minor)
    if result.missing_minor:
        bills.renew(turn, result.order)
