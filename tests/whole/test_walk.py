"""The main job from end to end, in a real browser: three tabs, two languages, one kill.

Looks at texts on the pages only, as people do. With `--screenshots DIR` the pages are kept as
pictures: `pytest tests/whole/test_walk.py --screenshots pictures`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.whole.street import ADDRESS, Street, number_in, picture, reload


@pytest.mark.parametrize("street", ["zh-CN"], indirect=True)
def test_from_the_question_to_the_parcel_in_chinese(
    street: Street, screenshots: Path | None
) -> None:
    buyer, seller = street.buyer, street.seller
    buyer.photograph(screenshots, "buyer-1-empty")
    # 1. Prices at once; an order in one's own words; one confirmation.
    buyer.say("虫草怎么卖")
    buyer.hears("冬虫夏草", "大号", "¥45/根", "中号", "¥28/根", "2,500根", "运费")
    assert buyer.page.locator(".choices button", has_text="中号").is_visible()
    buyer.photograph(screenshots, "buyer-2-price")
    buyer.say("要20根中等的")
    buyer.hears("冬虫夏草", "20根", "地址")
    buyer.say(ADDRESS)
    buyer.hears("扎西", "13800138000", "成都市武侯区", "27号3栋502", "20根", "包邮", "合计", "¥560")
    buyer.photograph(screenshots, "buyer-3-summary")
    reload(buyer)
    buyer.press("确认下单")
    number = number_in(buyer.hears("下单成功", "¥560", "演示账户"))
    assert buyer.width_of("img.qr") > 100
    buyer.photograph(screenshots, "buyer-4-placed")
    # 2. The seller sees it and the payment, without asking.
    seller.hears("新订单", number, "20根")
    buyer.show("receipt.png", picture(1), "已转账")
    buyer.hears("截图收到了", number)
    seller.hears("待核对", number, "¥560")
    assert seller.width_of(".line .card img") == 180
    seller.photograph(screenshots, "seller-1-payment")
    seller.press("确认到账")
    seller.hears("已确认", number)
    buyer.hears(number, "已确认")
    seller.press("已打包")
    seller.hears("已打包", "快递单号")
    buyer.hears(number, "打包好了")
    seller.say("SF1234567890123")
    seller.hears("已发货", "顺丰", "SF1234567890123")
    buyer.hears(number, "发货啦", "顺丰", "SF1234567890123")
    buyer.photograph(screenshots, "buyer-5-shipped")
    seller.photograph(screenshots, "seller-2-shipped")
    seller.say("库存")
    seller.hears("冬虫夏草 中号\t2,480")
    seller.photograph(screenshots, "seller-3-stock")
    # 3. Where it is, at any time; what was ordered; calling off gives the goods back.
    buyer.say("到哪了")
    buyer.hears("已经在路上了", number, "SF1234567890123")
    _cancel(street)
    buyer.say("我的订单")
    buyer.hears("您的订单", number, "已发货", "已取消")
    # The seller sets a price and takes goods in by a sentence.
    seller.say("中等虫草改成35元")
    seller.hears("¥28/根", "¥35/根")
    seller.say("中等虫草到货100根")
    seller.hears("入库", "100根", "2,580根")
    buyer.say("虫草多少钱")
    buyer.hears("¥35/根", "2,580根")
    _ask_what_nobody_knows(street)
    seller.photograph(screenshots, "seller-4-question")
    reload(buyer)
    reload(seller)


def _cancel(street: Street) -> None:
    """An order that is called off: its stock is reserved, then free again."""
    buyer, seller = street.buyer, street.seller
    buyer.say("要10根大号的虫草")
    buyer.hears("大号", "10根", "¥450")
    buyer.press("确认下单")
    number = number_in(buyer.hears("下单成功", "¥450"))
    buyer.say("虫草怎么卖")
    buyer.hears("1,190根")
    buyer.say("取消订单")
    buyer.hears(number, "已取消")
    seller.hears(number, "已取消")
    buyer.say("虫草怎么卖")
    buyer.hears("1,200根")


def _ask_what_nobody_knows(street: Street) -> None:
    """4. What cannot be answered is shown to the seller, and the buyer is told so."""
    question = "今晚的球赛谁会赢呀"
    street.buyer.say(question)
    street.buyer.hears("转给店主")
    street.seller.hears(question)
    street.operator.hears(question)


@pytest.mark.parametrize("street", ["en"], indirect=True)
def test_from_the_question_to_the_parcel_in_english(
    street: Street, screenshots: Path | None
) -> None:
    buyer, seller = street.buyer, street.seller
    seller.say("to do")
    seller.hears("Nothing waits to be done")
    buyer.say("How much is the cordyceps?")
    buyer.hears("cordyceps", "medium", "¥28", "2,500", "Shipping")
    buyer.say("I'll take 20 pieces of the medium ones")
    buyer.hears("cordyceps", "20 piece", "address")
    buyer.say(ADDRESS)
    buyer.hears("Please check", "扎西", "13800138000", "free", "Total", "¥560")
    buyer.photograph(screenshots, "english-1-summary")
    buyer.press("Confirm")
    number = number_in(buyer.hears("Your order is", "¥560", "Demo account"))
    seller.hears("New order", number)
    buyer.say("I have paid")
    buyer.hears("The seller will check it", number)
    seller.hears("Paid?", number)
    seller.press("Money is in")
    seller.hears("Confirmed", number)
    buyer.hears(number, "is confirmed")
    seller.press("Packed")
    seller.hears("tracking number")
    buyer.hears(number, "is packed")
    seller.say("SF1234567890123")
    seller.hears("Shipped", "SF Express", "SF1234567890123")
    buyer.hears(number, "on its way", "SF Express", "SF1234567890123")
    seller.photograph(screenshots, "english-2-seller")
    buyer.say("where is my parcel?")
    buyer.hears("On its way", number)
    # 5. In one chat with Chinese too: it answers in the language it is written to.
    buyer.say("松茸怎么卖")
    buyer.hears("松茸", "价格")
    buyer.say("how much is the yak jerky?")
    buyer.hears("yak jerky", "a kg")
    buyer.say("2 kg yak jerky please")
    buyer.hears("2 kg", "Total")
    buyer.press("Confirm")
    second = number_in(buyer.hears("Your order is"))
    buyer.say("cancel my order")
    buyer.hears(second, "is cancelled")
    buyer.say("my orders")
    buyer.hears("Your orders", number, second, "Cancelled")
    seller.say("set price of medium cordyceps to 35")
    seller.hears("¥28", "¥35")
    buyer.say("Could you knit a flying yak for my grandmother?")
    buyer.hears("passed it to the seller")
    seller.hears("flying yak")
    reload(buyer)


@pytest.mark.parametrize("street", ["zh-CN"], indirect=True)
def test_what_is_typed_while_the_shop_is_away_is_sent_once_when_it_is_back(
    street: Street, screenshots: Path | None
) -> None:
    buyer, shop = street.buyer, street.shop
    buyer.say("虫草怎么卖")
    buyer.hears("¥28/根")
    buyer.page.locator("#text").press_sequentially("要20")
    shop.kill()
    buyer.page.locator("#text").press_sequentially("根中等的")
    buyer.page.locator("#text").press("Enter")
    buyer.write("扎西 13800138000")
    buyer.page.locator("body.away").wait_for()
    assert [line.pending for line in buyer.lines()][-2:] == [True, True]
    buyer.photograph(screenshots, "buyer-6-away")
    shop.start()
    buyer.hears("20根", "地址")
    buyer.page.locator("body:not(.away)").wait_for()
    buyer.write("四川省成都市武侯区人民南路四段27号3栋502")
    buyer.hears("扎西", "13800138000", "27号3栋502", "¥560")
    mine = [line.said for line in buyer.lines() if line.mine]
    assert mine == [
        "虫草怎么卖",
        "要20根中等的",
        "扎西 13800138000",
        "四川省成都市武侯区人民南路四段27号3栋502",
    ]
    assert not any(line.pending for line in buyer.lines())
    assert len([line for line in buyer.lines() if not line.mine]) == 4
    reload(buyer)


@pytest.mark.parametrize("street", ["zh-CN"], indirect=True)
def test_an_invite_is_for_one_and_leads_its_holder_back(street: Street, browser: Browser) -> None:
    link = street.shop.links["seller"]
    again = street.context.new_page()
    again.goto(link)
    assert again.url == street.seller.page.url
    stranger = browser.new_context(locale="zh-CN")
    page = stranger.new_page()
    page.goto(link)
    assert "已经用过了" in page.inner_text("main")
    page.goto(street.seller.page.url)
    assert "打不开这个聊天" in page.inner_text("main")
    stranger.close()
