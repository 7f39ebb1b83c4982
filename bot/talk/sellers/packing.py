"""Several orders that are packed at once: those that are named, or all that wait for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

from bot.language.addresses.names import is_lone_name
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import expectations, numbers, order_search, orders, todos
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.todos import Kind
from bot.talk import cards, desk, notices
from bot.talk.buyers import whose
from bot.talk.sellers import meaning, overviews, sending, todo
from bot.talk.turn import Turn

SURE = "sure-pack-all"  # the verb of a button
SHOWN_MAX = 20  # orders of a list
TEXT_LENGTH = 400  # characters of a message that names orders which are packed
# All are matched in the form of a text.
_NOT = regex(
    r"[?吗]|[没未]|还没|\b(?:not|yet to|never|isn't|aren't|haven't|hasn't|didn't)\b"
    r"|(?<![\u0f40-\u0fbc])(?:མ་(?:ཚར|ཟིན|བྱས|སྒྲིལ|བརྒྱབ)|མེད)"
)
_PACKED = regex(
    r"已?打包[装好完]*了?|包[好完]了|打好包了?|[装备]好了|已?装箱了?|配好货了?"
    r"|(?<![-\w])(?:packed|packing done|ready to ship)(?: up)?\b"
    r"|ཐུམ་(?:མ་)?(?:སྒྲིལ|བརྒྱབ|རྒྱག)་(?:མ་)?(?:ཚར|ཟིན|བྱས)(?:་(?:སོང|པ་ཡིན|ཡོད))?"
)
_ALL = regex(r"全部|所有|全|都|\b(?:all|everything|every|both|each)\b|ཚང་མ|གཉིས་ཀ|གསུམ་ཀ|ཡོངས")
_EXCEPT = regex(
    r"除[了开去]?|以外|之外|\b(?:except|but|apart from|other than|without)\b"
    r"|མ་གཏོགས|ཕུད|མིན་པ"
)
# What stands between names and is none of them.
_BESIDE = regex(
    r"[^\w་\u0f40-\u0fbc]+|[\d_]+|[几两一三四五六七八九十]+[个张份]?订?单子?|订?单子?|包裹|[的那这些份和跟与还有也把已经现在今天给我们好了啦哦是哈啊呀嗯]"
    r"|(?<![a-z])(?:orders?|parcels?|ones?|and|the|for|of|is|are|i|we|have|has|'ve|now|just|s|them"
    r"|up|too|also|today|done|for|to|my|it|they|these|those|that|waiting)(?![a-z])"
    r"|(?<![\u0f40-\u0fbc])(?:དང|ཀྱི|གྱི|གི|འི|ཡི|མངགས་ཐོ|དེ|འདི|རྣམས|ལ|ཡང|བཅས|ང་ཚོས|ངས)(?![\u0f40-\u0fbc])|འི་"
)


def said(turn: Turn) -> bool:
    """Packs all that a message names, or asks whether all are meant that wait; False where it names
    one order, or says something else of them."""
    form = form_of(turn.text).text
    if not _is_said(turn) or len(form) > TEXT_LENGTH or _NOT.search(form):
        return False
    named, text = _named(turn)
    beside = turn.reader.read(text)
    if beside.lines or beside.money or sending.is_told(turn):
        return False
    rest = form_of(text).text
    n, but = whose.how_many(form), _EXCEPT.search(rest)
    of_all = n > 0 or _ALL.search(rest) is not None
    if n and not named and n != len(_waiting(turn)):
        return False
    strange = _names_in(text)
    if not all(_may_be_somebody(turn, name) for name in strange):
        return False
    if of_all and (but or not named) and not strange:
        _ask_all(turn, [order for each in named for order in each])
    elif not but and (len(named) > 1 or (named and (of_all or strange))):
        _pack_named(turn, named, strange, every=of_all)
    elif not but and not named and len(strange) == 1:
        _pack(turn, (), (), strange)  # Not the only order that waits, which is somebody else's.
        todo.ask_which(turn, "pack", (), "")
    else:
        return False
    return True


def denied(turn: Turn) -> bool:
    """Shows the order that is said not to be packed yet, or asked about, or what waits."""
    if not _is_said(turn) or not _NOT.search(form_of(turn.text).text):
        return False
    if order := meaning.one_said(turn):
        desk.card_of(turn, order.number)
    elif "packed" in turn.reading.marks:
        todo.show(turn)
    else:
        return False
    return True


def asked_which(turn: Turn) -> bool:
    """Asks which of several that are named is packed, where more is said of them; False for one."""
    named = _named(turn)[0] if _is_said(turn) else []
    waiting = set(_waiting(turn))
    found = {each.id: each for theirs in named for each in theirs if each.id in waiting}
    if len(named) < 2 or not found:
        return False
    todo.ask_which(turn, "pack", list(found.values()), "")
    return True


def _is_said(turn: Turn) -> bool:
    is_marked = "packed" in turn.reading.marks
    return is_marked or _PACKED.search(form_of(turn.text).text) is not None


def _named(turn: Turn) -> tuple[list[list[Order]], str]:
    """The orders of each number and of each name in a message, in its order, and what else it
    says."""
    db, text = turn.unit.db, numbers.ascii_digits(turn.text)
    found: list[tuple[int, list[Order]]] = []
    for said in numbers.WRITTEN.finditer(text):
        if order := orders.find(db, said[0]):
            found.append((said.start(), [orders.standing(db, order)]))
            text = whose.blank(text, said)
    for said in re.finditer(r"(?<!\d)\d{6}(?!\d)", text):
        if theirs := order_search.of_digits(db, said[0]):
            found.append((said.start(), theirs))
            text = whose.blank(text, said)
    of_names, text = whose.all_named(db, text)
    found = sorted([*found, *of_names], key=lambda each: each[0])
    return [theirs for _, theirs in found], text


def _names_in(text: str) -> list[str]:
    """What else a text names, and may be somebody of whom nothing is known."""
    form = form_of(text)
    rest = form.text
    text = rest if form.tibetan or len(text) != len(rest) else text
    for words in (_PACKED, _EXCEPT, _ALL, _BESIDE):
        rest = words.sub(lambda said: "," * len(said[0]), rest)
    found = (text[said.start() : said.end()] for said in re.finditer("[^,]+", rest))
    return [name for each in found if (name := each.strip("་ "))]


def _may_be_somebody(turn: Turn, name: str) -> bool:
    said = turn.reader.read(name)
    return is_lone_name(name) and not (name.islower() or said.topics or said.marks)


def _waiting(turn: Turn) -> list[int]:
    return todos.ids(turn.unit.db, Kind.PACK)


def _pack_named(
    turn: Turn, named: Sequence[Sequence[Order]], strange: Sequence[str], *, every: bool
) -> None:
    """All for whom one order waits, or `every` one; of which of several is asked."""
    waiting = set(_waiting(turn))
    ready, not_ready, several = list[Order](), list[Order](), list[Order]()
    for theirs in named:
        wait = sorted((each for each in theirs if each.id in waiting), key=lambda each: each.id)
        if not wait:
            not_ready.append(theirs[0])
        elif len(wait) == 1 or every:
            ready += wait
        else:
            several += wait
    _pack(turn, ready, not_ready, strange)
    if several:
        todo.ask_which(turn, "pack", several, "")


def _pack(
    turn: Turn, ready: Sequence[Order], not_ready: Sequence[Order], strange: Sequence[str] = ()
) -> None:
    """Packs what is ready, and says in one message which were and why the others were not."""
    packed, left = list[Order](), list(not_ready)
    for order in {each.id: each for each in ready}.values():
        try:
            moved = orders.move(turn.unit, order, State.PACKING, by=turn.chat.person)
        except NotAllowed:
            left.append(orders.fresh(turn.unit.db, order))
        else:
            notices.moved(turn, moved)
            packed.append(moved.order)
    parts = list[str]()
    if packed:
        turn.state.asked, turn.state.order = sending.ASKED, ""
        lines = _list([overviews.label(turn, order) for order in packed])
        parts.append(turn.words("packing.packed", n=len(packed), lines=lines))
    if left := list({each.id: each for each in left}.values()):
        whys = [f"{overviews.label(turn, order)} · {_why(turn, order)}" for order in left]
        parts.append(turn.words("packing.not-packed", lines=_list(whys)))
    if strange:
        names = turn.locales.joined(turn.language, strange)
        parts.append(turn.words("packing.unknown", names=names))
    choices = (
        Choice(overviews.label(turn, order), f"ship:{order.number}")
        for order in packed[: todo.PAGE]
    )
    if parts:
        turn.say("packing.told", lines="\n".join(parts), choices=tuple(choices))


def _why(turn: Turn, order: Order) -> str:
    """Why an order cannot be packed."""
    db = turn.unit.db
    if order.state is State.CONFIRMED and expectations.awaited(db, order.id):
        return turn.words("todo.awaited")
    if order.state is State.PLACED:
        is_claimed = order.id in todos.ids(db, Kind.CONFIRM)
        return turn.words("todo.confirm" if is_claimed else "packing.unpaid")
    return cards.standing(turn, order)


def _list(lines: Sequence[str]) -> str:
    return "\n".join([*lines[:SHOWN_MAX], *("…" for _ in lines[SHOWN_MAX : SHOWN_MAX + 1])])


def _ask_all(turn: Turn, but: Sequence[Order] = ()) -> None:
    """Asks whether all that wait are packed, `but` some."""
    spared = sorted({order.id for order in but})
    ids = [id for id in _waiting(turn) if id not in spared]
    found = [order for id in ids if (order := orders.by_id(turn.unit.db, id))]
    if not found:
        turn.say("staff.nothing-to-do")
    elif len(found) == 1:
        _pack(turn, found, ())
    else:
        lines = _list([overviews.line(turn, order) for order in found])
        value = f"{SURE}:{_sum(ids)}:{'+'.join(map(str, spared))}"
        sure = turn.choice("button.pack-all", value)
        turn.say("packing.sure-all", n=len(found), lines=lines, choices=(sure,))


def press(turn: Turn, subject: str) -> None:
    """The button: as many as were shown; where others wait by now, they are asked about."""
    shown, _, spared = subject.partition(":")
    but = {int(id[:18]) for id in spared.split("+") if id.isdecimal()}
    ids = [id for id in _waiting(turn) if id not in but]
    found = [order for id in ids if (order := orders.by_id(turn.unit.db, id))]
    if shown == str(_sum(ids)):
        _pack(turn, found, ())
    else:
        kept = [order for id in sorted(but) if (order := orders.by_id(turn.unit.db, id))]
        _ask_all(turn, kept)


def _sum(ids: Sequence[int]) -> int:
    """Tells some orders from any others."""
    return crc32(" ".join(map(str, ids)).encode())
