"""An order that was said to have left, and is here yet: it waits to be sent as before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import partial
from itertools import chain, repeat

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import not_left, order_search, orders, parcels, todos
from bot.shop.order_states import NOT_LEFT
from bot.shop.orders import NotAllowed, Order
from bot.shop.parcels import Parcel
from bot.shop.todos import Kind
from bot.talk import cards, notices, order_buttons
from bot.talk.sellers import meaning, overviews, sending, settling
from bot.talk.turn import Turn

SURE = "sure-not-left"
SAID_MAX = 60  # characters of a message that says no more
# In the form of a text: that something has not left, and that somebody asks whether.
_HERE_YET = regex(
    r"(?:还|都|并|根本|其实|实际上?)(?:还|都|并)?(?:没有?|未)(?:有)?(?:[发寄]|送出)"
    r"|(?:\bnot|n't|\bnever) (?:actually |really |even )?(?:left|(?:been )?(?:sent|shipped))\b"
    r"|(?:\bnot|n't|\bnever) (?:actually |really )?gone out\b|\bstill here\b"
    r"|(?:ད་དུང་|དངོས་སུ་|ད་ལྟ་ཡང་)[ཀ-ྼ་]{0,24}?(?:བསྐུར་མེད|མ་བསྐུར)"
)
_ASKS = regex(r"[?吗么哪谁几]|多少|什么|\b(?:which|what|who|why)\b|གང་|སུ་|དམ|ཡིན་ནམ")


def said(turn: Turn) -> bool:
    """Does what the button does for what a message says has not left; False for anything else."""
    form = form_of(turn.text).text
    if len(form) > SAID_MAX or not _HERE_YET.search(form) or _ASKS.search(form):
        return False
    found = _meant(turn)
    if len(found) == 1:
        turn.state.order = found[0].number
        press(turn, found[0])
    elif found:
        choices = (Choice(overviews.label(turn, e), f"{NOT_LEFT}:{e.number}") for e in found)
        turn.say("staff.which-not-left", choices=tuple(choices))
    return bool(found)


def _meant(turn: Turn) -> list[Order]:
    """What can be meant of the orders that are named; else the one that was shown, all that wait
    for a number, or the one whose number was entered last. Those without one before the others."""
    db = turn.unit.db
    entries = map(parcels.of_number, repeat(db), parcels.typed_numbers(turn.text))
    named = [order] if (order := meaning.named(turn)) else _of(db, chain.from_iterable(entries))
    named = named or order_search.named_in(db, turn.text)
    if turn.reading.lines and not named:
        return []  # Of these goods, rather.
    shown, last = meaning.shown(turn), parcels.last_by(db, turn.chat.person)
    waiting = [order for id in todos.ids(db, Kind.NUMBER) if (order := orders.by_id(db, id))]
    found = named or ([shown] if shown else waiting or _of(db, [last] if last else []))
    may_be = [each for each in found if not_left.may_be(db, each)]
    return [each for each in may_be if not_left.is_likely(db, each)] or may_be


def _of(db: sqlite3.Connection, entries: Iterable[Parcel]) -> list[Order]:
    """The orders of some parcels."""
    found = {each.order_id: orders.by_id(db, each.order_id) for each in entries}
    return [order for order in found.values() if order]


def press(turn: Turn, order: Order, *, sure: bool = False) -> None:
    """The button: it has not left; where it has a number, that is asked first. Raises
    NotAllowed."""
    db = turn.unit.db
    if not not_left.may_be(db, order):
        raise NotAllowed(order, order.state, NOT_LEFT)
    if not sure and (known := parcels.of_order(db, order.id)):
        turn.say(
            "staff.not-left-sure",
            number=order.number,
            wrong=turn.locales.joined(turn.language, [each.number for each in known]),
            choices=(turn.choice("button.not-left-sure", f"{SURE}:{order.number}"),),
        )
        return
    again = not_left.take_back(turn.unit, order, by=turn.chat.person)
    settling.ask_no_more(turn, again)
    turn.state.asked, turn.state.order = sending.ASKED, again.number
    turn.say(
        "staff.not-left",
        number=again.number,
        card=cards.order_card(turn, again),
        choices=order_buttons.for_staff(turn, again),
    )
    notices.tell_staff(turn, "staff.not-left", again)
    notices.tell_buyer(turn, "notice.not-left", again)


press_sure = partial(press, sure=True)
