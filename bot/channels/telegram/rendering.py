"""What a message looks like on Telegram: its text as HTML, split where it is too long, buttons.

Lengths are counted as Telegram counts them: in UTF-16 units, after its markup has been read.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from bot.messages import Card, Choice, Content

TEXT_MAX = 4096
CAPTION_MAX = 1024
# What many are told, such as a price, is drawn once.
RENDERED_MAX = 256
# A row of buttons holds about so many half-width characters before a phone cuts them.
ROW_WIDTH = 28
BUTTON_MARGIN = 3
PRESSED = "✓ "

# As the Bot API has them: InlineKeyboardButton and InlineKeyboardMarkup.
Button = dict[str, str]
Keyboard = dict[str, list[list[Button]]]

# Where a long text may be cut, the best places first: after a paragraph, a line, a sentence (in
# Chinese, Tibetan or Latin script), a clause, a syllable or a word.
_PLACES = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[。！？!?།༎…]+[”’」』）)]?\s*|\.\s"),
    re.compile(r"[，、；,;：:]\s*"),
    re.compile(r"[\s་]"),
)


class Line(Struct, frozen=True):
    """One line: as it will be read, and as HTML."""

    plain: str
    html: str


class Part(Struct, frozen=True):
    """One message to be sent; with `picture` the text is that picture's caption."""

    html: str
    picture: bool = False


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


@lru_cache(maxsize=RENDERED_MAX)
def parts(content: Content) -> tuple[Part, ...]:
    """The messages that say all of the content, each within Telegram's limits; never none."""
    lines = list(_lines(content))
    has_picture = bool(content.card and (content.card.picture or content.card.qr))
    if has_picture and _length(lines) <= CAPTION_MAX:
        return (Part("\n".join(line.html for line in lines), picture=True),)
    texts = tuple(Part("\n".join(line.html for line in page)) for page in _pages(lines))
    if has_picture:
        return (Part("", picture=True), *texts)
    return texts or (Part("…"),)


@lru_cache(maxsize=RENDERED_MAX)
def keyboard(choices: tuple[Choice, ...]) -> Keyboard | None:
    """The choices as buttons, as many in a row as can be read on a phone."""
    if not choices:
        return None
    rows: list[list[Button]] = []
    widest = 0
    for choice in choices:
        needed = _width(choice.label) + BUTTON_MARGIN
        # Telegram makes the buttons of a row equally wide, so the widest counts for each.
        if not rows or max(needed, widest) * (len(rows[-1]) + 1) > ROW_WIDTH:
            rows.append([])
            widest = 0
        widest = max(widest, needed)
        rows[-1].append({"text": choice.label, "callback_data": choice.value})
    return {"inline_keyboard": rows}


def pressed(shown: Keyboard, value: str) -> Keyboard | None:
    """The buttons with a tick on the one that was pressed; None when they look so already."""
    rows = [[_ticked(button, value) for button in row] for row in shown["inline_keyboard"]]
    return None if rows == shown["inline_keyboard"] else {"inline_keyboard": rows}


def _ticked(button: Button, value: str) -> Button:
    label = button["text"].removeprefix(PRESSED)
    is_pressed = button.get("callback_data") == value
    return {**button, "text": PRESSED + label if is_pressed else label}


def split(text: str, limit: int = TEXT_MAX) -> list[str]:
    """The text in pieces of at most `limit` UTF-16 units, cut at the best places there are."""
    pieces = []
    while units(text) > limit:
        place = _cut(text, limit)
        pieces.append(text[:place].rstrip())
        text = text[place:].lstrip()
    return [piece for piece in (*pieces, text) if piece]


def _cut(text: str, limit: int) -> int:
    """Where to cut a text that is too long: in the second half of what fits, if at all possible."""
    fits = limit
    while units(text[:fits]) > limit:
        fits -= (units(text[:fits]) - limit + 1) // 2
    for place in _PLACES:
        ends = [found.end() for found in place.finditer(text, 0, fits)]
        if ends and ends[-1] > fits // 2:
            return ends[-1]
    while fits > 1 and unicodedata.category(text[fits]).startswith("M"):
        fits -= 1  # A vowel sign stays with its letter.
    return fits


def _lines(content: Content) -> Iterator[Line]:
    for piece in split(content.text):
        yield _line(piece)
    if content.card:
        if content.text:
            yield Line("", "")
        yield from _card(content.card)


def _card(card: Card) -> Iterator[Line]:
    if card.title:
        yield _marked("b", card.title)
    for row in card.table[1 if card.heads else 0 :]:
        cells = [cell for cell in row if cell]
        if cells:
            first = _marked("b", cells[0]) if card.heads else _line(cells[0])
            rest = "".join(f" · {cell}" for cell in cells[1:])
            yield Line(first.plain + rest, first.html + _line(rest).html)
    if card.stations:
        steps = enumerate(card.stations)
        yield _line(" → ".join(("●" if n < card.reached else "○") + name for n, name in steps))
    for item in card.copyables:
        value = _marked("code", item.value)
        yield Line(f"{item.label}: {value.plain}", f"{_line(item.label).html}: {value.html}")
    for note in card.notes:
        yield _line(note)


def _line(text: str) -> Line:
    return Line(text, html.escape(text, quote=False))


def _marked(tag: str, text: str) -> Line:
    return Line(text, f"<{tag}>{html.escape(text, quote=False)}</{tag}>")


def _length(lines: list[Line]) -> int:
    return units("\n".join(line.plain for line in lines))


def _pages(lines: list[Line]) -> Iterator[list[Line]]:
    """The lines in groups that fit into one message; a line by itself always fits."""
    page: list[Line] = []
    for line in lines:
        if page and _length([*page, line]) > TEXT_MAX:
            yield page
            page = []
        page.append(line)
    if any(line.plain for line in page):
        yield page


def _width(label: str) -> int:
    """The width in half-width characters; marks that stand on others take no room."""
    return sum(
        0
        if unicodedata.category(character).startswith("M")
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in label
    )
