"""What a seller's words want of one order that they name: it is called off, paid another way, or
goes where another does; and messages that want something of several, each part of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import numbers, order_search, orders
from bot.shop.orders import Order
from bot.talk import bills, charging, desk, notices, order_buttons
from bot.talk.buyers import mentions
from bot.talk.sellers import discount_words, meaning, money_words, sending
from bot.talk.turn import Turn

TEXT_LENGTH = 160  # characters of a message that says several things, or of several orders
# All are matched in the form of a text.
_CALLS_OFF = regex(
    r"取消|作废|撤[单掉销]|不[要发]了|\bcancel\b|\bcall(?:ed)? (?:it )?off\b|(?:ཕྱིར་)?འཐེན|མེད་པ་བཟོ"
)
_NOT = regex(  # nor is it said what came
    r"[?吗么]|[不没别]取消|[到入进][账帐]|收[到了]|\b(?:not|don't|never|cancell?ed|came|received|arrived)\b"
    r"|མ་འཐེན|མི་འཐེན|འབྱོར་(?!རྗེས)"
)
_TRANSFER = regex(r"转[账帐]|\btransfer\b|དངུལ་བསྐུར")
_SETS = regex(
    r"[改换用按]|货到付款|转[账帐](?!了)|\b(?:change|switch|make|set|pays?|cash|on delivery)\b"
    r"|བརྗེ|བསྒྱུར|སྤྲོད"
)
_MINE = regex(r"\bmy orders?\b", re.IGNORECASE)  # as a buyer would say it
_ANDS = regex(r"(?<!,)(?:再|顺便|并且?|同时)(?=便宜|减|少|打|抹|免|优惠|改|换)")
_CLAUSE = regex(r"[,;!\n།]|\.(?!\d)|\b(?:and|but)\b")


def said(turn: Turn) -> bool:
    """Does what a message says is to become of an order that it names; False for anything else."""
    order, form = meaning.one_said(turn), form_of(turn.text).text
    if order is None or len(form) > money_words.TEXT_LENGTH or _NOT.search(form):
        return False
    order = orders.standing(turn.unit.db, order)
    reading = turn.reading
    if reading.lines or reading.money or "paid" in reading.marks:
        return False
    way = _way(turn)
    if way and _SETS.search(form) and not _CALLS_OFF.search(form):
        _pay_otherwise(turn, order, way)
    elif not way and _CALLS_OFF.search(form):
        _call_off(turn, order)
    else:
        return False
    return True


def _way(turn: Turn) -> str:
    """The way to pay that a message names, or ''."""
    if "pay-cod" in turn.reading.marks:
        return "cod"
    return "transfer" if _TRANSFER.search(form_of(turn.text).text) else ""


def _call_off(turn: Turn, order: Order) -> None:
    """Asks whether it is meant."""
    offered = [each.value for each in order_buttons.for_staff(turn, order)]
    number, name = order.number, order.recipient.name
    turn.state.order = number
    if f"call-off:{number}" not in offered:
        desk.not_now(turn, order)
        return
    sure = turn.choice("button.call-off-sure", f"sure-call-off:{number}", name=name)
    turn.say("staff.call-off-sure", number=number, name=name, choices=(sure,))


def _pay_otherwise(turn: Turn, order: Order, way: str) -> None:
    turn.state.order = order.number
    if order.pay_by == way:
        desk.card_of(turn, order.number)
        return
    changed = charging.change_way(turn, order, way)
    if changed is None:
        desk.not_now(turn, order)
        return
    way_name = turn.words(f"button.pay-{way}")
    choices = order_buttons.for_staff(turn, changed)
    turn.say("staff.way-set", number=order.number, way=way_name, choices=choices)
    notices.tell_staff(turn, "staff.way-set-other", changed)
    if chat := notices.buyer(turn, changed):
        bills.tell(turn, changed, chat, f"notice.way-{way}")


def of_both(turn: Turn, answer: Callable[[Turn], bool]) -> bool:
    """Another way to pay and something off the price of one order: 改成转账，再便宜5块. The way
    comes first; False where a message does not say both."""
    order, form = meaning.one_said(turn) or meaning.shown(turn), form_of(turn.text).text
    if order is None or len(form) > TEXT_LENGTH or _NOT.search(form):
        return False
    clauses = [words for words in _CLAUSE.split(_ANDS.sub(",", form)) if words.strip()]
    heard = [replace(turn, text=each, reading=turn.reader.read(each)) for each in clauses]
    ways = [each for each in heard if _way(each) and _SETS.search(each.text)]
    cuts = [each for each in heard if discount_words.is_said(each)]
    if len(heard) != 2 or len(ways) != 1 or len(cuts) != 1 or ways == cuts:
        return False
    text, number = turn.text, order.number
    for each in (*ways, *cuts):
        turn.hear(each.text if meaning.one_said(each) else f"{number} {each.text}")
        if not answer(turn):
            desk.card_of(turn, number)
    turn.hear(text)
    return True


def of_several(turn: Turn, answer: Callable[[Turn], bool]) -> bool:
    """Answers each part of a message as if it named its order only: 扎西那单取消，王芳那单便宜10块.
    False where it does not say something else of each of several orders."""
    if len(turn.text) > TEXT_LENGTH or sending.is_told(turn):
        return False
    parts = _by_number(turn) or _by_name(turn)
    if len({order.id for order, _ in parts if order}) < 2:
        return False
    text = turn.text
    for order, words in parts:
        turn.hear(f"{order.number} {words}")
        if not answer(turn):
            desk.card_of(turn, order.number)
    turn.hear(text)
    return True


def _by_number(turn: Turn) -> list[tuple[Order, str]]:
    """The clauses, each with the order whose number is in it; what names none goes on with the one
    before."""
    form, found = form_of(turn.text).text, list[tuple[Order, str]]()
    for clause in _CLAUSE.split(numbers.ascii_digits(form)):
        order, said = orders.find(turn.unit.db, clause), numbers.numbers_in(clause)
        words = numbers.WRITTEN.sub(" ", clause)
        if len(said) > 1 or (said and not order):
            return []
        if order and any(map(str.isalpha, words)):
            found.append((order, words))
        elif found and words.strip():
            found[-1] = found[-1][0], f"{found[-1][1]}, {words}"
    return found


def _by_name(turn: Turn) -> list[tuple[Order, str]]:
    """The parts, each with the order of whom it names."""
    found = _named(turn)
    names = {each.recipient.name for each in found}
    if len(names) < 2:
        return []
    said = mentions.parted(turn.text, found, lambda _: (), loosely=True)
    by_id = {each.id: each for each in found}
    if any(len(each.ids) != 1 or each.rest for each in said):
        return []
    return [(by_id[each.ids[0]], _MINE.sub("", each.text)) for each in said]


def _named(turn: Turn) -> Sequence[Order]:
    """The orders of all who are named in some part of a message."""
    clauses = _CLAUSE.split(turn.text.replace("，", ",").replace("；", ";").replace("。", "!"))
    found = (order_search.named_in(turn.unit.db, each) for each in clauses)
    return list({each.id: each for some in found for each in some}.values())
