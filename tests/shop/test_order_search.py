"""Orders are found by what a seller remembers of them."""

from __future__ import annotations

from msgspec.structs import replace

import pytest

from bot.shop import order_search
from bot.shop.orders import State
from tests.shop.world import CHENGDU, World


def test_digits_find_the_end_of_a_number_or_of_a_phone(world: World) -> None:
    world.stock(20)
    order = world.order_in(State.CONFIRMED)
    phone = order.recipient.phone
    for text in (order.number[-6:], phone[-4:], phone, f"尾号{phone[-4:]}的"):
        assert [each.id for each in order_search.told_by_digits(world.db, text)] == [order.id], text
    assert order_search.told_by_digits(world.db, "9999") == []


def test_a_name_is_found_among_other_words(world: World) -> None:
    world.stock(20)
    order = world.order_in(State.CONFIRMED)
    name = order.recipient.name
    for text in (name, f"查一下{name}的单", f"where is {name} now"):
        assert [each.id for each in order_search.named_in(world.db, text)] == [order.id], text
    assert order_search.named_in(world.db, "谁的单") == []


def test_a_first_name_is_of_those_who_have_it_in_front_of_another(world: World) -> None:
    world.stock(20)
    miller, king, alone, _ = [
        world.place(1, recipient=replace(CHENGDU, name=name)).id
        for name in ("Tom Miller", "Tom King", "Ann", "Ann Tomson")
    ]
    for text, ids in (("Give Tom 20 off", [king, miller]), ("Ann's order", [alone])):
        assert [each.id for each in order_search.named_in(world.db, text)] == ids
    assert order_search.named_in(world.db, "what did tom say, To order") == []


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("བཀྲ་ཤིས", ["བཀྲ་ཤིས།", "བཀྲ་ཤིས་", "བཀྲཤིས", "བཀྲ་ཤིས་ཀྱི་མངགས་ཐོ།", "བཀྲ་ཤིས༌ལགས"]),
        ("སྒྲོལ་མ", ["སྒྲོལ་མའི་མངགས་ཐོ་གང་ཡིན།", "སྒྲོལ་མ་ལ"]),
        ("Anna Smith", ["anna smith", "find ANNA  SMITH's order", "Ａｎｎａ smith"]),
        ("Anna Smith", ["查Anna Smith的单", "Give Anna 20 off", "Anna的单便宜20"]),
        ("王小红", ["王小红。", "王小红的单", "请查 王小红"]),
    ],
)
def test_a_name_is_found_however_it_is_typed(world: World, name: str, texts: list[str]) -> None:
    world.stock(20)
    order = world.place(1, recipient=replace(CHENGDU, name=name))
    for text in texts:
        assert [each.id for each in order_search.named_in(world.db, text)] == [order.id], text
    for text in ("", "་", "Anne", "finding annals smithy", "བཀྲ", "小红"):
        assert order_search.named_in(world.db, text) == [], text
