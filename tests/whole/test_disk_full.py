"""A disk that fills while the real process runs.

Nothing is acknowledged that was not kept, people are told so kindly, and once there is room again
all goes on without a restart. Once on a file system that is really full (where the test may mount
one), and always with a limit on the size of the process's files, which fails its writes too.
"""

from __future__ import annotations

import errno
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.whole.shop_process import ShopProcess
from tests.whole.visitor import Visitor, visitor

DISK_BYTES = 12 * 1024 * 1024
BUYERS = 3
SAID = 8  # by each while the disk is full; a buyer may say ten things at once
TEXT = "虫草怎么卖"


class SmallDisk:
    """A file system of its own, filled by a ballast."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self, shop: ShopProcess) -> None:
        with self._ballast.open("wb", buffering=0) as ballast:
            for block in (1 << 20, 4096, 1):
                try:
                    while ballast.write(bytes(block)) == block:
                        pass
                except OSError as error:
                    assert error.errno == errno.ENOSPC

    def free(self, shop: ShopProcess) -> None:
        self._ballast.unlink()


class SmallFiles:
    """A limit on how far the process may write into its files."""

    def fill(self, shop: ShopProcess) -> None:
        log = shop.database.with_name("shop.db-wal").stat().st_size
        resource.prlimit(shop.pid, resource.RLIMIT_FSIZE, (log, resource.RLIM_INFINITY))

    def free(self, shop: ShopProcess) -> None:
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(shop.pid, resource.RLIMIT_FSIZE, unlimited)


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """A small tmpfs at the folder; skips, and says why, where nothing may be mounted."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"nothing can be mounted here ({error}); the other test limits file sizes")
    if done.returncode:
        pytest.skip(f"nothing can be mounted here ({done.stderr.strip()}); see the other test")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_a_full_file_system_loses_nothing_and_needs_no_restart(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with mounted(folder):
        await _fill_and_free(folder, SmallDisk(folder))


async def test_writes_that_fail_lose_nothing_and_need_no_restart(tmp_path: Path) -> None:
    await _fill_and_free(tmp_path, SmallFiles())


async def _fill_and_free(folder: Path, disk: SmallDisk | SmallFiles) -> None:
    with ShopProcess(folder) as shop:
        buyers = [visitor(shop.address) for _ in range(BUYERS)]
        try:
            for buyer in buyers:
                await buyer.open()
            taken = {buyer.public_id: [await buyer.say(TEXT)] for buyer in buyers}
            pid = shop.pid
            disk.fill(shop)
            waiting = {buyer.public_id: await _refused(buyer, taken) for buyer in buyers}
            _assert_lines(shop, taken)
            disk.free(shop)
            for buyer in buyers:
                for key in waiting[buyer.public_id]:  # as the page does, which kept them
                    taken[buyer.public_id].append(await buyer.say(TEXT, key=key))
                taken[buyer.public_id].append(await buyer.say("松茸怎么卖"))
                assert max(buyer.new.values()) == 1
            assert shop.pid == pid and shop.exit_status is None
            _assert_lines(shop, taken)
        finally:
            for buyer in buyers:
                await buyer.http.aclose()
        assert shop.stop() == 0
        shop.check()


async def _refused(buyer: Visitor, taken: dict[str, list[str]]) -> list[str]:
    """Says things to a shop that can keep nothing: the keys of those refused, kindly.

    The first may still find room in the log.
    """
    refused: list[str] = []
    for _ in range(SAID):
        key = str(uuid4())
        answer = await buyer.post(key, text=TEXT)
        if answer.is_success and not refused:
            taken[buyer.public_id].append(key)
            continue
        assert answer.status_code == 503, answer.text
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["text"] == "我们这边暂时收不了消息，请稍等一下。"
        refused.append(key)
    page = await buyer.http.get(buyer.path)
    assert page.status_code == 200 and TEXT in page.text  # It can still be read.
    assert refused, "the disk never was full"
    return refused


def _assert_lines(shop: ShopProcess, taken: dict[str, list[str]]) -> None:
    """Each buyer's own lines are those of these keys, each once, and each was answered."""
    for public_id, keys in taken.items():
        with shop.reading() as db:
            rows = db.execute(
                "SELECT key, direction FROM line JOIN chat ON chat.id = chat_id WHERE address = ?",
                (public_id,),
            ).fetchall()
        own = [row["key"].rpartition(":")[2] for row in rows if row["direction"] == "in"]
        assert sorted(own) == sorted(keys)
        assert len(rows) == 2 * len(keys)
