"""The real process on Telegram, polled and by webhook: killed, stopped, and while it announces.

Five hundred buyers ask, order, give their address and confirm. What Telegram was told to show is
counted at the Bot API server, what took effect in the database.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random, SystemRandom

import pytest

from bot.channels import telegram
from bot.messages import Address, Content, Lane, Outgoing, Policy
from bot.post import outbox
from bot.service import ABILITIES, utc_ms
from bot.shop import people
from bot.store.sqlite import Store
from bot.store.unit import Unit
from tests.telegram.bot_api import BotApi
from tests.whole.shop_process import ShopProcess

BUYERS = 500
ROUND = (
    "虫草怎么卖",
    "要1根大号的虫草",
    "扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502",
    "确认",
)
KILLS = 10
CALLS_A_LIFE = (120, 200)
FIRST = 10_000  # the first buyer's id
# What is under way to Telegram when the process is killed may be sent again.
WINDOW = telegram.WINDOW
FOLLOWERS = 20_000
TOLD = 300  # followers told by an operator, at Telegram's pace of 25 a second
NEWS = "今年的松茸到了"
NEWS_KILLS = 4
ASK_SECONDS = 8.0
ASKS_A_SECOND = 5


@asynccontextmanager
async def served(
    folder: Path, way: str = "polling", launcher: tuple[str, ...] = ("-m", "bot")
) -> AsyncIterator[tuple[BotApi, ShopProcess]]:
    """A shop on a Bot API server; the database is made, the process not started yet."""
    async with BotApi() as api:
        settings = {"SHANHUO_TELEGRAM_TOKEN": api.token, "SHANHUO_TELEGRAM_API": api.address}
        port = free_port()
        if way == "webhook":
            settings["SHANHUO_TELEGRAM_WEBHOOK"] = f"http://127.0.0.1:{port}"
        shop = ShopProcess(folder, launcher=launcher, settings=settings, port=port)
        try:
            yield api, shop
        finally:
            if shop.started:
                shop.kill()


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def write_all(api: BotApi, buyers: int = BUYERS) -> dict[str, str]:
    """Everybody says everything, in turn; returns the texts by the events' keys."""
    keys = {}
    for text in ROUND:
        for n in range(buyers):
            update = api.text(FIRST + n, text, name=f"B{n}", language_code="zh-hans")
            keys[f"telegram:{api.token.partition(':')[0]}:{update['update_id']}"] = text
    return keys


def shown(api: BotApi) -> list[tuple[int | None, str]]:
    """What was sent to buyers, with what it said."""
    return [
        (call.chat_id, str(call.params.get("text") or call.params.get("caption")))
        for call in api.calls
        if call.ok and call.method in ("sendMessage", "sendPhoto")
    ]


def said(shop: ShopProcess) -> int:
    """How many messages the shop had for people on Telegram."""
    return shop.count("SELECT count(*) FROM outbox")


def waiting(shop: ShopProcess) -> int:
    """How many of them are not sent yet."""
    return shop.count("SELECT count(*) FROM outbox WHERE state <> 'sent'")


async def until_done(api: BotApi, shop: ShopProcess, updates: int) -> None:
    """Waits until everything was taken, answered and sent."""
    async with asyncio.timeout(90):
        while api.pending or waiting(shop) or shop.own_lines().total() < updates:
            await asyncio.sleep(0.1)


def answers(shop: ShopProcess) -> Counter[int]:
    """How many buyers had so many lines from the shop."""
    with shop.reading() as db:
        rows = db.execute(
            "SELECT count(*) AS n FROM line JOIN chat ON chat.id = chat_id"
            " WHERE direction = 'out' AND channel = 'telegram' GROUP BY chat_id"
        ).fetchall()
    return Counter(row["n"] for row in rows)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_nothing_is_lost_or_done_twice_by_kill_9(tmp_path: Path, way: str) -> None:
    random = Random(5)
    async with served(tmp_path, way) as (api, shop):
        await asyncio.to_thread(shop.start)
        keys = write_all(api)
        for _ in range(KILLS):
            enough = len(api.calls) + random.randint(*CALLS_A_LIFE)
            await api.wait_for(lambda: len(api.calls) >= enough, 60)  # noqa: B023
            await asyncio.sleep(random.uniform(0, 0.03))
            shop.kill()
            await asyncio.to_thread(shop.start)
        await until_done(api, shop, len(keys))
        assert await asyncio.to_thread(shop.stop) == 0

        assert shop.own_lines() == Counter(keys.keys())
        assert len(answers(shop)) == 1  # everybody got as many answers as everybody else
        assert shop.count('SELECT count(*) FROM "order"') == BUYERS
        messages = shown(api)
        again = len(messages) - said(shop)
        print(f"{way}: {len(messages)} sent, {again} of them twice, in {KILLS} kills")
        assert 0 <= again <= KILLS * WINDOW
        assert len(set(messages)) >= said(shop) - BUYERS  # each of them at least once
        shop.check()


async def test_a_shop_that_acknowledges_before_its_commit_loses_messages(tmp_path: Path) -> None:
    """The same on a shop made wrong on purpose: the test above would have seen it."""
    async with served(tmp_path, launcher=("-m", "tests.whole.early_shop")) as (api, shop):
        await asyncio.to_thread(shop.start)
        keys = write_all(api, 100)
        await api.wait_for(lambda: api.pending < len(keys), 60)
        shop.kill()
        await asyncio.to_thread(shop.start)
        await api.wait_for(lambda: not api.pending, 60)
        shop.stop()
        assert set(keys) - set(shop.own_lines())


async def test_sigterm_loses_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as (api, shop):
        await asyncio.to_thread(shop.start)
        keys = write_all(api, 200)
        await api.wait_for(lambda: len(api.calls) > 150, 60)
        begun = asyncio.get_running_loop().time()
        assert await asyncio.to_thread(shop.stop) == 0
        assert asyncio.get_running_loop().time() - begun < 10
        left = waiting(shop) + api.pending
        assert left  # It was stopped in the middle.
        sent = len(shown(api))
        marked = shop.count("SELECT count(*) FROM outbox WHERE state = 'sent'")
        assert sent == marked  # What was under way was finished and marked.
        await asyncio.to_thread(shop.start)
        await until_done(api, shop, len(keys))
        shop.stop()
        assert shop.own_lines() == Counter(keys.keys())
        assert len(shown(api)) == said(shop)


async def test_replies_do_not_wait_behind_an_announcement(tmp_path: Path) -> None:
    async with served(tmp_path) as (api, shop):
        with shop:
            shop.stop()
        await announce(shop, api)
        await asyncio.to_thread(shop.start)
        await api.wait_for(lambda: len(shown(api)) > 10, 30)
        times = []
        for n in range(int(ASK_SECONDS * ASKS_A_SECOND)):
            asked = asyncio.get_running_loop().time()
            api.text(FIRST + FOLLOWERS + n, "虫草怎么卖", name="B")
            times.append((FIRST + FOLLOWERS + n, asked))
            await asyncio.sleep(1 / ASKS_A_SECOND)
        await api.wait_for(lambda: {chat for chat, _ in times} <= {c for c, _ in shown(api)}, 30)
        answered = {call.chat_id: call.at for call in reversed(api.calls) if call.ok}
        waits = sorted(answered[chat] - asked for chat, asked in times)
        announced = sum(chat is not None and chat < FIRST + FOLLOWERS for chat, _ in shown(api))
        print(f"replies: median {waits[len(waits) // 2]:.3f} s, slowest {waits[-1]:.3f} s;")
        print(f"{announced} of {FOLLOWERS} announced meanwhile, {waiting(shop)} wait")
        assert waits[-1] <= 1.0
        assert announced > ASK_SECONDS * 15
        assert waiting(shop) > FOLLOWERS / 2


async def announce(shop: ShopProcess, api: BotApi) -> None:
    """Puts an announcement to all followers into the outbox."""
    api.know(*range(FIRST, FIRST + FOLLOWERS))
    news = Content("松茸到货了！", "zh-Hans")

    def tell(first: int, unit: Unit) -> None:
        for n in range(first, first + 1000):
            chat = people.open_chat(unit, Address(telegram.CHANNEL, str(FIRST + n)))
            message = Outgoing(chat.id, news, lane=Lane.ANNOUNCEMENT, policy=Policy.ONCE)
            outbox.put(unit, message, ABILITIES)

    async with await Store.open(shop.database, clock=utc_ms, ids=SystemRandom()) as store:
        for first in range(0, FOLLOWERS, 1000):
            await store.run(lambda unit, first=first: tell(first, unit))  # type: ignore[misc]


async def test_an_announcement_goes_on_after_kills_and_reaches_nobody_twice(
    tmp_path: Path,
) -> None:
    """Written and sent by an operator in the chat; killed in the middle."""
    random = Random(2)
    async with served(tmp_path) as (api, shop):
        settings = {"SHANHUO_OPERATORS": f"telegram:{FIRST - 1}"}
        shop = ShopProcess(tmp_path, settings=shop.environment() | settings)
        with shop:
            shop.stop()
        await follow(shop, api, TOLD)
        api.latency_s = 0.2
        await asyncio.to_thread(shop.start)
        for text in ("发通知", NEWS):
            api.text(FIRST - 1, text, language_code="zh-hans")
        for prefix in ("news:show", "news:send:"):
            await press(api, FIRST - 1, prefix)
        for _ in range(NEWS_KILLS):
            enough = told(api).total() + random.randint(20, 60)
            await api.wait_for(lambda: told(api).total() >= enough, 60)  # noqa: B023
            await asyncio.sleep(random.uniform(0, 0.03))
            shop.kill()
            await asyncio.to_thread(shop.start)
        async with asyncio.timeout(120):
            while not shop.count("SELECT count(*) FROM announcement WHERE state = 'done'"):
                await asyncio.sleep(0.2)
        shop.stop()
        unknown = shop.count("SELECT count(*) FROM outbox WHERE state = 'unknown'")
        print(f"{TOLD} followers, {NEWS_KILLS} kills: {len(told(api))} told, {unknown} unknown")
        assert set(told(api).values()) == {1}  # nobody twice
        assert len(told(api)) >= TOLD - unknown  # nobody skipped
        assert unknown <= NEWS_KILLS * WINDOW
        assert shop.count("SELECT count(*) FROM outbox WHERE announcement_id = 1") == TOLD
        shop.check()


def told(api: BotApi) -> Counter[int | None]:
    """How often each follower was shown the news."""
    return Counter(
        chat for chat, text in shown(api) if NEWS in text and chat is not None and chat >= FIRST
    )


async def press(api: BotApi, chat: int, prefix: str) -> None:
    """Presses the button whose value begins so, once it is there."""

    def found() -> list[tuple[int, str]]:
        return [
            (place, button["callback_data"])
            for place, message in api.messages[chat].items()
            for row in (message.reply_markup or {}).get("inline_keyboard", [])
            for button in row
            if button["callback_data"].startswith(prefix)
        ]

    await api.wait_for(lambda: bool(found()), 30)
    place, value = found()[-1]
    api.press(chat, place, value)


async def follow(shop: ShopProcess, api: BotApi, followers: int) -> None:
    """So many people have written to the shop before."""
    api.know(*range(FIRST - 1, FIRST + followers))

    def enter(unit: Unit) -> None:
        for n in range(followers):
            address = Address(telegram.CHANNEL, str(FIRST + n))
            people.open_chat(unit, address, language="zh-Hans")

    async with await Store.open(shop.database, clock=utc_ms, ids=SystemRandom()) as store:
        await store.run(enter)


async def test_the_token_is_in_no_log(tmp_path: Path) -> None:
    async with served(tmp_path, launcher=("-m", "tests.whole.loud_shop")) as (api, shop):
        api.fail("sendMessage", "server_error", times=2)
        api.fail("sendPhoto", "reset_before", times=2)
        api.fail("getUpdates", "garbage", times=1)
        await asyncio.to_thread(shop.start)
        api.text(FIRST, "虫草怎么卖")
        await api.wait_for(lambda: shown(api), 30)
        api.fail("getUpdates", "unauthorized", times=1)
        api.text(FIRST, "hello")
        async with asyncio.timeout(20):
            while shop.exit_status is None:
                await asyncio.sleep(0.1)
        log = shop.log.read_text()
        assert shop.exit_status == 2
        last = log.strip().splitlines()[-1]
        assert last.startswith("shanhuo: SHANHUO_TELEGRAM_TOKEN: Telegram does not accept")
        assert "DEBUG" in log
        secret = api.token.partition(":")[2]
        assert secret not in log
        assert secret not in repr([path.read_bytes() for path in tmp_path.glob("shop.db*")])


async def test_a_wrong_token_is_one_clear_line(tmp_path: Path) -> None:
    async with BotApi(token="1:" + "a" * 30) as api:
        settings = {
            "SHANHUO_TELEGRAM_TOKEN": "1:" + "b" * 30,
            "SHANHUO_TELEGRAM_API": api.address,
        }
        shop = ShopProcess(tmp_path, settings=settings)
        done = await asyncio.to_thread(shop.command, "run")
        assert done.returncode == 2
        lines = [line for line in done.stderr.splitlines() if line.startswith("shanhuo:")]
        assert len(lines) == 1
        assert "SHANHUO_TELEGRAM_TOKEN" in lines[0]
        assert "Traceback" not in done.stderr
