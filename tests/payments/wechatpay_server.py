"""A server that speaks WeChat Pay's API v3, in the formats of its documentation.

Requests must be signed by the merchant's key, answers and notices are signed by the platform's.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MCHID, APPID, SERIAL = "1900000001", "wxd678efh567hg6787", "5157F09EFDC096DE15EBE81A47057A72"
KEY_ID, API_KEY = "PUB_KEY_ID_0119000000012024", "0123456789abcdef0123456789abcdef"
TRANSACTION = "4200000001202611240000000001"


def pem(key: rsa.RSAPrivateKey) -> str:
    """A private key as the merchant platform gives it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    """Its public key."""
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@dataclass
class Server:
    """What it was asked, and what it holds of each order."""

    clock: Callable[[], int]
    merchant: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(65537, 2048)
    )
    platform: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(65537, 2048)
    )
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunded: dict[str, str] = field(default_factory=dict)  # what became of them
    asked: list[str] = field(default_factory=list)
    fails: list[tuple[int, str]] = field(default_factory=list)  # what the next are answered with
    forges: bool = False  # signs with a key that is not the platform's
    address: str = ""

    async def __aenter__(self) -> Server:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def pay(self, order: str) -> None:
        """Somebody scans the code and pays."""
        self.orders[order]["trade_state"] = "SUCCESS"
        self.orders[order]["transaction_id"] = TRANSACTION

    def notice(self, order: str, **changed: Any) -> tuple[dict[str, str], bytes]:
        """The headers and the body of a notice that an order is paid."""
        return self._sealed("TRANSACTION.SUCCESS", {**self._transaction(order), **changed})

    def refund_notice(
        self, number: str, state: str, **changed: Any
    ) -> tuple[dict[str, str], bytes]:
        """The headers and the body of a notice of what became of a refund."""
        self.refunded[number] = state
        told = self._refund(number)
        told |= {"mchid": MCHID, "out_trade_no": number.rpartition("-")[0]}
        told |= {"refund_status": told.pop("status")}
        return self._sealed(f"REFUND.{state}", {**told, **changed})

    def _sealed(self, kind: str, told: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        resource = json.dumps(told).encode()
        nonce, extra = b"fdasflkja484", kind.partition(".")[0].lower().encode()
        sealed = AESGCM(API_KEY.encode()).encrypt(nonce, resource, extra)
        body = json.dumps(
            {
                "id": "EV-2018022511223320873",
                "create_time": "2026-11-24T10:34:56+08:00",
                "resource_type": "encrypt-resource",
                "event_type": kind,
                "summary": "…",
                "resource": {
                    "original_type": extra.decode(),
                    "algorithm": "AEAD_AES_256_GCM",
                    "ciphertext": base64.b64encode(sealed).decode(),
                    "associated_data": extra.decode(),
                    "nonce": nonce.decode(),
                },
            },
            ensure_ascii=False,
        ).encode()
        return self.signed(body), body

    def signed(self, body: bytes, *, at: int | None = None) -> dict[str, str]:
        """The headers that prove a body."""
        stamp, nonce = (
            str((self.clock() if at is None else at) // 1000),
            "c5ac7061fccab6bf3e254dcf9",
        )
        key = self.merchant if self.forges else self.platform
        text = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        signature = key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        return {
            "Wechatpay-Serial": KEY_ID,
            "Wechatpay-Signature": base64.b64encode(signature).decode(),
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
        }

    async def _serve(self, request: web.Request) -> web.Response:
        body = await request.read()
        self._check(request, body)
        self.asked.append(f"{request.method} {request.path}")
        if self.fails:
            status, code = self.fails.pop(0)
            return self._answer({"code": code, "message": "…"}, status)
        given = json.loads(body) if body else {}
        parts = request.path.strip("/").split("/")
        if request.path == "/v3/pay/transactions/native":
            return self._native(given)
        if request.path == "/v3/refund/domestic/refunds":
            known = self.refunds.setdefault(given["out_refund_no"], given)
            assert known == given
            return self._answer(self._refund(given["out_refund_no"]))
        if request.path.startswith("/v3/refund/domestic/refunds/"):
            return self._answer(self._refund(parts[4]))
        order = parts[4]
        if parts[-1] == "close":
            return self._close(order)
        if order not in self.orders:
            return self._answer({"code": "ORDER_NOT_EXIST", "message": "订单不存在"}, 404)
        return self._answer(self._transaction(order))

    def _native(self, given: dict[str, Any]) -> web.Response:
        assert given["notify_url"] == "https://shop.example/payments/wechatpay"
        assert given["time_expire"].endswith("+00:00")
        self.orders.setdefault(given["out_trade_no"], {**given, "trade_state": "NOTPAY"})
        return self._answer({"code_url": f"weixin://wxpay/bizpayurl?pr={given['out_trade_no']}"})

    def _close(self, order: str) -> web.Response:
        if self.orders[order]["trade_state"] == "SUCCESS":
            return self._answer({"code": "ORDERPAID", "message": "订单已支付"}, 400)
        self.orders[order]["trade_state"] = "CLOSED"
        return web.Response(status=204, headers=self.signed(b""))

    def _transaction(self, order: str) -> dict[str, Any]:
        given = self.orders[order]
        paid = {"transaction_id": given["transaction_id"]} if "transaction_id" in given else {}
        return {
            "appid": APPID,
            "mchid": MCHID,
            "out_trade_no": order,
            "trade_state": given["trade_state"],
            "amount": {**given["amount"], "payer_total": given["amount"]["total"]},
            **paid,
        }

    def _refund(self, number: str) -> dict[str, Any]:
        given = self.refunds[number]
        return {
            "refund_id": "50000000382019",
            "out_refund_no": number,
            "transaction_id": given["transaction_id"],
            "amount": given["amount"],
            "status": self.refunded.get(number, "PROCESSING"),
        }

    def _answer(self, told: dict[str, Any], status: int = 200) -> web.Response:
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = self.signed(body)
        return web.Response(
            body=body, status=status, headers=headers, content_type="application/json"
        )

    def _check(self, request: web.Request, body: bytes) -> None:
        """The merchant's signature, as the documentation of API v3 has it."""
        kind, _, rest = request.headers["Authorization"].partition(" ")
        assert kind == "WECHATPAY2-SHA256-RSA2048"
        given = dict(part.split("=", 1) for part in rest.split(","))
        values = {name: value.strip('"') for name, value in given.items()}
        assert (values["mchid"], values["serial_no"]) == (MCHID, SERIAL)
        text = "\n".join(
            (
                request.method,
                request.path_qs,
                values["timestamp"],
                values["nonce_str"],
                body.decode(),
            )
        )
        self.merchant.public_key().verify(
            base64.b64decode(values["signature"]),
            f"{text}\n".encode(),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
