"""From whom goods were bought and at what price; what is owed to each household, and paying it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

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
UNPAY = "unpay-household"  # a button's verb; its subject is an entry's id
PAID_FROM = "e"  # before the id of the entry up to which all is paid
SAID_MAX = 40  # characters of a message that says what was paid, and by which way
WRONG_MAX = 120  # characters of one that says that it was not
_NAME = re.compile(r"[^\d¥$€]+")
# 扎西 每斤 40, Tashi at 40, 从扎西家收的 40
_PRICED = re.compile(
    r"\s*(?:每\S*|[单單]?[价價](?:[格钱錢])?|[收买買][的了]|[来來]的)\s*$"
    r"|\s+(?:at|for|per|price|(?:ལ་)?གོང)[་\s]*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^(?:是?[从從跟向]|(?:(?:it is|it's|bought) )?from\s)\s*", re.IGNORECASE)
# In the place of a name: other work of a seller's, which leaves what was asked, or some of which
# it is not clear what is meant. 查 may be a name too: 查家.
_WORK = {"find-orders", "today", "expect", "flash-sale", "packed", "stock-levels", "todo"}
_OF_GOODS = {"set-price", "lost"}
_SEARCH = re.compile(
    r"订单|^[查找搜](?!家)|\borders?\b|^\s*(?:find|search|look)\b|མངགས་ཐོ|འཚོལ", re.IGNORECASE
)
_VERB = re.compile(
    r"[卖改]|花了|到货|进货|入库|报损|库存|预售|定价|\b(?:sold|sell|set|price|change|stock|arrived)\b"
    r"|བཙོང|བཟོ|བསྒྱུར|བརྗེ|གོང|འབྱོར|མངགས",
    re.IGNORECASE,
)
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
_PAID_TO = re.compile(
    r"[付给給结結][了给給清完]*\s*$|\b(?:(?:paid|gave|pay|give)(?: to)?|payment to)\s+$",
    re.IGNORECASE,
)
_TO = re.compile(r"[་\s]*(?:ལ|ར)་")
_UNDO = re.compile(  # of what was written before
    r"错|不对|撤|作废|取消|不算|没[有]?付|没[有]?给"
    r"|\b(?:wrong\w*|mistake\w*|undo|cancel|revoke|reverse|(?:did not|didn't|never) (?:pay|give))\b"
    r"|ནོར(?!་བུ)|འཁྲུལ|ཕྱིར་འཐེན|མ་སྤྲད",
    re.IGNORECASE,
)
_TAKE_BACK = re.compile(r"撤|作废|取消|\b(?:undo|cancel|revoke|reverse)\b|ཕྱིར་འཐེན", re.IGNORECASE)
_RIGHT = re.compile(  # what was meant
    r"应该|应为|改成|改为|其实|(?<!不)是(?!不是)"
    r"|\b(?:should|it was|it's|instead|meant|make it|actually)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?:不是|\bnot(?: to)?\b)\s*[^,.;\s]+", re.IGNORECASE)  # not Tashi, not 300
_A_PAYMENT = re.compile(r"钱|款|那笔|\bpayment|དངུལ", re.IGNORECASE)


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
    if _is_other_work(turn):
        turn.state.asked = ""
        return False
    in_all, name = _IN_ALL.search(turn.text), _name_said(turn.text)
    own = product.grade(lot.grade).price
    minor = pricing.sum_said(turn) if in_all else pricing.said(turn, product, own)
    unclear = _names_goods(turn) or bool(_VERB.search(form_of(name).text))
    if not (minor or unclear) or len(name) > NAME_MAX:
        return False
    if not name or not minor or unclear:
        turn.say("household.ask")
        return True
    paid = minor if in_all else Price(minor, own.per).of(stock.came_in(turn.unit.db, lot))
    due = stock.set_source(turn.unit, lot, name, paid, by=turn.chat.person)
    turn.state.asked, turn.state.lot = "", 0
    turn.say(
        "household.noted",
        name=turn.name(product, lot.grade),
        who=name,
        money=turn.money(due),
        choices=(
            turn.choice("button.correct-household", f"household:{lot.id}"),
            turn.choice("button.give-back", f"give-back:{lot.id}"),
        ),
    )
    return True


def _is_other_work(turn: Turn) -> bool:
    """Whether a message is not of where goods came from: prices, finding orders and so on."""
    reading = turn.reading
    of_goods = _names_goods(turn) and (reading.marks & _OF_GOODS or pricing.is_change(turn))
    return bool(reading.marks & _WORK or of_goods or _SEARCH.search(form_of(turn.text).text))


def _names_goods(turn: Turn) -> bool:
    return any(line.product or line.grade for line in turn.reading.lines)


def _name_said(text: str) -> str:
    """What stands before the figures, without what belongs to the price."""
    found = _NAME.match(text)
    name = _FROM.sub("", _PRICED.sub("", _IN_ALL.sub("", found[0])).strip()) if found else ""
    return _PRICED.sub("", name).strip(" ,，:：、-་།\u3000")


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
    way, part, text = _way_said(turn), pricing.sum_said(turn), form_of(turn.text).text
    says = (way and (listed or part)) or (part and _PAID.search(turn.text))
    other = turn.reading.lines or "?" in text or len(turn.text) > SAID_MAX
    if not says or other or orders.find(turn.unit.db, turn.text):
        return False
    owed = [each for each in accounts.owed(turn.unit.db, SHOWN_MAX) if each.minor > 0]
    named = [each for each in owed if short(each.household) in text.casefold()]
    if not named and not (listed and part):
        return False
    if not owed:
        turn.say("household.none")
        return True
    one = _named(text, named)
    if one and not all(short(each.household) in short(one.household) for each in named):
        listing(turn)
        return True
    if one is None and len(owed) == 1 and not turn.state.lot:
        one = owed[0]
    way = way or accounts.usual_way(turn.unit.db, turn.chat.person)
    meant = listed and not (part and turn.state.lot)  # the list was shown just now
    if one and part <= one.minor and (meant or _is_given_to(text, one)):
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


def short(household: str) -> str:
    """What a household is called for short: 扎西 for 扎西家."""
    name = form_of(household).text.casefold()
    return name.removesuffix("家") or name


def _is_given_to(text: str, owed: Owed) -> bool:
    """Whether a text says clearly that it is the household that was paid."""
    before, _, behind = text.casefold().partition(short(owed.household))
    return bool(_PAID_TO.search(before) or (_TO.match(behind) and _PAID.search(behind)))


def _way_said(turn: Turn) -> str:
    """The way that a short message names; '' for none."""
    text = form_of(turn.text).text if len(turn.text) <= SAID_MAX else ""
    return next((way for way, words in _WAYS.items() if words.search(text)), "")


def corrected(turn: Turn) -> bool:
    """That a household was not paid what was written, or another was; False for anything else.

    What it was instead is written down if so much is owed.
    """
    text = form_of(turn.text).text
    undo = _UNDO.search(text)
    context = turn.state.lot if turn.state.asked == ASKED_WAY else 0
    of_money = context or _PAID.search(text) or _A_PAYMENT.search(text)
    other = turn.reading.lines or "?" in text or len(text) > WRONG_MAX
    if not undo or not of_money or other or orders.find(turn.unit.db, text):
        return False
    right = _RIGHT.search(text)
    cut = right.start() if right else undo.end()
    before, after = text[:cut], text[cut:]
    paid = accounts.last_payments(turn.unit.db)
    wrong = _named(before, paid)
    if wrong is None and not right and (wrong := _named(after, paid)):
        before, after = after, ""
    if wrong and wrong.entry_id != context and not _is_given_to(before, wrong):
        return False
    unpaid = None if wrong or right else _named(text, accounts.owed(turn.unit.db, SHOWN_MAX))
    if unpaid and (not context or _TAKE_BACK.search(text)) and _is_given_to(text, unpaid):
        turn.say("household.not-paid", who=unpaid.household)
        return True
    undone = accounts.unpay(turn.unit, wrong.entry_id if wrong else context, by=turn.chat.person)
    if undone:
        _pay_instead(turn, undone, after)
    return undone is not None


def _pay_instead(turn: Turn, undone: Paid, said: str) -> None:
    """What a household was given, or which one, by what is `said` of it."""
    said = _NOT.sub(" ", said)
    owed = [each for each in accounts.owed(turn.unit.db, SHOWN_MAX) if each.minor > 0]
    instead = _named(said, owed)
    part = pricing.sum_said(replace(turn, text=said, reading=turn.reader.read(said)))
    if instead is None and part:
        instead = next((each for each in owed if each.household == undone.household), None)
    part, by = part or undone.minor, turn.chat.person
    _told_undone(turn, undone)
    if instead and part <= instead.minor:
        _told(turn, accounts.pay(turn.unit, instead.entry_id, undone.way, by=by, part=part))


def unpay(turn: Turn, subject: str) -> None:
    """The button: what was written was not paid."""
    id = int(subject[:18]) if subject.isdecimal() else 0
    undone = accounts.unpay(turn.unit, id, by=turn.chat.person)
    if undone is None:
        turn.say("stale.nothing")
    else:
        _told_undone(turn, undone)


def _told_undone(turn: Turn, undone: Paid) -> None:
    turn.state.asked, turn.state.lot = ASKED_WAY, 0
    turn.say(
        "household.unpaid",
        who=undone.household,
        money=turn.money(undone.minor),
        stand=stand(turn, undone.household),
    )


def stand(turn: Turn, household: str) -> str:
    """What is owed to a household now, or by it."""
    minor = accounts.owed_to(turn.unit.db, household)
    id = "even" if not minor else "is-owed" if minor > 0 else "owes"
    return turn.words(f"household.{id}", who=household, money=turn.money(abs(minor)))


def _named(text: str, among: Sequence[Owed]) -> Owed | None:
    """The household that a text names, the one of the longest name."""
    found = [each for each in among if short(each.household) in text.casefold()]
    return max(found, key=lambda each: len(each.household), default=None)


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
        choices=(*others, turn.choice("button.unpay-household", f"{UNPAY}:{paid.entry_id}")),
    )
