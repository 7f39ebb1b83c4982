"""From whom goods were bought and at what price; what is owed to each household, and paying it."""

from __future__ import annotations

import re

from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import accounts, orders, stock
from bot.shop.accounts import Owed, Paid
from bot.shop.catalogue import Price
from bot.talk import pricing
from bot.talk.turn import Turn

ASKED, ASKED_WAY = "household", "household-way"
NAME_MAX = 40  # characters
SHOWN_MAX = 20
BUTTONS_MAX = 8
PAID_FROM = "e"  # before the id of the entry up to which all is paid
SAID_MAX = 40  # characters of a message that says what was paid, and by which way
_NAME = re.compile(r"[^\d¥$€]+")
_PRICED = re.compile(r"\s*每\S*\s*$|\s+(?:at|for|per)\s*$")  # 扎西 每斤 40, Tashi at 40
_IN_ALL = re.compile(  # what the whole lot costs
    r"的?(?:[一总總统統]共|[共合][计計]|全部|[总總][价價])"
    r"|\b(?:in all|in total|total|altogether|for (?:all|everything|the lot))\b"
    r"|ཁྱོན་བསྡོམས|བསྡོམས|ཁྱོན"
)
_WAYS = {  # The first that fits: by WeChat one transfers too.
    "notes": re.compile(r"现金|现钱|现款|钞票|\bcash\b|\bnotes\b|དངུལ་རྐྱང|དངུལ་ཤོག"),
    "wechat": re.compile(r"微信|wechat|weixin|འཕྲིན་ཕྲན|སྐད་འཕྲིན"),
    "transfer": re.compile(r"转账|转帐|汇款|银行|\btransfer|\bbank\b|དངུལ་བསྐུར|དངུལ་ཁང"),
}
_PAID = re.compile(r"付|给|結|结|\b(?:paid|gave|given)\b|སྤྲད", re.IGNORECASE)
# 扎西付了300 may be what a buyer of that name paid; 付了扎西300 may not.
_PAID_TO = re.compile(r"[付给給结結][了给給清完]*\s*$|\b(?:paid|gave)(?: to)?\s+$", re.IGNORECASE)
_TO = re.compile(r"[་\s]*(?:ལ|ར)་")


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
    in_all = _IN_ALL.search(turn.text)
    found = _NAME.match(turn.text)
    name = _PRICED.sub("", _IN_ALL.sub("", found[0])).strip(" ,，:：、-་།\u3000") if found else ""
    own = product.grade(lot.grade).price
    minor = pricing.sum_said(turn) if in_all else pricing.said(turn, product, own)
    if not minor or len(name) > NAME_MAX:
        return False
    if not name:
        turn.say("household.ask")
        return True
    paid = minor if in_all else Price(minor, own.per).of(stock.came_in(turn.unit.db, lot))
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
    choices = tuple(_pay_choice(turn, each) for each in owed[:BUTTONS_MAX] if each.minor > 0)
    turn.state.asked, turn.state.lot = ASKED_WAY, 0
    turn.say("household.list", lines="\n".join(lines), choices=choices)


def _pay_choice(turn: Turn, owed: Owed, way: str = "", part: int = 0) -> Choice:
    """The button that all was given to a household, or a part of it."""
    value = f"pay-household:{PAID_FROM}{owed.entry_id}" + (f":{way}:{part}" if part else "")
    money = turn.money(part or owed.minor)
    return turn.choice("button.pay-household", value, who=owed.household, money=money)


def pay(turn: Turn, subject: str) -> None:
    """What the button says was given to a household, if nothing has changed since.

    The way is the one of last time; another can be said afterwards, or is part of the button.
    """
    id, _, how = subject.removeprefix(PAID_FROM).partition(":")
    way, _, part = how.partition(":")
    paid, by = None, turn.chat.person
    way = way or ("" if how and not part else accounts.usual_way(turn.unit.db, by))
    if id.isdecimal() and way in accounts.WAYS:
        entry_id = int(id[:18])
        if how and not part:
            paid = accounts.pay_otherwise(turn.unit, entry_id, way, by=by)
        elif not part or part.isdecimal():
            paid = accounts.pay(turn.unit, entry_id, way, by=by, part=int(part[:18] or 0))
    _told(turn, paid)


def take_way(turn: Turn) -> bool:
    """By which way the last one was paid, or a household of the list, all or a part; False for
    anything else.
    """
    way = _way_said(turn)
    if said(turn, listed=True):
        return True
    if not way or not turn.state.lot:
        return False
    _told(turn, accounts.pay_otherwise(turn.unit, turn.state.lot, way, by=turn.chat.person))
    return True


def said(turn: Turn, *, listed: bool = False) -> bool:
    """That so much was given to a household; what may mean something else is asked.

    Of one that was `listed` just now all is meant, if no sum is said.
    """
    way, part = _way_said(turn), pricing.sum_said(turn)
    says = (way and (listed or part)) or (part and _PAID.search(turn.text))
    other = turn.reading.lines or "?" in form_of(turn.text).text or len(turn.text) > SAID_MAX
    if not says or other or orders.find(turn.unit.db, turn.text):
        return False
    owed = [each for each in accounts.owed(turn.unit.db, SHOWN_MAX) if each.minor > 0]
    named = [each for each in owed if _name(each) in turn.text.casefold()]
    if not named and not (listed and part):
        return False
    if not owed:
        turn.say("household.none")
        return True
    one = max(named, key=lambda each: len(each.household), default=None)
    if one and not all(_name(each) in _name(one) for each in named):
        listing(turn)
        return True
    if one is None and len(owed) == 1 and not turn.state.lot:
        one = owed[0]
    way = way or accounts.usual_way(turn.unit.db, turn.chat.person)
    meant = listed and not (part and turn.state.lot)  # the list was shown just now
    if one and part <= one.minor and (meant or _is_given_to(turn, one)):
        by = turn.chat.person
        _told(turn, accounts.pay(turn.unit, one.entry_id, way, by=by, part=part))
        return True
    shown = [one] if one else owed
    choices = tuple(_pay_choice(turn, each, way, min(part, each.minor)) for each in shown)
    lines = [
        turn.words("household.line", who=each.household, money=turn.money(each.minor))
        for each in shown
    ]
    turn.say("household.list", lines="\n".join(lines), choices=choices[:BUTTONS_MAX])
    return True


def _name(owed: Owed) -> str:
    """What a household is called for short: 扎西 for 扎西家."""
    return owed.household.casefold().removesuffix("家") or owed.household


def _is_given_to(turn: Turn, owed: Owed) -> bool:
    """Whether a message says clearly that it is the household that was paid."""
    before, _, behind = turn.text.casefold().partition(_name(owed))
    return bool(_PAID_TO.search(before) or (_TO.match(behind) and _PAID.search(behind)))


def _way_said(turn: Turn) -> str:
    """The way that a short message names; '' for none."""
    text = form_of(turn.text).text if len(turn.text) <= SAID_MAX else ""
    return next((way for way, words in _WAYS.items() if words.search(text)), "")


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
    rest = accounts.owed_since(turn.unit.db, paid.entry_id)
    turn.say(
        "household.paid-part" if rest else "household.paid",
        who=paid.household,
        money=money,
        way=way,
        rest=turn.money(rest),
        choices=others,
    )
