"""The stream of lines, over a real connection: in order, resumed, counted, ended."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.channels.web import stream
from bot.channels.web.app import ListenError, build, serve
from bot.channels.web.limits import STREAMS_PER_CHAT
from bot.shop import people
from tests.web.conftest import Page, Shop, decoded


@asynccontextmanager
async def served(shop: Shop) -> AsyncIterator[tuple[Page, asyncio.Event, asyncio.Task[int]]]:
    """The shop on a port of its own, with a buyer's page."""
    stopping = asyncio.Event()
    bound: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(
        serve(build(shop.web), "127.0.0.1", 0, stopping, ready=bound.set_result)
    )
    try:
        base = f"http://127.0.0.1:{await bound}"
        async with httpx.AsyncClient(base_url=base, timeout=5) as client:
            yield Page(client, (await client.post("/c")).headers["location"]), stopping, serving
    finally:
        stopping.set()
        await serving


async def events(answer: httpx.Response) -> AsyncIterator[str]:
    """The events of a stream, comments and settings left out."""
    kept = ""
    async for text in answer.aiter_text():
        kept += text
        while "\n\n" in kept:
            event, kept = kept.split("\n\n", 1)
            if "data:" in event:
                yield event


async def test_lines_come_as_they_are_committed_and_resume_by_their_number(shop: Shop) -> None:
    async with served(shop) as (page, _, _):
        await page.say("one")
        async with page.client.stream("GET", page.path + "events") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            coming = events(answer)
            first = [await anext(coming), await anext(coming)]
            await page.say("two")
            later = [await anext(coming), await anext(coming)]
        assert [event.split("\n")[0] for event in first + later] == [
            f"id: {n}" for n in range(1, 5)
        ]
        assert [decoded(event)["text"] for event in later] == ["two", "<two>"]
        resumed = {"last-event-id": "3"}
        async with page.client.stream(
            "GET", page.path + "events?after=1", headers=resumed
        ) as answer:
            assert decoded(await anext(events(answer)))["seq"] == 4


async def test_a_stream_ends_at_once_when_the_shop_stops(shop: Shop) -> None:
    async with served(shop) as (page, stopping, serving):
        await page.say("one")
        async with page.client.stream("GET", page.path + "events") as answer:
            coming = events(answer)
            await anext(coming)
            began = time.monotonic()
            stopping.set()
            assert [event async for event in coming if "id: 2" not in event] == []
        await serving
        assert time.monotonic() - began < 2


async def test_a_stream_ends_soon_after_its_session(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    async with served(shop) as (page, _, _):
        async with page.client.stream("GET", page.path + "events") as answer:
            await asyncio.sleep(0.2)
            shop.now += people.SESSION_UNSEEN_MS
            text = "".join([part async for part in answer.aiter_text()])
        assert text.count(":\n\n") > 1
        assert (await page.client.get(page.path + "events")).status_code == 403


async def test_a_page_that_saw_more_than_there_is_starts_anew(shop: Shop) -> None:
    async with served(shop) as (page, _, _):
        answer = await page.client.get(page.path + "events?after=7")
        assert "event: reset" in answer.text


async def test_open_streams_of_a_chat_are_limited_and_closed_ones_are_not_counted(
    shop: Shop,
) -> None:
    async with served(shop) as (page, _, _):
        await page.say("one")
        async with asyncio.timeout(10):
            streams = [
                page.client.stream("GET", page.path + "events") for _ in range(STREAMS_PER_CHAT)
            ]
            for opened in streams:
                await opened.__aenter__()
            assert (await page.client.get(page.path + "events")).status_code == 429
            for opened in streams:
                await opened.__aexit__(None, None, None)
            while shop.web.streams._open:
                await asyncio.sleep(0.02)
        async with page.client.stream("GET", page.path + "events") as answer:
            assert answer.status_code == 200


async def test_a_port_in_use_is_one_clear_line(shop: Shop) -> None:
    async with served(shop) as (page, _, _):
        port = page.client.base_url.port
        assert port
        with pytest.raises(ListenError, match=f"cannot listen on 127.0.0.1:{port}: Address"):
            await serve(build(shop.web), "127.0.0.1", port, asyncio.Event())


async def test_no_token_and_no_address_of_a_chat_is_logged(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    invite = await shop.invite("seller")
    async with served(shop) as (page, _, _):
        await page.client.get(f"/i/{invite}")
        await page.client.get(page.path)
        secrets = [invite, *page.client.cookies.values()]
    ours = [record for record in caplog.records if not record.name.startswith("http")]
    assert not [record for record in ours for secret in secrets if secret in record.getMessage()]
