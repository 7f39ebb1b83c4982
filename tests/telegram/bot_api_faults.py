"""What goes wrong at the Bot API server: faults by script, and Telegram's sending limits."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from tests.telegram.bot_api_calls import Call, Refusal

Kind = Literal[
    "too_many",
    "forbidden",
    "not_found",
    "unauthorized",
    "migrated",
    "query_too_old",
    "server_error",
    "hang",
    "reset_before",
    "reset_after",
    "garbage",
]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
BLOCKED = "Forbidden: bot was blocked by the user"
UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"

OVERALL_PER_S = 30.0
CHAT_PER_S = 1.0
CHAT_BURST = 5.0


@dataclass(slots=True)
class Fault:
    method: str
    kind: str
    chat_id: int | None = None
    times: int = 1
    retry_after: int = 1
    status: int = 500
    effect: bool | None = None
    to_chat_id: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; one of {', '.join(KINDS)}")
        if self.kind == "reset_after" or (self.kind == "garbage" and self.effect is None):
            self.effect = True

    def meets(self, call: Call) -> bool:
        if self.chat_id is not None and self.chat_id != call.chat_id:
            return False
        return self.method == call.method or (self.method == "*" and call.method != "getUpdates")

    def refusal(self) -> Refusal | None:
        """What Telegram answers; None where the connection or the server itself fails."""
        match self.kind:
            case "too_many":
                return too_many(self.retry_after)
            case "forbidden":
                return Refusal(403, BLOCKED)
            case "not_found":
                return Refusal(400, "Bad Request: chat not found")
            case "unauthorized":
                return Refusal(401, "Unauthorized")
            case "migrated":
                return Refusal(400, UPGRADED, migrate_to_chat_id=self.to_chat_id or 0)
            case "query_too_old":
                return Refusal(400, f"Bad Request: {QUERY_TOO_OLD}")
        return None


class Faults:
    """The faults still to come, the oldest first."""

    def __init__(self) -> None:
        self._to_come: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._to_come.append(fault)

    def clear(self) -> None:
        self._to_come.clear()

    def __len__(self) -> int:
        return sum(fault.times for fault in self._to_come)

    def take(self, call: Call) -> Fault | None:
        for fault in self._to_come:
            if fault.meets(call):
                fault.times -= 1
                if fault.times <= 0:
                    self._to_come.remove(fault)
                return fault
        return None


@dataclass(slots=True)
class Bucket:
    """Tokens that come back at a steady rate up to a burst."""

    per_s: float
    burst: float
    tokens: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def missing_s(self, cost: float, now: float) -> float:
        """Seconds until `cost` tokens are there; 0 if they are."""
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.per_s)
        self.at = now
        return max(0.0, (min(cost, self.burst) - self.tokens) / self.per_s)


class Pace:
    """How fast a bot may send: an album counts as many messages as it has."""

    def __init__(self) -> None:
        self._overall = Bucket(OVERALL_PER_S, OVERALL_PER_S)
        self._chats: dict[int, Bucket] = {}

    def check(self, call: Call) -> None:
        """Raises 429 if this sending is too early; otherwise counts it."""
        if call.chat_id is None or not call.method.startswith(("send", "copy")):
            return
        if call.method == "sendChatAction":
            return
        cost = len(call.params.get("media") or [0])
        buckets = [self._chats.setdefault(call.chat_id, Bucket(CHAT_PER_S, CHAT_BURST))]
        if not call.params.get("allow_paid_broadcast"):
            buckets.append(self._overall)
        wait_s = max(bucket.missing_s(cost, call.at) for bucket in buckets)
        if wait_s > 0:
            raise too_many(math.ceil(wait_s))
        for bucket in buckets:
            bucket.tokens -= cost


def too_many(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
