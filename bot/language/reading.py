"""Reading a message: its language, what it wants, and what of which product in what amount.

Everything here is rules over words, so that what was read can be explained (`Reading.why`). It
never guesses an amount: what is vague is handed on as vague. It never raises on any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from operator import attrgetter

import msgspec

from bot.language import learned, syllables
from bot.language.addresses.hints import behind_goods, is_delivery, recipient_in, without
from bot.language.addresses.recipient import NOBODY, Recipient
from bot.language.hearing import Heard, hear, is_refused, wanted
from bot.language.homographs import is_noun
from bot.language.learned import Model
from bot.language.lexicon import Hit, Lexicon, Meaning, Words, load_words
from bot.language.measures import NOTHING, Measures, Meter, Quantity
from bot.language.misspelt import Misspelt
from bot.language.pairing import (
    Line,
    Named,
    amounts_of,
    numbers,
    pair,
    put_grades,
    share_each,
    share_out,
    shares,
    sum_of,
)
from bot.language.product_words import ProductWords, ShortGrades, kinds, product_entries
from bot.language.regex import regex
from bot.language.script import TSHEG, Form, form_of
from bot.language.sounds import Sounds, sounded
from bot.language.speech import language_of, latin_words
from bot.language.syllables import Syllables
from bot.language.weighing import AMOUNT, GOODS, SOUND, features, masked, spoke_for, weigh

__all__ = [
    "Line", "ProductWords", "Quantity", "Reader", "Reading", "Recipient", "Words", "load_words",
]  # fmt: skip

TEXT_MAX = 4_000  # characters read of one message; no wish needs more

# Hundreds write the same three words below the same video.
REMEMBERED_MAX = 1024
REMEMBERED_LENGTH = 60

KIND_MAX = 30  # characters of a message that may name goods by their kind alone


class Reading(msgspec.Struct, frozen=True, gc=False):
    """All that a message said.

    `vague` is an amount such as 两三斤, as typed, or what each has of nobody knows how many;
    `number` a number without unit, `part` one that is not whole; `refused` are the products not
    wanted, `unwanted` the grades, as
    product/grade; `money` sums in minor units; `scripted` is false for `？`, `👍` and `20`, whose
    language says nothing. `marks` are the small words of words.toml (yes, no, same-again …);
    `place` is one that a word of words.toml names: a country's ISO code, or province/city;
    `topics` are (topic, word that named it); `masked` and `found` are what the intent was weighed
    by.
    """

    text: str
    language: str
    intent: str
    lines: tuple[Line, ...]
    confidence: float
    vague: str = ""
    number: int | None = None
    part: Fraction | None = None
    refused: tuple[str, ...] = ()
    unwanted: frozenset[str] = frozenset()
    money: tuple[int, ...] = ()
    recipient: Recipient | None = None
    wish_language: str | None = None
    scripted: bool = True
    marks: frozenset[str] = frozenset()
    place: str = ""
    topics: tuple[tuple[str, str], ...] = ()
    masked: str = ""
    found: frozenset[str] = frozenset()

    @property
    def why(self) -> tuple[str, ...]:
        """The pieces that spoke most for the intent, and how strongly, for people to read."""
        named = {f"[{topic}]": f"{word.strip(TSHEG)} [{topic}]" for topic, word in self.topics}
        return tuple(
            f"{_told(named.get(piece, piece))} → {self.intent} {weight:+.1f}"
            for piece, weight in spoke_for(self.intent, features(self.masked, self.found))
        )

    @property
    def product(self) -> str | None:
        """The first line's product."""
        return self.lines[0].product if self.lines else None

    @property
    def quantity(self) -> Quantity | None:
        """The first line's quantity."""
        return self.lines[0].quantity if self.lines else None

    @property
    def grade(self) -> str | None:
        """The first line's grade."""
        return self.lines[0].grade if self.lines else None


_X_NOT_X = regex(r"((?![在要有能行])[\u4e00-\u9fff])(?:不|没)\1")
_DIGIT = regex(r"[0-9]")
_ORDER_NUMBER = regex(
    r"(?:订单|单号|order)\s*(?:号|no\.?|number)?\s*[:#]?\s*#?[a-z]{0,4}\d{3,}|#\s?\d{3,}"
)
# 3-5 is a length of matsutake, but 3-5斤 is a vague weight.
_UNIT_BEHIND = regex(r"(?<=\d) ?(?:公?斤|两|克|根|条|盒|袋|包|kg|g|lb|oz)")
_BESIDES = regex(r"[再还另加]|\b(?:and|plus|also)\b|དང|ཡང")
_BESIDE_MAX = 5  # characters between an amount and its product: 2斤 of 糌粑


class Reader:
    """Reads messages with the words of all languages and of one catalogue.

    Building it takes some ten milliseconds: keep one for each version of the catalogue.
    """

    def __init__(
        self,
        words: Words,
        products: Sequence[ProductWords],
        models: Mapping[str, Model] | None = None,
    ) -> None:
        self._units = {product.key: product.unit for product in products}
        self._products = tuple(products)
        self._short_grades = ShortGrades(products)
        entries = [*words.entries, *product_entries(products)]
        self._lexicon = Lexicon(entries)
        self._letters = words.letters
        self._meter = Meter(words.units, words.before, words.after)
        self._misspelt = Misspelt(entries)
        words_of = (form for one in entries for form in one.forms if TSHEG in form)
        self._syllables = Syllables(syllables.load(), words_of)
        models = models or learned.load()  # last: they fill the place that building left
        self._intents, self._latin = models["intent"], models["latin"]
        self._remembered = lru_cache(maxsize=REMEMBERED_MAX)(self.read_anew)

    @cached_property
    def _kinds(self) -> dict[str, dict[str, str]]:
        return kinds(self._products)

    @cached_property
    def _sounds(self) -> Sounds:
        return Sounds(product_entries(self._products))

    def read(self, text: str, *, about: str | None = None) -> Reading:
        """Reads one message. `about` is the product that the talk is about: it helps with grades
        and amounts and is never taken for one that was named."""
        is_short = len(text) <= REMEMBERED_LENGTH
        return self._remembered(text, about) if is_short else self.read_anew(text, about)

    def read_anew(self, text: str, about: str | None = None) -> Reading:
        """As `read`, whether or not the same was read before."""
        text = text[:TEXT_MAX]
        form = form_of(text)
        recipient, delivery, body = recipient_in(text, form), None, form.text
        if recipient is not NOBODY:
            phone_alone = recipient.phone and not recipient.name
            if phone_alone or (recipient.detail and (recipient.phone or recipient.country != "CN")):
                recipient = behind_goods(text, recipient, self.names_goods)
            delivery = recipient if is_delivery(recipient) else None
            # A town alone says where goods come from or might go: 茂县花椒怎么卖.
            body, form = without(form, delivery or Recipient(phone=recipient.phone))
        if form.tibetan:
            body = self._syllables.parted(body)
        hits = self._lexicon.find(body)
        if form.latin and not form.han and not form.tibetan:
            body, hits = self._respelt(body, hits)
        whole = self._lexicon.whole(body)
        return self._made_of(text, form, body, hits, whole, delivery, about)

    def names_goods(self, text: str) -> bool:
        """Whether a text names any of the goods."""
        return bool(hear(self._lexicon.find(form_of(text).text), ()).products)

    def latin_words(self, text: str) -> list[str]:
        """The words of a text in Latin letters alone, goods aside; none when it has others too."""
        form = form_of(text[:TEXT_MAX])
        if not form.latin or form.han or form.tibetan or form.other:
            return []
        hits = hear(self._lexicon.find(form.text), ())
        return latin_words(form.text, hits.products)

    def _respelt(self, body: str, hits: list[Hit]) -> tuple[str, list[Hit]]:
        """Puts right the spelling of unknown Latin words, when that finds a word."""
        corrected = self._misspelt.correct(body, hits)
        return (corrected, self._lexicon.find(corrected)) if corrected != body else (body, hits)

    def _made_of(
        self,
        text: str,
        form: Form,
        body: str,
        hits: list[Hit],
        whole: tuple[Meaning, ...],
        delivery: Recipient | None,
        about: str | None,
    ) -> Reading:
        heard = hear(hits, whole)
        spoken = language_of(form, body, heard.speech, heard.products, self._letters, self._latin)
        by_ear = spoken == "bo" and not form.tibetan and not form.han
        if by_ear:
            heard.products = self._by_ear(body, heard)
        names = heard.products
        grades, unwanted = self._grades(body, heard)
        measures = self._meter.read(body, _spans(names + grades))
        if measures is not NOTHING:
            measures = wanted(measures, heard)
        named = self._named(body, heard, names) or (self._of_kind(body, about) if about else [])
        loose: list[Quantity] = []
        of_each = "each" in heard.marks
        if grades or measures is not NOTHING:
            named, loose = self._put_together(body, named, grades, measures, about, of_each=of_each)
        if of_each:
            share_each(body, named, measures)
        found = _found(body, heard, named, loose, measures, grades, delivery)
        shown = _masked(body, names, measures)
        if by_ear:
            shown = sounded(shown)
        intent, confidence = weigh(self._intents, shown, found)
        wish = heard.wish
        if wish == "zh":  # in the script that is written
            wish = "zh-Hant" if form.traditional else "zh-Hans"
        lines, refused = self._lines(named, loose, grades, about, intent)
        if about and len(lines) == 1:
            lines = _with_talked_of(body, lines, named, measures, about)
        vague, number, part = "", None, None
        if measures.each:
            vague = _typed(body, text, *measures.each[0])
        elif measures is not NOTHING or heard.vague or "half" in heard.marks:
            if not any([line.quantity or line.number for line in lines]):
                vague = _vague(body, text, heard.vague, measures)
                number, part = _number(measures), _part(measures, heard)
        return Reading(
            text=text,
            language=wish or spoken,
            intent=intent,
            lines=lines,
            confidence=confidence,
            topics=tuple(heard.topics.items()),
            masked=shown,
            found=frozenset(found),
            vague=vague,
            number=number,
            part=part,
            refused=refused,
            unwanted=frozenset([m.value for hit in unwanted for m in hit.meanings]),
            money=measures.money,
            recipient=delivery,
            wish_language=wish or None,
            scripted=form.scripted,
            marks=frozenset(heard.marks),
            place=heard.place,
        )

    def _grades(self, body: str, heard: Heard) -> tuple[list[Hit], list[Hit]]:
        """The grades that are wanted, in order, and those that are refused."""
        grades = heard.grades
        if grades:
            grades = [hit for hit in grades if not _UNIT_BEHIND.match(body, hit.end)]
        grades = self._short_grades.beside(body, heard.products, grades)
        if not grades:
            return [], []
        unwanted = [hit for hit in grades if is_refused(body, hit, heard)]
        return [hit for hit in grades if hit not in unwanted] if unwanted else grades, unwanted

    def _named(self, body: str, heard: Heard, names: list[Hit]) -> list[Named]:
        """The products named, once each, in order; those that are refused are marked."""
        named: dict[str, Named] = {}
        for hit in names:
            if not is_noun(body, hit, self._meter):
                continue
            for meaning in hit.meanings:
                if meaning.kind == "product":
                    by_piece = self._units.get(meaning.value) == "pc"
                    one = Named(hit.start, hit.end, meaning.value, by_piece=by_piece)
                    one.refused = is_refused(body, hit, heard)
                    before = named.get(meaning.value)
                    if before is None or (before.refused and not one.refused):
                        named[meaning.value] = one
                    break
        return sorted(named.values(), key=_by_start) if len(named) > 1 else [*named.values()]

    def _by_ear(self, body: str, heard: Heard) -> list[Hit]:
        """The goods of a message in Tibetan by Latin letters, by their sound if in no other way."""
        known = [hit for hit in heard.products if is_noun(body, hit, self._meter)]
        if known:
            return known
        nothing = heard.cues.get("nothing", ())
        return [
            hit
            for hit in self._sounds.find(body)
            if is_noun(body, hit, self._meter)
            and not any(other.start <= hit.start < other.end for other in nothing)
        ]

    def _of_kind(self, body: str, about: str) -> list[Named]:
        """What a short message calls only by its kind: dried then, when the talk is of fresh."""
        told = self._kinds.get(about, {}) if len(body) <= KIND_MAX else {}
        for kind in sorted(told, key=len, reverse=True):
            edge = r"\b" if kind.isascii() else ""
            found = re.search(edge + re.escape(kind) + edge, body)
            if found:
                key = told[kind]
                by_piece = self._units.get(key) == "pc"
                return [Named(found.start(), found.end(), key, by_piece=by_piece)]
        return []

    def _put_together(
        self,
        body: str,
        named: list[Named],
        grades: list[Hit],
        measures: Measures,
        about: str | None,
        *,
        of_each: bool,
    ) -> tuple[list[Named], list[Quantity]]:
        """Gives the goods their grades and quantities; those of none are returned besides."""
        if apart := put_grades(body, named, grades, self._units, about) if grades else []:
            amounts = amounts_of(body, apart, measures)
            if len(amounts) == len(apart):
                pair(body, apart, amounts)
                return apart, []
            parts = shares(body, len(apart))
            shared = amounts or numbers(measures)
            if parts is not None and len(shared) == 1:
                share_out(apart, shared[0].quantity, parts)
                return apart, []
            if parts is not None and not shared:
                return apart, []
            if of_each and len(shared) == 1:
                for one in apart:
                    one.take(shared[0].quantity)
                return apart, []
        if measures is NOTHING:
            return named, []
        wanted = [one for one in named if not one.refused] or named
        amounts = amounts_of(body, wanted, measures)
        if len(wanted) > 1:
            pair(body, wanted, amounts)
        elif wanted and amounts:
            wanted[0].take(sum_of(body, amounts))
        return named, [sum_of(body, amounts)] if amounts and not wanted else []

    def _lines(
        self,
        named: list[Named],
        loose: list[Quantity],
        grades: list[Hit],
        about: str | None,
        intent: str,
    ) -> tuple[tuple[Line, ...], tuple[str, ...]]:
        refused: tuple[str, ...] = ()
        if named:
            refused = tuple([one.product for one in named if one.refused])
            accepted = [one for one in named if not one.refused] if refused else named
            # What is called off, complained of or asked about with "not" is named too.
            shown = accepted or (named if intent != "order" else [])
            if shown:
                return tuple([one.line for one in shown]), refused
        grade = self._loose_grade(grades, about) if grades else None
        if grade or loose:
            return (Line(None, grade, loose[0] if loose else None),), refused
        return (), refused

    def _loose_grade(self, grades: list[Hit], about: str | None) -> str | None:
        """The grade named without its product: of the product in talk, else of any."""
        for hit in grades:
            keys = [m.value.partition("/") for m in hit.meanings if m.kind == "grade"]
            for owner, _, key in keys:
                if owner == about:
                    return key
            if keys:
                return keys[0][2]
        return None


def _told(piece: str) -> str:
    """A piece as people may read it: 要 ⟨amount⟩ ⟨goods⟩."""
    return piece.replace(GOODS, "⟨goods⟩").replace(AMOUNT, "⟨amount⟩").replace(SOUND, "")


_by_start = attrgetter("start")


def _spans(hits: Iterable[Hit]) -> Iterable[tuple[int, int]]:
    """Where words stand, less the tshegs that they share with their neighbours."""
    for hit in hits:
        yield hit.start + hit.word.startswith(TSHEG), hit.end - hit.word.endswith(TSHEG)


def _with_talked_of(
    body: str, lines: tuple[Line, ...], named: list[Named], measures: Measures, about: str
) -> tuple[Line, ...]:
    """来5斤，再来2斤糌粑: the amount before is of the product that the talk is about."""
    amounts = [one for one in measures.quantities if named and one.start < named[0].start]
    if len(amounts) != 2 or named[0].product == about or named[0].refused:
        return lines
    first, second = amounts
    beside = len(body[second.end : named[0].start]) <= _BESIDE_MAX
    if not beside or not _BESIDES.search(body[first.end : second.start]):
        return lines
    line = lines[0]
    own = Line(line.product, line.grade, second.quantity)
    return (Line(None, None, first.quantity), own)


def _found(
    body: str,
    heard: Heard,
    named: list[Named],
    loose: list[Quantity],
    measures: Measures,
    grades: list[Hit],
    delivery: Recipient | None,
) -> set[str]:
    """The topics, the cues and the slots that are filled, for `weighing`."""
    found = {*heard.topics, *heard.cues, *heard.marks}
    if named:
        found.add("P")
    for one in named:
        found.add("REFUSED" if one.refused else "ACCEPTED")
        if one.quantity:
            found.add("Q")
    if loose:
        found.add("Q")
    if measures.vague or heard.vague:
        found.add("V")
    if measures.bare:
        found.add("N")
    if measures.money:
        found.add("M")
    if grades:
        found.add("G")
    if delivery is not None:
        found.add("ADDRESS")
    if heard.wish:
        found.add("WISH")
    if measures.per_gram_grade:
        found.add("FINENESS")
    if ("不" in body or "没" in body) and _X_NOT_X.search(body):
        found.update(("XNOTX", "ask"))
    if _DIGIT.search(body) and _ORDER_NUMBER.search(body):
        found.add("ORDERNUMBER")
    return found


def _masked(body: str, names: Sequence[Hit], measures: Measures) -> str:
    """The body with goods and amounts each as one sign."""
    if not names and not measures.quantities:
        return body
    spans = [(hit.start, hit.end, GOODS) for hit in names]
    spans += [(one.start, one.end, AMOUNT) for one in measures.quantities]
    return masked(body, spans)


def _vague(body: str, text: str, said: Sequence[Hit], measures: Measures) -> str:
    """The vague amount as it was typed."""
    for start, end in measures.vague:
        return _typed(body, text, start, end)
    for hit in said[:1]:
        same = len(text) == len(body)
        return (text[hit.start : hit.end] if same else hit.word).strip(TSHEG)
    return ""


def _typed(body: str, text: str, start: int, end: int) -> str:
    same = len(text) == len(body) and not body.startswith(TSHEG)
    return (text if same else body)[start:end].strip(TSHEG)


def _number(measures: Measures) -> int | None:
    for _, _, value in measures.bare:
        if value.denominator == 1:
            return int(value)
    return None


def _part(measures: Measures, heard: Heard) -> Fraction | None:
    for _, _, value in measures.bare:
        if value.denominator != 1:
            return value
    return Fraction(1, 2) if "half" in heard.marks else None
