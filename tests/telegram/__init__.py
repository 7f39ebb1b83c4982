"""The Telegram channel and a Bot API server to try it against."""
