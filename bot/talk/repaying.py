"""What buyers are told of money that goes back to them."""

from __future__ import annotations

import re

from bot.shop import money_back, orders, refunds
from bot.shop.money_back import MoneyBack, Stage
from bot.shop.orders import Order
from bot.talk import desk, tracking
from bot.talk.cards import told_of
from bot.talk.turn import Turn

RECENT_MS = 14 * 24 * 3_600_000  # how long money that went back is still asked for
_OF_MONEY = re.compile(r"[钱錢款退]|refund|money|paid|དངུལ|སློག", re.IGNORECASE)
SAID_MAX = 1_000  # characters kept of what may be a complaint


def complain(turn: Turn) -> None:
    """Something went wrong: the seller is called, unless the buyer may ask for money on its way.

    Who asks for that reads how it stands, and what they wrote goes to the seller when they say that
    something else is wrong, or ask again while nothing is new.
    """
    plain = not turn.reading.lines and "abuse" not in turn.reading.marks
    found = _spoken_of(turn) if plain else []
    if found and _is_of_goods(turn, found[0][0]):
        found = []
    told = "".join(f"{order.number}{back}" for order, back in found)
    if not found:
        desk.hand_over(turn, "desk.aftersales")
    elif told == turn.state.told or any(_is_undecided(turn, order) for order, _ in found):
        desk.hand_over(turn, "desk.passed-on")
    else:
        turn.state.complaint, turn.state.told = turn.text[:SAID_MAX], told
        choices = (turn.choice("button.something-wrong", "wrong"),)
        for order, back in found:
            turn.say("repaid.stands", number=order.number, back=back, choices=choices)


def something_wrong(turn: Turn) -> None:
    """It was a complaint: it goes to the seller as it was written."""
    turn.text, turn.state.complaint = turn.state.complaint, ""
    turn.reading = turn.reader.read(turn.text)
    desk.hand_over(turn, "desk.aftersales" if turn.text else "desk.human")


def _spoken_of(turn: Turn) -> list[tuple[Order, str]]:
    """The person's orders, or the one that is named, of whose money there is something to tell."""
    named = orders.find(turn.unit.db, turn.text)
    found = [each for each in tracking.mine(turn) if named is None or each.id == named.id]
    return [
        (order, told_of(turn, order))
        for order in found
        if any(_is_asked_for(turn, sum) for sum in money_back.of_order(turn.unit.db, order))
    ]


def _is_of_goods(turn: Turn, repaid: Order) -> bool:
    """Whether it is rather about a later order, whose goods have left: money is not spoken of."""
    if _OF_MONEY.search(turn.text) or orders.find(turn.unit.db, turn.text):
        return False
    return any(
        each.id > repaid.id and each.state in refunds.HAVE_LEFT for each in tracking.mine(turn)
    )


def _is_asked_for(turn: Turn, sum: MoneyBack) -> bool:
    lately = sum.at is not None and turn.unit.now - sum.at < RECENT_MS
    return sum.stage in money_back.OPEN or (sum.stage is Stage.SENT and lately)


def _is_undecided(turn: Turn, order: Order) -> bool:
    return any(sum.stage is Stage.HELD for sum in money_back.of_order(turn.unit.db, order))
