"""The tables that staff ask for in the chat: what is in the file, and who may have it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook

from bot.messages import Attachment, Content, Press
from bot.post import lines, workbooks
from bot.shop import accounts, exports, people, stock
from bot.shop.exports import Period
from bot.store.unit import Unit
from tests.talk.play import ZONE, Play
from tests.talk.stages import TerminalPlay

ORDERED = (
    "> seller: 你好",
    "> buyer: 来20根中等虫草",
    "> buyer: 扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502",
    "> buyer [确认下单]",
    "> seller [确认到账]",
)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Play]:
    """A shop with one order, paid for."""
    stage = await Play.open(tmp_path / "shop.db")
    for step in ORDERED:
        await stage.step(step)
    yield stage
    assert await stage.faults() == []
    await stage.close()


async def files_of(stage: Play, label: str) -> list[Attachment]:
    """All files that somebody was sent."""

    def found(db: sqlite3.Connection) -> list[Attachment]:
        chat_id = next(id for id, name in stage.names.items() if name == label)
        said = (line for line in lines.after(db, chat_id, 0, 1000) if line.direction == "out")
        contents = (msgspec.json.decode(line.body, type=Content) for line in said)
        return [file for content in contents for file in content.attachments]

    return await stage.store.read(found)


def sheets_of(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each sheet, without the heads, which are Chinese."""
    book = load_workbook(BytesIO(data))
    heads = "".join(str(cell.value) for sheet in book for cell in sheet[1])
    assert not re.search("[a-z]", heads)
    return {
        sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book.worksheets
    }


async def test_a_workbook_has_all_tables_and_adds_up(stage: Play) -> None:
    await stage.step("> seller: 导出本月订单")
    (file,) = await files_of(stage, "seller")
    assert file.name == "orders-2026-07.xlsx"
    sheets = sheets_of(stage.files.read(file.hash))

    def checked(unit: Unit) -> None:
        for table in exports.SHEETS:
            rows = [
                tuple(None if cell == "" else cell for cell in row)
                for row in table.rows(unit.db, Period(zone=ZONE))
            ]
            assert sheets[table.title] == rows, table.title
        balances = {each.account: each.amount_minor for each in accounts.balances(unit.db)}
        cash = sum(minor for account, minor in balances.items() if account.startswith("cash:"))
        assert sum(row[4] for row in sheets["收支"]) == cash == 56_000
        assert sum(row[4] for row in sheets["分录"]) == 0
        (line,) = sheets["订单明细"]
        assert line[1:8] == ("待打包", "冬虫夏草", "中号", 20, "个", 56_000, "CNY")
        assert line[8:] == (
            *("扎西", "13800138000", "四川省", "成都市", "武侯区", "人民南路四段27号3栋502"),
            *("简体中文", "2026-07-20 15:00:00"),
        )
        goods = {row[1:3] + (row[7],) for row in sheets["库存流水"]}
        assert {("冬虫夏草", "中号", "个"), ("鲜松茸", "5–7 厘米", "克")} <= goods
        assert not any(re.search("[a-z]", f"{row[1]}{row[2] or ''}") for row in sheets["库存流水"])
        on_hand = sum(level.on_hand for level in stock.levels(unit))
        assert sum(row[6] for row in sheets["库存流水"]) == on_hand

    await stage.store.run(checked)
    assert len(sheets) == len(exports.SHEETS) == 7
    book = load_workbook(BytesIO(stage.files.read(file.hash)))
    assert not [c for sheet in book for row in sheet for c in row if c.data_type == "f"]
    await stage.step("> seller: 导出6月")
    assert len(await files_of(stage, "seller")) == 1


async def test_what_waits_comes_in_the_sellers_language_and_as_labels(stage: Play) -> None:
    await stage.step("~ 20 days")
    for said, titles, line in (
        ("打印面单", ["打包清单", "面单"], ("待打包", "冬虫夏草 中号 20根")),
        ("packing list", ["Packing list", "Labels"], ("To pack", "Cordyceps medium 20 pieces")),
    ):
        await stage.step(f"> seller: {said}")
        file = (await files_of(stage, "seller"))[-1]
        assert file.name == "packing-2026-08-09.xlsx"
        book = load_workbook(BytesIO(stage.files.read(file.hash)))
        assert book.sheetnames == titles
        (_, row), (_, label) = (list(sheet.iter_rows(values_only=True)) for sheet in book)
        assert (row[1], row[5]) == line
        assert row[2:5] == ("扎西", "13800138000", "四川省成都市武侯区 人民南路四段27号3栋502")
        assert label[0] == row[0] and label[7:9] == ("CN", "冬虫夏草 中号 ×20")
    await stage.step("> seller [已打包]")
    assert "1 order" in "\n".join(await stage.step("> seller: labels"))
    await stage.step("> seller: SF1234567890123")
    assert "Nothing waits" in "\n".join(await stage.step("> seller: labels"))


async def test_a_day_is_one_of_the_shop_and_not_of_utc(stage: Play) -> None:
    await stage.step("~ 10 hours")  # 01:00 of the next day in Shanghai, 17:00 of this one in UTC
    await stage.step("> seller: 导出昨天的")
    await stage.step("> seller: 导出今天的")
    assert [file.name for file in await files_of(stage, "seller")] == ["orders-2026-07-20.xlsx"]


async def test_who_was_dismissed_meanwhile_gets_nothing(stage: Play) -> None:
    address = await stage.person("seller", "")
    await stage.inbox.take(Press(stage.key(), address, "export:month"))

    def dismiss(unit: Unit) -> None:
        chat = people.find_chat(unit, address)
        assert chat
        people.set_role(unit, chat.person, "buyer", by=None)

    await stage.store.run(dismiss)
    await stage.call()
    assert await files_of(stage, "seller") == []


async def test_too_much_for_a_chat_is_said(stage: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "ROWS_MAX", 3)
    told = "\n".join(await stage.step("> seller: 导出本月订单"))
    assert "没做成" in told and "[导出上月]" in told
    assert await files_of(stage, "seller") == []


async def test_a_question_that_is_left_open_does_not_take_the_words(stage: Play) -> None:
    await stage.step("> seller: 松茸到货")
    assert "orders-2026-07.xlsx" in "\n".join(await stage.step("> seller: 导出本月订单"))
    operator = "\n".join(await stage.step("> operator: 发通知"))
    written = "\n".join(await stage.step("> operator: 出口 export 的松茸来了"))
    assert "file" not in operator + written


async def test_the_terminal_says_where_the_file_lies(tmp_path: Path) -> None:
    stage = await TerminalPlay.open(tmp_path / "shop.db")
    told = "\n".join(await stage.step("> seller: 导出本月订单"))
    (file,) = await files_of(stage, "seller")
    assert file.name in told
    await stage.step("> seller: 待办")  # The terminal shows what came since.
    written = "\n".join(stage.written["seller:seller"])
    assert f'"files": [{{"name": "{file.name}", "path": "{stage.files.path(file.hash)}"' in written
    await stage.close()
