"""Texts, money, measures and dates in the person's language.

A language is a folder under `locales/` with a compiled gettext catalogue; its BCP 47 tag is the
folder's name with `-` for `_`. Message ids are stable (`order.confirm`), values are named. What a
language lacks falls back to its sisters of the same primary language, then to Simplified Chinese,
then to English: texts of the catalogues and names of the goods alike.

Numbers and dates are Babel's, except where a catalogue has a form of its own (`date.day`,
`date.moment`, `list.and`): CLDR mixes Tibetan and western digits, for instance.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path

from babel.core import Locale, get_global
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

DOMAIN = "shanhuo"
OWN_FORMS = ("date.day", "date.moment", "list.and")  # where CLDR's are not to be had
LAST_RESORTS = ("zh-Hans", "en")
# Who reads a language that we have no texts in, but nearly the same script and words: Dzongkha.
READ_AS = {"dz": "bo"}
# The same prices and quantities are written again and again, at 50 µs each.
NUMBERS_MAX = 8192


class MissingText(KeyError):
    """No catalogue, the last resorts included, has this id."""


def folder() -> Path:
    """Where the languages lie: inside the installed package, else beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "locales"
    return inside if inside.is_dir() else package.parent / "locales"


class Locales:
    """The catalogues of all languages. Raises FileNotFoundError when none is compiled."""

    def __init__(self, root: Path | None = None) -> None:
        root = root or folder()
        found = sorted(root.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
        if not found:
            raise FileNotFoundError(f"no compiled texts under {root}: run `make locales`")
        self._catalogues = {path.parts[-3].replace("_", "-"): _load(path) for path in found}
        self._orders: dict[str, tuple[str, ...]] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags of the languages that have texts."""
        return tuple(self._catalogues)

    def known(self, tag: str) -> str | None:
        """Our language for a tag of a browser's or an app's, in any case; None when we have none.

        By CLDR's likely subtags zh-TW is written in traditional script.
        """
        language, script = _likely(tag)
        near = [mine for mine in self._catalogues if _likely(mine)[0] == language]
        fitting = (mine for mine in near if _likely(mine)[1] == script)
        return next(fitting, near[0] if near else None)

    def self_name(self, language: str) -> str:
        """What those who speak a language call it."""
        return self.text(language, "language.self")

    def name_of(self, language: str, reader: str) -> str:
        """What a language is called in the reader's own."""
        try:
            return self.text(reader, f"language.{language}")
        except MissingText:
            named = _locale(language).get_display_name(_locale(self.nearest(reader)))
            return str(named or language)

    def order(self, language: str) -> tuple[str, ...]:
        """The languages to try for this one, best first; only those that have texts."""
        if language not in self._orders:
            primary = language.partition("-")[0]
            sisters = [tag for tag in self._catalogues if tag.partition("-")[0] == primary]
            wanted = dict.fromkeys((language, *sisters, *LAST_RESORTS))
            self._orders[language] = tuple(tag for tag in wanted if tag in self._catalogues)
        return self._orders[language]

    def nearest(self, language: str) -> str:
        """The language whose texts a speaker of this one is answered in."""
        return self.order(language)[0]

    def text(self, language: str, id: str, /, **values: object) -> str:
        """The text of that id with its values put in. `n` chooses the plural form.

        Raises MissingText when no language has it.
        """
        for tag in self.order(language):
            catalogue = self._catalogues[tag]
            count = values.get("n")
            if isinstance(count, int):
                found = catalogue.ngettext(id, id, count)
                if found == id:
                    found = catalogue.gettext(id)
            else:
                found = catalogue.gettext(id)
            if found != id:
                return found.format_map(values) if values else found
        raise MissingText(id)

    def texts(self, prefix: str) -> Iterator[tuple[str, str]]:
        """The ids that begin so and their texts, in every language that has them."""
        for catalogue in self._catalogues.values():
            for id, text in vars(catalogue)["_catalog"].items():
                if isinstance(id, str) and id.startswith(prefix):
                    yield id, text

    def choose(self, texts: Mapping[str, str], language: str) -> str:
        """Of texts by language, the one this person reads best; '' when there is none."""
        for tag in (language, *self.order(language), *texts):
            if texts.get(tag):
                return texts[tag]
        return ""

    def number(self, language: str, value: float) -> str:
        """A number with the language's separators, at most two decimals."""
        return _decimal(value, "#,##0.##", self.nearest(language))

    def money(self, language: str, minor: int, currency: str) -> str:
        """A sum given in minor units; CNY is ¥ in every language, whole sums have no decimals."""
        if currency != "CNY":
            locale = _locale(self.nearest(language))
            return str(format_currency(minor / 100, currency, locale=locale))
        pattern = "#,##0" if minor % 100 == 0 else "#,##0.00"
        return "¥" + _decimal(minor / 100, pattern, self.nearest(language))

    def quantity(self, language: str, amount: int, unit: str, counter: str = "") -> str:
        """An amount as people say it: jin or kilograms always with the grams, pieces, packs.

        `unit` is g, pc, box or bag; `counter` is the product's own word for a piece.
        """
        if unit != "g":
            number = self.number(language, amount)
            if unit == "pc" and counter:
                return self.text(language, "measure.counted", number=number, counter=counter)
            return self.text(language, f"measure.{unit}", n=amount, number=number)
        grams = self.number(language, amount)
        usual = self.usual_grams(language)
        if amount * 10 % usual:
            return self.text(language, "measure.grams", grams=grams)
        number = self.number(language, amount / usual)
        return self.text(language, "measure.usual", number=number, grams=grams)

    def short(self, language: str, amount: int, unit: str) -> str:
        """An amount for a narrow table: weights in the usual unit alone, nothing as a dash."""
        if not amount:
            return "–"
        if unit != "g":
            return self.number(language, amount)
        number = self.number(language, amount / self.usual_grams(language))
        return self.text(language, "measure.short", number=number)

    def usual_grams(self, language: str) -> int:
        """The grams of the unit that goods are priced by in this language: a jin or a kilogram."""
        return int(self.text(language, "measure.usual-grams"))

    def counter(self, language: str, counters: Mapping[str, str]) -> str:
        """A product's word for one piece; '' where the language does without."""
        primary = language.partition("-")[0]
        fitting = {tag: word for tag, word in counters.items() if tag.split("-")[0] == primary}
        return fitting.get(language) or next(iter(fitting.values()), "")

    def joined(self, language: str, items: Iterable[str]) -> str:
        """A list as a sentence has it."""
        parts = list(items)
        pattern = self._own(language, "list.and")
        if pattern is None or not parts:
            return str(format_list(parts, locale=_locale(self.nearest(language))))
        joined = parts[0]
        for part in parts[1:]:
            joined = pattern.format(first=joined, last=part)
        return joined

    def span(self, language: str, ms: int) -> str:
        """A length of time (milliseconds) in its largest unit: minutes, hours or days."""
        minutes = max(ms, 0) // 60_000
        for unit, size in (("days", 1440), ("hours", 60)):
            if minutes >= size:
                return self.text(language, f"span.{unit}", n=minutes // size)
        return self.text(language, "span.minutes", n=minutes)

    def moment(self, language: str, at: int, zone: tzinfo) -> str:
        """A time (UTC milliseconds) in the shop's zone."""
        when = datetime.fromtimestamp(at / 1000, zone)
        pattern = self._own(language, "date.moment")
        if pattern is not None:
            return pattern.format(month=when.month, day=when.day, time=f"{when:%H:%M}")
        day = format_date(when, "medium", locale=_locale(self.nearest(language)))
        return f"{day} {when:%H:%M}"

    def day(self, language: str, month: int, day: int) -> str:
        """A day of the year without a year."""
        pattern = self._own(language, "date.day")
        if pattern is not None:
            return pattern.format(month=month, day=day)
        when = datetime(2024, month, day)  # A leap year: it has every day.
        return str(format_skeleton("MMMd", when, locale=_locale(self.nearest(language))))

    def _own(self, language: str, id: str) -> str | None:
        """A text that only some languages have, because Babel serves the others."""
        found = self._catalogues[self.nearest(language)].gettext(id)
        return None if found == id else found


def _load(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


@lru_cache(maxsize=256)
def _likely(tag: str) -> tuple[str, str]:
    """The language and the script that a tag means, '' for one that CLDR does not know."""
    language, *rest = tag.replace("_", "-").lower().split("-")
    language = READ_AS.get(language, language)
    script = next((part.title() for part in rest if len(part) == 4), "")
    if not script:
        likely: Mapping[str, str] = get_global("likely_subtags")
        tries = [*(f"{language}_{part.upper()}" for part in rest if len(part) == 2), language]
        full = next((likely[key] for key in tries if key in likely), "")
        script = next((part for part in full.split("_") if len(part) == 4), "")
    return language, script


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@lru_cache(maxsize=NUMBERS_MAX)
def _decimal(value: float, pattern: str, language: str) -> str:
    return str(format_decimal(value, pattern, locale=_locale(language)))
