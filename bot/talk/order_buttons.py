"""The buttons below an order: what its buyer and the staff can do with it as it stands."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import (
    expectations,
    follow_ups,
    found,
    held_goods,
    money_back,
    not_left,
    on_delivery,
    orders,
    parcels,
    payments,
    refunds,
    undelivered,
    unsettled,
)
from bot.shop.orders import Order, State
from bot.shop.refunds import Refund, RefundState
from bot.shop.ways_to_pay import WAYS
from bot.talk.turn import Turn


def for_buyer(turn: Turn, order: Order) -> tuple[Choice, ...]:
    """What a buyer can do with an order now."""
    if order.state is State.SHIPPED:
        return (turn.choice("button.received", f"got:{order.number}"),)
    again = (turn.choice("button.again", f"again:{order.number}"),)
    human = (turn.choice("button.human", "human"),)
    if order.state in (State.RETURNING, State.RETURNED):
        return human
    return {State.EXPIRED: again, State.CANCELLED: again + human}.get(order.state, ())


def for_staff(turn: Turn, order: Order) -> tuple[Choice, ...]:
    """What a seller can do with an order now."""
    payment = payments.of_order(turn.unit.db, order.id)
    names: list[str] = []
    if payment.state == "refund_due":
        names.append("refunded")
        if payments.is_unseen(turn.unit.db, payment):
            names.append("not-paid")
    elif payment.state == "claimed":
        is_late = money_back.is_late(turn.unit.db, order)
        names.append("send-late" if is_late else "paid-in")
        if payments.missing(turn.unit.db, order):
            names.append("paid-part")
        if not payments.received(turn.unit.db, order.id):
            names.append("not-paid")
        if order.state is State.EXPIRED:
            names.append("refund")
    elif order.state is State.PLACED and order.pay_by == "cod":
        names.append("accept")
    elif order.state is State.PLACED and not WAYS[order.pay_by].by_service:
        names += ["paid-in", "paid-part"]
    steps = {State.CONFIRMED: "pack", State.PACKING: "ship", State.SHIPPED: "arrived"}
    if order.state in steps and not expectations.awaited(turn.unit.db, order.id):
        names.append(steps[order.state])
    names += _at_the_door(turn, order)
    if expectations.is_there_in_part(turn.unit.db, order.id) and order.state in steps:
        names.append("send-part")
    if orders.is_in_parts(turn.unit.db, order):
        names += ["rest-off", _of_number(turn, order), "parcel-lost", "came-back", "came-back-bad"]
    elif order.state in (State.PLACED, State.CONFIRMED, State.PACKING):
        names.append("call-off")
    if order.state in refunds.HAVE_LEFT:
        names += _after_it_left(turn, order)
    if order.state is not State.RETURNING and held_goods.on_way_back(turn.unit.db, order.id):
        names += ["came-back", "came-back-bad"]
    may_be = undelivered.may_be_found(turn.unit.db, order)
    names += dict.fromkeys(f"not-{each.fate}" for each in may_be)
    if found.may_be(turn.unit.db, order):
        names.append("found-kept" if found.kept(turn.unit.db, order) else "found")
    if unsettled.may_settle(turn.unit.db, order):
        names.append("settled")
    choices = [turn.choice(f"button.{name}", f"{name}:{order.number}") for name in names]
    history = turn.choice("button.order-history", f"order-history:{order.number}")
    choices += [*_of_first(turn, order), history]
    choices += [
        sent(turn, refund)
        for refund in refunds.of_order(turn.unit.db, order)
        if refund.state is RefundState.DUE
    ]
    return tuple(choices)


def _of_number(turn: Turn, order: Order) -> str:
    """What may be wrong of what is on its way: its number, or where it has none, that it is."""
    return "not-left" if not_left.is_likely(turn.unit.db, order) else "wrong-number"


def _at_the_door(turn: Turn, order: Order) -> list[str]:
    """What can be said of money that is due on delivery."""
    if on_delivery.is_short(turn.unit.db, order):
        may_come = order.state is State.DELIVERED
        return [*(["paid-in", "paid-courier"] if may_come else []), "paid-part", "waive"]
    return ["paid-part"] if on_delivery.may_say(turn.unit.db, order) else []


def _of_first(turn: Turn, order: Order) -> list[Choice]:
    """What was sent again for nothing is gone or back, too: the money of the first can go back."""
    db, paid = turn.unit.db, follow_ups.paid_with(turn.unit.db, order)
    if order.state is not State.RETURNED or paid.id == order.id or not refunds.left(db, paid):
        return []
    return [turn.choice("button.refund-first", f"refund:{paid.number}", number=paid.number)]


def _after_it_left(turn: Turn, order: Order) -> list[str]:
    """What can be done about goods and money of an order that has been sent."""
    left = refunds.left(turn.unit.db, order)
    names = ["refund-part"] if left else []
    after = orders.follow_up(turn.unit.db, order)
    is_open = after is None or orders.standing(turn.unit.db, after).state is State.CANCELLED
    if is_open and follow_ups.may_send_again(turn.unit, order):
        names.append("send-again")
    if order.state is State.SHIPPED:
        names += [_of_number(turn, order), "parcel-lost"]
    elif order.state is State.DELIVERED and _may_miss_one(turn, order):
        names.append("parcel-lost")
    if parcels.has_arrived(turn.unit.db, order) and parcels.may_correct(turn.unit.db, order):
        names.append("wrong-number")
    if order.state in (State.SHIPPED, State.DELIVERED):
        is_due = payments.of_order(turn.unit.db, order.id).state == "due"
        names.append("refused" if is_due else "returning")
    elif order.state is State.RETURNING:
        names += ["came-back", "came-back-bad"]
        names += ["goes-on"] if found.may_go_on(turn.unit.db, order) else []
    elif order.state is State.RETURNED and left:
        names.append("refund")
    return names


def _may_miss_one(turn: Turn, order: Order) -> bool:
    """Whether one of several parcels may not have come, although the buyer has the order."""
    db = turn.unit.db
    return len(parcels.of_order(db, order.id)) > 1 and bool(parcels.open_ones(db, order))


def sent(turn: Turn, refund: Refund) -> Choice:
    """That money has gone back."""
    money = turn.money(refund.amount_minor)
    return turn.choice("button.refund-sent", f"refund-sent:{refund.id}", money=money)
