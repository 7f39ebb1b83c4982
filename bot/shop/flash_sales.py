"""Flash sales: so much of a grade at a price, from a moment on, so much to each buyer at most.

While one runs, a buyer sees the catalogue with its price and with how much of it they can have, as
with a special price; what is sold of it is counted by the unit that places the order, so that
whoever is committed first has it. An order that is called off or runs out gives its share back.
What is not sold of it yet is kept for it: nobody else is sold these goods; see `stock`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from bot.shop import people, stock, timers
from bot.shop.catalogue import PRICE_MINOR_MAX, Catalogue, Product
from bot.shop.people import By
from bot.shop.stock import Shortage
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

OVER = "flash-sale.over"  # a timer: what was not sold is free
LASTS_MS = 24 * 3_600_000  # unless the seller says how long
LASTS_MAX_MS = 30 * LASTS_MS


class FlashSale(Struct, frozen=True):
    """A sale; amounts in the product's own unit, `minor` for as much as the grade's price is for.

    Times are UTC ms.
    """

    id: int
    product: str
    grade: str
    minor: int
    quantity: int
    per_person: int
    sold: int
    starts_at: int
    ends_at: int


def make(
    unit: Unit,
    product: Product,
    grade: str,
    *,
    minor: int,
    quantity: int,
    per_person: int,
    starts_at: int,
    by: By,
    ends_at: int = 0,
) -> FlashSale | Shortage:
    """A sale that ends at a time (UTC ms) or else LASTS_MS after its start; one of that grade that
    is not over ends.

    Nothing is done when less is free than is to be sold. Raises KeyError for a grade that is not
    sold, ValueError for figures that cannot be.
    """
    starts_at, ends_at = max(starts_at, unit.now), ends_at or starts_at + LASTS_MS
    if not starts_at < ends_at <= starts_at + LASTS_MAX_MS:
        raise ValueError(starts_at, ends_at)
    before = product.grade(grade).price.minor
    if not 0 < minor <= PRICE_MINOR_MAX or quantity <= 0 or not 0 < per_person <= quantity:
        raise ValueError(minor, quantity, per_person)
    free = stock.available(unit, product.key, grade, aside=False)
    if quantity > free:
        return Shortage(product.key, grade, quantity, free)
    for sale in not_over(unit.db, unit.now):
        if (sale.product, sale.grade) == (product.key, grade):
            finish(unit, sale.id, by=by)
    row = _sql.add(
        unit.db,
        product=product.key,
        grade=grade,
        minor=minor,
        quantity=quantity,
        per_person=per_person,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    timers.set_timer(unit, OVER, str(row["id"]), ends_at)
    people.audit(unit, by, "flash-sale", f"{product.key}/{grade}", str(before), str(minor))
    return FlashSale(*row)


class Sold(Struct, frozen=True):
    """So much is bought already, in all or by one person: less than that cannot be for sale."""

    amount: int


def change(
    unit: Unit, id: int, *, by: By, quantity: int = 0, per_person: int = 0
) -> FlashSale | Shortage | Sold | None:
    """So much is sold in all, so much to each at most; 0 for as before. None when it is over.

    Nothing is done when less is free than is to be sold, or more is bought already.
    """
    row = _sql.by_id(unit.db, id=id)
    if row is None or row["ends_at"] <= unit.now:
        return None
    before = FlashSale(*row)
    quantity = quantity or before.quantity
    per_person = min(per_person or before.per_person, quantity)
    free = stock.available(unit, before.product, before.grade)
    if quantity > before.quantity + free:
        return Shortage(before.product, before.grade, quantity, before.quantity + free)
    if quantity < before.sold:
        return Sold(before.sold)
    if per_person < (most := int(_sql.most_taken(unit.db, sale_id=id))):
        return Sold(most)
    _sql.change(unit.db, id=id, quantity=quantity, per_person=per_person)
    unit.freed = True
    figures = f"{before.quantity} {before.per_person}", f"{quantity} {per_person}"
    people.audit(unit, by, "flash-sale-change", f"{before.product}/{before.grade}", *figures)
    return replace(before, quantity=quantity, per_person=per_person)


def finish(unit: Unit, id: int, *, by: By, at: int = 0) -> bool:
    """Ends a sale now, or lets it end at a time to come (UTC ms); False when it is over."""
    at, row = max(at, unit.now), _sql.by_id(unit.db, id=id)
    if row is None or not _sql.finish(unit.db, id=id, now=unit.now, at=at):
        return False
    unit.freed = True
    timers.set_timer(unit, OVER, str(id), at)
    before, after = (
        f"{datetime.fromtimestamp(end / 1000, unit.zone):%Y-%m-%d %H:%M}"
        for end in (row["ends_at"], at)
    )
    people.audit(unit, by, "flash-sale-over", f"{row['product']}/{row['grade']}", before, after)
    return True


def not_over(db: sqlite3.Connection, now: int) -> list[FlashSale]:
    """The sales that run or are to come."""
    return [FlashSale(*row) for row in _sql.not_over(db, now=now)]


def left_for(db: sqlite3.Connection, sale: FlashSale, person_id: int, besides: int = 0) -> int:
    """How much of a sale a person can still have, as if the order `besides` had none."""
    own = int(_sql.taken_by(db, sale_id=sale.id, person_id=person_id, besides=besides))
    back = sum(
        int(row["quantity"])
        for row in _sql.of_order(db, order_id=besides)
        if row["sale_id"] == sale.id and not row["is_given_back"]
    )
    return max(0, min(sale.per_person - own, sale.quantity - sale.sold + back))


def priced(
    db: sqlite3.Connection, shop: Catalogue, person_id: int, now: int, *, besides: int = 0
) -> Catalogue:
    """The catalogue as a person sees it at a time (UTC ms): with what they can have of a sale.

    As if the order `besides` had none of it. A catalogue that is priced already may be so anew.
    """
    changed: dict[str, Product] = {}
    for sale in not_over(db, now):
        product = changed.get(sale.product) or shop.products.get(sale.product)
        if product is None or sale.starts_at > now:
            continue
        left = left_for(db, sale, person_id, besides)
        if left >= product.minimum:
            changed[sale.product] = _reduced(product, sale, left)
    return replace(shop, products={**shop.products, **changed}) if changed else shop


def _reduced(product: Product, sale: FlashSale, left: int) -> Product:
    grades = (
        replace(grade.reduced(sale.minor), most=left, sale=sale.id)
        if grade.key == sale.grade and (grade.sale == sale.id or sale.minor < grade.price.minor)
        else grade
        for grade in product.grades
    )
    return replace(product, grades=tuple(grades))


def take(unit: Unit, order_id: int, person_id: int, amounts: Mapping[int, int]) -> None:
    """An order takes its share of sales (amount by sale), which its catalogue said is there.

    Raises RuntimeError when it is not: a fault of the unit, of which nothing stays.
    """
    for sale_id, quantity in amounts.items():
        values = {"sale_id": sale_id, "person_id": person_id, "quantity": quantity}
        if not _sql.take(unit.db, **values):
            raise RuntimeError(f"flash sale {sale_id} has not {quantity} left")
        _sql.add_take(unit.db, order_id=order_id, **values)


def give_back(unit: Unit, order_id: int) -> None:
    """An order gives back its share; a second time there is none."""
    for row in list(_sql.of_order(unit.db, order_id=order_id)):
        if not row["is_given_back"]:
            _sql.lessen(unit.db, sale_id=row["sale_id"], quantity=row["quantity"])
            _sql.give_back(unit.db, order_id=order_id, sale_id=row["sale_id"], is_given_back=1)


def keep_only(unit: Unit, order_id: int, goods: Mapping[tuple[str, str], int]) -> None:
    """Of an order's shares only so much by product and grade is bought."""
    for row in list(_sql.of_order(unit.db, order_id=order_id)):
        sale = _sql.by_id(unit.db, id=row["sale_id"])
        less = row["quantity"] - goods.get((sale["product"], sale["grade"]), 0)
        if row["is_given_back"] or less <= 0:
            continue
        _sql.lessen(unit.db, sale_id=row["sale_id"], quantity=min(less, row["quantity"]))
        values = {"order_id": order_id, "sale_id": row["sale_id"]}
        if less < row["quantity"]:
            _sql.lessen_take(unit.db, **values, quantity=less)
        else:
            _sql.give_back(unit.db, **values, is_given_back=1)


def take_again(unit: Unit, order_id: int) -> bool:
    """An order that gave back its share has it again; False when others have it now, or its buyer
    has bought as much as one may meanwhile.
    """
    for row in list(_sql.of_order(unit.db, order_id=order_id)):
        if row["is_given_back"]:
            values = {"sale_id": row["sale_id"], "person_id": row["person_id"]}
            if not _sql.take(unit.db, **values, quantity=row["quantity"]):
                return False
            _sql.give_back(unit.db, order_id=order_id, sale_id=row["sale_id"], is_given_back=0)
    return True


def faults(db: sqlite3.Connection) -> list[str]:
    """What contradicts the promises of this module; empty when all is well."""
    found = [f"flash sale {row[0]}: sold {row[1]}, taken {row[2]}" for row in _sql.sold_wrong(db)]
    found += [f"flash sale {row[0]}: person {row[1]} has {row[2]}" for row in _sql.over_limit(db)]
    return found
