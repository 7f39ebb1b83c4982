"""Orders that staff look for: by a number, a name, digits, or what is in them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import order_search, orders
from bot.shop.order_search import FOUND_MAX
from bot.shop.orders import Order
from bot.talk import desk
from bot.talk.sellers import overviews
from bot.talk.turn import Turn

VERB = "orders-found"
TEXT_LENGTH = 60  # characters of a text that names an order
# Beside goods without an amount this says that orders of them are meant; matched in a text's form.
_ORDERS = regex(r"订单|[的找查有]单|单子|谁[买订要]|\borders\b|\bwho (?:bought|has)\b|མངགས་ཐོ")
# Somebody may be looked for, or something else.
_LOOKS = regex(r"\s*(?:(?:please )?(?:find|look (?:for|up)|search(?: for)?|show)\b|[查找搜])")


def find(turn: Turn) -> bool:
    """Orders by who receives them or by digits; asked for in words, by product too."""
    db, reading = turn.unit.db, turn.reading
    asked = "find-orders" in reading.marks
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
    if not found and (asked or _LOOKS.match(form_of(turn.text).text)):
        found = order_search.named_in(db, turn.text)
    if found:
        _show(turn, found, f"name:{found[0].number}")
    elif asked:
        turn.say("track.unknown")
    return bool(found) or asked


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
