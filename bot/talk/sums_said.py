"""What buyers say of the money they sent: another sum than is due, twice, too much, wrongly."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.shop import orders, payments
from bot.shop.numbers import ascii_digits
from bot.shop.orders import Order, State
from bot.talk import desk, paying, pricing, tracking
from bot.talk.pricing import minor_of
from bot.talk.turn import Turn

_ODD = re.compile(
    r"[多少错錯][转轉付打汇匯]了|[转轉付打汇匯][多少错錯]了"
    r"|[转轉付打汇匯款]了[^，。,.]{0,6}[两兩二2]\s*[次遍笔筆]|重[复複][付转轉]|[付转轉]款?重[复複]"
    r"|\b(?:i|we|i've|i have)\s+(?:\w+\s+){0,2}(?:paid|sent|transferr?ed)\b"
    r".{0,30}\b(?:twice|double|two times|too much|too little|instead of|wrong)\b"
    r"|\b(?:over|under)paid\b|\bcharged (?:\w+ )?twice\b"
    r"|དངུལ.{0,12}(?:ཐེངས་གཉིས|མང་བ|མང་དྲགས|ཉུང་བ|ནོར).{0,12}(?:སྤྲད|བཏང|བསྐུར)",
    re.IGNORECASE,
)
# 转了300, "I paid 300 now", 300སྤྲད་པ་ཡིན: what was sent, not how many of the goods.
_SENT = re.compile(
    r"(?:[转轉付打汇匯][账帳款]?[了過过]|付[给給]快[递遞][员員小哥]{0,2}[了过過]?|[已刚剛才][转轉付打汇匯][账帳款]?"
    r"|\b(?:i|we|i've|i have|just|already) (?:paid|sent|transferr?ed))"
    r"(?: you| the (?:courier|driver))?\s*[¥$￥]?"
    r"\s*(\d{1,7}(?:\.\d{1,2})?)(?![\d,.]*\s*(?:[次遍笔筆]|times))"
    r"|(\d{1,7}(?:\.\d{1,2})?)\s*་?(?:སྤྲད|བཏང|བསྐུར)་?(?:པ་ཡིན|བ་ཡིན|ཟིན|ཡོད|སོང)",
    re.IGNORECASE,
)
# 两单一起付了, "I paid both orders".
_ALL = re.compile(
    r"[两兩二2三3几幾]个?[单單]|都[付转轉][了过過好]|一起[付转轉]"
    r"|\b(?:both|all) (?:of )?(?:my |the )?orders\b"
    r"|མངགས་ཐོ་(?:གཉིས|གསུམ|ཚང་མ)",
    re.IGNORECASE,
)


def take(turn: Turn) -> bool:
    """Money that does not fit an order always reaches the seller, with the sum that was said."""
    text = ascii_digits(turn.text)
    if _of_several(turn, text):
        return True
    odd, sent = _ODD.search(text), _SENT.search(text)
    if turn.staff or not (odd or sent):
        return False
    order = _meant(turn)
    if order is None or (_is_of_goods(turn) and not (sent and _is_collected(order))):
        return False
    minor = minor_of(sent[1] or sent[2]) if sent else 0
    paid = payments.of_order(turn.unit.db, order.id).state
    if order.state is State.PLACED and order.pay_by != "cod" and paid == "due":
        paying.claim(turn, order, minor=minor)
        if odd:
            desk.hand_over(turn, told=True, order=order)
    elif odd or minor != order.total_minor:
        turn.say("pay.looked-into", number=order.number, handed_over=True)
        desk.hand_over(turn, told=True, order=order)
    else:
        return False
    return True


def _is_collected(order: Order) -> bool:
    """Whether the courier takes or took the money: a sum is then no complaint of the goods."""
    return order.pay_by == "cod" and order.state in (State.SHIPPED, State.DELIVERED)


def _of_several(turn: Turn, text: str) -> bool:
    """Claims all orders that wait for money when it was sent for all of them at once."""
    if turn.staff or "paid" not in turn.reading.marks or _counts(turn):
        return False
    found = [order for order in paying.waiting(turn) if order.state is State.PLACED]
    due = sum(payments.missing(turn.unit.db, order) for order in found)
    rest = _ALL.sub(" ", turn.text)
    minor = pricing.sum_said(replace(turn, text=rest, reading=turn.reader.read(rest)))
    if len(found) < 2 or not (_ALL.search(text) or minor == due):
        return False
    for order in reversed(found):
        paying.claim(turn, order)
    if minor not in (0, due):
        desk.hand_over(turn, told=True, order=found[0])
    return True


def _is_of_goods(turn: Turn) -> bool:
    """Whether it is rather of what came, or of how much is wanted."""
    return turn.reading.intent == "aftersales" or _counts(turn)


def _counts(turn: Turn) -> bool:
    return any(line.quantity for line in turn.reading.lines)


def _meant(turn: Turn) -> Order | None:
    """The order that is named, else one that waits for money, is looked at, or the latest."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        return tracking.own(turn, named.number)
    mine = tracking.mine(turn)
    open_ones = [order for order in paying.waiting(turn) if order.state is State.PLACED]
    return next(iter([*open_ones, *paying.claimed(turn), *mine]), None)
