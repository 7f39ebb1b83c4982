"""What waits to be done with orders, by kind."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from bot.store import queries

_sql = queries.load(__file__)

WAITING_MAX = 10_000  # of each query; more cannot be worked off anyway


class Kind(StrEnum):
    """What is to be done; the first comes first on a seller's day."""

    SHIP = "ship"
    PACK = "pack"
    NUMBER = "number"  # It is on its way, and its only number was taken away.
    CONFIRM = "confirm"
    SEND_BACK = "send-back"
    # On its way back, come back or lost while it is paid, unheard of, or short on delivery.
    UNSETTLED = "unsettled"
    PART = "part"  # Some goods are there, and could leave before the others.
    AWAITED = "awaited"  # Nothing can be done until the goods are there.


_QUERIES = {
    Kind.SHIP: (_sql.ship,),
    Kind.PACK: (_sql.pack,),
    Kind.NUMBER: (_sql.number,),
    Kind.CONFIRM: (_sql.claimed, _sql.accept),
    Kind.SEND_BACK: (_sql.refunds_due, _sql.parts_due),
    Kind.UNSETTLED: (_sql.returning, _sql.unsettled, _sql.collected_short),
    Kind.PART: (_sql.part,),
    Kind.AWAITED: (_sql.awaited,),
}


def ids(db: sqlite3.Connection, kind: Kind) -> list[int]:
    """The ids of the orders with which that is to be done, the oldest first."""
    found = {row["id"] for query in _QUERIES[kind] for row in query(db, limit=WAITING_MAX)}
    return sorted(found)
