"""Which orders a message names, and what it says of them."""

from __future__ import annotations

import pytest

from bot.language.addresses.recipient import Recipient
from bot.shop.catalogue import Price
from bot.shop.orders import Order, OrderLine, State
from bot.talk.buyers.mentions import parted
from tests.language.shop import reader

GOODS = (("cordyceps", "medium"), ("yak-butter", ""), ("sichuan-pepper", ""))


def _orders(*names: str) -> list[Order]:
    return [
        Order(
            id=id,
            number=f"260720-00000{id}",
            key="",
            person_id=1,
            chat_id=1,
            state=State.PLACED,
            pay_by="transfer",
            language="",
            recipient=Recipient(name=name),
            currency="CNY",
            goods_minor=100,
            shipping_minor=0,
            total_minor=100,
            placed_at=0,
            lines=(OrderLine(product, grade, product, 1, "g", 1, Price(100, 1), 100),),
        )
        for id, (name, (product, grade)) in enumerate(zip(names, GOODS, strict=True), 1)
    ]


HAN = _orders("扎西", "王芳", "李雷")
LATIN = _orders("Tashi", "Anna Wang", "Will Li")
TIBETAN = _orders("བཀྲ་ཤིས", "སྒྲོལ་མ", "པདྨ")


def _goods_of(words: str) -> list[tuple[str | None, str | None]]:
    return [(line.product, line.grade) for line in reader().read(words).lines]


def _said(text: str, found: list[Order]) -> list[tuple[str, list[int]]]:
    return [(said.text, said.ids) for said in parted(text, found, _goods_of, loosely=True)]


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        ("王芳的要礼盒，李雷的取消", HAN, [("要礼盒", [2]), ("取消", [3])]),
        ("扎西、王芳的取消", HAN, [("取消", [1, 2])]),
        ("除了扎西那单，其他都取消", HAN, [("取消", [2, 3])]),
        ("扎西的留着，其他的不要了", HAN, [("不要了", [2, 3])]),
        ("花椒那单取消，其他的货到付款", HAN, [("取消", [3]), ("货到付款", [1, 2])]),
        ("取消花椒那单", HAN, [("取消", [3])]),
        ("花椒那单和酥油那单都付了", HAN, [("付了", [2, 3])]),
        ("第一单和第三单取消", HAN, [("取消", [1, 3])]),
        ("王芳那單3斤，李雷那單2斤", HAN, [("3斤", [2]), ("2斤", [3])]),
        ("all but Tashi's on delivery", LATIN, [("on delivery", [2, 3])]),
        ("except for Tashi's, cancel all", LATIN, [("cancel all", [2, 3])]),
        ("cancel Anna's, Tashi's and Will's", LATIN, [("cancel my order", [1, 2, 3])]),
        ("gift wrap for Anna's order please", LATIN, [("gift wrap please", [2])]),
        ("where is the order for Anna", LATIN, [("where is my order", [2])]),
        ("བཀྲ་ཤིས་དང་སྒྲོལ་མའི་མངགས་ཐོ་ཕྱིར་འཐེན་རོགས།", TIBETAN, [("མངགས་ཐོ་ཕྱིར་འཐེན་རོགས།", [1, 2])]),
    ],
)
def test_what_is_said_of_orders(
    text: str, found: list[Order], said: list[tuple[str, list[int]]]
) -> None:
    assert _said(text, found) == said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王芳的", HAN),
        ("王芳那单吧", HAN),
        ("王芳的电话是13600001111", HAN),
        ("给王芳再来2斤酥油", HAN),
        ("再给王芳一单", HAN),
        ("我要给王芳的妈妈买", HAN),
        ("来一单花椒", HAN),
        ("把王芳那单的地址改成和扎西那单一样", HAN),
        ("the one for Anna", LATIN),
        ("I will order 2 jin of pepper", LATIN),
        ("Anna's address is wrong", LATIN),
        ("སྒྲོལ་མའི་ཁ་པར་ 13600001111", TIBETAN),
    ],
)
def test_a_name_alone_says_nothing_of_an_order(text: str, found: list[Order]) -> None:
    assert not _said(text, found)
