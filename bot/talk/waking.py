"""What the shop does at the moments it asked to be woken at."""

from __future__ import annotations

from contextlib import suppress

from bot.messages import Timer
from bot.shop import announcements, enquiries, flash_sales, orders, payments, timers
from bot.shop.orders import State
from bot.talk import charging, desk, notices, parcel_news
from bot.talk.operators import announcing
from bot.talk.sellers import expecting, settling
from bot.talk.turn import Turn


def wake(turn: Turn, event: Timer) -> None:
    """Does what the shop wanted to do now. What time has freed is there for who waits for it."""
    turn.unit.freed = True
    if event.kind == flash_sales.OVER:
        return
    if event.kind == enquiries.REMIND:
        desk.remind(turn, int(event.subject))
        return
    if event.kind == announcements.GO_ON:
        announcing.go_on(turn, int(event.subject))
        return
    if event.kind in settling.TIMERS:
        settling.wake(turn, event.kind, event.subject)
        return
    if event.kind == parcel_news.LOOK:
        parcel_news.look(turn, event.subject)
        return
    if event.kind == expecting.DUE:
        expecting.ask_came(turn, event.subject)
        return
    order = orders.by_id(turn.unit.db, int(event.subject))
    if order is None:
        return
    if event.kind == orders.EXPIRE and order.state is State.PLACED:
        with suppress(orders.NotAllowed):  # It was paid, or held for longer, in the meantime.
            charging.expire(turn, order)
    elif event.kind == charging.LOOK:
        charging.look(turn, order)
    elif event.kind == orders.REMIND:
        payment = payments.of_order(turn.unit.db, order.id)
        if payment.state == "claimed":
            notices.remind(turn, order)
            since = payment.claimed_at or turn.unit.now
            least_ms = payments.REMIND_MS
            timers.set_again(turn.unit, event.kind, event.subject, since=since, least_ms=least_ms)
