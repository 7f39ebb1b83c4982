"""Wishes that are taken back, or others in their place: 不用小袋装了, a box instead of bags."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop.order_notes import BETWEEN, joined
from bot.talk.buyers import whose

_CLAUSE_END = regex(r"[,，;；。!！།\n]+|\b(?:and|but)\b", re.IGNORECASE)
_OFF = regex(
    r"^(?:那|就|先|也|还是|還是|请|請|麻烦|麻煩)*(?:不用|不要|不需要|不必|[别別]|取消|去掉|[删刪][掉除了])"
    r"(?:再|给我|給我|帮我|幫我|要|用|那个|那個|之前的?)*(?P<han>.{2,16}?)[了吧啦的]*$"
    r"|^(?P<han_before>.{2,16}?)(?:就|也|都|的话|的話)*(?:不用|不要|不需要|不必|取消|去掉|[删刪][掉除]?|算)[了吧啦]*$"
    r"|\b(?:no|without|skip|forget|drop|cancel|remove|not|don.?t|do not|no need (?:for|to))\b"
    r"(?: (?:need|want|bother|do|put|it|them|with|about|the|a|an|any|in|to|my))* (?P<latin>.+?)"
    r"(?: (?:please|pls|after all|any ?more|then|now|needed|thanks|instead))*[.\s]*$"
    r"|^(?P<bo>.+?)(?:་དེ|་ནི)?་?(?:བྱེད་|རྒྱག་)?(?:མི་དགོས|དགོས་མ་རེད|བ?སུབས?|ཕྱིར་འཐེན)",
    re.IGNORECASE,
)
_SWAP = regex(
    r"^(?:把|不要|不用)?(?P<han>.{2,16}?)(?:(?:改|换|換)[成为為用做]?|(?<!不)(?<!还)(?<!還)要)(?P<new_han>.{2,20}?)[吧了啦]*$"
    r"|\b(?:change|swap|replace|exchange) (?:the |my )?(?P<latin>.+?) (?:to|for|into|with|by) "
    r"(?P<new_latin>.+)$"
    r"|^(?P<new_first>.+?) (?:instead of|rather than) (?:the |a )?(?P<latin_behind>.+)$"
    r"|^(?P<bo>.+?)(?:འི|་[གཀ]ྱི|་གི|་ཡི)?་?ཚབ་(?:ལ|ཏུ|སུ)་?(?P<new_bo>.+)$",
    re.IGNORECASE,
)
# The order that it is said of.
_ORDER = regex(
    r"^(?:.{1,10}?[单單](?![独獨])[都也的就]*|.{0,40}?མངགས་ཐོ་?(?:འི་|གཉིས་ཀ་|ཚང་མ་|ལ་|ནི་)*)"
)
_ALL = regex(r"(?:所有|全部)?(?:的)?(?:备注|備註)|(?:all )?(?:the |my )?notes?|ཟུར་མཆན")
_STOPS = set("the a an in it for as to please my of with them both send ship".split())
_OF_ORDERS = regex(r"[订訂]?[单單](?![独獨])|\b(?:my |the )?orders?\b|མངགས་ཐོ", re.IGNORECASE)
HAN_LEAST, LETTERS_LEAST = 2, 4  # signs of what names a wish


def rewished(note: str, text: str, is_wish: Callable[[str], bool]) -> str | None:
    """What is wished after a message that takes wishes back, or says others in their place; None
    when it does nothing like that."""
    left, new = note.split(BETWEEN), []
    for clause in filter(None, map(str.strip, _CLAUSE_END.split(text))):
        wish = _ORDER.sub("", clause)
        swap, off = _SWAP.search(wish), _OFF.search(wish)
        if swap and (gone := _about(left, _said(swap, "han", "latin", "latin_behind", "bo"))):
            new.append(_said(swap, "new_han", "new_latin", "new_first", "new_bo"))
        elif off and (gone := _about(left, _said(off, "han", "han_before", "latin", "bo"))):
            core = _said(off, "han", "han_before", "latin", "bo")
            new += [clause] if is_wish(clause) and not is_wish(core) else []
        else:
            gone = []
            new += [clause] if is_wish(clause) else []
        left = [wish for wish in left if wish not in gone]
    return joined((*left, *new)) if len(left) < len(note.split(BETWEEN)) else None


def _said(found: re.Match[str], *names: str) -> str:
    return next((found[name].strip() for name in names if found[name]), "")


def _about(wishes: list[str], core: str) -> list[str]:
    """The wishes that some words name, and that do not say no to the same."""
    if _ALL.fullmatch(core.lower()):
        return wishes
    return [wish for wish in wishes if _names(core, wish) and not _denies(wish, core)]


def _denies(wish: str, core: str) -> bool:
    said = _OFF.search(wish)
    return bool(said and _names(core, _said(said, "han", "han_before", "latin", "bo")))


def _names(core: str, wish: str) -> bool:
    core = _OF_ORDERS.sub("", whose.ALL_ORDERS.sub("", core))
    said, whole = (form_of(text).text.strip(" ་།.") for text in (core, wish))
    if not said.isascii():
        return len(said) >= HAN_LEAST and said in whole
    words = [word for word in re.findall(r"[a-z]+", said) if word not in _STOPS]
    there = re.findall(r"[a-z]+", whole)
    enough = sum(map(len, words)) >= LETTERS_LEAST
    return enough and all(any(_alike(word, other) for other in there) for word in words)


def _alike(one: str, other: str) -> bool:
    """Whether two words are the same but for their ends: wrap, wrapping."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and len(short) >= min(LETTERS_LEAST, len(long) - 1)
