"""A Bot API server for tests and benchmarks: Telegram's behaviour over real HTTP, with faults.

    async with BotApi() as api:
        api.text(1, "hello")                  # Anna writes to the bot
        bot = telegram.Bot(api.token, base_url=f"{api.address}/bot", ...)
        await api.wait_for(lambda: api.messages[1], timeout=5)

As a process of its own: `python -m tests.telegram.bot_api --port 0 --latency-ms 50` prints its
address; the paths under /control/ then do what the methods of BotApi do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from tests.telegram.bot_api_calls import Call, Json, SentMessage

Found = TypeVar("Found")

TOKEN = "123456789:test-token-of-the-shop"


class BotApi:
    """The server and everything a test does to it."""

    def __init__(
        self, *, token: str = TOKEN, latency_s: float = 0.0, port: int = 0, limits: bool = False
    ) -> None:
        self.token = token
        self.latency_s = latency_s  # of each method but getUpdates; half before the effect
        self.limits = limits  # answer 429 above 30/s overall or 1/s a chat (burst 5)
        self.address = ""  # http://127.0.0.1:port once started
        self.calls: list[Call] = []  # in the order they took effect
        self.messages: dict[int, dict[int, SentMessage]] = defaultdict(dict)  # chat, message

    async def __aenter__(self) -> BotApi:
        raise NotImplementedError

    async def __aexit__(self, *exception: object) -> None:
        raise NotImplementedError

    # What people do. Each queues an update with the next update_id and returns it.

    def text(
        self,
        chat_id: int,
        text: str,
        *,
        language_code: str | None = "en",
        name: str = "Anna",
        **extra: Any,
    ) -> Json:
        """Someone writes; `extra` are further fields of the Message."""
        raise NotImplementedError

    def press(
        self,
        chat_id: int,
        message_id: int,
        data: str,
        *,
        language_code: str | None = "en",
        name: str = "Anna",
    ) -> Json:
        """Someone presses a button under a message of the bot."""
        raise NotImplementedError

    def photo(
        self,
        chat_id: int,
        content: bytes,
        caption: str | None = None,
        *,
        media_group_id: str | None = None,
        language_code: str | None = "en",
        name: str = "Anna",
        **extra: Any,
    ) -> Json:
        """Someone sends a picture; getFile serves `content`."""
        raise NotImplementedError

    def update(self, raw: Json) -> Json:
        """Any other update: gets an update_id, and message_id, date and query id where absent.

        Its chat is known from now on. my_chat_member with status "kicked" or "member" blocks or
        unblocks the chat; a message with migrate_to_chat_id moves it.
        """
        raise NotImplementedError

    def know(self, *chat_ids: int) -> None:
        """These chats exist, without an update from them."""
        raise NotImplementedError

    def block(self, chat_id: int, *, tell: bool = False) -> None:
        """The bot gets 403 from this chat; with `tell` a my_chat_member update says so."""
        raise NotImplementedError

    def unblock(self, chat_id: int, *, tell: bool = False) -> None:
        """The reverse."""
        raise NotImplementedError

    def migrate(self, chat_id: int, to_chat_id: int) -> None:
        """The group became a supergroup: the old id answers 400 with migrate_to_chat_id."""
        raise NotImplementedError

    # How updates arrive.

    def repeat(self, update_id: int) -> None:
        """Deliver this update once more although it was confirmed."""
        raise NotImplementedError

    def shuffle(self, seed: int | None) -> None:
        """Reorder each batch from now on; None ends it."""
        raise NotImplementedError

    def jump(self, n: int) -> None:
        """Let update ids jump by `n` (may be negative), as after a week of silence."""
        raise NotImplementedError

    @property
    def pending(self) -> int:
        """Updates not confirmed yet."""
        raise NotImplementedError

    # What goes wrong.

    def fail(
        self,
        method: str,
        kind: str,
        *,
        chat_id: int | None = None,
        times: int = 1,
        retry_after: int = 1,
        status: int = 500,
        effect: bool | None = None,
        to_chat_id: int | None = None,
    ) -> None:
        """Let the next `times` calls of `method` (to `chat_id`, if given) go wrong.

        `method` "*" means all but getUpdates; "download" the fetching of a file. Kinds:
        too_many (retry_after in seconds), forbidden, not_found, unauthorized, migrated
        (to_chat_id), query_too_old, server_error (status, HTML body), hang (no answer until the
        server stops), reset_before, reset_after (half an answer), garbage (200, no JSON).
        `effect`: whether the call is carried out all the same; always for reset_after, by
        default for garbage, settable for hang, server_error and garbage.
        """
        raise NotImplementedError

    def heal(self) -> None:
        """Forget all faults that are still to come."""
        raise NotImplementedError

    async def wait_for(self, predicate: Callable[[], Found], timeout: float = 5.0) -> Found:
        """What `predicate` returns as soon as it is true; TimeoutError after `timeout` s."""
        raise NotImplementedError
