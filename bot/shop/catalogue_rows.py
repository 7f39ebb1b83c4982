"""The catalogue's products as rows of a table, a row a grade.

A product's own columns stand in its first row; in the rows of its other grades they are empty or
the same. Columns that hold a text per language are named like `name:zh-Hans`; words are parted by
` | ` and packs by `; ` ("box = 20 pc; bag = 500 g").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.shop.catalogue_fields import CatalogueErrors, Faults, Place

_PLAIN = ("unit", "weight", "minimum", "season", "fresh", "shelf-life-days", "picture", "packs")
_LANGUAGES = ("name", "words", "counter", "origin", "storage", "about")
_GRADE_PLAIN = ("price", "per", "steps", "stock")
_GRADE_LANGUAGES = {"grade-name": "name", "grade-words": "words"}
_WORD_BREAK, _PACK_BREAK = "|", ";"

Where = Callable[[Place], tuple[int, str]]


def to_rows(raw: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heads and rows for the products of a catalogue's tables."""
    rows = [
        row for product in raw["product"] for row in _product_rows(product, raw["shop"]["currency"])
    ]
    heads = list(dict.fromkeys(head for head in _order(rows)))
    return heads, [[row.get(head, "") for head in heads] for row in rows]


def _order(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The columns: plain ones as they come, then each text's languages together."""
    languages = list(
        dict.fromkeys(head.partition(":")[2] for row in rows for head in row if ":" in head)
    )
    kinds = ("name", *_GRADE_LANGUAGES, *_LANGUAGES[1:])
    used = {head for row in rows for head in row}
    plain = ["product", "grade", "currency", *_GRADE_PLAIN, *_PLAIN]
    return [head for head in plain if head in used] + [
        head for kind in kinds for language in languages if (head := f"{kind}:{language}") in used
    ]


def _product_rows(product: Mapping[str, Any], currency: str) -> list[dict[str, str]]:
    own = {name: _cell(product[name]) for name in _PLAIN if name in product}
    for name in _LANGUAGES:
        own |= _per_language(name, product.get(name, {}))
    rows = []
    for grade in product.get("grade") or [{**product, "key": "", "name": {}, "words": {}}]:
        row = {"product": product["key"], "grade": grade["key"], "currency": currency}
        row |= {name: _cell(grade[name]) for name in _GRADE_PLAIN if name in grade}
        for head, name in _GRADE_LANGUAGES.items():
            row |= _per_language(head, grade[name])
        rows.append(row | own)
        own = {}
    return rows


def _per_language(head: str, texts: Mapping[str, Any]) -> dict[str, str]:
    return {f"{head}:{language}": _cell(value) for language, value in texts.items()}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f" {_WORD_BREAK} ".join(value)
    if isinstance(value, Mapping):
        return f"{_PACK_BREAK} ".join(f"{name} = {size}" for name, size in value.items())
    return str(value)


def from_rows(rows: Sequence[Sequence[str]]) -> tuple[dict[str, Any], Where]:
    """The tables that rows say, and where a field of them stands.

    Raises CatalogueErrors for what is wrong with the rows themselves.
    """
    heads = [head.strip() for head in rows[0]] if rows else []
    numbers: dict[Place, int] = {}  # the row of each product and grade

    def where(place: Place) -> tuple[int, str]:
        while place and place not in numbers:
            place = place[:-1]
        number = numbers.get(place, 1)
        return number, f"row {number}"

    reader = _Rows(heads, numbers, Faults(lambda place: (int(place[0]), f"row {place[0]}")))
    for number, cells in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in cells):
            reader.take(number, cells)
    return reader.done(), where


class _Rows:
    """Gathers rows into products, noting what does not fit together."""

    def __init__(self, heads: list[str], numbers: dict[Place, int], faults: Faults) -> None:
        self._heads, self._numbers, self._faults = heads, numbers, faults
        self._products: list[dict[str, Any]] = []
        self._grades: list[list[dict[str, Any]]] = []
        self._indexes: dict[str, int] = {}  # of each product by its key
        self._cells: list[dict[str, str]] = []  # each product's own cells
        self._currency = ""
        for head in heads:
            if head and (not _is_known(head) or heads.count(head) > 1):
                faults.note((1,), "unknown" if not _is_known(head) else "twice",
                            name=head, hint="", given=head, first="row 1")  # fmt: skip
        if "product" not in heads:
            faults.note((1,), "missing", name="product")

    def take(self, number: int, cells: Sequence[str]) -> None:
        """One row."""
        row = {
            head: cell.strip()
            for head, cell in zip(self._heads, cells, strict=False)
            if head and cell.strip()
        }
        if any(cell.strip() for cell in cells[len(self._heads) :]):
            self._faults.note((number,), "unknown", name="a cell beyond the heads", hint="")
        self._take_currency(number, row)
        key = row.pop("product", "")
        if not key:
            self._faults.note((number,), "missing", name="product")
            return
        grade = {"key": row.pop("grade", "")}
        grade |= {name: row.pop(name) for name in _GRADE_PLAIN if name in row}
        for head, name in _GRADE_LANGUAGES.items():
            grade |= _texts(row, head, name)
        self._place(number, key, row)
        index = self._indexes[key]
        self._numbers["product", index, "grade", len(self._grades[index])] = number
        self._grades[index].append(grade)

    def _take_currency(self, number: int, row: dict[str, str]) -> None:
        given = row.pop("currency", self._currency)
        if self._currency and given != self._currency:
            self._faults.note((number,), "differs", name="currency", first="the first row")
        self._currency = self._currency or given

    def _place(self, number: int, key: str, row: dict[str, str]) -> None:
        """Puts a row's own cells to its product, which the row may be the first of."""
        index = self._indexes.setdefault(key, len(self._products))
        if index == len(self._products):
            self._numbers["product", index] = number
            self._cells.append(dict(row))
            self._products.append(_own(key, row))
            self._grades.append([])
            return
        if index != len(self._products) - 1:
            self._faults.note((number,), "scattered", given=key)
        for head, cell in row.items():
            if self._cells[index].get(head) != cell:
                first = f"row {self._numbers['product', index]}"
                self._faults.note((number,), "differs", name=head, first=first)

    def done(self) -> dict[str, Any]:
        """All products. Raises CatalogueErrors."""
        self._faults.raise_if_any()
        for product, grades in zip(self._products, self._grades, strict=True):
            if [grade["key"] for grade in grades] == [""]:
                product |= {name: grades[0][name] for name in _GRADE_PLAIN if name in grades[0]}
            else:
                product["grade"] = grades
        return {"currency": self._currency, "product": self._products}


def _is_known(head: str) -> bool:
    name, colon, language = head.partition(":")
    if colon:
        return bool(language) and name in (*_LANGUAGES, *_GRADE_LANGUAGES)
    return head in ("product", "grade", "currency", *_GRADE_PLAIN, *_PLAIN)


def _own(key: str, row: Mapping[str, str]) -> dict[str, Any]:
    """A product's own cells as the fields they say."""
    cells = dict(row)
    product: dict[str, Any] = {"key": key}
    for name in _LANGUAGES:
        product |= _texts(cells, name, name)
    product |= cells
    if "packs" in product:
        packs = [pack.partition("=") for pack in cells["packs"].split(_PACK_BREAK) if pack.strip()]
        product["packs"] = {name.strip(): size.strip() for name, _, size in packs}
    return product


def _texts(row: dict[str, str], head: str, name: str) -> dict[str, Any]:
    """Takes a text's languages out of a row."""
    found: dict[str, Any] = {}
    for column in [column for column in row if column.partition(":")[0] == head]:
        cell = row.pop(column)
        words = [word.strip() for word in cell.split(_WORD_BREAK) if word.strip()]
        found[column.partition(":")[2]] = words if name == "words" else cell
    return {name: found} if found else {}


__all__ = ["CatalogueErrors", "from_rows", "to_rows"]
