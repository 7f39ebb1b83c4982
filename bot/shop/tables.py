"""Tables as CSV and XLSX files: read within limits, and written safe against formulas.

A CSV cell that a spreadsheet would take for a formula gets an apostrophe in front, and reading
takes it away again. XLSX cells are written as strings, which no spreadsheet computes.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

FILE_BYTES_MAX = 5_000_000
UNZIPPED_BYTES_MAX = 50_000_000  # of all parts of an XLSX file, as its own directory tells
PARTS_MAX = 200
ROWS_MAX = 10_000
COLUMNS_MAX = 200
SHEET_ROWS_MAX = 1_048_576  # of an XLSX sheet, by its format

Cell = str | int
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]  # title, heads, rows

# What begins a formula in some spreadsheet, the full-width ones included; apostrophes before it
# count, so that taking one away gives back exactly what was put in. A phone number, +852…, is only
# a number to it, and programs that print labels take it as it is.
_FORMULA = re.compile("'*(?![+][0-9]{8,}$)[=+\\-@\t\r\n＝＋－＠]")
_UNFIT_FOR_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Unreadable(Exception):
    """A file is not a table that can be read; its message says why, in plain words."""


def write_table(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Writes a .csv (UTF-8 with a BOM, which Excel needs) or .xlsx file.

    Raises ValueError for another suffix or more rows than a sheet holds, and OSError; then the
    file is what it was before.
    """
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    if path.suffix.lower() not in writers:
        raise ValueError(f"{path.name}: neither .csv nor .xlsx")
    part = path.with_name(f".{path.name}.part")
    try:
        writers[path.suffix.lower()](part, heads, rows)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_csv(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows([_guarded(cell) for cell in row] for row in rows)


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _write_xlsx(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    with path.open("wb") as file:
        write_workbook(file, [("Sheet1", heads, rows)])


def write_workbook(file: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Writes sheets as one XLSX file. Raises ValueError for more rows than a sheet holds."""
    from openpyxl import Workbook  # slow to import, and few commands need it

    book = Workbook(write_only=True)
    for title, heads, rows in sheets:
        _fill(book.create_sheet(title), heads, rows)
    book.save(file)


def _fill(sheet: Any, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    from openpyxl.cell import WriteOnlyCell

    def cell(value: Cell) -> Any:
        if isinstance(value, int):
            return value
        made = WriteOnlyCell(sheet, _UNFIT_FOR_XML.sub("\ufffd", value))
        made.data_type = "s"
        return made

    sheet.append([cell(head) for head in heads])
    for number, row in enumerate(rows, 2):
        if number > SHEET_ROWS_MAX:
            raise ValueError(f"more than {SHEET_ROWS_MAX} rows: export to .csv")
        sheet.append([cell(value) for value in row])


def read_table(path: Path) -> list[list[str]]:
    """The rows of a .csv or .xlsx file (its first sheet) as text, the heads included.

    Raises Unreadable when the file is none or passes a limit, and OSError.
    """
    rows = _read_csv(path) if path.suffix.lower() == ".csv" else _read_xlsx(path)
    return [row for row in _limited(rows)]


def _limited(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        if number > ROWS_MAX:
            raise Unreadable(f"more than {ROWS_MAX} rows")
        if len(row) > COLUMNS_MAX:
            raise Unreadable(f"more than {COLUMNS_MAX} columns in row {number}")
        yield row


def _read_csv(path: Path) -> Iterator[list[str]]:
    data = path.read_bytes()
    if b"\0" in data:
        raise Unreadable("not a CSV file in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8: save it as “CSV UTF-8”") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell for cell in row]
    except csv.Error as error:
        raise Unreadable(f"not a CSV file: {error}") from error


def _read_xlsx(path: Path) -> Iterator[list[str]]:
    _check_zip(path)
    from openpyxl import load_workbook  # slow to import, and few commands need it

    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        limits = {"max_row": ROWS_MAX + 1, "max_col": COLUMNS_MAX + 1}
        for row in sheet.iter_rows(values_only=True, **limits):
            yield _trimmed([_as_text(value) for value in row])
        book.close()
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        raise Unreadable(f"not an XLSX file: {type(error).__name__}") from error


def _check_zip(path: Path) -> None:
    """Looks at sizes before anything is unzipped; zipfile reads no more than they say."""
    try:
        with zipfile.ZipFile(path) as parts:
            sizes = [part.file_size for part in parts.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unreadable("not an XLSX file") from error
    if len(sizes) > PARTS_MAX or sum(sizes) > UNZIPPED_BYTES_MAX:
        raise Unreadable("too large when unzipped")


def _trimmed(row: list[str]) -> list[str]:
    """Without the empty cells at a row's end, of which a sheet may have very many."""
    while row and not row[-1]:
        row.pop()
    return row


def _as_text(value: object) -> str:
    """A cell as people see it: 28.0 is 28."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
