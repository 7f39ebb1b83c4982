"""A buyer asks for a better price; a seller gives one, to this buyer and for a time."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import structs

from bot.shop import catalogue, enquiries, orders, people, special_prices
from bot.shop.catalogue import PRICE_MINOR_MAX, Price, Product
from bot.shop.enquiries import Enquiry
from bot.talk import conversation, desk, goods_cards
from bot.talk.sellers import choosing, pricing
from bot.talk.turn import Turn

ASKED = "special-price"


def tell_over(turn: Turn, pressed: str = "") -> None:
    """A buyer who speaks of goods, presses their button or has them in the draft is told once that
    the price they were given holds no longer."""
    verb, key, *_ = (*pressed.split(":"), "", "")
    named = {line.product for line in turn.reading.lines if line.product} if not pressed else {key}
    about = {turn.state.about} if not pressed and turn.reading.intent in ("price", "order") else ()
    drafted = {line.product for line in turn.state.draft.lines} if verb in ("", "ok", "pay") else ()
    products = {*named, *about, *drafted} - {""}
    if turn.staff or not products:
        return
    for key, grade in special_prices.take_over(turn.unit, turn.chat.person.id, products):
        product = turn.product(key)
        if product and grade in [each.key for each in product.grades]:
            price = goods_cards.price(turn, product, product.grade(grade).price)
            turn.say("special.over", name=turn.name(product, grade), price=price)


def give(turn: Turn, subject: str) -> None:
    """The button on an enquiry: for what it is, is asked as far as it does not tell that, nor the
    buyer's chat."""
    number, _, rest = subject.partition(":")
    key, _, grade = rest.partition(":")
    asked = enquiries.find(turn.unit.db, int(number[:18])) if number.isdecimal() else None
    if asked is None:
        turn.say("stale.nothing")
        return
    chat = people.chat(turn.unit, asked.chat_id)
    about = conversation.decode(chat.state)
    said = _said(asked)
    named = next((line.product for line in said if line.product), None)
    product = turn.product(key or named or about.about)
    if product is None:
        choosing.product(turn, f"special:{asked.id}")
        return
    grade = grade or _meant(said, about, product)
    if grade not in [each.key for each in product.grades]:
        choosing.grade(turn, product, f"special:{asked.id}")
        return
    turn.state.about, turn.state.grade = product.key, grade
    turn.state.asked, turn.state.special = ASKED, asked.id
    amount = _amount(turn, asked, product, grade)
    goods = [turn.name(product, grade), turn.quantity(product, amount, product.unit)]
    turn.say(
        "staff.ask-special",
        name=" ".join(goods[: 2 if amount else 1]),
        who=desk.name_of(turn, chat),
        price=goods_cards.price(turn, product, _pays(turn, product, grade, amount)),
    )


def _amount(turn: Turn, asked: Enquiry, product: Product, grade: str) -> int:
    """How much of it a buyer asked about, or else is to order; 0 where that is not known."""
    said = turn.reader.read(asked.text).lines
    found = [line.quantity for line in said if line.product in (None, product.key)]
    for quantity in filter(None, found):
        return catalogue.amount(product, quantity.amount, quantity.unit) or 0
    about = conversation.decode(people.chat(turn.unit, asked.chat_id).state)
    drafted = (line for line in about.draft.lines if line.product == product.key)
    mine = next((line for line in drafted if line.grade == grade and line.quantity), None)
    return (mine and catalogue.amount(product, mine.quantity, mine.unit)) or 0


def _pays(turn: Turn, product: Product, grade: str, amount: int) -> Price:
    """What everybody pays for so much of it."""
    usual = pricing.usual(turn, product, grade)
    return structs.replace(product.grade(grade), price=usual).price_for(amount)


class _Line(msgspec.Struct, frozen=True):
    """The goods of a line that was read."""

    product: str | None = None
    grade: str | None = None


class _Read(msgspec.Struct, frozen=True):
    """What is wanted of an enquiry's reading."""

    lines: list[_Line] = []


def _said(asked: Enquiry) -> list[_Line]:
    """The goods that an enquiry names."""
    return msgspec.json.decode(asked.reading or "{}", type=_Read).lines


def _meant(said: Iterable[_Line], about: conversation.Conversation, product: Product) -> str:
    """A product's only grade, else the one of it that was asked for, else that of the draft."""
    if len(product.grades) == 1:
        return product.grades[0].key
    asked = {line.grade for line in said if line.grade and line.product in (None, product.key)}
    drafted = [line.grade for line in about.draft.lines if line.product == product.key]
    found = [*asked] if len(asked) == 1 else [] if asked else drafted
    return next(filter(None, found), "")


def take_price(turn: Turn) -> bool:
    """The price that a seller gives after it was asked for, or the grade that it is rather for;
    False when neither was said."""
    product = turn.product(turn.state.about)
    asked = enquiries.find(turn.unit.db, turn.state.special)
    if product is None or asked is None or orders.find(turn.unit.db, turn.text):
        return False
    usual = pricing.usual(turn, product, turn.state.grade)
    minor = pricing.said(turn, product, usual)
    if minor is None:
        grade = next((line.grade for line in turn.reading.lines if not line.quantity), None)
        if grade:
            give(turn, f"{asked.id}:{product.key}:{grade}")
        return grade is not None
    price = Price(minor, usual.per)
    amount = _amount(turn, asked, product, turn.state.grade)
    pays = _pays(turn, product, turn.state.grade, amount)
    if not 0 < minor <= PRICE_MINOR_MAX:
        turn.say("staff.bad-price")
    elif minor >= pays.minor:
        turn.say(
            "staff.special-not-lower-for"
            if pays.minor < usual.minor
            else "staff.special-not-lower",
            usual=goods_cards.price(turn, product, pays),
            amount=turn.quantity(product, amount, product.unit),
        )
    elif pricing.is_far(usual, minor):
        sure = f"sure-special:{asked.id}:{minor}"
        pricing.ask_whether(turn, product, turn.state.grade, price, sure)
    elif before := _given(turn, asked, product):
        turn.say(
            "staff.special-before",
            who=desk.name_of(turn, people.chat(turn.unit, asked.chat_id)),
            name=turn.name(product, turn.state.grade),
            before=goods_cards.price(turn, product, Price(before, usual.per)),
            choices=(
                turn.choice(
                    "button.price-sure",
                    f"sure-special:{asked.id}:{minor}",
                    price=goods_cards.price(turn, product, price),
                ),
            ),
        )
    else:
        _give(turn, asked, product, price)
    return True


def _given(turn: Turn, asked: Enquiry, product: Product) -> int:
    """The price that the buyer was given since they asked, by whomever; 0 for none."""
    if enquiries.find_open(turn.unit.db, asked.id):
        return 0
    person = people.chat(turn.unit, asked.chat_id).person
    grade, now = turn.state.grade, turn.unit.now
    return special_prices.standing(turn.unit.db, person.id, product.key, grade, now)


def sure(turn: Turn, subject: str) -> None:
    """The button that says that such a price is meant."""
    id, _, minor = subject.partition(":")
    product = turn.product(turn.state.about)
    asked = enquiries.find(turn.unit.db, turn.state.special)
    meant = turn.state.asked == ASKED and id == str(turn.state.special) and minor.isdecimal()
    if product is None or asked is None or not meant:
        turn.say("stale.nothing")
        return
    per = pricing.usual(turn, product, turn.state.grade).per
    _give(turn, asked, product, Price(int(minor[:12]), per))


def _give(turn: Turn, asked: Enquiry, product: Product, price: Price) -> None:
    grade = turn.state.grade
    chat = people.chat(turn.unit, asked.chat_id)
    enquiries.close(turn.unit, asked.id, turn.chat.person)
    until = special_prices.give(
        turn.unit, chat.person.id, product, grade, price.minor, by=turn.chat.person
    )
    turn.state.asked, turn.state.special = "", 0
    turn.say(
        "staff.special-set",
        name=turn.name(product, grade),
        who=desk.name_of(turn, chat),
        price=goods_cards.price(turn, product, price),
        until=turn.moment(until),
    )
    view = turn.towards(chat)
    turn.notify(
        chat,
        "notice.special",
        name=view.name(product, grade),
        price=goods_cards.price(view, product, price),
        until=view.moment(until),
        choices=(view.choice("button.order-now", f"g:{product.key}:{grade}"),),
    )
