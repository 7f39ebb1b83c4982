"""The price that a seller says: for the unit she names, else for the one she is shown prices in."""

from __future__ import annotations

import re

from bot.shop.catalogue import Price, Product
from bot.shop.numbers import ascii_digits
from bot.talk.turn import Turn

_SUM = re.compile(r"\d{1,7}(?:\.\d{1,2})?")
_FIGURE = re.compile(r"[¥$€￥]?\s?\d[\d,.]*")


def said(turn: Turn, product: Product, own: Price) -> int | None:
    """The price said in a message, in minor units for `own.per`; None when there is none."""
    reading = turn.reading
    minor = reading.money[0] if reading.money else (reading.number or 0) * 100 or _last(turn)
    if not minor:
        return None
    return Price(minor, _per(turn, product)).of(own.per)


def _last(turn: Turn) -> int:
    """The last figure of an answer such as 每斤200, in minor units; 0 when there is none.

    Beside goods a figure may be a grade's or an amount's: 5-7的松茸改价.
    """
    if any(line.product or line.grade for line in turn.reading.lines):
        return 0
    found = _SUM.findall(ascii_digits(turn.text))
    return round(float(found[-1]) * 100) if found else 0


def _per(turn: Turn, product: Product) -> int:
    """For how many grams or pieces: 80 a kilogram, 每斤40, 50元一斤."""
    units = re.sub(_FIGURE, " ", turn.text).replace("/", " 1 ")
    for reading in (turn.reading, turn.reader.read(units)):
        for line in reading.lines:
            if line.quantity and line.quantity.unit == product.unit:
                return line.quantity.amount
    return 1 if product.unit == "pc" else turn.locales.usual_grams(turn.language)
