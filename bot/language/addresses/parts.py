"""A pasted text cut into phones, labels, divisions and what stands between them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.language.addresses.divisions import LABEL
from bot.language.addresses.labels import ADDRESS, NAME, SENDER, Label, labels_in
from bot.language.addresses.page import Page
from bot.language.addresses.phones import Phone, phones_in
from bot.language.regex import regex
from bot.language.script import HAN

PHONE_MARK = "\x00"
JOINT = "\x02"  # the blank in Anna Lee, which is one name
TEXT, NUMBER, PLACE = "text", "number", "place"

_JOINTS = regex(
    r"(?<=[a-z\u00c0-\u024f.']) (?=[a-z\u00c0-\u024f])"
    rf"|(?<=[{HAN}]) (?=(?:先生|女士|小姐|太太|老师)(?![{HAN}]))"
)
_TEXT = regex(
    rf"(?:[^\s,;|!?\[\](){PHONE_MARK}{LABEL}\u0f0d.\-/#:_]"
    r"|(?<=[a-z0-9])[-/#:_.](?=[a-z0-9])|(?<=\d)#(?=[楼栋幢])|#(?=\d)|(?<=[a-z])\.)+"
)


class Part(Struct, frozen=True):
    """A part of the text: its kind (a label's kind, TEXT, NUMBER or PLACE) and where it stood."""

    kind: str
    start: int
    end: int


class Sheet(Struct, frozen=True):
    """The text with phones and labels found. `bare` is its form with both blotted out."""

    page: Page
    bare: str
    phones: list[Phone]
    labels: list[Label]

    @property
    def phone(self) -> str:
        """The first number; people give the one to call first."""
        return self.phones[0].number if self.phones else ""

    @property
    def labelled(self) -> set[int]:
        """Where addresses begin that have a label."""
        return {label.end for label in self.labels if label.kind == ADDRESS}


def sheet_of(page: Page) -> Sheet:
    """Finds phones and labels."""
    phones = phones_in(page.form)
    bare = page.form
    for phone in phones:
        bare = _blotted(bare, phone.start, phone.end, PHONE_MARK)
    labels = labels_in(bare)
    for label in labels:
        bare = _blotted(bare, label.start, label.end, LABEL)
    for start, end in _senders(labels, len(bare)):
        bare = _blotted(bare, start, end, LABEL)
        phones = [phone for phone in phones if not start <= phone.start < end]
        labels = [label for label in labels if not start <= label.start < end]
    return Sheet(page, _JOINTS.sub(JOINT, bare), phones, labels)


def _senders(labels: list[Label], end: int) -> list[tuple[int, int]]:
    """What is told of the sender, up to the next name."""
    found = []
    for at, label in enumerate(labels):
        if label.kind == SENDER:
            named = (later.start for later in labels[at + 1 :] if later.kind == NAME)
            found.append((label.start, next(named, end)))
    return found[:1]


def _blotted(text: str, start: int, end: int, mark: str) -> str:
    return text[:start] + mark * (end - start) + text[end:]


def parts_of(sheet: Sheet, place: tuple[int, int] | None) -> list[Part]:
    """All parts in their order; the division, if there is one, is a part of its own."""
    parts = [Part(NUMBER, phone.start, phone.end) for phone in sheet.phones]
    parts += [Part(label.kind, label.start, label.end) for label in sheet.labels]
    if place is None:
        parts += _texts(sheet.bare, 0, len(sheet.bare))
    else:
        parts.append(Part(PLACE, *place))
        parts += _texts(sheet.bare, 0, place[0])
        parts += _texts(sheet.bare, place[1], len(sheet.bare))
    # An empty part (a label at the end) never stands before what begins where it ends.
    return sorted(parts, key=lambda part: (part.start, part.end))


def _texts(bare: str, start: int, end: int) -> Iterator[Part]:
    for match in _TEXT.finditer(bare, start, end):
        yield Part(TEXT, match.start(), match.end())
