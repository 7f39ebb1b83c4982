"""What went wrong after it left: money back in part, and goods that come back."""

from __future__ import annotations

from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import (
    enquiries,
    follow_ups,
    orders,
    parcels,
    payments,
    refunds,
    timers,
    unsettled,
)
from bot.shop.follow_ups import Given
from bot.shop.orders import Moved, NotAllowed, Order, State
from bot.shop.parcel_states import BACK, TROUBLE, ParcelState
from bot.shop.parcels import Parcel
from bot.shop.refunds import Refund, RefundState, TooMuch
from bot.talk import cards, charging, desk, loss_notices, notices, offers, overviews, pricing
from bot.talk.turn import Turn

ASKED = "refund"
ASKED_TOO = "refund-too"  # of an order whose goods were sent again
ASKS = (ASKED, ASKED_TOO)
DAY_MS = 24 * 3_600_000
# Timers: of an offer nobody answers (the subject is its id), of a parcel nobody speaks of (its
# order's id).
REMIND_OFFER, LAPSE_OFFER = "offer-remind", "offer-lapse"
ASK_ARRIVED, CLOSE_SILENT = "ask-arrived", "close-silent"
TIMERS = (REMIND_OFFER, LAPSE_OFFER, ASK_ARRIVED, CLOSE_SILENT, charging.LOOK_BACK)
REMIND_OFFER_MS, LAPSE_OFFER_MS = 2 * DAY_MS, 7 * DAY_MS
ASK_ARRIVED_MS, CLOSE_SILENT_MS = 20 * DAY_MS, 10 * DAY_MS


def ask_sum(turn: Turn, order: Order) -> None:
    """Asks how much goes back. Raises NotAllowed when nothing (more) can."""
    most = refunds.left(turn.unit.db, order)
    if not most or order.state not in refunds.OFFERED_IN:
        raise NotAllowed(order, order.state)
    after = follow_ups.sent_again(turn.unit.db, order)
    turn.state.asked = ASKED_TOO if after else ASKED
    if after:
        say_too(turn, "staff.ask-refund-too", order, after, most)
    else:
        turn.say("staff.ask-refund", number=order.number, money=turn.money(most))


def say_too(
    turn: Turn,
    id: str,
    order: Order,
    after: Order,
    minor: int,
    choices: tuple[Choice, ...] = (),
) -> None:
    """Asks whether money is to go back, too, of an order whose goods were sent again."""
    turn.say(
        id,
        number=order.number,
        again=after.number,
        state=cards.standing(turn, after),
        money=turn.money(minor),
        choices=choices,
    )


def take_sum(turn: Turn) -> bool:
    """The sum that goes back, offered to the buyer; False when none was said."""
    order = orders.find(turn.unit.db, turn.state.order)
    minor = pricing.sum_said(turn)
    if order and not minor and offers.asks_for_all(form_of(turn.text).text):
        minor = refunds.left(turn.unit.db, order)
    if order is None or minor <= 0:
        return False
    offer_sum(turn, order, minor)
    return True


def offer_sum(turn: Turn, order: Order, minor: int) -> None:
    """Offers it, or asks again where that cannot be."""
    sure, by = turn.state.asked == ASKED_TOO, turn.chat.person
    offered = follow_ups.offer(turn.unit, order, minor, by=by, sure=sure)
    if isinstance(offered, Order):
        ask_sum(turn, order)
        return
    if isinstance(offered, TooMuch):
        turn.say("staff.refund-too-much", money=turn.money(offered.left_minor))
        return
    turn.state.asked = ""
    turn.say("staff.offered", number=order.number, money=turn.money(minor))
    offers.tell(turn, order, offered)
    subject = str(offered.id)
    timers.set_timer(turn.unit, REMIND_OFFER, subject, turn.unit.now + REMIND_OFFER_MS)
    timers.set_timer(turn.unit, LAPSE_OFFER, subject, turn.unit.now + LAPSE_OFFER_MS)


def wake(turn: Turn, kind: str, subject: str) -> None:
    """Nobody has answered yet: the buyer is asked once more, then the offer is over."""
    if kind == charging.LOOK_BACK:
        charging.look_back(turn, subject)
        return
    if kind in (ASK_ARRIVED, CLOSE_SILENT):
        order = orders.by_id(turn.unit.db, int(subject))
        if order and order.state is State.SHIPPED:
            _ask_arrived(turn, order) if kind == ASK_ARRIVED else _close_silent(turn, order)
        return
    offered, order = _named(turn, subject)
    if offered is None or order is None or offered.state is not RefundState.OFFERED:
        return
    if offered.amount_minor > refunds.left(turn.unit.db, order):
        refunds.lapse(turn.unit, offered.id)  # All of it goes back: there is nothing to agree to.
        return
    if kind == REMIND_OFFER:
        offers.tell(turn, order, offered)
    else:
        refunds.lapse(turn.unit, offered.id)
        offers.lapsed(turn, order, offered)


def ask_later(turn: Turn, order: Order) -> None:
    """The buyer will be asked whether it arrived, if nothing is heard until then."""
    timers.set_timer(turn.unit, ASK_ARRIVED, str(order.id), turn.unit.now + ASK_ARRIVED_MS)


def _ask_arrived(turn: Turn, order: Order) -> None:
    """Not of what comes back: that is listed for the staff since the courier said so."""
    if parcels.comes_back(turn.unit.db, order):
        return
    notices.ask_arrived(turn, order)
    timers.set_timer(turn.unit, CLOSE_SILENT, str(order.id), turn.unit.now + CLOSE_SILENT_MS)


def _close_silent(turn: Turn, order: Order) -> None:
    """Nobody has answered whether it arrived.

    What is paid counts as arrived. Where money is to be collected, the parcel met trouble or the
    buyer has asked for a person since or said that it has not, a seller finds out.
    """
    db, since = turn.unit.db, turn.unit.now - CLOSE_SILENT_MS
    in_trouble = any(each.state in (*TROUBLE, *BACK) for each in parcels.of_order(db, order.id))
    is_paid = payments.of_order(db, order.id).state == "paid"
    is_doubtful = in_trouble or unsettled.is_noted(db, order)
    if not is_paid or is_doubtful or enquiries.has_asked(db, order.chat_id, since):
        unsettled.note(turn.unit, order)
        notices.tell_staff(turn, "staff.silent", order)
        return
    moved = orders.move(turn.unit, order, State.DELIVERED, by=None, why="silent")
    notices.silent(turn, moved.order)


def settled(turn: Turn, order: Order) -> None:
    """A seller has seen to what was unsettled. Raises NotAllowed when nothing was."""
    if not unsettled.settle(turn.unit, order, by=turn.chat.person):
        raise NotAllowed(order, order.state, "settled")
    turn.say("staff.settled", number=order.number)


def sent(turn: Turn, subject: str) -> None:
    """A seller has sent what was agreed to."""
    due, order = _named(turn, subject)
    if due and order and due.state is RefundState.WITHDRAWN:
        turn.say("staff.refund-counted", number=order.number, money=turn.money(due.amount_minor))
        desk.card_of(turn, orders.standing(turn.unit.db, order).number)
    elif due and order and due.state is RefundState.SENT:
        charging.sent_before(turn, order, due)
    elif due is None or order is None or due.state is not RefundState.DUE:
        turn.say("stale.nothing")
    else:
        charging.send_back(turn, order, due)


def send_again(turn: Turn, order: Order, *, sure: bool = False) -> None:
    """The same goods once more, for nothing. Raises NotAllowed."""
    db, by = turn.unit.db, turn.chat.person
    if follow_ups.is_repaid(db, order) and not follow_ups.sent_again(db, order):
        choices = notices.staff_choices(turn, order)
        turn.say("staff.again-repaid", number=order.number, choices=choices)
        return
    result = follow_ups.send_again(turn.unit, turn.catalogue, order, by=by, sure=sure)
    if isinstance(result, list):
        lines = [
            turn.words(
                "order.short-line",
                name=turn.name(product, short.grade),
                there=turn.quantity(product, short.available, product.unit),
            )
            for short in result
            if (product := turn.product(short.product))
        ]
        turn.say("staff.not-sent-again", number=order.number, lines="\n".join(lines))
    elif isinstance(result, Moved):
        loss_notices.sent_again(turn, order, result.order)
    elif isinstance(result, Given):
        choice = turn.choice("button.again-too", f"sure-again:{order.number}")
        money = turn.money(result.minor)
        turn.say("staff.again-too", number=order.number, money=money, choices=(choice,))
    else:
        turn.state.order = result.order.number
        turn.say(
            "staff.sent-again-already",
            number=result.order.number,
            card=cards.order_card(turn, result.order),
            choices=notices.staff_choices(turn, result.order),
        )


def lost(turn: Turn, order: Order) -> None:
    """A parcel will never arrive: of several the seller says which. Raises NotAllowed."""
    found = parcels.of_order(turn.unit.db, order.id)
    going = parcels.open_ones(turn.unit.db, order)
    if len(found) < 2:
        lost_all(turn, order)
    elif len(going) == 1 and order.state in (State.SHIPPED, State.DELIVERED):
        _lost_in_part(turn, order, going[0])
    elif going:
        choices = [Choice(cards.parcel_line(turn, each), f"lost-one:{each.id}") for each in going]
        if len(going) == len(found):
            choices.append(turn.choice("button.all-lost", f"lost-all:{order.number}"))
        turn.say("staff.which-lost", number=order.number, choices=tuple(choices))
    else:
        raise NotAllowed(order, State.RETURNED, "lost")


def lost_all(turn: Turn, order: Order) -> None:
    """All that was sent of an order will never arrive. Raises NotAllowed."""
    going = parcels.open_ones(turn.unit.db, order)
    moved = follow_ups.lost(turn.unit, order, by=turn.chat.person)
    loss_notices.parcel_lost(turn, moved.order)
    ask_others(turn, going, "staff.also-lost", "parcel-lost")


def lost_one(turn: Turn, subject: str) -> None:
    """The button of one parcel of an order."""
    db = turn.unit.db
    entry = parcels.by_id(db, int(subject[:18])) if subject.isdecimal() else None
    order = orders.by_id(db, entry.order_id) if entry else None
    if entry is None or order is None:
        turn.say("stale.nothing")
    elif parcels.is_finished(entry) or order.state not in (State.SHIPPED, State.DELIVERED):
        desk.not_now(turn, order)
    else:
        _lost_in_part(turn, order, entry)


def _lost_in_part(turn: Turn, order: Order, parcel: Parcel) -> None:
    """When nothing else was to come or has come, all of it is lost."""
    others = [each for each in parcels.of_order(turn.unit.db, order.id) if each.id != parcel.id]
    if order.state is State.SHIPPED and all(e.state is ParcelState.LOST for e in others):
        lost_all(turn, order)
        return
    moved = follow_ups.lost_in_part(turn.unit, parcel, by=turn.chat.person)
    loss_notices.lost_in_part(turn, orders.fresh(turn.unit.db, order), parcel, moved is not None)
    ask_others(turn, [parcel], "staff.also-lost", "parcel-lost")


def ask_others(turn: Turn, going: list[Parcel], id: str, verb: str) -> None:
    """Whether what else is in these parcels is lost or comes back, too; listed until somebody says
    so."""
    found = (parcels.find(turn.unit.db, each.courier, each.number) for each in going)
    held = {each.id: each for _, others in filter(None, found) for each in others}
    own = {each.order_id for each in going}
    others = [e for e in held.values() if e.state is State.SHIPPED and e.id not in own]
    for other in others:
        unsettled.note(turn.unit, other)
    if others:
        choices = tuple(
            Choice(overviews.label(turn, other), f"{verb}:{other.number}") for other in others
        )
        turn.say(id, n=len(others), choices=choices)


def _named(turn: Turn, subject: str) -> tuple[Refund | None, Order | None]:
    if not subject.isdecimal():
        return None, None
    found = refunds.by_id(turn.unit.db, int(subject[:18]))
    return found, orders.by_id(turn.unit.db, found.order_id) if found else None
