"""Sellers look for orders; what does not fit into a message comes with a button."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.messages import Address
from bot.shop import catalogue, orders, people
from bot.shop.orders import Moved
from bot.shop.quotes import Wanted
from bot.store.unit import Unit
from tests.shop.world import CHENGDU
from tests.talk.play import Play

MANY = 23


def _place_many(unit: Unit) -> list[str]:
    """The numbers of many orders of the same goods for somebody of the same name."""
    numbers = []
    for _ in range(MANY):
        placed = orders.place(
            unit,
            catalogue.load(unit.db),
            key=unit.token(),
            chat=people.open_chat(unit, Address("talk", unit.token())),
            wants=[Wanted("cordyceps", "medium", 2, "pc")],
            recipient=CHENGDU,
            pay_by="cod",
            language="zh-Hans",
        )
        assert isinstance(placed, Moved)
        numbers.append(placed.order.number)
    return numbers


@pytest.mark.parametrize(
    "asked", ["找订单 虫草", "中等虫草的订单", CHENGDU.name, CHENGDU.phone[-4:]]
)
async def test_all_that_was_found_is_reached_newest_first(tmp_path: Path, asked: str) -> None:
    stage = await Play.open(tmp_path / "shop.db")
    numbers = await stage.store.run(_place_many)
    await stage.step("> seller: 你好")
    pages = [await stage.step(f"> seller: {asked}")]
    while any("更早的单" in line for line in pages[-1]):
        pages.append(await stage.step("> seller [更早的单]"))
    told = [
        number
        for page in pages
        for line in page
        for number in numbers
        if line.strip().startswith(number)
    ]
    assert told == numbers[::-1]
    assert len(pages) == 3
    await stage.close()


async def test_an_order_is_found_by_its_number_and_by_its_end(tmp_path: Path) -> None:
    stage = await Play.open(tmp_path / "shop.db")
    numbers = await stage.store.run(_place_many)
    await stage.step("> seller: 你好")
    for asked in (numbers[3], f"找订单 {numbers[3][-6:]}"):
        assert numbers[3] in (await stage.step(f"> seller: {asked}"))[0]
    await stage.close()
