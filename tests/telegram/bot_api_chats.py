"""The chats of the Bot API server: who is known, what stands in them, and what changes it."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from msgspec.structs import replace
from typing import Any

from tests.telegram.bot_api_calls import Call, Json, Refusal, SentMessage, Upload, bad_request
from tests.telegram.bot_api_contents import Files, read_caption, read_markup, read_text
from tests.telegram.bot_api_faults import BLOCKED, QUERY_TOO_OLD, UPGRADED

ALBUM_SIZES = range(2, 11)
INVOICE_PAYLOAD_MAX = 128  # bytes
CALLBACK_ANSWER_MAX = 200
PRE_CHECKOUT_S = 10.0
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)

Uploads = dict[str, Upload]


class Chats:
    """What the methods that send, edit and delete act upon."""

    def __init__(self, bot: Json) -> None:
        self.bot = bot
        self.messages: dict[int, dict[int, SentMessage]] = defaultdict(dict)
        self.files = Files()
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}  # group to supergroup
        self.queries: dict[str, float] = {}  # id to the time.monotonic() when it expires
        self._known: dict[int, Json] = {}
        self._received: dict[tuple[int, int], Json] = {}  # people's messages by chat and id
        self._last_ids: Counter[int] = Counter()
        self._albums = 0

    def know(self, chat_id: int, chat: Json | None = None) -> None:
        if chat or chat_id not in self._known:
            group = {"id": chat_id, "type": "supergroup", "title": "Group"}
            private = {"id": chat_id, "type": "private", "first_name": "Anna"}
            self._known[chat_id] = chat or (private if chat_id > 0 else group)

    def receive(self, message: Json) -> None:
        """Remembers what people sent, so that it can be copied or deleted."""
        self._received[message["chat"]["id"], message["message_id"]] = message

    def next_message_id(self, chat_id: int) -> int:
        self._last_ids[chat_id] += 1
        return self._last_ids[chat_id]

    # Methods; each returns the result Telegram would, or raises Refusal.

    def send_message(self, call: Call, uploads: Uploads) -> Json:
        chat = self._chat(call.params.get("chat_id"))
        text, source = read_text(call.params)
        return self._place(call, chat, text=text, source=source)

    def send_photo(self, call: Call, uploads: Uploads) -> Json:
        return self._send_file(call, uploads, "photo")

    def send_voice(self, call: Call, uploads: Uploads) -> Json:
        """A voice message, kept as if it were a document."""
        given = {**call.params, "document": call.params.get("voice")}
        files = {"document" if name == "voice" else name: each for name, each in uploads.items()}
        return self._send_file(replace(call, params=given), files, "document")

    def send_document(self, call: Call, uploads: Uploads) -> Json:
        return self._send_file(call, uploads, "document")

    def send_media_group(self, call: Call, uploads: Uploads) -> list[Json]:
        chat = self._chat(call.params.get("chat_id"))
        media = call.params.get("media") or []
        if len(media) not in ALBUM_SIZES:
            raise bad_request("media group must include 2-10 items")
        kinds = {item.get("type") for item in media}
        if kinds not in ({"photo"}, {"document"}):
            raise bad_request("Document can't be mixed with other media types")
        contents = [self._media(item, uploads) for item in media]
        self._albums += 1
        return [
            self._place(call, chat, media_group_id=str(13_000_000_000 + self._albums), **content)
            for content in contents
        ]

    def send_invoice(self, call: Call, uploads: Uploads) -> Json:
        chat = self._chat(call.params.get("chat_id"))
        params = call.params
        for name in ("title", "description", "payload", "currency", "prices"):
            if not params.get(name):
                raise bad_request(f'parameter "{name}" is required')
        if len(params["payload"].encode()) > INVOICE_PAYLOAD_MAX:
            raise bad_request("INVOICE_PAYLOAD_INVALID")
        if params["currency"] != "XTR" and not params.get("provider_token"):
            raise bad_request("PAYMENT_PROVIDER_INVALID")
        invoice = {
            "title": params["title"],
            "description": params["description"],
            "start_parameter": params.get("start_parameter") or "",
            "currency": params["currency"],
            "total_amount": sum(int(price["amount"]) for price in params["prices"]),
        }
        return self._place(call, chat, invoice=invoice)

    def send_chat_action(self, call: Call, uploads: Uploads) -> bool:
        self._chat(call.params.get("chat_id"))
        return True

    def copy_message(self, call: Call, uploads: Uploads) -> Json:
        chat = self._chat(call.params.get("chat_id"))
        content = self._content_of(call.params)
        if call.params.get("caption") is not None and content.get("text") is None:
            content["caption"], content["source"] = read_caption(call.params)
        return {"message_id": self._place(call, chat, **content)["message_id"]}

    def delete_message(self, call: Call, uploads: Uploads) -> bool:
        chat_id = self._chat(call.params.get("chat_id"))["id"]
        message_id = call.params.get("message_id")
        sent = self.messages[chat_id].pop(message_id, None) if message_id else None
        received = self._received.pop((chat_id, message_id), None) if message_id else None
        if sent is None and received is None:
            raise bad_request("message to delete not found")
        return True

    def edit_message_text(self, call: Call, uploads: Uploads) -> Json:
        message = self._message(call)
        text, source = read_text(call.params)
        if message.text is None:
            raise bad_request("there is no text in the message to edit")
        return self._change(call, message, text=text, source=source)

    def edit_message_caption(self, call: Call, uploads: Uploads) -> Json:
        message = self._message(call)
        caption, source = read_caption(call.params)
        if not (message.photo or message.document):
            raise bad_request("there is no caption in the message to edit")
        return self._change(call, message, caption=caption, source=source)

    def edit_message_media(self, call: Call, uploads: Uploads) -> Json:
        message = self._message(call)
        content = self._media(call.params.get("media") or {}, uploads)
        nothing = {"text": None, "photo": None, "document": None}
        return self._change(call, message, **nothing | content)

    def edit_message_reply_markup(self, call: Call, uploads: Uploads) -> Json:
        return self._change(call, self._message(call))

    def answer_callback_query(self, call: Call, uploads: Uploads) -> bool:
        self._answer_query(call.params.get("callback_query_id"))
        if len(call.params.get("text") or "") > CALLBACK_ANSWER_MAX:
            raise bad_request("MESSAGE_TOO_LONG")
        return True

    def answer_pre_checkout_query(self, call: Call, uploads: Uploads) -> bool:
        self._answer_query(call.params.get("pre_checkout_query_id"))
        return True

    def get_file(self, call: Call, uploads: Uploads) -> Json:
        return self.files.get_file(call.params.get("file_id"))

    def _chat(self, chat_id: Any) -> Json:
        if not chat_id:
            raise bad_request("chat_id is empty")
        if chat_id in self.moved:
            raise Refusal(400, UPGRADED, migrate_to_chat_id=self.moved[chat_id])
        if chat_id not in self._known:
            raise bad_request("chat not found")
        if chat_id in self.blocked:
            raise Refusal(403, BLOCKED)
        return self._known[chat_id]

    def _message(self, call: Call) -> SentMessage:
        chat_id = self._chat(call.params.get("chat_id"))["id"]
        message_id = call.params.get("message_id") or 0
        if (chat_id, message_id) in self._received:
            raise bad_request("message can't be edited")
        message = self.messages[chat_id].get(message_id)
        if message is None:
            raise bad_request("message to edit not found")
        return message

    def _answer_query(self, query_id: Any) -> None:
        if time.monotonic() > self.queries.get(str(query_id), 0.0):
            raise bad_request(QUERY_TOO_OLD)

    def _send_file(self, call: Call, uploads: Uploads, kind: str) -> Json:
        chat = self._chat(call.params.get("chat_id"))
        caption, source = read_caption(call.params)
        file_id = self.files.resolve(kind, call.params.get(kind), uploads)
        return self._place(call, chat, **{kind: file_id}, caption=caption, source=source)

    def _media(self, item: Json, uploads: Uploads) -> Json:
        kind = item.get("type")
        if kind not in {"photo", "document"}:
            raise bad_request("can't parse InputMedia: type must be photo or document")
        caption, source = read_caption(item)
        file_id = self.files.resolve(kind, item.get("media"), uploads)
        return {kind: file_id, "caption": caption, "source": source}

    def _content_of(self, params: Json) -> Json:
        """What the message named by from_chat_id and message_id shows."""
        from_chat_id, message_id = params.get("from_chat_id") or 0, params.get("message_id") or 0
        sent = self.messages[from_chat_id].get(message_id)
        raw = sent.raw if sent else self._received.get((from_chat_id, message_id))
        if raw is None:
            raise bad_request("message to copy not found")
        content = {name: raw[name] for name in ("text", "caption") if raw.get(name)}
        if raw.get("photo"):
            content["photo"] = raw["photo"][-1]["file_id"]
        if raw.get("document"):
            content["document"] = raw["document"]["file_id"]
        if not content:
            raise bad_request("message can't be copied")
        return content | {"source": raw.get("text") or raw.get("caption") or ""}

    def _place(self, call: Call, chat: Json, **content: Any) -> Json:
        markup = read_markup(call.params)
        message_id = self.next_message_id(chat["id"])
        message = SentMessage(message_id, call.method, reply_markup=markup, **content)
        message.raw = {
            "message_id": message_id,
            "from": self.bot,
            "chat": chat,
            "date": int(time.time()),
        }
        self._show(message)
        self.messages[chat["id"]][message_id] = message
        return message.raw

    def _change(self, call: Call, message: SentMessage, **content: Any) -> Json:
        content["reply_markup"] = read_markup(call.params, inline_only=True)
        if all(getattr(message, name) == value for name, value in content.items()):
            raise bad_request(NOT_MODIFIED)
        for name, value in content.items():
            setattr(message, name, value)
        header = {name: message.raw[name] for name in ("message_id", "from", "chat", "date")}
        message.raw = header | {"edit_date": int(time.time())}
        self._show(message)
        return message.raw

    def _show(self, message: SentMessage) -> None:
        raw = message.raw
        for name in ("text", "caption", "invoice", "media_group_id"):
            if (value := getattr(message, name)) is not None:
                raw[name] = value
        for kind, file_id in (("photo", message.photo), ("document", message.document)):
            if file_id:
                raw[kind] = self.files.shown(file_id)
        if message.reply_markup and "inline_keyboard" in message.reply_markup:
            raw["reply_markup"] = message.reply_markup
