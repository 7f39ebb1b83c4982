"""What the bot could not answer and a person has to."""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from bot.shop import people, timers
from bot.shop.people import By
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

OPEN_SHOWN_MAX = 50
REMIND = "remind-enquiry"  # the kind of timer; its subject is the enquiry's id
REMIND_MS = 30 * 60_000
REFUSED = "refused"  # the intent of a message that a parcel is not taken
ADDRESS = "address"  # the intent of a wish that a person has to send an order elsewhere


class Enquiry(Struct, frozen=True):
    """A message that waits for a person; `reading` is what was read of it, as JSON.

    `kind` names what came without a text: picture, audio, video, application or unknown.
    `message_id` is what the channel calls the buyer's message, '' where it has no name.
    """

    id: int
    chat_id: int
    text: str
    reading: str
    kind: str
    message_id: str
    at: int


def open_enquiry(
    unit: Unit,
    chat_id: int,
    text: str,
    reading_json: str,
    *,
    kind: str = "",
    message_id: str = "",
    order_id: int | None = None,
) -> Enquiry:
    """Keeps a message for the sellers' desk, who are reminded of it.

    `order_id` is the order about which it asks something to be done.
    """
    row = _sql.add(
        unit.db,
        chat_id=chat_id,
        text=text,
        reading=reading_json,
        kind=kind,
        message_id=message_id,
        order_id=order_id,
        now=unit.now,
    )
    timers.set_timer(unit, REMIND, str(row["id"]), unit.now + REMIND_MS)
    return Enquiry(*row)


def open_ones(db: sqlite3.Connection, limit: int = OPEN_SHOWN_MAX) -> list[Enquiry]:
    """The enquiries that nobody has closed, oldest first."""
    return [Enquiry(*row) for row in _sql.open_ones(db, limit=limit)]


def has_asked(db: sqlite3.Connection, chat_id: int, since: int) -> bool:
    """Whether a person was asked for in a chat since a time (UTC ms), or is still waited for."""
    return bool(_sql.has_asked(db, chat_id=chat_id, since=since))


def find_open(db: sqlite3.Connection, id: int) -> Enquiry | None:
    """The enquiry of that id, None when it is closed or never was."""
    row = _sql.find_open(db, id=id)
    return Enquiry(*row) if row else None


def find(db: sqlite3.Connection, id: int) -> Enquiry | None:
    """The enquiry of that id, open or closed."""
    row = _sql.find(db, id=id)
    return Enquiry(*row) if row else None


def of_message(db: sqlite3.Connection, chat_id: int, message_id: str) -> Enquiry | None:
    """The enquiry, open or closed, that a message of ours in a chat was about.

    `message_id` is what the chat's channel called that message when it was sent.
    """
    row = _sql.of_message(db, chat_id=chat_id, message_id=message_id)
    return Enquiry(*row) if row else None


def close(unit: Unit, id: int, by: By) -> Enquiry | None:
    """Closes an enquiry, audited unless who asked does so by something else that they say; None
    when it was closed before or never was."""
    row = _sql.close(unit.db, id=id)
    if row is None:
        return None
    timers.drop_timer(unit, REMIND, str(id))
    asked = Enquiry(*row)
    if people.id_of(by) != people.chat(unit, asked.chat_id).person.id:
        people.audit(unit, by, "enquiry", str(id), "open", "closed")
    return asked


def asks_to_call_off(db: sqlite3.Connection, order_id: int) -> bool:
    """Whether the buyer's wish to call an order off waits for a person."""
    return bool(_sql.asks_to_call_off(db, order_id=order_id))


def address_wish(
    db: sqlite3.Connection, order_id: int, *, answered: bool = False
) -> Enquiry | None:
    """The buyer's latest wish for another address of an order that waits for a person, or was
    `answered`."""
    row = _sql.address_wish(db, order_id=order_id, state="closed" if answered else "open")
    return Enquiry(*row) if row else None


def pass_on_address(unit: Unit, before_id: int, after_id: int) -> None:
    """What is to go elsewhere is another order by now."""
    _sql.pass_on_address(unit.db, before_id=before_id, after_id=after_id)


def settle(unit: Unit, order_id: int, by: By, *, intent: str = "") -> None:
    """What was asked about an order, if it was that, is done: nothing is left to answer."""
    for row in list(_sql.open_about(unit.db, order_id=order_id, intent=intent)):
        close(unit, row["id"], by)
