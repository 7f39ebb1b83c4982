"""Orders that exist: where they are, cancelling, and that the parcel has arrived."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.language.script import form_of
from bot.language.weighing import CONFIDENT
from bot.messages import Choice
from bot.shop import (
    enquiries,
    expectations,
    follow_ups,
    money_back,
    orders,
    parcels,
    parts,
    payments,
    refunds,
)
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.payment_states import Payment
from bot.shop.quotes import zone_of
from bot.talk import bills, cards, desk, notices, parcel_news, part_notices
from bot.talk.buyers import ordering, whose
from bot.talk.conversation import Draft
from bot.talk.turn import Turn

OPEN = (State.PLACED, State.CONFIRMED, State.PACKING, State.SHIPPED, State.RETURNING)
SHOWN_MAX = 10
LATELY_MS = 14 * 24 * 3_600_000  # how long "I don't want it" can mean what has arrived
# 取消订单 names what to call off; 算了, "never mind" and a bare "cancel" mean what was said last.
# So does who wants to send the goods back, or have the money.
_AN_ORDER = re.compile(
    r"订单|訂單|[这這那上]一?[单單]|退[货貨款钱錢]|[寄退]回|能退|\border\b|\brefund|\breturn|\bback\b"
    r"|མངགས|ཕྱིར་སློག",
    re.IGNORECASE,
)
_KEEPS = re.compile(
    r"[不别別][要用]?取消|还是要|還是要|不[撤退]了|留着|留著"
    r"|\b(?:keep|don.?t cancel|do not cancel|leave it)\b"
    r"|ཕྱིར་(?:འཐེན་)?མི་(?:འཐེན|དགོས)|འཐེན་མི་དགོས",
    re.IGNORECASE,
)
# Yes, with the word itself, to whether an order is to be called off; and nothing besides.
_SURE = re.compile(
    r"(?=.*(?:取消|撤[销单掉]|退单|\bcancel\b|འཐེན))"
    r"(?:[\s,.!:;、་།~]|[对是的嗯好行那就我想帮请了吧啊呀呢啦掉哦它这个]|可以|确[认定]|需?要|没错|麻烦|直接|一下|谢谢"
    r"|取消|撤[销单掉]|退单|订单|单子?|[两都]|全部"
    r"|\b(?:yes|yeah|yep|yup|ok|okay|sure|right|correct|please|pls|just|go ahead|and|do|i|i'd|we"
    r"|want|would|like|to|confirm|cancel|it|this|that|them|these|both|all|the|my|orders?|now|thanks"
    r"|thank you)\b"
    r"|(?<![\u0f40-\u0fbc])(?:འོ|ཨོ|ལེགས|ལགས|སོ|རེད|ཡིན|ལོས|འགྲིག|གཏན|འཁེལ|ངས|དེ|འདི|མངགས|ཐོ|ཕྱིར|འཐེན"
    r"|བྱེད|རོགས|གནང|དགོས|ཚང|མ|གཉིས|ཀ)(?![\u0f40-\u0fbc]))+"
)
# 发货了告诉我一声; matched in the form of a text.
_SOON = re.compile(
    r"(?:今[天日晚]|明[天早日]|马上|立刻|尽快|赶紧|现在|[早快]点|早些).{0,8}[发寄送走]|[发寄送].{0,4}(?:早点|快点|今天|明天)"
    r"|\b(?:today|tomorrow|tonight|now|asap|right away|as soon as|quickly|sooner|urgent)"
    r"|དེ་རིང|སང་ཉིན|མགྱོགས|ལམ་སང"
)
_TELL_ME = re.compile(
    r"\b(?:tell|notify|message|text|inform|ping|let) me\b.*\b(?:when|once|as soon as|after)\b"
    r".*\b(?:it|order|parcel|package|goods|you)\b.*"
    r"\b(?:ships?|shipped|sent|send|dispatch(?:ed)?|leaves?|on (?:its|the) way)\b"
    r"|(?:发货|出货|发出|寄出|发走|寄走|发了|寄了)[^?吗没]*(?:告诉|通知|说一声|讲一声|吱|喊我|叫我|提醒|跟我说)"
    r"|(?:告诉|通知|提醒|跟)我?.{0,4}(?:发货|出货|寄出).{0,2}$"
    r"|(?:བསྐུར|བཏང|སྐུར|གཏོང).{0,6}(?:ན|དུས|རྗེས|ཚེ|ནས)་.*(?:ལབ|བཤད|ཤོད|བརྡ|ལན|གསུང)"
)
BESIDE = "+"  # between the numbers of several orders in a button's value
SURE = "sure-cancel"  # the button below the question whether to call off: "yes" means it
# 第一单, my second order: which of those that are under way.
_PLACES = ("一1|first|1st|དང་པོ", "二两2|second|2nd|གཉིས་པ", "三3|third|3rd|གསུམ་པ")
_OF_PLACE = re.compile(
    r"第\s?([一二两三123])\s?[个個]?(?:[单單]|[订訂][单單])"
    r"|\b(first|1st|second|2nd|third|3rd) order\b|མངགས་ཐོ་(དང་པོ|གཉིས་པ|གསུམ་པ)",
    re.IGNORECASE,
)
_GOODS = ("p", "g", "n")  # verbs of the buttons below a price


def mine(turn: Turn) -> list[Order]:
    """The person's latest orders, newest first."""
    return orders.of_person(turn.unit.db, turn.chat.person.id, limit=SHOWN_MAX)


def own(turn: Turn, number: str) -> Order | None:
    """The person's own order of that number; another's order does not exist for them."""
    order = orders.find(turn.unit.db, number)
    return order if order and order.person_id == turn.chat.person.id else None


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
    if orders.find(turn.unit.db, turn.text):
        return False
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


def open_one(turn: Turn) -> Order | None:
    """The person's latest order that is under way."""
    return next((order for order in mine(turn) if order.state in OPEN), None)


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
    """Where an order is: the one that is named, else the latest that is under way."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        found = [named] if named.person_id == turn.chat.person.id else []
    else:
        found = (
            theirs(turn)
            or [order for order in mine(turn) if order.state in OPEN][:3]
            or mine(turn)[:1]
        )
    if not found:
        turn.say("track.none", choices=(turn.choice("button.all-products", "products"),))
    when = "when" in turn.reading.found or _SOON.search(form_of(turn.text).text)
    for order in found:
        tell_when(turn, order) if when and len(found) == 1 else show(turn, order)


def tell_when(turn: Turn, order: Order) -> None:
    """How an order stands and how long it takes there; only the seller knows if it can be today."""
    zone, unsent = zone_of(turn.catalogue, order.recipient), order.state in follow_ups.UNSENT
    if zone and (unsent or order.state is State.SHIPPED):
        first, last = zone.days
        turn.say(
            "track.days",
            place=turn.locales.choose(zone.names, turn.language),
            days=turn.words("shipping.days", first=first, last=last),
        )
    show(turn, order)
    if unsent and _SOON.search(form_of(turn.text).text):
        turn.say("track.soon", handed_over=True)
        desk.hand_over(turn, told=True, order=order)


def listing(turn: Turn) -> None:
    """The person's orders."""
    found = mine(turn)
    if not found:
        turn.say("track.none", choices=(turn.choice("button.all-products", "products"),))
        return
    lines = [
        turn.words(
            "track.list-line",
            number=order.number,
            goods=cards.goods(turn, order),
            money=turn.money(order.total_minor),
            state=" · ".join([cards.standing(turn, order), *cards.money_notes(turn, order)]),
        )
        for order in found
    ]
    choices = tuple(
        Choice(whose.to_whom(order, found) + order.number, f"track:{order.number}")
        for order in found[:5]
    )
    turn.say("track.list", lines="\n".join(lines), n=len(found), choices=choices)


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
    elif parcels.is_underway_after_all(db, order) and not parcels.has_arrived(db, order):
        id = "track.shipped"
    turn.say(id, card=cards.order_card(turn, order), choices=_choices(turn, order, payment.state))
    parcel_news.show(turn, order)


def _run_out(turn: Turn, order: Order, payment: Payment) -> str:
    """How an order stands whose time was over: nobody paid, or late, or not all."""
    if money_back.is_late(turn.unit.db, order):
        return "late"
    if payments.received(turn.unit.db, order.id):
        return "part-paid" if payment.state == "claimed" else "expired-part"
    return "claimed" if payment.state == "claimed" else "expired"


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
    if orders.may_cancel(order, turn.chat.person):
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


def calls_off(turn: Turn) -> bool:
    """Whether the message calls something off, be it an order or a question."""
    return turn.reading.intent == "cancel" and turn.reading.confidence >= CONFIDENT


def names_order(turn: Turn) -> bool:
    """Whether it is said that an order is meant."""
    return bool(_AN_ORDER.search(turn.text)) or orders.find(turn.unit.db, turn.text) is not None


def cancel(turn: Turn) -> None:
    """Calls off what the person means: the named order, the draft, what was said last, an order."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        _call_off(turn, own(turn, named.number))
        return
    called = theirs(turn)
    if len(called) == 1:
        _call_off(turn, called[0])
        return
    if turn.state.draft.lines and not _drops_for_all(turn):
        ordering.drop(turn)
        return
    if is_about_goods(turn):
        turn.state.asked = turn.state.about = turn.state.grade = ""
        turn.say("let-go")
        return
    found = called or [order for order in mine(turn) if order.state in OPEN]
    callable_off = [order for order in found if orders.may_cancel(order, turn.chat.person)]
    of_all = whose.said_of_all(turn.text, loosely=len(callable_off) > 1) is not None
    which = 1 < whose.how_many(turn.text) < len(callable_off)
    if len(found) > 1 and of_all and not which:
        _call_off_all(turn, found)
        return
    found = callable_off or found or _sent_lately(turn)
    if len(callable_off) > 1:
        buttons = (cancel_button(turn, each, callable_off) for each in callable_off)
        turn.say("cancel.which", choices=tuple(buttons))
    elif found:
        _call_off(turn, found[0])
    else:
        turn.say("cancel.nothing")


def _drops_for_all(turn: Turn) -> bool:
    """Forgets the draft where all orders are called off, be it of one of them; else False."""
    state = turn.state
    orders_too = says_all(turn) and open_one(turn)
    if orders_too and not state.draft.replaces:
        ordering.drop(turn)
    elif orders_too:
        state.draft, state.asked, state.pending = Draft(), "", None
    state.to_change = [] if orders_too else state.to_change
    return bool(orders_too)


def _sent_lately(turn: Turn) -> list[Order]:
    """Orders whose goods the person has, and may want to send back, the likeliest first."""
    db, since = turn.unit.db, turn.unit.now - LATELY_MS
    return [
        order
        for order in mine(turn)
        if order.state in refunds.HAVE_LEFT
        and (names_order(turn) or orders.history(db, order.id)[-1].at >= since)
    ]


def is_about_goods(turn: Turn) -> bool:
    """Whether the talk was last of goods or of a question, and no order is said to be meant."""
    verbs = {choice.value.partition(":")[0] for choice in turn.state.offered}
    return not names_order(turn) and bool(turn.state.asked or verbs.intersection(_GOODS))


def cancel_button(turn: Turn, order: Order, among: Sequence[Order] = ()) -> Choice:
    """Calls that order off, of some; "yes" presses it, too."""
    if orders.is_in_parts(turn.unit.db, order):
        return turn.choice("button.cancel-rest", f"{SURE}:{order.number}")
    money = turn.money(order.total_minor)
    number = whose.to_whom(order, among) + order.number
    return turn.choice("button.cancel-number", f"{SURE}:{order.number}", number=number, money=money)


def answers(turn: Turn) -> bool:
    """Yes with the word itself, or no, to whether (or which) order is to be called off; False when
    that was not asked, or neither said."""
    asked = [each.value for each in turn.state.offered if each.value.startswith(f"{SURE}:")]
    named = asked[0].partition(":")[2].split(BESIDE) if asked else []
    found = [order for order in (own(turn, number) for number in named) if order]
    if not found:
        return False
    if len(asked) == len(called := whose.named(turn.text, found, alone=True)) + 1 == 2:
        press_sure(turn, called[0].number)
        return True
    if len(asked) == 1 and _SURE.fullmatch(form_of(turn.text).text):
        press_sure(turn, BESIDE.join(named))
        return True
    if not ("no" in turn.reading.marks or _KEEPS.search(turn.text)):
        return False
    turn.state.offered = []
    is_one = len(asked) == len(found) == 1
    turn.say("cancel.kept" if is_one else "let-go", number=found[0].number)
    return True


def _call_off(turn: Turn, order: Order | None) -> None:
    """In words: an unpaid order at once if it is meant for sure, else by a button."""
    if order is None or not orders.may_cancel(order, turn.chat.person):
        cancel_order(turn, order)
        return
    shown = any(choice.value.endswith(f":{order.number}") for choice in turn.state.offered)
    claimed = payments.of_order(turn.unit.db, order.id).state == "claimed"
    unpaid = order.state is State.PLACED and not claimed
    if unpaid and not refunds.kept(turn.unit.db, order) and (shown or names_order(turn)):
        cancel_order(turn, order)
        return
    button = cancel_button(turn, order)
    is_rest = orders.is_in_parts(turn.unit.db, order)
    turn.say(
        "cancel.ask-rest" if is_rest else "cancel.ask",
        number=order.number,
        money=turn.money(order.total_minor),
        goods=cards.amounts(turn, order, parts.rest(turn.unit.db, order)),
        choices=(button,),
    )


def _call_off_all(turn: Turn, found: Sequence[Order]) -> None:
    """What is paid for, or might not be meant, by one button; of what has left it is told."""
    asked = []
    for order in sorted(found, key=lambda each: each.id):
        if orders.may_cancel(order, turn.chat.person):
            asked.append(order)
        else:
            cancel_order(turn, order)
    if len(asked) == 1:
        _call_off(turn, asked[0])
    elif asked:
        numbers = [order.number for order in asked]
        value = f"{SURE}:{BESIDE.join(numbers)}"
        money = turn.money(sum(order.total_minor for order in asked))
        turn.say(
            "cancel.ask-all",
            numbers=turn.locales.joined(turn.language, numbers),
            choices=(turn.choice("button.cancel-all", value, n=len(asked), money=money),),
        )


def press_sure(turn: Turn, subject: str) -> None:
    """The button that calls off one order, or all that it names."""
    for number in subject.split(BESIDE):
        cancel_order(turn, own(turn, number))


def cancel_order(turn: Turn, order: Order | None) -> None:
    """Calls an order off if that is still possible; else a person is asked."""
    if order is None:
        turn.say("track.unknown")
        return
    if order.state is State.CANCELLED:
        turn.say("cancel.already", number=order.number)
        return
    if not orders.may_cancel(order, turn.chat.person):
        if order.state in (State.PACKING, State.SHIPPED):
            _ask_to_stop(turn, order)
        elif turn.text and order.state in refunds.HAVE_LEFT:
            desk.hand_over(turn, "desk.passed-on", order=order)
        else:
            show(turn, order)
        return
    if orders.is_in_parts(turn.unit.db, order):
        _cancel_rest(turn, order)
        return
    claimed = payments.of_order(turn.unit.db, order.id).state == "claimed"
    came = refunds.kept(turn.unit.db, order)
    id = "cancel.refund" if came else "cancel.refund-if-paid" if claimed else "cancel.done"
    moved = orders.move(turn.unit, order, State.CANCELLED, by=turn.chat.person, why="buyer")
    turn.say(
        id,
        number=order.number,
        money=turn.money(came or order.total_minor),
        choices=(turn.choice("button.again", f"again:{order.number}"),),
    )
    bills.close(turn, order)
    notices.moved(turn, moved)


def _cancel_rest(turn: Turn, order: Order) -> None:
    """What has not left yet is not sent."""
    try:
        off = parts.call_off_rest(turn.unit, order, by=turn.chat.person)
    except NotAllowed:
        _ask_to_stop(turn, order)
        return
    goods, more = part_notices.off(turn, off)
    turn.say("cancel.rest", number=order.number, goods=goods, more=more)
    part_notices.rest_off(turn, off, id="rest-cancelled")


def _ask_to_stop(turn: Turn, order: Order) -> None:
    """A person is asked whether it can still be stopped; once, of who only presses the button."""
    id = "cancel.too-late-sent" if order.state is State.SHIPPED else "cancel.too-late"
    turn.say(id, number=order.number, handed_over=True)
    if not turn.text and enquiries.asks_to_call_off(turn.unit.db, order.id):
        return
    turn.text = turn.text or turn.words("cancel.wish", number=order.number)
    desk.hand_over(turn, told=True, order=order, intent="cancel")


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
