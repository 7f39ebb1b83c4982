"""Money that came by a payment service and fits no order, for a seller to see to."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import orders, unsettled
from bot.shop.unsettled import Money
from bot.talk import desk, notices, receipts
from bot.talk.turn import Turn

ASKED = "unmatched"


def shown(turn: Turn, found: Money) -> tuple[str, Choice]:
    """A line of what waits, and its button."""
    money = _money(turn, found)
    line = turn.words(
        "todo.money",
        money=money,
        day=turn.day(found.at),
        number=found.number,
        reference=found.reference,
    )
    return line, Choice(money, f"unmatched:{found.id}")


def press(turn: Turn, verb: str, subject: str) -> None:
    """`unmatched` shows it, `matches` asks for its order, `matched` says that it is seen to."""
    found = unsettled.money(turn.unit.db, int(subject[:18])) if subject.isdecimal() else None
    if found is None:
        turn.say("stale.nothing")
    elif verb == "matches":
        turn.state.asked, turn.state.lot = ASKED, found.id
        turn.say("staff.ask-matching", money=_money(turn, found))
    elif verb == "matched":
        unsettled.settle_money(turn.unit, found, "", by=turn.chat.person)
        turn.say("staff.money-settled", money=_money(turn, found))
    else:
        turn.say(
            "staff.unmatched",
            money=_money(turn, found),
            number=found.number,
            reference=found.reference,
            choices=notices.unmatched_choices(turn, found),
        )


def _money(turn: Turn, found: Money) -> str:
    return turn.locales.money(turn.language, found.amount_minor, found.currency)


def take(turn: Turn) -> bool:
    """The number of the order that it is for; False when none was said."""
    found = unsettled.money(turn.unit.db, turn.state.lot)
    order = orders.find(turn.unit.db, turn.text)
    if found is None or order is None:
        return False
    turn.state.asked, turn.state.lot = "", 0
    if receipts.receive(turn, order, found.way, found.amount_minor, found.reference):
        unsettled.settle_money(turn.unit, found, order.number, by=turn.chat.person)
    else:
        desk.not_now(turn, order)
    return True
