"""Another address that a buyer wants for an order that is packed: before it leaves, a seller
decides whether it goes there."""

from __future__ import annotations

from bot.language.addresses.recipient import Recipient
from bot.shop import enquiries, orders, stock
from bot.shop.enquiries import Enquiry
from bot.shop.orders import NotAllowed, Order, State
from bot.talk import cards, desk, notices, order_buttons
from bot.talk.buyers import readdressing
from bot.talk.turn import Turn

CHANGE = "to-wished"
MOVED_IN = (*orders.READDRESSED_IN, State.PACKING)


def asked_back(turn: Turn, order: Order, button: str = "") -> bool:
    """Asks whether an order shall leave as it stands, which the `button` says if there is one;
    False where nobody wants it to go elsewhere."""
    wish = _wish(turn, order)
    if wish is None:
        return False
    as_it_stands = (turn.choice("button.as-it-stands", button),) if button else ()
    turn.say(
        "staff.address-wished",
        number=order.number,
        text=desk.words_of(turn, wish)[: desk.SHOWN_LENGTH],
        address=" ".join(cards.address_lines(turn, order.recipient)),
        choices=(turn.choice("button.to-wished", f"{CHANGE}:{order.number}"), *as_it_stands),
    )
    return True


def _wish(turn: Turn, order: Order) -> Enquiry | None:
    """What its buyer wants; of what goes out once more also what was answered when the first left,
    and not done."""
    db = turn.unit.db
    wish = enquiries.address_wish(db, order.id)
    first = orders.by_id(db, order.replaces) if order.replaces and not wish else None
    if first is None or first.state is State.CANCELLED or first.recipient != order.recipient:
        return wish
    wish = enquiries.address_wish(db, first.id, answered=True)
    is_met = wish and readdressing.said_in(turn, order, wish.text) == order.recipient
    return None if is_met else wish


def left_as_it_stood(turn: Turn, order: Order) -> None:
    """The buyer whose wish was not met is told so; it stays with the staff."""
    if enquiries.address_wish(turn.unit.db, order.id):
        notices.tell_buyer(turn, "notice.old-address", order)


def change(turn: Turn, order: Order) -> None:
    """The button: the order goes where its buyer wants it; where that cannot be read, or nothing is
    sent there, the seller answers the wish. Raises NotAllowed."""
    wish = _wish(turn, order)
    if wish is None:
        turn.say("stale.nothing")
        return
    if order.state not in MOVED_IN:
        raise NotAllowed(order, order.state, "address")
    to = readdressing.said_in(turn, order, wish.text)
    quote = readdressing.quoted(turn, order, to)[0] if to else None
    if to is None or quote is None or quote.problems or not to.detail:
        desk.ask_reply(turn, wish.id)
        return
    move(turn, order, to, stock.transit_days(quote.zone))


def move(turn: Turn, order: Order, to: Recipient, days: int) -> None:
    """The order goes elsewhere, which its buyer and the staff are told; so many days it takes."""
    changed = orders.readdress(turn.unit, order, to, transit_days=days, by=turn.chat.person)
    enquiries.settle(turn.unit, order.id, turn.chat.person, intent=enquiries.ADDRESS)
    turn.state.order = order.number
    turn.say(
        "staff.readdressed",
        number=order.number,
        card=cards.order_card(turn, changed),
        choices=order_buttons.for_staff(turn, changed),
    )
    notices.tell_staff(turn, "staff.readdressed", changed)
    notices.tell_buyer(turn, "address.changed", changed)
