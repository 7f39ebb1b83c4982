"""A Bot API server for tests and benchmarks: Telegram's behaviour over real HTTP, with faults.

    async with BotApi() as api:
        api.text(1, "hello")                  # Anna writes to the bot
        bot = telegram.Bot(api.token, base_url=f"{api.address}/bot", ...)
        await api.wait_for(lambda: api.messages[1], timeout=5)

As a process of its own: `python -m tests.telegram.bot_api --port 0 --latency-ms 50` prints its
address; the paths under /control/ then do what the methods of BotApi do.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote

import msgspec
from aiohttp import web

from tests.telegram.bot_api_calls import (
    Call,
    Json,
    Refusal,
    SentMessage,
    Upload,
    read_call,
    sent_files,
)
from tests.telegram.bot_api_chats import Chats
from tests.telegram.bot_api_control import Control
from tests.telegram.bot_api_faults import Fault, Faults, Pace
from tests.telegram.bot_api_methods import Methods
from tests.telegram.bot_api_people import People
from tests.telegram.bot_api_profile import Profile
from tests.telegram.bot_api_updates import Updates

Found = TypeVar("Found")

TOKEN = "123456789:test-token-of-the-shop"
UPLOAD_MAX = 64 * 2**20  # bytes
LOOK_AGAIN_S = 0.005
JSON_TYPE = {"Content-Type": "application/json"}
HTML_TYPE = {"Content-Type": "text/html"}


class BotApi:
    """The server and everything a test does to it."""

    def __init__(
        self, *, token: str = TOKEN, latency_s: float = 0.0, port: int = 0, limits: bool = False
    ) -> None:
        self.token = token
        self.latency_s = latency_s  # of each method but getUpdates; half before the effect
        self.limits = limits  # answer 429 above 30/s overall or 1/s a chat (burst 5)
        self.address = ""  # http://127.0.0.1:port once started
        self.calls: list[Call] = []  # in the order they took effect
        bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Shop",
            "username": "test_shop_bot",
        }
        self._chats = Chats(bot)
        self._updates = Updates()
        self._people = People(self._chats, self._updates)
        self._faults = Faults()
        self._pace = Pace()
        self._methods = Methods(bot, self._chats, self._updates, Profile(bot))
        self._control = Control(self)
        self._port = port
        self._runner: web.ServerRunner | None = None
        self._stopping = asyncio.Event()

    @property
    def messages(self) -> dict[int, dict[int, SentMessage]]:
        """The bot's messages as they stand now, by chat and message id."""
        return self._chats.messages

    async def __aenter__(self) -> BotApi:
        server = web.Server(self._serve, request_factory=_request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._stopping.set()
        self._updates.end_poll(None)
        await self._updates.set_webhook({})
        if self._runner:
            await self._runner.cleanup()

    # What people do. Each queues an update with the next update_id and returns it.

    def text(
        self,
        chat_id: int,
        text: str,
        *,
        language_code: str | None = "en",
        name: str = "Anna",
        **extra: Any,
    ) -> Json:
        """Someone writes; `extra` are further fields of the Message."""
        return self._people.message(chat_id, language_code, name, {"text": text} | extra)

    def press(
        self,
        chat_id: int,
        message_id: int,
        data: str,
        *,
        language_code: str | None = "en",
        name: str = "Anna",
    ) -> Json:
        """Someone presses a button under a message of the bot."""
        return self._people.press(chat_id, message_id, data, language_code, name)

    def photo(
        self,
        chat_id: int,
        content: bytes,
        caption: str | None = None,
        *,
        media_group_id: str | None = None,
        language_code: str | None = "en",
        name: str = "Anna",
        **extra: Any,
    ) -> Json:
        """Someone sends a picture; getFile serves `content`."""
        fields = {"photo": self._people.photo(content)} | extra
        if caption is not None:
            fields["caption"] = caption
        if media_group_id is not None:
            fields["media_group_id"] = media_group_id
        return self._people.message(chat_id, language_code, name, fields)

    def update(self, raw: Json) -> Json:
        """Any other update: gets an update_id, and message_id, date and query id where absent.

        Its chat is known from now on. my_chat_member with status "kicked" or "member" blocks or
        unblocks the chat; a message with migrate_to_chat_id moves it.
        """
        return self._people.update(raw)

    def know(self, *chat_ids: int) -> None:
        """These chats exist, without an update from them."""
        for chat_id in chat_ids:
            self._chats.know(chat_id)

    def block(self, chat_id: int, *, tell: bool = False) -> None:
        """The bot gets 403 from this chat; with `tell` a my_chat_member update says so."""
        self._chats.blocked.add(chat_id)
        if tell:
            self._people.membership(chat_id, "kicked", before="member")

    def unblock(self, chat_id: int, *, tell: bool = False) -> None:
        """The reverse."""
        self._chats.blocked.discard(chat_id)
        if tell:
            self._people.membership(chat_id, "member", before="kicked")

    def migrate(self, chat_id: int, to_chat_id: int) -> None:
        """The group became a supergroup: the old id answers 400 with migrate_to_chat_id."""
        self._chats.moved[chat_id] = to_chat_id
        self._chats.know(to_chat_id)

    # How updates arrive.

    def repeat(self, update_id: int) -> None:
        """Deliver this update once more although it was confirmed."""
        self._updates.repeat(update_id)

    def shuffle(self, seed: int | None) -> None:
        """Reorder each batch from now on; None ends it."""
        self._updates.shuffle(seed)

    def jump(self, n: int) -> None:
        """Let update ids jump by `n` (may be negative), as after a week of silence."""
        self._updates.jump(n)

    @property
    def pending(self) -> int:
        """Updates not confirmed yet."""
        return len(self._updates.pending)

    def webhook_info(self) -> Json:
        """What getWebhookInfo answers."""
        return self._updates.webhook_info()

    # What goes wrong.

    def fail(
        self,
        method: str,
        kind: str,
        *,
        chat_id: int | None = None,
        times: int = 1,
        retry_after: int = 1,
        status: int = 500,
        effect: bool | None = None,
        to_chat_id: int | None = None,
    ) -> None:
        """Let the next `times` calls of `method` (to `chat_id`, if given) go wrong.

        `method` "*" means all but getUpdates; "download" the fetching of a file. Kinds:
        too_many (retry_after in seconds), forbidden, not_found, unauthorized, migrated
        (to_chat_id), query_too_old, server_error (status, HTML body), hang (no answer until the
        server stops), reset_before, reset_after (half an answer), garbage (200, no JSON).
        `effect`: whether the call is carried out all the same; always for reset_after, by
        default for garbage, settable for hang, server_error and garbage.
        """
        fault = Fault(method, kind, chat_id, times, retry_after, status, effect, to_chat_id)
        self._faults.add(fault)

    def heal(self) -> None:
        """Forget all faults that are still to come."""
        self._faults.clear()

    async def wait_for(self, predicate: Callable[[], Found], timeout: float = 5.0) -> Found:
        """What `predicate` returns as soon as it is true; TimeoutError after `timeout` s."""
        deadline = time.monotonic() + timeout
        while not (found := predicate()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {timeout} s; last calls: {self.calls[-5:]}")
            await asyncio.sleep(LOOK_AGAIN_S)
        return found

    # How it answers.

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        if "%" in path:
            path = unquote(path)
        _, first, *rest = path.split("/", 2)
        if first == "control":
            return _json(await self._control.answer(request, rest[0], query))
        if first == f"bot{self.token}" and rest:
            return await self._answer(request, self._methods.named(rest[0]), query)
        if first == "file" and rest[0].startswith(f"bot{self.token}/"):
            file_path = rest[0].partition("/")[2]
            return await self._answer(request, "download", f"file_path={file_path}")
        return _refuse(Refusal(401, "Unauthorized"))

    async def _answer(
        self, request: web.BaseRequest, method: str | None, query: str
    ) -> web.StreamResponse:
        at = time.monotonic()
        if method is None:
            return _refuse(Refusal(404, "Not Found: method not found"))
        try:
            params, uploads = await read_call(request, query)
        except Refusal as refusal:
            self.calls.append(Call(at, method, {}, {}, None, error=refusal.description))
            return _refuse(refusal)
        chat_id = params.get("chat_id")
        files = sent_files(uploads) if uploads else {}
        call = Call(at, method, params, files, chat_id if isinstance(chat_id, int) else None)
        fault = self._faults.take(call)
        half_s = 0.0 if method == "getUpdates" else self.latency_s / 2
        if half_s:
            await asyncio.sleep(half_s)
        response: web.Response
        try:
            if fault and (refusal_by_script := fault.refusal()):
                raise refusal_by_script
            if fault and not fault.effect:
                call.error = fault.kind
                response = web.Response()
            else:
                if self.limits:
                    self._pace.check(call)
                response = await self._carry_out(call, uploads)
                call.ok = True
        except Refusal as refusal:
            call.error = refusal.description
            response = _refuse(refusal)
        self.calls.append(call)
        if half_s:
            await asyncio.sleep(half_s)
        return await self._go_wrong(request, fault, response) if fault else response

    async def _carry_out(self, call: Call, uploads: dict[str, Upload]) -> web.Response:
        if call.method == "download":
            content = self._chats.files.content(call.params["file_path"])
            if content is None:
                raise Refusal(404, "Not Found")
            return web.Response(body=content, content_type="application/octet-stream")
        result, description = await self._methods.carry_out(call, uploads)
        told: Json = {"ok": True, "result": result}
        if description:
            told["description"] = description
        return _json(told)

    async def _go_wrong(
        self, request: web.BaseRequest, fault: Fault, response: web.Response
    ) -> web.StreamResponse:
        transport = request.transport
        match fault.kind:
            case "server_error":
                page = f"<html><h1>{fault.status}</h1></html>"
                return web.Response(text=page, status=fault.status, headers=HTML_TYPE)
            case "garbage":
                return web.Response(text="<html>It works!</html>", headers=HTML_TYPE)
            case "hang":
                await self._stopping.wait()
            case "reset_after":
                body = response.body if isinstance(response.body, bytes) else b""
                half = web.StreamResponse(headers=JSON_TYPE | {"Content-Length": str(len(body))})
                await half.prepare(request)
                await half.write(body[: len(body) // 2])
                if transport:
                    transport.close()
                return half
            case "reset_before":
                pass
            case _:
                return response
        if transport:
            transport.abort()
        return response


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=UPLOAD_MAX
    )


def _json(told: Any, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(told), status=status, headers=JSON_TYPE)


def _refuse(refusal: Refusal) -> web.Response:
    return _json(refusal.as_json(), refusal.code)


async def run(api: BotApi) -> None:
    """Serves until SIGTERM or SIGINT; prints the address first."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with api:
        print(api.address, flush=True)
        await stop.wait()


async def main() -> None:
    parser = argparse.ArgumentParser(description="A Bot API server for tests and benchmarks")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--limits", action="store_true")
    options = parser.parse_args()
    latency_s = options.latency_ms / 1000
    await run(
        BotApi(token=options.token, latency_s=latency_s, port=options.port, limits=options.limits)
    )


if __name__ == "__main__":
    asyncio.run(main())
