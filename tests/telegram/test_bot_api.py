"""The Bot API server behaves as Telegram does: python-telegram-bot, as it is, is the client."""

from __future__ import annotations

import asyncio
import datetime
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, web
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LabeledPrice,
    Message,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from tests.telegram.bot_api import TOKEN, BotApi
from tests.telegram.bot_api_calls import Json

ANNA = 1001
GROUP = -1002003
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Buy", callback_data="buy")]])


@pytest.fixture(autouse=True)
def waits_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the library warns at each RetryAfter, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@asynccontextmanager
async def client(api: BotApi, token: str = TOKEN) -> AsyncIterator[Bot]:
    bot = Bot(token, base_url=f"{api.address}/bot", base_file_url=f"{api.address}/file/bot")
    async with bot:
        yield bot


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with client(api) as bot:
        yield bot


def ids(updates: tuple[Update, ...]) -> list[int]:
    return [update.update_id for update in updates]


# Updates: fetched, confirmed, forgotten.


async def test_an_update_stays_until_a_higher_offset_confirms_it(api: BotApi, bot: Bot) -> None:
    first, second, third = (api.text(ANNA, word)["update_id"] for word in "abc")
    assert ids(await bot.get_updates()) == [first, second, third]
    assert ids(await bot.get_updates(limit=2)) == [first, second]
    assert ids(await bot.get_updates(offset=second)) == [second, third]
    assert ids(await bot.get_updates(offset=0)) == [second, third]
    assert ids(await bot.get_updates(offset=-1)) == [third]
    assert ids(await bot.get_updates()) == [third]
    assert ids(await bot.get_updates(offset=third + 1)) == []
    assert api.pending == 0


async def test_a_batch_holds_at_most_a_hundred(api: BotApi, bot: Bot) -> None:
    for number in range(150):
        api.text(ANNA, str(number))
    batch = await bot.get_updates()
    assert len(batch) == 100
    assert len(await bot.get_updates(offset=batch[-1].update_id + 1)) == 50


async def test_a_long_poll_ends_with_the_first_update(api: BotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    assert not poll.done()
    api.text(ANNA, "hello", language_code="zh-hans", name="Anna")
    [update] = await asyncio.wait_for(poll, 2)
    assert update.message and update.message.from_user and update.effective_user
    assert update.message.text == "hello"
    assert update.effective_user.language_code == "zh-hans"
    assert update.message.from_user.first_name == "Anna"


async def test_the_second_poller_ends_the_first_with_409(api: BotApi, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    async with client(api) as rival:
        second = asyncio.create_task(rival.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await asyncio.wait_for(first, 2)
        api.text(ANNA, "hello")
        assert len(await asyncio.wait_for(second, 2)) == 1


async def test_allowed_updates_hold_until_changed(api: BotApi, bot: Bot) -> None:
    reaction = {"message_reaction": {"chat": {"id": ANNA, "type": "private"}, "message_id": 1,
                "date": 1, "old_reaction": [], "new_reaction": []}}  # fmt: skip
    api.update(reaction)
    assert await bot.get_updates() == ()  # silent by default
    await bot.get_updates(allowed_updates=["callback_query", "message_reaction"])
    api.text(ANNA, "not heard")
    wanted = api.update(reaction)["update_id"]
    assert ids(await bot.get_updates()) == [wanted]


async def test_updates_repeat_shuffle_and_jump(api: BotApi, bot: Bot) -> None:
    numbers = [api.text(ANNA, str(number))["update_id"] for number in range(10)]
    api.shuffle(7)
    batch = ids(await bot.get_updates())
    assert sorted(batch) == numbers != batch
    assert await bot.get_updates(offset=numbers[-1] + 1) == ()
    api.repeat(numbers[3])
    assert ids(await bot.get_updates(offset=numbers[-1] + 1)) == [numbers[3]]
    assert await bot.get_updates(offset=numbers[-1] + 1) == ()
    api.jump(-5000)  # a new age of ids: the old offset confirms nothing in it
    late = api.text(ANNA, "after a week")["update_id"]
    assert late == numbers[-1] + 1 - 5000
    assert ids(await bot.get_updates(offset=numbers[-1] + 1)) == [late]
    assert await bot.get_updates(offset=late + 1) == ()


async def test_every_kind_of_update_is_parsed(api: BotApi, bot: Bot) -> None:
    chat = {"id": ANNA, "type": "private", "first_name": "Anna"}
    user = {"id": ANNA, "is_bot": False, "first_name": "Anna"}
    said = api.text(ANNA, "two kilos")["message"]
    api.press(ANNA, 99, "old")
    api.update({"edited_message": {**said, "edit_date": said["date"], "text": "three kilos"}})
    for extra in (
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 2}},
        {"location": {"latitude": 25.0, "longitude": 98.5}},
        {"contact": {"phone_number": "+8613800000000", "first_name": "Anna"}},
        {"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 512,
                     "height": 512, "is_animated": False, "is_video": False}},
    ):  # fmt: skip
        api.update({"message": {"chat": chat, "from": user, **extra}})
    api.block(ANNA, tell=True)
    api.unblock(ANNA, tell=True)
    api.update({"pre_checkout_query": {"from": user, "currency": "EUR", "total_amount": 100,
                                       "invoice_payload": "order-1"}})  # fmt: skip
    updates = await bot.get_updates()
    assert len(updates) == 10
    assert updates[1].callback_query and updates[1].callback_query.data == "old"
    assert updates[2].edited_message and updates[2].edited_message.text == "three kilos"
    assert [bool(update.message) for update in updates[3:7]] == [True] * 4
    changes = [update.my_chat_member for update in updates[7:9]]
    assert [change and change.new_chat_member.status for change in changes] == ["kicked", "member"]
    query = updates[9].pre_checkout_query
    assert query and await bot.answer_pre_checkout_query(query.id, ok=True)


async def test_a_photo_of_a_person_can_be_downloaded(api: BotApi, bot: Bot) -> None:
    content = bytes(range(256)) * 9000  # above 2 MB
    api.photo(ANNA, content, "look", media_group_id="album")
    [update] = await bot.get_updates()
    assert update.message and update.message.caption == "look"
    assert update.message.media_group_id == "album"
    largest = update.message.photo[-1]
    assert largest.file_size == len(content)
    file = await bot.get_file(largest.file_id)
    assert bytes(await file.download_as_bytearray()) == content
    with pytest.raises(BadRequest, match="(?i)invalid file_id"):
        await bot.get_file("nothing")
    api.fail("download", "server_error", status=502)
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()


# Messages: sent, edited, deleted.


async def test_messages_are_sent_edited_and_deleted(api: BotApi, bot: Bot) -> None:
    api.know(ANNA)
    sent = await bot.send_message(ANNA, " <b>Fish &amp; rice</b> ", "HTML", reply_markup=KEYBOARD)
    assert (sent.message_id, sent.text, sent.chat.id) == (1, "Fish & rice", ANNA)
    assert sent.from_user and sent.from_user.is_bot and sent.reply_markup == KEYBOARD
    assert isinstance(sent.date, datetime.datetime)
    shown = api.messages[ANNA][1]
    assert (shown.text, shown.source) == ("Fish & rice", " <b>Fish &amp; rice</b> ")
    assert shown.reply_markup == KEYBOARD.to_dict()
    edited = await bot.edit_message_text("Rice", ANNA, 1)
    assert isinstance(edited, Message) and edited.text == "Rice" and edited.edit_date
    assert shown.text == "Rice" and not shown.reply_markup
    with pytest.raises(BadRequest, match="(?i)not modified"):
        await bot.edit_message_text("Rice", ANNA, 1)
    await bot.edit_message_reply_markup(ANNA, 1, reply_markup=KEYBOARD)
    assert shown.reply_markup == KEYBOARD.to_dict()
    with pytest.raises(BadRequest, match="(?i)message to edit not found"):
        await bot.edit_message_text("Rice", ANNA, 2)
    assert await bot.delete_message(ANNA, 1)
    assert api.messages[ANNA] == {}
    with pytest.raises(BadRequest, match="(?i)message to delete not found"):
        await bot.delete_message(ANNA, 1)


async def test_photos_are_uploaded_once_and_sent_again_by_id(api: BotApi, bot: Bot) -> None:
    api.know(ANNA)
    sent = await bot.send_photo(ANNA, b"\x89PNG picture", caption="Honey", reply_markup=KEYBOARD)
    [upload] = api.calls[-1].files.values()
    assert upload.length == 12
    assert api.calls[-1].params["reply_markup"] == KEYBOARD.to_dict()
    for size in sent.photo:
        again = await bot.send_photo(ANNA, size.file_id)
        assert again.photo == sent.photo and api.calls[-1].files == {}
    with pytest.raises(BadRequest, match="(?i)wrong file identifier/HTTP URL specified"):
        await bot.send_photo(ANNA, "AgAC-of-another-bot")
    await bot.edit_message_caption(ANNA, sent.message_id, caption="Jam")
    with pytest.raises(BadRequest, match="(?i)no text in the message"):
        await bot.edit_message_text("Jam", ANNA, sent.message_id)
    changed = await bot.edit_message_media(InputMediaPhoto(b"other"), ANNA, sent.message_id)
    assert isinstance(changed, Message) and changed.photo != sent.photo and not changed.caption
    assert api.messages[ANNA][sent.message_id].photo == changed.photo[-1].file_id
    document = await bot.send_document(ANNA, b"a;b", filename="orders.csv", caption="All")
    assert document.document and document.document.file_name == "orders.csv"
    with pytest.raises(BadRequest, match="(?i)can't use file of type Document as Photo"):
        await bot.send_photo(ANNA, document.document.file_id)


async def test_albums_invoices_and_copies(api: BotApi, bot: Bot) -> None:
    asked = api.photo(ANNA, b"their picture", "mine")["message"]
    api.know(GROUP)
    album = await bot.send_media_group(
        ANNA, [InputMediaPhoto(b"one", caption="1"), InputMediaPhoto(asked["photo"][0]["file_id"])]
    )
    assert len({message.media_group_id for message in album}) == 1
    assert [message.message_id for message in album] == [2, 3]
    with pytest.raises(BadRequest, match="2-10 items"):
        await bot.send_media_group(ANNA, [InputMediaPhoto(b"one")])
    with pytest.raises(BadRequest, match="can't be mixed"):
        await bot.send_media_group(ANNA, [InputMediaPhoto(b"one"), InputMediaDocument(b"two")])
    invoice = await bot.send_invoice(
        ANNA, "Order", "Honey", "order-1", "EUR", [LabeledPrice("Honey", 950)], provider_token="t"
    )
    assert invoice.invoice and invoice.invoice.total_amount == 950
    with pytest.raises(BadRequest, match="can't be copied"):
        await bot.copy_message(GROUP, ANNA, invoice.message_id)
    copy = await bot.copy_message(GROUP, ANNA, asked["message_id"], caption="from a buyer")
    shown = api.messages[GROUP][copy.message_id]
    assert (shown.caption, shown.photo) == ("from a buyer", asked["photo"][-1]["file_id"])
    assert await bot.send_chat_action(ANNA, "typing")


@pytest.mark.parametrize("text", ["x" * 4097, "🍯" * 2049, "<b>" + "é" * 4097 + "</b>"])
async def test_too_long_texts_are_refused(api: BotApi, bot: Bot, text: str) -> None:
    api.know(ANNA)
    with pytest.raises(BadRequest, match="^Message is too long$"):
        await bot.send_message(ANNA, text, "HTML")
    with pytest.raises(BadRequest, match="^Message caption is too long$"):
        await bot.send_photo(ANNA, b"photo", caption=text[: 7 + 1025], parse_mode=None)
    assert api.messages[ANNA] == {}
    await bot.send_message(ANNA, f"<i>{'🍯' * 2048}</i>", "HTML")
    await bot.send_photo(ANNA, b"photo", caption=f"<i>{'é' * 1024}</i>", parse_mode="HTML")


@pytest.mark.parametrize(
    ("html", "reason"),
    [("a < b", "Unsupported start tag"), ("<b>a", "Can't find end tag"),
     ("a</b>", "Unexpected end tag"), ("<b><i>a</b></i>", "Unmatched end tag"),
     ("<p>a</p>", "Unsupported start tag \"p\"")],
)  # fmt: skip
async def test_broken_markup_is_refused(api: BotApi, bot: Bot, html: str, reason: str) -> None:
    api.know(ANNA)
    with pytest.raises(BadRequest, match=f"(?i)can't parse entities: {reason}"):
        await bot.send_message(ANNA, html, "HTML")


@pytest.mark.parametrize("data", ["x" * 65, "货" * 22])
async def test_long_button_data_is_refused(api: BotApi, bot: Bot, data: str) -> None:
    api.know(ANNA)
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Buy", callback_data=data)]])
    with pytest.raises(BadRequest, match="(?i)^button_data_invalid$"):
        await bot.send_message(ANNA, "hello", reply_markup=markup)


async def test_a_press_is_answered(api: BotApi, bot: Bot) -> None:
    api.know(ANNA)
    sent = await bot.send_message(ANNA, "Buy?", reply_markup=KEYBOARD)
    api.press(ANNA, sent.message_id, "buy")
    [update] = await bot.get_updates()
    query = update.callback_query
    assert query and isinstance(query.message, Message) and query.message.text == "Buy?"
    assert await bot.answer_callback_query(query.id)
    with pytest.raises(BadRequest, match="(?i)query is too old and response timeout expired"):
        await bot.answer_callback_query("17")


async def test_the_profile_is_kept_per_language(bot: Bot) -> None:
    assert (await bot.get_my_name()).name == "Shop"
    commands = [BotCommand("start", "begin")]
    await bot.set_my_commands(commands, language_code="zh")
    assert await bot.get_my_commands(language_code="zh") == tuple(commands)
    assert await bot.get_my_commands() == ()
    await bot.set_my_description("Honey and rice", language_code="en")
    await bot.set_my_short_description("Honey")
    await bot.set_my_name("Honey shop")
    assert (await bot.get_my_description("en")).description == "Honey and rice"
    assert (await bot.get_my_short_description()).short_description == "Honey"
    assert (await bot.get_my_name("zh")).name == "Honey shop"
    assert await bot.log_out() and await bot.close()


# Refusals and faults.


async def test_refusals_are_what_telegram_says(api: BotApi, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="^Chat not found$"):
        await bot.send_message(ANNA, "hello")
    api.text(ANNA, "hello")
    await bot.send_message(ANNA, "hello")
    api.block(ANNA)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ANNA, "hello")
    api.unblock(ANNA)
    await bot.send_message(ANNA, "hello")
    api.migrate(GROUP, GROUP - 1)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(GROUP, "hello")
    assert moved.value.new_chat_id == GROUP - 1
    await bot.send_message(GROUP - 1, "hello")
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendNothing")
    with pytest.raises(InvalidToken):
        async with client(api, "987654321:wrong"):
            pass


SCRIPTED: list[tuple[str, Json, type[Exception], bool]] = [
    ("too_many", {"retry_after": 7}, RetryAfter, False),
    ("forbidden", {}, Forbidden, False),
    ("not_found", {}, BadRequest, False),
    ("unauthorized", {}, InvalidToken, False),
    ("migrated", {"to_chat_id": -5}, ChatMigrated, False),
    ("query_too_old", {}, BadRequest, False),
    ("server_error", {"status": 502}, NetworkError, False),
    ("server_error", {"status": 500, "effect": True}, NetworkError, True),
    ("reset_before", {}, NetworkError, False),
    ("reset_after", {}, NetworkError, True),
    ("garbage", {}, Exception, True),
    ("hang", {"effect": True}, TimedOut, True),
    ("hang", {}, TimedOut, False),
]


@pytest.mark.parametrize(("kind", "more", "error", "effect"), SCRIPTED)
async def test_a_scripted_fault_comes_once_and_where_it_should(
    api: BotApi, bot: Bot, kind: str, more: dict[str, Any], error: type[Exception], effect: bool
) -> None:
    api.know(ANNA, GROUP)
    api.fail("*", kind, chat_id=ANNA, **more)
    await bot.send_message(GROUP, "not meant")
    assert await bot.get_updates() == ()
    with pytest.raises(error):
        await bot.send_message(ANNA, "hello", read_timeout=0.5)
    call = api.calls[-1]
    assert (call.chat_id, call.ok, bool(call.error)) == (ANNA, effect, not effect)
    assert len(api.messages[ANNA]) == effect
    await bot.send_message(ANNA, "hello")


async def test_faults_can_be_forgotten_and_must_be_known(api: BotApi, bot: Bot) -> None:
    api.fail("getMe", "forbidden", times=5)
    with pytest.raises(Forbidden):
        await bot.get_me()
    api.heal()
    await bot.get_me()
    with pytest.raises(ValueError, match="no fault 'rain'"):
        api.fail("getMe", "rain")


async def test_sending_too_fast_is_refused(api: BotApi, bot: Bot) -> None:
    api.limits = True
    api.know(*range(1, 50))
    for _ in range(5):
        await bot.send_message(1, "burst")
    with pytest.raises(RetryAfter):
        await bot.send_message(1, "burst")
    sent = await asyncio.gather(
        *(bot.send_message(chat_id, "bulk") for chat_id in range(2, 50)), return_exceptions=True
    )
    went = sum(isinstance(result, Message) for result in sent)
    seconds = api.calls[-1].at - api.calls[0].at  # a busy machine takes some
    assert 25 <= went <= 30 + 30 * seconds
    assert sum(isinstance(result, RetryAfter) for result in sent) == 48 - went


async def test_latency_is_that_of_methods_and_not_of_polling(api: BotApi, bot: Bot) -> None:
    api.latency_s = 0.2
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await bot.get_updates()
    polled = loop.time()
    await bot.get_me()
    assert polled - begun < 0.2 <= loop.time() - polled


# Webhook.


@asynccontextmanager
async def shop(answers: list[int]) -> AsyncIterator[tuple[str, list[web.BaseRequest], list[Json]]]:
    """A page that gets updates and answers with these codes in turn, then with 200."""
    requests: list[web.BaseRequest] = []
    bodies: list[Json] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        requests.append(request)
        bodies.append(json.loads(await request.read()))
        return web.Response(status=answers.pop(0) if answers else 200)

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}/hook", requests, bodies
    await runner.cleanup()


async def test_a_webhook_gets_each_update_until_it_says_200(api: BotApi, bot: Bot) -> None:
    api.text(ANNA, "before")
    async with shop([500, 404]) as (url, requests, bodies):
        await bot.set_webhook(url, secret_token="a-secret", max_connections=1)
        info = await bot.get_webhook_info()
        assert (info.url, info.max_connections) == (url, 1)
        await api.wait_for(lambda: api.pending == 0)
        api.text(ANNA, "after")
        await api.wait_for(lambda: len(bodies) == 4 and api.pending == 0)
        assert [body["message"]["text"] for body in bodies] == ["before"] * 3 + ["after"]
        assert Update.de_json(bodies[-1], bot).effective_user
        secrets = {request.headers["X-Telegram-Bot-Api-Secret-Token"] for request in requests}
        assert secrets == {"a-secret"}
        assert requests[0].headers["Content-Type"] == "application/json"
        message = (await bot.get_webhook_info()).last_error_message
        assert message == "Wrong response from the webhook: 404 Not Found"
        with pytest.raises(Conflict, match="(?i)while webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_a_webhook_out_of_reach_keeps_the_updates(api: BotApi, bot: Bot) -> None:
    async with shop([]) as (url, _, _):
        pass
    api.text(ANNA, "hello")
    await bot.set_webhook(url)
    await api.wait_for(lambda: "last_error_message" in api.webhook_info())
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")
    await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_webhook_ends_the_poll_and_works_in_parallel(api: BotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    async with shop([]) as (url, requests, bodies):
        await bot.set_webhook(url, max_connections=4)
        with pytest.raises(Conflict, match="terminated by setWebhook"):
            await asyncio.wait_for(poll, 2)
        numbers = [api.text(ANNA, str(number))["update_id"] for number in range(40)]
        await api.wait_for(lambda: api.pending == 0)
        assert sorted(body["update_id"] for body in bodies) == numbers
        assert 1 < len({id(request.transport) for request in requests}) <= 4
        api.repeat(numbers[5])
        await api.wait_for(lambda: len(bodies) == 41)
        assert bodies[-1]["update_id"] == numbers[5]
        await bot.delete_webhook()


# As a process.


async def test_it_runs_as_a_process_and_is_driven_over_http() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.telegram.bot_api", "--port", "0", "--latency-ms", "1"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        await drive((await process.stdout.readline()).decode().strip())
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 5) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def drive(address: str) -> None:
    bot = Bot(TOKEN, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot")
    async with bot, ClientSession(f"{address}/control/") as control:
        person = {"chat": {"id": ANNA, "type": "private"}, "text": "hello"}
        async with control.post("updates", json=[{"message": person}]) as response:
            assert (await response.json())["update_ids"] == ids(await bot.get_updates())
        fault = {"method": "sendMessage", "kind": "too_many", "retry_after": 3}
        async with control.post("fail", json=fault):
            with pytest.raises(RetryAfter):
                await bot.send_message(ANNA, "one")
        async with control.post("know", json=[GROUP]):
            await bot.send_message(GROUP, "two")
        async with control.get("calls?since=2") as response:
            told = await response.json()
            assert told["count"] == 4 and [call["ok"] for call in told["calls"]] == [False, True]
        async with control.get("state") as response:
            state = await response.json()
            assert (state["pending"], state["message_count"]) == (1, 1)
            assert state["messages"][str(GROUP)]["1"]["text"] == "two"
