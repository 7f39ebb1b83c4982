"""A chat's lines as the page shows them: read from the store, ready for HTML or JSON."""

from __future__ import annotations

import re
import sqlite3

import msgspec

from bot.messages import Attachment, Card, Choice, Content
from bot.post import lines
from bot.post.lines import Line
from bot.shop.people import Chat
from bot.store.queries import load

_queries = load(__file__)

PAGE_LINES = 50

_TIBETAN = re.compile(r"[\u0f00-\u0fff]")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


class View(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line for the page. `mine` is the person's own; its `key` is the page's UUID.

    `at` is UTC milliseconds, `pictures` are hashes of files of this chat, `files` such as are kept
    rather than looked at.
    """

    seq: int
    mine: bool
    at: int
    key: str = ""
    text: str = ""
    lang: str = ""
    pictures: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()
    choices: tuple[Choice, ...] = ()
    card: Card | None = None
    pressed: bool = False


class Own(msgspec.Struct, frozen=True):
    """The body of a line that came in: a message's text and files, or a press's value."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    press: str | None = None


def after(db: sqlite3.Connection, chat: Chat, seq: int, limit: int = PAGE_LINES) -> list[View]:
    """The lines after a sequence number, oldest first."""
    return _views(db, chat, lines.after(db, chat.id, seq, limit))


def before(db: sqlite3.Connection, chat: Chat, seq: int) -> list[View]:
    """The last lines before a sequence number, oldest first."""
    return _views(db, chat, lines.before(db, chat.id, seq, PAGE_LINES))


def _views(db: sqlite3.Connection, chat: Chat, found: list[Line]) -> list[View]:
    views: list[View] = []
    for line in found:
        views.append(_own(db, chat, line, views) if line.direction == "in" else _theirs(line))
    return views


def card_at(db: sqlite3.Connection, chat: Chat, seq: int) -> Card | None:
    """The card of the line with that number, if it has one."""
    views = after(db, chat, seq - 1, 1)
    return views[0].card if views and views[0].seq == seq else None


def held_file(db: sqlite3.Connection, chat: Chat, hash: str) -> Attachment | None:
    """The file of a line of this chat; a text that names it does not count.

    A picture's media type is not known here: its bytes tell.
    """
    rows = _queries.lines_naming(db, chat_id=chat.id, text=hash)
    found = (file for row in rows for file in _files(row["direction"], row["body"]))
    return next((file for file in found if file.hash == hash), None)


def is_alive(db: sqlite3.Connection) -> bool:
    """Whether the store answers."""
    return _queries.alive(db) is not None


def script_of(text: str, language: str) -> str:
    """The tag for a text that a person wrote, as far as its letters tell; else ''."""
    if _TIBETAN.search(text):
        return "bo"
    if _HAN.search(text):
        return language if language.startswith("zh") else "zh"
    return ""


def _files(direction: str, body: str) -> tuple[Attachment, ...]:
    if direction == "in":
        return _decoded_own(body).attachments
    content = _decoded_content(body)
    picture = content.card.picture if content.card else None
    return (*content.attachments, *([Attachment(picture, "")] if picture else ()))


def _own(db: sqlite3.Connection, chat: Chat, line: Line, earlier: list[View]) -> View:
    own = _decoded_own(line.body)
    pressed = own.press is not None
    text = own.text
    if own.press is not None and not text:
        text = _label(db, chat, line.seq, own.press, earlier)
    return View(
        seq=line.seq,
        mine=True,
        at=line.at,
        key=(line.key or "").rpartition(":")[2],
        text=text,
        lang=script_of(text, chat.language),
        pictures=tuple(attachment.hash for attachment in own.attachments),
        pressed=pressed,
    )


def _label(db: sqlite3.Connection, chat: Chat, seq: int, value: str, earlier: list[View]) -> str:
    """What the pressed button said: the latest offer of that value, or '…' when there was none."""
    for view in reversed(earlier):
        for choice in view.choices:
            if choice.value == value:
                return choice.label
    encoded = msgspec.json.encode(value).decode()
    for row in _queries.offers_before(db, chat_id=chat.id, seq=seq, value=encoded):
        for choice in _decoded_content(row["body"]).choices:
            if choice.value == value:
                return choice.label
    return "…"


def _theirs(line: Line) -> View:
    content = _decoded_content(line.body)
    return View(
        seq=line.seq,
        mine=False,
        at=line.at,
        text=content.text,
        lang=content.language,
        files=tuple(file for file in content.attachments if file.name),
        choices=content.choices,
        card=content.card,
    )


def _decoded_own(body: str) -> Own:
    return msgspec.json.decode(body, type=Own)


def _decoded_content(body: str) -> Content:
    return msgspec.json.decode(body, type=Content)
