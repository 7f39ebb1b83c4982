"""What happened in the shop, told to those whom it concerns. The only place that does so.

The person whose event this is gets the answer from the dialogue; here the others are told, and
the buyer at each step of an order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import structs

from bot.messages import Choice
from bot.shop import (
    on_delivery,
    payments,
    people,
    refunds,
    surplus,
)
from bot.shop.follow_ups import Changed
from bot.shop.orders import Moved, Order, State
from bot.shop.payment_states import Gone, Received
from bot.shop.refunds import Refund
from bot.shop.repayments import Repayment
from bot.talk import bills, cards, endings, order_buttons
from bot.talk.turn import Turn


def staff(turn: Turn) -> list[people.Chat]:
    """The sellers' and operators' chats except the one that is speaking."""
    chats = people.staff_chats(turn.unit, "seller", "operator")
    return [chat for chat in chats if chat.id != turn.chat.id]


def buyer(turn: Turn, order: Order) -> people.Chat | None:
    """The chat in which the order was placed, unless it is the one that is speaking."""
    return None if order.chat_id == turn.chat.id else people.chat(turn.unit, order.chat_id)


def done(turn: Turn, event: Moved) -> None:
    """Answers the one of the staff who moved an order, and tells the others."""
    order, here = event.order, endings.here(turn, event) or endings.at_door(turn, event)
    turn.say(
        f"staff.did-{event.after}{endings.awaited(turn, event) or here}",
        number=order.number,
        money=turn.money(endings.kept(turn, order)),
        card=cards.order_card(turn, order),
        choices=order_buttons.for_staff(turn, order),
    )
    moved(turn, event)


def moved(turn: Turn, event: Moved) -> None:
    """An order went on: the buyer is told each step, the staff what they have to do next."""
    order = event.order
    chat = buyer(turn, order)
    if chat:
        view = turn.towards(chat)
        with_card = event.after in _WITH_CARD or endings.awaited(turn, event)
        card = cards.order_card(view, order) if with_card else None
        turn.notify(
            chat,
            f"notice.{event.after}{endings.awaited(turn, event)}{endings.ending(turn, event)}",
            choices=order_buttons.for_buyer(view, order),
            card=card,
            number=order.number,
            money=view.money(endings.kept(turn, order)),
            back=cards.told_of(view, order),
        )
    ending = f"-{order.pay_by}" if event.after is State.PLACED else ""
    if event.after is State.EXPIRED:
        ending = endings.ending(turn, event)
    tell_staff(turn, f"staff.{event.after}{ending}", order)


def tell_staff(turn: Turn, id: str, order: Order, minor: int = 0) -> None:
    """The other staff see an order as it is now, and what they can do with it."""
    for chat in staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            id,
            choices=order_buttons.for_staff(view, order),
            card=cards.order_card(view, order),
            number=order.number,
            money=view.money(minor),
        )


_WITH_CARD = (State.SHIPPED, State.DELIVERED)


def silent(turn: Turn, order: Order) -> None:
    """Nobody said whether a parcel arrived: it counts as arrived, which the buyer may deny."""
    tell_buyer(turn, "notice.silent", order, choices=True)
    tell_staff(turn, "staff.silent-closed", order)


def changed(turn: Turn, before: Order, event: Changed) -> None:
    """The staff are told once that an order has taken the place of another."""
    order, money = event.order, event.money
    id, minor = "staff.changed", 0
    if money:
        minor = money.excess.amount_minor if money.excess else money.missing_minor
        id += "-back" if money.excess else "-rest" if minor else "-even"
    for chat in staff(turn):
        view = turn.towards(chat)
        card = cards.order_card(view, order)
        if event.counted_minor:
            counted = view.words("order.counted", money=view.money(event.counted_minor))
            card = structs.replace(card, notes=(*card.notes, counted))
        turn.notify(
            chat,
            id,
            choices=order_buttons.for_staff(view, order),
            card=card,
            number=order.number,
            before=before.number,
            money=view.money(minor),
        )


def tell_buyer(
    turn: Turn, id: str, order: Order, before: Order | None = None, *, choices: bool = False
) -> None:
    """With its card, and what becomes of the money of the one `before`; with `choices` somebody
    can be called."""
    chat = buyer(turn, order)
    if chat:
        view = turn.towards(chat)
        human = (view.choice("button.human", "human"),) if choices else ()
        turn.notify(
            chat,
            id,
            card=cards.order_card(view, order),
            choices=human,
            number=order.number,
            before=before.number if before else "",
            back=cards.told_of(view, before) if before else "",
            money=view.money(order.total_minor),
        )


def not_sent_back(turn: Turn, order: Order, id: str, repayment: Repayment | None) -> None:
    """A service has not sent money back: the staff look into it there, or send it themselves."""
    for chat in staff(turn):
        view = turn.towards(chat)
        choices = order_buttons.for_staff(view, order)
        money = view.money(repayment.amount_minor if repayment else 0)
        if repayment and id != "staff.refund-closed":
            choices += (
                view.choice("button.sent-otherwise", f"sent-otherwise:{repayment.id}", money=money),
            )
        card = cards.order_card(view, order)
        turn.notify(chat, id, choices=choices, card=card, number=order.number, money=money)


def refund_agreed(turn: Turn, order: Order, refund: Refund) -> None:
    """The buyer agrees: the staff send the money."""
    for chat in staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            "staff.offer-accepted",
            number=order.number,
            money=view.money(refund.amount_minor),
            again=cards.again_too(view, order),
            choices=(order_buttons.sent(view, refund),),
        )


def claimed(turn: Turn, order: Order, proof: str, ending: str = "", minor: int = 0) -> None:
    """A buyer says that it is paid: the staff decide. The `ending` tells what is odd about it.

    `minor` is the sum that the buyer named; 0 for what is due.
    """
    for chat in staff(turn):
        view = turn.towards(chat)
        card = cards.order_card(view, order)
        if proof:
            card = structs.replace(card, kind="payment", stations=(), reached=0, picture=proof)
        turn.notify(
            chat,
            f"staff.claimed{ending}",
            choices=order_buttons.for_staff(view, order),
            card=card,
            number=order.number,
            money=view.money(minor or payments.missing(turn.unit.db, order)),
        )


def received(turn: Turn, event: Received, minor: int) -> None:
    """Money came for an order: what that means is told to the buyer and to the staff."""
    order = event.order
    if event.moved:
        done(turn, event.moved) if turn.staff else moved(turn, event.moved)
    elif (event.is_rest or event.missing_minor) and (id := _before_or_after_the_door(turn, order)):
        ending = "-part" if event.missing_minor and id != "came-returning" else ""
        answer_and_tell_staff(turn, f"staff.{id}{ending}", order, minor)
        missing = event.missing_minor
        money_news(turn, order, f"notice.{id}{ending}", minor, missing=missing)
    elif event.missing_minor:
        part_came(turn, order, minor, event.missing_minor)
    elif event.is_rest:
        answer_and_tell_staff(turn, "staff.rest-came", order)
        money_news(turn, order, "notice.rest-came", minor)
    elif event.gone:
        paid_late(turn, order, event.gone)
    elif event.goes_back:
        refund_due(turn, order, minor)
    if event.excess:
        over_paid(turn, order, event.excess)


def _before_or_after_the_door(turn: Turn, order: Order) -> str:
    """Which texts tell of money by transfer for what the courier is to bring, or will not any
    more; or of what he brought for a part."""
    if order.pay_by != "cod" or order.state is State.DELIVERED:
        return ""
    if order.state in (State.RETURNING, State.RETURNED):
        return "came-returning"
    last = payments.receipts(turn.unit.db, order.id)[-1]
    return "brought" if last.method == "cod" else "prepaid"


def over_paid(turn: Turn, order: Order, excess: Refund) -> None:
    """It goes back, unless it is for another order of the same buyer that waits for its money."""
    others = surplus.takers(turn.unit.db, excess.id)
    values = [(each.number, f"move-surplus:{excess.id}:{each.number}") for each in others]
    minor, alone = excess.amount_minor, order.state is State.CANCELLED
    id = "over-paid-or-other" if others else "refund-due" if alone else "over-paid"

    def choices(view: Turn) -> tuple[Choice, ...]:
        money = view.money(minor)
        return tuple(
            view.choice("button.move-surplus", value, number=number, money=money)
            for number, value in values
        )

    answer_and_tell_staff(turn, f"staff.{id}", order, minor, choices)
    money_news(turn, order, f"notice.{id}", minor)


def refund_due(turn: Turn, order: Order, minor: int) -> None:
    """Money is to go back: the staff send it."""
    answer_and_tell_staff(turn, "staff.refund-due", order, minor)
    money_news(turn, order, "notice.refund-due", minor)


def paid_late(turn: Turn, order: Order, gone: Gone) -> None:
    """Money came for an order whose goods or price are gone: what is so, and what can be done."""
    minor = payments.received(turn.unit.db, order.id)
    answer_and_tell_staff(turn, f"staff.paid-late-{gone}", order, minor)
    chat = buyer(turn, order)
    if chat:
        view = turn.towards(chat)
        again = (view.choice("button.again", f"again:{order.number}"),)
        turn.notify(
            chat,
            f"notice.paid-late-{gone}",
            number=order.number,
            money=view.money(minor),
            choices=(*(again if gone is Gone.PRICE else ()), view.choice("button.human", "human")),
        )


def paid_otherwise(turn: Turn, order: Order) -> None:
    """It is paid by another way than its buyer said: the staff look whether it came by both."""
    for chat in staff(turn):
        view = turn.towards(chat)
        choices = (view.choice("button.paid-part", f"paid-part:{order.number}"),)
        turn.notify(chat, "staff.paid-otherwise", number=order.number, choices=choices)


def part_came(
    turn: Turn, order: Order, minor: int, missing: int, *, id: str = "notice.part-paid"
) -> None:
    """A part came: the buyer sees how to pay the rest."""
    ending = "-short" if on_delivery.is_short(turn.unit.db, order) else ""
    answer_and_tell_staff(turn, f"staff.part-paid{ending}", order, minor)
    chat = buyer(turn, order)
    if chat:
        view = turn.towards(chat)
        turn.notify(
            chat,
            id,
            number=order.number,
            money=view.money(minor),
            missing=view.money(missing),
            card=bills.bill_card(view, order),
            invoice=bills.invoice(view, order),
            choices=bills.choices(view, order)[: 2 if ending else 1],
        )


def answer_and_tell_staff(
    turn: Turn,
    id: str,
    order: Order,
    minor: int = 0,
    more: Callable[[Turn], tuple[Choice, ...]] = lambda _: (),
) -> None:
    """The one of the staff who did it gets it as an answer, the others as a notice."""

    def said(view: Turn) -> dict[str, Any]:
        missing = view.money(payments.missing(turn.unit.db, order))
        choices = more(view) + order_buttons.for_staff(view, order)
        known = {"number": order.number, "money": view.money(minor), "missing": missing}
        return {**known, "choices": choices}

    if turn.staff:
        turn.say(id, **said(turn))
    for chat in staff(turn):
        view = turn.towards(chat)
        turn.notify(chat, id, card=cards.order_card(view, order), **said(view))


def rejected(turn: Turn, order: Order) -> None:
    """The money was not found: the buyer is told and can pay or ask."""
    chat = buyer(turn, order)
    if chat:
        view = turn.towards(chat)
        choices = (
            view.choice("button.i-paid", f"paid:{order.number}"),
            view.choice("button.human", "human"),
        )
        turn.notify(chat, "notice.not-paid", choices=choices, number=order.number)


def money_news(
    turn: Turn, order: Order, id: str, minor: int | None = None, *, missing: int = 0
) -> None:
    """The buyer is told what becomes of the money that came: of all of it, or of `minor`."""
    chat = buyer(turn, order)
    if chat:
        view, whole = turn.towards(chat), refunds.undone(turn.unit.db, order)
        money = view.money(whole if minor is None else minor)
        turn.notify(chat, id, number=order.number, money=money, missing=view.money(missing))


def refunded(turn: Turn, order: Order, minor: int) -> None:
    """Money has gone back: the others of the staff read by whom, so that nobody sends it again."""
    if not turn.staff:
        tell_staff(turn, "staff.refunded", order)
        return
    for chat in staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            "staff.refunded-by",
            number=order.number,
            money=view.money(minor),
            name=cards.who(view, order, turn.chat.person.id),
            choices=order_buttons.for_staff(view, order),
        )


def remind(turn: Turn, order: Order) -> None:
    """A payment waits for a decision: whether it came, or what becomes of it."""
    missing = payments.missing(turn.unit.db, order)
    minor = missing or payments.received(turn.unit.db, order.id)
    for chat in staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            "staff.remind" if missing else "staff.remind-late",
            choices=order_buttons.for_staff(view, order),
            number=order.number,
            money=view.money(minor),
        )
