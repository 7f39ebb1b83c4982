"""The seller sets prices: says them, or is asked for one."""

from __future__ import annotations

from msgspec.structs import replace

from bot.language.script import form_of
from bot.shop import catalogue
from bot.shop.catalogue import Price, Product
from bot.talk import goods_cards
from bot.talk.sellers import choosing, pricing, stock_words
from bot.talk.turn import Turn

ASKED = "new-price"
PRICE_MAX = 100_000_000  # minor units


def said(turn: Turn) -> None:
    """ "Medium cordyceps is 35 now, large is 50"."""
    about, found = turn.state.about, []
    for clause in stock_words.clauses(form_of(turn.text).text):
        reading = turn.reader.read(clause, about=about or None)
        about = reading.product or about
        one = replace(turn, text=clause, reading=reading)
        if any(line.product or line.grade for line in reading.lines) and _has_price(one):
            found.append(one)
    for each in found if len(found) > 1 else [turn]:
        _set(each)


def _has_price(turn: Turn) -> bool:
    quantities = [line.quantity for line in turn.reading.lines if line.quantity]
    return bool(quantities) or pricing.sum_said(turn) > 0


def _set(turn: Turn) -> None:
    """What one sentence says of one price."""
    reading = turn.reading
    said = reading.lines[0] if reading.lines else None
    product, grade = choosing.one_grade(turn, said)
    if product is None:
        choosing.product(turn, "price")
    elif grade is None:
        choosing.grade(turn, product, "price")
    else:
        minor = pricing.said(turn, product, pricing.usual(turn, product, grade))
        if minor is None:
            ask(turn, product, grade)
        else:
            _change(turn, product, grade, minor)


def _change(turn: Turn, product: Product, grade: str, minor: int, *, sure: bool = False) -> None:
    """Sets it, unless it is far from the one before and that was not meant for sure."""
    usual = pricing.usual(turn, product, grade)
    turn.state.about, turn.state.grade, turn.state.asked = product.key, grade, ASKED
    if not 0 < minor <= PRICE_MAX:
        turn.say("staff.bad-price")
        return
    if not sure and pricing.is_far(usual, minor, pricing.far(turn, product)):
        value = f"sure-price:{product.key}:{grade}:{minor}"
        pricing.ask_whether(turn, product, grade, Price(minor, usual.per), value)
        return
    change = catalogue.set_price(turn.unit, product.key, grade, minor, by=turn.chat.person)
    back = f"price:{product.key}:{grade}:{change.before.minor}:{minor}"
    turn.state.asked = ""
    turn.say(
        "staff.price-set",
        name=turn.name(product, grade),
        before=goods_cards.price(turn, product, change.before),
        after=goods_cards.price(turn, product, change.after),
        choices=(turn.choice("button.undo", back),),
    )


def change_back(turn: Turn, product: Product, grade: str, minor: int, undone: int) -> None:
    """The price goes back from `undone`; where it is another since, that is told and asked."""
    usual = pricing.usual(turn, product, grade)
    if usual.minor == undone:
        _change(turn, product, grade, minor, sure=True)
        return
    price = goods_cards.price(turn, product, Price(minor, usual.per))
    turn.state.asked = ""
    turn.say(
        "staff.price-other",
        name=turn.name(product, grade),
        usual=goods_cards.price(turn, product, usual),
        price=price,
        choices=(
            turn.choice(
                "button.price-sure", f"sure-price:{product.key}:{grade}:{minor}", price=price
            ),
        ),
    )


def ask(turn: Turn, product: Product, grade: str) -> None:
    """Asks for the new price of a grade."""
    turn.state.about, turn.state.grade, turn.state.asked = product.key, grade, ASKED
    price = goods_cards.price(turn, product, pricing.usual(turn, product, grade))
    turn.say("staff.ask-price", name=turn.name(product, grade), price=price)


def take(turn: Turn) -> bool:
    """The new price of a grade after it was asked for; False when none was said."""
    product, grade = turn.product(turn.state.about), turn.state.grade
    if product is None:
        return False
    minor = pricing.said(turn, product, pricing.usual(turn, product, grade))
    if minor is None:
        return False
    _change(turn, product, grade, minor)
    return True
