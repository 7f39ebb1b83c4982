"""Catalogue files: every fault with its line or row, nothing half read, and back as they were."""

from __future__ import annotations

import re
import zipfile
from msgspec.structs import replace as changed
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.shop import catalogue, tables
from bot.shop.catalogue import (
    NO_SHOP,
    PRICE_MINOR_MAX,
    Catalogue,
    Grade,
    Parsed,
    Price,
    Product,
    Zone,
    assembled,
)
from bot.shop.catalogue_fields import CatalogueErrors
from bot.shop.catalogue_files import read_catalogue, write_catalogue
from bot.shop.catalogue_forms import PROVINCES

DEMO = Path(catalogue.__file__).parents[1] / "demo" / "catalogue.toml"

SHOP = """\
[shop]
currency = "CNY"
name.zh-Hans = "小店"

[[zone]]
key = "all"
name = { en = "Everywhere" }
country = "CN"
provinces = ["*"]
first = "10.00"
more = "5.00"
days = [1, 3]
"""


def whole(parsed: Parsed) -> Catalogue:
    """A file's catalogue as if it had been taken over."""
    shop = parsed.shop
    assert shop
    products = {product.key: product for product in parsed.products}
    return Catalogue(
        1, shop.names, shop.currency, shop.account, shop.account_qr,
        shop.cod_countries, shop.zones, products,
    )  # fmt: skip


def faults(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(CatalogueErrors) as raised:
        read_catalogue(path)
    for error in raised.value.errors:
        assert str(error)  # its text has all the values it names
    return [(error.where, error.what) for error in raised.value.errors]


def toml_faults(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    path = tmp_path / "shop.toml"
    path.write_text(text, encoding="utf-8")
    return faults(path)


# Round trips


@pytest.fixture(scope="module")
def demo() -> Catalogue:
    parsed = read_catalogue(DEMO)
    pictured = [changed(product, picture="ab" * 32) for product in parsed.products]
    return whole(changed(parsed, products=tuple(pictured)))


@pytest.mark.parametrize("suffix", [".toml", ".csv", ".xlsx"])
def test_the_demo_catalogue_comes_back_as_it_was(
    demo: Catalogue, tmp_path: Path, suffix: str
) -> None:
    stock = {("cordyceps", "large"): 12, ("barley", ""): 3000}
    write_catalogue(demo, tmp_path / f"out{suffix}", stock=stock)
    parsed = read_catalogue(tmp_path / f"out{suffix}")
    assert parsed.products == tuple(demo.products.values())
    assert {key: amount for key, amount in parsed.stock.items() if amount} == stock
    if suffix == ".toml":
        assert whole(parsed) == demo
    else:
        assert parsed.shop is None
    assert [file.name for file in tmp_path.iterdir()] == [f"out{suffix}"]


LANGUAGES = st.sampled_from(["zh-Hans", "zh-Hant", "bo", "en", "ug"])
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="|\ufffe\uffff"
)
PLAIN = st.one_of(
    st.text(CHARACTERS, min_size=1, max_size=12),
    st.sampled_from(["=1+1", "'=1", "＝1", "-5", "+86 139", "@x", '"', "\\", "a\\", '"""']),
    st.sampled_from(["_x0041_", "#N/A", "0012", "1.0", "TRUE"]),
).map(str.strip).filter(bool)  # fmt: skip
TEXTS = st.dictionaries(LANGUAGES, PLAIN, max_size=3)
NAMES = st.dictionaries(LANGUAGES, PLAIN, min_size=1, max_size=3)
KEYS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True)
AMOUNTS = st.integers(1, 10**9)
DAYS = st.sampled_from(["01-01", "02-29", "07-01", "12-31"])


@st.composite
def products(draw: st.DrawFn, key: str) -> Product:
    unit = draw(st.sampled_from(["g", "pc"]))
    used: set[str] = set()

    def names_and_words(mark: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
        names = {language: f"{text}{mark}" for language, text in draw(NAMES).items()}
        words: dict[str, tuple[str, ...]] = {tag: (name,) for tag, name in names.items()}
        for language, group in draw(
            st.dictionaries(LANGUAGES, st.lists(PLAIN, max_size=3))
        ).items():
            every = (*words.get(language, ()), *(f"{word}{mark}" for word in group))
            if every:
                words[language] = tuple(dict.fromkeys(every))
        return names, words

    names, words = names_and_words(f"·{key}")
    keys = draw(st.one_of(st.just([""]), st.lists(KEYS, min_size=2, max_size=3, unique=True)))
    grades = []
    for grade in keys:
        assert grade not in used
        called = names_and_words(f"·{grade}") if grade else ({}, {})
        price = Price(draw(st.integers(1, PRICE_MINOR_MAX)), draw(AMOUNTS))
        grades.append(Grade(grade, *called, price))
    return Product(
        key=key,
        unit=unit,
        names=names,
        words=words,
        grades=tuple(grades),
        counter=draw(TEXTS),
        packs=draw(st.dictionaries(st.sampled_from(["box", "bag", "jar"]), AMOUNTS)),
        weight=draw(AMOUNTS) if unit == "pc" else 1,
        minimum=draw(AMOUNTS),
        season=draw(st.none() | st.tuples(DAYS, DAYS)),
        fresh=draw(st.booleans()),
        shelf_life_days=draw(st.integers(0, 36_500)),
        origin=draw(TEXTS),
        storage=draw(TEXTS),
        about=draw(TEXTS),
        picture=draw(st.none() | st.just("0f" * 32)),
    )


@st.composite
def zones(draw: st.DrawFn, key: str) -> Zone:
    sums = st.integers(0, PRICE_MINOR_MAX)
    days = sorted(draw(st.tuples(st.integers(0, 99), st.integers(0, 99))))
    chosen = st.lists(st.sampled_from(sorted(PROVINCES)), min_size=1, max_size=3)
    return Zone(
        key, draw(NAMES), "CN", tuple(draw(chosen)), draw(sums), draw(AMOUNTS), draw(sums),
        draw(st.none() | sums), (days[0], days[1]), draw(st.booleans()),
    )  # fmt: skip


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    keys = st.lists(KEYS, min_size=1, max_size=3, unique=True)
    goods = [draw(products(key)) for key in draw(keys)]
    return Catalogue(
        1, draw(NAMES), draw(st.sampled_from(["CNY", "JPY", "KWD"])), draw(TEXTS),
        draw(st.just("") | PLAIN), draw(st.sampled_from([(), ("CN", "HK")])),
        tuple(draw(zones(key)) for key in draw(keys)), {each.key: each for each in goods},
    )  # fmt: skip


def without_shared_words(made: Catalogue) -> bool:
    """A word of two owners is a fault, and case is not told apart."""
    groups = [[p.words for p in made.products.values()]]
    groups += [[grade.words for grade in p.grades] for p in made.products.values()]
    for group in groups:
        sets = [{w.casefold() for words in owner.values() for w in words} for owner in group]
        if sum(map(len, sets)) != len(set().union(*sets)):
            return False
    return True


@pytest.mark.parametrize("suffix", [".toml", ".csv", ".xlsx"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=catalogues().filter(without_shared_words))
def test_any_catalogue_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, made: Catalogue
) -> None:
    path = tmp_path_factory.mktemp("round") / f"out{suffix}"
    write_catalogue(made, path)
    parsed = read_catalogue(path)
    assert parsed.products == tuple(made.products.values())
    assert parsed.currency == made.currency
    if suffix == ".toml":
        assert whole(parsed) == made


# Faults of TOML


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    text = (
        SHOP
        + """
[[product]]
key = "Tea House"
unit = "kg"
prise = "1.00"
price = "1.005"
per = "500 pc"
stock = -3
season = "13-01..02-30"
fresh = "perhaps"
packs = { box = "2 kg", crate = "5 kg" }

[[product]]
key = "tea"
unit = "g"
price = "x"
minimum = "20 pc"
weight = 3
[product.name]
zh-hans = "茶"
en = ""
[product.words]
en = "tea"

[[product]]
key = "tea"
unit = "pc"
name.en = "Tea\\u0007"
name.bo = 5
counter = "根"
picture = "../secret.png"
[[product.grade]]
key = "only"
name.en = "only"
price = 0
per = "pc"
"""
    )
    found = toml_faults(tmp_path, text)
    lines = text.split("\n")
    said = [(lines[int(where.split()[1]) - 1].strip(), what) for where, what in found]
    assert said == [
        ("[[product]]", "missing"),  # the name
        ('key = "Tea House"', "not-a-key"),
        ('unit = "kg"', "not-allowed"),
        ('prise = "1.00"', "unknown"),
        ('price = "1.005"', "too-exact"),
        ('per = "500 pc"', "not-an-amount"),
        ("stock = -3", "not-an-amount"),
        ('season = "13-01..02-30"', "not-a-season"),
        ('fresh = "perhaps"', "not-yes-or-no"),
        ('packs = { box = "2 kg", crate = "5 kg" }', "unknown"),
        ("[[product]]", "missing"),  # per
        ('price = "x"', "not-a-price"),
        ('minimum = "20 pc"', "not-an-amount"),
        ("weight = 3", "too-big"),
        ('zh-hans = "茶"', "not-a-language"),
        ('en = ""', "missing"),
        ('en = "tea"', "not-a-list"),
        ('key = "tea"', "twice"),
        ('name.en = "Tea\\u0007"', "control-character"),
        ("name.bo = 5", "not-a-text"),
        ('counter = "根"', "not-a-table"),
        ('picture = "../secret.png"', "no-picture"),
        ("[[product.grade]]", "one-grade"),
        ("price = 0", "too-small"),
    ]


def test_faults_of_shop_and_zones_are_told_too(tmp_path: Path) -> None:
    text = """\
[shop]
currency = "yuan"
cod-countries = ["China"]

[[zone]]
key = "a"
name.en = "A"
country = "CN"
provinces = ["四川"]
first = "1.00"
more = "1.00"
days = [3, 1]
[[zone]]
key = "a"
name.en = "B"
country = "China"
provinces = []
more = 1.0
"""
    assert toml_faults(tmp_path, text) == [
        ("line 1", "missing"),  # products
        ("line 1", "missing"),  # the shop's name
        ("line 2", "not-allowed"),
        ("line 3", "not-allowed"),
        ("line 9", "no-province"),
        ("line 12", "not-an-amount"),
        ("line 13", "missing"),  # first
        ("line 13", "missing"),  # days
        ("line 14", "twice"),
        ("line 16", "not-allowed"),
        ("line 17", "missing"),
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[shop\n", "line 1"),
        ('[shop]\ncurrency = "CNY\n', "line 2"),
        ("a = 1\na = 2\n", "line 2"),
        ("[shop]\nx = [1,\n\n", "line 4"),
    ],
)
def test_a_fault_of_the_grammar_has_its_line(tmp_path: Path, text: str, where: str) -> None:
    assert toml_faults(tmp_path, text) == [(where, "syntax")]


def test_deep_nesting_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    deep = "x = " + "[" * 20_000
    assert [what for _, what in toml_faults(tmp_path, deep)] == ["syntax"]


def test_a_word_of_two_products_is_a_fault(tmp_path: Path) -> None:
    one = '[[product]]\nkey = "{0}"\nunit = "g"\nprice = 1\nper = "1 kg"\nname.en = "{0}"\n'
    text = SHOP + one.format("tea") + one.format("chai") + 'words.bo = ["ja"]\nwords.en = ["TEA"]\n'
    assert toml_faults(tmp_path, text) == [
        (f"line {text[: text.index('words.bo')].count(chr(10)) + 1}", "twice")
    ]


def test_brackets_quotes_and_hashes_in_texts_move_no_line(tmp_path: Path) -> None:
    text = (
        SHOP
        + '''
[[product]]
key = "tea"    # [[product]] of "old
unit = "g"
price = "2"
per = "1 kg"
name = { en = "a ] } \\" # b", bo = 'c " [' }
about.en = """
[[product]]
key = "\\"""no"
"""
words.en = [ # one "word
  "x]", "#",
]
wrong = 1
'''
    )
    at = text[: text.index("wrong")].count("\n") + 1
    assert toml_faults(tmp_path, text) == [(f"line {at}", "unknown")]


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("shop.toml", b"\xff\xfe", "unreadable"),
        ("shop.txt", b"", "not-a-format"),
        ("shop.csv", "product,名字\n".encode("gb18030"), "unreadable"),
        ("shop.csv", b"", "missing"),
        ("shop.csv", b'product\n"a', "unreadable"),
        ("shop.xlsx", b"PK\x03\x04 no zip", "unreadable"),
        ("shop.toml", b"#" * (tables.FILE_BYTES_MAX + 1), "too-large"),
    ],
)
def test_what_is_no_catalogue_is_told(tmp_path: Path, name: str, data: bytes, what: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert what in [fault for _, fault in faults(tmp_path / name)]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert faults(tmp_path / "none.toml") == [("", "unreadable")]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text("[]{}=\"'#\n ab.1,", max_size=80).map(str.encode))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    for name in ("x.toml", "x.csv", "x.xlsx"):
        path = tmp_path_factory.getbasetemp() / name
        for text in (data, SHOP.encode() + data):
            path.write_bytes(text)
            try:
                read_catalogue(path)
            except CatalogueErrors as error:
                assert str(error)


# Faults of tables


def table_of(path: Path, *rows: tuple[Any, ...]) -> Path:
    tables.write_table(path, rows[0], rows[1:])
    return path


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_every_fault_is_told_with_its_row(tmp_path: Path, suffix: str) -> None:
    path = table_of(
        tmp_path / f"goods{suffix}",
        ("product", "grade", "unit", "price", "per", "stock", "name:en", "packs"),
        ("tea", "", "g", "x", "500 g", "5", "Tea", "box = 1 kg"),
        ("salt", "fine", "g", "2.00", "500 g", "-1", "Salt", ""),
        ("salt", "coarse", "pc", "2.00", "1 pc", "", "", "box"),
    )
    assert faults(path) == [("row 4", "differs"), ("row 4", "differs")]
    path = table_of(
        path,
        ("product", "grade", "currency", "unit", "price", "per", "stock", "name:en", "packs"),
        ("tea", "", "CNY", "g", "x", "500 g", "5", "Tea", "box = 1 kg"),
        ("", "", "", "", "", "", "", "", ""),
        ("salt", "fine", "CNY", "g", "2.00", "500 g", "-1", "Salt", "crate = 5"),
        ("salt", "coarse", "", "", "2.00", "1 pc", "", "", ""),
    )
    assert faults(path) == [
        ("row 2", "not-a-price"),
        ("row 4", "missing"),  # the grades' names stand in columns of their own
        ("row 4", "not-an-amount"),
        ("row 4", "unknown"),
        ("row 5", "missing"),
        ("row 5", "not-an-amount"),
    ]


def test_faults_of_the_rows_themselves(tmp_path: Path) -> None:
    path = table_of(
        tmp_path / "goods.csv",
        ("product", "grade", "currency", "colour", "name:en", "name:en"),
        ("tea", "a", "CNY", "", "Tea", ""),
        ("salt", "", "USD", "", "Salt", ""),
        ("tea", "b", "CNY", "", "", "", "more"),
        ("", "c", "CNY", "", "", ""),
    )
    assert faults(path) == [
        ("row 1", "unknown"),
        ("row 1", "twice"),
        ("row 1", "twice"),
        ("row 3", "differs"),
        ("row 4", "unknown"),
        ("row 4", "scattered"),
        ("row 5", "missing"),
    ]


def test_a_table_may_be_parted_by_semicolons_and_hold_numbers(tmp_path: Path) -> None:
    text = "product;currency;unit;price;per;name:zh-Hans;fresh\r\ntea;CNY;g;28;500 g;茶;TRUE\r\n"
    (tmp_path / "goods.csv").write_text(text, encoding="utf-8-sig")
    parsed = read_catalogue(tmp_path / "goods.csv")
    assert parsed.products[0].grades[0].price == Price(2800, 500)
    assert parsed.products[0].fresh
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["product", "currency", "unit", "price", "per", "name:zh-Hans", "fresh"])
    sheet.append(["tea", "CNY", "g", 28.5, "500 g", "茶", True])
    book.save(tmp_path / "goods.xlsx")
    parsed = read_catalogue(tmp_path / "goods.xlsx")
    assert parsed.products[0].grades[0].price == Price(2850, 500)
    assert parsed.products[0].fresh


def test_an_xlsx_bomb_is_not_unzipped(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"0" * (tables.UNZIPPED_BYTES_MAX + 1))
    assert faults(path) == [("", "unreadable")]


def test_too_many_rows_are_a_fault(tmp_path: Path) -> None:
    rows = "product\n" + "\n" * (tables.ROWS_MAX + 1)
    (tmp_path / "goods.csv").write_text(rows, encoding="utf-8")
    assert faults(tmp_path / "goods.csv") == [("", "unreadable")]


# Pictures


def test_a_picture_beside_the_file_comes_with_it(tmp_path: Path) -> None:
    text = SHOP + '[[product]]\nkey = "tea"\nunit = "g"\nprice = 1\nper = "1 kg"\nname.en = "T"\n'
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
    (tmp_path / "tea.png").write_bytes(png)
    (tmp_path / "text.png").write_bytes(b"no picture")
    path = tmp_path / "shop.toml"
    path.write_text(text + 'picture = "tea.png"\n', encoding="utf-8")
    assert read_catalogue(path).pictures == {"tea": png}
    assert [what for _, what in toml_faults(tmp_path, text + 'picture = "text.png"\n')] == [
        "not-a-picture"
    ]


def test_demo_words_stand_in_one_language_list_each_product() -> None:
    parsed = read_catalogue(DEMO)
    for product in parsed.products:
        for language, words in product.words.items():
            assert words[0] == product.names[language]
            assert len(words) > 5


@pytest.mark.parametrize(
    "steps, fault",
    [
        ("10 kg = 9.00", "does not cost less"),
        ("10 kg = 7.20; 5 kg = 7.00", "does not cost less"),
        ("10 kg = 7.20; 20 kg = 7.20", "does not cost less"),
        ("10 kg", "price"),
        ("ten = 7.20", "from"),
        ("10 pc = 7.20", "from"),
    ],
)
def test_steps_that_are_none_are_told(tmp_path: Path, steps: str, fault: str) -> None:
    text = DEMO.read_text("utf-8").replace("10 kg = 7.20; 50 kg = 6.50", steps)
    text = re.sub(r"^picture = .*$", "", text, flags=re.M)
    file = tmp_path / "shop.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(CatalogueErrors) as found:
        read_catalogue(file)
    assert fault in str(found.value)


@pytest.mark.parametrize("suffix", [".toml", ".csv", ".xlsx"])
def test_steps_come_back_from_every_kind_of_file(tmp_path: Path, suffix: str) -> None:
    parsed = read_catalogue(DEMO)
    shop = assembled(parsed.shop or NO_SHOP, parsed.products)
    file = tmp_path / f"shop{suffix}"
    write_catalogue(shop, file)
    barley = next(each for each in read_catalogue(file).products if each.key == "barley")
    assert barley.grades[0].steps == ((10_000, 720), (50_000, 650))
