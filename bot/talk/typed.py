"""Buttons whose words are typed instead of pressed: they do what the button does.

They are looked for in all that was said since the person last spoke, notices too. A label counts in
any language of the shop, whatever its spaces and signs, and so do the words that are often used
instead of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.language.locales import Locales
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import orders, people
from bot.talk import leaving, stocking
from bot.talk.turn import Turn

_ASKED_ABOUT = "cancel:"  # A buyer who says so is asked whether it is meant, where money came.
LENGTH_MAX = 40  # characters; what is longer says more than a button
# Other words for some of the staff's buttons, parted by bars.
_OTHER_WORDS = {
    "button.send-again": "typed.send-again",
    "button.refund": "typed.refund",
    "button.refund-part": "typed.refund-part",
    "button.refunded": "typed.refunded",
    "button.parcel-lost": "typed.parcel-lost",
    "button.wrong-number": "typed.wrong-number",
}
_SIGNS = re.compile(r"[^\w\u0f71-\u0fbc]+|_")


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
    offered = people.offered(turn.unit, turn.chat, older=older)
    if older:  # who says "undo" again means what was undone, and not what was before it
        offered = [each for each in offered if not each.value.startswith(stocking.UNDO)]
    if not turn.staff:
        offered = [each for each in offered if not each.value.startswith(_ASKED_ABOUT)]
    return list({each.value: each for each in offered if _is(turn, each, said, ids)}.values())


def ask_which(turn: Turn, found: Sequence[Choice]) -> None:
    """Asks which of several buttons with the same words is meant."""
    of_orders = all(orders.find(turn.unit.db, each.value) for each in found)
    id = "typed.which" if of_orders else "typed.which-one"
    turn.say(id, choices=tuple(_told_apart(turn, each) for each in found))


def ask_older(turn: Turn) -> bool:
    """Asks whether an older button is meant, which nobody looks at any more; False when none is."""
    found = buttons(turn, older=True)
    if found:
        ask_which(turn, found)
    return bool(found)


def _is(turn: Turn, choice: Choice, said: str, ids: frozenset[str]) -> bool:
    label = _bare(choice.label)
    return label == said or bool(ids & _labels(turn.locales).get(label, frozenset()))


def _told_apart(turn: Turn, choice: Choice) -> Choice:
    """A button with the order or the goods that it is of."""
    order = orders.find(turn.unit.db, choice.value)
    of = f"{order.number} {order.recipient.name}" if order else _goods_of(turn, choice.value)
    return Choice(f"{choice.label} {of}".strip(), choice.value)


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
