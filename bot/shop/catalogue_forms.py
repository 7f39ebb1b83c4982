"""Turns what a catalogue file says, in whichever format, into a catalogue.

A reader of a format hands in plain tables and tells where in its file each field stands; every
fault is noted before any is raised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from msgspec.structs import replace as changed

from bot.shop.catalogue import Grade, Parsed, Price, Product, Shop, Zone
from bot.shop.catalogue_fields import Entry, Faults, Place, Words
from bot.store.files import media_type

# A button carries both keys and a quantity within the 64 bytes that Telegram allows.
PRODUCT_KEY_MAX = 32
GRADE_KEY_MAX = 16
PRODUCTS_MAX = 500
GRADES_MAX = 20
ZONES_MAX = 100
PICTURE_BYTES_MAX = 2_000_000

# The first-level divisions as addresses name them; a zone that misspells one would never be met.
PROVINCES = frozenset(
    """北京市 天津市 河北省 山西省 内蒙古自治区 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省
    福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 广西壮族自治区 海南省 重庆市 四川省 贵州省
    云南省 西藏自治区 陕西省 甘肃省 青海省 宁夏回族自治区 新疆维吾尔自治区 台湾省
    香港特别行政区 澳门特别行政区""".split()
)

_SEASON = re.compile(r"([0-9]{2})-([0-9]{2})\.\.([0-9]{2})-([0-9]{2})")
_STORED = re.compile(r"sha256:([0-9a-f]{64})")
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def parse(
    raw: Mapping[str, object], faults: Faults, folder: Path, *, products_only: bool
) -> Parsed:
    """A whole file's tables as a catalogue; pictures are read from beside the file in `folder`.

    `raw` holds `product` (a list of tables), and `shop` and `zone`, or, with `products_only`, the
    prices' `currency`. Raises CatalogueErrors with every fault.
    """
    entry = Entry(raw, (), faults)
    shop = None if products_only else _shop(entry)
    currency = shop.currency if shop else _currency(entry)
    stock: dict[tuple[str, str], int] = {}
    pictures: dict[str, bytes] = {}
    products = []
    for part in entry.entries("product", PRODUCTS_MAX, needed=True):
        product = _product(part, currency, stock)
        products.append(_with_picture(part, product, folder, pictures))
        part.check_unknown()
    entry.check_unknown()
    _check_twice(products, faults)
    faults.raise_if_any()
    return Parsed(shop, currency, tuple(products), stock, pictures)


def _shop(entry: Entry) -> Shop:
    part = entry.entry("shop")
    currency = _currency(part)
    names = part.texts("name", needed=True)
    account, qr = part.texts("account"), part.text("account-qr")
    cod = part.list_of_texts("cod-countries")
    for country in cod:
        _check_country(part, "cod-countries", country)
    part.check_unknown()
    zones = tuple(_zone(zone, currency) for zone in entry.entries("zone", ZONES_MAX, needed=True))
    _check_keys([zone.key for zone in zones], ("zone",), entry.faults)
    return Shop(names, currency, account, qr, cod, zones)


def _currency(entry: Entry) -> str:
    given = entry.text("currency", needed=True)
    if given and not re.fullmatch(r"[A-Z]{3}", given):
        entry.note("currency", "not-allowed", given=given, allowed="ISO 4217 codes such as CNY")
    return given


def _check_country(entry: Entry, name: str, given: str) -> None:
    if given and not re.fullmatch(r"[A-Z]{2}", given):
        entry.note(name, "not-allowed", given=given, allowed="ISO 3166 codes such as CN")


def _zone(entry: Entry, currency: str) -> Zone:
    key, names = entry.key("key", 32), entry.texts("name", needed=True)
    country = entry.text("country", needed=True)
    if country != "*":
        _check_country(entry, "country", country)
    provinces = entry.list_of_texts("provinces", needed=True)
    if entry.has("provinces") and not provinces:
        entry.note("provinces", "missing")
    for province in provinces:
        _check_province(entry, country, province)
    zone = Zone(
        key=key,
        names=names,
        country=country,
        provinces=provinces,
        first_minor=entry.money("first", currency),
        first_grams=entry.amount("first-weight", "g", default=1000, least=1),
        more_minor=entry.money("more", currency),
        free_from_minor=entry.money("free-from", currency) if entry.has("free-from") else None,
        days=_days(entry),
        fresh=entry.yes("fresh"),
    )
    entry.check_unknown()
    return zone


def _check_province(entry: Entry, country: str, province: str) -> None:
    if province == "*" or country != "CN" or province in PROVINCES:
        return
    close = get_close_matches(province, PROVINCES, 1, 0.4)
    hint = f" (did you mean {close[0]}?)" if close else ""
    entry.note("provinces", "no-province", given=province, hint=hint)


def _days(entry: Entry) -> tuple[int, int]:
    given = entry.value("days", needed=True)
    if given is None:
        return (0, 0)
    match given:
        case [int(first), int(last)] if 0 <= first <= last <= 365:
            return (first, last)
    entry.note("days", "not-an-amount", given=given, example="[2, 4]")
    return (0, 0)


def _product(entry: Entry, currency: str, stock: dict[tuple[str, str], int]) -> Product:
    """A product without its picture; what it opens with goes into `stock`."""
    key, unit = entry.key("key", PRODUCT_KEY_MAX), entry.one_of("unit", ("g", "pc"))
    names = entry.texts("name", needed=True)
    return Product(
        key=key,
        unit=unit,
        names=names,
        words=entry.words("words", names),
        grades=_grades(entry, key, unit, currency, stock),
        counter=entry.texts("counter"),
        packs=_packs(entry, unit),
        weight=entry.integer("weight", default=1, least=1) if unit == "pc" else _no_weight(entry),
        minimum=entry.amount("minimum", unit, default=1, least=1),
        season=_season(entry),
        fresh=entry.yes("fresh"),
        shelf_life_days=entry.integer("shelf-life-days", default=0, least=0, most=36_500),
        origin=entry.texts("origin"),
        storage=entry.texts("storage"),
        about=entry.texts("about"),
        picture=None,
    )


def _no_weight(entry: Entry) -> int:
    """What is sold by weight weighs what it weighs: the field is allowed only as 1."""
    return entry.integer("weight", default=1, least=1, most=1)


def _grades(
    entry: Entry, key: str, unit: str, currency: str, stock: dict[tuple[str, str], int]
) -> tuple[Grade, ...]:
    if not entry.has("grade"):
        stock[key, ""] = entry.amount("stock", unit, default=0, least=0)
        price = _price(entry, unit, currency)
        return (Grade("", {}, {}, price, _steps(entry, unit, currency, price)),)
    for name in ("price", "per", "steps", "stock"):
        if entry.has(name):
            entry.note(name, "not-both")
    parts = entry.entries("grade", GRADES_MAX)
    if len(parts) == 1:
        parts[0].faults.note(parts[0].place, "one-grade")
    grades = []
    for part in parts:
        grade_key, names = part.key("key", GRADE_KEY_MAX), part.texts("name", needed=True)
        price, words = _price(part, unit, currency), part.words("words", names)
        stock[key, grade_key] = part.amount("stock", unit, default=0, least=0)
        steps = _steps(part, unit, currency, price)
        grades.append(Grade(grade_key, names, words, price, steps))
        part.check_unknown()
    _check_keys([grade.key for grade in grades], (*entry.place, "grade"), entry.faults)
    return tuple(grades)


def _price(entry: Entry, unit: str, currency: str) -> Price:
    minor = entry.money("price", currency, least=1)
    per = entry.amount("per", unit, default=1, least=1)
    if not entry.has("per"):
        entry.faults.note(entry.place, "missing", name="per")
    return Price(minor, per)


def _steps(entry: Entry, unit: str, currency: str, price: Price) -> tuple[tuple[int, int], ...]:
    """What it costs from an amount on: "5 kg = 54.00; 10 kg = 50.00", for as much as `per`."""
    steps: list[tuple[int, int]] = []
    for text in filter(None, map(str.strip, entry.text("steps").split(";"))):
        least, _, cost = (part.strip() for part in text.partition("="))
        part = Entry({"from": least, "price": cost}, (*entry.place, "steps"), entry.faults)
        amount = part.amount("from", unit, default=1, least=1)
        steps.append((amount, part.money("price", currency, least=1)))
    last = (0, price.minor)
    for step in steps:
        if step[0] <= last[0] or step[1] >= last[1]:
            entry.note("steps", "not-steps", given=entry.text("steps"))
            break
        last = step
    return tuple(steps)


def _packs(entry: Entry, unit: str) -> dict[str, int]:
    if not entry.has("packs"):
        return {}
    part = entry.entry("packs")
    packs = {
        name: part.amount(name, unit, default=1, least=1)
        for name in ("box", "bag", "jar")
        if part.has(name)
    }
    part.check_unknown()
    return packs


def _season(entry: Entry) -> tuple[str, str] | None:
    given = entry.value("season")
    if given is None:
        return None
    match = _SEASON.fullmatch(given.strip()) if isinstance(given, str) else None
    if match and _is_day(match[1], match[2]) and _is_day(match[3], match[4]):
        return (f"{match[1]}-{match[2]}", f"{match[3]}-{match[4]}")
    entry.note("season", "not-a-season", given=given)
    return None


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= _DAYS_IN_MONTH[int(month) - 1]


def _with_picture(
    entry: Entry, product: Product, folder: Path, pictures: dict[str, bytes]
) -> Product:
    """Reads the product's picture from beside the file, or takes the hash of a stored one."""
    given = entry.text("picture")
    if stored := _STORED.fullmatch(given):
        return changed(product, picture=stored[1])
    if given:
        path = (folder / given).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            entry.note("picture", "no-picture", given=given)
        elif path.stat().st_size > PICTURE_BYTES_MAX or not media_type(data := path.read_bytes()):
            entry.note("picture", "not-a-picture", given=given, limit="2 MB")
        else:
            pictures[product.key] = data
    return product


def _check_twice(products: list[Product], faults: Faults) -> None:
    """Notes keys and words that two products, or two grades of one, share.

    A word that means two things would be read as whichever comes first.
    """
    _check_keys([product.key for product in products], ("product",), faults)
    _check_words([product.words for product in products], ("product",), faults)
    for n, product in enumerate(products):
        place = ("product", n, "grade")
        _check_words([grade.words for grade in product.grades], place, faults)


def _check_words(owners: list[Words], place: Place, faults: Faults) -> None:
    firsts: dict[str, int] = {}
    for n, words in enumerate(owners):
        for word in {word.casefold(): word for group in words.values() for word in group}.values():
            first = firsts.setdefault(word.casefold(), n)
            if first != n:
                where = faults.where((*place, first, "words"))
                faults.note((*place, n, "words"), "twice", name="words", given=word, first=where)


def _check_keys(keys: list[str], place: Place, faults: Faults) -> None:
    """Notes keys that stand twice in a list of tables."""
    firsts: dict[str, int] = {}
    for n, key in enumerate(keys):
        first = firsts.setdefault(key, n)
        if key and first != n:
            where = faults.where((*place, first, "key"))
            faults.note((*place, n, "key"), "twice", name="key", given=key, first=where)
