"""Stock that was entered by mistake is undone: what came in, what was written off of it, or both;
by buttons, or in words: 撤销上一条报损, undo the last arrival."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.numerals import HAN_NUMERALS
from bot.language.reading import Line
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import corrections, expectations, stock
from bot.shop.catalogue import Product
from bot.shop.corrections import Moved
from bot.talk.sellers import choosing, expecting, promised, stocking
from bot.talk.sellers.stock_words import IN, OUT
from bot.talk.sellers.stocking import UNDO
from bot.talk.turn import Turn

# Buttons, whose subject is a span of movements by which goods came in, and how much of them was
# written off when it was shown; of the second it is left out where it shall be asked which.
BOTH, LOSSES = "undo-both", "undo-losses"
ASKED = "which-undo"
_TAKE_BACK = r"(?:撤[销消回掉了]?|取消|删[掉了除]|去掉|(?:不|别)算|作废|改回[去来])"
_HAN = {IN: "(?:入库|进货|到货)", OUT: "(?:报损|损耗|报废)"}
_ENGLISH = {
    IN: r"(?:arrival|delivery|receipt|entry|lot|stock)",
    OUT: r"(?:write[ -]?offs?|loss(?:es)?|spoilage)",
}
_TIBETAN = {IN: "(?:ནང་འདྲེན|(?<!དངུལ་)འབྱོར་བ|བླུགས་པ)", OUT: "(?:གྱོང་གུན|གྱོང་ཐོ|རུལ་བ|བརླག་པ)"}
_UNDOES = r"\b(?:undo|take back|cancel|remove|delete|scrap|revert|reverse)"
_LAST = "(?:last|latest|previous|recent)"
# Matched in the form of a text: of no order, and not of what has not come yet.
_WORDS = {
    kind: regex(
        rf"{_TAKE_BACK}[^,;.!?\n单没等]{{0,12}}{_HAN[kind]}"
        rf"|(?:(?:刚才?|上一?|最后一?|[那这]一?)[条次笔个]?的?|的){_HAN[kind]}.{{0,6}}{_TAKE_BACK}"
        rf"|{_HAN[kind]}(?:的?记录)?{_TAKE_BACK}"
        rf"|{_UNDOES} (?:the |my )?{_LAST}(?: \w+){{0,2}} ?{_ENGLISH[kind]}\b"
        rf"|{_TIBETAN[kind]}་?(?:མཐའ་མ་|དེ་|འདི་|ཐོ་)*(?:ཕྱིར་(?:བསྒྱུར|འཐེན|བསྡུ)|སུབ|བསུབ|དོར)"
    )
    for kind in (IN, OUT)
}
_MORE = {
    IN: regex(
        rf"{_UNDOES} (?:the |my )?(?:\w+ ){{0,2}}arrival\b"
        rf"|{_UNDOES} what (?:i )?(?:just )?(?:came in|arrived|took in|was (?:added|taken in))\b"
    ),
    OUT: regex(
        rf"{_UNDOES} (?:the |my |that |this )?(?:\w+ ){{0,3}}{_ENGLISH[OUT]}(?! of \d)\b"
        r"|\bun-?write off\b"
    ),
}
# No last one: 上一条.
_AMOUNT = regex(rf"\d|[{HAN_NUMERALS}] ?(?:公?斤|两|克|根)")
SHOWN_MAX = 8
_KINDS = {IN: "in", OUT: "lost"}
_ALL = regex(r"[都全]|所有|\b(?:all|both|everything)\b|ཚང་མ|གཉིས་ཀ|གསུམ་ཀ")


def undo(turn: Turn, subject: str) -> None:
    """The button: what came in or was written off did not."""
    if turn.state.asked == ASKED:
        turn.state.asked = ""
    moved = stocking.movements_of(subject)
    _tell(turn, expectations.undo(turn.unit, *moved, by=turn.chat.person), moved)


def press(turn: Turn, verb: str, subject: str) -> None:
    """The button: so much was not written off, and of `both` it did not come in, either."""
    after, until, lost = (*subject.split(":"), "", "")[:3]
    moved, by = stocking.movements_of(f"{after}:{until}"), turn.chat.person
    losses = corrections.write_offs(turn.unit, *moved)
    if verb == BOTH and lost == str(corrections.written_off(turn.unit, *moved)):
        _tell(turn, corrections.undo_all(turn.unit, *moved, by=by), moved)
    elif verb == BOTH:
        undo(turn, f"{after}:{until}")
    elif lost == str(_sum(losses)) or len(losses) == 1:
        turn.state.asked = ""
        undone = [stock.undo(turn.unit, each.after, each.until, by=by) for each in losses]
        _tell(turn, undone[-1], moved)
    elif losses:
        _ask_which(turn, losses, f"{LOSSES}:{after}:{until}:{_sum(losses)}")
    else:
        turn.say("stale.nothing")


def _sum(moved: Sequence[Moved]) -> int:
    return sum(each.quantity for each in moved)


def _tell(turn: Turn, undone: stock.Lot | stock.Shortage | None, moved: tuple[int, int]) -> None:
    expecting.serve_freed(turn)
    product = turn.product(undone.product) if undone else None
    if undone is None or product is None:
        turn.say("stale.nothing")
    elif isinstance(undone, stock.Lot):
        stocking.tell_stock(turn, "staff.undone", product, undone.grade, 0)
    else:
        not_free(turn, product, undone, moved)


def not_free(turn: Turn, product: Product, short: stock.Shortage, moved: tuple[int, int]) -> None:
    """What came in is held or gone: by whom, or what of it is written off."""
    lost = corrections.written_off(turn.unit, *moved)
    if lost and short.available + lost >= short.wanted:
        _ask_both(turn, product, short.grade, moved, lost)
        return
    again = stocking.undo_of(turn, *moved)
    if not promised.undo_told(turn, product, short, *moved, again):
        stocking.tell_stock(turn, "staff.not-so-much", product, short.grade, 0)


def _ask_both(turn: Turn, product: Product, grade: str, moved: tuple[int, int], lost: int) -> None:
    """Whether what was written off of what came in is to be undone, too, or nothing else."""
    span = f"{moved[0]}:{moved[1]}"
    losses = corrections.write_offs(turn.unit, *moved)
    only = f"{UNDO}:{losses[0].after}:{losses[0].until}" if len(losses) == 1 else f"{LOSSES}:{span}"
    choices = (
        turn.choice("button.undo-both", f"{BOTH}:{span}:{lost}"),
        turn.choice("button.undo-loss", only),
    )
    stocking.tell_stock(turn, "staff.undo-written-off", product, grade, lost, choices)


def said(turn: Turn) -> bool:
    """Undoes what this person took in or wrote off last: 撤销上一条入库; False for anything else.
    Of what was said at once it is asked which is meant."""
    if _told_which(turn):
        return True
    kind = _kind(turn)
    if not kind:
        return False
    found, is_certain = _meant(turn, kind)
    turn.state.asked = ""
    if len(found) > 1 or (found and not is_certain):
        _ask_which(turn, found)
    elif found:
        undo(turn, f"{found[0].after}:{found[0].until}")
    else:
        turn.say("staff.nothing-came-in" if kind == IN else "staff.nothing-written-off")
    return True


def is_said(turn: Turn) -> bool:
    """Whether a message says that stock is to be undone."""
    return bool(_kind(turn))


def _kind(turn: Turn) -> str:
    """What a message says is to be undone, '' for nothing."""
    form = form_of(turn.text).text
    said = (kind for kind in (OUT, IN) if _WORDS[kind].search(form) or _MORE[kind].search(form))
    return next(said, "")


def _meant(turn: Turn, kind: str) -> tuple[list[Moved], bool]:
    """What was last, of goods that are named or of any, or is of an amount that is said; all of
    them if none is, and whether one of them is meant for sure."""
    line = next((line for line in turn.reading.lines if line.product), Line(None, None, None))
    by, key = turn.chat.person, line.product or ""
    found = [
        each
        for each in corrections.late_moves(turn.unit, by, key, _KINDS[kind])
        if line.grade in (None, each.grade)
    ]
    if not _AMOUNT.search(form_of(turn.text).text):
        return [each for each in found if each.at == found[-1].at], True
    fitting = [each for each in found if _amount(turn, each) == each.quantity]
    return fitting or found[-SHOWN_MAX:], bool(fitting)


def _amount(turn: Turn, moved: Moved) -> int | None:
    product = turn.product(moved.product)
    return choosing.amount_said(turn, product) if product else None


def _ask_which(turn: Turn, moved: Sequence[Moved], all_of_them: str = "") -> None:
    """Which of several is to be undone, numbered, or whether all of them."""
    lines, choices = [], []
    for n, each in enumerate(moved, 1):
        goods = stocking.called(turn, each.product, each.grade, each.quantity)
        lines.append(f"{n}. {turn.moment(each.at)} · {goods}")
        choices.append(Choice(f"{n}. {goods}", f"{UNDO}:{each.after}:{each.until}"))
    if all_of_them:
        choices.append(turn.choice("button.undo-all", all_of_them))
    turn.state.asked = ASKED
    turn.say("staff.which-undo", lines="\n".join(lines), choices=tuple(choices))


def _told_which(turn: Turn) -> bool:
    """The answer in words to that: a number, an amount, the goods, or all; else it is left."""
    if turn.state.asked != ASKED:
        return False
    turn.state.asked = ""
    form, offered = form_of(turn.text).text.strip(" .!。་།"), turn.state.offered
    undos = [each.value.partition(":")[2] for each in offered if each.value.startswith(f"{UNDO}:")]
    every = next((each.value for each in offered if each.value.startswith(LOSSES)), "")
    if every and _ALL.search(form):
        press(turn, *every.split(":", 1))
        return True
    nth = choosing.nth(form, len(undos))
    found = [undos[nth - 1]] if nth else [each for each in undos if _fits(turn, each)]
    if len(found) == 1:
        undo(turn, found[0])
    return len(found) == 1


def _fits(turn: Turn, subject: str) -> bool:
    """Whether a message names the goods or the amount of some movements, and nothing else."""
    span, reading = stocking.movements_of(subject), turn.reading
    found = corrections.moved(turn.unit, *span)
    line = reading.lines[0] if len(reading.lines) == 1 else None
    if line is None or len(found) != 1:
        return False
    one = found[0]
    is_goods = line.product in (None, one.product) and line.grade in (None, one.grade)
    return is_goods and (
        _amount(turn, one) == one.quantity if line.quantity else line.product is not None
    )
