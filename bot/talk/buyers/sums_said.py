"""What buyers say of the money they sent: another sum than is due, twice, too much, wrongly."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.weighing import CONFIDENT
from bot.shop import on_delivery, orders, payments, refunds
from bot.shop.numbers import ascii_digits
from bot.shop.orders import Order, State
from bot.talk import desk
from bot.talk.buyers import paying, repaying, tracking, whose
from bot.talk.conversation import Paid
from bot.talk.sellers import pricing
from bot.talk.sellers.pricing import minor_of
from bot.talk.turn import Turn

_ODD = regex(
    r"[多少错錯][转轉付打汇匯]了|[转轉付打汇匯][多少错錯]了"
    r"|[转轉付打汇匯款]了[^，。,.]{0,6}[两兩二2]\s*[次遍笔筆]|重[复複][付转轉]|[付转轉]款?重[复複]"
    r"|\b(?:i|we|i've|i have)\s+(?:\w+\s+){0,2}(?:paid|sent|transferr?ed)\b"
    r".{0,30}\b(?:twice|double|two times|too much|too little|instead of|wrong)\b"
    r"|\b(?:over|under)paid\b|\bcharged (?:\w+ )?twice\b"
    r"|དངུལ.{0,12}(?:ཐེངས་གཉིས|མང་བ|མང་དྲགས|ཉུང་བ|ནོར).{0,12}(?:སྤྲད|བཏང|བསྐུར)",
    re.IGNORECASE,
)
# 电话打错了, "I sent the wrong address": typed, not paid.
_TYPED = regex(
    r"(?:电话|電話|手机|手機|号码|號碼|名字|姓名|收[件货貨]人|地址|[门門]牌|房[间間]|[街巷]|路名|[楼樓][号號层層]?)"
    r"[^，。,.]{0,4}打错了?|(?:電話|手機|號碼|名字|姓名|收[件貨]人|地址|門牌|房間|[街巷]|路名|樓[號層]?)"
    r"[^，。,.]{0,4}打錯了?|打[错錯]了?[^，。,.]{0,3}(?:电话|電話|手机|手機|号码|號碼|名字|地址|[门門]牌)"
    r"|\bwrong (?:phone|mobile|number|address|name|street|house|flat|apartment|recipient)\b",
    re.IGNORECASE,
)
# 转了300, "I paid 300 now", 300སྤྲད་པ་ཡིན: what was sent, not how many of the goods.
_SENT = regex(
    r"(?:[转轉付打汇匯][账帳款]?[了過过]|付[给給]快[递遞][员員小哥]{0,2}[了过過]?|[已刚剛才][转轉付打汇匯][账帳款]?"
    r"|\b(?:i|we|i've|i have|just|already) (?:paid|sent|transferr?ed))"
    r"(?: you| the (?:courier|driver))?(?: the (?:remaining|missing|other|rest[,:]?))?\s*[¥$￥]?"
    r"\s*(\d{1,7}(?:\.\d{1,2})?)(?![\d,.]*\s*(?:[次遍笔筆]|times))"
    r"|(\d{1,7}(?:\.\d{1,2})?)\s*་?(?:སྤྲད|བཏང|བསྐུར)་?(?:པ་ཡིན|བ་ཡིན|ཟིན|ཡོད|སོང)",
    re.IGNORECASE,
)
# 少转了10块, "10 too little", "short by 10": what is missing of what was due.
_SUM = r"[¥$￥]?(\d{1,7}(?:\.\d{1,2})?)(?!\d|\s*[次遍笔筆根斤袋盒克条條包])"
_MISSING = regex(
    rf"少[转轉付打汇匯给給][了過过]?\s*{_SUM}"
    rf"|\b(?:underpaid|short)(?: \w+)? by {_SUM}|{_SUM}(?: \w+)? too little\b"
    rf"|{_SUM}\s*་?ཉུང་(?:བ|དྲགས)",
    re.IGNORECASE,
)
# 多转了100, "overpaid by 100": what came besides what was due.
_MORE = regex(
    rf"多[转轉付打汇匯给給][了過过]?\s*{_SUM}"
    rf"|\boverpaid(?: \w+)? by {_SUM}"
    rf"|(?<!you )\b(?:paid|sent|transferr?ed)(?: you)? {_SUM}(?: \w+)? too much\b"
    rf"|{_SUM}\s*་?མང་(?:བ|དྲགས)[^།]{{0,12}}(?:སྤྲད|བཏང|བསྐུར)",
    re.IGNORECASE,
)
# 我明明给了快递员560, "I gave the courier everything": what was brought for it does not say so.
_COURIER = r"(?:快[递遞]|送[货貨]|派[送件]|司机|司機|物流|外送)[员員小哥师師傅的人]{0,3}"
_DRIVER = r"\b(?:courier|driver|delivery (?:man|guy|boy|person)|postman)\b"
_GAVE = regex(
    rf"[付给給交][了過过给給]?了?{_COURIER}.{{0,6}}?(?:\d|[了过過啊呀]|全部|全款|都)"
    rf"|{_COURIER}(?:已经|已經|都|全|明明)?[收拿](?:了|走|过|過)[^,，。]{{0,6}}(?:[钱錢款]|\d)"
    rf"|(?:[钱錢款]|现金|現金)[^,，。?？]{{0,8}}[付给給交][^,，。?？]{{0,2}}{_COURIER}了"
    rf"|\b(?:paid|gave|handed)\b.{{0,30}}{_DRIVER}"
    rf"|{_DRIVER}.{{0,20}}\b(?:took|got|collected|received)\b.{{0,12}}(?:\d|money|cash|all|every)"
    r"|སྐྱེལ་མཁན་(?:གྱི་ལག་|གྱི་ལག་པར་)?ལ.{0,40}(?:སྤྲད|བཏང|ཕུལ)"
    r"|སྐྱེལ་མཁན་གྱིས་.{0,20}དངུལ.{0,20}(?:བླངས|ལེན)",
    re.IGNORECASE,
)
_ASKS = regex(
    r"[?？吗嗎没沒未]|不[是要想给付]|怎么|怎麼|可以|能不能|n't"
    r"|\b(?:can|should|shall|will|do|if|not|must|number|address)\b|(?<!ཚང་)མ་|མི་|ནམ|དགོས"
)
# 剩下的100不给了: the rest of what was due is kept, and no question.
_KEEPS = regex(
    r"(?:剩|余|餘|差)下?的?[钱錢]?\s*[¥￥]?\d*(?:元|[块塊][钱錢]?)?[我就都也]*不(?:想|会|會|打算)?再?(?:[给給付交])了?"
    r"|\b(?:won't|will not|am not|i'm not|not going to)\b.{0,12}\b(?:pay|give|paying|giving)\b"
    r"|ལྷག་མ་?[^།]{0,16}མི་(?:སྤྲོད|སྟེར)",
    re.IGNORECASE,
)
# 两单一起付了, "I paid both orders".
_ALL = regex(
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
    off = _off(text)
    odd = _ODD.search(_TYPED.sub(" ", text)) or off
    sent = None if off else _SENT.search(text)
    if not turn.staff and _GAVE.search(text) and not _ASKS.search(_KEEPS.sub(" ", text)):
        if order := _collected(turn):
            _gave(turn, order)
            return True
    if turn.staff or not (odd or sent):
        return False
    order = _meant(turn)
    if order is None or (_is_of_goods(turn) and not (sent and _is_collected(order))):
        return False
    minor = minor_of(sent[1] or sent[2]) if sent else _with(turn, order, off)
    db = turn.unit.db
    paid = payments.of_order(db, order.id).state
    is_due = order.state is State.PLACED and order.pay_by != "cod" and paid == "due"
    if order in paying.called_off(turn):
        paying.claim(turn, order, minor=minor)
    elif is_due or payments.may_get_rest(db, order):
        paying.claim(turn, order, minor=minor)
        if odd:
            desk.hand_over(turn, told=True, order=order)
        _ask_rest(turn, order, -off)
    elif order.state is State.CANCELLED and minor == refunds.undone(turn.unit.db, order):
        return repaying.tell(turn)
    elif odd or minor != order.total_minor:
        turn.state.paid = Paid(order.number, minor)
        turn.say("pay.looked-into", number=order.number, handed_over=True)
        desk.hand_over(turn, told=True, order=order)
        _ask_rest(turn, order, -off if paid != "paid" else 0)
    else:
        return False
    return True


def says_sum(turn: Turn) -> bool:
    """Whether it is rather said how much was sent than anything else."""
    is_sent = _SENT.search(ascii_digits(turn.text))
    return bool(is_sent) and turn.reading.confidence < CONFIDENT


def beside_proof(turn: Turn, order: Order, proof: str) -> None:
    """Claims an order by a screenshot, with the sum that is said below it; what is odd of it is for
    a person to read."""
    text, reading = ascii_digits(turn.text), turn.reading
    says = reading.money or "total" in reading.marks or reading.intent == "payment"
    minor = _with(turn, order, _off(text))
    if not minor and not reading.lines and (says or _SENT.search(text)):
        minor = pricing.sum_said(turn)
    paying.claim(turn, order, proof, minor=minor)
    if _ODD.search(text):
        desk.hand_over(turn, told=True, order=order)


def _off(text: str) -> int:
    """By how much what was sent is said to be more (or less) than what was due."""
    for pattern, sign in ((_MISSING, -1), (_MORE, 1)):
        if found := pattern.search(text):
            return sign * minor_of(next(filter(None, found.groups())))
    return 0


def _with(turn: Turn, order: Order, off: int) -> int:
    """What is due for an order and so much more or less; 0 for no such, or nothing at all."""
    due = payments.missing(turn.unit.db, order) or order.total_minor
    return max(due + off, 0) if off else 0


def _gave(turn: Turn, order: Order) -> None:
    """The staff look for what was given to a courier; who keeps the rest of what is owed has not
    paid it."""
    if on_delivery.is_short(turn.unit.db, order) and _KEEPS.search(turn.text):
        turn.say("pay.looked-into", number=order.number, handed_over=True)
        desk.hand_over(turn, told=True, order=order)
    else:
        paying.claim_at_the_door(turn, order, pricing.sum_said(turn), by="cod")


def _ask_rest(turn: Turn, order: Order, lacks: int) -> None:
    """What the buyer says is missing can be sent at once."""
    if 0 < lacks < order.total_minor:
        turn.say("pay.send-rest", number=order.number, money=turn.money(lacks))


def _collected(turn: Turn) -> Order | None:
    """The order for which a courier collects, or did and brought less: named, or the latest."""
    named = orders.find(turn.unit.db, turn.text)
    short = [each for each in tracking.mine(turn) if on_delivery.is_short(turn.unit.db, each)]
    found = [each for each in short if named is None or each.id == named.id]
    return next(iter(found), None) or paying.at_the_door(turn, named)


def _is_collected(order: Order) -> bool:
    """Whether the courier takes or took the money: a sum is then no complaint of the goods."""
    return order.pay_by == "cod" and order.state in (State.SHIPPED, State.DELIVERED)


def _of_several(turn: Turn, text: str) -> bool:
    """Claims all orders that wait for money when it was sent for all of them at once."""
    rest = whose.ALL_ORDERS.sub(" ", _ALL.sub(" ", turn.text))
    said = replace(turn, text=rest, reading=turn.reader.read(rest))
    is_sent = "paid" in turn.reading.marks or _SENT.search(text)
    if turn.staff or not is_sent or _counts(said):
        return False
    found = [order for order in paying.waiting(turn) if order.state is State.PLACED]
    if 1 < whose.how_many(turn.text) < len(found):
        turn.say("track.which-of-them", n=len(found))
        return True
    due = sum(payments.missing(turn.unit.db, order) for order in found)
    minor = pricing.sum_said(said)
    if len(found) < 2 or not (_says_all(turn, text) or minor == due):
        return False
    for order in reversed(found):
        paying.claim(turn, order)
    if minor not in (0, due):
        desk.hand_over(turn, told=True, order=found[0])
    return True


def _says_all(turn: Turn, text: str) -> bool:
    """Whether it is said of all orders: of those that are named, where some are."""
    if turn.meant:
        return turn.meant.every
    return bool(_ALL.search(text)) or whose.said_of_all(turn.text) is not None


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
