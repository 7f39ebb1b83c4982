"""Nothing that a person has to settle falls off every list."""

from __future__ import annotations

import pytest

from bot.shop import accounts, follow_ups, orders, payments, refunds, todos, unsettled
from bot.shop.orders import Moved, Order, State
from bot.shop.todos import Kind
from bot.shop.unsettled import Money
from tests.shop.world import CATALOGUE, World


def listed(world: World) -> list[int]:
    return todos.ids(world.db, Kind.UNSETTLED)


def lost(world: World, *, pay_by: str = "transfer") -> Order:
    world.stock(30)
    order = world.order_in(State.SHIPPED, pay_by=pay_by)
    return follow_ups.lost(world.unit, order, by=world.seller).order


def test_what_is_on_its_way_back_is_listed(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.RETURNING)
    assert listed(world) == [order.id]


@pytest.mark.parametrize("way", ["lost", "returned"])
def test_what_is_paid_and_gone_is_listed_until_its_money_goes_back(world: World, way: str) -> None:
    order = lost(world) if way == "lost" else _returned(world)
    assert listed(world) == [order.id]
    payments.refund(world.unit, order, by=world.seller)
    assert listed(world) == [] and todos.ids(world.db, Kind.SEND_BACK) == [order.id]


def _returned(world: World) -> Order:
    world.stock(10)
    return world.order_in(State.RETURNED)


def test_a_part_that_goes_back_settles_it_and_an_offer_does_not(world: World) -> None:
    order = _returned(world)
    offered = refunds.offer(world.unit, order, 500, by=world.seller)
    assert isinstance(offered, refunds.Refund) and listed(world) == [order.id]
    refunds.accept(world.unit, offered.id, by=world.buyer.person)
    assert listed(world) == []


def test_goods_sent_again_settle_it_until_these_are_lost_too(world: World) -> None:
    order = lost(world)
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(again, Moved) and listed(world) == []
    for to in (State.PACKING, State.SHIPPED):
        orders.move(world.unit, again.order, to, by=world.seller)
    follow_ups.lost(world.unit, again.order, by=world.seller)
    assert listed(world) == [again.order.id]
    payments.refund(world.unit, order, by=world.seller)
    assert listed(world) == []


def test_nothing_is_owed_for_what_was_never_paid(world: World) -> None:
    lost(world, pay_by="cod")
    assert listed(world) == []


def test_a_person_can_settle_it_once(world: World) -> None:
    order = lost(world)
    assert unsettled.settle(world.unit, order, by=world.seller)
    assert listed(world) == [] and not unsettled.settle(world.unit, order, by=world.seller)


@pytest.mark.parametrize("to", [State.DELIVERED, State.RETURNING])
def test_what_is_unheard_of_is_listed_until_somebody_hears_of_it(world: World, to: State) -> None:
    world.stock(10)
    order = world.order_in(State.SHIPPED, pay_by="cod")
    for _ in range(2):
        unsettled.note(world.unit, order)
    assert not unsettled.settle(world.unit, order, by=world.seller)
    assert listed(world) == [order.id] and unsettled.is_noted(world.db, order)
    orders.move(world.unit, order, to, by=world.seller)
    assert not unsettled.is_noted(world.db, order)


def came(world: World, reference: str = "tx-1") -> Money | None:
    return unsettled.add_money(world.unit, "wechatpay", reference, "260801-000000", 500, "CNY")


def balance(world: World) -> dict[str, int]:
    return {each.account: each.amount_minor for each in accounts.balances(world.db)}


def test_money_that_fits_no_order_is_kept_once_and_stands_in_the_books(world: World) -> None:
    found = came(world)
    assert found and came(world) is None
    assert unsettled.all_money(world.db) == [found.id]
    assert balance(world) == {"cash:wechatpay": 500, "suspense": -500}
    assert world.faults() == []


def test_money_that_finds_its_order_is_settled_once(world: World) -> None:
    world.stock(10)
    order, found = world.place(), came(world)
    assert found
    payments.receive(world.unit, order, 500, by=None, reference=found.reference)
    assert unsettled.settle_money(world.unit, found, order.number, by=world.seller)
    assert not unsettled.settle_money(world.unit, found, order.number, by=world.seller)
    assert unsettled.all_money(world.db) == [] and unsettled.money(world.db, found.id) is None
    assert balance(world)["suspense"] == 0 and world.faults() == []


def test_what_went_back_twice_is_had_back_or_given_up(world: World) -> None:
    for account, reference in (("cash:transfer", "1"), ("refunds", "2")):
        unit, by = world.unit, world.seller
        found = unsettled.add_money(unit, "wechatpay", reference, "260801-000000", -500, "CNY")
        assert found and balance(world)["suspense"] == 500
        assert unsettled.settle_money(unit, found, "", by=by, account=account)
        assert not unsettled.settle_money(unit, found, "", by=by, account=account)
    assert balance(world) == {
        "cash:wechatpay": -1_000, "cash:transfer": 500, "refunds": 500, "suspense": 0
    }  # fmt: skip
    assert world.faults() == []
