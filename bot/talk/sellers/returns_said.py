"""Goods that are back, said by whose they were: 秦川的退回来了, 王艾薇的退货收到了，坏了."""

from __future__ import annotations

from collections.abc import Callable

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import order_search, orders
from bot.shop.orders import Order, State
from bot.talk import desk, order_buttons
from bot.talk.sellers import meaning, stock_words, taking_back, todo
from bot.talk.turn import Turn

# All are matched in the form of a text.
_BACK = regex(
    r"退(?:了?回来?|了回来)|寄回|退货.{0,6}[到来]|[收到].{0,8}退货"
    r"|\b(?:came|come|is|are|has come) back\b|\breturned\b"
    r"|\breturn(?:ed)?(?: \w+){0,2} (?:arrived|came|is here|is in)\b"
    r"|\b(?:got|received)\b.*\breturn\b"
    r"|(?:ཕྱིར་)?(?:ལོག|འཁོར)་(?:སོང|བྱུང|འདུག|འབྱོར|སླེབས)|ཕྱིར་(?:ལོག|སློག).{0,16}(?:འབྱོར|སླེབས)"
)
_BAD = regex(r"坏|烂|霉|碎|\b(?:bad|spoil\w*|rotten|broken?|damaged)\b|རུལ|ཆག")
_NOT = regex(
    r"[没未不别]|\b(?:not|never|don't|didn't|hasn't|isn't)\b|(?<![ཀ-ྼ])(?:མ་(?:འབྱོར|སླེབས|ལོག)|མེད)"
)
_MONEY = regex(r"[款钱]|\b(?:refund|money|paid)\b|དངུལ")
# The buttons that say so, the one that fits best first.
_BUTTONS = {
    False: ("came-back", "refused", "returning"),
    True: ("came-back-bad", "refused", "returning"),
}


def said(turn: Turn, press: Callable[[Turn, str, str], bool]) -> bool:
    """Does what the button below the order does that somebody's name, or its number, tells; False
    for anything else."""
    form = form_of(turn.text).text
    if not _BACK.search(form) or _MONEY.search(form) or turn.reading.money:
        return False
    db, named = turn.unit.db, meaning.named(turn)
    theirs = [named] if named else order_search.named_in(db, turn.text)
    if not theirs:
        return False
    is_bad = _BAD.search(form) is not None
    fitting = [(order, verb) for order in theirs if (verb := _verb(turn, order, is_bad=is_bad))]
    back = [each for each in fitting if each[1].startswith("came-back")] or fitting
    if _NOT.search(form) or stock_words.is_wish(turn) or not back:
        _show(turn, next((order for order, _ in back), theirs[0]))
    elif len(back) > 1:
        todo.ask_which(turn, "order", [order for order, _ in back], "")
    else:
        [(order, verb)] = back
        if not _in_part(turn, order, is_bad=is_bad):
            press(turn, verb, order.number)
    return True


def _show(turn: Turn, order: Order) -> None:
    turn.state.order = order.number
    desk.card_of(turn, order.number)


def _verb(turn: Turn, order: Order, *, is_bad: bool) -> str:
    """The button that an order has for it; '' for none."""
    shown = {each.value.partition(":")[0] for each in order_buttons.for_staff(turn, order)}
    return next((each for each in _BUTTONS[is_bad] if each in shown), "")


def _in_part(turn: Turn, order: Order, *, is_bad: bool) -> bool:
    """Takes back what is named of it; False where no amount is, or it is not on its way back."""
    order = orders.fresh(turn.unit.db, order)
    amounts = any(line.quantity for line in turn.reading.lines)
    if order.state is not State.RETURNING or not amounts:
        return False
    turn.state.order = order.number
    turn.state.asked = taking_back.ASKED_BAD if is_bad else taking_back.ASKED
    return taking_back.take(turn)
