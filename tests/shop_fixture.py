"""A new database and the demo shop, for tests, each of which starts with its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.shop import catalogue
from bot.shop.catalogue import Parsed
from bot.shop.catalogue_files import read_catalogue, store_pictures
from bot.store.files import Files
from bot.store.migrate import migrate
from bot.store.unit import Unit

DEMO = Path(__file__).parents[1] / "bot" / "demo" / "catalogue.toml"


def new_database(path: Path) -> Path:
    """A database at `path` as the migrations leave it, which take half a second each time."""
    path.write_bytes(migrated())
    return path


def demo(folder: Path) -> Callable[[Unit], int]:
    """A unit that takes over the demo catalogue and its opening stock; pictures go to `folder`."""
    parsed, pictures = _demo()
    shutil.copytree(pictures.name, folder, dirs_exist_ok=True)
    return lambda unit: catalogue.replace(unit, parsed, by=None)


@cache
def migrated() -> bytes:
    """The file of an empty store."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        migrate(path)
        return path.read_bytes()


@cache
def _demo() -> tuple[Parsed, TemporaryDirectory[str]]:
    pictures = TemporaryDirectory()
    return store_pictures(read_catalogue(DEMO), Files(Path(pictures.name))), pictures
