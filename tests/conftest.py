"""What all tests share."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-talk", action="store_true", help="write tests/talk/*.talk anew as it goes now"
    )


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees no SHANHUO_ variable of the machine it runs on."""
    for name in [name for name in os.environ if name.startswith("SHANHUO_")]:
        monkeypatch.delenv(name)
