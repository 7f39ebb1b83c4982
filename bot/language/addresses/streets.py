"""The name and the street among the parts of an address in China."""

from __future__ import annotations

import re

from bot.language.addresses import labels
from bot.language.addresses.divisions import Place, division_at
from bot.language.addresses.names import (
    HONORIFIC,
    REMARK,
    STREETY,
    bare_name,
    is_compound,
    is_name,
    is_tibetan,
    is_titled,
    may_be_name,
)
from bot.language.addresses.parts import JOINT, NUMBER, PLACE, TEXT, Part, Sheet
from bot.language.regex import regex
from bot.language.script import HAN

Span = tuple[int, int]

_RECEIVES = regex(r"(?:亲收|签收|收|启)")
_AFTER_NAME = regex(r"就行|就好|即可")
# What a street ends with, where a name may follow without a blank: 27号扎西.
_ENDS_STREET = regex(
    r"[号栋幢楼室层座组村社队户店院园苑厦场旁边门口厅馆司校元\da-z镇乡路街巷段区寨]"
)
_ENDS_HOUSE = regex(r"[号栋幢楼室层座组社队户\d]")
_BEFORE_PHONE = regex(r"[\s,;:/|()收-]{0,9}\x01*\x00")
_AT_END = regex(r"[\s,.;!()收]*$")
_HOUSE_NAME = regex(r"[府城阁苑园居院里轩厦楼店馆庄湾郡庭台港堡寨场路街区座室]$")
_SHOP = regex(r"(?:[店馆厂铺行坊]|公司|超市)$")
_HOUSE = regex(
    r"\d.{0,3}[号栋幢楼室层座组弄]|[路街巷道村镇乡组]\S{0,3}\d"
    r"|[镇乡村路街]$|[一二三四五六七八九十]组"
)


def name_of(sheet: Sheet, parts: list[Part]) -> Span | None:
    """Where the name stands: after its label, or the likeliest of the parts that can be one."""
    labelled = _labelled_name(sheet, parts)
    if labelled:
        return labelled
    best, most = None, 2
    ends = _around_address(sheet, parts)
    for at, part in enumerate(parts):
        if part.kind == TEXT:
            worth = _worth(sheet, parts, at, part in ends)
            if worth > most:
                best, most = (part.start, part.end), worth
    return best


def _labelled_name(sheet: Sheet, parts: list[Part]) -> Span | None:
    for label, part in zip(parts, parts[1:], strict=False):
        if label.kind != labels.NAME or part.kind != TEXT:
            continue
        after = _AFTER_NAME.search(sheet.bare, part.start, part.end)
        end = after.start() if after else part.end
        value = sheet.bare[part.start : end]
        if len(value) <= 40 and not re.search(r"\d", value) and not REMARK.search(value):
            return part.start, end
    return None


def _neighbours(parts: list[Part], at: int, sheet: Sheet) -> tuple[Part | None, Part | None]:
    """The parts beside this one, leaving out the 收 after a name and labels of phones."""

    def silent(part: Part) -> bool:
        said = sheet.bare[part.start : part.end]
        return part.kind == labels.PHONE or bool(part.kind == TEXT and _RECEIVES.fullmatch(said))

    before = next((part for part in reversed(parts[:at][-3:]) if not silent(part)), None)
    after = next((part for part in parts[at + 1 : at + 4] if not silent(part)), None)
    return before, after


def _worth(sheet: Sheet, parts: list[Part], at: int, ends: bool) -> int:
    """How likely a part is the name; below 3 it is none."""
    part = parts[at]
    form = sheet.bare[part.start : part.end].replace(JOINT, " ")
    before, after = _neighbours(parts, at, sheet)
    if before and before.kind == PLACE and before.end == part.start:
        return 0  # What goes on after the division without a blank is the street.
    if re.search(r"\d", form) or REMARK.search(form) or len(form) < 2:
        return 0
    known = is_name(form)
    if not (known or may_be_name(form)) or not (sheet.phones or (ends and known)):
        return 0
    beside = NUMBER in (before.kind if before else "", after.kind if after else "")
    street = bool(STREETY.search(HONORIFIC.sub("", form)))
    if street and not (beside and known and len(form) <= 3 and form.isalpha()):
        return 0
    titled = is_titled(form) or _is_received(sheet, parts, at)
    worth = 3 * known + 4 * beside + 3 * titled + 3 * ends - 3 * street
    return worth + _worth_of_shape(form)


def _worth_of_shape(form: str) -> int:
    """Two or three characters are what most names have, and five hardly any without a dot."""
    if "·" in form:
        return 2
    if len(form) in (2, 3) or is_compound(form) or is_tibetan(form):
        return 1
    if len(form) <= 4 or not re.search(f"[{HAN}]", form):
        return 0
    return -1 if len(form) < 7 else -2


def _is_received(sheet: Sheet, parts: list[Part], at: int) -> bool:
    """Whether 收 follows the name."""
    form = sheet.bare[parts[at].start : parts[at].end]
    following = parts[at + 1 : at + 2]
    return bare_name(form) != form or any(
        _RECEIVES.fullmatch(sheet.bare[part.start : part.end]) for part in following
    )


def _around_address(sheet: Sheet, parts: list[Part]) -> list[Part]:
    """The first and the last text if the rest is a whole address; names stand there."""
    texts = [part for part in parts if part.kind == TEXT]
    if len(texts) < 2 or not any(part.kind == PLACE for part in parts):
        return []
    houses = [part for part in texts if _HOUSE.search(sheet.bare[part.start : part.end])]
    return [part for part in (texts[0], texts[-1]) if houses and houses != [part]]


def detail_of(sheet: Sheet, parts: list[Part], name: Span | None) -> list[Span]:
    """The stretches of text that make up the street, after the division or else before it."""
    at = next(index for index, part in enumerate(parts) if part.kind == PLACE)
    following = _stretches(sheet, parts[at + 1 :], parts[at].end, name)
    if following:
        return following
    return [
        (part.start, part.end)
        for part in parts[:at]
        if part.kind == TEXT and (part.start, part.end) != name and _is_house(sheet, part)
    ]


def _is_house(sheet: Sheet, part: Part) -> bool:
    form = sheet.bare[part.start : part.end]
    return bool(STREETY.search(form) and re.search(r"\d", form)) and not REMARK.search(form)


def _stretches(sheet: Sheet, parts: list[Part], end: int, name: Span | None) -> list[Span]:
    found: list[Span] = []
    going, stopped = False, False  # within a stretch; after the first one ended
    for part in parts:
        if part.kind == labels.ADDRESS:
            going, stopped = False, False
            continue
        if part.kind == labels.REMARK:
            break
        is_named = name is not None and part.start < name[1] and name[0] < part.end
        if part.kind != TEXT or is_named or not _is_street(sheet, part, end, stopped):
            going, stopped = False, True
            continue
        if going:
            found[-1] = (found[-1][0], part.end)
        else:
            found.append((part.start, part.end))
        going = True
    return found


def _is_street(sheet: Sheet, part: Part, place_end: int, stopped: bool) -> bool:
    form = sheet.bare[part.start : part.end]
    if part.start == place_end:
        return True
    if re.fullmatch(r"\d{6}", form) or _RECEIVES.fullmatch(form):
        return False
    if REMARK.search(form) and not (_HOUSE.search(form) or _SHOP.search(form)):
        return False
    return bool(STREETY.search(form) and _HOUSE.search(form)) if stopped else True


def without_divisions(
    sheet: Sheet, stretches: list[Span], place: Place
) -> tuple[list[Span], Place]:
    """The street without divisions that it begins with again, and all that they tell.

    Forms have a field for the region and one for the address, and many fill in both.
    """
    streets = []
    for start, end in stretches:
        again = division_at(sheet.bare, start)
        if again and again.full and again.end <= end and _agree(again.sure, place):
            start = again.end
            province, city, district = again.sure
            place = (place[0] or province, place[1] or city, place[2] or district)
        if start < end:
            streets.append((start, end))
    return streets, place


def _agree(first: Place, second: Place) -> bool:
    return all(not a or not b or a == b for a, b in zip(first, second, strict=True))


def without_tail_name(sheet: Sheet, stretches: list[Span]) -> tuple[list[Span], Span | None]:
    """人民南路27号扎西13800138000: the name at the end of the street, before the phone."""
    for at, (start, end) in enumerate(stretches):
        received = bool(_RECEIVES.fullmatch(sheet.bare[end - 1 : end]))
        before = bool(_BEFORE_PHONE.match(sheet.bare, end))
        if not (received or before or (sheet.phones and _AT_END.match(sheet.bare, end))):
            continue
        name = _tail_name(sheet.bare, start, end)
        if name and (received or before or _is_plain_name(sheet.bare, *name)):
            return [*stretches[:at], (start, name[0]), *stretches[at + 1 :]], name
    return stretches, None


def _tail_name(bare: str, start: int, end: int) -> Span | None:
    for sure in (True, False):
        for cut in range(end - 2, max(start, end - 18), -1):
            said = bare[cut:end]
            ends = (_ENDS_STREET if sure else _ENDS_HOUSE).match(bare[cut - 1])
            if ends and (not STREETY.search(said[0]) or "·" in said) and _is_tail_name(said, sure):
                return cut, end
    return None


def _is_plain_name(bare: str, start: int, end: int) -> bool:
    """Whether a name at the very end, away from the phone, is none of a house (金茂府)."""
    said = bare[start:end]
    return (
        len(said) == 3
        and is_name(said)
        and not _HOUSE_NAME.search(said)
        and bool(_ENDS_HOUSE.match(bare[start - 1]))
    )


def _is_tail_name(said: str, sure: bool) -> bool:
    if re.search(r"[\da-z]", said):
        return False
    return is_name(said) if sure else (may_be_name(said) and not STREETY.search(said))
