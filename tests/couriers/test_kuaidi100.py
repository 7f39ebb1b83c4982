"""The conversation with Kuaidi100 over HTTP, what it pushes, and what people are told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.couriers import kuaidi100
from bot.couriers.kuaidi100 import PATH, Kuaidi100, Setup
from bot.messages import Answer, ParcelNews, Track, Watch
from bot.post.calls import Refusal
from bot.shop.parcel_states import TOLD
from bot.shop.parcels import COURIERS
from bot.store.errors import StoreError
from tests.couriers.kuaidi100_server import CUSTOMER, KEY, Server, md5, result
from tests.talk.play import Play, perform

NUMBER = "SF1234567890123"
TRACK = Track("sf", NUMBER, "13800138000")
OUT = ParcelNews(
    f"kuaidi100:sf:{NUMBER}:out_for_delivery:1795479150000",
    "sf",
    NUMBER,
    "out_for_delivery",
    "【成都市】快件正在派送中，派送员：张师傅，电话：138****8000",
    1795479150000,  # 2026-11-24 08:12:30 in China
)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with Server() as running:
        running.known[NUMBER] = result("shunfeng", NUMBER, "5", "out")
        yield running


@pytest.fixture
def service(server: Server) -> Kuaidi100:
    return Kuaidi100(Setup(CUSTOMER, KEY, server.address), "https://shop.example")


async def test_a_query_is_signed_and_its_newest_step_is_read(
    server: Server, service: Kuaidi100
) -> None:
    assert await service.ask(TRACK) == [OUT]
    (asked,) = server.queries
    assert (asked["com"], asked["num"], asked["phone"]) == ("shunfeng", NUMBER, "8000")


async def test_only_who_asks_for_it_is_told_the_phone(server: Server, service: Kuaidi100) -> None:
    await service.ask(Track("yto", "YT1234567890123", "13800138000"))
    assert server.queries[0]["phone"] == ""


async def test_a_parcel_without_a_trace_is_no_error(server: Server, service: Kuaidi100) -> None:
    assert await service.ask(Track("zto", "73123456789012", "")) == []


@pytest.mark.parametrize("code", ["400", "408", "503", "601"])
async def test_a_wrong_account_or_question_is_refused(
    server: Server, service: Kuaidi100, code: str
) -> None:
    server.instead = [{"result": False, "returnCode": code, "message": "…"}]
    with pytest.raises(Refusal, match=code):
        await service.ask(TRACK)


async def test_a_wrong_key_is_refused(server: Server) -> None:
    with pytest.raises(Refusal, match="503"):
        await Kuaidi100(Setup(CUSTOMER, "another", server.address), "").ask(TRACK)


async def test_what_may_be_well_later_is_no_refusal(server: Server, service: Kuaidi100) -> None:
    server.instead = [{"result": False, "returnCode": "501", "message": "服务器错误"}]
    with pytest.raises(OSError, match="501"):
        await service.ask(TRACK)
    server.status = 502
    with pytest.raises(Exception, match="502"):
        await service.ask(TRACK)


async def test_a_subscription_says_where_to_push_and_with_what_salt(
    server: Server, service: Kuaidi100
) -> None:
    assert await service.ask(Watch("sf", NUMBER, "13800138000")) == []
    (watched,) = server.watched
    assert (watched["company"], watched["number"], watched["key"]) == ("shunfeng", NUMBER, KEY)
    assert watched["parameters"]["callbackurl"].startswith(f"https://shop.example{PATH}/")
    assert len(watched["parameters"]["salt"]) == 16
    server.instead = [{"result": False, "returnCode": "501", "message": "重复订阅"}]
    await service.ask(Watch("sf", NUMBER, ""))
    server.instead = [{"result": False, "returnCode": "702", "message": "订阅失败"}]
    with pytest.raises(Refusal):
        await service.ask(Watch("sf", NUMBER, ""))


async def test_without_an_address_of_its_own_the_shop_does_not_subscribe(server: Server) -> None:
    local = Kuaidi100(Setup(CUSTOMER, KEY, server.address), "http://127.0.0.1:8080")
    await local.ask(Watch("sf", NUMBER, ""))
    assert server.watched == []


def test_each_company_is_a_courier_of_ours() -> None:
    assert set(kuaidi100.COMPANIES) <= set(COURIERS)


class Pushed:
    """A shop's web server to which Kuaidi100 pushes."""

    def __init__(self, service: Kuaidi100, watched: dict[str, Any]) -> None:
        self.taken: list[Answer] = []
        self.broken = False
        self.path = watched["parameters"]["callbackurl"].removeprefix("https://shop.example")
        self.salt = watched["parameters"]["salt"]
        transport = httpx.ASGITransport(Starlette(routes=[service.route(self.take)]))
        self.client = httpx.AsyncClient(transport=transport, base_url="https://shop.example")

    async def take(self, event: Answer) -> bool:
        if self.broken:
            raise StoreError("disk full")
        self.taken.append(event)
        return True

    async def push(self, param: str, *, sign: str | None = None, path: str = "") -> httpx.Response:
        signed = md5(param + self.salt) if sign is None else sign
        return await self.client.post(path or self.path, data={"param": param, "sign": signed})


@pytest.fixture
async def pushed(server: Server, service: Kuaidi100) -> AsyncIterator[Pushed]:
    await service.ask(Watch("sf", NUMBER, ""))
    shop = Pushed(service, server.watched.pop())
    yield shop
    await shop.client.aclose()


def body(state: str = "5", steps: str = "out", company: str = "shunfeng") -> str:
    told = {
        "status": "polling",
        "message": "",
        "lastResult": result(company, NUMBER, state, steps),
    }
    return json.dumps(told, ensure_ascii=False)


async def test_what_is_pushed_is_what_a_query_finds(pushed: Pushed) -> None:
    answer = await pushed.push(body())
    assert answer.json() == {"result": True, "returnCode": "200", "message": "成功"}
    assert pushed.taken == [OUT]


async def test_a_push_is_acknowledged_only_once_it_is_committed(pushed: Pushed) -> None:
    pushed.broken = True
    assert (await pushed.push(body())).status_code == 503
    pushed.broken = False
    assert (await pushed.push(body())).json()["result"] is True


async def test_what_is_not_signed_or_knows_no_token_is_refused(pushed: Pushed) -> None:
    assert (await pushed.push(body(), sign="")).status_code == 401
    assert (await pushed.push(body(), sign=md5(body()))).status_code == 401
    assert (await pushed.push(body(), path=f"{PATH}/{'0' * 32}")).status_code == 404
    assert (await pushed.push("x" * kuaidi100.BODY_MAX)).status_code == 413
    assert (await pushed.client.post(pushed.path)).status_code == 401
    assert pushed.taken == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"lastResult": {"data": [{}], "state": "5"}}'])
async def test_what_cannot_be_read_breaks_nothing(pushed: Pushed, text: str) -> None:
    assert (await pushed.push(text)).status_code in (200, 400)
    assert pushed.taken == []


async def test_a_courier_or_state_that_is_not_ours_is_acknowledged(pushed: Pushed) -> None:
    assert (await pushed.push(body(company="fedex"))).status_code == 200
    assert (await pushed.push(body(state="99"))).status_code == 200
    assert pushed.taken == []


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("101", "registered"),
        ("103", "in_transit"),
        ("1001", "in_transit"),
        ("204", "attempt_failed"),
        ("206", "attempt_failed"),
        ("205", "exception"),
        ("209", "exception"),
        ("303", "delivered"),
        ("304", "delivered"),
        ("401", "exception"),
        ("501", "ready_for_pickup"),
        ("5", "out_for_delivery"),
        ("8", "in_transit"),
    ],
)
async def test_an_advanced_state_is_taken_for_what_it_says(
    pushed: Pushed, code: str, state: str
) -> None:
    assert (await pushed.push(body(code))).json()["result"] is True
    (news,) = pushed.taken
    assert isinstance(news, ParcelNews)
    assert news.state == state


@pytest.mark.parametrize("code", ["5", "501"])
async def test_what_waits_to_be_fetched_is_so_also_by_its_newest_step(
    pushed: Pushed, code: str
) -> None:
    await pushed.push(body(code, "waiting"))
    (news,) = pushed.taken
    assert isinstance(news, ParcelNews)
    assert news.state == "ready_for_pickup"
    assert "取件码 81246075" in news.said


async def test_an_older_kind_of_step_does_not_undo_that_it_is_signed(pushed: Pushed) -> None:
    await pushed.push(body("3", "waiting"))
    assert [news.state for news in pushed.taken if isinstance(news, ParcelNews)] == ["delivered"]


def test_each_state_that_a_buyer_is_told_of_can_come() -> None:
    assert set(TOLD) <= set(kuaidi100.STATES.values())


TALKS = sorted((Path(__file__).parent / "talks").glob("*.talk"))


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_the_parcel_is_followed_as_written(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    script = path.read_text(encoding="utf-8")
    trackers = dict.fromkeys(kuaidi100.COMPANIES, kuaidi100.KEY)
    stage = await Play.open(tmp_path / "shop.db", trackers=trackers)
    try:
        played = await perform(script, stage)
    finally:
        await stage.close()
    if request.config.getoption("--rewrite-talk"):
        path.write_text(played, encoding="utf-8")
    else:
        assert played == script


async def test_who_is_asked_and_how_often(tmp_path: Path) -> None:
    """Followed from the start; asked when the buyer does, and less and less by itself."""
    trackers = dict.fromkeys(kuaidi100.COMPANIES, kuaidi100.KEY)
    stage = await Play.open(tmp_path / "shop.db", trackers=trackers)
    try:
        for line in (TALKS[-1].read_text("utf-8")).splitlines():
            if line.startswith("> ") and "SF1234567890123" not in line:
                await stage.step(line)
            elif line.startswith("> "):
                await stage.step(line)
                break
        assert stage.asked == [Watch("sf", NUMBER, "13800138000")]
        stage.asked.clear()
        for _ in range(2):
            await stage.step("> buyer: 我的包裹到哪了")
        assert stage.asked == [TRACK]  # once in a quarter of an hour
        stage.asked.clear()
        await stage.step("~ 3 days")
        looked = len(stage.asked)
        assert 3 <= looked <= 5
        await stage.step("~ 90 days")
        assert len(stage.asked) < 70  # given up after two months
        count = len(stage.asked)
        await stage.step("~ 30 days")
        assert len(stage.asked) == count
    finally:
        await stage.close()
