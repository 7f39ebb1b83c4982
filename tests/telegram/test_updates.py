"""What each kind of update means."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from telegram import Bot, Update

from bot.channels.telegram import updates
from bot.messages import Address, Blocked, Message, Migrated, Press

ME = updates.Bot(7, "GoodsBot")
ANNA = {"id": 5, "is_bot": False, "first_name": "Anna", "language_code": "zh-hans"}
PRIVATE = {"id": 5, "type": "private", "first_name": "Anna"}
GROUP = {"id": -9, "type": "group", "title": "虫草群"}
KEY = "telegram:7:100"
HERE = Address("telegram", "5")
WHO: dict[str, Any] = {"name": "Anna", "language": "zh-hans"}
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 10}


def read(**raw: Any) -> updates.Read:
    """An update of a private chat, read."""
    whole = {"update_id": 100, **raw}
    bot = Bot("7:token")
    found = updates.read_raw(whole, ME, bot)
    assert found == updates.read(Update.de_json(whole, bot), ME)  # however short the way
    return found


def said(**fields: Any) -> updates.Read:
    """A message of Anna's, read."""
    return read(message=message(**fields))


def message(chat: dict[str, Any] = PRIVATE, **fields: Any) -> dict[str, Any]:
    """A message of Anna's."""
    return {"message_id": 1, "date": 0, "chat": chat, "from": ANNA, **fields}


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"text": "虫草怎么卖"}, Message(KEY, HERE, "虫草怎么卖", **WHO)),
        ({"text": "/start"}, Press(KEY, HERE, "start:", **WHO)),
        ({"text": "/start video7"}, Press(KEY, HERE, "start:video7", **WHO)),
        ({"text": "/orders@GoodsBot"}, Press(KEY, HERE, "orders", **WHO)),
        ({"text": "/nonsense"}, Message(KEY, HERE, "/nonsense", **WHO)),
        (
            {"contact": {"phone_number": "13800138000", "first_name": "扎西"}},
            Message(KEY, HERE, "扎西 13800138000", **WHO),
        ),
        ({"location": {"latitude": 1, "longitude": 2}}, Message(KEY, HERE, kind="location", **WHO)),
        (
            {
                "location": {"latitude": 1, "longitude": 2},
                "venue": {
                    "location": {"latitude": 1, "longitude": 2},
                    "title": "茶馆",
                    "address": "成都市人民南路1号",
                },
            },
            Message(KEY, HERE, "成都市人民南路1号 茶馆", **WHO),
        ),
        (
            {
                "sticker": FILE
                | {
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                    "type": "regular",
                    "emoji": "👍",
                }
            },
            Message(KEY, HERE, "👍", **WHO),
        ),
        ({"dice": {"emoji": "🎲", "value": 3}}, Message(KEY, HERE, kind="unknown", **WHO)),
    ],
)
def test_a_message(fields: dict[str, Any], event: Message | Press) -> None:
    found = said(**fields)
    if isinstance(event, Message):
        event = structs.replace(event, id="1")
    assert found == updates.Read(event)


def test_an_answer_names_the_message_that_it_answers() -> None:
    ours = {"message_id": 77, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "?"}
    found = said(text="好的", reply_to_message=ours).event
    assert isinstance(found, Message)
    assert (found.id, found.reply_to) == ("1", "77")


def test_a_photo_comes_with_its_largest_size_caption_and_album() -> None:
    sizes = [FILE | {"file_id": id, "width": 1, "height": 1} for id in ("small", "large")]
    found = said(photo=sizes, caption="付了", media_group_id="album")
    assert found.event == Message(KEY, HERE, "付了", album="album", id="1", **WHO)
    assert found.file == updates.FileToFetch("large", "image/jpeg", 10, True)


@pytest.mark.parametrize(
    ("fields", "kind", "media_type"),
    [
        ({"voice": FILE | {"duration": 3, "mime_type": "audio/ogg"}}, "audio", "audio/ogg"),
        ({"video": FILE | {"width": 1, "height": 1, "duration": 1}}, "video", "video/mp4"),
        ({"document": FILE | {"mime_type": "image/png"}}, "", "image/png"),
        ({"document": FILE | {"mime_type": "application/pdf"}}, "application", "application/pdf"),
    ],
)
def test_other_files(fields: dict[str, Any], kind: str, media_type: str) -> None:
    found = said(**fields)
    assert isinstance(found.event, Message) and found.file
    assert (found.event.kind, found.file.media_type) == (kind, media_type)


def test_a_corrected_text_is_said_anew_and_a_moving_place_is_not() -> None:
    assert read(edited_message=message(text="要30根")).event == Message(KEY, HERE, "要30根", **WHO)
    moving = message(location={"latitude": 1, "longitude": 2})
    assert read(edited_message=moving).event is None


def test_a_press_carries_its_value_and_asks_for_an_answer() -> None:
    query = {"id": "1", "from": ANNA, "chat_instance": "c", "data": "g:1", "message": message()}
    found = read(callback_query=query)
    assert found.event == Press(KEY, HERE, "g:1", **WHO)
    assert found.query and found.query.id == "1"


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False)])
def test_blocked_and_unblocked(status: str, blocked: bool) -> None:
    was = {"user": ANNA, "status": "member"}
    now = {"user": ANNA, "status": status, "until_date": 0}
    change = {
        "chat": PRIVATE,
        "from": ANNA,
        "date": 0,
        "old_chat_member": was,
        "new_chat_member": now,
    }
    assert read(my_chat_member=change).event == Blocked(KEY, HERE, blocked)


def test_a_group_that_moves() -> None:
    moved = message(chat=GROUP, migrate_to_chat_id=-100)
    assert read(message=moved).event == Migrated(KEY, Address("telegram", "-9"), "-100")


def test_in_a_group_only_who_calls_the_shop_is_answered() -> None:
    asked = Press(KEY, Address("telegram", "-9"), "group", **WHO)
    assert read(message=message(chat=GROUP, text="@goodsbot 虫草怎么卖")).event == asked
    assert read(message=message(chat=GROUP, text="/start@GoodsBot")).event == asked
    assert read(message=message(chat=GROUP, text="虫草怎么卖")).event is None


def test_what_is_nothing_to_us_has_no_event() -> None:
    assert read(channel_post=message(chat=GROUP, text="news")).event is None
    assert said(delete_chat_photo=True).event is None


def test_whom_an_unreadable_update_comes_from() -> None:
    assert updates.chat_of({"message": {"chat": {"id": 5}, "date": "?"}}) == HERE
    assert updates.chat_of({"message": {"chat": {}}}) is None
    assert updates.chat_of({"message": {"chat": {"id": -9}}}) is None
    assert updates.chat_of("nonsense") is None
