"""How much a sum of money buys: 500块能买几根, how many for ¥500."""

from __future__ import annotations

from bot.shop.catalogue import Product
from bot.talk import goods_cards
from bot.talk.buyers import asking, drafting, goods_choices
from bot.talk.turn import Turn

PARTS = 10  # of a jin or a kilogram in which weights are told
SUM_LEAST = 100  # a lesser number without its currency is no sum


def tell(turn: Turn) -> bool:
    """Tells how much of what is named a sum buys, and offers it; False when it is not asked."""
    product, sum_minor = _product(turn), _sum(turn)
    if product is None or not sum_minor or _is_price(turn, product, sum_minor):
        return False
    step = 1 if product.unit == "pc" else turn.locales.usual_grams(turn.language) // PARTS
    wanted = {line.grade for line in turn.reading.lines if line.grade}
    rows, choices = [], []
    for grade in product.grades:
        amount = grade.bought_for(sum_minor, step)
        if amount < product.minimum or (wanted and grade.key not in wanted):
            continue
        row = turn.words(
            "asking.sum-line",
            name=turn.name(product, grade.key),
            quantity=turn.quantity(product, amount, product.unit),
            money=turn.money(grade.price_for(amount).of(amount)),
        )
        rows.append(row)
        choices.append(goods_choices.amount_choice(turn, product, grade.key, amount))
    if not rows:
        return False
    turn.state.about = product.key
    turn.say(
        "asking.budget",
        money=turn.money(sum_minor),
        lines="\n".join(rows),
        card=goods_cards.product_card(turn, product),
        choices=tuple(choices),
    )
    return True


def _product(turn: Turn) -> Product | None:
    if "budget" not in turn.reading.marks or turn.staff:
        return None
    products = asking.asked_about(turn)
    return products[0] if len(products) == 1 else None


def _sum(turn: Turn) -> int:
    """The only sum that is said, or else the only number, in minor units; 0 for none."""
    reading = turn.reading
    if any(line.quantity for line in reading.lines) or "haggle" in reading.marks:
        return 0
    if reading.money:
        return reading.money[0] if len(reading.money) == 1 else 0
    number = drafting.number_of(reading)
    return 100 * number if isinstance(number, int) and number >= SUM_LEAST else 0


def _is_price(turn: Turn, product: Product, sum_minor: int) -> bool:
    """Whether so much is what one of them costs: 28块钱的那种 is a grade."""
    usual = 1 if product.unit == "pc" else turn.locales.usual_grams(turn.language)
    return any(grade.price.of(usual) == sum_minor for grade in product.grades)
