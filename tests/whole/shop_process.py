"""The real process, `python -m bot run`, on a folder and a port of its own."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0
STOP_SECONDS = 10.0
_LINK = re.compile(r"^(buyer|seller|operator): +(http\S+/i/\S+)\n", re.M)


class ShopProcess:
    """A shop that can be started, killed and started again on the same database and port.

    `settings` are environment variables added to its own. Used as a context manager it leaves no
    process behind. Its log is `log` in the folder.
    """

    def __init__(
        self,
        folder: Path,
        *,
        launcher: Sequence[str] = ("-m", "bot"),
        settings: Mapping[str, str] | None = None,
        port: int = 0,
    ) -> None:
        self.folder = folder
        self.database = folder / "shop.db"
        self.log = folder / "log"
        self.address = ""
        self.links: dict[str, str] = {}
        self._out = folder / "out"
        self._launcher = launcher
        self._settings = dict(settings or {})
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ShopProcess:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def started(self) -> bool:
        """Whether it was ever started."""
        return self._process is not None

    @property
    def exit_status(self) -> int | None:
        """None while it runs."""
        return self._process.poll() if self._process else None

    def environment(self) -> dict[str, str]:
        """The settings, and nothing of those of whoever runs the tests."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SHANHUO_")}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "SHANHUO_DATABASE_URL": f"sqlite:///{self.database}",
            "SHANHUO_WEB_LISTEN": f"127.0.0.1:{self._port}",
            **self._settings,
        }

    def start(self) -> None:
        """Starts it and waits until it answers; the first time, until its links are printed."""
        again = bool(self.links)
        with self.log.open("ab") as log, self._out.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, *self._launcher, "run", *(["--no-links"] if again else [])],
                cwd=self.folder,
                env=self.environment(),
                stdout=out,
                stderr=log,
            )
        if not again:
            self._read_links()
        self._wait_until_it_answers()

    def _read_links(self) -> None:
        until = time.monotonic() + START_SECONDS
        while len(self.links) < 3:
            assert self.exit_status is None, f"it has ended:\n{self.log.read_text()}"
            assert time.monotonic() < until, f"no links were printed:\n{self.log.read_text()}"
            time.sleep(0.005)
            self.links = dict(_LINK.findall(self._out.read_text()))
        self.address = self.links["buyer"].partition("/i/")[0]
        self._port = int(self.address.rpartition(":")[2])

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.exit_status is None, f"it has ended:\n{self.log.read_text()}"
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.005)
        raise AssertionError(f"it does not answer:\n{self.log.read_text()}")

    def kill(self) -> None:
        """`kill -9`."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs another command on the same shop."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def check(self) -> None:
        """Asserts that `shanhuo check` finds nothing wrong, no failed event included."""
        done = self.command("check")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "failed events: 0" in done.stdout, done.stdout + self.log.read_text()

    def own_lines(self) -> Counter[str]:
        """How often each key stands in the database as a person's own line."""
        with self.reading() as db:
            rows = db.execute("SELECT key FROM line WHERE direction = 'in'").fetchall()
        return Counter(row["key"] for row in rows)

    def count(self, sql: str) -> int:
        """The number that a query counts."""
        with self.reading() as db:
            counted: int = db.execute(sql).fetchone()[0]
        return counted

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The database, read-only."""
        uri = f"{self.database.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as db:
            db.row_factory = sqlite3.Row
            yield db
