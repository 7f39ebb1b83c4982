"""What is said in one message beside where the goods go: how they are paid, a voucher, a question.

The address is taken without it, then the rest is answered as if it had come by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.language.regex import regex
from bot.language.weighing import CONFIDENT
from bot.shop import follow_ups
from bot.talk.buyers import drafting, ordering, recipients, rereading, tracking
from bot.talk.buyers.ways_said import way_said
from bot.talk.operators import vouchering
from bot.talk.turn import Turn

_PIECE = regex(r"(?:[^,，;；。!！?？།.\s]|\.(?!\s|$)|[^\S\n])+[?？]*")
_WORD = regex(r"[^\s,，;；]+")
_LED_IN = regex(r"(?:[a-z']+|I|Can|Could|May|Is|Do)\s*$")  # can I … before what is asked
_BETWEEN = " \n\t,，;；。.!！།"
_ASKED = ("payment", "shipping", "price", "track", "stock", "product", "human")
_WORDS_MAX = 6  # of what is said without a sign between it and the address

Span = tuple[int, int]


def take(turn: Turn, say: Callable[[Turn], None]) -> bool:
    """Takes the address, then does what is said beside it; False where it is not both."""
    text, reading, state = turn.text, turn.reading, turn.state
    if not (state.draft.lines or reading.recipient):
        return False
    beside = _beside(turn)
    if not beside or not (address := _without(text, beside)):
        return False
    turn.text, turn.reading = address, rereading.part(turn, address)
    if not _take_address(turn):
        turn.text, turn.reading = text, reading
        return False
    state.asked = recipients.missing(state.draft.recipient) or "confirm"
    others = []
    for start, end in beside:
        turn.hear(text[start:end].strip(_BETWEEN))
        if way_said(turn.reading, turn.ways):
            drafting.take_way(turn)
        else:
            others.append(turn.text)
    if not others:
        ordering.proceed(turn)
        return True
    turn.hear(", ".join(others))
    if not vouchering.take_code(turn):
        say(turn)
    return True


def _take_address(turn: Turn) -> bool:
    """Fills the draft, or one that begins with it: with goods, or behind their price."""
    reading, state = turn.reading, turn.state
    if recipients.take(turn):
        return True
    goods = any(line.quantity for line in reading.lines) and reading.intent == "order"
    waits = any(order.state in follow_ups.UNSENT for order in tracking.mine(turn))
    begins = (goods or state.priced) and not waits
    if not reading.recipient or not (state.draft.lines or begins):
        return False
    drafting.fill(turn)
    return bool(state.draft.lines)


def _beside(turn: Turn) -> list[Span]:
    """The pieces before and behind the address that say something else."""
    pieces = [found.span() for found in _PIECE.finditer(turn.text) if found[0].strip()]
    found: list[Span] = []
    while pieces and _is_else(turn, pieces[-1]):
        found.insert(0, pieces.pop())
    while pieces and _is_else(turn, pieces[0]):
        found.append(pieces.pop(0))
    found += [piece for piece in pieces if _is_else(turn, piece, ways_only=True)]
    if not found and pieces:
        ends = _at_the_end(turn, pieces[-1]), _at_the_start(turn, pieces[0])
        found = [span for span in ends if span][:1]
    return found


def _at_the_end(turn: Turn, piece: Span) -> Span | None:
    """The last words of a piece, where only a space parts them from the address."""
    starts = [word.start() for word in _WORD.finditer(turn.text, *piece)][1:]
    for start in starts[: -_WORDS_MAX - 1 : -1]:
        if _is_else(turn, (start, piece[1])):
            while led_in := _LED_IN.search(turn.text, piece[0], start):
                start = led_in.start()
            return start, piece[1]
    return None


def _at_the_start(turn: Turn, piece: Span) -> Span | None:
    ends = [word.end() for word in _WORD.finditer(turn.text, *piece)][:-1]
    spans = ((piece[0], end) for end in ends[:_WORDS_MAX])
    return next((span for span in spans if _is_else(turn, span)), None)


def _is_else(turn: Turn, span: Span, *, ways_only: bool = False) -> bool:
    """Whether a piece says how it is paid, asks something or is a voucher, and no address."""
    text = turn.text[span[0] : span[1]].strip(_BETWEEN)
    reading = turn.reader.read(text)
    if reading.recipient or reading.lines or reading.marks & {"wish", "enclose", "paid"}:
        return False
    names_way = bool(way_said(reading, turn.ways))
    if ways_only:
        return names_way
    if vouchering.names_one(turn, text):
        return True
    if any(sign.isdigit() for sign in text):
        return False
    from bot.language.addresses.reading import is_sent_to

    if is_sent_to(text):
        return False
    asks = "ask" in reading.found and reading.confidence >= CONFIDENT
    return names_way or "invoice" in reading.marks or (asks and reading.intent in _ASKED)


def _without(text: str, spans: list[Span]) -> str:
    """The text with nothing in the place of some spans."""
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start].rstrip(_BETWEEN)}\n{text[end:].lstrip(_BETWEEN)}"
    return text.strip(_BETWEEN)
