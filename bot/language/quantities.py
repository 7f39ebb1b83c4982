"""Amounts of goods, as they are read."""

from __future__ import annotations

import msgspec

AMOUNT_MAX = 10_000_000  # grams or pieces; what is more is a telephone number or a joke


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """So many grams ('g'), pieces ('pc'), boxes ('box') or bags ('bag')."""

    amount: int
    unit: str

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


class Measured(msgspec.Struct, frozen=True, gc=False):
    """A quantity read at form[start:end]."""

    start: int
    end: int
    quantity: Quantity
