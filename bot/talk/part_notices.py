"""Orders that are sent in parts, told to those it concerns: what comes now, and what later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.shop import payments
from bot.shop.orders import Order
from bot.shop.parts import RestOff, Sent
from bot.shop.returned_goods import Goods
from bot.shop.undelivered import Fate, Found
from bot.talk import cards, notices, order_buttons, parcel_news
from bot.talk.turn import Turn

_IN_DOUBT = ("refused-off", "part-found")  # what its buyer may know better


def sent(turn: Turn, event: Sent, due_minor: int) -> None:
    """A part has left: the seller reads what is still to be sent, the buyer what comes later.

    `due_minor` is what its courier collects.
    """
    order = event.order

    def said(view: Turn) -> tuple[str, str]:
        return cards.amounts(view, order, event.goods), cards.still_to_send(view, order)

    _tell(turn, order, "part-sent-cod" if due_minor else "part-sent", said, due_minor)


def rest_off(turn: Turn, event: RestOff, *, id: str = "rest-off") -> None:
    """What has not left is not sent: its buyer is told, unless they wished it, and the staff. If
    what has left is there, that is all.
    """
    moved = parcel_news.arrive(turn, event.order)
    order = moved.order if moved else event.order
    _tell(turn, order, id, lambda view: off(view, event))
    if moved:
        notices.moved(turn, moved)


def off(turn: Turn, event: RestOff) -> tuple[str, str]:
    """The goods that are not sent, and what becomes of the money for them."""
    goods, back = cards.amounts(turn, event.before, event.goods), event.back
    return goods, money(turn, event.order, back.amount_minor if back else 0)


def money(turn: Turn, order: Order, back_minor: int) -> str:
    """What becomes of the money for goods that are not sent: goes back, or need not be paid."""
    if back_minor:
        return turn.words("part.back", money=turn.money(back_minor))
    if payments.missing(turn.unit.db, order):
        return turn.words("part.less", money=turn.money(order.total_minor))
    return turn.words("part.even")


def again(turn: Turn, order: Order, goods: Goods, *, id: str) -> None:
    """What left first did not arrive, and is sent once more with the rest."""

    def said(view: Turn) -> tuple[str, str]:
        return cards.amounts(view, order, goods), cards.still_to_send(view, order)

    _tell(turn, order, id, said)


def found(turn: Turn, event: Found) -> None:
    """What was lost or refused is with the buyer, who is told, as are the staff."""
    moved = parcel_news.arrive(turn, event.order)
    order = moved.order if moved else event.order
    missing = payments.missing(turn.unit.db, order)

    def said(view: Turn) -> tuple[str, str]:
        goods = cards.amounts(view, order, event.goods)
        if event.kept_minor:
            return goods, view.words("part.kept", money=view.money(event.kept_minor))
        return goods, view.words("part.due" if missing else "part.even", money=view.money(missing))

    _tell(turn, order, "part-taken" if event.fate is Fate.REFUSED else "part-found", said)
    if moved:
        notices.moved(turn, moved)


def is_here(turn: Turn, order: Order, goods: Goods, *, spoiled: bool) -> None:
    """What was refused is here again, which the staff read."""
    id = f"staff.refused-here{'-bad' if spoiled else ''}"

    def values(view: Turn) -> dict[str, Any]:
        choices = order_buttons.for_staff(view, order)
        said = cards.amounts(view, order, goods)
        return {"number": order.number, "goods": said, "choices": choices}

    turn.say(id, **values(turn))
    for chat in notices.staff(turn):
        turn.notify(chat, id, **values(turn.towards(chat)))


def arrived(turn: Turn, order: Order) -> None:
    """The buyer says that what left first is there: the rest is still to come."""
    turn.say("track.part-thanks", number=order.number, more=cards.still_to_send(turn, order))


def _tell(
    turn: Turn, order: Order, id: str, said: Callable[[Turn], tuple[str, str]], minor: int = 0
) -> None:
    """The one of the staff who did it, the others, and the buyer, each with the card."""
    if turn.staff:
        goods, more = said(turn)
        turn.say(
            f"staff.{id}",
            number=order.number,
            goods=goods,
            more=more,
            money=turn.money(minor),
            card=cards.order_card(turn, order),
            choices=order_buttons.for_staff(turn, order),
        )
    chat_of_buyer = notices.buyer(turn, order)
    for chat in [*notices.staff(turn), *([chat_of_buyer] if chat_of_buyer else [])]:
        view, is_buyer = turn.towards(chat), chat is chat_of_buyer
        human = (view.choice("button.human", "human"),) if id in _IN_DOUBT else ()
        goods, more = said(view)
        turn.notify(
            chat,
            f"notice.{id}" if is_buyer else f"staff.{id}",
            number=order.number,
            goods=goods,
            more=more,
            money=view.money(minor),
            card=cards.order_card(view, order),
            choices=human if is_buyer else order_buttons.for_staff(view, order),
        )
