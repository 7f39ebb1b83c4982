"""However many orders wait, a seller can come to each of them."""

from __future__ import annotations

from pathlib import Path

from bot.messages import Address
from bot.shop import catalogue, expectations, orders, people, stock
from bot.shop.orders import Moved, Order, State
from bot.shop.quotes import Wanted
from bot.store.unit import Unit
from tests.shop.world import CHENGDU
from tests.talk.play import Play

MANY = 12


def _place(unit: Unit, product: str, grade: str, quantity: int) -> Order:
    chat = people.open_chat(unit, Address("talk", unit.token()))
    placed = orders.place(
        unit,
        catalogue.load(unit.db),
        key=unit.token(),
        chat=chat,
        wants=[Wanted(product, grade, quantity, "pc" if product == "cordyceps" else "g")],
        recipient=CHENGDU,
        pay_by="cod",
        language="zh-Hans",
    )
    assert isinstance(placed, Moved)
    return orders.move(unit, placed.order, State.CONFIRMED, by=None).order


async def _stage(tmp_path: Path, *, packed: int) -> tuple[Play, list[Order]]:
    """Many pre-orders, then as many orders of which some are packed."""
    stage = await Play.open(tmp_path / "shop.db")

    def fill(unit: Unit) -> list[Order]:
        expectations.expect(unit, "cordyceps", "large", 900, "2026-09-01", by=None)
        free = 0
        for level in stock.levels(unit):
            if (level.product, level.grade) == ("cordyceps", "large"):
                free = level.on_hand
        if free:
            stock.lose(unit, "cordyceps", "large", free, by=None)
        for _ in range(MANY):
            _place(unit, "cordyceps", "large", 5)
        made = [_place(unit, "cordyceps", "medium", 5) for _ in range(MANY)]
        for order in made[:packed]:
            orders.move(unit, order, State.PACKING, by=None)
        return made

    return stage, await stage.store.run(fill)


async def test_one_packed_order_is_found_behind_many_that_wait_for_goods(tmp_path: Path) -> None:
    stage, made = await _stage(tmp_path, packed=1)
    await stage.step("> seller: 你好")
    told = "\n".join(await stage.step("> seller: 待办"))
    assert "待发货（1）" in told and made[0].number in told
    assert "待打包（11）" in told and "预售等到货（12）" in told
    sent = "\n".join(await stage.step("> seller: SF1234567890123"))
    assert f"订单 {made[0].number} 已发货" in sent
    await stage.close()


async def test_a_number_finds_every_packed_order(tmp_path: Path) -> None:
    stage, made = await _stage(tmp_path, packed=MANY)
    await stage.step("> seller: 你好")
    asked = "\n".join(await stage.step("> seller: SF1234567890123"))
    assert made[0].number in asked and made[-1].number not in asked
    more = "\n".join(await stage.step("> seller [待发货：还有2条]"))
    assert made[-1].number in more and made[0].number not in more
    sent = await stage.step(f"> seller [{made[-1].number} {made[-1].recipient.name}]")
    assert f"订单 {made[-1].number} 已发货" in "\n".join(sent)
    await stage.close()


async def test_packing_asks_among_all_that_can_be_packed(tmp_path: Path) -> None:
    stage, made = await _stage(tmp_path, packed=0)
    await stage.step("> seller: 你好")
    await stage.step("> seller: 打包好了")
    await stage.step("> seller [待打包：还有2条]")
    packed = await stage.step(f"> seller [{made[-1].number} {made[-1].recipient.name}]")
    assert made[-1].number in "\n".join(packed)
    await stage.step("> seller value which:pack:nothing:0")
    await stage.step("> seller value todo:nothing:x")
    assert await stage.faults() == []
    await stage.close()


async def test_who_asked_for_a_person_is_not_silent(tmp_path: Path) -> None:
    """A seller who has answered still has to find out what became of the parcel."""
    stage = await Play.open(tmp_path / "shop.db")
    for step in (
        "> seller: 你好",
        "> buyer: 来20根中等虫草",
        "> buyer: 扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502",
        "> buyer [确认下单]",
        "> seller [确认到账]",
        "> seller: SF1234567890123",
        "~ 21 days",
        "> buyer: 转人工",
        "> seller [回复]",
        "> seller: 我去问问快递",
    ):
        await stage.step(step)
    told = "\n".join(await stage.step("~ 10 days"))
    assert "不知道到没到" in told and "当您收到了" not in told
    assert "没了结的单（1）" in "\n".join(await stage.step("> seller: 待办"))
    assert await stage.faults() == []
    await stage.close()
