"""Another street in the town that stands: 一环路北三段11号, 路名是二环路, 巷子是玉沙巷.

A street says no province: a name in it that other towns have, too, moves nothing.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.addresses.divisions import find_division
from bot.language.addresses.names import REMARK
from bot.language.addresses.page import page_of
from bot.language.addresses.recipient import Recipient, spliced
from bot.language.regex import regex
from bot.language.script import HAN

_STREET = r"(?:大道|大街|胡同|[路街巷弄村]|(?<![知味频通报])道|(?<![家城])里|广场|小区|花园)"
_ROAD = regex(rf"(?P<road>[{HAN}]{{2,}}?(?:大道|[路街道])(?:[东西南北]?[一二三四五六七八九]段)?)")
_HOUSE = regex(r"\d+(?:-\d+)*号?")
# A street with the number of a house, as all that is said.
_STARTS = regex(rf"[{HAN}]{{1,14}}?{_STREET}[{HAN}]{{0,8}}?\d")
_WHOLE = regex(rf"[{HAN}\da-z #,-]{{4,60}}")
_ENDS = regex(r"(?:[\d号栋幢座室楼层房院弄巷旁边]|小区|[花家]园|公寓|大厦|广场|[苑府城])\Z")
_TIBETAN = regex(
    "[\u0f40-\u0fbc་]*(?:ལམ|སྲང)་(?:(?:ཆེན|བུ)་)?ཨང་?(?:གྲངས་)?\\d+(?:[་ ]*ཁང་མིག་?(?:ཨང་?)?\\d+)?"
)
# What is counted, or said to somebody, is none.
SAID = regex(
    r"[我你他她们吗呢啊哈吃看想买做说谈了不没冇在去来给走要会能这那是系改换]"
    r"|\d[ 个多几]*(?:[天斤根块元次分点年月日岁折克袋盒包瓶份里件米种]|公[斤里]|小时)"
)
_LEAD = (
    r"(?:不好意思|抱歉|对不起|麻烦|[写打填发搞输]?错了?|不对|[请,. 了的啊哦])*"
    r"(?:巷子|[巷街路]名|街道|胡同)(?:[写打填搞]?错了?|不对)?[, ]*"
)
_NAMED = regex(
    rf"{_LEAD}(?:应该|要|就)?(?:[改换][成为]|[是系叫]){{1,2}}"
    rf"(?P<new>(?:[{HAN}]{{1,8}}|\d{{1,4}})(?P<kind>大道|大街|胡同|[路街巷弄])"
    r"(?P<n>\d+(?:-\d+)*号?)?)[了的吧哈哦啊 .!]*"
)
# The same in English and Tibetan: how it is said, and the name where it stands.
_ROAD_IN_LATIN = (
    r"(?:[a-z]|\d+(?:st|nd|rd|th))[a-z .'-]{0,40}? (?:street|st|road|rd|lane|avenue|ave|alley)"
)
_NAMED_ELSE = (
    (
        regex(
            r"(?:(?:sorry|oops|no|actually)[ ,.!]*)*(?:the |my )?"
            r"(?:wrong )?(?:street|road|lane|avenue|alley)(?: name)?(?: is wrong)?,?"
            r" (?:it'?s |it )?(?:is|should be)?(?: actually| called)?"
            rf" (?P<new>(?!wrong|not){_ROAD_IN_LATIN})[ .!]*"
        ),
        regex(rf"(?:^|, ?|\d[a-z]? )(?P<name>{_ROAD_IN_LATIN})\b"),
    ),
    (
        regex(
            r"(?:སྲང་ལམ|ལམ|སྲང)(?:་གི་མིང)?་(?:ནོར་སོང[་།\s]+|ནི་|འདི་)+"
            r"(?P<new>[\u0f40-\u0fbc་]{2,40}?(?:ལམ|སྲང))་?(?:རེད|ཡིན)?[་།\s]*"
        ),
        regex(r"(?P<name>[\u0f40-\u0fbc་]+(?:ལམ|སྲང))(?=[་\s]*ཨང)"),
    ),
)
_LANES = ("胡同", "巷", "弄")  # stand behind a street, before the house


def on_road(known: Recipient, said: str) -> Recipient | None:
    """The recipient in another street, or with another house in theirs; None where it says
    another town. What stands behind the number stays where the road is the same."""
    place = find_division(page_of(said).form)
    if place:
        town = known.province.removesuffix(known.city) + known.city
        there = find_division(page_of(town + said).form)
        inside = there is not None and there.place[:2] == (known.province, known.city)
        if there and inside and there.place[2]:
            known = replace(known, district=there.place[2])
            said = said[there.end - len(town) :].lstrip()
        elif not place.start and place.place == (known.province, known.city, ""):
            said = said[place.end :].lstrip()
        elif place.full or not (place.start or place.place[2]):
            return None  # but a district's short name in a street is none
    return replace(known, detail=_numbered(known, said))


def is_alone(form: str) -> bool:
    """Whether a message says a street with the number of a house, and nothing else."""
    if _TIBETAN.fullmatch(form):
        return True
    if not (_WHOLE.fullmatch(form) and _ENDS.search(form)):
        return False
    return bool(_STARTS.match(form)) and not (REMARK.search(form) or SAID.search(form))


def named(known: Recipient, text: str) -> Recipient | None:
    """With the name of the street, or of the lane in it, that is put right: 巷子是玉沙巷."""
    page = page_of(text)
    detail = page_of(known.detail).form
    for pattern, old_name in _NAMED_ELSE:
        found, old = pattern.fullmatch(page.form), old_name.search(detail)
        if found and old:
            return spliced(known, *old.span("name"), page.shown[slice(*found.span("new"))])
    found = _NAMED.fullmatch(page.form)
    if found is None or not re.search(f"[{HAN}]", detail):
        return None
    said, kind = page.shown[slice(*found.span("new"))], found["kind"]
    old = re.search(rf"(?:(?<=[路街道段])|^)(?:[{HAN}]{{1,8}}?|\d+){kind}", detail)
    house = _HOUSE.search(detail)
    start, end = house.span() if house else (len(detail), len(detail))
    if old is None and kind not in _LANES:
        return None
    if not found["n"]:
        end = start
    if old:
        start, end = old.start(), end if found["n"] else old.end()
    return spliced(known, start, end, said)


def _numbered(known: Recipient, said: str) -> str:
    """The street with another number of the same road: what stands behind the number stays."""
    old, new = _ROAD.search(page_of(known.detail).form), _ROAD.search(page_of(said).form)
    house = old and _HOUSE.match(page_of(known.detail).form, old.end())
    if not (old and new and house) or not old["road"].endswith(new["road"]):
        return said
    return known.detail[: old.end()] + said[new.end() :] + known.detail[house.end() :]
