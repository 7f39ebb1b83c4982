"""Where an order can stand, and the one table of allowed moves."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

GOES_ON = "goes-on"  # why something that was said to come back does not
AGAIN = "again"  # why an order that had left is open once more: for a part that does not arrive
NOT_LEFT = "not-left"  # why an order that had left is packed: it is here yet
REST_OFF = "rest-off"  # why nothing more is to leave of an order that was sent in part
FOUND = "found"  # why something that was taken for lost, or to come back, is not
LEFT_BEFORE = (REST_OFF, FOUND)  # why an order has left that holds nothing


class State(StrEnum):
    """Where an order stands. Confirmed means paid, or accepted for paying on delivery."""

    DRAFT = "draft"
    PLACED = "placed"
    CONFIRMED = "confirmed"
    PACKING = "packing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    RETURNING = "returning"
    RETURNED = "returned"


MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PLACED}),
    State.PLACED: frozenset({State.CONFIRMED, State.CANCELLED, State.EXPIRED}),
    # Back to placed: its money was confirmed by mistake.
    State.CONFIRMED: frozenset({State.PACKING, State.CANCELLED, State.PLACED}),
    State.PACKING: frozenset({State.SHIPPED, State.CANCELLED}),
    # Back to packing: a part of it did not arrive and is sent once more, or it has not left.
    State.SHIPPED: frozenset({State.DELIVERED, State.RETURNING, State.PACKING}),
    State.DELIVERED: frozenset({State.RETURNING}),
    State.CANCELLED: frozenset(),
    # Back to placed: a part of its money came late, and its goods are there for the rest. Called
    # off: its buyer says that it was paid late, and then does not want it.
    State.EXPIRED: frozenset({State.CONFIRMED, State.PLACED, State.CANCELLED}),
    # On its way or there: it does not come back after all. And lost, and found: see `orders.move`.
    State.RETURNING: frozenset({State.RETURNED, State.SHIPPED, State.DELIVERED}),
    State.RETURNED: frozenset({State.DELIVERED}),
}


def validate_moves(moves: Mapping[State, frozenset[State]] = MOVES) -> None:
    """Raises ValueError when the table names an unknown state or leaves one out of reach."""
    unknown = {to for targets in moves.values() for to in targets} - set(moves)
    reached, ahead = {State.DRAFT}, [State.DRAFT]
    while ahead:
        new = moves.get(ahead.pop(), frozenset()) - reached
        reached |= new
        ahead += new
    lost = set(State) - reached
    if unknown or lost or set(moves) != set(State):
        raise ValueError(f"moves: unknown {sorted(unknown)}, out of reach {sorted(lost)}")
