"""The price that a buyer would pay: 55卖不卖, can you do 50. It goes to the seller."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import structs

from bot.language.numerals import HAN_NUMERALS, TIBETAN_NUMERAL, read_number
from bot.language.reading import Line, Quantity
from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import catalogue, flash_sales
from bot.shop.catalogue import Price, Product
from bot.talk import desk, goods_cards
from bot.talk.buyers import asking, ordering
from bot.talk.turn import Turn

LEAST = 2  # a number below this part of what it costs is no price but an amount, if one at all
# 少20行不 names by how much less; 一 and 两 alone are in too many words.
_N = rf"(?<![少减降让宜\d.])(?P<n>\d{{1,6}}(?:\.\d{{1,2}})?|[{HAN_NUMERALS}]{{2,6}})"
_BO = rf"(?<![\d\u0f40-\u0fbc])(?P<n>\d{{1,6}}(?:\.\d{{1,2}})?|{TIBETAN_NUMERAL})"
_SUM = rf"{_N} ?(?:块钱?|元|圆|蚊|yuan|rmb|kuai|bucks|dollars)?"
_EACH = r" ?(?:[一每/1] ?(?:公斤|斤|根|条)|(?:a|per|/) ?(?:kg|kilo|jin|piece|stick|root))?"
_PIECES = r"(?![\d.]| ?(?:[斤克根条盒袋包瓶罐个两公]|kg|kilo|g\b|pc|piece|box|bag|jar))"
_DO = r"(?:[行成中]不[行成中]|可[不唔]可以|得唔得|好不好|(?:可以|[行成中得好])[不吗么嘛伐唔])"
# Of these nobody doubts that a price is named.
_NAMED = (
    rf"{_SUM}{_EACH}[ ,]?就?(?:卖不卖|卖[吗么嘛不伐]|卖唔卖|卖给我|出不出|出[吗么嘛不])",
    rf"(?:凑[个成]?整数?|[抹去]个?零头?)[ ,]?[算就给]?[我你]?{_SUM}{_PIECES}",
    rf"(?:能不能|可以|能|就|给我?)算[我你]?{_SUM}{_PIECES}",
    rf"\b(?:would|will|could|can) you (?:take|accept|sell(?: (?:it|them))?(?: (?:for|at))?"
    rf"|let (?:it|them) go (?:for|at)|go (?:down )?to) [¥$]?{_SUM}{_PIECES}",
    rf"\b(?:i'?ll|i will|i can|i could) (?:give|offer|pay)(?: you)? [¥$]?{_SUM}{_PIECES}",
    rf"\bround (?:it |that )?(?:up |down |off )?to (?:an? )?(?:even |round )?[¥$]?{_SUM}{_PIECES}",
    rf"\b(?:call|make) it (?:an? )?(?:even|round|flat) [¥$]?{_SUM}{_PIECES}",
    rf"{_BO}(?:་ལ|ར)་ཚོང་(?:ངམ|གི་རེད་པས|གི་ཡིན་ནམ|ཐུབ་བམ|རོགས)",
    rf"(?:ཧྲིལ་པོ|ཆ་ཚང)་{_BO}(?:་ལ)?་(?:བྱེད|བྱོས|བཟོ|གཏོང|རྩིས|འགྲིག)",
)
# These may ask for an amount as well: 20行不.
_ASKED = (
    rf"{_SUM}{_EACH}[ ,]?{_DO}",
    rf"(?:能|可以|算)[ ,]?[算给卖]?我?{_SUM}{_EACH}{_PIECES} ?[买拿]?[吗么嘛不吧呗]",
    rf"{_SUM}{_EACH}{_PIECES} ?(?:现在|就)?(?:能不能|可不可以|能|可以)[买拿](?!几|多|到?[多几])",
    rf"\bcan i (?:get|buy|have)\b[^.,?!\n]{{0,40}} (?:for|at) [¥$]?{_SUM}(?= ?(?:$|[?.,!]|now\b))",
    r"\b(?:can|could|would) you do (?:it |them )?(?:for |at )?"
    rf"[¥$]?{_SUM}{_EACH}(?= ?(?:$|[?.,!]))",
    rf"(?:^|[ ,¥$]){_SUM}{_EACH} (?:ok|okay|alright|fine)\b ?\?",
    r"\b(?:pieces?|pcs|kgs?|kilos?|box(?:es)?|bags?|large|medium|small|it|them|all|go|sell)"
    rf" for [¥$]?{_SUM}(?= ?(?:$|\?|,? ?(?:ok|okay|deal)\b))",
    rf"{_BO}་(?:ལ་)?(?:བྱས་ན་|ཡིན་ན་|ཉོ་)?(?:འགྲིག་གམ|འགྲིག་གི་རེད་པས|ཆོག་གམ|ཐུབ་བམ)",
)
# Such a sum is to go back, and no price.
_BACK = regex(r"退(?!一?步)|赔|\b(?:refund|compensat\w+|give .{0,12}back|money back)\b|སློག")
_OF_GOODS = ("price", "order", "stock", "product", "other")
_NAMES = [regex(pattern) for pattern in _NAMED]
_ASKS = [regex(pattern) for pattern in _ASKED]


def take(turn: Turn) -> bool:
    """Tells the seller what the buyer would pay, and for what; False when no price is named."""
    reading = turn.reading
    if _BACK.search(form_of(turn.text).text):
        return False
    named = _said(turn, _NAMES)
    money = named or (_said(turn, _ASKS) if reading.intent in _OF_GOODS else 0)
    line = None if turn.staff or not money or "budget" in reading.marks else _meant(turn)
    product = turn.product(line.product) if line and line.product else None
    if line is None or product is None or not (named or _is_price(turn, product, line, money)):
        return False
    if line.quantity and 100 * line.quantity.amount == money:
        line = structs.replace(line, quantity=None)  # The price was read as an amount.
    turn.state.about = product.key
    turn.reading = structs.replace(
        reading,
        intent="price",
        confidence=1.0,
        lines=(line,),
        number=None,
        part=None,
        money=(money,),
        marks=reading.marks | {"haggle"},
    )
    if not _tell_of_sale(turn, product, line, money):
        desk.hand_over(turn, "asking.haggle", gist=lambda view: _gist(view, product, line, money))
    return True


def _tell_of_sale(turn: Turn, product: Product, line: Line, minor: int) -> bool:
    """Tells of the flash sale that has this price; False when none has."""
    for sale in flash_sales.not_over(turn.unit.db, turn.unit.now):
        cost = Price(sale.minor, product.grade(sale.grade).price.per).of(_usual(turn, product))
        if sale.product == product.key and line.grade in (None, sale.grade) and cost == minor:
            goods = [(sale.product, sale.grade)]
            told = goods_cards.missed(turn, goods, goods_cards.MISSED)
            turn.say("order.short", lines=told[0]) if told else asking.show(turn, product)
            return True
    return False


def _said(turn: Turn, patterns: Iterable[re.Pattern[str]]) -> int:
    """The last sum that is named so, in minor units; 0 for none."""
    form = form_of(turn.text).text
    found = [match["n"] for pattern in patterns for match in pattern.finditer(form)]
    value = read_number(found[-1]) if found else None
    return int(value * 100) if value else 0


def _meant(turn: Turn) -> Line | None:
    """The only goods that are named, else those of the draft or of the talk; so much of them."""
    said = turn.reading.lines
    products = asking.asked_about(turn)
    if len({line.product for line in said}) > 1 or len(products) != 1:
        return None
    key = products[0].key
    grade = next((line.grade for line in said), None)
    drafted = [line for line in turn.state.draft.lines if line.product == key]
    mine = [line for line in drafted if grade in (None, line.grade)]
    quantity = next((line.quantity for line in said), None)
    if len(mine) == 1:
        own = Quantity(mine[0].quantity, mine[0].unit) if mine[0].quantity else None
        return Line(key, grade or mine[0].grade, quantity or own)
    return Line(key, grade, quantity)


def _is_price(turn: Turn, product: Product, line: Line, minor: int) -> bool:
    """Whether goods cost about so much, by the usual unit or in all; while an amount is waited for,
    a number of pieces is one."""
    if product.unit == "pc" and turn.state.asked == "quantity":
        return False
    usual = _usual(turn, product)
    said = line.quantity and catalogue.amount(product, line.quantity.amount, line.quantity.unit)
    grades = [each for each in product.grades if line.grade in (None, each.key)]
    costs = [each.price_for(n).of(n) for each in grades for n in (usual, said or usual)]
    costs.append(ordering.quoted(turn).goods_minor)
    return any(cost <= minor * LEAST and minor <= cost for cost in costs)


def _usual(turn: Turn, product: Product) -> int:
    """The amount that a price is usually named of."""
    return 1 if product.unit == "pc" else turn.locales.usual_grams(turn.language)


def _gist(view: Turn, product: Product, line: Line, minor: int) -> str:
    """In the seller's language: the goods, how much of them, and the price."""
    amount = line.quantity and view.quantity(product, line.quantity.amount, line.quantity.unit)
    goods = " ".join([view.name(product, line.grade or ""), *([amount] if amount else [])])
    return view.words("desk.bid", goods=goods, money=view.money(minor))
