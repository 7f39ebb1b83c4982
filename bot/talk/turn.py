"""One event and all that is needed to answer it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from msgspec import Struct, field
from msgspec.structs import replace

from bot.language.locales import Locales
from bot.language.reading import Reader, Reading
from bot.messages import (
    Abilities,
    Attachment,
    Call,
    Card,
    Choice,
    Content,
    Invoice,
    Lane,
    Outgoing,
    Request,
)
from bot.shop import flash_sales, orders, people
from bot.shop.catalogue import Catalogue, Product
from bot.shop.orders import Order
from bot.store.unit import Unit
from bot.talk.conversation import Conversation

_NOTHING = Reading(
    text="",
    language="",
    intent="other",
    lines=(),
    confidence=0.0,
    vague="",
    number=None,
    refused=(),
    money=(),
    recipient=None,
    wish_language=None,
    scripted=False,
    marks=frozenset(),
)


class Meant(Struct, frozen=True):
    """The orders that a message, or a part of it, names: one of them, or `every` one, be it as the
    `rest` of some that are named; and the whole of it as `written`."""

    ids: frozenset[int]
    written: str
    every: bool = False
    rest: bool = False


class Turn(Struct):
    """What a dialogue gets: the unit of work, the shop as it is now, the chat and what it said.

    Dialogues add to `out` and `calls`; the router stores the conversation and hands them on.
    `message_id` is what the channel calls the message; `entrances` are the beginnings of links that
    take an invite's token; `ways` the ways to pay that this chat can have, the usual one first;
    `trackers` the services that follow the parcels of couriers, by the courier's key. While a part
    of a message that names orders is answered, these are `meant`.
    """

    unit: Unit
    locales: Locales
    catalogue: Catalogue
    reader: Reader
    chat: people.Chat
    abilities: Abilities
    state: Conversation
    language: str
    text: str = ""
    message_id: str = ""
    attachments: tuple[Attachment, ...] = ()
    entrances: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    trackers: Mapping[str, str] = field(default_factory=dict)
    reading: Reading = _NOTHING
    meant: Meant | None = None
    out: list[Outgoing] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    @property
    def zone(self) -> tzinfo:
        """The shop's time zone."""
        return self.unit.zone

    @property
    def leaving(self) -> list[Outgoing | Call]:
        """All that is to leave."""
        return [*self.out, *self.calls]

    @property
    def staff(self) -> bool:
        """Whether the person sells here."""
        return self.chat.person.role != "buyer"

    @property
    def operates(self) -> bool:
        """Whether the person runs the shop."""
        return self.chat.person.role == "operator"

    @property
    def replaced(self) -> Order | None:
        """The order in whose place the draft shall stand."""
        number = self.state.draft.replaces
        return orders.find(self.unit.db, number) if number else None

    @property
    def besides(self) -> int:
        """The id of that order, whose goods are free for the draft; 0 for none."""
        replaced = self.replaced
        return replaced.id if replaced else 0

    def see_sales(self) -> None:
        """Shows the person what they can have of flash sales."""
        self.catalogue = flash_sales.priced(
            self.unit.db,
            self.catalogue,
            self.chat.person.id,
            self.unit.now,
            besides=self.besides,
        )

    def hear(self, text: str) -> None:
        """Takes a text for what was said, and reads it in what is talked of."""
        self.text = text
        self.reading = self.reader.read(text, about=self.state.about or None)

    def words(self, id: str, /, **values: object) -> str:
        """A text in the person's language, without the end of a line that has nothing on it."""
        return self.locales.text(self.language, id, **values).rstrip("\n")

    def say(
        self,
        id: str,
        /,
        *,
        choices: tuple[Choice, ...] = (),
        card: Card | None = None,
        handed_over: bool = False,
        invoice: Invoice | None = None,
        **values: object,
    ) -> None:
        """Answers the person."""
        content = Content(
            text=self.words(id, **values),
            language=self.locales.nearest(self.language),
            choices=choices,
            card=card,
            handed_over=handed_over,
            invoice=invoice,
        )
        self.out.append(Outgoing(self.chat.id, content))

    def ask(self, service: str, request: Request) -> None:
        """Asks an outside service."""
        self.calls.append(Call(service, request))

    def choice(self, id: str, value: str, /, **values: object) -> Choice:
        """A button in the person's language."""
        return Choice(self.words(id, **values), value)

    def towards(self, chat: people.Chat) -> Turn:
        """The same turn as seen by somebody else, who is told of it as a notice."""
        return replace(self, chat=chat, language=chat.language or self.locales.nearest(""))

    def in_language(self, language: str) -> Turn:
        """The same turn in another language."""
        return replace(self, language=language or self.locales.nearest(""))

    def notify(
        self,
        chat: people.Chat,
        id: str,
        /,
        *,
        choices: tuple[Choice, ...] = (),
        card: Card | None = None,
        invoice: Invoice | None = None,
        attachments: tuple[Attachment, ...] = (),
        enquiry: int = 0,
        reply_to: str = "",
        **values: object,
    ) -> None:
        """Tells somebody, who need not be the one who spoke, after the replies have gone.

        An answer to a message about an `enquiry` goes to who asked; `reply_to` is the message of
        theirs that this answers.
        """
        view = self.towards(chat)
        content = Content(
            text=view.words(id, **values),
            language=self.locales.nearest(view.language),
            choices=choices,
            card=card,
            invoice=invoice,
            attachments=attachments,
            reply_to=reply_to,
        )
        self.out.append(Outgoing(chat.id, content, lane=Lane.NOTICE, enquiry=enquiry))

    def product(self, key: str) -> Product | None:
        """The product of that key, if it is (still) sold."""
        return self.catalogue.products.get(key)

    def name(self, product: Product, grade: str = "") -> str:
        """The product's name, with its grade where there are several."""
        name = self.locales.choose(product.names, self.language)
        if not grade:
            return name
        label = self.locales.choose(product.grade(grade).names, self.language)
        return self.words("name.graded", name=name, grade=label)

    def money(self, minor: int) -> str:
        """A sum in the shop's currency."""
        return self.locales.money(self.language, minor, self.catalogue.currency)

    def quantity(self, product: Product | None, amount: int, unit: str) -> str:
        """An amount in the person's usual unit."""
        counter = self.locales.counter(self.language, product.counter) if product else ""
        return self.locales.quantity(self.language, amount, unit, counter)

    def span(self, ms: int) -> str:
        """How long something has been."""
        return self.locales.span(self.language, ms)

    def day(self, at: int) -> str:
        """The day of a time, in the shop's zone."""
        there = datetime.fromtimestamp(at / 1000, self.zone)
        return self.locales.day(self.language, there.month, there.day)

    def moment(self, at: int) -> str:
        """A time in the shop's zone."""
        return self.locales.moment(self.language, at, self.zone)
