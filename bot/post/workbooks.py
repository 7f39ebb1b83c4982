"""The service that writes workbooks, which takes too long for a unit of work.

It reads on a connection and in a thread of its own, so that neither units nor pages wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from io import BytesIO
from pathlib import Path

from bot.language.locales import Locales
from bot.messages import Answer, Attachment, Export, Exported, Request
from bot.post.calls import Refusal
from bot.shop import exports
from bot.shop.exports import Period
from bot.store.files import XLSX, Files
from bot.store.sqlite import reading

# Counted without the sales and the cash; they take a busy machine ten seconds of the thirty that a
# call has. The command line has no such limit.
ROWS_MAX = 20_000


class Workbooks:
    """Writes them into `files`; days are those of `zone`."""

    def __init__(self, database: Path, files: Files, zone: tzinfo, locales: Locales) -> None:
        self._database = database
        self._files = files
        self._zone = zone
        self._locales = locales

    async def ask(self, request: Request) -> Sequence[Answer]:
        """The workbook that an Export asks for. Raises Refusal when it would be too long."""
        assert isinstance(request, Export)
        write = self._write if request.first else self._write_waiting
        return [await asyncio.to_thread(write, request)]

    def _write_waiting(self, request: Export) -> Exported:
        with reading(self._database) as db:
            found = len(exports.waiting(db))
            book = BytesIO()
            if found:
                exports.write_waiting(book, db, self._locales, request.language)
        file = self._saved(book, f"{request.name}.xlsx") if found else None
        return Exported("", request, file, found)

    def _saved(self, book: BytesIO, name: str) -> Attachment:
        return Attachment(self._files.save(book.getvalue()), XLSX, name)

    def _write(self, request: Export) -> Exported:
        first, last = date.fromisoformat(request.first), date.fromisoformat(request.last)
        after = last + timedelta(days=1)
        period = Period(self._midnight(first), self._midnight(after), self._zone)
        with reading(self._database) as db:
            orders, rows = exports.size(db, period)
            if rows > ROWS_MAX:
                raise Refusal(f"{rows} rows are too many")
            if not rows:
                return Exported("", request, None, 0)
            book = BytesIO()
            exports.write_all(book, db, period)
        return Exported("", request, self._saved(book, f"orders-{request.name}.xlsx"), orders)

    def _midnight(self, day: date) -> int:
        start = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        return int(start.timestamp() * 1000)
