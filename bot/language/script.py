"""The form in which text is matched, and the script it is written in.

The form folds everything that means the same: full width and half, traditional and simplified,
upper and lower, tsheg and shad however typed. It never raises and takes time linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import msgspec

from bot.language.regex import regex

TABLE = Path(__file__).with_name("simplified.txt")  # made by `script_pack`

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TIBETAN_LETTERS = r"\u0f40-\u0fbc"
TSHEG = "\u0f0b"

# What only Cantonese writes; t2s leaves most of it, so it tells the script by itself.
CANTONESE = frozenset("喎搵劏冇嘅喺咗啲唔哋嚟㗎咁嘢乜佢畀嗰啱攞揾嗌嘥哂瞓ㄅㄆㄇㄉㄋㄌㄏㄐㄚㄛ")

_CANTONESE = regex(f"[{''.join(sorted(CANTONESE))}]")
# Big5 has them, as rare characters of another meaning; who types them means the simplified ones.
_BY_CHANCE_IN_BIG5 = regex("[虫价机优网种坏体听适确扰炖柜赶宁党厂怀据极惊腊苹愿胜触蚕痒怜茧炼]")

_SAME = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full width
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0f\u00ad", ""),
    **{chr(0x0F20 + digit): str(digit) for digit in range(10)},
    **dict.fromkeys("\u3000\u00a0", " "),
    "\u0f0c": TSHEG,
    **dict.fromkeys("\u0f08\u0f0e\u0f0f\u0f10\u0f11\u0f12\u0f14", "\u0f0d"),
    **dict.fromkeys("’‘ʼ`´", "'"),
    **dict.fromkeys("–—−～〜~", "-"),
    **dict(zip("。、，！？；￥➕🈶", ".,,!?;¥+有", strict=True)),
}

# What t2s leaves, as facts/language.md found it. One character for one, so that offsets hold.
_FOLDS = dict(zip("妳祇衹馀ㄇㄉㄋ麽両裡", "你只只余吗的呢么两里", strict=True))
_PHRASES = {
    "甚么": "什么", "著急": "着急", "著落": "着落", "瞭解": "了解",
    "回覆": "回复", "答覆": "答复",
}  # fmt: skip

_TIBETAN_RUN = regex(rf"[{TIBETAN_LETTERS}]")
# Syllables with all blanks and tshegs between and around them.
_SYLLABLES = regex(rf"[ {TSHEG}]*(?:[{TIBETAN_LETTERS}][{TIBETAN_LETTERS}{TSHEG} ]*|{TSHEG} *)")
_GAP = regex(rf"[ {TSHEG}]{{2,}}| ")
_ACCENTED = regex(r"[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_HAN_RUN = regex(rf"[{HAN}]")
# 晒 is a word of Cantonese too, written so in both scripts.
_NOT_HAN = regex(rf"[^{HAN}]|[晒{''.join(sorted(CANTONESE))}]")
_LATIN_RUN = regex(r"[a-z]")
# Letters of all other scripts: Cyrillic, kana, Hangul, Devanagari …
_OTHER_RUN = regex(rf"[^\W\d_a-z\u0f00-\u0fff{HAN}]")
# Classes of characters stand first in patterns, since these are looked for fastest.
_BLANK_RUN = regex(r"[ \t\r\f\v](?:[ \t\r\f\v]+|(?<! ))")  # not a single space


class Form(msgspec.Struct, frozen=True, gc=False):
    """`text` is what is matched; the flags tell which scripts were in it before folding.

    `written` is the text before traditional characters were made simplified ones; `other` stands
    for all scripts that have no flag of their own.
    """

    text: str
    written: str
    han: bool
    tibetan: bool
    latin: bool
    other: bool

    @property
    def traditional(self) -> bool:
        """Whether the Han characters are traditional (or Cantonese) ones.

        Only a message is asked this, never the thousands of words of a lexicon.
        """
        cantonese = _CANTONESE.search(self.written)
        if not self.han or (self.written == self.text and not cantonese):
            return False  # Nothing had to be made simplified.
        simple = _simplified(self.written) if self.tibetan else self.text
        changed = sum(map(str.__ne__, self.written, simple))
        if not changed and not cantonese:
            return False
        # A stray traditional character in simplified text is a slip, not a script.
        return changed >= _simplified_only(self.written)

    @property
    def scripted(self) -> bool:
        """Whether the text belongs to any script: `？`, `👍` and `20` do not."""
        return self.han or self.tibetan or self.latin or self.other


def _replacing(table: Mapping[str, str]) -> Callable[[str], str]:
    """Puts its value for each key; several times as fast as str.translate where keys are few."""
    chosen = re.compile("|".join(table) if max(map(len, table)) > 1 else f"[{''.join(table)}]")
    return partial(chosen.sub, lambda match: table[match[0]])


_TRADITIONAL = dict(zip(*TABLE.read_text("utf-8").split("\n"), strict=True)) | _FOLDS
for _cantonese in "嗰喎搵劏":  # whose simplified forms nobody types
    del _TRADITIONAL[_cantonese]
_same, _simple, _phrases = map(_replacing, (_SAME, _TRADITIONAL, _PHRASES))


def form_of(text: str) -> Form:
    """The form of a text. Words of the lexicon go through this same function."""
    if text.isascii():
        folded = _BLANK_RUN.sub(" ", text.lower().replace("~", "-").replace("`", "'"))
        return Form(folded, folded, False, False, bool(_LATIN_RUN.search(folded)), False)
    folded = _same(unicodedata.normalize("NFC", text)).lower()
    if _ACCENTED.search(folded):
        folded = _without_accents(folded)
    han = bool(_HAN_RUN.search(folded))
    written = folded = _BLANK_RUN.sub(" ", folded)
    if han:
        folded = _simplified(folded)
    tibetan = bool(_TIBETAN_RUN.search(folded))
    if tibetan:
        folded = _SYLLABLES.sub(_edged, folded)
    other = bool(_OTHER_RUN.search(folded))
    return Form(folded, written, han, tibetan, bool(_LATIN_RUN.search(folded)), other)


def shortened(text: str, length: int) -> str:
    """At most so many characters and an ellipsis; Tibetan is cut between syllables only."""
    if len(text) <= length:
        return text
    head = text[:length]
    if _TIBETAN_RUN.search(head[-1:]) and TSHEG in head:
        head = head.rpartition(TSHEG)[0]
    return head.rstrip(TSHEG + " ") + "…"


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize(
        "NFC", "".join(mark for mark in decomposed if not "\u0300" <= mark <= "\u036f")
    )


def _edged(run: re.Match[str]) -> str:
    """Syllables with one tsheg between, before and behind them."""
    syllables = run[0].strip(f" {TSHEG}")
    if not syllables:
        return TSHEG
    return f"{TSHEG}{_GAP.sub(TSHEG, syllables)}{TSHEG}"


def _simplified(text: str) -> str:
    return _phrases(_simple(text))


def is_also_traditional(text: str) -> bool:
    """Whether a text has no character that only the simplified script has."""
    return not _simplified_only(text)


def _simplified_only(text: str) -> int:
    """How many of the Han characters Big5, Taiwan's code, cannot write or only by chance."""
    han = _NOT_HAN.sub("", text)
    by_chance = len(_BY_CHANCE_IN_BIG5.findall(han))
    return len(han) - len(han.encode("big5", "ignore")) // 2 + by_chance
