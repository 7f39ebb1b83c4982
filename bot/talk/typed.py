"""Buttons whose words are typed instead of pressed: they do what the button does.

They are looked for in all that was said since the person last spoke, notices too. A label counts in
any language of the shop, whatever its spaces and signs, and so do the words that are often used
instead of it. What staff type acts at once only while nothing about another order, and no question
of another buyer, has come behind the button: they might speak of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from bot.language.locales import Locales
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import enquiries, orders, parcels, people, refunds
from bot.shop.enquiries import Enquiry
from bot.shop.orders import Order
from bot.talk.sellers import leaving, renumbering, stocking, todo
from bot.talk.turn import Turn

_ASKED_ABOUT = "cancel:"  # A buyer who says so is asked whether it is meant, where money came.
_OF_REFUNDS = ("refund-sent", "keep-refund")  # the buttons whose subject is a refund's id
# Those that ask which parcel is meant.
_OF_PARCELS = ("lost-one", renumbering.VERB, renumbering.DROP)
ENDING_LEAST = 4  # figures by which people call a tracking number
LENGTH_MAX = 40  # characters; what is longer says more than a button
# Other words for some of the staff's buttons, parted by bars.
_OTHER_WORDS = {
    "button.send-again": "typed.send-again",
    "button.refund": "typed.refund",
    "button.refund-part": "typed.refund-part",
    "button.refunded": "typed.refunded",
    "button.parcel-lost": "typed.parcel-lost",
    "button.came-back": "typed.came-back",
    "button.wrong-number": "typed.wrong-number",
    "button.undo": "typed.undo",
    "button.undo-both": "typed.undo-both",
    "button.undo-loss": "typed.undo-loss",
}
_SIGNS = regex(r"[^\w\u0f71-\u0fbc]+|_")


def buttons(turn: Turn, *, older: bool = False) -> list[Choice]:
    """The buttons that the message's words are the label of, the latest ones first; the `older`
    ones too, for words that mean nothing else."""
    free = turn.state.enquiry or turn.state.asked.startswith(leaving.FREE)
    if free or turn.attachments or not 0 < len(turn.text) <= LENGTH_MAX:
        return []
    said = _bare(turn.text)
    ids = _labels(turn.locales).get(said, frozenset())
    if not (ids or (said and turn.staff)):
        return []
    shown = people.offered(turn.unit, turn.chat, older=older)
    offered = [choice for said in shown for choice in said]
    if older:  # the last thing that can be undone is asked about, and not what was before it
        undos = [each for each in offered if each.value.startswith(f"{stocking.UNDO}:")]
        last = next((each for each in undos if not stocking.is_undone(turn, undos[0])), None)
        offered = [each for each in offered if each not in undos or each == last]
    if not turn.staff:
        offered = [each for each in offered if not each.value.startswith(_ASKED_ABOUT)]
    return list({each.value: each for each in offered if _is(turn, each, said, ids)}.values())


def is_overtaken(turn: Turn, button: Choice) -> bool:
    """Whether something of another order, or another buyer's question, came behind a button."""
    order = order_of(turn, button)
    shown = people.offered(turn.unit, turn.chat)
    behind = takewhile(lambda said: all(each.value != button.value for each in said), shown)
    return order is not None and any(
        _is_of_another(turn, order, each) for said in behind for each in said
    )


def _is_of_another(turn: Turn, order: Order, choice: Choice) -> bool:
    if asked := _asked(turn, choice):
        return people.chat(turn.unit, asked.chat_id).person.id != order.person_id
    other = order_of(turn, choice)
    return other is not None and other.id != order.id


def order_of(turn: Turn, choice: Choice) -> Order | None:
    """The order that a button acts on, by its number, a sum of it that goes back, or a parcel."""
    db, (verb, id, *_) = turn.unit.db, (*choice.value.split(":"), "")
    find = refunds.by_id if verb in _OF_REFUNDS else parcels.by_id if verb in _OF_PARCELS else None
    found = find(db, int(id[:18])) if find and id.isdecimal() else None
    return orders.by_id(db, found.order_id) if found else orders.find(db, choice.value)


def _asked(turn: Turn, choice: Choice) -> Enquiry | None:
    """The question that a button answers, while it is open."""
    verb, _, id = choice.value.partition(":")
    is_reply = verb == "reply" and id.isdecimal()
    return enquiries.find_open(turn.unit.db, int(id)) if is_reply else None


def ask_which(turn: Turn, found: Sequence[Choice]) -> None:
    """Asks which of several buttons with the same words is meant, or whether the one is; the words
    can also be the answer to a question that stands there."""
    shown = (each for said in people.offered(turn.unit, turn.chat) for each in said)
    meant = {each.value: each for each in (*found, *(each for each in shown if _asked(turn, each)))}
    of_orders = all(order_of(turn, each) for each in found)
    id = "typed.which" if of_orders else "typed.which-one"
    id = id if len(found) > 1 else "typed.this" if of_orders else "typed.this-one"
    turn.say(id, choices=tuple(_told_apart(turn, each) for each in meant.values()))


def ask_older(turn: Turn) -> bool:
    """Asks whether an older button is meant, which nobody looks at any more; False when none is."""
    found = buttons(turn, older=True)
    if found:
        ask_which(turn, found)
    return bool(found)


def _is(turn: Turn, choice: Choice, said: str, ids: frozenset[str]) -> bool:
    label = _bare(choice.label)
    if label == said or ids & _labels(turn.locales).get(label, frozenset()):
        return True
    return _names_parcel(turn, choice, said)


def _names_parcel(turn: Turn, choice: Choice, said: str) -> bool:
    """Whether the tracking number on a button, or its end, is said where it was asked which."""
    if turn.state.asked == renumbering.ASKED or choice.value.partition(":")[0] not in _OF_PARCELS:
        return False
    number = parcels.typed_number(choice.label) or ""
    return len(said) >= ENDING_LEAST and said[-1].isdigit() and _bare(number).endswith(said)


def _told_apart(turn: Turn, choice: Choice) -> Choice:
    """A button with the order or the goods that it is of, or the question that it answers."""
    if asked := _asked(turn, choice):
        return todo.answer_choice(turn, asked)
    order = order_of(turn, choice)
    of = f"{order.number} {order.recipient.name}" if order else _goods_of(turn, choice.value)
    ids = sorted(_labels(turn.locales).get(_bare(choice.label), ()))
    names = {turn.words(id) for id in ids}  # in the language that is spoken now
    label = names.pop() if len(names) == 1 else choice.label
    return Choice(f"{label} {of}".strip(), choice.value)


def _goods_of(turn: Turn, value: str) -> str:
    verb, _, subject = value.partition(":")
    if verb == stocking.UNDO:
        return stocking.undo_name(turn, subject)
    key, _, rest = subject.partition(":")
    product, grade = turn.product(key), rest.partition(":")[0]
    if product is None:
        return ""
    return turn.name(product, grade if any(grade == e.key for e in product.grades) else "")


def _bare(text: str) -> str:
    """The letters and figures of a text in its form."""
    return _SIGNS.sub("", form_of(text).text)


@lru_cache(maxsize=4)
def _labels(locales: Locales) -> Mapping[str, frozenset[str]]:
    """The ids of the buttons that bear a label or are called so, by its letters and figures."""
    found: dict[str, set[str]] = {}
    for id, text in locales.texts("button."):
        if "{" not in text:
            found.setdefault(_bare(text), set()).add(id)
    for id, other in _OTHER_WORDS.items():
        for word in _words(locales, other):
            found.setdefault(_bare(word), set()).add(id)
    return {label: frozenset(ids) for label, ids in found.items()}


def _words(locales: Locales, id: str) -> Sequence[str]:
    texts = (locales.text(language, id) for language in locales.languages)
    return [word for text in texts for word in text.split("|")]
