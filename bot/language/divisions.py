"""The administrative divisions of China, found in running text.

They come from a packed table (see `divisions_pack`), loaded at the first use.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("divisions.json.gz")

BEYOND = {"香港特别行政区": "HK", "澳门特别行政区": "MO", "台湾省": "TW"}
_ENDINGS = re.compile(
    r"(?:特别行政区|(?:壮族|回族|维吾尔|维吾尔族)?自治区|省|市|地区|盟|新区|区|县|旗"
    r"|(?:[\u4e00-\u9fff]{1,4}族)*(?:自治州|自治县|自治旗))$"
)
_MINORITY = re.compile(
    r"(?:藏族|羌族|彝族|蒙古族|回族|苗族|土家族|侗族|布依族|傣族|景颇族|傈僳族|哈尼族|壮族|白族|朝鲜族"
    r"|哈萨克|柯尔克孜|蒙古|土族|撒拉族|纳西族|黎族|瑶族|满族|裕固族|东乡族|保安族|仡佬族|独龙族|怒族"
    r"|普米族|拉祜族|佤族|布朗族|仫佬族|毛南族|畲族|锡伯|塔吉克|达斡尔族|水族|各族)+(?=自治)"
)

Place = tuple[str, str, str]  # province, city, district; the latter may be empty


@lru_cache(maxsize=1)
def _places() -> dict[str, list[Place]]:
    """Every name, full and short, and the places that it may mean, the largest first."""
    table: dict[str, dict[str, list[str]]] = json.loads(gzip.decompress(TABLE.read_bytes()))
    places: dict[str, list[Place]] = {}

    def add(name: str, place: Place, least: int) -> None:
        for called in {name, _short(name)}:
            if len(called) >= (least if called != name else 2):
                places.setdefault(called, []).append(place)

    for province in table:
        add(province, (province, "", ""), 2)
    for province, cities in table.items():
        for city in cities:
            add(city, (province, city, ""), 2)
    for province, cities in table.items():
        for city, districts in cities.items():
            for district in districts:
                add(district, (province, city, district), 2)
    return places


@lru_cache(maxsize=8192)
def _short(name: str) -> str:
    """四川 for 四川省, 甘孜 for 甘孜藏族自治州, 康定 for 康定市."""
    bare = _MINORITY.sub("", name)
    for ending in (
        "特别行政区",
        "维吾尔自治区",
        "自治区",
        "自治州",
        "自治县",
        "自治旗",
        "地区",
        "新区",
    ):
        if bare.endswith(ending) and len(bare) - len(ending) >= 2:
            return bare[: -len(ending)]
    if len(bare) > 2 and bare[-1] in "省市区县盟旗":
        return bare[:-1]
    return name


# Names that people put between the parts and that belong to none of them.
_BRIDGES = re.compile(r"(?:[\s,.;:/|·-]|中国|大陆|藏族自治州|自治州|自治县|地区|[省市州县区盟])*")
_LONGEST = 15
# 天河区天河路: the second is a street's name.
_STREET_OF_IT = re.compile("[路街道大巷里桥村镇乡]")


def _place_at(text: str, at: int) -> tuple[str, list[Place]] | None:
    """The longest name of a place that starts here."""
    places = _places()
    for length in range(min(_LONGEST, len(text) - at), 1, -1):
        found = places.get(text[at : at + length])
        if found:
            return text[at : at + length], found
    return None


@dataclass(slots=True)
class Division:
    start: int
    end: int
    place: Place
    full: bool  # a name with its ending (成都市) stood there, or two names that agree


def _fits(outer: Place, inner: Place) -> bool:
    """Whether the inner place lies in the outer one and says more than it."""
    known = [part for part in outer if part]
    return all(part in inner for part in known) and sum(map(bool, inner)) > len(known)


def find_division(text: str) -> Division | None:
    """The best run of division names: the one that says most, the earliest of equals."""
    best: Division | None = None
    at = 0
    while at < len(text):
        if not "\u4e00" <= text[at] <= "\u9fff":
            at += 1
            continue
        run = _run_at(text, at)
        if run is None:
            at += 1
            continue
        if best is None or _weight(run) > _weight(best):
            best = run
        at = run.end
    return best


def _weight(run: Division) -> int:
    return 2 * sum(map(bool, run.place)) * (2 if run.full else 1)


def _run_at(text: str, start: int) -> Division | None:
    first = _place_at(text, start)
    if first is None:
        return None
    name, candidates = first
    end = start + len(name)
    full = _is_full(name, candidates)
    for _ in range(4):
        bridge = _BRIDGES.match(text, end)
        after = bridge.end() if bridge else end
        following = _place_at(text, after) or _place_at(text, end)
        at = after if _place_at(text, after) else end
        if following is None:
            break
        inner = [
            place for place in following[1] if any(_fits(outer, place) for outer in candidates)
        ]
        if not inner:
            # The same place said twice: 北京北京市, 北京市市辖区.
            inner = [place for place in following[1] if place in candidates]
            if not inner or _STREET_OF_IT.match(text, at + len(following[0])):
                break
        candidates, full = inner, True
        end = at + len(following[0])
    return Division(start, _after_ending(text, end, name), _municipal(candidates[0]), full)


def _after_ending(text: str, end: int, name: str) -> int:
    """Past an ending that belongs to a short name: the 州 of 玉树州, the 市 of a city."""
    if text[end : end + 1] in ("州", "省", "市") and text[end - 1 : end] not in "省市区县州旗盟":
        return end + 1
    return end


def _is_full(name: str, candidates: list[Place]) -> bool:
    return any(name in place for place in candidates) and _short(name) != name


def _municipal(place: Place) -> Place:
    """北京 alone is both the province and the city."""
    province, city, district = place
    if province.endswith("市") and not city:
        city = province
    return province, city, district


# -- phones --------------------------------------------------------------------------------------
