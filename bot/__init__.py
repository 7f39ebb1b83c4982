"""Shanhuo (山货): a shop that lives in a chat."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("shanhuo")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0"
