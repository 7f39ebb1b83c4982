"""Announcements on Telegram: who gets them, and what happens to those that may have failed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.shop import announcements
from tests.telegram.stage import TelegramPlay


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[TelegramPlay]:
    """A shop with three buyers and an operator who has written something."""
    stage = await TelegramPlay.open(tmp_path / "shop.db")
    for name in ("Anna", "Bob", "Cem"):
        await stage.step(f"> buyer {name}: hello")
    for line in ("announce", "The matsutake are in!"):
        await stage.step(f"> operator: {line}")
    await stage.step("> operator [Look at it]")
    yield stage
    await stage.close()


def got(stage: TelegramPlay, name: str) -> int:
    """How often somebody was told."""
    shown = stage.api.messages[stage.ids[f"buyer {name}"]].values()
    return sum("matsutake" in (message.text or "") for message in shown)


async def test_everybody_is_told_once(stage: TelegramPlay) -> None:
    await stage.step("> operator [Send to 3]")
    said = await stage.step("~ 1 minute")
    assert "< operator: The announcement has gone out: 3 of 3 have it." in "\n".join(said)
    assert [got(stage, name) for name in ("Anna", "Bob", "Cem")] == [1, 1, 1]


async def test_who_has_blocked_the_shop_is_counted_as_not_reached(stage: TelegramPlay) -> None:
    stage.api.block(stage.ids["buyer Bob"])
    await stage.step("> operator [Send to 3]")
    said = "\n".join(await stage.step("~ 1 minute"))
    assert "2 of 3 have it. Not reached: 1; not known: 0." in said


async def test_what_may_have_failed_is_sent_again_by_a_button_only(stage: TelegramPlay) -> None:
    names = ("Anna", "Bob", "Cem")
    await stage.step("> operator [Send to 3]")
    stage.api.fail("sendMessage", "reset_after")  # It arrives, and its answer is lost.
    said = "\n".join(await stage.step("~ 1 minute"))
    assert "2 of 3 have it. Not reached: 0; not known: 1." in said
    assert [got(stage, name) for name in names] == [1, 1, 1]
    await stage.step("> operator [Send to those 1 again]")
    assert "3 of 3 have it" in "\n".join(await stage.step("~ 1 minute"))
    assert sorted(got(stage, name) for name in names) == [1, 1, 2]


async def test_who_opts_out_in_the_middle_is_not_told(stage: TelegramPlay) -> None:
    await stage.step("> buyer Bob: stop")
    await stage.step("> operator [Send to 3]")
    await stage.step("~ 1 minute")
    assert [got(stage, name) for name in ("Anna", "Bob", "Cem")] == [1, 0, 1]


async def test_only_operators_announce(stage: TelegramPlay) -> None:
    for who in ("buyer Anna", "seller Sonam"):
        await stage.step(f"> {who}: hello")
        for value in ("news:new", "news:send:00000000", "news:again:1"):
            await stage.step(f"> {who} value {value}")
    assert await stage.store.read(announcements.latest) is None
