"""How long the real process takes until it answers, and what memory it holds then."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.whole.shop_process import ShopProcess

TELEGRAM = "import telegram.ext"


def seconds_until_ready(folder: Path) -> float:
    """From the start of the process on an existing shop until its page answers."""
    shop = _restarted(folder)
    begun = time.perf_counter()
    with shop:
        return time.perf_counter() - begun


def seconds_of_first_start(folder: Path) -> float:
    """The same with a shop to be made first: migrations, the demo catalogue, the links."""
    begun = time.perf_counter()
    with ShopProcess(folder):
        return time.perf_counter() - begun


def seconds_of_import() -> float:
    """From the start of a bare Python until it has imported telegram.ext."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", TELEGRAM], check=True)
    return time.perf_counter() - begun


def megabytes_when_ready(folder: Path) -> float:
    """Resident memory of a shop that answers."""
    with _restarted(folder) as shop:
        return _resident_mb(shop.pid)


def megabytes_of_import() -> float:
    """Resident memory of a bare Python that has imported telegram.ext."""
    program = f"{TELEGRAM}; import sys; print('done', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stdout.readline()
        return _resident_mb(process.pid)


def reading_alone() -> dict[str, float]:
    """What reading adds to a process: see `reading_alone`."""
    program = [sys.executable, "-m", "tests.bench.reading_alone"]
    done = subprocess.run(program, check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _restarted(folder: Path) -> ShopProcess:
    shop = ShopProcess(folder)
    if not shop.database.exists():
        with shop:
            pass
    return shop


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")
