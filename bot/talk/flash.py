"""Making a flash sale in the chat: how much, at what price, how much to each, from when."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.shop import flash_sales, stock
from bot.shop.catalogue import Price, Product
from bot.shop.numbers import ascii_digits
from bot.shop.stock import Shortage
from bot.talk import cards, choosing, pricing
from bot.talk.conversation import NewSale
from bot.talk.turn import Turn

ASKED = "flash"
VERB = "flash"
_CLOCK = re.compile(r"(\d{1,2})\s*[:：.点點]\s*(\d{2})?")


def begin(turn: Turn, subject: str = "") -> None:
    """The button, or the words: asks which product and grade, then for the rest."""
    meant = choosing.meant(turn, VERB, subject)
    if meant is None:
        return
    product, grade = meant
    turn.state.sale = NewSale(product.key, grade)
    _ask(turn, product)


def take(turn: Turn) -> bool:
    """The answer to what was asked last; False when it is none."""
    sale, product = turn.state.sale, turn.product(turn.state.sale.product)
    if product is None:
        return False
    if not sale.quantity:
        sale.quantity = choosing.amount_said(turn, product) or 0
        there = stock.available(turn.unit, product.key, sale.grade, aside=False)
        if sale.quantity > there:
            return _too_many(turn, product, there)
    elif not sale.minor:
        sale.minor = pricing.said(turn, product, product.grade(sale.grade).price) or 0
        if sale.minor >= product.grade(sale.grade).price.minor:
            sale.minor = 0
            turn.say("flash.not-lower")
            return True
    elif not sale.per_person:
        sale.per_person = min(choosing.amount_said(turn, product) or 0, sale.quantity)
    else:
        starts_at = _moment(turn)
        if starts_at is None:
            return False
        _make(turn, product, starts_at)
        return True
    _ask(turn, product)
    return True


def now(turn: Turn) -> None:
    """The button that starts it at once."""
    product = turn.product(turn.state.sale.product)
    if product is None or turn.state.asked != ASKED or not turn.state.sale.per_person:
        turn.say("stale.nothing")
    else:
        _make(turn, product, turn.unit.now)


def finish(turn: Turn, subject: str) -> None:
    """Ends a sale."""
    over = subject.isdecimal() and flash_sales.finish(
        turn.unit, int(subject[:18]), by=turn.chat.person
    )
    turn.say("flash.over" if over else "stale.nothing")


def _ask(turn: Turn, product: Product) -> None:
    """Asks for the next thing that is missing."""
    sale = turn.state.sale
    turn.state.asked, turn.state.about, turn.state.grade = ASKED, product.key, sale.grade
    name = turn.name(product, sale.grade)
    if not sale.quantity:
        turn.say(f"flash.ask-quantity-{product.unit}", name=name)
    elif not sale.minor:
        own = product.grade(sale.grade).price
        turn.say("flash.ask-price", name=name, price=cards.price(turn, product, own))
    elif not sale.per_person:
        turn.say("flash.ask-each", name=name)
    else:
        turn.say("flash.ask-start", choices=(turn.choice("button.flash-now", "flash-now"),))


def _too_many(turn: Turn, product: Product, there: int) -> bool:
    """So much is not there to be sold: how much then?"""
    turn.state.sale.quantity = turn.state.sale.per_person = 0
    name, shown = (
        turn.name(product, turn.state.sale.grade),
        turn.quantity(product, there, product.unit),
    )
    turn.say("flash.too-many", name=name, there=shown)
    return True


def _moment(turn: Turn) -> int | None:
    """A time of day, the next such one, in UTC ms; None when the message names none."""
    found = _CLOCK.search(ascii_digits(turn.text))
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    here = turn.unit.here
    at = here.replace(hour=int(found[1]), minute=int(found[2] or 0), second=0, microsecond=0)
    if at < here:
        at += timedelta(days=1)
    return round(at.timestamp() * 1000)


def _make(turn: Turn, product: Product, starts_at: int) -> None:
    sale = turn.state.sale
    made = flash_sales.make(
        turn.unit,
        product,
        sale.grade,
        minor=sale.minor,
        quantity=sale.quantity,
        per_person=sale.per_person,
        starts_at=starts_at,
        by=turn.chat.person,
    )
    if isinstance(made, Shortage):
        _too_many(turn, product, made.available)
        return
    turn.state.asked, turn.state.sale = "", NewSale()
    own = product.grade(sale.grade).price
    turn.say(
        "flash.made",
        name=turn.name(product, sale.grade),
        price=cards.price(turn, product, Price(made.minor, own.per)),
        quantity=turn.quantity(product, made.quantity, product.unit),
        each=turn.quantity(product, made.per_person, product.unit),
        moment=turn.moment(made.starts_at),
        end=turn.moment(made.ends_at),
        choices=(turn.choice("button.flash-over", f"flash-over:{made.id}"),),
    )
