"""The administrative divisions of China, found in running text.

The text is a form: characters simplified and folded one for one (see `page`).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct

from bot.language.addresses.divisions_names import BEYOND, TABLE, Place, is_full, names
from bot.language.regex import regex
from bot.language.script import HAN, TSHEG

__all__ = ["BEYOND", "TABLE", "Division", "Place", "division_at", "find_division"]

LABEL = "\x01"  # what a label of an address is replaced by

# Names and signs that people put between the parts and that belong to none of them.
_BRIDGE = regex(
    rf"(?:[\s,.;:/|·>()\[\]【】{LABEL}{TSHEG}\u0f0d-]|中国|大陆|市辖区|直辖县|新疆生产建设兵团|兵团"
    r"|第[一二三四五六七八九十]{1,2}师|[省市州县区盟旗])*"
)
_LONGEST, _LONGEST_TIBETAN = 15, 60
# 天河路 is a street, and 大理古城 a part of the town: no divisions.
_STREET_OF_IT = regex(
    "[东西南北中前后新老上下内外]{0,2}[一二三四五六七八九十]?"
    "(?:路|街|道|大[道街厦]|巷|弄|桥|村|镇|乡|寺|宾馆|酒店|饭店|商会|广场|中心|小区|花园|家园|公寓|古城|古镇)"
    "|[祠宫庙观坝碑]|[湖山江河][东西南北中]?[路街]|文化[广宫路街]"  # 武侯祠大街
    "|门[内外东西南北]?[大街路桥]|里[东西南北]?[街路区]"  # 朝阳门外大街, 和平里北街
    "|(?<=公)[寓园司]"  # 天马公寓 names no 马公
    "|[\u0f0b ](?:ལམ|སྲང|གྲོང་(?:རྡལ|ཚོ)|ཡུལ་ཚོ|ཤང)"
)
# 环路北三段, 路东城国际3栋: what stands in the name of a street or a house is no district.
_STREET_BEHIND = regex(rf"[{HAN}]{{0,8}}(?:\d|[路街道巷弄段号栋]|小区|花园)")
_VAGUE = regex("[东西南北中城郊矿]区")  # says nothing without the city
_BEFORE = regex(r"[^\u4e00-\u9fff]|[到往寄去给发在是收址住家于从成为]")
_RUN_MAX = 6  # names in one run


class Division(Struct):
    """Where a run of names stood and what it means.

    `place` is the likeliest place, `sure` what is certain of it: no province is known of 鼓楼区.
    `full` tells that a name with its ending stood there (成都市), or several that agree.
    """

    start: int
    end: int
    place: Place
    sure: Place
    full: bool
    said: int = 1  # how many names


def find_division(text: str, labelled: Collection[int] = ()) -> Division | None:
    """The best run of names: one after a label, the one that says most, the earliest of equals."""
    best: Division | None = None
    last: Division | None = None
    at = 0
    while at < len(text):
        run = _run_at(text, at) if _may_start(text, at) else None
        if run is None:
            at += 1
            continue
        if last and _BRIDGE.match(text, last.end, run.start + 1).end() >= run.start:  # type: ignore[union-attr]
            merged = _merged(last, run)
            run = merged or run
        if best is None or best.start == run.start or _is_better(text, run, best, labelled):
            best = run
        last = run
        at = max(run.end, at + 1)
    return best


def division_at(text: str, start: int) -> Division | None:
    """The run of names that starts right here."""
    return _run_at(text, start) if start < len(text) and _may_start(text, start) else None


def _may_start(text: str, at: int) -> bool:
    if "\u4e00" <= text[at] <= "\u9fff":
        return True
    if not "\u0f40" <= text[at] <= "\u0f6c":
        return False
    return at == 0 or not "\u0f40" <= text[at - 1] <= "\u0fbc"


def _is_better(text: str, run: Division, best: Division, labelled: Collection[int]) -> bool:
    def worth(one: Division) -> tuple[bool, int, int]:
        begins = one.start == 0 or bool(_BEFORE.match(text[one.start - 1]))
        return one.start in labelled, one.said + one.full + begins, sum(map(bool, one.place))

    return worth(run) > worth(best)


def _merged(first: Division, again: Division) -> Division | None:
    """四川省成都市四川省成都市双流区 says the same twice; forms that are filled in do that."""
    agree = all(not a or not b or a == b for a, b in zip(first.place, again.place, strict=True))
    if not agree or not again.full:
        return None
    closer = max(first, again, key=lambda one: sum(map(bool, one.place)))
    said = max(first.said, again.said)
    return Division(first.start, again.end, closer.place, closer.sure, True, said)


def _place_at(text: str, at: int) -> tuple[str, list[Place]] | None:
    """The longest name of a place that starts here."""
    known = names()
    if text[at : at + 1] >= "\u4e00":
        for length in range(min(_LONGEST, len(text) - at), 1, -1):
            found = known.get(text[at : at + length])
            if found:
                return text[at : at + length], found
        return None
    letters = re.compile("[\u0f40-\u0fbc\u0f0b]*").match(text, at, at + _LONGEST_TIBETAN)
    name = letters[0].rstrip(TSHEG) if letters else ""
    while name:
        if name in known:
            return name, known[name]
        name = name.rpartition(TSHEG)[0]
    return None


def _is_street(text: str, end: int, places: list[Place]) -> bool:
    """Whether a street goes on behind a name that may mean these places, and none within them."""
    if not _STREET_OF_IT.match(text, end):
        return False
    found = _place_at(text, end)
    return not found or not any(_fits(outer, inner) for outer in places for inner in found[1])


def _fits(outer: Place, inner: Place) -> bool:
    """Whether the inner place lies in the outer one and says more than it."""
    known = [part for part in outer if part]
    return all(part in inner for part in known) and sum(map(bool, inner)) > len(known)


def _run_at(text: str, start: int) -> Division | None:
    first = _place_at(text, start)
    if first is None:
        return None
    name, candidates = first
    end = start + len(name)
    full, said = is_full(name), 1
    if _VAGUE.fullmatch(name) or (not full and _is_street(text, end, candidates)):
        return None
    inside = start > 0 and not _BEFORE.match(text[start - 1])
    while said < _RUN_MAX:
        found = _next_place(text, end, candidates)
        if found is None or (_is_hollow(found) and _next_place(text, found[2], found[1]) is None):
            break
        name, candidates, end = found
        full, said = True, said + 1
    if said == 1 and inside and not full and _STREET_BEHIND.match(text, end):
        return None
    if text[end : end + 1] in ("州", "省", "市") and not is_full(name):
        end += 1
    candidates = _of_one_size(candidates)
    if BEYOND.get(candidates[0][0]) in ("HK", "MO") and said == 1 and not candidates[0][2]:
        # 九龙弥敦道: without a district the part of the city belongs to the street.
        end = start if candidates[0][1] else end
    place, sure = _municipal(candidates[0]), _municipal(_common(candidates))
    return Division(start, end, place, sure, full, said)


_Found = tuple[str, list[Place], int]  # a name, the places that it can mean there, and its end


def _is_hollow(found: _Found) -> bool:
    """A name that belongs to the street if no other follows: 香港九龙弥敦道, 北京市北京西站."""
    name, (place, *_), _ = found
    province, city, district = place
    if district:
        return False
    return BEYOND.get(province) in ("HK", "MO") or (province == city and not is_full(name))


def _next_place(text: str, end: int, candidates: list[Place]) -> _Found | None:
    """The next name in a run."""
    bridge = _BRIDGE.match(text, end)
    # 市中区 begins with what may be the ending of the name before: 乐山市中区.
    shared = end - 1 if text[end - 1] == "市" else end
    for after in (bridge.end() if bridge else end, _past_signs(text, end), end, shared):
        found = _place_at(text, after)
        if found is None:
            continue
        name, meant = found
        inner = [one for one in meant if any(_fits(outer, one) for outer in candidates)]
        inner = inner or ([one for one in meant if one in candidates] if is_full(name) else [])
        if inner and (is_full(name) or not _is_street(text, after + len(name), inner)):
            return name, inner, after + len(name)
    return None


_SIGNS = regex(rf"[\s,.;:/|·>()\[\]【】{LABEL}{TSHEG}\u0f0d-]*")


def _past_signs(text: str, end: int) -> int:
    match = _SIGNS.match(text, end)
    return match.end() if match else end


def _of_one_size(candidates: list[Place]) -> list[Place]:
    """The largest candidates; of equals those on the mainland (中山区 is in Taipei, too)."""
    size = sum(map(bool, candidates[0]))
    equals = [one for one in candidates if sum(map(bool, one)) == size]
    return [one for one in equals if one[0] not in BEYOND] or equals


def _common(candidates: list[Place]) -> Place:
    """What the candidates have in common: of 朝阳区 only its own name."""
    parts = [
        one[0] if all(part == one[0] for part in one) else ""
        for one in zip(*candidates, strict=True)
    ]
    return parts[0], parts[1], parts[2]


def _municipal(place: Place) -> Place:
    """北京 alone is both the province and the city."""
    province, city, district = place
    if province.endswith("市") and not city:
        city = province
    return province, city, district
