"""Files to be kept, such as a workbook: a link in their chat, and nowhere else."""

from __future__ import annotations

import pytest

from bot.messages import Attachment, Card, Content
from bot.store.files import XLSX
from tests.web.conftest import Page, Shop

NAME = "orders-2026-10.xlsx"


def put(shop: Shop, media_type: str = XLSX, name: str = NAME) -> str:
    """Has the shop answer with a file; its hash."""
    hash = shop.web.files.save(b"PK\x03\x04 a workbook")
    shop.answers = [Content("Here:", "en", attachments=(Attachment(hash, media_type, name),))]
    return hash


async def test_a_file_is_a_link_that_saves_it(shop: Shop, page: Page) -> None:
    hash = put(shop)
    await page.say("export")
    link = f'<p class="file"><a href="files/{hash}" download="{NAME}">{NAME}</a></p>'
    assert link in await page.html()
    line = (await page.lines())[-1]
    assert line["files"] == [{"hash": hash, "media_type": XLSX, "name": NAME}]
    assert "pictures" not in line
    answer = await page.client.get(f"{page.path}files/{hash}")
    assert answer.content == b"PK\x03\x04 a workbook"
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{NAME}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_file_is_served_to_its_own_chat_only(shop: Shop, page: Page) -> None:
    hash = put(shop)
    await page.say("export")
    address = f"{page.path}files/{hash}"
    async with shop.client() as client:
        assert (await client.get(address)).status_code == 403
        other = Page(client, (await client.post("/c")).headers["location"])
        shop.answers = []
        await other.say(hash)
        named = f'{{"attachments": [{{"hash": "{hash}", "media_type": "{XLSX}", "name": "a"}}]}}'
        await other.say(named)
        assert (await client.get(f"{other.path}files/{hash}")).status_code == 404
        assert (await client.get(address)).status_code == 403
    assert (await page.client.get(address)).status_code == 200


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/octet-stream"])
async def test_a_file_of_another_kind_is_not_served(shop: Shop, page: Page, kind: str) -> None:
    hash = put(shop, kind)
    await page.say("export")
    assert (await page.client.get(f"{page.path}files/{hash}")).status_code == 404


async def test_a_name_cannot_break_out_of_the_link_or_the_header(shop: Shop, page: Page) -> None:
    hash = put(shop, name='a"><script>\r\nx: y/../虫草.xlsx')
    await page.say("export")
    assert "<script>\r" not in await page.html()
    answer = await page.client.get(f"{page.path}files/{hash}")
    disposition = answer.headers["content-disposition"]
    assert disposition.isascii() and not set('"<>\r\n/') & set(disposition)
    assert "x" not in answer.headers


async def test_a_card_may_stand_beside_a_file(shop: Shop, page: Page) -> None:
    hash = put(shop)
    content = shop.answers[0]
    shop.answers = [Content("Here:", "en", card=Card("order"), attachments=content.attachments)]
    await page.say("export")
    assert (await page.client.get(f"{page.path}files/{hash}")).status_code == 200
