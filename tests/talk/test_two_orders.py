"""A seller says something of each of two orders, by their numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.shop.numbers import numbers_in
from tests.talk.play import Play

PLACE = "四川省成都市武侯区人民南路四段27号3栋502"
GREETED = {"zh-Hans": "你好", "en": "hello, how are you", "bo": "སྐུ་ཁམས་བཟང་། ཁྱེད་བདེ་མོ་ཡིན་ནམ།"}
SAID = {
    "zh-Hans": "订单 {0} 取消，订单 {1} 货到付款",
    "en": "cancel order {0}, and order {1} cash on delivery",
    "bo": "མངགས་ཐོ་ {0} འཐེན། མངགས་ཐོ་ {1} འབྱོར་རྗེས་དངུལ་སྤྲོད།",
}
ASKS = {"zh-Hans": "要取消订单", "en": "Cancel order", "bo": "འཐེན་དགོས་སམ"}


@pytest.mark.parametrize("language", SAID)
async def test_each_part_is_done_with_its_own_order(tmp_path: Path, language: str) -> None:
    stage = await Play.open(tmp_path / "shop.db")
    await stage.step(f"> seller: {GREETED[language]}")
    numbers = []
    for name, phone in (("Ann", "13800138000"), ("Bob", "13900139111")):
        await stage.step(f"> buyer {name}: 花椒2斤 王芳 {phone} {PLACE}")
        placed = await stage.step(f"> buyer {name} [确认下单]")
        numbers.append(next(number for line in placed for number in numbers_in(line)))
    told = await stage.step(f"> seller: {SAID[language].format(*numbers)}")
    [first] = [line for line in told if line.startswith("< seller") and ASKS[language] in line]
    assert numbers_in(first) == numbers[:1]
    [news] = [line for line in told if line.startswith("< buyer Bob")]
    assert numbers_in(news) == numbers[1:]
    assert not [line for line in told if line.startswith("< buyer Ann")]
    await stage.close()
