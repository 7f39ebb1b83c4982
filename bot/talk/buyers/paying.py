"""A buyer says that it is paid, or sends a picture of it; how to pay for an order."""

from __future__ import annotations

from collections.abc import Collection

from bot.messages import Choice
from bot.shop import on_delivery, orders, payments, stock
from bot.shop.orders import Order, State
from bot.shop.payment_states import Claimed, LateClaim, NothingDue
from bot.talk import bills, desk, notices, order_buttons
from bot.talk.buyers import repaying, tracking
from bot.talk.conversation import Paid
from bot.talk.sellers import receipts
from bot.talk.turn import Turn

ACCEPTED = (State.CONFIRMED, State.PACKING, State.SHIPPED)
LATELY_MS = 24 * 3_600_000  # Who asks how to pay so long after an order means that one.


def waiting(turn: Turn) -> list[Order]:
    """The person's orders that money is waited for, newest first; what the courier should have
    brought after the others, and expired ones last."""
    mine = tracking.mine(turn)
    found = [order for order in mine if order.pay_by != "cod"]
    open_ones = [order for order in found if order.state is State.PLACED]
    there = (order for order in mine if order.state is State.DELIVERED)
    open_ones += [order for order in there if on_delivery.is_short(turn.unit.db, order)]
    return open_ones + [order for order in found if order.state is State.EXPIRED]


def called_off(turn: Turn) -> list[Order]:
    """The person's latest order if it was called off lately: its money may be on its way."""
    db, since = turn.unit.db, turn.unit.now - LATELY_MS
    return [
        order
        for order in tracking.mine(turn)[:1]
        if order.state is State.CANCELLED and order.pay_by != "cod" and order.total_minor
        if orders.history(db, order.id)[-1].at > since
        and payments.of_order(db, order.id).state in ("void", "claimed")
    ]


def claimed(turn: Turn) -> list[Order]:
    """The person's orders whose payment waits for a decision, newest first."""
    db = turn.unit.db
    found = tracking.mine(turn)
    return [order for order in found if payments.of_order(db, order.id).state == "claimed"]


def said_paid(turn: Turn) -> None:
    """ "I have paid": the order it is for is held until a person decides."""
    named = orders.find(turn.unit.db, turn.text)
    found = [named] if named and tracking.own(turn, named.number) else waiting(turn)
    if found:
        claim(turn, found[0])
    elif due := at_the_door(turn, named):
        claim_at_the_door(turn, due)
    elif off := called_off(turn):
        claim(turn, off[0])
    elif paid := [order for order in tracking.mine(turn) if _is_paid(turn, order)]:
        tracking.show(turn, paid[0])
    elif not repaying.tell(turn):
        turn.say("pay.nothing-due", choices=(turn.choice("button.orders", "orders"),))


def at_doors(turn: Turn, named: Order | None, states: Collection[State] = ACCEPTED) -> list[Order]:
    """The orders of the person in one of the states that their couriers are to collect for, newest
    first; the named one if one is."""
    mine = [each for each in tracking.mine(turn) if named is None or each.id == named.id]
    found = [each for each in mine if each.pay_by == "cod" and each.state in states]
    return [e for e in found if payments.of_order(turn.unit.db, e.id).state == "due"]


def at_the_door(turn: Turn, named: Order | None) -> Order | None:
    """The latest of these."""
    return next(iter(at_doors(turn, named)), None)


def claim_at_the_door(turn: Turn, order: Order, minor: int = 0, *, by: str = "transfer") -> None:
    """The buyer has paid for what its courier is to collect, by transfer or at the door: the staff
    look whether it came."""
    db = turn.unit.db
    missing = payments.missing(db, order)
    is_short = on_delivery.is_short(db, order)
    minor = minor or missing
    if is_short:
        payments.claim(turn.unit, order)
    may_be = by == "transfer" or order.state in receipts.AT_THE_DOOR

    def more(view: Turn) -> tuple[Choice, ...]:
        if is_short:
            return order_buttons.for_staff(view, order)
        return receipts.came_by(view, order, min(minor, missing), by) if may_be else ()

    def gist(view: Turn) -> str:
        return view.words(f"desk.paid-by-{by}", number=order.number, money=view.money(minor))

    turn.say("pay.looked-into", number=order.number, handed_over=True)
    desk.hand_over(turn, told=True, order=order, gist=gist, more=more)


def _is_paid(turn: Turn, order: Order) -> bool:
    """Whether an order is paid and under way: who says so sees how it stands."""
    paid = payments.of_order(turn.unit.db, order.id).state == "paid"
    return paid and order.state in tracking.OPEN


def claim(turn: Turn, order: Order | None, proof: str = "", *, minor: int = 0) -> None:
    """Takes a claim, with the hash of a screenshot and the sum that was said, if there are any: as
    long as it stands the sum that was said last."""
    if order is None:
        turn.say("track.unknown")
        return
    stands = payments.of_order(turn.unit.db, order.id).state == "claimed"
    if stands and not minor and turn.state.paid.number == order.number:
        minor = turn.state.paid.minor
    turn.state.paid = Paid(order.number, minor)
    result = payments.claim(turn.unit, order, proof=proof)
    order = result.order
    is_news = proof or minor not in (0, payments.missing(turn.unit.db, order))
    if late := _why_late(turn, result):
        _late(turn, order, late)
        if is_news or not isinstance(result, NothingDue):
            notices.claimed(turn, order, proof, f"-late-{late}", minor)
    elif isinstance(result, Claimed):
        id = "pay.claimed-proof" if proof else "pay.claimed"
        id = "pay.claimed-rest" if result.payment.state == "short" else id
        turn.say(id, number=order.number)
        notices.claimed(turn, order, proof, "-reused" if result.reused else "", minor)
    elif proof and result.payment.state == "claimed":
        turn.say("pay.claimed-proof", number=order.number)
        notices.claimed(turn, order, proof, minor=minor)
    elif order.state is State.EXPIRED and result.payment.state != "claimed":
        turn.say("pay.looked-into", number=order.number, handed_over=True)
        desk.hand_over(turn, told=True, order=order)
    else:
        tracking.show(turn, order)


def _why_late(turn: Turn, result: Claimed | LateClaim | NothingDue) -> str:
    """Why what is said to be sent comes too late: the order was called off, or its goods or their
    price are gone; '' when it does not."""
    order = result.order
    if isinstance(result, LateClaim):
        return result.gone or "cancelled"
    if result.payment.state != "claimed" or order.state is State.PLACED:
        return ""
    if order.state is State.CANCELLED:
        return "cancelled"
    return "" if stock.is_live(turn.unit, order.id) else "goods"


def _late(turn: Turn, order: Order, why: str) -> None:
    """It was called off or ran out; what its buyer can do besides talking to the seller."""
    choices = (turn.choice("button.again", f"again:{order.number}"),) if why == "price" else ()
    turn.say(f"pay.late-{why}", number=order.number, choices=choices, handed_over=True)


def how(turn: Turn, order: Order | None) -> None:
    """The payment card of an order again, or of what is missing of one that was handed over."""
    if order is None:
        turn.say("track.unknown")
        return
    order = tracking.standing(turn, order)
    if on_delivery.is_short(turn.unit.db, order):
        bills.show(turn, order, "pay.rest")
    elif not bills.is_open(turn, order):
        tracking.show(turn, order)
    else:
        bills.show(turn, order, "pay.again")


def show_how(turn: Turn) -> bool:
    """Shows how to pay for the order that waits for it, or else how it is with the latest one.

    That one's time is over, or it is paid on delivery. False when there is none.
    """
    found = [order for order in waiting(turn) if order.state is not State.EXPIRED]
    if not found:
        since = turn.unit.now - LATELY_MS
        found = [
            order
            for order in tracking.mine(turn)[:1]
            if (order.state is State.EXPIRED and order.placed_at > since)
            or (order.pay_by == "cod" and order.state in tracking.OPEN)
        ]
    if found:
        how(turn, found[0])
    return bool(found)
