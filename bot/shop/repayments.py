"""Money on its way back to where it came from: each sum against the receipt by which it came.

What goes back of an order is a refund, or without one all that was paid for an order that is
undone. It is taken from what came first, what came too much from what came last. A payment service
sends back what came by it and says when that is done; the rest a person sends.
"""

from __future__ import annotations

import sqlite3
from enum import StrEnum
from typing import Any

from msgspec import Struct

from bot.shop import accounts
from bot.shop.people import By, id_of
from bot.shop.ways_to_pay import WAYS
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)


class RepaymentState(StrEnum):
    """How far it has come. What is stuck waits for a person at the service, closed goes anew."""

    ASKED = "asked"
    STUCK = "stuck"
    SENT = "sent"
    CLOSED = "closed"


class Back(Struct, frozen=True):
    """So much is to go back; `refund_id` of None is all of an order that is undone."""

    order_id: int
    refund_id: int | None
    amount_minor: int
    is_excess: bool = False


class Elsewhere(Struct, frozen=True):
    """A sum that a person sent back at a service, of the payment that it calls `reference`."""

    method: str
    number: str
    reference: str
    amount_minor: int


class Repayment(Struct, frozen=True):
    """A sum of it, against a receipt of `paid_minor` that its service calls `reference`."""

    id: int
    order_id: int
    refund_id: int | None
    method: str
    amount_minor: int
    state: RepaymentState
    reference: str
    paid_minor: int
    at: int
    number: str  # what the service calls it, if it was sent there by hand

    @property
    def is_under_way(self) -> bool:
        """Whether a service still has to send it."""
        return self.state in (RepaymentState.ASKED, RepaymentState.STUCK)

    def is_sent_without(self, service: str) -> bool:
        """Whether it was sent otherwise: what the service is asked to send after all goes twice.

        What it had closed goes anew, and counts as sent otherwise too.
        """
        otherwise = self.method != service or self.number != ""
        return self.state is RepaymentState.CLOSED or (
            self.state is RepaymentState.SENT and otherwise
        )


def ask(unit: Unit, back: Back, *, by: By) -> list[Repayment]:
    """What services have to be asked to send of it, and were not before."""
    known = {each.id for each in under_way(unit.db, back)}
    _add(unit, back, [row for row in _parts(unit.db, back) if row["by_service"]], "asked", by)
    return [each for each in under_way(unit.db, back) if each.id not in known]


def by_hand(unit: Unit, back: Back, *, by: By) -> None:
    """A person has sent all of it that no service was asked to send."""
    _add(unit, back, _parts(unit.db, back), "sent", by)
    _post(unit, back.order_id, back.refund_id, by)


def rest(db: sqlite3.Connection, back: Back) -> int:
    """What of it is neither sent nor asked for, in minor units."""
    return back.amount_minor - int(_sql.begun(db, order_id=back.order_id, refund_id=back.refund_id))


def is_over(db: sqlite3.Connection, back: Back) -> bool:
    """Whether all of it has gone back."""
    gone = _sql.gone(db, order_id=back.order_id, refund_id=back.refund_id)
    return bool(gone == back.amount_minor)


def under_way(db: sqlite3.Connection, back: Back) -> list[Repayment]:
    """What services were asked to send of it and have not sent."""
    rows = _sql.under_way(db, order_id=back.order_id, refund_id=back.refund_id)
    return [_repayment(row) for row in rows]


def any_under_way(db: sqlite3.Connection, order_id: int) -> bool:
    """Whether services were asked to send back anything of an order, and have not sent it."""
    return bool(_sql.any_under_way(db, order_id=order_id))


def by_id(db: sqlite3.Connection, id: int) -> Repayment | None:
    """The repayment of that id."""
    row = _sql.by_id(db, id=id)
    return _repayment(row) if row else None


def turn_out(
    unit: Unit,
    repayment: Repayment,
    to: RepaymentState,
    *,
    by: By,
    method: str = "",
    number: str = "",
) -> bool:
    """A service says what became of it; or a person has sent it by another `method`, or at the
    service, where it has that `number`.

    False when nothing is new. What is sent or closed stays so.
    """
    if repayment.state in (to, RepaymentState.SENT, RepaymentState.CLOSED):
        return False
    values = {"id": repayment.id, "before": repayment.state, "after": to}
    method = method or repayment.method
    if not _sql.set_state(unit.db, **values, method=method, number=number):
        return False
    _post(unit, repayment.order_id, repayment.refund_id, by)
    return True


def order_of(db: sqlite3.Connection, sum: Elsewhere) -> int | None:
    """The order whose payment it is of."""
    row = _sql.paid_by(db, method=sum.method, reference=sum.reference)
    return row["order_id"] if row else None


def is_known(db: sqlite3.Connection, sum: Elsewhere) -> bool:
    """Whether it is in the books."""
    return bool(_sql.known(db, method=sum.method, number=sum.number))


def waiting(db: sqlite3.Connection, sum: Elsewhere) -> Repayment | None:
    """What the service was asked to send of that payment, and by that sum has been sent."""
    row = _sql.paid_by(db, method=sum.method, reference=sum.reference)
    id = row and _sql.waiting(db, receipt_id=row["id"], amount_minor=sum.amount_minor)
    return by_id(db, id) if id else None


def has_as_much(db: sqlite3.Connection, sum: Elsewhere) -> bool:
    """Whether so much of that payment has neither gone back nor been asked for."""
    row = _sql.paid_by(db, method=sum.method, reference=sum.reference)
    return row is not None and sum.amount_minor <= row["rest_minor"]


def add_elsewhere(unit: Unit, back: Back, sum: Elsewhere) -> bool:
    """A sum of what is to go back was sent at the service; False when it was not to."""
    row = _sql.paid_by(unit.db, method=sum.method, reference=sum.reference)
    if not has_as_much(unit.db, sum) or sum.amount_minor > rest(unit.db, back):
        return False
    part = {"receipt_id": row["id"], "method": sum.method, "amount_minor": sum.amount_minor}
    _add(unit, back, [{**part, "number": sum.number}], "sent", None)
    _post(unit, back.order_id, back.refund_id, None)
    return True


def faults(db: sqlite3.Connection) -> list[str]:
    """What contradicts the promises of this module; empty when all is well."""
    found = [f"receipt {row[0]}: of {row[1]} {row[2]} goes back" for row in _sql.overdrawn(db)]
    return found + [f"{row[0]}: of {row[1]} {row[2]} is sent" for row in _sql.unlike(db)]


def _parts(db: sqlite3.Connection, back: Back) -> list[dict[str, Any]]:
    """What is left of it, split over the receipts."""
    missing = rest(db, back)
    rows = list(_sql.open_receipts(db, order_id=back.order_id))
    parts: list[dict[str, Any]] = []
    for row in reversed(rows) if back.is_excess else rows:
        minor = min(missing, row["rest_minor"])
        if minor > 0:
            by_service = WAYS[row["method"]].charged and row["reference"] != ""
            parts.append(
                {
                    "receipt_id": row["id"],
                    "method": row["method"],
                    "amount_minor": minor,
                    "by_service": by_service,
                }
            )
            missing -= minor
    return parts


def _add(unit: Unit, back: Back, parts: list[dict[str, Any]], state: str, by: By) -> None:
    known = {"order_id": back.order_id, "refund_id": back.refund_id, "state": state}
    known |= {"person_id": id_of(by), "now": unit.now}
    _sql.add(unit.db, [{"number": "", **part, **known} for part in parts])


def _post(unit: Unit, order_id: int, refund_id: int | None, by: By) -> None:
    accounts.follow(unit, order_id, "refund sent" if refund_id else "refunded", by=by)


def _repayment(row: sqlite3.Row) -> Repayment:
    return Repayment(**{**dict(row), "state": RepaymentState(row["state"])})
