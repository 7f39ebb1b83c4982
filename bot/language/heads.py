"""So much for each of so many people: 每人半斤, 我们4个人.

How many they are is never guessed. Text is in the form of `script.form_of`.
"""

from __future__ import annotations

import re
from fractions import Fraction

from bot.language.numerals import ENGLISH, HAN_NUMERALS, TIBETAN_NUMERAL, read_number
from bot.language.quantities import AMOUNT_MAX, Measured, Quantity
from bot.language.regex import regex

HEADS_MAX = 1000
People = tuple[int, int, int]  # how many, and where that is said
_PERSON = r"(?:of (?:us|them)|people|persons?|heads?|friends|colleagues|guests)"
# What stands before an amount of each; in 一个人半斤 only if it is said how many people there are.
_EACH_BEFORE = regex(
    r"(?:每个?人|每[位口]|人均|人各|(?P<weak>[一1]个?人))[各都要来拿分给发]*[: ,]?$"
    rf"|每个?人[^\d,.!?;\n{HAN_NUMERALS}]{{1,8}}$|\b(?:each|every) (?:of us|person|one of us)(?: (?:gets?|wants?|needs?|takes?))? $"  # noqa: E501
    r"|མི་རེ(?:ར|་རེར|་རེ་ལ|་ལ)་(?:[^་།\d]{1,9}་){0,5}$"
)
_EACH_BEHIND = regex(
    r"\s?[每一/]个?人|(?: [a-z]+){0,4} (?:(?:per|a|for each|for every) (?:person|head)|for each of us"  # noqa: E501
    r"|(?P<weak>each|apiece)\b(?! of (?!us)))"
)
_COUNT = regex(
    rf"(?<![每第\d{HAN_NUMERALS}])(?P<han>\d{{1,3}}|[{HAN_NUMERALS}]{{1,3}})\s?[个位口名]?(?:大?人(?![份民均])|朋友|同事)"  # noqa: E501
    rf"|我们(?:一共|总共|共|有|是)*\s?(?P<us>\d{{1,3}}|[{HAN_NUMERALS}]{{1,3}})[个位口]"
    rf"|\b(?P<word>\d{{1,3}}|{'|'.join(ENGLISH)}) {_PERSON}\b"
    rf"|\bwe(?: a|')re (?P<we>\d{{1,3}}|{'|'.join(ENGLISH)})\b"
    rf"|(?:མི|ང་ཚོ|བསྡོམས)་(?!རེ)(?P<bo>\d{{1,3}}(?!\d)|{TIBETAN_NUMERAL})"
)
_MAY = regex(r"人|每[位口]|\beach\b|\b(?:per|a|every) (?:person|head)\b|མི་རེ")


def may_be_said(form: str) -> bool:
    """A cheap look: whether there may be an amount of each."""
    return bool(_MAY.search(form))


def count(form: str) -> People | None:
    """How many people there are, and where that is said."""
    for found in _COUNT.finditer(form):
        said = next(word for word in found.groups() if word)
        number = read_number(said)
        if number and number.denominator == 1 and 1 < number <= HEADS_MAX:
            return int(number), found.start(), found.end()
    return None


def of_each(form: str, start: int, end: int, *, counted: bool) -> tuple[int, int] | None:
    """The span of an amount with the words that say that each has it; None when nothing does."""
    before, behind = _EACH_BEFORE.search(form[:start]), _EACH_BEHIND.match(form, end)
    for found in (before, behind):
        if found and (counted or not found.groupdict().get("weak")):
            return min(start, found.start()), max(end, found.end())
    return None


def answer(form: str) -> int | None:
    """How many people, told when that was asked: 4个人, four, མི་བཞི."""
    if told := count(form):
        return told[0]
    number = read_number(re.sub(r"[个位口名人]|\bof us\b|[.!, ]", "", form).strip("་ "))
    whole = number is not None and number.denominator == 1 and 0 < number <= HEADS_MAX
    return int(number) if whole and number else None


def of_all(
    form: str, found: list[Measured], people: People | None
) -> tuple[list[Measured], list[tuple[int, int]]]:
    """What is said of each person for all of them, and where, if nobody knows how many they are."""
    kept, unknown = [], []
    for one in found:
        span = of_each(form, one.start, one.end, counted=people is not None)
        amount = one.quantity.amount * (people[0] if people else 1)
        if span and people and amount <= AMOUNT_MAX:
            one = Measured(one.start, one.end, Quantity(amount, one.quantity.unit))
        elif span:
            unknown.append(span)
        kept.append(one)
    return kept, unknown


def bare_of_all(
    form: str, bare: tuple[tuple[int, int, Fraction], ...], people: People | None
) -> tuple[tuple[tuple[int, int, Fraction], ...], list[tuple[int, int]]]:
    """As `of_all`, of numbers without a unit: 10 each, for 3 friends."""
    kept, unknown = [], []
    for start, end, value in bare:
        span = of_each(form, start, end, counted=people is not None)
        if span and people:
            kept.append((start, end, value * people[0]))
        elif span:
            unknown.append(span)
        else:
            kept.append((start, end, value))
    return tuple(kept), unknown
