"""The price that a seller says: for the unit she names, else for the one she is shown prices in."""

from __future__ import annotations

import re

from bot.language.reading import Reading
from bot.shop.catalogue import Price, Product
from bot.shop.numbers import ascii_digits
from bot.talk.turn import Turn

_SUM = re.compile(r"\d{1,7}(?:\.\d{1,2})?")
_FIGURE = re.compile(r"[¥$€￥]?\s?\d[\d,.]*")


def sum_said(turn: Turn) -> int:
    """The sum of money, or else the bare number, of a message in minor units; 0 for none."""
    reading = turn.reading
    return reading.money[0] if reading.money else (reading.number or 0) * 100


def figure(text: str) -> int:
    """The first figure of a text with ASCII digits, in minor units; 0 for none."""
    found = _SUM.search(text)
    return round(float(found[0]) * 100) if found else 0


def said(turn: Turn, product: Product, own: Price) -> int | None:
    """The price said in a message, in minor units for `own.per`; None when there is none."""
    minor = sum_said(turn) or _last(turn)
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
    amount = _amount(turn.reading, product)
    if amount is None:
        units = _FIGURE.sub(" ", turn.text).replace("/", " 1 ")
        amount = _amount(turn.reader.read(units), product)
    if amount is None:
        amount = 1 if product.unit == "pc" else turn.locales.usual_grams(turn.language)
    return amount


def _amount(reading: Reading, product: Product) -> int | None:
    """The first amount of a message in the product's own unit."""
    said = (line.quantity for line in reading.lines if line.quantity)
    return next((each.amount for each in said if each.unit == product.unit), None)
