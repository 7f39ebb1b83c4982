"""How much of an order's goods a seller means, as said and as buttons carry it."""

from __future__ import annotations

from collections import Counter

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import catalogue
from bot.shop.orders import Order
from bot.shop.returned_goods import Goods
from bot.talk import cards
from bot.talk.sellers import choosing
from bot.talk.turn import Turn

# A button; its subject is an order's number, its goods, and a parcel with or without its courier.
VERB = "part"
VALUE_MAX = 64  # bytes of a button's value
SHOWN_MAX = 8  # lines of an order, each on a button
_ALL = regex(r"全|都|所有|整[单个]|\b(?:all|everything|whole)\b|ཚང་མ|ཡོད་ཚད")
_BETWEEN = regex(r"[+:]")  # the second one was, once
_PLACED = regex(r"\d{1,2}\.\d{1,9}")


def said(turn: Turn, known: Goods) -> Goods | None:
    """How many of which grades; none of them where that is not clear. None for other goods."""
    lines = turn.reading.lines
    if not lines:
        only = next(iter(known)) if len(known) == 1 else None
        product = turn.product(only[0]) if only else None
        amount = choosing.amount_said(turn, product) if product else None
        if only and amount:
            return {only: amount}
        return known if _ALL.search(form_of(turn.text).text) else None
    part = Counter[tuple[str, str]]()
    for each in lines:
        meant = [key for key in known if each.product in (None, key[0])]
        meant = [key for key in meant if each.grade in (None, key[1])]
        product = turn.product(meant[0][0]) if meant else None
        if product is None:
            return None
        if each.quantity is None:
            part.update({key: known[key] for key in meant})
            continue
        amount = catalogue.amount(product, each.quantity.amount, each.quantity.unit)
        if len(meant) > 1 or not amount:
            return {}
        part[meant[0]] += amount
    return part


def are_in(goods: Goods, known: Goods) -> bool:
    """Whether they are some, and no more than known."""
    return bool(goods) and all(0 < much <= known.get(key, 0) for key, much in goods.items())


def encoded(order: Order, goods: Goods) -> str:
    """For a button: the place of each grade among the order's lines, and how much of it."""
    places = {(line.product, line.grade): str(n) for n, line in enumerate(order.lines)}
    return "+".join(f"{places[key]}.{amount}" for key, amount in goods.items())


def button(order: Order, goods: Goods) -> str:
    """How the value of a button begins that sends them."""
    return f"{VERB}:{order.number}:{encoded(order, goods)}"


def choices(turn: Turn, order: Order, value: str) -> list[Choice]:
    """A button for each line of an order that has several."""
    shown = order.lines[:SHOWN_MAX] if len(order.lines) > 1 else ()
    return [
        turn.choice("button.back-only", f"{value}:{place}.{line.amount}", goods=goods)
        for place, line in enumerate(shown)
        if (goods := cards.amounts(turn, order, {(line.product, line.grade): line.amount}))
    ]


def decoded(order: Order, text: str) -> Goods | None:
    """What a button carries; None when it is nothing of the kind."""
    part = Counter[tuple[str, str]]()
    for each in _BETWEEN.split(text) if text else ():
        if not _PLACED.fullmatch(each):
            return None
        place, amount = map(int, each.split("."))
        if place < len(order.lines):
            part[order.lines[place].product, order.lines[place].grade] += amount
    return part
