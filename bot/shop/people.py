"""People, the chats they write in, their web sessions, invites, and the audit of what staff do.

Tokens are 128 random bits and leave here once, in clear; the store keeps their SHA-256 only.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.messages import Address, Choice
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

HOUR_MS = 3_600_000
INVITE_HOURS = 72
SESSION_UNSEEN_MS = 90 * 24 * HOUR_MS
LINES_MAX = 12
SEEN_EVERY_MS = HOUR_MS  # a session in use costs one write an hour, not one a request
ROLES = ("buyer", "seller", "operator")  # each may do what those before it may


class _Said(msgspec.Struct):
    """What is looked at of a line."""

    choices: tuple[Choice, ...] = ()


class Person(Struct, frozen=True):
    """Somebody known to the shop, with the role buyer, seller or operator."""

    id: int
    role: str
    name: str


class Chat(Struct, frozen=True):
    """One conversation of a person in a channel.

    `language` is a BCP 47 tag or ''; `state` is JSON that belongs to the talk room.
    """

    id: int
    person: Person
    address: Address
    language: str
    last_seq: int
    state: str


class Invite(Struct, frozen=True):
    """An invite as it is now; `chat_id` is the chat that it opened, once used."""

    role: str
    used: bool
    expired: bool
    chat_id: int | None


class Redeemed(Struct, frozen=True):
    """An invite was used: the chat it opened and the session's token, in clear this once."""

    chat: Chat
    session_token: str


class Audit(Struct, frozen=True):
    """A change that was made, at a time (UTC ms), by a person or, None, by the shop itself."""

    at: int
    what: str
    subject: str
    before: str
    after: str
    person_id: int | None
    name: str


By = Person | int | None  # who does something: a person or a person's id; None is the shop itself


def id_of(by: By) -> int | None:
    """The id of the person who does something."""
    return by.id if isinstance(by, Person) else by


def find_chat(unit: Unit, address: Address) -> Chat | None:
    """The chat at an address."""
    row = _sql.chat_at(unit.db, channel=address.channel, address=address.id)
    return _chat(row) if row else None


def open_chat(
    unit: Unit, address: Address, *, role: str = "buyer", name: str = "", language: str = ""
) -> Chat:
    """Opens a chat for a new person. Where there is one already, that one is returned as it is."""
    if role not in ROLES:
        raise ValueError(role)
    found = find_chat(unit, address)
    if found:
        return found
    person = Person(_sql.add_person(unit.db, role=role, name=name, now=unit.now)["id"], role, name)
    row = _sql.add_chat(
        unit.db,
        person_id=person.id,
        channel=address.channel,
        address=address.id,
        language=language,
        now=unit.now,
    )
    return Chat(row["id"], person, address, language, last_seq=0, state="{}")


def chat(place: Unit | sqlite3.Connection, chat_id: int) -> Chat:
    """The chat of that id. Raises KeyError."""
    row = _sql.chat_by_id(_db(place), chat_id=chat_id)
    if row is None:
        raise KeyError(chat_id)
    return _chat(row)


def staff_chats(unit: Unit, *roles: str) -> list[Chat]:
    """The chats of people in these roles (sellers and operators if none is named), oldest first."""
    rows = [row for role in roles or ROLES[1:] for row in _sql.chats_of_role(unit.db, role=role)]
    return sorted((_chat(row) for row in rows), key=lambda found: found.id)


def set_language(unit: Unit, chat_id: int, language: str) -> None:
    """Keeps the language (BCP 47) to answer in."""
    _sql.set_language(unit.db, chat_id=chat_id, language=language)


def offered(unit: Unit, chat: Chat, *, older: bool = False) -> list[tuple[Choice, ...]]:
    """The buttons below each thing said in a chat since its person last spoke, the latest first.

    Of the last LINES_MAX lines, and with `older` of all these.
    """
    found: list[tuple[Choice, ...]] = []
    for row in _sql.last_lines(unit.db, chat_id=chat.id, limit=LINES_MAX):
        if row["direction"] == "out":
            found.append(msgspec.json.decode(row["body"], type=_Said).choices)
        elif not older:
            break
    return found


def set_state(unit: Unit, chat_id: int, state_json: str) -> None:
    """Keeps the conversation's state."""
    _sql.set_state(unit.db, chat_id=chat_id, state=state_json)


def set_name(unit: Unit, person_id: int, name: str) -> None:
    """Keeps how a person is called."""
    _sql.set_name(unit.db, person_id=person_id, name=name)


def set_role(
    unit: Unit, person: Person, role: str, *, by: By, keep_sessions: bool = False
) -> Person:
    """Gives a person another role, audited. Web sessions begun in the old one end, as a rule."""
    if role not in ROLES:
        raise ValueError(role)
    if role == person.role:
        return person
    _sql.set_role(unit.db, person_id=person.id, role=role)
    if not keep_sessions:
        _sql.end_sessions(unit.db, person_id=person.id)
    audit(unit, by, "role", str(person.id), person.role, role)
    return replace(person, role=role)


def find_person(db: sqlite3.Connection, id: int) -> Person | None:
    """The person of that id."""
    row = _sql.person(db, person_id=id)
    return Person(*row) if row else None


def invite(unit: Unit, role: str, *, hours: int = INVITE_HOURS, by: By = None) -> str:
    """A one-time token that grants a role for so many hours; audited when a person makes it."""
    if role not in ROLES:
        raise ValueError(role)
    token = unit.token()
    _sql.add_invite(
        unit.db,
        token_hash=_hash(token),
        role=role,
        now=unit.now,
        expires_at=unit.now + hours * HOUR_MS,
    )
    if by is not None:
        audit(unit, by, "invited", "", "", role)
    return token


def invite_role(db: sqlite3.Connection, token: str, now: int) -> Invite | None:
    """Looks at an invite without using it; None for a token that never was one."""
    row = _sql.invite(db, token_hash=_hash(token))
    if row is None:
        return None
    return Invite(row["role"], row["used_at"] is not None, row["expires_at"] <= now, row["chat_id"])


def redeem(unit: Unit, token: str, *, address_id: str) -> Redeemed | None:
    """Uses an invite and opens the web chat at `address_id` in its role, with a session.

    None when it is unknown, used or expired. `address_id` is made by the server, never taken from
    a visitor: whoever redeems gets the session of the chat there. A chat that exists is raised
    to the role, and never lowered.
    """
    role = _use(unit, token)
    if role is None:
        return None
    opened = open_chat(unit, Address("web", address_id), role=role)
    opened = _raise(unit, token, opened, role)
    return Redeemed(opened, open_session(unit, opened.id))


def accept_invite(unit: Unit, token: str, chat: Chat) -> Person | None:
    """Uses an invite from within a chat; its person, never lowered by it, with the role now.

    Who holds the chat has shown the invite in it, so its session goes on.
    None when the invite is unknown, used or expired.
    """
    role = _use(unit, token)
    return _raise(unit, token, chat, role, keep_sessions=True).person if role else None


def _use(unit: Unit, token: str) -> str | None:
    """The role that an invite gives, this once."""
    row = _sql.use_invite(unit.db, token_hash=_hash(token), now=unit.now)
    return row["role"] if row else None


def _raise(unit: Unit, token: str, chat: Chat, role: str, *, keep_sessions: bool = False) -> Chat:
    person = chat.person
    if ROLES.index(person.role) < ROLES.index(role):
        raised = set_role(unit, person, role, by=person, keep_sessions=keep_sessions)
        chat = replace(chat, person=raised)
    _sql.set_invite_chat(unit.db, token_hash=_hash(token), chat_id=chat.id)
    audit(unit, chat.person, "invite", str(chat.id), "", role)
    return chat


def came_by(unit: Unit, person: Person, link: str) -> None:
    """Keeps the link that first brought a person here."""
    _sql.came_by(unit.db, person_id=person.id, link=link)


def open_session(unit: Unit, chat_id: int) -> str:
    """A new web session of a chat: its token in clear."""
    token = unit.token()
    _sql.add_session(unit.db, token_hash=_hash(token), chat_id=chat_id, now=unit.now)
    return token


def session_chat(place: Unit | sqlite3.Connection, token: str, now: int) -> Chat | None:
    """The chat whose session this is; None when unknown or 90 days unseen.

    With a Unit the session is marked as seen, at most once an hour; a connection only reads.
    """
    token_hash = _hash(token)
    seen_since = now - SESSION_UNSEEN_MS
    row = _sql.session_chat(_db(place), token_hash=token_hash, seen_since=seen_since)
    if row is None:
        return None
    if isinstance(place, Unit) and now - row["seen_at"] >= SEEN_EVERY_MS:
        _sql.see_session(place.db, token_hash=token_hash, now=now)
    return _chat(row)


def audit(unit: Unit, by: By, what: str, subject: str, before: str, after: str) -> None:
    """Records a change made by staff that is not a move of an order."""
    _sql.audit(
        unit.db,
        person_id=id_of(by),
        what=what,
        subject=subject,
        before=before,
        after=after,
        now=unit.now,
    )


def audits(db: sqlite3.Connection, limit: int) -> list[Audit]:
    """The latest changes, newest first."""
    return [Audit(*row) for row in _sql.audits(db, limit=limit)]


def money_changes(db: sqlite3.Connection, number: str) -> list[Audit]:
    """What was taken off an order's price, let go of it, or said to have come at the door."""
    return [Audit(*row) for row in _sql.money_changes(db, number=number)]


def _chat(row: sqlite3.Row) -> Chat:
    return Chat(
        id=row["id"],
        person=Person(row["person_id"], row["role"], row["name"]),
        address=Address(row["channel"], row["address"]),
        language=row["language"],
        last_seq=row["last_seq"],
        state=row["state"],
    )


def _db(place: Unit | sqlite3.Connection) -> sqlite3.Connection:
    return place.db if isinstance(place, Unit) else place


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
