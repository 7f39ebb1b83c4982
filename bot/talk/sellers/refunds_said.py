"""Money that goes back, in a seller's own words: to whom, or of which order, and how much."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import orders, payments, people, refunds, todos
from bot.shop.orders import Order
from bot.shop.todos import Kind
from bot.talk import charging, desk
from bot.talk.sellers import meaning, overviews, settling
from bot.talk.sellers.money_words import Money, What
from bot.talk.turn import Turn

VERB = "offer-back"  # a button; its subject is an order's number and a sum, 0 for all of it
SHOWN_MAX = 8


def sent(turn: Turn, money: Money) -> bool:
    """Notes that money has gone back, of the order that is named or was shown, or of somebody who
    is named, or else of the only one of that sum; where none of that is said it is asked. False
    when a message says anything else.

    Of several of one sum that are due of one order the first has gone, and the rest are told.
    """
    if money.what is not What.SENT or not money.plain:
        return False
    minor, said = money.minor, list(money.theirs)
    if not said and (one := orders.find(turn.unit.db, turn.text) or meaning.shown(turn)):
        said = list({each.id: each for each in (one, meaning.one(turn) or one)}.values())
    ids = [] if said else todos.ids(turn.unit.db, Kind.SEND_BACK)
    found = said or [each for id in ids if (each := orders.by_id(turn.unit.db, id))]
    due = [
        (each, sum, values)
        for each in found
        for sum, values in _due(turn, each).items()
        if minor in (0, sum)
    ]
    if len(due) == 1 and (said or minor):
        _sent(turn, *due[0])
    elif due:
        choices = (
            Choice(f"{overviews.label(turn, each)} {turn.money(sum)}", values[0])
            for each, sum, values in due[:SHOWN_MAX]
        )
        turn.say("staff.which-order", number="", choices=tuple(choices))
    elif turn.operates and money.theirs:
        return False  # A household gave money back, most likely.
    else:
        turn.say("staff.no-such-refund", choices=(turn.choice("button.todo", "todo:"),))
    return True


def _sent(turn: Turn, order: Order, sum: int, values: list[str]) -> None:
    """The first of these has gone back, the rest are told."""
    verb, _, subject = values[0].partition(":")
    turn.state.order = order.number
    settling.sent(turn, subject) if verb == "refund-sent" else charging.send_back(turn, order)
    if rest := values[1:]:
        money = turn.money(sum)
        choice = turn.choice("button.refund-sent", rest[0], money=money)
        left, id = len(rest), "staff.refunds-left"
        turn.say(id, number=order.number, n=left, money=money, choices=(choice,))


def _due(turn: Turn, order: Order) -> dict[int, list[str]]:
    """The buttons that say that what is due to go back of an order has gone, by the sum."""
    db, found = turn.unit.db, dict[int, list[str]]()
    for each in refunds.of_order(db, order):
        if each.state == "due":
            found.setdefault(each.amount_minor, []).append(f"refund-sent:{each.id}")
    if payments.of_order(db, order.id).state == "refund_due":
        found.setdefault(refunds.undone(db, order), []).append(f"refunded:{order.number}")
    return found


def said(turn: Turn, money: Money) -> bool:
    """Offers what a seller says shall go back; False when no sum and nobody is named."""
    is_said = money.minor or money.share or money.part
    if money.what is not What.BACK or not is_said or turn.reading.lines:
        return False
    found = meant(turn, money)
    if not found and turn.state.asked in settling.ASKS:
        return False
    if turn.operates and (not found or money.given):
        return False  # A household gives money back, most likely.
    open_ones = [each for each in found if may_offer(turn, each)]
    if len(open_ones) == 1 and money.part:
        settling.ask_sum(turn, open_ones[0])
    elif len(open_ones) == 1:
        offer(turn, open_ones[0], _sum(open_ones[0], money))
    elif open_ones:
        verb = "refund-part:{}" if money.part else f"{VERB}:{{}}:{{}}"
        values = (verb.format(each.number, _sum(each, money)) for each in open_ones)
        overviews.ask_which(turn, zip(open_ones, values, strict=False), "staff.which-refund")
    elif found:
        desk.not_now(turn, found[0])
    else:
        turn.say("staff.refund-of-what")
    return True


def press(turn: Turn, subject: str) -> None:
    """The button of one of several orders."""
    number, _, minor = subject.partition(":")
    order = orders.find(turn.unit.db, number)
    if order is None or not minor.isdecimal():
        turn.say("stale.nothing")
    elif may_offer(turn, order):
        offer(turn, order, int(minor[:12]))
    else:
        desk.not_now(turn, order)


def meant(turn: Turn, money: Money) -> list[Order]:
    """The order of that number, those for whom somebody is named, the one that the last message was
    about, or for a share the one whose button for that is shown."""
    if named := meaning.named(turn):
        return [named]
    last = meaning.shown(turn) if money.plain else None
    if not (money.theirs or last) and money.plain and money.share:
        shown = (each.value for said in people.offered(turn.unit, turn.chat) for each in said)
        found = {each for each in shown if each.startswith("refund-part:")}
        last = orders.find(turn.unit.db, found.pop()) if len(found) == 1 else None
    return list(money.theirs) or ([last] if last else [])


def _sum(order: Order, money: Money) -> int:
    """A sum in minor units, 0 for all of it."""
    return 0 if money.share == 1 else money.of(order.total_minor)


def may_offer(turn: Turn, order: Order) -> bool:
    return order.state in refunds.OFFERED_IN and refunds.left(turn.unit.db, order) > 0


def offer(turn: Turn, order: Order, minor: int) -> None:
    """Offers a sum in minor units, 0 for all of it; what has not left is rather called off."""
    if not minor and order.state not in refunds.HAVE_LEFT:
        desk.card_of(turn, order.number)
        return
    turn.state.asked, turn.state.order = settling.ASKED, order.number
    settling.offer_sum(turn, order, minor or refunds.left(turn.unit.db, order))
