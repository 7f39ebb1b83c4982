"""Threads on Telegram: a seller answers a question by replying to the message that shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.telegram.bot_api_calls import Call, SentMessage
from tests.telegram.stage import TelegramPlay, png

QUESTION = "ཁྱེད་ཀྱི་ཨ་མ་སྐུ་གཟུགས་བདེ་པོ་ཡིན་ནམ།"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[TelegramPlay]:
    """A shop on Telegram with a seller and somebody who asks what the bot does not know."""
    stage = await TelegramPlay.open(tmp_path / "shop.db")
    await stage.step("> seller: 你好")
    await stage.step(f"> buyer Tashi: {QUESTION}")
    yield stage
    await stage.close()


def newest(stage: TelegramPlay, who: str, text: str) -> SentMessage:
    """The newest message with that text in somebody's chat."""
    found = [
        message
        for message in stage.api.messages[stage.ids[who]].values()
        if text in (message.text or message.caption or "")
    ]
    assert found, [m.text for m in stage.api.messages[stage.ids[who]].values()]
    return found[-1]


async def answer(stage: TelegramPlay, who: str, to: SentMessage, text: str) -> None:
    """Somebody replies to a message of the bot."""
    stage.api.text(stage.ids[who], text, name="", reply_to_message=to.raw)
    await stage.taken()
    await stage.deliver()


def sent(stage: TelegramPlay, who: str) -> list[Call]:
    """What was sent to somebody."""
    return [
        call
        for call in stage.api.calls
        if call.chat_id == stage.ids[who] and call.method.startswith("send") and call.ok
    ]


async def test_a_reply_goes_to_who_asked_below_the_question(stage: TelegramPlay) -> None:
    shown = newest(stage, "seller", QUESTION)
    assert shown.text and "Tashi" in shown.text and "藏语" in shown.text
    await answer(stage, "seller", shown, "妈妈很好，谢谢！")
    last = sent(stage, "buyer Tashi")[-1].params
    assert last["text"] == "ཚོང་པའི་ལན། 妈妈很好，谢谢！"
    asked = stage.update["message"]["message_id"]
    assert last["reply_parameters"] == {
        "message_id": asked,
        "allow_sending_without_reply": True,
    }
    assert newest(stage, "seller", "已发给Tashi")
    assert "< seller: 现在没有待办。" in await stage.step("> seller: 待办")


async def test_what_the_buyer_replies_comes_back_to_the_desk(stage: TelegramPlay) -> None:
    await answer(stage, "seller", newest(stage, "seller", QUESTION), "妈妈很好，谢谢！")
    await answer(stage, "buyer Tashi", newest(stage, "buyer Tashi", "妈妈很好"), "虫草怎么卖")
    again = newest(stage, "seller", "虫草怎么卖")
    await answer(stage, "seller", again, "给您留最好的")
    assert newest(stage, "buyer Tashi", "给您留最好的")


async def test_a_seller_may_add_to_an_answer(stage: TelegramPlay) -> None:
    shown = newest(stage, "seller", QUESTION)
    await answer(stage, "seller", shown, "妈妈很好")
    await answer(stage, "seller", shown, "八月以后都可以来")
    assert newest(stage, "buyer Tashi", "八月以后都可以来")


async def test_two_threads_do_not_mix(stage: TelegramPlay) -> None:
    await stage.step("> buyer Anna: Could you knit a flying yak for my grandmother?")
    await answer(stage, "seller", newest(stage, "seller", QUESTION), "给扎西的")
    await answer(stage, "seller", newest(stage, "seller", "flying yak"), "for Anna")
    assert "给扎西的" in str(sent(stage, "buyer Tashi")[-1].params)
    assert "for Anna" in str(sent(stage, "buyer Anna")[-1].params)


async def test_a_reminder_can_be_replied_to_with_a_picture(stage: TelegramPlay) -> None:
    await stage.step("~ 31 minutes")
    shown = newest(stage, "seller", "还在等回复")
    stage.api.photo(stage.ids["seller"], png("mother"), name="", reply_to_message=shown.raw)
    await stage.taken()
    await stage.deliver()
    assert sent(stage, "buyer Tashi")[-1].method == "sendPhoto"


async def test_a_reply_to_anything_else_is_said_as_ever(stage: TelegramPlay) -> None:
    await stage.step("> buyer Anna: how much is the cordyceps")
    await answer(stage, "buyer Anna", newest(stage, "buyer Anna", "Today's prices"), "my orders")
    assert newest(stage, "buyer Anna", "You have no order yet")


async def test_the_pair_of_messages_survives_a_restart(stage: TelegramPlay) -> None:
    rows = await stage.store.read(
        lambda db: [
            tuple(row)
            for row in db.execute(
                "SELECT m.message_id, e.message_id FROM enquiry_message m"
                " JOIN enquiry e ON e.id = m.enquiry_id"
            )
        ]
    )
    ours = newest(stage, "seller", QUESTION).raw["message_id"]
    assert rows == [(str(ours), str(stage.update["message"]["message_id"]))]
