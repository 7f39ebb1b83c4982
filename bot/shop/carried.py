"""Money that is carried over from an order to the one that stands in its place.

Each receipt goes over as it is, so that money still goes back to where it came from; and with the
receipts what has gone back of them: of the new order that was always too much. What is due to go
back and has not gone pays for the new order first.
"""

from __future__ import annotations

from bot.shop import accounts, payments, people
from bot.shop.orders import Order
from bot.shop.payment_states import Received
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


def carry(unit: Unit, before: Order, order: Order, *, by: By) -> Received:
    """What becomes of an order to which all money of the cancelled one before it is carried."""
    between = {"before": before.id, "after": order.id}
    _sql.receipts(unit.db, **between)
    _sql.cut_refunds(unit.db, before=before.id)
    _sql.keep_refunds(unit.db, before=before.id)
    _sql.refunds(unit.db, **between)
    _sql.repayments(unit.db, **between)
    _sql.nothing_left(unit.db, order_id=before.id)
    for each in (before, order):
        accounts.follow(unit, each.id, "changed", by=by)
    minor = payments.received(unit.db, order.id)
    people.audit(unit, by, "payment.carried", order.number, before.number, str(minor))
    result = payments.came(unit, order, minor, by=by)
    if result.gone:
        raise RuntimeError(f"{order.number} was placed without its goods")
    return result
