"""What buyers wish of the money of an order that stands: not to pay the rest, or otherwise."""

from __future__ import annotations

import re

from bot.language.script import form_of
from bot.shop import orders, payments
from bot.shop.orders import Order, State
from bot.shop.ways_to_pay import WAYS
from bot.talk import bills, desk, tracking
from bot.talk.turn import Turn

# Matched in the form of a text.
_NOT_THE_REST = re.compile(
    r"(?:剩|其余|余款|余下|尾款|差的|那部分)[^,.!?]{0,6}不(?:想|要|打算)?再?[付补给转]"
    r"|不(?:想|要|打算)?再?[付补转][^,.!?]{0,3}(?:剩|余|尾|[了钱款]|$)"
    r"|\b(?:won't|not|don't|can't|cannot|never) (?:want to |going to |be )?(?:pay|paying|send)\b"
    r"|(?:ལྷག་མ|ཆད་པ)[^།]{0,24}(?:མི་སྤྲོད|སྤྲོད་མི|མི་སྟེར)"
)
_TRANSFER = re.compile(r"转[账帐]|\btransfer\b|དངུལ་བསྐུར")
_MONEY_BACK = re.compile(
    r"退[^货换订]{0,6}(?:[我钱款回给吧]|\d)|\b(?:refund|money back)\b"
    r"|\bgive\b.{0,20}\bback\b|སློག"
)


def take(turn: Turn) -> bool:
    """Answers such a wish; False for anything else."""
    if turn.staff or turn.state.draft.lines:
        return False
    return _other_way(turn) or _not_the_rest(turn)


def _other_way(turn: Turn) -> bool:
    """Another way to pay for an order that is not paid: a seller settles that."""
    marks = turn.reading.marks
    asks = turn.reading.intent == "payment" and not turn.reading.lines and "paid" not in marks
    transfer = "pay-transfer" in marks or _TRANSFER.search(form_of(turn.text).text)
    way = "cod" if "pay-cod" in marks else "transfer" if transfer else ""
    order = tracking.meant(turn, tracking.OPEN) if asks and way else None
    if order is None or order.pay_by == way:
        return False
    if payments.of_order(turn.unit.db, order.id).state not in ("due", "claimed"):
        return False
    if WAYS[order.pay_by].by_service and way == "transfer" and bills.is_open(turn, order):
        return False  # There is a button for it.
    turn.say("pay.way-person", number=order.number, handed_over=True)
    desk.hand_over(turn, told=True, order=order)
    return True


def _not_the_rest(turn: Turn) -> bool:
    """Who would rather have back what is paid is asked whether to call the order off."""
    form = form_of(turn.text).text
    says_rest = bool(_NOT_THE_REST.search(form))
    if not (says_rest or _MONEY_BACK.search(form)):
        return False
    order = _part_paid(turn, latest=not says_rest)
    if order is None:
        return False
    if orders.may_cancel(order, turn.chat.person):
        money = turn.money(payments.received(turn.unit.db, order.id))
        button = turn.choice("button.cancel-order", f"cancel:{order.number}")
        turn.say("cancel.ask-part", number=order.number, money=money, choices=(button,))
    else:
        turn.say("desk.passed-on", handed_over=True)
        desk.hand_over(turn, told=True, order=order)
    return True


def _part_paid(turn: Turn, *, latest: bool) -> Order | None:
    """The order that is named, else the latest, of which a part is paid and the rest waited for.

    It must be the buyer's `latest` of all where it is not said that the rest is meant.
    """
    db, named = turn.unit.db, orders.find(turn.unit.db, turn.text)
    mine = tracking.mine(turn)
    found = [each for each in mine if named and each.id == named.id] or mine[
        : 1 if latest else None
    ]
    return next(
        (
            order
            for order in found
            if order.state in (State.PLACED, State.EXPIRED)
            and 0 < payments.received(db, order.id) < order.total_minor
            and payments.of_order(db, order.id).state in ("due", "claimed")
        ),
        None,
    )
