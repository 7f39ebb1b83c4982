"""Updates of the Bot API server: kept until confirmed, fetched by one poller or posted."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import OrderedDict
from collections.abc import Iterable

import aiohttp
import msgspec

from tests.telegram.bot_api_calls import Json, Refusal

SILENT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
FIRST_UPDATE_ID = 100_000
FUTURE = 10  # an offset further than this above the next id is taken for one of another age
TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
RETRY_FIRST_S = 0.02
RETRY_MAX_S = 1.0
POST_TIMEOUT_S = 30.0


class Updates:
    """Updates not confirmed yet, and what is needed to deliver confirmed ones again."""

    def __init__(self) -> None:
        self.pending: OrderedDict[int, Json] = OrderedDict()
        self.next_id = FIRST_UPDATE_ID
        self.webhook: Webhook | None = None
        self._all: dict[int, Json] = {}
        self._repeats: list[Json] = []
        self._shuffling: random.Random | None = None
        self._allowed: list[str] = []
        self._poll: asyncio.Future[Refusal | None] | None = None

    def add(self, update: Json) -> None:
        """Takes an update that has its update_id; drops it if its kind is not allowed."""
        self.next_id = update["update_id"] + 1
        kind = next((name for name in update if name != "update_id"), "")
        if kind not in self._allowed if self._allowed else kind in SILENT_BY_DEFAULT:
            return
        self._all[update["update_id"]] = self.pending[update["update_id"]] = update
        self._offer(update)

    def repeat(self, update_id: int) -> None:
        """Raises KeyError for an update that never was."""
        update = self._all[update_id]
        if not self.webhook:
            self._repeats.append(update)
        self._offer(update)

    def shuffle(self, seed: int | None) -> None:
        self._shuffling = None if seed is None else random.Random(seed)

    def jump(self, n: int) -> None:
        """Raises ValueError for a jump back while updates wait: ids jump after silence only."""
        if n < 0 and self.pending:
            raise ValueError("confirm the pending updates first")
        self.next_id += n

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Sticky: None changes nothing, an empty list is the default again."""
        if kinds is not None:
            self._allowed = list(kinds)

    def forget(self, update_id: int) -> None:
        self.pending.pop(update_id, None)

    async def get(self, params: Json) -> list[Json]:
        """The answer to getUpdates. Raises Refusal 409 as soon as someone else calls it."""
        if self.webhook:
            raise Refusal(409, WEBHOOK_ACTIVE)
        self.end_poll(Refusal(409, TERMINATED))
        self.allow(params.get("allowed_updates"))
        self._confirm(params.get("offset") or 0)
        limit = min(100, max(1, params.get("limit") or 100))
        timeout_s = params.get("timeout") or 0
        if timeout_s <= 0 or self.pending or self._repeats:
            return self._batch(limit)
        loop = asyncio.get_running_loop()
        poll = self._poll = loop.create_future()
        timer = loop.call_later(timeout_s, self.end_poll, None)
        refusal = await poll
        timer.cancel()
        if refusal:
            raise refusal
        return self._batch(limit)

    def end_poll(self, refusal: Refusal | None) -> None:
        """Lets the poll that is waiting now answer with what there is, or with the refusal."""
        poll, self._poll = self._poll, None
        if poll and not poll.done():
            poll.set_result(refusal)

    async def set_webhook(self, params: Json) -> str:
        """Starts, changes or (without a url) ends the posting; returns Telegram's remark."""
        active = self.webhook
        if active:
            await active.stop()
            self.webhook = None
        if params.get("drop_pending_updates"):
            self.pending.clear()
        url = params.get("url")
        if not url:
            return "Webhook was deleted" if active else "Webhook is already deleted"
        self.end_poll(Refusal(409, "Conflict: terminated by setWebhook request"))
        self.allow(params.get("allowed_updates"))
        connections = min(100, max(1, params.get("max_connections") or 40))
        self.webhook = Webhook(self, url, params.get("secret_token") or "", connections)
        return "Webhook was set"

    def webhook_info(self) -> Json:
        info: Json = {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
        }
        if self.webhook:
            info.update(url=self.webhook.url, max_connections=self.webhook.max_connections)
            if self.webhook.last_error:
                info["last_error_date"], info["last_error_message"] = self.webhook.last_error
        if self._allowed:
            info["allowed_updates"] = self._allowed
        return info

    def _offer(self, update: Json) -> None:
        if self.webhook:
            self.webhook.put(update)
        else:
            self.end_poll(None)

    def _confirm(self, offset: int) -> None:
        if offset > self.next_id + FUTURE:
            return
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popitem(last=False)
        while self.pending and next(iter(self.pending)) < offset:
            self.pending.popitem(last=False)

    def _batch(self, limit: int) -> list[Json]:
        again, self._repeats = self._repeats[:limit], self._repeats[limit:]
        batch = [*again, *itertools.islice(self.pending.values(), limit - len(again))]
        if self._shuffling:
            self._shuffling.shuffle(batch)
        return batch


class Webhook:
    """Posts updates to an address, several at a time, each until it is answered with 2xx."""

    def __init__(self, updates: Updates, url: str, secret: str, max_connections: int) -> None:
        self.url = url
        self.max_connections = max_connections
        self.last_error: tuple[int, str] | None = None  # when (unix time), what
        self._updates = updates
        self._headers = {"Content-Type": "application/json"}
        if secret:
            self._headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        self._queue: asyncio.Queue[tuple[int, Json]] = asyncio.Queue()
        for update in updates.pending.values():
            self.put(update)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=max_connections),
            timeout=aiohttp.ClientTimeout(total=POST_TIMEOUT_S),
        )
        self._workers = [asyncio.create_task(self._work()) for _ in range(max_connections)]

    def put(self, update: Json) -> None:
        self._queue.put_nowait((0, update))

    async def stop(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._session.close()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            tries, update = await self._queue.get()
            while error := await self._post(update):
                self.last_error = int(time.time()), error
                wait_s = min(RETRY_MAX_S, RETRY_FIRST_S * 2**tries)
                tries += 1
                if self.max_connections > 1:  # The others do not wait for this one.
                    loop.call_later(wait_s, self._queue.put_nowait, (tries, update))
                    break
                await asyncio.sleep(wait_s)
            else:
                self._updates.forget(update["update_id"])

    async def _post(self, update: Json) -> str:
        """What went wrong, in Telegram's words; "" if nothing did."""
        try:
            async with self._session.post(
                self.url, data=msgspec.json.encode(update), headers=self._headers
            ) as response:
                await response.read()
        except aiohttp.ClientConnectorError:
            return "Connection refused"
        except TimeoutError:
            return "Connection timed out"
        except aiohttp.ClientError:
            return "Connection closed"
        if 200 <= response.status < 300:
            return ""
        return f"Wrong response from the webhook: {response.status} {response.reason}"
