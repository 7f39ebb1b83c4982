"""Cards and lines of text for goods, prices, stock and shipping, in the person's language."""

from __future__ import annotations

from collections.abc import Collection

from bot.language.addresses.recipient import Recipient
from bot.messages import Card
from bot.shop import (
    catalogue,
    flash_sales,
    stock,
)
from bot.shop.catalogue import Price, Product, Zone
from bot.shop.flash_sales import FlashSale
from bot.shop.quotes import zone_of
from bot.talk.turn import Turn


def price(turn: Turn, product: Product, tariff: Price) -> str:
    """A price in the buyer's usual unit: by the piece, the jin or the kilogram."""
    if product.unit == "pc":
        money = turn.money(tariff.of(1))
        counter = turn.locales.counter(turn.language, product.counter)
        if counter:
            return turn.words("price.counted", money=money, counter=counter)
        return turn.words("price.pc", money=money)
    usual = turn.locales.usual_grams(turn.language)
    return turn.words("price.usual", money=turn.money(tariff.of(usual)))


def in_season(turn: Turn, product: Product) -> bool:
    """Whether the product is in season today, in the shop's time zone."""
    return product.in_season(f"{turn.unit.here:%m-%d}")


def iso_day(turn: Turn, day: str) -> str:
    """A day (ISO date) as the language writes it, without its year if that is this one."""
    is_this = int(day[:4]) == turn.unit.here.year
    return month_day(turn, day[5:]) if is_this else day


def month_day(turn: Turn, day: str) -> str:
    """A day of the year (MM-DD) as the language writes it."""
    month, number = day.split("-")
    return turn.locales.day(turn.language, int(month), int(number))


def season(turn: Turn, product: Product) -> str:
    """The line that tells the season, or '' for what is there all year."""
    if not product.season:
        return ""
    first, last = (month_day(turn, day) for day in product.season)
    id = "product.in-season" if in_season(turn, product) else "product.out-of-season"
    return turn.words(id, first=first, last=last)


def available(turn: Turn, product: Product, grade: str) -> int:
    """What can be ordered of a grade, in the product's unit; of fresh goods nothing off season."""
    most = product.grade(grade).most
    expected, _ = stock.expected(turn.unit, product.key, grade, besides=turn.besides)
    there = there_now(turn, product, grade) + expected
    return there if most is None else min(there, most)


def there_now(turn: Turn, product: Product, grade: str) -> int:
    """What can be sent at once."""
    if product.fresh and not in_season(turn, product):
        return 0
    zone = zone_of(turn.catalogue, turn.state.draft.recipient)
    known = turn.state.draft.recipient != Recipient()
    lasting = stock.arrival(turn.unit, zone if known else None)
    return stock.available(
        turn.unit,
        product.key,
        grade,
        besides=turn.besides,
        lasting=lasting,
        aside=product.grade(grade).sale is None,
    )


def stock_cell(turn: Turn, product: Product, grade: str) -> str:
    """What is there of a grade, short enough for a table's cell."""
    there = there_now(turn, product, grade)
    if there:
        most = product.grade(grade).most
        there = there if most is None else min(there, most)
        return turn.words("product.there", quantity=turn.quantity(product, there, product.unit))
    expected, day = stock.expected(turn.unit, product.key, grade)
    if expected:
        return turn.words("product.expected", day=iso_day(turn, day))
    sale = kept_for(turn, product, (grade,))
    return turn.words(f"flash.cell-{_stage(turn, sale)}" if sale else "product.sold-out")


def product_card(turn: Turn, product: Product) -> Card:
    """A product to look at: grades, prices, stock or season, shipping."""
    heads = tuple(turn.words(f"product.head-{head}") for head in ("grade", "price", "stock"))
    rows = tuple(
        (
            turn.locales.choose(grade.names, turn.language) if grade.key else turn.name(product),
            price(turn, product, grade.price),
            stock_cell(turn, product, grade.key),
        )
        for grade in product.grades
    )
    packs = pack_lines(turn, product, catalogue.ORDERED_IN)
    steps = [
        turn.words(
            "price.step",
            name=turn.name(product, grade.key),
            quantity=turn.quantity(product, least, product.unit),
            price=price(turn, product, Price(minor, grade.price.per)),
        )
        for grade in product.grades
        for least, minor in grade.steps
    ]
    sales = [sale_line(turn, product, sale) for sale in _sales(turn, product)]
    sales += missed(turn, [(product.key, grade.key) for grade in product.grades], ("gone",))
    notes = [season(turn, product), *sales, *steps, *packs, shipping_line(turn, product)]
    return Card(
        kind="product",
        title=turn.name(product),
        table=(heads, *rows),
        heads=True,
        notes=tuple(note for note in notes if note),
        picture=product.picture,
    )


def pack_lines(turn: Turn, product: Product, packs: Collection[str]) -> list[str]:
    """How much is in each of its packs of these kinds."""
    return [
        turn.words(f"product.pack-{pack}", quantity=turn.quantity(product, amount, product.unit))
        for pack, amount in product.packs.items()
        if pack in packs
    ]


def _sales(turn: Turn, product: Product) -> list[FlashSale]:
    """The flash sales of a product that run or are to come."""
    found = flash_sales.not_over(turn.unit.db, turn.unit.now)
    return [sale for sale in found if sale.product == product.key and sale.sold < sale.quantity]


def kept_for(turn: Turn, product: Product, grades: Collection[str]) -> FlashSale | None:
    """The flash sale for which goods are kept of which a buyer finds none.

    One that runs keeps them from those who have had their share.
    """
    person = turn.chat.person.id
    for sale in _sales(turn, product):
        runs = sale.starts_at <= turn.unit.now
        had = flash_sales.left_for(turn.unit.db, sale, person, turn.besides) < product.minimum
        enough = sale.quantity - sale.sold >= product.minimum
        if sale.grade in grades and enough and (had or not runs):
            return sale
    return None


def kept_line(turn: Turn, product: Product, sale: FlashSale) -> str:
    """Why a buyer finds none: the sale is to come, or they have had their share of it."""
    return sale_line(turn, product, sale, f"flash.gone-{_stage(turn, sale)}")


MISSED = ("gone", "had", "to-come", "over")
LATELY_MS = 3 * 24 * 3_600_000  # how long it is told that a sale is over


def missed(
    turn: Turn, goods: Collection[tuple[str, str]], why: Collection[str] = ("gone", "had")
) -> list[str]:
    """The flash sales of products and grades whose price is not for the buyer, and what these cost
    instead: it is gone, the buyer had a full share, or it is to-come; or it is over, lately, and no
    other is there."""
    now, found = turn.unit.now, list[str]()
    sales = flash_sales.not_over(turn.unit.db, now - LATELY_MS)
    last = {(sale.product, sale.grade): sale for sale in sales}  # the one that ends last
    for sale in sales:
        product, key = turn.product(sale.product), (sale.product, sale.grade)
        offered = product.grade(sale.grade) if product else None
        is_over = sale.ends_at <= now
        if product is None or offered is None or key not in goods:
            continue
        if is_over and (last[key] is not sale or sale.starts_at >= sale.ends_at):
            continue
        left = sale.quantity - sale.sold
        runs = "had" if left >= product.minimum else "gone"
        stage = "over" if is_over else runs if sale.starts_at <= now else "to-come"
        if offered.sale is None and sale.minor < offered.price.minor and stage in why:
            usual = price(turn, product, offered.price)
            found.append(sale_line(turn, product, sale, f"flash.missed-{stage}", usual=usual))
    return found


def grade_on_sale(turn: Turn, product: str) -> str | None:
    """The grade that is meant by a product's flash sale, if that is spoken of and there is one."""
    found = flash_sales.not_over(turn.unit.db, turn.unit.now)
    grades = {sale.grade for sale in found if sale.product == product}
    asked = "flash-sale" in turn.reading.marks and len(grades) == 1
    return grades.pop() if asked else None


def _stage(turn: Turn, sale: FlashSale) -> str:
    return "runs" if sale.starts_at <= turn.unit.now else "comes"


def sale_line(
    turn: Turn, product: Product, sale: FlashSale, id: str = "", *, usual: str = ""
) -> str:
    """From when or until when, at what price, how much to each and in all."""
    runs = sale.starts_at <= turn.unit.now
    return turn.words(
        id or f"flash.{_stage(turn, sale)}",
        name=turn.name(product, sale.grade),
        price=price(turn, product, Price(sale.minor, product.grade(sale.grade).price.per)),
        moment=turn.moment(sale.ends_at if runs else sale.starts_at),
        end=turn.moment(sale.ends_at),
        each=turn.quantity(product, sale.per_person, product.unit),
        left=sale_left(turn, product, sale),
        usual=usual,
    )


def sale_left(turn: Turn, product: Product, sale: FlashSale) -> str:
    """How much can still be had in it: goods that were kept for it may be lost since."""
    there = stock.available(turn.unit, sale.product, sale.grade, aside=False)
    return turn.quantity(product, min(there, sale.quantity - sale.sold), product.unit)


def shipping_line(turn: Turn, product: Product | None = None) -> str:
    """From what price shipping is had, and from what sum on it is free."""
    zones = [zone for zone in turn.catalogue.zones if zone.country == "CN"]
    zones = [zone for zone in zones if zone.fresh or not (product and product.fresh)]
    if not zones:
        return ""
    cheapest = min(zones, key=lambda zone: zone.first_minor)
    line = turn.words("shipping.from", money=turn.money(cheapest.first_minor))
    if cheapest.free_from_minor is not None:
        free = turn.money(cheapest.free_from_minor)
        line = turn.words("shipping.from-free", money=turn.money(cheapest.first_minor), free=free)
    if product and product.fresh:
        line = turn.words("shipping.cold-chain", line=line)
    return line


def zone_row(turn: Turn, zone: Zone) -> tuple[str, ...]:
    """A zone of the tariff: name, price, days and from what sum on it is free."""
    first, last = zone.days
    days = turn.words("shipping.days", first=first, last=last)
    if zone.free_from_minor is not None:
        free = turn.words("shipping.zone-free", money=turn.money(zone.free_from_minor))
        days = f"{days} · {free}"
    return (
        turn.locales.choose(zone.names, turn.language),
        turn.words(
            "shipping.zone-price",
            first=turn.money(zone.first_minor),
            more=turn.money(zone.more_minor),
            weight=turn.words("shipping.kilograms", n=zone.first_grams // 1000),
        ),
        days,
    )
