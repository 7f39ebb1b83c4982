"""A buyer asks for a better price; a seller gives one, to this buyer and for a time."""

from __future__ import annotations

from bot.shop import enquiries, people, special_prices
from bot.shop.catalogue import PRICE_MINOR_MAX, Price, Product
from bot.talk import cards, choosing, conversation, desk, pricing
from bot.talk.turn import Turn

ASKED = "special-price"


def give(turn: Turn, subject: str) -> None:
    """The button on an enquiry: for what it is, as far as the buyer's chat tells, is asked for."""
    number, _, rest = subject.partition(":")
    key, _, grade = rest.partition(":")
    asked = enquiries.find(turn.unit.db, int(number[:18])) if number.isdecimal() else None
    if asked is None:
        turn.say("stale.nothing")
        return
    chat = people.chat(turn.unit, asked.chat_id)
    about = conversation.decode(chat.state)
    product = turn.product(key or about.about)
    if product is None:
        choosing.product(turn, f"special:{asked.id}")
        return
    grade = grade or _meant(about, product)
    if grade not in [each.key for each in product.grades]:
        choosing.grade(turn, product, f"special:{asked.id}")
        return
    turn.state.about, turn.state.grade = product.key, grade
    turn.state.asked, turn.state.special = ASKED, asked.id
    turn.say(
        "staff.ask-special",
        name=turn.name(product, grade),
        who=desk.name_of(turn, chat),
        price=cards.price(turn, product, product.grade(grade).price),
    )


def _meant(about: conversation.Conversation, product: Product) -> str:
    """The grade that the buyer's draft has of a product, or its only one."""
    drafted = [line.grade for line in about.draft.lines if line.product == product.key]
    return product.grades[0].key if len(product.grades) == 1 else (drafted or [""])[0] or ""


def take_price(turn: Turn) -> bool:
    """The price that a seller gives after it was asked for; False when none was said."""
    product = turn.product(turn.state.about)
    asked = enquiries.find(turn.unit.db, turn.state.special)
    if product is None or asked is None:
        return False
    grade = turn.state.grade
    own = product.grade(grade).price
    minor = pricing.said(turn, product, own)
    if minor is None:
        return False
    if not 0 < minor <= PRICE_MINOR_MAX:
        turn.say("staff.bad-price")
        return True
    chat = people.chat(turn.unit, asked.chat_id)
    enquiries.close(turn.unit, asked.id, turn.chat.person)
    until = special_prices.give(
        turn.unit, chat.person.id, product, grade, minor, by=turn.chat.person
    )
    turn.state.asked, turn.state.special = "", 0
    price = Price(minor, own.per)
    turn.say(
        "staff.special-set",
        name=turn.name(product, grade),
        who=desk.name_of(turn, chat),
        price=cards.price(turn, product, price),
        until=turn.moment(until),
    )
    view = turn.towards(chat)
    turn.notify(
        chat,
        "notice.special",
        name=view.name(product, grade),
        price=cards.price(view, product, price),
        until=view.moment(until),
        choices=(view.choice("button.order-now", f"g:{product.key}:{grade}"),),
    )
    return True
