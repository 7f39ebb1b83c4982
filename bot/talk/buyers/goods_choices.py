"""The buttons by which a buyer chooses goods, a grade and an amount."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import catalogue
from bot.shop.catalogue import Product
from bot.talk import goods_cards
from bot.talk.turn import Turn

OFFERED = {"pc": (10, 20, 50), "g": (500, 1000, 2500)}


def product_choices(turn: Turn) -> tuple[Choice, ...]:
    """A button for each product."""
    return tuple(
        Choice(turn.name(product), f"p:{key}") for key, product in turn.catalogue.products.items()
    )


def grade_choices(turn: Turn, product: Product) -> tuple[Choice, ...]:
    """A button for each grade that is there, with its price."""
    return tuple(
        turn.choice(
            "button.grade",
            f"g:{product.key}:{grade.key}",
            grade=turn.locales.choose(grade.names, turn.language),
            price=goods_cards.price(turn, product, grade.price),
        )
        for grade in product.grades
        if goods_cards.available(turn, product, grade.key)
    )


def quantity_choice(turn: Turn, product: Product, grade: str, quantity: int, unit: str) -> Choice:
    """A button for so many of a unit."""
    value = f"n:{product.key}:{grade}:{quantity}:{unit}"
    return turn.choice("button.take", value, quantity=turn.quantity(product, quantity, unit))


def amount_choice(turn: Turn, product: Product, grade: str, amount: int) -> Choice:
    """A button for so much of a grade, which it names where there are several."""
    value = f"n:{product.key}:{grade}:{amount}:{product.unit}"
    quantity = turn.quantity(product, amount, product.unit)
    if len(product.grades) == 1:
        return turn.choice("button.take", value, quantity=quantity)
    label = turn.locales.choose(product.grade(grade).names, turn.language)
    return turn.choice("button.take-grade", value, grade=label, quantity=quantity)


def quantity_choices(turn: Turn, product: Product, grade: str) -> tuple[Choice, ...]:
    """Usual quantities of a product, as far as they are there."""
    there = goods_cards.available(turn, product, grade)
    offered = [(n, product.unit) for n in OFFERED[product.unit] if product.minimum <= n <= there]
    packs = [pack for pack, amount in product.packs.items() if amount <= there]
    offered += [(1, pack) for pack in packs if pack in catalogue.ORDERED_IN]
    return tuple(quantity_choice(turn, product, grade, n, unit) for n, unit in offered)
