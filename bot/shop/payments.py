"""Payments: what is due, what a buyer says is paid, what came, what goes back.

Money that may have come is never dropped: a claim stands until a person decides, even where the
order it is for can no longer be filled. Money that came is a receipt: a part of what is due leaves
the rest due, and what is above the total goes back.
"""

from __future__ import annotations

import sqlite3

from bot.shop import (
    accounts,
    enquiries,
    orders,
    people,
    refunds,
    repayments,
    securing,
    stock,
)
from bot.shop.orders import EXPIRE, HOLD_MS, REMIND, Moved, Order, State, fresh
from bot.shop.payment_states import (
    COLLECTED_LATER,
    FITTING,
    NOT_COLLECTED,
    REFUNDABLE,
    Claimed,
    Gone,
    LateClaim,
    NothingDue,
    Payment,
    PaymentState,
    Receipt,
    Received,
    Rejected,
)
from bot.shop.people import By, id_of
from bot.shop.timers import drop_timer, set_timer
from bot.shop.ways_to_pay import BY_HAND, WAYS
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

REMIND_MS = 15 * 60_000
REST_MS = 24 * 3_600_000  # how long goods are held for the rest once a part has come


def of_order(db: sqlite3.Connection, order_id: int) -> Payment:
    """The payment of an order. Raises LookupError."""
    row = _sql.of_order(db, order_id=order_id)
    if row is None:
        raise LookupError(order_id)
    return Payment(
        id=row["id"],
        order_id=row["order_id"],
        method=row["method"],
        amount_minor=row["amount_minor"],
        currency=row["currency"],
        state=PaymentState(row["state"]),
        proof=row["proof"],
        claimed_at=row["claimed_at"],
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
        code=row["code"],
        bill=row["bill"],
    )


def payee(db: sqlite3.Connection, order: Order) -> Order:
    """The order that money for this one is for: when it was changed, the one in its place.

    What is paid on delivery takes none.
    """
    standing = orders.standing(db, fresh(db, order))
    return order if standing.pay_by == "cod" else standing


def claim(unit: Unit, order: Order, *, proof: str = "") -> Claimed | LateClaim | NothingDue:
    """A buyer says that a transfer is made; `proof` is a screenshot's hash.

    The goods are held until a person decides, and taken again when time had freed them; when they
    or their price are gone, the claim stands and the order is (or becomes) expired. A first or
    another screenshot for a standing claim is kept with it.
    """
    order = fresh(unit.db, payee(unit.db, order))
    payment = of_order(unit.db, order.id)
    if payment.state is PaymentState.SHORT:
        payment = _keep_proof(unit, payment, proof or payment.proof)
        return Claimed(order, payment, _reused(unit, order, proof))
    if payment.method == "cod":
        return NothingDue(order, payment)
    if payment.state is PaymentState.CLAIMED and proof not in ("", payment.proof):
        people.audit(unit, order.person_id, "payment.proof", order.number, payment.proof, proof)
        return Claimed(order, _keep_proof(unit, payment, proof), _reused(unit, order, proof))
    is_due = payment.state in (PaymentState.DUE, PaymentState.VOID)
    if not is_due and not may_get_rest(unit.db, order):
        return NothingDue(order, payment)
    gone = None
    if order.state in (State.PLACED, State.EXPIRED):
        gone = securing.secure(unit, order)
    order, payment = _stand(unit, order, payment, proof, short=bool(gone))
    accounts.follow(unit, order.id, "claimed", by=order.person_id)
    reused = _reused(unit, order, proof)
    if gone or order.state not in (State.PLACED, State.EXPIRED):
        return LateClaim(order, gone, payment, reused)
    return Claimed(order, payment, reused)


def confirm(unit: Unit, order: Order, *, by: By) -> Moved | NothingDue | Gone:
    """A person found the money, or accepts an order to be paid on delivery: it is confirmed.

    Where the goods or their price are gone, the money stands as claimed and is written down, so
    that it cannot be taken for not found. Money for a cancelled order becomes due to go back.
    """
    order, payment = fresh(unit.db, order), of_order(unit.db, order.id)
    if payment.method == "cod":
        if order.state is not State.PLACED:
            return NothingDue(order, payment)
        return orders.move(unit, order, State.CONFIRMED, by=by)
    if payment.state is PaymentState.CLAIMED and order.state is State.CANCELLED:
        _all_came(unit, order, payment, by)
        return NothingDue(order, decide(unit, order, payment, PaymentState.REFUND_DUE, by))
    if payment.state not in (PaymentState.DUE, PaymentState.CLAIMED):
        return NothingDue(order, payment)
    gone = securing.secure(unit, order)
    if gone and payment.state is PaymentState.DUE:
        _stand(unit, order, payment, "", short=True)
    rest = missing(unit.db, order)
    if rest:
        write_down(unit, payment, rest, by)
    if gone:
        accounts.follow(unit, order.id, "paid", by=by)
        return gone
    decide(unit, order, payment, PaymentState.PAID, by)
    return orders.move(unit, order, State.CONFIRMED, by=by)


def receive(
    unit: Unit, order: Order, amount_minor: int, *, by: By, reference: str = "", way: str = ""
) -> Received | NothingDue:
    """A sum came for an order, of which a person knows or a service tells by its `reference`.

    It came by the `way` to pay of a service, if one tells, whatever the order is to be paid by.
    What comes for an order that was changed is for the one in its place.
    What is paid on delivery is paid by transfer unless the `way` says otherwise, once it is
    accepted. NothingDue before that, or when that reference was taken before. Raises ValueError for
    a sum that is none.
    """
    if amount_minor <= 0:
        raise ValueError(amount_minor)
    order = fresh(unit.db, payee(unit.db, order))
    payment = of_order(unit.db, order.id)
    if payment.method == "cod":
        if order.state in (State.PLACED, State.EXPIRED):
            return NothingDue(order, payment)
        way = way or "transfer"  # The courier's is said to be that.
    if not write_down(unit, payment, amount_minor, by, reference=reference, way=way):
        return NothingDue(order, payment)
    people.audit(unit, by, "payment.receipt", order.number, reference, str(amount_minor))
    return came(unit, order, amount_minor, by=by)


def came(unit: Unit, order: Order, amount_minor: int, *, by: By) -> Received:
    """What becomes of an order for which a sum has just been written down."""
    order, payment = fresh(unit.db, order), of_order(unit.db, order.id)
    result = _received(unit, order, payment, amount_minor, by)
    accounts.follow(unit, order.id, "paid", by=by)
    return result


def _received(unit: Unit, order: Order, payment: Payment, amount_minor: int, by: By) -> Received:
    # What was claimed of an order that is cancelled, and now is seen to have come.
    seen = payment.state is PaymentState.REFUND_DUE and payment.decided_at is None
    seen = seen and received(unit.db, order.id) == amount_minor
    known = payment.state in (PaymentState.PAID, PaymentState.REFUND_DUE, PaymentState.REFUNDED)
    if known and not seen:
        return Received(order, payment, excess=refunds.excess(unit, order, amount_minor, by=by))
    refused = order.state in NOT_COLLECTED and payment.state is PaymentState.DUE
    if order.state is State.CANCELLED or refused:
        payment = decide(unit, order, payment, PaymentState.REFUND_DUE, by)
        return Received(order, payment, goes_back=True)
    missing = payment.amount_minor - received(unit.db, order.id)
    if payment.method == "cod":
        return _rest_came(unit, order, payment, missing, by)
    gone = securing.secure(unit, order)
    if gone:
        if payment.state is not PaymentState.CLAIMED:
            order, payment = _stand(unit, order, payment, "", short=True)
        return Received(order, payment, gone=gone)
    if missing > 0:
        return _wait_for_rest(unit, order, payment, missing)
    over = refunds.excess(unit, order, -missing, by=by) if missing else None
    payment = decide(unit, order, payment, PaymentState.PAID, by)
    moved = orders.move(unit, order, State.CONFIRMED, by=by)
    return Received(moved.order, payment, moved=moved, excess=over)


def _rest_came(unit: Unit, order: Order, payment: Payment, missing: int, by: By) -> Received:
    """Of what is to be paid on delivery, before that or after the courier brought a part only."""
    if missing > 0:
        return Received(order, payment, missing_minor=missing)
    over = refunds.excess(unit, order, -missing, by=by) if missing else None
    payment = decide(unit, order, payment, PaymentState.PAID, by)
    enquiries.settle(unit, order.id, by)
    if order.state is State.RETURNED:
        unsettle(unit, order)
    return Received(order, payment, excess=over, is_rest=True)


def unsettle(unit: Unit, order: Order) -> None:
    """What came back and is paid by now has to be settled, as if it had been paid in full."""
    _sql.unsettle(unit.db, order_id=order.id)


def _wait_for_rest(unit: Unit, order: Order, payment: Payment, missing: int) -> Received:
    """The goods are held for the rest. An expired order whose goods are still there is open again.

    A code is for one sum: the rest has another.
    """
    drop_timer(unit, REMIND, str(order.id))
    bill_anew(unit, order)
    if order.state is State.EXPIRED:
        order = orders.move(unit, order, State.PLACED, by=None, why="part-paid").order
    payment = of_order(unit.db, order.id)
    if payment.state is PaymentState.CLAIMED:
        payment = _set(unit, payment, PaymentState.DUE)
    securing.hold(unit, order, unit.now + REST_MS)
    return Received(order, payment, missing_minor=missing)


def received(db: sqlite3.Connection, order_id: int) -> int:
    """What has come for an order, but for what was too much and goes back; in minor units."""
    return int(_sql.received(db, order_id=order_id))


def missing(db: sqlite3.Connection, order: Order) -> int:
    """What of an order's total has not come yet, in minor units."""
    return max(0, order.total_minor - received(db, order.id))


def may_get_rest(db: sqlite3.Connection, order: Order) -> bool:
    """Whether an order ran out of which a part had come, and nobody has begun to send that back."""
    is_due, back = of_order(db, order.id).state == "refund_due", refunds.all_of(db, order)
    is_whole = repayments.rest(db, back) == back.amount_minor
    return order.state is State.EXPIRED and is_due and is_whole and missing(db, order) > 0


def is_unseen(db: sqlite3.Connection, payment: Payment) -> bool:
    """Whether money is to go back of which nobody knows yet that it came."""
    due = payment.state is PaymentState.REFUND_DUE and payment.decided_at is None
    return due and not received(db, payment.order_id)


def hold_for_payment(unit: Unit, order: Order) -> bool:
    """Holds an order's goods for its money from now on; False when they are gone."""
    if order.state is not State.PLACED or securing.secure(unit, order):
        return False
    _hold_as_paid(unit, order)
    return True


def _hold_as_paid(unit: Unit, order: Order) -> None:
    until = orders.hold_until(unit, order.pay_by)
    if received(unit.db, order.id):
        securing.hold(unit, order, unit.now + REST_MS)
        return
    stock.hold(unit, order.id, until=None if WAYS[order.pay_by].charged else until)
    if until is None:
        drop_timer(unit, EXPIRE, str(order.id))
    else:
        set_timer(unit, EXPIRE, str(order.id), until)


def pay_otherwise(unit: Unit, order: Order, way: str, *, by: By) -> Order | None:
    """Has an order, or the rest of it, paid another way as long as it waits for its money; None
    where it does not, or its time was over and its goods went to others.

    What has come in part does not make the rest come by a service.
    """
    order, payment = fresh(unit.db, order), of_order(unit.db, order.id)
    waits = order.state is State.PLACED and payment.state is PaymentState.DUE
    if not waits or order.pay_by == way:
        return None
    if received(unit.db, order.id) and (WAYS[way].by_service or way == "cod"):
        return None
    if securing.secure(unit, order):
        return None
    _change_way(unit, order, way, by=by)
    if by:
        bill_anew(unit, order)  # The code that they left is closed.
    changed = fresh(unit.db, order)
    _hold_as_paid(unit, changed)
    return changed


def bill_anew(unit: Unit, order: Order) -> None:
    """Has a service make another code for an order: the one that stands is closed."""
    if WAYS[order.pay_by].charged:
        _sql.next_bill(unit.db, order_id=order.id)


def _change_way(unit: Unit, order: Order, way: str, *, by: By) -> None:
    _sql.set_way(unit.db, order_id=order.id, way=way)
    _sql.set_method(unit.db, order_id=order.id, method=way)
    people.audit(unit, by, "payment.way", order.number, order.pay_by, way)


def lapse(unit: Unit, order: Order) -> Moved:
    """Nobody paid in time. Raises NotAllowed while the goods are held for somebody who may."""
    if WAYS[order.pay_by].charged:
        stock.hold(unit, order.id, until=unit.now)
    return orders.move(unit, order, State.EXPIRED, by=None, why="unpaid")


def set_code(unit: Unit, order: Order, code: str) -> None:
    """Keeps the code that a service made for an order."""
    _sql.set_code(unit.db, order_id=order.id, code=code)


def receipts(db: sqlite3.Connection, order_id: int) -> list[Receipt]:
    """The sums that came for an order, in their order."""
    return [Receipt(*row) for row in _sql.receipts(db, order_id=order_id)]


def reject(unit: Unit, order: Order, *, by: By, why: str = "") -> Rejected | NothingDue:
    """A person did not find the money that a buyer claimed.

    A placed order waits for it HOLD_MS again; an expired one gives back what it had taken again;
    of a cancelled one nothing is left to do.
    """
    order, payment = fresh(unit.db, order), of_order(unit.db, order.id)
    if payment.state is not PaymentState.CLAIMED and not is_unseen(unit.db, payment):
        return NothingDue(order, payment)
    if order.state is not State.PLACED and received(unit.db, order.id):
        return NothingDue(order, payment)  # Some of it did come: it can only go back.
    cancelled = order.state is State.CANCELLED
    to = PaymentState.VOID if cancelled else PaymentState.DUE
    payment = _set(unit, payment, to)
    drop_timer(unit, REMIND, str(order.id))
    if order.state is State.PLACED:
        wait_ms = REST_MS if received(unit.db, order.id) else HOLD_MS
        securing.hold(unit, order, unit.now + wait_ms)
    elif order.state is State.EXPIRED:
        securing.let_go(unit, order)
    people.audit(unit, by, "payment.reject", order.number, "claimed", why)
    return Rejected(order, payment)


def reopen(unit: Unit, order: Order, *, by: By) -> Rejected:
    """Less came than was written down: the buyer's claim stands again, else the rest is due."""
    order, payment = fresh(unit.db, order), of_order(unit.db, order.id)
    to = PaymentState.SHORT if order.state is State.DELIVERED else PaymentState.DUE
    payment = _set(unit, payment, to)
    accounts.follow(unit, order.id, "taken back", by=by)
    if payment.method == "cod":
        return Rejected(order, payment)
    if order.state is State.CONFIRMED:
        order = orders.move(unit, order, State.PLACED, by=by, why="not-paid").order
    gone = securing.secure(unit, order)
    if payment.claimed_at is not None:
        order, payment = _stand(unit, order, payment, "", short=bool(gone))
    else:
        wait_ms = REST_MS if received(unit.db, order.id) else HOLD_MS
        securing.hold(unit, order, unit.now if gone else unit.now + wait_ms)
    return Rejected(order, payment)


def refund(unit: Unit, order: Order, *, by: By) -> Payment | NothingDue:
    """Money of an order that will not be filled, or came back, is to go back to the buyer."""
    order, payment = fresh(unit.db, order), of_order(unit.db, order.id)
    held = payment.state in (PaymentState.CLAIMED, PaymentState.PAID, PaymentState.SHORT)
    if not held or order.state not in REFUNDABLE:
        return NothingDue(order, payment)
    if payment.state is not PaymentState.CLAIMED and not refunds.left(unit.db, order):
        return NothingDue(order, payment)
    if order.state is State.EXPIRED:
        securing.let_go(unit, order)
    _all_came(unit, order, payment, by)
    return decide(unit, order, payment, PaymentState.REFUND_DUE, by)


def refunded(unit: Unit, order: Order, *, by: By) -> Payment:
    """A person has sent all the money back that no service sends.

    A payment of which none was due to go back is returned as it is.
    """
    order, payment = fresh(unit.db, order), of_order(unit.db, order.id)
    if payment.state is not PaymentState.REFUND_DUE:
        return payment
    _all_came(unit, order, payment, by)
    repayments.by_hand(unit, refunds.all_of(unit.db, order), by=by)
    return settle(unit, order, by=by) or payment


def settle(unit: Unit, order: Order, *, by: By) -> Payment | None:
    """The payment, if all that was due to go back has gone by now; none when that was known."""
    payment = of_order(unit.db, order.id)
    over = repayments.is_over(unit.db, refunds.all_of(unit.db, order))
    if payment.state is not PaymentState.REFUND_DUE or not over:
        return None
    return decide(unit, order, payment, PaymentState.REFUNDED, by)


def faults(db: sqlite3.Connection) -> list[str]:
    """Orders whose payment does not fit where they stand; empty when all is well."""
    found = [
        f"order {row['number']}: {row['order_state']} with a payment {row['state']}"
        for row in _sql.states(db)
        if not _fits(State(row["order_state"]), row["method"], row["state"])
    ]
    found += [f"order {row[0]}: {row[1]}, and {row[2]} came" for row in _sql.receipts_wrong(db)]
    return found


def _fits(state: State, method: str, payment_state: str) -> bool:
    if method == "cod" and state in COLLECTED_LATER and payment_state == "due":
        return True
    return payment_state in FITTING[state]


def _stand(
    unit: Unit, order: Order, payment: Payment, proof: str, *, short: bool
) -> tuple[Order, Payment]:
    """Lets a claim stand until a person decides. An order that is short of goods expires."""
    if short and order.state is State.PLACED:
        order = orders.move(unit, order, State.EXPIRED, by=None, why="short").order
        payment = of_order(unit.db, order.id)  # Not to go back before a person has decided.
    _set(unit, payment, PaymentState.CLAIMED)
    payment = _keep_proof(unit, payment, proof or payment.proof)
    drop_timer(unit, EXPIRE, str(order.id))
    set_timer(unit, REMIND, str(order.id), unit.now + REMIND_MS)
    return order, payment


def _keep_proof(unit: Unit, payment: Payment, proof: str) -> Payment:
    _sql.set_claim(unit.db, order_id=payment.order_id, proof=proof, now=unit.now)
    return of_order(unit.db, payment.order_id)


def _reused(unit: Unit, order: Order, proof: str) -> bool:
    return bool(_sql.proof_elsewhere(unit.db, order_id=order.id, proof=proof))


def write_down(
    unit: Unit, payment: Payment, amount_minor: int, by: By, *, reference: str = "", way: str = ""
) -> bool:
    """Writes money down, once a reference. What a person finds did not come by a service."""
    way = way or (payment.method if payment.method in BY_HAND else "transfer")
    values = {"order_id": payment.order_id, "method": way, "reference": reference}
    values |= {"amount_minor": amount_minor, "person_id": id_of(by), "now": unit.now}
    return bool(_sql.add_receipt(unit.db, **values))


def drop_receipt(unit: Unit, id: int) -> None:
    """What was written down did not come."""
    _sql.drop_receipt(unit.db, id=id)


def _all_came(unit: Unit, order: Order, payment: Payment, by: By) -> None:
    """To decide that money goes back is to say that it came, where that is not written down."""
    if payment.amount_minor and not received(unit.db, order.id):
        write_down(unit, payment, payment.amount_minor, by)


def decide(unit: Unit, order: Order, payment: Payment, to: PaymentState, by: By) -> Payment:
    """A person or a service settles what becomes of the money; the books follow."""
    _set(unit, payment, to)
    _sql.set_decision(unit.db, order_id=order.id, person_id=id_of(by), now=unit.now)
    accounts.follow(unit, order.id, to, by=by)
    drop_timer(unit, REMIND, str(order.id))
    people.audit(unit, by, "payment", order.number, payment.state, to)
    if to in (PaymentState.REFUND_DUE, PaymentState.REFUNDED):
        refunds.withdraw(unit, order)
        enquiries.settle(unit, order.id, by)
    return of_order(unit.db, order.id)


def _set(unit: Unit, payment: Payment, to: PaymentState) -> Payment:
    """Sets the state. A payment that is not as it was read a moment ago is a fault of the unit."""
    order_id = payment.order_id
    if not _sql.set_state(unit.db, order_id=order_id, before=payment.state, after=to):
        raise RuntimeError(f"payment {payment.id} is no longer {payment.state}")
    return of_order(unit.db, order_id)
