"""Telegram: what it is called and what it can show. The rest is imported once a token is set."""

from __future__ import annotations

from bot.messages import Abilities

CHANNEL = "telegram"

# Longer texts are split, so that a limit on ours would only cut what a person may read.
ABILITIES = Abilities(buttons=True, cards=True, pushed=True)

# Messages under way at once: more than 1,000 a second when each takes 50 ms, which Telegram allows
# nobody without paying for it.
WINDOW = 96


class TokenRefused(Exception):
    """Telegram does not know the token, or no longer does."""
