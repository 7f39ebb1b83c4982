"""The reference: python-telegram-bot as its own example has it, which says everything back.

    python -m tests.bench.echo_bot API_ADDRESS TOKEN CONCURRENCY

It keeps nothing and answers with the same text; concurrency 0 is one update after another.
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, MessageHandler, filters


async def echo(update: Update, _context: Any) -> None:
    """Says it back."""
    assert update.message and update.message.text
    await update.message.reply_text(update.message.text)


def main(address: str, token: str, concurrency: int) -> None:
    """Polls until it is stopped."""
    builder = Application.builder().token(token).base_url(f"{address}/bot")
    if concurrency:
        builder = builder.concurrent_updates(concurrency).connection_pool_size(concurrency)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
