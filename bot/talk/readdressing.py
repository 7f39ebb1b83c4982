"""Another address for an order that has not been packed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.language.addresses import Recipient
from bot.shop import follow_ups, orders, stock
from bot.shop.orders import Order, State, Wanted
from bot.talk import cards, changing, desk, notices, ordering, recipients, tracking
from bot.talk.turn import Turn

ASKED = "order-address"
_NOT_THERE = (*orders.READDRESSED_IN, State.PACKING, State.SHIPPED)
_KEEPS = re.compile(
    r"不[用必]?[改换換]|原[来來]的?地址|还是原来|還是原來|[老旧舊]地址|照[旧舊]|不[变變]"
    r"|\bkeep (?:it|the|my)\b|\bold (?:one|address)\b|\bleave it\b|\bas it (?:was|is)\b"
    r"|སྔར|སྔོན་མ|བརྗེ་མི་དགོས|མི་བརྗེ",
    re.IGNORECASE,
)


def ask(turn: Turn, order: Order | None) -> None:
    """Asks where an order shall go instead; a packed one can only be stopped by a person."""
    if order is None:
        turn.say("track.unknown")
    elif order.state in orders.READDRESSED_IN:
        turn.state.asked, turn.state.order = ASKED, order.number
        part = recipients.wrong_part(turn)
        id = f"address.ask-{part}" if part in ("name", "phone") else "address.ask"
        turn.say(id, number=order.number)
    else:
        tracking.show(turn, order)


def take(turn: Turn) -> bool:
    """A wish to change the address, or the new one; False when the message is neither."""
    wished = _wishes(turn)
    if turn.state.draft.replaces and _keeps(turn):
        ordering.drop(turn)
        return True
    if turn.state.asked == ASKED:
        order = tracking.own(turn, turn.state.order)
        if _thinks_better(turn):
            turn.state.asked = ""
            if order and not tracking.names_order(turn):
                turn.say("address.kept", number=order.number)
                return True
            return False
    elif wished:
        order = _meant(turn)
    else:
        return False
    if order is None:
        return False
    if order.state not in tracking.OPEN:
        turn.state.asked = ""
        if wished:
            tracking.show(turn, order)
        return wished
    if order.state not in orders.READDRESSED_IN:
        turn.state.asked = ""
        if wished:
            id = "address.shipped" if order.state is State.SHIPPED else "address.too-late"
            turn.say(id, number=order.number, handed_over=True)
            _hand_over(turn, order, lambda view: cards.standing(view, order))
        return wished
    to = _corrected(turn, order)
    if to is None and turn.reading.recipient:
        to = _whole(turn.reading.recipient, order.recipient)
    if to:
        _change(turn, order, to)
    elif wished:
        ask(turn, order)
    return to is not None or wished


def _corrected(turn: Turn, order: Order) -> Recipient | None:
    """The recipient of an order with the part that a message puts right: wrong phone, it's …"""
    asked = turn.state.asked == ASKED
    if turn.reading.lines or not (asked or any(sign.isalpha() for sign in turn.text)):
        return None
    from bot.language.address_corrections import corrected

    return corrected(order.recipient, turn.text)


def _wishes(turn: Turn) -> bool:
    """Whether an address shall be changed: it is said so, or one comes where nothing is ordered."""
    reading, state = turn.reading, turn.state
    if state.draft.lines or "change-address" in reading.marks:
        return not state.draft.lines
    if not state.asked and (order := _meant(turn)):
        if _corrected(turn, order) or recipients.wrong_part(turn):
            return True
    to = reading.recipient
    if to is None or not to.detail or reading.lines or reading.intent not in ("order", "other"):
        return False
    if state.asked or tracking.is_about_goods(turn):
        return False
    return any(order.state in _NOT_THERE for order in tracking.mine(turn))


def _thinks_better(turn: Turn) -> bool:
    """Whether the question where to is answered with: nowhere else, after all."""
    if turn.reading.recipient is not None:
        return False
    return tracking.calls_off(turn) or bool(_KEEPS.search(turn.text))


def _keeps(turn: Turn) -> bool:
    """Whether all shall stay as it was, once the change with its new costs is shown."""
    reading = turn.reading
    says_more = reading.recipient or reading.lines or reading.number is not None
    return not says_more and bool(_KEEPS.search(turn.text))


def _meant(turn: Turn) -> Order | None:
    """The order that is named, else the latest that can be changed, else the latest."""
    return tracking.meant(turn, orders.READDRESSED_IN, tracking.OPEN)


def _whole(given: Recipient, before: Recipient) -> Recipient:
    """An address without a name or a phone is for the same person."""
    return replace(given, name=given.name or before.name, phone=given.phone or before.phone)


def _hand_over(turn: Turn, order: Order, why: Callable[[Turn], str]) -> None:
    """The seller reads that another address is wanted, and why a person has to settle it."""

    def gist(view: Turn) -> str:
        return view.words("desk.on-address", number=order.number, why=why(view))

    desk.hand_over(turn, told=True, order=order, gist=gist)


def _change(turn: Turn, order: Order, to: Recipient) -> None:
    """Changes it where that costs the same, or nothing; else what stands in its place is shown,
    whose difference is paid or goes back, or why it cannot be sent there. Where nothing can take
    its place, a person settles it."""
    turn.state.asked = turn.state.order = ""
    wants = [Wanted(line.product, line.grade, line.quantity, line.unit) for line in order.lines]
    quote = orders.quote(turn.catalogue, wants, to, turn.language, order.pay_by)
    is_free = not order.goods_minor  # it is sent again, and the shop bears that
    costs_same = is_free or quote.shipping_minor == order.shipping_minor
    may_stand = "not-sold" not in quote.problems and follow_ups.may_change(turn.unit, order)
    if may_stand and (quote.problems or not costs_same):
        changing.reopen(turn, order)
        turn.state.draft.recipient = to
        return ordering.proceed(turn)
    if quote.problems or not costs_same or not to.detail:
        why = f"address.why-{quote.problems[0] if quote.problems else 'other-cost'}"
        turn.say("address.to-person", why=turn.words(why), handed_over=True)
        _hand_over(turn, order, lambda view: view.words(why))
        return
    days = stock.transit_days(quote.zone)
    changed = orders.readdress(turn.unit, order, to, transit_days=days, by=turn.chat.person)
    place = replace(to, name=order.recipient.name, phone=order.recipient.phone)
    id = "address.corrected" if place == order.recipient else "address.changed"
    turn.say(id, number=order.number, card=cards.order_card(turn, changed))
    notices.readdressed(turn, changed)
