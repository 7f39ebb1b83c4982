"""Addresses on the mainland in English or pinyin: the divisions in Chinese, the street as typed.

Labels and packing lists say 四川省 成都市 武侯区; a courier reads `No. 27 Renmin South Road`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.language.address_abroad import (
    Parts,
    Piece,
    address_among,
    labelled_name,
    name_among,
    pieces_of,
    tidied,
)
from bot.language.address_countries import country_of
from bot.language.address_names import bare_name, is_name
from bot.language.address_parts import JOINT, Sheet
from bot.language.divisions import LABEL
from bot.language.divisions_latin import find_in_latin

_ROADS = r"(?:roads?|rd|streets?|st|ave(?:nue)?|lu|jie|dajie|dadao|hutong|xiang|lane|alley)"
# The Hong Kong Middle Road in Qingdao is not abroad.
_NO_COUNTRY = re.compile(
    r"\b(?:hong kong|taiwan|macau|macao|japan|korea|nepal|singapore)"
    rf"(?= (?:(?:north|south|east|west|middle|central) )?{_ROADS}\b)"
)
_HOUSE = (
    r"no\.? ?\d|(?:buildings?|bldg|units?|rooms?|rm|floor|block|tower|villages?|town|township"
    r"|cun|zhen|gardens?|plaza|hotel|mansion|community|xiaoqu|residence|apartments?|apt|school"
    r"|university|college|hospital|monastery|temple|company|station|market|cent(?:er|re)|office"
    r"|quarter|campus|zone|hostel|shop|store|gate|park|middle|north|south|east|west)\b"
)
_STREET = re.compile(rf"\b(?:{_ROADS}\b|{_HOUSE})")
_PINYIN_STREET = re.compile(
    r"\b\d+ ?(?:hao|dong|lou|shi|danyuan|ceng|nong)\b|\b[a-z]{2,}(?:lu|jie|dajie|dadao)(?= ?\d|\b)"
)
# What is said to the shop and belongs to no address.
_CHAT = re.compile(
    r"(?:hi|hello|hey|yes|ok|and|i|i'd|i'll|i'm|we|do|does|can|could|would|how|what|when|is|are"
    r"|it|want|need|buy|get|send|ship|deliver|my|to|for|in|thanks?|please|kindly|change"
    r"|(?:(?:phone )?(?:number|same)|(?:to )?(?:a |the )?(?:another|other|new|different|following))"
    r"\Z)\b"
)
# What goes before the address in the same breath: 2 boxes to Li Wei. Next to the bank is a place.
_UP_TO_IT = re.compile(r".*(?<!next)(?<!close) to ")
_NAME_WORD = r"[A-Z][a-zA-Z'-]+"
_SURNAMES = (
    "li|wang|zhang|liu|chen|yang|zhao|huang|zhou|wu|xu|sun|hu|zhu|gao|lin|he|guo|ma|luo|liang|song"
    "|zheng|xie|han|tang|feng|dong|cao|yuan|deng|peng|zeng|xiao|tian|pan|cai|jiang|yu|du|ye|cheng"
)
_TAIL_NAME = re.compile(
    rf"(?:\b(?i:{_ROADS})|\d[\w-]*|\b(?i:hao|shi|floor|village|town)),? "
    rf"(?P<name>{_NAME_WORD}(?: {_NAME_WORD}){{1,2}}|(?:{_SURNAMES})(?: [a-z]{{1,6}}){{1,2}})\Z"
)


def read_in_latin(sheet: Sheet) -> Parts | None:
    """Name, phone, province, city, district, detail and CN; None if it is no address there."""
    bare = sheet.bare.replace(JOINT, " ")
    if country_of(_NO_COUNTRY.sub(lambda match: "x" * len(match[0]), bare), "") not in ("", "CN"):
        return None
    found = find_in_latin(bare)
    if found is None:
        return None
    is_street = bool(is_street_in_latin(bare) and re.search(r"\d", bare))
    if not found.full and (sheet.phone.startswith("+") or not (is_street or sheet.phone)):
        return None
    for start, end in found.spans:
        bare = bare[:start] + LABEL * (end - start) + bare[end:]
    marks = (JOINT if one == JOINT else sign for one, sign in zip(sheet.bare, bare, strict=True))
    rest = replace(sheet, bare="".join(marks))
    pieces = [_begun(piece) for piece in pieces_of(rest)]
    pieces = [piece for piece in pieces if _is_of_address(piece)]
    name = labelled_name(rest) or _name(rest, pieces)
    shown = sheet.page.shown
    stretches = address_among(rest, pieces, name)
    detail = ", ".join(filter(None, (_typed(shown, *stretch) for stretch in stretches)))
    if not is_street and not sheet.phone:
        detail = ""
    called = bare_name(shown[name[0] : name[1]]) if name else ""
    return called, sheet.phone, *found.place, detail, "CN"


def is_street_in_latin(form: str) -> bool:
    """Whether a text has a word of a street or a house, in English or in pinyin."""
    form = form.lower()
    return bool(_STREET.search(form) or _PINYIN_STREET.search(form))


def _is_house(form: str) -> bool:
    """Whether a text is of a street and no name: Chen Jie is one."""
    return is_street_in_latin(form) and not re.fullmatch("[a-z]+ (?:jie|lu|xiang)", form.lower())


def _begun(piece: Piece) -> Piece:
    match = _UP_TO_IT.match(piece.form)
    if match is None or is_street_in_latin(match[0]):
        return piece
    return Piece(piece.start + match.end(), piece.end, piece.form[match.end() :])


def _is_of_address(piece: Piece) -> bool:
    return is_street_in_latin(piece.form) or not _CHAT.match(piece.form)


def _typed(shown: str, start: int, end: int) -> str:
    stretch = tidied(shown[start:end])
    return stretch + ")" * (stretch.count("(") > stretch.count(")"))


def _name(sheet: Sheet, pieces: list[Piece]) -> tuple[int, int] | None:
    """The likeliest name: Sichuan University and Tashi Hotel are none."""
    bare = sheet.bare
    for piece in pieces:
        if _is_house(piece.form):
            bare = bare[: piece.start] + "0" * (piece.end - piece.start) + bare[piece.end :]
    return name_among(replace(sheet, bare=bare), pieces) or _other_name(sheet, pieces)


def _other_name(sheet: Sheet, pieces: list[Piece]) -> tuple[int, int] | None:
    """A name between the street and the phone, or one that is the first of what is parted."""
    for piece in pieces:
        if re.match(r"[\s,.;:\x01]*\x00", sheet.bare[piece.end :]):
            match = _TAIL_NAME.search(sheet.page.shown, piece.start, piece.end)
            if match and not _is_house(match["name"]):
                return match.span("name")
    begins = min(sheet.labelled, default=0)
    first = next((piece for piece in pieces if piece.start >= begins), None)
    if first is None or len(pieces) < 2 or sheet.phones or len(first.form.split()) > 3:
        return None
    is_no_name = _is_house(first.form) or not is_name(first.form)
    return None if is_no_name else (first.start, first.end)
