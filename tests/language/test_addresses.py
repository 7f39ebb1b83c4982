"""Addresses as people paste them, in any order."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.addresses.divisions import TABLE
from bot.language.addresses.divisions_latin import PINYIN
from bot.language.addresses.hints import read_recipient
from bot.language.addresses.reading import (
    is_delivery,
    place_named,
    read_name,
    read_phone,
)
from bot.language.addresses.recipient import Recipient
from tests.language.address_report import pasted, wrong

WUHOU = Recipient(
    "扎西", "13800138000", "四川省", "成都市", "武侯区", "人民南路四段27号3栋502", "CN"
)


@pytest.mark.parametrize(
    "text",
    [
        "扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502",
        "四川省成都市武侯区人民南路四段27号3栋502 扎西 13800138000",
        "四川 成都 武侯区 人民南路四段27号3栋502，扎西，13800138000",
        "收件人：扎西\n电话：+86 138-0013-8000\n地址：四川省成都市武侯区人民南路四段27号3栋502",
        "收货人: 扎西 手机号码: 13800138000 所在地区: 四川省成都市武侯区 详细地址: 人民南路四段27号3栋502",  # noqa: E501
        "13800138000扎西四川省成都市武侯区人民南路四段27号3栋502",
        "成都市武侯区人民南路四段27号3栋502，13800138000，扎西",
        "武侯区人民南路四段27号3栋502 138 0013 8000 扎西收",
    ],
)
def test_one_address_in_many_shapes(text: str) -> None:
    assert read_recipient(text) == WUHOU
    assert is_delivery(read_recipient(text))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("北京市朝阳区建国路88号", ("北京市", "北京市", "朝阳区")),
        ("北京朝阳区建国路88号", ("北京市", "北京市", "朝阳区")),
        ("西藏拉萨城关区八廓街10号", ("西藏自治区", "拉萨市", "城关区")),
        ("昆山市玉山镇前进路10号", ("江苏省", "苏州市", "昆山市")),
        ("青海玉树州玉树市结古镇扎西科路12号", ("青海省", "玉树藏族自治州", "玉树市")),
        ("内蒙古呼和浩特市新城区中山东路1号", ("内蒙古自治区", "呼和浩特市", "新城区")),
        ("河南省济源市沁园路1号", ("河南省", "济源市", "")),
        ("康定市炉城镇向阳街3号", ("四川省", "甘孜藏族自治州", "康定市")),
        ("臺北市大安區和平東路二段10號", ("台湾省", "台北市", "大安区")),
    ],
)
def test_what_is_left_out_is_filled_in(text: str, place: tuple[str, str, str]) -> None:
    read = read_recipient(text)
    assert (read.province, read.city, read.district) == place
    assert is_delivery(read)


@pytest.mark.parametrize(
    "text",
    [
        "要20根虫草", "寄北京几天到", "两斤牛肉干到广州运费多少", "那曲的还是玉树的", "地址还是拉萨那个",  # noqa: E501
        "松茸寄到上海要几天 会不会坏", "虫草怎么卖", "how much is shipping to germany", "",
    ],
)  # fmt: skip
def test_a_town_in_a_question_is_no_address(text: str) -> None:
    assert not is_delivery(read_recipient(text))


@pytest.mark.parametrize(
    ("text", "country", "detail"),
    [
        (
            "Ship to 45 Maple St, Queens NY 11373, phone 718-555-0142",
            "US",
            "45 Maple St, Queens NY 11373",
        ),
        (
            "name: John Smith, address: 12 High Street, London, UK, phone +44 20 7946 0958",
            "GB",
            "12 High Street, London",
        ),
    ],
)
def test_foreign_addresses_are_kept_as_they_are(text: str, country: str, detail: str) -> None:
    read = read_recipient(text)
    assert (read.country, read.detail) == (country, detail)
    assert is_delivery(read)


def test_hong_kong_has_its_own_country_code() -> None:
    read = read_recipient("香港九龙旺角弥敦道100号 陈先生 +852 9123 4567")
    assert (read.country, read.province, read.phone) == ("HK", "香港特别行政区", "+85291234567")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800138000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("电话：138-0013-8000", "13800138000"),
        ("+1 718 555 0142", "+17185550142"),
        ("༡༣༨༠༠༡༣༨༠༠༠", "13800138000"),
        ("20", None),
        ("虫草", None),
    ],
)
def test_a_phone_by_itself(text: str, phone: str | None) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    "name", ["扎西", "卓玛才让", "王小明", "李女士", "Tashi Dorje", "བཀྲ་ཤིས་རྡོ་རྗེ"]
)
def test_a_name_by_itself(name: str) -> None:
    assert read_name(name) == name


@pytest.mark.parametrize("text", ["虫草", "要20根", "13800138000", "多少钱", ""])
def test_what_is_no_name(text: str) -> None:
    assert read_name(text) is None


NAMES = ["扎西", "王小明", "卓玛才让", "欧阳娜"]
PHONES = ["13800138000", "15912345678", "+86 186 0000 1111"]
PLACES = [
    ("四川省", "成都市", "武侯区"),
    ("广东省", "广州市", "天河区"),
    ("青海省", "西宁市", "城东区"),
    ("北京市", "北京市", "海淀区"),
    ("西藏自治区", "日喀则市", "桑珠孜区"),
]
STREETS = ["人民南路四段27号3栋502", "解放路8号", "结古镇扎西科路12号", "科华北路88号2单元1001室"]


@settings(max_examples=200)
@given(st.data())
def test_composed_addresses_are_taken_apart_again(data: st.DataObject) -> None:
    name, phone = data.draw(st.sampled_from(NAMES)), data.draw(st.sampled_from(PHONES))
    province, city, district = data.draw(st.sampled_from(PLACES))
    street = data.draw(st.sampled_from(STREETS))
    between = data.draw(st.sampled_from(["", " "]))
    towns = [province, city, district] if province != city else [city, district]
    address = between.join([*towns, street])
    pieces = data.draw(st.permutations([name, phone, address]))
    read = read_recipient(data.draw(st.sampled_from([" ", "，", "\n"])).join(pieces))
    assert (read.name, read.phone) == (name, phone.replace("+86 ", "").replace(" ", ""))
    assert (read.province, read.city, read.district, read.detail) == (
        province, city, district, street,
    )  # fmt: skip


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_of_addresses(text: str) -> None:
    is_delivery(read_recipient(text))
    read_phone(text)
    read_name(text)


@pytest.mark.parametrize(
    "unit",
    [
        "四川省",
        "成都",
        "1",
        "13800138000 ",
        "地址：",
        "a ",
        " ",
        "收",
        "།་ ",
        "xi'an ",
        "li xian, ",
    ],
)
def test_hostile_length_costs_linear_time(unit: str) -> None:
    read_recipient(WUHOU.detail)
    began = time.perf_counter()
    read_recipient(unit * 100_000)
    assert time.perf_counter() - began < 0.5


def test_the_table_is_small() -> None:
    assert TABLE.stat().st_size <= 40_000
    assert PINYIN.stat().st_size <= 30_000


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        (
            "寄件人：李四 13711112222\n收件人：张三 13811112222 四川省成都市武侯区一环路8号",
            Recipient("张三", "13811112222", "四川省", "成都市", "武侯区", "一环路8号", "CN"),
        ),
        (
            "所在地区: 四川省 成都市\n手机: 13800138000\n详细地址：武侯区一环路8号\n收货人: 扎西",
            Recipient("扎西", "13800138000", "四川省", "成都市", "武侯区", "一环路8号", "CN"),
        ),
        (
            "贵州铜仁松桃县蓼皋镇七星路 13847601234 乌日娜",
            Recipient(
                "乌日娜", "13847601234", "贵州省", "铜仁市", "松桃苗族自治县", "蓼皋镇七星路", "CN"
            ),
        ),
        (
            "四川乐山市中区嘉定中路1号 李国栋 13881312345 快递放门卫",
            Recipient("李国栋", "13881312345", "四川省", "乐山市", "市中区", "嘉定中路1号", "CN"),
        ),
        (
            "朝阳区建国路93号 单霁翔院长 13810012345",
            Recipient("单霁翔院长", "13810012345", "", "", "朝阳区", "建国路93号", "CN"),
        ),
    ],
)
def test_what_else_people_paste(text: str, recipient: Recipient) -> None:
    assert read_recipient(text) == recipient


@pytest.mark.parametrize(
    ("text", "country"),
    [("加拿大多伦多市 12 King St 卓玛 +1 416 555 0101", "CA"), ("苏州市新加坡花园城3幢", "CN")],
)
def test_the_country_named_first_counts(text: str, country: str) -> None:
    assert read_recipient(text).country == country


def test_pasted_addresses_are_read_right() -> None:
    found = pasted()
    assert len(found) >= 200
    right = sum(not wrong(one) for one in found)
    assert right / len(found) >= 0.98


def test_addresses_in_english_or_pinyin_are_read_right() -> None:
    found = pasted("addresses_latin.tsv")
    assert len(found) >= 140
    right = sum(not wrong(one) for one in found)
    assert right / len(found) >= 0.97


@pytest.mark.parametrize(
    "text",
    [
        "do you ship to Chengdu?", "how much is shipping to Chengdu, Sichuan province?",
        "I want 20 pieces sent to Chengdu, Sichuan", "hello, can you deliver to Lhasa?",
        "what's the price of 20 pieces? I am in Chengdu", "ni men fa chengdu ma",
        "i live in Chengdu city, how long does delivery of 2 boxes take",
        "is there a road from Lhasa to Shigatse? 3 days?", "I was in Xi'an 5 years ago",
    ],
)  # fmt: skip
def test_a_town_in_an_english_question_is_no_address(text: str) -> None:
    assert not is_delivery(read_recipient(text))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("do you ship to Chengdu?", ("四川省", "成都市", "")),
        ("Xi'an, Shaanxi", ("陕西省", "西安市", "")),
        ("Xian, Shanxi", ("陕西省", "西安市", "")),
        ("Shanxi", ("山西省", "", "")),
        ("Ürümqi, Xinjiang", ("新疆维吾尔自治区", "乌鲁木齐市", "")),
        ("Hohhot, Inner Mongolia", ("内蒙古自治区", "呼和浩特市", "")),
        ("Harbin", ("黑龙江省", "哈尔滨市", "")),
        ("Jilin", ("吉林省", "", "")),
        ("Jilin, Jilin", ("吉林省", "吉林市", "")),
        ("Suzhou", ("", "", "")),
        ("Suzhou, Jiangsu", ("江苏省", "苏州市", "")),
        ("Garzê", ("四川省", "甘孜藏族自治州", "")),
        ("lvliang shi", ("山西省", "吕梁市", "")),
        ("Chaoyang District", ("", "", "")),
    ],
)
def test_places_in_latin_letters(text: str, place: tuple[str, str, str]) -> None:
    read = place_named(text)
    assert (read.province, read.city, read.district) == place


def test_inner_mongolia_is_not_abroad_and_mongolia_is() -> None:
    street = "5 Daxue Street, {}, Bat 13847100001"
    assert read_recipient(street.format("Hohhot, Inner Mongolia")).country == "CN"
    assert read_recipient(street.format("Ulaanbaatar, Mongolia")).country == "MN"


def test_addresses_that_no_rule_was_made_for_are_read_right() -> None:
    found = pasted("addresses_held.tsv")
    right = sum(not wrong(one) for one in found)
    assert right / len(found) >= 0.98


@pytest.mark.parametrize(
    "said", ["send it to", "send all of them to", "ship everything to", "deliver both orders to"]
)
def test_who_has_it_sent_somewhere_names_nobody_by_that(said: str) -> None:
    read = read_recipient(f"{said} 四川省成都市锦江区红星路4号 instead")
    assert (read.name, read.detail) == ("", "红星路4号")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("寄给李雷 13570001111 北京市朝阳区建国路88号", "李雷"),
        ("寄給我媽媽陳美玲 0912345678 台北市大安區忠孝東路四段5號", "陳美玲"),
        ("发给扎西顿珠，13570001111，北京市朝阳区建国路88号", "扎西顿珠"),
        ("བསོད་ནམས་ལ་སྐུར། 13570001111 ལྷ་ས་གྲོང་ཁྱེར་ཁྲིན་ཀོན་ཆུས་སེ་ར་ལམ་ཨང་༡༢", "བསོད་ནམས"),
    ],
)
def test_to_whom_it_is_sent_is_who_receives_it(text: str, name: str) -> None:
    read = read_recipient(text)
    assert read.name == name
    assert read.phone
    assert read.city
