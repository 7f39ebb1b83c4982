"""What those whom it concerns are told of goods that are lost, found or sent again."""

from __future__ import annotations

from bot.shop import orders, payments, people
from bot.shop.orders import Order, State
from bot.shop.parcel_states import ParcelState
from bot.shop.parcels import Parcel
from bot.talk import cards, notices
from bot.talk.turn import Turn


def sent_again(turn: Turn, order: Order, again: Order) -> None:
    """The goods of an order go out once more: the buyer is told, the staff pack.

    Both read what of its money goes back all the same.
    """
    id = "sent-again-cod" if again.total_minor else "sent-again"
    turn.state.order = again.number
    turn.say(
        f"staff.{id}",
        number=again.number,
        back=_back(turn, order),
        card=cards.order_card(turn, again),
        choices=notices.staff_choices(turn, again),
    )
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            f"staff.{id}",
            number=again.number,
            back=_back(view, order),
            card=cards.order_card(view, again),
            choices=notices.staff_choices(view, again),
        )
    notices.tell_buyer(turn, f"notice.{id}", again, order)


def _back(turn: Turn, order: Order) -> str:
    """What of an order's money goes back or went back, in one line, or nothing."""
    notes = cards.money_notes(turn, order)
    joined = turn.locales.joined(turn.language, notes) if notes else ""
    return turn.words("order.back-too", number=order.number, back=joined) if notes else ""


def parcel_lost(turn: Turn, order: Order) -> None:
    """A parcel will never arrive: the money, if it was paid, or other goods come instead."""
    due = "-cod" if payments.of_order(turn.unit.db, order.id).state == "due" else ""
    turn.say(
        f"staff.parcel-lost{due}",
        number=order.number,
        card=cards.order_card(turn, order),
        choices=notices.staff_choices(turn, order),
    )
    notices.tell_staff(turn, f"staff.parcel-lost{due}", order)
    notices.tell_buyer(turn, f"notice.parcel-lost{due}", order, choices=True)


def lost_in_part(turn: Turn, order: Order, parcel: Parcel, is_over: bool) -> None:
    """One of several parcels will never arrive; when it `is_over` the others have."""
    id = "lost-rest-there" if is_over or order.state is State.DELIVERED else "lost-in-part"
    turn.say(
        f"staff.{id}",
        number=order.number,
        parcel=cards.return_line(turn, parcel.courier, parcel.number),
        card=cards.order_card(turn, order),
        choices=notices.staff_choices(turn, order),
    )
    for chat in (*notices.staff(turn), people.chat(turn.unit, order.chat_id)):
        view = turn.towards(chat)
        is_buyer = chat.id == order.chat_id
        human = (view.choice("button.human", "human"),)
        turn.notify(
            chat,
            f"{'notice' if is_buyer else 'staff'}.{id}",
            number=order.number,
            parcel=cards.return_line(view, parcel.courier, parcel.number),
            card=cards.order_card(view, order),
            choices=human if is_buyer else notices.staff_choices(view, order),
        )


def parcel_found(turn: Turn, order: Order, state: ParcelState) -> None:
    """What was lost is there: the staff may stop what goes out in its place."""
    again = orders.follow_up(turn.unit.db, order)
    unsent = again if again and again.state in (State.CONFIRMED, State.PACKING) else None
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            "staff.parcel-found-again" if unsent else "staff.parcel-found",
            choices=notices.staff_choices(view, unsent or order),
            card=cards.order_card(view, unsent or order),
            number=order.number,
            again=unsent.number if unsent else "",
            state=view.words(f"parcel.{state}"),
        )
