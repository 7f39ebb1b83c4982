"""The demo shop, for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.shop import catalogue
from bot.shop.catalogue_files import read_catalogue, store_pictures
from bot.store.files import Files
from bot.store.unit import Unit

DEMO = Path(__file__).parents[1] / "bot" / "demo" / "catalogue.toml"


def demo(folder: Path) -> Callable[[Unit], int]:
    """A unit that takes over the demo catalogue and its opening stock; pictures go to `folder`."""
    parsed = store_pictures(read_catalogue(DEMO), Files(folder))
    return lambda unit: catalogue.replace(unit, parsed, by=None)
