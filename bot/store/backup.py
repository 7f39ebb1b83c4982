"""The whole shop in one file, and back.

A backup is a tar archive of the database, as it was at one moment, and of all files that it knows.
It is written beside its place, verified and only then given its name; a restore verifies the whole
archive before it touches anything. Neither needs the shop to be open; a backup does not mind it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath

from bot.store.errors import StoreError
from bot.store.files import sync
from bot.store.migrate import pending
from bot.store.queries import load

DATABASE = "shanhuo.db"
FILES = "files"
HASH = re.compile(r"[0-9a-f]{64}")
BUSY_SECONDS = 5.0

_queries = load(__file__)


class BackupError(StoreError):
    """It cannot be done, and nothing has changed; the message is one line for the operator."""


def backup(database: Path, files: Path, target: Path) -> None:
    """Writes the shop into one archive, replacing an older file of that name at the very end.

    Raises BackupError.
    """
    if not database.is_file():
        raise BackupError(f"{database}: there is no such database")
    with _operators_errors(target), _workshop(target.parent) as folder:
        copy = folder / DATABASE
        _copy_database(database, copy)
        # Files are written before the commit that names them and never change, so whatever the
        # copy knows is there by now.
        archive = folder / "archive.tar"
        with tarfile.open(archive, "w") as tar:
            tar.add(copy, DATABASE)
            for path in _hashed_files(files):
                tar.add(path, str(PurePosixPath(FILES, path.relative_to(files).as_posix())))
        copy.unlink()
        _unpack(archive, folder / "proof")
        archive.chmod(0o600)  # It holds people's names and addresses.
        sync(archive)
        os.replace(archive, target)
        sync(target.parent)


def restore(source: Path, database: Path, files: Path) -> Path | None:
    """Puts a backup in the place of the database; returns where the old one lies now, if any.

    Files are only added: they are named by what they hold, so none can be overwritten. The caller
    holds the shop's lock and has no connection open. Raises BackupError.
    """
    if not source.is_file():
        raise BackupError(f"{source}: there is no such file")
    with _operators_errors(source), _workshop(database.parent) as folder:
        _unpack(source, folder / "proof")
        if database.exists():
            _make_sole_file(database)
        _add_files(folder / "proof" / FILES, files)
        if database.exists():
            shutil.copymode(database, folder / "proof" / DATABASE)
        aside = _set_aside(database)
        sync(folder / "proof" / DATABASE)
        os.replace(folder / "proof" / DATABASE, database)
        sync(database.parent)
        return aside


def faults(database: Path) -> list[str]:
    """What SQLite itself finds wrong with a database; empty when it is sound."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
        found = [str(row[0]) for row in _queries.integrity(db) if row[0] != "ok"]
        return found + [f"a row of {row[0]} names one that is not" for row in _queries.orphans(db)]


@contextmanager
def _operators_errors(subject: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{subject}: not a whole backup ({error})") from error
    except sqlite3.Error as error:
        raise BackupError(f"{subject}: the database in it is broken ({error})") from error
    except OSError as error:
        raise BackupError(f"{error.filename or subject}: {error.strerror or error}") from error


@contextmanager
def _workshop(parent: Path) -> Iterator[Path]:
    """A folder on the same file system as its results, gone afterwards on every path."""
    folder = Path(tempfile.mkdtemp(prefix=".shanhuo-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_database(database: Path, copy: Path) -> None:
    with (
        closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as db,
        closing(sqlite3.connect(copy)) as into,
    ):
        # All pages in one step: with a write-ahead log that is one moment's state, and nobody
        # waits for it. In several steps, each commit of a running shop would start it anew.
        db.backup(into)
        _queries.use_no_side_files(into)  # The copy is one file, whatever the original was.


def _hashed_files(files: Path) -> list[Path]:
    found = files.rglob("*") if files.is_dir() else ()
    return sorted(path for path in found if path.is_file() and _named_hash(path, files))


def _named_hash(path: Path, files: Path) -> str:
    """The hash that a file's place in the folder says it has; '' when it says none."""
    name = path.name.partition(".")[0]
    whole = "".join(path.relative_to(files).with_name(name).parts)
    return next((item for item in (name, whole) if HASH.fullmatch(item)), "")


def _unpack(archive: Path, folder: Path) -> None:
    """Unpacks and verifies: the database's soundness, and each file by its name."""
    (folder / FILES).mkdir(parents=True)
    with tarfile.open(archive, "r:") as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            if not member.isfile() or parts != (DATABASE,) and parts[0] != FILES:
                raise BackupError(f"{archive.name}: {member.name} does not belong into a backup")
            tar.extract(member, folder, filter="data")
    database = folder / DATABASE
    if not database.is_file():
        raise BackupError(f"{archive.name}: there is no database in it")
    for fault in faults(database):
        raise BackupError(f"{archive.name}: the database in it is broken ({fault})")
    try:
        pending(database)
    except StoreError as error:
        why = str(error).removeprefix(f"{database}: ")
        raise BackupError(f"{archive.name}: the database in it is {why}") from error
    for path in (folder / FILES).rglob("*"):
        if path.is_file() and _digest(path) != _named_hash(path, folder / FILES):
            raise BackupError(f"{archive.name}: {path.name} is not what was put in")


def _digest(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _make_sole_file(database: Path) -> None:
    """Brings all of a database into its one file, which needs that nobody else has it open."""
    with closing(sqlite3.connect(database, timeout=1.0, isolation_level=None)) as db:
        try:
            _queries.use_no_side_files(db)
        except sqlite3.OperationalError as error:
            raise BackupError(f"{database}: somebody has it open ({error})") from error
        except sqlite3.DatabaseError:
            pass  # What is there is no database any more: it is set aside as it is.


def _add_files(source: Path, files: Path) -> None:
    for path in sorted(source.rglob("*")):
        place = files / path.relative_to(source)
        if path.is_file() and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            sync(path)
            os.replace(path, place)
            sync(place.parent)


def _set_aside(database: Path) -> Path | None:
    """Gives the old database a second name, so that there is one at its place all the time."""
    if not database.exists():
        return None
    aside = database.with_name(f"{database.name}.before-restore")
    count = 1
    while aside.exists():
        count += 1
        aside = database.with_name(f"{database.name}.before-restore-{count}")
    try:
        os.link(database, aside)
    except OSError:  # A file system without links.
        shutil.copy2(database, aside)
        sync(aside)
    # Left by a broken database only; they must not be taken for the new one's.
    for suffix in ("-wal", "-shm"):
        side = database.with_name(database.name + suffix)
        if side.exists():
            os.replace(side, aside.with_name(aside.name + suffix))
    return aside
