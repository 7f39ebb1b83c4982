"""Orders that are sent in parts: what is there now, and the rest when it is there, too.

An order of which a part has left stays where it stands until the rest has left as well. When the
rest is called off, it stands as if only what has left had been ordered.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby

from bot.shop import (
    accounts,
    enquiries,
    flash_sales,
    orders,
    parcels,
    payments,
    people,
    refunds,
    returned_goods,
    stock,
)
from bot.shop.orders import REST_OFF, Moved, NotAllowed, Order, OrderLine, State
from bot.shop.payment_states import PaymentState
from bot.shop.people import By, id_of
from bot.shop.refunds import Refund
from bot.shop.returned_goods import Goods
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

OPEN = (State.CONFIRMED, State.PACKING)


@dataclass(frozen=True, slots=True)
class Sent:
    """These goods have left in a parcel; the order stays open for the rest."""

    order: Order
    goods: Goods


@dataclass(frozen=True, slots=True)
class RestOff:
    """Nothing more is to leave of an order: `goods` are not sent; `back` was paid for them.

    It is as it was `before`, but for these.
    """

    before: Order
    order: Order
    goods: Goods
    back: Refund | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """Goods of an order that left at one time (UTC ms)."""

    at: int
    person_id: int | None
    goods: Goods


def there(db: sqlite3.Connection, order: Order) -> Goods:
    """What of an order could leave now."""
    found = Counter[tuple[str, str]]()
    if order.state in OPEN:
        for row in _sql.held(db, order_id=order.id):
            found[row["product"], row["grade"]] += row["quantity"]
    return found


def gone(db: sqlite3.Connection, order: Order) -> Goods:
    """What of an order has left, if it is open for the rest."""
    return returned_goods.away(db, order.id) if order.state in OPEN else {}


def rest(db: sqlite3.Connection, order: Order) -> Goods:
    """What of an order is still to leave."""
    return amounts(order) - Counter(gone(db, order)) if order.state in OPEN else {}


def of_order(db: sqlite3.Connection, order: Order) -> list[Leaving]:
    """When its goods left, if not all of them at once."""
    found = list[Leaving]()
    rows = _sql.sent(db, order_id=order.id)
    for _, group in groupby(rows, key=lambda row: (row["at"], row["person_id"], row["why"])):
        goods = Counter[tuple[str, str]]()
        for row in group:
            goods[row["product"], row["grade"]] += row["quantity"]
        found.append(Leaving(row["at"], row["person_id"], goods))
    return found if len(found) > 1 or orders.is_in_parts(db, order) else []


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


def open_lines(db: sqlite3.Connection, order: Order) -> tuple[OrderLine, ...]:
    """What of its lines has not left."""
    return cut(db, order, rest(db, order)).lines


def due_with(db: sqlite3.Connection, order: Order, goods: Goods) -> int:
    """What the courier of the parcel with these goods collects, in minor units; the first one all
    of the shipping."""
    if order.pay_by != "cod":
        return 0
    before, came = gone(db, order), payments.received(db, order.id)
    billed = max(came, cut(db, order, before).total_minor if before else 0)
    return max(0, cut(db, order, Counter(before) + Counter(goods)).total_minor - billed)


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
    left = Counter(goods)
    for row in list(_sql.held(db, order_id=order.id)):
        key = row["product"], row["grade"]
        amount = min(row["quantity"], left[key])
        if amount:
            left[key] -= amount
            _sell(unit, order, row, amount, by)
    _sql.set_sent(db, order_id=order.id, minor=cut(db, order, gone(db, order)).goods_minor)
    parcels.add(unit, order, courier, number, by=by)
    accounts.follow(unit, order.id, "sent in part", by=by)
    return Sent(orders.fresh(db, order), goods)


def call_off_rest(unit: Unit, order: Order, *, by: By) -> RestOff:
    """What has not left of an order never will: what was paid for it goes back, or is not due.

    Raises NotAllowed unless a part has left, and when more goes back already than that cost.
    """
    order, db = orders.fresh(unit.db, order), unit.db
    less, goods = cut(db, order, gone(db, order)), rest(db, order)
    given = refunds.given(db, order)
    if not orders.is_in_parts(db, order) or given > less.total_minor:
        raise NotAllowed(order, State.SHIPPED, "rest")
    refunds.withdraw(unit, order)
    stock.release(unit, order.id)
    flash_sales.keep_only(unit, order.id, gone(db, order))
    sums = {"goods_minor": less.goods_minor, "discount_minor": less.discount_minor}
    _sql.set_order(db, order_id=order.id, total_minor=less.total_minor, **sums)
    _sql.set_payment(db, order_id=order.id, minor=less.total_minor)
    _sql.drop_lines(db, order_id=order.id)
    orders.write_lines(unit, less)
    over = payments.received(db, order.id) - less.total_minor
    back = refunds.excess(unit, less, over, by=by) if over > 0 else None
    payment = payments.of_order(db, order.id)
    if payment.state is PaymentState.DUE and over >= 0:
        payments.decide(unit, less, payment, PaymentState.PAID, by)
    if id_of(by) != order.person_id:
        enquiries.settle(unit, order.id, by)
    for state in (State.PACKING, State.SHIPPED):
        if orders.fresh(db, order).state is not state:
            orders.move(unit, order, state, by=by, why=REST_OFF)
    people.audit(unit, by, "rest-off", order.number, str(order.total_minor), str(less.total_minor))
    return RestOff(order, orders.fresh(db, order), goods, back)


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


def _sell(unit: Unit, order: Order, row: sqlite3.Row, amount: int, by: By) -> None:
    """So much of what an order holds is sold."""
    _sql.sell(unit.db, lot_id=row["lot_id"], quantity=amount)
    if amount == row["quantity"]:
        _sql.drop(unit.db, id=row["id"])
    else:
        _sql.lessen(unit.db, id=row["id"], quantity=amount)
    values = {"lot_id": row["lot_id"], "order_id": order.id, "quantity": amount}
    _sql.add_sale(unit.db, **values, person_id=id_of(by), now=unit.now)
