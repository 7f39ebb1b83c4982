"""A seller's work needs a product, a grade or an amount: which one is meant?

The buttons carry the verb that goes on with it: `in:honey`, `price:cordyceps:large`.
"""

from __future__ import annotations

import re

from bot.language.numerals import HAN_NUMERALS, read_number
from bot.language.reading import Line
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import catalogue
from bot.shop.catalogue import Product
from bot.talk.turn import Turn

ASKED = "which"
_UNITS = (
    (regex(r"公斤|千克|kg\b|\bkilo|སྤྱི་རྒྱ"), 1000),
    (regex(r"斤|jin\b|\bcatt(?:y|ies)\b|རྒྱ་མ"), 500),
)
# Which of those that are listed, by the form of what is said.
_NTHS = (
    "first|1st|དང་པོ",
    "second|2nd|གཉིས་པ",
    "third|3rd|གསུམ་པ",
    "fourth|4th|བཞི་པ",
    "fifth|5th|ལྔ་པ",
)
# With nothing but these words beside it.
_NTH = r"(?:the |དེ་?)*(?:{})(?:་?(?:དེ|མངགས་ཐོ)| (?:one|order))*"
_NUMBER = regex(
    rf"(?:第|number |no\.? ?|ཨང་(?:གྲངས་)?)?(?P<n>\d{{1,3}}|[{HAN_NUMERALS}])[.)]?"
    r"(?:[条次笔个号单]的?)?"
)


def product(turn: Turn, verb: str) -> None:
    """Asks which product it is for."""
    choices = (
        Choice(turn.name(product), f"{verb}:{key}")
        for key, product in turn.catalogue.products.items()
    )
    turn.state.asked = ASKED
    turn.say("staff.which-product", choices=tuple(choices))


def grade(turn: Turn, product: Product, verb: str, tail: str = "") -> None:
    """Asks which grade of a product it is for; `tail` is what else the buttons carry."""
    choices = (
        Choice(turn.name(product, grade.key), f"{verb}:{product.key}:{grade.key}{tail}")
        for grade in product.grades
    )
    turn.state.asked = ASKED
    turn.say("staff.which-grade", choices=tuple(choices))


def one_grade(turn: Turn, said: Line | None) -> tuple[Product | None, str | None]:
    """The product and grade that a seller's sentence names, as far as it does.

    A grade alone is of what was talked of, or else of the only product that has it.
    """
    product = turn.product((said and said.product) or turn.state.about)
    grade = said.grade if said else None
    if said and grade and not said.product and not _has(product, grade):
        found = [each for each in turn.catalogue.products.values() if _has(each, grade)]
        product = found[0] if len(found) == 1 else None
    if product is None:
        return None, None
    return product, product.grades[0].key if len(product.grades) == 1 else grade


def _has(product: Product | None, grade: str) -> bool:
    return product is not None and any(each.key == grade for each in product.grades)


def meant(turn: Turn, verb: str, subject: str) -> tuple[Product, str] | None:
    """The product and grade that a button's subject names or else the message; None: it is asked.

    `subject` is `product` or `product:grade`, or '' for the words of a message.
    """
    key, _, named = subject.partition(":")
    said = turn.reading.lines[0] if turn.reading.lines else None
    found = turn.product(key or (said and said.product) or "")
    if found is None:
        product(turn, verb)
        return None
    named = named or (said and said.grade) or ""
    if len(found.grades) == 1:
        return found, found.grades[0].key
    if any(each.key == named for each in found.grades):
        return found, named
    grade(turn, found, verb)
    return None


def unit_of(text: str) -> int:
    """How many grams the unit of weight has that a text names; 0 for none."""
    form = form_of(text).text
    return next((grams for words, grams in _UNITS if words.search(form)), 0)


def nth(form: str, n: int) -> int:
    """Which of `n` listed ones the form of a text tells by its place, from 1 on; 0 for none."""
    said = _NUMBER.fullmatch(form)
    named = (at for at, words in enumerate(_NTHS, 1) if re.fullmatch(_NTH.format(words), form))
    place = (read_number(said["n"]) if said else next(named, None)) or 0
    return int(place) if 0 < place <= n else 0


def amount_said(turn: Turn, product: Product, grams: int = 0) -> int | None:
    """An amount in the product's own unit, a bare number being pieces, or a weight in units of so
    many grams, the language's usual one when none is given."""
    reading = turn.reading
    said = next((line.quantity for line in reading.lines if line.quantity), None)
    found = catalogue.amount(product, said.amount, said.unit) if said else None
    if found is None and reading.number is not None:
        grams = grams or turn.locales.usual_grams(turn.language)
        found = reading.number * (1 if product.unit == "pc" else grams)
    return found
