"""What goods cost from an amount on, in a seller's words: 青稞20斤以上7元, 6 from 100 jin."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.numerals import HAN_NUMERALS
from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import catalogue, catalogue_edits
from bot.shop.catalogue import Price, Product
from bot.talk import goods_cards
from bot.talk.sellers import choosing, pricing
from bot.talk.turn import Turn

SURE = "sure-step"  # a button's verb; its subject is a product, a grade, an amount and a price
_FROM = regex(
    rf"满?\s*(?P<zh>(?:\d[\d.]*|[{HAN_NUMERALS}]{{1,5}})\s*[^\d\s,.]{{1,2}})\s*[及或]?(?:以上|起)[就都]?"
    r"|\b(?:from|over|above) (?P<from>\d[\d.]* ?[a-z]+)"
    r"|(?P<more>\d[\d.]* ?[a-z]+) (?:or more|and (?:up|over|above|more))\b"
    r"|(?P<bo>(?:རྒྱ་མ|སྤྱི་རྒྱ|ཁེ|རྐང)་?\d+)་?(?:ཡན|ལས་མང་བ)(?:་ཆད)?(?:་ལ)?",
    re.IGNORECASE,
)


def said(turn: Turn) -> bool:
    """Sets what a message says; False when it says no price from an amount on."""
    text = form_of(turn.text).text
    found = _FROM.search(text)
    if found is None or "?" in text or "ask" in turn.reading.found:
        return False
    line = next((line for line in turn.reading.lines if line.product), None)
    about = line.product if line else turn.state.about
    if not about or not (line or turn.state.asked == "new-price"):
        return False
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    priced = replace(turn, text=rest, reading=turn.reader.read(rest, about=about))
    if not pricing.sum_said(priced):
        return False
    product, grade = choosing.one_grade(turn, line)
    least = _amount(turn, product, found[found.lastgroup or 0]) if product else 0
    if product is None or not least:
        return False
    if grade is None:
        choosing.grade(turn, product, "price")
        return True
    minor = pricing.said(priced, product, pricing.usual(turn, product, grade))
    _set(turn, product, grade, least, minor or 0)
    return True


def _amount(turn: Turn, product: Product, words: str) -> int:
    """An amount in the product's own unit; 0 where the words name none."""
    lines = turn.reader.read(words, about=product.key).lines
    said = next((line.quantity for line in lines if line.quantity), None)
    return (catalogue.amount(product, said.amount, said.unit) or 0) if said else 0


def press(turn: Turn, parts: list[str]) -> None:
    """The button: a price far from the usual one is meant."""
    product = turn.product(parts[0])
    figures = [int(each[:12]) for each in parts[2:] if each.isdecimal()]
    if product is None or len(figures) != 2 or parts[1] not in (g.key for g in product.grades):
        turn.say("stale.nothing")
    else:
        _set(turn, product, parts[1], *figures, sure=True)


def _set(
    turn: Turn, product: Product, grade: str, least: int, minor: int, *, sure: bool = False
) -> None:
    usual = pricing.usual(turn, product, grade)
    if minor <= 0:
        turn.say("staff.bad-price")
        return
    price = Price(minor, usual.per)
    if not sure and pricing.is_far(usual, minor):
        value = f"{SURE}:{product.key}:{grade}:{least}:{minor}"
        pricing.ask_whether(turn, product, grade, price, value)
        return
    by = turn.chat.person
    before = catalogue_edits.set_step(turn.unit, product.key, grade, least, minor, by)
    turn.state.asked = ""
    turn.say(
        "staff.step-not-lower" if before else "staff.step-set",
        name=turn.name(product, grade),
        quantity=turn.quantity(product, least, product.unit),
        price=goods_cards.price(turn, product, price),
        usual=goods_cards.price(turn, product, before or usual),
    )
