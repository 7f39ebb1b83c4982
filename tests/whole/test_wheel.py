"""The wheel, installed elsewhere with no checkout beside it, is a whole shop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.whole.shop_process import ROOT, ShopProcess

PARTS = (
    "bot/locales/bo/LC_MESSAGES/shanhuo.mo",
    "bot/locales/zh_Hant/LC_MESSAGES/shanhuo.mo",
    "bot/locales/bo/words.toml",
    "bot/store/migrations/0001-shop.sql",
    "bot/shop/orders.sql",
    "bot/channels/web/page/chat.html",
    "bot/channels/web/page/chat.js",
    "bot/channels/web/page/noto-serif-tibetan.woff2",
    "bot/demo/catalogue.toml",
    "bot/language/learned.bin",
    "bot/language/syllables.bin",
    "bot/language/addresses/divisions_traditional.json.gz",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel's content lies."""
    built, target = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(built)]
    subprocess.run([*pip, *build, str(ROOT)], check=True, capture_output=True, timeout=120)
    wheel = next(built.glob("shanhuo-*.whl"))
    subprocess.run([*pip, "install", "--no-deps", "--target", str(target), str(wheel)], check=True)
    return target


def test_it_holds_texts_sql_page_and_font(installed: Path) -> None:
    assert [part for part in PARTS if not (installed / part).is_file()] == []
    assert not list(installed.rglob("tests"))


def test_it_serves_and_talks_in_tibetan(installed: Path, tmp_path: Path) -> None:
    settings = {"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    where = subprocess.run(
        [sys.executable, "-c", "import bot; print(bot.__file__)"],
        env=os.environ | settings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(installed)
    with ShopProcess(tmp_path, settings=settings) as shop:
        address = shop.links["buyer"].partition("/i/")[0]
        for path, kind in (("/?lang=bo", "text/html"), ("/static/chat.css", "text/css")):
            with urllib.request.urlopen(f"{address}{path}", timeout=10) as answer:
                assert answer.headers["content-type"].startswith(kind)
                assert "བོད་ཡིག" in answer.read().decode() or kind == "text/css"
        with urllib.request.urlopen(f"{address}/static/noto-serif-tibetan.woff2") as font:
            assert font.read(4) == b"wOF2"
        said = subprocess.run(
            [sys.executable, "-m", "bot", "chat", "--as", "buyer", "--json"],
            input="དབྱར་རྩྭ་དགུན་འབུ་གོང་ག་ཚོད་རེད།\n",
            env=shop.environment(),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        answer = json.loads(said.stdout.splitlines()[0])
        assert "གོང་ཚད" in answer["text"]
        done = shop.command("check")
        assert done.returncode == 0, done.stdout
        shop.stop()
