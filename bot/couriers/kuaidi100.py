"""Kuaidi100, which follows the parcels of nearly all couriers in China.

After api.kuaidi100.com's documentation of the query (poll/query.do) and of the subscription with
push (poll): forms with a JSON text in `param`, signed with MD5. Its states and error codes come as
texts; times are those of China. Queries are for when a person asks, the push for the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import aiohttp
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.messages import Answer, ParcelNews, Request, Track, Watch
from bot.post.calls import Refusal
from bot.store.errors import StoreError

log = logging.getLogger(__name__)

KEY = "kuaidi100"
PATH = "/couriers/kuaidi100"
BODY_MAX = 256 * 1024  # bytes; a long way across the country has ten thousand
TIMEOUT_SECONDS = 15.0
CHINA = ZoneInfo("Asia/Shanghai")

# Our couriers by what Kuaidi100 calls them.
COMPANIES: Mapping[str, str] = {
    "sf": "shunfeng",
    "yto": "yuantong",
    "zto": "zhongtong",
    "sto": "shentong",
    "yunda": "yunda",
    "ems": "ems",
    "jd": "jd",
    "jt": "jtexpress",
    "deppon": "debangkuaidi",
}
_COURIERS = {company: courier for courier, company in COMPANIES.items()}
_WITH_PHONE = ("sf",)  # who tell only those who know the end of a phone's number

# What its states mean, and its advanced ones (which `resultv2` asks for, ten times as fine) where
# they say more than the state whose digit they begin with.
STATES: Mapping[str, str] = {
    "0": "in_transit",
    "1": "in_transit",  # taken in by the courier
    "2": "exception",
    "3": "delivered",
    "4": "returned",
    "5": "out_for_delivery",
    "6": "returning",
    "7": "in_transit",  # handed on to another courier
    "8": "in_transit",  # at the customs
    "10": "in_transit",  # before, in and after customs
    "11": "in_transit",
    "12": "in_transit",
    "13": "exception",  # held by customs
    "14": "exception",  # refused by the recipient
    "101": "registered",
    "102": "registered",  # the courier has not come for it yet
    "204": "attempt_failed",
    "206": "attempt_failed",  # nobody answers the phone
    "401": "exception",  # called off by the sender
    "501": "ready_for_pickup",  # in a locker or at a pick-up point
    "1001": "in_transit",  # in the recipient's town
    "1002": "in_transit",
    "1003": "in_transit",  # to another address
}
_FINE = 3  # digits of an advanced state that begins with its state
NO_TRACE = "500"
# Of a subscription: it is there already.
KNOWN = "501"
# Its account or the request is wrong, and stays so.
FOR_GOOD = ("400", "408", "503", "600", "601", "700", "701", "702")

Take = Callable[[Answer], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Setup:
    """An account; `api` is the root address of the server."""

    customer: str
    key: str = field(repr=False)
    api: str = "https://poll.kuaidi100.com"


class Kuaidi100:
    """The service; news are pushed to `address` (https) if there is one."""

    def __init__(self, setup: Setup, address: str) -> None:
        self._setup = setup
        # Whoever pushes must know both; they need not be kept, being made from the key.
        self._token = self._secret("path")[:32]
        self._salt = self._secret("salt")[:16]
        pushed = address.startswith("https:")
        self._callback = f"{address}{PATH}/{self._token}" if pushed else ""

    def _secret(self, purpose: str) -> str:
        return hmac.new(self._setup.key.encode(), purpose.encode(), hashlib.sha256).hexdigest()

    async def ask(self, request: Request) -> Sequence[Answer]:
        """Does what is asked for. Raises Refusal, or OSError and such when it may be well later."""
        if isinstance(request, Track):
            return await self._track(request)
        if isinstance(request, Watch):
            await self._watch(request)
            return []
        raise Refusal(f"not of a courier: {request}")

    async def _track(self, request: Track) -> Sequence[Answer]:
        param = {
            "com": self._company(request.courier),
            "num": request.number,
            "phone": _end_of_phone(request),
            "resultv2": "4",
            "show": "0",
            "order": "desc",
        }
        text = json.dumps(param, ensure_ascii=False)
        sign = _md5(text + self._setup.key + self._setup.customer)
        given = {"customer": self._setup.customer, "sign": sign, "param": text}
        answer = await self._post("/poll/query.do", given)
        if answer.get("result") is False:
            code = str(answer.get("returnCode", ""))
            if code == NO_TRACE:
                return []
            raise _error(code, answer)
        news = _news(answer, request.courier)
        return [news] if news else []

    async def _watch(self, request: Watch) -> None:
        if not self._callback:
            return
        parameters = {
            "callbackurl": self._callback,
            "salt": self._salt,
            "phone": _end_of_phone(request),
            "resultv2": "4",
        }
        param = {
            "company": self._company(request.courier),
            "number": request.number,
            "key": self._setup.key,
            "parameters": parameters,
        }
        given = {"schema": "json", "param": json.dumps(param, ensure_ascii=False)}
        answer = await self._post("/poll", given)
        code = str(answer.get("returnCode", ""))
        if answer.get("result") is not True and code != KNOWN:
            raise _error(code, answer)

    def _company(self, courier: str) -> str:
        if courier not in COMPANIES:
            raise Refusal(f"does not know {courier}")
        return COMPANIES[courier]

    async def _post(self, path: str, given: Mapping[str, str]) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self._setup.api + path, data=given) as answer,
        ):
            answer.raise_for_status()
            told: dict[str, Any] = json.loads(await answer.text())
            return told

    def route(self, take: Take) -> Route:
        """The route to which news are pushed; each is answered only once it is committed."""

        async def receive(request: HttpRequest) -> Response:
            token = request.path_params["token"]
            if not hmac.compare_digest(token.encode(), self._token.encode()):
                return Response(status_code=404)
            form = await _form(request)
            if form is None:
                return _answer(413, "too long")
            param, sign = form.get("param", ""), form.get("sign", "")
            if not hmac.compare_digest(sign.encode(), _md5(param + self._salt).encode()):
                return _answer(401, "not signed")
            try:
                result = json.loads(param).get("lastResult") or {}
                news = _news(result, _COURIERS.get(str(result.get("com"))))
            except (ValueError, TypeError, AttributeError, KeyError):
                log.exception("news that cannot be read")
                return _answer(400, "not understood")
            try:
                if news:
                    await take(news)
            except StoreError:
                return _answer(503, "later")
            return _answer(200, "成功")

        return Route(f"{PATH}/{{token}}", receive, methods=["POST"])


def _news(result: Mapping[str, Any], courier: str | None) -> ParcelNews | None:
    """What a result says, if it says where a parcel is."""
    steps = result.get("data") or []
    if not steps or courier is None:
        return None
    newest = steps[0]
    state = _state(str(result.get("state", "")), str(newest.get("statusCode", "")))
    if state is None:
        return None
    at = _utc_ms(str(newest.get("ftime") or newest["time"]))
    number = str(result["nu"]).upper()
    key = f"{KEY}:{courier}:{number}:{state}:{at}"  # Pushed and found, it is the same.
    return ParcelNews(key, courier, number, state, str(newest.get("context", "")), at)


def _state(code: str, of_newest: str) -> str | None:
    """Our name of a state, which may be advanced itself or be so only in the newest step."""
    if len(of_newest) == _FINE and of_newest[0] == code:
        code = of_newest
    return STATES.get(code) or (STATES.get(code[0]) if len(code) == _FINE else None)


def _utc_ms(time: str) -> int:
    """A time in China as UTC milliseconds. Raises ValueError."""
    there = datetime.strptime(time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    return int(there.timestamp()) * 1000


def _end_of_phone(request: Track | Watch) -> str:
    return request.phone[-4:] if request.courier in _WITH_PHONE else ""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _error(code: str, answer: Mapping[str, Any]) -> Exception:
    why = f"{code} {answer.get('message', '')}".strip()
    return Refusal(why) if code in FOR_GOOD else OSError(why)


async def _form(request: HttpRequest) -> dict[str, str] | None:
    """The fields of a form, None when it is too long."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_MAX:
            return None
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0] for name, values in fields.items()}


def _answer(status: int, message: str) -> Response:
    """What Kuaidi100 wants to hear, else it comes again."""
    told = {"result": status == 200, "returnCode": str(status), "message": message}
    return JSONResponse(told, status)
