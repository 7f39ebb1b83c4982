"""The simulation in small: seeds that hold, one that is replayed, and worlds that are caught.

A longer run: `make simulate SEED=7 ARGS='--seeds 50 --days 3'`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest

from bot.messages import Incoming
from bot.post.inbox import Inbox
from bot.shop import stock
from bot.store.sqlite import StoreError
from tests.simulation.world import Takes, Violation, World, scratch


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """The shop logs each fault that it is made to suffer."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def live(seed: int, days: float, wrap: Callable[[Inbox], Takes] = lambda inbox: inbox) -> World:
    """A world after so many days. Raises Violation."""
    with scratch() as folder:
        world = World(seed, folder, wrap)
        asyncio.run(world.run(days))
        return world


@pytest.mark.parametrize("seed", range(1, 5))
def test_a_shop_that_is_killed_again_and_again_keeps_its_promises(seed: int) -> None:
    world = live(seed, days=0.5)
    assert world.life > 3 and world.tally["events"] > 100


def test_a_seed_gives_the_same_trace_again() -> None:
    first, second = live(7, days=0.2), live(7, days=0.2)
    assert first.digest.hexdigest() == second.digest.hexdigest()
    assert first.tally == second.tally


class Hasty:
    """An inbox that acknowledges without waiting for the commit."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def take(self, event: Incoming) -> bool:
        try:
            return await self._inbox.take(event)
        except StoreError:
            return True


class Forgetful:
    """An inbox that does not know an event when it comes again."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox, self._times = inbox, 0

    async def take(self, event: Incoming) -> bool:
        await self._inbox._store.run(lambda unit: unit.db.execute("DELETE FROM inbox"))
        return await self._inbox.take(event)


@pytest.mark.parametrize(
    ("wrap", "fault"), [(Hasty, "was acknowledged and is lost"), (Forgetful, "taken again|twice")]
)
def test_an_inbox_that_breaks_its_promise_is_caught(
    wrap: Callable[[Inbox], Takes], fault: str
) -> None:
    with pytest.raises(Violation, match=fault):
        live(1, days=3, wrap=wrap)


def test_goods_that_are_not_given_back_are_noticed() -> None:
    with (
        patch.object(stock, "release", lambda unit, order_id: None),
        pytest.raises(Violation, match="and holds goods"),
    ):
        live(1, days=3)
