"""The conversation with WeChat Pay over HTTP, its notices, and orders paid through it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from msgspec import structs
from starlette.applications import Starlette

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
from bot.payments import wechatpay
from bot.payments.wechatpay import PATH, Setup, WechatPay
from bot.post.calls import Caller, Refusal
from bot.shop import orders, payments, refunds
from bot.shop.orders import State
from bot.store.errors import StoreError
from tests.payments.wechatpay_server import (
    API_KEY,
    APPID,
    KEY_ID,
    MCHID,
    SERIAL,
    TRANSACTION,
    Server,
    pem,
    public_pem,
)
from tests.talk.play import Now, Play, perform

ORDER = "260720-158176"
CHARGE = Charge(ORDER, 56_000, "CNY", "山货小铺 260720-158176", 1_784_532_600_000)
BACK = SendBack(ORDER, "p7", TRANSACTION, 8_400, 56_000, "CNY")
PAID = PaymentNotice(f"wechatpay:{TRANSACTION}", "wechatpay", ORDER, TRANSACTION, 56_000, "CNY")


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
async def server(now: Now) -> AsyncIterator[Server]:
    async with Server(now) as running:
        yield running


def service_at(server: Server, now: Now) -> WechatPay:
    """The shop's side of a server."""
    keys = pem(server.merchant), API_KEY, public_pem(server.platform), KEY_ID
    setup = Setup(MCHID, APPID, SERIAL, *keys, server.address)
    return WechatPay(setup, "https://shop.example", now)


@pytest.fixture
def service(server: Server, now: Now) -> WechatPay:
    return service_at(server, now)


async def test_a_charge_gives_a_code_and_a_repetition_the_same(
    server: Server, service: WechatPay
) -> None:
    for _ in range(2):
        (made,) = await service.ask(CHARGE)
        assert made == Charged("", "wechatpay", ORDER, f"weixin://wxpay/bizpayurl?pr={ORDER}")
    assert list(server.orders) == [ORDER]
    assert server.orders[ORDER]["amount"] == {"total": 56_000, "currency": "CNY"}


async def test_what_was_paid_is_found_without_a_notice(server: Server, service: WechatPay) -> None:
    await service.ask(CHARGE)
    assert await service.ask(LookForPayment(ORDER)) == []
    server.pay(ORDER)
    assert await service.ask(LookForPayment(ORDER)) == [PAID]


async def test_closing_closes_or_finds_that_it_is_paid(server: Server, service: WechatPay) -> None:
    await service.ask(CHARGE)
    assert await service.ask(CloseCharge(ORDER)) == [Closed("", "wechatpay", ORDER)]
    server.orders[ORDER]["trade_state"] = "NOTPAY"
    server.pay(ORDER)
    assert await service.ask(CloseCharge(ORDER)) == [PAID]
    server.fails = [(404, "ORDER_NOT_EXIST")]
    assert await service.ask(CloseCharge(ORDER)) == [Closed("", "wechatpay", ORDER)]


async def test_money_goes_back_once_however_often_it_is_asked_for(
    server: Server, service: WechatPay
) -> None:
    for _ in range(2):
        assert await service.ask(BACK) == []  # It takes its time.
    server.refunded[f"{ORDER}-p7"] = "SUCCESS"
    assert await service.ask(BACK) == [SentBack("", "wechatpay", ORDER, "p7")]
    (sent,) = server.refunds.values()
    assert sent["amount"] == {"refund": 8_400, "total": 56_000, "currency": "CNY"}
    assert sent["transaction_id"] == TRANSACTION


@pytest.mark.parametrize(
    "status, state", [("SUCCESS", "sent"), ("ABNORMAL", "stuck"), ("CLOSED", "closed")]
)
async def test_what_became_of_money_sent_back_is_told_or_found(
    server: Server, service: WechatPay, told: Told, status: str, state: str
) -> None:
    assert await service.ask(BACK) == []
    assert await service.ask(LookForRefund(ORDER, "p7")) == []
    headers, body = server.refund_notice(f"{ORDER}-p7", status)
    assert await told.post(headers, body) == 204
    became = SentBack("", "wechatpay", ORDER, "p7", state)
    assert await service.ask(LookForRefund(ORDER, "p7")) == [became]
    (taken,) = told.taken
    assert structs.replace(taken, key="") == became
    assert taken.key == f"wechatpay:50000000382019:REFUND.{status}"
    assert await told.post(*server.refund_notice(f"{ORDER}-p7", status, mchid="1")) == 204
    assert len(told.taken) == 1
    of_rest = server.refund_notice(f"{ORDER}-p7", status, out_trade_no=f"{ORDER}-2")
    assert await told.post(*of_rest) == 204
    assert told.taken[1] == taken


async def test_what_a_person_sends_back_on_the_platform_names_its_payment(
    server: Server, service: WechatPay, told: Told
) -> None:
    by_hand = "50300806962026112400001"  # a number that the platform makes up
    server.refunds[by_hand] = {
        "transaction_id": TRANSACTION,
        "amount": {"refund": 6_000, "total": 56_000},
    }
    headers, body = server.refund_notice(by_hand, "SUCCESS", out_trade_no=ORDER)
    assert await told.post(headers, body) == 204
    key = "wechatpay:50000000382019:REFUND.SUCCESS"
    sent = SentBack(key, "wechatpay", ORDER, by_hand, "sent", TRANSACTION, 6_000)
    assert told.taken == [sent]


@pytest.mark.parametrize("status, code", [(400, "PARAM_ERROR"), (403, "NO_AUTH")])
async def test_a_refusal_is_for_good(
    server: Server, service: WechatPay, status: int, code: str
) -> None:
    server.fails = [(status, code)]
    with pytest.raises(Refusal, match=code):
        await service.ask(CHARGE)


@pytest.mark.parametrize("status, code", [(500, "SYSTEM_ERROR"), (429, "FREQUENCY_LIMITED")])
async def test_what_may_be_well_later_is_no_refusal(
    server: Server, service: WechatPay, status: int, code: str
) -> None:
    server.fails = [(status, code)]
    with pytest.raises(OSError, match=code):
        await service.ask(CHARGE)


async def test_an_answer_that_is_not_theirs_is_not_believed(
    server: Server, service: WechatPay
) -> None:
    server.forges = True
    with pytest.raises(Exception, match="signature"):
        await service.ask(CHARGE)


class Told:
    """A shop's web server that was told of payments."""

    def __init__(self, service: WechatPay) -> None:
        self.taken: list[Answer] = []
        self.broken = False
        app = Starlette(routes=[service.route(self.take)])
        transport = httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url="https://shop.example")

    async def take(self, event: Answer) -> bool:
        if self.broken:
            raise StoreError("disk full")
        self.taken.append(event)
        return True

    async def post(self, headers: dict[str, str], body: bytes) -> int:
        return (await self.client.post(PATH, headers=headers, content=body)).status_code


@pytest.fixture
async def told(service: WechatPay, server: Server) -> AsyncIterator[Told]:
    await service.ask(CHARGE)
    server.pay(ORDER)
    shop = Told(service)
    yield shop
    await shop.client.aclose()


async def test_a_notice_is_proved_decrypted_and_taken(server: Server, told: Told) -> None:
    assert await told.post(*server.notice(ORDER)) == 204
    assert told.taken == [PAID]


async def test_a_notice_is_acknowledged_only_once_it_is_committed(
    server: Server, told: Told
) -> None:
    told.broken = True
    assert await told.post(*server.notice(ORDER)) == 503
    told.broken = False
    assert await told.post(*server.notice(ORDER)) == 204
    assert told.taken == [PAID]


async def test_what_is_not_proved_is_refused(server: Server, told: Told, now: Now) -> None:
    headers, body = server.notice(ORDER)
    assert await told.post(headers, body.replace(b"EV-", b"EW-")) == 401
    for name in list(headers):
        assert await told.post({**headers, name: "1"}, body) == 401
        assert await told.post({k: v for k, v in headers.items() if k != name}, body) == 401
    assert await told.post({}, b"") == 401
    assert await told.post(headers, b"x" * (wechatpay.BODY_MAX + 1)) == 413
    assert await told.post(server.signed(b"[]"), b"[]") == 401
    server.forges = True
    assert await told.post(*server.notice(ORDER)) == 401
    assert told.taken == []


@pytest.mark.parametrize("ms", [-wechatpay.AGE_MAX_MS - 1000, wechatpay.AGE_MAX_MS + 1000])
async def test_an_old_notice_is_refused(server: Server, told: Told, now: Now, ms: int) -> None:
    _, body = server.notice(ORDER)
    assert await told.post(server.signed(body, at=now() + ms), body) == 401
    assert await told.post(server.signed(body), body) == 204


@pytest.mark.parametrize(
    "changed", [{"mchid": "1900000009"}, {"appid": "wx0"}, {"trade_state": "NOTPAY"}]
)
async def test_a_notice_of_something_else_is_acknowledged_and_not_taken(
    server: Server, told: Told, changed: dict[str, str]
) -> None:
    assert await told.post(*server.notice(ORDER, **changed)) == 204
    assert told.taken == []


async def test_a_notice_that_cannot_be_read_is_not_acknowledged(server: Server, told: Told) -> None:
    assert await told.post(*server.notice(ORDER, amount=None)) == 400


TALKS = sorted((Path(__file__).parent / "wechatpay").glob("*.talk"))


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_the_order_is_paid_as_written(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    script = path.read_text(encoding="utf-8")
    stage = await Play.open(tmp_path / "shop.db", way="wechatpay")
    try:
        played = await perform(script, stage)
    finally:
        await stage.close()
    if request.config.getoption("--rewrite-talk"):
        path.write_text(played, encoding="utf-8")
    else:
        assert played == script


@pytest.mark.parametrize("looks", [True, False])
async def test_what_was_paid_without_a_notice_is_found_before_the_goods_are_given_back(
    tmp_path: Path, looks: bool
) -> None:
    """By looking now and then; or, where that brings nothing, when the code is closed."""
    stage = await Play.open(tmp_path / "shop.db", way="wechatpay")
    async with Server(stage.now) as server:
        service = service_at(server, stage.now)

        async def serve(request: Request) -> Sequence[Answer]:
            if isinstance(request, LookForPayment) and not looks:
                return []
            return await service.ask(request)

        stage.serve = serve  # type: ignore[assignment, method-assign]
        try:
            await stage.step("> buyer: 来20根中等虫草")
            await stage.step("> buyer: 扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502")
            await stage.step("> buyer [确认下单]")
            server.pay(ORDER)
            await stage.step("~ 4 minutes" if looks else "~ 31 minutes")
            order = await stage.store.read(lambda db: orders.find(db, ORDER))
            assert order and order.state is State.CONFIRMED
            receipts = await stage.store.read(lambda db: payments.receipts(db, order.id))
            assert [(each.reference, each.amount_minor) for each in receipts] == [
                (TRANSACTION, 56_000)
            ]
            await stage.step("~ 31 minutes")
            assert await stage.store.read(lambda db: payments.receipts(db, order.id)) == receipts
            assert await stage.faults() == []
        finally:
            await stage.close()


async def test_an_order_is_placed_paid_and_sent_back_over_http(tmp_path: Path) -> None:
    """All of it together: the outbox's calls, the service, its notice, and the books."""
    stage = await Play.open(tmp_path / "shop.db", way="wechatpay")
    async with Server(stage.now) as server:
        service = service_at(server, stage.now)
        stage.serve = service.ask  # type: ignore[assignment, method-assign]
        try:
            await stage.step("> seller: 你好")
            await stage.step("> buyer: 来20根中等虫草")
            await stage.step("> buyer: 扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502")
            said = await stage.step("> buyer [确认下单]")
            assert f"    | qr weixin://wxpay/bizpayurl?pr={ORDER}" in said
            server.pay(ORDER)
            await tell_twice(server, service, stage, ORDER)
            order = await stage.store.read(lambda db: orders.find(db, ORDER))
            assert order and order.state is State.CONFIRMED
            await stage.step("> buyer value cancel:" + ORDER)
            await stage.step("> seller value refunded:" + ORDER)
            payment = await stage.store.read(lambda db: payments.of_order(db, order.id))
            assert payment.state == "refund_due"
            assert list(server.refunds) == [f"{ORDER}-p1"]
            server.refunded[f"{ORDER}-p1"] = "SUCCESS"
            await stage.step("~ 61 minutes")
            payment = await stage.store.read(lambda db: payments.of_order(db, order.id))
            assert payment.state == "refunded"
            assert await stage.faults() == []
        finally:
            await stage.close()


@pytest.mark.parametrize("late", [False, True])
async def test_the_rest_is_paid_by_a_code_of_its_own_and_the_old_one_closed(
    tmp_path: Path, late: bool
) -> None:
    """Whoever had paid the old one `late`, before it was closed, gets back what is too much."""
    stage = await Play.open(tmp_path / "shop.db", way="wechatpay")
    async with Server(stage.now) as server:
        service = service_at(server, stage.now)
        stage.serve = service.ask  # type: ignore[assignment, method-assign]
        try:
            await stage.step("> buyer: 来20根中等虫草")
            await stage.step("> buyer: 扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502")
            await stage.step("> buyer [确认下单]")
            if late:
                server.pay(ORDER)
            await stage.step("> seller value paid-part:" + ORDER)
            said = await stage.step("> seller: 100")
            order = await stage.store.read(lambda db: orders.find(db, ORDER))
            rest = server.orders[f"{ORDER}-2"]
            assert order and rest["amount"]["total"] == 46_000
            if late:
                assert order.state is State.CONFIRMED
                assert any("¥100" in line for line in said)
                assert rest["trade_state"] == "CLOSED"  # Nothing is missing any more.
            else:
                assert server.orders[ORDER]["trade_state"] == "CLOSED"
                assert f"    | qr weixin://wxpay/bizpayurl?pr={ORDER}-2" in said
                await stage.step("~ 40 minutes")
                server.pay(f"{ORDER}-2")
                await tell_twice(server, service, stage, f"{ORDER}-2")
                order = await stage.store.read(lambda db: orders.find(db, ORDER))
                assert order and order.state is State.CONFIRMED
            receipts = await stage.store.read(lambda db: payments.receipts(db, order.id))
            came = 56_000 if late else 46_000
            assert [each.amount_minor for each in receipts] == [10_000, came]
            assert await stage.faults() == []
        finally:
            await stage.close()


@pytest.mark.parametrize("late", [False, True])
async def test_a_discount_closes_the_old_code_and_what_was_paid_by_it_late_goes_back_in_part(
    tmp_path: Path, late: bool
) -> None:
    """Notices come twice; who had paid the old code before it was closed gets the difference."""
    stage = await Play.open(tmp_path / "shop.db", way="wechatpay")
    async with Server(stage.now) as server:
        service = service_at(server, stage.now)
        stage.serve = service.ask  # type: ignore[assignment, method-assign]
        new = f"{ORDER}-2"
        try:
            await stage.step("> seller: 你好")
            await stage.step("> buyer: 来20根中等虫草")
            await stage.step("> buyer: 扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502")
            await stage.step("> buyer [确认下单]")
            await stage.step("> seller: 给扎西便宜60")
            if late:
                server.pay(ORDER)  # at the same moment: nobody here knows of it yet
            said = await stage.step("> seller [便宜 ¥60]")
            assert server.orders[new]["amount"]["total"] == 50_000
            assert server.orders[new if late else ORDER]["trade_state"] == "CLOSED"
            if not late:
                assert f"    | qr weixin://wxpay/bizpayurl?pr={new}" in said
                server.pay(new)
            await tell_twice(server, service, stage, ORDER if late else new)
            order = await stage.store.read(lambda db: orders.find(db, ORDER))
            assert order and order.state is State.CONFIRMED and order.total_minor == 50_000
            receipts = await stage.store.read(lambda db: payments.receipts(db, order.id))
            assert [each.amount_minor for each in receipts] == [56_000 if late else 50_000]
            due = await stage.store.read(lambda db: refunds.due(db, order))
            assert due == (6_000 if late else 0)
            assert await stage.faults() == []
        finally:
            await stage.close()


async def tell_twice(server: Server, service: WechatPay, stage: Play, number: str) -> None:
    """Tells the shop that a code was paid, as the service does when it hears no answer."""
    for _ in range(2):
        headers, body = server.notice(number)
        async with told_by(service, stage) as client:
            answer = await client.post(PATH, headers=headers, content=body)
            assert answer.status_code == 204


def told_by(service: WechatPay, stage: Play) -> httpx.AsyncClient:
    """Who tells a shop of payments."""
    app = Starlette(routes=[service.route(stage.inbox.take)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://s.e")


async def test_a_call_is_made_again_until_it_is_answered_and_its_answer_taken_once(
    tmp_path: Path,
) -> None:
    stage = await Play.open(tmp_path / "shop.db", way="wechatpay")
    made = 0

    async def away(request: object) -> list[Answer]:
        nonlocal made
        made += 1
        raise OSError("away")

    try:
        stage.serve = away  # type: ignore[method-assign]
        await stage.step("> buyer: 来20根中等虫草")
        await stage.step("> buyer: 扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502")
        said = await stage.step("> buyer [确认下单]")
        assert made == 1 and not any("qr " in line for line in said)
        caller = Caller(
            stage.store, stage.inbox.take, "wechatpay", Play.serve.__get__(stage), stage.now
        )
        assert await caller.step() == 0  # It waits.
        stage.now.ms += 3_000
        assert await caller.step() == 1
        assert any("qr weixin" in line for line in await stage.said())
        assert await caller.step() == 0
    finally:
        await stage.close()
