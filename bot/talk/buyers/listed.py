"""The first, the second one: the goods that were listed last, by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.language.weighing import CONFIDENT
from bot.shop.catalogue import Product
from bot.talk.turn import Turn

_NUMERALS = ("一1", "二两2", "三3", "四4", "五5", "六6", "七7", "八8", "九9")
_WORDS = ("first|1st", "second|2nd", "third|3rd", "fourth|4th", "fifth|5th")
_SYLLABLES = ("དང་པོ", "གཉིས་པ", "གསུམ་པ", "བཞི་པ", "ལྔ་པ")
# No first parcel, no second month: only what stands for the goods.
_ORDINAL = re.compile(
    rf"第\s?(?P<han>[{''.join(_NUMERALS)}])\s?[个個种種款样樣项項]"
    r"(?!问|問|包|订|訂|单|單|快|地|月|星|人|字)"
    rf"|\b(?:the )?(?P<one>{'|'.join(_WORDS)}) (?:one|kind|item|option|type|grade|sort)\b"
    rf"|\b(?:of )?the (?P<the>{'|'.join(_WORDS)})"
    r"(?=[\s,.!?]*$|[,.!?;]| (?:and|please|pls|then|too)\b)"
    rf"|(?:^|(?<=[ །\n])|(?<=དང་))(?P<bo>{'|'.join(_SYLLABLES)})(?:་དེ)?(?:་ལ)?(?=[་།\s]|$)",
    re.IGNORECASE,
)

_OF_ORDERS = ("track", "aftersales", "payment", "thanks")  # the second parcel, the first transfer


def put_names(turn: Turn) -> None:
    """Reads a message with the names of what was listed in the place of the first, the second."""
    reading = turn.reading
    of_order = reading.confidence >= CONFIDENT and reading.intent in _OF_ORDERS
    if turn.staff or of_order or "arrive" in reading.found or "received" in reading.marks:
        return
    places = [_place(found) for found in _ORDINAL.finditer(turn.text)]
    listed = next((each for each in _lists(turn) if len(each) > max([1, *places])), None)
    if not places or listed is None:
        return
    turn.hear(_ORDINAL.sub(lambda found: f" {_name(turn, *listed[_place(found)])} ", turn.text))


def _place(found: re.Match[str]) -> int:
    if found["han"]:
        return next(place for place, signs in enumerate(_NUMERALS) if found["han"] in signs)
    if found["bo"]:
        return _SYLLABLES.index(found["bo"])
    word = (found["one"] or found["the"]).lower()
    return next(place for place, words in enumerate(_WORDS) if word in words.split("|"))


def _lists(turn: Turn) -> Iterable[list[tuple[Product, str]]]:
    """What the buttons offered last, what is in the draft, what prices were asked of, the grades
    of what the talk is about."""
    state = turn.state
    offered = [choice.value.split(":") for choice in state.offered]
    about = turn.product(state.about)
    for goods in (
        [(value[1], "".join(value[2:3])) for value in offered if value[0] in ("p", "g")],
        [(line.product, line.grade or "") for line in state.draft.lines],
        [(key, "") for key in state.talked],
        [(about.key, grade.key) for grade in about.grades] if about else [],
    ):
        found = ((turn.product(key), grade) for key, grade in goods)
        yield [(product, grade) for product, grade in found if product]


def _name(turn: Turn, product: Product, grade: str) -> str:
    has_grade = len(product.grades) > 1 and any(each.key == grade for each in product.grades)
    return turn.name(product, grade if has_grade else "")
