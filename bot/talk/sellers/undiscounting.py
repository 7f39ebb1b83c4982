"""What was taken off an order by mistake is to be paid after all: all of it, or but for less."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import discounts, orders, payments, price_cuts
from bot.shop.orders import Order
from bot.shop.payment_states import PaymentState
from bot.talk import bills, desk, notices
from bot.talk.sellers import discount_words, meaning, money_words, overviews, pricing
from bot.talk.sellers import discounts as giving
from bot.talk.turn import Turn

# A button; its subject is an order's number, what it came to when it was shown, and what is taken
# off instead.
INSTEAD = "discount-instead"
# Matched in the form of a text.
_WRONG = regex(
    r"(?<![更比])(?:便宜|优惠|减免?|打折|折扣?|抹零?|让利?)(?:得|给)?(?:太)?(?:错|多)了"
    r"|(?:优惠|折扣|便宜的?|打的?折)(?![券码卡])[^,.\d]{0,6}(?:取消|撤[回销]|收回|不[要算给]了|作废)"
    r"|(?:取消|撤[回销]|收回)[^,.\d]{0,12}(?:优惠|折扣|便宜|打折)(?![券码卡])"
    r"|不(?:给?(?:他|她)?)?(?:便宜|优惠|打折)了|不打折$|(?:恢复|改回|还是|按)原价"
    r"|\b(?:undo|cancel|remove|revert|withdraw|take back|drop)\b.{0,30}\bdiscounts?\b(?! codes?)"
    r"|\bdiscounts?\b.{0,16}\b(?:wrong|mistake|too (?:much|big|high))\b|\bwrong discount\b"
    r"|\bno discount\b|\b(?:back to )?(?:the )?(?:full|original|old) price\b(?! list)"
    r"|(?:བཅག|གཅོག)་པ་(?:ནོར|མང)|གོང་ཆག་(?:ནོར|ཕྱིར་འཐེན|མེད་པ་བཟོ|མི་དགོས)|གོང་སྔ་མ"
)
_OTHER = regex(r"[?吗]|比[^,.]{0,8}便宜")
_SUM = regex(r"(?<![\d.])\d{1,7}(?:\.\d{1,2})?(?![\d.%折])")


def is_said(turn: Turn) -> bool:
    """Whether a message says that what was taken off an order was wrong, or shall not be."""
    form = form_of(turn.text).text
    short = len(form) <= money_words.TEXT_LENGTH and not _OTHER.search(form)
    return short and _WRONG.search(form) is not None


def said(turn: Turn) -> bool:
    """Takes back what was taken off last, or asks whether another sum is meant; asks of which order
    where none is named or shown. False when a message says nothing of that, or it is of none."""
    if not is_said(turn):
        return False
    order = meaning.named(turn) or _of_name(turn)
    if not order and turn.reading.lines:
        return False  # The price of these goods, most likely.
    if order := order or meaning.shown(turn):
        return _take(turn, order)
    waiting = orders.in_state(turn.unit.db, *discounts.BACK_IN, limit=discount_words.OPEN_MAX)
    found = [each for each in waiting if discounts.last(turn.unit.db, each)]
    if not found:
        return False
    values = (f"{giving.UNDO}:{each.number}:{each.total_minor}" for each in found)
    overviews.ask_which(turn, zip(found, values, strict=False))
    return True


def _of_name(turn: Turn) -> Order | None:
    """The order of somebody who is named of which something was taken off, the newest if none."""
    theirs = money_words.named_in(turn)
    off = [each for each in theirs if discounts.last(turn.unit.db, each)]
    return next(iter(off or theirs), None)


def _take(turn: Turn, order: Order) -> bool:
    db, turn.state.order = turn.unit.db, order.number
    last = discounts.last(db, order)
    if not last and not any(each.goods_minor for each in price_cuts.of_order(db, order.id)):
        return False
    if not last and payments.of_order(db, order.id).state is PaymentState.CLAIMED:
        giving.ask_whether_came(turn, order)
    elif not last:
        desk.not_now(turn, order)
    elif (minor := _instead(turn, order, last)) and minor != last:
        whole = order.total_minor + last
        money, value = turn.money(minor), f"{INSTEAD}:{order.number}:{order.total_minor}:{minor}"
        turn.say(
            "staff.discount-instead",
            number=order.number,
            before=turn.money(last),
            money=money,
            after=turn.money(whole - minor),
            choices=(turn.choice("button.discount", value, money=money),),
        )
    else:
        _take_back(turn, order)
    turn.state.asked = ""
    return True


def _instead(turn: Turn, order: Order, last: int) -> int:
    """What is to be taken off instead, in minor units, less than the whole; 0 where no other sum
    is said."""
    rest = meaning.beside_number(turn).text
    whole = order.total_minor + last
    factor: Fraction | None = pricing.factor_said(replace(turn, text=rest))
    if factor is not None and 0 < factor < 1:
        return whole - round(whole * factor)
    found = [pricing.minor_of(figure) for figure in _SUM.findall(rest)]
    others = {minor for minor in found if minor != last and 0 < minor < whole}
    return others.pop() if len(others) == 1 else 0


def press(turn: Turn, verb: str, subject: str) -> None:
    """These buttons, as long as the order costs what it did when they were shown."""
    number, total, minor = (*subject.split(":"), "", "")[:3]
    order = orders.find(turn.unit.db, number)
    if order is None or (verb == INSTEAD and not minor.isdecimal()):
        turn.say("stale.nothing")
        return
    turn.state.order = order.number
    if total != str(order.total_minor) or not discounts.last(turn.unit.db, order):
        desk.not_now(turn, order)
    elif verb == giving.UNDO:
        _take_back(turn, order)
    else:
        _take_instead(turn, order, int(minor[:12]))


def _take_back(turn: Turn, order: Order) -> None:
    done = discounts.take_back(turn.unit, order, by=turn.chat.person)
    if done is None:
        desk.not_now(turn, order)
        return
    order, minor = done
    notices.answer_and_tell_staff(
        turn, "staff.undiscounted", order, minor, lambda view: giving.undo_choices(view, order)
    )
    giving.tell_buyer(turn, order, minor, "notice.undiscounted")
    bills.renew(turn, order)


def _take_instead(turn: Turn, order: Order, minor: int) -> None:
    """Both at once, so that the buyer reads of one price only."""
    done = discounts.take_back(turn.unit, order, by=turn.chat.person)
    given = minor and done and discounts.give(turn.unit, done[0], minor, by=turn.chat.person)
    if not done or not given:
        raise RuntimeError(f"{order.number} was to cost {minor} less than before")
    order = given.order
    notices.answer_and_tell_staff(
        turn, "staff.discounted", order, minor, lambda view: giving.undo_choices(view, order)
    )
    giving.tell_buyer(turn, order, minor, "notice.discount-instead")
    if given.moved:
        notices.moved(turn, given.moved)
    bills.renew(turn, order)
