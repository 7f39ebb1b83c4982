"""A seller takes something off an order: 给订单123456便宜20, 10% off for Tashi's order."""

from __future__ import annotations

import re

from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import discounts, follow_ups, orders, payments, refunds
from bot.shop.orders import Order
from bot.shop.refunds import Refund
from bot.talk import bills, cards, desk, notices
from bot.talk.sellers import on_delivery, overviews, pricing, refunds_said
from bot.talk.turn import Turn

# Buttons; their subject is an order's number and a sum, and of the first what could be taken off
# when it was shown: who presses it twice, or late, is asked anew.
VERB, WHICH = "discount", "which-discount"
# Matched in the form of a text.
_TAKES_OFF = re.compile(
    r"便宜|优惠|减免?|少算|抹零?|打\s*[\d.一二三四五六七八九]{1,3}\s*折|让(?:利|价)?(?=\s*[¥]?\d)"
    r"|\b(?:off|cheaper|discount|knock|reduce|lower|down to)\b|གཅོག|(?<!་)ཆག|་ཆག|ཕྲི"
)
_OTHER = re.compile(r"[?吗么没不]|满\s*\d|\b(?:can i|not|don't)\b|མི་|མ་གཅོག")
_WORDS = re.compile(
    r"便宜|优惠|减免?|少算|抹零?|打|折|让(?:利|价)?|那[单个份]|这[单个份]|一[点些下]|[给的了吧单按]"
    r"|\b(?:take|knock|down|to|off|cheaper|discount|reduce|lower|give|by|a|an|this|that|her|him|them)\b"
    r"|གཅོག|ཆག|ཕྲི|བརྒྱ་ཆ|སྒོར(?:་མོ)?|གོང|(?:འདི|དེ)(?:འི)?"
)


_DOWN_TO = re.compile(r"[宜减惠算]到|\b(?:down|lower|reduce[d]?) to\b|བར་(?:ལ་)?གཅོག")


def said(turn: Turn) -> bool:
    """Asks whether so much is to be taken off, of the order that is named or shown, or of that of
    somebody who is named; False when a message says nothing of it."""
    form = form_of(turn.text).text
    plain = len(form) <= refunds_said.TEXT_LENGTH and not turn.reading.lines
    if not plain or not _TAKES_OFF.search(form) or _OTHER.search(form):
        return False
    found, name = refunds_said.meant(turn, _WORDS.sub(" ", form))
    values = {
        each.number: f"{each.number}:{minor}"
        for each in found
        if (minor := _sum(turn, form, name, each))
    }
    if len(values) == 1:
        _ask(turn, *next(iter(values.values())).split(":"))
    elif values:
        labels = [overviews.label(turn, each) for each in found if each.number in values]
        choices = tuple(map(Choice, labels, [f"{WHICH}:{value}" for value in values.values()]))
        choices = choices[: refunds_said.SHOWN_MAX]
        turn.say("staff.which-order", number="", choices=choices)
    return bool(values)


def _sum(turn: Turn, form: str, name: str, order: Order) -> int:
    """What is to be taken off an order in minor units; 0 for nothing."""
    factor = pricing.factor_said(turn)
    if factor is None:
        minor = refunds_said.sum_beside(turn, _WORDS.sub(" ", form), name)
        return max(0, order.total_minor - minor) if minor and _DOWN_TO.search(form) else minor
    return round(order.total_minor * (1 - factor)) if 0 < factor < 1 else 0


def _ask(turn: Turn, number: str, minor: str) -> None:
    """Nothing is cheaper before it was seen what it comes to. Of what is paid, money goes back."""
    order = orders.find(turn.unit.db, number)
    if order is None:
        turn.say("stale.nothing")
        return
    turn.state.order = order.number
    if discounts.is_claimed(turn.unit.db, order):
        ask_whether_came(turn, order)
        return
    sum, most = int(minor), _most(turn, order)
    if not most:
        desk.not_now(turn, order)
        return
    if sum > most:
        choices = notices.staff_choices(turn, order)
        turn.say("staff.discount-most", number=number, money=turn.money(most), choices=choices)
        return
    turn.say(
        "staff.discount-sure" if discounts.most(turn.unit.db, order) else "staff.discount-paid",
        number=number,
        money=turn.money(sum),
        before=turn.money(order.total_minor),
        after=turn.money(order.total_minor - sum),
        choices=(
            turn.choice("button.discount", f"{VERB}:{number}:{sum}:{most}", money=turn.money(sum)),
        ),
    )


def ask_whether_came(turn: Turn, order: Order, *more: Choice) -> None:
    """What the buyer says is paid is looked for before anything of it need not be paid."""
    missing = turn.money(payments.missing(turn.unit.db, order))
    looked = ("paid-in:", "paid-courier:", "paid-part:", "not-paid:")
    choices = tuple(
        each for each in notices.staff_choices(turn, order) if each.value.startswith(looked)
    )
    turn.say("staff.claimed-first", number=order.number, money=missing, choices=choices + more)


def waive(turn: Turn, order: Order) -> None:
    """The rest need not be paid; what the buyer says they have paid of it is looked for before."""
    if discounts.is_claimed(turn.unit.db, order):
        not_come = turn.choice("button.not-come-waive", f"sure-waive:{order.number}")
        ask_whether_came(turn, order, not_come)
    else:
        on_delivery.let_go(turn, order)


def press(turn: Turn, verb: str, subject: str) -> None:
    """The button of one of several orders, or that which takes the sum off."""
    number, _, rest = subject.partition(":")
    minor, _, stood = rest.partition(":")
    order = orders.find(turn.unit.db, number)
    if order is None or not minor.isdecimal() or int(minor[:12]) == 0:
        turn.say("stale.nothing")
    elif verb == VERB and stood == str(_most(turn, order)):
        _give(turn, order, int(minor[:12]))
    else:
        _ask(turn, number, minor[:12])


def _most(turn: Turn, order: Order) -> int:
    """How much can be taken off, or go back of what is paid, in minor units."""
    most = discounts.most(turn.unit.db, order)
    return most or (refunds_said.may_offer(turn, order) and refunds.left(turn.unit.db, order))


def _give(turn: Turn, order: Order, minor: int) -> None:
    """Off the price of what is not paid; of what is, money goes back."""
    if not discounts.most(turn.unit.db, order):
        _give_back(turn, order, minor)
        return
    done = discounts.give(turn.unit, order, minor, by=turn.chat.person)
    if done is None:
        desk.not_now(turn, order)
        return
    notices.answer_and_tell_staff(turn, "staff.discounted", done.order, minor)
    _tell_buyer(turn, done.order, minor)
    if done.moved:
        notices.moved(turn, done.moved)
    bills.renew(turn, done.order)


def _give_back(turn: Turn, order: Order, minor: int) -> None:
    """Nobody need agree to pay less: the buyer is told, and the money is due to go back."""
    by = turn.chat.person
    offered = follow_ups.offer(turn.unit, order, minor, by=by, sure=True)
    agreed = refunds.accept(turn.unit, offered.id, by=by) if isinstance(offered, Refund) else None
    if agreed is None:
        desk.not_now(turn, order)
        return
    sent = notices.sent_choice(turn, agreed)
    turn.say("staff.discount-back", number=order.number, money=turn.money(minor), choices=(sent,))
    notices.money_news(turn, order, "notice.discount-back", minor)


def _tell_buyer(turn: Turn, order: Order, minor: int) -> None:
    """The buyer has less to pay, and sees how as long as they are to pay by themselves."""
    chat = notices.buyer(turn, order)
    if chat:
        view = turn.towards(chat)
        is_open = bills.is_open(view, order)
        turn.notify(
            chat,
            "notice.discounted",
            number=order.number,
            money=view.money(minor),
            total=view.money(order.total_minor),
            card=(bills.bill_card if is_open else cards.order_card)(view, order),
            choices=bills.choices(view, order) if is_open else (),
        )
