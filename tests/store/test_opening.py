"""Opening: migrations all or nothing, and one clear line when a file cannot be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

from bot.store.errors import NewerDatabase, ShopRunning, Unreadable
from bot.store.lock import lock_clock
from bot.store.migrate import MIGRATIONS, migrate, pending
from bot.store.sqlite import Store
from tests.store.conftest import threads_are


def tables(path: Path) -> set[str]:
    db = sqlite3.connect(path)
    try:
        return {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
    finally:
        db.close()


async def open_and_close(path: Path) -> None:
    await (await Store.open(path, clock=lambda: 1, ids=Random(1))).close()


def test_a_new_database_gets_all_migrations_and_then_none(tmp_path: Path):
    path = tmp_path / "a b%20?#'é.db"
    names = sorted(file.stem for file in MIGRATIONS.glob("*.sql"))
    assert pending(path) == names
    assert not path.exists()
    assert migrate(path) == names
    assert pending(path) == migrate(path) == []
    assert {"line", "outbox", "outbox_chat_due", "outbox_inserted"} <= tables(path)


def test_nothing_pending_means_no_import_of_the_tool(tmp_path: Path):
    migrate(tmp_path / "shop.db")
    code = (
        "import sys, pathlib; from bot.store.migrate import migrate;"
        "migrate(pathlib.Path(sys.argv[1])); sys.exit('yoyo' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "shop.db")], check=True)


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    path = tmp_path / "shop.db"
    (folder / "0001-a.sql").write_text("CREATE TABLE a (x INTEGER);")
    assert migrate(path, folder) == ["0001-a"]
    (folder / "0002-b.sql").write_text("CREATE TABLE b (x INTEGER);")
    (folder / "0003-c.sql").write_text("CREATE TABLE c (x INTEGER); CREATE TABLE a (x);")
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(path, folder)
    assert "a" in tables(path) and not {"b", "c"} & tables(path)
    assert pending(path, folder) == ["0002-b", "0003-c"]
    (folder / "0003-c.sql").write_text("CREATE TABLE c (x INTEGER);")
    assert migrate(path, folder) == ["0002-b", "0003-c"]
    assert {"a", "b", "c"} <= tables(path)


def test_processes_that_start_together_migrate_once(tmp_path: Path):
    errors: list[BaseException] = []

    def start() -> None:
        try:
            migrate(tmp_path / "shop.db")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert pending(tmp_path / "shop.db") == []


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path):
    path = tmp_path / "shop.db"
    migrate(path)
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO _yoyo_migration VALUES ('h', '9999-later', '')")
    db.close()
    with pytest.raises(NewerDatabase, match="9999-later"):
        migrate(path)


async def test_what_is_no_database_of_ours_is_refused_in_one_line(tmp_path: Path):
    text = tmp_path / "text.db"
    text.write_text("no database at all " * 100)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    for path in (text, other, tmp_path, tmp_path / "nowhere" / "shop.db"):
        before = threading.active_count()
        with pytest.raises(Unreadable) as caught:
            await open_and_close(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
        assert await threads_are(before)
    assert tables(other) == {"theirs"}


async def test_a_file_that_is_empty_becomes_a_database(tmp_path: Path):
    (tmp_path / "shop.db").touch()
    await open_and_close(tmp_path / "shop.db")
    assert "line" in tables(tmp_path / "shop.db")


async def test_a_database_is_durable(tmp_path: Path):
    store = await Store.open(tmp_path / "shop.db", clock=lambda: 1, ids=Random(1))

    def settings(unit):
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [unit.db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    async with store:
        assert await store.run(settings) == ["wal", 2, 1, 5000]


def test_only_one_process_holds_the_clock(tmp_path: Path):
    path = tmp_path / "shop.db"
    with lock_clock(path):
        with pytest.raises(ShopRunning, match="stop it first"), lock_clock(path):
            pass
    with lock_clock(path):
        pass
