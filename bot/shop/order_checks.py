"""Whether what is stored of orders keeps what the module of orders promises."""

from __future__ import annotations

import sqlite3

from bot.shop.order_states import MOVES, State
from bot.store import queries

_sql = queries.load(__file__)


def faults(db: sqlite3.Connection) -> list[str]:
    """What contradicts those promises; empty when all is well."""
    found = [
        f"move {before} → {after} is not allowed"
        for before, after in _sql.moves_made(db)
        if not _is_allowed(before, after)
    ]
    found += [f"order id {row[0]}: moves do not join" for row in _sql.moves_broken(db)]
    found += [f"order {row[0]}: {row[1]} by no move" for row in _sql.states_unmoved(db)]
    found += [f"order {row[0]}: goods are not the sum of lines" for row in _sql.totals_wrong(db)]
    found += [f"order id {row[0]} line {row[1]}: wrong total" for row in _sql.lines_wrong(db)]
    found += [f"order {row[0]}: no payment of its own" for row in _sql.payments_wrong(db)]
    found += [f"order {row[0]}: {row[1]} without its goods" for row in _sql.uncovered(db)]
    found += [f"order {row[0]}: {row[1]} and holds goods" for row in _sql.held_needlessly(db)]
    found += [f"order {row[0]}: {row[1]}, sales do not fit" for row in _sql.sold_wrong(db)]
    found += [f"order {row[0]}: {row[1]} is not what was sent" for row in _sql.sent_wrong(db)]
    found += [f"order {row[0]}: for nothing, and so was {row[1]}" for row in _sql.given_away(db)]
    return found


def _is_allowed(before: str, after: str) -> bool:
    known = before in set(State) and after in set(State)
    return known and State(after) in MOVES[State(before)]
