"""What buyers ask before they order: prices, stock, shipping, the goods, paying, help."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.regex import regex
from bot.messages import Card, Choice
from bot.shop import catalogue
from bot.shop.catalogue import Product, Zone
from bot.shop.quotes import zone_of
from bot.shop.ways_to_pay import WAYS
from bot.talk import desk, goods_cards
from bot.talk.buyers import drafting, goods_choices, ordering, recipients, tracking
from bot.talk.buyers.ways_said import way_said
from bot.talk.conversation import Conversation, DraftLine
from bot.talk.sellers import overviews, pricing
from bot.talk.turn import Turn

_HOW_BIG = regex(r"\bhow (?:big|large|small)\b", re.IGNORECASE)
PACKS = {
    "box": regex(r"盒|\bbox|སྒམ", re.IGNORECASE),
    "bag": regex(r"袋|包(?![邮郵裹裝装运運子好])|\b(?:bag|pack)|ཁུག་མ|ཐུམ", re.IGNORECASE),
    "jar": regex(r"[瓶罐]|\b(?:jar|bottle)|ཤེལ་དམ", re.IGNORECASE),
}
_PACKED = regex("[装裝]")
OF_TIME = frozenset(("when", "arrive", "send", "~arrive", "~ship-time"))


def asked_about(turn: Turn) -> list[Product]:
    """The products that the message names, or else the one the talk is about."""
    named = [turn.product(line.product) for line in turn.reading.lines if line.product]
    found = list(dict.fromkeys(product.key for product in named or _graded(turn) if product))
    if not found and turn.state.about:
        found = [turn.state.about]
    return [product for key in found if (product := turn.product(key))]


def _graded(turn: Turn) -> list[Product]:
    """The products of grades that are said alone; how big something is, names none."""
    if _HOW_BIG.search(turn.text):
        return []
    meant = [drafting.meant(turn, line) for line in turn.reading.lines if line.grade]
    return [product for product in meant if product]


def price(turn: Turn) -> None:
    """Prices at once, with grades, stock, shipping and buttons to order."""
    products = asked_about(turn)
    if haggles(turn) and turn.state.draft.lines and not (turn.reading.lines or turn.staff):
        desk.hand_over(turn, "asking.haggle")
        return
    turn.state.priced = _asked(turn)
    if _tell_sum(turn):
        products = []
    elif not products:
        everything(turn)
    _show_first(turn, products)
    if (products or turn.state.priced) and haggles(turn) and not turn.staff:
        desk.hand_over(turn, "asking.haggle")


def _show_first(turn: Turn, products: list[Product]) -> None:
    """The first few of these; all of them have been talked of then."""
    for product in products[:3]:
        show(turn, product)
    keys = [product.key for product in products] or [line.product for line in turn.state.priced]
    before = [key for key in turn.state.talked if key not in keys] if len(keys) == 1 else []
    turn.state.talked = [*before, *keys][-drafting.LINES_MAX :]


def _asked(turn: Turn) -> list[DraftLine]:
    """The amounts and the grades that are asked about, as they would be ordered."""
    trial = replace(turn, state=Conversation(about=turn.state.about), out=[])
    if drafting.states_something(trial):
        drafting.fill(trial)
    found = [line for line in trial.state.draft.lines if line.quantity or line.grade]
    products = asked_about(turn)
    if len(products) == 1 and not found:
        return in_packs(turn, products[0])
    if len(found) == 1 and (_PACKED.search(turn.text) or in_packs(turn, products[0])):
        found[0].packed = bool(found[0].quantity)
    return found


def in_packs(turn: Turn, product: Product) -> list[DraftLine]:
    """Packs of a product that are asked about: 有袋装的吗."""
    said = [pack for pack, words in PACKS.items() if words.search(turn.text)]
    kinds = [pack for pack in said if pack in product.packs]
    return [DraftLine(product.key, unit=pack, packed=True) for pack in kinds[:1]]


def _tell_sum(turn: Turn) -> bool:
    """What amounts of several products come to; False unless each has one."""
    lines = turn.state.priced
    goods = {line.product for line in lines}
    found = [(line, turn.catalogue.products[line.product]) for line in lines]
    plain = all(x.quantity and (x.grade or len(each.grades) == 1) for x, each in found)
    if len(goods) < 2 or not plain or goods != {one.key for one in asked_about(turn)}:
        return False
    sums, total = [], 0
    for line, product in found:
        grade = product.grade(line.grade or product.grades[0].key)
        amount = catalogue.amount(product, line.quantity, line.unit) or 0
        minor = grade.price_for(amount).of(amount)
        sums.append(_sum_line(turn, product, grade.key, line.quantity, line.unit, minor))
        total += minor
    sums.append(turn.words("asking.sum-total", money=turn.money(total)))
    turn.state.about = lines[-1].product
    turn.say("asking.sum", lines="\n".join([*sums, goods_cards.shipping_line(turn)]))
    return True


def haggles(turn: Turn) -> bool:
    """Whether less is asked for, or another price told: 58? 人家才50."""
    found = turn.reading.found
    if pricing.factor_said(turn) is not None and not turn.reading.lines:
        return True
    return "haggle" in turn.reading.marks or ("others" in found and bool(found & {"N", "M"}))


def show(turn: Turn, product: Product) -> None:
    """One product: its card, the sum of a quantity that was named, and what to press."""
    turn.state.about = product.key
    card = goods_cards.product_card(turn, product)
    sums = _sums(turn, product)
    if sums:
        turn.say("asking.sum", lines="\n".join(sums), card=card, choices=_to_order(turn, product))
        return
    id = "asking.price" if goods_cards.in_season(turn, product) else "asking.price-not-yet"
    turn.say(
        id,
        name=turn.name(product),
        season=goods_cards.season(turn, product),
        card=card,
        choices=_to_order(turn, product),
    )


def _sums(turn: Turn, product: Product) -> list[str]:
    """What a named quantity costs in each grade it may mean."""
    lines = []
    for named, quantity, unit in _amounts(turn, product):
        amount = catalogue.amount(product, quantity, unit)
        one = 1 if product.unit == "pc" else turn.locales.usual_grams(turn.language)
        for grade in product.grades if amount and amount != one else ():
            if named in (None, grade.key):
                minor = grade.price_for(amount or 0).of(amount or 0)
                lines.append(_sum_line(turn, product, grade.key, quantity, unit, minor))
    return lines


def _sum_line(
    turn: Turn, product: Product, grade: str, quantity: int, unit: str, minor: int
) -> str:
    return turn.words(
        "asking.sum-line",
        name=turn.name(product, grade),
        quantity=turn.quantity(product, quantity, unit),
        money=turn.money(minor),
    )


def _amounts(turn: Turn, product: Product) -> list[tuple[str | None, int, str]]:
    """The amounts said of a product, each with the grade and unit; a number alone is one too."""
    reading = turn.reading
    lines = [line for line in reading.lines if line.product in (product.key, None)]
    number = drafting.number_of(reading)
    if isinstance(number, int):
        grade = lines[0].grade if lines else None
        return [(grade, *drafting.counted(turn, product, number))]
    return [
        (line.grade, line.quantity.amount, line.quantity.unit) for line in lines if line.quantity
    ]


def _to_order(turn: Turn, product: Product) -> tuple[Choice, ...]:
    """Buttons to order a product: its grades, or usual quantities; what else is sold if gone."""
    if len(product.grades) > 1:
        choices = goods_choices.grade_choices(turn, product)
    else:
        choices = goods_choices.quantity_choices(turn, product, product.grades[0].key)
    if choices:
        return choices
    others = [turn.product(key) for key in turn.state.talked if key != product.key]
    there = tuple(Choice(turn.name(other), f"p:{other.key}") for other in others if other)
    return (*there, turn.choice("button.all-products", "products"))


def stock(turn: Turn) -> None:
    """Whether and when it is to be had."""
    products, said = asked_about(turn), turn.reading.lines
    others = "unknown-goods" in turn.reading.marks and not said
    if products and not others:
        turn.state.priced = _asked(turn)
        _show_first(turn, products)
    elif said or others:
        turn.say("asking.not-sold", choices=goods_choices.product_choices(turn))
    else:
        everything(turn)


def minimum(turn: Turn) -> None:
    """The least that is sent of what is asked about, or of everything."""
    products = asked_about(turn) or list(turn.catalogue.products.values())
    lines = [
        turn.words(
            "asking.minimum-line",
            name=turn.name(each),
            quantity=turn.quantity(each, each.minimum, each.unit),
        )
        for each in products
    ]
    turn.say("asking.minimum", lines="\n".join(lines))


def everything(turn: Turn) -> None:
    """All products with what they cost."""
    rows = [(turn.words("product.head-name"), turn.words("product.head-price"))]
    for product in turn.catalogue.products.values():
        cheapest = min(product.grades, key=lambda grade: grade.price.of(1000))
        cost = goods_cards.price(turn, product, cheapest.price)
        if len(product.grades) > 1:
            cost = turn.words("price.from", price=cost)
        rows.append((turn.name(product), cost))
    card = Card(
        kind="product",
        title=turn.locales.choose(turn.catalogue.names, turn.language),
        table=tuple(rows),
        heads=True,
        notes=(goods_cards.shipping_line(turn),),
    )
    turn.say("asking.everything", card=card, choices=goods_choices.product_choices(turn))


def shipping(turn: Turn) -> None:
    """What shipping costs, how long it takes, and whether fresh goods get there.

    Goods that are wished for there are noted: can I get 1 kg to Beijing?
    """
    place = turn.reading.recipient or recipients.place_said(turn)
    if place is None or not (place.province or place.country):
        place = turn.state.draft.recipient
        order = None if turn.state.draft.lines or turn.reading.lines else tracking.open_one(turn)
        if order and turn.reading.found & OF_TIME and not turn.state.asked:
            return tracking.tell_when(turn, order)
        place = order.recipient if order else place
    country = place.country or "CN"
    zones = turn.catalogue.zones
    if place.province or country != "CN":
        there = zone_of(turn.catalogue, place)
        if there is None:
            turn.say("shipping.not-there")
            return
        zones = (there,)
    rows = tuple(goods_cards.zone_row(turn, zone) for zone in zones)
    notes = _to_free(turn, zones[0]) if len(zones) == 1 else ()
    card = Card(kind="product", title=turn.words("shipping.title"), table=rows, notes=notes)
    fresh = any(product.fresh for product in asked_about(turn))
    id = "shipping.fresh" if fresh else "shipping.answer"
    if fresh and len(zones) == 1 and not zones[0].fresh:
        id = "shipping.no-cold-chain"
    turn.say(id, card=card)
    found, products = turn.reading.found, asked_about(turn)
    if len(products) == 1:
        turn.state.about = products[0].key
    goods = any(line.product and line.quantity for line in turn.reading.lines)
    if goods and "amount" not in found and ("want" in found or not turn.state.draft.lines):
        drafting.fill(turn)


def _to_free(turn: Turn, zone: Zone) -> tuple[str, ...]:
    """How much more the draft would have to cost to be shipped there for nothing."""
    goods = ordering.quoted(turn).goods_minor
    if not goods or zone.free_from_minor is None or goods >= zone.free_from_minor:
        return ()
    return (turn.words("shipping.to-free", money=turn.money(zone.free_from_minor - goods)),)


def product(turn: Turn) -> None:
    """What a product is: origin, keeping, use. Else the seller is asked. Of a grade, the price."""
    if _graded(turn) and any(line.grade and not line.product for line in turn.reading.lines):
        return price(turn)
    products = asked_about(turn)
    if not products:
        turn.say("asking.which", choices=goods_choices.product_choices(turn))
        turn.state.asked = "about"
        return
    units = {line.quantity.unit for line in turn.reading.lines if line.quantity}
    for found in products[:2]:
        turn.state.about = found.key
        choose = turn.locales.choose
        notes = (
            turn.words("product.origin", text=choose(found.origin, turn.language)),
            turn.words("product.storage", text=choose(found.storage, turn.language)),
            turn.words("product.shelf-life", n=found.shelf_life_days),
            *(goods_cards.pack_lines(turn, found, found.packs) if units & {*found.packs} else ()),
        )
        card = Card(kind="product", title=turn.name(found), notes=notes, picture=found.picture)
        turn.say(
            "asking.product",
            text=choose(found.about, turn.language),
            card=card,
            choices=(
                turn.choice("button.price", f"p:{found.key}"),
                turn.choice("button.ask-seller", "human"),
            ),
        )


def payment(turn: Turn) -> None:
    """How one pays here: in the way that is asked about, or else the usual one, and otherwise."""
    way = way_said(turn.reading, turn.ways, loosely=True) or turn.ways[0]
    id = f"pay.how-{way}" if WAYS[way].by_service else "pay.how"
    turn.say(id, choices=(turn.choice("button.all-products", "products"),))


def greet(turn: Turn) -> None:
    """Hello, and what there is."""
    choices = (
        turn.choice("button.all-products", "products"),
        turn.choice("button.orders", "orders"),
        turn.choice("button.human", "human"),
        turn.choice("button.language", "lang"),
    )
    turn.say(
        "greet",
        shop=turn.locales.choose(turn.catalogue.names, turn.language),
        choices=choices,
    )


def help(turn: Turn) -> None:
    """What one can say here; a wish for another language is granted."""
    wish = turn.reading.wish_language
    if wish and turn.locales.nearest(wish) != wish:
        turn.say("language.not-yet")
    elif wish:
        turn.say("language.changed")
    elif "everything" in turn.reading.marks:
        everything(turn)
    elif turn.staff:
        overviews.help(turn)
    else:
        choices = (
            turn.choice("button.all-products", "products"),
            turn.choice("button.language", "lang"),
        )
        turn.say("help", choices=choices)
