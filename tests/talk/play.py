"""Plays a conversation from a readable file against the real core, and writes what was said.

A file holds steps and, below each, what the shop answered:

    # a comment
    > buyer: 虫草怎么卖            somebody writes (`seller`, `operator`; `buyer Anna` for others)
    > buyer photo receipt: text    a picture, by its name, with a text
    > buyer [确认下单]              presses the newest choice of that label
    > buyer first [确认下单]        presses the oldest one
    > buyer value ok:1234          sends a value that was never offered
    > buyer: "虫草" * 3000         writes something long
    > buyer: <code>               writes the last invite's or voucher's code
    ~ 31 minutes                   the clock goes on, and what is due happens
    ! buyer asks 260720-158176 560          is about to pay for an order: may they?
    ! buyer pays 260720-158176 560 tx-1     a service says that they paid, by its own number
    ! buyer pays 260720-158176 56USD tx-1   … in another currency
    ! refuses                      the payment service does nothing from now on
    ! slow                         it sends money back by and by
    ! back 260720-158176 p1 stuck  it says what became of money that it sends back slowly
    ! sf SF1234567890123 delivered 已签收   a courier says where a parcel is
    ! stopped 40                   the shop is not running for so many minutes
    ? stock cordyceps medium       shows a fact of the store: stock, orders, books
    < buyer: …                     the answer, `|` for its card's lines, `[ ]` for its choices

The answers are compared whole; `pytest --rewrite-talk` writes them anew.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

import msgspec

from bot.language.lexicon import load_words
from bot.language.locales import Locales
from bot.messages import (
    Abilities,
    Address,
    Answer,
    Attachment,
    Card,
    Charge,
    Charged,
    Choice,
    CloseCharge,
    Closed,
    Content,
    LookForPayment,
    LookForRefund,
    Message,
    ParcelNews,
    PaymentNotice,
    PreCheck,
    Press,
    Request,
    SendBack,
    SentBack,
    Track,
    Watch,
)
from bot.post import lines
from bot.post.bell import Bell
from bot.post.calls import Caller, Refusal
from bot.post.clock import Clock
from bot.post.inbox import Inbox
from bot.post.workbooks import Workbooks
from bot.service import retry_soon
from bot.shop import accounts, checks, orders, parcels, people, stock
from bot.shop.orders import State
from bot.shop.vouchers import LETTERS
from bot.shop.ways_to_pay import BY_HAND
from bot.store.files import Files
from bot.store.sqlite import Store
from bot.store.unit import Unit
from bot.talk.operators import exporting
from bot.talk.router import Talk
from tests.shop_fixture import demo, new_database

START_MS = 1_784_530_800_000  # 2026-07-20 15:00 in Shanghai: the matsutake are in season
ZONE = ZoneInfo("Asia/Shanghai")
CHANNEL = Abilities(buttons=True, cards=True, pushed=False)
_STEP = re.compile(
    r"> (?P<who>buyer|seller|operator)(?: (?P<name>[A-Z]\w*))?"
    r"(?:(?: photo (?P<photo>\w+))?: ?(?P<text>.*)"
    r"|(?P<first> first)? \[(?P<label>.+)\]| value (?P<value>.+))$"
)


# What no conversation changes, read once.
locales_at = cache(Locales)
_words_at = cache(load_words)


@dataclass
class Now:
    """A clock that goes when told."""

    ms: int = START_MS

    def __call__(self) -> int:
        return self.ms


@dataclass
class Play:
    """A shop, the people in it and what each has been told so far."""

    store: Store
    inbox: Inbox
    clock: Clock
    now: Now
    files: Files
    way: str = ""
    refuses: bool = False  # whether the payment service does
    slow: bool = False  # whether it sends money back by and by
    asked: list[Request] = field(default_factory=list)  # of services, without an answer
    seen: dict[int, int] = field(default_factory=dict)
    offered: dict[str, list[Choice]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    events: int = 0
    code: str = ""

    channel: ClassVar[str] = "talk"

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        abilities: Abilities = CHANNEL,
        texts: Path | None = None,
        way: str = "",
        trackers: Mapping[str, str] | None = None,
    ) -> Self:
        """A new shop with the demo catalogue on a database at `path`; `texts` are other locales,
        `way` is a way to pay that is set up besides the usual ones, `trackers` follow parcels.
        """
        now = Now()
        store = await Store.open(new_database(path), clock=now, ids=Random(7), zone=ZONE)
        channels = {cls.channel: abilities}
        talk = Talk(
            locales=locales_at(texts),
            words=lambda: _words_at(texts),
            abilities=channels,
            retry=retry_soon,
            ways=BY_HAND | {way} if way else BY_HAND,
            trackers=trackers,
        )
        bell = Bell()
        inbox = Inbox(store, talk.answer, talk.excuse, channels, bell)
        files = Files(path.parent / "files")
        await store.run(demo(files.folder))
        return cls(store, inbox, Clock(store, inbox), now, files, way)

    async def person(self, who: str, name: str) -> Address:
        """The address of somebody, who is there from their first word on."""
        label = f"{who} {name}".strip()
        address = Address(self.channel, self.id_of(label))

        def enter(unit: Unit) -> None:
            chat = people.find_chat(unit, address)
            chat = chat or people.open_chat(unit, address, role=who, name=name)
            self.names[chat.id] = label
            self.seen.setdefault(chat.id, chat.last_seq)

        await self.store.run(enter)
        return address

    def id_of(self, label: str) -> str:
        """Somebody's id in the channel."""
        return label

    def key(self) -> str:
        """A new event's key."""
        self.events += 1
        return f"{self.channel}:{self.events}"

    async def press(self, address: Address, value: str) -> None:
        """Somebody presses a button."""
        await self.inbox.take(Press(self.key(), address, value))

    async def write(self, address: Address, text: str, picture: str | None) -> None:
        """Somebody writes, perhaps below a picture, which is known by its name."""
        pictures: tuple[Attachment, ...] = ()
        if picture:
            digest = hashlib.sha256(picture.encode()).hexdigest()
            pictures = (Attachment(digest, "image/png"),)
        await self.inbox.take(Message(self.key(), address, text, pictures))

    async def close(self) -> None:
        """Ends it."""
        await self.store.close()

    async def step(self, line: str) -> list[str]:
        """Does one step and returns what was said because of it."""
        if line.startswith("~ "):
            await self.wait(line[2:])
        elif line.startswith("! "):
            await self.event(*line[2:].split())
        elif line.startswith("? "):
            return [f"= {fact}" for fact in await self.store.run(lambda u: facts(u, line[2:]))]
        else:
            await self.act(line)
        await self.call()
        return await self.said()

    async def call(self) -> None:
        """The services are asked what there is to ask."""
        workbooks = Workbooks(self.store.path, self.files, ZONE, locales_at(None)).ask
        services = {self.way: self.serve, "kuaidi100": self.serve, exporting.SERVICE: workbooks}
        for key, service in services.items():
            caller = Caller(self.store, self.inbox.take, key, service, self.now)
            while await caller.step():
                pass

    async def serve(self, request: Request) -> list[Answer]:
        """What the payment service answers."""
        if self.refuses:
            raise Refusal("no")
        if isinstance(request, Charge):
            return [Charged("", self.way, request.order, f"weixin://wxpay/{request.order}")]
        if isinstance(request, CloseCharge):
            return [Closed("", self.way, request.order)]
        if isinstance(request, SendBack) and not self.slow:
            return [SentBack("", self.way, request.order, request.refund)]
        assert isinstance(request, SendBack | LookForPayment | LookForRefund | Track | Watch)
        self.asked.append(request)
        return []

    async def act(self, line: str) -> None:
        """Somebody writes, sends a picture or presses."""
        step = _STEP.match(line)
        assert step, f"not a step: {line}"
        address = await self.person(step["who"], step["name"] or "")
        if step["label"] or step["value"]:
            value = step["value"] or self.value(address, step["label"], bool(step["first"]))
            await self.press(address, value)
            return
        text = step["text"] or ""
        repeated = re.fullmatch(r'"(.+)" \* (\d+)', text)
        if repeated:
            text = repeated[1] * int(repeated[2])
        text = text.replace("\\n", "\n").replace("<code>", self.code)
        await self.write(address, text, step["photo"])

    def value(self, address: Address, label: str, first: bool) -> str:
        """The value of a choice that was offered to somebody."""
        found = [c for c in self.offered.get(address.id, []) if c.label == label]
        assert found, f"no choice [{label}] among {[c.label for c in self.offered[address.id]]}"
        return found[0 if first else -1].value

    async def event(
        self, who: str, verb: str = "", number: str = "", sum: str = "", reference: str = ""
    ) -> None:
        """A payment service asks or tells something, or goes away."""
        if who in ("refuses", "slow"):
            setattr(self, who, True)
            return
        if who == "stopped":
            self.now.ms += int(verb) * 60_000
            return
        if who == "back":
            await self.inbox.take(SentBack(self.key(), self.way, verb, number, sum))
            return
        if who == "elsewhere":
            key, minor = self.key(), round(float(number) * 100)
            refunded = SentBack(key, self.way, verb, key, "sent", sum, minor)
            await self.inbox.take(refunded)
            return
        if who in parcels.COURIERS:
            news = ParcelNews(self.key(), who, verb, number, sum, self.now.ms)
            await self.inbox.take(news)
            return
        address, currency = await self.person(who, ""), sum.lstrip(".0123456789")
        money = round(float(sum.removesuffix(currency)) * 100), currency or "CNY"
        if verb == "asks":
            await self.asks(address, number, money)
        else:
            await self.pays(address, number, money, reference)

    async def asks(self, address: Address, number: str, money: tuple[int, str]) -> None:
        """Somebody is about to pay."""
        await self.inbox.take(PreCheck(self.key(), address, "query", number, *money))

    async def pays(
        self, address: Address, number: str, money: tuple[int, str], reference: str
    ) -> None:
        """Somebody has paid."""
        notice = PaymentNotice(self.key(), self.way, number, reference, *money)
        await self.inbox.take(notice)

    async def wait(self, span: str) -> None:
        """Lets the clock go on, minute by minute where something is due."""
        number, unit = span.split()
        minutes = int(number) * {"minute": 1, "hour": 60, "day": 1440}[unit.rstrip("s")]
        until = self.now.ms + minutes * 60_000
        while self.now.ms < until:
            due = await self.clock.step()
            await self.call()
            await self.deliver()
            self.now.ms = min(max(due or until, self.now.ms + 1000), until)
        await self.clock.step()

    async def deliver(self) -> None:
        """Takes what was said to the people; here they read it from the store."""

    async def said(self) -> list[str]:
        """What everybody was told since the last look."""
        return await self.store.read(self._said)

    def _said(self, db: sqlite3.Connection) -> list[str]:
        out: list[str] = []
        for chat_id, name in sorted(self.names.items()):
            address = people.chat(db, chat_id).address.id
            for line in lines.after(db, chat_id, self.seen[chat_id], 100):
                self.seen[chat_id] = line.seq
                if line.direction == "out":
                    content = msgspec.json.decode(line.body, type=Content)
                    code = re.search(rf"[0-9a-f]{{32}}|\b[{LETTERS}]{{7}}\b", content.text)
                    self.code = code[0] if code else self.code
                    self.offered.setdefault(address, []).extend(content.choices)
                    out += written(name, content)
        return out

    async def faults(self) -> list[str]:
        """What is wrong with the store; nothing, always."""
        return await self.store.run(lambda unit: checks.faults(unit.db, unit.now))


def written(name: str, content: Content) -> list[str]:
    """A message as the files have it."""
    if content.checked:
        answer = "yes" if content.checked.may_pay else f"no. {content.text}"
        return [f"< {name} may pay: {answer}"]
    text = content.text.split("\n")
    out = [f"< {name}: {text[0]}", *(f"    {line}" for line in text[1:])]
    if content.card:
        out += [f"    | {line}" for line in _card(content.card)]
    if content.invoice:
        sums = " + ".join(f"{label} {minor / 100:.2f}" for label, minor in content.invoice.lines)
        shown = content.invoice.title, content.invoice.about, content.invoice.currency, sums
        out.append("    invoice " + " ; ".join(shown))
    out += [f"    file {file.name}" for file in content.attachments if file.name]
    if content.choices:
        out.append("    " + " ".join(f"[{choice.label}]" for choice in content.choices))
    if content.handed_over:
        out.append("    (handed over)")
    return out


def _card(card: Card) -> list[str]:
    rows = [" ; ".join(row) for row in card.table]
    stations = " > ".join(
        f"({name})" if place == card.reached - 1 else name
        for place, name in enumerate(card.stations)
    )
    copyables = [f"{item.label} = {item.value}" for item in card.copyables]
    extra = [f"qr {card.qr}"] if card.qr else []
    shown = [card.title, *rows, stations, *copyables, *extra, *card.notes]
    return [line for line in shown if line]


def facts(unit: Unit, question: str) -> list[str]:
    """Facts of the store that a conversation wants to see."""
    kind, *rest = question.split()
    if kind == "stock":
        product, grade = rest[0], rest[1] if len(rest) > 1 else ""
        level = next(x for x in stock.levels(unit) if (x.product, x.grade) == (product, grade))
        return [f"on hand {level.on_hand}, reserved {level.reserved}"]
    if kind == "orders":
        return [f"{order.number} {order.state}" for order in orders.in_state(unit.db, *State)]
    if kind == "books":
        found = accounts.balances(unit.db)
        return [f"{each.account} {each.amount_minor}" for each in found if each.amount_minor]
    raise AssertionError(f"no such fact: {question}")


async def play(script: str, folder: Path) -> str:
    """The file as it would be written now."""
    stage = await Play.open(folder / "shop.db")
    try:
        return await perform(script, stage)
    finally:
        await stage.close()


async def perform(script: str, stage: Play) -> str:
    """Plays the file on a stage."""
    out: list[str] = []
    for line in script.splitlines():
        if line.startswith(("> ", "~ ", "? ", "! ")):
            line = _as_numbered_here(line, script, out)
            out.append(line)
            try:
                out += await stage.step(line)
            except AssertionError as error:
                raise AssertionError("\n".join([*out, str(error)])) from error
        elif line.startswith("#") or not line:
            out.append(line)
    assert await stage.faults() == []
    return "\n".join(out).strip() + "\n"


def _as_numbered_here(line: str, script: str, out: list[str]) -> str:
    """A line of the file with the orders' numbers of this performance, by their turn."""
    here = dict(zip(_numbers(script), _numbers("\n".join(out)), strict=False))
    return re.sub(_CODES, lambda found: here.get(found[0], found[0]), line)


_CODES = rf"\d{{6}}-\d{{6}}|[0-9a-f]{{32}}|\b[{LETTERS}]{{7}}\b"


def _numbers(text: str) -> list[str]:
    """The orders' numbers and codes in a text, by their turn."""
    return list(dict.fromkeys(re.findall(_CODES, text)))


def renumbered(script: str) -> str:
    """The conversation with numbers and codes by their turn: waits draw from the same source."""
    for turn, number in enumerate(_numbers(script)):
        script = script.replace(number, f"number {turn}")
    return script
