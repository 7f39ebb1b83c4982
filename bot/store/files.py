"""A folder of files named by what is in them: what people sent, and tables made for them."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

HASH = re.compile(r"[0-9a-f]{64}")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# How files of each kind begin; WebP has its length between the two marks.
MAGIC = (
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
)


class Files:
    """Files addressed by their SHA-256. What `save` returned is on the disk for good."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256 in hexadecimal; raises OSError.

        Call it before the event that names the hash: a crash leaves at most a file nobody names.
        """
        name = hashlib.sha256(data).hexdigest()
        target = self.path(name)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(target, data)
            # The folders on the way may be new as well.
            for folder in (target.parent, self.folder, self.folder.parent):
                sync(folder)
        return name

    def path(self, name: str) -> Path:
        """Where the file of this hash lies, whether or not it is there. Raises ValueError."""
        if not HASH.fullmatch(name):
            raise ValueError(f"not a SHA-256: {name[:80]!r}")
        return self.folder / name[:2] / name

    def read(self, name: str) -> bytes:
        """The bytes of this hash. Raises FileNotFoundError, or ValueError for no hash at all."""
        return self.path(name).read_bytes()


def media_type(data: bytes) -> str | None:
    """The kind of picture by its first bytes, None for what we do not show."""
    return next((kind for kind, magic in MAGIC if magic.match(data)), None)


def _write(target: Path, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Has a file, or a folder's list of names, on the disk before it returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
