"""What buyers say of the money they sent: another sum than is due, twice, too much, wrongly."""

from __future__ import annotations

import re

from bot.shop import orders, payments
from bot.shop.numbers import ascii_digits
from bot.shop.orders import Order, State
from bot.talk import desk, paying, tracking
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
    r"(?:[转轉付打汇匯][账帳款]?[了過过]|[已刚剛才][转轉付打汇匯][账帳款]?"
    r"|\b(?:i|we|i've|i have|just|already) (?:paid|sent|transferr?ed))"
    r"(?: you)?\s*[¥$￥]?\s*(\d{1,7}(?:\.\d{1,2})?)(?![\d,.]*\s*(?:[次遍笔筆]|times))"
    r"|(\d{1,7}(?:\.\d{1,2})?)\s*་?(?:སྤྲད|བཏང|བསྐུར)་?(?:པ་ཡིན|བ་ཡིན|ཟིན|ཡོད|སོང)",
    re.IGNORECASE,
)


def take(turn: Turn) -> bool:
    """Money that does not fit an order always reaches the seller, with the sum that was said."""
    text = ascii_digits(turn.text)
    odd, sent = _ODD.search(text), _SENT.search(text)
    if turn.staff or not (odd or sent) or _is_of_goods(turn):
        return False
    order = _meant(turn)
    if order is None:
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


def _is_of_goods(turn: Turn) -> bool:
    """Whether it is rather of what came, or of how much is wanted."""
    reading = turn.reading
    return reading.intent == "aftersales" or any(line.quantity for line in reading.lines)


def _meant(turn: Turn) -> Order | None:
    """The order that is named, else one that waits for money, is looked at, or the latest."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        return tracking.own(turn, named.number)
    mine = tracking.mine(turn)
    open_ones = [order for order in paying.waiting(turn) if order.state is State.PLACED]
    return next(iter([*open_ones, *paying.claimed(turn), *mine]), None)
