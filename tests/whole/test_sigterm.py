"""SIGTERM while event streams are open: it ends soon, cleanly, and the streams with it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx

from tests.whole.shop_process import ShopProcess
from tests.whole.visitor import Visitor, visitor

STREAMS = 3
SECONDS_MAX = 5.0


async def _stream(buyer: Visitor, opened: asyncio.Event) -> str:
    """Reads an event stream to its end."""
    read = ""
    async with buyer.http.stream("GET", f"{buyer.path}events?after=0", timeout=30) as answer:
        assert answer.status_code == 200
        async for piece in answer.aiter_text():
            read += piece
            opened.set()
    return read


async def test_it_ends_within_five_seconds_with_open_streams(tmp_path: Path) -> None:
    with ShopProcess(tmp_path) as shop:
        buyers = [visitor(shop.address) for _ in range(STREAMS)]
        streams = []
        for buyer in buyers:
            await buyer.open()
            opened = asyncio.Event()
            streams.append(asyncio.create_task(_stream(buyer, opened)))
            await asyncio.wait_for(opened.wait(), 10)
            await buyer.say("虫草怎么卖")
        begun = time.monotonic()
        status = await asyncio.to_thread(shop.stop)
        took = time.monotonic() - begun
        ends = await asyncio.wait_for(asyncio.gather(*streams, return_exceptions=True), 10)
        for buyer in buyers:
            await buyer.http.aclose()
    assert status == 0, shop.log.read_text()
    assert took < SECONDS_MAX
    assert "Traceback" not in shop.log.read_text()
    for end in ends:  # Each was sent the answer, and ended as a stream ends.
        assert not isinstance(end, httpx.HTTPError), end
        assert "data: " in str(end)
