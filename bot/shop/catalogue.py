"""What the shop sells, at what price, and where it ships.

The catalogue is read whole and cached by its version, which rises with every change of names or
prices. Stock is not here: only what a product opens with, the first time it is named.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace as changed

from bot.shop import people
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

PRICE_MINOR_MAX = 10**9  # a price above ten million yuan is a slip of the finger

Texts = Mapping[str, str]  # BCP 47 language tag → text


class Price(Struct, frozen=True):
    """So many minor units of the shop's currency for `per` grams or pieces."""

    minor: int
    per: int

    def of(self, amount: int) -> int:
        """The price of an amount (grams or pieces) in minor units, halves rounded up."""
        return (2 * self.minor * amount + self.per) // (2 * self.per)


class Grade(Struct, frozen=True):
    """A grade of a product. The only grade of a product that has one has the key ''.

    `steps` are what it costs from an amount on: (grams or pieces, minor units for `price.per`).
    In a flash sale (its id is `sale`) one buyer can have so much at the price and no more: `most`.
    """

    key: str
    names: Texts
    words: Mapping[str, tuple[str, ...]]  # language → how buyers call it, the name included
    price: Price
    steps: tuple[tuple[int, int], ...] = ()
    most: int | None = None
    sale: int | None = None

    def price_for(self, amount: int) -> Price:
        """What so many grams or pieces are sold at: the lowest price that they reach."""
        reached = (minor for least, minor in self.steps if amount >= least)
        return Price(min((self.price.minor, *reached)), self.price.per)

    def bought_for(self, minor: int, step: int) -> int:
        """The most grams or pieces that a sum pays, in whole steps, at the price of so many."""
        found = 0
        for least, cost in ((0, self.price.minor), *self.steps):
            amount = minor * self.price.per // cost // step * step if cost else 0
            if amount >= least:
                found = max(found, amount)
        return found

    def reduced(self, minor: int) -> Grade:
        """The same at another price, where that is lower than what so much costs anyhow."""
        price = Price(min(minor, self.price.minor), self.price.per)
        steps = tuple(step for step in self.steps if step[1] < price.minor)
        return changed(self, price=price, steps=steps)


class Product(Struct, frozen=True):
    """A product, sold by the piece ('pc') or by weight ('g')."""

    key: str
    unit: str
    names: Texts
    words: Mapping[str, tuple[str, ...]]  # language → names and nicknames, the name included
    grades: tuple[Grade, ...]
    counter: Texts  # the word for one piece (根, piece); empty for what is sold by weight
    packs: Mapping[str, int]  # 'box', 'bag' or 'jar' → grams or pieces in one
    weight: int  # grams to ship per piece; 1 for what is sold by weight
    minimum: int  # the least that can be ordered, in `unit`
    season: tuple[str, str] | None  # first and last day as MM-DD; None: all year
    fresh: bool  # goes by cold chain only
    shelf_life_days: int
    origin: Texts
    storage: Texts
    about: Texts
    picture: str | None  # SHA-256 of a file in the store's folder

    def grade(self, key: str) -> Grade:
        """The grade of that key. Raises KeyError."""
        return next((grade for grade in self.grades if grade.key == key), None) or _missing(key)

    def in_season(self, month_day: str) -> bool:
        """Whether a day (MM-DD) lies in the season, which may span the new year."""
        if not self.season:
            return True
        first, last = self.season
        return first <= month_day <= last if first <= last else not last < month_day < first


def _missing(key: str) -> Grade:
    raise KeyError(key)


class Zone(Struct, frozen=True):
    """Where the shop ships at one tariff. `provinces` are full Chinese names; '*' means any.

    `country` is an ISO 3166 alpha-2 code, or '*' for every country without a zone of its own.
    `first_minor` covers the first `first_grams`, and every kilogram begun above it costs
    `more_minor`. `free_from_minor` is the sum of goods from which shipping is free, or None.
    `fresh` says whether the cold chain reaches.
    """

    key: str
    names: Texts
    country: str
    provinces: tuple[str, ...]
    first_minor: int
    first_grams: int
    more_minor: int
    free_from_minor: int | None
    days: tuple[int, int]
    fresh: bool


class Catalogue(Struct, frozen=True):
    """The catalogue at one version."""

    version: int
    names: Texts  # the shop's name
    currency: str
    account: Texts  # where to transfer to, as text
    account_qr: str  # what the QR code for a transfer holds; '' without one
    cod_countries: tuple[str, ...]  # where paying on delivery is offered
    zones: tuple[Zone, ...]
    products: Mapping[str, Product]  # by key, in the shop's own order


class Shop(Struct, frozen=True):
    """What a catalogue says of the shop itself; the fields are those of Catalogue."""

    names: Texts
    currency: str
    account: Texts
    account_qr: str
    cod_countries: tuple[str, ...]
    zones: tuple[Zone, ...]


class Parsed(Struct, frozen=True):
    """A catalogue as read from a file, without fault but not yet the shop's.

    `shop` is None when the file holds products only. `stock` is what each product and grade opens
    with, and `pictures` the bytes of pictures by product, to be stored before it is taken over.
    """

    shop: Shop | None
    currency: str
    products: tuple[Product, ...]
    stock: Mapping[tuple[str, str], int]
    pictures: Mapping[str, bytes]


class PriceChanged(Struct, frozen=True):
    """A grade's price before and after a change."""

    product: Product
    grade: Grade
    before: Price
    after: Price


class Unfit(Exception):
    """A faultless file does not fit this shop: `what` is an id, `values` what it is about."""

    def __init__(self, what: str, **values: str) -> None:
        super().__init__(what, values)
        self.what, self.values = what, values


class _ProductBody(Struct, frozen=True):
    """What of a product has no column."""

    names: Texts
    words: Mapping[str, tuple[str, ...]]
    counter: Texts
    packs: Mapping[str, int]
    weight: int
    minimum: int
    season: tuple[str, str] | None
    fresh: bool
    shelf_life_days: int
    origin: Texts
    storage: Texts
    about: Texts
    picture: str | None


class _GradeBody(Struct, frozen=True):
    """What of a grade has no column."""

    names: Texts
    words: Mapping[str, tuple[str, ...]]
    steps: tuple[tuple[int, int], ...] = ()


_encode = msgspec.json.Encoder().encode
_decode_shop = msgspec.json.Decoder(Shop).decode
_decode_product = msgspec.json.Decoder(_ProductBody).decode
_decode_grade = msgspec.json.Decoder(_GradeBody).decode

NO_SHOP = Shop({}, "CNY", {}, "", (), ())


def load(db: sqlite3.Connection) -> Catalogue:
    """Reads the whole catalogue; version 0 and empty when there is none yet.

    Callers cache it by `version(db)`.
    """
    rows = list(_sql.everything(db))
    shop = _decode_shop(rows[0]["shop"]) if rows else NO_SHOP
    return assembled(shop, products_of(rows), version=rows[0]["version"] if rows else 0)


def assembled(shop: Shop, products: Iterable[Product], *, version: int = 0) -> Catalogue:
    """A catalogue of a shop and its products; version 0 for one that no database holds."""
    return Catalogue(
        version=version,
        names=shop.names,
        currency=shop.currency,
        account=shop.account,
        account_qr=shop.account_qr,
        cod_countries=shop.cod_countries,
        zones=shop.zones,
        products={product.key: product for product in products},
    )


def products_of(rows: Iterable[sqlite3.Row]) -> list[Product]:
    """The products of joined rows, one row a grade, in their order."""
    grades: dict[str, list[Grade]] = {}
    firsts: dict[str, sqlite3.Row] = {}
    for row in rows:
        if row["grade"] is None:
            continue
        firsts.setdefault(row["product"], row)
        grades.setdefault(row["product"], []).append(_grade(row))
    return [_product(row, tuple(grades[key])) for key, row in firsts.items()]


def _grade(row: sqlite3.Row) -> Grade:
    body = _decode_grade(row["grade_body"])
    price = Price(row["price_minor"], row["price_per"])
    steps = tuple(step for step in body.steps if step[1] < price.minor)
    return Grade(row["grade"], body.names, body.words, price, steps)


def _product(row: sqlite3.Row, grades: tuple[Grade, ...]) -> Product:
    body = _decode_product(row["product_body"])
    return Product(
        key=row["product"],
        unit=row["unit"],
        names=body.names,
        words=body.words,
        grades=grades,
        counter=body.counter,
        packs=body.packs,
        weight=body.weight,
        minimum=body.minimum,
        season=body.season,
        fresh=body.fresh,
        shelf_life_days=body.shelf_life_days,
        origin=body.origin,
        storage=body.storage,
        about=body.about,
        picture=body.picture,
    )


def version(db: sqlite3.Connection) -> int:
    """The catalogue's present version; 0 when there is none yet."""
    return _sql.version(db) or 0


# Of a jar, which only buyers count in, an order says the weight.
ORDERED_IN = ("box", "bag")


def amount(product: Product, quantity: int, unit: str) -> int | None:
    """A quantity as ordered in the product's own unit; None if that unit does not fit it."""
    if unit == product.unit:
        return quantity
    pack = product.packs.get(unit) if unit in ORDERED_IN else None
    return None if pack is None else quantity * pack


def price(db: sqlite3.Connection, product: str, grade: str) -> Price:
    """What a grade costs everybody. Raises KeyError for what is not sold."""
    row = _sql.price(db, product=product, grade=grade)
    if row is None:
        raise KeyError(product, grade)
    return Price(row["price_minor"], row["price_per"])


def set_price(unit: Unit, product: str, grade: str, minor: int, *, by: By) -> PriceChanged:
    """Sets a grade's price, in minor units for the same grams or pieces as before.

    Raises KeyError for what is not sold and ValueError for a price that is none.
    """
    if not 0 < minor <= PRICE_MINOR_MAX:
        raise ValueError(minor)
    before = price(unit.db, product, grade)
    after = changed(before, minor=minor)
    _sql.set_price(unit.db, product=product, grade=grade, minor=minor)
    next_version(unit)
    people.audit(unit, by, "price", f"{product}/{grade}", str(before.minor), str(minor))
    now = load(unit.db).products[product]
    return PriceChanged(now, now.grade(grade), before, after)


def next_version(unit: Unit) -> None:
    """Something has changed: caches of the catalogue are stale from now on."""
    _sql.next_version(unit.db)


def put_product(unit: Unit, position: int, product: Product) -> None:
    """Makes a product what is given here, sold at that place of the list."""
    _put_product(unit.db, position, product)
    next_version(unit)


def replace(unit: Unit, parsed: Parsed, *, by: By) -> int:
    """Makes a file the shop's catalogue, all or nothing, and returns the new version.

    Products it does not name are sold no more. Opening stock makes a lot only where that product
    and grade never had one. Raises Unfit, before anything is written, when the file does not fit
    this shop, and ValueError when its pictures have not been stored.
    """
    if parsed.pictures:
        raise ValueError("the pictures must be stored first")
    before = version(unit.db)
    stocked = {(row["product"], row["grade"]): row["unit"] for row in _sql.stocked(unit.db)}
    shop = parsed.shop or _present_shop(unit.db, parsed.currency)
    _check_units(parsed, stocked)
    _sql.put_shop(unit.db, shop=_encode(shop).decode())
    _sql.retire_all(unit.db)
    for position, product in enumerate(parsed.products):
        _put_product(unit.db, position, product)
    for (product_key, grade), opening in parsed.stock.items():
        if opening and (product_key, grade) not in stocked:
            _open_lot(unit, product_key, grade, opening, by)
    people.audit(unit, by, "catalogue", "", str(before), str(before + 1))
    return before + 1


def _present_shop(db: sqlite3.Connection, currency: str) -> Shop:
    body = _sql.shop(db)
    if body is None:
        raise Unfit("no-shop-yet")
    shop = _decode_shop(body)
    if shop.currency != currency:
        raise Unfit("other-currency", given=currency, currency=shop.currency)
    return shop


def _check_units(parsed: Parsed, stocked: Mapping[tuple[str, str], str | None]) -> None:
    """Lots are counted in the product's unit, which therefore stays what it is."""
    units = {key: unit for (key, _), unit in stocked.items()}
    for product in parsed.products:
        held = units.get(product.key)
        if held is not None and held != product.unit:
            raise Unfit("unit-of-lots", product=product.key, held=held, given=product.unit)


def _put_product(db: sqlite3.Connection, position: int, product: Product) -> None:
    body = _ProductBody(
        names=product.names,
        words=product.words,
        counter=product.counter,
        packs=product.packs,
        weight=product.weight,
        minimum=product.minimum,
        season=product.season,
        fresh=product.fresh,
        shelf_life_days=product.shelf_life_days,
        origin=product.origin,
        storage=product.storage,
        about=product.about,
        picture=product.picture,
    )
    text = _encode(body).decode()
    _sql.put_product(db, key=product.key, position=position, unit=product.unit, body=text)
    _sql.drop_grades(db, product=product.key)
    for place, grade in enumerate(product.grades):
        _sql.put_grade(
            db,
            product=product.key,
            key=grade.key,
            position=place,
            price_minor=grade.price.minor,
            price_per=grade.price.per,
            body=_encode(_GradeBody(grade.names, grade.words, grade.steps)).decode(),
        )


def _open_lot(unit: Unit, product: str, grade: str, opening: int, by: By) -> None:
    values = {"today": f"{unit.here:%Y-%m-%d}", "now": unit.now}
    lot = _sql.open_lot(unit.db, product=product, grade=grade, amount=opening, **values)
    _sql.open_movement(
        unit.db,
        lot_id=lot["id"],
        amount=opening,
        person_id=people.id_of(by),
        now=unit.now,
    )
