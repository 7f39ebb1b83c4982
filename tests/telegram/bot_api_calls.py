"""What came to the Bot API server and what stands in its chats now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

Json = dict[str, Any]

JSON_FIELDS = {
    "allowed_updates", "caption_entities", "commands", "entities", "link_preview_options", "media",
    "prices", "reply_markup", "reply_parameters", "scope", "suggested_tip_amounts",
}  # fmt: skip
INTEGER_FIELDS = {
    "cache_time", "chat_id", "from_chat_id", "limit", "max_connections", "message_id",
    "message_thread_id", "offset", "timeout",
}  # fmt: skip
BOOLEAN_FIELDS = {
    "allow_paid_broadcast", "disable_notification", "drop_pending_updates", "ok",
    "protect_content", "show_alert",
}  # fmt: skip


class Upload(NamedTuple):
    filename: str
    content: bytes


class SentFile(NamedTuple):
    """An uploaded file: what it was called, its length in bytes and its digest in hex."""

    filename: str
    length: int
    sha256: str


class Refusal(Exception):
    """Telegram says no: its error code, description and parameters such as retry_after."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> Json:
        told: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            told["parameters"] = self.parameters
        return told


def bad_request(reason: str) -> Refusal:
    return Refusal(400, f"Bad Request: {reason}")


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
    text: str | None = None  # as people read it
    caption: str | None = None
    source: str = ""  # text or caption as the bot gave it, with its markup
    reply_markup: Json | None = None  # as the bot gave it
    photo: str | None = None  # file_id of the largest size
    document: str | None = None  # file_id
    invoice: Json | None = None
    media_group_id: str | None = None
    raw: Json = field(default_factory=dict)  # the Message object of the Bot API


async def read_call(request: web.BaseRequest, query: str) -> tuple[Json, dict[str, Upload]]:
    """The parameters, JSON-valued ones decoded, and the uploaded files by field name."""
    params: Json = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    uploads: dict[str, Upload] = {}
    if request.method == "POST":
        kind = request.headers.get("Content-Type", "")
        if kind.startswith("application/json"):
            params.update(_decoded("request body", await request.read()))
        elif kind.startswith("multipart/"):
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    uploads[name] = Upload(value.filename, value.file.read())
                else:
                    params[name] = value
        else:
            body = (await request.read()).decode()
            params.update(parse_qsl(body, keep_blank_values=True))
    for name, value in params.items():
        if isinstance(value, str):
            params[name] = _typed(name, value)
    return params, uploads


def sent_files(uploads: dict[str, Upload]) -> dict[str, SentFile]:
    return {
        name: SentFile(filename, len(content), hashlib.sha256(content).hexdigest())
        for name, (filename, content) in uploads.items()
    }


def _typed(name: str, value: str) -> Any:
    if name in JSON_FIELDS:
        return _decoded(name.replace("_", " "), value) if value else None
    if name in INTEGER_FIELDS and value.removeprefix("-").isdecimal():
        return int(value)
    if name in BOOLEAN_FIELDS:
        return value.lower() in {"true", "1"}
    return value


def _decoded(what: str, value: str | bytes) -> Any:
    try:
        return msgspec.json.decode(value) if value else {}
    except msgspec.DecodeError:
        raise bad_request(f"can't parse {what} JSON object") from None
