"""What each command of the command line does.

What goes wrong as it may is raised as an error whose text is a line for the operator; the caller
prints it. Imports that only one command needs stand in that command, so that each starts quickly.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.language.reading import Line, Reader, Reading
    from bot.service import Shop
    from bot.shop.catalogue import Catalogue, Parsed


class Failure(Exception):
    """A command could not do its work; the message is what the operator is told."""


def say(line: str = "") -> None:
    """One line out at once, whoever reads."""
    print(line, flush=True)


def run(settings: Settings, given: Namespace) -> int:
    """Serves the shop until it is told to stop."""
    import logging

    from bot import service

    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)

    def announce(address: str, links: Mapping[str, str]) -> None:
        for role, link in links.items():
            print(f"{role + ':':10}{link}")
        if links:
            print("Each link works once; `shanhuo invite` makes more. Ctrl+C stops the shop.")
        sys.stdout.flush()
        logging.info("the shop is open on %s", address)

    async def serve() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        await service.run(settings, stopping, announce, with_links=not given.no_links)
        logging.info("the shop is closed")

    asyncio.run(serve())
    return 0


def chat(settings: Settings, given: Namespace) -> int:
    """A chat in the terminal."""
    from bot import service
    from bot.channels.terminal import StandardInput, Terminal

    async def talk() -> None:
        async with service.open_shop(settings) as shop, asyncio.TaskGroup() as group:
            watch = group.create_task(shop.bell.watch(shop.store), name="bell")
            terminal = Terminal(
                store=shop.store,
                inbox=shop.inbox,
                bell=shop.bell,
                files=shop.files,
                write=say,
                as_json=given.json,
                caller=service.workbooks(shop),
            )
            await terminal.open(given.role, given.name or "", given.language or "")
            prompt = "" if given.json or not sys.stdin.isatty() else "> "
            await terminal.talk(StandardInput(sys.stdin.fileno()), prompt)
            watch.cancel()

    asyncio.run(talk())
    return 0


def understand(settings: Settings, given: Namespace) -> int:
    """Lines in; out: what was read, and why."""
    reader = _reader(settings)
    for text in _lines():
        reading = reader.read(text)
        say(_json(_reading(text, reading)) if given.json else _plain_reading(reading))
    return 0


def _reader(settings: Settings) -> Reader:
    from bot.language.lexicon import load_words
    from bot.language.reading import Reader
    from bot.talk.router import product_words

    return Reader(load_words(), product_words(_catalogue(settings)))


def _catalogue(settings: Settings) -> Catalogue:
    """The shop's catalogue, or what a new shop would sell; makes and changes no database."""
    from bot.service import first_catalogue

    return _own_catalogue(settings) or _as_catalogue(first_catalogue(settings))


def _own_catalogue(settings: Settings) -> Catalogue | None:
    from bot.shop import catalogue

    if not settings.database.exists():
        return None
    with _reading_database(settings) as db:
        return catalogue.load(db) if catalogue.version(db) else None


def _as_catalogue(parsed: Parsed) -> Catalogue:
    from bot.shop.catalogue import NO_SHOP, assembled

    return assembled(parsed.shop or NO_SHOP, parsed.products)


@contextmanager
def _reading_database(settings: Settings) -> Iterator[Any]:
    """A read-only connection for the block. Raises StoreError or Failure."""
    from bot.store.migrate import explained, pending
    from bot.store.sqlite import reading

    path = settings.database
    if not path.exists():
        raise Failure(f"{path}: there is no shop yet; `shanhuo run` makes one")
    if pending(path):
        raise Failure(f"{path}: of an older version; `shanhuo migrate` brings it up to date")
    with explained(path), reading(path) as db:
        yield db


def _reading(text: str, reading: Reading) -> dict[str, Any]:
    lines = [_line(line) for line in reading.lines]
    first = lines[0] if lines else {"product": None, "quantity": None}
    return {
        "text": text,
        "language": reading.language,
        "intent": reading.intent,
        "product": first["product"],
        "quantity": first["quantity"],
        "lines": lines,
        "confidence": round(reading.confidence, 3),
        "why": list(reading.why),
    }


def _line(line: Line) -> dict[str, str | None]:
    quantity = str(line.quantity) if line.quantity else None
    return {"product": line.product or None, "grade": line.grade or None, "quantity": quantity}


def _plain_reading(reading: Reading) -> str:
    wanted = [" ".join(filter(None, _line(line).values())) for line in reading.lines]
    parts = [reading.language, reading.intent, "; ".join(wanted) or "-"]
    why = ", ".join(reading.why)
    return f"{'  '.join(parts)}  ({reading.confidence:.2f}{': ' if why else ''}{why})"


def address(settings: Settings, given: Namespace) -> int:
    """Lines in; out: the delivery address in each."""
    from bot.language.addresses.hints import read_recipient

    for text in _lines():
        recipient = asdict(read_recipient(text.replace("\\n", "\n")))
        found = "  ".join(f"{field}: {value}" for field, value in recipient.items() if value)
        say(_json(recipient) if given.json else found or "-")
    return 0


def _lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n").removeprefix("\ufeff")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def catalogue_import(settings: Settings, given: Namespace) -> int:
    """Makes a file the shop's catalogue."""
    from bot.service import check_currency, utc_ms
    from bot.shop import catalogue
    from bot.shop.catalogue_files import CatalogueErrors, Unfit, read_catalogue, store_pictures
    from bot.store.files import Files

    try:
        parsed = read_catalogue(given.file)
    except CatalogueErrors as error:
        raise _catalogue_failure(given.file, error) from error
    check_currency(settings, parsed.currency)
    new = not settings.database.exists()
    if new and parsed.shop is None:
        raise Failure(f"{given.file}: has no zones; a new shop begins with a .toml catalogue")

    async def take_over() -> int:
        from random import SystemRandom

        from bot.store.sqlite import Store

        async with await Store.open(
            settings.database, clock=utc_ms, ids=SystemRandom(), zone=settings.timezone
        ) as store:
            stored = store_pictures(parsed, Files(settings.files))
            return await store.run(lambda unit: catalogue.replace(unit, stored, by=None))

    try:
        version = asyncio.run(take_over())
    except Unfit as error:
        values = "".join(f" {name}={value}" for name, value in error.values.items())
        raise Failure(f"{given.file}: {error.what}{values}") from error
    say(f"{len(parsed.products)} products, catalogue version {version}")
    return 0


def _catalogue_failure(file: Path, errors: Exception) -> Failure:
    return Failure("\n".join(f"{file}: {line}" for line in str(errors).splitlines()))


def catalogue_export(settings: Settings, given: Namespace) -> int:
    """Writes the shop's catalogue, as it is now, to a file.

    Without a shop yet it is the one that a new shop would have, opening stock and pictures too: a
    pattern for one's own.
    """
    from bot.service import first_catalogue
    from bot.shop.catalogue_files import store_pictures, write_catalogue
    from bot.store.files import Files

    _check_kind(given.file, ".toml", ".csv", ".xlsx")
    shop, stock = _own_catalogue(settings), None
    if shop is None:
        first = store_pictures(first_catalogue(settings), Files(settings.files))
        shop, stock = _as_catalogue(first), first.stock
    with _written_whole(given.file) as new:
        write_catalogue(shop, new, stock=stock)
    say(f"{len(shop.products)} products")
    return 0


def export(settings: Settings, given: Namespace) -> int:
    """Writes one of the tables of a period."""
    from bot.shop import exports

    table = exports.TABLES[given.table]
    _check_kind(given.file, ".csv", ".xlsx")
    begin = _midnight(settings, given.since) if given.since else None
    end = _midnight(settings, given.until + timedelta(days=1)) if given.until else None
    if begin is not None and end is not None and begin >= end:
        raise Failure("--from lies after --to")
    with _reading_database(settings) as db:
        rows = table.rows(db, exports.Period(begin, end, settings.timezone))
        with _written_whole(given.file) as new:
            exports.write(new, table, rows)
    say(f"{len(rows)} rows")
    return 0


def _midnight(settings: Settings, day: date) -> int:
    """The beginning of a day where the shop is, in UTC milliseconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=settings.timezone).timestamp() * 1000)


def _check_kind(file: Path, *suffixes: str) -> None:
    if file.suffix.lower() not in suffixes:
        raise Failure(f"{file}: the name must end in {' or '.join(suffixes)}")


@contextmanager
def _written_whole(target: Path) -> Iterator[Path]:
    """A place to write at; what is there takes the target's place only when all went well."""
    with tempfile.TemporaryDirectory(prefix=".shanhuo-", dir=target.absolute().parent) as folder:
        new = Path(folder, target.name)
        yield new
        os.replace(new, target)


def invite(settings: Settings, given: Namespace) -> int:
    """Prints a one-time link."""
    from bot import service

    async def make() -> str:
        async with service.open_shop(settings) as shop:
            address = settings.web_address or service.local_address(*settings.web_listen)
            links = await service.invite_links(shop.store, f"{address}/i/", given.role)
            return links[given.role]

    say(asyncio.run(make()))
    return 0


def migrate(settings: Settings, given: Namespace) -> int:
    """Brings the database up to this version; refused while the shop runs."""
    from bot.store.lock import lock_clock
    from bot.store.migrate import migrate, pending

    if pending(settings.database):
        with lock_clock(settings.database):
            for name in migrate(settings.database):
                say(f"applied {name}")
    say(f"{settings.database}: up to date")
    return 0


def backup(settings: Settings, given: Namespace) -> int:
    """Writes the whole shop into one file."""
    from bot.store.backup import backup

    backup(settings.database, settings.files, given.file)
    say(f"{given.file}: {given.file.stat().st_size:,} bytes, verified")
    return 0


def restore(settings: Settings, given: Namespace) -> int:
    """Puts a backup in the shop's place; refused while the shop runs."""
    from bot.store.backup import restore
    from bot.store.lock import lock_clock

    with lock_clock(settings.database):
        aside = restore(given.file, settings.database, settings.files)
    say(f"{settings.database}: restored" + (f"; what was there is {aside}" if aside else ""))
    return 0


def check(settings: Settings, given: Namespace) -> int:
    """Looks at everything and says what it found; 1 when anything is wrong."""
    say("settings: ok")
    return max(_check_texts(), _check_database(settings), _check_failed(settings, given.retry))


def _verdict(subject: str, faults: list[str], well: str = "ok") -> int:
    say(f"{subject}: {well if not faults else f'{len(faults)} wrong'}")
    for fault in faults:
        say(f"  {fault}")
    return 1 if faults else 0


def _check_texts() -> int:
    from bot.language.lexicon import load_words
    from bot.language.locales import Locales
    from bot.language.proofreading import faults

    try:
        texts, words = Locales().languages, load_words().languages
    except (OSError, ValueError) as error:
        return _verdict("locales", [str(error)])
    return _verdict("locales", faults(), f"ok (texts {', '.join(texts)}; words {', '.join(words)})")


def _check_database(settings: Settings) -> int:
    from bot.service import check_currency, utc_ms
    from bot.shop import catalogue, checks
    from bot.store import backup

    if not settings.database.exists():
        return _verdict("database", [], f"none yet ({settings.database})")
    with _reading_database(settings) as db:
        found = backup.faults(settings.database) or checks.faults(db, utc_ms())
        if catalogue.version(db):
            check_currency(settings, catalogue.load(db).currency)
    return _verdict("database", found)


def _check_failed(settings: Settings, retry: bool) -> int:
    from bot.service import open_shop, queries

    if not settings.database.exists():
        return 0
    if not retry:
        with _reading_database(settings) as db:
            count = queries.count_failed(db)
        say(f"failed events: {count}{' (--retry takes them up)' if count else ''}")
        return 0

    async def take_up() -> int:
        async with open_shop(settings) as shop:
            return await _retry_all(shop)

    return asyncio.run(take_up())


async def _retry_all(shop: Shop) -> int:
    from bot.service import queries

    ids = await shop.store.run(
        lambda unit: [row["id"] for row in queries.retry_all_now(unit.db, now=unit.now)]
    )
    done = [await shop.inbox.retry(failed_id) for failed_id in ids]
    # A running shop's clock may have been faster with one of them, so look at what is left.
    left = await shop.store.read(queries.count_failed)
    say(f"failed events: {len(done)} taken up, {left} failed again")
    return 1 if left else 0


Command = Callable[[Settings, Namespace], int]
