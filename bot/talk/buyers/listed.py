"""The first, the last, the dearer one: the goods that were listed last, by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.language.numerals import HAN_NUMERALS
from bot.language.regex import regex
from bot.language.weighing import CONFIDENT
from bot.shop.catalogue import Product
from bot.talk.turn import Turn

_NUMERALS = ("一1", "二两2", "三3", "四4", "五5", "六6", "七7", "八8", "九9")
_WORDS = ("first|1st", "second|2nd", "third|3rd", "fourth|4th", "fifth|5th")
_SYLLABLES = ("དང་པོ", "གཉིས་པ", "གསུམ་པ", "བཞི་པ", "ལྔ་པ")
# No first parcel, no second month: only what stands for the goods.
_ORDINAL = regex(
    rf"第\s?(?P<han>[{''.join(_NUMERALS)}])\s?[个個种種款样樣项項]"
    r"(?!问|問|包|订|訂|单|單|快|地|月|星|人|字)"
    rf"|\b(?:the )?(?P<one>{'|'.join(_WORDS)}) (?:one|kind|item|option|type|grade|sort)\b"
    rf"|\b(?:of )?the (?P<the>{'|'.join(_WORDS)})"
    r"(?=[\s,.!?]*$|[,.!?;]| (?:and|please|pls|then|too)\b)"
    rf"|(?:^|(?<=[ །\n])|(?<=དང་))(?P<bo>{'|'.join(_SYLLABLES)})(?:་དེ)?(?:་ལ)?(?=[་།\s]|$)",
    re.IGNORECASE,
)
# 前面那个, 后者, the latter, the dearer one, 98那个: no parcel, order or house before or behind.
_ONE = (
    r"(?:的?[那这這嗰][一1]?[个個種种款样樣]|的(?=[来來要拿买買加多少去不唔先各就也都]|$"
    rf"|[\s,，\d{HAN_NUMERALS}]))"
)
_OF_THESE = r"(?![问問包订訂单單快地月星人字消信话話说說事钱錢楼樓栋棟门門路村巷街那])"
_WHERE = r"(?<![\u4e00-\u9fff])(?:就|要|拿|来|來|把|那|还是|還是|和|只要|不要|除了)?"
_RELATIVE = regex(
    rf"(?P<lead>{_WHERE})(?:(?P<first>前[面边邊]{_ONE}|前者|前[一1头][个個样樣种種]|[头頭]一?[个個样樣种種]"
    rf"|上[面边邊]{_ONE})"
    rf"|(?P<last>[后後][面边邊]{_ONE}|[后後]者|[后後][一1][个個样樣种種]|下[面边邊]{_ONE}"
    rf"|最[后後][那这這]?[一1]?[个個样樣种種])"
    rf"|(?P<dear>最?[贵貴](?:[一1]?[点點些])?{_ONE})"
    rf"|(?P<cheap>最?便宜(?:[一1]?[点點些])?{_ONE})"
    rf"|(?P<price>\d{{1,5}})(?:[块塊元][钱錢]?{_ONE}|{_ONE}(?<!的))){_OF_THESE}"
    r"|\b(?:the )(?:(?P<former>former|first one)|(?P<latter>latter|last one)"
    r"|(?P<dearer>(?:dearer|pricier|(?:more|most) expensive) (?:ones?|kind)|dearest)"
    r"|(?P<cheaper>cheape(?:r|st) (?:ones?|kind))"
    r"|(?P<at>\d{1,5})(?: ?yuan)? one)\b"
    r"|(?:^|(?<=[ །\n]))(?:(?P<bofirst>སྔ་མ)|(?P<bolast>ཕྱི་མ|མཐའ་མ)|(?P<bodear>གོང་(?:ཆེ་བ|ཆེ་ཤོས|མཐོ་བ))"
    r"|(?P<bocheap>གོང་(?:ཁེ་བ|ཁེ་ཤོས|ཆུང་བ|དམའ་བ)))་དེ(?:་ལ)?(?=[་།\s]|$)",
    re.IGNORECASE,
)

_OF_ORDERS = ("track", "aftersales", "payment", "thanks")  # the second parcel, the first transfer


_SWAPS = regex(r"[换換改]|\b(?:swap|change|instead|replace)\b", re.IGNORECASE)


def put_names(turn: Turn) -> None:
    """Reads a message with the names of what was listed in the place of the first, the second."""
    reading = turn.reading
    of_order = reading.confidence >= CONFIDENT and reading.intent in _OF_ORDERS
    of_order |= reading.intent == "cancel" and not turn.state.draft.lines
    if turn.staff or of_order or "arrive" in reading.found or "received" in reading.marks:
        return
    places = [_place(found) for found in _ORDINAL.finditer(turn.text)]
    others = any(line.product for line in reading.lines) and not _SWAPS.search(turn.text)
    if not places and (others or not _RELATIVE.search(turn.text)):
        return
    listed = next((each for each in _lists(turn) if len(each) > max([1, *places])), None)
    if listed and places:
        turn.hear(_ORDINAL.sub(lambda found: f" {_name(turn, *listed[_place(found)])} ", turn.text))
    elif listed:
        turn.hear(_RELATIVE.sub(lambda found: _named(turn, listed, found), turn.text))


def _named(turn: Turn, listed: list[tuple[Product, str]], found: re.Match[str]) -> str:
    """What stands for the one that is meant; the words themselves when it is not certain which."""
    kind = (found.lastgroup or "").removeprefix("bo")
    lead = found["lead"] or ""
    if kind in ("first", "former"):
        meant = listed[0]
    elif kind in ("last", "latter"):
        meant = listed[-1]
    else:
        costs = [(_cost(turn, *each), each) for each in listed]
        sums = [cost for cost, _ in costs]
        said = found["price"] or found["at"]
        cost = int(said) * 100 if said else (max if kind.startswith("dear") else min)(sums)
        if sums.count(cost) != 1:
            return found[0]
        meant = costs[sums.index(cost)][1]
    return f"{lead} {_name(turn, *meant)} "


def _cost(turn: Turn, product: Product, grade: str) -> int:
    """What the usual amount costs, of the cheapest grade if none is said."""
    usual = 1 if product.unit == "pc" else turn.locales.usual_grams(turn.language)
    grades = [each for each in product.grades if grade in ("", each.key)]
    return min(each.price_for(usual).of(usual) for each in grades or product.grades)


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
