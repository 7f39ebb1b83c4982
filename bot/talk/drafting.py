"""Filling the draft order with what is said or pressed: goods, quantities, the recipient."""

from __future__ import annotations

import re

from bot.language.reading import Line
from bot.shop import catalogue, vouchers
from bot.shop.catalogue import Product
from bot.shop.orders import Order, Wanted
from bot.talk import recipients
from bot.talk.conversation import Draft, DraftLine
from bot.talk.turn import Turn

LINES_MAX = 20
QUANTITY_MAX = 10_000_000  # grams or pieces; more is a typing error
_ADDS = re.compile(
    r"加\s*[\d一二两兩三四五六七八九十]|\badd (?:\d|a |one |two )|ཁ་སྣོན", re.IGNORECASE
)


def states_something(turn: Turn) -> bool:
    """Whether the message holds something that an order consists of."""
    reading = turn.reading
    said = any(line.grade or line.quantity for line in reading.lines)
    named = bool(reading.lines) and (reading.intent == "order" or bool(turn.state.draft.lines))
    asked = turn.state.asked
    free = asked not in recipients.SLOTS  # a number may be part of an address
    number = reading.number is not None and (asked == "quantity" or (free and turn.state.about))
    vague = free and bool(reading.vague) and bool(turn.state.draft.lines or turn.state.about)
    return bool(said or named or number or vague or reading.recipient)


def fill(turn: Turn) -> None:
    """Fills the draft with what the message states."""
    reading, draft = turn.reading, turn.state.draft
    draft.lines = [line for line in draft.lines if line.product not in reading.refused]
    for line in reading.lines:
        if line.product is None or line.product not in reading.refused:
            _take_line(turn, line)
    if reading.number is not None and not any(line.quantity for line in reading.lines):
        _take_number(turn, reading.number)
    if not reading.lines and not draft.lines and turn.product(turn.state.about):
        _add(turn, turn.state.about, None)
    if reading.vague:
        _forget_vague(turn)
    if reading.recipient:
        recipients.take_whole(turn, reading.recipient)
    for way in ("transfer", "cod"):
        if f"pay-{way}" in reading.marks:
            draft.pay_by = way


def adds(turn: Turn) -> bool:
    """Whether so much more is wanted: 加5根."""
    return "more" in turn.reading.marks or says_add(turn)


def says_add(turn: Turn) -> bool:
    """Whether it is added to something: 再要5根 need not be."""
    return bool(_ADDS.search(turn.text))


def _take_line(turn: Turn, said: Line) -> None:
    draft = turn.state.draft
    product = turn.product(said.product) if said.product else _meant(turn, said)
    if product is None:
        if said.quantity:
            turn.state.pending = DraftLine("", said.grade, said.quantity.amount, said.quantity.unit)
        return
    line = _line_for(turn, product, said) or _add(turn, product.key, said.grade)
    if line is None:
        return
    if said.grade is not None and any(grade.key == said.grade for grade in product.grades):
        line.grade = said.grade
    if said.quantity:
        more = adds(turn) and line.unit == said.quantity.unit
        amount = said.quantity.amount + (line.quantity if more else 0)
        set_quantity(turn, line, amount, said.quantity.unit)
    draft.lines = [other for other in draft.lines if other is line or not _same(other, line)]


def _meant(turn: Turn, said: Line) -> Product | None:
    """The product that a grade or a quantity without a product is about."""
    state = turn.state
    open_lines = [line for line in state.draft.lines if line.grade is None or not line.quantity]
    keys = [line.product for line in (*open_lines, *reversed(state.draft.lines))]
    if not open_lines and state.about:
        keys.insert(0, state.about)
    elif state.about:
        keys.append(state.about)
    for key in keys:
        product = turn.product(key)
        if product and _fits(product, said):
            return product
    graded = [
        product
        for product in turn.catalogue.products.values()
        if said.grade and any(grade.key == said.grade for grade in product.grades)
    ]
    return graded[0] if len(graded) == 1 and _fits(graded[0], said) else None


def _fits(product: Product, said: Line) -> bool:
    if said.grade and not any(grade.key == said.grade for grade in product.grades):
        return False
    if said.quantity is None:
        return True
    return catalogue.amount(product, said.quantity.amount, said.quantity.unit) is not None


def _line_for(turn: Turn, product: Product, said: Line) -> DraftLine | None:
    """The line of the draft that what was said completes or changes."""
    lines = [line for line in turn.state.draft.lines if line.product == product.key]
    if said.grade is not None:
        same = [line for line in lines if line.grade == said.grade]
        if same:
            return same[0]
        undecided = [line for line in lines if line.grade is None]
        if undecided:
            return undecided[0]
        if said.quantity is not None:
            return None
    unfinished = [line for line in lines if not line.quantity]
    return next(iter(unfinished or lines), None)


def _add(turn: Turn, product: str, grade: str | None) -> DraftLine | None:
    draft = turn.state.draft
    if len(draft.lines) >= LINES_MAX:
        turn.say("order.too-many-lines", n=LINES_MAX)
        return None
    line = DraftLine(product, grade)
    pending, turn.state.pending = turn.state.pending, None
    found = turn.product(product)
    if pending and found and catalogue.amount(found, pending.quantity, pending.unit) is not None:
        line.quantity, line.unit = pending.quantity, pending.unit
        line.grade = grade if grade is not None else pending.grade
    draft.lines.append(line)
    turn.state.about = product
    return line


def _same(one: DraftLine, other: DraftLine) -> bool:
    return one.product == other.product and one.grade == other.grade


def _take_number(turn: Turn, number: int) -> None:
    """A bare number means the product's own unit: pieces, or the buyer's usual unit of weight."""
    unfinished = [line for line in turn.state.draft.lines if not line.quantity]
    key = unfinished[0].product if unfinished else turn.state.about
    product = turn.product(key)
    if product is None:
        return
    line = unfinished[0] if unfinished else _line_for(turn, product, Line(key, None, None))
    line = line or _add(turn, key, None)
    if line is None:
        return
    set_quantity(turn, line, *counted(turn, product, number))


def counted(turn: Turn, product: Product, number: int) -> tuple[int, str]:
    """What a bare number of a product means."""
    if product.unit == "pc":
        return number, "pc"
    return number * turn.locales.usual_grams(turn.language), "g"


def set_quantity(turn: Turn, line: DraftLine, quantity: int, unit: str) -> None:
    """Sets a quantity if it can be sold so; tells why not, and leaves the line without one."""
    product = turn.catalogue.products[line.product]
    amount = catalogue.amount(product, quantity, unit)
    line.quantity, line.unit = 0, ""
    name = turn.name(product)
    if amount is None:
        turn.say(f"order.sold-by-{product.unit}", name=name)
    elif amount < product.minimum:
        least = turn.quantity(product, product.minimum, product.unit)
        turn.say("order.minimum", name=name, quantity=least)
    elif amount > QUANTITY_MAX:
        turn.say("order.maximum", name=name)
    else:
        line.quantity, line.unit = quantity, unit


def _forget_vague(turn: Turn) -> None:
    """A vague quantity is asked for, never guessed."""
    for said in turn.reading.lines:
        for line in turn.state.draft.lines:
            if line.product == said.product and said.quantity is None:
                line.quantity, line.unit = 0, ""


def is_unchanged(turn: Turn) -> bool:
    """Whether the draft is what the order in whose place it would stand is already."""
    draft, before = turn.state.draft, turn.replaced
    if before is None:
        return False
    code = vouchers.code_of(turn.unit.db, before.id)
    about = (draft.recipient, draft.pay_by, draft.voucher)
    return has_goods_of(draft, before) and about == (before.recipient, before.pay_by, code)


def has_goods_of(draft: Draft, order: Order) -> bool:
    """Whether the goods of a draft are those of an order."""
    lines = [(line.product, line.grade, line.quantity, line.unit) for line in draft.lines]
    return sorted(lines) == sorted((x.product, x.grade, x.quantity, x.unit) for x in order.lines)


def wants(draft: Draft) -> list[Wanted]:
    """The complete lines of a draft."""
    return [
        Wanted(line.product, line.grade, line.quantity, line.unit)
        for line in draft.lines
        if line.grade is not None and line.quantity
    ]


def choose(turn: Turn, product: Product, grade: str, quantity: int = 0, unit: str = "") -> None:
    """Takes a grade, and a quantity of it, that a button named."""
    lines = [line for line in turn.state.draft.lines if line.product == product.key]
    same = [line for line in lines if line.grade == grade]
    undecided = [line for line in lines if line.grade is None or not line.quantity]
    line = next(iter(same or undecided), None) or _add(turn, product.key, grade)
    if line is not None:
        line.grade = grade
        if quantity > 0:
            set_quantity(turn, line, quantity, unit)
    turn.state.about = product.key
