"""Orders that were said to have left, and are here yet."""

from __future__ import annotations

import pytest

from bot.shop import (
    expectations,
    follow_ups,
    not_left,
    orders,
    parcels,
    parts,
    payments,
    unsettled,
)
from bot.shop.orders import Moved, NotAllowed, Order, State
from bot.shop.parcel_states import ParcelState
from tests.shop.test_parts import LARGE, SMALL, books, send, sent_in_two, waiting
from tests.shop.world import CATALOGUE, WAYS, World


def sent(world: World, *, pay_by: str = "transfer") -> Order:
    order = world.order_in(State.PACKING, pay_by=pay_by)
    return parcels.ship(world.unit, order, "sf", "SF1234567890123", by=world.seller).order


@pytest.mark.parametrize("state", list(WAYS))
def test_only_what_has_left_can_be_here_yet(world: World, state: State) -> None:
    """And it goes back to packing for that reason alone."""
    world.stock(100)
    order = world.order_in(state, pay_by="cod" if state is not State.EXPIRED else "transfer")
    before = world.everything()
    if state is State.SHIPPED:
        with pytest.raises(NotAllowed):
            orders.move(world.unit, order, State.PACKING, by=world.seller)
        assert not_left.take_back(world.unit, order, by=world.seller).state is State.PACKING
        last = orders.history(world.db, order.id)[-1]
        assert (last.before, last.after, last.why) == (state, State.PACKING, "not-left")
    else:
        with pytest.raises(NotAllowed):
            not_left.take_back(world.unit, order, by=world.seller)
        assert world.everything() == before
    assert world.faults() == []


@pytest.mark.parametrize("pay_by", ["transfer", "cod"])
def test_what_is_here_yet_is_kept_for_its_order_and_leaves_later(world: World, pay_by: str) -> None:
    """As many are free as before; the sale is in the books once it has left."""
    world.stock(3)
    world.stock(9)
    order, free = sent(world, pay_by=pay_by), world.free()
    sold = books(world)
    unsettled.note(world.unit, order)
    again = not_left.take_back(world.unit, order, by=world.seller)
    assert again.state is State.PACKING and parcels.of_order(world.db, order.id) == []
    assert world.free() == free and parts.there(world.db, again) == parts.amounts(order)
    assert [each.is_here for each in parts.of_order(world.db, order)] == [False, True]
    assert books(world).get("sales", 0) == 0 and world.faults() == []
    assert not orders.is_in_parts(world.db, again) and not unsettled.is_noted(world.db, order)
    with pytest.raises(NotAllowed):
        not_left.take_back(world.unit, order, by=world.seller)
    moved = parcels.ship(world.unit, again, "sf", "SF1234567890124", by=world.seller)
    assert books(world) == sold and parts.due_last(world.db, moved.order) == 0
    assert world.free() == free and world.faults() == []


def test_what_is_here_yet_can_be_called_off(world: World) -> None:
    world.stock(20)
    again = not_left.take_back(world.unit, sent(world), by=world.seller)
    orders.move(world.unit, again, State.CANCELLED, by=world.seller)
    assert world.free() == 20 and payments.of_order(world.db, again.id).state == "refund_due"
    assert world.faults() == []


def test_all_that_left_in_parts_is_here_yet(world: World) -> None:
    """The first courier collects what is due for what leaves first then."""
    order = sent_in_two(world)
    again = not_left.take_back(world.unit, order, by=world.seller)
    assert again.state is State.PACKING and parts.rest(world.db, again) == {LARGE: 2, SMALL: 3}
    assert world.faults() == []
    world.later(1)
    parts.send(world.unit, again, "sf", "SF1234567890125", {SMALL: 3}, by=world.seller)
    moved = parcels.ship(world.unit, again, "sf", "SF1234567890126", by=world.seller)
    assert parts.earlier(world.db, moved.order) == {SMALL: 3}
    assert parts.due_last(world.db, moved.order) == order.lines[0].total_minor
    assert world.faults() == []


def test_the_part_that_left_first_is_here_yet(world: World) -> None:
    """It stays confirmed, since the rest is awaited."""
    order = send(world, waiting(world))
    again = not_left.take_back(world.unit, order, by=world.seller)
    assert again.state is State.CONFIRMED and not orders.is_in_parts(world.db, again)
    assert parts.there(world.db, again) == {LARGE: 2} and world.faults() == []
    assert expectations.awaited(world.db, order.id) and world.free() == 0


@pytest.mark.parametrize("why", ["arrived", "lost", "collected", "sent again"])
def test_what_cannot_be_here_stays_sent(world: World, why: str) -> None:
    world.stock(20)
    order = sent(world, pay_by="cod" if why == "collected" else "transfer")
    parcel = parcels.of_order(world.db, order.id)[0]
    if why == "arrived":
        parcels.note(world.unit, parcel, ParcelState.DELIVERED)
    elif why == "lost":
        parcels.note(world.unit, parcel, ParcelState.LOST)
    elif why == "collected":
        payments.receive(world.unit, order, 1, by=world.seller, way="cod")
    else:
        again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
        assert isinstance(again, Moved)
    before = world.everything()
    with pytest.raises(NotAllowed):
        not_left.take_back(world.unit, order, by=world.seller)
    assert world.everything() == before
