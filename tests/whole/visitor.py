"""Somebody who uses the web chat over HTTP as its page does: posts a message until it is taken."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

AGAIN_SECONDS = 0.05
GIVE_UP_SECONDS = 60.0


class NotTaken(Exception):
    """A message was refused for good, or for too long."""


@dataclass
class Visitor:
    """One chat. `new` counts by key how often a message took effect as far as we were told."""

    http: httpx.AsyncClient
    path: str = ""
    new: dict[str, int] = field(default_factory=dict)

    @property
    def public_id(self) -> str:
        return self.path.strip("/").rpartition("/")[2]

    async def open(self) -> None:
        """Opens a buyer's chat by the front door."""
        self._entered(await self.http.post("/c"))

    async def redeem(self, link: str) -> None:
        """Uses an invite."""
        self._entered(await self.http.post(link))

    def _entered(self, response: httpx.Response) -> None:
        assert response.status_code == 303, response.text
        self.path = response.headers["location"]

    async def post(self, key: str, **said: str) -> httpx.Response:
        """Posts once; ends with whatever comes of it."""
        return await self.http.post(f"{self.path}messages", json={"key": key, **said})

    async def say(self, text: str = "", *, press: str = "", key: str = "") -> str:
        """Posts under one key until it is acknowledged; returns the key."""
        key = key or str(uuid4())
        said = {"press": press} if press else {"text": text}
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while True:
                wait_s = await self._try(key, said)
                if wait_s is None:
                    return key
                await asyncio.sleep(wait_s)

    async def _try(self, key: str, said: dict[str, str]) -> float | None:
        """None when it was taken, else how long to wait."""
        try:
            answer = await self.post(key, **said)
        except httpx.TransportError:
            return AGAIN_SECONDS
        if answer.is_success:
            self.new[key] = self.new.get(key, 0) + bool(answer.json()["new"])
            return None
        if answer.status_code in (429, 503):
            return float(answer.headers.get("retry-after", AGAIN_SECONDS))
        raise NotTaken(f"{answer.status_code} {answer.text}")

    async def lines(self) -> list[dict[str, Any]]:
        """The last lines of the chat, as soon as the shop can tell."""
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while True:
                try:
                    answer = await self.http.get(f"{self.path}lines?before=999999999")
                    if answer.is_success:
                        return list(answer.json())
                except httpx.TransportError:
                    pass
                await asyncio.sleep(AGAIN_SECONDS)

    async def offered(self, prefix: str) -> str:
        """The value of the newest choice that begins so."""
        for line in reversed(await self.lines()):
            for choice in line.get("choices", ()):
                if choice["value"].startswith(prefix):
                    return str(choice["value"])
        raise AssertionError(f"no choice {prefix} in {await self.lines()}")


def visitor(address: str) -> Visitor:
    """A new one, with cookies of its own. Close its `http`."""
    return Visitor(httpx.AsyncClient(base_url=address, timeout=20))
