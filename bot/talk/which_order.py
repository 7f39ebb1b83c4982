"""The answer in words to which of several orders is meant, whatever it was asked for: its number
or the end of it, whom it is for, the end of their phone, or its place on the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import numbers, order_search
from bot.shop.orders import Order
from bot.talk import typed
from bot.talk.buyers import whose
from bot.talk.sellers import choosing, leaving
from bot.talk.turn import Turn

SHOWS = "order"  # a button that shows an order: who asked for that looks for orders
# What may stand beside that, in the form of a text.
_BESIDE = regex(
    r"是|就|[那这]一?[个单份笔]|订单|单子?|手?电?[机话]|尾号|后四位|号码?|名字|收件人|[的给叫吧啊呢了]"
    r"|\b(?:it|that|this)(?:'?s| is)?\b|\b(?:the|for|of|to|one|orders?|numbers?|phones?|names?|with"
    r"|in|ending|ends|ended|please|i mean|mean)\b|'s\b"
    r"|མངགས་ཐོ|ཁ་པར|ཨང་(?:གྲངས|རྟགས)?|མཇུག|[གཀ]ྱི|འི|ཡི|གི|ལ|ར|དེ|འདི|རེད|ཡིན"
)


def chosen(turn: Turn) -> list[Choice]:
    """The button of the order that a message of the staff tells and nothing else; several where it
    may tell several, but not all. Nothing where it was not asked which order is meant."""
    asked = turn.state.enquiry or turn.state.asked.startswith(leaving.FREE)
    if not turn.staff or asked or turn.attachments or not turn.text:
        return []
    offered = _asked(turn)
    form = form_of(turn.text).text.strip(" .!。་།")
    if nth := choosing.nth(form, len(offered)):
        return [list(offered.values())[nth - 1][1]]
    found = [each for order, each in offered.values() if _is_told(form, order)]
    return found if len(found) < len(offered) else []


def _asked(turn: Turn) -> Mapping[int, tuple[Order, Choice]]:
    """The orders between which it is to be chosen, with the buttons that do what was asked for."""
    by_verb: dict[str, dict[int, tuple[Order, Choice]]] = {}
    for each in turn.state.offered:
        verb = each.value.partition(":")[0]
        if verb != SHOWS and (order := typed.order_of(turn, each)):
            by_verb.setdefault(verb, {}).setdefault(order.id, (order, each))
    found = max(by_verb.values(), key=len, default={})
    return found if len(found) > 1 else {}


def _is_told(form: str, order: Order) -> bool:
    digits = numbers.ascii_digits(form)
    if order.number in numbers.numbers_in(form):
        return _says_only(digits, numbers.WRITTEN.findall(digits))
    ends = (order.recipient.phone, order.number)
    endings = [
        each for each in order_search.digits_in(digits) if any(end.endswith(each) for end in ends)
    ]
    return _says_only(digits, endings) or _says_only(form, whose.names(order))


def _says_only(form: str, called: Sequence[str]) -> bool:
    """Whether one of these is said, and nothing of note beside it."""
    return any(
        each in form and not any(map(str.isalnum, _BESIDE.sub(" ", form.replace(each, " ", 1))))
        for each in called
    )
