"""The fields of a catalogue file, read one by one with every fault noted.

Nothing here stops at the first fault: a field that cannot be read is noted and stands in with a
harmless value, which nobody sees because a file with a fault is never handed on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches

from msgspec import Struct, field

from bot.shop.catalogue import PRICE_MINOR_MAX, Texts

WORDS_MAX = 200  # in one language
WORD_CHARS_MAX = 60
TEXT_CHARS_MAX = 2000
AMOUNT_MAX = 10**9  # a thousand tons in grams

# ISO 4217 currencies whose minor unit is not a hundredth.
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3}

Place = tuple[str | int, ...]  # where a field stands: ("product", 0, "grade", 1, "price")
Words = Mapping[str, tuple[str, ...]]

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_AMOUNT = re.compile(r"([0-9]+)\s*(g|kg|pc)?")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0", "")

MESSAGES = {
    "syntax": "{why}",
    "unreadable": "cannot be read: {why}",
    "too-large": "larger than {limit}",
    "not-a-format": "a catalogue is .toml, .csv or .xlsx",
    "unknown": "unknown: {name}{hint}",
    "missing": "{name} is missing",
    "not-a-table": "{name} is a table of fields",
    "not-a-list": "{name} is a list",
    "not-a-text": "{name} is a text in quotes",
    "not-an-integer": "{name}: {given} is not a whole number",
    "not-yes-or-no": "{name}: {given} is neither true nor false",
    "not-a-key": "{name}: {given} may only have a-z, 0-9 and single hyphens, {limit} at most",
    "not-a-language": "{name}: {given} is not a language such as zh-Hans, zh-Hant, en or bo",
    "not-an-amount": "{name}: {given} is not an amount such as {example}",
    "not-a-price": "{name}: {given} is not a price such as 28.00",
    "too-exact": "{name}: {given} has more than {digits} decimals",
    "too-small": "{name}: {given} is less than {limit}",
    "too-big": "{name}: {given} is more than {limit}",
    "too-long": "{name} is longer than {limit}",
    "too-many": "{name}: more than {limit}",
    "not-allowed": "{name}: {given} is none of {allowed}",
    "not-steps": "{name}: in {given} more does not cost less; such as 5 kg = 54.00; 10 kg = 50.00",
    "not-a-season": "{name}: {given} is not first and last day such as 07-01..09-30",
    "control-character": "{name} holds a control character",
    "twice": "{name}: {given} is already used at {first}",
    "not-both": "{name} stands with the grades when there are any",
    "one-grade": "a product with one grade has no [[product.grade]]: write its price beside it",
    "not-a-word": "{name}: {given} holds a |, which parts words in tables",
    "no-province": "{name}: {given} is not a province's full name{hint}",
    "no-picture": "{name}: there is no file {given} beside the catalogue",
    "not-a-picture": "{name}: {given} is not a JPEG, PNG or WebP of at most {limit}",
    "differs": "{name} differs from that in {first}, but the product is the same",
    "scattered": "the rows of {given} do not stand together",
}


class CatalogueError(Struct, frozen=True):
    """A fault in a file: where ("line 12", "row 3"), the id of what is wrong, and its values."""

    where: str
    what: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        text = MESSAGES[self.what].format(**self.values)
        return f"{self.where}: {text}" if self.where else text


class CatalogueErrors(Exception):
    """All the faults of a file, in the order of the file. Nothing of it was taken over."""

    def __init__(self, errors: tuple[CatalogueError, ...]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class Faults:
    """Gathers faults; `where` says where a field stands, as text and as what to sort by."""

    def __init__(self, where: Callable[[Place], tuple[int, str]]) -> None:
        self._where = where
        self._found: list[tuple[int, CatalogueError]] = []

    def where(self, place: Place) -> str:
        """Where a field stands, for people."""
        return self._where(place)[1]

    def note(self, place: Place, what: str, **values: object) -> None:
        """Notes a fault of the field at that place."""
        order, where = self._where(place)
        texts = {key: str(value) for key, value in values.items()}
        self._found.append((order, CatalogueError(where, what, texts)))

    def raise_if_any(self) -> None:
        """Raises all that was noted as CatalogueErrors, in the order of the file."""
        if self._found:
            found = sorted(self._found, key=lambda pair: pair[0])
            raise CatalogueErrors(tuple(error for _, error in found))


class Entry:
    """One table of a file, which hands out its fields and notes what is wrong with them."""

    def __init__(self, raw: object, place: Place, faults: Faults) -> None:
        self.place, self.faults = place, faults
        self.raw: Mapping[str, object] = raw if isinstance(raw, Mapping) else {}
        self._asked: set[str] = set()
        if not isinstance(raw, Mapping):
            faults.note(place, "not-a-table", name=place[-1] if place else "the file")

    def note(self, name: str, what: str, *within: str, **values: object) -> None:
        """Notes a fault of one of this table's fields, or of a language within it."""
        self.faults.note((*self.place, name, *within), what, name=name, **values)

    def has(self, name: str) -> bool:
        """Whether the field is given; asking makes it known."""
        self._asked.add(name)
        return name in self.raw

    def check_unknown(self) -> None:
        """Notes each field that nobody asked for."""
        for name in self.raw:
            if name not in self._asked:
                close = get_close_matches(name, self._asked, 1)
                hint = f" (did you mean {close[0]}?)" if close else ""
                self.faults.note((*self.place, name), "unknown", name=name, hint=hint)

    def value(self, name: str, *, needed: bool = False) -> object:
        """The field as it stands, or None; a missing one that is needed is a fault."""
        if self.has(name):
            return self.raw[name]
        if needed:
            self.faults.note(self.place, "missing", name=name)
        return None

    def text(self, name: str, *, needed: bool = False) -> str:
        """A text in one piece; '' if it is not there."""
        given = self.value(name, needed=needed)
        if given is None:
            return ""
        return self._sound(name, given) or ""

    def _sound(
        self, name: str, given: object, *within: str, limit: int = TEXT_CHARS_MAX
    ) -> str | None:
        """A text without surrounding space, or None when it is none or not fit to be shown."""
        if not isinstance(given, str):
            self.note(name, "not-a-text", *within)
            return None
        text = given.strip()
        if len(text) > limit:
            self.note(name, "too-long", *within, limit=limit)
        elif _CONTROL.search(text):
            self.note(name, "control-character", *within)
        else:
            return text
        return None

    def key(self, name: str, limit: int) -> str:
        """A key, which buttons and links carry."""
        given = self.text(name, needed=True)
        if given and (not _KEY.fullmatch(given) or len(given) > limit):
            self.note(name, "not-a-key", given=given, limit=limit)
        return given

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of a few words."""
        given = self.text(name, needed=True)
        if given and given not in allowed:
            self.note(name, "not-allowed", given=given, allowed=", ".join(allowed))
        return given if given in allowed else allowed[0]

    def integer(self, name: str, *, default: int, least: int, most: int = AMOUNT_MAX) -> int:
        """A whole number, also one written as text."""
        given = self.value(name)
        if given is None:
            return default
        number = given if type(given) is int else None
        if isinstance(given, str) and re.fullmatch(r"[0-9]{1,12}", given.strip()):
            number = int(given)
        if number is None:
            self.note(name, "not-an-integer", given=given)
            return default
        return self._between(name, number, least, most)

    def _between(self, name: str, number: int, least: int, most: int) -> int:
        if number < least:
            self.note(name, "too-small", given=number, limit=least)
        if number > most:
            self.note(name, "too-big", given=number, limit=most)
        return min(max(number, least), most)

    def yes(self, name: str) -> bool:
        """True or false, also written as yes or no; false if it is not there."""
        given = self.value(name)
        if given is None or isinstance(given, bool):
            return bool(given)
        text = str(given).strip().lower()
        if text not in _YES + _NO:
            self.note(name, "not-yes-or-no", given=given)
        return text in _YES

    def amount(self, name: str, unit: str, *, default: int, least: int) -> int:
        """An amount in the product's unit: "250 g", "2 kg" or "20 pc".

        A bare "pc" is one, and a bare number is taken to be in the unit.
        """
        given = self.value(name)
        if given is None:
            return default
        text = str(given).strip()
        match = _AMOUNT.fullmatch("1 pc" if text == "pc" else text)
        if not match or ((match[2] or unit) == "pc") != (unit == "pc"):
            example = '"20 pc"' if unit == "pc" else '"500 g" or "2 kg"'
            self.note(name, "not-an-amount", given=given, example=example)
            return default
        number = int(match[1][:12]) * (1000 if match[2] == "kg" else 1)
        return self._between(name, number, least, AMOUNT_MAX)

    def money(self, name: str, currency: str, *, least: int = 0) -> int:
        """A sum of money such as "28.00" in minor units."""
        given = self.value(name, needed=True)
        if given is None:
            return 1
        text = str(given).strip()
        if isinstance(given, bool) or not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text):
            self.note(name, "not-a-price", given=given)
            return 1
        digits = MINOR_DIGITS.get(currency, 2)
        minor = Decimal(text).scaleb(digits)
        if minor != minor.to_integral_value():
            self.note(name, "too-exact", given=given, digits=digits)
        return self._between(name, int(minor), least, PRICE_MINOR_MAX)

    def texts(self, name: str, *, needed: bool = False) -> dict[str, str]:
        """A text per language."""
        found = {}
        for language, text in self._per_language(name, needed=needed):
            sound = self._sound(name, text, language)
            if sound:
                found[language] = sound
            elif sound == "":
                self.note(name, "missing", language)
        return found

    def words(self, name: str, names: Texts) -> dict[str, tuple[str, ...]]:
        """The words per language, each language's name first."""
        found = {language: [name] for language, name in names.items()}
        for language, words in self._per_language(name):
            if not isinstance(words, list):
                self.note(name, "not-a-list", language)
                continue
            if len(words) > WORDS_MAX:
                self.note(name, "too-many", language, limit=WORDS_MAX)
            sound = [
                self._sound(name, word, language, limit=WORD_CHARS_MAX)
                for word in words[:WORDS_MAX]
            ]
            found.setdefault(language, []).extend(word for word in sound if word)
            for word in sound:
                if word and "|" in word:
                    self.note(name, "not-a-word", language, given=word)
        return {language: tuple(dict.fromkeys(words)) for language, words in found.items()}

    def _per_language(self, name: str, *, needed: bool = False) -> Iterator[tuple[str, object]]:
        given = self.value(name, needed=needed)
        if given is None:
            return
        if not isinstance(given, Mapping):
            self.note(name, "not-a-table")
            return
        if needed and not given:
            self.note(name, "missing")
        for language, value in given.items():
            if _LANGUAGE.fullmatch(language):
                yield language, value
            else:
                self.note(name, "not-a-language", language, given=language)

    def list_of_texts(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        given = self.value(name, needed=needed)
        if given is None:
            return ()
        if not isinstance(given, list):
            self.note(name, "not-a-list")
            return ()
        sound = [self._sound(name, text) for text in given]
        return tuple(text for text in sound if text)

    def entry(self, name: str) -> Entry:
        """A table in this table; an empty one if it is not there, which is a fault."""
        given = self.value(name, needed=True)
        return Entry({} if given is None else given, (*self.place, name), self.faults)

    def entries(self, name: str, limit: int, *, needed: bool = False) -> list[Entry]:
        """The tables of a list of tables."""
        given = self.value(name, needed=needed)
        if given is None:
            return []
        if not isinstance(given, list):
            self.note(name, "not-a-list")
            return []
        if needed and not given:
            self.note(name, "missing")
        if len(given) > limit:
            self.note(name, "too-many", limit=limit)
        place = (*self.place, name)
        return [Entry(raw, (*place, n), self.faults) for n, raw in enumerate(given[:limit])]
