"""Orders that are paid in Telegram's own form, over HTTP, in each language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.talk.play import perform
from tests.telegram.stage import TelegramPlay

TALKS = sorted((Path(__file__).parent / "invoices").glob("*.talk"))


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
async def test_the_order_is_paid_as_written(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    script = path.read_text(encoding="utf-8")
    stage = await TelegramPlay.open(tmp_path / "shop.db", way="telegram")
    try:
        played = await perform(script, stage)
        assert await stage.unlike() == []
    finally:
        await stage.close()
    if request.config.getoption("--rewrite-talk"):
        path.write_text(played, encoding="utf-8")
    else:
        assert played == script


async def test_the_form_asks_for_what_is_due_and_the_check_is_answered(tmp_path: Path) -> None:
    stage = await TelegramPlay.open(tmp_path / "shop.db", way="telegram")
    try:
        for line in (TALKS[0].with_name("hans.talk").read_text("utf-8")).splitlines():
            if line.startswith(("> ", "! ")):
                await stage.step(line)
        sent = [call for call in stage.api.calls if call.method == "sendInvoice"]
        assert [call.params["prices"][0]["amount"] for call in sent] == [56_000]
        assert sent[0].params["provider_token"] == "provider:test"
        assert sent[0].params["payload"] == "260720-158176"
        answers = [c.params for c in stage.api.calls if c.method == "answerPreCheckoutQuery"]
        assert [answer["ok"] for answer in answers] == [True]
    finally:
        await stage.close()
