"""What can happen to the channel: odd updates, lost chats, other pollers, silence, files."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.telegram import profile, webhook
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.transport import AiohttpRequest
from bot.messages import Address, Attachment, Card, Choice, Content, Lane, Outgoing, Policy
from bot.post import outbox, outcomes
from bot.service import ABILITIES, open_shop
from bot.settings import read_settings
from bot.shop import people
from bot.shop.catalogue_forms import GRADE_KEY_MAX, PRODUCT_KEY_MAX
from bot.store.errors import StoreError
from bot.talk.buyers.drafting import QUANTITY_MAX
from tests.telegram.bot_api import BotApi
from tests.telegram.bot_api_calls import Call
from tests.telegram.stage import TelegramPlay, buttons, png

ANNA = 2000  # the people of a play have numbers from 1000 on


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[TelegramPlay]:
    """A shop on Telegram."""
    stage = await TelegramPlay.open(tmp_path / "shop.db")
    yield stage
    await stage.close()


def calls(stage: TelegramPlay, method: str) -> list[Call]:
    """What took effect of a method."""
    return [call for call in stage.api.calls if call.method == method and call.ok]


async def rows(stage: TelegramPlay, sql: str) -> list[Any]:
    """What stands in the database."""
    return await stage.store.read(lambda db: [tuple(row) for row in db.execute(sql)])


async def settled(stage: TelegramPlay) -> None:
    """Waits until everything is taken and sent."""
    await stage.taken()
    await stage.said()


async def write(stage: TelegramPlay, text: str = "虫草怎么卖", chat: int = ANNA) -> None:
    """Somebody writes, and is answered."""
    stage.api.text(chat, text)
    await settled(stage)


async def test_one_unreadable_update_stops_nothing(stage: TelegramPlay) -> None:
    for n in range(300):
        if n == 150:
            broken = {"message_id": 1, "date": 0, "chat": {"type": "private"}, "text": "x"}
            stage.api.update({"message": broken})
        else:
            stage.api.text(ANNA + n, "虫草怎么卖")
    await settled(stage)
    assert len({call.chat_id for call in calls(stage, "sendPhoto")}) == 299
    ((key, error),) = await rows(stage, "SELECT key, error FROM failed")
    assert "chat" in error or "id" in error
    assert key.startswith("telegram:")


async def test_whoever_wrote_what_cannot_be_read_is_told_that_a_person_looks(
    stage: TelegramPlay,
) -> None:
    seller = await stage.person("seller", "")
    odd = {"message_id": 1, "date": "?", "chat": {"id": ANNA, "type": "private"}, "text": "x"}
    stage.api.update({"message": odd})
    await settled(stage)
    assert len(calls(stage, "sendMessage")) == 2
    assert {call.chat_id for call in calls(stage, "sendMessage")} == {ANNA, int(seller.id)}


async def test_a_press_is_always_answered_and_ticked_in_place(stage: TelegramPlay) -> None:
    await write(stage)
    (shown,) = stage.api.messages[ANNA].values()
    pressed = buttons(shown)[1]
    stage.api.press(ANNA, shown.message_id, pressed["callback_data"])
    await settled(stage)
    await stage.api.wait_for(lambda: calls(stage, "editMessageReplyMarkup"))
    assert len(calls(stage, "answerCallbackQuery")) == 1
    assert buttons(shown)[1]["text"] == f"✓ {pressed['text']}"
    stage.api.press(ANNA, shown.message_id, "never:offered")
    await settled(stage)
    await stage.api.wait_for(lambda: len(calls(stage, "answerCallbackQuery")) == 2)


async def test_a_picture_is_uploaded_once_and_then_sent_by_its_id(stage: TelegramPlay) -> None:
    for chat in (ANNA, ANNA + 1):
        await write(stage, chat=chat)
    first, second = calls(stage, "sendPhoto")
    assert first.files and not second.files
    ((_, _, file_id),) = await rows(stage, "SELECT * FROM telegram_file")
    assert second.params["photo"] == file_id


async def test_a_file_id_that_telegram_forgot_is_uploaded_again(stage: TelegramPlay) -> None:
    await write(stage)
    await stage.store.run(
        lambda unit: unit.db.execute("UPDATE telegram_file SET file_id = 'gone'").rowcount
    )
    stage.served._file_ids._known.clear()
    await write(stage, chat=ANNA + 1)
    assert [bool(call.files) for call in calls(stage, "sendPhoto")] == [True, True]
    ((_, _, file_id),) = await rows(stage, "SELECT * FROM telegram_file")
    assert file_id != "gone"


async def test_a_buyers_photo_is_kept_and_shown_to_the_seller_without_an_upload(
    stage: TelegramPlay,
) -> None:
    seller = await stage.person("seller", "")
    picture = png("receipt")
    stage.api.photo(ANNA, picture, "看看这个")
    await settled(stage)
    (shown,) = [call for call in calls(stage, "sendPhoto") if call.chat_id == int(seller.id)]
    assert not shown.files
    kept = [path.read_bytes() for path in stage.store.path.parent.glob("files/*/*")]
    assert picture in kept


async def test_of_an_album_only_the_first_picture_is_answered(stage: TelegramPlay) -> None:
    seller = await stage.person("seller", "")
    for n in range(3):
        stage.api.photo(ANNA, png(f"{n}"), "烂了" if n == 0 else None, media_group_id="1")
    await settled(stage)
    assert len(stage.api.messages[ANNA]) == 1
    assert len(stage.api.messages[int(seller.id)]) == 3


async def test_a_file_that_cannot_be_had_is_left_to_a_person(stage: TelegramPlay) -> None:
    stage.api.fail("getFile", "server_error", times=10)
    stage.api.photo(ANNA, png("lost"))
    await settled(stage)
    assert len(await rows(stage, "SELECT * FROM failed")) == 1
    assert len(stage.api.messages[ANNA]) == 1
    stage.api.heal()
    await write(stage)
    assert len(stage.api.messages[ANNA]) == 2


async def test_voice_goes_to_the_seller_as_it_is(stage: TelegramPlay) -> None:
    seller = await stage.person("seller", "")
    photo = stage.api.photo(ANNA, b"OggS voice")["message"]["photo"][-1]
    await settled(stage)
    voice = {"file_id": photo["file_id"], "file_unique_id": "v", "duration": 2}
    person = {"id": ANNA, "is_bot": False, "first_name": "Anna", "language_code": "en"}
    chat = {"id": ANNA, "type": "private", "first_name": "Anna"}
    stage.api.update(
        {"message": {"chat": chat, "from": person, "voice": {**voice, "mime_type": "audio/ogg"}}}
    )
    await settled(stage)
    (sent,) = calls(stage, "sendVoice")
    assert sent.chat_id == int(seller.id)


async def test_who_has_blocked_the_shop_is_not_written_to_until_they_write(
    stage: TelegramPlay,
) -> None:
    await write(stage)
    stage.api.block(ANNA)
    await put(stage, "news", "more news")
    assert (await rows(stage, "SELECT state FROM outbox"))[1:] == [("failed",), ("failed",)]
    asked = len(stage.api.calls)
    await put(stage, "even more")
    assert len(stage.api.calls) == asked
    stage.api.unblock(ANNA)
    await write(stage)
    assert (await rows(stage, "SELECT state FROM outbox ORDER BY id DESC"))[0] == ("sent",)


async def test_being_told_of_a_block_is_enough(stage: TelegramPlay) -> None:
    await write(stage)
    stage.api.block(ANNA, tell=True)
    await settled(stage)
    asked = len(stage.api.calls)
    await put(stage, "news")
    assert len(stage.api.calls) == asked
    stage.api.unblock(ANNA, tell=True)
    await settled(stage)
    await put(stage, "again")
    assert calls(stage, "sendMessage")[-1].params["text"] == "again"


async def test_a_chat_that_is_gone_is_left_alone(stage: TelegramPlay) -> None:
    await write(stage)
    stage.api.fail("sendMessage", "not_found", chat_id=ANNA)
    await put(stage, "news")
    ((gone_at,),) = await rows(stage, "SELECT unreachable_at FROM chat")
    assert gone_at


async def test_a_message_that_telegram_refuses_does_not_hold_the_next(stage: TelegramPlay) -> None:
    await write(stage)
    stage.api.know(ANNA)
    too_wide = Content("x", "en", choices=(choice("a" * 65),))
    await put(stage, too_wide, "next")
    assert [state for (state,) in await rows(stage, "SELECT state FROM outbox")][1:] == [
        "failed",
        "sent",
    ]


async def test_a_group_that_moves_is_followed(stage: TelegramPlay) -> None:
    group = -500
    chat = {"id": group, "type": "group", "title": "虫草群"}
    person = {"id": ANNA, "is_bot": False, "first_name": "Anna", "language_code": "en"}
    stage.api.update({"message": {"chat": chat, "from": person, "text": "/start@test_shop_bot"}})
    await settled(stage)
    assert len(stage.api.messages[group]) == 1
    stage.api.migrate(group, -100500)
    await put(stage, "news")
    assert len(stage.api.messages[-100500]) == 1
    assert (await rows(stage, "SELECT address FROM chat")) == [("-100500",)]


async def test_told_to_wait_by_two_chats_the_whole_channel_waits(stage: TelegramPlay) -> None:
    send = stage.served.send
    stage.api.know(1, 2)
    stage.api.fail("sendMessage", "too_many", times=2, retry_after=3)
    with pytest.raises(outcomes.RetryLater) as one:
        await send("1", Content("a", "en"))
    with pytest.raises(outcomes.RetryLater) as two:
        await send("2", Content("a", "en"))
    assert (one.value.seconds, one.value.whole, two.value.whole) == (3, False, True)


async def test_what_is_sent_in_parts_goes_on_where_it_was(stage: TelegramPlay) -> None:
    send = stage.served.send
    stage.api.know(1)
    long = Content("甲" * 5000, "zh-Hans")
    stage.api.fail("sendMessage", "server_error", times=1)
    with pytest.raises(OSError):
        await send("1", long)
    stage.api.heal()
    await send("1", long)
    first = [len(message.text or "") for message in stage.api.messages[1].values()]
    assert first == [4096, 904]


async def test_a_lost_connection_is_known_not_to_have_sent(stage: TelegramPlay) -> None:
    async with BotApi() as away:
        address = away.address
    request = AiohttpRequest(1)
    stage.served._sending._request, kept = request, stage.served._sending._request
    stage.served._bot._base_url, url = f"{address}/bot1:x", stage.served._bot._base_url
    await request.initialize()
    with pytest.raises(outcomes.NotSent):
        await stage.served.send("1", Content("a", "en"))
    await request.shutdown()
    stage.served._sending._request, stage.served._bot._base_url = kept, url


async def test_another_poller_is_one_clear_line(
    stage: TelegramPlay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    other = AiohttpRequest(1)
    await other.initialize()
    url = f"{stage.api.address}/bot{stage.api.token}/getUpdates?timeout=0"
    for _ in range(3):
        await other.post(url)
        await asyncio.sleep(0.2)
    await other.shutdown()
    lines = [line for line in caplog.messages if "another program" in line]
    assert len(lines) == 1
    await asyncio.sleep(2)
    await write(stage)
    assert stage.api.messages[ANNA]


async def test_polling_that_went_silent_begins_anew(
    stage: TelegramPlay, caplog: pytest.LogCaptureFixture
) -> None:
    intake = stage.served._intake
    assert intake
    request = AiohttpRequest(1)
    await request.initialize()
    async with BotApi() as api:
        api.fail("getUpdates", "hang")
        url = f"{api.address}/bot{api.token}"
        polling = asyncio.create_task(Polling(request, url, intake, poll_s=0, silence_s=0.3).run())
        api.text(ANNA, "虫草怎么卖")
        await api.wait_for(lambda: not api.pending, 10)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    await request.shutdown()
    assert [line for line in caplog.messages if "went silent" in line]


async def test_ids_that_jump_back_are_read_all_the_same(stage: TelegramPlay) -> None:
    await write(stage)
    await asyncio.sleep(0.1)
    stage.api.jump(-5000)
    await write(stage, chat=ANNA + 1)
    assert stage.api.messages[ANNA + 1]


async def test_reordered_and_repeated_updates_take_effect_once(stage: TelegramPlay) -> None:
    stage.api.shuffle(4)
    sent = [stage.api.text(ANNA + n, "虫草怎么卖") for n in range(50)]
    await settled(stage)
    for update in sent[:20]:
        stage.api.repeat(update["update_id"])
    await settled(stage)
    await write(stage, chat=ANNA + 60)
    assert len(calls(stage, "sendPhoto")) == 51


async def test_a_link_is_kept_with_the_person_and_shows_its_product(stage: TelegramPlay) -> None:
    await write(stage, "/start video7_yak-jerky")
    assert await rows(stage, "SELECT came_by FROM person") == [("video7_yak-jerky",)]
    assert "ak jerky" in str(calls(stage, "sendPhoto")[0].params["caption"])
    await write(stage, "/start other")
    assert await rows(stage, "SELECT came_by FROM person") == [("video7_yak-jerky",)]


async def test_an_invite_gives_its_role_once(stage: TelegramPlay) -> None:
    token = await stage.store.run(lambda unit: people.invite(unit, "seller"))
    await write(stage, f"/start {token}")
    await write(stage, f"/start {token}", chat=ANNA + 1)
    found = await rows(stage, "SELECT role FROM person ORDER BY id")
    assert found == [("seller",), ("buyer",)]


async def test_a_person_is_first_spoken_to_in_the_apps_language(stage: TelegramPlay) -> None:
    stage.api.text(1, "/start", language_code="zh-hans")
    stage.api.text(2, "/start", language_code="pt-br")
    await settled(stage)
    (chinese,), (english,) = stage.api.messages[1].values(), stage.api.messages[2].values()
    assert "欢迎" in str(chinese.text) and "elcome" in str(english.text)


async def test_commands_and_descriptions_are_written_when_they_differ(
    stage: TelegramPlay, tmp_path: Path
) -> None:
    await stage.api.wait_for(lambda: calls(stage, "setMyShortDescription"))
    await asyncio.sleep(0.3)
    written = [call for call in stage.api.calls if call.method.startswith("setMy")]
    assert {call.params.get("language_code") or "" for call in written} == {"", "bo", "en", "zh"}

    async def name(language: str) -> str:
        return "山货"

    parts = stage.served._parts
    await profile.bring_up_to_date(stage.served._bot, parts.languages, parts.texts, name)
    again = [call for call in stage.api.calls if call.method.startswith("setMy")]
    assert len(again) == len(written)


@asynccontextmanager
async def hooked(stage: TelegramPlay) -> AsyncIterator[httpx.AsyncClient]:
    """The webhook's route, asked directly."""
    app = Starlette(routes=[webhook.route(stage.api.token, lambda: stage.served._intake)])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        yield client


async def test_a_webhook_lets_in_only_telegram_and_only_what_is_short(stage: TelegramPlay) -> None:
    secret = {webhook.HEADER: webhook.secret_of(stage.api.token)}
    async with hooked(stage) as client:
        assert (await client.post(webhook.PATH, content=b"{}")).status_code == 403
        wrong = {webhook.HEADER.encode(): b"\xfc"}
        assert (await client.post(webhook.PATH, content=b"{}", headers=wrong)).status_code == 403
        much = b"x" * (webhook.BODY_MAX + 1)
        assert (await client.post(webhook.PATH, content=much, headers=secret)).status_code == 413
        assert await rows(stage, "SELECT * FROM failed") == []
        odd = await client.post(webhook.PATH, content=b"no json", headers=secret)
        assert odd.status_code == 200
        ((event,),) = await rows(stage, "SELECT event FROM failed")
        assert "no json" in event


async def test_a_webhook_acknowledges_nothing_that_is_not_committed(
    stage: TelegramPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> bool:
        raise StoreError("the disk is full")

    secret = {webhook.HEADER: webhook.secret_of(stage.api.token)}
    monkeypatch.setattr(stage.inbox, "take", fail)
    update = {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "date": 0,
            "chat": {"id": 1, "type": "private"},
            "from": {"id": 1, "first_name": "A", "is_bot": False},
            "text": "x",
        },
    }
    async with hooked(stage) as client:
        answer = await client.post(webhook.PATH, json=update, headers=secret)
    assert answer.status_code == 503


def test_every_button_of_the_conversations_fits() -> None:
    """Telegram takes 64 bytes; what the talk offers is short enough for the longest product."""
    product, grade = "p" * PRODUCT_KEY_MAX, "g" * GRADE_KEY_MAX
    assert len(f"n:{product}:{grade}:{QUANTITY_MAX}:box".encode()) <= 64


async def test_an_album_of_files_and_a_card_are_sent_in_order(stage: TelegramPlay) -> None:
    files = stage.served._parts.files
    hash = files.save(png("one"))
    card = Card(kind="payment", title="付款", qr="https://pay.example")
    content = Content("说明", "zh-Hans", card=card, attachments=(Attachment(hash, "image/png"),))
    stage.api.know(5)
    await stage.served.send("5", content)
    shown = list(stage.api.messages[5].values())
    assert [message.method for message in shown] == ["sendPhoto", "sendPhoto"]
    assert shown[1].caption == "说明\n\n付款"


async def test_tables_come_as_a_document_under_their_name(stage: TelegramPlay) -> None:
    await stage.step("> seller: 你好")
    await stage.step("> seller: 导出本月订单")
    (sent,) = calls(stage, "sendDocument")
    (file,) = sent.files.values()
    assert file.filename == "orders-2026-07.xlsx"
    shown = list(stage.api.messages[sent.chat_id or 0].values())
    assert [message.method for message in shown[-2:]] == ["sendDocument", "sendMessage"]
    assert "整理好了" in (shown[-1].text or "")


def choice(value: str) -> Any:
    """A button with that value."""
    return Choice("x", value)


async def put(stage: TelegramPlay, *texts: str | Content) -> None:
    """Has the shop say something to all its chats."""

    def put_all(unit: Any) -> None:
        for (chat_id,) in unit.db.execute("SELECT id FROM chat").fetchall():
            for text in texts:
                content = text if isinstance(text, Content) else Content(text, "en")
                message = Outgoing(chat_id, content, lane=Lane.NOTICE, policy=Policy.REPEAT)
                outbox.put(unit, message, ABILITIES)

    await stage.store.run(put_all)
    await stage.said()


async def test_operators_of_the_settings_have_their_role(tmp_path: Path) -> None:
    given = {
        "SHANHUO_DATABASE_URL": f"sqlite:///{tmp_path}/shop.db",
        "SHANHUO_OPERATORS": "telegram:5",
    }
    settings = read_settings(given, file=tmp_path / "none")
    for _ in range(2):
        async with open_shop(settings) as shop:
            chat = await shop.store.run(
                lambda unit: people.find_chat(unit, Address("telegram", "5"))
            )
            assert chat and chat.person.role == "operator"
