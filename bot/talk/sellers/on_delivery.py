"""What a seller says of money that the courier was to bring: not all of it, nothing, refused."""

from __future__ import annotations

from collections.abc import Callable

from bot.language.regex import regex
from bot.messages import Choice
from bot.shop import on_delivery, order_search, orders, parts, payments
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.payment_states import Received
from bot.talk import desk, notices
from bot.talk.sellers import meaning, overviews, pricing
from bot.talk.turn import Turn

ASKED = "collected"  # the verb of a button, too
OF_ONE, OF_ALL = "brought-one", "brought-all"  # of buttons: which of several parcels a sum is for
VERBS = (ASKED, OF_ONE, OF_ALL, "paid-nothing")
# Matched, as the next ones, in the form of a text.
_LESS = regex(
    r"(?:只|才|就)(?:代?收[到了回]*|[付给交]了?|到账?了?)\s*[¥￥]?\s*(?:\d|[一二两三四五六七八九])"
    r"|\bonly\b.{0,24}\b(?:collected|paid|gave|received|got|came|brought|handed)\b"
    r"|\b(?:collected|paid|gave|received|got|brought|handed)\b.{0,24}\bonly\b"
    r"|\d་?(?:སྒོར་?)?(?:ལས|མ་གཏོགས)་?[^།]{0,24}(?:མ་|མེད|མི་)"
)
_SHORT_BY = regex(
    r"少[收付给交]了?\s*[¥￥]?\s*\d|\b(?:short by|too little)\b|\d (?:yuan |rmb )?short\b"
)
_TO_COME = regex(r"吧|就(?:行|好|可以)|得了|\bcharge\b")  # 就收60吧: a price, not what came
_NOTHING = regex(
    r"(?:没|未)有?(?:收到|收|付|给|拿到)(?:到)?[^,.]{0,3}[钱款]|[钱款](?:一分)?(?:没|未)有?(?:收|付|给)|一分钱?没"
    r"|\b(?:did not|didn't|never|has not|hasn't) (?:pay|paid|collect(?:ed)?|receive[d]?|get|got)\b"
    r"|\b(?:collected|paid|received) nothing\b|དངུལ[^།]{0,12}(?:སྤྲད|འབྱོར|ལེན)་?(?:མེད|མ་)"
)
# 哪些没付款, 没付款的单: all whose money has not come are asked for, and none is spoken of.
_WHICH = regex(
    r"(?<![这那此])(?<![这那]个)(?:订单|的单)|哪|谁|\b(?:orders|which|who|whose)\b"
    r"|མངགས་ཐོ་(?:གང|ག་རེ|ཚང་མ|ཡོད་པ)|(?<![\u0f40-\u0fbc])སུ"
)
_ZERO = regex(r"\s*[¥￥]?0+\s*\D{0,3}|没有?|没收到|nothing|none|མེད")
_REFUSED = regex(
    r"(?<!没)(?<!没有)拒[付收签]|不(?:肯|愿意?|想)(?:付|给|收|签收)|不(?:付钱|给钱|付款)"
    r"|\brefus(?:ed|es|ing)\b|\b(?:would|will|did)(?:n't| not) (?:pay|take|accept)\b.{0,24}\bdoor\b"
    r"|\bwould(?:n't| not) (?:pay|take|accept)\b|\brejected the (?:parcel|package|delivery)\b"
    r"|སྤྲོད་(?:མ་འདོད|མི་འདོད|མ་ཉན|མི་ཉན)|(?:ལེན|བླང)་(?:མ་འདོད|མི་འདོད|མ་ཉན|མི་ཉན|མ་བྱས)|དང་ལེན་མ་བྱས"
)
WHICH_MAX = 10  # orders to choose from


def said(turn: Turn, refuse: Callable[[Turn, Order], None]) -> bool:
    """Does what a message says of such money, or has the goods `refuse`d; False when it says
    nothing of it."""
    rest = meaning.beside_number(turn)
    text = rest.text
    if "?" in text or any(line.product or line.quantity for line in rest.reading.lines):
        return False
    minor = pricing.sum_said(rest)
    if _REFUSED.search(text):
        values = {each.number: f"refused:{each.number}" for each in _meant(turn, refused=True)}
    elif minor and (_LESS.search(text) or _SHORT_BY.search(text)) and not _TO_COME.search(text):
        is_missing = bool(_SHORT_BY.search(text))
        values = {}
        for each in _meant(turn):
            due = on_delivery.due_at_door(turn.unit.db, each)
            came = max(0, due - minor) if is_missing else minor
            if not is_missing and each.state is State.SHIPPED:  # besides what came for a first part
                came += on_delivery.brought(turn.unit.db, each)
            values[each.number] = f"{ASKED}:{each.number}:{came}"
    elif not minor and _NOTHING.search(text) and not (_WHICH.search(text) and _of_all(turn)):
        values = {each.number: f"paid-nothing:{each.number}" for each in _meant(turn)}
    else:
        return False
    if len(values) == 1:
        press(turn, *next(iter(values.values())).split(":"), refuse=refuse)
    elif values:
        found = [orders.find(turn.unit.db, number) for number in values]
        labels = [overviews.label(turn, each) for each in found if each]
        choices = tuple(map(Choice, labels, values.values()))
        turn.say("staff.which-order", number="", choices=choices)
    return bool(values)


def _of_all(turn: Turn) -> bool:
    return not (meaning.named(turn) or order_search.named_in(turn.unit.db, turn.text))


def _meant(turn: Turn, *, refused: bool = False) -> list[Order]:
    """The order that is named, looked at or for somebody who is named; else any on its way."""
    db = turn.unit.db
    one = meaning.one(turn)
    found = [one] if one else order_search.named_in(db, turn.text)
    if not found:
        on_its_way = orders.in_state(db, State.SHIPPED)
        found = [each for each in on_its_way if each.pay_by == "cod"]
    return [
        each
        for each in found[:WHICH_MAX]
        if on_delivery.may_say(db, each) or (refused and each.state is State.SHIPPED)
    ]


def press(
    turn: Turn,
    verb: str,
    number: str,
    minor: str = "",
    *,
    refuse: Callable[[Turn, Order], None] | None = None,
) -> None:
    """The buttons: so much came, nothing did, or the goods come back."""
    order = orders.find(turn.unit.db, number)
    if order is None or (verb in (ASKED, OF_ONE, OF_ALL) and not minor.isdecimal()):
        turn.say("stale.nothing")
        return
    turn.state.order, turn.state.asked = order.number, ""
    try:
        if verb in (ASKED, OF_ONE, OF_ALL):
            _book(turn, order, int(minor[:12]), verb)
        elif verb == "paid-nothing":
            _ask_nothing(turn, order)
        else:
            (refuse or refused)(turn, order)
    except NotAllowed:
        desk.not_now(turn, order)


def ask(turn: Turn, order: Order) -> None:
    """Asks how much the courier brought. Raises NotAllowed when that is over."""
    if not on_delivery.may_say(turn.unit.db, order):
        raise NotAllowed(order, order.state, "collected")
    turn.state.asked, turn.state.order = ASKED, order.number
    turn.say(
        "staff.ask-collected",
        number=order.number,
        money=turn.money(on_delivery.due_at_door(turn.unit.db, order)),
    )


def take_sum(turn: Turn) -> bool:
    """The sum that was brought; False when none was said."""
    order = orders.find(turn.unit.db, turn.state.order)
    minor = pricing.sum_said(turn)
    if order and minor > 0:
        turn.state.asked = ""
        _book(turn, order, minor)
    elif order and _ZERO.fullmatch(meaning.beside_number(turn).text):
        turn.state.asked = ""
        _ask_nothing(turn, order)
    else:
        return False
    return True


def _ask_nothing(turn: Turn, order: Order) -> None:
    """Nothing came: does the buyer have the goods, or do they come back?"""
    choices = (
        turn.choice("button.refused", f"refused:{order.number}"),
        turn.choice("button.unpaid-delivered", f"{ASKED}:{order.number}:0"),
    )
    turn.say("staff.collected-nothing", number=order.number, choices=choices)


def _book(turn: Turn, order: Order, minor: int, verb: str = ASKED) -> None:
    """Writes down that so much came at the door, in all or for one parcel of several; where that is
    not plain, it is asked. Raises NotAllowed."""
    more = minor - on_delivery.brought(turn.unit.db, order)
    may_be_one = parts.may_be_of_one(turn.unit.db, order, more)
    if may_be_one and verb == ASKED and not parts.is_of_one(turn.unit.db, order, more):
        _ask_of_which(turn, order, minor, more)
        return
    if may_be_one and verb != OF_ALL:
        by = turn.chat.person
        result = payments.receive(turn.unit, order, more, by=by, way="cod")
        if isinstance(result, Received):
            notices.received(turn, result, more)
            return
    done = on_delivery.collected(turn.unit, order, minor, by=turn.chat.person)
    if done is None:
        raise NotAllowed(order, State.DELIVERED, "collected")
    if done.missing_minor:
        id = "notice.collected-short" if minor else "notice.collected-nothing"
        notices.part_came(turn, done.order, minor, done.missing_minor, id=id)
    elif done.moved:
        notices.done(turn, done.moved)
    else:
        notices.answer_and_tell_staff(turn, "staff.rest-came", done.order)
    if done.excess:
        notices.over_paid(turn, done.order, done.excess)


def _ask_of_which(turn: Turn, order: Order, minor: int, more: int) -> None:
    """Of several parcels: is another to be paid for yet, or have all come for so much?"""
    value = f"{order.number}:{minor}"
    turn.say(
        "staff.brought-which",
        number=order.number,
        money=turn.money(more),
        missing=turn.money(payments.missing(turn.unit.db, order)),
        choices=(
            turn.choice("button.brought-one", f"{OF_ONE}:{value}"),
            turn.choice("button.brought-all", f"{OF_ALL}:{value}"),
        ),
    )


def refused(turn: Turn, order: Order) -> None:
    """The buyer took nothing of it, or did not pay at the door: it comes back. Raises
    NotAllowed."""
    notices.done(turn, on_delivery.refused(turn.unit, order, by=turn.chat.person))


def let_go(turn: Turn, order: Order) -> None:
    """The buyer need not pay what is missing. Raises NotAllowed when nothing is."""
    minor = on_delivery.let_go(turn.unit, order, by=turn.chat.person)
    if not minor:
        raise NotAllowed(order, order.state, "paid")
    order = orders.fresh(turn.unit.db, order)
    notices.answer_and_tell_staff(turn, "staff.let-go", order, minor)
    notices.money_news(turn, order, "notice.let-go", minor)
