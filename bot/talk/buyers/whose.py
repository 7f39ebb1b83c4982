"""What orders are called: by whom they go to (李娜那单, Lina's order), or all of them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import order_search
from bot.shop.orders import Order, State
from bot.talk import cards
from bot.talk.turn import Turn

# Around a name, in the form of a text; the name alone answers which order is meant.
_SAID = (
    r"{name}(?:的|那|这)*[一1]?[个张笔份]?(?:订?单|包裹|快递)"
    r"|\b(?<!another )(?:order|parcel|package|one) (?:for|to|of|(?:that )?go(?:es|ing) to) {name}\b"
    r"|\b{name}(?:['’]?s)? (?:order|parcel|package|one)\b"
    r"|(?<![\u0f40-\u0fbc]){name}(?:འི)?་?(?:[གཀ]ྱི་|གི་|ཡི་|ལ་|ར་)?"
    r"(?:བ?སྐུར་(?:བའི|རྒྱུའི)་|གཏོང་(?:བའི|རྒྱུའི)་)?མངགས་ཐོ"
)
_ALONE = (
    r"(?:是|给|寄给|the |for |to |it.?s )*{name}(?:的|那个|的那个|吧|'s|'s one|འི|ལ|་ལ)*[\s.!。་།]*$"
)
# 两单都…, all three orders: all of them; and what says so where orders are talked of anyway.
_NUMBERS = ("[两兩2]|both|two|གཉིས", "[三3]|three|གསུམ", "[四4]|four|བཞི", "[五5]|five|ལྔ")
_N = r"(?:two|three|four|five|[2-5])"
ALL_ORDERS = regex(
    r"(?:[这這那]?(?<![第\d])[两兩三四五2-5][个個张張筆笔份]?|所有的?|全部的?|[这這那]些)"
    r"(?:[订訂][单單]|[单單](?![独獨价價]))子?全?都?|[订訂][单單](?:全部|全都|都)"
    rf"|\b(?:both|all|the {_N})(?: of)?(?: (?:my|the|these|those|{_N}))* orders\b"
    rf"|\b(?:both|all)(?: {_N})? of them\b|\ball {_N}\b(?! of\b)"
    r"|མངགས་ཐོ་(?:དེ་)?(?:གཉིས་ཀ|གཉིས་པོ|གསུམ་ཀ|གསུམ་པོ|བཞི་ཀ|བཞི་པོ|ཚང་མ)(?:འི)?་?",
    re.IGNORECASE,
)
_ALL_OF_THEM = regex(
    r"(?<!成)都(?![行可好])|全部|\bboth\b|(?<!at )\ball\b(?! (?:right|good|ok))|གཉིས་ཀ|གསུམ་ཀ|ཚང་མ",
    re.IGNORECASE,
)
_WORDS = regex(r"(?=[\u3400-\u9fff])|[\s་]+")  # between the parts of a name
_NOUN = regex(r"[单單]|order|མངགས", re.IGNORECASE)
UNDER_WAY = (State.PLACED, State.CONFIRMED, State.PACKING, State.SHIPPED, State.RETURNING)
HAN_GIVEN = 3  # characters of a name of which the last two are the given name


def named(text: str, found: Sequence[Order], *, alone: bool = False) -> list[Order]:
    """Those of some orders whose recipient is named in a text, or is all that it says."""
    form, patterns = form_of(text).text.strip("་"), (_SAID, _ALONE) if alone else (_SAID,)
    return [
        order
        for order in found
        if any(
            (re.match if pattern is _ALONE else re.search)(
                pattern.format(name=rf"(?:{'|'.join(map(re.escape, called))})"), form
            )
            for pattern in patterns
            if (called := names(order))
        )
    ]


def said_of_all(text: str, *, loosely: bool = False) -> bool | None:
    """Whether all orders are said, as orders; False where it may also be said of goods, `loosely`
    by a mere "both", and None where it is not said."""
    said = ALL_ORDERS.search(text)
    if said and (_NOUN.search(said[0]) or text[: said.start()].lower().endswith(("to ", "for "))):
        return True
    return False if said or (loosely and _ALL_OF_THEM.search(text)) else None


def how_many(text: str) -> int:
    """How many orders all of them are, as it is said; 0 when it is not."""
    said = ALL_ORDERS.search(text)
    all_of_them = said[0].lower() if said else ""
    return next((n for n, words in enumerate(_NUMBERS, 2) if re.search(words, all_of_them)), 0)


def names(order: Order) -> list[str]:
    """What the recipient of an order is called, in its form."""
    form = form_of(order.recipient.name).text.strip(" ་།")
    words = form.split() if form.isascii() else []
    given = [form[-2:]] if len(form) == HAN_GIVEN and re.fullmatch("[\u4e00-\u9fff]+", form) else []
    return [each for each in (form, *words[:: max(len(words) - 1, 1)], *given) if len(each) > 1]


def all_named(db: sqlite3.Connection, text: str) -> tuple[list[tuple[int, list[Order]]], str]:
    """The orders for each of those whom a text names, and where, and what else it says, which is as
    long as the whole."""
    found = []
    while (theirs := order_search.named_in(db, text)) and (said := _name_of(theirs, text)):
        found.append((said.start(), theirs))
        text = blank(text, said)
    return found, text


def _name_of(theirs: Sequence[Order], text: str) -> re.Match[str] | None:
    """Where a text names whom orders are for."""
    called = {name for each in theirs for name in (each.recipient.name, *names(each))}
    longest_first = sorted(called, key=len, reverse=True)
    written = "|".join(
        r"[\s་]*".join(re.escape(word) for word in _WORDS.split(name) if word.strip())
        for name in longest_first
    )
    return re.search(rf"(?<![a-z])(?:{written})(?![a-z])", text, re.IGNORECASE)


def blank(text: str, said: re.Match[str]) -> str:
    """A text without what was said there, and as long as before."""
    return text[: said.start()] + "," * len(said[0]) + text[said.end() :]


def label(turn: Turn, order: Order, among: Sequence[Order]) -> str:
    """An order on a button that tells it from some others: its goods, and to whom it goes where
    they go to several people."""
    return f"{order.number} {to_whom(order, among)}{cards.goods(turn, order)}"


def to_whom(order: Order, among: Sequence[Order]) -> str:
    """To whom an order goes, where some go to several people; else ''."""
    names = {each.recipient.name for each in among}
    return f"{order.recipient.name} · " if len(names) > 1 else ""
