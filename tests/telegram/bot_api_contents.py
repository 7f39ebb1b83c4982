"""What a message may contain: texts, buttons and files, checked as Telegram checks them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from tests.telegram.bot_api_calls import Json, Upload, bad_request

TEXT_MAX = 4096  # UTF-16 units after the markup is taken out
CAPTION_MAX = 1024
CALLBACK_DATA_MAX = 64  # bytes
BUTTONS_MAX = 100

PHOTO_SIZES = ((90, 68), (320, 240), (800, 600))

TAGS = {
    "a", "b", "blockquote", "code", "del", "em", "i", "ins", "pre", "s", "span", "strike", "strong",
    "tg-emoji", "tg-spoiler", "u",
}  # fmt: skip
TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)(?:\s[^<>]*)?>|<", re.IGNORECASE)
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
NAMED = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}


def read_text(params: Json) -> tuple[str, str]:
    """The text as people read it and as the bot wrote it."""
    source = str(params.get("text") or "")
    text = _plain(source, params.get("parse_mode"))
    if not text:
        raise bad_request("message text is empty")
    if _too_long(text, TEXT_MAX):
        raise bad_request("message is too long")
    return text, source


def read_caption(params: Json) -> tuple[str | None, str]:
    source = str(params.get("caption") or "")
    caption = _plain(source, params.get("parse_mode"))
    if _too_long(caption, CAPTION_MAX):
        raise bad_request("message caption is too long")
    return caption or None, source


def read_markup(params: Json, *, inline_only: bool = False) -> Json | None:
    """The reply_markup, None where no keyboard would be shown."""
    markup = params.get("reply_markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only:
            raise bad_request("inline keyboard expected")
        return markup
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    for button in buttons:
        _check_button(button)
    if len(buttons) > BUTTONS_MAX:
        raise bad_request("reply markup is too long")
    return markup if buttons else None


def _check_button(button: Json) -> None:
    if len(button) < 2:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= CALLBACK_DATA_MAX:
        raise bad_request("BUTTON_DATA_INVALID")


def _too_long(text: str, limit: int) -> bool:
    return len(text) * 2 > limit and len(text.encode("utf-16-le")) // 2 > limit


def _plain(source: str, parse_mode: object) -> str:
    if str(parse_mode).lower() == "html" and ("<" in source or "&" in source):
        source = _without_markup(source)
    return source.strip()


def _without_markup(source: str) -> str:
    opened: list[str] = []
    for match in TAG.finditer(source):
        closing, tag = match[1], (match[2] or "").lower()
        at = f"at byte offset {len(source[: match.start()].encode())}"
        if not closing:
            if tag not in TAGS:
                raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}" {at}')
            opened.append(tag)
        elif not opened:
            raise bad_request(f"can't parse entities: Unexpected end tag {at}")
        elif (expected := opened.pop()) != tag:
            raise bad_request(
                f"can't parse entities: Unmatched end tag {at}, "
                f'expected "</{expected}>", found "</{tag}>"'
            )
    if opened:
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\""
        )
    return CHARACTER.sub(_character, TAG.sub("", source))


def _character(match: re.Match[str]) -> str:
    name = match[0]
    if name in NAMED:
        return NAMED[name]
    return chr(int(name[3:-1], 16) if name[2] == "x" else int(name[2:-1]))


class StoredFile(NamedTuple):
    kind: str  # photo or document
    path: str
    content: bytes
    shown: list[Json] | Json  # the PhotoSizes or the Document


class Files:
    """Every file ever sent, by file_id."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._count = 0

    def add_photo(self, content: bytes) -> str:
        """The file_id of its largest size."""
        self._count += 1
        number = self._count
        sizes: list[Json] = [
            {
                "file_id": f"AgACAgIAAx-photo-{number}-{name}",
                "file_unique_id": f"AQAD-{number}-{name}",
                "width": width,
                "height": height,
                "file_size": len(content),
            }
            for name, (width, height) in zip("smx", PHOTO_SIZES, strict=True)
        ]
        stored = StoredFile("photo", f"photos/file_{number}.jpg", content, sizes)
        self._by_path[stored.path] = stored
        self._by_id.update((size["file_id"], stored) for size in sizes)
        return str(sizes[-1]["file_id"])

    def add_document(self, upload: Upload) -> str:
        self._count += 1
        suffix = upload.filename.rpartition(".")[2] or "bin"
        document = {
            "file_id": f"BQACAgIAAx-document-{self._count}",
            "file_unique_id": f"AgAD-{self._count}",
            "file_name": upload.filename,
            "file_size": len(upload.content),
        }
        path = f"documents/file_{self._count}.{suffix}"
        stored = StoredFile("document", path, upload.content, document)
        self._by_path[path] = self._by_id[str(document["file_id"])] = stored
        return str(document["file_id"])

    def resolve(self, kind: str, value: Any, uploads: dict[str, Upload]) -> str:
        """The file_id meant by a parameter: an upload, an address, or an id given out before."""
        name = value.removeprefix("attach://") if isinstance(value, str) else kind
        upload = uploads.get(name) or (uploads.get(kind) if not value else None)
        if upload is None and isinstance(value, str) and value.startswith(("http://", "https://")):
            upload = Upload(value.rpartition("/")[2], b"fetched")
        if upload:
            if not upload.content:
                raise bad_request("file must be non-empty")
            return self.add_photo(upload.content) if kind == "photo" else self.add_document(upload)
        if not value:
            raise bad_request(f"there is no {kind} in the request")
        stored = self._by_id.get(value)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(
                f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}"
            )
        shown = stored.shown
        return str(shown[-1]["file_id"] if isinstance(shown, list) else value)

    def shown(self, file_id: str) -> list[Json] | Json:
        """What the Message object says of it."""
        return self._by_id[file_id].shown

    def get_file(self, file_id: Any) -> Json:
        """The answer to getFile."""
        if file_id not in self._by_id:
            raise bad_request("invalid file_id")
        stored = self._by_id[file_id]
        return {
            "file_id": file_id,
            "file_unique_id": f"unique-{file_id}",
            "file_size": len(stored.content),
            "file_path": stored.path,
        }

    def content(self, path: str) -> bytes | None:
        stored = self._by_path.get(path)
        return stored and stored.content
