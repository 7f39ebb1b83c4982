"""Goods that are not there yet: what a seller expects, and giving it to who ordered it first."""

from __future__ import annotations

from bot.language.dates import read_day
from bot.shop import catalogue, expectations, orders, stock
from bot.shop.catalogue import Product
from bot.talk import best_before, cards, choosing, notices
from bot.talk.turn import Turn

VERB = "expect"
ASKED_AMOUNT, ASKED_DAY = "expected-amount", "expected-day"


def begin(turn: Turn, subject: str = "") -> None:
    """The button, or the words: which goods, how much in all, on what day."""
    key, _, grade = subject.partition(":")
    said = turn.reading.lines[0] if turn.reading.lines else None
    product = turn.product(key or (said and said.product) or "")
    if product is None:
        choosing.product(turn, VERB)
        return
    grade = grade or (said and said.grade) or ""
    if len(product.grades) == 1:
        grade = product.grades[0].key
    elif not any(each.key == grade for each in product.grades):
        choosing.grade(turn, product, VERB)
        return
    turn.state.about, turn.state.grade, turn.state.asked = product.key, grade, ASKED_AMOUNT
    turn.say("expect.ask-amount", name=turn.name(product, grade))


def take_amount(turn: Turn) -> bool:
    """How much is expected; False when no amount was said."""
    product, reading = turn.product(turn.state.about), turn.reading
    said = next((line.quantity for line in reading.lines if line.quantity), None)
    if product is None:
        return False
    amount = catalogue.amount(product, said.amount, said.unit) if said else None
    if amount is None and reading.number is not None:
        usual = 1 if product.unit == "pc" else turn.locales.usual_grams(turn.language)
        amount = reading.number * usual
    if amount is None or amount < 0:
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
