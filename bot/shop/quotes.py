"""What a purchase would cost and whether it can be delivered. Pure: reads no stock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.language.addresses.recipient import Recipient
from bot.shop import price_cuts
from bot.shop.catalogue import Catalogue, Price, Product, Texts, Zone, amount
from bot.shop.price_cuts import Cut
from bot.shop.vouchers import Voucher

GRAMS_A_STEP = 1000  # above a zone's first weight, every kilogram begun costs


class Wanted(Struct, frozen=True):
    """One line as a buyer orders it; `unit` is g, pc, box or bag."""

    product: str
    grade: str
    quantity: int
    unit: str


class QuotedLine(Struct, frozen=True):
    """A line with its price. `name` includes the grade; `amount` is in the product's own unit."""

    wanted: Wanted
    name: str
    amount: int
    price: Price
    total_minor: int


class Quote(Struct, frozen=True):
    """What it would cost. Shipping and total are None without a zone to ship to;
    `discount_minor` is what a voucher takes off, and a seller took off the order before.

    `problems` are ids: 'no-zone', 'no-cold-chain', 'cod-not-there', and 'not-sold' when a line
    (which is then left out) names goods or a unit that the catalogue does not have (any more).
    """

    lines: tuple[QuotedLine, ...]
    goods_minor: int
    shipping_minor: int | None
    discount_minor: int
    zone: Zone | None
    total_minor: int | None
    problems: tuple[str, ...]


def quote(
    catalogue: Catalogue,
    wants: Iterable[Wanted],
    recipient: Recipient | None,
    language: str,
    pay_by: str = "transfer",
    voucher: Voucher | None = None,
    cuts: Sequence[Cut] = (),
) -> Quote:
    """Prices a purchase, with names in `language`; without a recipient, the goods alone."""
    asked = list(wants)
    found = [line for want in asked if (line := _line(catalogue, want, language))]
    products = [catalogue.products[line.wanted.product] for line in found]
    goods = sum(line.total_minor for line in found)
    zone = zone_of(catalogue, recipient) if recipient else None
    shipping = _shipping(zone, products, found, goods) if zone else None
    discount = voucher.off(goods) if voucher else 0
    discount += price_cuts.off(cuts, goods, shipping or 0, goods + (shipping or 0) - discount)
    problems = ["not-sold"] if len(found) < len(asked) else []
    if recipient and not zone:
        problems.append("no-zone")
    if zone and not zone.fresh and any(product.fresh for product in products):
        problems.append("no-cold-chain")
    if recipient and pay_by == "cod" and not may_collect(catalogue, recipient):
        problems.append("cod-not-there")
    return Quote(
        lines=tuple(found),
        goods_minor=goods,
        shipping_minor=shipping,
        discount_minor=discount,
        zone=zone,
        total_minor=None if shipping is None else goods + shipping - discount,
        problems=tuple(problems),
    )


def zone_of(catalogue: Catalogue, recipient: Recipient) -> Zone | None:
    """The zone that names the recipient's province, else the one for the rest of the country.

    A country without a zone of its own belongs to the zone of the country '*', if there is one.
    """
    country = _country(recipient)
    zones = [zone for zone in catalogue.zones if zone.country == country]
    zones = zones or [zone for zone in catalogue.zones if zone.country == "*"]
    named = (zone for zone in zones if recipient.province and recipient.province in zone.provinces)
    return next(named, None) or next((zone for zone in zones if "*" in zone.provinces), None)


def may_collect(catalogue: Catalogue, recipient: Recipient) -> bool:
    """Whether what goes to somebody can be paid on delivery."""
    return _country(recipient) in catalogue.cod_countries


def _country(recipient: Recipient) -> str:
    """An address that names no country is one of the mainland."""
    return recipient.country or "CN"


def _line(catalogue: Catalogue, want: Wanted, language: str) -> QuotedLine | None:
    product = catalogue.products.get(want.product)
    if product is None or want.quantity <= 0:
        return None
    grade = next((each for each in product.grades if each.key == want.grade), None)
    if grade is None:
        return None
    own = amount(product, want.quantity, want.unit)
    if own is None:
        return None
    name = _text(product.names, language)
    if grade.key:
        name = f"{name} {_text(grade.names, language)}"
    price = grade.price_for(own)
    return QuotedLine(want, name, own, price, price.of(own))


def _shipping(zone: Zone, products: list[Product], lines: list[QuotedLine], goods: int) -> int:
    if zone.free_from_minor is not None and goods >= zone.free_from_minor:
        return 0
    pairs = zip(products, lines, strict=True)
    grams = sum(product.weight * line.amount for product, line in pairs)
    steps = -(-max(0, grams - zone.first_grams) // GRAMS_A_STEP)
    return zone.first_minor + steps * zone.more_minor


def _text(texts: Texts, language: str) -> str:
    """A text in a language, else in the nearest that there is."""
    for tag in (language, language.split("-")[0], "zh-Hans", "en"):
        if texts.get(tag):
            return texts[tag]
    return next((text for text in texts.values() if text), "")
