"""Bad goods that go back to the household from which they were bought, and are not owed for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import structs

from bot.language.reading import Line
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import catalogue, stock
from bot.shop.catalogue import Product
from bot.shop.stock import Lot, Shortage
from bot.talk.sellers import choosing, households, stock_words, stocking
from bot.talk.turn import Turn

ASKED = VERB = "give-back"  # the button's subject is a lot's id, then an amount
SHOWN_MAX = 8
NO_LINE = Line(None, None, None)
# Whom the goods go to stands behind; a buyer who sends something back is not given it.
_TO = regex(
    r"(?:退|还)(?:货|还|回|掉|回去)*(?:了|给)*给?\s*$|给\s*$|\bto\s+(?:the )?(?:household of )?$",
    re.IGNORECASE,
)
_GOES_BACK = regex(
    r"退|还给|[拿带取领](?:回(?!来)|走)|\breturn|\bback\b"
    r"|ཕྱིར་(?:སློག|ལོག|སྤྲད|སྤྲོད|བསྐུར|འཁྱེར|ཁྱེར|བླངས)|སླར་(?:སློག|སྤྲད)",
    re.IGNORECASE,
)
_TAKEN = regex(r"[拿带取领](?:回(?!来)|走)去?了?")
# The household takes them itself: 卓玛家拿回去1斤, Dolma took 1 jin back.
_TAKES = regex(
    r"[家的人]*(?:今天|昨天|刚才?|又|自己|来|先|把[^,.]*)*[拿带取领](?:回(?!来)|走)"
    r"|(?:['’]s (?:family|household|house|people|son|daughter))?(?: has| have)?"
    r" (?:took|taken)\b.*\bback\b"
    r"|(?:འི)?[་\s]*(?:ཁྱིམ་)?(?:ཚང)?(?:ས|་?[གཀ]ྱ?ིས)་.*ཕྱིར་(?:འཁྱེར|ཁྱེར|བླངས)",
    re.IGNORECASE,
)
_TIBETAN_TO = regex(r"(?:འི|་[ཀག]ྱ?ི)?[་\s]*(?:ཁྱིམ་)?(?:ཚང་)?(?:ལ|ར)(?:་|\s|$)")


def said(turn: Turn) -> bool:
    """Goods that go back to a household, in a seller's words; False when none do."""
    text = form_of(turn.text).text
    if not _GOES_BACK.search(text) or "?" in text or turn.reading.money:
        return False
    bought = stock.bought(turn.unit)
    parts = stock_words.clauses(text)
    clauses = [part for part in parts if any(_is_to(part, each.household) for each in bought)]
    clause = clauses[0] if clauses else text
    found = [each for each in bought if _is_to(clause, each.household)]
    if not found:
        return False
    # 拿走 is what a buyer does not want, too.
    line = next(iter(turn.reader.read(_TAKEN.sub(" ", clause)).lines), NO_LINE)
    named = line.product or turn.reading.product
    found = [each for each in found if named in (None, each.product)]
    found = [each for each in found if line.grade in (None, each.grade)]
    product = turn.product(found[0].product) if found else None
    _lose(turn, "".join(part for part in parts if part != clause), named)
    _choose(turn, sorted(found, key=lambda each: -each.id), _amount(turn, product, line))
    return True


def _lose(turn: Turn, text: str, product: str | None) -> None:
    """What is said beside it of the same goods, such as that some are spoilt."""
    reading = turn.reader.read(text)
    lines = tuple(structs.replace(each, product=each.product or product) for each in reading.lines)
    stocking.said(structs.replace(turn, text=text, reading=structs.replace(reading, lines=lines)))


def _amount(turn: Turn, product: Product | None, line: Line) -> int:
    """How much is said to go back; 0 where it has to be asked."""
    if product and (said := line.quantity):
        return catalogue.amount(product, said.amount, said.unit) or 0
    return int(turn.reading.number or 0) if product and product.unit == "pc" else 0


def _is_to(text: str, household: str) -> bool:
    """Whether a text says that something goes to a household."""
    before, name, behind = text.casefold().partition(households.short(household))
    takes = _TIBETAN_TO.match(behind) or _TAKES.match(behind)
    return bool(name and (_TO.search(before) or takes))


def _choose(turn: Turn, found: Sequence[Lot], amount: int) -> None:
    """Goes on with the lot, or asks which it is."""
    if len(found) == 1:
        give(turn, found[0], amount)
    elif not found:
        turn.say("household.nothing-to-give-back")
    else:
        ending = f":{amount}" if amount else ""
        choices = (Choice(_label(turn, each), f"{VERB}:{each.id}{ending}") for each in found)
        turn.say("household.which-to-give-back", choices=tuple(choices)[:SHOWN_MAX])


def _label(turn: Turn, lot: Lot) -> str:
    product = turn.product(lot.product)
    name = turn.name(product, lot.grade) if product else lot.product
    left = turn.quantity(product, lot.on_hand, product.unit) if product else ""
    return f"{lot.household} {name} {left}"


def press(turn: Turn, parts: Sequence[str]) -> None:
    """The button names a lot, and perhaps how much of it."""
    ids = [int(each[:18]) for each in parts if each.isdecimal()]
    lot = stock.lot(turn.unit.db, ids[0]) if ids else None
    if lot is None or not lot.household:
        turn.say("stale.nothing")
    else:
        give(turn, lot, ids[1] if len(ids) > 1 else 0)


def take(turn: Turn) -> bool:
    """How much goes back, after it was asked for; False when no amount was said."""
    lot = stock.lot(turn.unit.db, turn.state.lot)
    product = turn.product(lot.product) if lot else None
    amount = choosing.amount_said(turn, product) if product else None
    if lot is None or not amount:
        return False
    give(turn, lot, int(amount))
    return True


def give(turn: Turn, lot: Lot, amount: int) -> None:
    """Gives so much of a lot back; how much is asked where that is not said, or not free."""
    product = turn.product(lot.product)
    if product is None:
        turn.say("stale.nothing")
        return
    name = turn.name(product, lot.grade)
    turn.state.asked, turn.state.lot = ASKED, lot.id
    if amount <= 0:
        turn.say(f"household.ask-give-back-{product.unit}", name=name, who=lot.household)
        return
    before = stock.last_movement(turn.unit.db)
    short = stock.give_back(turn.unit, lot, amount, by=turn.chat.person)
    turn.state.asked = ASKED if short else ""
    there = short.available if isinstance(short, Shortage) else 0
    turn.say(
        "household.not-so-much" if short else "household.given-back",
        name=name,
        who=lot.household,
        quantity=turn.quantity(product, amount, product.unit),
        there=turn.quantity(product, there, product.unit),
        stand=households.stand(turn, lot.household),
        choices=() if short else (stocking.undo_choice(turn, before),),
    )
