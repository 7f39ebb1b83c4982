"""What can be found wrong with texts without understanding them.

`faults` looks at compiled catalogues, `sheet` writes all texts of a language down for somebody who
reads it. The rules of Tibetan are those of the Unicode Standard's chapter on Tibetan and of the
shops' own usage: a tsheg stands before a shad after ང only, and none ends a text.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from bot.language.locales import DOMAIN, OWN_FORMS, folder
from bot.language.regex import regex

REFERENCE = "en"  # has every text
BUTTON_COLUMNS_MAX = 34  # what a phone shows of a button; Han takes two columns
COMMAND_MAX = 256  # characters that Telegram allows for a command's description

# Names that are written so everywhere.
_AS_IT_IS = regex(r"\b(?:QR|MB|JPEG|PNG|WebP|GIF|English|Language)\b|中文|语言")
_LETTERS = regex(r"[A-Za-z\u3400-\u9fff]+")
_TIBETAN_RULES = (
    (regex("་་"), "a doubled tsheg"),
    (regex("།།"), "a doubled shad"),
    (regex("[^ང]་།"), "a tsheg before a shad, which stands after ང only"),
    (regex("ང།"), "no tsheg between ང and a shad"),
    (regex("ག།"), "a shad after a final ག, which needs none"),
    (regex(" །"), "a space before a shad"),
    (regex("་$"), "a tsheg at the end"),
    (regex("།(?=[^ \n»)}])"), "no space after a shad"),
)

Texts = Mapping[str, tuple[str, ...]]  # the forms of each text by its id


def faults(root: Path | None = None) -> list[str]:
    """What is wrong, a line each: the language, the text's id, and what it is."""
    catalogues = {
        path.parts[-3].replace("_", "-"): texts_of(path)
        for path in sorted((root or folder()).glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    }
    reference = catalogues.get(REFERENCE, {})
    found = []
    for language, texts in catalogues.items():
        found += [f"{language} {id}: untranslated" for id in reference if not texts.get(id)]
        for id, forms in texts.items():
            if id not in reference and id not in OWN_FORMS:
                found.append(f"{language} {id}: no longer used")
            for form in forms:
                wrong = _wrong(language, id, form, reference.get(id, forms))
                found += [f"{language} {id}: {fault}" for fault in wrong]
    return found


def texts_of(path: Path) -> Texts:
    """The texts of a compiled catalogue."""
    with path.open("rb") as file:
        catalogue: Catalog = read_mo(file)
    texts = {}
    for message in catalogue:
        id = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else message.string or ()
        if id:
            texts[id] = tuple(form for form in forms if form)
    return texts


def _wrong(language: str, id: str, text: str, reference: tuple[str, ...]) -> Iterator[str]:
    try:
        names = _names(text)
    except ValueError as error:
        yield f"braces: {error}"
        return
    wanted = [_names(form) for form in reference]
    known = set[str]().union(*wanted)
    needed = known.intersection(*wanted)
    if len(reference) > 1:
        needed -= {"n", "number"}  # one piece needs no number
    if names - known:
        yield f"unknown values {sorted(names - known)}"
    if needed - names:
        yield f"missing values {sorted(needed - names)}"
    bare = re.sub(r"\{\w*\}", "", text)
    if id.startswith("button.") and columns(bare) > BUTTON_COLUMNS_MAX:
        yield f"too long for a button: {columns(bare)} columns"
    if id.startswith("telegram.command-") and len(text) > COMMAND_MAX:
        yield "too long for a command"
    if language == "bo":
        yield from tibetan_faults(text)


def tibetan_faults(text: str) -> Iterator[str]:
    """What no Tibetan text has, whatever it says."""
    bare = re.sub(r"\{\w*\}", "", text)
    left = _LETTERS.findall(_AS_IT_IS.sub("", bare))
    if left:
        yield f"not Tibetan: {', '.join(left)}"
    for pattern, fault in _TIBETAN_RULES:
        if pattern.search(text):
            yield fault


def columns(text: str) -> int:
    """How wide a text is: Han two columns, vowel signs and subjoined letters none."""
    wide = sum("\u2e80" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef" for sign in text)
    narrow = sum("\u0f71" <= sign <= "\u0fbc" and sign != "\u0f85" for sign in text)
    return len(text) + wide - narrow


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def sheet(language: str, root: Path | None = None) -> Iterator[tuple[str, str, str, str]]:
    """A row a text, for a reader to go through: id, English, Simplified Chinese, the language."""
    root = root or folder()
    tags = (REFERENCE, "zh-Hans", language)
    paths = [root / tag.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.mo" for tag in tags]
    english, chinese, own = (texts_of(path) for path in paths)
    for id, forms in own.items():
        shown = (english.get(id, ("",))[-1], chinese.get(id, ("",))[-1], " / ".join(forms))
        yield id, *shown
