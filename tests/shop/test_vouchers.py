"""Vouchers: once a buyer, so many in all, given back with an order that comes to nothing."""

from __future__ import annotations

from msgspec.structs import replace
from typing import Any

import pytest

from bot.shop import accounts, orders, payments, people, vouchers
from bot.shop.catalogue import Catalogue
from bot.shop.follow_ups import Changed
from bot.shop.orders import HOLD_MS, Moved, Order, State
from bot.shop.payment_states import Gone, NothingDue
from bot.shop.vouchers import LASTS_DAYS, Voucher
from bot.shop.ways_to_pay import WAYS
from tests.shop.world import CATALOGUE, CHENGDU, World, pieces

GOODS, SHIPPING = 35_000, 1_000  # of ten pieces


def make(world: World, kind: str = "sum", value: int = 2_000, **more: Any) -> Voucher:
    values: dict[str, Any] = {"made": 2, "by": world.seller, **more}
    return vouchers.make(world.unit, kind, value, **values)


def usable(world: World, voucher: Voucher, chat: people.Chat) -> Voucher | None:
    return vouchers.usable(world.unit, voucher.code.lower(), chat.person.id)


def buy(
    world: World,
    voucher: Voucher,
    chat: people.Chat | None = None,
    pay_by: str = "transfer",
    shop: Catalogue = CATALOGUE,
) -> Order:
    chat = chat or world.buyer
    placed = orders.place(
        world.unit,
        shop,
        key=world.unit.token(),
        chat=chat,
        wants=[pieces(10)],
        recipient=CHENGDU,
        pay_by=pay_by,
        language="en",
        voucher=usable(world, voucher, chat),
    )
    assert isinstance(placed, Moved)
    return placed.order


@pytest.mark.parametrize(
    "kind, value, least, goods, off",
    [
        ("sum", 2_000, 0, 35_000, 2_000),
        ("sum", 50_000, 0, 35_000, 35_000),
        ("sum", 2_000, 35_001, 35_000, 0),
        ("percent", 10, 0, 35_000, 3_500),
        ("percent", 33, 0, 101, 33),
        ("percent", 15, 0, 10, 2),
    ],
)
def test_what_it_takes_off(kind: str, value: int, least: int, goods: int, off: int) -> None:
    assert Voucher("X", kind, value, least, 1, 1, 0).off(goods) == off


def test_the_sum_adds_up_in_the_order_and_in_the_books(world: World) -> None:
    world.stock(100)
    order = buy(world, make(world))
    assert (order.discount_minor, order.total_minor) == (2_000, GOODS + SHIPPING - 2_000)
    payments.confirm(world.unit, order, by=world.seller)
    for state in (State.PACKING, State.SHIPPED):
        orders.move(world.unit, order, state, by=world.seller)
    books = {each.account: each.amount_minor for each in accounts.balances(world.db)}
    assert {name: minor for name, minor in books.items() if minor} == {
        "cash:transfer": order.total_minor,
        "sales": -GOODS,
        "shipping": -SHIPPING,
        "discounts": 2_000,
    }


@pytest.mark.parametrize("pay_by", WAYS)
def test_what_it_covers_wholly_is_confirmed_at_once(world: World, pay_by: str) -> None:
    near = replace(CATALOGUE.zones[0], free_from_minor=0)
    shop = replace(CATALOGUE, zones=(near,))
    world.stock(20)
    voucher = make(world, value=GOODS)
    first, second = (buy(world, voucher, chat, pay_by, shop) for chat in (world.buyer, world.rival))
    assert (first.total_minor, first.state) == (0, State.CONFIRMED)
    assert payments.of_order(world.db, first.id).state == "paid"
    assert not [subject for kind, subject in world.timers() if kind == orders.EXPIRE]
    assert isinstance(payments.refund(world.unit, first, by=None), NothingDue)
    for state in (State.PACKING, State.SHIPPED, State.DELIVERED):
        orders.move(world.unit, first, state, by=world.seller)
    orders.move(world.unit, second, State.CANCELLED, by=world.seller)
    assert payments.of_order(world.db, second.id).state == "void"
    assert usable(world, voucher, world.rival)
    books = {each.account: each.amount_minor for each in accounts.balances(world.db)}
    assert {name: minor for name, minor in books.items() if minor} == {
        "sales": -GOODS,
        "discounts": GOODS,
    }


def test_a_buyer_uses_it_once_and_no_more_are_used_than_were_made(world: World) -> None:
    world.stock(100)
    voucher = make(world)
    buy(world, voucher)
    assert usable(world, voucher, world.buyer) is None
    assert buy(world, voucher).discount_minor == 0
    buy(world, voucher, world.rival)
    assert usable(world, voucher, world.chat("buyer")) is None


@pytest.mark.parametrize("way", [State.CANCELLED, State.EXPIRED])
def test_an_order_that_comes_to_nothing_gives_it_back(world: World, way: State) -> None:
    world.stock(100)
    voucher = make(world, made=1)
    order = buy(world, voucher)
    world.later(HOLD_MS)
    orders.move(world.unit, order, way, by=None)
    assert usable(world, voucher, world.rival)
    assert buy(world, voucher).discount_minor == 2_000


def test_a_changed_order_keeps_it_though_it_is_the_last_and_over(world: World) -> None:
    world.stock(100)
    voucher = make(world, made=1)
    first = buy(world, voucher)
    assert vouchers.code_of(world.db, first.id) == voucher.code
    second = world.change(first, pieces(20))
    assert isinstance(second, Changed)
    vouchers.finish(world.unit, voucher.code, by=world.seller)
    third = world.change(second.order, pieces(20))
    assert isinstance(third, Changed)
    all_three = first, second.order, third.order
    assert [each.discount_minor for each in all_three] == [2_000] * 3
    codes = [vouchers.code_of(world.db, each.id) for each in all_three]
    assert codes == ["", "", voucher.code]


def test_an_order_lends_its_voucher_to_nobody_else(world: World) -> None:
    world.stock(100)
    voucher = make(world, made=1)
    order, rival = buy(world, voucher), world.rival.person.id
    assert vouchers.usable(world.unit, voucher.code, rival) is None
    orders.move(world.unit, order, State.CANCELLED, by=None)
    vouchers.finish(world.unit, voucher.code, by=world.seller)
    assert vouchers.usable(world.unit, voucher.code, order.person_id, besides=order.id) is None


def test_late_money_needs_it_again(world: World) -> None:
    world.stock(100)
    voucher = make(world, made=1)
    order = buy(world, voucher)
    world.later(HOLD_MS)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    buy(world, voucher, world.rival)
    assert payments.confirm(world.unit, order, by=world.seller) is Gone.PRICE
    world.later(HOLD_MS)
    other = orders.last_of(world.db, world.rival.person.id)
    assert other
    orders.move(world.unit, other, State.EXPIRED, by=None)
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), Moved)


def test_it_ends_by_itself_and_by_hand(world: World) -> None:
    first, second = make(world), make(world)
    assert vouchers.finish(world.unit, first.code, by=world.seller)
    assert not vouchers.finish(world.unit, first.code, by=world.seller)
    assert usable(world, first, world.buyer) is None
    world.later(LASTS_DAYS * 24 * 3_600_000)
    assert usable(world, second, world.buyer)
    world.later(24 * 3_600_000)
    assert usable(world, second, world.buyer) is None
    assert vouchers.not_over(world.db, world.unit.now) == []


@pytest.mark.parametrize(
    "wrong", [{"value": 0}, {"made": 0}, {"kind": "percent", "value": 91}, {"kind": "gift"}]
)
def test_figures_that_cannot_be_are_refused(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        make(world, **wrong)
