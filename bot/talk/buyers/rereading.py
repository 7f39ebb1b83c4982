"""Words that only the talk can tell the meaning of: 中, which is a grade, or yes in Henan; a jar,
which holds what the catalogue says.
"""

from __future__ import annotations

import re

from msgspec import structs

from bot.language.numerals import HAN_NUMERALS
from bot.language.reading import Line, Quantity, Reading
from bot.language.regex import regex
from bot.shop.catalogue import Product
from bot.talk.buyers import drafting
from bot.talk.turn import Turn

# 中大各10 and 中号 name grades.
_YES = regex(r"\s*中+[啊嘞吧呗哩哦咧了啦]{0,2}(?:$|[\s,，。.!！~]+(?![大小]))")
_GOES_WITH_YES = ("order", "thanks")
# So many jars, and the word for a bag, which is counted alike, in their place.
_HAN = rf"(?<=[\d{HAN_NUMERALS}兩俩个個])(\s?)[大小]?[瓶罐]子?(?![装裝身底盖头頭])"
_JARS = (
    (regex(_HAN), r"\1袋"),
    (regex(r"(?<=\w )(?:(?:big|small|large|glass) )?(?:jar|bottle)(s?)\b", re.I), r"bag\1"),
    (regex(r"ཤེལ་དམ(?=་?[\d༠-༩\u0f40-\u0fbc])"), "ཁུག་མ"),
)
_ONE = regex(r"(?:(?:oh|ok|just|only|maybe|let's say) )*one(?: (?:please|pls|is enough|then))*")
_APART = regex(r"\s*(?:[,，、;；+&/]|\band\b|[和跟]|དང་?)\s*")
_JARS_OF = ("order", "price", "stock", "product", "other")


def put_right(turn: Turn) -> None:
    """Reads what the words alone do not tell."""
    _read_yes(turn)
    turn.reading = _in_jars(turn, turn.text, turn.reading)
    if turn.state.asked == "quantity" and not turn.staff:
        _read_one(turn)
        _read_several(turn)


def _read_yes(turn: Turn) -> None:
    """Reads a message anew without 中 before what is wished, unless grades were just listed."""
    said = _YES.match(turn.text)
    if said is None or any(choice.value.startswith("g:") for choice in turn.state.offered):
        return
    rest = turn.reader.read(turn.text[said.end() :], about=turn.state.about or None)
    if not rest.text:
        rest = structs.replace(turn.reading, lines=())
    agrees = rest.intent in _GOES_WITH_YES and "ask" not in rest.found
    if not rest.lines and rest.recipient is None and agrees:
        rest = structs.replace(rest, marks=rest.marks | {"yes"})
    turn.reading = rest


def part(turn: Turn, text: str) -> Reading:
    """A part of a message, read in what is talked of."""
    return _in_jars(turn, text, turn.reader.read(text, about=turn.state.about or None))


def _in_jars(turn: Turn, text: str, before: Reading) -> Reading:
    """Counts jars of goods as what the catalogue says of a jar, else as their bags; what it sells
    in neither is asked."""
    said = text
    for jars, bags in _JARS:
        text = jars.sub(bags, text)
    complains = any(topic == "aftersales" for topic, _ in before.topics)
    if text == said or (complains and not turn.staff):
        return before
    reading = turn.reader.read(text, about=turn.state.about or None)
    counts = any(line.quantity and line.quantity.unit == "bag" for line in reading.lines)
    weighed = len(before.lines) == 1 and before.lines[0].quantity
    if counts and not weighed and (turn.staff or reading.intent in _JARS_OF):
        return _with_jars(turn, reading)
    return before


def _read_one(turn: Turn) -> None:
    """Counts one where it is asked how much: elsewhere it is a word for goods."""
    if _ONE.fullmatch(turn.text.lower().strip(" .!")):
        turn.reading = structs.replace(turn.reading, number=1, lines=())


def _read_several(turn: Turn) -> None:
    """5 and 5, 2 kg and 3: so much of each of the goods whose amounts are asked for."""
    open_lines = [line for line in turn.state.draft.lines if not line.quantity]
    parts = [part for part in _APART.split(turn.text) if part]
    if len(open_lines) < 2 or len(parts) != len(open_lines):
        return
    said = [_amount_in(turn, part) for part in parts]
    if all(one.quantity or one.number for one in said):
        lines = (
            structs.replace(one, product=line.product, grade=line.grade)
            for one, line in zip(said, open_lines, strict=True)
        )
        turn.reading = structs.replace(turn.reading, lines=tuple(lines), number=None)


def _amount_in(turn: Turn, part: str) -> Line:
    """An amount without goods; nothing for a part that says something else."""
    reading = turn.reader.read(part)
    said = reading.lines[0] if reading.lines else Line(None, None, None, reading.number)
    return said if not (said.product or said.grade) else Line(None, None, None)


def _with_jars(turn: Turn, reading: Reading) -> Reading:
    """The reading with the bags that stand for jars as the goods have them."""
    lines = []
    for line in reading.lines:
        said = structs.replace(line, quantity=None)
        product = turn.product(line.product) if line.product else drafting.meant(turn, said)
        if product and line.quantity and line.quantity.unit == "bag":
            line = _line(product, line, line.quantity.amount)
        lines.append(line)
    return structs.replace(reading, lines=tuple(lines))


def _line(product: Product, line: Line, jars: int) -> Line:
    if "jar" in product.packs:
        amount = Quantity(jars * product.packs["jar"], product.unit)
        return structs.replace(line, quantity=amount)
    return line if "bag" in product.packs else structs.replace(line, quantity=None)
