"""A pasted text with its form, character for character, so that parts are cut out as typed."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from bot.language.regex import regex
from bot.language.script import HAN, TSHEG, form_of

_HAN_RUN = regex(rf"[{HAN}]+")
_INVISIBLE = regex("[\u200b-\u200d\u2060\ufeff\ufe0f\u00ad\u202a-\u202e\u2066-\u2069\x00-\x08]")
_FOLDS: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{0x0F20 + digit: str(digit) for digit in range(10)},
    **dict.fromkeys((0x3000, 0x00A0, 0x2002, 0x2003, 0x2009, ord("\t")), " "),
    **dict.fromkeys((0x0D, 0x0B, 0x0C, 0x2028, 0x2029), "\n"),
    0x0F0C: TSHEG,
    **dict.fromkeys((0x0F08, 0x0F0E, 0x0F0F, 0x0F10, 0x0F11, 0x0F12, 0x0F14), "\u0f0d"),
    **dict.fromkeys(map(ord, "’‘ʼ`´"), "'"),
    **dict.fromkeys(map(ord, "–—−～〜~‐‑"), "-"),
    **dict.fromkeys(map(ord, "•・‧∙●"), "·"),
    **dict(zip(map(ord, "。、，！？；：【】〔〕「」"), ".,,!?;:[][][]", strict=True)),
}


class Page(Struct, frozen=True):
    """`shown` as typed and `form` folded for matching, of the same length."""

    shown: str
    form: str


def page_of(text: str) -> Page:
    """The page of a text. Unlike `form_of` it keeps every place in the text."""
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    folded = shown.translate(_FOLDS)
    lower = folded.lower()
    if len(lower) != len(folded):
        lower = "".join(low if len(low := mark.lower()) == 1 else mark for mark in folded)
    return Page(shown, _HAN_RUN.sub(_simplified, lower))


def _simplified(run: re.Match[str]) -> str:
    form = form_of(run[0]).text
    return form if len(form) == len(run[0]) else run[0]
