"""The lock that says which process runs a shop's clock, and so that a shop runs at all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.errors import ShopRunning


@contextmanager
def lock_clock(path: Path) -> Iterator[None]:
    """Holds `<path>.clock.lock` for the block. Raises ShopRunning when another process does.

    The kernel lets go of it when the process dies, however it dies. The file stays: removing it
    would let two processes lock two files of one name.
    """
    with Path(f"{path}.clock.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            whom = _by_whom(file.name)
            raise ShopRunning(f"{path}: the shop runs{whom}; stop it first") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _by_whom(name: str) -> str:
    holder = Path(name).read_text().strip()
    return f" in process {holder}" if holder else ""
