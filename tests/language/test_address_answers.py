"""What a message tells of the recipient, piece by piece, and what it puts right."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.language.addresses.answers import told
from bot.language.addresses.corrections import wrong_part
from bot.language.addresses.recipient import NOBODY, Recipient
from tests.language.shop import labelled, reader

CHENGDU = Recipient("王强", "13688889999", "四川省", "成都市", "金牛区", "一环路北三段1号", "CN")
NEW_YORK = Recipient(
    name="Mike", phone="2125550199", detail="350 5th Ave, New York, NY 10118", country="US"
)


TAIPEI = Recipient(
    "陳美玲", "0912345678", "台湾省", "台北市", "大安区", "忠孝東路四段216巷33弄5號3樓", "TW"
)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("打錯了是35弄", "忠孝東路四段216巷35弄5號3樓"),
        ("樓層寫錯 是8樓之2", "忠孝東路四段216巷33弄5號8樓之2"),
        ("5樓才對", "忠孝東路四段216巷33弄5號5樓"),
        ("四段改三段", "忠孝東路三段216巷33弄5號3樓"),
        ("是218巷35弄6號", "忠孝東路四段218巷35弄6號3樓"),
        ("唔係33弄 係35弄", "忠孝東路四段216巷35弄5號3樓"),
        ("郵遞區號106", "忠孝東路四段216巷33弄5號3樓 106"),
    ],
)
def test_a_part_of_a_street_is_put_right(text: str, detail: str) -> None:
    assert told(TAIPEI, text, "") == replace(TAIPEI, detail=detail)


@pytest.mark.parametrize(
    "text",
    [
        "原味改成麻辣",
        "大号换成中号",
        "1斤改成2斤",
        "1改成2",
        "放在2楼",
        "2 bags should be 3 bags",
        "not honey but butter",
        "我朋友在解放街买 一根才180",
    ],
)
def test_no_part_of_a_street_is_put_right(text: str) -> None:
    assert told(CHENGDU, text, "") is None


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("不对 电话是13688889998", "phone", "13688889998"),
        ("手机号改成13688889998", "phone", "13688889998"),
        ("错了 13688889998", "phone", "13688889998"),
        ("ཁ་པར་ནོར་སོང་ 13688889998 རེད", "phone", "13688889998"),
        ("kha par 13688889998 re", "phone", "13688889998"),
        ("名字写错了 是王晓美", "name", "王晓美"),
        ("收件人换成张三", "name", "张三"),
        ("ངའི་མིང་ལ་བསོད་ནམས་ཟེར", "name", "བསོད་ནམས"),
        ("门牌号错了 是2号", "detail", "一环路北三段2号"),
        ("301室", "detail", "一环路北三段1号 301室"),
        ("是3单元302", "detail", "一环路北三段1号 3单元302"),
        ("改一下 是86号", "detail", "一环路北三段86号"),
        ("不是1号是12号", "detail", "一环路北三段12号"),
        ("地址写错了，是香港中路12号", "detail", "香港中路12号"),
        ("单元号是3", "detail", "一环路北三段1号3单元"),
        ("尾号9999错了，是9998", "phone", "13688889998"),
        ("电话最后一位是8", "phone", "13688889998"),
        ("不是王强 是王刚", "name", "王刚"),
        ("收件人写李雷", "name", "李雷"),
        ("不是金牛区是武侯区", "district", "武侯区"),
        ("区写错了，应该是武侯区", "district", "武侯区"),
        ("北三段改成南三段", "detail", "一环路南三段1号"),
        ("一环路写错了 是二环路", "detail", "二环路北三段1号"),
        ("写错了，是一环路南三段1号", "detail", "一环路南三段1号"),
        ("应该是3号", "detail", "一环路北三段3号"),
        ("门牌号是2号不是1号", "detail", "一环路北三段2号"),
        ("第二栋 301", "detail", "一环路北三段1号 第二栋 301"),
        ("地址后面加上富临小区3栋", "detail", "一环路北三段1号 富临小区3栋"),
        ("忘了写小区了，富临小区3栋", "detail", "一环路北三段1号 富临小区3栋"),
        ("我电话打错了，是13688889998", "phone", "13688889998"),
        ("typo in the phone, 13688889998", "phone", "13688889998"),
        ("3栋2单元502改成5栋302", "detail", "一环路北三段1号5栋302"),
        ("5栋302，不是3栋502", "detail", "一环路北三段1号5栋302"),
        ("地址里的3栋502应该是5栋302", "detail", "一环路北三段1号5栋302"),
        ("10楼改成12楼", "detail", "一环路北三段1号12楼"),
        ("巷子是玉沙巷", "detail", "一环路北三段玉沙巷1号"),
        ("巷子是玉沙巷5号", "detail", "一环路北三段玉沙巷5号"),
        ("not Jinniu but Wuhou District", "district", "武侯区"),
        ("it's not Jinniu District, it's Wuhou District", "district", "武侯区"),
    ],
)
def test_one_part_is_put_right(text: str, part: str, value: str) -> None:
    assert told(CHENGDU, text, "") == replace(CHENGDU, **{part: value})


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("phone should be 212 555 0198", "phone", "2125550198"),
        ("sorry my phone is 212 555 0198", "phone", "2125550198"),
        ("+1", "phone", "+12125550199"),
        ("the name is Mike Brown", "name", "Mike Brown"),
        ("Apt 12B", "detail", "350 5th Ave, Apt 12B, New York, NY 10118"),
        ("the flat is 7", "detail", "350 5th Ave, flat 7, New York, NY 10118"),
        ("oops it's 351 5th Ave", "detail", "351 5th Ave, New York, NY 10118"),
        ("it's 351, not 350", "detail", "351 5th Ave, New York, NY 10118"),
        ("the zip is 10119", "detail", "350 5th Ave, New York, NY 10119"),
        ("it should be number 351", "detail", "351 5th Ave, New York, NY 10118"),
        ("no, New Paltz, NY 12561", "detail", "350 5th Ave, New Paltz, NY 12561"),
        ("15 Larimer St", "detail", "15 Larimer St, New York, NY 10118"),
        ("Albany, New York 12207", "detail", "350 5th Ave, Albany, New York 12207"),
        ("the last two digits of the phone are 35", "phone", "2125550135"),
        ("350 should be 351", "detail", "351 5th Ave, New York, NY 10118"),
        ("the street is Fulton Street", "detail", "350 Fulton Street, New York, NY 10118"),
        ("5th should be 6th", "detail", "350 6th Ave, New York, NY 10118"),
    ],
)
def test_one_part_abroad_is_put_right(text: str, part: str, value: str) -> None:
    assert told(NEW_YORK, text, "") == replace(NEW_YORK, **{part: value})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("收件人改成李梅，电话13800138999", "李梅"),
        ("换收件人 王小为 13800138999", "王小为"),
        ("换个人收 扎西 13800138999", "扎西"),
        ("改成寄给李梅 13800138999，地址不变", "李梅"),
        ("收件人和电话都改一下，李梅 13800138999", "李梅"),
        ("电话13800138999，收件人改成李梅", "李梅"),
        ("換收件人 陳小文，電話13800138999", "陳小文"),
        ("换成李雷 13800138999", "李雷"),
        ("换我妈收，刘芳 13800138999", "刘芳"),
        ("make it Mary Wang 13800138999", "Mary Wang"),
        ("Mary Wang instead of Wang Qiang, 13800138999", "Mary Wang"),
        ("change the recipient to Mary Wang 13800138999", "Mary Wang"),
        ("new recipient: Mary Wang, her phone is 13800138999", "Mary Wang"),
        ("change the name to Anna Li and the phone to 13800138999", "Anna Li"),
        ("send it to Mary Wang instead, 13800138999, same address", "Mary Wang"),
        ("ལེན་མཁན་དཔལ་ལྡན་ལ་བརྗེ་རོགས། ཁ་པར་ 13800138999", "དཔལ་ལྡན"),
    ],
)
def test_somebody_else_is_named_with_a_phone(text: str, name: str) -> None:
    assert told(CHENGDU, text, "") == replace(CHENGDU, name=name, phone="13800138999")


@pytest.mark.parametrize(
    "text", ["换个颜色", "改成大号", "换成微信支付", "改成寄到成都 13800138999", "change to medium"]
)
def test_what_is_changed_is_nobodys_name(text: str) -> None:
    assert told(CHENGDU, text, "") is None


@pytest.mark.parametrize(
    "text",
    ["make it 3 kg", "no, 3", "什么时候发货", "改成2斤", "10根", "གསུམ་བྱེད", "is 350 the price?"],
)
def test_a_message_of_something_else_puts_nothing_right(text: str) -> None:
    assert told(CHENGDU, text, "") is None
    assert told(NEW_YORK, text, "") is None


@pytest.mark.parametrize(
    "text",
    ["please wrap it nicely", "double everything", "no, 3", "actually 30", "邊隻最好", "双份",
     "la re", "གསུམ་བྱེད", "མིན་ ལྔ", "སྒམ་ཡོད་དམ", "影片好美", "how many in a kilo?"],
)  # fmt: skip
def test_a_remark_is_no_recipient(text: str) -> None:
    assert told(NOBODY, text, "recipient") is None


def test_hardly_any_message_that_buyers_write_is_taken_for_a_recipient() -> None:
    """Of the labelled ones without an address; a few are names, or in languages not known."""
    taken, read = [], reader()
    for one in labelled():
        reading = read.read(one.text, about="honey")
        if one.intent in ("order", "other") and not reading.lines and not reading.recipient:
            remark = bool(reading.marks)
            if told(NOBODY, one.text, "recipient", remark=remark, place=reading.place):
                taken.append(one.text)
    assert len(taken) < 75, taken


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("my phone number is wrong", "phone"),
        ("电话写错了", "phone"),
        ("ཁ་པར་ནོར་སོང", "phone"),
        ("名字錯了", "name"),
        ("wrong address", "address"),
        ("ཁ་བྱང་བརྗེ་དགོས", "address"),
        ("wrong goods", ""),
        ("电话多少", ""),
        ("取消，地址错了", ""),
    ],
)
def test_which_part_is_wrong(text: str, part: str) -> None:
    assert wrong_part(text) == part
