"""News for all who have not opted out: who is told next, and how far it has come.

Only few rows are put into the outbox ahead of the sender, so that a pause, an opting out and a
reply are never behind half a million messages, and memory stays flat.
"""

from __future__ import annotations

import sqlite3

import msgspec
from msgspec import Struct

from bot.shop import people, timers
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

GO_ON = "announce"  # the kind of timer; its subject is the announcement's id
AHEAD = 250  # rows that wait in the outbox; ten seconds of Telegram's pace
LOOK_MS = 2_000


class News(msgspec.Struct, omit_defaults=True):
    """What is announced: its text per language, a picture's hash and a product's key, or ''."""

    texts: dict[str, str] = {}
    picture: str = ""
    product: str = ""


class Announcement(Struct, frozen=True):
    """News on its way. `state` is sending, paused or done; `chat_id` is where it was written.

    `recipients` is how many there were to tell when it began, `queued` how many have been seen to.
    """

    id: int
    news: News
    chat_id: int
    state: str
    reached: int
    last: int
    recipients: int
    queued: int


class Progress(Struct, frozen=True):
    """How many have been told, still wait, could not be told, and may or may not have been."""

    told: int
    waiting: int
    failed: int
    unknown: int


def count_recipients(db: sqlite3.Connection) -> int:
    """How many would be told now."""
    return _sql.count_recipients(db) or 0


def start(unit: Unit, news: News, chat_id: int, *, by: By) -> Announcement:
    """Begins to tell everybody who is there now; audited. The timer GO_ON does the rest."""
    body = msgspec.json.encode(news).decode()
    recipients = count_recipients(unit.db)
    row = _sql.add(unit.db, body=body, chat_id=chat_id, recipients=recipients, now=unit.now)
    timers.set_timer(unit, GO_ON, str(row["id"]), unit.now)
    people.audit(unit, by, "announcement", str(row["id"]), "", next(iter(news.texts.values())))
    return _announcement(row)


def find(db: sqlite3.Connection, id: int) -> Announcement | None:
    """The announcement of that id."""
    row = _sql.find(db, id=id)
    return _announcement(row) if row else None


def latest(db: sqlite3.Connection) -> Announcement | None:
    """The last one that was begun."""
    row = _sql.latest(db)
    return _announcement(row) if row else None


def take_recipients(unit: Unit, announced: Announcement, limit: int) -> list[tuple[int, str]]:
    """The next chats to be told, with their languages; each is handed out once.

    Call it in the unit that puts the rows into the outbox: both happen, or neither.
    """
    rows = list(
        _sql.next_recipients(unit.db, after=announced.reached, last=announced.last, limit=limit)
    )
    if rows:
        _sql.reached(unit.db, id=announced.id, chat_id=rows[-1]["id"], queued=len(rows))
    return [(row["id"], row["language"]) for row in rows]


def progress(db: sqlite3.Connection, announced: Announcement) -> Progress:
    """How far it has come."""
    left = {row["state"]: row["n"] for row in _sql.not_sent(db, id=announced.id)}
    return Progress(
        told=announced.queued - sum(left.values()),
        waiting=left.get("waiting", 0) + left.get("claimed", 0),
        failed=left.get("failed", 0),
        unknown=left.get("unknown", 0),
    )


def pause(unit: Unit, id: int, *, by: By) -> bool:
    """Tells nobody until it is resumed, but those whose rows wait; False if it does not run."""
    return _set_state(unit, id, "sending", "paused", by)


def resume(unit: Unit, id: int, *, by: By) -> bool:
    """Goes on where it was; False when it was not paused."""
    return _set_state(unit, id, "paused", "sending", by) and _go_on(unit, id)


def finish(unit: Unit, id: int) -> None:
    """Everybody has been seen to."""
    _set_state(unit, id, "sending", "done", None)


def send_unknown(unit: Unit, id: int, *, by: By) -> bool:
    """Sends to those of whom nobody knows whether they were told; False while it is under way."""
    if not _set_state(unit, id, "done", "sending", by):
        return False
    _sql.send_unknown(unit.db, id=id)
    return _go_on(unit, id)


def mute(unit: Unit, chat_id: int) -> None:
    """A chat gets no announcement from now on, what waits included."""
    _sql.mute(unit.db, chat_id=chat_id, now=unit.now)
    _sql.withdraw(unit.db, chat_id=chat_id)


def unmute(unit: Unit, chat_id: int) -> None:
    """A chat gets announcements again."""
    _sql.unmute(unit.db, chat_id=chat_id)


def _set_state(unit: Unit, id: int, before: str, after: str, by: By) -> bool:
    if _sql.set_state(unit.db, id=id, before=before, after=after) is None:
        return False
    people.audit(unit, by, "announcement", str(id), before, after)
    return True


def _go_on(unit: Unit, id: int) -> bool:
    timers.set_timer(unit, GO_ON, str(id), unit.now)
    return True


def _announcement(row: sqlite3.Row) -> Announcement:
    return Announcement(
        id=row["id"],
        news=msgspec.json.decode(row["body"], type=News),
        chat_id=row["chat_id"],
        state=row["state"],
        reached=row["reached_chat_id"],
        last=row["last_chat_id"],
        recipients=row["recipients"],
        queued=row["queued"],
    )
