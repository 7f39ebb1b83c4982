"""What those whom it concerns are told of goods that are lost, found or sent again."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import follow_ups, orders, payments, people, refunds
from bot.shop.orders import Order, State
from bot.shop.parcel_states import ParcelState
from bot.shop.parcels import Parcel
from bot.shop.refunds import RefundState
from bot.talk import cards, desk, notices, order_buttons
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
        choices=order_buttons.for_staff(turn, again),
    )
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            f"staff.{id}",
            number=again.number,
            back=_back(view, order),
            card=cards.order_card(view, again),
            choices=order_buttons.for_staff(view, again),
        )
    notices.tell_buyer(turn, f"notice.{id}", again, order)


def _back(turn: Turn, order: Order) -> str:
    """What of an order's money goes back or went back, in one line, or nothing."""
    notes = cards.money_notes(turn, order)
    joined = turn.locales.joined(turn.language, notes) if notes else ""
    return turn.words("order.back-too", number=order.number, back=joined) if notes else ""


def again_not_wanted(turn: Turn, again: Order, minor: int) -> None:
    """The buyer has called off what was to be sent again: the staff see to the money, which was
    paid with the first order."""
    first = follow_ups.paid_with(turn.unit.db, again)
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            "staff.again-not-wanted",
            number=again.number,
            first=first.number,
            money=view.money(minor),
            card=cards.order_card(view, first),
            choices=order_buttons.for_staff(view, first),
        )


def parcel_lost(turn: Turn, order: Order) -> None:
    """A parcel will never arrive: the money, if it was paid, or other goods come instead."""
    due = "-cod" if payments.of_order(turn.unit.db, order.id).state == "due" else ""
    turn.say(
        f"staff.parcel-lost{due}",
        number=order.number,
        card=cards.order_card(turn, order),
        choices=order_buttons.for_staff(turn, order),
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
        choices=order_buttons.for_staff(turn, order),
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
            choices=human if is_buyer else order_buttons.for_staff(view, order),
        )


def parcel_found(turn: Turn, order: Order, state: ParcelState) -> None:
    """What was lost is there: the staff may stop what goes out in its place."""
    unsent = _unsent(turn, order)
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            "staff.parcel-found-again" if unsent else "staff.parcel-found",
            choices=_found_choices(view, order, unsent),
            card=cards.order_card(view, unsent or order),
            number=order.number,
            again=unsent.number if unsent else "",
            state=view.words(f"parcel.{state}"),
        )


def buyer_has_it(turn: Turn, order: Order) -> None:
    """The buyer says that what was lost is there: a seller is asked, and can answer."""
    unsent = _unsent(turn, order)
    ending, again = ("-again", unsent.number) if unsent else ("", "")
    desk.hand_over(
        turn,
        told=True,
        order=order,
        gist=lambda view: view.words(
            f"staff.buyer-has-it{ending}", number=order.number, again=again
        ),
        more=lambda view: _found_choices(view, order, unsent),
    )


def _unsent(turn: Turn, order: Order) -> Order | None:
    """What stands in the place of an order and can be called off yet."""
    again = orders.follow_up(turn.unit.db, order)
    return again if again and again.state in (State.CONFIRMED, State.PACKING) else None


def _found_choices(turn: Turn, order: Order, unsent: Order | None) -> tuple[Choice, ...]:
    """What can be done once goods are found: parts of the money that were to go back may stay."""
    due = [
        each
        for each in refunds.of_order(turn.unit.db, order)
        if each.state is RefundState.DUE and not each.is_excess
    ]
    is_lost = follow_ups.is_lost(turn.unit.db, order)
    return order_buttons.for_staff(turn, unsent or order) + tuple(
        turn.choice(
            "button.keep-refund", f"keep-refund:{each.id}", money=turn.money(each.amount_minor)
        )
        for each in (() if is_lost else due)
    )
