"""The catalogue as TOML: reading it with the line of every field, and writing it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from bot.shop.catalogue_fields import CatalogueError, CatalogueErrors, Place

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_FIELD = re.compile(rf"\s*({_KEY_PART}(?:\s*\.\s*{_KEY_PART})*)\s*=(.*)$")
_PARTS = re.compile(_KEY_PART)
# Strings first, so that a bracket or a # inside one counts for nothing.
_TOKENS = re.compile(r'''"""|\'\'\'|"(?:[^"\\]|\\.)*"|'[^']*'|#.*|[\[{]|[\]}]''')


def read_toml(text: str) -> tuple[dict[str, Any], dict[Place, int]]:
    """A file's tables, and the line of each of their fields.

    Raises CatalogueErrors for the first fault of TOML's own grammar, after which the rest of a
    file means nothing.
    """
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        why = str(error)
        at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", why)
        line = at[1] if at and at[1] else str(text.count("\n") + 1)
        why = why[: at.start()] if at else why
        found = CatalogueError(f"line {line}", "syntax", {"why": why})
        raise CatalogueErrors((found,)) from error
    except RecursionError as error:
        found = CatalogueError("", "syntax", {"why": "nested too deeply"})
        raise CatalogueErrors((found,)) from error
    return raw, _Lines().scan(text)


class _Lines:
    """A light scan for the line of each field, of text that tomllib has accepted.

    What it does not see (what is inside an inline table, a quoted key with a quote in it) is shown
    where the field or table around it begins.
    """

    def __init__(self) -> None:
        self.found: dict[Place, int] = {}
        self._counts: dict[Place, int] = {}  # how many tables of a list there have been
        self._table: Place = ()
        self._open = 0  # brackets still open
        self._quotes = ""  # the kind of long string still open

    def scan(self, text: str) -> dict[Place, int]:
        """The line, from 1, of each field."""
        for number, line in enumerate(text.split("\n"), 1):
            if not self._open and not self._quotes:
                line = self._begin(line.rstrip("\r"), number)
            self._follow(line)
        return self.found

    def _begin(self, line: str, number: int) -> str:
        """Takes a line that begins a table or a field; returns what is left to follow."""
        if header := _HEADER.match(line):
            self._table = self._entered(_parts(header[2]), header[1] == "[[")
            self.found.setdefault(self._table, number)
            return ""
        if given := _FIELD.match(line):
            place = self._table + _parts(given[1])
            for end in range(len(self._table) + 1, len(place) + 1):
                self.found.setdefault(place[:end], number)
            return given[2]
        return line

    def _entered(self, parts: tuple[str, ...], is_list: bool) -> Place:
        """The place of a header's table: of a list of tables, the present one."""
        place: Place = ()
        for n, part in enumerate(parts):
            place = (*place, part)
            if is_list and n == len(parts) - 1:
                self._counts[place] = self._counts.get(place, -1) + 1
            if place in self._counts:
                place = (*place, self._counts[place])
        return place

    def _follow(self, line: str) -> None:
        """Follows strings and brackets to the end of a line."""
        position = 0
        while position < len(line):
            if self._quotes:
                position = self._end_of_long(line, position)
                continue
            token = _TOKENS.search(line, position)
            if not token:
                return
            position = token.end()
            if token[0] in ('"""', "'''"):
                self._quotes = token[0]
            elif token[0] in "[{":
                self._open += 1
            elif token[0] in "]}":
                self._open -= 1

    def _end_of_long(self, line: str, position: int) -> int:
        """Where a long string ends in a line, or the line's end."""
        pattern = r'(?:[^"\\]|\\.|"(?!""))*"""' if self._quotes == '"""' else r"(?:.)*?'''"
        end = re.compile(pattern).match(line, position)
        if end:
            self._quotes = ""
        return end.end() if end else len(line)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PARTS.findall(dotted))


def line_of(lines: Mapping[Place, int], place: Place) -> int:
    """The line of a field, or of the nearest table around it; 1 for the file itself."""
    while place:
        if place in lines:
            return lines[place]
        place = place[:-1]
    return 1


HEAD = """\
# A catalogue of Shanhuo, the shop in a chat.
#
# Languages: zh-Hans, zh-Hant, en, bo. A price is a text such as "28.00" in the shop's currency,
# for so much of the product as `per` says: "500 g", "1 kg" or "pc". unit = "g" is what is sold by
# weight, unit = "pc" by the piece; amounts are "250 g", "2 kg" or "20 pc". A season is first and
# last day, month-day: "07-01..09-30"; without one a product is sold all year.
# `stock` is what a product opens with: it counts only the first time that the product is named.
"""


def write_toml(raw: Mapping[str, Any]) -> str:
    """The tables of a catalogue as TOML that reads back as the same."""
    lines = [HEAD, "[shop]", *_fields(raw["shop"], "shop")]
    for name in ("zone", "product"):
        for entry in raw[name]:
            lines += ["", f"[[{name}]]", *_fields(entry, name)]
    return "\n".join(lines) + "\n"


def _fields(entry: Mapping[str, Any], header: str) -> Iterator[str]:
    """A table's lines: its plain fields first, then tables a language, then lists of tables."""
    tables = {key: value for key, value in entry.items() if isinstance(value, Mapping)}
    grades = entry.get("grade", ())
    for key, value in entry.items():
        if key not in tables and key != "grade":
            yield f"{key} = {_value(value)}"
    for key, table in tables.items():
        if table:
            yield f"[{header}.{key}]"
            yield from (f"{name} = {_value(value)}" for name, value in table.items())
    for grade in grades:
        yield f"[[{header}.grade]]"
        yield from _fields(grade, f"{header}.grade")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Iterable):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    raise TypeError(type(value))
