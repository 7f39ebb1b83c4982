"""WeChat Pay v3, paid by a QR code ("Native"), through wechatpayv3.

After pay.weixin.qq.com's documentation of API v3: an order's number is the `out_trade_no`, under
which a repetition makes no second payment; a refund's key is its `out_refund_no`. Amounts are in
fen. Notices may come often or not at all; who they are from is proved by a signature with WeChat
Pay's own key, and what they say is encrypted with ours. Notices of refunds come to the same place,
also of what a person sends back on the merchant's platform.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from wechatpayv3 import WeChatPay, WeChatPayType

from bot.messages import (
    Answer,
    Charge,
    Charged,
    CloseCharge,
    Closed,
    LookForPayment,
    LookForRefund,
    PaymentNotice,
    Request,
    SendBack,
    SentBack,
)
from bot.post.calls import Refusal
from bot.store.errors import StoreError

log = logging.getLogger(__name__)

KEY = "wechatpay"
PATH = "/payments/wechatpay"
BODY_MAX = 64 * 1024  # bytes; a notice has about two thousand
AGE_MAX_MS = 5 * 60_000  # of a notice, before or after our own time
TIMEOUT_SECONDS = (5, 15)  # to connect, to answer
ABOUT_MAX = 127  # characters
GONE = ("ORDER_CLOSED", "ORDERCLOSED", "ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS")
# What is no fault of the request and may be well in a moment.
PASSING = ("SYSTEM_ERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "BANK_ERROR")

# What becomes of a refund; one in PROCESSING may take days.
BACK = {"SUCCESS": "sent", "ABNORMAL": "stuck", "CLOSED": "closed"}

Take = Callable[[Answer], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Setup:
    """A merchant's account: ids and keys as its platform shows them, keys as PEM.

    `public_key` is WeChat Pay's own, by which its answers are proved.
    """

    mchid: str
    appid: str
    serial: str
    private_key: str = field(repr=False)
    api_key: str = field(repr=False)
    public_key: str
    public_key_id: str
    api: str = "https://api.mch.weixin.qq.com"


class WechatPay:
    """The service for one merchant; notices come to `address` (https) + PATH."""

    def __init__(self, setup: Setup, address: str, clock: Callable[[], int]) -> None:
        self._setup = setup
        self._clock = clock
        self._pay = WeChatPay(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=setup.mchid,
            private_key=setup.private_key,
            cert_serial_no=setup.serial,
            appid=setup.appid,
            apiv3_key=setup.api_key,
            notify_url=address + PATH,
            public_key=setup.public_key,
            public_key_id=setup.public_key_id,
            timeout=TIMEOUT_SECONDS,
        )
        self._pay._core._gate_way = setup.api  # It knows no other way to be told.

    async def ask(self, request: Request) -> Sequence[Answer]:
        """Does what is asked for. Raises Refusal, or OSError and such when it may be well later."""
        # The library waits for the network.
        return await asyncio.to_thread(self._ask, request)

    def _ask(self, request: Request) -> Sequence[Answer]:
        if isinstance(request, Charge):
            return [self._charge(request)]
        if isinstance(request, LookForPayment):
            found = self._look(request.order)
            return [found] if found else []
        if isinstance(request, CloseCharge):
            return [self._close(request.order)]
        if isinstance(request, SendBack):
            return self._send_back(request)
        if isinstance(request, LookForRefund):
            number = f"{request.order}-{request.refund}"
            return self._went_back(self._answer(self._pay.query_refund(number)), number)
        raise Refusal(f"not of a payment: {request}")

    def _charge(self, request: Charge) -> Answer:
        until = datetime.fromtimestamp(request.until // 1000, UTC)
        answer = self._answer(
            self._pay.pay(
                description=request.about[:ABOUT_MAX],
                out_trade_no=request.order,
                amount={"total": request.amount_minor, "currency": request.currency},
                time_expire=until.isoformat(),
            )
        )
        return Charged("", KEY, request.order, str(answer["code_url"]))

    def _look(self, order: str) -> PaymentNotice | None:
        return self._paid(self._answer(self._pay.query(out_trade_no=order)))

    def _close(self, order: str) -> Answer:
        try:
            self._answer(self._pay.close(out_trade_no=order))
        except _Told as told:
            if told.code == "ORDERPAID":
                found = self._look(order)
                if found:
                    return found
            if told.code not in GONE:
                raise
        return Closed("", KEY, order)

    def _send_back(self, request: SendBack) -> Sequence[Answer]:
        amount = {
            "refund": request.amount_minor,
            "total": request.paid_minor,
            "currency": request.currency,
        }
        number = f"{request.order}-{request.refund}"
        answer = self._answer(
            self._pay.refund(out_refund_no=number, amount=amount, transaction_id=request.reference)
        )
        return self._went_back(answer, number)

    def _went_back(self, refund: Mapping[str, Any], number: str, key: str = "") -> list[Answer]:
        """What became of a refund, once that is known; `number` is its `out_refund_no`."""
        # An answer has `status`, a notice `refund_status`.
        state = BACK.get(str(refund.get("refund_status", refund.get("status"))))
        order, _, id = number.rpartition("-")
        named = str(refund.get("out_trade_no", order))
        if not state:
            return []
        if f"{named}-".startswith(f"{order}-"):  # Of a rest it is called so, too.
            return [SentBack(key, KEY, order, id, state)]
        # Sent back on the merchant's platform, under a number of theirs.
        of, minor = str(refund["transaction_id"]), int(refund["amount"]["refund"])
        return [SentBack(key, KEY, named, number, state, of, minor)]

    def _answer(self, told: tuple[int, str | bytes]) -> dict[str, Any]:
        """What it answered, its signature proved by the library. Raises _Told or OSError."""
        status, body = told
        answer: dict[str, Any] = json.loads(body) if body else {}
        if 200 <= status < 300:
            return answer
        code = str(answer.get("code", status))
        if status >= 500 or code in PASSING:
            raise OSError(f"{status} {code}")
        raise _Told(code, str(answer.get("message", "")))

    def _paid(self, transaction: Mapping[str, Any]) -> PaymentNotice | None:
        """What a transaction says, when it is ours and paid."""
        ours = transaction.get("mchid") == self._setup.mchid
        if not ours or transaction.get("appid") != self._setup.appid:
            log.warning("a transaction of another merchant: %s", transaction.get("transaction_id"))
            return None
        if transaction.get("trade_state") != "SUCCESS":
            return None
        reference = str(transaction["transaction_id"])
        amount = transaction["amount"]
        return PaymentNotice(
            f"{KEY}:{reference}",  # Told and found, it is the same.
            KEY,
            str(transaction["out_trade_no"]),
            reference,
            int(amount["total"]),
            str(amount["currency"]),
        )

    def _told(self, notice: Mapping[str, Any]) -> Sequence[Answer]:
        """What a notice says. Raises KeyError, TypeError or ValueError."""
        kind, resource = str(notice.get("event_type")), notice["resource"]
        if kind.startswith("REFUND."):
            if resource.get("mchid") != self._setup.mchid:
                log.warning("a refund of another merchant: %s", resource.get("refund_id"))
                return []
            key = f"{KEY}:{resource['refund_id']}:{kind}"
            return self._went_back(resource, str(resource["out_refund_no"]), key)
        paid = self._paid(resource)
        return [paid] if kind == "TRANSACTION.SUCCESS" and paid else []

    def route(self, take: Take) -> Route:
        """The route to which notices come; each is answered only once it is committed."""

        async def receive(request: HttpRequest) -> Response:
            body = await _body(request)
            if body is None:
                return _refused(413, "too long")
            notice = self._proved(request.headers, body)
            if notice is None:
                return _refused(401, "not proved")
            try:
                for event in self._told(notice):
                    await take(event)
            except (KeyError, TypeError, ValueError):
                log.exception("a notice that cannot be read")
                return _refused(400, "not understood")
            except StoreError:
                return _refused(503, "later")
            return Response(status_code=204)

        return Route(PATH, receive, methods=["POST"])

    def _proved(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any] | None:
        """A notice that is WeChat Pay's own and fresh, decrypted."""
        serial = headers.get("wechatpay-serial", "")
        # The library would ask the network about any other.
        if not hmac.compare_digest(serial.encode(), self._setup.public_key_id.encode()):
            return None
        at = headers.get("wechatpay-timestamp", "")
        if not re.fullmatch(r"\d{1,12}", at, re.ASCII):
            return None
        if abs(int(at) * 1000 - self._clock()) > AGE_MAX_MS:
            return None
        try:
            notice: dict[str, Any] | None = self._pay.callback(headers, body)
        except Exception as error:
            log.warning("a notice that is not proved: %r", error)
            return None
        return notice or None


class _Told(Refusal):
    """It refused, with its code for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code


async def _body(request: HttpRequest) -> bytes | None:
    """The body, None when it is too long."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_MAX:
            return None
    return body


def _refused(status: int, why: str) -> Response:
    return JSONResponse({"code": "FAIL", "message": why}, status)
