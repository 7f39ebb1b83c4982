"""Money that came or went by a payment service and fits no order, for a seller to see to."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import orders, unsettled
from bot.shop.unsettled import Money
from bot.talk import desk, suspense
from bot.talk.sellers import receipts
from bot.talk.turn import Turn

ASKED = "unmatched"
# How it is seen to, and the account that says so, if it is not the cash by which it came: what went
# twice was transferred back (or the first was never sent), or is given up.
SEEN_TO = {"matched": "", "money-back": "cash:transfer", "let-go": "refunds"}
VERBS = ("unmatched", "matches", *SEEN_TO)


def shown(turn: Turn, found: Money) -> tuple[str, Choice]:
    """A line of what waits, and its button."""
    _, values = suspense.text(turn, found)
    id = "todo.money" if found.amount_minor > 0 else "todo.money-twice"
    line = turn.words(id, day=turn.day(found.at), **values)
    return line, Choice(values["money"], f"unmatched:{found.id}")


def press(turn: Turn, verb: str, subject: str) -> None:
    """`unmatched` shows it, `matches` asks for its order, the others say that it is seen to."""
    found = unsettled.money(turn.unit.db, int(subject[:18])) if subject.isdecimal() else None
    values = [choice.value for choice in suspense.choices(turn, found)] if found else []
    if found is None or (verb != "unmatched" and f"{verb}:{found.id}" not in values):
        turn.say("stale.nothing")
    elif verb == "unmatched":
        id, named = suspense.text(turn, found)
        turn.say(id, choices=suspense.choices(turn, found), **named)
    elif verb == "matches":
        turn.state.asked, turn.state.lot = ASKED, found.id
        turn.say("staff.ask-matching", money=suspense.money(turn, found))
    else:
        by = turn.chat.person
        unsettled.settle_money(turn.unit, found, "", by=by, account=SEEN_TO[verb])
        turn.say("staff.money-settled", money=suspense.money(turn, found))


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
