"""Calling off: an order, several, what has not left of one, or only what was said last."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.weighing import CONFIDENT
from bot.messages import Choice
from bot.shop import enquiries, follow_ups, orders, parts, payments, refunds
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.parts import RestOff
from bot.talk import bills, cards, desk, loss_notices, notices, part_notices
from bot.talk.buyers import ordering, paying, tracking, whose
from bot.talk.conversation import Draft
from bot.talk.sellers import offers
from bot.talk.turn import Turn

LATELY_MS = 14 * 24 * 3_600_000  # how long "I don't want it" can mean what has arrived
_KEEPS = regex(
    r"[不别別][要用]?取消|还是要|還是要|不[撤退]了|留着|留著|保留"
    r"|\b(?:keep|don.?t cancel|do not cancel|leave it)\b"
    r"|ཕྱིར་(?:འཐེན་)?མི་(?:འཐེན|དགོས)|འཐེན་མི་དགོས|(?<![\u0f40-\u0fbc])(?:ཞོག|བཞག་རོགས|འཇོག་རོགས)",
    re.IGNORECASE,
)
# Yes, with the word itself, to whether an order is to be called off; and nothing besides.
_SURE = regex(
    r"(?=.*(?:取消|撤[销单掉]|退单|\bcancel\b|འཐེན))"
    r"(?:[\s,.!:;、་།~]|[对是的嗯好行那就我想帮请了吧啊呀呢啦掉哦它这个]|可以|确[认定]|需?要|没错|麻烦|直接|一下|谢谢"
    r"|取消|撤[销单掉]|退单|订单|单子?|[两都]|全部"
    r"|\b(?:yes|yeah|yep|yup|ok|okay|sure|right|correct|please|pls|just|go ahead|and|do|i|i'd|we"
    r"|want|would|like|to|confirm|cancel|it|this|that|them|these|both|all|the|my|orders?|now|thanks"
    r"|thank you)\b"
    r"|(?<![\u0f40-\u0fbc])(?:འོ|ཨོ|ལེགས|ལགས|སོ|རེད|ཡིན|ལོས|འགྲིག|གཏན|འཁེལ|ངས|དེ|འདི|མངགས|ཐོ|ཕྱིར|འཐེན"
    r"|བྱེད|རོགས|གནང|དགོས|ཚང|མ|གཉིས|ཀ)(?![\u0f40-\u0fbc]))+"
)
# 取消修改: of a change, and not of the order.
_OF_CHANGE = regex(r"[修更]改|[改换換变變]|\bchang|བརྗེ|བསྒྱུར|བཟོ", re.IGNORECASE)
SURE = "sure-cancel"  # the button below the question whether to call off: "yes" means it


def calls_off(turn: Turn) -> bool:
    """Whether the message calls something off, be it an order or a question."""
    return turn.reading.intent == "cancel" and turn.reading.confidence >= CONFIDENT


def cancel(turn: Turn) -> None:
    """Calls off what the person means: the named order, the draft, what was said last, an order."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        _call_off(turn, tracking.own(turn, named.number))
        return
    called = tracking.theirs(turn)
    if len(called) == 1:
        _call_off(turn, called[0])
        return
    if turn.state.draft.lines and not _drops_for_all(turn):
        _drop(turn)
        return
    if tracking.is_about_goods(turn):
        turn.state.asked = turn.state.about = turn.state.grade = ""
        turn.say("let-go")
        return
    found = called or _over_or_open(turn)
    callable_off = [order for order in found if _may(turn, order)]
    of_all = turn.meant.every if turn.meant else _says_all(turn, callable_off)
    which = 1 < whose.how_many(turn.text) < len(callable_off)
    if len(found) > 1 and of_all and not which:
        _call_off_all(turn, found)
        return
    late = (each for each in paying.claimed(turn) if each.state is State.EXPIRED)
    found = callable_off or found or [*late] or _sent_lately(turn)
    if len(callable_off) > 1:
        buttons = (cancel_button(turn, each, callable_off) for each in callable_off)
        turn.say("cancel.which", choices=tuple(buttons))
    elif found:
        _call_off(turn, found[0])
    else:
        turn.say("cancel.nothing")


def _may(turn: Turn, order: Order) -> bool:
    """Whether the person can call an order off."""
    return orders.may_cancel(turn.unit.db, order, turn.chat.person)


def _over_or_open(turn: Turn) -> list[Order]:
    """The person's orders that are under way, or are said to be paid too late."""
    return [each for each in tracking.mine(turn) if each.state in tracking.OPEN or _may(turn, each)]


def _says_all(turn: Turn, found: Sequence[Order]) -> bool:
    return whose.said_of_all(turn.text, loosely=len(found) > 1) is not None


def _drop(turn: Turn) -> None:
    """Forgets the draft; where it is a change of an order that is named to be called off as a
    whole, whether that is meant."""
    order = turn.replaced
    if order is None or not tracking.names_order(turn) or _OF_CHANGE.search(turn.text):
        ordering.drop(turn)
        return
    turn.state.draft, turn.state.asked, turn.state.pending = Draft(), "", None
    _ask(turn, order)


def _drops_for_all(turn: Turn) -> bool:
    """Forgets the draft where all orders are called off, be it of one of them; else False."""
    state = turn.state
    orders_too = tracking.says_all(turn) and tracking.open_one(turn)
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
        for order in tracking.mine(turn)
        if order.state in refunds.HAVE_LEFT
        and (tracking.names_order(turn) or orders.history(db, order.id)[-1].at >= since)
    ]


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
    named = asked[0].partition(":")[2].split(tracking.BESIDE) if asked else []
    found = [order for order in (tracking.own(turn, number) for number in named) if order]
    if not found or (turn.meant and turn.meant.ids != {order.id for order in found}):
        return False
    if len(asked) == len(called := whose.named(turn.text, found, alone=True)) + 1 == 2:
        press_sure(turn, called[0].number)
        return True
    if len(asked) == 1 and _SURE.fullmatch(form_of(turn.text).text):
        press_sure(turn, tracking.BESIDE.join(named))
        return True
    if not ("no" in turn.reading.marks or _KEEPS.search(turn.text)):
        return False
    turn.state.offered = []
    is_one = len(asked) == len(found) == 1
    turn.say("cancel.kept" if is_one else "let-go", number=found[0].number)
    return True


def _call_off(turn: Turn, order: Order | None) -> None:
    """In words: an unpaid order at once if it is meant for sure, else by a button."""
    if order is None or not _may(turn, order):
        cancel_order(turn, order)
        return
    shown = any(choice.value.endswith(f":{order.number}") for choice in turn.state.offered)
    claimed = payments.of_order(turn.unit.db, order.id).state == "claimed"
    unpaid = order.state is State.PLACED and not claimed
    sure = says_so(turn) and not (turn.meant and turn.meant.rest)
    sure = sure and (shown or tracking.names_order(turn))
    if unpaid and not refunds.kept(turn.unit.db, order) and sure:
        cancel_order(turn, order)
    else:
        _ask(turn, order)


def says_so(turn: Turn) -> bool:
    """Whether a word says it, and not only all of them together."""
    return any(topic.removesuffix("-weak") == "cancel" for topic, _ in turn.reading.topics)


def _ask(turn: Turn, order: Order) -> None:
    """Whether an order is to be called off."""
    if not _may(turn, order):
        cancel_order(turn, order)
        return
    button = cancel_button(turn, order)
    is_rest = orders.is_in_parts(turn.unit.db, order)
    before = follow_ups.paid_before(turn.unit.db, order)
    turn.say(
        "cancel.ask-rest" if is_rest else "cancel.ask-again" if before else "cancel.ask",
        number=order.number,
        first=follow_ups.paid_with(turn.unit.db, order).number,
        money=turn.money(before or order.total_minor),
        goods=cards.amounts(turn, order, parts.rest(turn.unit.db, order)),
        choices=(button,),
    )


def _call_off_all(turn: Turn, found: Sequence[Order]) -> None:
    """What is paid for, or might not be meant, by one button; of what has left it is told."""
    asked = []
    for order in sorted(found, key=lambda each: each.id):
        if _may(turn, order):
            asked.append(order)
        else:
            cancel_order(turn, order)
    if len(asked) == 1:
        _call_off(turn, asked[0])
    elif asked:
        value = f"{SURE}:{tracking.BESIDE.join(order.number for order in asked)}"
        numbers = [whose.to_whom(order, asked) + order.number for order in asked]
        money = turn.money(sum(order.total_minor for order in asked))
        turn.say(
            "cancel.ask-all",
            numbers=turn.locales.joined(turn.language, numbers),
            choices=(turn.choice("button.cancel-all", value, n=len(asked), money=money),),
        )


def press_sure(turn: Turn, subject: str) -> None:
    """The button that calls off one order, or all that it names."""
    for number in subject.split(tracking.BESIDE):
        cancel_order(turn, tracking.own(turn, number))


def cancel_order(turn: Turn, order: Order | None) -> None:
    """Calls an order off if that is still possible; else a person is asked."""
    if order is None:
        turn.say("track.unknown")
        return
    if order.state is State.CANCELLED:
        now = tracking.standing(turn, order)
        if now is order:
            turn.say("cancel.already", number=order.number)
        else:
            _ask(turn, now)
        return
    if not _may(turn, order):
        if order.state in (State.PACKING, State.SHIPPED):
            _ask_to_stop(turn, order)
        elif turn.text and order.state in refunds.HAVE_LEFT:
            desk.hand_over(turn, "desk.passed-on", order=order)
        else:
            tracking.show(turn, order)
        return
    if orders.is_in_parts(turn.unit.db, order):
        _cancel_rest(turn, order)
        return
    claimed = payments.of_order(turn.unit.db, order.id).state == "claimed"
    came = refunds.kept(turn.unit.db, order)
    before = follow_ups.paid_before(turn.unit.db, order)
    id = "cancel.refund" if came else "cancel.refund-if-paid" if claimed else "cancel.done"
    with offers.told_when_off(turn, order):
        moved = orders.move(turn.unit, order, State.CANCELLED, by=turn.chat.person, why="buyer")
        turn.say(
            "cancel.again" if before else id,
            number=order.number,
            first=follow_ups.paid_with(turn.unit.db, order).number,
            money=turn.money(before or came or order.total_minor),
            choices=() if before else (turn.choice("button.again", f"again:{order.number}"),),
            handed_over=bool(before),
        )
        bills.close(turn, order)
        notices.moved(turn, moved)
        if came and claimed:
            _look_for_rest(turn, order)
        if before:
            loss_notices.again_not_wanted(turn, order, before)


def _look_for_rest(turn: Turn, order: Order) -> None:
    """Besides what came, the rest may be on its way: the staff look for it, too."""
    rest = payments.missing(turn.unit.db, order)
    said = turn.state.paid
    minor = said.minor if said.number == order.number and said.minor else rest

    def gist(view: Turn) -> str:
        return view.words("desk.paid-by-transfer", number=order.number, money=view.money(minor))

    def more(view: Turn) -> tuple[Choice, ...]:
        return (view.choice("button.paid-part", f"paid-part:{order.number}"),)

    turn.say("cancel.rest-if-paid", money=turn.money(minor), handed_over=True)
    turn.text = turn.text or turn.words("cancel.wish", number=order.number)
    desk.hand_over(turn, told=True, order=order, gist=gist, more=more)


def _cancel_rest(turn: Turn, order: Order) -> None:
    """What has not left yet is not sent."""
    try:
        with offers.told_when_off(turn, order):
            off = parts.call_off_rest(turn.unit, order, by=turn.chat.person)
            rest_off(turn, off)
    except NotAllowed:
        _ask_to_stop(turn, order)


def rest_off(turn: Turn, off: RestOff) -> None:
    """What has not left, and is not sent, as its buyer wished."""
    goods, more = part_notices.off(turn, off)
    turn.say("cancel.rest", number=off.order.number, goods=goods, more=more)
    part_notices.rest_off(turn, off, id="rest-cancelled")


def _ask_to_stop(turn: Turn, order: Order) -> None:
    """A person is asked whether it can still be stopped; once, of who only presses the button."""
    endings = {State.SHIPPED: "-sent", State.EXPIRED: "-claimed"}
    turn.say(
        f"cancel.too-late{endings.get(order.state, '')}", number=order.number, handed_over=True
    )
    if not turn.text and enquiries.asks_to_call_off(turn.unit.db, order.id):
        return
    turn.text = turn.text or turn.words("cancel.wish", number=order.number)
    desk.hand_over(turn, told=True, order=order, intent="cancel")
