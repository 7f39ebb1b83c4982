"""What people do in the chats of the Bot API server: raw updates made from few words."""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.telegram.bot_api_calls import Json
from tests.telegram.bot_api_chats import PRE_CHECKOUT_S, Chats
from tests.telegram.bot_api_updates import Updates

MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post", "business_message")
CALLBACK_QUERY_S = 3600.0  # how long a press can be answered here


class People:
    """Queues updates; each takes the next update_id."""

    def __init__(self, chats: Chats, updates: Updates) -> None:
        self._chats = chats
        self._updates = updates
        self._query_ids = itertools.count(4_000_000_000)

    def message(
        self, chat_id: int, language_code: str | None, name: str, content: dict[str, Any]
    ) -> Json:
        person, chat = _person(chat_id, language_code, name), _chat(chat_id, name)
        return self.update({"message": {"from": person, "chat": chat} | content})

    def photo(self, content: bytes) -> Any:
        """The PhotoSizes of a new file."""
        return self._chats.files.shown(self._chats.files.add_photo(content))

    def press(
        self, chat_id: int, message_id: int, data: str, language_code: str | None, name: str
    ) -> Json:
        sent = self._chats.messages[chat_id].get(message_id)
        gone = {"chat": _chat(chat_id, name), "message_id": message_id, "date": 0}
        query = {
            "from": _person(chat_id, language_code, name),
            "message": sent.raw if sent else gone,
            "chat_instance": str(chat_id),
            "data": data,
        }
        return self.update({"callback_query": query})

    def membership(self, chat_id: int, status: str, before: str) -> Json:
        bot = self._chats.bot
        person = _person(chat_id, "en", "Anna")
        change = {
            "chat": _chat(chat_id, "Anna"),
            "from": person,
            "date": int(time.time()),
            "old_chat_member": _member(bot, before),
            "new_chat_member": _member(bot, status),
        }
        return self.update({"my_chat_member": change})

    def update(self, raw: Json) -> Json:
        update = {"update_id": raw.get("update_id", self._updates.next_id)} | raw
        for kind, body in raw.items():
            if isinstance(body, dict):
                update[kind] = self._completed(kind, dict(body))
        self._updates.add(update)
        return update

    def _completed(self, kind: str, body: Json) -> Json:
        """Adds the ids and dates that are absent, and notes what the update tells."""
        place = body.get("message", body) if kind == "callback_query" else body
        chat = place.get("chat") if isinstance(place, dict) else None
        if isinstance(chat, dict) and "id" in chat:
            self._chats.know(chat["id"], chat)
            if kind in MESSAGES:
                body = self._message(chat["id"], body)
            elif kind == "my_chat_member":
                self._join_or_leave(chat["id"], body.get("new_chat_member", {}).get("status"))
        if kind.endswith("_query"):
            self._chats.know(body.get("from", {}).get("id", 0))
            body = {"id": str(next(self._query_ids))} | body
            life_s = CALLBACK_QUERY_S if kind == "callback_query" else PRE_CHECKOUT_S
            self._chats.queries[str(body["id"])] = time.monotonic() + life_s
        return body

    def _message(self, chat_id: int, body: Json) -> Json:
        if "message_id" not in body:
            body = {"message_id": self._chats.next_message_id(chat_id)} | body
        body.setdefault("date", int(time.time()))
        self._chats.receive(body)
        if "migrate_to_chat_id" in body:
            self._chats.moved[chat_id] = body["migrate_to_chat_id"]
            self._chats.know(body["migrate_to_chat_id"])
        return body

    def _join_or_leave(self, chat_id: int, status: object) -> None:
        if status in {"kicked", "left"}:
            self._chats.blocked.add(chat_id)
        else:
            self._chats.blocked.discard(chat_id)


def _person(chat_id: int, language_code: str | None, name: str) -> Json:
    person: Json = {"id": abs(chat_id), "is_bot": False, "first_name": name}
    return person | ({"language_code": language_code} if language_code else {})


def _chat(chat_id: int, name: str) -> Json:
    if chat_id > 0:
        return {"id": chat_id, "type": "private", "first_name": name}
    return {"id": chat_id, "type": "supergroup", "title": "Group"}


def _member(bot: Json, status: str) -> Json:
    until = {"until_date": 0} if status == "kicked" else {}
    return {"user": bot, "status": status} | until
