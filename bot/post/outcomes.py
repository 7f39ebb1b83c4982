"""What becomes of a message, as the function of a channel that sends it tells.

It returns what the channel calls the messages, or raises:

    RetryLater      it waits as long as the service asked, alone or with the whole channel
    NotSent         it waits, longer each time; nothing has left, so a `once` row may try again
    Unreachable     failed: the person has blocked us, or the chat is gone
    Refused         failed: the service will never take this message
    other errors    a `repeat` row waits, longer each time; a `once` row is unknown
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.messages import Content

Send = Callable[[str, Content], Awaitable[Sequence[str]]]  # an address, and what to say there


class RetryLater(Exception):
    """The service asks to wait; with `whole`, for all chats of the channel."""

    def __init__(self, seconds: float, *, whole: bool = False) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds
        self.whole = whole


class NotSent(Exception):
    """The message certainly did not leave, and may be sent again."""


class Unreachable(Exception):
    """The chat cannot be written to: blocked, deleted, never begun."""


class Refused(Exception):
    """The service will not take this message, however often it is sent."""
