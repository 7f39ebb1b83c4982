"""What a buyer wishes of an order besides its goods is kept as it was written, for the seller."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.language.regex import regex
from bot.language.weighing import CONFIDENT
from bot.shop import follow_ups, order_notes, refunds
from bot.shop.orders import Order, State
from bot.talk import cards, desk, notices
from bot.talk.buyers import ordering, recipients, tracking, unwishing
from bot.talk.turn import Turn

# Where the courier shall leave it: 送到菜鸟驿站就行, leave it with the neighbour.
_LEFT_AT = regex(
    r"(?:[放搁擱存投]|[送寄][到去]).{0,10}(?:[驿驛]站|菜[鸟鳥]|便利|超商|(?<![冰雪])[柜櫃]|[丰豐]巢|自提|代收|[门門][卫衛口]|保安|物[业業]|前台|[传傳][达達]室)"
    r"|\b(?:leave|drop|put) (?:it|them|the \w+)(?: off)? (?:at|with|by|in|on|behind|next) .{0,20}"
    r"\b(?:door|porch|neighbou?rs?|reception|concierge|locker|desk|gate|guard|shop|pick-?up|post)\b"
    r"|(?:སྒོ་སྲུང|སྒོ་ཁ|ཁྱིམ་མཚེས|འཕྲིན་སྡེ|ཁང|ས་ཚིགས|ལེན་ས).{0,16}(?:བཞག|འཇོག|ཞོག)",
    re.IGNORECASE,
)
# Whether that may be, and not whether it was so.
_MAY_BE = regex(
    r"可唔可以|(?<!就)可以|能|可否|[行成中好][吗嗎不]|\b(?:can|could|may|possible|ok(?:ay)?)\b|འགྲིག|ཆོག|ཐུབ",
    re.IGNORECASE,
)
_WAS_LEFT = regex(
    r"了[吗嗎没沒]?|哪|[问問]|[坏壞久]|[几幾][天日]|\b(?:did|has|was|were|why|where|which|who)\b"
)
_REGISTERED = regex(
    r"[挂掛][号號]|\bregistered (?:mail|post|letter|parcel|delivery|shipping)\b|\bby registered\b"
    r"|\b(?:signed-?for|recorded) (?:mail|post|service|delivery)\b|ཐེབས་འགོད",
    re.IGNORECASE,
)
_OF_ELSE = ("aftersales", "price", "stock", "cancel")
_BRIEF = 40  # characters of such a wish
_CLAUSE_END = regex(r"[,，;；。!！།\n]")


def take(turn: Turn) -> bool:
    """Keeps a wish such as 要麻辣的, of the draft or of what was ordered before; False when there
    is none, or goods are said besides."""
    if _rethinks(turn) or _asks_how_it_is_brought(turn):
        return True
    reading, draft = turn.reading, turn.state.draft
    asks = "ask" in reading.found and "enclose" not in reading.marks
    wishes = reading.marks & {"wish", "enclose"} or _tells_where_to_leave(turn)
    if not wishes or asks or turn.staff:
        return False
    # The name that a bill is made out to is not where the goods go.
    to = None if "invoice" in reading.marks else reading.recipient
    goods = any(line.product or line.quantity for line in reading.lines)
    if not draft.lines and not goods:
        elsewhere = to or "change-address" in reading.marks
        return _of_orders(turn, _wishes(turn) if elsewhere else turn.text) and not elsewhere
    complains = reading.intent == "aftersales" and reading.confidence >= CONFIDENT
    if complains or not (draft.lines or reading.lines):
        return False
    more = goods or to or reading.number is not None
    if not more:
        return keep_in_draft(turn, turn.text)
    note = order_notes.joined((draft.note, _wishes(turn)))
    draft.note = note if len(note) <= order_notes.NOTE_MAX else draft.note
    return False


def _asks_how_it_is_brought(turn: Turn) -> bool:
    """Whether it may be left somewhere, or go by registered mail: noted for the seller, who sees
    whether that can be done; of what is on its way the courier is to be asked."""
    reading, text = turn.reading, turn.text
    left = _LEFT_AT.search(text) and _MAY_BE.search(text) and not _WAS_LEFT.search(text)
    registered = _REGISTERED.search(text) and not _WAS_LEFT.search(text)
    free = not (turn.staff or reading.recipient or reading.lines)
    if not free or not (left or registered) or reading.intent in _OF_ELSE:
        return False
    if turn.state.draft.lines:
        return keep_in_draft(turn, text, "order.noted-to-see-here")
    found = tracking.all_meant(turn, follow_ups.UNSENT, loosely=True)
    for order in found:
        keep(turn, order, text, "order.noted-to-see")
    if found:
        return True
    if gone := tracking.meant(turn, (State.SHIPPED,)):
        if left:
            turn.say("shipping.ask-courier")
        tracking.show(turn, gone)
        return True
    if recipients.place_said(turn):
        return False
    products = turn.choice("button.all-products", "products")
    turn.say("shipping.say-with-order", choices=(products,))
    return True


def keep_in_draft(turn: Turn, wish: str, id: str = "order.noted") -> bool:
    """Keeps a wish of what is being ordered, and goes on with that; always True."""
    note = order_notes.joined((turn.state.draft.note, wish))
    if len(note) > order_notes.NOTE_MAX:
        desk.hand_over(turn)
        return True
    turn.state.draft.note = note
    turn.say(id, text=note)
    ordering.proceed(turn)
    return True


def _rethinks(turn: Turn) -> bool:
    """Takes back what was wished before, or wishes something in its place; False for neither."""
    reading, draft, db = turn.reading, turn.state.draft, turn.unit.db
    goods = any(line.product for line in reading.lines) or reading.number is not None
    if turn.staff or goods or reading.recipient or "ask" in reading.found:
        return False
    if draft.lines:
        note = draft.note and _after(turn, draft.note)
        if not draft.note or note is None or len(note) > order_notes.NOTE_MAX:
            return False
        draft.note = note
        turn.say("order.noted" if note else "order.note-gone", text=note)
        ordering.proceed(turn)
        return True
    found = tracking.all_meant(turn, follow_ups.UNSENT, loosely=True)
    if not tracking.names_order(turn) and len(found) == 1:
        found = [each for each in tracking.mine(turn) if each.state in follow_ups.UNSENT]
    of_one = not tracking.says_all(turn, loosely=True)
    notes = ((order, order_notes.of(db, order.id)) for order in found)
    changed = [(order, new) for order, note in notes if (new := _after(turn, note)) is not None]
    if of_one and changed:  # and those that were to go with it
        beside = order_notes.of(db, changed[0][0].id)
        changed = changed[:1] + [each for each in changed[1:] if each[0].number in beside]
    for order, note in changed:
        if order.state is State.PACKING:
            _hand_over(turn, order)
        elif order_notes.set_to(turn.unit, order, note):
            id = "order.noted-on" if note else "order.note-gone-on"
            turn.say(id, number=order.number, text=note)
            notices.tell_staff(turn, "staff.note-changed", order)
        else:
            desk.hand_over(turn, order=order)
    return bool(changed)


def _after(turn: Turn, note: str) -> str | None:
    """What is wished of something after a message; None where it changes nothing that was."""

    def is_wish(text: str) -> bool:
        return "wish" in turn.reader.read(text).marks

    return unwishing.rewished(note, turn.text, is_wish) if note else None


def _tells_where_to_leave(turn: Turn) -> bool:
    """Whether it is told where the parcel shall be left, and no address is waited for."""
    reading, asked = turn.reading, turn.state.asked
    free = asked not in recipients.SLOTS and not (reading.recipient or reading.lines)
    return free and len(turn.text) <= _BRIEF and bool(_LEFT_AT.search(turn.text))


def _wishes(turn: Turn) -> str:
    """What of a message is such a wish; all of it when no part is one by itself."""
    said = [part.strip() for part in _CLAUSE_END.split(turn.text)]
    found = [part for part in said if "wish" in turn.reader.read(part).marks]
    return order_notes.joined(found or [turn.text])


def _of_orders(turn: Turn, wishes: str) -> bool:
    """Keeps it with the order that is meant; of a packed one a person has to be told."""
    if turn.reading.intent == "aftersales" and any(
        each.state in refunds.HAVE_LEFT for each in tracking.mine(turn)
    ):
        return False
    found = tracking.all_meant(turn, follow_ups.UNSENT, (State.SHIPPED,), loosely=True)
    if all(order.state is State.SHIPPED for order in found):
        return False
    return keep_on(turn, found, wishes)


def keep_on(turn: Turn, found: Sequence[Order], wishes: str) -> bool:
    """Keeps a wish with each of some orders that has not left; False when there are none."""
    for order in found:
        if order.state is State.SHIPPED:
            tracking.show(turn, order)
        else:
            keep(turn, order, wishes)
    return bool(found)


def keep(
    turn: Turn, order: Order, wishes: str, id: str = "order.noted-on", *, told: bool = False
) -> None:
    """Keeps it with an order, or hands it to a person; with `told` the buyer has been answered."""
    before = order_notes.of(turn.unit.db, order.id)
    if order.state is State.PACKING:
        _hand_over(turn, order)
        return
    if not order_notes.keep(turn.unit, order, wishes):
        desk.hand_over(turn, order=order)
        return
    note = order_notes.of(turn.unit.db, order.id)
    if not told:
        turn.say(id, number=order.number, text=note)
    if note != before:
        notices.tell_staff(turn, "staff.noted", order)


def _hand_over(turn: Turn, order: Order) -> None:
    def gist(view: Turn) -> str:
        return view.words("desk.on-note", number=order.number, state=cards.standing(view, order))

    turn.say("order.noted-late", number=order.number, handed_over=True)
    desk.hand_over(turn, told=True, order=order, gist=gist)
