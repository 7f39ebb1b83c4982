"""What all tests share: a shop of their own, away from the settings of whoever runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-talk", action="store_true", help="write tests/talk/*.talk anew as it goes now"
    )


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A test sees no SHANHUO_ variable and no .env of the machine it runs on."""
    for name in [name for name in os.environ if name.startswith("SHANHUO_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def at_home(tmp_path: Path) -> Iterator[Path]:
    """An empty folder that is the present one during the test."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)
