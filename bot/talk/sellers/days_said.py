"""When goods were harvested and until when they are good, said with their arrival or behind it."""

from __future__ import annotations

import unicodedata
from datetime import date

from msgspec import Struct

from bot.language import dates, times
from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import people, stock
from bot.talk.sellers import best_before, meaning, stock_words
from bot.talk.turn import Turn

_UNTIL = regex(
    r"保[质鲜存]期[是为到至:]*|有效期[是为到至:]*|[放存吃用卖]到|前(?:要|得|都)?[吃用卖]完|过期"
    r"|\b(?:good|best|fresh|keeps?|use|eat|sell)\b.{0,8}\b(?:until|till?|before|by)\b|\bexpir\w*"
    r"|བར་(?:དུ་)?(?:ཉར|བཟའ|འཇོག|ཆོག)|དུས་ཚོད་རྫོགས"
)
_HARVESTED = regex(
    r"[采摘挖做榨]的|采[收摘挖][日期于自:]*|新[采摘挖]|生产日期:?"
    r"|\b(?:harvested|picked|dug|made|gathered|churned)\b(?: on)?"
    r"|བཏུས|བཏོག|བརྐོས|བཟོས|བསྡུས"
)
_DAY = (
    r"(?:[上本这這]{0,2}[个個]?(?:[周週]|星期|[礼禮]拜)[一二三四五六日天]|[昨前今]天"
    r"|\d{1,2}(?:月\d{1,2})?[日号號])"
)
# Where a day may begin that is said of what came in: 10斤 11月18号做的, 一斤40,18号采的,
# 2斤保质期到7月27日, 3 kg best before 27 July.
_APART = regex(
    r"(?<=[斤两兩克根条條袋包盒]) +|(?<!\d),(?=\d)|,(?=\d)(?!\d{3}(?!\d))"
    r"|(?<=[^,\s])(?=保[质質鲜鮮存]期|有效期)"
    r"|(?<=[斤两兩克根条條袋包盒了货貨])(?=[可能]?以?[放存吃用卖賣]到"
    rf"|{_DAY}[^,.;，。]{{0,4}}(?:[采採摘挖做]|前))"
    r"|(?<=[^,]) (?=(?:(?:is|are|and|it|they|which|was|were) )*"
    r"(?:(?:good|best|fresh|keeps?|use|eat|sell)\b.{0,8}\b(?:until|till?|before|by)\b|expir"
    r"|(?:picked|harvested|dug|gathered|churned)\b))"
    r"|(?<=[སངདབརན])[་།]? +(?=(?:ཟླ|ཚེས|བདུན་ཕྲག|གཟའ|ཁ་ས|ཁ་ཉིན)་?)"
)
_STOPS = str.maketrans("。、", ".,")
_OF_MONTH = regex(r"(?:the )?(?<!\d)\d{1,2}(?:[日号]|(?:st|nd|rd|th)\b)")
_NEAR = regex(
    r"大?[今明后昨前][天日早晚]|[下这本上]?个?(?:周|星期|礼拜)[一二三四五六日天]|\w{1,3}天[以之]?后"
    r"|(?:the )?day (?:after tomorrow|before yesterday)|today|tomorrow|yesterday|in \w+ days"
    r"|(?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|སང་ཉིན|གནངས(?:་ཉིན)?|དེ་རིང|ཁ་(?:ས|སང|རྩང|ཉིན)(?:་ཀ)?"
)
# What goods came in, from whom and for how much, beside a day.
_SAYS = regex(r"\d|家|\bfrom\b|ཚང")


class Days(Struct, frozen=True):
    """Those that a message names; None for one that it does not."""

    harvested: date | None = None
    until: date | None = None


def said(turn: Turn) -> tuple[Turn, Days]:
    """The days of what came in that a message names, and what it says besides."""
    days, rest = Days(), []
    text = unicodedata.normalize("NFKC", turn.text).translate(_STOPS)
    for clause in stock_words.clauses(_APART.sub(", ", text)):
        form = form_of(clause).text
        found = _in(turn, form)
        days = Days(found.harvested or days.harvested, found.until or days.until)
        if found != Days():
            clause = _without_day(clause, form)
            if not (_SAYS.search(form_of(clause).text) or turn.reader.read(clause).lines):
                continue
        rest.append(clause)
    return (turn if days == Days() else meaning.saying(turn, "".join(rest))), days


def _without_day(clause: str, form: str) -> str:
    """What a clause says besides its day and what that is the day of, as it was written where the
    form keeps the places."""
    named = dates.find_day(form) or _OF_MONTH.search(form) or _NEAR.search(form)
    spans = [e.span() for e in (named, _UNTIL.search(form), _HARVESTED.search(form)) if e]
    written = clause if len(clause) == len(form) else form
    return "".join(
        " " if any(start <= at < end for start, end in spans) else sign
        for at, sign in enumerate(written)
    )


def _in(turn: Turn, form: str) -> Days:
    text, today = stock_words.without_range(form), best_before.today(turn)
    if _UNTIL.search(text):
        return Days(until=times.day_in(text, today))
    return Days(harvested=times.last_day_in(text, today) if _HARVESTED.search(text) else None)


def alone(turn: Turn, days: Days) -> bool:
    """Notes days for what came in just now, said behind it; False where they are of nothing."""
    if any(line.quantity for line in turn.reading.lines):
        return False
    found = [lot for id in _asked_of(turn) if (lot := stock.lot(turn.unit.db, id))]
    found = [lot for lot in found if turn.reading.product in (None, lot.product)]
    if len(found) == 1:
        note(turn, found[0], days)
    return len(found) == 1


def _asked_of(turn: Turn) -> list[int]:
    """The lots whose days the buttons below the last words ask for."""
    verb, shown = f"{best_before.ASKED}:", people.offered(turn.unit, turn.chat)
    values = dict.fromkeys(each.value for choices in shown for each in choices)
    return [int(each[len(verb) :][:18]) for each in values if each.startswith(verb)]


def note(turn: Turn, lot: stock.Lot, days: Days) -> None:
    """Notes what is said of a lot."""
    product = turn.product(lot.product)
    if product and days.harvested:
        best_before.harvest(turn, lot, product, days.harvested)
    if product and days.until:
        best_before.keep_until(turn, lot, product, days.until)
