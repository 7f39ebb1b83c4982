"""What the bot says about itself in each language: commands, descriptions and names."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.telegram.bot_api_calls import Call, Json, bad_request

LENGTHS_MAX = {"name": 64, "description": 512, "short_description": 120}
COMMANDS_MAX = 100


class Profile:
    """Set per language; commands per scope too."""

    def __init__(self, bot: Json) -> None:
        self._bot = bot
        self._commands: dict[tuple[bytes, str], list[Json]] = {}
        self._texts: dict[tuple[str, str], str] = {}

    def set_commands(self, call: Call) -> bool:
        commands = call.params.get("commands") or []
        if len(commands) > COMMANDS_MAX:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._commands[_audience(call.params)] = commands
        return True

    def get_commands(self, call: Call) -> list[Json]:
        return self._commands.get(_audience(call.params), [])

    def set_text(self, what: str, call: Call) -> bool:
        """`what` is name, description or short_description."""
        text = call.params.get(what) or ""
        if len(text) > LENGTHS_MAX[what]:
            raise bad_request(f"{what.replace('_', ' ')} is too long")
        self._texts[what, call.params.get("language_code") or ""] = text
        return True

    def get_text(self, what: str, call: Call) -> dict[str, Any]:
        text = self._texts.get((what, call.params.get("language_code") or ""), "")
        if what == "name" and not text:
            text = self._texts.get((what, "")) or self._bot["first_name"]
        return {what: text}


def _audience(params: Json) -> tuple[bytes, str]:
    scope = params.get("scope") or {"type": "default"}
    return msgspec.json.encode(scope, order="deterministic"), params.get("language_code") or ""
