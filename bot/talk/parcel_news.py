"""Following parcels: asking where they are, and telling what is new of them."""

from __future__ import annotations

from contextlib import suppress

from bot.messages import ParcelNews, Track, Watch
from bot.shop import follow_ups, orders, parcels, people, timers, unsettled
from bot.shop.orders import Moved, NotAllowed, Order, State
from bot.shop.parcel_states import BACK, LISTED, TOLD, TROUBLE, ParcelState
from bot.shop.parcels import Parcel
from bot.talk import cards, loss_notices, notices
from bot.talk.turn import Turn

LOOK = "parcel-look"  # a timer; the subject is courier:number
HOUR_MS = 3_600_000
FIRST_LOOK_MS = 12 * HOUR_MS
LAST_LOOK_MS = 60 * 24 * HOUR_MS  # after which a parcel is no longer looked for
ASKED_AGAIN_MS = 15 * 60_000


def follow(turn: Turn, order: Order, courier: str, number: str) -> None:
    """Has a parcel that is on its way followed, where there is a service that can."""
    service = turn.trackers.get(courier)
    found = parcels.find(turn.unit.db, courier, parcels.normalise(number))
    if service and found:
        parcel = found[0]
        turn.ask(service, Watch(parcel.courier, parcel.number, order.recipient.phone))
        _look_later(turn, parcel)


def look(turn: Turn, subject: str) -> None:
    """The timer: looks where a parcel is, since news may not arrive."""
    courier, _, number = subject.partition(":")
    found = parcels.find(turn.unit.db, courier, number)
    if found is None or parcels.is_finished(found[0]):
        return
    parcel, held = found
    if turn.unit.now - parcel.at < LAST_LOOK_MS:
        _ask(turn, parcel, held[0])
        _look_later(turn, parcel)


def _look_later(turn: Turn, parcel: Parcel) -> None:
    """Less often as time goes on, and once a day at the least."""
    wait = min(max(FIRST_LOOK_MS, turn.unit.now - parcel.at), 2 * FIRST_LOOK_MS)
    subject = f"{parcel.courier}:{parcel.number}"
    timers.set_timer(turn.unit, LOOK, subject, turn.unit.now + wait)


def show(turn: Turn, order: Order, *, rest: bool = False) -> None:
    """Where the parcels of an order are, as far as known, or the `rest` of them that has not come;
    the couriers are asked anew."""
    late = parcels.is_underway_after_all(turn.unit.db, order)
    late = late or orders.is_in_parts(turn.unit.db, order)
    if order.state not in (State.SHIPPED, State.RETURNING) and not late:
        return
    for parcel in parcels.of_order(turn.unit.db, order.id):
        is_there = rest and parcel.state is ParcelState.DELIVERED
        if parcel.state not in (ParcelState.UNKNOWN, ParcelState.LOST) and not is_there:
            turn.say("parcel.where", card=cards.parcel_card(turn, parcel))
        due = turn.unit.now - parcel.asked_at >= ASKED_AGAIN_MS
        if due and not parcels.is_finished(parcel):
            _ask(turn, parcel, order)


def _ask(turn: Turn, parcel: Parcel, order: Order) -> None:
    service = turn.trackers.get(parcel.courier)
    if service:
        parcels.note_asked(turn.unit, parcel)
        turn.ask(service, Track(parcel.courier, parcel.number, order.recipient.phone))


def take(turn: Turn, event: ParcelNews) -> None:
    """Something new of a parcel: its buyer is told the first time that it is there."""
    state, db = ParcelState(event.state), turn.unit.db
    before = parcels.find(db, event.courier, event.number)
    was_lost = before is not None and before[0].state is ParcelState.LOST
    news = parcels.take_news(turn.unit, event.courier, event.number, state, event.said, event.at)
    if news is None or not news.is_first:
        return
    waiting: list[Order] = []
    for order in news.orders:
        if was_lost and not follow_ups.is_lost(db, order):
            loss_notices.parcel_found(turn, order, state)
        if not _is_waited_for(turn, order, state):
            _tell_of_the_past(turn, order, state)
            continue
        moved = arrive(turn, order) if state is ParcelState.DELIVERED else None
        if moved:
            notices.moved(turn, moved)
        elif state in TOLD:
            waiting.append(order)
        in_parts = orders.is_in_parts(db, order)
        if state in LISTED and (order.state is State.SHIPPED or in_parts):
            unsettled.note(turn.unit, order)
        elif in_parts and state is ParcelState.DELIVERED:
            unsettled.withdraw(turn.unit, order)
        if state in (*TROUBLE, *BACK):
            notices.tell_staff(turn, f"staff.parcel-{state}", order)
    _tell_buyers(turn, waiting, news.parcel)


def catch_up(turn: Turn, order: Order, courier: str, number: str) -> None:
    """What is known of a parcel that an order turns out to be in: its buyer is told, unless of
    another order in it they were."""
    found = parcels.find(turn.unit.db, courier, parcels.normalise(number))
    if found is None or found[0].state not in TOLD:
        return
    parcel, held = found
    if parcel.state is ParcelState.DELIVERED and (moved := arrive(turn, order)):
        notices.done(turn, moved) if turn.staff else notices.moved(turn, moved)
    elif all(each.id == order.id or each.chat_id != order.chat_id for each in held):
        _tell_buyers(turn, [order], parcel)


def _is_waited_for(turn: Turn, order: Order, state: ParcelState) -> bool:
    """Whether the buyer has a parcel to come, as far as known: who has said that all is there may
    have had one of several, and of what arrived by a wrong number the right one is to come."""
    db = turn.unit.db
    if orders.is_in_parts(db, order):
        return True
    if state not in BACK and parcels.is_underway_after_all(db, order):
        return True
    if order.state is not State.DELIVERED or state is ParcelState.DELIVERED:
        return order.state is State.SHIPPED
    return len(parcels.of_order(db, order.id)) > 1


def _tell_of_the_past(turn: Turn, order: Order, state: ParcelState) -> None:
    """Of an order that is over the staff hear what they have to act on: the lost is found."""
    if state in TROUBLE or state not in (*TOLD, *BACK):
        return
    if follow_ups.is_lost(turn.unit.db, order):
        unsettled.note(turn.unit, order)
        loss_notices.parcel_found(turn, order, state)
    elif state is ParcelState.DELIVERED and order.state is State.RETURNING:
        notices.tell_staff(turn, "staff.parcel-there-after-all", order)
    elif state in BACK and order.state is not State.RETURNED:
        notices.tell_staff(turn, f"staff.parcel-{state}", order)


def arrive(turn: Turn, order: Order) -> Moved | None:
    """An order whose parcels are all there is delivered; None for another."""
    if order.state is not State.SHIPPED or not parcels.has_arrived(turn.unit.db, order):
        return None
    with suppress(NotAllowed):
        return orders.move(turn.unit, order, State.DELIVERED, by=None, why="courier")
    return None


def _tell_buyers(turn: Turn, waiting: list[Order], parcel: Parcel) -> None:
    """Each buyer once of a parcel, with all their orders of which there is the same to tell."""
    found: dict[tuple[int, str], list[Order]] = {}
    for order in waiting:
        is_last = parcel.state is ParcelState.DELIVERED and parcels.has_arrived(turn.unit.db, order)
        id = "notice.parcel-arrived" if is_last else f"notice.parcel-{parcel.state}"
        if is_last and orders.is_in_parts(turn.unit.db, order):
            id = "notice.part-arrived"
        found.setdefault((order.chat_id, id), []).append(order)
    for (chat_id, id), held in found.items():
        chat = people.chat(turn.unit, chat_id)
        view = turn.towards(chat)
        in_need = parcel.state in (*TROUBLE, *BACK)
        turn.notify(
            chat,
            id,
            card=cards.parcel_card(view, parcel),
            choices=(view.choice("button.human", "human"),) if in_need else (),
            number=view.locales.joined(view.language, [order.number for order in held]),
        )
