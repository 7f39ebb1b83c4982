"""The divisions of the mainland in Latin letters: English, pinyin and official spellings.

Wuhou District, Chengdu and `kangding shi ganzi zhou` are found alike. What pinyin leaves open,
such as Suzhou, is decided by what else is named, or stays open. Import it where it is called: the
table of readings is loaded at the first use, and few addresses need it.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from bot.language.addresses.divisions import BEYOND, Place
from bot.language.addresses.divisions_names import divisions
from bot.language.addresses.latin_words import is_tibetan_name
from bot.language.regex import regex

PINYIN = Path(__file__).with_name("divisions_pinyin.json.gz")
SPELLINGS = Path(__file__).with_name("divisions_latin.tsv")

_NAMES_MAX = 8  # names looked at in one text
_WORDS_MAX = 5  # words of a name: Xi Shuang Ban Na
# The endings of the Chinese names that are meant by an ending in Latin letters.
_KINDS = {
    "province": "省", "sheng": "省", "prov": "省",
    "region": "区", "zizhiqu": "区", "qu": "区", "district": "区", "dist": "区", "area": "区",
    "xinqu": "区", "diqu": "区",
    "prefecture": "州区盟", "pref": "州区盟", "tap": "州",
    "zhou": "州", "zizhizhou": "州", "league": "盟", "meng": "盟",
    "city": "市", "municipality": "市", "shi": "市",
    "county": "县旗", "xian": "县", "zizhixian": "县", "banner": "旗", "qi": "旗",
}  # fmt: skip
_JOINED = regex("(.{2,}?)(sheng|zizhiqu|zizhizhou|zizhixian|xinqu|diqu|qu|zhou|meng|shi|xian|qi)")
_WORD = regex(r"[a-z]+(?:'[a-z]+)*")
_KIND = regex(
    r"[ -]{1,2}(?:(?:[a-z&]+ ){0,4}?(?:autonomous|zizhi)[ -]?|(?:new|level|special)[ -])?"
    rf"({'|'.join(sorted(_KINDS, key=len, reverse=True))})(?![a-z'])\.?"
)
_NEEDS_ENDING = regex(".[区县旗]")  # 理县 is Li County, never Li
_V = regex("(?<=[ln])v")  # typed for ü: lvliang
_GAP = regex(r"[ -]?")  # within a name
# Chengdu Road and Beijing East Road are streets, Lhasa Hotel is a house.
_STREET_OF_IT = regex(
    r"[ -](?:(?:north|south|east|west|middle|central|mid|inner|outer|[nsew]|zhong|dong|xi|nan|bei"
    r"|[a-z]*(?:first|second|third)|\d+(?:st|nd|rd|th)|ancient|old|new)\.? ?"
    r"|(?:(?:normal|medical|agricultural|minzu|nationalities|international|foreign|studies|teachers"
    r"|science|technology|technical|vocational|traditional|tibetan|chinese|medicine|polytechnic"
    r"|people's|first|second|central|industrial|economics|finance|and|of|city|provincial|shifan|ligong"
    r"|yike|nongye|caijing|gongye|jiaotong|no\.? ?\d) )*)?"
    r"(?:roads?|rd|streets?|st|ave(?:nue)?|lu|jie|dajie|dadao|dao|blvd|boulevard|lane|alley|town"
    r"|township|village|hotel|plaza|building|tower|garden|mansion|square|univ(?:ersity)?|college"
    r"|hospital|school|bridge|market|railway|station|airport|zhen|xiang|cun|hutong|monastery"
    r"|institute|academy|museum|restaurant|company|bank|daxue|xueyuan|binguan|jiudian|fandian"
    r"|temple|(?:dong|nan|xi|bei|zhong)(?:lu|jie|dajie|dadao))(?![a-z])"
)
_MADE_OF_IT = regex(
    r"(?: [a-z'-]+){1,4} \d|(?: [a-z'-]+){0,4} (?:roads?|streets?|hotel|temple|monastery|university"
    r"|college|institute|academy|school|hospital|museum|company)(?![a-z])"
)
_PHONE_FOLLOWS = regex(r"[\s,.;:()\x01-]*\x00")
_POSTCODE = r"(?<![\d-])[0-8]\d{5}(?![\d-])"
_CHINA = r"(?<![a-z])(?:(?:p\.? ?r\.? ?)?china|prc|zhongguo|t\.?a\.?r\.?)(?![a-z])"
_BESIDE = regex(f"{_POSTCODE}|{_CHINA}")
_BEGINS = regex(rf"(?:\A|[,;\n\x00\x01]|{_POSTCODE}|{_CHINA})[ .()-]*\Z")
_ENDS = regex(
    rf"[ .)?!-]*(?:\Z|[,;\n\x00\x01]|{_POSTCODE}|{_CHINA}|[a-z']+(?: [a-z']+){{0,2}} ?\x00)"
)


class Named(Struct, frozen=True):
    """A name of divisions: where it stood, what it can mean, whether an ending said its kind."""

    start: int
    end: int
    places: tuple[Place, ...]
    kind: bool
    words: int


class Found(Struct, frozen=True):
    """What the names of a text mean together, and where those stood that say it."""

    place: Place
    spans: tuple[tuple[int, int], ...]
    full: bool  # as in `Division`: with an ending, or several that agree


def folded(text: str) -> str:
    """A text without the marks on its letters, character for character: garze for garzê."""
    return "".join(unicodedata.normalize("NFD", sign)[0] for sign in text)


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[Place, ...]]:
    """Every reading and what it can mean, the largest first, those in pinyin first."""
    fulls: dict[str, list[Place]] = {}
    for full, place in divisions():
        if place[0] not in BEYOND and not (place[0] == place[1] and not place[2]):
            fulls.setdefault(full, []).append(place)
    known: dict[str, list[Place]] = {}
    read: dict[str, str] = json.loads(gzip.decompress(PINYIN.read_bytes()))
    for full, places in fulls.items():
        known.setdefault(read.get(full, ""), []).extend(places)
    for line in SPELLINGS.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            spelt, _, full = line.partition("\t")
            outer, _, inner = full.rpartition("/")
            meant = [one for one in fulls[inner] if not outer or outer in one]
            known.setdefault(spelt, []).extend(meant)
    return {reading: tuple(dict.fromkeys(places)) for reading, places in known.items()}


def find_in_latin(form: str) -> Found | None:
    """What the divisions named in a form mean, with the postcode and the country beside them."""
    text = folded(form)
    named = list(_named(text))[:_NAMES_MAX]
    named = [one for one in named if not _is_person(text, one, named)]
    if not named:
        return None
    place = _meant(named)
    covering = [one for one in named if any(_within(each, place) for each in one.places)]
    covering = [one for one in covering if not _is_again(text, one, covering)]
    spans = [(one.start, one.end) for one in covering]
    spans += [match.span() for match in _BESIDE.finditer(text)]
    full = len(covering) > 1 or any(one.kind for one in covering)
    return Found(place, tuple(sorted(spans)), full)


def district_in_latin(form: str, town: tuple[str, str]) -> str:
    """The district of a province and a city that a form names; '' for none."""
    named = _named(folded(form))
    places = (place for one in named for place in one.places if place[:2] == town)
    return next((place[2] for place in places if place[2]), "")


def _is_person(text: str, one: Named, named: list[Named]) -> bool:
    """Nima Tsering and Karma Wangmo are people, where no place that Nima is in is named."""
    if one.kind or not is_tibetan_name(text[one.start : one.end]):
        return False
    around = (place for other in named if other is not one for place in other.places if place[1])
    return not any(_within(outer, inner) for outer in around for inner in one.places)


def _is_again(text: str, one: Named, named: list[Named]) -> bool:
    """Whether the place is named apart as well, and this is a name made of it: Derge Parkhang
    Road 5, Beijing Lama Temple, or Mr He Fei beside his phone."""
    rest = text[one.end :]
    follows = one.end + len(rest) - len(rest.lstrip())
    if one.kind or any(other.start == follows for other in named):
        return False
    said_so = text.endswith(" of ", 0, one.start)
    made = said_so or _MADE_OF_IT.match(rest) or (one.words > 1 and _PHONE_FOLLOWS.match(rest))
    same = (other for other in named if other is not one and {*one.places} <= {*other.places})
    return bool(made and any(same))


def _named(text: str) -> Iterator[Named]:
    """The names of a text. One without an ending begins or ends what commas part, or is beside
    another that does: Chengdu in `Renmin Lu 5 Chengdu`, not in `the Chengdu girl`."""
    found: list[Named] = []
    at = 0
    while word := _WORD.search(text, at):
        one = _named_at(text, word.start())
        found += [one] if one else []
        at = one.end if one else word.end()
    begun = [bool(one.kind or _BEGINS.search(text[: one.start])) for one in found]
    ended = [bool(one.kind or _ENDS.match(text, one.end)) for one in found]
    beside = [not text[a.end : b.start].strip(" ./|()-") for a, b in pairwise(found)]
    for at, together in enumerate(beside):
        begun[at + 1] |= begun[at] and together
    for at, together in reversed([*enumerate(beside)]):
        ended[at] |= ended[at + 1] and together
    for one, begins, ends in zip(found, begun, ended, strict=True):
        if begins or ends:
            yield one


def _named_at(text: str, start: int) -> Named | None:
    """The longest name that starts here, in one word or in several: Xi'an, cheng du."""
    if start and re.match(r"[a-z0-9']", text[start - 1]):
        return None
    best, letters, words, end = None, "", 0, start
    while words < _WORDS_MAX and (word := _WORD.match(text, end)):
        letters += word[0].replace("'", "")
        words += 1
        best = _read_as(text, start, word.end(), letters, words) or best
        gap = _GAP.match(text, word.end())
        end = gap.end() if gap else word.end()
        if end == word.end():
            break
    return best


def _read_as(text: str, start: int, end: int, letters: str, words: int) -> Named | None:
    letters = _V.sub("u", letters)
    kind = _KIND.match(text, end)
    places = _known().get(letters, ())
    if kind and places:
        wanted = _of_kind(places, kind[1]) or places
        return Named(start, kind.end(), wanted, True, words)
    if places:
        alone = tuple(one for one in places if not _NEEDS_ENDING.fullmatch(_name(one)))
        street = _STREET_OF_IT.match(text, end)
        return Named(start, end, alone, False, words) if alone and not street else None
    joined = _JOINED.fullmatch(letters)
    if joined is None or _STREET_OF_IT.match(text, end):
        return None
    wanted = _of_kind(_known().get(joined[1], ()), joined[2])
    return Named(start, end, wanted, True, words) if wanted else None


def _of_kind(places: tuple[Place, ...], ending: str) -> tuple[Place, ...]:
    return tuple(one for one in places if _name(one)[-1] in _KINDS[ending])


def _name(place: Place) -> str:
    return place[2] or place[1] or place[0]


def _within(outer: Place, inner: Place) -> bool:
    """Whether a place is the other or one around it."""
    return bool(any(inner)) and all(not part or part == inner[at] for at, part in enumerate(outer))


def _meant(named: list[Named]) -> Place:
    """The place that most of the names agree on; what is certain of it if there are several."""
    worth: dict[Place, tuple[int, ...]] = {}
    for place in {place for one in named for place in one.places}:
        agree = [one for one in named if any(_within(each, place) for each in one.places)]
        levels = _levels(place)
        told = sum(any(level in one.places for one in agree) for level in levels)
        parted = sum(one.words > 1 and not one.kind for one in agree)
        kinds = sum(one.kind for one in agree)
        # Jilin is a province and a city in it; said once, it is no more than the province.
        worth[place] = len(agree) + min(told, len(agree)), kinds, -parted, -sum(map(bool, place))
    most = max(worth.values())
    best = [place for place, one in worth.items() if one == most]
    if not any(place[1] for place in best):  # Shanxi
        best = [next(place for one in named for place in one.places if place in best)]
    # Yining is a city and the county around it; the county is called one.
    best = [place for place in best if (*place[:2], place[2][:-1] + "市") not in best
            or not place[2].endswith("县")]  # fmt: skip
    province, city, district = (
        parts[0] if len(set(parts)) == 1 else "" for parts in zip(*best, strict=True)
    )
    return province, (province if province.endswith("市") and not city else city), district


def _levels(place: Place) -> list[Place]:
    """The place and those around it: a municipality is one."""
    province, city, district = place
    around = [(province, "", ""), (province, city, ""), place]
    if province == city:
        del around[1]
    return list(dict.fromkeys(around))
