"""Addresses on the mainland in English or pinyin: the divisions in Chinese, the street as typed.

Labels and packing lists say 四川省 成都市 武侯区; a courier reads `No. 27 Renmin South Road`.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.addresses.abroad import (
    Parts,
    Piece,
    address_among,
    labelled_names,
    name_among,
    pieces_of,
    tidied,
)
from bot.language.addresses.countries import country_of
from bot.language.addresses.divisions import LABEL
from bot.language.addresses.divisions_latin import find_in_latin
from bot.language.addresses.labels import ADDRESS
from bot.language.addresses.latin_words import (
    ROADS,
    head_name,
    is_house,
    is_known_name,
    is_street_in_latin,
    is_whereabouts,
    tail_name,
)
from bot.language.addresses.names import bare_name, is_name
from bot.language.addresses.parts import JOINT, Sheet
from bot.language.regex import regex

__all__ = ["is_street_in_latin", "read_in_latin"]

Span = tuple[int, int]

# The Hong Kong Middle Road in Qingdao is not abroad.
_NO_COUNTRY = regex(
    r"\b(?:hong kong|taiwan|macau|macao|japan|korea|nepal|singapore)"
    rf"(?= (?:(?:north|south|east|west|middle|central|zhong|dong|xi|nan|bei) )?{ROADS}\b)"
)
# Fields of forms, and what stands before the parts of a list: 1. Name, 📞, *Address*.
_FIELD = regex(
    r"(?<![\w-])(?:(?:street|detail(?:ed|s)?|full) address|address(?: line)? ?\d"
    r"|zip|post(?:al)? ?code"
    r"|p\.?c\.?|(?:city|province|state|district|county|prefecture|region|country|town|street|area"
    r"|sheng|shi|qu|xian)(?: ?[/&] ?(?:city|province|state|district|county|region|town|area))*)"
    r"(?: name)? ?:"
)
_LISTED = regex(rf"(?:(?<=\n)|\A)[ ]*\d[.)] ?(?=[ {LABEL}]*[a-z{LABEL}])(?!\w)")
_SIGNS = regex(
    '[*"<>\\[\\]{}_\u201c\u201d\u2190-\u21ff\u2460-\u27ff\u2b00-\u2bff\U0001f000-\U0001faff]'
)
_APART = regex(r"(?<=\s)(?:[/·-]|->|=+>|//)(?=\s)|·|(?<=\w)\.(?= (?:name|phone)\b)")
_SENTENCES = regex("[?!]")
_RECEIVED = regex(r"(?<=[a-z]) \(?shou\)?(?=[\s,.;]*(?:[\x00\x01\n,;]|\Z))")
_AT = regex(r"(?<=[a-z]) at(?= (?:no\.? ?|#)?\d| (?:room|rm|flat|apt|unit|building|bldg|block)\b)")
_BRACKETS = regex(r"(?<=[^\W\d_])[ \x02]?\([^()\d\n,]{1,20}\)(?=[\s,;\x00\x01]|\Z)")
_STOP = regex(r"(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bdr)(?<![ .][a-z])\. ")
# What is said to the shop and belongs to no address.
_CHAT = regex(
    r"(?:hi|hello|hey|yes|ok|okay|and|i|i'd|i'll|i'm|we|do|does|can|could|would|how|what|when|is|are"
    r"|it|want|need|buy|get|send|ship|shipping|deliver|delivery|my|to|for|in|thanks?|please|kindly"
    r"|change|pls|plz|thx|tks|ty|xie ?xie|ni ?hao|mafan|qing|wo|dear|sir|madam|bro|good (?:morning"
    r"|day|afternoon|evening)|here(?:'s)?|this|that's|below|sorry|same|asap|cheers|by (?:sf|ems)"
    r"|before|after|from|new|cash|cod|if|don't|not|just|also|attached|many thanks|best regards"
    r"|(?:regards|the|a|as|at|on|order|so|fast|number|friend|prov|tel|mob|ph|address)\Z"
    r"|(?:(?:phone )?(?:number|same)|(?:to )?(?:a |the )?(?:another|other|new|different|following))"
    r"\Z)\b"
)
_QUANTITY = regex(
    r"(?:x ?)?\d+ ?(?:x|pcs|pieces?|box(?:es)?|bags?|bottles?|packs?|kgs?|g|jin|he|gen|dai|sets?)"
    r"(?: (?!of\b)[a-z]+)?(?: of [a-z ]+)?|(?:qty|quantity)\b.*"
)
# What goes before the address in the same breath: 2 boxes to Li Wei. Next to the bank is a place.
_UP_TO_IT = regex(r"(?:.*(?<!next)(?<!close)(?<!up) )?to |(?:it's |this is |order )?for (?=[a-z]+)")
_BEGINS_IDLE = regex(
    r"(?:and|also|so|ok|the|is|my|to|i am|i'm|this is|me|at|name|dear|hi|hello|hey)[ :]+(?=\S)"
)
_ENDS_IDLE = regex(
    r"[ ,]+(?:and|is|my|from|in|at|pls|plz|please|kindly"
    r"|thanks?(?: you| u)?(?: so much| very much)?"
    r"|thx|tks|ty|xie ?xie|asap|ok|cheers|dear|bro|sir|now|today|soon|the|to|as|or)\Z"
)


def read_in_latin(sheet: Sheet) -> Parts | None:
    """Name, phone, province, city, district, detail and CN; None if it is no address there."""
    sheet = _without_signs(sheet)
    bare = sheet.bare.replace(JOINT, " ")
    if country_of(_NO_COUNTRY.sub(lambda match: "x" * len(match[0]), bare), "") not in ("", "CN"):
        return None
    found = find_in_latin(bare)
    if found is None:
        return None
    is_street = bool(is_street_in_latin(bare) and re.search(r"\d", bare))
    if not found.full and (sheet.phone.startswith("+") or not (is_street or sheet.phone)):
        return None
    for span in found.spans:
        bare = _over(bare, span, LABEL)
    rest = _with_bare(sheet, bare)
    pieces = [_trimmed(piece) for piece in pieces_of(rest)]
    pieces = [piece for piece in pieces if _is_of_address(piece)]
    rest = _without_late_labels(rest, pieces)
    name = _in_full(rest, _labelled_name(rest) or _name(rest, pieces))
    shown = sheet.page.shown
    stretches = address_among(rest, pieces, name)
    detail = ", ".join(filter(None, (_typed(shown, *stretch) for stretch in stretches)))
    if not is_street and not sheet.phone:
        detail = ""
    called = bare_name(shown[slice(*name)]) if name else ""
    return called, sheet.phone, *found.place, detail, "CN"


def _over(text: str, span: Span, mark: str) -> str:
    return text[: span[0]] + mark * (span[1] - span[0]) + text[span[1] :]


def _with_bare(sheet: Sheet, bare: str) -> Sheet:
    """The sheet with another text, in which the joints of its own are kept."""
    marks = (JOINT if one == JOINT and sign == " " else sign
             for one, sign in zip(sheet.bare, bare, strict=True))  # fmt: skip
    return replace(sheet, bare="".join(marks))


def _without_signs(sheet: Sheet) -> Sheet:
    """The sheet without what only sets the parts off from each other."""
    bare = sheet.bare.replace(JOINT, " ")
    for pattern, mark in (
        (_SIGNS, " "), (_FIELD, LABEL), (_LISTED, LABEL),
        (_APART, ";"), (_RECEIVED, ";"), (_AT, ";"),
    ):  # fmt: skip
        for match in pattern.finditer(bare):
            bare = _over(bare, match.span(), mark)
    if sheet.phones:  # Without one it may be a question, which is read as a whole.
        bare = _SENTENCES.sub(";", bare)
    return _with_bare(sheet, bare)


def _without_late_labels(sheet: Sheet, pieces: list[Piece]) -> Sheet:
    """No. 5 Renmin Road, Chengdu. Send to Li Wei: what is sent to him begins no address."""
    begins = min(sheet.labelled, default=0)
    streets = [piece.start >= begins for piece in pieces if is_house(piece.form)]
    if not streets or any(streets):
        return sheet
    return replace(sheet, labels=[label for label in sheet.labels if label.kind != ADDRESS])


def _trimmed(piece: Piece) -> Piece:
    """A piece without the words of the message around it: `and my`, `pls`, `2 boxes to`."""
    start, form = piece.start, piece.form
    match = _UP_TO_IT.match(form)
    if match and not is_street_in_latin(match[0]):
        start, form = start + match.end(), form[match.end() :]
    while match := _BEGINS_IDLE.match(form):
        start, form = start + match.end(), form[match.end() :]
    while match := _ENDS_IDLE.search(form):
        if not is_house(form) and "please" in match[0]:
            break  # A request, of which more is to be seen by the word.
        form = form[: match.start()]
    if form.endswith(")") and "(" not in form:
        form = form[:-1]
    return Piece(start, start + len(form), form)


def _is_of_address(piece: Piece) -> bool:
    if _QUANTITY.fullmatch(piece.form):
        return False
    return is_street_in_latin(piece.form) or not _CHAT.match(piece.form)


def _typed(shown: str, start: int, end: int) -> str:
    stretch = tidied(shown[start:end])
    stretch += ")" * (stretch.count("(") > stretch.count(")"))
    for opening, closing in ("\u201c\u201d", '""'):
        odd = len(re.findall(f"[{opening}{closing}]", stretch)) % 2
        stretch += closing * (odd and shown[end : end + 1] == closing)
    return stretch


def _labelled_name(sheet: Sheet) -> Span | None:
    """The name after its label: `To: Tibet University` names a place."""
    for start, end in labelled_names(sheet):
        form = sheet.bare[start:end].replace(JOINT, " ")
        start += len(form) - len(form.lstrip(" .:-"))
        said = _STOP.split(form.strip(" .:-"))[0]
        piece = _trimmed(Piece(start, end, said))
        if piece.form and not is_house(piece.form, beside=True):
            return piece.start, piece.end
    return None


def _in_full(sheet: Sheet, name: Span | None) -> Span | None:
    """The name with what stands in brackets behind it: Leila (莉拉)."""
    more = _BRACKETS.match(sheet.bare, name[1]) if name else None
    return (name[0], more.end()) if name and more else name


def _name(sheet: Sheet, pieces: list[Piece]) -> Span | None:
    """The likeliest name: Sichuan University and Tashi Hotel are none."""
    bare = _BRACKETS.sub(lambda match: ";" * len(match[0]), sheet.bare)
    pieces = [_unbracketed(piece) for piece in pieces]
    for piece in pieces:
        if is_house(piece.form, _is_beside(sheet, piece)) or is_whereabouts(piece.form):
            bare = _over(bare, (piece.start, piece.end), "0")
    name = name_among(replace(sheet, bare=bare), pieces)
    if name is None or _is_beside(sheet, Piece(*name, "")):
        return name or _joined_name(sheet, pieces) or _first_name(sheet, pieces)
    # A town that the table has not stands behind those that it has; a name goes before.
    behind = LABEL in sheet.bare[: name[0]]
    other = name_among(replace(sheet, bare=_over(bare, name, "0")), pieces)
    if other and _is_beside(sheet, Piece(*other, "")):
        known = [is_known_name(bare[slice(*one)].replace(JOINT, " ")) for one in (name, other)]
        return other if behind or known == [False, True] else name
    return (_joined_name(sheet, pieces) if behind else None) or name


def _unbracketed(piece: Piece) -> Piece:
    if is_street_in_latin(piece.form):
        return piece
    form = re.sub(r" ?\([^()\d]{1,20}\)?\Z", "", piece.form)
    return Piece(piece.start, piece.start + len(form), form)


def _is_beside(sheet: Sheet, piece: Piece) -> bool:
    """Whether a phone stands before or after the piece."""
    return _precedes_phone(sheet, piece) or _follows_phone(sheet, piece)


def _precedes_phone(sheet: Sheet, piece: Piece) -> bool:
    following = sheet.bare[piece.end : piece.end + 60].replace(JOINT, " ")
    return bool(re.match(r"[\s,.;:()/\x01-]*\x00", following))


def _follows_phone(sheet: Sheet, piece: Piece) -> bool:
    before = sheet.bare[max(0, piece.start - 10) : piece.start]
    return bool(re.search(r"\x00[\s,.;:()/-]*\Z", before))


def _joined_name(sheet: Sheet, pieces: list[Piece]) -> Span | None:
    """A name that nothing parts from the street, before the phone or at the very beginning."""
    for piece in pieces:
        if _precedes_phone(sheet, piece):
            found = tail_name(piece.form)
            if found:
                return piece.start + found[0], piece.start + found[1]
    for piece in pieces:
        if piece is pieces[0] or _follows_phone(sheet, piece):
            found = head_name(piece.form) if sheet.phones else None
            if found:
                return piece.start + found[0], piece.start + found[1]
    return None


def _first_name(sheet: Sheet, pieces: list[Piece]) -> Span | None:
    """Where no phone tells more, the name is the first of what is parted."""
    begins = min(sheet.labelled, default=0)
    first = next((piece for piece in pieces if piece.start >= begins), None)
    if first is None or len(pieces) < 2 or sheet.phones or len(first.form.split()) > 3:
        return None
    is_no_name = is_house(first.form) or not is_name(first.form)
    return None if is_no_name else (first.start, first.end)
