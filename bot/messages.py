"""The words that all rooms share: what comes in, what goes out, and what a message holds.

Everything here is plain data without behaviour of its own, encoded to JSON by msgspec where it is
stored. Nothing here knows a channel, a dialogue or an order.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

import msgspec


class Address(msgspec.Struct, frozen=True):
    """Where a chat is: the channel's name and the chat's own id in that channel."""

    channel: str
    id: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.id}"


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file of a message, already on disk: its SHA-256 (hex) and media type.

    `name` is what people shall find it under; what people send has none.
    """

    hash: str
    media_type: str
    name: str = ""


class Message(msgspec.Struct, frozen=True, omit_defaults=True, tag="message"):
    """A person wrote something. `key` is unique per event for ever (idempotency key).

    `kind` names what came when it is neither text nor picture: audio, video, application (a
    document), location, unknown. `album` is the same for all pictures sent as one. `name` and
    `language` (a BCP 47 tag) are what the channel knows of the person: first guesses. `id` is what
    the channel calls the message, `reply_to` what it calls the one of ours that this answers.
    """

    key: str
    address: Address
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    kind: str = ""
    album: str = ""
    name: str = ""
    language: str = ""
    id: str = ""
    reply_to: str = ""


class Press(msgspec.Struct, frozen=True, omit_defaults=True, tag="press"):
    """A person pressed a choice; `value` is what the choice carried and is never trusted.

    `name` and `language` are as in a Message.
    """

    key: str
    address: Address
    value: str
    name: str = ""
    language: str = ""


class Timer(msgspec.Struct, frozen=True, tag="timer"):
    """A moment that the shop asked to be woken at has come: what for, and about what."""

    key: str
    kind: str
    subject: str


class PaymentNotice(msgspec.Struct, frozen=True, tag="payment"):
    """A payment service says that money came, by the way to pay of that key.

    `order` is our number as the service gives it back, `reference` what the service calls the
    payment; `amount_minor` counts the minor unit of `currency` (ISO 4217).
    """

    key: str
    way: str
    order: str
    reference: str
    amount_minor: int
    currency: str


class PreCheck(msgspec.Struct, frozen=True, tag="precheck"):
    """A person is about to pay: may they? `query` is what the channel calls the question.

    It has to be answered within seconds; `order`, `amount_minor` and `currency` are as in a
    PaymentNotice.
    """

    key: str
    address: Address
    query: str
    order: str
    amount_minor: int
    currency: str


class Charge(msgspec.Struct, frozen=True, tag="charge"):
    """Asks a payment service for a code by which a sum can be paid until a time (UTC ms)."""

    order: str
    amount_minor: int
    currency: str
    about: str
    until: int


class LookForPayment(msgspec.Struct, frozen=True, tag="look"):
    """Asks a payment service whether an order was paid: its notices may not arrive."""

    order: str


class CloseCharge(msgspec.Struct, frozen=True, tag="close"):
    """Asks a payment service to take nothing more for an order."""

    order: str


class SendBack(msgspec.Struct, frozen=True, tag="send-back"):
    """Asks a payment service to send back some of a payment of `paid_minor`.

    `refund` and the order are the key under which a repetition does nothing. It may take days; a
    SentBack tells what became of it.
    """

    order: str
    refund: str
    reference: str
    amount_minor: int
    paid_minor: int
    currency: str


class LookForRefund(msgspec.Struct, frozen=True, tag="look-refund"):
    """Asks a payment service what became of a SendBack: its notices may not arrive."""

    order: str
    refund: str


class Track(msgspec.Struct, frozen=True, tag="track"):
    """Asks where a parcel is. `courier` is our key; some want to know the recipient's phone."""

    courier: str
    number: str
    phone: str


class Watch(msgspec.Struct, frozen=True, tag="watch"):
    """Asks to be told whenever there is something new of a parcel; fields as in Track."""

    courier: str
    number: str
    phone: str


class Export(msgspec.Struct, frozen=True, tag="export"):
    """Asks for a workbook of what was from `first` to `last`, days as in 2026-10-31, for a chat.

    Without days it is of what waits to be packed and sent now, and read in `language`. `name` says
    the same in short, 2026-10, for the file's name.
    """

    chat: int
    first: str
    last: str
    name: str
    language: str = ""


Request = Charge | LookForPayment | CloseCharge | SendBack | LookForRefund | Track | Watch | Export


class Charged(msgspec.Struct, frozen=True, tag="charged"):
    """A payment service made a code for an order: the text of its QR code."""

    key: str
    way: str
    order: str
    code: str


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """A payment service takes nothing more for an order."""

    key: str
    way: str
    order: str


class SentBack(msgspec.Struct, frozen=True, tag="sent-back"):
    """A payment service says what became of a SendBack.

    `state` is one of shop.repayments: it is sent, stuck until a person sees to it at the service,
    or closed, which means that it never will be. What nobody asked for was sent back at the
    service: `refund` is what that calls it, `reference` the payment that it is of.
    """

    key: str
    way: str
    order: str
    refund: str
    state: str = "sent"
    reference: str = ""
    amount_minor: int = 0


class ParcelNews(msgspec.Struct, frozen=True, tag="parcel"):
    """Where a courier says that a parcel is since `at` (UTC ms).

    `state` is one of shop.parcel_states; `said` is the courier's own last sentence.
    """

    key: str
    courier: str
    number: str
    state: str
    said: str
    at: int


class Exported(msgspec.Struct, frozen=True, tag="exported"):
    """A workbook is on disk, of so many orders; no file when nothing was in that time."""

    key: str
    request: Export
    file: Attachment | None
    orders: int


class CallFailed(msgspec.Struct, frozen=True, tag="call-failed"):
    """A service refused what it was asked, or could not be reached for long."""

    key: str
    service: str
    request: Request
    error: str


PaymentAnswer = PaymentNotice | Charged | Closed | SentBack
Answer = PaymentNotice | Charged | Closed | SentBack | ParcelNews | Exported | CallFailed
Incoming = (
    Message
    | Press
    | Timer
    | PreCheck
    | PaymentNotice
    | Charged
    | Closed
    | SentBack
    | ParcelNews
    | Exported
    | CallFailed
)


class Blocked(msgspec.Struct, frozen=True, tag="blocked"):
    """A person no longer wants to be written to, or (`blocked` false) does again."""

    key: str
    address: Address
    blocked: bool


class Migrated(msgspec.Struct, frozen=True, tag="migrated"):
    """A chat has another id in its channel from now on."""

    key: str
    address: Address
    to: str


# What is said of a chat rather than in it; no dialogue answers these.
ChatNews = Blocked | Migrated


class Choice(msgspec.Struct, frozen=True):
    """A button: what it says, and the short value (at most 64 bytes) that pressing it sends."""

    label: str
    value: str


class Copyable(msgspec.Struct, frozen=True):
    """A value people copy out of a message, such as an amount or an account."""

    label: str
    value: str


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """Facts laid out to be looked at rather than read.

    `kind` is one of product, order, payment, parcel, photo. `table` is rows of cells, the first
    row being the heads when `heads` is true; `notes` are lines below it; `stations` are the steps
    of an order's way with `reached` of them behind it; `picture` is a file's hash, and `qr` a text
    to be drawn as a QR code.
    """

    kind: str
    title: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    heads: bool = False
    notes: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    reached: int = 0
    copyables: tuple[Copyable, ...] = ()
    picture: str | None = None
    qr: str | None = None


class Invoice(msgspec.Struct, frozen=True):
    """What a channel's own form of payment asks for: lines of (label, minor units)."""

    order: str
    title: str
    about: str
    currency: str
    lines: tuple[tuple[str, int], ...]


class Checked(msgspec.Struct, frozen=True):
    """The answer to a PreCheck; where it is no, the content's text says why."""

    query: str
    may_pay: bool


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one outgoing message says, for every channel; a channel shows as much as it can.

    `text` leads and `card` follows; `attachments` are files shown with it; `language` is a BCP 47
    tag. `handed_over` is true when this passes the matter on to a person. `reply_to` is what the
    channel calls the person's message that this answers. `invoice` is shown by channels that have
    a form of payment of their own; a `checked` content is an answer to the channel, not to be read.
    """

    text: str
    language: str
    choices: tuple[Choice, ...] = ()
    card: Card | None = None
    attachments: tuple[Attachment, ...] = ()
    handed_over: bool = False
    reply_to: str = ""
    invoice: Invoice | None = None
    checked: Checked | None = None


class Lane(IntEnum):
    """What may not wait leaves first; lower goes before higher."""

    PRECHECK = 0
    REPLY = 1
    NOTICE = 2
    ANNOUNCEMENT = 3


class Policy(StrEnum):
    """What a crash in the middle of sending means for a row.

    REPEAT is marked after sending and so may be sent twice; ONCE is claimed before sending and
    so may be left unknown.
    """

    REPEAT = "repeat"
    ONCE = "once"


class Outgoing(msgspec.Struct, frozen=True):
    """One message to one chat (the store's chat id), to be put into the outbox by the unit.

    `enquiry` and `announcement` are the ids of what it belongs to, 0 for none.
    """

    chat: int
    content: Content
    lane: Lane = Lane.REPLY
    policy: Policy = Policy.REPEAT
    enquiry: int = 0
    announcement: int = 0


class Call(msgspec.Struct, frozen=True):
    """Something to ask of an outside service, by its key; the answer comes in as an event."""

    service: str
    request: Request


class Abilities(msgspec.Struct, frozen=True):
    """What a channel can show and how its messages leave.

    `pushed` channels are sent to by the outbox; the others (web, terminal) read their own lines
    from the store by sequence number. `text_max` counts characters.
    """

    buttons: bool
    cards: bool
    pushed: bool
    text_max: int = 4096


def plain(content: Content, *, numbered: bool = False) -> str:
    """The whole content as text, for channels that draw no cards.

    With `numbered`, the choices follow as a list that a typed number answers.
    """
    parts = [content.text] if content.text else []
    card = content.card
    if card:
        rows = ["  ".join(cell for cell in row if cell) for row in card.table]
        stations = " → ".join(
            f"{'●' if place < card.reached else '○'}{name}"
            for place, name in enumerate(card.stations)
        )
        copyables = [f"{item.label}: {item.value}" for item in card.copyables]
        parts += [line for line in (card.title, *rows, stations, *copyables, *card.notes) if line]
    if numbered:
        parts += [f"{n}. {choice.label}" for n, choice in enumerate(content.choices, 1)]
    return "\n".join(parts)
