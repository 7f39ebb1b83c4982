"""Goods that are gone although orders hold them: a person decides which of these get less."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import orders, stock
from bot.shop.catalogue import Product
from bot.talk import overviews
from bot.talk.turn import Turn

SHOWN_MAX = 5  # orders


def told(turn: Turn, product: Product, grade: str, amount: int) -> bool:
    """Shows who holds so much of what is there, the latest first; False when it is not there."""
    there = stock.available(turn.unit, product.key, grade, lasting="", aside=False)
    holders = stock.holders(turn.unit, product.key, grade)
    if amount > there + sum(held for _, held in holders):
        return False
    shown = [
        (order, turn.quantity(product, held, product.unit))
        for id, held in holders[:SHOWN_MAX]
        if (order := orders.by_id(turn.unit.db, id))
    ]
    lines = [
        turn.words(
            "staff.promised-line",
            number=order.number,
            name=order.recipient.name,
            quantity=held,
        )
        for order, held in shown
    ]
    choices = [Choice(overviews.label(turn, order), f"order:{order.number}") for order, _ in shown]
    for each in filter(None, (there, amount)):
        quantity = turn.quantity(product, each, product.unit)
        value = f"out:{product.key}:{grade}:{each}"
        choices.append(turn.choice("button.write-off", value, quantity=quantity))
    turn.say(
        "staff.promised",
        name=turn.name(product, grade),
        there=turn.quantity(product, there, product.unit),
        n=len(holders),
        lines="\n".join(lines),
        choices=tuple(choices),
    )
    return True
