"""What a message in Chinese puts right of an address: 四段改成三段, 5楼才对, 不是金牛区是武侯区.

The old may be told with the new, or only the new with what kind of part it is; all else stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from bot.language.addresses.divisions import find_division
from bot.language.addresses.names import STREETY, is_lone_name, is_nickname
from bot.language.addresses.page import page_of
from bot.language.addresses.parts import sheet_of
from bot.language.addresses.recipient import Recipient, spliced
from bot.language.regex import regex
from bot.language.script import HAN

_WRONG = r"[写打填发搞输记讲]?错[了咗啦]?|不对|搞错|弄错"
_SORRY = (
    rf"(?:{_WRONG}|抱歉|唔好意思|不好意思|对不起|等[等下]|刚才|上面|麻烦|[请帮我啊哦]|[那这]个"
    r"|哎呀?|[了的咯啦,.!: ])"
)
_OF = (
    r"(?:详细地址|收?[件货]?地址[里上中]?|收[件货]人|名字|姓名|门牌号?|楼层|楼号|楼栋|房[间号]?号?|单元号?|路名|街道|城区|区县"
    r"|[路街道巷弄段区县楼层室栋座号名]号?(?=[写打填搞]?错|不对|[是系应要改]))"
)
_LEAD = rf"(?:{_SORRY}|{_OF})*+"
_IS = r"(?:应该|应当|应|要|而|才|就)?(?:改|换)?(?:[是系为]|写?[成做])?"
_SAYS = regex("[改换是系为成做写对]|先啱")
_TAIL = r"(?:才对|才是|先啱|[了吧哈哦啊呀啦咯 .!])*"
_SWAPS = tuple(
    regex(pattern + r"\Z")
    for pattern in (
        rf"{_LEAD}(?:把|将)?(?P<old>[^,.! ]{{1,16}}?)[, ]*(?:要|应该)?[改换](?:[成为做到])?[, ]*"
        rf"(?P<new>[^,.! ]{{1,16}}?){_TAIL}",
        rf"{_LEAD}(?:不是|唔系)(?P<old>[^,.! ]{{1,16}}?)[, ]*(?:应该|而|才)?[是系]"
        rf"(?P<new>[^,.! ]{{1,16}}?){_TAIL}",
        rf"{_LEAD}[是系]?(?P<new>[^,.! ]{{1,16}}?)[, ]*(?:不是|唔系)"
        rf"(?P<old>[^,.! ]{{1,16}}?){_TAIL}",
        rf"{_LEAD}(?P<old>[^,.! ]{{2,16}}?)(?:{_WRONG}|(?=应[该当]))[, ]*"
        rf"{_IS}(?P<new>[^,.! ]{{2,16}}?){_TAIL}",
    )
)
_NUMBER = r"(?:第?(?:\d+[a-z]?(?:-\d+)*|[a-z]\d{0,4}|[一二三四五六七八九十百]{1,4}))"
# Kinds of parts, each with the words for it; where there is none yet, some stand at the end.
_KINDS = (
    "段",
    "巷",
    "弄|衖",
    "号楼|栋|幢|座",
    "号(?!楼)",
    "单元",
    r"(?:楼|层|f)(?:之\d+)?",
    "室|房",
)
_AT_END = "号楼栋幢座单层室房f"
_PART = rf"(?P<n>{_NUMBER})(?P<kind>{'|'.join(_KINDS)})"
_PARTS = regex(
    rf"(?P<lead>{_LEAD})(?P<is>{_IS})(?P<parts>(?:{_NUMBER}(?:{'|'.join(_KINDS)}))+)"
    rf"(?P<tail>{_TAIL})\Z"
)
_ALONE = regex(rf"(?:再?加上?)?(?P<parts>(?:{_NUMBER}(?:{'|'.join(_KINDS)}))+)")
# A room is often a bare number behind the house.
ROOM = r"|(?<=[栋幢座元楼层号])\d{3,4}[a-z]?\Z"
_KIND = regex(rf"[{HAN}]$")
# 3栋2单元502 that stands there in other words.
_FLAT = regex(rf"(?:{_NUMBER}(?:号楼|[栋幢座室楼层]|单元)[ ,]*)+(?:\d{{1,4}}室?)?")
_FLAT_AT_END = regex(rf"\s*{_FLAT.pattern}\Z")
_DISTRICT = regex(rf"(?P<lead>{_LEAD})(?P<is>{_IS})(?P<new>[{HAN}]{{1,7}}[区县市旗]){_TAIL}\Z")
_MORE = regex(
    r"(?:[ ,.的请再要]|不好意思|抱歉|还[有要]|对了|麻烦|帮我|地址|门牌号?|后[面边])*+"
    r"(?P<word>加上?|补充?[上个下]?|漏[了写]?|少写|忘[了记]?(?:写|填|加上?)?)"
    r"(?:一下|一个|[了个是写加上: ])*"
    rf"(?:小区|公司名?[称字]?|门牌号?|楼层|房号|[,了:是叫 ])*(?P<new>[^,.! ]{{2,30}}?){_TAIL}\Z"
)
_OF_ADDRESS = regex(r"地址|门牌|[后漏忘]|少写|公司名")


def corrected(known: Recipient, text: str) -> Recipient | None:
    """The recipient with the part that a message in Chinese puts right; None for none."""
    page = page_of(text)
    if not re.search(f"[{HAN}]", page.form) or sheet_of(page).phones:
        return None
    form = page.form.strip()
    lead = len(page.form) - len(page.form.lstrip())

    def said(found: re.Match[str], group: str) -> str:
        return page.shown[found.start(group) + lead : found.end(group) + lead]

    for pattern in _SWAPS:
        found = pattern.match(form)
        swapped = found and _swapped(known, found["old"], said(found, "new"))
        if swapped:
            return swapped
    if not known.detail:
        return None
    readers: list[Callable[[], Recipient | None]] = [
        lambda: _parts(known, form, said),
        lambda: _district(known, form, said),
        lambda: _more(known, form, said),
    ]
    return next((right for read in readers if (right := read())), None)


_Said = Callable[[re.Match[str], str], str]


def _swapped(known: Recipient, old: str, new: str) -> Recipient | None:
    """With the new where the old stands, if it stands anywhere."""
    said = page_of(new).form
    if old == page_of(known.name).form or (known.name and old == page_of(known.name).form[:1]):
        return replace(known, name=new) if is_lone_name(new) or is_nickname(new) else None
    if known.district and old == page_of(known.district).form[: max(2, len(old))]:
        return _in_city(known, said)
    if not re.search(rf"[{HAN}]|\d{{3}}", old):
        return None  # rather another amount
    detail = page_of(known.detail).form
    there = list(re.finditer(_bounded(old), detail))
    if not there and _FLAT.fullmatch(old) and _FLAT.fullmatch(said):
        if _PARTS.fullmatch(said):
            return _with_parts(known, said, new)
        tail = _FLAT_AT_END.search(detail)
        return replace(known, detail=known.detail[: tail.start() if tail else None] + new)
    if not there or len(said) > 2 * len(old) + 4:
        return None
    start, end = there[-1].span()
    last = _KIND.search(said)
    if last and not _KIND.search(old) and detail[end : end + 1] == last[0]:
        end += 1
    elif not last and (kind := _KIND.search(old)):
        new += known.detail[end - 1 : end] if kind else ""
    return spliced(known, start, end, new)


def _bounded(old: str) -> str:
    """The pattern of what is no part of a longer number."""
    before = r"(?<![\da-z])" if re.match(r"[\da-z]", old) else ""
    return before + re.escape(old) + (r"(?![\da-z])" if re.search(r"[\da-z]$", old) else "")


def _in_city(known: Recipient, district: str) -> Recipient | None:
    """In another district of the same town."""
    found = find_division(f"{known.province}{known.city}{district}")
    if found is None or found.place[:2] != (known.province, known.city) or not found.place[2]:
        return None
    return replace(known, district=found.place[2])


def _parts(known: Recipient, form: str, said: _Said) -> Recipient | None:
    """打错了是35弄, 5楼才对, 是3栋2单元: the numbers of those kinds."""
    found = _PARTS.match(form)
    if found is None or not (found["lead"].strip() or _SAYS.search(found["is"] + found["tail"])):
        return None
    return _with_parts(known, found["parts"], said(found, "parts"))


def parts_said(known: Recipient, text: str) -> Recipient | None:
    """18号, 加上5楼: nothing but numbers of parts, to be called only where that is no date."""
    page = page_of(text.strip(" 。.!"))
    found = _ALONE.fullmatch(page.form)
    if found is None:
        return None
    return _with_parts(known, found["parts"], page.shown[slice(*found.span("parts"))])


def _with_parts(known: Recipient, parts: str, shown: str) -> Recipient:
    for part in re.finditer(_PART, parts):
        known = _numbered(known, part["kind"], shown[part.start() : part.end()].removeprefix("第"))
    return known


def _numbered(known: Recipient, word: str, new: str) -> Recipient:
    kind = next(kind for kind in _KINDS if re.fullmatch(kind, word))
    detail = page_of(known.detail).form
    bare = ROOM if "室" in kind else ""
    old = list(re.finditer(rf"{_NUMBER}(?:{kind}){bare}", detail))
    if old:
        return spliced(known, *old[-1].span(), new)
    before = re.search(r"\d+(?:-\d+)*号", detail)
    if word[0] in _AT_END:
        before = re.search(rf"(?:\d{{3,4}}室{ROOM})", detail) if word[0] not in "室房" else None
    at = before.start() if before else len(detail)
    return spliced(known, at, at, new)


def _district(known: Recipient, form: str, said: _Said) -> Recipient | None:
    """区写错了，应该是武侯区: of the same town."""
    found = _DISTRICT.match(form)
    if found is None or not (found["lead"].strip() and found["is"]):
        return None
    return _in_city(known, page_of(said(found, "new")).form)


def _more(known: Recipient, form: str, said: _Said) -> Recipient | None:
    """地址后面加上富临小区3栋: behind the rest."""
    found = _MORE.match(form)
    if found is None or not _OF_ADDRESS.search(form[: found.start("new")]):
        return None
    new = said(found, "new")
    is_part = STREETY.search(page_of(new).form) or "公司" in form
    is_part = is_part and not re.search(r"[的吗呢]", new)
    return replace(known, detail=f"{known.detail} {new}") if is_part else None
