"""Runs the real command in a folder of its own, as a person would."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 60  # A test machine may be busy; nothing here takes more than one or two.


@dataclass
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line that a failed command says; fails the test when it is not one."""
        assert self.status != 0, self.out
        assert self.err.count("\n") == 1 and self.err.startswith("shanhuo: "), self.err
        return self.err.strip().removeprefix("shanhuo: ")


@dataclass
class Shell:
    """A folder and the settings of a shop in it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "shanhuo.db"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "SHANHUO_" not in name}
        given = {f"SHANHUO_{name}": value for name, value in self.settings.items()}
        return kept | given | {"PYTHONWARNINGS": "error", "NO_COLOR": "1"}

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self.environment(),
            stdin=options.get("stdin", subprocess.PIPE),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def do(self, *arguments: str, said: str = "") -> Done:
        with self.start(*arguments) as process:
            try:
                out, err = process.communicate(said, timeout=PATIENCE_SECONDS)
            except BaseException:
                process.kill()
                raise
        return Done(process.returncode, out, err)

    def well(self, *arguments: str, said: str = "") -> str:
        """The output of a command that must work and say nothing on stderr."""
        done = self.do(*arguments, said=said)
        assert (done.status, done.err) == (0, ""), done
        return done.out

    def chat(self, role: str, *said: object, name: str = "") -> list[dict[str, Any]]:
        """What a JSON chat answers to these lines; dicts are written as JSON."""
        lines = [item if isinstance(item, str) else json.dumps(item) for item in said]
        named = ("--name", name) if name else ()
        typed = "".join(line + "\n" for line in lines)
        out = self.well("chat", "--as", role, *named, "--json", said=typed)
        return [json.loads(line) for line in out.splitlines()]

    @contextmanager
    def running(self) -> Iterator[Running]:
        """The shop, open on a free port, stopped at the end."""
        self.settings.setdefault("WEB_LISTEN", "127.0.0.1:0")
        with self.start("run") as process:
            try:
                assert process.stdout
                links = {}
                for _ in range(3):
                    line = process.stdout.readline()
                    role, _, link = line.partition(":")
                    links[role] = link.strip()
                assert set(links) == {"buyer", "seller", "operator"}, process.communicate()
                yield Running(process, links)
            finally:
                process.terminate()
                try:
                    process.communicate(timeout=PATIENCE_SECONDS)
                except BaseException:
                    process.kill()
                    raise

    def digest(self) -> str:
        """A digest of all that the database holds, wherever its pages lie."""
        total = hashlib.sha256()
        with closing(sqlite3.connect(self.database)) as db:
            for line in db.iterdump():
                total.update(line.encode())
        return total.hexdigest()


@dataclass
class Running:
    """A shop that runs in a process of its own."""

    process: subprocess.Popen[str]
    links: dict[str, str]

    @property
    def port(self) -> int:
        return int(self.links["buyer"].split("/")[2].rpartition(":")[2])

    def stop(self) -> float:
        """Asks it to stop; returns the seconds it took."""
        begun = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=PATIENCE_SECONDS)
        return time.monotonic() - begun
