"""What waits for the staff, by kind: the oldest of each with how many there are, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from bot.language.regex import regex
from bot.language.script import form_of, shortened
from bot.messages import Choice
from bot.shop import enquiries, order_search, orders, parcels, parts, people, todos, unsettled
from bot.shop.enquiries import Enquiry
from bot.shop.orders import Order
from bot.shop.todos import Kind
from bot.talk import cards, desk
from bot.talk.sellers import best_before, meaning, overviews, unmatched
from bot.talk.turn import Turn

FEW = 3  # of each kind in the list of all
PAGE = 10
LINE_LENGTH = 80  # characters of a question in a list
_ASKED = regex(
    r"(?:我?(?:今天|现在|还)?有?(?:要|该|得)?[做干忙](?:些|点)?(?:什么|啥)事?(?:要做)?|有什么事)[呢啊?]*"
    r"|(?:so )?what (?:should|must|do|can|shall) (?:i|we) (?:have to |need to )?do"
    r"(?: today| now)?\??"
    r"|[་\s]*(?:དེ་རིང་|ད་ལྟ་|ང་ཚོས་|ངས་)*(?:ཅི|ག་རེ|གང)་(?:ཞིག་)?བྱེད་(?:དགོས|རྒྱུ)"
    r"(?:་(?:རེད|ཡིན|ཡོད|འདུག))?(?:་?[པབ]?མ)?[་?།\s]*"
)
LABEL_LENGTH = 12  # characters of a question on its button


class Group(Struct, frozen=True):
    """The ids of what waits in the same way, how one is shown, and how many of it at first."""

    ids: Callable[[Turn], list[int]]
    shown: Callable[[Turn, int], tuple[str, Choice] | None]
    few: int = FEW


def is_asked(turn: Turn) -> bool:
    """Whether it is asked what is to be done, in so many words."""
    return bool(_ASKED.fullmatch(form_of(turn.text).text))


def show(turn: Turn) -> None:
    """All that is to be done now."""
    parts = [_part(turn, name, 0, group.few) for name, group in GROUPS.items()]
    _say(turn, [*parts, best_before.soon_over(turn)])


def press(turn: Turn, subject: str) -> None:
    """All, or more of one kind."""
    name, _, start = subject.partition(":")
    if name not in GROUPS or not start.isdecimal():
        show(turn)
        return
    _say(turn, [_part(turn, name, int(start[:9]), PAGE)])


def _say(turn: Turn, parts: Sequence[tuple[list[str], list[Choice]]]) -> None:
    lines = "\n\n".join("\n".join(lines) for lines, _ in parts if lines)
    choices = tuple(choice for _, choices in parts for choice in choices)
    turn.say("staff.todo" if lines else "staff.nothing-to-do", lines=lines, choices=choices)


def _part(turn: Turn, name: str, start: int, most: int) -> tuple[list[str], list[Choice]]:
    """So many of a kind, with a button for what comes after them."""
    group = GROUPS[name]
    ids = group.ids(turn)
    end = start + most
    if not ids[start:]:
        return [], []
    shown = [found for id in ids[start:end] if (found := group.shown(turn, id))]
    heading = turn.words("todo.heading", name=turn.words(f"todo.{name}"), n=len(ids))
    choices = [choice for _, choice in shown]
    if ids[end:]:
        more = _more(turn, name, len(ids) - end, f"todo:{name}:{end}")
        choices.append(more if end else Choice(heading, more.value))
    return [heading, *(line for line, _ in shown)], choices


def _more(turn: Turn, name: str, n: int, value: str) -> Choice:
    return turn.choice("todo.more", value, name=turn.words(f"todo.{name}"), n=n)


def meant(
    turn: Turn, named: Order | None, verb: str, *kinds: Kind, number: str = ""
) -> Order | None:
    """The order that is named, else the one that the talk is about, else the only one of a kind.

    None when there are several or none, which is said; `verb` is what is to be done to the one,
    with a parcel's `number` if there is one. The first kind of which there is any counts.
    """
    db = turn.unit.db
    waiting = {kind: ids for kind in kinds if (ids := todos.ids(db, kind))}
    known = [id for ids in waiting.values() for id in ids]
    theirs = [] if named or number else order_search.named_in(db, turn.text)
    about = named or meaning.asked_of(turn) or meaning.shown(turn)
    if named or (
        about and about.id in known and (not theirs or about.id in (each.id for each in theirs))
    ):
        return about
    if theirs:
        found = [each for each in theirs if each.id in known] or theirs[:1]
        if len(found) > 1:
            ask_which(turn, verb, found, number)
        return found[0] if len(found) == 1 else None
    kind = next(iter(waiting), None)
    if kind is None and number:
        _nothing_to_ship(turn, number)
    elif kind is None:
        turn.say("staff.nothing-to-do")
    elif len(waiting[kind]) == 1:
        return orders.by_id(db, waiting[kind][0])
    else:
        _ask_which(turn, verb, kind, 0, number)
    return None


def ask_which(turn: Turn, verb: str, found: Sequence[Order], number: str) -> None:
    """Which of some orders, or else of all that wait to be sent, a parcel's number is of."""
    if found:
        _which(turn, [_order_choice(turn, order, verb, number) for order in found], number)
        return
    kind = next((kind for kind in (Kind.SHIP, Kind.PACK) if todos.ids(turn.unit.db, kind)), None)
    if kind:
        _ask_which(turn, verb, kind, 0, number)
    else:
        _nothing_to_ship(turn, number)


def _nothing_to_ship(turn: Turn, number: str) -> None:
    turn.say("staff.nothing-to-ship", number=number)
    doubt(turn, number)


def doubt(turn: Turn, number: str) -> None:
    """Says of a number of which nothing else is asked that its check digit is wrong, if it is."""
    if parcels.is_misspelt(number):
        turn.say("staff.check-digit", number=number)


def _ask_which(turn: Turn, verb: str, kind: Kind, start: int, number: str) -> None:
    ids = todos.ids(turn.unit.db, kind)
    end = start + PAGE
    found = (orders.by_id(turn.unit.db, id) for id in ids[start:end])
    choices = [_order_choice(turn, order, verb, number) for order in found if order]
    if ids[end:]:
        ending = f":{number}" if number else ""
        choices.append(_more(turn, kind, len(ids) - end, f"which:{verb}:{kind}:{end}{ending}"))
    _which(turn, choices, number)


def _order_choice(turn: Turn, order: Order, verb: str, number: str) -> Choice:
    ending = f":{number}" if number else ""
    return Choice(overviews.label(turn, order), f"{verb}:{order.number}{ending}")


def _which(turn: Turn, choices: Sequence[Choice], number: str) -> None:
    id = "staff.which-parcel" if number else "staff.which-order"
    turn.say(id, number=number, choices=tuple(choices))


def which(turn: Turn, parts: Sequence[str]) -> None:
    """The button for more orders that it can be: the verb, the kind, from where on, the number."""
    verb, kind, start, number = (*parts, "", "", "")[:4]
    if verb in ("pack", "number") and kind in set(Kind) and start.isdecimal():
        _ask_which(turn, verb, Kind(kind), int(start[:9]), number)
    else:
        turn.say("stale.nothing")


def _of(kind: Kind) -> Callable[[Turn], list[int]]:
    return lambda turn: todos.ids(turn.unit.db, kind)


def _order(turn: Turn, id: int) -> tuple[str, Choice] | None:
    """An order, with what of it can leave now, or else is still to leave."""
    order = orders.by_id(turn.unit.db, id)
    if order is None:
        return None
    choice = Choice(overviews.label(turn, order), f"order:{order.number}")
    return overviews.line(turn, order, _goods(turn, order)), choice


def _goods(turn: Turn, order: Order) -> str:
    db = turn.unit.db
    rest = parts.rest(db, order) if orders.is_in_parts(db, order) else {}
    goods = parts.there(db, order) or rest
    return cards.amounts(turn, order, goods) if goods else ""


def _enquiries(turn: Turn) -> list[int]:
    return [asked.id for asked in enquiries.open_ones(turn.unit.db, todos.WAITING_MAX)]


def _enquiry(turn: Turn, id: int) -> tuple[str, Choice] | None:
    asked = enquiries.find(turn.unit.db, id)
    if asked is None:
        return None
    words = desk.words_of(turn, asked)
    line = turn.words(
        "staff.todo-enquiry",
        age=turn.span(turn.unit.now - asked.at),
        name=desk.name_of(turn, people.chat(turn.unit, asked.chat_id)),
        text=shortened(words, LINE_LENGTH),
    )
    return line, answer_choice(turn, asked)


def answer_choice(turn: Turn, asked: Enquiry) -> Choice:
    """The button that answers a question, with its beginning."""
    label = shortened(desk.words_of(turn, asked), LABEL_LENGTH)
    return turn.choice("button.reply-to", f"reply:{asked.id}", text=label)


def _money(turn: Turn, id: int) -> tuple[str, Choice] | None:
    found = unsettled.money(turn.unit.db, id)
    return unmatched.shown(turn, found) if found else None


_LATER = (Kind.PART, Kind.AWAITED)
GROUPS: Mapping[str, Group] = {
    **{kind: Group(_of(kind), _order) for kind in Kind if kind not in _LATER},
    "unmatched": Group(lambda turn: unsettled.all_money(turn.unit.db), _money),
    "answer": Group(_enquiries, _enquiry),
    Kind.PART: Group(_of(Kind.PART), _order),
    Kind.AWAITED: Group(_of(Kind.AWAITED), _order, few=0),
}
