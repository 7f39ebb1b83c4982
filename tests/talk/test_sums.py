"""Sums of money as sellers type them, in all languages and scripts: to the fen, or not at all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.talk.sellers import pricing
from bot.talk.turn import Turn
from tests.language.shop import reader


def turn(text: str, about: str | None = None) -> Turn:
    """All of a turn that a sum is read of."""
    said: Any = SimpleNamespace(text=text, reading=reader().read(text, about=about))
    return cast(Turn, said)


SUMS = {
    "60": 6000,
    "60.5": 6050,
    "60.50": 6050,
    "0.5": 50,
    "１２．５": 1250,
    "1,200": 120000,
    "1,200.50": 120050,
    "56.5元": 5650,
    "¥56.5": 5650,
    "收到60.5": 6050,
    "青稞改成7.5": 750,
    "酥油調到60.5元": 6050,
    "5-7的松茸改成60.5": 6050,
    "三十块五": 3050,
    "三十塊五": 3050,
    "三十块五毛": 3050,
    "30块5": 3050,
    "30块5毛": 3050,
    "三十块零五": 3005,
    "三十块零五毛": 3050,
    "三十元零五分": 3005,
    "12元5角6分": 1256,
    "八块五一斤": 850,
    "五毛": 50,
    "六十点五": 6050,
    "七點二五": 725,
    "六十": 6000,
    "两百八": 28000,
    "五百六十块": 56000,
    "50元一斤": 5000,
    "sixty": 6000,
    "60.5 yuan": 6050,
    "set price of barley to 7.5": 750,
    "it was 560.25": 56025,
    "༦༠": 6000,
    "༦༠.༥": 6050,
    "སྒོར་60.5": 6050,
    "སྒོར་30་དང་ཟུར་5": 3050,
    "སྒོར་མོ་སུམ་ཅུ་དང་ཟུར་ལྔ": 3050,
    "སྒོར་30་དང་ཕྱེད": 3050,
    "ལྔ་བརྒྱ": 50000,
    "ནས་གོང་7.5བཟོ།": 750,
    # What is not clear is asked for again, never guessed.
    "60,50": 0,
    "60,50元": 0,
    "7.555": 0,
    "7.555元": 0,
    "1.2.3": 0,
    "好的": 0,
    "5-7的松茸": 0,
}


@pytest.mark.parametrize("text, minor", SUMS.items())
def test_a_sum_is_read(text: str, minor: int) -> None:
    assert pricing.sum_said(turn(text)) == minor


CHANGES = {
    "酥油降价5元": -1,
    "酥油降5块": -1,
    "酥油便宜5块": -1,
    "酥油降價五塊": -1,
    "酥油涨价5元": 1,
    "酥油加价2元": 1,
    "lower butter by 5": -1,
    "cut the price of butter by 5 yuan": -1,
    "butter 5 yuan less": -1,
    "raise the price of butter by 5": 1,
    "མར་གྱི་གོང་སྒོར་5གཅོག": -1,
    "མར་གྱི་གོང་སྒོར་ལྔ་འཕར": 1,
    "酥油降到5元": 0,
    "酥油降价到5元": 0,
    "酥油涨到50元": 0,
    "酥油改成5元": 0,
    "lower butter to 5": 0,
    "མར་གོང་35བཟོ།": 0,
}


@pytest.mark.parametrize("text, sign", CHANGES.items())
def test_by_how_much_a_price_changes_is_no_price(text: str, sign: int) -> None:
    assert pricing.change_said(turn(text)) == sign


@pytest.mark.parametrize(
    "text", ["酥油少了2斤", "酥油加5斤", "butter 2 jin less", "多少钱", "便宜点", "酥油便宜5块行吗"]
)
def test_amounts_and_questions_change_no_price(text: str) -> None:
    assert not pricing.is_change(turn(text))
