"""Of an order of which some goods came back, what these cost goes back, and no more."""

from __future__ import annotations

import pytest

from bot.shop import accounts, orders, payments, refunds, returned_goods, returned_money
from bot.shop.orders import Moved, Order, State
from bot.shop.refunds import Refund, TooMuch
from tests.shop.world import World, pieces

LARGE = ("cordyceps", "large")


def one_back(world: World) -> Order:
    """One of two large pieces is back, the small one is not."""
    world.stock(2)
    world.stock(1, grade="small")
    placed = world.try_place(pieces(2), pieces(1, "small"))
    assert isinstance(placed, Moved)
    payments.confirm(world.unit, placed.order, by=world.seller)
    for state in (State.PACKING, State.SHIPPED, State.DELIVERED, State.RETURNING):
        orders.move(world.unit, placed.order, state, by=world.seller)
    return returned_goods.come_back(world.unit, placed.order, {LARGE: 1}, by=world.seller).order


def books(world: World) -> dict[str, int]:
    return {each.account: each.amount_minor for each in accounts.balances(world.db)}


def test_what_is_back_is_proposed_once(world: World) -> None:
    order = one_back(world)
    price = order.lines[0].total_minor // 2
    worth = returned_money.worth(world.db, order)
    assert worth and (worth.minor, worth.open_minor) == (price, price)
    assert worth.goods == {LARGE: 1} and worth.most_minor == order.total_minor
    owed = returned_money.owe(world.unit, order, price, by=world.seller)
    assert isinstance(owed, Refund) and books(world)["refunds"] == price
    again = returned_money.worth(world.db, order)
    assert again and (again.minor, again.open_minor) == (price, 0) and world.faults() == []


@pytest.mark.parametrize("is_whole", [True, False])
def test_another_sum_goes_back_until_it_is_sent(world: World, is_whole: bool) -> None:
    order = one_back(world)
    if is_whole:
        payments.refund(world.unit, order, by=world.seller)
    else:
        returned_money.owe(world.unit, order, 100, by=world.seller)
    before = world.everything()
    too_much = returned_money.instead(world.unit, order, order.total_minor + 1, by=world.seller)
    assert too_much == TooMuch(order.total_minor) and world.everything() == before
    owed = returned_money.instead(world.unit, order, 700, by=world.seller)
    assert isinstance(owed, Refund) and returned_money.said(world.db, order) == 700
    assert payments.of_order(world.db, order.id).state == "paid"
    assert books(world)["refunds"] == 700 and world.faults() == []
    refunds.sent(world.unit, owed.id, by=world.seller)
    assert returned_money.instead(world.unit, order, 600, by=world.seller) is None
    assert books(world)["cash:transfer"] == order.total_minor - 700 and world.faults() == []


def test_what_has_gone_whole_is_not_said_otherwise(world: World) -> None:
    order = one_back(world)
    payments.refund(world.unit, order, by=world.seller)
    payments.refunded(world.unit, order, by=world.seller)
    before = world.everything()
    assert returned_money.instead(world.unit, order, 600, by=world.seller) is None
    assert world.everything() == before and returned_money.said(world.db, order) == 0
