"""What a seller says of a parcel by its number: that it is lost, comes back, or is found again."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, repeat

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import orders, parcels
from bot.shop import undelivered as goods_undelivered
from bot.shop.orders import Order, State
from bot.shop.parcels import Parcel
from bot.shop.undelivered import Fate
from bot.talk import desk, order_buttons
from bot.talk.sellers import meaning, overviews, sending, settling, stock_words, undelivered
from bot.talk.turn import Turn

# In the form of a text; the upper one is meant where two are said.
_FOUND = regex(
    r"(?<![没不有])找[到着回]|没有?丢|(?<!not )(?<!n't )\bfound\b|\b(?:turned up|not lost)\b"
    r"|རྙེད་(?:སོང|བྱུང|འདུག|ཟིན)|(?<![ཀ-ྼ])མ་བོར"
)
_BACK = regex(
    r"退回|退了回来|退件|寄回|\b(?:came|come|coming|comes|sent|is|going) back\b|\breturned\b"
    r"|ཕྱིར་(?:ལོག|སློག|འཁོར)|ལོག་(?:སོང|བྱུང)"
)
_LOST = regex(r"丢(?:了|件|失|掉)|[弄搞给]丢|遗失|不见了|找不到|\b(?:lost|missing)\b|བོར|བརླག")
_BAD = regex(r"坏|烂|霉|碎|\b(?:bad|spoil\w*|rotten|broken|damaged)\b|རུལ|ཆག")
_THERE = regex(
    r"(?<![没不未])送到|签收|(?<![没不未])收到(?!.{0,4}\d)|\b(?:arrived|delivered|has it|got it)\b"
    r"|(?:འབྱོར|སླེབས)་(?:སོང|བྱུང|འདུག|ཟིན)"
)
_PARCEL = regex(r"快递|包裹|\b(?:parcel|package|shipment)\b|ཐུམ")
# The buttons that say so, the one that fits best first.
_BUTTONS = {
    Fate.LOST: ("parcel-lost",),
    Fate.BACK: ("came-back", "refused", "returning"),
    Fate.BAD: ("came-back-bad", "refused", "returning"),
}
_FOUND_BUTTONS = ("found", "found-kept", "not-lost")


def told(turn: Turn, press: Callable[[Turn, str, str], bool]) -> bool:
    """Does what the buttons below an order do for what is said of its parcel; False for anything
    else. One that no order has is told, and not entered."""
    form = form_of(turn.text).text
    is_found, fate = bool(_FOUND.search(form)), _fate(form)
    if not (is_found or fate) and (there := _that_is_there(turn, form)):
        return press(turn, "not-lost", there.number)
    numbers = parcels.typed_numbers(turn.text) if is_found or fate else []
    entries = [parcels.of_number(turn.unit.db, each) for each in numbers]
    if numbers and not any(entries) and sending.is_told(turn):
        wrong = turn.locales.joined(turn.language, numbers)
        turn.say("staff.number-nowhere", wrong=wrong)
        return True
    entry = next(chain.from_iterable(entries), None) if all(entries) else None
    order = orders.by_id(turn.unit.db, entry.order_id) if entry else None
    of_parcel = is_found and not numbers and _PARCEL.search(form) and not turn.reading.lines
    if of_parcel and (order := meaning.one(turn)) is None:
        overviews.help(turn)  # It says how an order is named.
        return True
    if order is None:
        return False
    turn.state.order = order.number
    if stock_words.is_wish(turn):
        desk.card_of(turn, order.number)
    elif is_found or not fate:
        _press(turn, order, _FOUND_BUTTONS, press)
    elif not (entry and _of_one(turn, order, entry, fate)):
        _press(turn, order, _BUTTONS[fate], press)
    return True


def _that_is_there(turn: Turn, form: str) -> Order | None:
    """The order of which a part was lost and is said to be with the buyer."""
    if "?" in form or not _THERE.search(form):
        return None
    entries = chain.from_iterable(
        map(parcels.of_number, repeat(turn.unit.db), parcels.typed_numbers(turn.text))
    )
    entry = next(entries, None)
    if entry is None and any(line.quantity for line in turn.reading.lines):
        return None  # Goods came in.
    order = orders.by_id(turn.unit.db, entry.order_id) if entry else meaning.one(turn)
    known = goods_undelivered.may_be_found(turn.unit.db, order) if order else []
    return order if any(each.fate is Fate.LOST for each in known) else None


def _fate(form: str) -> Fate | None:
    if _BACK.search(form):
        return Fate.BAD if _BAD.search(form) else Fate.BACK
    return Fate.LOST if _LOST.search(form) else None


def _of_one(turn: Turn, order: Order, entry: Parcel, fate: Fate) -> bool:
    """Of one parcel of several, or while the rest of its order waits; False for an order's only
    one."""
    if undelivered.of_parcel(turn, order, entry, fate):
        return True
    several = len(parcels.of_order(turn.unit.db, order.id)) > 1
    if fate is not Fate.LOST or not several or order.state is State.RETURNING:
        return False
    settling.lost_one(turn, str(entry.id))
    return True


def _press(
    turn: Turn, order: Order, verbs: tuple[str, ...], press: Callable[[Turn, str, str], bool]
) -> None:
    """The first of these buttons that the order has; none: how it stands."""
    shown = {each.value.partition(":")[0] for each in order_buttons.for_staff(turn, order)}
    verb = next((each for each in verbs if each in shown), None)
    if verb:
        press(turn, verb, order.number)
    else:
        desk.not_now(turn, order)
