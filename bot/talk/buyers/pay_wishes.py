"""What buyers wish of the money of an order that stands: not to pay the rest, or otherwise."""

from __future__ import annotations

import re
from functools import partial

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import on_delivery, orders, payments
from bot.shop.orders import Order, State
from bot.shop.ways_to_pay import WAYS
from bot.talk import bills, charging, desk, order_buttons
from bot.talk.buyers import ordering, paying, readdressing, tracking
from bot.talk.buyers.ways_said import way_said
from bot.talk.turn import Turn

# Matched in the form of a text.
_NOT_THE_REST = regex(
    r"(?:剩|其余|余款|余下|尾款|差的|那部分)[^,.!?]{0,6}不(?:想|要|打算)?再?[付补给转]"
    r"|不(?:想|要|打算)?再?[付补转][^,.!?]{0,3}(?:剩|余|尾|[了钱款]|$)"
    r"|\b(?:won't|not|don't|can't|cannot|never) (?:want to |going to |be )?(?:pay|paying|send)\b"
    r"|(?:ལྷག་མ|ཆད་པ)[^།]{0,24}(?:མི་སྤྲོད|སྤྲོད་མི|མི་སྟེར)"
)
_ANOTHER = regex(
    r"[换改][^,.]{0,4}(?:付款|支付|付钱)|(?:付款|支付)方式[^,.]{0,6}[换改]"
    r"|\b(?:another|different|other) way to pay\b|\bpay (?:another|a different|some other) way\b"
    r"|\b(?:pay|paid) (?:differently|otherwise)\b"
    r"|\bchange (?:the |how i |my |the way (?:i|to) )?pay(?:ment)?\b"
    r"|(?:སྤྲོད་སྟངས|སྤྲོད་ཐབས)[^།]{0,8}(?:བརྗེ|བསྒྱུར|གཞན)"
)
# Says that it is meant, where a mere question asks whether it could be had.
_WISHES = regex(
    r"[改换想要]|还是|^(?:那|就)(?!.*[?吗])"
    r"|\b(?:instead|rather|want|prefer|change|switch|let me|i'll|i will)\b"
    r"|འདོད|བརྗེ|བསྒྱུར|དགོས"
)
# How the rest is to be paid: 剩下的我转账.
_REST = regex(
    r"(?:剩|其余|余款|尾款|差的)[^,.!?]{0,8}转(?!不)|\b(?:the )?rest\b.{0,20}\btransfer"
    r"|\btransfer\b.{0,20}\brest\b|ལྷག་མ[^།]{0,24}དངུལ་བསྐུར"
)
_MONEY_BACK = regex(
    r"退[^货换订]{0,6}(?:[我钱款回给吧]|\d)|\b(?:refund|money back)\b"
    r"|\bgive\b.{0,20}\bback\b|སློག"
)


# Half now, the rest later: asked, and not whether it must be so.
_PART_FIRST = regex(
    r"先(?:付|给|转|交|打|俾|畀)[^,.!?]{0,4}(?:一半|一部分|部分|定金|订金|[一二三四五\d]成)"
    r"|(?:付|给|交)(?:个|点|一半|一部分)?[^,.]{0,2}(?:定金|订金|一半)|分[两二2几]?[次期批][付给转]"
    r"|\b(?:pay|send|transfer)\b(?: you)? (?:only )?(?:half|part|some|a deposit|in (?:two|2))\b"
    r"|\bdeposit\b.{0,20}\b(?:now|first|ok)\b"
    r"|ཕྱེད་ཀ.{0,12}(?:སྔོན|སྤྲོད|སྤྲད)|(?:སྔོན|སྤྲོད|སྤྲད).{0,12}ཕྱེད"
)
_MUST = regex(
    r"还是|需要|[给是]?要先|是否|多少|谁|已经|刚"
    r"|\b(?:need(?:ed)?|required|must|have to|do you want|or|which|who|how much|paid)\b"
    r"|དགོས|སྤྲད་ཟིན|སུ་ལ"
)


def _tells_of_parts(turn: Turn) -> bool:
    """Whether a part may be paid before the rest: it may, and all is paid before it leaves."""
    reading, form = turn.reading, form_of(turn.text).text
    asks = "ask" in reading.found or re.search(r"[?吗嘛不]$|行|可以|能|ok\b", form)
    if not asks or not _PART_FIRST.search(form) or _MUST.search(form):
        return False
    if reading.intent != "payment" or "paid" in reading.marks or reading.recipient:
        return False
    turn.say("pay.part-first", hours=payments.REST_MS // 3_600_000)
    if turn.state.draft.lines:
        ordering.proceed(turn)
    elif paying.waiting(turn):
        paying.show_how(turn)
    return True


_PICTURE = regex(
    r"截[图屏]|凭证|回[执单]|付款记录"
    r"|\b(?:screen ?shots?|proof|receipt|slip)\b|པར་(?:རིས|བརྙན)|འཛིན་ཤོག|འཛིན་བྱང"
)
_HOW_TO_SHOW = regex(
    r"怎|哪|谁|要[不发]|需要|可以"
    r"|\b(?:how|where|whom?|should|do i|can i|need)\b|གང|ག་པར|སུ་ལ|དགོས|ཇི་ལྟར"
)


def _tells_how_to_show(turn: Turn) -> bool:
    """How the picture of a payment is sent: here."""
    form = form_of(turn.text).text
    asks = "ask" in turn.reading.found and "invoice" not in turn.reading.marks
    if not asks or not _PICTURE.search(form) or not _HOW_TO_SHOW.search(form):
        return False
    if turn.reading.lines or turn.reading.intent == "aftersales":
        return False
    turn.say("pay.picture")
    if turn.state.draft.lines:
        ordering.proceed(turn)
    return True


def take(turn: Turn) -> bool:
    """Answers such a wish; False for anything else."""
    if turn.staff:
        return False
    if _tells_how_to_show(turn) or _tells_of_parts(turn):
        return True
    if turn.state.draft.lines:
        return _of_draft(turn)
    return _other_way(turn) or _not_the_rest(turn)


def _of_draft(turn: Turn) -> bool:
    """The way to pay for what is shown to be confirmed."""
    reading, way = turn.reading, way_said(turn.reading, turn.ways)
    asks = "ask" in reading.found or "paid" in reading.marks or reading.lines or reading.recipient
    if reading.intent != "payment" or asks or way not in turn.ways:
        return False
    ordering.pay_by(turn, way)
    return True


def _other_way(turn: Turn) -> bool:
    """Another way to pay for an order: nothing is paid of it yet, or else a seller settles that.

    The address that is told with it is changed before.
    """
    to = turn.reading.recipient
    asks = (turn.reading.intent == "payment" or to) and not turn.reading.lines
    way, form = way_said(turn.reading, turn.ways, loosely=True), form_of(turn.text).text
    vague = not way and bool(_ANOTHER.search(form))
    if not asks or "paid" in turn.reading.marks or not (way or vague):
        return False
    if _of_all(turn, way):
        return True
    order = tracking.meant(turn, tracking.OPEN)
    if order is None or order.pay_by == way:
        return False
    if to and readdressing.take(turn) and turn.state.draft.lines:
        return True
    others = charging.other_ways(turn, order)
    paid = payments.of_order(turn.unit.db, order.id).state
    if way in others and _WISHES.search(form):
        charging.otherwise(turn, order, way)
    elif others:
        shown = [way] if way in others else others
        choices = tuple(charging.way_choice(turn, order, each) for each in shown)
        id = "pay.which-way" if vague or way in others else "pay.way-not-there"
        turn.say(id, number=order.number, choices=choices)
    elif paid == "paid" and _WISHES.search(form):
        turn.say("pay.way-stays", number=order.number)
    elif paid not in ("due", "claimed"):
        return False
    elif WAYS[order.pay_by].by_service and way == "transfer" and bills.is_open(turn, order):
        if not _REST.search(form):
            return False  # There is a button for it.
        charging.otherwise(turn, order, way)
    else:
        turn.say("pay.way-person", number=order.number, handed_over=True)
        desk.hand_over(turn, told=True, order=order)
    return True


def _of_all(turn: Turn, way: str) -> bool:
    """Another way for all orders at once; of those that are paid it is told. False when one is
    meant, or none of them can be paid so."""
    found = tracking.all_meant(turn, tracking.OPEN, loosely=True)
    there = [order for order in found if way in charging.other_ways(turn, order)]
    if len(found) < 2 or not there:
        return False
    if "ask" in turn.reading.found and not _WISHES.search(form_of(turn.text).text):
        numbers = [order.number for order in there]
        value = f"{charging.OTHERWISE}:{tracking.BESIDE.join(numbers)}:{way}"
        said = turn.locales.joined(turn.language, numbers)
        turn.say("pay.which-way", number=said, choices=(turn.choice(f"button.pay-{way}", value),))
        return True
    for order in found:
        if order in there:
            charging.otherwise(turn, order, way)
        elif order.pay_by != way and payments.received(turn.unit.db, order.id):
            turn.say("pay.way-stays", number=order.number)
        elif order.pay_by != way:
            tracking.show(turn, order)
    return True


def _not_the_rest(turn: Turn) -> bool:
    """Who would rather have back what is paid is asked whether to call the order off."""
    form = form_of(turn.text).text
    says_rest = bool(_NOT_THE_REST.search(form))
    if not (says_rest or _MONEY_BACK.search(form)):
        return False
    order = (says_rest and _short(turn)) or _part_paid(turn, latest=not says_rest)
    if order is None:
        return False
    if orders.may_cancel(turn.unit.db, order, turn.chat.person):
        money = turn.money(payments.received(turn.unit.db, order.id))
        button = turn.choice("button.cancel-order", f"cancel:{order.number}")
        turn.say("cancel.ask-part", number=order.number, money=money, choices=(button,))
    else:
        turn.say("desk.passed-on", handed_over=True)
        more = partial(order_buttons.for_staff, order=order)
        desk.hand_over(turn, told=True, order=order, more=more)
    return True


def _short(turn: Turn) -> Order | None:
    """The order that is named, else the latest, of which less came at the door than was due: its
    rest is for the seller to let go."""
    named = orders.find(turn.unit.db, turn.text)
    short = (each for each in tracking.mine(turn) if on_delivery.is_short(turn.unit.db, each))
    return next((each for each in short if named is None or each.id == named.id), None)


def _part_paid(turn: Turn, *, latest: bool) -> Order | None:
    """The order that is named, else the latest, of which a part is paid and the rest waited for.

    It must be the buyer's `latest` of all where it is not said that the rest is meant.
    """
    db, named = turn.unit.db, orders.find(turn.unit.db, turn.text)
    mine = tracking.mine(turn)
    found = [each for each in mine if named and each.id == named.id] or mine[
        : 1 if latest else None
    ]
    return next(
        (
            order
            for order in found
            if order.state in (State.PLACED, State.EXPIRED)
            and 0 < payments.received(db, order.id) < order.total_minor
            and payments.of_order(db, order.id).state in ("due", "claimed")
        ),
        None,
    )
