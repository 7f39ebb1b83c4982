"""A running shop and the three who are in it, each before a phone of their own."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.whole.shop_process import ShopProcess
from tests.whole.tab import PHONE, Tab

ADDRESS = "扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502"
NUMBER = re.compile(r"\d{6}-\d{6}")


@dataclass
class Street:
    """A running shop, and those who are in it."""

    shop: ShopProcess
    context: BrowserContext
    buyer: Tab
    seller: Tab
    operator: Tab


@contextmanager
def open_street(
    browser: Browser, folder: Path, locale: str, settings: Mapping[str, str] | None = None
) -> Iterator[Street]:
    """A running shop with three people before their phones, their browsers in a language."""
    with ShopProcess(folder, settings=settings) as shop:
        context = browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]
            locale=locale,
            timezone_id="Asia/Shanghai",
            color_scheme="light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        tabs = {role: Tab(context.new_page(), link) for role, link in shop.links.items()}
        yield Street(shop, context, **tabs)
        for role, tab in tabs.items():
            assert tab.faults == [], f"the {role}'s page complained"
        context.close()
        assert shop.stop() == 0
        shop.check()


def picture(seed: int) -> bytes:
    """A PNG that looks like a receipt to nobody but the shop."""
    width, height = 180, 240
    row = bytes([0]) + bytes((seed * 40 + x) % 256 for x in range(width) for _ in range(3))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    pixels = zlib.compress(row * height)
    chunks = chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def number_in(text: str) -> str:
    """The order's number in a text."""
    found = NUMBER.search(text)
    assert found, text
    return found[0]


def reload(tab: Tab) -> None:
    """The page loaded anew shows what it showed."""
    before = [(line.seq, line.mine) for line in tab.lines()]
    tab.page.reload()
    tab.page.locator(".line").first.wait_for()
    assert [(line.seq, line.mine) for line in tab.lines()] == before
    tab.heard = tab.last()
