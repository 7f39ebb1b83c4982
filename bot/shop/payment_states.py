"""What is known about the money of an order, and what became of it when something happened."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from bot.shop.orders import Moved, Order, State
from bot.shop.refunds import Refund


class PaymentState(StrEnum):
    """What is known about the money of an order."""

    DUE = "due"
    CLAIMED = "claimed"
    PAID = "paid"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    VOID = "void"
    SHORT = "short"  # On delivery a part of it came, or nothing, and the buyer has the goods.


class Gone(StrEnum):
    """What an order that is paid late cannot have any more."""

    GOODS = "goods"
    PRICE = "price"  # Its share of a flash sale or its voucher, while the goods are there.


# With an order in this state, its payment may be in these. Checked by `faults`.
FITTING: Mapping[State, frozenset[str]] = {
    State.PLACED: frozenset({"due", "claimed"}),
    State.CONFIRMED: frozenset({"paid"}),
    State.PACKING: frozenset({"paid"}),
    State.SHIPPED: frozenset({"paid"}),
    State.DELIVERED: frozenset({"paid", "short"}),
    State.CANCELLED: frozenset({"void", "claimed", "refund_due", "refunded"}),
    State.EXPIRED: frozenset({"due", "claimed", "refund_due", "refunded"}),
    State.RETURNING: frozenset({"paid", "short", "refund_due", "refunded"}),
    State.RETURNED: frozenset({"paid", "short", "refund_due", "refunded"}),
}
COLLECTED_LATER = (
    State.CONFIRMED,
    State.PACKING,
    State.SHIPPED,
    State.RETURNING,
    State.RETURNED,
)  # where a payment on delivery may still be due
NOT_COLLECTED = (State.RETURNING, State.RETURNED)  # where what is due on delivery never comes
REFUNDABLE = (State.EXPIRED, State.CANCELLED, State.RETURNING, State.RETURNED)


class Payment(Struct, frozen=True):
    """An order's payment. `proof` is a screenshot's SHA-256 or ''; times are UTC ms."""

    id: int
    order_id: int
    method: str
    amount_minor: int
    currency: str
    state: PaymentState
    proof: str
    claimed_at: int | None
    decided_at: int | None
    decided_by: int | None
    code: str  # of a payment service, to be drawn as a QR code; '' without one
    bill: int  # how many codes there were before


class Claimed(Struct, frozen=True):
    """A buyer says that it is paid; the goods are held. `reused`: the screenshot is not new."""

    order: Order
    payment: Payment
    reused: bool


class LateClaim(Struct, frozen=True):
    """A buyer says that it is paid, but something is `gone` or the order is cancelled (None)."""

    order: Order
    gone: Gone | None
    payment: Payment
    reused: bool


class NothingDue(Struct, frozen=True):
    """There is nothing (more) to claim or decide; the payment says why."""

    order: Order
    payment: Payment


class Rejected(Struct, frozen=True):
    """The money was not found."""

    order: Order
    payment: Payment


class Receipt(Struct, frozen=True):
    """A sum that came by a way to pay; `reference` is what its service calls it, `at` UTC ms."""

    method: str
    reference: str
    amount_minor: int
    person_id: int | None
    at: int


class Received(Struct, frozen=True):
    """Money came. `missing_minor` is what of the total has not come; `excess` what came above it.

    `moved` is set when the order is confirmed by it; when something is `gone`, a person has to
    settle it. `goes_back`: of an order that is called off, all of it. `is_rest`: what was short on
    delivery has come.
    """

    order: Order
    payment: Payment
    moved: Moved | None = None
    missing_minor: int = 0
    excess: Refund | None = None
    gone: Gone | None = None
    goes_back: bool = False
    is_rest: bool = False
