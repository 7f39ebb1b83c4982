"""Money that came, as a seller says of an order: which sum, and by which way."""

from __future__ import annotations

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import on_delivery, order_search, orders, parts, payments
from bot.shop.orders import NotAllowed, Order, State
from bot.talk import desk
from bot.talk.sellers import meaning, overviews, pricing, receipts
from bot.talk.turn import Turn

# Matched in the form of a text.
_CAME = regex(
    r"收[到了]|[到入进转][账帐]|转[了来过]|已[转付]|付了?\s*[¥￥]?\d"
    r"|\b(?:came|arrived|received|collected|transferred|is in"
    r"|(?:he|she|they|buyer|customer)(?: has)? paid)\b|(?<!\bi )(?<!\bwe )\bpaid [¥$]?\d"
    r"|འབྱོར|བསྐུར"
)
_OTHER = regex(
    r"[?吗没未不退只才就]|怎么|\b(?:not|n't|only|back|refund\w*|less|short)\b|མ་|མེད|མི་|སློག|ལས་"
)
_BY_TRANSFER = regex(r"转|微信|支付宝|银行|\b(?:transfer\w*|bank|wechat|alipay)\b|དངུལ་ཁང|སྐད་འཕྲིན")
_BY_COURIER = regex(r"快递|物流|代收|现金|\b(?:courier|driver|cash)\b|སྐྱེལ་མཁན|དངུལ་རྐྱང")
# 扎西已付款, Tashi has paid, without a sum.
_PAID = regex(
    r"已?(?:付款|付过款|付了款|付钱|付了钱|付清|转账|打款|付)了?[.!]?\s*$|已付\s*$"
    r"|\b(?:has|have)? ?(?:paid|transferred)[.! ]*$|སྤྲད་ཟིན|བསྐུར་ཟིན"
)
OPEN_MAX, SHOWN_MAX = 1_000, 8  # orders
TEXT_LENGTH = 60  # characters, without the number, of a message that says no more than that


def says_came(form: str) -> bool:
    """Whether the form of a text says that money came."""
    return bool(_CAME.search(form)) and not _OTHER.search(form)


def said(turn: Turn) -> bool:
    """Writes down what a message says that came for the order that it names, or that was shown
    last; False when it says nothing of that."""
    rest = meaning.beside_number(turn)
    text = rest.text
    if len(text) > TEXT_LENGTH or not says_came(text):
        return False
    order, minor = meaning.one(turn) or meaning.one_said(turn), pricing.sum_said(rest)
    if not minor or any(e.product or e.quantity for e in rest.reading.lines):
        return False
    if order is None:
        return bool(_BY_COURIER.search(text)) and _came_at_a_door(turn, minor)
    way = "cod" if _BY_COURIER.search(text) else "transfer" if _BY_TRANSFER.search(text) else ""
    exact = orders.find(turn.unit.db, turn.text)
    if exact and way == "transfer":
        order = payments.payee(turn.unit.db, exact)
    turn.state.order = order.number
    try:
        if order.pay_by == "cod" and order.state is State.PLACED:
            raise NotAllowed(order, order.state, "collected")
        receipts.enter(turn, order, minor, way=way)
    except NotAllowed:
        desk.not_now(turn, order)
    return True


def _came_at_a_door(turn: Turn, minor: int) -> bool:
    """Writes down what a courier is said to have brought, where it can only be for one order;
    which one is asked of several. False where there is none."""
    db = turn.unit.db
    states = (State.CONFIRMED, State.PACKING, State.SHIPPED)
    open_ones = orders.in_state(db, *states, limit=OPEN_MAX)
    doors = [each for each in open_ones if each.pay_by == "cod"]
    found = [each for each in doors if _may_be_for(turn, each, minor)]
    found = found or [each for each in doors if parts.may_be_of_one(db, each, minor)]
    if len(found) == 1:
        turn.state.order = found[0].number
        receipts.book(turn, found[0], minor, way="cod")
    elif found:
        values = [(e, receipts.came_by(turn, e, minor, "cod")[0].value) for e in found]
        choices = tuple(Choice(overviews.label(turn, e), value) for e, value in values)
        turn.say("staff.which-order", number="", choices=choices[:SHOWN_MAX])
    return bool(found)


def _may_be_for(turn: Turn, order: Order, minor: int) -> bool:
    """Whether so much may have come for a part of an order that has left, or for all of one that is
    on its way; where it left in parts, only what was due for all of it, or for one parcel."""
    db = turn.unit.db
    missing = payments.missing(db, order)
    if order.state is State.SHIPPED and parts.due_last(db, order):
        return minor == missing or parts.is_of_one(db, order, minor)
    may_be = orders.is_in_parts(db, order) or on_delivery.may_say(db, order)
    return may_be and missing >= minor


def paid(turn: Turn) -> bool:
    """Shows the order of somebody who is said to have paid; False when nobody is, or owes
    nothing."""
    text = form_of(turn.text).text
    if len(text) > TEXT_LENGTH or not _PAID.search(text) or turn.reading.lines:
        return False
    waiting = (State.PLACED, State.EXPIRED)
    found = [e for e in order_search.named_in(turn.unit.db, turn.text) if e.state in waiting]
    if len(found) == 1:
        desk.card_of(turn, found[0].number)
    elif found:
        choices = tuple(Choice(overviews.label(turn, e), f"order:{e.number}") for e in found)
        turn.say("staff.which-order", number="", choices=choices)
    return bool(found)
