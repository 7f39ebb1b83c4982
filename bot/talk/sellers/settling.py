"""What went wrong after it left: money back in part, and goods that come back."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import (
    enquiries,
    follow_ups,
    orders,
    parcels,
    payments,
    people,
    refunds,
    timers,
    unsettled,
)
from bot.shop import found as goods_found
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.parcel_states import BACK, TROUBLE, ParcelState
from bot.shop.parcels import Parcel
from bot.shop.refunds import Refund, RefundState, TooMuch
from bot.talk import cards, charging, desk, loss_notices, notices, order_buttons
from bot.talk.sellers import money_words, offers, overviews
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
    is_all = money_words.read(turn).share == 1
    whole = refunds.left if is_all else lambda _, order: order.total_minor
    return money_words.take_sum(turn, whole, offer_sum)


def offer_sum(turn: Turn, order: Order, minor: int) -> None:
    """Offers it to the buyer, unless somebody else of the staff has offered, or as much is due
    already: that is told first."""
    before = _before(turn, order, minor)
    if before is None:
        _offer(turn, order, minor)
        return
    value, money = f"sure-offer:{order.number}:{before.id}:{minor}", turn.money(minor)
    if before.state is RefundState.DUE and before.amount_minor == minor:
        sent = order_buttons.sent(turn, before)
        another = turn.choice("button.refund-another", value, money=money)
        id, choices = "staff.refund-due-already", (sent, another)
        turn.say(id, number=order.number, money=money, choices=choices)
        return
    turn.say(
        "staff.offered-before",
        number=order.number,
        name=cards.who(turn, order, before.offered_by),
        before=turn.money(before.amount_minor),
        choices=(turn.choice("button.offer-sure", value, money=money),),
    )


def _before(turn: Turn, order: Order, minor: int) -> Refund | None:
    """What of as much is due to go back, or what somebody else of the staff has offered or promised
    last, which this one may not know."""
    all_of = refunds.of_order(turn.unit.db, order)
    due = [e for e in all_of if e.state is RefundState.DUE and e.amount_minor == minor]
    found = due or [each for each in all_of if not each.is_excess]
    by = found[-1].offered_by if found else None
    return found[-1] if due or (by is not None and by != turn.chat.person.id) else None


def sure_offer(turn: Turn, subject: str) -> None:
    """The button that says that another sum is meant, nothing having been offered since."""
    number, _, rest = subject.partition(":")
    known, _, minor = rest.partition(":")
    order = orders.find(turn.unit.db, number)
    sum = int(minor[:12]) if minor.isdecimal() else 0
    before = _before(turn, order, sum) if order else None
    asked = turn.state.asked in (ASKED, ASKED_TOO) and turn.state.order == number
    is_new = before is None or str(before.id) != known
    if order is None or is_new or not asked or not sum:
        turn.say("stale.nothing")
    else:
        _offer(turn, order, sum)


def _offer(turn: Turn, order: Order, minor: int) -> None:
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


def ask_no_more(turn: Turn, order: Order) -> None:
    """The parcel goes back, as its buyer says: nobody asks them whether it arrived."""
    for kind in (ASK_ARRIVED, CLOSE_SILENT):
        timers.drop_timer(turn.unit, kind, str(order.id))


def _ask_arrived(turn: Turn, order: Order) -> None:
    """Not of what comes back: that is listed for the staff since the courier said so."""
    if parcels.comes_back(turn.unit.db, order):
        return
    chat = people.chat(turn.unit, order.chat_id)
    view = turn.towards(chat)
    choices = (
        view.choice("button.received", f"got:{order.number}"),
        view.choice("button.human", "human"),
    )
    turn.notify(chat, "notice.arrived", number=order.number, choices=choices)
    timers.set_timer(turn.unit, CLOSE_SILENT, str(order.id), turn.unit.now + CLOSE_SILENT_MS)


def _close_silent(turn: Turn, order: Order) -> None:
    """Nobody has answered whether it arrived.

    What is paid counts as arrived. Where money is to be collected, the parcel met trouble or the
    buyer has asked for a person since or said that it has not, a seller finds out.
    """
    db, since = turn.unit.db, turn.unit.now - CLOSE_SILENT_MS
    if parcels.comes_back(db, order):
        return  # As the staff know.
    in_trouble = any(each.state in (*TROUBLE, *BACK) for each in parcels.of_order(db, order.id))
    is_paid = payments.of_order(db, order.id).state == "paid"
    is_doubtful = in_trouble or unsettled.is_noted(db, order)
    if not is_paid or is_doubtful or enquiries.has_asked(db, order.chat_id, since):
        unsettled.note(turn.unit, order)
        notices.tell_staff(turn, "staff.silent", order)
        return
    moved = orders.move(turn.unit, order, State.DELIVERED, by=None, why="silent")
    notices.silent(turn, moved.order)


def found(turn: Turn, order: Order, *, sure: bool = False) -> None:
    """What was lost has arrived: money that was to go back for it stays, which has to be said.
    Raises NotAllowed."""
    db = turn.unit.db
    if not sure and goods_found.may_be(db, order) and (minor := goods_found.agreed(db, order)):
        keeps = turn.choice("button.found-kept", f"found-kept:{order.number}")
        money = turn.money(minor)
        turn.say("staff.found-sure", number=order.number, money=money, choices=(keeps,))
        return
    event = goods_found.found(turn.unit, order, by=turn.chat.person)
    notices.done(turn, event.moved)
    if event.kept_minor:
        _kept(turn, event.moved.order, event.kept_minor)


def goes_on(turn: Turn, order: Order) -> None:
    """It does not come back after all. Raises NotAllowed."""
    notices.done(turn, goods_found.goes_on(turn.unit, order, by=turn.chat.person))


def keep_refund(turn: Turn, subject: str) -> None:
    """A part of the money that was agreed to does not go back: what it was for has turned up."""
    due, order = _named(turn, subject)
    if due is None or order is None:
        turn.say("stale.nothing")
    elif refunds.keep(turn.unit, due.id, by=turn.chat.person):
        _kept(turn, order, due.amount_minor)
    else:
        desk.not_now(turn, order)


def _kept(turn: Turn, order: Order, minor: int) -> None:
    turn.say("staff.refund-kept", number=order.number, money=turn.money(minor))
    notices.tell_staff(turn, "staff.refund-kept", order, minor)
    notices.money_news(turn, order, "notice.refund-kept", minor)


def settled(turn: Turn, order: Order) -> None:
    """A seller has seen to what was unsettled. Raises NotAllowed when nothing was."""
    if not unsettled.settle(turn.unit, order, by=turn.chat.person):
        raise NotAllowed(order, order.state, "settled")
    turn.say("staff.settled", number=order.number)


def sent(turn: Turn, subject: str) -> None:
    """A seller has sent what was agreed to."""
    due, order = _named(turn, subject)
    if due and order and due.state is RefundState.WITHDRAWN:
        standing, money = orders.standing(turn.unit.db, order), turn.money(due.amount_minor)
        is_changed = standing.id != order.id
        id = "staff.refund-counted" if is_changed else "staff.refund-kept-before"
        turn.say(id, number=order.number, money=money)
        desk.card_of(turn, standing.number)
    elif due and order and due.state is RefundState.SENT:
        charging.sent_before(turn, order, due)
    elif due is None or order is None or due.state is not RefundState.DUE:
        turn.say("stale.nothing")
    else:
        charging.send_back(turn, order, due)


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
