"""Orders that are sent in parts: what is there now, and the rest when it is there, too.

An order of which a part has left stays where it stands until the rest has left as well. When the
rest is called off, it stands as if only what has left had been ordered.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from itertools import groupby, pairwise

from msgspec import Struct
from msgspec.structs import replace

from bot.shop import (
    accounts,
    enquiries,
    flash_sales,
    held_goods,
    orders,
    parcels,
    payments,
    people,
    price_cuts,
    refunds,
    returned_goods,
)
from bot.shop.order_states import NOT_LEFT, REST_OFF
from bot.shop.orders import Moved, NotAllowed, Order, OrderLine, State
from bot.shop.parcel_states import ParcelState
from bot.shop.parcels import Parcel
from bot.shop.payment_states import PaymentState
from bot.shop.people import By, id_of
from bot.shop.refunds import Refund
from bot.shop.returned_goods import Goods
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

OPEN = (State.CONFIRMED, State.PACKING)
UNDERWAY = (*OPEN, State.SHIPPED)  # where a part may not arrive, and the order stands
EVER = 2**62  # UTC ms


class Sent(Struct, frozen=True):
    """These goods have left in a parcel; the order stays open for the rest."""

    order: Order
    goods: Goods


class RestOff(Struct, frozen=True):
    """Nothing more is to leave of an order: `goods` are not sent; `back` was paid for them.

    It is as it was `before`, but for these.
    """

    before: Order
    order: Order
    goods: Goods
    back: Refund | None


class Leaving(Struct, frozen=True):
    """Goods of an order that left at one time (UTC ms)."""

    at: int
    person_id: int | None
    goods: Goods
    is_undone: bool  # They did not arrive.
    is_found: bool = False  # They did after all.
    is_here: bool = False  # They had not left.


class CalledOff(Struct, frozen=True):
    """Goods that an order is not any more, since `at` (UTC ms), and what it came to then."""

    at: int
    person_id: int | None
    goods: Goods
    total_minor: int


def there(db: sqlite3.Connection, order: Order) -> Goods:
    """What of an order could leave now."""
    return held_goods.there(db, order.id) if order.state in OPEN else {}


def gone(db: sqlite3.Connection, order: Order) -> Goods:
    """What of an order has left, if it is open for the rest or on its way."""
    return returned_goods.away(db, order.id) if order.state in UNDERWAY else {}


def rest(db: sqlite3.Connection, order: Order) -> Goods:
    """What of an order is still to leave."""
    return amounts(order) - Counter(gone(db, order)) if order.state in UNDERWAY else {}


def of_order(db: sqlite3.Connection, order: Order) -> list[Leaving]:
    """When its goods left, if not all of them at once, or did not arrive."""
    found = list[Leaving]()
    rows = _sql.sent(db, order_id=order.id)
    for _, group in groupby(rows, key=lambda row: (row["at"], row["person_id"], row["why"])):
        goods = Counter[tuple[str, str]]()
        for row in group:
            goods[row["product"], row["grade"]] += row["quantity"]
        is_found, is_here = row["why"] == held_goods.FOUND, row["why"] == NOT_LEFT
        undone = bool(row["is_undone"])
        found.append(Leaving(row["at"], row["person_id"], goods, undone, is_found, is_here))
    return found if len(found) > 1 or orders.is_in_parts(db, order) else []


def in_parcel(db: sqlite3.Connection, order: Order, parcel: Parcel) -> Goods:
    """What of an order left in a parcel and may yet arrive, besides what its buyer gets of it; {}
    where nobody can tell, and for all of it."""
    known = [each for each in parcels.of_order(db, order.id) if each.state is not ParcelState.LOST]
    away = gone(db, order)
    if [each.id for each in known] == [parcel.id]:
        return away if Counter(away) != amounts(order) else {}
    left = _left(db, order)
    found = [each for each in left if each.at == parcel.at]
    times = {each.at for each in left}
    if [each.id for each in known if each.at not in times] == [parcel.id]:  # Its number is new.
        others = {each.at for each in known}
        found = [each for each in left if each.at not in others]
    goods = _together(found) & Counter(away)
    return goods if parcel in known and goods != amounts(order) else {}


def cut(db: sqlite3.Connection, order: Order, goods: Goods) -> Order:
    """An order as if only so much of it had been ordered, at its prices and with its shipping."""
    left, lines = Counter(goods), list[OrderLine]()
    for line in order.lines:
        amount = min(line.amount, left[line.product, line.grade])
        left[line.product, line.grade] -= amount
        if amount:
            lines.append(line if amount == line.amount else _less(db, line, amount))
    goods_minor = sum(line.total_minor for line in lines)
    whole = order.goods_minor
    taken_off = (2 * order.discount_minor * goods_minor + whole) // (2 * whole) if whole else 0
    return replace(
        order,
        lines=tuple(lines),
        goods_minor=goods_minor,
        discount_minor=taken_off,
        total_minor=goods_minor + order.shipping_minor - taken_off,
    )


def dropped(db: sqlite3.Connection, order: Order, goods: Goods) -> tuple[OrderLine, ...]:
    """The lines of an order that are left out with so much of its goods."""
    return cut(db, replace(order, lines=order.lines[::-1]), goods).lines


def with_more(
    db: sqlite3.Connection, order: Order, lines: Iterable[OrderLine], discount_minor: int
) -> Order:
    """An order as if these lines, and what was taken off for them, had not been left out."""
    found = list(order.lines)
    for line in lines:
        key = line.product, line.grade, line.price
        same = [each for each in found if (each.product, each.grade, each.price) == key]
        if same:
            place = found.index(same[0])
            found[place] = _less(db, same[0], same[0].amount + line.amount)
        else:
            found.append(line)
    goods_minor = sum(line.total_minor for line in found)
    taken_off = order.discount_minor + discount_minor
    return replace(
        order,
        lines=tuple(found),
        goods_minor=goods_minor,
        discount_minor=taken_off,
        total_minor=goods_minor + order.shipping_minor - taken_off,
    )


def open_lines(db: sqlite3.Connection, order: Order) -> tuple[OrderLine, ...]:
    """What of its lines has not left."""
    return cut(db, order, rest(db, order)).lines


def due_with(db: sqlite3.Connection, order: Order, goods: Goods) -> int:
    """What the courier of the parcel with these goods collects, in minor units; the first one all
    of the shipping, and each what is known to be missing of what the ones before brought."""
    if order.pay_by != "cod":
        return 0
    before = _billed(db, order, _left(db, order), EVER)
    whole = cut(db, order, Counter(gone(db, order)) + Counter(goods))
    return max(0, whole.total_minor - before)


def _left(db: sqlite3.Connection, order: Order) -> list[Leaving]:
    """What left at one time each and may be with its buyer, if not all of it at once."""
    found, undone = list[Leaving](), list[Leaving]()
    for each in of_order(db, order):
        if each.is_undone:
            found, undone = _moved(each.goods, found, undone)
        elif each.is_found:
            undone, found = _moved(each.goods, undone, found)
        else:
            found.append(each)
    return found


def _moved(
    goods: Goods, found: list[Leaving], to: list[Leaving]
) -> tuple[list[Leaving], list[Leaving]]:
    """What left first with these goods, or all that are these, is among the others, by when it
    left."""
    if goods == _together(found):
        return [], sorted([*to, *found], key=lambda each: each.at)
    place = next((n for n, each in enumerate(found) if each.goods == goods), len(found))
    joined = sorted([*to, *found[place : place + 1]], key=lambda each: each.at)
    return found[:place] + found[place + 1 :], joined


def _billed(db: sqlite3.Connection, order: Order, left: list[Leaving], until: int) -> int:
    """What came, and what the couriers of these collect. Of those whose money is written down, each
    with a receipt, the next one collects what was missing: if that is known when it leaves
    (`until`)."""
    came = payments.received(db, order.id)
    if not left:
        return came
    known = [each for each in payments.receipts(db, order.id) if each.at <= until]
    doors = [each for each in known if each.method == "cod"]
    short = 0
    if doors and doors[-1].at >= left[-1].at:
        due = _total(db, order, left[: len(doors)])
        short = max(0, due - min(came, sum(each.amount_minor for each in known)))
    return max(came, _total(db, order, left) - short)


def _total(db: sqlite3.Connection, order: Order, left: list[Leaving]) -> int:
    """What an order would come to with this alone."""
    goods = _together(left)
    return cut(db, order, goods).total_minor if goods else 0


def _together(left: Iterable[Leaving]) -> Counter[tuple[str, str]]:
    """What left at several times."""
    return sum((Counter(each.goods) for each in left), Counter[tuple[str, str]]())


def earlier(db: sqlite3.Connection, order: Order) -> Goods:
    """What of an order left before what left last, and may be with its buyer."""
    return _together(_left(db, order)[:-1])


def due_last(db: sqlite3.Connection, order: Order) -> int:
    """What the courier of the last parcel of an order collects that has left in parts; else 0."""
    left = _left(db, order)
    if order.pay_by != "cod" or order.state is not State.SHIPPED or len(left) < 2:
        return 0
    return max(0, order.total_minor - _billed(db, order, left[:-1], left[-1].at))


def may_be_of_one(db: sqlite3.Connection, order: Order, minor: int) -> bool:
    """Whether so much may be what the courier of one of several parcels has brought."""
    return 0 < minor < payments.missing(db, order) and due_last(db, order) > 0


def is_of_one(db: sqlite3.Connection, order: Order, minor: int) -> bool:
    """Whether so much is what the courier of one of several parcels collects, and another one
    brings the rest."""
    if not may_be_of_one(db, order, minor):
        return False
    left = _left(db, order)
    totals = [_total(db, order, left[:n]) for n in range(len(left))]
    bills = Counter([due_last(db, order), *(after - before for before, after in pairwise(totals))])
    receipts = payments.receipts(db, order.id)
    bills.subtract(each.amount_minor for each in receipts if each.method == "cod")
    return bills[minor] > 0


def by_parcel(db: sqlite3.Connection, order: Order) -> list[tuple[Goods, int]]:
    """What the couriers of an order that leaves, or has left, in parts collect yet: for what has
    left, or left first, and for the rest; [] where one of them collects all that is missing."""
    missing = payments.missing(db, order)
    if order.state is State.SHIPPED:
        first, rest_minor = earlier(db, order), due_last(db, order)
    else:
        first, rest_minor = gone(db, order), due_with(db, order, rest(db, order))
    found = [(first, missing - rest_minor), (amounts(order) - Counter(first), rest_minor)]
    return found if first and 0 < rest_minor < missing else []


def send(
    unit: Unit, order: Order, courier: str, number: str, goods: Goods, *, by: By
) -> Moved | Sent:
    """Goods of an order that are there leave in a parcel; when these are the last, so has it.

    Raises ValueError, and has written nothing, for more than is there, and as `parcels.ship` does.
    """
    order, db = orders.fresh(unit.db, order), unit.db
    known = there(db, order)
    if not goods or any(not 0 < amount <= known.get(key, 0) for key, amount in goods.items()):
        raise ValueError(order.number, goods)
    if Counter(goods) == rest(db, order):
        return parcels.ship(unit, order, courier, number, by=by)
    parcels.check(courier, number)
    held_goods.sell(unit, order.id, goods, by=by)
    note_sent(unit, order)
    parcels.add(unit, order, courier, number, by=by)
    accounts.follow(unit, order.id, "sent in part", by=by)
    return Sent(orders.fresh(db, order), goods)


def without(db: sqlite3.Connection, order: Order, goods: Goods) -> tuple[Order, int]:
    """An order as if these goods had not been ordered, and how much more than that costs came."""
    less = cut(db, order, amounts(order) - Counter(goods))
    return less, max(0, payments.received(db, order.id) - less.total_minor)


def call_off_rest(unit: Unit, order: Order, *, by: By) -> RestOff:
    """What has not left of an order never will. Raises NotAllowed unless a part has left, and as
    `call_off` does."""
    order = orders.fresh(unit.db, order)
    if not orders.is_in_parts(unit.db, order):
        raise NotAllowed(order, State.SHIPPED, "rest")
    return call_off(unit, order, rest(unit.db, order), by=by)


def call_off(unit: Unit, order: Order, goods: Goods, *, by: By, had_left: bool = False) -> RestOff:
    """These of the goods that have not left never will: what was paid for them goes back, or is
    not due. When nothing else is to leave, the order has.

    What `had_left`, and did not arrive, keeps its share of a sale, as it does of a whole order.
    Raises NotAllowed for others or all of the order, and when more goes back already than it costs.
    """
    order, db = orders.fresh(unit.db, order), unit.db
    less, back_minor = without(db, order, goods)
    is_known = bool(goods) and Counter(goods) <= Counter(rest(db, order)) and bool(less.lines)
    if not is_known or price_cuts.agreed(db, order.id) > less.total_minor:
        raise NotAllowed(order, State.SHIPPED, "rest")
    refunds.withdraw(unit, order)
    held_goods.keep_only(unit, order.id, rest(db, less))
    if not had_left:
        flash_sales.keep_only(unit, order.id, amounts(less))
    write(unit, less)
    back = refunds.excess(unit, less, back_minor, by=by) if back_minor else None
    payment = payments.of_order(db, order.id)
    if payment.state is PaymentState.DUE and not payments.missing(db, less):
        payments.decide(unit, less, payment, PaymentState.PAID, by)
    accounts.follow(unit, order.id, "called off in part", by=by)
    if id_of(by) != order.person_id:
        enquiries.settle(unit, order.id, by)
    leave(unit, less, by=by, why=REST_OFF)
    _note_off(unit, less, goods, by)
    people.audit(unit, by, "rest-off", order.number, str(order.total_minor), str(less.total_minor))
    return RestOff(order, orders.fresh(db, order), goods, back)


def write(unit: Unit, order: Order) -> None:
    """An order is of these goods now, and costs so much."""
    sums = {"goods_minor": order.goods_minor, "discount_minor": order.discount_minor}
    _sql.set_order(unit.db, order_id=order.id, total_minor=order.total_minor, **sums)
    _sql.set_payment(unit.db, order_id=order.id, minor=order.total_minor)
    _sql.drop_lines(unit.db, order_id=order.id)
    orders.write_lines(unit, order)
    note_sent(unit, order)


def leave(unit: Unit, order: Order, *, by: By, why: str) -> None:
    """An order of which nothing more is to leave is on its way."""
    if order.state in OPEN and not rest(unit.db, order):
        for state in (State.PACKING, State.SHIPPED):
            if orders.fresh(unit.db, order).state is not state:
                orders.move(unit, order, state, by=by, why=why)


def _note_off(unit: Unit, less: Order, goods: Goods, by: By) -> None:
    of = {"order_id": less.id, "total_minor": less.total_minor, "now": unit.now}
    by_whom = {"person_id": id_of(by)}
    rows = ({"product": key[0], "grade": key[1], "quantity": n} for key, n in goods.items())
    _sql.note_off(unit.db, [{**of, **by_whom, **row} for row in rows])


def called_off(db: sqlite3.Connection, order: Order) -> list[CalledOff]:
    """What an order is not any more, one entry for what was called off at once."""
    found = list[CalledOff]()
    rows = _sql.called_off(db, order_id=order.id)
    for key, group in groupby(rows, lambda row: (row["at"], row["person_id"], row["total_minor"])):
        goods = {(row["product"], row["grade"]): row["quantity"] for row in group}
        found.append(CalledOff(key[0], key[1], goods, key[2]))
    return found


def note_sent(unit: Unit, order: Order) -> None:
    """The value of what has left of an order, for the books."""
    minor = cut(unit.db, order, gone(unit.db, order)).goods_minor
    _sql.set_sent(unit.db, order_id=order.id, minor=minor)


def amounts(order: Order) -> Counter[tuple[str, str]]:
    """How much an order is of each of its goods."""
    found = Counter[tuple[str, str]]()
    for product, grade, amount in order.wants:
        found[product, grade] += amount
    return found


def _less(db: sqlite3.Connection, line: OrderLine, amount: int) -> OrderLine:
    """So much of a line, in the unit in which it was ordered if that goes."""
    quantity, rest = divmod(line.quantity * amount, line.amount)
    if rest:
        unit = _sql.unit_of(db, product=line.product) or ("g" if line.unit == "g" else "pc")
        line, quantity = replace(line, unit=unit), amount
    return replace(line, quantity=quantity, amount=amount, total_minor=line.price.of(amount))
