"""What people see of the bot before they write: its commands and what it says of itself.

Written only where it differs: Telegram makes those wait long who write it at each start.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable

from telegram import Bot

from bot.channels.telegram.updates import COMMANDS

log = logging.getLogger(__name__)

DESCRIPTION_MAX = 512
SHORT_MAX = 120

Texts = Callable[..., str]  # language, id, values → text


async def bring_up_to_date(
    bot: Bot,
    languages: Iterable[str],
    texts: Texts,
    shop_name: Callable[[str], Awaitable[str]],
) -> None:
    """Writes commands and descriptions in every language. Raises TelegramError.

    English is what people of all other languages see.
    """
    for language in languages:
        for code in _codes(language):
            await _bring(bot, code, language, texts, await shop_name(language))


def _codes(language: str) -> tuple[str, ...]:
    """Telegram's codes for a language: two letters, '' for all who have none of their own.

    Telegram tells the scripts of Chinese apart nowhere here, so the simplified one stands for it.
    """
    if language == "en":
        return ("", "en")
    return () if language == "zh-Hant" else (language.partition("-")[0],)


async def _bring(bot: Bot, code: str, language: str, texts: Texts, shop: str) -> None:
    commands = [(name, texts(language, f"telegram.command-{name}")) for name in COMMANDS]
    known = await bot.get_my_commands(language_code=code)
    if [(command.command, command.description) for command in known] != commands:
        await bot.set_my_commands(commands, language_code=code)
        log.info("telegram: commands written (%s)", code or "all")
    about = texts(language, "telegram.about", shop=shop)[:DESCRIPTION_MAX]
    if (await bot.get_my_description(language_code=code)).description != about:
        await bot.set_my_description(about, language_code=code)
    short = texts(language, "telegram.short", shop=shop)[:SHORT_MAX]
    if (await bot.get_my_short_description(language_code=code)).short_description != short:
        await bot.set_my_short_description(short, language_code=code)
