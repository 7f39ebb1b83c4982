"""`kill -9` of the real process while messages come: each of them takes effect exactly once.

Twenty buyers ask, order and confirm over HTTP, each message under a key of its own, posted until
it is acknowledged. The process is killed at random moments and started again on its database.
What must be there afterwards is counted in the database, and held against what a buyer got whom
nobody disturbed. That the test can fail is shown on a shop that acknowledges before its commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tests.whole.shop_process import ShopProcess
from tests.whole.visitor import Visitor, visitor

BUYERS = 20
MESSAGES = 2_000
KILLS = 10
REPEATED = 0.05  # of the messages are posted once more after they were acknowledged
# Each life of the process grants a buyer ten messages at once; so this is about one life's worth.
ACKS_A_LIFE = (150, 200)
LATER_SECONDS = 0.03
ASK, ORDER, ADDRESS, CONFIRM = "ask", "order", "address", "confirm"
ROUND = (ASK, ORDER, ADDRESS, CONFIRM)
TEXTS = {
    ASK: "虫草怎么卖",
    ORDER: "要1根大号的虫草",
    ADDRESS: "扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502",
}


@dataclass
class Crowd:
    """What the buyers sent: by chat, the keys with their step, in order."""

    sent: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    drafts: list[str] = field(default_factory=list)
    acknowledged: int = 0
    ack: asyncio.Event = field(default_factory=asyncio.Event)

    async def buy(self, buyer: Visitor, steps: Sequence[str], random: Random) -> None:
        """One buyer says a list of things, one after another."""
        sent = self.sent.setdefault(buyer.public_id, [])
        for step in steps:
            key = await self._say(buyer, step)
            sent.append((key, step))
            self.acknowledged += 1
            self.ack.set()
            if step != CONFIRM and random.random() < REPEATED:
                await buyer.say(TEXTS[step], key=key)

    async def _say(self, buyer: Visitor, step: str) -> str:
        if step != CONFIRM:
            return await buyer.say(TEXTS[step])
        value = await buyer.offered("ok:")
        self.drafts.append(value.split(":")[1])
        return await buyer.say(press=value)

    async def until(self, count: int) -> None:
        """Waits until so many messages were acknowledged."""
        while self.acknowledged < count:
            self.ack.clear()
            await self.ack.wait()


@asynccontextmanager
async def visitors(shop: ShopProcess, count: int) -> AsyncIterator[list[Visitor]]:
    """Buyers with open chats."""
    found = [visitor(shop.address) for _ in range(count)]
    try:
        for buyer in found:
            await buyer.open()
        yield found
    finally:
        for buyer in found:
            await buyer.http.aclose()


async def play(
    shop: ShopProcess,
    buyers: list[Visitor],
    plan: Sequence[str],
    kills: int,
    random: Random,
    *,
    acks: tuple[int, int] = ACKS_A_LIFE,
    later_s: float = LATER_SECONDS,
) -> Crowd:
    """All buyers go through the plan at the same time, and the process is killed meanwhile.

    Each kill comes a random number of acknowledgements after the last start, and up to `later_s`
    after one of them.
    """
    crowd = Crowd()
    async with asyncio.TaskGroup() as group:
        for buyer in buyers:
            group.create_task(crowd.buy(buyer, plan, Random(random.random())))
        for _ in range(kills):
            await crowd.until(crowd.acknowledged + random.randint(*acks))
            if later_s:
                await asyncio.sleep(random.uniform(0, later_s))
            shop.kill()
            await asyncio.to_thread(shop.start)
    return crowd


def replies(shop: ShopProcess, public_id: str) -> dict[str, int]:
    """By key, how many lines answered a message: those up to the chat's next message."""
    with shop.reading() as db:
        rows = db.execute(
            "SELECT direction, key FROM line JOIN chat ON chat.id = line.chat_id"
            " WHERE chat.address = ? ORDER BY seq",
            (public_id,),
        ).fetchall()
    counts: dict[str, int] = {}
    key = ""
    for row in rows:
        if row["direction"] == "in":
            key = row["key"]
            counts[key] = 0
        else:
            counts[key] += 1
    return counts


def by_round(shop: ShopProcess, public_id: str, sent: list[tuple[str, str]]) -> list[int]:
    """How many lines answered each of a buyer's messages, in the order they were sent."""
    counts = replies(shop, public_id)
    return [counts[f"web:{public_id}:{key}"] for key, _ in sent]


@pytest.mark.parametrize("seed", [1])
async def test_nothing_is_lost_or_done_twice_by_kill_9(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    plan = ROUND * (MESSAGES // BUYERS // len(ROUND))
    with ShopProcess(tmp_path) as shop:
        async with visitors(shop, BUYERS) as buyers:
            seller = visitor(shop.address)
            await seller.redeem(shop.links["seller"])
            async with asyncio.timeout(120):
                crowd = await play(shop, buyers, plan, KILLS, random)
                calm = await undisturbed(shop, seller.http.base_url)
            await seller.http.aclose()
        assert shop.stop() == 0
        _assert_messages_once(shop, crowd, buyers)
        _assert_replies_once(shop, crowd, calm)
        _assert_orders_once(shop, crowd, calm, seller)
        shop.check()


@dataclass
class Calm:
    """A buyer who was not disturbed: how many lines answered each message of two rounds."""

    public_id: str
    keys: int
    first: list[int]
    later: list[int]


async def undisturbed(shop: ShopProcess, address: object) -> Calm:
    """Plays two rounds in peace."""
    crowd = Crowd()
    buyer = visitor(str(address))
    await buyer.open()
    await crowd.buy(buyer, ROUND * 2, Random(0))
    await buyer.http.aclose()
    counts = by_round(shop, buyer.public_id, crowd.sent[buyer.public_id])
    return Calm(buyer.public_id, 2 * len(ROUND), counts[: len(ROUND)], counts[len(ROUND) :])


def _assert_messages_once(shop: ShopProcess, crowd: Crowd, buyers: list[Visitor]) -> None:
    keys = [f"web:{chat}:{key}" for chat, sent in crowd.sent.items() for key, _ in sent]
    assert len(keys) == len(set(keys)) == MESSAGES
    found = shop.own_lines()
    assert {key: found[key] for key in keys if found[key] != 1} == {}
    assert [count for buyer in buyers for count in buyer.new.values() if count > 1] == []


def _assert_replies_once(shop: ShopProcess, crowd: Crowd, calm: Calm) -> None:
    rounds = MESSAGES // BUYERS // len(ROUND)
    expected = calm.first + calm.later * (rounds - 1)
    assert min(expected) >= 1
    for public_id, sent in crowd.sent.items():
        assert by_round(shop, public_id, sent) == expected


def _assert_orders_once(shop: ShopProcess, crowd: Crowd, calm: Calm, seller: Visitor) -> None:
    rounds = MESSAGES // BUYERS // len(ROUND)
    with shop.reading() as db:
        orders = db.execute(
            'SELECT "order".key FROM "order" JOIN chat ON chat.id = "order".chat_id'
            " WHERE chat.address <> ?",
            (calm.public_id,),
        ).fetchall()
        told = db.execute(
            "SELECT count(*) FROM line JOIN chat ON chat.id = chat_id WHERE address = ?",
            (seller.public_id,),
        ).fetchone()[0]
    assert len(crowd.drafts) == len(set(crowd.drafts)) == BUYERS * rounds
    assert sorted(row["key"] for row in orders) == sorted(crowd.drafts)
    assert told == BUYERS * rounds + 2  # one notice an order, with the two of the calm buyer


async def test_a_shop_that_acknowledges_before_its_commit_loses_messages(tmp_path: Path) -> None:
    """The same kills, on a shop made wrong on purpose: the test above would have seen it."""
    random = Random(7)
    launcher = ("-m", "tests.whole.early_shop")
    with ShopProcess(tmp_path, launcher=launcher) as shop:
        async with visitors(shop, BUYERS) as buyers, asyncio.timeout(60):
            plan = [ASK] * 25
            crowd = await play(shop, buyers, plan, 3, random, acks=(80, 150), later_s=0)
        shop.stop()
        found = shop.own_lines()
        keys = [f"web:{chat}:{key}" for chat, sent in crowd.sent.items() for key, _ in sent]
        lost = [key for key in keys if not found[key]]
        assert len(keys) == BUYERS * 25
        assert lost, "acknowledged before the commit, and yet nothing was lost"
