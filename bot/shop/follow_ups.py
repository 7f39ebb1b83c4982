"""Orders that stand in the place of another: sent again, or changed before packing."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.language.addresses.recipient import Recipient
from bot.shop import (
    carried,
    enquiries,
    order_notes,
    orders,
    parcels,
    parts,
    payments,
    people,
    price_cuts,
    refunds,
    repayments,
    stock,
    unsettled,
)
from bot.shop.catalogue import Catalogue, Price
from bot.shop.orders import Already, Moved, NotAllowed, Order, State, Wanted
from bot.shop.parcel_states import ParcelState
from bot.shop.parcels import Parcel
from bot.shop.payment_states import NOT_COLLECTED, NothingDue, Payment, Received
from bot.shop.people import By, Chat
from bot.shop.price_cuts import Cut
from bot.shop.quotes import zone_of
from bot.shop.refunds import Refund, TooMuch
from bot.shop.returned_goods import Goods
from bot.shop.stock import Shortage
from bot.shop.vouchers import Voucher
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

CHANGED_IN = (State.PLACED, State.CONFIRMED)
UNSENT = (State.PLACED, State.CONFIRMED, State.PACKING)


class Changed(Struct, frozen=True):
    """An order stands in the place of another; `money` is what became of what came for that.

    `counted_minor` of it was due to go back.
    """

    order: Order
    money: Received | None = None
    counted_minor: int = 0


class Given(Struct, frozen=True):
    """Nothing was sent again: so much goes or went back for the same already."""

    minor: int


def may_send_again(unit: Unit, order: Order) -> bool:
    """Whether an order's goods can go out once more.

    What was paid is paid for both. What is to be paid on delivery may be so yet while it is on its
    way; once it comes back, or never arrives, the same is due for the same. Money that goes back
    pays for nothing more.
    """
    order, payment = orders.fresh(unit.db, order), payments.of_order(unit.db, order.id)
    if payment.state == "due":
        return order.state in NOT_COLLECTED
    is_paid = payment.state == "paid" and not is_repaid(unit.db, order)
    return is_paid and order.state in refunds.HAVE_LEFT


def is_repaid(db: sqlite3.Connection, order: Order) -> bool:
    """Whether all the money that paid for an order goes or went back."""
    return payments.received(db, paid_with(db, order).id) > 0 and not left(db, order)


def left(db: sqlite3.Connection, order: Order) -> int:
    """What paid for an order's goods, with the one that it stands for too, and does not go back."""
    return refunds.left(db, paid_with(db, order))


def paid_with(db: sqlite3.Connection, order: Order) -> Order:
    """The order whose money paid for this one: the first, where goods were sent again."""
    while not order.total_minor and order.replaces:
        before = orders.by_id(db, order.replaces)
        if before is None or before.state is State.CANCELLED:
            break
        order = before
    return order


def paid_before(db: sqlite3.Connection, order: Order) -> int:
    """What was paid with the first order for the goods that are sent again for nothing, and does
    not go back; 0 for other orders."""
    first = paid_with(db, order)
    if first.id == order.id:
        return 0
    goods, most = parts.amounts(order), refunds.left(db, first)
    if goods == parts.amounts(first):
        return most
    less, _ = parts.without(db, first, goods)
    return min(most, first.total_minor - less.total_minor)


def send_again(
    unit: Unit,
    catalogue: Catalogue,
    order: Order,
    *,
    by: By,
    sure: bool = False,
    goods: Goods | None = None,
) -> Moved | Already | Given | list[Shortage]:
    """The same goods, or only some `goods` of them, to the same recipient, confirmed at once; once
    an order, and instead of money that was offered. Besides money that goes back in part only when
    somebody is `sure`.

    For nothing where the order was paid, else to be paid on delivery as that was. Raises NotAllowed
    unless `may_send_again`, and ValueError for more than was ordered; with shortages nothing is
    written.
    """
    order = orders.fresh(unit.db, order)
    key, known = f"again:{order.number}", _of_key(unit.db, f"again:{order.number}")
    while known and known.state is State.CANCELLED:  # It was never sent: once more, then.
        key += "+"
        known = _of_key(unit.db, key)
    if known:
        return Already(known)
    if not may_send_again(unit, order):
        raise NotAllowed(order, State.CONFIRMED, "again")
    given = price_cuts.agreed(unit.db, paid_with(unit.db, order).id)
    if given and not sure:
        return Given(given)
    is_paid = payments.of_order(unit.db, order.id).state == "paid"
    wanted = order if goods is None else parts.cut(unit.db, order, goods)
    if goods is not None and (not goods or Counter(goods) != parts.amounts(wanted)):
        raise ValueError(order.number, goods)
    billed = _for_nothing(wanted) if is_paid else wanted
    zone = zone_of(catalogue, order.recipient)
    takes, shortages = stock.plan(unit, wanted.wants, lasting=stock.arrival(unit, zone))
    if shortages:
        return shortages
    fields: dict[str, Any] = {
        "key": key,
        "person_id": order.person_id,
        "chat_id": order.chat_id,
        "pay_by": billed.pay_by,
        "language": order.language,
        "currency": order.currency,
        "goods_minor": billed.goods_minor,
        "shipping_minor": billed.shipping_minor,
        "discount_minor": billed.discount_minor,
        "total_minor": billed.total_minor,
        "placed_at": unit.now,
        "replaces": order.id,
        "transit_days": stock.transit_days(zone),
    }
    written = orders.write(unit, fields, order.recipient, billed.lines)
    if written is None:
        raise RuntimeError(f"{key} was written in between")
    order_notes.carry(unit, order, written)
    price_cuts.carry(unit, order.id, written.id)
    stock.take(unit, written.id, takes, None)
    confirmed = payments.confirm(unit, written, by=by)
    if not isinstance(confirmed, Moved):
        raise RuntimeError(f"{written.number} could not be confirmed")
    refunds.withdraw(unit, order)
    enquiries.pass_on_address(unit, order.id, written.id)
    enquiries.settle(unit, order.id, by)
    return confirmed


def _of_key(db: sqlite3.Connection, key: str) -> Order | None:
    """The order of a key, or what it was changed to."""
    known = orders.by_key(db, key)
    return orders.standing(db, known) if known else None


def refund(unit: Unit, order: Order, *, by: By, sure: bool = False) -> Payment | NothingDue | Order:
    """All the money goes back; instead the order that was sent in the place of this one, unless
    somebody is `sure` and that has left.
    """
    after = sent_again(unit.db, order) if refunds.left(unit.db, order) else None
    if after and (after.state in UNSENT or not sure):
        return after
    return payments.refund(unit, order, by=by)


def offer(
    unit: Unit, order: Order, amount_minor: int, *, by: By, sure: bool = False
) -> Refund | TooMuch | Order:
    """Offers a part of the money; instead the order that was sent in the place of this one, unless
    somebody is `sure`. Raises as `refunds.offer` does.
    """
    after = sent_again(unit.db, order)
    return after if after and not sure else refunds.offer(unit, order, amount_minor, by=by)


def replacements(db: sqlite3.Connection, order: Order) -> list[Order]:
    """The orders that were to stand in the place of one, oldest first."""
    found = [orders.by_id(db, row["id"]) for row in _sql.replacements(db, id=order.id)]
    return [each for each in found if each]


def sent_again(db: sqlite3.Connection, order: Order) -> Order | None:
    """The order by which goods that had left go or went out once more, unless it was called off or
    comes back, too."""
    found, over = None, (State.CANCELLED, State.EXPIRED, *NOT_COLLECTED)
    after = orders.follow_up(db, order) if order.state is not State.CANCELLED else None
    while after:
        found = found if after.state in over else after
        after = orders.follow_up(db, after)
    return found


def lost_again(db: sqlite3.Connection, order: Order) -> Order | None:
    """What goes out last in the place of an order that has left, if that was lost on its way."""
    last = order
    while last.state is not State.CANCELLED and (after := orders.follow_up(db, last)):
        last = after
    return last if last.id != order.id and is_lost(db, last) else None


def _for_nothing(order: Order) -> Order:
    lines = (replace(line, price=Price(0, line.price.per), total_minor=0) for line in order.lines)
    return replace(
        order,
        pay_by="transfer",
        goods_minor=0,
        shipping_minor=0,
        discount_minor=0,
        total_minor=0,
        lines=tuple(lines),
    )


def lost(unit: Unit, order: Order, *, by: By) -> Moved:
    """A parcel will never arrive: the order is over, and its goods are not there any more.

    Raises NotAllowed for an order that is not on its way.
    """
    if orders.fresh(unit.db, order).state is not State.SHIPPED:
        raise NotAllowed(order, State.RETURNED, "lost")
    moved = orders.move(unit, order, State.RETURNING, by=by, why="lost")
    return orders.move(unit, moved.order, State.RETURNED, by=by, why="lost")


def lost_in_part(unit: Unit, parcel: Parcel, *, by: By) -> Moved | None:
    """One of an order's parcels will never arrive: what of the money goes back is to be settled.

    When the rest has arrived, so has the order. Raises NotAllowed for one that is over.
    """
    order = orders.by_id(unit.db, parcel.order_id)
    if order is None or parcels.is_finished(parcel):
        raise LookupError(parcel.id)
    if order.state not in (State.SHIPPED, State.DELIVERED):
        raise NotAllowed(order, State.DELIVERED, "lost")
    parcels.note(unit, parcel, ParcelState.LOST)
    unsettled.note(unit, order)
    people.audit(unit, by, "parcel.lost", order.number, "", parcel.number)
    if order.state is State.DELIVERED or not parcels.has_arrived(unit.db, order):
        return None
    return orders.move(unit, order, State.DELIVERED, by=by, why="courier")


def is_lost(db: sqlite3.Connection, order: Order) -> bool:
    """Whether an order is over since its parcel never arrived."""
    return order.state is State.RETURNED and orders.history(db, order.id)[-1].why == "lost"


def may_change(unit: Unit, order: Order) -> bool:
    """Whether other goods can take an order's place: before it is packed.

    Not while a person looks for its money or a service sends some back, not when a part of it has
    left, and not of what is sent again for nothing, which another order has paid.
    """
    order, db = orders.fresh(unit.db, order), unit.db
    if order.state not in CHANGED_IN or not order.goods_minor or orders.is_in_parts(db, order):
        return False
    is_known = payments.of_order(db, order.id).state in ("due", "paid")
    return is_known and not repayments.any_under_way(db, order.id)


def may_pay_by(unit: Unit, order: Order, way: str) -> bool:
    """Whether what takes an order's place can be paid by a way: not on delivery if money came."""
    return way != "cod" or not refunds.kept(unit.db, order)


def change(
    unit: Unit,
    catalogue: Catalogue,
    order: Order,
    *,
    key: str,
    chat: Chat,
    wants: Sequence[Wanted],
    recipient: Recipient,
    pay_by: str,
    language: str,
    by: By,
    voucher: Voucher | None = None,
) -> Changed | Already | list[Shortage]:
    """Places an order in the place of another, whose goods and shares of sales are free for it.

    What was paid for the other is paid for it, but for what has gone back: it waits for the rest,
    or is confirmed and what is too much goes back. What a seller took off is taken off it, too,
    and so is what it was agreed that goes back.
    When it cannot be placed, the other stands as if nobody had asked. The catalogue is priced as if
    that order had no shares. Raises NotAllowed when the other cannot be changed any more, or not to
    be paid so, and what `orders.place` raises.
    """
    known = orders.by_key(unit.db, key)
    if known:
        return Already(known)
    if not may_change(unit, order) or not may_pay_by(unit, order, pay_by):
        raise NotAllowed(order, State.CANCELLED, "changed")
    paid_minor, due_minor = refunds.kept(unit.db, order), refunds.due(unit.db, order)
    cuts = price_cuts.to_carry(unit.db, order.id)
    try:
        with unit.attempt():
            orders.move(unit, order, State.CANCELLED, by=by, why="changed")
            placed = orders.place(
                unit,
                catalogue,
                key=key,
                chat=chat,
                wants=wants,
                recipient=recipient,
                pay_by=pay_by,
                language=language,
                replaces=order.id,
                voucher=voucher,
                cuts=cuts,
            )
            if isinstance(placed, list):
                raise stock.Short(placed)
            order_notes.carry(unit, order, placed.order)
            _keep_cuts(unit, placed.order, cuts, voucher)
            if not paid_minor:
                return Changed(placed.order)
            money = carried.carry(unit, order, placed.order, by=by)
            return Changed(money.order, money, due_minor)
    except stock.Short as short:
        return short.shortages


def _keep_cuts(unit: Unit, order: Order, cuts: Sequence[Cut], voucher: Voucher | None) -> None:
    """Keeps what is taken off an order besides a voucher."""
    goods, shipping = order.goods_minor, order.shipping_minor
    total = goods + shipping - (voucher.off(goods) if voucher else 0)
    price_cuts.keep(unit, order.id, cuts, goods, shipping, total)
