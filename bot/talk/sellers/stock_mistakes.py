"""What a seller said wrongly of goods that came in or are lost: put right, or undone, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import corrections, movements, order_search, orders, people, stock
from bot.shop.catalogue import Product
from bot.shop.corrections import Moved
from bot.talk.buyers import recipients
from bot.talk.sellers import (
    best_before,
    bought,
    choosing,
    expecting,
    giving_back,
    households,
    sending,
    stock_undoing,
    stock_words,
    stocking,
)
from bot.talk.sellers.stock_words import IN, OUT
from bot.talk.turn import Turn

VERB = "put-right"  # a button; its subject is what moved, and how much it was
ASKED = "which-wrong"
_KINDS = {"": "", IN: "in", OUT: "lost"}
# Another amount is meant than was said.
_WRONG = regex(
    r"不对|唔[系啱]|错了|[写记打输录说搞]错|[写记打输录]成|^(?:不|哦不|不不)[,. ]|不是|应该是|更正"
    r"|\b(?:no|wrong|sorry|oops|actually|correction|i mean|i meant|should (?:be|have been)"
    r"|it was|make (?:it|that)|not \d|instead of)\b|མ་རེད|མིན|ནོར|འཛོལ"
)
# 送来的是180根: of what was said just now, else it is news.
_WAS = regex(
    r"(?:[到来收进送坏烂]了?的|货)(?:其实)?是|\b(?:came in|arrived|lost|spoiled) (?:was|were)\b"
    r"|\bthere (?:was|were)(?: only)?\b|བ་ནི་|པ་ནི་"
)
_BECOMES = regex(r"改[成为到]|换成|\b(?:change|make) (?:it|that) (?:to )?\d|བཅོས|བསྒྱུར|བརྗེ")
_SOURCE = regex(r"家|\bfrom\b|ཚང")  # who brought it is told of what is new
_SPOILT = regex(
    r"报损|损耗|报废|[坏烂霉馊]|过期|变质"
    r"|\b(?:spoil\w*|rott\w*|wr(?:ite|ote|itten)[ -]off|broken?)\b"
    r"|གྱོང|རུལ|ཧམ|བརླག|ཆག"
)
# The answer to which of what was said at once.
_CAME = regex(r"入库|进货|到货|[到来收进]|\b(?:add\w*|arriv\w*|came|received|came in)\b|བླུགས|འབྱོར")
WHICH_MAX = 24  # characters of it
# What is asked of an order that is being made: the seller is the buyer then.
OF_DRAFT = (*recipients.SLOTS, "product", "grade", "quantity", "confirm")
# What is asked of goods that came in just now: they may have been another amount, too.
_OF_LOTS = (bought.ASKED, best_before.ASKED, best_before.HARVESTED)
# A clause that says what it was not, and the end of one that does.
_NOT_SO = regex(r"[\s,，]*(?:不是|唔系|\bnot\b)|.*\d.*(?:མིན|མ་རེད)", re.IGNORECASE)
# Of orders and prices, and not of stock.
_OTHER = regex(
    r"[发寄退](?!现)|客[人户]|订单|价|\d ?[元块]? ?[一每/] ?(?:公?斤|克|根|条)"
    r"|\b(?:send\w*|sent|ship\w*|orders?|refund\w*|customer|buyer|price|per|each)\b"
    r"|བསྐུར|མངགས|ཉོ་མཁན|གོང|རེར"
)
_NOT_THAT = regex(r"(?:[写记打输录]成|\binstead of\b)[^,;.!\n]*")


def corrected(turn: Turn) -> bool:
    """Puts right how much came in or was written off: 不对，是3斤; False for anything else.

    What was said just now is meant, else what this person said last of the goods that are named,
    or of any; which one, when it may be several, is asked.
    """
    if _told_which(turn):
        return True
    reading, verb = turn.reading, stock_words.verb_of(turn)
    becomes = _becomes(turn)
    if not (becomes or (is_said(turn) and verb in _KINDS)) or reading.money:
        return False
    if turn.state.draft.lines and (stock_words.is_wish(turn) or not _says_amount(turn)):
        return False  # 我要的不是2斤, or a number of an address.
    of_goods = list(dict.fromkeys(line.product for line in reading.lines if line.product))
    found = [_found(turn, key, _KINDS.get(verb, "")) for key in of_goods or [""]]
    if not all(found):
        return False
    orders = _order_choices(turn, of_goods)
    if all(len(each) == 1 for each in found) and not orders:
        for [(moved, amount)] in found:
            _put_right(turn, moved, amount)
    else:
        choices = (_choice(turn, *one) for each in found for one in each)
        turn.state.asked = ASKED
        id = "staff.which-stock-or-order" if orders else "staff.which-stock-wrong"
        turn.say(id, choices=(*choices, *orders))
    return True


def return_corrected(turn: Turn) -> bool:
    """Puts right how much went back to a household just now; False for anything else."""
    form, named = form_of(turn.text).text, turn.reading.product or ""
    if not _WRONG.search(form) or turn.reading.money:
        return False
    for each in _just_said(turn, named):
        lot = corrections.given_back(turn.unit, each.after, each.until)
        if lot and (amount := _amount(turn, each.product)):
            stock.undo(turn.unit, each.after, each.until, by=turn.chat.person)
            giving_back.give(turn, stock.lot(turn.unit.db, lot.id) or lot, amount)
            return True
    return False


def is_said(turn: Turn) -> bool:
    """Whether a message says that something was another than was said before."""
    form = form_of(turn.text).text
    return bool(_WRONG.search(form) or (_WAS.search(form) and not _SOURCE.search(form)))


def _becomes(turn: Turn) -> bool:
    """Whether what was said just now shall be of another amount: 改成4斤, which is no price."""
    form, lines = form_of(turn.text).text, turn.reading.lines
    is_amount = bool(lines) and all(each.quantity for each in lines)
    if not is_amount or not _BECOMES.search(form) or _OTHER.search(form):
        return False
    return bool(_just_said(turn, lines[0].product or ""))


def _says_amount(turn: Turn) -> bool:
    return turn.reading.recipient is None and any(line.quantity for line in turn.reading.lines)


def _found(turn: Turn, key: str, kind: str) -> list[tuple[Moved, int]]:
    """What may be meant of goods, or of any, each with how much it is said to have been."""
    grade = next((line.grade for line in turn.reading.lines if line.grade), None)
    moved = [each for each in _just_said(turn, key) if _is_kind(turn, each, kind)]
    is_wrong = _WRONG.search(form_of(turn.text).text)
    if not moved and is_wrong and _may_be_earlier(turn, key, kind):
        moved = _of_asked(turn) or corrections.last_moves(turn.unit, turn.chat.person, key, kind)
    return [
        (each, amount)
        for each in moved
        if grade in (None, each.grade) and (amount := _amount(turn, each.product))
    ]


def _of_asked(turn: Turn) -> list[Moved]:
    """How the lot came in of which something is asked."""
    if turn.state.asked not in _OF_LOTS or any(line.product for line in turn.reading.lines):
        return []
    late, lot = corrections.late_moves(turn.unit, turn.chat.person, kind="in"), turn.state.lot
    return [
        each
        for each in late
        if lot in (came.id for came in corrections.came_in(turn.unit, each.after, each.until))
    ]


def _just_said(turn: Turn, key: str) -> list[Moved]:
    """What the buttons below the last words undo, of goods or of any."""
    shown = [each.value for one in people.offered(turn.unit, turn.chat)[::-1] for each in one]
    undos = dict.fromkeys(each for each in shown if each.startswith(f"{stocking.UNDO}:"))
    ranges = [stocking.movements_of(each.partition(":")[2]) for each in undos]
    return [
        Moved(*each, *goods)
        for each in ranges
        if key in ("", (goods := movements.goods_of(turn.unit.db, *each))[0])
        and stock.may_undo(turn.unit, *each)
    ]


def _is_kind(turn: Turn, moved: Moved, kind: str) -> bool:
    """Whether goods came in, or were lost, where it is said which of both."""
    amount = movements.amount_of(turn.unit.db, moved.after, moved.until)
    return not kind or (amount > 0) == (kind == "in")


def _may_be_earlier(turn: Turn, key: str, kind: str) -> bool:
    """Whether words may be about stock that was not talked of just now: about no order, and not an
    answer to something else."""
    db, asks = turn.unit.db, OF_DRAFT if turn.state.draft.lines else ()
    is_other = turn.reading.marks & stocking.OF_OTHER_WORK or stock_words.is_wish(turn)
    of_draft = not _names_move(turn, kind) and key in _newest(turn)
    return not (
        is_other
        or of_draft
        or _OTHER.search(form_of(turn.text).text)
        or turn.state.asked
        not in ("", *_OF_LOTS, households.ASKED_WAY, sending.ASKED, choosing.ASKED, *asks)
        or orders.find(db, turn.text)
        or order_search.named_in(db, turn.text)
    )


def _newest(turn: Turn) -> set[str]:
    """What is in the draft, and "" for nothing that is named, where that was talked of last."""
    lines = [] if turn.state.stocked else turn.state.draft.lines
    return {"", *(line.product for line in lines)} if lines else set()


def _names_move(turn: Turn, kind: str) -> bool:
    """Whether it is said that goods came in, or spoilt; 少3斤 may be less of an order, too."""
    return kind == "in" or (kind == "lost" and _SPOILT.search(form_of(turn.text).text) is not None)


def _order_choices(turn: Turn, of_goods: Sequence[str]) -> list[Choice]:
    """So much of goods could be wanted besides what is being ordered, if that was talked of last
    and it is not said of the goods that they came in or are lost."""
    kind = _KINDS.get(stock_words.verb_of(turn), "")
    if not _newest(turn) or _names_move(turn, kind):
        return []
    return [
        turn.choice(
            "button.order-it",
            f"n:{product.key}:{grade}:{amount}:{product.unit}",
            quantity=turn.quantity(product, amount, product.unit),
        )
        for line in turn.reading.lines
        if line.product in of_goods
        for product, grade in [choosing.one_grade(turn, line)]
        if product and grade is not None and (amount := _amount(turn, product.key))
    ]


def _amount(turn: Turn, key: str) -> int:
    """How much of those goods a message says that it was; 0 when it does not."""
    product = turn.product(key)
    form = _NOT_THAT.sub("", form_of(turn.text).text)
    parts = [part for part in stock_words.clauses(form) if not _NOT_SO.match(part)]
    reads = [replace(turn, text=part, reading=turn.reader.read(part)) for part in parts]
    of_these = [each for each in reads if not _names_others(each, key)]
    amounts = [
        each
        for part in of_these
        if product and (each := choosing.amount_said(part, product, turn.state.unit))
    ]
    return amounts[-1] if amounts else 0


def _names_others(turn: Turn, key: str) -> bool:
    named = {line.product for line in turn.reading.lines} - {None}
    return bool(named) and key not in named


def _choice(turn: Turn, moved: Moved, amount: int) -> Choice:
    """The button for one of several: what it was, and what it is to be."""
    product = turn.catalogue.products[moved.product]
    before = movements.amount_of(turn.unit.db, moved.after, moved.until)
    return turn.choice(
        "button.put-right-in" if before > 0 else "button.put-right-out",
        f"{VERB}:{moved.after}:{moved.until}:{amount}",
        name=turn.name(product, moved.grade),
        before=turn.locales.short(turn.language, abs(before), product.unit),
        after=turn.locales.short(turn.language, amount, product.unit),
    )


def _told_which(turn: Turn) -> bool:
    """The goods alone, where it was asked which ones are meant, or that they came or spoiled, or
    its place among the buttons."""
    if turn.state.asked != ASKED:
        return False
    turn.state.asked = ""
    lines, form = turn.reading.lines, form_of(turn.text).text.strip(" .!,。་།")
    subjects = [e.value.partition(":")[2] for e in turn.state.offered if e.value.startswith(VERB)]
    nth = choosing.nth(form, len(subjects))
    if any(line.quantity for line in lines) and not nth:
        return False
    named = {line.product for line in lines} - {None}
    kind = "out" if _SPOILT.search(form) else "in" if _CAME.search(form) else ""
    is_told = len(form) <= WHICH_MAX and (named or kind)
    found = (
        [subjects[nth - 1]]
        if nth
        else [e for e in subjects if is_told and _is_of(turn, e, named, kind)]
    )
    if len(found) == 1:
        press(turn, found[0].split(":"))
    elif found:
        turn.state.asked = ASKED
        offered = [e for e in turn.state.offered if e.value.partition(":")[2] in found]
        turn.say("staff.which-stock-wrong", choices=tuple(offered))
    return bool(found)


def _is_of(turn: Turn, subject: str, named: set[str | None], kind: str) -> bool:
    span = stocking.movements_of(subject.rpartition(":")[0])
    is_in = movements.amount_of(turn.unit.db, *span) > 0
    is_goods = not named or movements.goods_of(turn.unit.db, *span)[0] in named
    return is_goods and kind in ("", "in" if is_in else "out")


def press(turn: Turn, parts: Sequence[str]) -> None:
    """The button that says which one was meant."""
    after, until, amount = (*(int(e[:18]) if e.isdecimal() else 0 for e in parts), 0, 0, 0)[:3]
    moved = Moved(after, until, *movements.goods_of(turn.unit.db, after, until))
    turn.state.asked = ""
    if amount and turn.product(moved.product) and stock.may_undo(turn.unit, after, until):
        _put_right(turn, moved, amount)
    else:
        turn.say("stale.nothing")


def _put_right(turn: Turn, moved: Moved, amount: int) -> None:
    product: Product = turn.catalogue.products[moved.product]
    if amount > stocking.AMOUNT_MAX:
        turn.say("staff.bad-amount")
        return
    span = moved.after, moved.until
    came = corrections.came_in(turn.unit, *span)
    put = corrections.put_right(turn.unit, *span, amount, by=turn.chat.person)
    if isinstance(put, corrections.PutRight):
        lot, before = put.lot, corrections.arrival_of(turn.unit, put.lot) - 1
        stocking.tell_taken_in(turn, "staff.corrected-in", product, lot, before, new=put.new)
        expecting.serve_freed(turn)
        if lot.household:
            bought.tell(turn, lot, product, lot.household, lot.paid_minor)
        if turn.state.asked in _OF_LOTS and turn.state.lot == came[0].id:
            turn.state.lot = lot.id
            if turn.state.asked == bought.ASKED:
                bought.ask_on(turn, lot, product)
    elif put is None:
        stock.undo(turn.unit, *span, by=turn.chat.person)
        stocking.DONE[OUT](turn, product, moved.grade, amount)
    else:
        stock_undoing.not_free(turn, product, put, span)
