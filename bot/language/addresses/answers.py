"""What a message tells of the recipient, piece by piece: people seldom give all of it at once.

A name, a street, a town and a phone come in any order, and one of them is put right later. A
message that is none of these changes nothing.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.addresses.chinese_corrections import parts_said
from bot.language.addresses.corrections import corrected
from bot.language.addresses.countries import REGION_CODE, country_in, country_of
from bot.language.addresses.divisions import BEYOND, find_division
from bot.language.addresses.names import (
    NO_NAME_WORDS,
    REMARK,
    STREETY,
    TIBETAN_SENTENCE,
    answered_name,
    is_lone_name,
    is_titled_name,
)
from bot.language.addresses.page import page_of
from bot.language.addresses.reading import (
    CHAT_BEHIND,
    place_named,
    read_name,
    recipient_read,
    without_request,
)
from bot.language.addresses.recipient import NOBODY, TEXT_MAX, Recipient, is_town
from bot.language.regex import regex
from bot.language.script import HAN

_ASKS = regex(r"[?？]|[吗呢嘛]$|་(?:གམ|ངམ|དམ|ནམ|བམ|མམ|འམ|རམ|ལམ|སམ|ཏམ)་?$")
_PREFACE = regex(
    r"^(?:(?:and|it'?s|i'?m|i am|i live|we live|we are|we're|in|to|at|ship|send|deliver|address"
    r"|my|the|is|from) )+|^(?:在|到|寄到|发到|我在|地址[:是]?)\s*"
)
_SENT_TO = regex(
    r"^\s*(?:(?:please|pls|and) )*(?:ship|send|deliver|post)(?: it| them)? to[: ]+", re.IGNORECASE
)
_POSTCODE = regex(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b|\b[a-z]{2} \d{5}\b|\b\d{5,6}\b")
_NEAR = regex(r"\b(?:near|opposite|opp|behind|beside|next to|in front of|above) ")
_LETTERS = regex(r"[^\W\d_][^\W\d_.'-]*(?:[ .'-]+[^\W\d_]+){0,4}\.?")
_LATIN = regex(r"[a-z\u00df-\u024f]{3}")
_HOUSE = regex(r"\d|[栋幢楼室苑寓厦园院村镇乡寺校店]|小区|广场|公司|宿舍")
# Words and particles of sentences, in no address but in ones with a house number.
_SAID = regex(
    r"[我你他她们吗呢啊哈啦噻吃看想买做说谈了不没冇唔咗嘛呀哦囉嘅㗎]|今天|什么|怎么|而家|合作"
    r"|\b(?:i|you|we|was|is|it|what'?s|she|they|lol|only|vibes|trip|best|video|my)\b"
)
_SENT_TO_TOWN = regex(
    rf"(?:那|就|[给帮]我|要|麻烦|请)*(?:[寄发送邮]|快递)[到去往回]?(?P<place>[{HAN}]{{2,12}}?)"
    r"[吧哦啊哈呀的.! ]*"
)
_EIGHT_DIGITS = regex(r"[235689]\d{7}")
_NUMBERED = regex(
    r"ཨང་?\d|\d号(?!虫|草)"
    r"|^\d+[a-z]?,? [^\d,]+ (?:st|street|rd|road|ave|avenue|ln|lane|dr|drive|blvd|way|ct|court)\.?$"
)
_PLACEY = regex(
    rf"{STREETY.pattern}|(?<![\u0f40-\u0fbc])(?:དགོན|དགོན་པ|སློབ་གྲྭ|སློབ་འབྲིང|སློབ་ཆུང|སྨན་ཁང|ཚོང་ཁང)(?![\u0f40-\u0fbc])"
)
BRIEF_MAX = 40  # characters; who names only a town, or a house, says no more
STREET_LEAST = 4  # characters; a shorter answer is no street
_PROVINCES = {code: province for province, code in BEYOND.items()}


def told(
    known: Recipient, text: str, asked: str, *, remark: bool = False, place: str = ""
) -> Recipient | None:
    """The recipient after this message; None when it tells nothing of them.

    `asked` is what is asked for of the recipient; for nothing ("") only what puts something
    right counts. `remark` is whether the message means something else by itself, `place` what a
    word in it told (see `place_named`).
    """
    text = without_request(text[:TEXT_MAX].strip())
    if not text or _ASKS.search(text):
        return None
    name = answered_name(text, asked) if asked in ("recipient", "name") else ""
    found = replace(known, name=name) if name else corrected(known, text)
    if found is None and asked in ("recipient", "phone"):
        found = _bare_phone(known, text)
    if found is None and known.detail:
        found = parts_said(known, text)
    if found is None and asked in ("recipient", "region"):
        found = _sent_to(known, text)
    if found is None and asked and not (remark and _is_remark(text, asked)):
        found = _piece(known, text, place, asked)
    elif found is None:  # send it to Anna Schmidt, … may be heard as a question
        found = whole_address(known, text, place)
    return found and _placed(found)


def is_numbered_street(text: str) -> bool:
    """Whether this is a street with its number, whatever its other words mean: 2 Big Pine Road,
    the middle school at number 7."""
    form = page_of(text).form
    return bool(STREETY.search(form) and _NUMBERED.search(form))


def _bare_phone(known: Recipient, text: str) -> Recipient | None:
    """Eight digits alone, as phones have them in Singapore or Hong Kong; where is told later."""
    phone = re.sub(r"[ -]", "", page_of(text).form)
    if known.province or known.country or not _EIGHT_DIGITS.fullmatch(phone):
        return None
    return replace(known, phone=phone)


def _sent_to(known: Recipient, text: str) -> Recipient | None:
    """发杭州, 寄到四川成都吧: the town, where it is asked for, and no question about it."""
    found = _SENT_TO_TOWN.fullmatch(page_of(text).form)
    place = find_division(found["place"]) if found else None
    if found is None or place is None or place.start or place.end < len(found["place"]):
        return None
    return joined(known, Recipient("", "", *place.place, country=BEYOND.get(place.place[0], "CN")))


def _placed(one: Recipient) -> Recipient:
    """With the country that the address or the phone tells, where nothing else does."""
    if not (one.province or one.country) and one.detail and not re.search(f"[{HAN}]", one.detail):
        country = country_of(page_of(one.detail).form, one.phone)
        return replace(one, country=country, province=_PROVINCES.get(country, ""))
    return one


def whole_address(known: Recipient, text: str, place: str) -> Recipient | None:
    """An address that comes before it is asked for: several parts with a number, or a phone."""
    text = _SENT_TO.sub("", text)
    form = page_of(text).form
    words = re.findall(r"[^\W\d_]{3,}", form)
    if len(words) < 3 or "," not in form or not re.search(r"\d", form) or not _LATIN.search(form):
        return None
    if NO_NAME_WORDS.search(form) or REMARK.search(form):
        return None
    if 2 * len(re.findall(r"\b[^\W\d_a-z][^\W\d_]{2,}", text)) < len(words):
        return None  # Names of people and places are written large.
    first, _, rest = text.partition(",")
    if is_lone_name(first) and not STREETY.search(first) and re.search(r"\d", rest):
        return _piece(replace(known, name=first.strip()), rest.strip(), place)
    return _piece(known, text, place)


def _piece(known: Recipient, text: str, place: str, asked: str = "") -> Recipient | None:
    found = _of_the_place(known, _read_in(known, text), asked)
    form = page_of(text).form
    if found.phone or ((found.country or found.name) and found.detail and not _is_said(form)):
        return joined(known, found)
    if _is_said(form):
        return None
    if found.name and not known.name and "," in form:
        return _piece(replace(known, name=found.name), text.partition(",")[2].strip(), place)
    there = found if found.province else place_named(text, place)
    if asked == "street" and known.province and not found.province:
        there = NOBODY  # a place in the street's name: beside the monastery of Labrang
    if found.province or (there.province and not re.search(r"\d", form)):
        return joined(known, there) if there.detail or _is_brief(form) else None
    if there.province and there.city and form.isascii():
        return joined(known, replace(there, detail=text))
    if re.search("[a-z\u00df-\u024f]", form) and not re.search(f"[{HAN}\u0f40-\u0fbc]", form):
        return _latin(known, text, place, asked)
    if (STREETY.search(form) and (_HOUSE.search(form) or len(form) >= 5)) or (
        asked == "street" and len(form) >= STREET_LEAST and _is_brief(form)
    ):
        country = there.country if there.country != "CN" and not known.province else ""
        return joined(known, Recipient(detail=text, country=country))
    name = read_name(text)
    return replace(known, name=name) if name and not (known.name and known.detail) else None


def _read_in(known: Recipient, text: str) -> Recipient:
    """What a text says; of districts of one name that of the town that was told before: 西湖区,
    or none, where a street is called like one of another town: 武侯祠大街."""
    found = recipient_read(text)
    if not (known.city and found.detail):
        return found
    place = find_division(page_of(text).form)
    if found.province and (not place or place.full or not place.place[2]):
        return found
    there = recipient_read(f"{known.province}{known.city}{text}")
    is_there = there.district or (found.province and not found.phone)
    if there.city != known.city or not is_there:
        return found
    return replace(there, district=there.district or known.district)


def _of_the_place(known: Recipient, found: Recipient, asked: str) -> Recipient:
    """Shanti Nagar, 5 Temple Road: no name where the place is asked of somebody who is known."""
    if asked not in ("region", "street") or not known.name or found.phone or not found.name:
        return found
    is_known = found.name.lower() == known.name.lower()
    detail = found.detail if is_known or not found.detail else f"{found.name}, {found.detail}"
    return replace(found, name="", detail=detail)


def _is_remark(text: str, asked: str) -> bool:
    """Whether what can mean something else by itself is no name with a title and no address."""
    form = page_of(text).form
    if asked in ("recipient", "name") and is_titled_name(text):
        return False
    if asked and is_numbered_street(text):
        return False
    found = recipient_read(text) if asked and _PLACEY.search(form) else NOBODY
    return not (REGION_CODE.search(form) or (found.city and found.detail))


def _is_said(form: str) -> bool:
    """Whether this is a sentence to a reader and no piece of an address."""
    if REMARK.search(form) and not re.search(r"\d.*[路街号]", form):
        return True
    rest = _PREFACE.sub("", form)
    if re.search("[\u0f40-\u0fbc]", form):
        return bool(TIBETAN_SENTENCE.search(form))
    return bool(_SAID.search(rest)) and not re.search(r"\d.{0,3}[号栋室楼]", form)


def _is_brief(form: str) -> bool:
    return len(_PREFACE.sub("", form)) <= BRIEF_MAX and len(form.split()) <= 6


def _latin(known: Recipient, text: str, place: str, asked: str) -> Recipient | None:
    """A street, a town, a country or a name in Latin letters."""
    page = page_of(text)
    named = country_in(page.form)
    start = found.end() if (found := _PREFACE.match(page.form)) else 0
    rest = page.shown[start:] if named is None else page.shown[start : named.start]
    rest = CHAT_BEHIND.sub("", rest).strip(" ,.;-")
    code = named.code if named else place if place.isascii() and len(place) == 2 else ""
    if named and not rest:
        return replace(known, country=code, province=_PROVINCES.get(code, ""))
    form = page_of(rest).form
    coded = REGION_CODE.search(form)
    is_said = NO_NAME_WORDS.search(REGION_CODE.sub("", form))
    is_near = asked and _NEAR.search(form) and re.search(r"[A-Z]", rest)
    if is_said and not (is_near or (STREETY.search(form) and re.search(r"\d", form))):
        return None
    if is_near or _is_street(rest) or code or coded or _POSTCODE.search(form):
        country = code if not known.country else ""
        return joined(known, Recipient(detail=rest, country=country))
    if not known.name:
        name = read_name(text)
        sure = name and (" " in name or not name.islower() or asked == "name")
        return replace(known, name=name) if name and sure else None
    is_named = _LETTERS.fullmatch(form) and len(form) >= STREET_LEAST
    if is_named and asked == "street" and is_town(known.detail):
        return replace(known, detail=f"{rest}, {known.detail}")
    if is_named and known.detail and not known.country:
        return joined(known, Recipient(detail=rest))
    return None


def _is_street(shown: str) -> bool:
    """Whether this is a street with its number: Hauptstraße 5, 24 Park Road."""
    form = page_of(shown).form
    if REGION_CODE.fullmatch(form):
        return False
    if not re.search(r"\d", form):
        return bool(STREETY.search(form)) and len(form.split()) > 1 and not is_lone_name(form)
    return bool(STREETY.search(form) or re.search(r"\b[^\W\d_a-z][^\W\d_]{3}|, ", shown))


def joined(known: Recipient, said: Recipient) -> Recipient:
    """What was known with what is said besides; a place that is said is for all of it."""
    placed = said.province or said.country
    inside = said.province in ("", known.province) and said.country in ("", known.country)
    if inside and not (said.city or said.district):
        known = replace(known, detail="") if placed and said.detail else known
    elif placed and said.detail and (known.province or known.country):
        known = replace(known, province="", city="", district="", detail="", country="")
    given = {part: getattr(said, part) for part in ("name", "phone") if getattr(said, part)}
    if said.province and said.province == known.province and not (said.city or said.district):
        pass  # Hong Kong, said after the district
    elif said.province:
        given |= {
            "province": said.province,
            "city": said.city,
            "district": said.district,
            "country": said.country or "CN",
        }
    elif said.country:
        given["country"] = said.country
    if said.detail:
        han = re.search(f"[{HAN}\u0f40-\u0fbc]", said.detail)
        both = [known.detail, said.detail]
        if is_town(known.detail) and (_is_street(said.detail) or _NEAR.search(said.detail)):
            both.reverse()  # The town was told first.
        given["detail"] = (" " if han else ", ").join(filter(None, both))
    return replace(known, **given)
