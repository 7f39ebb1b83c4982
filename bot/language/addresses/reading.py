"""Reading where a parcel goes out of what people paste: name, phone and address in any order.

The text is cut into parts at phones, labels and separators (`parts`). The longest run of
division names (`divisions`) is where the address begins; what follows it is the street, until
the name, a phone or a remark. What is not there stays empty; nothing raises, and the time is
linear in the text.

Import it where it is called: its patterns take tens of milliseconds to compile, and few messages
need them.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.addresses.abroad import Parts, read_abroad
from bot.language.addresses.countries import country_in
from bot.language.addresses.divisions import BEYOND, LABEL, Division, find_division
from bot.language.addresses.names import NO_NAME_WORDS, STREETY, bare_name, is_lone_name
from bot.language.addresses.page import page_of
from bot.language.addresses.parts import JOINT, PHONE_MARK, Sheet, parts_of, sheet_of
from bot.language.addresses.phones import phones_in
from bot.language.addresses.recipient import TEXT_MAX, Recipient
from bot.language.addresses.streets import (
    detail_of,
    name_of,
    without_divisions,
    without_tail_name,
)
from bot.language.regex import regex
from bot.language.script import HAN, form_of


def read_phone(text: str) -> str | None:
    """The phone number in a text: digits, with a leading + when it is foreign. None if none."""
    phones = phones_in(page_of(text[:TEXT_MAX]).form)
    return phones[0].number if phones else None


def read_name(text: str) -> str | None:
    """The name that a text consists of, or names by a label (我叫扎西). None if it is no name."""
    shown = text[:TEXT_MAX].strip(" \n\t,，.。!！:：།")
    shown = re.sub(
        r"^(?:我叫|我是|叫我|我的名字(?:是|叫)|名字(?:是|叫)?|姓名|收[件货]人|my name is|i am|i'm|name)[\s:：是]*",  # noqa: E501
        "",
        shown,
        flags=re.IGNORECASE,
    )
    return shown if is_lone_name(shown) else None


CHAT_BEHIND = regex(
    r"(?:[ ,.]+(?:btw|by the way|please|pls|plz|thanks|thank you|thx|lol|actually|sorry|too))+\W*$",
    re.IGNORECASE,
)


def recipient_read(text: str) -> Recipient:
    """What of name, phone and address a text holds; the rest is empty. Never raises."""
    sheet = _without_lead_in(sheet_of(page_of(text)))
    division = find_division(sheet.bare, sheet.labelled)
    if division is None and CHAT_BEHIND.search(text):
        sheet = _without_lead_in(sheet_of(page_of(CHAT_BEHIND.sub("", text))))
    if division is None or _is_abroad(sheet, division):
        return Recipient(*(_in_latin(sheet, division) or read_abroad(sheet)))
    return _read_in_china(sheet, division)


# Ship that one to my sister: …
_LEAD_IN = regex(rf"\A[\s{LABEL}]*([^:\n\d{HAN}{PHONE_MARK}{LABEL}]{{2,60}}):(?=\s)")


# བསོད་ནམས་ལ་སྐུར། send it to Sönam: …
_TO_THEM = regex(
    r"\A\s*(?P<name>[\u0f40-\u0fbc]+(?:་[\u0f40-\u0fbc]+){0,5}?)"
    r"(?P<wish>་ལ་(?:སྐུར|བསྐུར|གཏོང|བཏང|སྐྱེལ)(?:་(?:རོགས|གནང|དགོས|ཤོག))*(?=[་།\s]))"
)


def is_sent_to(text: str) -> bool:
    """Whether nothing is said but to whom it goes: བསོད་ནམས་ལ་སྐུར།"""
    found = _TO_THEM.match(page_of(text + " ").form)
    return (
        found is not None and not text[found.end() :].strip("་། ") and is_lone_name(found["name"])
    )


def _without_lead_in(sheet: Sheet) -> Sheet:
    """The sheet without what is said to the shop before the address."""
    if (to := _TO_THEM.match(sheet.bare)) and is_lone_name(to["name"]):
        start, end = to.span("wish")
        bare = sheet.bare[:start] + LABEL * (end - start) + sheet.bare[end:]
        return replace(sheet, bare=bare)
    found = _LEAD_IN.match(sheet.bare)
    if found is None or not NO_NAME_WORDS.search(found[1].replace(JOINT, " ")):
        return sheet
    return replace(sheet, bare=LABEL * found.end() + sheet.bare[found.end() :])


def _in_latin(sheet: Sheet, division: Division | None) -> Parts | None:
    """What an address in China says that is written in English or pinyin."""
    if division or not re.search("[a-z]{3}", sheet.bare):
        return None
    from bot.language.addresses.latin import read_in_latin

    return read_in_latin(sheet)


def _is_abroad(sheet: Sheet, division: Division) -> bool:
    """日本东京都中央区 names a country first; 苏州新加坡花园 does not."""
    country = country_in(sheet.bare)
    if country is None or country.code in ("CN", *BEYOND.values()):
        return False
    return country.start < division.start or not division.full


def _read_in_china(sheet: Sheet, division: Division) -> Recipient:
    parts = parts_of(sheet, (division.start, division.end))
    name = name_of(sheet, parts)
    stretches = detail_of(sheet, parts, name)
    stretches, place = without_divisions(sheet, stretches, division.sure)
    if name is None:
        stretches, name = without_tail_name(sheet, stretches)
    shown = sheet.page.shown
    detail = " ".join(filter(None, (_tidied(shown, *stretch) for stretch in stretches)))
    called = bare_name(shown[name[0] : name[1]]) if name else ""
    street = STREETY.search(detail) and re.search(r"\d", detail)
    if not division.full and not (street or sheet.phone):
        return Recipient(name=called, phone=sheet.phone)
    province, city, district = place
    country = BEYOND.get(province, "CN")
    if country in ("HK", "MO"):
        city = ""  # Hong Kong Island and Kowloon are no cities.
    return Recipient(called, sheet.phone, province, city, district, detail, country)


# ལམ་ཨང་༡༢ ལ་སྐྱེལ་རོགས: send it there.
_SENT = regex(
    r"[་\s]*(?:(?:ལ|རུ|སུ|ཏུ|དུ|ན|ནང)[་\s]+)?(?:སྐྱེལ|བསྐྱལ|སྐུར|བསྐུར|གཏོང|བཏང)(?:་(?:རོགས|གནང|དང|དགོས|ཤོག|ཞུ|བྱེད|ན|འགྲིག))*[་།\s]*$"
    r"|[\s,，]*(?:这里|这儿|那里|那儿|這裡|那裡|這個地址|这个地址)[。!！]*$"
)


def without_request(text: str) -> str:
    """The text without the wish behind it that it be sent there."""
    return _SENT.sub("", text)


def _tidied(shown: str, start: int, end: int) -> str:
    """A stretch of the street as typed, on one line, without what separated it from the rest."""
    for opening, closing in ("（）", "()"):
        if shown.count(opening, start, end) > shown.count(closing, start, end):
            end += shown[end : end + 1] == closing
    line = re.sub(r"[ \t\u3000]*[\r\n]+[ \t\u3000]*", " ", shown[start:end])
    return without_request(line).strip(" \t\u3000,.，。、:：;；|/-—–#་།\x00")


def place_named(text: str, said: str = "") -> Recipient:
    """The place that a question names (新疆能发吗, do you ship to Japan), nothing but the place.

    `said` is what a word of words.toml told of it, such as GB for London, or 西藏自治区/拉萨市.
    """
    if said:
        province, _, city = said.partition("/") if not said.isascii() else ("", "", "")
        return Recipient(province=province, city=city, country=said if said.isascii() else "CN")
    form = form_of(text[:TEXT_MAX]).text
    division = find_division(form)
    if division:
        province, city, district = division.place
        country = BEYOND.get(province, "CN")
        return Recipient(province=province, city=city, district=district, country=country)
    named = country_in(form)
    if named or not re.search("[a-z]{3}", form):
        return Recipient(country=named.code if named else "")
    from bot.language.addresses.divisions_latin import find_in_latin

    found = find_in_latin(page_of(text[:TEXT_MAX]).form)
    return Recipient("", "", *found.place, country="CN") if found else Recipient()


def _has_street(recipient: Recipient) -> bool:
    if STREETY.search(recipient.detail):
        return True
    if recipient.country != "CN" or not recipient.detail.isascii():
        return False
    from bot.language.addresses.latin import is_street_in_latin

    return is_street_in_latin(recipient.detail)


def is_delivery(recipient: Recipient) -> bool:
    """Whether this looks like a pasted address or contact, rather than a town in a question."""
    placed = recipient.province or recipient.city or recipient.district or recipient.country
    street = _has_street(recipient) and bool(
        re.search(r"[\d一二三四五六七八九十]", recipient.detail) or len(recipient.detail) >= 5
    )
    if placed and street:
        return bool(recipient.phone or recipient.name) or bool(
            re.search(r"\d|[村镇乡寺校院店司厦苑]|小区|花园|广场|公司|驿站|宿舍", recipient.detail)
        )
    return bool(recipient.phone and (recipient.name or (placed and recipient.detail)))
