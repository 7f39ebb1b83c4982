"""Every conversation on the web page and in the terminal; tests/telegram plays them there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.talk.play import perform, renumbered
from tests.talk.stages import TerminalPlay, WebPlay
from tests.talk.test_talk import TALKS

# The page refuses an empty message and one of 6,000 characters before they are sent.
ON_THE_PAGE = [path for path in TALKS if path.stem != "very-long-and-empty"]


@pytest.mark.parametrize("path", ON_THE_PAGE, ids=lambda path: path.stem)
async def test_the_conversation_goes_on_the_page_as_written(path: Path, tmp_path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    stage = await WebPlay.open(tmp_path / "shop.db")
    try:
        played = await perform(script, stage)
        assert renumbered(played.replace("· web", "· talk")) == renumbered(script)
        assert await stage.unlike() == []
    finally:
        await stage.close()


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_the_conversation_goes_in_the_terminal_as_written(path: Path, tmp_path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    stage = await TerminalPlay.open(tmp_path / "shop.db")
    try:
        played = await perform(script, stage)
        assert renumbered(played.replace("· terminal", "· talk")) == renumbered(script)
    finally:
        await stage.close()
