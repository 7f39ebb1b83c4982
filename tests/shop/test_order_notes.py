"""What buyers wish of their orders stays with them, once, and stands on the lists."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from bot.language.locales import Locales
from bot.shop import exports, follow_ups, order_notes
from bot.shop.exports import ALWAYS
from bot.shop.follow_ups import Changed
from bot.shop.orders import Moved, State
from tests.shop.world import World, pieces


def test_a_wish_is_kept_once_and_with_when_it_was_said(world: World) -> None:
    world.stock(50)
    order = world.place()
    assert order_notes.keep(world.unit, order, "麻辣的 · 别太碎")
    world.later(5)
    assert order_notes.keep(world.unit, order, "别太碎 · 放门口")
    assert order_notes.of(world.db, order.id) == "麻辣的 · 别太碎 · 放门口"
    now = world.unit.now
    assert [now - at for at, _ in order_notes.told(world.db, order.id)] == [5, 5, 0]


def test_what_is_too_much_is_refused_and_leaves_what_was(world: World) -> None:
    world.stock(50)
    order = world.place()
    assert order_notes.keep(world.unit, order, "a" * order_notes.NOTE_MAX)
    assert not order_notes.keep(world.unit, order, "b")
    assert order_notes.of(world.db, order.id) == "a" * order_notes.NOTE_MAX


def test_the_order_in_its_place_has_its_wishes_once(world: World) -> None:
    world.stock(50)
    order = world.place()
    order_notes.keep(world.unit, order, "麻辣的")
    changed = world.change(order, pieces(20))
    assert isinstance(changed, Changed)
    order_notes.keep(world.unit, changed.order, "麻辣的 · 放门口")
    assert order_notes.of(world.db, changed.order.id) == "麻辣的 · 放门口"
    assert order_notes.of(world.db, order.id) == "麻辣的"


def test_what_is_taken_back_is_known_and_wished_no_more(world: World) -> None:
    world.stock(50)
    order = world.place()
    order_notes.keep(world.unit, order, "麻辣的 · 放门口")
    world.later(5)
    assert order_notes.set_to(world.unit, order, "放门口 · 礼盒")
    assert order_notes.of(world.db, order.id) == "放门口 · 礼盒"
    now = world.unit.now
    assert order_notes.ever(world.db, order.id) == [
        (now - 5, now, "麻辣的"),
        (now - 5, None, "放门口"),
        (now, None, "礼盒"),
    ]
    assert not order_notes.set_to(world.unit, order, "a" * (order_notes.NOTE_MAX + 1))
    assert order_notes.of(world.db, order.id) == "放门口 · 礼盒"
    changed = world.change(order, pieces(20))
    assert isinstance(changed, Changed)
    assert order_notes.of(world.db, changed.order.id) == "放门口 · 礼盒"


def test_what_cannot_be_changed_keeps_its_wishes_alone(world: World) -> None:
    world.stock(50)
    order = world.place()
    order_notes.keep(world.unit, order, "麻辣的")
    assert isinstance(world.change(order, pieces(80)), list)
    assert world.db.execute("SELECT order_id FROM order_note").fetchall()[0][0] == order.id


def test_what_is_sent_again_is_wished_alike(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.SHIPPED)
    order_notes.keep(world.unit, order, "麻辣的")
    again = follow_ups.send_again(world.unit, world.shelf, order, by=world.seller)
    assert isinstance(again, Moved)
    assert order_notes.of(world.db, again.order.id) == "麻辣的"


def test_wishes_stand_on_the_lists_and_compute_nothing(world: World, tmp_path: Path) -> None:
    world.stock(50)
    order = world.order_in(State.CONFIRMED)
    order_notes.keep(world.unit, order, "=1+1")
    order_notes.keep(world.unit, order, "放门口")
    note = "=1+1 · 放门口"
    for name in ("packing", "labels", "sales"):
        table = exports.TABLES[name]
        rows = table.rows(world.db, ALWAYS)
        assert (table.columns[-1], rows[0][-1]) == ("备注", note)
        exports.write(tmp_path / "t.csv", table, rows)
        with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
            assert list(csv.DictReader(file))[0]["备注"] == f"'{note}"
    book = BytesIO()
    exports.write_waiting(book, world.db, Locales(), "zh-Hans")
    for sheet in load_workbook(book).worksheets:
        head, first = sheet[1], sheet[2]
        assert (head[-1].value, first[-1].value, first[-1].data_type) == ("备注", note, "s")
