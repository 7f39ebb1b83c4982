"""What moved of goods, and what a household brought and was given, as the staff ask for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.language import periods
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import accounts, movements, people, stock
from bot.shop.accounts import OfHousehold, Owed
from bot.shop.catalogue import Product
from bot.shop.movements import Goods, Movement
from bot.talk.operators import exporting
from bot.talk.sellers import households, stock_words
from bot.talk.turn import Turn

VERB = "moves"
PAGE = 12  # lines
ENTRIES_MAX = 30  # of a household that are told one by one, the latest
SAID_MAX = 80  # characters
_MOVES = regex(
    r"进出|出入库|流水|明细|变动记录|\b(?:movements?|ledger|ins and outs|stock history)\b"
    r"|འཛུལ་ཐོན|འགྲོ་འོང"
)
_ACCOUNT = regex(
    r"[账帐](?![户号])|流水|明细|送[了来过]*[多哪什几]|\b(?:accounts?|statement|ledger)\b|རྩིས"
)
_PAYS = regex(r"[付给结](?!过|了?[多哪几])|\b(?:paid|gave|pay)\b|སྤྲད", re.IGNORECASE)


def said(turn: Turn) -> bool:
    """Shows what a message asks to see; False when it asks for neither."""
    form, reading = form_of(turn.text).text, turn.reading
    if len(form) > SAID_MAX:
        return False
    if reading.lines and _MOVES.search(form) and _of_all(turn, form):
        return True
    if reading.lines or not _ACCOUNT.search(form) or _PAYS.search(form):
        return False
    one = households.named(form, accounts.households(turn.unit.db))
    if one:
        _account(turn, one, days_said(turn, form.replace(one.household, " ")))
    return one is not None


def _of_all(turn: Turn, form: str) -> bool:
    """What moved of all the goods that are named; False when none are, or some amount of them."""
    lines, apart = turn.reading.lines, form_of(stock_words.without_range(form)).text
    is_length = apart != form and any(line.grade for line in lines)
    form = apart if is_length else form
    bare = periods.without_days(form, turn.unit.here.date())
    read = lines if is_length else turn.reader.read(bare).lines
    goods = dict.fromkeys((line.product, line.grade or "") for line in read if line.product)
    if not goods or any(line.quantity for line in read):
        return False
    days = days_said(turn, form)
    if days is None and (bare != form or re.search(r"\d", bare)):
        turn.say("movement.when")
        return True
    for product, grade in goods:
        _show(turn, product, grade, days)
    return True


def _show(
    turn: Turn, key: str, grade: str = "", days: periods.Days | None = None, start: int = 0
) -> None:
    """What moved of goods, the newest first, a page of it, and all of it by kind."""
    product = turn.product(key)
    if product is None or (grade and all(each.key != grade for each in product.grades)):
        turn.say("stale.nothing")
        return
    goods = Goods(key, grade, *bounds(turn, days))
    found = movements.of(turn.unit.db, goods, start, PAGE + 1)
    name = turn.name(product, grade)
    period = f" {exporting.period(turn, days)}" if days else ""
    if not found:
        turn.say("movement.none", name=name, period=period)
        return
    levels = stock.levels(turn.unit)
    there = sum(x.on_hand for x in levels if x.product == key and grade in ("", x.grade))
    turn.say(
        "movement.list",
        name=name,
        period=period,
        lines="\n".join(_line(turn, product, each) for each in found[:PAGE]),
        sums=" · ".join(_sums(turn, product, goods)),
        there=turn.quantity(product, there, product.unit),
        choices=(_older(turn, goods, days, start),) if len(found) > PAGE else (),
    )


def _older(turn: Turn, goods: Goods, days: periods.Days | None, start: int) -> Choice:
    """The button for what moved before what is shown; days are in it as their numbers."""
    span = f"{days.first.toordinal()}:{days.last.toordinal()}" if days else ":"
    subject = f"{goods.product}:{goods.grade}:{span}:{start + PAGE}"
    return turn.choice("button.older-moves", f"{VERB}:{subject}")


def press(turn: Turn, subject: str) -> None:
    """The button: of a product, or what moved before what is shown."""
    key, grade, first, last, start = (*subject.split(":"), "", "", "", "")[:5]
    try:
        days = periods.Days(*(date.fromordinal(int(each)) for each in (first, last)))
    except (ValueError, OverflowError):
        days = None
    _show(turn, key, grade, days, int(start[:9]) if start.isdecimal() else 0)


def _sums(turn: Turn, product: Product, goods: Goods) -> list[str]:
    """So much came in, so much was sold."""
    sums = movements.sums(turn.unit.db, goods)
    return [
        f"{turn.words(f'movement.{kind}')} {_change(turn, product, sum)}"
        for kind, sum in ((kind.replace(" ", "-"), sum) for kind, sum in sums.items())
        if sum
    ]


def _change(turn: Turn, product: Product, quantity: int) -> str:
    sign = "+" if quantity > 0 else "−"
    return sign + turn.quantity(product, abs(quantity), product.unit)


def _line(turn: Turn, product: Product, moved: Movement) -> str:
    known = any(each.key == moved.grade for each in product.grades)
    grade = product.grade(moved.grade) if known and moved.grade else None
    parts = (
        turn.locales.choose(grade.names, turn.language) if grade else "",
        _change(turn, product, moved.quantity),
        turn.words(f"movement.{_what(moved)}"),
        moved.number or (moved.household if moved.kind in ("in", "given back") else ""),
    )
    who = turn.words("web.shop")
    if person := moved.person_id and people.find_person(turn.unit.db, moved.person_id):
        who = person.name or turn.words("staff.unnamed", n=person.id)
    what = " ".join(filter(None, parts))
    return turn.words("past.line", moment=turn.moment(moved.at), what=what, name=who)


def _what(moved: Movement) -> str:
    return "undone" if moved.why.startswith(stock.UNDO) else moved.kind.replace(" ", "-")


def days_said(turn: Turn, form: str) -> periods.Days | None:
    """The days that are named, if any are."""
    today = turn.unit.here.date()
    named = periods.without_days(form, today) != form
    return periods.read_days(form, today) if named else None


def bounds(turn: Turn, days: periods.Days | None) -> tuple[int, int]:
    """From when on, and before when; always without days."""
    if days is None:
        return 0, movements.ALWAYS
    first = datetime.combine(days.first, time(0), turn.zone)
    last = datetime.combine(days.last + timedelta(days=1), time(0), turn.zone)
    return round(first.timestamp() * 1000), round(last.timestamp() * 1000)


def _account(turn: Turn, one: Owed, days: periods.Days | None) -> None:
    """What a household brought and was given, in all or in some days, and what it is owed now."""
    found = accounts.of_household(turn.unit.db, one.household, *bounds(turn, days))
    brought = sum(each.minor for each in found if each.lot_id)
    paid = -sum(each.minor for each in found if not each.lot_id)
    choices = (households.pay_choice(turn, one),) if turn.operates and one.minor else ()
    turn.say(
        "household.account",
        who=one.household,
        period=f" {exporting.period(turn, days)}" if days else "",
        lines="".join(f"\n{line}" for line in _entries(turn, found)),
        brought=turn.money(brought),
        paid=turn.money(paid),
        stand=households.stand(turn, one.household),
        choices=choices,
    )


def _entries(turn: Turn, found: Sequence[OfHousehold]) -> list[str]:
    """A line for each, the last ones; what was first said of a lot tells the goods."""
    lines, seen = [], set[int]()
    for each in found:
        moment, money = turn.moment(each.at), turn.money(abs(each.minor))
        if each.lot_id is None:
            id = "undone" if each.undoes else "paid" if each.minor < 0 else "repaid"
            way = turn.words(f"household.{each.way}")
            lines.append(turn.words(f"household.entry-{id}", moment=moment, money=money, way=way))
            continue
        id = "brought" if each.lot_id not in seen and each.minor > 0 else "corrected"
        seen.add(each.lot_id)
        sign = "+" if each.minor > 0 else "−"
        goods = _goods(turn, each.lot_id)
        values = {"moment": moment, "goods": goods, "money": money, "change": f"{sign}{money}"}
        lines.append(turn.words(f"household.entry-{id}", **values))
    return lines[-ENTRIES_MAX:]


def _goods(turn: Turn, lot_id: int) -> str:
    """What came in as a lot."""
    lot = stock.lot(turn.unit.db, lot_id)
    product = turn.product(lot.product) if lot else None
    if lot is None or product is None:
        return lot.product if lot else ""
    came = turn.quantity(product, stock.came_in(turn.unit.db, lot), product.unit)
    return f"{turn.name(product, lot.grade)} {came}"
