"""The ways to pay that there are, as data: who finds the money, and how long goods wait for it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

MINUTE_MS = 60_000


class WayToPay(Struct, frozen=True):
    """A way to pay.

    `hold_ms` is how long goods are held for the money; None: until a person decides. Money that
    comes `by_service` is told by the service itself, else a person finds it. A way with a
    `channel` is offered there only, one with a `currency` in shops that sell in it. One that is
    `charged` has a code made by the service for each order, which is closed before the goods are
    given back, and sends money back by the service.
    """

    hold_ms: int | None
    by_service: bool = False
    charged: bool = False
    channel: str = ""
    currency: str = ""


# Half an hour is long enough to change to the bank's app and back, and short enough for others.
# The first one that can be had is the one proposed.
WAYS: Mapping[str, WayToPay] = {
    "wechatpay": WayToPay(30 * MINUTE_MS, by_service=True, charged=True, currency="CNY"),
    "telegram": WayToPay(30 * MINUTE_MS, by_service=True, channel="telegram"),
    "transfer": WayToPay(30 * MINUTE_MS),
    "cod": WayToPay(None),
}
BY_HAND = frozenset(key for key, way in WAYS.items() if not way.by_service)


def offered(set_up: frozenset[str], channel: str, currency: str) -> tuple[str, ...]:
    """Of the ways that are set up, those that a chat in a channel can have."""
    return tuple(
        key
        for key, way in WAYS.items()
        if key in set_up and way.channel in ("", channel) and way.currency in ("", currency)
    )
