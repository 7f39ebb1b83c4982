"""What traders, cooks and chemists call the goods; what only looks like them; in which language."""

from __future__ import annotations

import pytest

from tests.language.shop import reader


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("草到了没", "cordyceps"), ("四十条草", "cordyceps"), ("那种草还有吗", "cordyceps"),
        ("草包邮吗", "cordyceps"), ("虫cao怎么存", "cordyceps"),
        ("冬chong夏cao有小的没", "cordyceps"), ("虫操啷个卖", "cordyceps"),
        ("cc怎么收费", "cordyceps"), ("dcxc 200克", "cordyceps"),
        ("jeevan buti rate?", "cordyceps"), ("茸到货没", "matsutake"), ("sr 2斤", "matsutake"),
        ("干片泡发后能涨几倍", "matsutake-dried"), ("sr干片要500克", "matsutake-dried"),
        ("干巴多少一包", "yak-jerky"), ("这牛肉咋这么硬", "yak-jerky"), ("mnr三包", "yak-jerky"),
        ("椒麻不麻", "sichuan-pepper"), ("红袍椒50公斤", "sichuan-pepper"),
        ("花叔一斤几钱", "sichuan-pepper"), ("hj来一斤", "sichuan-pepper"), ("ydj半斤", "morel"),
        ("羊肚菜多少钱", "morel"), ("300 g Morcheln", "morel"), ("mar ayod", "yak-butter"),
        ("མཆོད་མེ་འབུལ་བར་མར་རྒྱ་མ་ལྔ་དགོས", "yak-butter"),
    ],
)  # fmt: skip
def test_names_and_nicknames(text: str, product: str) -> None:
    assert reader().read(text).product == product


@pytest.mark.parametrize(
    "text",
    [
        "中草药有没有", "草原今天下雪没", "草莓卖吗", "甘草有吗", "草果一斤多少", "花草茶有吗",
        "种草好久", "拔草了", "绿茸茸的", "有点干巴巴的", "香菇干片", "འབུ་རྒྱབ་འདུག",
        "gong chung tsam chag rok",
        "can I pay by CC?", "please cc me", "Sr. Gomez",
    ],
)  # fmt: skip
def test_a_word_that_holds_a_name_is_none(text: str) -> None:
    assert reader().read(text).product is None


@pytest.mark.parametrize(
    "text",
    [
        "北虫草卖不", "虫草花有嗎", "虫草含片卖吗", "姬松茸有没有", "松茸酱油有没有",
        "鹿茸片多少钱", "青稞饼干有吗", "青稞面条有没有", "糌粑饼有吗", "酥油茶多少钱",
        "花椒油有吗",
        "剁椒酱卖吗", "黑胡椒有吗", "牛肉面调料有吗", "羊肚汤", "cordyceps militaris?",
        "barley tea", "tsampa cookies",
        "black pepper", "peanut butter", "ནས་ཆང་ཡོད་པས",
    ],
)  # fmt: skip
def test_what_is_made_of_goods_or_looks_like_them_is_not_sold(text: str) -> None:
    read = reader().read(text)
    assert read.product is None
    assert "unknown-goods" in read.marks


def test_the_real_one_may_stand_beside_its_look_alike() -> None:
    assert reader().read("北虫草跟冬虫夏草啥区别").product == "cordyceps"
    assert reader().read("酥油茶怎么打").product == "yak-butter"


@pytest.mark.parametrize("text", ["那曲的大草 克价", "大草 12条"])
def test_a_size_before_a_short_name_is_its_grade(text: str) -> None:
    read = reader().read(text)
    assert (read.product, read.grade) == ("cordyceps", "large")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("aro ayod", "bo"), ("mar eyö", "bo"), ("sem kyo song", "bo"), ("kadrinche ah", "bo"),
        ("'bu 'bring ba 25 btang rogs", "bo"), ("cash on delivery yö repe", "bo"),
        ("cc 20", "zh-Hans"), ("tashi delek from Texas", "en"), ("chinese nang shö", "zh-Hans"),
        ("冬虫夏草仲有冇", "zh-Hans"), ("有冇得优惠", "zh-Hans"), ("我要搵真人", "zh-Hant"),
        ("寄香港得唔得", "zh-Hant"),
    ],
)  # fmt: skip
def test_the_language_of_few_words(text: str, language: str) -> None:
    assert reader().read(text).language == language
