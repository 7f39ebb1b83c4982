"""Catalogue files: reading them with every fault and where it stands, and writing them.

TOML holds the whole shop. CSV and XLSX hold the products only, a row a grade; taking them over
leaves the shop's name, accounts and zones as they are. What is written reads back as the same
catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from msgspec.structs import replace as changed

from bot.shop.catalogue import Catalogue, Grade, Parsed, Product, Unfit, Zone, replace
from bot.shop.catalogue_fields import MINOR_DIGITS, CatalogueError, CatalogueErrors, Faults
from bot.shop.catalogue_forms import parse
from bot.shop.catalogue_rows import from_rows, to_rows
from bot.shop.catalogue_toml import line_of, read_toml, write_toml
from bot.shop.tables import FILE_BYTES_MAX, Unreadable, read_table, write_table

__all__ = [
    "CatalogueError",
    "CatalogueErrors",
    "Unfit",
    "read_catalogue",
    "replace",
    "store_pictures",
    "write_catalogue",
]

Stock = Mapping[tuple[str, str], int]


class Saves(Protocol):
    """A place for files: gives back the name (SHA-256, hex) of what it keeps."""

    def save(self, data: bytes) -> str: ...


def read_catalogue(path: Path) -> Parsed:
    """Reads a .toml, .csv or .xlsx file. Raises CatalogueErrors with all its faults."""
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise _one_fault("too-large", limit=f"{FILE_BYTES_MAX // 1_000_000} MB")
        if path.suffix.lower() == ".toml":
            return _read_toml(path)
        if path.suffix.lower() in (".csv", ".xlsx"):
            rows = read_table(path)
            raw, where = from_rows(rows)
            return parse(raw, Faults(where), path.parent, products_only=True)
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise _one_fault("unreadable", why=why or type(error).__name__) from error
    raise _one_fault("not-a-format")


def _one_fault(what: str, **values: str) -> CatalogueErrors:
    return CatalogueErrors((CatalogueError("", what, values),))


def _read_toml(path: Path) -> Parsed:
    text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    raw, lines = read_toml(text)

    def where(place: tuple[str | int, ...]) -> tuple[int, str]:
        line = line_of(lines, place)
        return line, f"line {line}"

    return parse(raw, Faults(where), path.parent, products_only=False)


def store_pictures(parsed: Parsed, files: Saves) -> Parsed:
    """Saves the pictures that came with a file, before the unit that takes it over."""
    hashes = {key: files.save(data) for key, data in parsed.pictures.items()}
    products = tuple(
        changed(product, picture=hashes.get(product.key, product.picture))
        for product in parsed.products
    )
    return changed(parsed, products=products, pictures={})


def write_catalogue(catalogue: Catalogue, path: Path, *, stock: Stock | None = None) -> None:
    """Writes the catalogue as .toml, .csv or .xlsx; with `stock`, also what a new shop opens with.

    Pictures are named by their hash, as this shop's folder of files knows them. Raises ValueError
    for another suffix and OSError.
    """
    raw = _raw(catalogue, stock or {})
    match path.suffix.lower():
        case ".toml":
            path.write_text(write_toml(raw), encoding="utf-8")
        case ".csv" | ".xlsx":
            heads, rows = to_rows(raw)
            write_table(path, heads, rows)
        case other:
            raise ValueError(other)


def _raw(catalogue: Catalogue, stock: Stock) -> dict[str, Any]:
    """A catalogue as the tables that a file says it in."""
    digits = MINOR_DIGITS.get(catalogue.currency, 2)
    shop = {
        "currency": catalogue.currency,
        "account-qr": catalogue.account_qr,
        "cod-countries": list(catalogue.cod_countries),
        "name": dict(catalogue.names),
        "account": dict(catalogue.account),
    }
    zones = [_raw_zone(zone, digits) for zone in catalogue.zones]
    products = [_raw_product(product, digits, stock) for product in catalogue.products.values()]
    return {"shop": shop, "zone": zones, "product": products}


def _raw_zone(zone: Zone, digits: int) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "key": zone.key,
        "country": zone.country,
        "provinces": list(zone.provinces),
        "first": _money(zone.first_minor, digits),
        "first-weight": f"{zone.first_grams} g",
        "more": _money(zone.more_minor, digits),
        "days": list(zone.days),
        "fresh": zone.fresh,
        "name": dict(zone.names),
    }
    if zone.free_from_minor is not None:
        raw["free-from"] = _money(zone.free_from_minor, digits)
    return raw


def _raw_product(product: Product, digits: int, stock: Stock) -> dict[str, Any]:
    unit = product.unit
    raw: dict[str, Any] = {"key": product.key, "unit": unit}
    grades = [_raw_grade(product, grade, digits, stock) for grade in product.grades]
    if product.grades[0].key == "":
        raw |= {
            name: grades[0][name]
            for name in ("price", "per", "steps", "stock")
            if name in grades[0]
        }
    raw |= {
        "weight": product.weight,
        "minimum": f"{product.minimum} {unit}",
        "season": "..".join(product.season) if product.season else None,
        "fresh": product.fresh,
        "shelf-life-days": product.shelf_life_days,
        "picture": f"sha256:{product.picture}" if product.picture else None,
        "packs": {name: f"{size} {unit}" for name, size in product.packs.items()},
        "name": dict(product.names),
        "words": _raw_words(product.words, product.names),
        "counter": dict(product.counter),
        "origin": dict(product.origin),
        "storage": dict(product.storage),
        "about": dict(product.about),
        "grade": grades if product.grades[0].key else None,
    }
    return {name: value for name, value in raw.items() if value is not None}


def _raw_grade(product: Product, grade: Grade, digits: int, stock: Stock) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "key": grade.key,
        "price": _money(grade.price.minor, digits),
        "per": f"{grade.price.per} {product.unit}",
        "name": dict(grade.names),
        "words": _raw_words(grade.words, grade.names),
    }
    if grade.steps:
        raw["steps"] = "; ".join(
            f"{least} {product.unit} = {_money(minor, digits)}" for least, minor in grade.steps
        )
    if (product.key, grade.key) in stock:
        raw["stock"] = f"{stock[product.key, grade.key]} {product.unit}"
    return raw


def _raw_words(
    words: Mapping[str, tuple[str, ...]], names: Mapping[str, str]
) -> dict[str, list[str]]:
    """The words besides the names, which stand for themselves."""
    besides = {
        language: [word for word in group if word != names.get(language)]
        for language, group in words.items()
    }
    return {language: group for language, group in besides.items() if group}


def _money(minor: int, digits: int) -> str:
    if not digits:
        return str(minor)
    whole, part = divmod(minor, 10**digits)
    return f"{whole}.{part:0{digits}}"
