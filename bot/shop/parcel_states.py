"""Where a parcel can be, by names of our own into which every courier's are put."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class ParcelState(StrEnum):
    """Where a parcel is."""

    UNKNOWN = "unknown"
    REGISTERED = "registered"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    ATTEMPT_FAILED = "attempt_failed"
    EXCEPTION = "exception"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"  # as a person says; no courier does


# The way of a parcel that meets no trouble.
FORWARD = (
    ParcelState.UNKNOWN,
    ParcelState.REGISTERED,
    ParcelState.IN_TRANSIT,
    ParcelState.OUT_FOR_DELIVERY,
    ParcelState.READY_FOR_PICKUP,
    ParcelState.DELIVERED,
)
TROUBLE = (ParcelState.ATTEMPT_FAILED, ParcelState.EXCEPTION)
BACK = (ParcelState.RETURNING, ParcelState.RETURNED)
FINISHED = (ParcelState.DELIVERED, ParcelState.RETURNED, ParcelState.LOST)
# Where a person has to see to it.
LISTED = (ParcelState.EXCEPTION, *BACK)
# Where the buyer is told of it, the first time.
TOLD = (*FORWARD[2:], *TROUBLE, ParcelState.RETURNING)


def may_follow(been: Iterable[ParcelState], new: ParcelState) -> bool:
    """Whether a parcel that has been in these states can be in that one now.

    Couriers tell things late and twice: a parcel never goes back on its way, except out of
    trouble, into which it can come at any time before it is delivered; what goes back to the
    sender does not turn round.
    """
    before = set(been)
    if ParcelState.RETURNED in before:
        return False
    if new in BACK:
        return new not in before
    if ParcelState.RETURNING in before or ParcelState.DELIVERED in before:
        return False
    if new in TROUBLE:
        return True
    reached = max((FORWARD.index(each) for each in before if each in FORWARD), default=0)
    in_trouble = any(each in TROUBLE for each in before)
    place = FORWARD.index(new)
    return place > reached or (in_trouble and place == reached)
