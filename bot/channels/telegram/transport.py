"""HTTP to the Bot API: python-telegram-bot's `BaseRequest` over aiohttp.

The stock transport (httpx) costs four times the work for a message, and more with every connection.
No error that leaves here names the address of a request, since that holds the bot's token.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, cast
from urllib.request import getproxies

import aiohttp
import msgspec
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

# python-telegram-bot's switch for durations as timedelta, which it will have as the only form.
os.environ.setdefault("PTB_TIMEDELTA", "true")

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
UPLOAD_SECONDS = 60.0

JSON_HEADERS = {"content-type": "application/json"}

_decoder = msgspec.json.Decoder(dict[str, Any])
_encoder = msgspec.json.Encoder()


class NotConnected(NetworkError):
    """There was no connection, so nothing has reached Telegram."""


def asked_wait(error: RetryAfter) -> float:
    """The seconds that Telegram asks to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


class Parameters:
    """A method's parameters as they go out, as one JSON object; stands in for `RequestData`.

    That one encodes each parameter by itself and then all of them again, as a form.
    """

    contains_files = False

    def __init__(self, values: Mapping[str, object]) -> None:
        self.json = _encoder.encode(values)


class AiohttpRequest(BaseRequest):
    """At most so many requests at once; `answer_s` is how long one may take, in seconds.

    A proxy is taken from the environment (HTTPS_PROXY), where there is one.
    """

    def __init__(self, connections: int, answer_s: float = ANSWER_SECONDS) -> None:
        self._connections = connections
        self._answer_s = answer_s
        self._timeout = _timeout(answer_s)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return self._answer_s

    async def initialize(self) -> None:
        """Opens the session, unless it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=bool(getproxies()),
            )

    async def shutdown(self) -> None:
        """Closes all connections."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def restart(self) -> None:
        """New connections instead of those that went silent."""
        await self.shutdown()
        await self.initialize()

    async def call(self, url: str, values: Mapping[str, object]) -> Any:
        """A method with its parameters: the raw result. Raises TelegramError."""
        return await self.post(url, cast(RequestData, Parameters(values)))

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's JSON object. Raises TelegramError, without what it was."""
        try:
            return _decoder.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise TelegramError("the answer is no JSON object") from None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request: the status and the body. Raises NetworkError."""
        if self._session is None:
            raise NotConnected("the transport is closed")
        body, headers = _body(request_data)
        timeout = self._timeout
        if not isinstance(read_timeout, DefaultValue) and read_timeout is not None:
            timeout = _timeout(read_timeout)
        elif request_data and request_data.contains_files:
            timeout = _timeout(UPLOAD_SECONDS)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotConnected(f"no connection: {_name(error)}") from None
        except TimeoutError:
            raise TimedOut("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"the connection failed: {_name(error)}") from None


def _timeout(answer_s: float) -> aiohttp.ClientTimeout:
    """`sock_connect` bounds what comes before the first byte; waiting for a connection is free."""
    return aiohttp.ClientTimeout(total=answer_s + CONNECT_SECONDS, sock_connect=CONNECT_SECONDS)


def _body(
    data: RequestData | Parameters | None,
) -> tuple[aiohttp.FormData | bytes | None, dict[str, str] | None]:
    """The body and what kind it is. A fresh form each time: one that was sent once is used up."""
    if data is None:
        return None, None
    if isinstance(data, Parameters):
        return data.json, JSON_HEADERS
    if not data.contains_files:
        return _encoder.encode(data.parameters), JSON_HEADERS
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, media_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form, None


def _name(error: BaseException) -> str:
    """What kind of error it is; its own text may hold the address."""
    cause = getattr(error, "os_error", None) or error
    return type(cause).__name__
