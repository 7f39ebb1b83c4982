"""What all tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-talk", action="store_true", help="write tests/talk/*.talk anew as it goes now"
    )


# How long one example takes says nothing on a machine that does other work as well.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test sees no SHANHUO_ variable of the machine it runs on."""
    for name in [name for name in os.environ if name.startswith("SHANHUO_")]:
        monkeypatch.delenv(name)
