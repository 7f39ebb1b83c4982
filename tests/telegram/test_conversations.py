"""Every conversation on Telegram, over HTTP: what comes back is the same as anywhere."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.talk.play import perform
from tests.talk.test_talk import TALKS
from tests.telegram.stage import TelegramPlay


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_the_conversation_goes_on_telegram_as_written(path: Path, tmp_path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    stage = await TelegramPlay.open(tmp_path / "shop.db")
    try:
        assert await perform(script, stage) == script
        assert await stage.unlike() == []
    finally:
        await stage.close()


class Troubled(TelegramPlay):
    """Before each step something goes wrong on the way, and updates come twice."""

    random = Random(3)

    async def step(self, line: str) -> list[str]:
        """A step, in trouble."""
        kind, more = self.random.choice(TROUBLES)
        self.api.fail(self.random.choice(("sendMessage", "sendPhoto")), kind, **more)
        before = self.api.last_update_id
        said = await super().step(line)
        if self.api.last_update_id > before:
            self.api.repeat(self.api.last_update_id)
            await self.taken()
        return said


TROUBLES: tuple[tuple[str, dict[str, int]], ...] = (
    ("too_many", {"retry_after": 1}),
    ("server_error", {"status": 500}),
    ("server_error", {"status": 502}),
    ("reset_before", {}),
    ("reset_after", {}),
    ("garbage", {}),
)


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written_through_trouble(
    path: Path, tmp_path: Path
) -> None:
    script = path.read_text(encoding="utf-8")
    stage = await Troubled.open(tmp_path / "shop.db")
    try:
        assert await perform(script, stage) == script
        assert await stage.unlike() == []
    finally:
        await stage.close()
