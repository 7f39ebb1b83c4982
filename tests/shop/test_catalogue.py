"""The catalogue in the store: taken over all or nothing, read fast, prices set and recorded."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from msgspec.structs import replace as changed
from pathlib import Path
from random import Random

import pytest

from bot.shop import catalogue, catalogue_edits
from bot.shop.catalogue import Parsed, Price, Unfit
from bot.shop.catalogue_files import read_catalogue, store_pictures
from bot.store import migrate
from bot.store.unit import Unit

DEMO = Path(catalogue.__file__).parents[1] / "demo" / "catalogue.toml"
MIGRATIONS = Path(migrate.__file__).with_name("migrations")


class Shelf:
    """Keeps files in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def save(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self.files[name] = data
        return name


@pytest.fixture(scope="module")
def demo() -> Parsed:
    return store_pictures(read_catalogue(DEMO), Shelf())


@pytest.fixture
def unit() -> Unit:
    """A unit in an empty shop."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.row_factory = sqlite3.Row
    for file in sorted(MIGRATIONS.glob("*.sql")):
        db.executescript(file.read_text(encoding="utf-8"))
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("BEGIN IMMEDIATE")
    return Unit(db, 1_790_000_000_000, Random(1))


def rows(unit: Unit, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in unit.db.execute(query)]


def test_an_empty_shop_has_version_0_and_sells_nothing(unit: Unit) -> None:
    assert catalogue.version(unit.db) == 0
    assert catalogue.load(unit.db).version == 0
    assert catalogue.load(unit.db).products == {}


def test_what_was_taken_over_is_loaded_as_it_was(unit: Unit, demo: Parsed) -> None:
    assert catalogue.replace(unit, demo, by=None) == 1
    loaded = catalogue.load(unit.db)
    assert tuple(loaded.products.values()) == demo.products
    assert demo.shop
    assert (loaded.names, loaded.zones) == (demo.shop.names, demo.shop.zones)
    assert (loaded.account, loaded.cod_countries) == (demo.shop.account, ("CN",))
    assert loaded.version == catalogue.version(unit.db) == 1


def test_loading_takes_at_most_5_ms(unit: Unit, demo: Parsed) -> None:
    catalogue.replace(unit, demo, by=None)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        catalogue.load(unit.db)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005


def test_opening_stock_makes_a_lot_only_the_first_time(unit: Unit, demo: Parsed) -> None:
    catalogue.replace(unit, demo, by=None)
    lots = rows(unit, "SELECT product, grade, on_hand FROM lot ORDER BY id")
    assert ("cordyceps", "medium", 2500) in lots
    assert len(lots) == sum(len(product.grades) for product in demo.products)
    ledger = rows(unit, "SELECT kind, sum(quantity), why FROM movement GROUP BY kind, why")
    assert ledger == [("in", sum(int(str(lot[2])) for lot in lots), "opening")]
    unit.db.execute("UPDATE lot SET on_hand = 0")  # sold out, which is not "never had"
    catalogue.replace(unit, demo, by=None)
    assert rows(unit, "SELECT count(*), sum(on_hand) FROM lot") == [(len(lots), 0)]
    assert catalogue.version(unit.db) == 2


def test_products_no_longer_named_are_sold_no_more_and_come_back(unit: Unit, demo: Parsed) -> None:
    catalogue.replace(unit, demo, by=None)
    fewer = changed(demo, products=demo.products[2:0:-1])
    catalogue.replace(unit, fewer, by=None)
    assert list(catalogue.load(unit.db).products) == ["matsutake-dried", "matsutake"]
    assert rows(unit, "SELECT count(*) FROM product WHERE active = 0") == [(8,)]
    with pytest.raises(KeyError):
        catalogue.set_price(unit, "barley", "", 900, by=None)
    catalogue.replace(unit, demo, by=None)
    assert tuple(catalogue.load(unit.db).products.values()) == demo.products


def test_a_set_price_is_loaded_and_recorded(unit: Unit, demo: Parsed) -> None:
    catalogue.replace(unit, demo, by=None)
    unit.db.execute("INSERT INTO person (id, role, created_at) VALUES (7, 'seller', 0)")
    done = catalogue.set_price(unit, "cordyceps", "large", 4800, by=7)
    assert (done.before, done.after) == (Price(4500, 1), Price(4800, 1))
    assert done.grade.price == catalogue.load(unit.db).products["cordyceps"].grades[0].price
    assert done.after == done.grade.price
    assert catalogue.version(unit.db) == 2
    audit = rows(unit, "SELECT person_id, what, subject, before, after FROM audit ORDER BY id")
    assert audit == [
        (None, "catalogue", "", "0", "1"),
        (7, "price", "cordyceps/large", "4500", "4800"),
    ]


@pytest.mark.parametrize("minor", [0, -1, 10**9 + 1])
def test_a_price_that_is_none_changes_nothing(unit: Unit, demo: Parsed, minor: int) -> None:
    catalogue.replace(unit, demo, by=None)
    with pytest.raises(ValueError):
        catalogue.set_price(unit, "barley", "", minor, by=None)
    with pytest.raises(KeyError):
        catalogue.set_price(unit, "barley", "large", 100, by=None)
    assert catalogue.version(unit.db) == 1
    assert catalogue.load(unit.db).products["barley"].grades[0].price == Price(800, 500)


def test_products_alone_leave_the_shop_as_it_is(unit: Unit, demo: Parsed) -> None:
    alone = changed(demo, shop=None, products=demo.products[:1])
    with pytest.raises(Unfit, match="no-shop-yet"):
        catalogue.replace(unit, alone, by=None)
    assert catalogue.version(unit.db) == 0
    catalogue.replace(unit, demo, by=None)
    with pytest.raises(Unfit, match="other-currency"):
        catalogue.replace(unit, changed(alone, currency="USD"), by=None)
    assert len(catalogue.load(unit.db).products) == 10
    catalogue.replace(unit, alone, by=None)
    loaded = catalogue.load(unit.db)
    assert demo.shop and loaded.zones == demo.shop.zones
    assert list(loaded.products) == ["cordyceps"]


def test_the_unit_of_goods_in_stock_stays(unit: Unit, demo: Parsed) -> None:
    catalogue.replace(unit, demo, by=None)
    pieces = changed(demo.products[5], unit="pc")
    with pytest.raises(Unfit, match="unit-of-lots"):
        catalogue.replace(unit, changed(demo, products=(pieces,)), by=None)
    assert tuple(catalogue.load(unit.db).products.values()) == demo.products


def test_pictures_are_stored_before_they_are_named(unit: Unit, demo: Parsed) -> None:
    unsaved = changed(demo, pictures={"cordyceps": b"a picture"})
    with pytest.raises(ValueError):
        catalogue.replace(unit, unsaved, by=None)
    shelf = Shelf()
    catalogue.replace(unit, store_pictures(unsaved, shelf), by=None)
    name = catalogue.load(unit.db).products["cordyceps"].picture
    assert name and shelf.files == {name: b"a picture"}


def test_an_amount_is_in_the_products_own_unit(demo: Parsed) -> None:
    products = {product.key: product for product in demo.products}
    assert catalogue.amount(products["cordyceps"], 2, "box") == 40
    assert catalogue.amount(products["cordyceps"], 20, "pc") == 20
    assert catalogue.amount(products["cordyceps"], 500, "g") is None
    assert catalogue.amount(products["tsampa"], 3, "bag") == 1500
    assert catalogue.amount(products["barley"], 3, "box") is None
    assert catalogue.amount(products["honey"], 3, "jar") is None, "an order says the weight"
    assert catalogue.amount(products["barley"], 3, "pc") is None


def test_the_demo_shop_can_be_used_on_any_day_and_names_its_goods_in_four_languages(
    demo: Parsed,
) -> None:
    products = {product.key: product for product in demo.products}
    assert len(products) == 10
    assert [key for key, product in products.items() if product.season] == ["matsutake"]
    assert products["matsutake"].season == ("07-01", "09-30")
    assert [grade.key for grade in products["matsutake"].grades] == ["3-5", "5-7", "7-9"]
    for product in products.values():
        for texts in (product.names, product.about, product.origin, product.storage):
            assert set(texts) == {"zh-Hans", "zh-Hant", "en", "bo"}
        assert set(product.words) == {"zh-Hans", "zh-Hant", "en", "bo"}
        assert product.picture
    for key in ("tsampa", "yak-jerky", "morel", "matsutake-dried"):
        assert "bag" in products[key].packs
    assert products["cordyceps"].counter["zh-Hans"] == "根"


def test_a_step_drops_those_that_are_no_lower_and_a_lower_price_hides_it(
    unit: Unit, demo: Parsed
) -> None:
    catalogue.replace(unit, demo, by=None)

    def steps() -> tuple[tuple[int, int], ...]:
        return catalogue.load(unit.db).products["cordyceps"].grade("large").steps

    usual = catalogue.price(unit.db, "cordyceps", "large").minor
    for least, minor in ((20, usual - 5), (50, usual - 9), (10, usual - 6)):
        assert not catalogue_edits.set_step(unit, "cordyceps", "large", least, minor, None)
    assert steps() == ((10, usual - 6), (50, usual - 9))
    anyhow = catalogue_edits.set_step(unit, "cordyceps", "large", 60, usual - 9, None)
    assert anyhow and anyhow.minor == usual - 9
    catalogue.set_price(unit, "cordyceps", "large", usual - 6, by=None)
    assert steps() == ((50, usual - 9),)
    catalogue.set_price(unit, "cordyceps", "large", usual, by=None)
    assert steps() == ((10, usual - 6), (50, usual - 9))
