"""Whether a text may hold an address at all: only then is it read closely, by `reading`."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.language.addresses.recipient import NOBODY, TEXT_MAX, Recipient
from bot.language.regex import regex
from bot.language.script import Form, form_of, is_also_traditional

# What it costs to look closely is paid only by texts that have one of these …
_TIBETAN = "ལམ|སྲང|གྲོང|རྫོང|ཆུས|ཨང"
_LATIN = (
    "district|county|prefecture|province|lu|jie|hao|qu|xian|zhou|sheng|building|bldg"
    "|rue|via|calle|marg|apt|unit|blk|flat|st|rd|ave|name|address|street|avenue|road"
)
_HINT = regex(
    r"[省市区县州路街号村镇乡栋]|自治|地址|收[件货]|寄到"
    rf"|(?<![\u0f40-\u0fbc])(?:{_TIBETAN})(?![\u0f40-\u0fbc])|stra(?:ß|ss)e\b"
    rf"|\b(?:{_LATIN}|(?:ship|deliver|send)(?: it| them)? to)\b"
)
# A telephone number or a postcode: 139-0000, +44 20.
_NUMBER = regex(r"[\d+](?:(?<=\d)\d\d[- ]?\d{3}|(?<=\+)\d{1,2} ?\d)")
# … and looking for these by texts that have one of their signs, syllables or words.
_SIGN = regex("[省市区县州路街号村镇乡栋自地收寄]")
_SYLLABLES = regex(_TIBETAN)
_WORD = regex("[a-z]+")
_WORDS = frozenset([*_LATIN.split("|"), "ship", "deliver", "send"])


# Where goods may end and the address begin.
_CUT = regex(r"[,，;；\n]|\b(?:to|for) |[.!] (?=[A-Z])")
CUTS_MAX = 8  # places looked at


def read_recipient(text: str) -> Recipient:
    """What of name, phone and address a text holds; the rest is empty. Never raises."""
    text = text[:TEXT_MAX]
    return recipient_in(text, form_of(text))


def recipient_in(text: str, form: Form) -> Recipient:
    """As `read_recipient`, of a text whose form is known."""
    if not _is_hinted(form):
        return NOBODY
    from bot.language.addresses.reading import recipient_read

    return recipient_read(text[:TEXT_MAX])


def _is_hinted(form: Form) -> bool:
    read = form.text[:TEXT_MAX]
    if _NUMBER.search(read):
        return True
    has_sign = _SIGN.search(read) or (form.tibetan and _SYLLABLES.search(read))
    if has_sign or (form.latin and _has_word(read)):
        return bool(_HINT.search(read))
    return False


def _has_word(read: str) -> bool:
    if "strasse" in read or "straße" in read:
        return True
    return not _WORDS.isdisjoint(_WORD.findall(read))


def behind_goods(text: str, whole: Recipient, names_goods: Callable[[str], bool]) -> Recipient:
    """20 medium cordyceps, Anna Schmidt, 5 High Street: read without the goods before it.

    `whole` is what is read with them.
    """
    rest = rest_behind_goods(text, names_goods)
    if not rest:
        return whole
    behind = recipient_in(rest, form_of(rest))
    return behind if is_delivery(behind) else whole


def rest_behind_goods(text: str, names_goods: Callable[[str], bool]) -> str:
    """What is said behind the goods, where something parts it from them; '' for nothing."""
    for cut in [match.end() for match in _CUT.finditer(text[:TEXT_MAX])][:CUTS_MAX]:
        if names_goods(text[:cut]) and not names_goods(text[cut:]):
            return text[cut:]
    return ""


def is_delivery(recipient: Recipient) -> bool:
    """Whether this is somebody to whom a parcel goes, rather than a town in a question."""
    if recipient is NOBODY:
        return False
    from bot.language.addresses import reading

    return reading.is_delivery(recipient)


def without(form: Form, recipient: Recipient) -> tuple[str, Form]:
    """A message without the address in it, whose words mean nothing for what is wanted; and the
    form of what is left, whose language it is, unless that is no word or the same in both scripts.
    """
    if not recipient.phone and not recipient.detail:
        return form.text, form
    body, written = form.text, form.written
    parts = [recipient.detail, recipient.name if recipient.phone else ""]
    parts += [recipient.province, recipient.city, recipient.district]
    patterns = list[str]()
    for part in parts:
        plain = form_of(part).text.strip("\u0f0b ")
        # The town may have stood in the middle of the street.
        pieces = [plain] if plain in body else plain.split(", ")
        patterns += [re.escape(piece) for piece in pieces if piece]
    if recipient.phone:
        digits = recipient.phone.lstrip("+")
        patterns.append(r"\+?" + r"[ ()-]{0,2}".join(digits))
    for pattern in patterns:
        if found := re.search(pattern, body):
            if len(written) == len(body):
                written = f"{written[: found.start()]}\n{written[found.end() :]}"
            body = f"{body[: found.start()]}\n{body[found.end() :]}"
    words = form_of(written if len(written) == len(body) else body)
    alike = words.han and not words.traditional and is_also_traditional(words.written)
    return body, words if words.scripted and not alike else form
