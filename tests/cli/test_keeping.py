"""The database and the running shop: what may stand in the way, and backups."""

from __future__ import annotations

import hashlib
import http.client
import signal
import socket
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.cli.test_commands import PNG, place_order


def edit(shell: Shell, statement: str) -> None:
    with closing(sqlite3.connect(shell.database)) as db, db:
        db.execute(statement)


def test_a_port_in_use_is_one_line_and_makes_nothing(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        shell.settings["WEB_LISTEN"] = f"127.0.0.1:{port}"
        assert str(port) in shell.do("run").complaint
    assert not shell.database.exists()


def test_a_newer_database_is_refused_untouched(shell: Shell) -> None:
    shell.well("invite", "seller")
    edit(shell, "UPDATE _yoyo_migration SET migration_id = '9999-later'")
    before = shell.digest()
    for command in (("run",), ("check",), ("migrate",), ("understand",), ("chat", "--as", "buyer")):
        assert "newer" in shell.do(*command).complaint
    assert shell.digest() == before


def test_a_file_that_is_no_database_is_refused_untouched(shell: Shell) -> None:
    shell.database.write_bytes(b"these are my holiday pictures " * 500)
    for command in (("run",), ("check",), ("invite", "seller"), ("understand",)):
        assert "shanhuo.db" in shell.do(*command).complaint
    assert shell.database.read_bytes() == b"these are my holiday pictures " * 500


def test_a_folder_that_is_not_there_is_named(shell: Shell) -> None:
    shell.settings["DATABASE_URL"] = "sqlite:///nowhere/shop.db"
    for command in (("run",), ("migrate",), ("invite", "seller")):
        assert "nowhere" in shell.do(*command).complaint


def test_check_names_what_is_wrong(shell: Shell) -> None:
    assert "none yet" in shell.well("check")
    place_order(shell)
    assert "database: ok" in shell.well("check")
    edit(shell, "UPDATE lot SET on_hand = on_hand + 1 WHERE id = 1")
    done = shell.do("check")
    assert done.status == 1 and "database: 1 wrong" in done.out


def test_check_takes_up_what_failed(shell: Shell) -> None:
    shell.chat("buyer", "你好")
    event = '{"type":"message","key":"k1","address":{"channel":"terminal","id":"buyer:buyer"}'
    edit(
        shell,
        "INSERT INTO failed (key, event, error, at)"
        f" VALUES ('k1', '{event},\"text\":\"虫草怎么卖\"}}', 'a bug', 1)",
    )
    assert "failed events: 1" in shell.well("check")
    assert "1 taken up, 0 failed again" in shell.well("check", "--retry")
    assert "failed events: 0" in shell.well("check")
    assert "冬虫夏草" in shell.well("chat", "--as", "buyer")


def test_a_second_run_on_one_database_is_refused(shell: Shell) -> None:
    with shell.running() as shop:
        assert str(shop.process.pid) in shell.do("run").complaint
        assert str(shop.process.pid) in shell.do("restore", "pyproject.toml").complaint
        assert shop.process.poll() is None


def test_a_chat_beside_the_running_shop_reaches_it(shell: Shell) -> None:
    with shell.running() as shop:
        assert place_order(shell)[-1] == {"done": True}
        assert shop.stop() < 5
    assert "database: ok" in shell.well("check")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_five_seconds_with_a_stream_open(shell: Shell, number: int) -> None:
    with shell.running() as shop:
        connection = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=20)
        connection.request("POST", "/i/" + shop.links["buyer"].rpartition("/")[2])
        entered = connection.getresponse()
        entered.read()
        assert entered.status == 303
        chat, cookie = entered.headers["location"], entered.headers["set-cookie"].split(";")[0]
        connection.request("GET", f"{chat}events", headers={"cookie": cookie})
        stream = connection.getresponse()
        assert stream.status == 200
        shop.process.send_signal(number)
        stream.read()  # Ends, since the shop ends it.
        assert shop.stop() < 5
        assert shop.process.returncode == 0
        assert shop.process.stderr
        log = shop.process.stderr.read()
        assert "Traceback" not in log and "Error" not in log
        assert all(link.rpartition("/")[2] not in log for link in shop.links.values())
        connection.close()


def test_links_are_not_made_where_output_is_kept(shell: Shell) -> None:
    shell.settings["WEB_LISTEN"] = "127.0.0.1:0"
    with shell.start("run", "--no-links") as process:
        assert process.stderr
        while "is open" not in (line := process.stderr.readline()):
            assert line, "it ended"
        process.terminate()
        out, _ = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")


def test_a_backup_of_a_running_shop_comes_back_whole(shell: Shell) -> None:
    Path(shell.folder, "me.png").write_bytes(PNG)
    with shell.running():
        place_order(shell)
        shell.chat("buyer", {"photo": "me.png"})
        shell.well("backup", "shop.tar")
    then = shell.digest()
    shell.chat("buyer", "一句后来的话")
    later = shell.digest()
    assert later != then
    for path in Path(shell.folder, "shanhuo-files").rglob("*/*"):
        path.unlink()
    assert "before-restore" in shell.well("restore", "shop.tar")
    assert shell.digest() == then
    digest = hashlib.sha256(PNG).hexdigest()
    assert Path(shell.folder, "shanhuo-files", digest[:2], digest).read_bytes() == PNG
    assert "database: ok" in shell.well("check")
    # What was there is not lost either.
    aside = Path(shell.folder, "shanhuo.db.before-restore")
    shell.database.write_bytes(aside.read_bytes())
    assert shell.digest() == later
    assert Path(shell.folder, "shop.tar").stat().st_mode & 0o077 == 0
    assert list(shell.folder.glob(".shanhuo-*")) == []


def test_a_backup_restores_into_an_empty_folder(shell: Shell, tmp_path: Path) -> None:
    place_order(shell)
    shell.well("backup", "shop.tar")
    other = Shell(tmp_path / "other")
    other.folder.mkdir()
    other.well("restore", "../shop.tar")
    assert other.digest() == shell.digest()


def test_no_restore_while_somebody_has_the_database_open(shell: Shell) -> None:
    shell.well("invite", "seller")
    shell.well("backup", "shop.tar")
    with shell.start("chat", "--as", "buyer", "--json") as chat:
        assert chat.stdin and chat.stdout
        chat.stdin.write("你好\n")
        chat.stdin.flush()
        chat.stdout.readline()
        assert "open" in shell.do("restore", "shop.tar").complaint
        chat.communicate()
    shell.well("restore", "shop.tar")


def test_what_is_no_whole_backup_is_refused_and_changes_nothing(shell: Shell) -> None:
    place_order(shell)
    shell.well("backup", "shop.tar")
    before = shell.digest()
    whole = Path(shell.folder, "shop.tar").read_bytes()
    Path(shell.folder, "cut.tar").write_bytes(whole[: len(whole) // 2])
    Path(shell.folder, "text.tar").write_text("no archive")
    Path(shell.folder, "empty.tar").write_bytes(b"")
    with tarfile.open(shell.folder / "evil.tar", "w") as tar:
        tar.add(shell.folder / "text.tar", "../evil")
    with tarfile.open(shell.folder / "other.tar", "w") as tar:
        tar.add(shell.folder / "text.tar", "shanhuo.db")
    spoilt = bytearray(whole)
    place = whole.index(b"13800138000")
    spoilt[place - 2000 : place + 2000] = bytes(4000)
    Path(shell.folder, "spoilt.tar").write_bytes(spoilt)
    for name in ("cut", "text", "empty", "evil", "other", "spoilt", "no-such"):
        assert f"{name}.tar" in shell.do("restore", f"{name}.tar").complaint
    assert shell.digest() == before
    assert list(shell.folder.glob("*before-restore*")) == []
    assert not Path(shell.folder.parent, "evil").exists()


def test_no_backup_of_nothing_and_into_nowhere(shell: Shell) -> None:
    assert "shanhuo.db" in shell.do("backup", "shop.tar").complaint
    shell.well("invite", "seller")
    assert "nowhere" in shell.do("backup", "nowhere/shop.tar").complaint


def test_migrate_makes_or_mends_a_database(shell: Shell) -> None:
    assert "applied 0001-shop" in shell.well("migrate")
    assert shell.well("migrate") == "shanhuo.db: up to date\n"
