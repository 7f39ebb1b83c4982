"""Tracking numbers: whose they are, also each of several in a line."""

from __future__ import annotations

import re
from functools import partial

from bot.language.regex import regex
from bot.shop import numbers, order_search, orders, parcels
from bot.shop.orders import Order
from bot.talk.turn import Turn

# Two to four Han characters, or some words: somebody's name and nothing else; and what is none
# although it stands alone beside a number.
NAME = regex(r"[\u4e00-\u9fff]{2,4}|[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}|[\u0f40-\u0fbc\u0f0b]{2,24}")
_NO_NAME = regex(
    r"(?:都是?|[是给的了和跟与及共]|今[天早]|刚才?|[发寄][了的出]?|快递|单?号|这?[两几]个|包裹|上面|下面)+"
    r"|(?i:the|both|all|are|is|for|of|and|parcels?|numbers?|sent|today)"
    r"|(?:་|དང|གཉིས|ཚང་མ|ནི|ཡིན|རེད|[གཀ]ྱི|གི|ལ|ཀ|བསྐུར)+"
)

# The end of a phone's number or of an order's, or a whole phone's, which stands alone. Beside so
# long a group of letters and digits it is no part of a number that was copied in groups.
_END = regex(r"(?<![0-9A-Za-z¥$.-])(?:\d{4}|\d{6}|1\d{10})(?![0-9A-Za-z元块塊年-]|\.\d)")
# What says that digits are such an end; alone beside a number they are it, too.
_OF_PHONE = regex(
    r"尾[号號数數]|[末后後][四4]|手机|手機|电话|電話|\b(?:end(?:s|ing)?|last (?:four|4)|phone)\b"
    r"|མཇུག|མཐའ་མ|ཁ་པར",
    re.IGNORECASE,
)
_NOTHING = regex(r"[\W_的那单單给給]*")
_RUN = regex(r"[0-9A-Za-z]+(?:[\s-]+[0-9A-Za-z]+)*")
_GROUP = regex(r"[A-Za-z]*\d[0-9A-Za-z]*")
_WHOLE = 8  # characters


def parted(turn: Turn, line: str) -> list[tuple[str, str]]:
    """The pieces of a line that says of its numbers that they are of several orders, each with its
    number; [] where they are of one, or it is not said of whom."""
    text = numbers.ascii_digits(line)
    found = parcels.several_numbers(numbers.WRITTEN.sub(" ", text))
    spans = sorted((span, each) for each in found if (span := _span(text, each)))
    if len(found) < 2 or len(spans) < len(found):
        return []
    starts, ends = [span[0] for span, _ in spans], [span[1] for span, _ in spans]
    is_before = _is_before(turn, line[: starts[0]], line[ends[-1] :])
    cuts = [0, *(ends[:-1] if is_before else starts[1:]), len(line)]
    pieces = [line[start:end] for start, end in zip(cuts, cuts[1:], strict=False)]
    whose = {who for each in pieces if (who := _who(turn, each))}
    return [(p, n) for p, (_, n) in zip(pieces, spans, strict=True)] if len(whose) > 1 else []


def named(turn: Turn, text: str) -> list[Order]:
    """The orders that a text names, by their numbers, by whom they are for or by digits; all of
    them where a name and digits tell two."""
    db = turn.unit.db
    if order := orders.find(db, text):
        return [order]
    theirs, told = order_search.named_in(db, text), order_search.of_digits(db, digits(turn, text))
    both = [each for each in theirs if each in told]
    return both or [*theirs, *told]


def digits(turn: Turn, text: str) -> str:
    """The digits in a text that tell whose a parcel is, and are not of its number; '' without any.

    Those of nobody are meant so only where they stand apart from a number that is there, and it is
    said, or nothing else is.
    """
    db, text = turn.unit.db, numbers.ascii_digits(text)
    if orders.find(db, text):
        return ""
    number = parcels.looks_like_number(text) or ""
    start, end = _span(text, number) or (0, 0) if number else (0, 0)
    for said in filter(partial(_stands_alone, text), _END.finditer(text)):
        is_apart = not start <= said.start() < end
        if order_search.of_digits(db, said[0]):
            is_meant = is_apart or not parcels.is_sure(number)
        else:
            rest = text[: said.start()] + text[said.end() :]
            is_meant = bool(number) and is_apart and _is_said(rest.replace(text[start:end], " "))
        if is_meant:
            return said[0]
    return ""


def _is_said(beside: str) -> bool:
    """Whether it is said that digits tell whose a parcel is, by these words or by none."""
    return bool(_OF_PHONE.search(beside) or _NOTHING.fullmatch(parcels.beside(beside)))


def _stands_alone(text: str, said: re.Match[str]) -> bool:
    """Whether only whole numbers are beside some digits."""
    run = next(run for run in _RUN.finditer(text) if run.start() <= said.start() < run.end())
    others = [each for each in _GROUP.findall(run[0]) if each != said[0]]
    return all(len(each) >= _WHOLE for each in others)


def without_digits(turn: Turn, text: str) -> str:
    """A text without the digits that tell whose a parcel is."""
    said, text = digits(turn, text), numbers.ascii_digits(text)
    return re.sub(rf"(?<!\d){said}(?!\d)", " ", text, count=1) if said else text


def _span(text: str, number: str) -> tuple[int, int] | None:
    """Where a number stands in a text, perhaps with gaps."""
    found = re.search(r"[\s-]*".join(map(re.escape, number)), text, re.IGNORECASE)
    return found.span() if found else None


def _is_before(turn: Turn, first: str, last: str) -> bool:
    """Whether it is said before each number whose it is, and not behind it."""
    if named(turn, first) or named(turn, last):
        return bool(named(turn, first))
    return bool(_who(turn, first))


def _who(turn: Turn, text: str) -> frozenset[int] | str:
    """The orders that a piece names, else a name that is not known; '' for neither."""
    said = parcels.beside(text)
    is_name = NAME.fullmatch(said) and not _NO_NAME.fullmatch(said)
    return frozenset(each.id for each in named(turn, text)) or (said if is_name else "")
