"""Goods that are not there yet: what a seller expects, and giving it to who ordered it first."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from bot.language import times
from bot.shop import expectations, orders, people, stock, timers
from bot.shop.catalogue import Product
from bot.shop.expectations import Expected
from bot.shop.orders import NotAllowed, Order, State
from bot.talk import bills, goods_cards, pre_order_notices
from bot.talk.sellers import best_before, choosing, parting
from bot.talk.turn import Turn

VERB = "expect"
ASKED_AMOUNT, ASKED_DAY, ASKED_LATER = "expected-amount", "expected-day", "expected-later"
WHEN_DUE = ("expect-later", "expect-never", "expect-off")
DUE = "expected"  # a timer; the subject is product:grade
EVENING = time(18)
SOON_MS = 3_600_000


def begin(turn: Turn, subject: str = "") -> None:
    """The button, or the words: which goods, how much in all, on what day.

    `subject` is `product:grade`, with the amount and the day (an ISO date) if they were said.
    """
    key, grade, amount, day = [*subject.split(":"), "", "", "", ""][:4]
    meant = choosing.meant(turn, VERB, f"{key}:{grade}" if grade else key)
    if meant is None:
        return
    product, grade = meant
    turn.state.about, turn.state.grade, turn.state.asked = product.key, grade, ASKED_AMOUNT
    before = expectations.of_grade(turn.unit.db, product.key, grade)
    if before or not amount.isdecimal():
        turn.say("expect.ask-amount", name=turn.name(product, grade))
    else:
        turn.state.lot, turn.state.asked = int(amount[:9]), ASKED_DAY
        _ask_day(turn, product, grade, day)


def _ask_day(turn: Turn, product: Product, grade: str, said: str) -> None:
    """Asks for the day on which goods come, unless it was said and has not passed."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = date.min
    if day < best_before.today(turn):
        turn.say("expect.ask-day", name=turn.name(product, grade))
        return
    amount, turn.state.asked, turn.state.lot = turn.state.lot, "", 0
    _expect(turn, product, grade, amount, day)


def take_amount(turn: Turn) -> bool:
    """How much is expected; False when no amount was said."""
    product = turn.product(turn.state.about)
    amount = choosing.amount_said(turn, product) if product else None
    if product is None or amount is None:
        return False
    turn.state.lot, turn.state.asked = amount, ASKED_DAY
    turn.say("expect.ask-day", name=turn.name(product, turn.state.grade))
    return True


def take_day(turn: Turn) -> bool:
    """On what day; False when none was said."""
    product, day = turn.product(turn.state.about), _day_said(turn)
    if product is None or day is None:
        return False
    if _is_over(turn, day):
        return True
    grade, amount = turn.state.grade, turn.state.lot
    turn.state.asked, turn.state.lot = "", 0
    _expect(turn, product, grade, amount, day)
    return True


def _day_said(turn: Turn) -> date | None:
    return times.next_day_in(turn.text, best_before.today(turn))


def _is_over(turn: Turn, day: date) -> bool:
    """Whether a day has passed, on which nothing can come any more: another is asked for."""
    if day < best_before.today(turn):
        turn.say("expect.day-over", day=goods_cards.iso_day(turn, day.isoformat()))
        return True
    return False


def _expect(turn: Turn, product: Product, grade: str, amount: int, day: date) -> None:
    """Notes it, and tells who waits for it when the day is another."""
    unit, name = turn.unit, turn.name(product, grade)
    before = expectations.of_grade(unit.db, product.key, grade)
    iso = day.isoformat()
    more = expectations.expect(unit, product.key, grade, amount, iso, by=turn.chat.person)
    if more:
        there = turn.quantity(product, more.amount, product.unit)
        turn.say("expect.promised", name=name, quantity=there)
        return
    quantity = turn.quantity(product, amount, product.unit)
    turn.say("expect.noted", name=name, quantity=quantity, day=goods_cards.iso_day(turn, iso))
    _ask_on(turn, f"{product.key}:{grade}", day)
    waiting = _waiting(turn, product.key, grade) if before and before.day != iso else []
    for order in waiting:
        pre_order_notices.later(turn, order)
    if waiting:
        turn.say("expect.told", n=len(waiting))


def _ask_on(turn: Turn, subject: str, day: date) -> None:
    """In the evening of that day it is asked whether they have come."""
    evening = datetime.combine(day, EVENING, turn.zone).timestamp() * 1000
    timers.set_timer(turn.unit, DUE, subject, max(round(evening), turn.unit.now + SOON_MS))


def _waiting(turn: Turn, product: str, grade: str) -> list[Order]:
    """The orders that wait for a grade."""
    ids = expectations.waiting(turn.unit, product, grade)
    found = (orders.by_id(turn.unit.db, id) for id in ids)
    return [order for order in found if order]


def ask_came(turn: Turn, subject: str) -> None:
    """The timer: the day has come. The staff are asked again each evening while anybody waits."""
    product, _, grade = subject.partition(":")
    expected = expectations.of_grade(turn.unit.db, product, grade)
    if expected is None:
        return
    n = len(expectations.waiting(turn.unit, product, grade))
    pre_order_notices.goods_due(turn, product, grade, expected.day, n)
    if n:
        _ask_on(turn, subject, best_before.today(turn) + timedelta(days=1))


def press(turn: Turn, verb: str, subject: str) -> None:
    """What a seller says to that: later, not at all, and that this is meant."""
    key, _, grade = subject.partition(":")
    expected = expectations.of_grade(turn.unit.db, key, grade)
    product = turn.product(key)
    if expected is None or (product is None and verb == "expect-later"):
        turn.say("stale.nothing")
        return
    name = turn.name(product, grade) if product else key
    if verb == "expect-later":
        turn.state.about, turn.state.grade, turn.state.asked = key, grade, ASKED_LATER
        turn.say("expect.ask-later", name=name)
    elif verb == "expect-never" and (n := len(expectations.waiting(turn.unit, key, grade))):
        sure = turn.choice("button.expect-off", f"expect-off:{subject}")
        turn.say("expect.sure", name=name, n=n, choices=(sure,))
    else:
        n = _call_off(turn, key, grade, expected)
        turn.say("expect.off" if n else "expect.closed", name=name, n=n)


def take_later(turn: Turn) -> bool:
    """On what other day it comes; False when none was said."""
    product, day, grade = turn.product(turn.state.about), _day_said(turn), turn.state.grade
    expected = product and expectations.of_grade(turn.unit.db, product.key, grade)
    if product is None or day is None or not expected:
        return False
    if _is_over(turn, day):
        return True
    turn.state.asked = ""
    _expect(turn, product, grade, expected.amount, day)
    return True


def _call_off(turn: Turn, product: str, grade: str, expected: Expected) -> int:
    """Nothing comes: all who wait are told, their money goes back, and no more is expected.

    Who may have paid too late keeps the goods' place until a person has looked for the money.
    """
    unit, by = turn.unit, turn.chat.person
    waiting = _waiting(turn, product, grade)
    called_off = [order for order in waiting if orders.may_cancel(order, by)]
    begun = [order for order in called_off if orders.is_in_parts(unit.db, order)]
    for order in begun:
        with suppress(NotAllowed):  # Where more went back already: a person has to settle that.
            parting.call_off_rest(turn, order)
    for order in called_off:
        if order in begun:
            continue
        moved = orders.move(unit, order, State.CANCELLED, by=by, why="not-come")
        bills.close(turn, moved.order)
        pre_order_notices.not_come(turn, moved.order)
    rest = expectations.expect(unit, product, grade, 0, "", by=by)
    if rest:
        expectations.expect(unit, product, grade, rest.amount, expected.day, by=by)
    return len(called_off)


def serve(turn: Turn, product: Product, lot: stock.Lot) -> None:
    """What came goes to who ordered it before: these and the seller are told."""
    served = expectations.serve(turn.unit, lot, by=turn.chat.person)
    if served:
        lines, name = _told(turn, served), turn.name(product, lot.grade)
        turn.say("expect.served", name=name, n=len(served), lines=lines)


def serve_freed(turn: Turn) -> None:
    """What has become free goes to who ordered it before: these and the staff are told."""
    for served in expectations.serve_freed(turn.unit):
        lines, n = _told(turn, served.orders), len(served.orders)
        for chat in people.staff_chats(turn.unit, "seller", "operator"):
            view = turn.towards(chat)
            product = view.product(served.product)
            name = view.name(product, served.grade) if product else served.product
            if chat.id == turn.chat.id:  # before what else is answered, on whatever channel
                turn.say("expect.served", name=name, n=n, lines=lines)
            else:
                turn.notify(chat, "expect.served", name=name, n=n, lines=lines)


def _told(turn: Turn, ids: list[int]) -> str:
    """Tells who waited for these orders; the orders in lines."""
    found = [order for id in ids if (order := orders.by_id(turn.unit.db, id))]
    for order in found:
        pre_order_notices.came(turn, order)
    return "\n".join(f"{order.number} {order.recipient.name}" for order in found)
