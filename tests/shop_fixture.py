"""The demo shop, for tests."""

from __future__ import annotations

from pathlib import Path

from bot.shop import catalogue
from bot.shop.catalogue_files import read_catalogue
from bot.store.unit import Unit

DEMO = Path(__file__).parents[1] / "bot" / "demo" / "catalogue.toml"


def fill_demo(unit: Unit) -> None:
    """Imports the demo catalogue with its opening stock."""
    catalogue.replace(unit, read_catalogue(DEMO), by=None)
