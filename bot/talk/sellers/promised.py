"""Goods that are gone although orders hold them: a person decides which of these get less."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import movements, orders, stock
from bot.shop.catalogue import Product
from bot.talk.sellers import overviews
from bot.talk.turn import Turn

SHOWN_MAX = 5  # orders


def told(turn: Turn, product: Product, grade: str, amount: int) -> bool:
    """Shows who holds so much of what is there, the latest first; False when it is not there."""
    there = stock.available(turn.unit, product.key, grade, lasting="", aside=False)
    holders = movements.holders(turn.unit, product.key, grade)
    if amount > there + sum(held for _, held in holders):
        return False
    more = _off(turn, product, grade, *filter(None, (there, amount)))
    _show(turn, "staff.promised", product, grade, there, holders, more)
    return True


def undo_told(
    turn: Turn, product: Product, short: stock.Shortage, after: int, until: int, undo: Choice
) -> bool:
    """Shows who has goods of which it is said that they never came in; False when nobody has."""
    holders = movements.holders_of(turn.unit, after, until)
    there = short.available
    choices = (undo, *_off(turn, product, short.grade, *filter(None, (there,))))
    if holders:
        _show(turn, "staff.undo-promised", product, short.grade, there, holders, choices)
    return bool(holders)


def _off(turn: Turn, product: Product, grade: str, *amounts: int) -> tuple[Choice, ...]:
    return tuple(
        turn.choice(
            "button.write-off",
            f"out:{product.key}:{grade}:{amount}",
            quantity=turn.quantity(product, amount, product.unit),
        )
        for amount in amounts
    )


def _show(
    turn: Turn,
    id: str,
    product: Product,
    grade: str,
    there: int,
    holders: list[tuple[int, int]],
    more: tuple[Choice, ...],
) -> None:
    """The orders, each with how much it has and a button, and what else can be done."""
    found = ((orders.by_id(turn.unit.db, id), held) for id, held in holders[:SHOWN_MAX])
    shown = [(order, held) for order, held in found if order]
    lines = [
        turn.words(
            "staff.promised-line",
            number=order.number,
            name=order.recipient.name,
            quantity=turn.quantity(product, held, product.unit),
        )
        for order, held in shown
    ]
    buttons = (Choice(overviews.label(turn, order), f"order:{order.number}") for order, _ in shown)
    turn.say(
        id,
        name=turn.name(product, grade),
        there=turn.quantity(product, there, product.unit),
        n=len(holders),
        lines="\n".join(lines),
        choices=(*buttons, *more),
    )
