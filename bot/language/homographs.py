"""Nouns that are particles too: མར is butter and "downwards", ནས barley and "from"."""

from __future__ import annotations

from bot.language.lexicon import Hit
from bot.language.measures import Meter
from bot.language.regex import regex
from bot.language.script import TSHEG

# ཨ་མར is "to mother", ཐོག་མར "first"; མར་གཅོག "lower".
_NO_BUTTER_AFTER = frozenset("རྒྱ ཕྱི སྔ སྔོན ཐོག གོང བླ ཨ ཉི རྗེས མཐའ ཟླ ཚང ཡར".split())
_NO_BUTTER_BEFORE = frozenset("འཐེན གཅོག ཆག བཅག འབབ བབ བབས ཕབ ཕོབ འབེབས འགྲོ གཏོང ཙམ ཕྱོགས".split())
_DOWN_TO = regex(r"(?:\d|གཅིག|གཉིས|གསུམ|བཞི|ལྔ|དྲུག|བདུན|བརྒྱད|དགུ|ཤུ|བཅུ|བརྒྱ|ཕྱེད|ཀ)་?་མར་(?:ཕྲི|ཕྲིས|ཆོག|ཕབ|གཏོང)")
_BEFORE_BARLEY = frozenset("གི ཀྱི གྱི ཡི ལ".split())
_BEHIND_BARLEY = frozenset("ནག གསར འབྲུ ཞིམ དཀར".split())
_LATIN_GOODS = regex(r" (?:kilo|kg|gyama) ?\d|(?<=mar) [ae]?yo(?:d|ng)?\b")
_HOMOGRAPHS = frozenset(["་ནས་", "་མར་", "nas", "ne", "ney", "nay", "mar"])


def is_noun(body: str, hit: Hit, meter: Meter) -> bool:
    """Whether a word that is also a particle, མར "downwards" or ནས "from", is goods here."""
    if hit.word.partition(" ")[0] not in _HOMOGRAPHS:
        return True
    behind = body[hit.end :].partition(TSHEG)[0]
    if not body[: hit.start].rstrip(" ") or body[hit.start - 1] in "\u0f0d,.!?\n":
        return behind not in _NO_BUTTER_BEFORE
    if hit.word[0] != TSHEG:
        return meter.is_amount_at(body, hit.end + 1) or bool(_LATIN_GOODS.match(body, hit.end))
    before = body[: hit.start].rpartition(TSHEG)[2]
    if hit.word == "་མར་":
        is_down = before in _NO_BUTTER_AFTER or behind in _NO_BUTTER_BEFORE
        return not (is_down or _DOWN_TO.search(body))
    if meter.is_amount_at(body, hit.end):
        return True
    return before.endswith("འི") or before in _BEFORE_BARLEY or behind in _BEHIND_BARLEY
