"""What the shop sells, at what price, and where it ships."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]  # BCP 47 language tag → text


@dataclass(frozen=True, slots=True)
class Price:
    """So many minor units of the shop's currency for `per` grams or pieces."""

    minor: int
    per: int

    def of(self, amount: int) -> int:
        """The price of an amount (grams or pieces) in minor units, halves rounded up."""
        return (2 * self.minor * amount + self.per) // (2 * self.per)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of a product. The only grade of a product that has one has the key ''."""

    key: str
    names: Texts
    words: Mapping[str, tuple[str, ...]]  # language → how buyers call it, the name included
    price: Price


@dataclass(frozen=True, slots=True)
class Product:
    """A product, sold by the piece ('pc') or by weight ('g')."""

    key: str
    unit: str
    names: Texts
    words: Mapping[str, tuple[str, ...]]  # language → names and nicknames, the name included
    grades: tuple[Grade, ...]
    packs: Mapping[str, int]  # 'box' or 'bag' → grams or pieces in one
    weight: int  # grams to ship per piece; 1 for what is sold by weight
    minimum: int  # the least that can be ordered, in `unit`
    season: tuple[str, str] | None  # first and last day as MM-DD; None: all year
    fresh: bool  # goes by cold chain only
    shelf_life_days: int
    origin: Texts
    storage: Texts
    about: Texts
    picture: str | None  # SHA-256 of a file in the store's folder

    def grade(self, key: str) -> Grade:
        """The grade of that key. Raises KeyError."""
        return next((grade for grade in self.grades if grade.key == key), None) or _missing(key)

    def in_season(self, month_day: str) -> bool:
        """Whether a day (MM-DD) lies in the season, which may span the new year."""
        if not self.season:
            return True
        first, last = self.season
        return first <= month_day <= last if first <= last else not last < month_day < first


def _missing(key: str) -> Grade:
    raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Zone:
    """Where the shop ships at one tariff. `provinces` are full Chinese names; '*' means any.

    `country` is an ISO 3166 alpha-2 code; `first_minor` covers the first `first_grams`, and every
    kilogram begun above it costs `more_minor`. `free_from_minor` is the sum of goods from which
    shipping is free, or None. `fresh` says whether the cold chain reaches.
    """

    key: str
    names: Texts
    country: str
    provinces: tuple[str, ...]
    first_minor: int
    first_grams: int
    more_minor: int
    free_from_minor: int | None
    days: tuple[int, int]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue at one version."""

    version: int
    names: Texts  # the shop's name
    currency: str
    account: Texts  # where to transfer to, as text
    account_qr: str  # what the QR code for a transfer holds; '' without one
    cod_countries: tuple[str, ...]  # where paying on delivery is offered
    zones: tuple[Zone, ...]
    products: Mapping[str, Product]  # by key, in the shop's own order


def load(db: sqlite3.Connection) -> Catalogue:
    """Reads the whole catalogue. Callers cache it by `version(db)`."""
    raise NotImplementedError


def version(db: sqlite3.Connection) -> int:
    """The catalogue's present version; 0 when there is none yet."""
    raise NotImplementedError
