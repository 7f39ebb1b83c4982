"""Money that goes back, in a seller's own words: to whom, or of which order, and how much."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import order_search, orders, payments, refunds, todos
from bot.shop.orders import Order
from bot.shop.todos import Kind
from bot.talk import charging, desk
from bot.talk.sellers import meaning, offers, overviews, pricing, settling
from bot.talk.turn import Turn

VERB = "offer-back"  # a button; its subject is an order's number and a sum, 0 for all of it
SHOWN_MAX = 8
TEXT_LENGTH = 60  # characters of a message that says no more than that
# All are matched in the form of a text.
_GIVES = regex(
    r"退(?![货回订出换单群])|赔|\brefund\b|\b(?:give|pay|send)\b.*\bback\b|དངུལ.*སློག|སློག.*དངུལ|ཕྱིར་སློག"
)
# Asked, wished for oneself, denied, or done already.
_OTHER = regex(
    r"[?吗么没不已收]|退[了好完过我]|\b(?:me|my|not|don't|refunded|i want|can i)\b"
    r"|ཟིན|སོང|ང་ལ|མ་སློག|མི་སློག"
)
_PAYER = regex(r"[\u4e00-\u9fff]退\s*[¥￥]?\d")  # 卓玛退100
_TIBETAN_TO = regex(r"་ལ(?:་|\s)")
_PART = regex(r"部[分份]")
FILLERS = regex(
    r"一?部[分份]|[退赔补还给款钱的订单全部]+|\b(?:refund|give|pay|send|back|to|for|of|the|order|please|all)\b"
    r"|མངགས་ཐོ|དངུལ|ཕྱིར|སློག|གནང|རོགས|ལ(?=་|\s|$)"
)

# All that a message says, without its sum: 已退50给他了, I've sent back 50, དངུལ་༥༠་ཕྱིར་སྤྲད་ཟིན.
_THEM = "(?:给?(?:他|她|买家|客人|人家|对方)(?:的[钱款]?)?)?"
_SENT = regex(
    rf"(?:我|把)*(?:钱|款)?(?:已经?|都)*{_THEM}退[款钱回还给]*{_THEM}(?:去|过去|回去)?(?:[了好完过咗]+|掉了)"
    rf"|(?:我|把)*(?:钱|款)?(?:已经?|都)+{_THEM}退[款钱回还给]*{_THEM}[了好完过去咗]*|退款?已[转退付打]了?"
    r"|(?:(?:i|we)(?:'ve)? )?(?:have )?(?:just |already )?"
    r"(?:refunded|(?:sent|paid|gave|given) back)(?: (?:to )?(?:him|her|them|the buyer|it))?"
    r"(?: already)?|(?:the )?refund(?: of)? (?:is |was |has been )?(?:sent|made|done|paid)"
    r"|(?:has been |was |is )(?:refunded|(?:sent|paid|given) back)(?: already)?"
    r"|(?:ང|ངས|ངས་)?་?(?:དངུལ་)?(?:ཕྱིར་|སླར་)+(?:སློག|བསློགས|ལོག|སྤྲད|བསྐུར)་?"
    r"(?:བྱས་)?(?:ཟིན|ཚར|སོང|པ་ཡིན|བ་ཡིན|ཡོད)(?:་པ་ཡིན)?"
)
_SUM = regex(r"[¥￥$]?\d+(?:\.\d+)?\s*(?:元|块钱?|yuan|rmb)?|སྒོར་(?:མོ་)?")
_HAN = regex(r"[\u4e00-\u9fff]")
_NO_WORDS_END = regex(r"(?<![a-z])\s+|\s+(?![a-z'])")


def _without_sum(form: str) -> str:
    rest = re.sub(r"་[\s་]+", "་", _SUM.sub(" ", form))
    return _NO_WORDS_END.sub("", re.sub(r"\s+", " ", rest)).strip(" ,.!。་།")


def sent(turn: Turn) -> bool:
    """Notes that money has gone back, of the order that is named or was shown, or of somebody who
    is named, or else of the only one of that sum; where none of that is said it is asked. False
    when a message says anything else.

    Of several of one sum that are due of one order the first has gone, and the rest are told.
    """
    rest, theirs = meaning.beside_number(turn), list[Order]()
    if not _SENT.fullmatch(_without_sum(rest.text)):
        theirs = named_in(turn)
        rest = replace(turn, text=_as_them(rest.text, theirs))
        if not theirs or not _SENT.fullmatch(_without_sum(rest.text)):
            return False
    minor, said = pricing.sum_said(_read_anew(rest)), theirs
    if not said and (one := orders.find(turn.unit.db, turn.text) or meaning.shown(turn)):
        said = list({each.id: each for each in (one, meaning.one(turn) or one)}.values())
    ids = [] if said else todos.ids(turn.unit.db, Kind.SEND_BACK)
    found = said or [each for id in ids if (each := orders.by_id(turn.unit.db, id))]
    due = {
        (each.number, sum): values
        for each in found
        for sum, values in _due(turn, each).items()
        if minor in (0, sum)
    }
    if len(due) == 1 and (said or minor):
        [((number, sum), values)] = due.items()
        _sent(turn, number, sum, values)
    elif due:
        turn.say("staff.which-order", number="", choices=_labelled(turn, found, due))
    elif turn.operates and theirs:
        return False  # A household gave money back, most likely.
    else:
        turn.say("staff.no-such-refund", choices=(turn.choice("button.todo", "todo:"),))
    return True


def _read_anew(turn: Turn) -> Turn:
    return replace(turn, reading=turn.reader.read(turn.text))


def named_in(turn: Turn) -> list[Order]:
    """The orders of somebody who is named."""
    return order_search.named_in(turn.unit.db, _TIBETAN_TO.sub(" ", turn.text))


def _as_them(form: str, orders: list[Order]) -> str:
    """A text that speaks of somebody without their name."""
    for name in {form_of(each.recipient.name).text for each in orders}:
        them = "他" if _HAN.search(form) else " him " if name.isascii() else ""
        form = re.sub(rf"{re.escape(name.strip('་'))}(?:་ལ(?=[་\s]))?", them, form)
    return form


def _sent(turn: Turn, number: str, sum: int, values: list[str]) -> None:
    """The first of these has gone back, the rest are told."""
    order = orders.find(turn.unit.db, number)
    verb, _, subject = values[0].partition(":")
    if order is None:
        return
    turn.state.order = number
    settling.sent(turn, subject) if verb == "refund-sent" else charging.send_back(turn, order)
    if rest := values[1:]:
        money = turn.money(sum)
        choice = turn.choice("button.refund-sent", rest[0], money=money)
        turn.say("staff.refunds-left", number=number, n=len(rest), money=money, choices=(choice,))


def _labelled(
    turn: Turn, found: list[Order], due: dict[tuple[str, int], list[str]]
) -> tuple[Choice, ...]:
    """The orders with the sums that are due of them."""
    labels = {each.number: overviews.label(turn, each) for each in found}
    return tuple(
        Choice(f"{labels[number]} {turn.money(sum)}", values[0])
        for (number, sum), values in list(due.items())[:SHOWN_MAX]
    )


def _due(turn: Turn, order: Order) -> dict[int, list[str]]:
    """The buttons that say that what is due to go back of an order has gone, by the sum."""
    db, found = turn.unit.db, dict[int, list[str]]()
    for each in refunds.of_order(db, order):
        if each.state == "due":
            found.setdefault(each.amount_minor, []).append(f"refund-sent:{each.id}")
    if payments.of_order(db, order.id).state == "refund_due":
        found.setdefault(refunds.undone(db, order), []).append(f"refunded:{order.number}")
    return found


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
    if named := meaning.named(turn):
        return [named], ""
    said = _TIBETAN_TO.sub(" ", turn.text)
    theirs = order_search.named_in(db, said) or order_search.named_in(db, form)
    if theirs:
        return theirs, theirs[0].recipient.name
    last, rest = meaning.shown(turn), FILLERS.sub("", form)
    return ([last] if last and not any(map(str.isalpha, rest)) else []), ""


def sum_beside(turn: Turn, form: str, name: str) -> int:
    """The sum in minor units, beside an order's number and a name; 0 for none."""
    rest = form.replace(form_of(name).text, " ") if name else form
    rest = FILLERS.sub(" ", rest).strip()
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
