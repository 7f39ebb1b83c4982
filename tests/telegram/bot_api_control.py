"""The paths under /control/, for tests that run the Bot API server in another process.

POST /control/updates    a list of raw updates without ids; answers their ids
POST /control/know       a list of chat ids
POST /control/fail       {"method", "kind", ...}: the arguments of BotApi.fail
GET  /control/calls      ?since=n: how many calls there were, and all from the n-th on
GET  /control/state      what is pending, the webhook, the messages (?messages=0: their number only)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec
from aiohttp import web

from tests.telegram.bot_api_calls import Json

if TYPE_CHECKING:
    from tests.telegram.bot_api import BotApi


class Control:
    def __init__(self, api: BotApi) -> None:
        self._api = api

    async def answer(self, request: web.BaseRequest, path: str, query: str) -> Any:
        told = msgspec.json.decode(await request.read() or b"null")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        match path:
            case "updates":
                return {"update_ids": [self._api.update(raw)["update_id"] for raw in told]}
            case "know":
                self._api.know(*told)
            case "fail":
                self._api.fail(**told)
            case "calls":
                calls = self._api.calls
                return {"count": len(calls), "calls": calls[int(asked.get("since", 0)) :]}
            case "state":
                return self._state(with_messages=asked.get("messages") != "0")
            case _:
                return {"error": f"no /control/{path}"}
        return {}

    def _state(self, *, with_messages: bool) -> Json:
        messages = self._api.messages
        state: Json = {
            "calls": len(self._api.calls),
            "pending": self._api.pending,
            "webhook": self._api.webhook_info(),
            "message_count": sum(len(chat) for chat in messages.values()),
        }
        if with_messages:
            state["messages"] = messages
        return state
