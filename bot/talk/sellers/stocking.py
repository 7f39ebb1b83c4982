"""A seller's stock: what came in, is lost, or is left, in her own words or by buttons."""

from __future__ import annotations

from msgspec import structs

from bot.language.reading import Line
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import catalogue, corrections, movements, stock
from bot.shop.catalogue import Product
from bot.talk.buyers import tracking
from bot.talk.conversation import Source
from bot.talk.sellers import (
    best_before,
    bought,
    choosing,
    days_said,
    expecting,
    flash_figures,
    households,
    promised,
    stock_words,
)
from bot.talk.sellers.stock_words import IN, LATER, LEFT, NONE, NOT, OUT, UNSURE, Move
from bot.talk.turn import Turn

AMOUNT_MAX = 100_000_000  # grams or pieces in one delivery; more is a typing error
UNDO = "undo-stock"  # a button's verb
_UNDO = regex(r"改回去|改回来|撤销|撤回|undo(?: (?:it|that))?|ཕྱིར་བསྒྱུར")
OF_OTHER_WORK = {"expect", "flash-sale", "voucher"}


def said(turn: Turn) -> bool:
    """Does what a message says of stock, all of it; False when it says nothing such of goods."""
    if turn.reading.marks & OF_OTHER_WORK:
        return False
    rest, days = days_said.said(turn)
    if days == days_said.Days():
        return _said(turn)
    before = stock.last_movement(turn.unit.db)
    if not _said(rest):
        return days_said.alone(turn, days)
    for lot in corrections.came_in(turn.unit, before):
        days_said.note(turn, lot, days)
    return True


def _said(turn: Turn) -> bool:
    if _said_with_its_price(turn) or _brought(turn):
        return True
    moves = stock_words.moves(turn)
    if moves and turn.state.asked in ASKED.values():
        turn.state.asked = ""  # What was asked is left for what is said now.
    if moves and turn.state.source.product:
        turn.state.source = Source()
    for move in moves:
        _do_all(turn, move)
    return bool(moves)


def _said_with_its_price(turn: Turn) -> bool:
    """Goods came in, each with what is said of its price, or of whose they are; False for anything
    else."""
    found: list[tuple[Turn, Move, Line, Source]] = []
    for rest, source in bought.said(turn):
        moves = stock_words.moves(rest)
        if found and not moves:  # What is done is said once: 送来酥油20斤 40一斤，虫草200根 25一根.
            moves = [stock_words.move(rest, IN, rest.text, rest.reading)]
        lines = moves[0].reading.lines if [each.verb for each in moves] == [IN] else ()
        for line in lines:
            if not line.product or not (amount := _amount(turn, line)):
                return False
            price = source.price if len(lines) == 1 else ""  # Of which it is, is asked.
            goods = structs.replace(source, product=line.product, amount=amount, price=price)
            found.append((rest, moves[0], line, goods))
        if not lines:
            return False
    if not found:
        return False
    if len(found) > 1 and any(choosing.one_grade(turn, line)[1] is None for _, _, line, _ in found):
        return False
    turn.state.asked, turn.state.source = "", Source()
    for place, (rest, move, line, source) in enumerate(found, 1):
        more, later = place < len(found), turn.state.source.later
        turn.state.source = structs.replace(source, more=more, later=later)
        _do(rest, move, line)
    return True


def _brought(turn: Turn) -> bool:
    """Goods of a household came in, and it is asked how much; False for anything else."""
    parts = bought.said(turn)
    rest, source = parts[0] if len(parts) == 1 else (turn, Source())
    reading = rest.reading
    named = len(reading.lines) == 1 and reading.lines[0].product
    counts = reading.vague or reading.number or any(line.quantity for line in reading.lines)
    if not source.household or not named or counts or stock_words.is_wish(rest):
        return False
    if stock_words.verb_of(rest) != IN:
        return False
    turn.state.source = structs.replace(source, product=named)
    _do_all(turn, stock_words.move(rest, IN, rest.text, reading))
    return True


def _amount(turn: Turn, line: Line) -> int | None:
    """How much of its goods a line says, in their own unit."""
    product, said = turn.product(line.product or ""), line.quantity
    return catalogue.amount(product, said.amount, said.unit) if product and said else None


def restock(turn: Turn, verb: str) -> None:
    """Words such as "stock came in": what is not said is asked, or was talked of before."""
    turn.state.source = Source()
    _do_all(turn, stock_words.move(turn, verb, turn.text, turn.reading))


def _do_all(turn: Turn, move: Move) -> None:
    for line in move.reading.lines or (Line(None, None, None),):
        _do(turn, move, line)


def _do(turn: Turn, move: Move, line: Line) -> None:
    """What a message says of one of the goods; what is uncertain is asked."""
    product, grade = choosing.one_grade(turn, line)
    turn.state.unit = choosing.unit_of(move.reading.text) or turn.state.unit
    quantity = line.quantity if move.certain else None
    amount = (
        catalogue.amount(product, quantity.amount, quantity.unit) if product and quantity else None
    )
    if quantity is None and product and product.unit == "pc":
        amount = move.reading.number
    own = move.verb == IN and "received" in turn.reading.marks and tracking.shipped(turn)
    verb = UNSURE if own else move.verb
    asked = verb if verb in ASKED else OUT
    is_whole = product and grade is not None and amount
    if verb == NOT and not is_whole:
        turn.say("staff.nothing-booked")
    elif verb == LATER and not is_whole:
        expecting.begin(turn, product.key if product else "")
    elif product is None:
        choosing.product(turn, asked)
    elif verb == NONE and grade is not None:
        _none_left(turn, product, grade)
    elif grade is None:
        tail = ":0" if verb == NONE else f":{amount}" if amount else ""
        choosing.grade(turn, product, verb, tail)
    elif not amount:
        ask(turn, product, grade, asked)
    else:
        DONE[verb](turn, product, grade, amount)


def ask_work(turn: Turn) -> bool:
    """Goods and an amount alone, from the staff: did it come in, is it lost, or is it an order?"""
    reading, state = turn.reading, turn.state
    plain = reading.intent in ("order", "aftersales", "other") and not reading.marks
    line = reading.lines[0] if len(reading.lines) == 1 else None
    about = line and (line.product or state.about)
    if not (plain and line and about and line.quantity) or state.draft.lines:
        return False
    product, grade = choosing.one_grade(turn, line)
    amount = product and catalogue.amount(product, line.quantity.amount, line.quantity.unit)
    other = state.asked or reading.money or stock_words.says_more(turn)
    if not product or grade is None or not amount or other:
        return False
    quantity = turn.quantity(product, amount, product.unit)
    value = f"n:{product.key}:{grade}:{amount}:{product.unit}"
    choices = (
        *(_move_choice(turn, verb, product, grade, amount) for verb in (IN, OUT)),
        turn.choice("button.order-it", value, quantity=quantity),
    )
    turn.say("staff.which-work", name=turn.name(product, grade), quantity=quantity, choices=choices)
    return True


def _which(turn: Turn, product: Product, grade: str, amount: int) -> None:
    """Asks whether goods came in or are lost."""
    turn.say(
        "staff.which-move",
        name=turn.name(product, grade),
        quantity=turn.quantity(product, amount, product.unit),
        choices=tuple(_move_choice(turn, verb, product, grade, amount) for verb in (IN, OUT)),
    )


def _booked_nothing(turn: Turn, product: Product, grade: str, amount: int) -> None:
    """That goods did not come in, or are not lost: or was something else meant?"""
    choices = tuple(_move_choice(turn, verb, product, grade, amount) for verb in (IN, OUT))
    turn.say("staff.nothing-booked", choices=choices)


def _comes_later(turn: Turn, product: Product, grade: str, amount: int) -> None:
    """What is not there yet can be ordered before; or was it there after all?"""
    day = stock_words.day_said(turn, turn.reading)
    value = f"{expecting.VERB}:{product.key}:{grade}:{amount}" + (f":{day}" if day else "")
    turn.say(
        "staff.comes-later",
        name=turn.name(product, grade),
        quantity=turn.quantity(product, amount, product.unit),
        choices=(
            turn.choice("button.expect", value),
            _move_choice(turn, IN, product, grade, amount),
        ),
    )


def _compare(turn: Turn, product: Product, grade: str, counted: int) -> None:
    """What was counted beside what is in the books; a person decides about the difference."""
    found = stock.levels(turn.unit)
    known = sum(
        each.on_hand for each in found if (each.product, each.grade) == (product.key, grade)
    )
    verb = IN if counted > known else OUT
    amount = abs(counted - known)
    turn.say(
        "staff.stocktake" if amount else "staff.stocktake-same",
        name=turn.name(product, grade),
        known=turn.quantity(product, known, product.unit),
        counted=turn.quantity(product, counted, product.unit),
        choices=(_move_choice(turn, verb, product, grade, amount),) if amount else (),
    )


def _none_left(turn: Turn, product: Product, grade: str, _amount: int = 0) -> None:
    _compare(turn, product, grade, 0)


def _move_choice(turn: Turn, verb: str, product: Product, grade: str, amount: int) -> Choice:
    label = "button.take-in" if verb == IN else "button.write-off"
    quantity = turn.quantity(product, amount, product.unit)
    return turn.choice(label, f"{verb}:{product.key}:{grade}:{amount}", quantity=quantity)


def chosen(turn: Turn) -> str:
    """The value of the button for the product or grade that somebody of the staff typed where it
    was asked which one, with the amount that was said; '' for anything else.
    """
    lines, reading = turn.reading.lines, turn.reading
    if turn.staff and _UNDO.fullmatch(form_of(turn.text).text.strip(" .!。་།")):
        undo, verbs = turn.words("button.undo"), (f"{UNDO}:", f"{households.UNPAY}:")
        offered = turn.state.offered
        undos = [e.value for e in offered if e.label == undo or e.value.startswith(verbs)]
        return undos[0] if len(undos) == 1 else ""
    if not turn.staff or len(lines) != 1 or reading.marks or stock_words.says_more(turn):
        return ""
    line = lines[0]
    if verb := _ASKED_OF.get(turn.state.asked):  # of other goods, then, or of these once more
        alone = line.product and not (line.quantity or reading.number or reading.money)
        grade = choosing.one_grade(turn, line)[1] if alone else None
        return f"{verb}:{line.product}" + ("" if grade is None else f":{grade}") if alone else ""
    if turn.state.asked != choosing.ASKED:
        return ""
    for value in (choice.value for choice in turn.state.offered):
        _, *parts = value.split(":")
        asks_grade = turn.product(parts[-1] if parts else "") is None
        product = next((found for part in parts if (found := turn.product(part))), None)
        if product is None or line.product not in (None, product.key):
            continue
        if asks_grade and line.grade and line.grade in parts:
            return value + _amount_too(turn, product, line, parts[-1])
        if not asks_grade and line.product:
            grade = choosing.one_grade(turn, line)[1]
            rest = "" if grade is None else f":{grade}"
            return value + rest + (_amount_too(turn, product, line, "") if rest else "")
    return ""


def _amount_too(turn: Turn, product: Product, line: Line, last: str) -> str:
    """What of a button's value says the amount, unless its `last` part does already."""
    said = line.quantity
    amount = catalogue.amount(product, said.amount, said.unit) if said else None
    return f":{amount}" if amount and not (last.isdecimal() and len(last) > 1) else ""


def take_amount(turn: Turn) -> bool:
    """How much came in or is lost, after it was asked for; False when no amount was said."""
    product = turn.product(turn.state.about)
    amount = choosing.amount_said(turn, product) if product else None
    if product is None or not amount:
        return False
    verb = next(verb for verb, what in ASKED.items() if what == turn.state.asked)
    turn.state.asked = ""  # before it: a price may be asked then
    DONE[verb](turn, product, turn.state.grade, amount)
    return True


def ask(turn: Turn, product: Product, grade: str, verb: str) -> None:
    """Asks how much came in or is lost."""
    turn.state.about, turn.state.grade, turn.state.asked = product.key, grade, ASKED[verb]
    turn.say(f"staff.ask-{ASKED[verb]}-{product.unit}", name=turn.name(product, grade))


def _take_in(turn: Turn, product: Product, grade: str, amount: int) -> None:
    """A new lot."""
    if not 0 < amount <= AMOUNT_MAX:
        turn.say("staff.bad-amount")
        return
    before = stock.last_movement(turn.unit.db)
    lot = stock.receive(
        turn.unit,
        product.key,
        grade,
        amount,
        by=turn.chat.person,
        best_before=best_before.usual(product, best_before.today(turn)),
    )
    tell_taken_in(turn, "staff.taken-in", product, lot, before)
    source, turn.state.source = turn.state.source, Source()
    if source.product == product.key and source.amount in (0, amount):
        bought.note(turn, lot, product, source)
    elif turn.reading.money and turn.operates:
        bought.ask(turn, str(lot.id))


def tell_taken_in(
    turn: Turn, id: str, product: Product, lot: stock.Lot, before: int, *, new: int | None = None
) -> None:
    """That so much came in after a movement; who waits is served with it, or with what is `new`."""
    undo = undo_choice(turn, before)
    expecting.serve(turn, product, lot if new is None else structs.replace(lot, on_hand=new))
    source = () if lot.household else (turn.choice("button.household", f"household:{lot.id}"),)
    choices = (*source, *best_before.choices(turn, lot), undo)
    tell_stock(turn, id, product, lot.grade, lot.on_hand, choices)


def _write_off(turn: Turn, product: Product, grade: str, amount: int) -> None:
    """Goods that are spoilt or gone, or weighed less."""
    if amount <= 0:
        turn.say("staff.bad-amount")
        return
    before = stock.last_movement(turn.unit.db)
    short = stock.lose(turn.unit, product.key, grade, amount, by=turn.chat.person)
    if short and promised.told(turn, product, grade, amount):
        return
    if short:
        tell_stock(turn, "staff.not-so-much", product, grade, amount)
    else:
        choices = (undo_choice(turn, before),)
        tell_stock(turn, "staff.lost", product, grade, amount, choices)
        flash_figures.tell_less(turn, product, grade)


def write_off_over(turn: Turn, subject: str) -> None:
    """The button: what is past its day now, and no order holds, is written off."""
    key, _, grade = subject.partition(":")
    goods, product = (key, grade), turn.product(key)
    levels = (each for each in stock.levels(turn.unit) if (each.product, each.grade) == goods)
    over = next((each.over for each in levels), 0)
    if product and over:
        _write_off(turn, product, grade, over)
    else:
        turn.say("stale.nothing")


def undo_choice(turn: Turn, before: int) -> Choice:
    """Undoes what moved after that movement."""
    return undo_of(turn, before, stock.last_movement(turn.unit.db))


def undo_of(turn: Turn, after: int, until: int) -> Choice:
    return turn.choice("button.undo", f"{UNDO}:{after}:{until}")


def called(turn: Turn, key: str, grade: str, amount: int) -> str:
    """So much of some goods."""
    product = turn.catalogue.products[key]
    return f"{turn.name(product, grade)} {turn.quantity(product, amount, product.unit)}"


def undo_name(turn: Turn, subject: str) -> str:
    """The goods of which that button undoes something."""
    key, grade = movements.goods_of(turn.unit.db, *movements_of(subject))
    product = turn.product(key)
    return turn.name(product, grade) if product else ""


def movements_of(subject: str) -> tuple[int, int]:
    first, _, last = subject.partition(":")
    after, until = (int(each[:18]) if each.isdecimal() else 0 for each in (first, last))
    return after, until


def is_undone(turn: Turn, button: Choice) -> bool:
    """Whether nothing is left that such a button could undo."""
    return not stock.may_undo(turn.unit, *movements_of(button.value.partition(":")[2]))


def tell_stock(
    turn: Turn,
    id: str,
    product: Product,
    grade: str,
    amount: int,
    choices: tuple[Choice, ...] = (),
) -> None:
    there = stock.available(turn.unit, product.key, grade, aside=False)
    turn.state.about, turn.state.grade, turn.state.stocked = product.key, grade, True
    turn.say(
        id,
        name=turn.name(product, grade),
        quantity=turn.quantity(product, amount, product.unit),
        there=turn.quantity(product, there, product.unit),
        choices=choices,
    )


# What is asked for where no amount was said, and what is done with one.
ASKED = {IN: "stock", OUT: "lost"}
_ASKED_OF = {
    **{asked: verb for verb, asked in ASKED.items()},
    "new-price": "price",
    expecting.ASKED_AMOUNT: expecting.VERB,
}
DONE = {
    IN: _take_in,
    OUT: _write_off,
    LEFT: _compare,
    UNSURE: _which,
    LATER: _comes_later,
    NOT: _booked_nothing,
    NONE: _none_left,
}
