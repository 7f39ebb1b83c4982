"""The country of an address: named, or told by a postcode or the phone."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from bot.language.regex import regex

JOINT = "\x02"  # the blank in `new zealand`, see `parts`

# They are words of many sentences; only as a part of its own is one a country.
SHORT_CODES = {"us": "US", "hk": "HK", "h.k.": "HK"}
_SHORT_CODE = regex(r"[,\n]\s?(us|hk|h\.k\.)\s*(?=[,\n\x00]|$)")
_STATES = (
    "al|ak|az|ar|ca|co|ct|dc|de|fl|ga|hi|ia|id|il|in|ks|ky|la|ma|md|me|mi|mn|mo|ms|mt|nc|nd|ne|nh|nj"
    "|nm|nv|ny|oh|ok|or|pa|pr|ri|sc|sd|tn|tx|ut|va|vt|wa|wi|wv|wy|alabama|alaska|arizona|arkansas"
    "|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa"
    "|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri"
    "|montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina"
    "|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota"
    "|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming"
).replace(" ", "[ \x02]")
_US_ZIP = regex(rf"\b(?:{_STATES})\.?[,\s\x02]{{1,2}}\d{{5}}(?:-\d{{4}})?\b")
_CANADIAN_CODE = regex(r"\b[a-z]\d[a-z][ -]?\d[a-z]\d\b")
# What ends the town's line over there: OR 97205, ON M5V 2T6. `or` and `on` mean nothing else then.
REGION_CODE = regex(
    rf"{_US_ZIP.pattern}"
    rf"|\b(?:(?:ab|bc|mb|nb|nl|ns|nt|nu|on|pe|qc|sk|yt)[,\s\x02]{{1,2}})?{_CANADIAN_CODE.pattern}"
)
_SINGAPORE_CODE = regex(r"\bs ?\(?\d{6}\b")
_BRITISH_CODE = regex(r"\b[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b")


_NO_COUNTRY = {"mongolia": "inner", "mexico": "new"}  # what goes before a region of that name


class Country(Struct, frozen=True):
    """A country's ISO code and where its name stood."""

    code: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Codes by names and by dialling codes."""
    by_name, by_dial = {}, {}
    for line in Path(__file__).with_name("countries.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, dial, names = line.split("\t")
            by_name.update(dict.fromkeys(names.split(", "), code))
            if dial:
                by_dial[dial] = code
    return by_name, by_dial


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    def one(name: str) -> str:
        if "\u4e00" <= name[0] <= "\u9fff":
            return f"{name}(?![东西南北中]?[一二三四]?[路街道])"
        before = rf"(?<!{_NO_COUNTRY[name]}[ {JOINT}-])" if name in _NO_COUNTRY else ""
        behind = r"(?![\s\x02,]{1,2}\d{5}\b)" if name == "georgia" else ""  # of the states
        return rf"(?<!\w){before}{re.escape(name)}(?!\w){behind}".replace(r"\ ", f"[ {JOINT}]")

    return re.compile("|".join(one(name) for name in sorted(_table()[0], key=len, reverse=True)))


def countries_in(form: str) -> list[Country]:
    """The countries that a text names."""
    by_name = _table()[0]
    return [
        Country(by_name[match[0].replace(JOINT, " ")], match.start(), match.end())
        for match in _pattern().finditer(form)
    ]


def country_in(form: str) -> Country | None:
    """The last country that a text names: the larger follows the smaller."""
    found = countries_in(form)
    return found[-1] if found else None


def is_country(form: str) -> bool:
    """Whether this is the name of a country and nothing else."""
    return form in _table()[0] or form in SHORT_CODES


def country_of(form: str, phone: str) -> str:
    """The code of the country that an address is in, or else that its phone is of."""
    named = country_in(form)
    if named:
        return named.code
    short = _SHORT_CODE.search(form)
    if short:
        return SHORT_CODES[short[1]]
    if _US_ZIP.search(form):
        return "US"
    if _CANADIAN_CODE.search(form):
        return "CA"
    by_dial = _table()[1]
    if phone.startswith("+"):
        for length in (3, 2, 1):
            if phone[1 : 1 + length] in by_dial:
                return by_dial[phone[1 : 1 + length]]
    if _SINGAPORE_CODE.search(form):
        return "SG"
    return "GB" if _BRITISH_CODE.search(form) else ""
