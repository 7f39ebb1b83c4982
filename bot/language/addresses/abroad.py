"""Addresses without Chinese divisions: kept as they are, with their country when it is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from bot.language.addresses import labels
from bot.language.addresses.countries import (
    REGION_CODE,
    countries_in,
    country_in,
    country_of,
    is_country,
)
from bot.language.addresses.divisions import LABEL
from bot.language.addresses.latin_words import is_house, is_known_name
from bot.language.addresses.names import (
    REMARK,
    STREETY,
    bare_name,
    is_lone_name,
    is_name,
    may_be_name,
)
from bot.language.addresses.page import page_of
from bot.language.addresses.parts import JOINT, PHONE_MARK, Sheet
from bot.language.addresses.taiwan_in_english import division_in_english
from bot.language.regex import regex
from bot.language.script import HAN

_PROVINCES = {"HK": "香港特别行政区", "MO": "澳门特别行政区", "TW": "台湾省"}


class Piece(Struct, frozen=True):
    """What stands between line breaks, commas, phones and labels."""

    start: int
    end: int
    form: str


_PIECE = regex(rf"[^\n,;|{PHONE_MARK}{LABEL}\u0f0d]+")
# Where a sentence ends; Bldg. and Blvd. end none.
_SENTENCE = regex(
    r"(?:(?<=[a-z]{4})(?<!bldg)(?<!blvd)(?<!dist)(?<!prov)(?<!str)|(?<=\d))\.(?=[ \x02])"
)
_AROUND = " .:(-/" + JOINT
_HAN_WORD = regex(rf"(?<!\S)\(?[{HAN}·]{{2,9}}\)?(?!\S)")


def pieces_of(sheet: Sheet) -> list[Piece]:
    found = []
    bare = _SENTENCE.sub(",", sheet.bare)
    for country in countries_in(bare):
        if bare.startswith(".", country.end):  # Hong Kong. John Smith
            bare = bare[: country.end] + "," + bare[country.end + 1 :]
    for match in _PIECE.finditer(bare):
        said = match[0]
        start = match.start() + len(said) - len(said.lstrip(_AROUND + ")"))
        end = match.end() - (len(said) - len(said.rstrip(_AROUND)))
        if start < end:
            found.append(Piece(start, end, sheet.bare[start:end].replace(JOINT, " ")))
    return found


Parts = tuple[str, str, str, str, str, str, str]  # as in a Recipient


def read_abroad(sheet: Sheet) -> Parts:
    """Name, phone, province, city, district, detail and country."""
    code = country_of(sheet.bare, sheet.phone)
    pieces = pieces_of(sheet)
    name = (
        next(labelled_names(sheet), None)
        or name_among(sheet, pieces)
        or _leading_name(sheet, pieces, code)
    )
    shown = sheet.page.shown
    called = bare_name(shown[name[0] : name[1]]) if name else ""
    stretches = address_among(sheet, pieces, name) if _has_address(sheet, code, called) else []
    province, city, district = _PROVINCES.get(code, ""), "", ""
    if code == "TW" and stretches:
        first = next(start for start, _ in stretches)
        city, district, start = division_in_english(sheet.bare.replace(JOINT, " "), first)
        stretches = [(one, min(end, start)) for one, end in stretches if one < start]
    detail = ", ".join(filter(None, (tidied(shown[start:end]) for start, end in stretches)))
    # Norzin Lam, Thimphu: in many countries houses have no numbers.
    whole = sheet.phone and called and "," in detail and country_in(sheet.bare)
    if not (whole or re.search(r"\d", detail) or STREETY.search(detail)):
        detail = ""
    if not detail:
        return called, sheet.phone, "", "", "", "", ""
    return called, sheet.phone, province, city, district, _without_country(detail, code), code


def _without_country(detail: str, code: str) -> str:
    """Bengaluru 560038 Karnataka India: the country at the end is told apart."""
    named = None if code in _PROVINCES else country_in(page_of(detail).form)
    if named is None or named.code != code or named.end < len(detail) or named.start == 0:
        return detail
    return tidied(detail[: named.start])


# Behind an address: change it to that, send it there.
_TO_THERE = regex(r"[་\s]+(?:ལ|ར)[་\s]+(?:བརྗེ|བསྒྱུར|བསྐུར|སྐུར)[\u0f00-\u0fff\s]*$")


def tidied(stretch: str) -> str:
    return _TO_THERE.sub("", stretch).strip(" \t\u3000,.，。:：;；|/-–—()（）\x00་།")


def _has_address(sheet: Sheet, code: str, name: str) -> bool:
    if sheet.labelled:
        return True
    if not re.search(r"\d", sheet.bare):
        return bool(sheet.phone and code)
    street = STREETY.search(sheet.bare) and (sheet.phone or name or code)
    return bool(((sheet.phone or name) and code) or street)


def labelled_names(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """What stands after the labels of names."""
    for label in sheet.labels:
        if label.kind == labels.NAME:
            match = _PIECE.match(sheet.bare, label.end)
            if match and len(match[0].strip()) <= 40 and not re.search(r"\d", match[0]):
                han = re.match(rf"\s*[{HAN}·]+", match[0])
                yield match.start(), match.start() + han.end() if han else match.end()


def name_among(sheet: Sheet, pieces: list[Piece]) -> tuple[int, int] | None:
    """The likeliest name: a whole piece, or a Chinese word beside the phone."""
    if not sheet.phones:
        return None
    best, most = None, 2
    told = (one for one in pieces if not (is_country(one.form) or _is_no_address(one.form)))
    first = next((one.start for one in told), -1)
    for piece in pieces:
        for start, end in {(piece.start, piece.end), *_han_words(sheet, piece)}:
            worth = _worth(sheet, start, end, first)
            if worth > most or (worth == most > 2 and best and start < best[0]):
                best, most = (start, end), worth
    return best


_NUMBER_FIRST = ("US", "CA", "GB", "AU", "NZ", "IE", "IN", "SG")
_LEADING_NAME = regex(
    r"[a-z.'-]+(?: [a-z.'-]+){1,2}(?= (?:\d+[a-z]?,? [a-z]|(?:blk|block|flat|apt|unit|no\.?) ?\d))"
)


def _leading_name(sheet: Sheet, pieces: list[Piece], code: str) -> tuple[int, int] | None:
    """Anna Schmidt, Hauptstr. 5; John Smith 12 High Street: where the number leads, words before
    it are no street."""
    pieces = [piece for piece in pieces if piece.start >= min(sheet.labelled, default=0)]
    if not pieces:
        return None
    first = pieces[0]
    if len(pieces) > 1 and _may_lead(first.form):
        is_sure = is_known_name(first.form) and STREETY.search(pieces[1].form)
        if is_sure or re.search(r"\d", pieces[1].form):
            return first.start, first.end
    match = _LEADING_NAME.match(first.form) if code in _NUMBER_FIRST else None
    code_at = found.start() if (found := REGION_CODE.search(first.form)) else len(first.form)
    if match is None or match.end() > code_at or not _may_lead(match[0], glued=True):
        return None
    return first.start, first.start + match.end()


def _may_lead(form: str, *, glued: bool = False) -> bool:
    """Whether this is a name, which nothing but the address behind it tells."""
    if STREETY.search(form) or is_house(form, beside=glued) or is_country(form):
        return False
    if re.search(rf"[{HAN}]", form) or not is_lone_name(form):
        return False
    return " " in form or is_known_name(form)


def _han_words(sheet: Sheet, piece: Piece) -> list[tuple[int, int]]:
    return [match.span() for match in _HAN_WORD.finditer(sheet.bare, piece.start, piece.end)]


def _worth(sheet: Sheet, start: int, end: int, first: int) -> int:
    form = bare_name(sheet.bare[start:end].replace(JOINT, " "))
    if countries_in(form) or REMARK.search(form) or STREETY.search(form) or len(form) < 2:
        return 0
    known = is_name(form)
    if not known and not may_be_name(form):
        return 0
    beside = bool(
        re.match(r"[\s,.;:|/)(]*(?:收[\s,)]*)?\x01*\x00", sheet.bare[end : end + 40])
        or re.search(r"\x00[\s,;:|/()]*\Z", sheet.bare[max(0, start - 10) : start])
    )
    han = bool(re.search(f"[{HAN}]", form))
    line = "\n" in (sheet.bare[start - 1 : start] or "\n") and (
        sheet.bare[end : end + 1] in ("", "\n")
    )
    words = 0 if han else (len(form.split()) > 1)
    leads = start == first and (not han or beside or line)
    return known + (2 + han) * beside + 3 * leads + line + words


def address_among(
    sheet: Sheet, pieces: list[Piece], name: tuple[int, int] | None
) -> list[tuple[int, int]]:
    """The stretches of the address: all but name, remarks and the country, which is told apart."""
    begins = min(sheet.labelled, default=0)
    found: list[tuple[int, int]] = []
    going = False
    for piece in pieces:
        start, end = piece.start, piece.end
        if name and name[0] < end and start < name[1]:
            # A name at the end of the line leaves the rest of it.
            start, end = (start, name[0]) if name[0] - start > end - name[1] else (name[1], end)
        said = sheet.bare[start:end].strip().replace(JOINT, " ")
        joined = going and not re.search(r"[\n\x00\x01]", sheet.bare[found[-1][1] : start])
        # After `address:` the line is kept as it was typed.
        apart = is_country(said) and not (sheet.labelled and joined)
        if not said or end <= begins or apart or _is_no_address(said):
            going = False
            continue
        if joined:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
        going = end == piece.end
    return found


def _is_no_address(said: str) -> bool:
    remark = REMARK.search(said) and not re.search(r"\d.*[路街号]", said)
    return bool(remark) or said in ("收", "电话", "tel")
