"""Goods that are not there yet: what a seller expects, and giving it to who ordered it first."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from bot.language import times
from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.weighing import AMOUNT
from bot.messages import Choice
from bot.shop import catalogue, expectations, orders, people, stock, timers
from bot.shop.catalogue import Product
from bot.shop.expectations import Expected
from bot.shop.orders import NotAllowed, Order, State
from bot.talk import bills, goods_cards, pre_order_notices
from bot.talk.sellers import best_before, choosing, offers, parting, stock_words
from bot.talk.turn import Turn

VERB = "expect"
ASKED_AMOUNT, ASKED_DAY, ASKED_LATER = "expected-amount", "expected-day", "expected-later"
WHEN_DUE = ("expect-later", "expect-never", "expect-off")
DUE = "expected"  # a timer; the subject is product:grade
EVENING = time(18)
SOON_MS = 3_600_000
# No more is ordered before it is there: 不预售了, and 0斤 as an answer.
_OFF = regex(
    r"取消|关[掉闭]?|停|不(?:再|要)?(?:接受)?(?:预售|预购|预订)|撤|^ *0+ ?\D*$"
    r"|\b(?:cancel|close|stop|no more|call off|take down)\b|ཕྱིར་འཐེན|མཚམས"
)
_NOT_COMING = regex(
    r"[不唔][来嚟到](?![及得])|[来到嚟]不了"
    r"|(?:\b(?:won't|will not|not|never)|n't) (?:come|coming|arrive|be coming)\b"
    r"|(?:ཡོང|འབྱོར|སླེབས)་(?:གི་|ཀྱི་|གྱི་)?མ་རེད|མི་(?:ཡོང|འབྱོར|སླེབས)"
)
_LATER = regex(
    r"推迟|延[后期]|要?晚[些点几]?天?[到来]|\b(?:postpone\w*|delay\w*|(?:com|arriv)\w+ later)\b"
    r"|འགྱངས|འཕྱི"
)
_TO = regex(r"(?:推迟|延[后期]?|改|挪|换)到|\b(?:to|until|till)\b")
_ASKS = regex(r"[?吗]|\b(?:when|why|who|which)\b")
_COMES = regex(r"到|来|\b(?:com(?:e|es|ing)|arriv\w+|due|expected)\b|འབྱོར|སླེབས|ཡོང")
_INSTEAD = regex(r"[改换]成|改为|\b(?:make it|instead of|change (?:it )?to|to be)\b")


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


def said(turn: Turn) -> bool:
    """Does what a message says of goods that are to come: how much and when, that they come on
    another day, or not at all; False when it says nothing such.
    """
    marked, form = "expect" in turn.reading.marks, form_of(turn.text).text
    if not marked and (stock_words.is_wish(turn) or any(e.quantity for e in turn.reading.lines)):
        return False
    off, day = marked and _calls_off(turn), _day_said(turn)
    subjects = _expected(turn, of_any=off)
    fails, later = _NOT_COMING.search(form), _LATER.search(form)
    comes = day and day > best_before.today(turn) and _COMES.search(form)
    if not marked and not (subjects and (fails or later or comes)):
        return _fails_unexpected(turn) if fails else False
    if off or (fails and not day):
        _ask_about(turn, subjects, "expect-never")
    elif subjects and later and not day:
        _ask_about(turn, subjects, "expect-later")
    elif len(subjects) == 1:
        _change(turn, subjects[0], day)
    elif not marked:
        _ask_about(turn, subjects, "expect-later")
    else:
        _begin_said(turn, day)
    return True


def _fails_unexpected(turn: Turn) -> bool:
    """Tells that goods of which it is said that they do not come are not expected; False where
    none are named."""
    named = any(line.product for line in turn.reading.lines)
    if named:
        turn.say("expect.none")
    return named


def _calls_off(turn: Turn) -> bool:
    """Whether no more is to be ordered before it is there, said of no amount."""
    form = form_of(turn.text).text
    amounts = any(line.quantity for line in turn.reading.lines)
    return bool(_OFF.search(form)) and not amounts and not _ASKS.search(form)


def _expected(turn: Turn, *, of_any: bool = False) -> list[str]:
    """The `product:grade` of what is expected of which a message, or the talk of it, speaks; of
    any goods where it names none and may be `of_any`.
    """
    line = turn.reading.lines[0] if turn.reading.lines else None
    product, grade = choosing.one_grade(turn, line)
    in_form = turn.state.asked in (ASKED_AMOUNT, ASKED_DAY, ASKED_LATER)
    if not (line and (line.product or line.grade)):
        product, grade = (product, turn.state.grade) if in_form else (None, None)
    among = [product] if product else list(turn.catalogue.products.values()) if of_any else []
    goods = [(p.key, e.key) for p in among for e in p.grades if grade in (None, e.key)]
    return [":".join(each) for each in goods if expectations.of_grade(turn.unit.db, *each)]


def _ask_about(turn: Turn, subjects: list[str], verb: str) -> None:
    """Does what a button below the evening's question does; of which goods is asked of several."""
    turn.state.asked = ""
    if len(subjects) == 1:
        press(turn, verb, subjects[0])
    elif subjects:
        names = [(e, turn.catalogue.products[e.partition(":")[0]]) for e in subjects]
        choices = (Choice(turn.name(p, e.partition(":")[2]), f"{verb}:{e}") for e, p in names)
        several = len({product.key for _, product in names}) > 1
        turn.say(f"staff.which-{'product' if several else 'grade'}", choices=tuple(choices))
    else:
        turn.say("expect.none")


def _change(turn: Turn, subject: str, day: date | None) -> None:
    """Expects as much as was said, and when; what was not is as before."""
    key, _, grade = subject.partition(":")
    product, before = turn.product(key), expectations.of_grade(turn.unit.db, key, grade)
    amount = _amount_said(turn, product) if product else None
    if product is None or before is None or (day is None and not amount):
        begin(turn, f"{key}:{grade}")
    elif not (day and _is_over(turn, day)):
        turn.state.asked = ""
        day = day or date.fromisoformat(before.day)
        _expect(turn, product, grade, amount or before.amount, day)


def _begin_said(turn: Turn, day: date | None) -> None:
    """Asks for what a message does not say of goods of which nothing is expected yet."""
    meant = choosing.meant(turn, VERB, "")
    if meant is None:
        return
    product, grade = meant
    amount = _amount_said(turn, product) or ""
    begin(turn, f"{product.key}:{grade}:{amount}:{day or ''}")


def _amount_said(turn: Turn, product: Product) -> int | None:
    """How much of goods a message says: what it was changed to, where it says that."""
    instead = list(_INSTEAD.finditer(form := form_of(turn.text).text))
    if instead:
        rest = form[instead[-1].end() :]
        turn = replace(turn, text=rest, reading=turn.reader.read(rest, about=product.key))
        return choosing.amount_said(turn, product)
    amounts = (line.quantity for line in turn.reading.lines)
    return next((catalogue.amount(product, e.amount, e.unit) for e in amounts if e), None)


def take_amount(turn: Turn) -> bool:
    """How much is expected, and when if that is said too; False when no amount was said."""
    product = turn.product(turn.state.about)
    if _calls_off(turn) and (subjects := _expected(turn)):
        _ask_about(turn, subjects, "expect-never")
        return True
    amount = choosing.amount_said(turn, product) if product else None
    if product is None or amount is None:
        return False
    turn.state.lot, turn.state.asked = amount, ASKED_DAY
    _ask_day(turn, product, turn.state.grade, str(_day_said(turn) or ""))
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
    """The day that a message names beside its goods and amounts."""
    reading = turn.reading
    text = reading.masked.replace(AMOUNT, " ") if reading.lines else turn.text
    if any(line.grade for line in reading.lines):
        text = stock_words.without_range(text)
    form, today = form_of(text).text, best_before.today(turn)
    ends = [each.end() for words in (_NOT_COMING, _TO) for each in words.finditer(form)]
    later = times.next_day_in(form[max(ends, default=0) :], today)
    return later if later or _NOT_COMING.search(form) else times.next_day_in(form, today)


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
    called_off = [order for order in waiting if orders.may_cancel(unit.db, order, by)]
    begun = [order for order in called_off if orders.is_in_parts(unit.db, order)]
    for order in begun:
        with suppress(NotAllowed):  # Where more went back already: a person has to settle that.
            parting.call_off_rest(turn, order)
    for order in called_off:
        if order in begun:
            continue
        with offers.told_when_off(turn, order):
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
