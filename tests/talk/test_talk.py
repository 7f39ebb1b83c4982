"""Conversations: who says what, and what comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.talk.play import play

TALKS = sorted(Path(__file__).parent.glob("*.talk"))


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    script = path.read_text(encoding="utf-8")
    played = await play(script, tmp_path)
    if request.config.getoption("--rewrite-talk"):
        path.write_text(played, encoding="utf-8")
    else:
        assert played == script


def test_there_are_enough_conversations() -> None:
    assert len(TALKS) >= 60
