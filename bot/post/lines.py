"""The lines of a chat, in and out, by sequence number: what its page shows and resumes by."""

from __future__ import annotations

import sqlite3

import msgspec
from msgspec import Struct

from bot.messages import Address, Message, Press
from bot.store.queries import load
from bot.store.unit import Unit

queries = load(__file__)


class Line(Struct, frozen=True):
    """One line; `body` is JSON.

    Direction 'out': a Content. Direction 'in': {"text", "attachments": [{"hash", "media_type"}]}
    for a message and {"press"} for a choice; then `key` is the event's.
    """

    seq: int
    direction: str
    key: str | None
    body: str
    at: int


def after(db: sqlite3.Connection, chat_id: int, seq: int, limit: int) -> list[Line]:
    """At most `limit` lines following `seq` (0 for all), oldest first."""
    return [Line(*row) for row in queries.after(db, chat_id=chat_id, seq=seq, limit=limit)]


def before(db: sqlite3.Connection, chat_id: int, seq: int, limit: int) -> list[Line]:
    """The `limit` lines that precede `seq`, oldest first."""
    rows = queries.before(db, chat_id=chat_id, seq=seq, limit=limit)
    return [Line(*row) for row in rows][::-1]


def body_of(event: Message | Press) -> str:
    """What a person's own line keeps of an event, as JSON."""
    if isinstance(event, Press):
        return _json({"press": event.value})
    return _json({"text": event.text, "attachments": event.attachments})


def write_out(unit: Unit, chat_id: int, body: str) -> tuple[int, str, bool]:
    """Adds an outgoing line; returns its id, the chat's channel and whether it can be reached.

    Raises ValueError when there is no such chat.
    """
    chat = queries.next_of_chat(unit.db, chat_id=chat_id)
    if chat is None:
        raise ValueError(f"no chat {chat_id}")
    is_reachable = chat["unreachable_at"] is None
    return _insert(unit, chat, "out", None, body), chat["channel"], is_reachable


def write_in(unit: Unit, address: Address, key: str, body: str) -> tuple[int, int] | None:
    """Adds a person's own line; returns its id and the chat's, None when there is no such chat.

    Whoever writes can be written to.
    """
    chat = queries.next_at_address(unit.db, channel=address.channel, address=address.id)
    return (_insert(unit, chat, "in", key, body), chat["id"]) if chat else None


def _insert(unit: Unit, chat: sqlite3.Row, direction: str, key: str | None, body: str) -> int:
    line_id: int = queries.insert(
        unit.db,
        chat_id=chat["id"],
        seq=chat["seq"],
        direction=direction,
        key=key,
        body=body,
        at=unit.now,
    )
    return line_id


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
