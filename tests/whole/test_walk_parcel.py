"""A parcel that is followed and goods that are sent again, in a real browser."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from tests.couriers.kuaidi100_server import CUSTOMER, KEY, Server, result
from tests.whole.street import ADDRESS, Street, number_in, open_street

PARCEL = "SF1234567890123"


@contextmanager
def kuaidi100() -> Iterator[Server]:
    """The server in a loop and a thread of its own: the browser's calls block."""
    loop, server = asyncio.new_event_loop(), Server()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    yield server
    asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def test_a_parcel_is_followed_to_the_door_and_what_spoiled_is_sent_again(
    browser: Browser, tmp_path: Path, screenshots: Path | None
) -> None:
    with kuaidi100() as server:
        settings = {
            "SHANHUO_KUAIDI100_CUSTOMER": CUSTOMER,
            "SHANHUO_KUAIDI100_KEY": KEY,
            "SHANHUO_KUAIDI100_API": server.address,
        }
        with open_street(browser, tmp_path, "zh-CN", settings) as street:
            _follow(street, server, screenshots)
            _send_again(street, screenshots)


def _follow(street: Street, server: Server, screenshots: Path | None) -> None:
    buyer, seller = street.buyer, street.seller
    buyer.say("要20根中等的虫草")
    buyer.hears("20根", "地址")
    buyer.say(ADDRESS)
    buyer.hears("合计", "¥560")
    buyer.press("确认下单")
    number = number_in(buyer.hears("下单成功"))
    seller.hears("新订单", number)
    seller.press("到账金额不符")
    seller.hears("实际到账多少", "¥560")
    seller.say("600")
    seller.hears("真的收到 ¥600")
    seller.press("这次收到 ¥600")
    seller.hears("多收了", "¥40")
    buyer.hears("多付了", "¥40")
    seller.press("已打包")
    seller.hears("快递单号")
    seller.say(PARCEL)
    seller.hears("已发货", PARCEL)
    buyer.hears(number, "发货啦")
    server.known[PARCEL] = result("shunfeng", PARCEL, "5", "out")
    buyer.say("到哪了")
    buyer.hears("正在派送", "张师傅")
    card = buyer.page.locator(".card.parcel").last
    assert card.is_visible() and "派送中" in card.inner_text()
    buyer.photograph(screenshots, "buyer-6-parcel")


def _send_again(street: Street, screenshots: Path | None) -> None:
    buyer, seller = street.buyer, street.seller
    buyer.press("收到了")
    seller.hears("已送达")
    buyer.say("虫草全发霉了")
    seller.hears("全发霉了")
    seller.press("补发")
    again = number_in(seller.hears("补发订单", "不收钱", "代替订单"))
    buyer.hears("免费补发", again)
    seller.press("订单经过")
    seller.hears(again, "已确认")
    buyer.photograph(screenshots, "buyer-7-sent-again")
    seller.photograph(screenshots, "seller-5-history")
