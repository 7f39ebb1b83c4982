"""What moved of goods, and what a household brought and was given, as the staff ask for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.language import periods
from bot.language.script import form_of
from bot.shop import accounts, movements, people, stock
from bot.shop.accounts import OfHousehold, Owed
from bot.shop.catalogue import Product
from bot.shop.movements import Movement
from bot.shop.stock import GIVEN_BACK
from bot.talk.operators import exporting
from bot.talk.sellers import households
from bot.talk.turn import Turn

VERB = "moves"
PAGE = 12  # lines
ENTRIES_MAX = 30  # of a household that are told one by one, the latest
SAID_MAX = 40  # characters
_MOVES = re.compile(
    r"进出|出入库|流水|明细|变动记录|\b(?:movements?|ledger|ins and outs|stock history)\b"
    r"|འཛུལ་ཐོན|འགྲོ་འོང"
)
_ACCOUNT = re.compile(
    r"[账帐](?![户号])|流水|明细|送[了来过]*[多哪什几]|\b(?:accounts?|statement|ledger)\b|རྩིས"
)
_PAYS = re.compile(r"[付给结](?!过|了?[多哪几])|\b(?:paid|gave|pay)\b|སྤྲད", re.IGNORECASE)
_PERIOD = re.compile(
    r"\d|[年月周季天日]|\b(?:year|month|week|today|since|from|jan|feb|mar|apr|may|jun|jul|aug|sep|oct"
    r"|nov|dec)|ཟླ|ལོ|བདུན|དེ་རིང",
    re.IGNORECASE,
)


def said(turn: Turn) -> bool:
    """Shows what a message asks to see; False when it asks for neither."""
    form, reading = form_of(turn.text).text, turn.reading
    if len(form) > SAID_MAX:
        return False
    if reading.product and _MOVES.search(form) and not any(line.quantity for line in reading.lines):
        show(turn, reading.product)
        return True
    if reading.lines or not _ACCOUNT.search(form) or _PAYS.search(form):
        return False
    one = households.named(form, accounts.households(turn.unit.db))
    if one:
        _account(turn, one, _days(turn, form.replace(one.household, " ")))
    return one is not None


def show(turn: Turn, key: str, start: int = 0) -> None:
    """What moved of a product, the newest first, a page of it."""
    product = turn.product(key)
    found = movements.of_product(turn.unit.db, key, start, PAGE + 1)
    if product is None or not found:
        turn.say("movement.none" if product else "stale.nothing", name=key)
        return
    there = sum(each.on_hand for each in stock.levels(turn.unit) if each.product == key)
    older = turn.choice("button.older-moves", f"{VERB}:{key}:{start + PAGE}")
    turn.say(
        "movement.list",
        name=turn.name(product),
        lines="\n".join(_line(turn, product, each) for each in found[:PAGE]),
        there=turn.quantity(product, there, product.unit),
        choices=(older,) if len(found) > PAGE else (),
    )


def press(turn: Turn, subject: str) -> None:
    """The button: of a product, or what moved before what is shown."""
    key, _, start = subject.partition(":")
    show(turn, key, int(start[:9]) if start.isdecimal() else 0)


def _line(turn: Turn, product: Product, moved: Movement) -> str:
    known = any(each.key == moved.grade for each in product.grades)
    grade = product.grade(moved.grade) if known and moved.grade else None
    change = turn.quantity(product, abs(moved.quantity), product.unit)
    parts = (
        turn.locales.choose(grade.names, turn.language) if grade else "",
        f"{'+' if moved.quantity > 0 else '−'}{change}",
        turn.words(f"movement.{_what(moved)}"),
        moved.number or (moved.household if moved.kind == "in" else ""),
    )
    who = turn.words("web.shop")
    if person := moved.person_id and people.find_person(turn.unit.db, moved.person_id):
        who = person.name or turn.words("staff.unnamed", n=person.id)
    what = " ".join(filter(None, parts))
    return turn.words("past.line", moment=turn.moment(moved.at), what=what, name=who)


def _what(moved: Movement) -> str:
    if moved.why.startswith("undo "):
        return "undone"
    return "given-back" if moved.why == GIVEN_BACK else moved.kind


def _days(turn: Turn, form: str) -> periods.Days | None:
    """The days that are named, if any are."""
    named = _PERIOD.search(form)
    return periods.read_days(form, turn.unit.here.date()) if named else None


def _account(turn: Turn, one: Owed, days: periods.Days | None) -> None:
    """What a household brought and was given, in all or in some days, and what it is owed now."""
    start, end = 0, turn.unit.now + 1
    if days:
        first = datetime.combine(days.first, time(0), turn.zone)
        last = datetime.combine(days.last + timedelta(days=1), time(0), turn.zone)
        start, end = (round(each.timestamp() * 1000) for each in (first, last))
    found = accounts.of_household(turn.unit.db, one.household, start, end)
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
