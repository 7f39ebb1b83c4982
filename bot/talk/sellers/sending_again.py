"""Goods that go out once more: all of an order's, or only those that were bad or came back."""

from __future__ import annotations

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import follow_ups, numbers, order_search, orders, parts, returned_goods
from bot.shop.follow_ups import Given
from bot.shop.orders import Moved, Order
from bot.shop.returned_goods import Goods
from bot.shop.stock import Shortage
from bot.talk import cards, desk, loss_notices, order_buttons
from bot.talk.sellers import address_wishes, offers, portions, stock_words
from bot.talk.turn import Turn

ASKED = "send-again"  # which goods go out once more
# Buttons; their subject is an order's number, and some goods of it.
PART, SURE = "again-part", "sure-again"
SAID_MAX = 60  # characters; what is longer says something else besides
# Both in the form of a text.
_AGAIN = regex(
    r"补[发寄]|重新?[发寄]|\b(?:re-?send|re-?ship)\b|\bsend\b.{0,40}\b(?:again|once more)\b"
    r"|(?:བསྐྱར་དུ|ཡང་བསྐྱར|སླར་ཡང).{0,60}(?:སྐུར|གཏོང|ཐོངས)|(?:སྐུར|གཏོང).{0,12}(?:བསྐྱར་དུ|ཡང་བསྐྱར)"
)
_OTHER = regex(r"[?吗么没不已]|[发寄]了|\b(?:sent|don't|not|me|my|when|why)\b|ང་ལ|མ་སྐུར|མི་སྐུར|ཟིན|སོང")


def ask(turn: Turn, order: Order) -> None:
    """The button: all of what is one thing goes at once, else it is asked which. Raises
    NotAllowed."""
    db = turn.unit.db
    back = returned_goods.part_back(db, order.id)
    is_open = follow_ups.may_send_again(turn.unit, order) and not follow_ups.sent_again(db, order)
    if not is_open or (len(order.lines) == 1 and not back):
        send(turn, order)
        return
    turn.state.asked = ASKED
    value = f"{PART}:{order.number}"
    found = portions.choices(turn, order, value)
    if back:
        goods = cards.amounts(turn, order, back)
        only = turn.choice(
            "button.again-back", f"{value}:{portions.encoded(order, back)}", goods=goods
        )
        found = [only, *(each for each in found if each.value != only.value)]
    whole = turn.choice("button.back-all", f"send-all-again:{order.number}")
    goods = cards.goods(turn, order)
    turn.say("staff.which-again", number=order.number, goods=goods, choices=(*found, whole))


def take(turn: Turn) -> bool:
    """The goods that a seller says when asked which; False when a message says none."""
    order = orders.find(turn.unit.db, turn.state.order)
    if turn.state.asked != ASKED or order is None or not stock_words.may_be_of_returns(turn):
        return False
    goods = portions.said(turn, parts.amounts(order))
    if goods is None:
        return False
    send(turn, order, goods)
    return True


def said(turn: Turn) -> bool:
    """补发蜂蜜1斤, send 5 of them again: of the order that is named or was shown. False when a
    message says no such thing."""
    form = form_of(turn.text).text
    if len(form) > SAID_MAX or not _AGAIN.search(form) or _OTHER.search(form):
        return False
    db = turn.unit.db
    named = orders.find(db, turn.text)
    theirs = order_search.named_in(db, turn.text)
    last = orders.find(db, turn.state.order)
    found = [named] if named else theirs or ([last] if last else [])
    found = [each for each in found if follow_ups.may_send_again(turn.unit, each)]
    if len(found) != 1:
        return False
    [order] = found
    rest = numbers.WRITTEN.sub(" ", turn.text).replace(order.recipient.name, " ")
    only = replace(turn, text=rest, reading=turn.reader.read(rest))
    goods = portions.said(only, parts.amounts(order))
    if goods is None and only.reading.lines:
        return False
    turn.state.order = order.number
    ask(turn, order) if goods is None else send(turn, order, goods)
    return True


def press(turn: Turn, verb: str, subject: str) -> None:
    """The button of some goods, and that they go out besides money."""
    number, _, text = subject.partition(":")
    order = orders.find(turn.unit.db, number)
    goods = portions.decoded(order, text) if order else None
    if order is None or goods is None or not (goods or verb == SURE):
        turn.say("stale.nothing")
        return
    turn.state.order = order.number
    try:
        send(turn, order, goods or None, sure=verb == SURE)
    except orders.NotAllowed:
        desk.not_now(turn, order)


def send_all(turn: Turn, order: Order) -> None:
    """The button: all of it. Raises NotAllowed."""
    send(turn, order)


def send(turn: Turn, order: Order, goods: Goods | None = None, *, sure: bool = False) -> None:
    """The same goods once more, or only some, for nothing. Raises NotAllowed."""
    with offers.told_when_off(turn, order):
        _send(turn, order, goods, sure=sure)


def _send(turn: Turn, order: Order, goods: Goods | None, *, sure: bool) -> None:
    db, by = turn.unit.db, turn.chat.person
    if follow_ups.is_repaid(db, order) and not follow_ups.sent_again(db, order):
        choices = order_buttons.for_staff(turn, order)
        turn.say("staff.again-repaid", number=order.number, choices=choices)
        return
    if goods is not None and not portions.are_in(goods, parts.amounts(order)):
        turn.state.asked, turn.state.order = ASKED, order.number
        whole = cards.goods(turn, order)
        turn.say("staff.back-too-much", number=order.number, goods=whole)
        return
    turn.state.asked = ""
    result = follow_ups.send_again(turn.unit, turn.catalogue, order, by=by, sure=sure, goods=goods)
    if isinstance(result, list):
        _short(turn, order, result)
    elif isinstance(result, Moved):
        loss_notices.sent_again(turn, order, result.order)
        address_wishes.asked_back(turn, result.order)
    elif isinstance(result, Given):
        some = f":{portions.encoded(order, goods)}" if goods else ""
        choice = turn.choice("button.again-too", f"{SURE}:{order.number}{some}")
        money = turn.money(result.minor)
        turn.say("staff.again-too", number=order.number, money=money, choices=(choice,))
    else:
        turn.state.order = result.order.number
        turn.say(
            "staff.sent-again-already",
            number=result.order.number,
            card=cards.order_card(turn, result.order),
            choices=order_buttons.for_staff(turn, result.order),
        )


def _short(turn: Turn, order: Order, missing: list[Shortage]) -> None:
    """What is not there of it."""
    lines = cards.short_lines(turn, missing)
    turn.say("staff.not-sent-again", number=order.number, lines=lines)
