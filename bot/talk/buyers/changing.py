"""Other goods for an order that has not been packed: it becomes a draft once more."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from bot.language.addresses.recipient import Recipient
from bot.language.reading import Reading
from bot.language.regex import regex
from bot.shop import follow_ups, order_notes, orders
from bot.shop.orders import Order, State
from bot.talk.buyers import (
    amending,
    cancelling,
    drafting,
    leaving_out,
    ordering,
    recipients,
    rereading,
    taking_off,
    tracking,
    whose,
)
from bot.talk.conversation import Draft, DraftLine
from bot.talk.turn import Turn

# 加到上一单里, 订单里再加: added to an order that stands; it may be said of which.
_ADDS_TO = regex(
    r"[加并併合放][到进進入]|[单單].{0,6}加|\b(?:add|put)\b.*\border\b|ཁ་སྣོན", re.IGNORECASE
)
# Other goods for the same parcel; and so much of what is in it, no more: 只要1斤.
_BESIDES = regex(
    r"一起|一块|一塊|一并|一併|[也还還]要|[顺順][便带帶]|\b(?:also|as well|too|with it|along)\b"
    r"|ཀྱང|འང|མཉམ",
    re.IGNORECASE,
)
_ONLY = regex(r"只|\b(?:just|only)\b|ལས་མི|ཁོ་ན", re.IGNORECASE)
_BEFORE = regex(r"上一?[单單]|原[来來]|之前|\b(?:last|previous|existing)\b|སྔོན་མ", re.IGNORECASE)
_KEEP = regex(
    r"[不别別][改换換]了|还是要?原来|還是要?原來|\bdon.?t change\b"
    r"|\b(?:keep|leave) (?:it|that|my order|the order) as\b",
    re.IGNORECASE,
)
_ADDRESS = regex(
    r"地址|电话|電話|手机|手機|收[货貨件]|\baddress\b|\bphone\b|ཁ་བྱང|ཁ་པར", re.IGNORECASE
)
# Says that an address follows, whether or not it can be read.
NEW_ADDRESS = regex(
    r"地址[都请請要]?[改换換][成为為到]|[改换換]地址|\baddress\b.{0,12}\bto\b|ཁ་བྱང.*(?:བརྗེ|བསྒྱུར)",
    re.IGNORECASE | re.DOTALL,
)
# Something is to be otherwise; and where one wish of a message may end.
CHANGES = regex(
    r"[改换換]|少[要买買]|[减減]少?|\b(?:change|swap|switch|make (?:it|that)|instead|reduce)\b"
    r"|བརྗེ|བསྒྱུར|ཉུང་དུ|བཟོ",
    re.IGNORECASE,
)
_BETWEEN = regex(
    r"[,，;；。!！\n།]+(?:\s*\band\b)?|\band\b|[并並]且|同[时時]|[顺順]便|另外|然[后後]",
    re.IGNORECASE,
)
# Stands around an address that is told in a sentence.
TO = regex(
    r"^(?:change )?(?:the|my) (?:\w+ )?address (?:in)?to "
    r"|^ཁ་བྱང་(?:ལ|ནི)?[་\s]*|(?:[་\s]+|(?<=[༠-༩\d]))(?:ལ[་\s]+)?(?:བརྗེ|བསྒྱུར|བྲིས|བསྐུར)[\u0f00-\u0fff\s]*$",
    re.IGNORECASE,
)
# "My order" in the place of all of them.
_IN_LATIN, _IN_TIBETAN = "my order", "མངགས་ཐོ་"
_ROOM_ALONE = regex(r"\d{3,4}")
WISHES_MAX = 8  # places at which a message is parted


def ask(turn: Turn, order: Order | None) -> None:
    """The button: shows the order as a draft to be changed."""
    if order is None:
        turn.say("track.unknown")
        return
    order = tracking.standing(turn, order)
    if follow_ups.may_change(turn.unit, order):
        reopen(turn, order)
        ordering.proceed(turn)
    else:
        tracking.show(turn, order)


def take(turn: Turn) -> bool:
    """A wish to change an order's goods, or those of the draft; False when the message is none."""
    if turn.reading.recipient or _ADDRESS.search(turn.text):
        return _asks_where(turn)
    if _KEEP.search(turn.text) and _keep(turn):
        return True
    if _may_be_of_house(turn):
        turn.state.asked = ""
        turn.say("change.room-or-amount", number=turn.text)
        return True
    if turn.state.draft.lines:
        return (amending.may_be(turn) and _amend(turn)) or _into(turn) or _take_off(turn)
    return _all(turn) or _change(turn)


def _change(turn: Turn, of: Order | None = None) -> bool:
    """A wish to change an order, be it this one or the one that is meant; False for no such."""
    amends = amending.may_be(turn)
    if not (amends or _may_mean_it(turn)):
        return False
    order = of or _meant(turn)
    amount = order is not None and not amends and _is_amount_of(turn, order, bool(of or turn.meant))
    if order is None or not (amends or amount or _wishes(turn, order)):
        return False
    if not follow_ups.may_change(turn.unit, order):
        turn.hear(turn.state.changing if of else turn.text)
        if not leaving_out.ask(turn, order):
            leaving_out.for_person(turn, order)
    elif not _says_goods(turn):
        ask(turn, order)
    else:
        reopen(turn, order)
        amend = amending.take if amends else amending.take_amount
        if not ((amends or amount) and _amend(turn, amend)):
            drafting.fill(turn)
            ordering.proceed(turn)
    return True


def _all(turn: Turn) -> bool:
    """A wish to change all orders, one after the other; False when it is said of one."""
    found = tracking.all_meant(turn, follow_ups.UNSENT, (State.SHIPPED,))
    if len(found) < 2 or cancelling.calls_off(turn):
        return False
    state, text, before = turn.state, turn.text, len(turn.out)
    state.changing = text
    sent = [order for order in found if order.state is State.SHIPPED]
    state.to_change = [order.number for order in found if order not in sent]
    done = go_on(turn)
    if done:
        shown = turn.out[before:]
        del turn.out[before:]
        for order in sent:
            tracking.show(turn, order)
        turn.out += shown
    else:
        state.changing, state.to_change = "", []
        turn.hear(text)
    return done


def _of_one(said: re.Match[str]) -> str:
    """Of my order, where it was of all of them."""
    tongues = (_IN_LATIN, said[0].isascii()), (_IN_TIBETAN, "མངགས" in said[0])
    return next((words for words, spoken in tongues if spoken), "")


def go_on(turn: Turn) -> bool:
    """The next of several orders that shall be changed, once the one before it is done with; False
    when there is none, or nothing that it wishes of it."""
    state, done = turn.state, False
    if state.draft.lines and not state.draft.replaces:
        state.to_change = []
    while state.to_change and not state.draft.lines:
        order = tracking.own(turn, state.to_change.pop(0))
        if order is None:
            continue
        turn.hear(whose.ALL_ORDERS.sub(_of_one, state.changing))
        before = len(turn.out)
        if not _change(turn, order):
            return done
        if state.to_change and state.draft.lines:
            turn.say("change.one-by-one", number=order.number, n=len(state.to_change))
            turn.out.insert(before, turn.out.pop())
        done = True
    return done


def _asks_where(turn: Turn) -> bool:
    """An address for the draft that cannot be read is asked for: a number in it is no amount."""
    unread = not turn.reading.recipient and not turn.reading.lines
    if not (turn.state.draft.lines and unread and NEW_ADDRESS.search(turn.text)):
        return False
    known = turn.state.draft.recipient
    turn.state.draft.recipient = Recipient(name=known.name, phone=known.phone)
    ordering.proceed(turn)
    return True


def _may_be_of_house(turn: Turn) -> bool:
    """Whether a number alone, once all is shown, is rather that of a room than an amount: 302."""
    number = _ROOM_ALONE.fullmatch(turn.text)
    return bool(number and turn.state.asked == "confirm" and int(number[0]) % 50)


def take_both(turn: Turn) -> bool:
    """Other goods and another address in one message; False when it does not wish both."""
    if not CHANGES.search(turn.text) or not _says_goods(turn):
        return False
    draft = turn.state.draft
    order = None if draft.lines else _meant(turn)
    before = order.recipient if order else draft.recipient
    if not (order or draft.lines) or (parts := _parts(turn, before)) is None:
        return False
    goods, to = parts
    if order and not follow_ups.may_change(turn.unit, order):
        leaving_out.for_person(turn, order)
        return True
    if order:
        reopen(turn, order)
        goods.catalogue = turn.catalogue
    turn.state.draft.recipient = to
    if not (amending.may_be(goods) and _amend(goods)):
        drafting.fill(goods)
        ordering.proceed(goods)
    return True


def _parts(turn: Turn, before: Recipient) -> tuple[Turn, Recipient] | None:
    """What a message says of the goods, and where they shall go instead."""
    for found in list(_BETWEEN.finditer(turn.text))[:WISHES_MAX]:
        halves = turn.text[: found.start()].strip(), turn.text[found.end() :].strip()
        for one, other in (halves, halves[::-1]):
            goods = replace(turn, text=one, reading=_read(turn, one))
            if goods.reading.recipient or not _says_goods(goods) or _ADDRESS.search(one):
                continue
            changes = CHANGES.search(one) or (CHANGES.search(other) and drafting.adds(goods))
            to = _other_place(turn, other, before) if changes else None
            if to:
                return goods, to
    return None


def _other_place(turn: Turn, text: str, before: Recipient) -> Recipient | None:
    text = TO.sub("", text)
    reading = _read(turn, text)
    if reading.lines or not any(sign.isalpha() for sign in text):
        return None
    from bot.language.addresses.corrections import corrected

    given = reading.recipient
    right = corrected(before, text)
    return right or (recipients.whole(given, before) if given and given.detail else None)


def _read(turn: Turn, text: str) -> Reading:
    return rereading.part(turn, text)


def _amend(turn: Turn, amend: Callable[[Turn], bool] = amending.take) -> bool:
    """Other lines for the draft; what is not certain is asked, after what it lacks anyway."""
    if amend(turn):
        ordering.proceed(turn)
    elif all(line.quantity for line in turn.state.draft.lines):
        _unclear(turn)
    else:
        return False
    return True


def _take_off(turn: Turn) -> bool:
    """Without what is called off by its name; False when no such thing, or all of it, is said."""
    done = taking_off.take(turn)
    if done:
        ordering.proceed(turn)
    return done


def _into(turn: Turn) -> bool:
    """A draft that is to be added to the order before it; False when that is not said."""
    draft = turn.state.draft
    said_so = _ADDS_TO.search(turn.text) and _BEFORE.search(turn.text)
    order = _meant(turn) if said_so else None
    if draft.replaces or order is None:
        return False
    if turn.reading.lines:
        drafting.fill(turn)
    if not follow_ups.may_change(turn.unit, order):
        leaving_out.for_person(turn, order)
        return True
    reopen(turn, order)
    turn.state.draft.note = order_notes.joined((turn.state.draft.note, draft.note))
    for line in draft.lines:
        amending.put(turn, line, len(turn.state.draft.lines))
    ordering.proceed(turn)
    return True


def _keep(turn: Turn) -> bool:
    """All shall stay, or be again as it was before it was changed; False when there is nothing."""
    draft, db = turn.state.draft, turn.unit.db
    if draft.replaces:
        ordering.drop(turn)
        return True
    order = None if draft.lines else _meant(turn)
    if order is None:
        return False
    before = orders.by_id(db, order.replaces) if order.replaces else None
    if before is None or not _BEFORE.search(turn.text):
        turn.say("change.dropped", number=order.number)
    elif follow_ups.may_change(turn.unit, order):
        reopen(turn, order)
        turn.state.draft.lines = _lines(before)
        ordering.proceed(turn)
    else:
        leaving_out.for_person(turn, order)
    return True


def _says_goods(turn: Turn) -> bool:
    reading = turn.reading
    return bool(reading.lines) or reading.number is not None or bool(reading.refused)


def _may_mean_it(turn: Turn) -> bool:
    """Whether a message can be such a wish: asked of each, before the orders are looked at."""
    said_so = "change-order" in turn.reading.marks or bool(_ADDS_TO.search(turn.text))
    return said_so or bool(turn.reading.refused) or drafting.adds(turn) or _says_amount(turn)


def _says_amount(turn: Turn) -> bool:
    """Whether so much is wished for, and nothing asked."""
    reading = turn.reading
    asks = "ask" in reading.found or reading.money or reading.intent in ("price", "stock", "track")
    return not asks and any(line.quantity for line in reading.lines)


def _is_amount_of(turn: Turn, order: Order, named: bool) -> bool:
    """Whether, right below an order or of one that is named, another amount of what is in it is
    said: 1斤吧, only 1 kg."""
    below = any(choice.value.endswith(f":{order.number}") for choice in turn.state.offered)
    mine, said = {line.product for line in order.lines}, turn.reading.lines
    of_it = all(line.product is None or line.product in mine for line in said)
    alone = all(line.product is None for line in said) or bool(_ONLY.search(turn.text))
    return (named or below) and of_it and alone and _says_amount(turn) and not drafting.adds(turn)


def _wishes(turn: Turn, order: Order) -> bool:
    """Whether a message wants more or another amount of what is in an order, or less kinds.

    Other products are added to it if that is said.
    """
    reading, mine = turn.reading, {line.product for line in order.lines}
    if "change-order" in reading.marks:
        return True
    if reading.refused:
        return bool(mine.intersection(reading.refused)) and bool(mine.difference(reading.refused))
    besides = _says_amount(turn) and _BESIDES.search(turn.text)
    if drafting.says_add(turn) or _ADDS_TO.search(turn.text) or besides:
        return True
    of_it = all(line.product is None or line.product in mine for line in reading.lines)
    return of_it and _says_goods(turn) and drafting.adds(turn)


def _meant(turn: Turn) -> Order | None:
    """The order that is named, else the latest that is not packed, or not sent at least."""
    return tracking.meant(turn, follow_ups.CHANGED_IN, (State.PACKING,))


def reopen(turn: Turn, order: Order) -> None:
    """An order as the draft that shall stand in its place, with what was wished of that so far."""
    draft = turn.state.draft
    is_of_it = draft.replaces == order.number or not draft.lines  # said with the goods just now
    said = draft.note if is_of_it else ""
    turn.state.draft = Draft(
        lines=_lines(order),
        recipient=order.recipient,
        pay_by=order.pay_by,
        replaces=order.number,
        voucher=drafting.voucher_of(turn, order),
        note=order_notes.joined((order_notes.of(turn.unit.db, order.id), said)),
    )
    drafting.take_way(turn)
    turn.state.about = order.lines[-1].product
    turn.see_sales()


def _lines(order: Order) -> list[DraftLine]:
    return [DraftLine(each.product, each.grade, each.quantity, each.unit) for each in order.lines]


def _unclear(turn: Turn) -> None:
    """It is not certain how the draft shall be changed: asks."""
    lines = [drafting.line_text(turn, line) for line in turn.state.draft.lines]
    turn.state.asked = ""
    turn.say("change.unclear", goods=turn.locales.joined(turn.language, lines))
