"""What came to the Bot API server and what stands in its chats now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]


class SentFile(NamedTuple):
    """An uploaded file: what it was called, its length in bytes and its digest in hex."""

    filename: str
    length: int
    sha256: str


@dataclass(slots=True)
class Call:
    """One method call. `ok` says that it took effect, whether or not the caller heard of it."""

    at: float  # time.monotonic() when it arrived
    method: str
    params: Json
    files: dict[str, SentFile]
    chat_id: int | None
    ok: bool = False
    error: str = ""  # Telegram's description, or the kind of fault


@dataclass(slots=True)
class SentMessage:
    """A message of the bot as it stands in the chat now, after all edits."""

    message_id: int
    method: str  # that sent it
    text: str | None = None
    caption: str | None = None
    reply_markup: Json | None = None  # as the bot gave it
    photo: str | None = None  # file_id of the largest size
    document: str | None = None  # file_id
    media_group_id: str | None = None
    raw: Json = field(default_factory=dict)  # the Message object of the Bot API
