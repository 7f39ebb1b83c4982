"""From whom goods were bought and at what price; what is owed to each household, and paying it."""

from __future__ import annotations

import re

from bot.shop import accounts, stock
from bot.shop.catalogue import Price
from bot.talk import pricing
from bot.talk.turn import Turn

ASKED = "household"
NAME_MAX = 40  # characters
SHOWN_MAX = 20
BUTTONS_MAX = 8
PAID_FROM = "e"  # before the id of the entry up to which all is paid
_NAME = re.compile(r"[^\d¥$€]+")
_PRICED = re.compile(r"\s*每\S*\s*$|\s+(?:at|for|per)\s*$")  # 扎西 每斤 40, Tashi at 40


def ask(turn: Turn, subject: str) -> None:
    """Asks from whom a lot came, or for a correction of that."""
    lot = stock.lot(turn.unit.db, int(subject[:18])) if subject.isdecimal() else None
    if lot is None:
        turn.say("stale.nothing")
        return
    turn.state.asked, turn.state.lot = ASKED, lot.id
    if lot.household:
        turn.say("household.ask-again", who=lot.household, money=turn.money(lot.paid_minor))
    else:
        turn.say("household.ask")


def take(turn: Turn) -> bool:
    """A name and a price after they were asked for, such as 扎西 40; False for anything else."""
    lot = stock.lot(turn.unit.db, turn.state.lot)
    product = turn.product(lot.product) if lot else None
    if lot is None or product is None:
        return False
    found = _NAME.match(turn.text)
    name = _PRICED.sub("", found[0]).strip(" ,，:：、-་།\u3000") if found else ""
    own = product.grade(lot.grade).price
    minor = pricing.said(turn, product, own)
    if not minor or len(name) > NAME_MAX:
        return False
    if not name:
        turn.say("household.ask")
        return True
    paid = Price(minor, own.per).of(stock.came_in(turn.unit.db, lot))
    stock.set_source(turn.unit, lot, name, paid, by=turn.chat.person)
    turn.state.asked, turn.state.lot = "", 0
    turn.say(
        "household.noted",
        name=turn.name(product, lot.grade),
        who=name,
        money=turn.money(paid),
        choices=(turn.choice("button.correct-household", f"household:{lot.id}"),),
    )
    return True


def listing(turn: Turn) -> None:
    """What is owed to each household, the most first."""
    owed = accounts.owed(turn.unit.db, SHOWN_MAX)
    if not owed:
        turn.say("household.none")
        return
    lines = [
        turn.words(
            "household.line" if each.minor > 0 else "household.over",
            who=each.household,
            money=turn.money(abs(each.minor)),
        )
        for each in owed
    ]
    choices = tuple(
        turn.choice(
            "button.pay-household",
            f"pay-household:{PAID_FROM}{each.entry_id}",
            who=each.household,
            money=turn.money(each.minor),
        )
        for each in owed[:BUTTONS_MAX]
        if each.minor > 0
    )
    turn.say("household.list", lines="\n".join(lines), choices=choices)


def pay(turn: Turn, subject: str) -> None:
    """What the button says was given to a household, if nothing has changed since."""
    id = subject.removeprefix(PAID_FROM)
    known = subject != id and id.isdecimal()
    paid = accounts.pay(turn.unit, int(id[:18]), by=turn.chat.person) if known else None
    if paid is None:
        turn.say("stale.nothing")
        return
    turn.say("household.paid", who=paid.household, money=turn.money(paid.minor))
