"""Money that came at once for several orders of one buyer: each gets its share."""

from __future__ import annotations

from bot.language.script import form_of
from bot.shop import order_search, orders, payments
from bot.shop.orders import Order, State
from bot.talk.buyers import whose
from bot.talk.sellers import meaning, money_words, receipts
from bot.talk.sellers.money_words import What
from bot.talk.turn import Turn

SURE = "sure-came-for-all"  # the verb of a button: more than is due for all of them
BESIDE = "+"  # between the numbers of orders in its value


def said(turn: Turn) -> bool:
    """Writes down what came for all orders of somebody that wait for money; False when nothing is
    said of so many as there are."""
    form = form_of(turn.text).text
    said = whose.ALL_ORDERS.search(form)
    if said is None:
        return False
    rest = meaning.saying(turn, form.replace(said[0], " "))
    money, found = money_words.read(rest), _waiting(turn)
    minor, asked = money.minor, turn.state.asked == receipts.ASKED
    came = money.what is What.CAME and not (money.only or money.lacks)
    if not minor or not (asked or came) or any(e.product or e.quantity for e in rest.reading.lines):
        return False
    if len(found) < 2 or whose.how_many(form) not in (0, len(found)):
        return False
    due = _due(turn, found)
    if minor <= due:
        _share(turn, found, minor)
        return True
    numbers = [order.number for order in found]
    value = f"{SURE}:{BESIDE.join(numbers)}:{due}:{minor}"
    turn.say(
        "staff.came-for-all-more",
        numbers=turn.locales.joined(turn.language, numbers),
        money=turn.money(minor),
        back=turn.money(minor - due),
        choices=(turn.choice("button.came-now", value, money=turn.money(minor)),),
    )
    return True


def press(turn: Turn, subject: str) -> None:
    """The button below that, as long as nothing else came for these orders meanwhile."""
    numbers, due, minor = (*subject.split(":"), "", "")[:3]
    found = [orders.find(turn.unit.db, number) for number in numbers.split(BESIDE)]
    waiting = [order for order in found if order and waits(turn, order)]
    if len(waiting) < len(found) or due != str(_due(turn, waiting)) or not minor.isdecimal():
        turn.say("stale.nothing")
    else:
        _share(turn, waiting, int(minor[:12]))


def _share(turn: Turn, found: list[Order], minor: int) -> None:
    """What is due for each, the first one first; the last one gets all that is left."""
    for order in found:
        share = min(minor, payments.missing(turn.unit.db, order))
        share = minor if order is found[-1] else share
        if share:
            receipts.book(turn, order, share, way="transfer")
        minor -= share


def _due(turn: Turn, found: list[Order]) -> int:
    return sum(payments.missing(turn.unit.db, order) for order in found)


def _waiting(turn: Turn) -> list[Order]:
    """The orders that wait for money of the one whose order is named or shown, oldest first; none
    where there are several of that name."""
    db, one = turn.unit.db, meaning.named(turn)
    theirs = [one] if one else order_search.named_in(db, turn.text)
    theirs = [each for each in theirs if waits(turn, each)]
    shown = meaning.shown(turn)
    theirs = theirs or ([shown] if shown else [])
    if len({order.person_id for order in theirs}) != 1:
        return []
    found = orders.of_person(db, theirs[0].person_id)
    return sorted((each for each in found if waits(turn, each)), key=lambda each: each.id)


def waits(turn: Turn, order: Order) -> bool:
    """Whether money is to come for an order that is not confirmed."""
    paid = payments.of_order(turn.unit.db, order.id).state
    late = order.state is State.EXPIRED and paid == "claimed"
    waits = (order.state is State.PLACED and order.pay_by != "cod") or late
    return waits and payments.missing(turn.unit.db, order) > 0
