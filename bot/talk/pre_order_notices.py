"""What becomes of goods that were ordered before they were there, told to those it concerns."""

from __future__ import annotations

from bot.shop.orders import Order
from bot.talk import cards, notices
from bot.talk.turn import Turn


def came(turn: Turn, order: Order) -> None:
    """What was ordered before it was there has come."""
    chat = notices.buyer(turn, order)
    if chat:
        card = cards.order_card(turn.towards(chat), order)
        turn.notify(chat, "notice.came", card=card, number=order.number)


def later(turn: Turn, order: Order) -> None:
    """What was ordered before it was there comes later than was said: the card tells when."""
    chat = notices.buyer(turn, order)
    if chat:
        view = turn.towards(chat)
        cancel = view.choice("button.cancel-order", f"cancel:{order.number}")
        card = cards.order_card(view, order)
        turn.notify(chat, "notice.later", card=card, choices=(cancel,), number=order.number)


def not_come(turn: Turn, order: Order) -> None:
    """What was ordered before it was there never comes: the order is called off."""
    chat = notices.buyer(turn, order)
    if chat:
        view = turn.towards(chat)
        human = (view.choice("button.human", "human"),)
        back = cards.told_of(view, order)
        turn.notify(chat, "notice.not-come", choices=human, number=order.number, back=back)


def goods_due(turn: Turn, product: str, grade: str, day: str, n: int) -> None:
    """The day has come on which goods were expected: have they come, when, or not at all?"""
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        found, subject = view.product(product), f"{product}:{grade}"
        turn.notify(
            chat,
            "expect.due" if n else "expect.due-for-nobody",
            name=view.name(found, grade) if found else product,
            day=cards.iso_day(view, day),
            n=n,
            choices=(
                view.choice("button.expect-came", f"in:{subject}"),
                view.choice("button.expect-later", f"expect-later:{subject}"),
                view.choice("button.expect-never", f"expect-never:{subject}"),
            ),
        )
