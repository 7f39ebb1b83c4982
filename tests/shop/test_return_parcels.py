"""Parcels in which buyers send goods back."""

from __future__ import annotations

import pytest

from bot.shop import orders, return_parcels, todos
from bot.shop.orders import State
from bot.shop.todos import Kind
from tests.shop.world import World


def test_goods_that_are_sent_back_are_listed_until_they_are_here(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.DELIVERED)
    by = world.buyer.person
    assert return_parcels.add(world.unit, order, "sf", "ｓｆ 7777777777777", by=by)
    assert not return_parcels.add(world.unit, order, "", "SF7777777777777", by=by)
    (noted,) = return_parcels.of_order(world.db, order.id)
    assert (noted.courier, noted.number) == ("sf", "SF7777777777777")
    assert todos.ids(world.db, Kind.UNSETTLED) == [order.id]
    for state in (State.RETURNING, State.RETURNED):
        orders.move(world.unit, order, state, by=world.seller)
        assert todos.ids(world.db, Kind.UNSETTLED) == [order.id]
    assert world.faults() == []


@pytest.mark.parametrize(("courier", "number"), [("sf", ""), ("nobody", "1"), ("", "1" * 41)])
def test_no_number_is_none(world: World, courier: str, number: str) -> None:
    world.stock(50)
    order, before = world.order_in(State.DELIVERED), world.everything()
    with pytest.raises(ValueError):
        return_parcels.add(world.unit, order, courier, number, by=None)
    assert world.everything() == before


def test_what_is_back_is_not_listed_for_its_number(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.RETURNED, pay_by="cod")
    assert return_parcels.add(world.unit, order, "", "12345678", by=None)
    assert todos.ids(world.db, Kind.UNSETTLED) == []
