"""From whom goods were bought and at what price; what is owed to each household, and paying it."""

from __future__ import annotations

import re

from bot.shop import accounts, stock
from bot.shop.accounts import Paid
from bot.shop.catalogue import Price
from bot.talk import pricing
from bot.talk.turn import Turn

ASKED, ASKED_WAY = "household", "household-way"
NAME_MAX = 40  # characters
SHOWN_MAX = 20
BUTTONS_MAX = 8
PAID_FROM = "e"  # before the id of the entry up to which all is paid
WAY_SAID_MAX = 40  # characters of a message that says by which way
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
    turn.state.asked, turn.state.lot = ASKED_WAY, 0
    turn.say("household.list", lines="\n".join(lines), choices=choices)


def pay(turn: Turn, subject: str) -> None:
    """What the button says was given to a household, if nothing has changed since.

    The way is the one of last time; another can be said afterwards, or is part of the button.
    """
    id, _, way = subject.removeprefix(PAID_FROM).partition(":")
    paid, by = None, turn.chat.person
    if id.isdecimal() and not way:
        usual = accounts.usual_way(turn.unit.db, by)
        paid = accounts.pay(turn.unit, int(id[:18]), usual, by=by)
    elif id.isdecimal() and way in accounts.WAYS:
        paid = accounts.pay_otherwise(turn.unit, int(id[:18]), way, by=by)
    _told(turn, paid)


def take_way(turn: Turn) -> bool:
    """By which way the last one was paid, or a household of the list; False for anything else."""
    way = _way_said(turn)
    named = [each for each in accounts.owed(turn.unit.db, SHOWN_MAX) if each.household in turn.text]
    by = turn.chat.person
    if way and named:
        longest = max(named, key=lambda each: len(each.household))
        _told(turn, accounts.pay(turn.unit, longest.entry_id, way, by=by))
    elif way and turn.state.lot:
        _told(turn, accounts.pay_otherwise(turn.unit, turn.state.lot, way, by=by))
    else:
        return False
    return True


def _way_said(turn: Turn) -> str:
    """The way that a short message names in any of the shop's languages; '' for none."""
    if len(turn.text) > WAY_SAID_MAX:
        return ""
    text = f"{turn.text} {turn.reading.text}".casefold()
    for way in ("notes", "wechat", "transfer"):  # By WeChat one transfers too.
        names = (turn.locales.text(each, f"household.{way}") for each in turn.locales.languages)
        if any(name.casefold() in text for name in names):
            return way
    return ""


def _told(turn: Turn, paid: Paid | None) -> None:
    """What is in the books now, and the other ways, if it went by one of these."""
    if paid is None:
        turn.say("stale.nothing")
        return
    turn.state.asked, turn.state.lot = ASKED_WAY, paid.entry_id
    others = tuple(
        turn.choice(f"button.by-{way}", f"pay-household:{PAID_FROM}{paid.entry_id}:{way}")
        for way in accounts.WAYS
        if way != paid.way
    )
    way = turn.words(f"household.{paid.way}")
    money = turn.money(paid.minor)
    turn.say("household.paid", who=paid.household, money=money, way=way, choices=others)
