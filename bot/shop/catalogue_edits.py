"""Changes to single products, made in the chat; each is audited and gives a new version.

What comes from a file goes through `catalogue.replace`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from msgspec.structs import replace

from bot.shop import catalogue, people
from bot.shop.catalogue import Catalogue, Grade, Price, Product
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

NAME_MAX = 60  # characters
TEXT_MAX = 2_000


class Unfitting(Exception):
    """A text that cannot be taken: `what` is taken (it belongs to `product`) or too-long."""

    def __init__(self, what: str, product: str = "") -> None:
        super().__init__(what, product)
        self.what, self.product = what, product


def owner_of(shop: Catalogue, word: str) -> str:
    """The key of the product that a word already means; '' for none."""
    folded = word.strip().casefold()
    for product in shop.products.values():
        for words in product.words.values():
            if folded in (known.casefold() for known in words):
                return product.key
    return ""


def set_name(unit: Unit, product: Product, language: str, name: str, by: By) -> None:
    """Names a product in a language; the old name stays one of its nicknames. Raises Unfitting."""
    name = _fit(unit, product, name)
    before = product.names.get(language, "")
    words = (name, *(word for word in product.words.get(language, ()) if word != name))
    changed = replace(
        product,
        names={**product.names, language: name},
        words={**product.words, language: words},
    )
    _keep(unit, changed, "product.name", before, name, by)


def set_about(unit: Unit, product: Product, language: str, text: str, by: By) -> None:
    """What is told of a product in a language. Raises Unfitting."""
    if len(text) > TEXT_MAX:
        raise Unfitting("too-long")
    before = product.about.get(language, "")
    changed = replace(product, about={**product.about, language: text})
    _keep(unit, changed, "product.about", before, text, by)


def add_word(unit: Unit, product: Product, language: str, word: str, by: By) -> None:
    """Another word that buyers call a product. Raises Unfitting."""
    word = _fit(unit, product, word)
    known = product.words.get(language, ())
    if word in known:
        return
    changed = replace(product, words={**product.words, language: (*known, word)})
    _keep(unit, changed, "product.word", "", word, by)


def set_picture(unit: Unit, product: Product, hash: str, by: By) -> None:
    """The picture of a product: the SHA-256 of a stored file."""
    changed = replace(product, picture=hash)
    _keep(unit, changed, "product.picture", product.picture or "", hash, by)


def set_sold(unit: Unit, key: str, sold: bool, by: By) -> None:
    """Takes a product off sale or puts it on again."""
    _sql.set_active(unit.db, key=key, active=int(sold))
    catalogue.next_version(unit)
    people.audit(unit, by, "product.sold", key, "✗" if sold else "✓", "✓" if sold else "✗")


def set_step(unit: Unit, key: str, grade: str, least: int, minor: int, by: By) -> Price | None:
    """What a grade costs from an amount on. What so much costs anyhow, if that is no more; then
    nothing is done.

    Steps for more that cost no less are dropped. Raises KeyError for what is not sold.
    """
    product = catalogue.load(unit.db).products[key]
    old = product.grade(grade)
    anyhow = old.price_for(least - 1)
    if minor >= anyhow.minor:
        return anyhow
    kept = [step for step in old.steps if step[0] < least or (step[0] > least and step[1] < minor)]
    new = replace(old, steps=tuple(sorted([*kept, (least, minor)])))
    grades = tuple(new if each.key == grade else each for each in product.grades)
    before = old.price_for(least).minor
    catalogue.put_product(unit, _sql.place(unit.db, key=key), replace(product, grades=grades))
    people.audit(unit, by, "price", f"{key}/{grade}", str(before), str(minor))
    return None


def retired(db: sqlite3.Connection) -> list[Product]:
    """The products that are not sold any more, in their order."""
    return catalogue.products_of(_sql.retired(db))


def add_product(unit: Unit, *, names: Mapping[str, str], measure: str, price: Price, by: By) -> str:
    """A new product with one grade, sold at once; `measure` is g or pc. Returns its key."""
    place = _sql.next_place(unit.db)
    key = f"item-{place}"
    product = Product(
        key=key,
        unit=measure,
        names=dict(names),
        words={language: (name,) for language, name in names.items()},
        grades=(Grade("", {}, {}, price),),
        counter={},
        packs={},
        weight=0 if measure == "g" else 1,
        minimum=1,
        season=None,
        fresh=False,
        shelf_life_days=0,
        origin={},
        storage={},
        about={},
        picture=None,
    )
    catalogue.put_product(unit, place, product)
    people.audit(unit, by, "product.added", key, "", next(iter(names.values())))
    return key


def _fit(unit: Unit, product: Product, word: str) -> str:
    """A name or nickname without what would stand wrong in a sentence."""
    word = " ".join(word.split()).rstrip(" ་།|")
    if not word or len(word) > NAME_MAX or "|" in word:
        raise Unfitting("too-long")
    owner = owner_of(catalogue.load(unit.db), word)
    if owner not in ("", product.key):
        raise Unfitting("taken", owner)
    return word


def _keep(unit: Unit, product: Product, what: str, before: str, after: str, by: By) -> None:
    place = _sql.place(unit.db, key=product.key)
    catalogue.put_product(unit, place, product)
    people.audit(unit, by, what, product.key, before[:200], after[:200])
