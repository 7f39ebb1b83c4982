"""Streets that are called like districts of other towns: they move no parcel there."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.language.addresses.answers import told
from bot.language.addresses.hints import read_recipient
from bot.language.addresses.recipient import Recipient

TOWNS = {
    "成都": ("四川省", "成都市", "金牛区"),
    "西安": ("陕西省", "西安市", "碑林区"),
    "北京": ("北京市", "北京市", "东城区"),
    "上海": ("上海市", "上海市", "黄浦区"),
    "广州": ("广东省", "广州市", "越秀区"),
    "南京": ("江苏省", "南京市", "秦淮区"),
    "杭州": ("浙江省", "杭州市", "上城区"),
    "武汉": ("湖北省", "武汉市", "江岸区"),
    "重庆": ("重庆市", "重庆市", "渝中区"),
    "拉萨": ("西藏自治区", "拉萨市", "堆龙德庆区"),
    "西宁": ("青海省", "西宁市", "城中区"),
    "玉树": ("青海省", "玉树藏族自治州", "玉树市"),
    "康定": ("四川省", "甘孜藏族自治州", "康定市"),
    "兰州": ("甘肃省", "兰州市", "七里河区"),
    "天津": ("天津市", "天津市", "南开区"),
    "沈阳": ("辽宁省", "沈阳市", "沈河区"),
    "昆明": ("云南省", "昆明市", "五华区"),
    "台北": ("台湾省", "台北市", "信义区"),
}
STREETS = [
    ("成都", "一环路北三段11号"),
    ("成都", "二环路南四段8号"),
    ("成都", "武侯祠大街231号"),
    ("成都", "青羊宫横街6号"),
    ("成都", "天府大道北段1700号"),
    ("成都", "成华大道二段298号"),
    ("西安", "环城路北二段5号"),
    ("西安", "环城东路5号2栋301"),
    ("西安", "长安西街12号"),
    ("西安", "未央湖南路3号"),
    ("北京", "朝阳门外大街18号"),
    ("北京", "鼓楼外大街27号"),
    ("北京", "和平里北街2号"),
    ("北京", "西四北大街7号院3号楼502"),
    ("上海", "中山东一路33号"),
    ("上海", "北京西二路10号"),
    ("上海", "南京东路100弄5号602室"),
    ("上海", "西藏中路268号"),
    ("上海", "昌平路990号"),
    ("上海", "康定路3号"),
    ("广州", "环市东路371号"),
    ("广州", "沿江路南岸12号"),
    ("南京", "武侯祠大街231号"),
    ("南京", "建设路城关小学旁5号"),
    ("南京", "文化路龙城国际11号"),
    ("杭州", "滨河路河东12号"),
    ("杭州", "西湖文化广场5号"),
    ("武汉", "胜利路东城国际3栋502"),
    ("武汉", "解放大道1277号"),
    ("武汉", "泰山路白云山庄8号"),
    ("重庆", "解放碑步行街3号"),
    ("重庆", "内环路北碚新村9号"),
    ("重庆", "中环路南岸花城8号"),
    ("拉萨", "江苏路城关花园6号"),
    ("拉萨", "北京中路8号"),
    ("西宁", "三环路城北商贸城5号"),
    ("西宁", "东门口平安里6号"),
    ("西宁", "公园路西湖新苑8栋"),
    ("玉树", "新环路路南小区7号"),
    ("玉树", "胜利路新市街19号"),
    ("康定", "向阳街27号"),
    ("康定", "新市前街路东区5号"),
    ("兰州", "南滨河东路23号"),
    ("兰州", "工业路东洲里8号"),
    ("兰州", "工农路南开里12号"),
    ("天津", "友谊大街河西里4号"),
    ("天津", "站前路桥东小区5栋"),
    ("沈阳", "一马路西市场5号"),
    ("沈阳", "迎宾路海港城2号"),
    ("沈阳", "双流航空港机场路12号"),
    ("昆明", "人民路南山花园5号"),
    ("昆明", "东风路向阳里3号"),
    ("台北", "忠孝東路四段218巷35弄6號3樓"),
    ("台北", "南京東路三段12號"),
]


@pytest.mark.parametrize(("town", "street"), STREETS)
def test_a_street_alone_stays_in_the_town_that_stands(town: str, street: str) -> None:
    country = "TW" if town == "台北" else "CN"
    known = Recipient("王强", "13688889999", *TOWNS[town], "老街1号", country)
    for said in (street, f"地址写错了，是{street}", f"{street}。"):
        assert told(known, said, "") == replace(known, detail=street)


@pytest.mark.parametrize(("town", "street"), STREETS)
def test_a_street_that_is_asked_for_is_in_the_town_that_was_told(town: str, street: str) -> None:
    country = "TW" if town == "台北" else "CN"
    known = Recipient("王强", "13688889999", *TOWNS[town], "", country)
    assert told(known, street, "street") == replace(known, detail=street)


@pytest.mark.parametrize("street", [street for town, street in STREETS if town not in ("台北",)])
def test_a_street_in_the_middle_of_which_a_district_stands_names_no_town(street: str) -> None:
    if street.startswith(("新华", "双流", "工农", "西湖", "武侯")):
        return
    assert read_recipient(f"王强 13688889999 {street}").province == ""


@pytest.mark.parametrize(
    ("said", "place", "detail"),
    [
        ("武侯区一环路南三段11号", ("四川省", "成都市", "武侯区"), "一环路南三段11号"),
        ("双流航空港机场路12号", ("四川省", "成都市", "双流区"), "航空港机场路12号"),
        ("成都一环路北三段11号", ("四川省", "成都市", "金牛区"), "一环路北三段11号"),
    ],
)
def test_a_district_of_the_town_counts(said: str, place: tuple[str, str, str], detail: str) -> None:
    known = Recipient("王强", "13688889999", *TOWNS["成都"], "老街1号", "CN")
    assert told(known, said, "") == Recipient("王强", "13688889999", *place, detail, "CN")


@pytest.mark.parametrize(
    "said",
    ["西安碑林区环城路北二段5号", "路北区新华道5号", "唐山市路北区新华道5号", "西安环城东路5号"],
)
def test_another_town_is_no_street(said: str) -> None:
    known = Recipient("王强", "13688889999", *TOWNS["成都"], "老街1号", "CN")
    assert told(known, said, "") is None
    assert read_recipient(said).province not in ("", "四川省")


@pytest.mark.parametrize(
    "said",
    [
        "路上要5天", "走318国道要5天吗", "我在路口3号店", "知道5号发货", "这条路3公里",
        "道孚松茸5斤", "路上坏了2根", "街坊买了3盒",
    ],
)  # fmt: skip
def test_what_is_said_of_roads_is_no_street(said: str) -> None:
    known = Recipient("王强", "13688889999", *TOWNS["成都"], "老街1号", "CN")
    assert told(known, said, "") is None
