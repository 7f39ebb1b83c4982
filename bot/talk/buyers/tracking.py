"""Orders that exist: which is meant, where they are, and that the parcel has arrived."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import (
    expectations,
    follow_ups,
    money_back,
    orders,
    parcels,
    payments,
    stock,
    unsettled,
)
from bot.shop.orders import Order, State
from bot.shop.payment_states import Payment
from bot.shop.quotes import zone_of
from bot.talk import cards, desk, notices, parcel_news
from bot.talk.buyers import whose
from bot.talk.turn import Turn

BESIDE = "+"  # between the numbers of several orders in a button's value
OPEN = whose.UNDER_WAY
SHOWN_MAX = 10
# 取消订单 names what to call off; 算了, "never mind" and a bare "cancel" mean what was said last.
# So does who wants to send the goods back, or have the money.
_AN_ORDER = regex(
    r"订单|訂單|[这這那上]一?[单單]|退[货貨款钱錢]|[寄退]回|能退|\border\b|\brefund|\breturn|\bback\b"
    r"|མངགས|ཕྱིར་སློག",
    re.IGNORECASE,
)
# 发货了告诉我一声; matched in the form of a text.
SOON = regex(
    r"(?:今[天日晚]|明[天早日]|马上|立刻|尽快|赶紧|现在|[早快]点|早些).{0,8}[发寄送走]|[发寄送].{0,4}(?:早点|快点|今天|明天)"
    r"|\b(?:today|tomorrow|tonight|now|asap|right away|as soon as|quickly|sooner|urgent)"
    r"|དེ་རིང|སང་ཉིན|མགྱོགས|ལམ་སང"
)
_TELL_ME = regex(
    r"\b(?:tell|notify|message|text|inform|ping|let) me\b.*\b(?:when|once|as soon as|after)\b"
    r".*\b(?:it|order|parcel|package|goods|you)\b.*"
    r"\b(?:ships?|shipped|sent|send|dispatch(?:ed)?|leaves?|on (?:its|the) way)\b"
    r"|(?:发货|出货|发出|寄出|发走|寄走|发了|寄了|[发寄]的时候)[^?吗没]*(?:告诉|通知|说一声|讲一声|吱|喊我|叫我|提醒|跟我说)"
    r"|(?:告诉|通知|提醒|跟)我?.{0,4}(?:发货|出货|寄出).{0,2}$"
    r"|(?:བསྐུར|བཏང|སྐུར|གཏོང).{0,6}(?:ན|དུས|རྗེས|ཚེ|ནས)་.*(?:ལབ|བཤད|ཤོད|བརྡ|ལན|གསུང)"
)
# 第一单, my second order: which of those that are under way.
_PLACES = ("一1|first|1st|དང་པོ", "二两2|second|2nd|གཉིས་པ", "三3|third|3rd|གསུམ་པ")
_OF_PLACE = regex(
    r"第\s?([一二两三123])\s?[个個张張笔筆]?(?:[单單]|[订訂][单單])"
    r"|\b(first|1st|second|2nd|third|3rd) order\b|མངགས་ཐོ་(དང་པོ|གཉིས་པ|གསུམ་པ)",
    re.IGNORECASE,
)
_GOODS = ("p", "g", "n")  # verbs of the buttons below a price


def mine(turn: Turn) -> list[Order]:
    """The person's latest orders, newest first; of those that are named just now, if any are."""
    found = orders.of_person(turn.unit.db, turn.chat.person.id, limit=SHOWN_MAX)
    return [order for order in found if turn.meant is None or order.id in turn.meant.ids]


def own(turn: Turn, number: str) -> Order | None:
    """The person's own order of that number; another's order does not exist for them."""
    order = orders.find(turn.unit.db, number)
    return order if order and order.person_id == turn.chat.person.id else None


def standing(turn: Turn, order: Order) -> Order:
    """The order that stands now where this one was changed, of which is told."""
    now = orders.standing(turn.unit.db, order)
    if now.id == order.id or now.state is State.CANCELLED:
        return order
    turn.say("change.stands", before=order.number, number=now.number)
    return now


def of_place(turn: Turn) -> Order | None:
    """The first, the second order of those under way, where one is called so."""
    found = _OF_PLACE.search(turn.text)
    if found is None:
        return None
    said = next(filter(None, found.groups())).lower()
    under_way = sorted((each for each in mine(turn) if each.state in OPEN), key=lambda e: e.id)
    pairs = zip(_PLACES, under_way, strict=False)
    return next((order for words, order in pairs if said in words), None)


def meant(turn: Turn, *states: Collection[State]) -> Order | None:
    """The person's order that is named, be it by whom it goes to, else the latest in the first of
    some states that any is in; None also when somebody else's is named."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        return own(turn, named.number)
    if placed := of_place(turn):
        return placed
    found = theirs(turn) or mine(turn)
    return next((order for wanted in states for order in found if order.state in wanted), None)


def theirs(turn: Turn) -> list[Order]:
    """The person's orders under way that are called by whom they go to."""
    return whose.named(turn.text, [each for each in mine(turn) if each.state in OPEN])


def says_all(turn: Turn, *, loosely: bool = False) -> bool:
    """Whether all orders are meant: it is said of orders, or of them where no goods can be meant;
    `loosely` also by a mere "both".
    """
    if turn.meant or orders.find(turn.unit.db, turn.text):
        return turn.meant is not None and turn.meant.every
    said = whose.said_of_all(turn.text, loosely=loosely)
    if said is None or said:
        return bool(said)
    return not turn.reading.lines and not is_about_goods(turn)


def all_meant(
    turn: Turn,
    states: Collection[State],
    told: Collection[State] = (),
    *,
    loosely: bool = False,
) -> list[Order]:
    """The person's order that is named, or all in some states where all are, else the latest; the
    first one first. Of those in the states to be `told` it can only be said that it is too late:
    they are meant, too, unless so many are said as there are without them.
    """
    if not says_all(turn, loosely=loosely):
        order = meant(turn, states)
        return [order] if order and order.state in states else []
    found = [order for order in mine(turn) if order.state in states]
    if not 1 < whose.how_many(turn.text) <= len(found):
        found = [order for order in mine(turn) if order.state in (*states, *told)]
    return sorted(found, key=lambda each: each.id)


def names_order(turn: Turn) -> bool:
    """Whether it is said that an order is meant."""
    if turn.meant or _AN_ORDER.search(turn.text):
        return True
    return orders.find(turn.unit.db, turn.text) is not None


def is_about_goods(turn: Turn) -> bool:
    """Whether the talk was last of goods or of a question, and no order is said to be meant."""
    verbs = {choice.value.partition(":")[0] for choice in turn.state.offered}
    return not names_order(turn) and bool(turn.state.asked or verbs.intersection(_GOODS))


def open_one(turn: Turn) -> Order | None:
    """The person's latest order that is under way."""
    return next(iter(under_way(turn)), None)


def under_way(turn: Turn) -> list[Order]:
    """The person's orders that are under way, newest first."""
    return [order for order in mine(turn) if order.state in OPEN]


def take_wish_to_know(turn: Turn) -> bool:
    """Who wants to be told when their order is sent will be, as everybody is."""
    order = open_one(turn)
    if turn.staff or order is None or not _TELL_ME.search(form_of(turn.text).text):
        return False
    turn.say("track.will-tell", number=order.number)
    if order.state is State.PLACED:
        show(turn, order)
    return True


def track(turn: Turn) -> None:
    """Where an order is: the one that is named, else the latest that are under way, or what was
    sent in their place and is lost."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        found = [named] if named.person_id == turn.chat.person.id else []
    else:
        found = (
            theirs(turn)
            or [order for order in mine(turn) if order.state in OPEN][:3]
            or mine(turn)[:1]
        )
        db = turn.unit.db
        last = [follow_ups.lost_again(db, order) or order for order in found]
        found = list({order.id: order for order in last}.values())
    if not found:
        turn.say("track.none", choices=(turn.choice("button.all-products", "products"),))
    when = "when" in turn.reading.found or SOON.search(form_of(turn.text).text)
    for order in found:
        tell_when(turn, order) if when and len(found) == 1 else show(turn, order)


def take_number(turn: Turn) -> bool:
    """A tracking number and no more, of no parcel of theirs, asks where theirs is."""
    if turn.staff or not parcels.is_bare_number(turn.text):
        return False
    track(turn)
    return True


def tell_when(turn: Turn, order: Order, *, urged: bool = False) -> None:
    """How an order stands and how long it takes there; only the seller knows if it can be today,
    or soon where that is `urged`."""
    zone, unsent = zone_of(turn.catalogue, order.recipient), order.state in follow_ups.UNSENT
    if zone and (unsent or order.state is State.SHIPPED):
        first, last = zone.days
        turn.say(
            "track.days",
            place=turn.locales.choose(zone.names, turn.language),
            days=turn.words("shipping.days", first=first, last=last),
        )
    show(turn, order)
    if unsent and (urged or SOON.search(form_of(turn.text).text)):
        turn.say("track.soon", handed_over=True)
        desk.hand_over(turn, told=True, order=order)


def listing(turn: Turn) -> None:
    """The person's orders."""
    found = mine(turn)
    if not found:
        turn.say("track.none", choices=(turn.choice("button.all-products", "products"),))
        return
    lines = [_list_line(turn, order) for order in found]
    choices = tuple(
        Choice(whose.to_whom(order, found) + order.number, f"track:{order.number}")
        for order in found[:5]
    )
    turn.say("track.list", lines="\n".join(lines), n=len(found), choices=choices)


def _list_line(turn: Turn, order: Order) -> str:
    money = [*cards.part_paid(turn, order), *cards.money_notes(turn, order)]
    return turn.words(
        "track.list-line",
        number=order.number,
        goods=cards.goods(turn, order),
        money=turn.money(order.total_minor),
        state=" · ".join([cards.standing(turn, order), *money]),
    )


def show(turn: Turn, order: Order) -> None:
    """One order with its stations."""
    db, state = turn.unit.db, order.state
    payment = payments.of_order(db, order.id)
    id = f"track.{state}"
    if state is State.PLACED and payment.state == "claimed":
        id = "track.claimed"
    elif state is State.PLACED and order.pay_by == "cod":
        id = "track.placed-cod"
    elif state is State.PLACED and payments.received(turn.unit.db, order.id):
        id = "track.part-paid"
    elif state is State.EXPIRED:
        id = f"track.{_run_out(turn, order, payment)}"
    elif orders.is_in_parts(db, order):
        id = "track.in-parts"
    elif state is State.CONFIRMED and expectations.awaited(turn.unit.db, order.id):
        id = "track.awaited"
    elif state is State.SHIPPED and parcels.comes_back(turn.unit.db, order):
        id = "track.returning"
    elif follow_ups.is_lost(db, order):
        id = _lost(turn, order, payment)
    elif parcels.is_underway_after_all(db, order) and not parcels.has_arrived(db, order):
        id = "track.shipped"
    card, choices = cards.order_card(turn, order), _choices(turn, order, payment.state)
    turn.say(id, number=order.number, card=card, choices=choices)
    parcel_news.show(turn, order)


def _lost(turn: Turn, order: Order, payment: Payment) -> str:
    """What becomes of an order whose parcel never came, as long as nobody has seen to it."""
    if follow_ups.sent_again(turn.unit.db, order):
        return "track.lost"
    if payment.state == "due":
        return "notice.parcel-lost-cod"
    is_open = payment.state == "paid" and unsettled.is_noted(turn.unit.db, order)
    return "notice.parcel-lost" if is_open else "track.lost"


def _run_out(turn: Turn, order: Order, payment: Payment) -> str:
    """How an order stands whose time was over: nobody paid, or late, or not all."""
    came, claimed = payments.received(turn.unit.db, order.id), payment.state == "claimed"
    held = stock.is_live(turn.unit, order.id)  # for the rest, if a seller finds it
    if money_back.is_late(turn.unit.db, order) or (came and claimed and not held):
        return "late"
    if claimed:
        return "claimed"
    if came:
        return "expired-part"
    return "expired"


def _choices(turn: Turn, order: Order, paid: str) -> tuple[Choice, ...]:
    names = []
    if order.state is State.PLACED and order.pay_by != "cod" and paid == "due":
        names += [("i-paid", "paid")] if order.pay_by == "transfer" else []
        names.append(("how-to-pay", "how"))
    if paid == "short" and order.state is State.DELIVERED:
        names += [("i-paid", "paid"), ("how-to-pay", "how")]
    if order.state in orders.READDRESSED_IN:
        names.append(("change-address", "readdress"))
        names += [("change-goods", "change")] if follow_ups.may_change(turn.unit, order) else []
    if orders.may_cancel(turn.unit.db, order, turn.chat.person):
        is_rest = orders.is_in_parts(turn.unit.db, order)
        names.append(("cancel-rest" if is_rest else "cancel-order", "cancel"))
    comes_back = parcels.comes_back(turn.unit.db, order)
    if order.state is State.SHIPPED and not comes_back:
        names.append(("received", "got"))
    if order.state in (State.DELIVERED, State.CANCELLED, State.EXPIRED):
        names.append(("again", "again"))
    found = [turn.choice(f"button.{name}", f"{verb}:{order.number}") for name, verb in names]
    is_back = comes_back or order.state in (State.RETURNING, State.RETURNED)
    if is_back or paid in ("claimed", "refund_due"):
        found.append(turn.choice("button.human", "human"))
    return tuple(found)


def shipped(turn: Turn) -> Order | None:
    """The person's latest order that is on its way."""
    return next((order for order in mine(turn) if order.state is State.SHIPPED), None)


def received(turn: Turn, *came: Order) -> None:
    """The buyer says that the parcels of some orders are there."""
    for order in came:
        moved = orders.move(turn.unit, order, State.DELIVERED, by=turn.chat.person, why="buyer")
        notices.moved(turn, moved)
    again = f"again:{came[0].number}"
    turn.say("track.thanks", choices=(turn.choice("button.again", again),))
