"""A seller takes the month's tables along, in a real browser."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser

from tests.whole.street import open_street, reload


def test_a_seller_saves_the_tables_and_nobody_else_can(
    browser: Browser, tmp_path: Path, screenshots: Path | None
) -> None:
    with open_street(browser, tmp_path, "zh-CN") as street:
        seller = street.seller
        seller.say("导出本月订单")
        seller.hears("马上发给您")
        seller.hears("整理好了", ".xlsx")
        seller.photograph(screenshots, "seller-export")
        for _ in range(2):  # As the script draws it, then as the page has it.
            link = seller.page.locator(".file a").last
            with seller.page.expect_download() as saved:
                link.click()
            name = saved.value.suggested_filename
            assert name == link.inner_text() and name.startswith("orders-")
            target = tmp_path / name
            saved.value.save_as(target)
            assert "订单明细" in load_workbook(target).sheetnames
            reload(seller)
        address = link.evaluate("link => link.href")
        hash = address.rpartition("/")[2]
        for other in (
            f"{street.buyer.page.url}files/{hash}",
            f"{street.operator.page.url}files/{hash}",
        ):
            assert street.context.request.get(other).status == 404
        fresh = browser.new_context()
        assert fresh.request.get(address).status == 403
        fresh.close()
