"""Every conversation on Telegram, over HTTP: what comes back is the same as anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.talk.play import perform, renumbered
from tests.talk.test_talk import TALKS
from tests.telegram.stage import TelegramPlay


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_the_conversation_goes_on_telegram_as_written(path: Path, tmp_path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    stage = await TelegramPlay.open(tmp_path / "shop.db")
    try:
        played = await perform(script, stage)
        assert played.replace("· telegram", "· talk") == script
        assert await stage.unlike() == []
    finally:
        await stage.close()


@dataclass
class Troubled(TelegramPlay):
    """At each step something goes wrong on the way, and its update comes twice."""

    random: Random = field(default_factory=lambda: Random(3))

    async def step(self, line: str) -> list[str]:
        """A step, in trouble."""
        kind, more = self.random.choice(TROUBLES)
        self.api.fail(self.random.choice(("sendMessage", "sendPhoto")), kind, **more)
        before = self.update
        said = await super().step(line)
        if self.update is not before:
            self.api.repeat(self.update["update_id"])
            await self.taken()
        return said


TROUBLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("too_many", {"retry_after": 1}),
    ("server_error", {"status": 500}),
    ("server_error", {"status": 502}),
    ("reset_before", {}),
    ("reset_after", {}),
    ("garbage", {}),
)


# What is sent once at most is unknown after a fault, and the conversation goes on otherwise;
# test_news.py has that. The same conversation in another language meets the same trouble.
_LEFT_OUT = re.compile("announcement|opting-out|(?:hant|bo|english)-")
REPEATED = [path for path in TALKS if not _LEFT_OUT.match(path.stem)]


@pytest.mark.parametrize("path", REPEATED, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written_through_trouble(path: Path, tmp_path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    stage = await Troubled.open(tmp_path / "shop.db")
    try:
        played = await perform(script, stage)
        assert _untimed(played.replace("· telegram", "· talk")) == _untimed(script)
        assert await stage.unlike() == []
    finally:
        await stage.close()


def _untimed(script: str) -> str:
    """A conversation without order numbers and the minutes that trouble takes."""
    return re.sub(r"\b\d\d:\d\d\b", "hh:mm", renumbered(script))
