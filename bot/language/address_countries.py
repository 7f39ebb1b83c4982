"""The country of an address: named, or told by a postcode or the phone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

JOINT = "\x02"  # the blank in `new zealand`, see `address_parts`

# They are words of many sentences; only as a part of its own is one a country.
SHORT_CODES = {"us": "US", "hk": "HK", "h.k.": "HK"}
_SHORT_CODE = re.compile(r"[,\n]\s?(us|hk|h\.k\.)\s*(?=[,\n\x00]|$)")
_US_ZIP = re.compile(r"\b[a-z]{2}[,\s\x02]{1,2}\d{5}(?:-\d{4})?\b")
_CANADIAN_CODE = re.compile(r"\b[a-z]\d[a-z][ -]?\d[a-z]\d\b")
_BRITISH_CODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b")


@dataclass(frozen=True, slots=True)
class Country:
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
        inner = rf"(?<!inner[ {JOINT}-])" if name == "mongolia" else ""
        return rf"(?<!\w){inner}{re.escape(name)}(?!\w)".replace(r"\ ", f"[ {JOINT}]")

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
    return "GB" if _BRITISH_CODE.search(form) else ""
