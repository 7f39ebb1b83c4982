"""Making a flash sale in the chat: how much, at what price, how much to each, from when.

All of it is shown before the sale is made: with the day it starts on, and the sale that it ends.
"""

from __future__ import annotations

from typing import Any

from bot.shop import flash_sales, stock
from bot.shop.catalogue import Price, Product
from bot.shop.stock import Shortage
from bot.talk import cards, choosing, pricing, times
from bot.talk.conversation import NewSale
from bot.talk.turn import Turn

ASKED = "flash"
VERB = "flash"
BUTTONS = ("sure-flash-price", "flash-now", "sure-flash")


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
        return _take_price(turn, product)
    elif not sale.per_person:
        sale.per_person = min(choosing.amount_said(turn, product) or 0, sale.quantity)
    else:
        return _take_start(turn, product)
    _ask(turn, product)
    return True


def _take_price(turn: Turn, product: Product) -> bool:
    usual = pricing.usual(turn, product, turn.state.sale.grade)
    minor = pricing.said(turn, product, usual)
    if minor is None:
        _ask(turn, product)
    elif minor <= 0:
        turn.say("staff.bad-price")
    elif minor >= usual.minor:
        turn.say("flash.not-lower")
    elif pricing.is_far(usual, minor):
        price = Price(minor, usual.per)
        sure = f"sure-flash-price:{minor}"
        pricing.ask_whether(turn, product, turn.state.sale.grade, price, sure)
    else:
        turn.state.sale.minor = minor
        _ask(turn, product)
    return True


def _take_start(turn: Turn, product: Product) -> bool:
    """The moment it starts at, which is shown; False when the message names none."""
    moment = times.read_moment(turn.text, turn.unit.here)
    if moment is None and times.day_in(turn.text, turn.unit.here.date()) is None:
        return False
    if moment is None:
        _ask(turn, product)
    elif moment < turn.unit.here:
        turn.say("flash.past", moment=turn.moment(round(moment.timestamp() * 1000)))
    else:
        _show(turn, product, round(moment.timestamp() * 1000))
    return True


def press(turn: Turn, verb: str, subject: str) -> None:
    """Buttons of a sale that is being made: such a price is meant, it starts now, it is right."""
    sale, product = turn.state.sale, turn.product(turn.state.sale.product)
    if product is None or turn.state.asked != ASKED or not sale.quantity:
        turn.say("stale.nothing")
    elif verb == "sure-flash-price" and not sale.minor and subject.isdecimal():
        sale.minor = int(subject[:12])
        _ask(turn, product)
    elif verb == "flash-now" and sale.per_person:
        _show(turn, product, turn.unit.now)
    elif verb == "sure-flash" and sale.per_person and subject == str(sale.starts_at):
        _make(turn, product)
    else:
        turn.say("stale.nothing")


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
        usual = pricing.usual(turn, product, sale.grade)
        turn.say("flash.ask-price", name=name, price=cards.price(turn, product, usual))
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


def _show(turn: Turn, product: Product, starts_at: int) -> None:
    """Shows all of it, and the sale of the same goods that it would end."""
    sale = turn.state.sale
    sale.starts_at = starts_at
    before = [
        turn.words("flash.ends-other", moment=turn.moment(each.starts_at))
        for each in flash_sales.not_over(turn.unit.db, turn.unit.now)
        if (each.product, each.grade) == (sale.product, sale.grade)
    ]
    turn.say(
        "flash.sure",
        **_figures(turn, product, sale.minor, sale.quantity, sale.per_person),
        moment=turn.moment(starts_at),
        end=turn.moment(starts_at + flash_sales.LASTS_MS),
        other="\n".join(before),
        choices=(turn.choice("button.flash-sure", f"sure-flash:{starts_at}"),),
    )


def _figures(
    turn: Turn, product: Product, minor: int, quantity: int, per_person: int
) -> dict[str, Any]:
    """What is sold at what price, for the texts."""
    grade = turn.state.sale.grade
    price = Price(minor, product.grade(grade).price.per)
    return {
        "name": turn.name(product, grade),
        "price": cards.price(turn, product, price),
        "quantity": turn.quantity(product, quantity, product.unit),
        "each": turn.quantity(product, per_person, product.unit),
    }


def _make(turn: Turn, product: Product) -> None:
    sale = turn.state.sale
    made = flash_sales.make(
        turn.unit,
        product,
        sale.grade,
        minor=sale.minor,
        quantity=sale.quantity,
        per_person=sale.per_person,
        starts_at=sale.starts_at,
        by=turn.chat.person,
    )
    if isinstance(made, Shortage):
        _too_many(turn, product, made.available)
        return
    figures = _figures(turn, product, made.minor, made.quantity, made.per_person)
    turn.state.asked, turn.state.sale = "", NewSale()
    turn.say(
        "flash.made",
        **figures,
        moment=turn.moment(made.starts_at),
        end=turn.moment(made.ends_at),
        choices=(turn.choice("button.flash-over", f"flash-over:{made.id}"),),
    )
