"""Asks Telegram for updates. Asking for the next batch is what acknowledges the last one.

So the next is asked for only once the last is committed. Ids are not assumed to rise: once nothing
is left, the next poll names no offset, and gets whatever comes, wherever its ids begin.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.transport import AiohttpRequest, asked_wait
from bot.channels.telegram.updates import ALLOWED
from bot.store.errors import StoreError

log = logging.getLogger(__name__)

BATCH = 100
POLL_SECONDS = 30.0
# A poll that has not come back so long after its time is given up, and its connections with it.
SILENCE_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 30.0


class Polling:
    """Polls for one bot; `base_url` holds its token and goes nowhere but into requests."""

    def __init__(
        self,
        request: AiohttpRequest,
        base_url: str,
        intake: Intake,
        *,
        poll_s: float = POLL_SECONDS,
        silence_s: float = SILENCE_SECONDS,
    ) -> None:
        self._request = request
        self._base_url = base_url
        self._intake = intake
        self._poll_s = poll_s
        self._silence_s = silence_s

    async def run(self) -> None:
        """Polls until cancelled. Raises InvalidToken."""
        offset = 0
        trouble = ""
        wait_s = 1.0
        while True:
            try:
                batch = await self._poll(offset)
                await self._intake.take_batch(batch)
            except InvalidToken:
                raise
            except (TelegramError, StoreError, OSError) as error:
                said = _said(error)
                if said != trouble:
                    log.error("telegram: no updates: %s", said)
                trouble = said
                asked = asked_wait(error) if isinstance(error, RetryAfter) else 0.0
                await asyncio.sleep(asked or wait_s)
                wait_s = min(wait_s * 2, LONGEST_WAIT_SECONDS)
                continue
            if trouble:
                log.warning("telegram: updates come again")
            trouble, wait_s = "", 1.0
            offset = _next(batch)

    async def _poll(self, offset: int) -> list[Any]:
        asked = {
            "offset": offset,
            "limit": BATCH,
            "timeout": int(self._poll_s),
            "allowed_updates": json.dumps(ALLOWED),
        }
        url = f"{self._base_url}/getUpdates?{urlencode(asked)}"
        try:
            async with asyncio.timeout(self._poll_s + self._silence_s):
                found = await self._request.post(url, read_timeout=self._poll_s + self._silence_s)
        except TimeoutError:
            await self._request.restart()
            raise OSError("polling went silent, and begins anew") from None
        if not isinstance(found, list):
            raise OSError("the answer is no list of updates")
        return found


def _next(batch: list[Any]) -> int:
    """The offset that acknowledges a batch, 0 when there is nothing to acknowledge."""
    ids = [raw.get("update_id") for raw in batch if isinstance(raw, dict)]
    return max((id for id in ids if isinstance(id, int)), default=-1) + 1


def _said(error: Exception) -> str:
    if isinstance(error, Conflict):
        return "another program polls with this bot's token; stop that one, or use a second bot"
    return error.message if isinstance(error, TelegramError) else str(error)
