"""Orders that staff look for: by a number, a name, digits, or what is in them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.addresses.names import is_name
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import order_search, orders
from bot.shop.order_search import FOUND_MAX
from bot.shop.orders import Order, State
from bot.talk import desk
from bot.talk.goods_cards import iso_day
from bot.talk.operators import exporting
from bot.talk.sellers import ledgers, overviews
from bot.talk.turn import Turn

VERB = "orders-found"
UNPAID_MAX = 1_000
TEXT_LENGTH = 60  # characters of a text that names an order
# Beside goods without an amount this says that orders of them are meant; matched in a text's form.
_ORDERS = regex(r"订单|[的找查有]单|单子|谁[买订要]|\borders\b|\bwho (?:bought|has)\b|མངགས་ཐོ")
# Somebody may be looked for, or something else.
_LOOKS = regex(r"\s*(?:(?:please )?(?:find|look (?:for|up)|search(?: for)?|show)\b|[查找搜])")


# 卖了多少, how much did we sell: on which day is said besides.
_SOLD = regex(r"卖[了出得]|卖多少|营业额|\b(?:sold|did (?:we|i) sell|sales|takings)\b|བཙོངས")
_ALL_ORDERS = regex(r"[的几]单|订单|单子|\borders\b|མངགས་ཐོ")
_UNPAID = regex(
    r"[没未](?:有|曾)?(?:付|给钱|转账|打款)|\bunpaid\b|\b(?:not|n't) (?:been )?paid\b"
    r"|མ་སྤྲད"
)
_WHICH_ONES = regex(r"哪[些几个]|谁|\b(?:which|who)\b|(?<![\u0f40-\u0fbc])(?:གང|སུ)")
# Somebody's order is asked for without saying that it is to be found.
_OF_SOMEBODY = regex(
    r"[买订](?:了|过)?(?:啥|什么|甚么|哪些|几样)|[那这]单|的单"
    r"|\b(?:what|which) (?:did|has|have) .{1,30} (?:order|buy|bought|ordered)|\b\w+['’]?s orders?\b"
    r"|ག་རེ་(?:ཉོས|མངགས)|ཅི་(?:ཉོས|མངགས)|མངགས་ཐོ"
)
# The name of which that is asked, in the text as it is; and who is no name.
_ASKED_NAME = regex(
    r"^\W*(?:[查找][一查找]?下?)?(?P<han>[\u4e00-\u9fff]{2,4}?)(?:都|一共|[上这]次)*"
    r"[买買订訂](?:了|过|過)?(?:些)?(?:啥|什么|什麼|甚么|甚麼|哪些|几样|幾樣)"
    r"|^\W*(?:[Ww]hat|[Ww]hich)\b.{0,12}? (?:did|has|have) (?!I )"
    r"(?P<en>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,2})"
    r" (?:order|buy|bought|ordered)"
    r"|^\W*(?!(?:[ཁམ]ོ|ང|སུ|ཁྱེད|ཁོང|མོ|ཁོ་ཚོ)(?:་|ས))(?P<bo>[\u0f40-\u0fbc]+(?:་[\u0f40-\u0fbc]+){0,3}?)"
    r"(?:ས|་(?:གིས|ཀྱིས|གྱིས|ཡིས))་"
    r"(?:ག་རེ|ཅི)་(?:ཉོས|མངགས)"
)
_PAST = regex(
    r"经过|历史|怎么回事|来龙去脉|\b(?:history|timeline|what happened)\b|ལོ་རྒྱུས|བྱུང་རིམ|ག་རེ་བྱུང"
)


def of_all(turn: Turn) -> bool:
    """Shows the orders of a day, a week …, or those that wait to be paid; False when a message asks
    for neither, or for those of somebody.
    """
    form = form_of(turn.text).text
    asks_unpaid = _WHICH_ONES.search(form) and _UNPAID.search(form)
    of_orders = (_ALL_ORDERS.search(form) or asks_unpaid) and not turn.reading.lines
    if len(form) > TEXT_LENGTH or not (of_orders or _SOLD.search(form)):
        return False
    if turn.reading.lines or order_search.named_in(turn.unit.db, turn.text):
        return False
    if of_orders and _UNPAID.search(form):
        found = _unpaid(turn)
        if found:
            _show(turn, found, "unpaid:")
        else:
            turn.say("staff.none-unpaid")
        return True
    days = ledgers.days_said(turn, form)
    if days is None:
        return False
    if days.first == days.last == turn.unit.here.date():
        overviews.today(turn)
    else:
        one = days.first == days.last
        period = iso_day(turn, f"{days.first}") if one else exporting.period(turn, days)
        overviews.placed_between(turn, *ledgers.bounds(turn, days), period)
    return True


def _unpaid(turn: Turn) -> list[Order]:
    """The orders whose money has not come, wholly or in part, the newest first."""
    placed = orders.in_state(turn.unit.db, State.PLACED, limit=UNPAID_MAX)
    return [each for each in placed if each.pay_by != "cod"][::-1]


def find(turn: Turn) -> bool:
    """Orders by who receives them or by digits; asked for in words, by product too."""
    db, reading = turn.unit.db, turn.reading
    asked = "find-orders" in reading.marks
    form = form_of(turn.text).text
    if reading.product and (asked or _asks_of_goods(turn)):
        _of_goods(turn, reading.product, reading.grade or "")
        return True
    if reading.lines or len(turn.text) > TEXT_LENGTH:
        return False
    found = order_search.of_name(db, turn.text)
    if not found:
        digits = next((each for each in order_search.digits_in(turn.text) if _has(turn, each)), "")
        found = order_search.of_digits(db, digits) if digits else []
        if found:
            _show(turn, found, f"digits:{digits}")
            return True
    if not found and (asked or _LOOKS.match(form) or _OF_SOMEBODY.search(form)):
        found = order_search.named_in(db, turn.text) or order_search.called(db, turn.text)
    name = "" if found else _asked_name(turn)
    if len(found) == 1 and _PAST.search(form):
        overviews.order_history(turn, found[0])
    elif found:
        _show(turn, found, f"name:{found[0].number}")
    elif name:
        turn.say("staff.none-of-name", name=name)
    elif asked:
        turn.say("track.unknown")
    return bool(found or name) or asked


def _asked_name(turn: Turn) -> str:
    """The name of somebody of whom it is asked what they bought."""
    said = _ASKED_NAME.search(turn.text)
    name = (said[said.lastindex or 0] if said else "") or ""
    return name if said and (said["en"] or said["bo"] or is_name(name)) else ""


def press(turn: Turn, subject: str) -> None:
    """The button: the orders that come after those shown."""
    by, _, rest = subject.partition(":")
    value, _, at = rest.rpartition(":")
    db, start = turn.unit.db, int(at[:9]) if at.isdecimal() else 0
    named = orders.find(db, value) if by == "name" else None
    found: list[Order] = []
    if by == "product":
        product, _, grade = value.partition(":")
        found = order_search.of_product(db, product, grade, start)
    elif by == "unpaid":
        found = _unpaid(turn)[start:]
    elif by == "digits":
        found = order_search.of_digits(db, value, start)
    elif named:
        found = order_search.of_name(db, named.recipient.name, start)
    if found:
        _show(turn, found, f"{by}:{value}", start)
    else:
        turn.say("stale.nothing")


def _asks_of_goods(turn: Turn) -> bool:
    amounts = any(line.quantity for line in turn.reading.lines) or turn.reading.vague
    return not amounts and _ORDERS.search(form_of(turn.text).text) is not None


def _has(turn: Turn, digits: str) -> bool:
    return bool(order_search.of_digits(turn.unit.db, digits))


def _of_goods(turn: Turn, product: str, grade: str) -> None:
    """Those with a product in them, of somebody if one is named as well."""
    db = turn.unit.db
    theirs = order_search.named_in(db, turn.text) or order_search.told_by_digits(db, turn.text)
    both = [each for each in theirs if any(_is_of(line, product, grade) for line in each.lines)]
    found = both or order_search.of_product(db, product, grade)
    if found:
        _show(turn, found[:FOUND_MAX] if both else found, f"product:{product}:{grade}")
    else:
        turn.say("staff.none-of-goods", name=_name(turn, product, grade))


def _is_of(line: orders.OrderLine, product: str, grade: str) -> bool:
    return line.product == product and grade in ("", line.grade)


def _name(turn: Turn, key: str, grade: str) -> str:
    product = turn.product(key)
    return turn.name(product, grade) if product else key


def _show(turn: Turn, found: Sequence[Order], value: str, start: int = 0) -> None:
    """A page of what was found, with a button for the next; a single one as its card."""
    if len(found) == 1 and not start:
        desk.card_of(turn, found[0].number)
        return
    shown = found[:FOUND_MAX]
    lines = "\n".join(overviews.line(turn, order) for order in shown)
    choices = [Choice(overviews.label(turn, each), f"order:{each.number}") for each in shown]
    end = start + len(shown)
    if len(found) > FOUND_MAX:
        choices.append(turn.choice("button.older-orders", f"{VERB}:{value}:{end}"))
    if start or len(found) > FOUND_MAX:
        turn.say("staff.found-page", lines=lines, first=start + 1, last=end, choices=tuple(choices))
    else:
        turn.say("staff.found", n=len(shown), lines=lines, choices=tuple(choices))
