"""Whole messages: what buyers and sellers write, and what is read in it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.language.report import scores
from tests.language.shop import messages, reader

# What the labelled messages scored when this was written, all four labels, less one message.
FLOORS = {"zh-Hans": 0.99, "zh-Hant": 0.98, "en": 0.98, "bo": 0.97}


@pytest.mark.parametrize("language", FLOORS)
def test_the_labelled_messages_are_read_no_worse_than_before(language: str) -> None:
    count = scores(messages())[language]
    assert count["all"] / count["messages"] >= FLOORS[language]


def lines(text: str) -> list[tuple[str | None, str | None, str]]:
    return [
        (line.product, line.grade, str(line.quantity or "")) for line in reader().read(text).lines
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("虫草", [("cordyceps", None, "")]),
        ("中等的", [(None, "medium", "")]),
        ("20根", [(None, None, "20 pc")]),
        ("要20根中等的", [(None, "medium", "20 pc")]),
        ("要2斤松茸和10根虫草", [("matsutake", None, "1000 g"), ("cordyceps", None, "10 pc")]),
        ("松茸2斤 虫草10根", [("matsutake", None, "1000 g"), ("cordyceps", None, "10 pc")]),
        (
            "虫草大的20根，中等的30根",
            [("cordyceps", "large", "20 pc"), ("cordyceps", "medium", "30 pc")],
        ),
        ("大虫草来20根", [("cordyceps", "large", "20 pc")]),
        ("5-7厘米的松茸来2斤", [("matsutake", "5-7", "1000 g")]),
        (
            "2 kg matsutake and 20 pieces of medium cordyceps",
            [("matsutake", None, "2000 g"), ("cordyceps", "medium", "20 pc")],
        ),
        ("不要20根,要30根", [(None, None, "30 pc")]),
        (
            "2 kg butter, 20 medium cordyceps and 10 large",
            [
                ("yak-butter", None, "2000 g"),
                ("cordyceps", "medium", "20 pc"),
                ("cordyceps", "large", "10 pc"),
            ],
        ),
        ("20 medium", [(None, "medium", "20 pc")]),
        ("two of the big boxes", [(None, "large", "")]),
        ("medium to 35 and large to 50", [(None, "medium", "")]),
        ("honey and butter 1 kg each", [("honey", None, "1000 g"), ("yak-butter", None, "1000 g")]),
        ("大号虫草10根，不要小的", [("cordyceps", "large", "10 pc")]),
        ("20 pieces of cordiceps", [("cordyceps", None, "20 pc")]),
    ],
)
def test_lines(text: str, read: list[tuple[str | None, str | None, str]]) -> None:
    assert lines(text) == read


@pytest.mark.parametrize(
    ("text", "refused", "product"),
    [
        ("不要虫草了，要松茸", ("cordyceps",), "matsutake"),
        ("虫草换成松茸", ("cordyceps",), "matsutake"),
        ("Forget the cordyceps, give me morels instead", ("cordyceps",), "morel"),
        ("འབུ་མི་དགོས། བེ་ཤ་དགོས།", ("cordyceps",), "matsutake"),
        ("不要碎的虫草，来20根", (), "cordyceps"),
        ("不要虫草了", ("cordyceps",), "cordyceps"),
    ],
)
def test_what_is_refused(text: str, refused: tuple[str, ...], product: str) -> None:
    read = reader().read(text)
    assert (read.refused, read.product) == (refused, product)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("再来一份一样的", "same-again"), ("same again", "same-again"), ("我的订单", "my-orders"),
        ("my orders", "my-orders"), ("已转账", "paid"), ("货到付款", "pay-cod"), ("收到了", "received"),  # noqa: E501
        ("中等虫草改成35元", "set-price"), ("松茸到货20斤", "restock"), ("add 20 jin matsutake", "restock"),  # noqa: E501
        ("打包好了", "packed"), ("packed", "packed"), ("库存", "stock-levels"), ("stock", "stock-levels"),  # noqa: E501
        ("待办", "todo"), ("to do", "todo"), ("set price of medium cordyceps to 35", "set-price"),
        ("好的", "yes"), ("ok", "yes"), ("不对", "no"), ("返回", "back"), ("more", "more"),
        ("有藏红花吗", "unknown-goods"),
    ],
)  # fmt: skip
def test_marks(text: str, mark: str) -> None:
    assert mark in reader().read(text).marks


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("到哪了", "track"),
        ("我的订单", "track"),
        ("取消", "cancel"),
        ("已转账", "payment"),
        ("转人工", "human"),
    ],
)
def test_one_word_is_enough(text: str, intent: str) -> None:
    read = reader().read(text)
    assert read.intent == intent
    assert read.confidence >= 0.5


def test_a_price_set_by_the_seller_is_money() -> None:
    read = reader().read("中等虫草改成35元")
    assert (read.product, read.grade, read.money) == ("cordyceps", "medium", (3500,))


def test_an_order_and_its_address_come_in_one_message() -> None:
    read = reader().read("我要买30根虫草 寄到成都市武侯区科华北路88号 李女士 13900001111")
    assert (read.intent, read.product, str(read.quantity)) == ("order", "cordyceps", "30 pc")
    assert read.recipient is not None
    assert (read.recipient.name, read.recipient.detail) == ("李女士", "科华北路88号")


@pytest.mark.parametrize(("text", "number"), [("20", 20), ("二十", 20), ("２０", 20), ("༢༠", 20)])
def test_a_bare_number(text: str, number: int) -> None:
    assert reader().read(text).number == number


@pytest.mark.parametrize("text", ["？", "👍", "20", "…"])
def test_text_of_no_script_tells_no_language(text: str) -> None:
    assert not reader().read(text).scripted


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("可以用藏语聊吗", "bo"),
        ("English please", "en"),
        ("说中文", "zh-Hans"),
        ("可以講繁體中文嗎", "zh-Hant"),
    ],
)
def test_a_wish_for_a_language_is_granted(text: str, language: str) -> None:
    read = reader().read(text)
    assert (read.wish_language, read.language) == (language, language)


def test_a_word_is_not_found_inside_another() -> None:
    assert reader().read("དམར་པོ་").product is None
    assert reader().read("smart buttercup").product is None


def test_what_was_read_is_explained() -> None:
    assert any("怎么卖 [price] → price" in one for one in reader().read("虫草怎么卖").why)


@settings(max_examples=300)
@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    reader().read(text)


@given(st.lists(st.sampled_from([message.text for message in messages()]), max_size=4))
def test_no_mixture_of_messages_breaks_the_reader(texts: list[str]) -> None:
    reader().read(" ".join(texts))


@pytest.mark.parametrize(
    "unit",
    [
        "要",
        "20根",
        "a dozen ",
        "两三斤",
        "ནས་",
        "不要虫草",
        " ",
        "half a ",
        "twenty ",
        "1.1",
        "qwertyu ",
    ],
)
def test_hostile_length_costs_linear_time(unit: str) -> None:
    reader().read("要20根虫草")
    began = time.perf_counter()
    reader().read(unit * 100_000)
    assert time.perf_counter() - began < 1.0
