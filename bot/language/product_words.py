"""How buyers call products and grades, as words of the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bot.language.lexicon import Entries, Hit, Meaning, entries_of
from bot.language.regex import regex
from bot.language.script import TSHEG, form_of

_JOINTS = f" -{TSHEG}"
_HAN_LEAST, _LETTERS_LEAST = 2, 3  # characters of a word that tells kinds apart
_NO_WORD_GOES_ON = "那要来拿买订和跟加根条只支个"
_GRADE_TAILS = (
    "的",
    "嘅",
    "号",
    "根",
    "条",
    "支",
    "个的",
    "款",
    "等",
    "级",
    "朵",
    "一点的",
    "点的",
)


class ProductWords(Struct, frozen=True):
    """How buyers call a product and its grades. `unit` is 'pc' or 'g', as it is sold."""

    key: str
    unit: str
    words: Mapping[str, tuple[str, ...]]
    grades: Mapping[str, Mapping[str, tuple[str, ...]]]


def product_entries(products: Sequence[ProductWords]) -> Iterable[Entries]:
    """The names of products and grades, for the lexicon."""
    for product in products:
        for language, words in product.words.items():
            yield entries_of(words, Meaning("product", product.key, language))
        for grade, languages in product.grades.items():
            for language, words in languages.items() if grade else ():
                meaning = Meaning("grade", f"{product.key}/{grade}", language)
                forms = [form for word in words for form in _grade_forms(word)]
                yield entries_of(forms, meaning)


def kinds(products: Sequence[ProductWords]) -> dict[str, dict[str, str]]:
    """Of goods whose names are made of others' names, the words that tell the kinds apart.

    When the talk is about matsutake, "dried" is what "dried matsutake" is.
    """
    names = {
        form_of(word).text.strip(TSHEG): product.key
        for product in products
        for words in product.words.values()
        for word in words
    }
    found: dict[str, dict[str, str]] = {}
    own: set[tuple[str, str]] = set()
    for name, key in names.items():
        for at in range(1, len(name)):
            for word, rest in ((name[:at], name[at:]), (name[at:], name[:at])):
                kind, owner = word.strip(_JOINTS), names.get(rest.strip(_JOINTS))
                if owner == key:
                    own.add((key, kind))
                elif owner and _tells_apart(word, kind):
                    found.setdefault(owner, {})[kind] = key
    return {
        owner: {kind: key for kind, key in told.items() if (owner, kind) not in own}
        for owner, told in found.items()
    }


def _tells_apart(word: str, kind: str) -> bool:
    """Whether it is a whole word, and none so short that it means much else: 干的, not 干."""
    if "\u4e00" <= kind[:1] <= "\u9fff":
        return len(kind) >= _HAN_LEAST
    return word != kind and len(kind) >= _LETTERS_LEAST


_COUNTS = regex(r"[\d各都每按]")


class ShortGrades:
    """The grades that are a single character, such as 大: 大虫草, 大100 中50, 大小各10."""

    def __init__(self, products: Sequence[ProductWords]) -> None:
        self._of = {product.key: _signs(product) for product in products}
        self._signs = {sign for owned in self._of.values() for sign in owned}
        signs = f"[{re.escape(''.join(self._signs) or chr(0))}]"
        self._sign = re.compile(signs)
        # 20大10小: behind the numbers of both.
        self._behind = re.compile(
            rf"(?<=\d){signs}"
            rf"(?=[ ,、和]?\d{{1,4}}{signs}(?![\u4e00-\u9fff])|(?![\u4e00-\u9fff\d]))"
        )
        self._counted = re.compile(rf"{signs}{{1,3}}(?=号?(?:\d|[各都每按]))")

    def beside(self, body: str, names: Sequence[Hit], grades: Sequence[Hit]) -> list[Hit]:
        """The grades found so far and those right before a name or an amount, in their order."""
        found = list(grades)
        if not self._sign.search(body):
            return found
        ends = {hit.end for hit in names}
        taken = {hit.start for hit in grades}
        for hit in names:
            at = hit.start - 1
            if at >= 0 and body[at] in self._signs and at not in taken:
                owners = [m.value for m in hit.meanings if m.kind == "product"]
                found += filter(None, [self._hit(body, at, owners)])
        counts = _COUNTS.search(body)
        for match in self._counted.finditer(body) if counts else ():
            if match.start() in ends or not _goes_on(body, match.start()):
                free = [at for at in range(*match.span()) if at not in taken]
                found += filter(None, (self._hit(body, at, self._of) for at in free))
        behind = [match.start() for match in self._behind.finditer(body)] if counts else ()
        for at in behind if len(behind) > 1 else ():
            if at not in {hit.start for hit in found}:
                found += filter(None, [self._hit(body, at, self._of)])
        return sorted(found, key=lambda hit: hit.start) if len(found) > 1 else found

    def _hit(self, body: str, at: int, owners: Iterable[str]) -> Hit | None:
        owned = [(key, self._of.get(key, {}).get(body[at])) for key in owners]
        found = tuple(Meaning("grade", f"{key}/{grade}") for key, grade in owned if grade)
        return Hit(at, at + 1, body[at], found) if found else None


def _goes_on(body: str, at: int) -> bool:
    """Whether a word may go on here, so that its character is no grade: 高中2年级."""
    before = body[at - 1 : at]
    return "\u4e00" <= before <= "\u9fff" and before not in _NO_WORD_GOES_ON


def _signs(product: ProductWords) -> dict[str, str]:
    return {
        form_of(word).text: grade
        for grade, languages in product.grades.items()
        for words in languages.values()
        for word in words
        if len(word) == 1
    }


def _grade_forms(word: str) -> Iterable[str]:
    """大 alone is in too many words: it is a grade as 大的, 大号, 大根 … or as the whole message."""  # noqa: E501
    if len(word) == 1 and "\u4e00" <= word <= "\u9fff":
        yield f"={word}"
        yield f"^{word}$"
        yield f"个头{word}"
        yield from (word + tail for tail in _GRADE_TAILS)
        return
    yield word
    spanned = re.match(r"(\d+)\s?[-~–到至]\s?(\d+)\s*(.*)", word)
    if spanned:
        low, high, tail = spanned.groups()
        for middle in ("-", "到", "至", " to ", " - "):
            yield f"{low}{middle}{high}{tail}"
