"""A seller's work needs a product or a grade that was not named: which one?

The buttons carry the verb that goes on with it: `in:honey`, `price:cordyceps:large`.
"""

from __future__ import annotations

from bot.messages import Choice
from bot.shop.catalogue import Product
from bot.talk.turn import Turn


def product(turn: Turn, verb: str) -> None:
    """Asks which product it is for."""
    choices = (
        Choice(turn.name(product), f"{verb}:{key}")
        for key, product in turn.catalogue.products.items()
    )
    turn.say("staff.which-product", choices=tuple(choices))


def grade(turn: Turn, product: Product, verb: str, tail: str = "") -> None:
    """Asks which grade of a product it is for; `tail` is what else the buttons carry."""
    choices = (
        Choice(turn.name(product, grade.key), f"{verb}:{product.key}:{grade.key}{tail}")
        for grade in product.grades
    )
    turn.say("staff.which-grade", choices=tuple(choices))
