"""Filling the draft order with what is said or pressed: goods, quantities, the recipient."""

from __future__ import annotations

import re
from fractions import Fraction

from bot.language.reading import Line, Reading
from bot.language.regex import regex
from bot.messages import Choice
from bot.shop import catalogue, vouchers
from bot.shop.catalogue import Product
from bot.shop.orders import Order, Wanted
from bot.talk.buyers import recipients
from bot.talk.buyers.ways_said import way_said
from bot.talk.conversation import Draft, DraftLine
from bot.talk.turn import Turn

LINES_MAX = 20
QUANTITY_MAX = 10_000_000  # grams or pieces; more is a typing error
GRAMS_LEAST, GRAMS_SURE = 50, 100  # from so many on a number without a unit may be, is, grams
_ADDS = regex(
    r"[加添]\s*[\d一二两兩三四五六七八九十半]"
    r"|\badd (?:\d|(?:an?|another|one|two|three|half|some) )|སྣོན|\bn[öo]n$",
    re.IGNORECASE,
)
# 1 kg more honey, 酥油再多一斤, 还要10根: more of what is there; of something else only so much.
_MORE = regex(
    r"(?:再(?!.{0,6}(?:[改换換减減少成去说說]|便宜))[\u4e00-\u9fff]{0,6}?|多[要来來拿买買给給]?|[还還][要拿来來买買])"
    r"\s*(?:[\d一二两兩三四五六七八九十]|半[斤公])|\b(?:one|another) (?:\w+ )?more\b"
    r"|(?<!no )\b(?:\d+|a|two|three|four|five|ten|twenty)(?: ?[a-z]+)? more\b"
    r"(?! (?:than|expensive))",
    re.IGNORECASE,
)
_IS_IT_SO = regex(r"(?:[对對是][吗嗎吧嘛]|[没沒][错錯]吧|\b(?:right|correct)\?)[\s?？]*$", re.I)
_ALL_BUT = regex(r"除了?|除咗|\bexcept\b|\bbut\b|མ་གཏོགས", re.IGNORECASE)
_ONE_MORE = regex(
    r"\bone more\b(?! (?:thing|question|time))|^(?:and )?another (?!address|thing|question|person)",
    re.IGNORECASE,
)

# The number of a house or a phone: my street number is 15, 门牌号是51.
_OF_ADDRESS = regex(
    r"^\D*(?:\b(?:phone|mobile|zip|post ?code|street|road|house|apartment|apt|flat|suite|floor"
    r"|door)\b|电话|電話|手机|手機|尾[号號]|[门門]牌|房间?[号號]|[楼樓][号號]|[邮郵][编編]"
    r"|ཁ་པར|སྒོ་ཨང|ལམ་(?:ཆེན་)?ཨང)[^\d,，;；。.\n]{0,20}\d{1,5}(?![\d -]*\d)",
    re.IGNORECASE,
)


def states_something(turn: Turn) -> bool:
    """Whether the message holds something that an order consists of."""
    reading = turn.reading
    said = any(line.grade or line.quantity or line.number for line in reading.lines)
    named = bool(reading.lines) and (reading.intent == "order" or bool(turn.state.draft.lines))
    asked = turn.state.asked
    free = asked not in recipients.SLOTS  # a number may be part of an address
    counts = asked == "quantity" or "each" in reading.marks or (free and turn.state.about)
    number = number_of(reading) is not None and counts
    vague = free and bool(reading.vague) and bool(turn.state.draft.lines or turn.state.about)
    return bool(said or named or number or vague or reading.recipient or same_amount(turn))


def fill(turn: Turn) -> None:
    """Fills the draft with what the message states."""
    reading, draft = turn.reading, turn.state.draft
    if _only_checks(turn):
        return
    draft.lines = [line for line in draft.lines if not _is_refused(reading, line)]
    takes_packs = _take_packs(turn)
    _begin_with_asked(turn)
    if not takes_packs and not _take_each(turn):
        for line in reading.lines:
            if line.product is None or line.product not in reading.refused:
                _take_line(turn, line)
        number = None if same_amount(turn) else number_of(reading)
        if number is None and reading.lines and _ONE_MORE.search(turn.text):
            number = 1
        if number is not None and not any(line.quantity for line in reading.lines):
            _take_number(turn, number)
    if not reading.lines and not draft.lines and turn.product(turn.state.about):
        _add(turn, turn.state.about, None)
    if same_amount(turn):
        _add_talked_of(turn)
        _take_same(turn)
    _take_grade_asked(turn)
    if reading.vague:
        _forget_vague(turn)
    if reading.recipient:
        recipients.take_whole(turn, reading.recipient)
    else:
        recipients.take_behind_goods(turn)
    take_way(turn)


def _only_checks(turn: Turn) -> bool:
    """Whether it is only asked if it is so, and all is noted: 全部三十对吗."""
    lines = turn.state.draft.lines
    named = any(line.product for line in turn.reading.lines) or turn.reading.recipient
    noted = bool(lines) and all(line.quantity for line in lines)
    return noted and not named and bool(_IS_IT_SO.search(turn.text))


def _begin_with_asked(turn: Turn) -> None:
    """Begins the draft with what prices were asked of: as much of it, or as much as is said now."""
    reading, draft, priced = turn.reading, turn.state.draft, turn.state.priced
    if draft.lines or not priced:
        return
    number = number_of(reading)
    if reading.lines or number is not None or "each" in reading.marks:
        product = turn.product(priced[0].product)
        of_it = len(priced) == 1 and priced[0].product == turn.state.about
        counts = all(line == Line(None, None, line.quantity) for line in reading.lines)
        if not (of_it and counts and product and all(_fits(product, x) for x in reading.lines)):
            return
        priced = [DraftLine(product.key, priced[0].grade)]
    draft.lines, turn.state.priced = priced, []


def _take_packs(turn: Turn) -> bool:
    """两个, after 半斤装的有吗: so many of those that were asked about; False if it is not said."""
    reading, priced = turn.reading, turn.state.priced
    pieces = [line.quantity for line in reading.lines if line == Line(None, None, line.quantity)]
    if turn.state.draft.lines or len(priced) != 1 or len(pieces) < len(reading.lines):
        return False
    asked = priced[0]
    product, number = turn.product(asked.product), number_of(reading)
    if product is None or asked.product != turn.state.about:
        return False
    if len(pieces) == 1 and pieces[0] and pieces[0].unit == "pc" != product.unit:
        number = pieces[0].amount
    elif not asked.packed:
        return False
    if pieces and number is None or not isinstance(number, int) or not asked.unit:
        return False
    line = DraftLine(asked.product, asked.grade)
    turn.state.draft.lines, turn.state.priced = [line], []
    set_quantity(turn, line, number * max(1, asked.quantity), asked.unit)
    return True


def _take_grade_asked(turn: Turn) -> None:
    """An amount behind the price of one grade is of that grade, whatever else is in the draft."""
    said = turn.reading.lines or number_of(turn.reading) is not None
    priced = turn.state.priced if len(turn.state.priced) == 1 and said else []
    for asked in priced:
        for line in turn.state.draft.lines:
            if line.product == asked.product and line.grade is None and line.quantity:
                line.grade, turn.state.priced = asked.grade, []


def take_way(turn: Turn) -> None:
    """The way to pay that is named, and not the one that is refused."""
    way = "" if "paid" in turn.reading.marks else way_said(turn.reading, turn.ways)
    turn.state.draft.pay_by = way or turn.state.draft.pay_by


def _is_refused(reading: Reading, line: DraftLine) -> bool:
    """Whether goods are called off beside others that are wanted: 大的10根，小的不要."""
    others = bool(reading.lines) and all(each.quantity for each in reading.lines)
    graded = others and f"{line.product}/{line.grade}" in reading.unwanted
    return graded or line.product in reading.refused


def number_of(reading: Reading) -> int | Fraction | None:
    """A number without a unit, as in 1.5 or half; what others take is no amount, nor is what a
    house or a phone has."""
    if "others" in reading.found or _OF_ADDRESS.search(reading.text):
        return None
    return reading.part if reading.number is None else reading.number


def same_amount(turn: Turn) -> bool:
    """Whether as much is wanted as of what was named before: 酥油一样多."""
    reading, lines = turn.reading, turn.state.draft.lines
    unfinished = any(not line.quantity for line in lines)
    again = "same-again" in reading.marks and unfinished
    return bool(lines) and (again or "same-amount" in reading.marks)


def _add_talked_of(turn: Turn) -> None:
    """The same amount of those: of the goods that were just asked about."""
    about = turn.state.about
    others = all(line.product != about for line in turn.state.draft.lines)
    if others and not turn.reading.lines and turn.product(about):
        _add(turn, about, None)


def _take_same(turn: Turn) -> None:
    """Gives what has no amount the last one before it that it may have."""
    last: DraftLine | None = None
    for line in turn.state.draft.lines:
        product = turn.catalogue.products[line.product]
        if line.quantity:
            last = line
        elif last and catalogue.amount(product, last.quantity, last.unit) is not None:
            set_quantity(turn, line, last.quantity, last.unit)


def _take_each(turn: Turn) -> bool:
    """2 of each, 每样两斤: so much of all that is named, else of all in the draft, else of what
    prices were asked of; False when the message says no such thing."""
    reading, state = turn.reading, turn.state
    said = [line for line in reading.lines if line.product or line.grade]
    quantity = next((line.quantity for line in reading.lines if line.quantity), None)
    number = number_of(reading)
    if "each" not in reading.marks or (quantity is None and number is None):
        return False
    but = {line.product for line in said if _ALL_BUT.search(turn.text)}
    if quantity and said and not but:
        return False
    keys = [line.product for line in (state.draft.lines if but else said) if line.product]
    keys = [key for key in keys if key not in but]
    wanted = keys or [line.product for line in state.draft.lines] or state.talked
    if len(wanted) < 2 and not but:
        return False
    for key in dict.fromkeys(wanted):
        product = turn.product(key)
        if product is None:
            continue
        lines = [line for line in state.draft.lines if line.product == key]
        added = None if lines else _add(turn, key, None)
        for line in [*lines, added] if added else lines:
            counted_as = (quantity.amount, quantity.unit) if quantity else (0, "")
            if number is not None:
                counted_as = counted(turn, product, number)
            _take_quantity(turn, line, *counted_as)
    return True


def adds(turn: Turn) -> bool:
    """Whether so much more is wanted: 加5根."""
    return "more" in turn.reading.marks or says_add(turn) or bool(_MORE.search(turn.text))


def says_add(turn: Turn) -> bool:
    """Whether it is added to something: 再要5根 need not be."""
    return bool(_ADDS.search(turn.text))


def _take_line(turn: Turn, said: Line) -> None:
    draft = turn.state.draft
    product = turn.product(said.product) if said.product else meant(turn, said)
    if product is None and said.quantity and said.quantity.unit == "pc" and not draft.lines:
        product = turn.product(turn.state.about)  # which is sold by weight, as it is told then
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
        _take_quantity(turn, line, said.quantity.amount, said.quantity.unit)
    elif said.number:
        _take_quantity(turn, line, *counted(turn, product, said.number))
    draft.lines = [other for other in draft.lines if other is line or not _same(other, line)]


def _take_quantity(turn: Turn, line: DraftLine, amount: int, unit: str) -> None:
    """So much of a line, or so much more of it."""
    if line.quantity and line.unit != unit and adds(turn):
        product = turn.catalogue.products[line.product]
        there = catalogue.amount(product, line.quantity, line.unit)
        added = catalogue.amount(product, amount, unit)
        if there and added:
            return set_quantity(turn, line, there + added, product.unit)
    more = line.quantity if adds(turn) and line.unit == unit else 0
    set_quantity(turn, line, amount + more, unit)


def meant(turn: Turn, said: Line) -> Product | None:
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
        counts = said.quantity is not None or number_of(turn.reading) is not None
        several = sum(bool(each.grade) for each in turn.reading.lines) > 1
        if counts or several or same_amount(turn):
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


def _take_number(turn: Turn, number: int | Fraction) -> None:
    """A bare number means the product's own unit: pieces, or the buyer's usual unit of weight."""
    named = [line for line in turn.reading.lines if line.product and turn.product(line.product)]
    unfinished = [line for line in turn.state.draft.lines if not line.quantity]
    said = named[0] if len(named) == 1 else Line(turn.state.about, None, None)
    key = said.product or ""
    if unfinished and not named:
        key = unfinished[0].product
    product = turn.product(key)
    if product is None:
        return
    line = unfinished[0] if unfinished and not named else _line_for(turn, product, said)
    line = line or _add(turn, key, said.grade)
    if line is not None:
        _take_quantity(turn, line, *counted(turn, product, number, line.unit))


def counted(
    turn: Turn, product: Product, number: int | Fraction, unit: str = ""
) -> tuple[int, str]:
    """What a bare number of a product means: packs, if such were wanted, in the `unit` before;
    nobody wants 200 kilograms and says only 200."""
    if number < min(GRAMS_LEAST, product.packs.get(unit, 0)) and isinstance(number, int):
        return number, unit
    if product.unit == "pc":
        return (number if isinstance(number, int) else 0), "pc"
    grams = number >= max(GRAMS_LEAST, min(GRAMS_SURE, product.minimum))
    return int(number * (1 if grams else turn.locales.usual_grams(turn.language))), "g"


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
    """A vague quantity is asked for, never guessed; what each has of how many people is one too."""
    for said in turn.reading.lines:
        key = said.product or turn.state.about
        for line in turn.state.draft.lines:
            if line.product == key and (said.quantity is None) == (turn.reading.quantity is None):
                line.quantity, line.unit = 0, ""


def how_much(turn: Turn, product: Product) -> str:
    """The id of what asks for an amount: a vague one exactly, or for how many people it is."""
    vague = turn.reading.vague
    turn.state.each = vague if turn.reading.quantity else ""
    if turn.state.each:
        return "order.ask-heads"
    return "order.ask-quantity-vague" if vague else f"order.ask-quantity-{product.unit}"


def line_text(turn: Turn, line: DraftLine) -> str:
    """A line with its goods and amount."""
    product = turn.catalogue.products[line.product]
    return (
        f"{turn.name(product, line.grade or '')} {turn.quantity(product, line.quantity, line.unit)}"
    )


def tell_beside(turn: Turn, asked: DraftLine) -> tuple[Choice, ...]:
    """Tells which other goods were noted while more is asked of these, which need not be meant any
    longer; the button that leaves them out."""
    draft, name = turn.state.draft, turn.name(turn.catalogue.products[asked.product])
    said = {line.product for line in turn.reading.lines if line.quantity or line.number}
    noted = [line for line in draft.lines if line.product in said and line.quantity]
    again = turn.state.asked in ("grade", "quantity") and asked.product not in said
    if not (again and noted):
        return ()
    goods = turn.locales.joined(turn.language, [line_text(turn, line) for line in noted])
    turn.say("order.noted-goods", goods=goods)
    return (turn.choice("button.without", f"without:{draft.key}:{asked.product}", goods=name),)


def is_unchanged(turn: Turn) -> bool:
    """Whether the draft is what the order in whose place it would stand is already."""
    draft, before = turn.state.draft, turn.replaced
    if before is None:
        return False
    about = (draft.recipient, draft.pay_by, draft.voucher)
    was = (before.recipient, before.pay_by, voucher_of(turn, before))
    return has_goods_of(draft, before) and about == was


def voucher_of(turn: Turn, order: Order) -> str:
    """The code of the voucher that an order uses, or would if it came to enough; '' for none."""
    return vouchers.code_of(turn.unit.db, order.id) or turn.state.unused.get(order.number, "")


def keep_voucher(turn: Turn, order: Order) -> None:
    """Remembers the draft's voucher where the order that comes of it does not use it."""
    code = turn.state.draft.voucher
    is_unused = code and not vouchers.code_of(turn.unit.db, order.id)
    turn.state.unused = {order.number: code} if is_unused else {}


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
