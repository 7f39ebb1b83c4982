"""What the divisions of China are called: by their full names, short ones, old ones, in Tibetan.

The full names come from a packed table (see `divisions_pack`), loaded at the first use.
"""

from __future__ import annotations

import gzip
import json
import re
from functools import lru_cache
from pathlib import Path

from bot.language.regex import regex
from bot.language.script import TSHEG

TABLE = Path(__file__).with_name("divisions.json.gz")
TRADITIONAL = Path(__file__).with_name("divisions_traditional.json.gz")
TIBETAN = Path(__file__).with_name("divisions_tibetan.tsv")

Place = tuple[str, str, str]  # province, city, district; the latter may be empty

BEYOND = {"香港特别行政区": "HK", "澳门特别行政区": "MO", "台湾省": "TW"}

_PEOPLES = (
    "柯尔克孜|达斡尔|鄂温克|鄂伦春|哈萨克|维吾尔|塔吉克|乌孜别克|俄罗斯|塔塔尔|傈僳|哈尼|布依|土家|朝鲜|"
    "蒙古|景颇|撒拉|纳西|裕固|东乡|保安|仡佬|独龙|普米|拉祜|布朗|仫佬|毛南|德昂|阿昌|基诺|锡伯|赫哲|各|"
    "藏|羌|彝|回|苗|侗|傣|壮|白|土|黎|瑶|满|怒|佤|畲|水|京"
)
_SELF_GOVERNED = regex(
    rf"(?P<peoples>(?:(?:{_PEOPLES})族|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克|维吾尔)*)"
    r"(?:自治(?P<kind>区|州|县|旗)|(?P<quarter>区))$"
)
_ENDINGS = ("特别行政区", "地区", "新区", "林区", "省", "市", "区", "县", "盟", "旗")

# What no rule makes out of the full name: spoken short forms.
_SPOKEN = {
    "内蒙": "内蒙古自治区",
    "呼市": "呼和浩特市",
    "乌市": "乌鲁木齐市",
    "哈市": "哈尔滨市",
    "锡盟": "锡林郭勒盟",
    "锡林浩特": "锡林浩特市",
    "呼盟": "呼伦贝尔市",
    "哲盟": "通辽市",
    "昭盟": "赤峰市",
    "乌盟": "乌兰察布市",
    "巴盟": "巴彦淖尔市",
    "伊盟": "鄂尔多斯市",
    "阿盟": "阿拉善盟",
    "克州": "克孜勒苏柯尔克孜自治州",
    "博州": "博尔塔拉蒙古自治州",
    "巴州": "巴音郭楞蒙古自治州",
    "伊州": "伊犁哈萨克自治州",
    "版纳": "西双版纳傣族自治州",
    "版纳州": "西双版纳傣族自治州",
    "湘西州": "湘西土家族苗族自治州",
    "昆区": "昆都仑区",
    "莫旗": "莫力达瓦达斡尔族自治旗",
    "鄂旗": "鄂托克旗",
    "达茂旗": "达尔罕茂明安联合旗",
    "达茂": "达尔罕茂明安联合旗",
    "东乌旗": "东乌珠穆沁旗",
    "西乌旗": "西乌珠穆沁旗",
    "东乌": "东乌珠穆沁旗",
    "西乌": "西乌珠穆沁旗",
    "达旗": "达拉特旗",
    "杭锦": "杭锦旗",
    "准旗": "准格尔旗",
    "扎旗": "扎赉特旗",
    "克旗": "克什克腾旗",
    "翁旗": "翁牛特旗",
    "阿旗": "阿鲁科尔沁旗",
    "前郭": "前郭尔罗斯蒙古族自治县",
    "前郭县": "前郭尔罗斯蒙古族自治县",
    "杜蒙": "杜尔伯特蒙古族自治县",
    "杜蒙县": "杜尔伯特蒙古族自治县",
    "喀左": "喀喇沁左翼蒙古族自治县",
    "喀左县": "喀喇沁左翼蒙古族自治县",
    "阜蒙县": "阜新蒙古族自治县",
    "塔县": "塔什库尔干塔吉克自治县",
    "察县": "察布查尔锡伯自治县",
    "和丰县": "和布克赛尔蒙古自治县",
    "浦东": "浦东新区",
    "滨海": "滨海新区",
}


def in_traditional(name: str) -> str:
    """A division's name as the other script writes it."""
    return _traditional_names().get(name, name)


@lru_cache(maxsize=1)
def _traditional_names() -> dict[str, str]:
    found: dict[str, str] = json.loads(gzip.decompress(TRADITIONAL.read_bytes()))
    return found


@lru_cache(maxsize=1)
def names() -> dict[str, list[Place]]:
    """Every name and the places that it may mean, the largest first."""
    known: dict[str, list[Place]] = {}
    fulls: dict[str, list[Place]] = {}

    def add(called: str, place: Place) -> None:
        places = known.setdefault(called, [])
        if place not in places:
            places.append(place)

    for full, place in divisions():
        fulls.setdefault(full, []).append(place)
        for called in short_names(full):
            add(called, place)
    official = set(known)
    for full, place in divisions():
        for called in _once(full):
            if called not in official:
                add(called, place)
    for called, full in _SPOKEN.items():
        for place in fulls.get(full, []):
            add(called, place)
    for called, full in _tibetan_names():
        city, _, district = full.rpartition("/")
        for place in fulls.get(district, []):
            if not city or place[1] == city:
                add(called, place)
    return known


def divisions() -> list[tuple[str, Place]]:
    """Provinces, then cities, then counties, each with its full name."""
    table: dict[str, dict[str, list[str]]] = json.loads(gzip.decompress(TABLE.read_bytes()))
    found = [(province, (province, "", "")) for province in table]
    for province, cities in table.items():
        found += [(city, (province, city, "")) for city in cities]
    for province, cities in table.items():
        for city, districts in cities.items():
            found += [
                (district, (province, city, district))
                for district in districts
                # Where towns lie directly under a city (东莞), the field of the district is empty.
                if province in BEYOND or district[-1] in "区县市旗"
            ]
    return found


def short_names(full: str) -> list[str]:
    """甘孜藏族自治州 and what it is called by most: 甘孜, 甘孜州."""
    called = [full]
    own = _SELF_GOVERNED.search(full)
    if own and (own["kind"] or own["peoples"]):
        base = full[: own.start()] or own["peoples"].removesuffix("族")
        kind = own["kind"] or own["quarter"]
        if len(base) + (kind != "区") >= 2:
            called.append(base + kind)
        if len(base) >= 2:
            called.append(base)
    else:
        base = next((full[: -len(end)] for end in _ENDINGS if full.endswith(end)), full)
        if len(base) >= 2:
            called.append(base)
    banner = re.fullmatch(r"(.)(?:.+?)(左|右)(?:翼)?(前|中|后)?旗", full)
    if banner:
        called.append("".join(part for part in banner.groups() if part) + "旗")
    return called


def _once(full: str) -> list[str]:
    """What a place was before it became a district or a city, as many call it still."""
    endings = {"区": ["县", "市"], "市": ["县", "地区"]}.get(full[-1], [])
    return [full[:-1] + ending for ending in endings if len(full) > 2]


_TIBETAN_PEOPLES = (
    "", "བོད་རིགས་", "བོད་རིགས་ཆང་རིགས་", "བོད་རིགས་ཆའང་རིགས་", "སོག་རིགས་བོད་རིགས་", "བོད་རིགས་སོག་རིགས་",
)  # fmt: skip
_TIBETAN_ENDINGS = {
    "省": ("ཞིང་ཆེན",),
    "自治区": (),
    "州": ("ཁུལ", *(peoples + "རང་སྐྱོང་ཁུལ" for peoples in _TIBETAN_PEOPLES)),
    "地区": ("ས་ཁུལ", "ཁུལ"),
    "市": ("གྲོང་ཁྱེར", "གྲོང", "ས་ཁུལ", "རྫོང"),
    "区": ("ཆུས", "ཁུལ", "རྫོང"),
    "县": ("རྫོང", *(peoples + "རང་སྐྱོང་རྫོང" for peoples in _TIBETAN_PEOPLES)),
}


def _tibetan_names() -> list[tuple[str, str]]:
    found = []
    for line in TIBETAN.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        base, _, full = line.partition("\t")
        if not full.endswith(("县", "区")) or full.endswith("自治区"):
            found.append((base, full))  # Counties are called ཉི་མ "sun" and མེ་ཏོག "flower".
        kind = next(kind for kind in _TIBETAN_ENDINGS if full.endswith(kind))
        found += [(base + TSHEG + end, full) for end in _TIBETAN_ENDINGS[kind]]
    return found


def is_full(name: str) -> bool:
    """Whether a name says by itself that it is a division: 成都市, 玉树州, not 成都."""
    if name[-1] in "省市区县州盟旗":
        return len(name) > 2 or name in _SPOKEN or name[-1] not in "州市"  # 广州, 新市
    return name.endswith(("ཞིང་ཆེན", "ཁུལ", "གྲོང་ཁྱེར", "རྫོང", "ཆུས", "ལྗོངས"))
