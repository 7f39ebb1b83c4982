"""The Bot API's methods by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.telegram.bot_api_calls import Call, Json, Upload, bad_request
from tests.telegram.bot_api_chats import Chats
from tests.telegram.bot_api_profile import Profile
from tests.telegram.bot_api_updates import Updates

SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


class Methods:
    """Names are matched as Telegram does: whatever their case."""

    def __init__(self, bot: Json, chats: Chats, updates: Updates, profile: Profile) -> None:
        self._updates = updates
        me = bot | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self._in_chats: dict[str, Callable[[Call, dict[str, Upload]], Any]] = {
            "sendMessage": chats.send_message,
            "sendPhoto": chats.send_photo,
            "sendDocument": chats.send_document,
            "sendVoice": chats.send_voice,
            "sendMediaGroup": chats.send_media_group,
            "sendInvoice": chats.send_invoice,
            "sendChatAction": chats.send_chat_action,
            "copyMessage": chats.copy_message,
            "deleteMessage": chats.delete_message,
            "editMessageText": chats.edit_message_text,
            "editMessageCaption": chats.edit_message_caption,
            "editMessageMedia": chats.edit_message_media,
            "editMessageReplyMarkup": chats.edit_message_reply_markup,
            "answerCallbackQuery": chats.answer_callback_query,
            "answerPreCheckoutQuery": chats.answer_pre_checkout_query,
            "getFile": chats.get_file,
        }
        self._others: dict[str, Callable[[Call], Any]] = {
            "getMe": lambda _: me,
            "logOut": lambda _: True,
            "close": lambda _: True,
            "getWebhookInfo": lambda _: updates.webhook_info(),
            "setMyCommands": profile.set_commands,
            "getMyCommands": profile.get_commands,
            "setMyName": partial(profile.set_text, "name"),
            "getMyName": partial(profile.get_text, "name"),
            "setMyDescription": partial(profile.set_text, "description"),
            "getMyDescription": partial(profile.get_text, "description"),
            "setMyShortDescription": partial(profile.set_text, "short_description"),
            "getMyShortDescription": partial(profile.get_text, "short_description"),
        }
        names = [*self._in_chats, *self._others, "getUpdates", "setWebhook", "deleteWebhook"]
        self._names = {name.lower(): name for name in names}

    def named(self, name: str) -> str | None:
        """The method's name as documented; None if there is no such method."""
        return self._names.get(name.lower())

    async def carry_out(self, call: Call, uploads: dict[str, Upload]) -> tuple[Any, str]:
        """Telegram's result and, for webhooks, its remark. Raises Refusal."""
        if act := self._in_chats.get(call.method):
            return act(call, uploads), ""
        if tell := self._others.get(call.method):
            return tell(call), ""
        if call.method == "getUpdates":
            return await self._updates.get(call.params), ""
        if call.method == "deleteWebhook":
            return True, await self._updates.set_webhook(call.params | {"url": ""})
        if not SECRET.fullmatch(call.params.get("secret_token") or ""):
            raise bad_request("secret token contains unallowed characters")
        return True, await self._updates.set_webhook(call.params)
