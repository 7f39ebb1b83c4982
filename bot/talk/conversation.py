"""What a chat remembers between two messages: the draft order and what was asked last."""

from __future__ import annotations

import msgspec

from bot.language.addresses.recipient import Recipient
from bot.messages import Choice
from bot.shop.announcements import News


class DraftLine(msgspec.Struct, omit_defaults=True):
    """One wanted thing, as far as it is known. `quantity` counts `unit` (g, pc, box, bag).

    With `packed` it was asked for packs of so much.
    """

    product: str
    grade: str | None = None
    quantity: int = 0
    unit: str = ""
    packed: bool = False


class Draft(msgspec.Struct, omit_defaults=True):
    """An order being made. `key` makes placing it idempotent; no `pay_by` is the usual one.

    `replaces` is the number of the order in whose place it shall stand, `voucher` a code, `note`
    what is wished besides.
    """

    key: str = ""
    lines: list[DraftLine] = []
    recipient: Recipient = Recipient()
    pay_by: str = ""
    replaces: str = ""
    voucher: str = ""
    note: str = ""


class NewProduct(msgspec.Struct, omit_defaults=True):
    """A product being added, as far as it is known. `unit` is g or pc."""

    name: str = ""
    language: str = ""
    unit: str = ""


class NewSale(msgspec.Struct, omit_defaults=True):
    """A flash sale being made, as far as it is known; 0 for what is not.

    `since` is the beginning of the day (UTC ms) of which an hour is said next; `said` what was
    written of it at first, and `tried` what was looked for in that.
    """

    product: str = ""
    grade: str = ""
    quantity: int = 0
    minor: int = 0
    per_person: int = 0
    starts_at: int = 0
    lasts_ms: int = 0
    since: int = 0
    said: str = ""
    tried: list[str] = []


class NewVoucher(msgspec.Struct, omit_defaults=True):
    """A voucher being made, as far as it is known; -1 and 0 for what is not."""

    kind: str = ""
    value: int = 0
    least_minor: int = -1


class Source(msgspec.Struct, omit_defaults=True, frozen=True):
    """From whom goods came, in whose words the price was said, how much of what came, and in whose
    words that some of it was paid; whether `more` came with it, and of which other lots the price
    is asked `later`."""

    household: str = ""
    price: str = ""
    product: str = ""
    amount: int = 0
    paid: str = ""
    more: bool = False
    later: tuple[int, ...] = ()


class Later(msgspec.Struct, omit_defaults=True, frozen=True):
    """What was said of some orders, by their ids, and waits until a change of another is done."""

    text: str
    ids: list[int]
    every: bool = False
    rest: bool = False


class Paid(msgspec.Struct, omit_defaults=True, frozen=True):
    """The sum that a buyer says was sent for an order; 0 for what is due."""

    number: str = ""
    minor: int = 0


class Conversation(msgspec.Struct, omit_defaults=True):
    """A chat's state, kept as JSON in the store.

    `asked` names what the last message asked for; `about` the product (and `grade`) the talk is
    about, `talked` those whose prices were asked last, `priced` how much of them; `order` the
    number of the order a seller
    acts on; `pending` a quantity said before its
    product; `offered` the last choices, for channels where a typed number answers; `album` the
    pictures of which the first has been answered; `enquiry` what a seller's next message answers;
    `news` the announcement and `product` the new product that an operator is writing; `special` the
    enquiry that a seller answers with a price, `lot` the one whose household is asked
    for (or an amount that is expected, or a wrong tracking number), `sale`
    the flash sale and `voucher` the voucher that are being made; `source` what was said of goods
    that come in, until they are; `complaint` what was written and may be one, `told` what was
    answered to it; `moving` what was written of another address, while it is asked for which order;
    `wrong` what was written of a number in an address that is not right, while that is asked for;
    `changing` what was wished of several orders, `to_change` the numbers of those that are left;
    `later` what was said of others meanwhile; `unit` how many grams the unit has in which a seller
    said last what came in or is lost, `stocked` whether stock was told of since the draft;
    `paid` what was said of money that was sent,
    `unused` the code of a voucher that did not count in an order, by the order's number;
    `asked_by_seller` whether a seller has asked something since; `ordered_at` when one of the staff
    spoke last of what they order for themselves.
    """

    draft: Draft = msgspec.field(default_factory=Draft)
    asked: str = ""
    about: str = ""
    talked: list[str] = []
    priced: list[DraftLine] = []
    grade: str = ""
    order: str = ""
    pending: DraftLine | None = None
    each: str = ""
    offered: list[Choice] = []
    album: str = ""
    enquiry: int = 0
    news: News = msgspec.field(default_factory=News)
    product: NewProduct = msgspec.field(default_factory=NewProduct)
    special: int = 0
    lot: int = 0
    sale: NewSale = msgspec.field(default_factory=NewSale)
    voucher: NewVoucher = msgspec.field(default_factory=NewVoucher)
    source: Source = Source()
    complaint: str = ""
    told: str = ""
    moving: str = ""
    wrong: str = ""
    changing: str = ""
    to_change: list[str] = []
    later: list[Later] = []
    unit: int = 0
    stocked: bool = False
    paid: Paid = Paid()
    unused: dict[str, str] = {}
    asked_by_seller: bool = False
    ordered_at: int = 0


_decoder = msgspec.json.Decoder(Conversation)
_encoder = msgspec.json.Encoder()


def decode(state: str) -> Conversation:
    """The conversation kept in a chat's state."""
    return _decoder.decode(state)


def encode(conversation: Conversation) -> str:
    """The JSON to keep."""
    return _encoder.encode(conversation).decode()
