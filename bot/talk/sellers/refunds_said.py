"""Money that goes back, in a seller's own words: to whom, or of which order, and how much."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import numbers, order_search, orders, payments, refunds, todos
from bot.shop.orders import Order
from bot.shop.todos import Kind
from bot.talk import charging, desk
from bot.talk.sellers import offers, overviews, pricing, settling
from bot.talk.turn import Turn

VERB = "offer-back"  # a button; its subject is an order's number and a sum, 0 for all of it
SHOWN_MAX = 8
TEXT_LENGTH = 60  # characters of a message that says no more than that
# All are matched in the form of a text.
_GIVES = re.compile(
    r"退(?![货回订出换单群])|赔|\brefund\b|\b(?:give|pay|send)\b.*\bback\b|དངུལ.*སློག|སློག.*དངུལ|ཕྱིར་སློག"
)
# Asked, wished for oneself, denied, or done already.
_OTHER = re.compile(
    r"[?吗么没不已收]|退[了好完过我]|\b(?:me|my|not|don't|refunded|i want|can i)\b"
    r"|ཟིན|སོང|ང་ལ|མ་སློག|མི་སློག"
)
_PAYER = re.compile(r"[\u4e00-\u9fff]退\s*[¥￥]?\d")  # 卓玛退100
_TIBETAN_TO = re.compile(r"་ལ(?:་|\s)")
_PART = re.compile(r"部[分份]")
_FILLERS = re.compile(
    r"一?部[分份]|[退赔补还给款钱的订单全部]+|\b(?:refund|give|pay|send|back|to|for|of|the|order|please|all)\b"
    r"|མངགས་ཐོ|དངུལ|ཕྱིར|སློག|གནང|རོགས|ལ(?=་|\s|$)"
)

# All that a message says, without its sum: 已退50给他了, I've sent back 50, དངུལ་༥༠་ཕྱིར་སྤྲད་ཟིན.
_THEM = "(?:给?(?:他|她|买家|客人|人家|对方))?"
_SENT = re.compile(
    rf"(?:我|把)*(?:钱|款)?(?:已经?|都)*{_THEM}退[款钱回还给]*{_THEM}(?:去|过去|回去)?(?:[了好完过咗]+|掉了)"
    rf"|(?:我|把)*(?:钱|款)?(?:已经?|都)+{_THEM}退[款钱回还给]*{_THEM}[了好完过去咗]*|退款?已[转退付打]了?"
    r"|(?:(?:i|we)(?:'ve)? )?(?:have )?(?:just |already )?"
    r"(?:refunded|(?:sent|paid|gave|given) back)(?: (?:him|her|them|the buyer|it))?(?: already)?"
    r"|(?:the )?refund(?: of)? (?:is |was |has been )?(?:sent|made|done|paid)"
    r"|(?:has been |was |is )(?:refunded|(?:sent|paid|given) back)(?: already)?"
    r"|(?:ང|ངས|ངས་)?་?(?:དངུལ་)?(?:ཕྱིར་|སླར་)+(?:སློག|བསློགས|ལོག|སྤྲད|བསྐུར)་?"
    r"(?:བྱས་)?(?:ཟིན|ཚར|སོང|པ་ཡིན|བ་ཡིན|ཡོད)(?:་པ་ཡིན)?"
)
_SUM = re.compile(r"[¥￥$]?\d+(?:\.\d+)?\s*(?:元|块钱?|yuan|rmb)?|སྒོར་(?:མོ་)?")
_NO_WORDS_END = re.compile(r"(?<![a-z])\s+|\s+(?![a-z'])")


def _without_sum(form: str) -> str:
    rest = re.sub(r"་[\s་]+", "་", _SUM.sub(" ", form))
    return _NO_WORDS_END.sub("", re.sub(r"\s+", " ", rest)).strip(" ,.!。་།")


def sent(turn: Turn) -> bool:
    """Notes that money has gone back, of the order that is named or was shown, or else of the only
    one of that sum; where neither is said it is asked. False when a message says anything else."""
    form = numbers.WRITTEN.sub(" ", form_of(turn.text).text)
    if not _SENT.fullmatch(_without_sum(form)):
        return False
    db, rest = turn.unit.db, replace(turn, text=form, reading=turn.reader.read(form))
    minor, named = pricing.sum_said(rest), orders.find(db, turn.text)
    about = f":{turn.state.order}"
    if turn.state.order and any(each.value.endswith(about) for each in turn.state.offered):
        named = named or orders.find(db, turn.state.order)
    ids = todos.ids(db, Kind.SEND_BACK)
    found = [named] if named else [e for id in ids if (e := orders.by_id(db, id))]
    due = {value: order for order in found for value in _due(turn, order, minor)}
    if len(due) == 1 and (named or minor):
        [(value, order)] = due.items()
        verb, _, subject = value.partition(":")
        turn.state.order = order.number
        settling.sent(turn, subject) if verb == "refund-sent" else charging.send_back(turn, order)
    elif due:
        shown = list(due.items())[:SHOWN_MAX]
        choices = tuple(Choice(overviews.label(turn, order), value) for value, order in shown)
        turn.say("staff.which-order", number="", choices=choices)
    else:
        turn.say("staff.no-such-refund", choices=(turn.choice("button.todo", "todo:"),))
    return True


def _due(turn: Turn, order: Order, minor: int) -> list[str]:
    """The buttons that say that what is due to go back of an order, or so much of it, has gone."""
    db = turn.unit.db
    due = [each for each in refunds.of_order(db, order) if each.state == "due"]
    values = [f"refund-sent:{each.id}" for each in due if minor in (0, each.amount_minor)]
    whole = payments.of_order(db, order.id).state == "refund_due"
    if whole and minor in (0, refunds.undone(db, order)):
        values.append(f"refunded:{order.number}")
    return values


def said(turn: Turn) -> bool:
    """Offers what a seller says shall go back; False when no sum and nobody is named."""
    form = form_of(turn.text).text
    plain = len(form) <= TEXT_LENGTH and not turn.reading.lines
    if not plain or not _GIVES.search(form) or _OTHER.search(form):
        return False
    found, name = meant(turn, form)
    minor, whole = sum_beside(turn, form, name), offers.asks_for_all(form)
    part = not minor and bool(_PART.search(form))
    if not (minor or whole or part) or (not found and turn.state.asked in settling.ASKS):
        return False
    if turn.operates and (not found or _PAYER.search(form)):
        return False  # A household gives money back, most likely.
    open_ones = [each for each in found if may_offer(turn, each)]
    if len(open_ones) == 1 and part:
        settling.ask_sum(turn, open_ones[0])
    elif len(open_ones) == 1:
        offer(turn, open_ones[0], minor)
    elif open_ones:
        choices = tuple(
            Choice(
                overviews.label(turn, each),
                f"refund-part:{each.number}" if part else f"{VERB}:{each.number}:{minor}",
            )
            for each in open_ones[:SHOWN_MAX]
        )
        turn.say("staff.which-refund", choices=choices)
    elif found:
        desk.not_now(turn, found[0])
    else:
        turn.say("staff.refund-of-what")
    return True


def press(turn: Turn, subject: str) -> None:
    """The button of one of several orders."""
    number, _, minor = subject.partition(":")
    order = orders.find(turn.unit.db, number)
    if order is None or not minor.isdecimal():
        turn.say("stale.nothing")
    elif may_offer(turn, order):
        offer(turn, order, int(minor[:12]))
    else:
        desk.not_now(turn, order)


def meant(turn: Turn, form: str) -> tuple[list[Order], str]:
    """The order of that number, those for whom somebody is named, with the name, or the one that
    the last message was about."""
    db = turn.unit.db
    named = orders.find(db, turn.text)
    if named:
        return [named], ""
    said = _TIBETAN_TO.sub(" ", turn.text)
    theirs = order_search.named_in(db, said) or order_search.named_in(db, form)
    if theirs:
        return theirs, theirs[0].recipient.name
    last = orders.find(db, turn.state.order)
    shown = last and any(f":{last.number}" in each.value for each in turn.state.offered)
    rest = _FILLERS.sub("", form)
    return ([last] if last and shown and not any(map(str.isalpha, rest)) else []), ""


def sum_beside(turn: Turn, form: str, name: str) -> int:
    """The sum in minor units, beside an order's number and a name; 0 for none."""
    rest = numbers.WRITTEN.sub(" ", form).replace(form_of(name).text, " ") if name else form
    rest = _FILLERS.sub(" ", numbers.WRITTEN.sub(" ", rest)).strip()
    return pricing.sum_said(replace(turn, text=rest, reading=turn.reader.read(rest)))


def may_offer(turn: Turn, order: Order) -> bool:
    return order.state in refunds.OFFERED_IN and refunds.left(turn.unit.db, order) > 0


def offer(turn: Turn, order: Order, minor: int) -> None:
    """Offers a sum in minor units, 0 for all of it; what has not left is rather called off."""
    if not minor and order.state not in refunds.HAVE_LEFT:
        desk.card_of(turn, order.number)
        return
    turn.state.asked, turn.state.order = settling.ASKED, order.number
    settling.offer_sum(turn, order, minor or refunds.left(turn.unit.db, order))
