"""Files by their content: written whole or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from bot.store.files import Files, media_type


def test_a_file_is_found_by_its_hash_and_kept_once(tmp_path: Path):
    files = Files(tmp_path / "files")
    name = files.save(b"cordyceps")
    assert name == hashlib.sha256(b"cordyceps").hexdigest()
    assert files.save(b"cordyceps") == name
    assert files.read(name) == b"cordyceps"
    assert [p.name for p in (tmp_path / "files").rglob("*") if p.is_file()] == [name]


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError):
        Files(tmp_path).save(b"x")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_only_hashes_are_looked_up(tmp_path: Path, name: str):
    with pytest.raises(ValueError):
        Files(tmp_path).path(name)


def test_pictures_are_known_by_their_first_bytes():
    assert media_type(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert media_type(b"\x89PNG\r\n\x1a\n..") == "image/png"
    assert media_type(b"GIF89a..") == "image/gif"
    assert media_type(b"RIFF\x0a\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert media_type(b"<svg onload=alert(1)>") is None
    assert media_type(b"") is None
