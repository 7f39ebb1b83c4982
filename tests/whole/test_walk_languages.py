"""The main job from end to end in Tibetan and in traditional Chinese, in a real browser.

With `--screenshots DIR` the pages are kept as pictures, to be looked at for clipped vowels, boxes
and breaks inside syllables.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.whole.street import ADDRESS, Street, number_in, picture, reload

FONT = "Shanhuo Tibetan"


@dataclass(frozen=True)
class Words:
    """What people say in a language, and what they are told."""

    name: str
    price: str
    prices: tuple[str, ...]
    want: str
    summary: tuple[str, ...]
    confirm: str
    placed: str
    paid: str
    proof: str
    to_check: str
    money_in: str
    confirmed: str
    packed: str
    ask_number: str
    shipped: str
    where: str
    on_the_way: str
    other: str
    other_confirm: tuple[str, ...]
    cancel: str
    cancelled: str
    orders: str
    stock: str
    stock_line: str
    set_price: str
    new_price: str
    unknown: str
    handed_over: str
    reply: str
    answer: str
    answered: str


TIBETAN = Words(
    name="bo",
    price="དབྱར་རྩྭ་དགུན་འབུ་གོང་ག་ཚོད་རེད།",
    prices=("དབྱར་རྩྭ་དགུན་འབུ", "འབྲིང་བ", "¥28", "སྐྱེལ་གླ"),
    want="འབྲིང་བ་རྐང་ ༢༠ དགོས།",
    summary=("扎西", "13800138000", "རྐང་20", "རིན་མེད", "¥560"),
    confirm="གཏན་འཁེལ",
    placed="མངགས་ཐོའི་ཨང་གྲངས",
    paid="དངུལ་བསྐུར་ཟིན།",
    proof="པར་འབྱོར་བྱུང",
    to_check="ཞིབ་བཤེར་བྱེད་རོགས",
    money_in="དངུལ་འབྱོར་བྱུང",
    confirmed="གཏན་འཁེལ་བྱས་ཟིན",
    packed="ཐུམ་སྒྲིལ་ཚར",
    ask_number="སྦྲག་ཐུམ་ཨང་གྲངས",
    shipped="བསྐུར་ཟིན",
    where="ངའི་ཅ་ལག་ག་པར་སླེབས་འདུག",
    on_the_way="ལམ་ལ་ཡོད",
    other="གཡག་ཤ་སྐམ་པོ་རྒྱ་མ་གཉིས་དགོས།",
    other_confirm=("གཡག་ཤ་སྐམ་པོ", "རྒྱ་མ་2", "¥204"),
    cancel="མངགས་ཐོ་ཕྱིར་འཐེན།",
    cancelled="ཕྱིར་འཐེན་བྱས་ཟིན",
    orders="ངའི་མངགས་ཐོ",
    stock="མཛོད་གསོག",
    stock_line="དབྱར་རྩྭ་དགུན་འབུ འབྲིང་བ\t2,480",
    set_price="དབྱར་རྩྭ་འབྲིང་བ་གོང་35བཟོ།",
    new_price="¥35",
    unknown="ཁྱེད་ཀྱི་ཨ་མ་སྐུ་གཟུགས་བདེ་པོ་ཡིན་ནམ།",
    handed_over="ཚོང་པར་བཤད་ཟིན",
    reply="ལན་འདེབས",
    answer="ཨ་མ་བདེ་པོ་ཡིན། ཐུགས་རྗེ་ཆེ།",
    answered="ཚོང་པའི་ལན།",
)
TRADITIONAL = Words(
    name="zh-TW",
    price="請問蟲草怎麼賣",
    prices=("冬蟲夏草", "中號", "¥28", "運費"),
    want="我要20根中等的",
    summary=("扎西", "13800138000", "20根", "免運", "¥560"),
    confirm="確認下單",
    placed="下單成功",
    paid="我已經轉帳了",
    proof="截圖收到了",
    to_check="待核對",
    money_in="確認入帳",
    confirmed="已確認",
    packed="已打包",
    ask_number="單號",
    shipped="出貨",
    where="我的包裹到哪裡了",
    on_the_way="在路上",
    other="請給我2斤犛牛肉乾",
    other_confirm=("犛牛肉乾", "2斤", "¥204"),
    cancel="我要取消訂單",
    cancelled="已取消",
    orders="我的訂單",
    stock="庫存",
    stock_line="冬蟲夏草 中號\t2,480",
    set_price="中等蟲草改成35元",
    new_price="¥35",
    unknown="今晚的球賽誰會贏呀",
    handed_over="轉給店主",
    reply="回覆",
    answer="這個我也不知道",
    answered="店主回覆",
)


@pytest.mark.parametrize(
    ("street", "words"),
    [("bo", TIBETAN), ("zh-TW", TRADITIONAL)],
    indirect=["street"],
    ids=["bo", "zh-TW"],
)
def test_from_the_question_to_the_parcel(
    street: Street, words: Words, screenshots: Path | None
) -> None:
    buyer, seller, operator = street.buyer, street.seller, street.operator
    name = words.name
    tag = name.replace("zh-TW", "zh-Hant")
    assert buyer.page.locator("html").get_attribute("lang") == tag
    buyer.photograph(screenshots, f"{name}-1-empty")
    # 1. Prices at once; an order in one's own words; one confirmation.
    buyer.say(words.price)
    buyer.hears(*words.prices)
    buyer.photograph(screenshots, f"{name}-2-price")
    buyer.say(words.want)
    buyer.hears("20")
    buyer.say(ADDRESS)
    buyer.hears(*words.summary)
    buyer.photograph(screenshots, f"{name}-3-summary")
    seller.say(words.stock)
    buyer.press(words.confirm)
    number = number_in(buyer.hears(words.placed, "¥560"))
    buyer.photograph(screenshots, f"{name}-4-placed")
    # The shop dies in between; nobody notices but for the wait.
    street.shop.kill()
    street.shop.start()
    buyer.page.locator("body:not(.away)").wait_for()
    seller.page.locator("body:not(.away)").wait_for()
    # 2. The seller sees the order and the payment, decides, packs and ships.
    seller.hears(number, "¥560")
    buyer.show("receipt.png", picture(1), words.paid)
    buyer.hears(words.proof, number)
    seller.hears(words.to_check, number)
    seller.photograph(screenshots, f"{name}-5-payment")
    seller.press(words.money_in)
    seller.hears(words.confirmed, number)
    buyer.hears(number, words.confirmed)
    seller.press(words.packed)
    seller.hears(words.ask_number)
    seller.say("SF1234567890123")
    seller.hears(words.shipped, "SF1234567890123")
    buyer.hears(number, words.shipped, "SF1234567890123")
    buyer.photograph(screenshots, f"{name}-6-shipped")
    # 3. Where it is; what was ordered; calling off.
    buyer.say(words.where)
    buyer.hears(words.on_the_way, number)
    buyer.say(words.other)
    buyer.hears(*words.other_confirm)
    buyer.press(words.confirm)
    second = number_in(buyer.hears(words.placed, "¥204"))
    buyer.say(words.cancel)
    buyer.hears(second, words.cancelled)
    buyer.say(words.orders)
    buyer.hears(number, second)
    # 4. What the seller does in the chat; 5. what nobody knows goes to her, and her answer back.
    seller.say(words.stock)
    seller.hears(words.stock_line)
    seller.photograph(screenshots, f"{name}-7-stock")
    seller.say(words.set_price)
    seller.hears("¥28", words.new_price)
    buyer.say(words.unknown)
    buyer.hears(words.handed_over)
    seller.hears(words.unknown)
    operator.hears(words.unknown)
    seller.press(words.reply)
    seller.hears(words.unknown)
    seller.say(words.answer)
    buyer.hears(words.answered, words.answer)
    buyer.photograph(screenshots, f"{name}-8-answer")
    # 6. Two languages in one chat are no trouble.
    buyer.say("how much is the yak jerky?")
    buyer.hears("yak jerky", "a kg")
    buyer.say(words.price)
    buyer.hears(*words.prices[:2], words.new_price)
    reload(buyer)
    reload(seller)
    if name == "bo":
        _is_well_set(street)


def _is_well_set(street: Street) -> None:
    """Tibetan is in our own font, as high as it needs, and breaks between syllables only."""
    page = street.buyer.page
    loaded = page.evaluate(
        "() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    )
    assert FONT in [family.strip('"') for family in loaded]
    for place in (".bubble .text", ".card h4", ".card td", ".choices button"):
        found = page.locator(f"{place}:lang(bo)")
        for at in range(min(found.count(), 12)):
            style = found.nth(at).evaluate(
                "e => { const s = getComputedStyle(e);"
                " return [parseFloat(s.lineHeight) / parseFloat(s.fontSize), s.fontFamily] }"
            )
            assert style[0] >= 1.5, (place, style)
            assert FONT in style[1], (place, style)
    assert page.evaluate(_BREAKS) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


# Where a line ends inside a Tibetan syllable: between two letters that no tsheg parts.
_BREAKS = r"""() => {
  const broken = [];
  const walker = document.createTreeWalker(document.querySelector('.lines'), NodeFilter.SHOW_TEXT);
  const letter = /[\u0f40-\u0fbc]/;
  while (walker.nextNode()) {
    const text = walker.currentNode.data;
    const range = document.createRange();
    const top = at => {
      range.setStart(walker.currentNode, at); range.setEnd(walker.currentNode, at + 1);
      const box = range.getBoundingClientRect(); return box.height ? box.bottom : null;
    };
    for (let at = 1; at < text.length; at++) {
      if (!letter.test(text[at - 1]) || !/[\u0f40-\u0f6c]/.test(text[at])) continue;
      const one = top(at - 1), two = top(at);
      if (one && two && Math.abs(one - two) > 12) broken.push(text.slice(at - 5, at + 5));
    }
  }
  return broken;
}"""
