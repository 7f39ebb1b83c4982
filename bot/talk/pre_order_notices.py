"""What becomes of goods that were ordered before they were there, told to those it concerns."""

from __future__ import annotations

from bot.shop import payments, people
from bot.shop.orders import Order, State
from bot.talk import bills, cards, goods_cards, notices
from bot.talk.turn import Turn


def came(turn: Turn, order: Order) -> None:
    """What was ordered before it was there has come; who has not paid sees how to."""
    chat = people.chat(turn.unit, order.chat_id)
    view, is_due = turn.towards(chat), bills.is_open(turn, order)
    ending = "-due" if is_due else "-placed" if order.state is State.PLACED else ""
    turn.notify(
        chat,
        f"notice.came{ending}",
        card=(bills.bill_card if is_due else cards.order_card)(view, order),
        choices=bills.choices(view, order) if is_due else (),
        number=order.number,
        money=view.money(payments.missing(turn.unit.db, order)),
        left=bills.time_left(view, order),
    )


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
            day=goods_cards.iso_day(view, day),
            n=n,
            choices=(
                view.choice("button.expect-came", f"in:{subject}"),
                view.choice("button.expect-later", f"expect-later:{subject}"),
                view.choice("button.expect-never", f"expect-never:{subject}"),
            ),
        )
