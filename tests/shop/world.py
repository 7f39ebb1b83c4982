"""A small shop in memory: its goods, its people, and helpers to act and to look at all there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from bot.language.addresses.recipient import Recipient
from bot.messages import Address
from bot.shop import (
    checks,
    flash_sales,
    follow_ups,
    orders,
    payments,
    people,
    special_prices,
    stock,
    vouchers,
)
from bot.shop.catalogue import Catalogue, Grade, Price, Product, Zone
from bot.shop.follow_ups import Changed
from bot.shop.orders import Already, Moved, Order, State, Wanted
from bot.shop.stock import Shortage
from bot.shop.vouchers import Voucher
from bot.store.unit import Unit
from tests.shop_fixture import migrated

MIGRATIONS = Path(__file__).parents[2] / "bot" / "store" / "migrations"
START = 1_785_542_400_000  # 2026-08-01 00:00 UTC
MINUTE = 60_000
TABLES = (
    "lot", "movement", "reservation", "order", "order_line", "order_move", "payment", "receipt",
    "refund", "repayment", "flash_sale", "flash_take", "voucher", "voucher_use", "price_cut",
    "unsettled", "unmatched",
)  # fmt: skip
CHENGDU = Recipient("卓玛", "13812345678", "四川省", "成都市", "武侯区", "人民南路 1 号", "CN")
LHASA = Recipient("扎西", "13987654321", "西藏自治区", "拉萨市", "城关区", "八廓街 2 号", "CN")
PARIS = Recipient("Anne", "+33612345678", detail="1 rue de Rivoli, Paris", country="FR")


def product(key: str, unit: str, price: Price, *grades: str, **more: Any) -> Product:
    fields: dict[str, Any] = dict(
        key=key,
        unit=unit,
        names={"zh-Hans": f"{key}-zh", "en": f"{key}-en"},
        words={},
        grades=tuple(Grade(each, {"en": each, "zh-Hans": each}, {}, price) for each in grades),
        counter={},
        packs={},
        weight=1,
        minimum=1,
        season=None,
        fresh=False,
        shelf_life_days=0,
        origin={},
        storage={},
        about={},
        picture=None,
    )
    return Product(**{**fields, **more})


def zone(key: str, country: str, *provinces: str, **more: Any) -> Zone:
    fields: dict[str, Any] = dict(
        names={},
        first_minor=1_500,
        first_grams=1_000,
        more_minor=800,
        free_from_minor=None,
        days=(2, 4),
        fresh=False,
    )
    return Zone(key=key, country=country, provinces=provinces, **{**fields, **more})


CATALOGUE = Catalogue(
    version=1,
    names={"en": "Shop"},
    currency="CNY",
    account={},
    account_qr="",
    cod_countries=("CN",),
    zones=(
        zone("near", "CN", "四川省", fresh=True, first_minor=1_000, free_from_minor=100_000),
        zone("rest", "CN", "*"),
    ),
    products={
        each.key: each
        for each in (
            product("cordyceps", "pc", Price(3_500, 1), "large", "small", packs={"box": 50}),
            product("jerky", "g", Price(9_000, 500), "", packs={"bag": 250}),
            product("matsutake", "g", Price(30_000, 500), "5-7", fresh=True),
        )
    },
)


class World:
    """One shop; `unit` is inside a transaction, and `later` is the next unit at a later time."""

    def __init__(self, shelf: Catalogue = CATALOGUE) -> None:
        self.shelf = shelf
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.deserialize(migrated())
        self.db.execute("PRAGMA foreign_keys = ON")
        self.db.execute("BEGIN IMMEDIATE")
        self.unit = Unit(self.db, START, Random(1))
        self.buyer = self.chat("buyer")
        self.rival = self.chat("buyer")
        self.seller = self.chat("seller").person

    def chat(self, role: str) -> people.Chat:
        address = Address("web", self.unit.token())
        return people.open_chat(self.unit, address, role=role, language="zh-Hans")

    def later(self, milliseconds: int) -> None:
        """Time goes on, and frees what it frees."""
        self.unit = replace(self.unit, now=self.unit.now + milliseconds, freed=True)

    def stock(self, amount: int, product: str = "cordyceps", grade: str = "large") -> stock.Lot:
        return stock.receive(self.unit, product, grade, amount, by=self.seller)

    def try_place(
        self,
        *wants: Wanted,
        key: str = "",
        chat: people.Chat | None = None,
        pay_by: str = "transfer",
        recipient: Recipient = CHENGDU,
        language: str = "zh-Hans",
        voucher: Voucher | None = None,
    ) -> Moved | Already | list[Shortage]:
        return orders.place(
            self.unit,
            self.seen(chat or self.buyer),
            key=key or self.unit.token(),
            chat=chat or self.buyer,
            wants=wants,
            recipient=recipient,
            pay_by=pay_by,
            language=language,
            voucher=voucher,
        )

    def seen(self, chat: people.Chat, besides: int = 0) -> Catalogue:
        """The catalogue with what somebody can have at special prices and of flash sales."""
        now, person = self.unit.now, chat.person.id
        shelf = special_prices.priced(self.db, self.shelf, person, now)
        return flash_sales.priced(self.db, shelf, person, now, besides=besides)

    def place(self, amount: int = 10, **more: Any) -> Order:
        placed = self.try_place(pieces(amount), **more)
        assert isinstance(placed, Moved)
        return placed.order

    def change(
        self,
        order: Order,
        *wants: Wanted,
        key: str = "",
        pay_by: str = "",
        seen: Catalogue | None = None,
        to: Recipient | None = None,
    ) -> Changed | Already | list[Shortage]:
        """Its buyer wants other goods for an order, or elsewhere, and keeps its voucher."""
        chat = self.chat_of(order)
        code = vouchers.code_of(self.db, order.id)
        return follow_ups.change(
            self.unit,
            seen or self.seen(chat, order.id),
            order,
            key=key or self.unit.token(),
            chat=chat,
            wants=wants,
            recipient=to or order.recipient,
            pay_by=pay_by or order.pay_by,
            language="en",
            by=chat.person,
            voucher=vouchers.usable(self.unit, code, chat.person.id, besides=order.id),
        )

    def chat_of(self, order: Order) -> people.Chat:
        return people.chat(self.unit, order.chat_id)

    def order_in(self, state: State, *, pay_by: str = "transfer") -> Order:
        """An order that went to a state by the shortest way."""
        order = self.place(pay_by=pay_by)
        for step in WAYS[state]:
            if step is State.EXPIRED:
                self.later(orders.HOLD_MS)
            if step is State.CONFIRMED:
                payments.confirm(self.unit, order, by=self.seller)
                order = orders.fresh(self.db, order)
            else:
                order = orders.move(self.unit, order, step, by=self.seller).order
        return order

    def free(self, product: str = "cordyceps", grade: str = "large") -> int:
        return stock.available(self.unit, product, grade)

    def state(self, order: Order) -> State:
        return orders.fresh(self.db, order).state

    def timers(self) -> dict[tuple[str, str], int]:
        rows = self.db.execute("SELECT kind, subject, due_at FROM timer")
        return {(row["kind"], row["subject"]): row["due_at"] for row in rows}

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables that this part of the shop writes."""
        names = (*TABLES, "timer", "parcel", "audit", "person", "chat", "session", "invite")
        return {
            name: [tuple(row) for row in self.db.execute(f'SELECT * FROM "{name}"')]
            for name in names
        }

    def faults(self) -> list[str]:
        return checks.faults(self.db, self.unit.now)


_PACKED = (State.CONFIRMED, State.PACKING)
WAYS: dict[State, Sequence[State]] = {
    State.PLACED: (),
    State.CONFIRMED: _PACKED[:1],
    State.PACKING: _PACKED,
    State.SHIPPED: (*_PACKED, State.SHIPPED),
    State.DELIVERED: (*_PACKED, State.SHIPPED, State.DELIVERED),
    State.CANCELLED: (State.CANCELLED,),
    State.EXPIRED: (State.EXPIRED,),
    State.RETURNING: (*_PACKED, State.SHIPPED, State.RETURNING),
    State.RETURNED: (*_PACKED, State.SHIPPED, State.RETURNING, State.RETURNED),
}


def pieces(amount: int, grade: str = "large") -> Wanted:
    return Wanted("cordyceps", grade, amount, "pc")
