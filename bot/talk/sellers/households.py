"""What is owed to each household from which goods were bought, and paying it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import TSHEG, form_of
from bot.messages import Choice
from bot.shop import accounts, orders
from bot.shop.accounts import Owed, Paid
from bot.talk.sellers import meaning, money_words, pricing
from bot.talk.turn import Turn

ASKED_WAY = "household-way"
SHOWN_MAX = 20
BUTTONS_MAX = 8
UNPAY = "unpay-household"  # a button's verb; its subject is an entry's id
PAID_FROM = "e"  # before the id of the entry up to which all is paid
SAID_MAX = 60  # characters of a message that says what was paid, and by which way
WRONG_MAX = 120  # characters of one that says that it was not
_WAYS = {  # The first that fits: by WeChat one transfers too.
    "notes": regex(r"现金|现钱|现款|钞票|\bcash\b|\bnotes\b|དངུལ་རྐྱང|དངུལ་ཤོག"),
    "wechat": regex(r"微信|wechat|weixin|འཕྲིན་ཕྲན|སྐད་འཕྲིན"),
    "transfer": regex(r"转账|转帐|汇款|银行|\btransfer|\bbank\b|དངུལ་བསྐུར|དངུལ་ཁང"),
}
_PAID = regex(r"付|给|結|结|\b(?:paid|gave|given)\b|སྤྲད", re.IGNORECASE)
# 扎西付了300 may be what a buyer of that name paid; 付了扎西300 may not.
_PAID_TO = regex(
    r"[付给給结結][了给給清完]*\s*$|\b(?:(?:paid|gave|pay|give)(?: to)?|payment to)\s+$",
    re.IGNORECASE,
)
_TO = regex(r"[་\s]*(?:ལ|ར)་")
_UNDO = regex(  # of what was written before
    r"错|不对|撤|作废|取消|不算|没[有]?付|没[有]?给"
    r"|\b(?:wrong\w*|mistake\w*|undo|cancel|revoke|reverse|(?:did not|didn't|never) (?:pay|give))\b"
    r"|ནོར(?!་བུ)|འཁྲུལ|ཕྱིར་འཐེན|མ་སྤྲད",
    re.IGNORECASE,
)
_TAKE_BACK = regex(r"撤|作废|取消|\b(?:undo|cancel|revoke|reverse)\b|ཕྱིར་འཐེན", re.IGNORECASE)
_RIGHT = regex(  # what was meant
    r"应该|应为|改成|改为|其实|(?<!不)是(?!不是)"
    r"|\b(?:should|it was|it's|instead|meant|make it|actually)\b",
    re.IGNORECASE,
)
_BACK = regex(  # what a household does that gives money back
    r"退了|退回|退还|退给我|还了|还回|还给我|归还|\b(?:paid|gave|sent|handed)\b.{0,24}\bback\b"
    r"|\b(?:returned|refunded|repaid)\b|ཕྱིར་(?:སྤྲད|སྤྲོད|སློག|ལོག)",
    re.IGNORECASE,
)
_GOT = regex(r"收到|\b(?:got|received|back)\b.*\bfrom\s*$", re.IGNORECASE)
_ALL = regex(  # paid in full
    r"[付结給给][清完齐]|[都全][部都]?[付结给]|\bpaid (?:in full|off|everything|all)|\bsettled\b"
    r"|\b(?:everything|all)(?: is|’s|'s)? paid"
    r"|ཚང་མ་སྤྲད|སྤྲད་ཚར",
    re.IGNORECASE,
)
_OWED = regex(
    r"欠.*(?:多少|几)|\bhow much\b.*\bowe|\bowe\b.*\bhow much|སྤྲོད་རྒྱུ.*ག་ཚོད|ག་ཚོད.*སྤྲོད་རྒྱུ", re.IGNORECASE
)
_CLAUSES = regex(r"[,，;；、。།\n]+|\band\b|以及|还有")
_NOT = regex(  # not Tashi, not 300
    r"(?:不是|\bnot(?: to)?\b)\s*[^,.;\s]+|(?:སྒོར་(?:མོ་)?)?\d+་?(?:མ་རེད|མིན)", re.IGNORECASE
)
_A_PAYMENT = regex(r"钱|款|那笔|\bpayment|དངུལ", re.IGNORECASE)


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
    choices = tuple(pay_choice(turn, each) for each in owed[:BUTTONS_MAX])
    turn.state.asked, turn.state.lot = ASKED_WAY, 0
    turn.say("household.list", lines="\n".join(lines), choices=choices)


def pay_choice(turn: Turn, owed: Owed, way: str = "", part: int = 0) -> Choice:
    """The button that all was given to a household, or a part; or that it gave back too much."""
    value = f"pay-household:{PAID_FROM}{owed.entry_id}" + (f":{way}:{part}" if part else "")
    minor = part or owed.minor
    id = "button.pay-household" if minor > 0 else "button.household-repaid"
    return turn.choice(id, value, who=owed.household, money=turn.money(abs(minor)))


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
            paid = _pay(turn, entry_id, way, int(part[:18] or 0))
    _told(turn, paid)


def _pay(turn: Turn, entry_id: int, way: str, part: int) -> Paid | None:
    """A household of the list was given all or so much, or gave back what was too much."""
    by, db = turn.chat.person, turn.unit.db
    if paid := accounts.pay(turn.unit, entry_id, way, by=by, part=part):
        return paid
    found = next((each for each in accounts.households(db) if each.entry_id == entry_id), None)
    if found is None or not (part or found.minor < 0):
        return None
    return accounts.pay_more(turn.unit, found, part or found.minor, way, by=by)


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
    if _gave_back(turn, way, part) or _asked(turn) or _several(turn):
        return True
    all_paid = _ALL.search(text) and not part
    says = (way and (listed or part)) or ((part or all_paid) and _PAID.search(turn.text))
    other = turn.reading.lines or "?" in text or len(turn.text) > SAID_MAX
    if not says or other or orders.find(turn.unit.db, turn.text):
        return False
    owed = [each for each in accounts.owed(turn.unit.db, SHOWN_MAX) if each.minor > 0]
    told = [each for each in owed if short(each.household) in text.casefold()]
    if not told and not (listed and part) and not (all_paid and owed):
        return False
    if not owed:
        turn.say("household.none")
        return True
    if all_paid and not told and len(owed) > 1:
        listing(turn)
        return True
    one = named(text, told)
    if one and not all(short(each.household) in _as_said(text, one.household) for each in told):
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
    choices = tuple(pay_choice(turn, each, way, min(part, each.minor)) for each in shown)
    lines = [
        turn.words("household.line", who=each.household, money=turn.money(each.minor))
        for each in shown
    ]
    turn.say("household.list", lines="\n".join(lines), choices=choices[:BUTTONS_MAX])
    return True


def _gave_back(turn: Turn, way: str, part: int) -> bool:
    """That a household gave back money; False for anything else."""
    text = form_of(turn.text).text
    one = named(text, accounts.households(turn.unit.db))
    if one is None or not part or turn.reading.lines or "?" in text or len(text) > SAID_MAX:
        return False
    before, _, behind = text.casefold().partition(_as_said(text, one.household))
    if _is_given_to(text, one) or not (_BACK.search(behind) or _GOT.search(before)):
        return False
    way = way or accounts.usual_way(turn.unit.db, turn.chat.person)
    paid = accounts.pay_more(turn.unit, one, -part, way, by=turn.chat.person)
    if paid:
        _told(turn, paid)
    else:
        given = turn.money(accounts.given(turn.unit.db, one))
        turn.say("household.not-so-much-given", who=one.household, money=given)
    return True


def _asked(turn: Turn) -> bool:
    """What is owed to a household, or to all, is asked; False for anything else."""
    text = form_of(turn.text).text
    one = named(text, accounts.households(turn.unit.db))
    if one is None or turn.reading.lines or not _OWED.search(text):
        return False
    choices = (pay_choice(turn, one),) if one.minor else ()
    money = turn.money(abs(one.minor))
    turn.say(_stands(one.minor), who=one.household, money=money, choices=choices)
    return True


def _several(turn: Turn) -> bool:
    """That several households were given so much each, said clearly; False for anything else."""
    found = []
    for clause in filter(str.strip, _CLAUSES.split(form_of(turn.text).text)):
        part = _sum_in(turn, clause)
        one = named(clause, accounts.households(turn.unit.db))
        if one is None or not 0 < part <= one.minor or not _is_given_to(clause, one):
            return False
        found.append((one, part, _way_in(clause)))
    if len({one.household for one, _, _ in found}) < 2 or len(found) > BUTTONS_MAX:
        return False
    usual, by = accounts.usual_way(turn.unit.db, turn.chat.person), turn.chat.person
    last = _way_in(form_of(turn.text).text)
    for one, part, way in found:
        way = way or last or usual
        _told(turn, accounts.pay(turn.unit, one.entry_id, way, by=by, part=part))
    return True


def short(household: str) -> str:
    """What a household is called for short: 扎西 for 扎西家."""
    name = _whole(household)
    return name.removesuffix("家") or name


def _is_given_to(text: str, owed: Owed) -> bool:
    """Whether a text says clearly that it is the household that was paid."""
    before, _, behind = text.casefold().partition(_as_said(text, owed.household))
    return bool(_PAID_TO.search(before) or (_TO.match(behind) and _PAID.search(behind)))


def _as_said(text: str, household: str) -> str:
    """What a text calls a household, by its name or for short."""
    whole = _whole(household)
    return whole if whole in text.casefold() else short(household)


def _whole(household: str) -> str:
    """A name as it is found in texts, where an ending may stand in the place of the tsheg."""
    return form_of(household).text.casefold().rstrip(TSHEG)


def _way_said(turn: Turn) -> str:
    """The way that a short message names; '' for none."""
    return _way_in(form_of(turn.text).text) if len(turn.text) <= SAID_MAX else ""


def _way_in(text: str) -> str:
    return next((way for way, words in _WAYS.items() if words.search(text)), "")


def corrected(turn: Turn) -> bool:
    """That a household was not paid what was written, or another was; False for anything else.

    What it was instead is written down if so much is owed.
    """
    text = form_of(turn.text).text
    undo = _UNDO.search(text) or _NOT.search(text)
    context = turn.state.lot if turn.state.asked == ASKED_WAY else 0
    of_money = context or _PAID.search(text) or _A_PAYMENT.search(text)
    other = turn.reading.lines or "?" in text or len(text) > WRONG_MAX
    if not undo or not of_money or other or orders.find(turn.unit.db, text):
        return False
    paid = accounts.last_payments(turn.unit.db)
    if not _UNDO.search(text) and not _RIGHT.search(text):
        return _not_so_much(turn, _NOT.findall(text)[0], named(text, paid))
    right = _RIGHT.search(text)
    cut = right.start() if right else undo.end()
    before, after = text[:cut], text[cut:]
    wrong = named(before, paid)
    if wrong is None and not right and (wrong := named(after, paid)):
        before, after = after, ""
    if wrong and wrong.entry_id != context and not _is_given_to(before, wrong):
        return False
    unpaid = None if wrong or right else named(text, accounts.owed(turn.unit.db, SHOWN_MAX))
    if unpaid and (not context or _TAKE_BACK.search(text)) and _is_given_to(text, unpaid):
        turn.say("household.not-paid", who=unpaid.household)
        return True
    undone = accounts.unpay(turn.unit, wrong.entry_id if wrong else context, by=turn.chat.person)
    if undone:
        _pay_instead(turn, undone, after)
    return undone is not None


def _not_so_much(turn: Turn, wrong: str, paid: Owed | None) -> bool:
    """ "Paid Dolma 400, not 500": the last payment was so much, as was written wrongly."""
    part = _sum_in(turn, wrong)
    right = _sum_in(turn, _NOT.sub(" ", form_of(turn.text).text))
    if paid is None or paid.minor != part or not right:
        return False
    undone = accounts.unpay(turn.unit, paid.entry_id, by=turn.chat.person)
    if undone:
        _pay_instead(turn, undone, form_of(turn.text).text)
    return undone is not None


def _sum_in(turn: Turn, text: str) -> int:
    return pricing.sum_said(replace(turn, text=text, reading=turn.reader.read(text)))


def _pay_instead(turn: Turn, undone: Paid, said: str) -> None:
    """What a household was given, or which one, by what is `said` of it."""
    said = _NOT.sub(" ", said)
    known = accounts.households(turn.unit.db)
    instead, part = named(said, known), _sum_in(turn, said)
    if instead is None and part:
        instead = next((each for each in known if each.household == undone.household), None)
    part, by = part or abs(undone.minor), turn.chat.person
    part = -part if undone.minor < 0 else part
    _told_undone(turn, undone)
    if instead is None:
        return
    if part < 0:
        _told(turn, accounts.pay_more(turn.unit, instead, part, undone.way, by=by))
    elif part <= instead.minor:
        _told(turn, accounts.pay(turn.unit, instead.entry_id, undone.way, by=by, part=part))
    else:
        choice = pay_choice(turn, instead, undone.way, part)
        money = turn.money(part)
        turn.say("household.more", who=instead.household, money=money, choices=(choice,))


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
        "household.unpaid" if undone.minor > 0 else "household.not-repaid",
        who=undone.household,
        money=turn.money(abs(undone.minor)),
        stand=stand(turn, undone.household),
    )


def stand(turn: Turn, household: str) -> str:
    """What is owed to a household now, or by it."""
    minor = accounts.owed_to(turn.unit.db, household)
    return turn.words(_stands(minor), who=household, money=turn.money(abs(minor)))


def _stands(minor: int) -> str:
    return f"household.{'even' if not minor else 'is-owed' if minor > 0 else 'owes'}"


def named(text: str, among: Sequence[Owed]) -> Owed | None:
    """The household that a text names: by its whole name rather than for short, the longest."""
    found = [each for each in among if short(each.household) in text.casefold()]
    sizes = {each: len(_as_said(text, each.household)) for each in found}
    return max(found, key=lambda each: (sizes[each], -len(each.household)), default=None)


def is_payment(turn: Turn) -> bool:
    """Whether a household is said to have been paid."""
    text = form_of(turn.text).text
    one = named(text, accounts.households(turn.unit.db))
    plain = not turn.reading.lines and "?" not in text and len(turn.text) <= SAID_MAX
    return plain and one is not None and pricing.sum_said(turn) > 0 and _is_given_to(text, one)


def is_sum(turn: Turn, text: str) -> bool:
    """Whether a text says how much was paid, and no share of what is due."""
    return money_words.read(meaning.saying(turn, text)).minor > 0


def pay_said(turn: Turn, household: str, text: str, due: int) -> None:
    """A household was given what a text says when its goods came in, of what is due for these."""
    found = accounts.households(turn.unit.db)
    one = next((each for each in found if each.household == household), None)
    part = money_words.read(meaning.saying(turn, text)).of(due) or due
    if one is None or not part:
        return
    if not turn.operates:
        turn.say("household.operators-only")
        return
    way = _way_in(form_of(text).text) or accounts.usual_way(turn.unit.db, turn.chat.person)
    _told(turn, accounts.pay_more(turn.unit, one, part, way, by=turn.chat.person))


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
    money = turn.money(abs(paid.minor))
    rest = accounts.owed_since(turn.unit.db, paid.entry_id)
    id = "household.paid-part" if rest else "household.paid"
    turn.say(
        id if paid.minor > 0 else "household.repaid",
        who=paid.household,
        money=money,
        way=way,
        rest=turn.money(rest),
        stand=stand(turn, paid.household),
        choices=(*others, turn.choice("button.unpay-household", f"{UNPAY}:{paid.entry_id}")),
    )
