"""Orders as a table: exact columns, sums that add up, and nothing that a spreadsheet computes."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.__main__ import EXPORTS
from bot.service import DEMO
from bot.shop import (
    accounts,
    catalogue,
    expectations,
    exports,
    movements,
    orders,
    payments,
    refunds,
    returned_goods,
    stock,
    tables,
)
from bot.shop.catalogue_files import read_catalogue, store_pictures
from bot.shop.exports import ALWAYS, Period
from bot.shop.orders import State, Wanted
from bot.store import migrate
from bot.store.files import Files
from tests.shop.world import CHENGDU, World

MIGRATIONS = Path(migrate.__file__).with_name("migrations")
PLACED = 1_795_478_400_123  # 2026-11-24T00:00:00.123Z

HOSTILE = ["=1+1", "+86 139", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", "'=1"]


@pytest.fixture
def db() -> sqlite3.Connection:
    """Three orders: two lines, one line, one line."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.row_factory = sqlite3.Row
    for file in sorted(MIGRATIONS.glob("*.sql")):
        db.executescript(file.read_text(encoding="utf-8"))
    db.execute("INSERT INTO person (id, role, created_at) VALUES (1, 'buyer', 0)")
    db.execute(
        "INSERT INTO chat (id, person_id, channel, address, language, created_at)"
        " VALUES (1, 1, 'web', 'a', 'bo', 0)"
    )
    for n, (name, goods) in enumerate([("=HYPERLINK(1)", 3100), ("扎西", 2800), ("李", 900)], 1):
        values = (
            *(n, f"261124-00000{n}", f"k{n}", 1, 1, "placed", "cod", "bo", name),
            *("+86 13900001111", "四川省", "成都市", "武侯区", '科华北路88号, "2"\n楼', "CN"),
            *("CNY", goods, 800, goods + 800, PLACED + (n - 1) * 1000, None, 0, 4, 0),
        )
        db.execute(f'INSERT INTO "order" VALUES ({", ".join("?" * len(values))})', values)
    line = "INSERT INTO order_line VALUES (?, ?, ?, ?, 'x', ?, ?, ?, 1, 1, ?)"
    db.execute(line, (1, 0, "cordyceps", "medium", 1, "box", 20, 2800))
    db.execute(line, (1, 1, "tsampa", "", 100, "g", 100, 300))
    db.execute(line, (2, 0, "cordyceps", "medium", 100, "pc", 100, 2800))
    db.execute(line, (3, 0, "barley", "", 500, "g", 500, 900))
    return db


def test_the_columns_are_exactly_these(db: sqlite3.Connection) -> None:
    assert ",".join(exports.COLUMNS) == (
        "order,status,product,grade,quantity,unit,total_minor,currency,name,phone,province,city,"
        "district,detail,language,placed_at"
    )
    assert exports.order_rows(db)[0] == (
        "261124-000001", "placed", "cordyceps", "medium", 1, "box", 2800, "CNY", "=HYPERLINK(1)",
        "+86 13900001111", "四川省", "成都市", "武侯区", "科华北路88号, \"2\"\n楼", "bo",
        "2026-11-24T00:00:00Z",
    )  # fmt: skip


def test_rows_are_lines_of_orders_and_sum_to_the_goods(db: sqlite3.Connection) -> None:
    rows = exports.order_rows(db)
    assert [row[0] for row in rows] == [f"261124-00000{n}" for n in (1, 1, 2, 3)]
    assert sum(int(row[6]) for row in rows) == 3100 + 2800 + 900


def test_dates_take_the_first_moment_and_leave_the_last(db: sqlite3.Connection) -> None:
    numbers = [row[0] for row in exports.order_rows(db, Period(PLACED + 1000, PLACED + 2000))]
    assert numbers == ["261124-000002"]
    assert len(exports.order_rows(db, Period(PLACED + 1))) == 2
    assert len(exports.order_rows(db, Period(None, PLACED))) == 0


def test_a_csv_has_a_bom_and_no_formula(db: sqlite3.Connection, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    exports.write(path, exports.TABLES["orders"], exports.order_rows(db))
    assert path.read_bytes().startswith(b"\xef\xbb\xbforder,status,")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    assert rows[0]["phone"] == "'+86 13900001111"
    assert rows[0]["detail"] == '科华北路88号, "2"\n楼'
    assert rows[1]["total_minor"] == "300"


def test_an_xlsx_has_strings_and_no_formula(db: sqlite3.Connection, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    exports.write(path, exports.TABLES["orders"], exports.order_rows(db))
    sheet = load_workbook(path).worksheets[0]
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["name"].value, cells["name"].data_type) == ("=HYPERLINK(1)", "s")
    assert cells["phone"].value == "+86 13900001111"
    assert (cells["total_minor"].value, cells["total_minor"].data_type) == (2800, "n")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_a_formula_and_each_reads_back(tmp_path: Path, text: str) -> None:
    tables.write_table(tmp_path / "t.csv", ["a"], [[text]])
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}"]
    assert tables.read_table(tmp_path / "t.csv") == [["a"], [text]]
    tables.write_table(tmp_path / "t.xlsx", ["a"], [[text]])
    assert load_workbook(tmp_path / "t.xlsx").worksheets[0]["A2"].data_type == "s"


def test_a_phone_number_abroad_is_written_as_it_is(tmp_path: Path) -> None:
    tables.write_table(tmp_path / "a.csv", ["phone"], [["+85291234567"]])
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1] == "+85291234567"


def test_control_characters_do_not_break_a_sheet(tmp_path: Path) -> None:
    tables.write_table(tmp_path / "t.xlsx", ["a"], [["a\x00\x0b\ufffeb"]])
    assert load_workbook(tmp_path / "t.xlsx").worksheets[0]["A2"].value == "a���b"


def test_a_failed_export_leaves_the_file_as_it_was(db: sqlite3.Connection, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("before", encoding="utf-8")

    def broken() -> object:
        yield ("1",) * 16
        raise RuntimeError

    with pytest.raises(RuntimeError):
        exports.write(path, exports.TABLES["orders"], broken())  # type: ignore[arg-type]
    assert path.read_text(encoding="utf-8") == "before"
    with pytest.raises(ValueError):
        exports.write(tmp_path / "orders.txt", exports.TABLES["orders"], [])
    assert [file.name for file in tmp_path.iterdir()] == ["orders.csv"]


def test_the_tables_add_up_to_the_books_and_the_stock(world: World) -> None:
    stock.receive(
        world.unit, "cordyceps", "large", 50, by=world.seller, household="扎西", paid_minor=9_000
    )
    order = world.order_in(State.DELIVERED, pay_by="cod")
    offered = refunds.offer(world.unit, order, 700, by=world.seller)
    assert isinstance(offered, refunds.Refund)
    refunds.accept(world.unit, offered.id, by=world.buyer.person)
    refunds.sent(world.unit, offered.id, by=world.seller)
    cash, moved, books = (
        exports.TABLES[name].rows(world.db, ALWAYS) for name in ("cash", "stock", "books")
    )
    assert [row[4] for row in cash] == [order.total_minor, -700]
    balances = {each.account: each.amount_minor for each in accounts.balances(world.db)}
    assert sum(int(row[4]) for row in cash) == balances["cash:cod"] == order.total_minor - 700
    assert sum(int(row[6]) for row in moved) == world.free() == 40
    assert sum(int(row[4]) for row in books) == 0
    (sale,) = exports.TABLES["sales"].rows(world.db, ALWAYS)
    due = (order.goods_minor, 0, order.shipping_minor, order.total_minor, "货到付款")
    assert sale[1:9] == (order.number, "已送达", order.recipient.name, *due)
    assert sale[9:] == (order.total_minor, 700, order.total_minor - 700, "CNY", "")
    sums: dict[str, int] = {}
    for row in books:
        sums[str(row[3])] = sums.get(str(row[3]), 0) + int(row[4])
    assert sums == {exports._in_chinese(name): minor for name, minor in balances.items()}
    assert {row[2] for row in books} == {"收购", "发货", "送达", "同意部分退款", "已退部分款"}
    assert "应付农户:扎西" in sums
    assert [row[5] for row in moved] == ["入库", "售出"]
    assert exports.TABLES["cash"].rows(world.db, Period(world.unit.now + 1)) == []


def test_what_comes_back_spoiled_stands_in_the_stock_table(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.DELIVERED)
    order = orders.move(world.unit, order, State.RETURNING, by=world.seller).order
    away = returned_goods.away(world.db, order.id)
    returned_goods.come_back(world.unit, order, away, by=world.seller, spoiled=True)
    assert returned_goods.away(world.db, order.id) == {}
    assert returned_goods.spoiled(world.db, order.id) == away
    rows = exports.TABLES["stock"].rows(world.db, Period(begin=1))
    goods = [(row[5], row[6], row[8], row[10]) for row in rows[1:]]
    assert goods == [
        ("售出", -10, order.number, ""),
        ("退回入库", 10, order.number, "退回但坏了"),
        ("报损", -10, order.number, "退回但坏了"),
    ]
    assert sum(int(row[6]) for row in rows) == world.free() == 40
    moved = world.db.execute("SELECT kind, quantity, why FROM movement WHERE id > 1 ORDER BY id")
    assert list(map(tuple, moved)) == [
        ("sale", -10, ""),
        ("return", 10, "spoiled"),
        ("lost", -10, "spoiled"),
    ]
    payments.refund(world.unit, order, by=world.seller)
    books = {each.account: each.amount_minor for each in accounts.balances(world.db)}
    assert books["refunds"] == order.total_minor == -books["sales"] - books["shipping"]
    assert world.faults() == []


def test_the_packing_list_speaks_chinese_whatever_the_buyer_spoke(
    world: World, tmp_path: Path
) -> None:
    parsed = store_pictures(read_catalogue(DEMO), Files(tmp_path))
    catalogue.replace(world.unit, parsed, by=None)
    shop = catalogue.load(world.db)
    totals = []
    for pay_by in ("transfer", "cod"):
        placed = orders.place(
            world.unit,
            shop,
            key=pay_by,
            chat=world.buyer,
            wants=[Wanted("cordyceps", "medium", 20, "pc"), Wanted("honey", "", 500, "g")],
            recipient=CHENGDU,
            pay_by=pay_by,
            language="en",
        )
        assert isinstance(placed, orders.Moved)
        payments.claim(world.unit, placed.order)
        payments.confirm(world.unit, placed.order, by=world.seller)
        totals.append(placed.order.total_minor)
    rows = exports.TABLES["packing"].rows(world.db, ALWAYS)
    assert [row[5] for row in rows] == ["冬虫夏草 中号 ×20；土蜂蜜 ×500克"] * 2
    assert rows[0][1:5] == ("卓玛", "13812345678", "四川省成都市武侯区人民南路 1 号", "CN")
    assert [row[6] for row in rows] == [0, totals[1]]


def test_what_is_not_there_yet_is_in_no_packing_list(world: World, tmp_path: Path) -> None:
    catalogue.replace(world.unit, store_pictures(read_catalogue(DEMO), Files(tmp_path)), by=None)
    here = stock.available(world.unit, "cordyceps", "medium")
    stock.lose(world.unit, "cordyceps", "medium", here, by=world.seller)
    expectations.expect(world.unit, "cordyceps", "medium", 50, "2026-08-20", by=world.seller)
    placed = orders.place(
        world.unit,
        catalogue.load(world.db),
        key="awaited",
        chat=world.buyer,
        wants=[Wanted("cordyceps", "medium", 20, "pc")],
        recipient=CHENGDU,
        pay_by="cod",
        language="zh-Hans",
    )
    assert isinstance(placed, orders.Moved)
    payments.confirm(world.unit, placed.order, by=world.seller)
    lists = [exports.TABLES[name] for name in ("packing", "labels")]
    assert [table.rows(world.db, ALWAYS) for table in lists] == [[], []]
    came = world.stock(20, "cordyceps", "medium")
    expectations.serve(world.unit, came, by=world.seller)
    packing, labels = (table.rows(world.db, ALWAYS)[0] for table in lists)
    assert packing[0] == labels[0] == placed.order.number
    assert labels[1:6] == ("卓玛", "13812345678", "四川省", "成都市", "武侯区")
    assert labels[8] == "冬虫夏草 中号 ×20" and labels[10] == placed.order.total_minor


def test_the_command_line_knows_every_table() -> None:
    assert set(EXPORTS) == set(exports.TABLES)


def test_what_moved_is_told_by_kind_as_it_is_exported(world: World) -> None:
    """Also what came back spoiled, and what was given back to a household, and then it was not."""
    lot, by = world.stock(50), world.seller
    stock.set_source(world.unit, lot, "卓玛", 5_000, by=by)
    lot = stock.lot(world.db, lot.id) or lot
    for _ in range(2):
        before = stock.last_movement(world.db)
        assert stock.give_back(world.unit, lot, 5, by=by) is None
    undone = stock.undo(world.unit, before, stock.last_movement(world.db), by=by)
    assert isinstance(undone, stock.Lot)
    assert stock.lose(world.unit, "cordyceps", "large", 3, by=by) is None
    order = world.order_in(State.SHIPPED)
    world.later(1)
    moment = world.unit.now
    order = orders.move(world.unit, order, State.RETURNING, by=by).order
    away = returned_goods.away(world.db, order.id)
    returned_goods.come_back(world.unit, order, away, by=by, spoiled=True)
    for bounds in ((0, movements.ALWAYS), (moment, movements.ALWAYS), (0, moment)):
        exported: dict[str, int] = {}
        for row in exports.TABLES["stock"].rows(world.db, Period(*bounds)):
            exported[str(row[5])] = exported.get(str(row[5]), 0) + int(row[6])
        told = movements.sums(world.db, movements.Goods("cordyceps", "large", *bounds))
        assert {exports.CHINESE[kind]: so_much for kind, so_much in told.items()} == exported
    always = movements.sums(world.db, movements.Goods("cordyceps"))
    assert always == {"in": 50, "sale": -10, "return": 10, "lost": -13, "given back": -5}
    assert movements.sums(world.db, movements.Goods("cordyceps", "small")) == {}
