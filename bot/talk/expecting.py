"""Goods that are not there yet: what a seller expects, and giving it to who ordered it first."""

from __future__ import annotations

from bot.language.dates import read_day
from bot.shop import expectations, orders, stock
from bot.shop.catalogue import Product
from bot.talk import best_before, cards, choosing, notices
from bot.talk.turn import Turn

VERB = "expect"
ASKED_AMOUNT, ASKED_DAY = "expected-amount", "expected-day"


def begin(turn: Turn, subject: str = "") -> None:
    """The button, or the words: which goods, how much in all, on what day."""
    meant = choosing.meant(turn, VERB, subject)
    if meant is None:
        return
    product, grade = meant
    turn.state.about, turn.state.grade, turn.state.asked = product.key, grade, ASKED_AMOUNT
    turn.say("expect.ask-amount", name=turn.name(product, grade))


def take_amount(turn: Turn) -> bool:
    """How much is expected; False when no amount was said."""
    product = turn.product(turn.state.about)
    amount = choosing.amount_said(turn, product) if product else None
    if product is None or amount is None:
        return False
    turn.state.lot, turn.state.asked = amount, ASKED_DAY
    turn.say("expect.ask-day", name=turn.name(product, turn.state.grade))
    return True


def take_day(turn: Turn) -> bool:
    """On what day; False when none was said."""
    product, day = turn.product(turn.state.about), read_day(turn.text, best_before.today(turn))
    if product is None or day is None:
        return False
    grade, amount = turn.state.grade, turn.state.lot
    turn.state.asked, turn.state.lot = "", 0
    more = expectations.expect(
        turn.unit, product.key, grade, amount, day.isoformat(), by=turn.chat.person
    )
    name = turn.name(product, grade)
    if more:
        there = turn.quantity(product, more.amount, product.unit)
        turn.say("expect.promised", name=name, quantity=there)
        return True
    turn.say(
        "expect.noted",
        name=name,
        quantity=turn.quantity(product, amount, product.unit),
        day=cards.iso_day(turn, day.isoformat()),
    )
    return True


def serve(turn: Turn, product: Product, lot: stock.Lot) -> None:
    """What came goes to who ordered it before: these and the seller are told."""
    served = expectations.serve(turn.unit, lot, by=turn.chat.person)
    found = [order for id in served if (order := orders.by_id(turn.unit.db, id))]
    for order in found:
        notices.came(turn, order)
    if found:
        lines = "\n".join(f"{order.number} {order.recipient.name}" for order in found)
        turn.say("expect.served", name=turn.name(product, lot.grade), n=len(found), lines=lines)
