"""Shanhuo (山货): a shop that lives in a chat."""

from __future__ import annotations

__version__ = "0.1.0"
