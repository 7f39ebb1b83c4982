"""What is paid on delivery and does not come in full has one outcome in the books and the lists."""

from __future__ import annotations

import pytest

from bot.shop import accounts, exports, follow_ups, on_delivery, orders, payments, refunds, todos
from bot.shop.exports import ALWAYS
from bot.shop.on_delivery import Collected
from bot.shop.orders import Moved, NotAllowed, Order, State
from bot.shop.payment_states import NothingDue, Received
from bot.shop.todos import Kind
from tests.shop.machine.counts import SHELF
from tests.shop.world import World


def books(world: World) -> dict[str, int]:
    found = accounts.balances(world.db)
    return {each.account: each.amount_minor for each in found if each.amount_minor}


def listed(world: World) -> list[int]:
    return todos.ids(world.db, Kind.UNSETTLED)


def short(world: World, minor: int = 300, *, state: State = State.SHIPPED) -> Order:
    world.stock(30)
    order = world.order_in(state, pay_by="cod")
    done = on_delivery.collected(world.unit, order, minor, by=world.seller)
    assert isinstance(done, Collected) and done.missing_minor == order.total_minor - minor
    return done.order


@pytest.mark.parametrize("state", [State.SHIPPED, State.DELIVERED])
@pytest.mark.parametrize("minor", [0, 300])
def test_the_buyer_owes_what_did_not_come(world: World, state: State, minor: int) -> None:
    order = short(world, minor, state=state)
    assert world.state(order) is State.DELIVERED and listed(world) == [order.id]
    assert books(world)["buyer"] == order.total_minor - minor
    assert books(world).get("cash:cod", 0) == minor and world.faults() == []


def test_the_rest_comes_in_two_transfers_and_too_much_goes_back(world: World) -> None:
    order = short(world)
    first = payments.receive(world.unit, order, 100, by=world.seller)
    assert isinstance(first, Received) and first.missing_minor == order.total_minor - 400
    assert listed(world) == [order.id]
    last = payments.receive(world.unit, order, first.missing_minor + 7, by=world.seller)
    assert isinstance(last, Received) and last.is_rest and last.excess
    assert last.excess.amount_minor == 7 and listed(world) == [] and world.faults() == []
    assert books(world)["cash:transfer"] == order.total_minor - 300 + 7


def test_what_is_let_go_is_a_discount_once(world: World) -> None:
    order = short(world)
    missing = order.total_minor - 300
    assert on_delivery.let_go(world.unit, order, by=world.seller) == missing
    assert on_delivery.let_go(world.unit, order, by=world.seller) == 0
    assert listed(world) == [] and world.faults() == []
    assert books(world)["discounts"] == missing and "buyer" not in books(world)


@pytest.mark.parametrize("state", [State.SHIPPED, State.DELIVERED])
def test_what_did_not_come_went_back_to_nobody_in_the_export(world: World, state: State) -> None:
    order = short(world, state=state)
    on_delivery.let_go(world.unit, order, by=world.seller)
    (sale,) = exports.TABLES["sales"].rows(world.db, ALWAYS)
    assert sale[9:12] == (300, 0, 300)


@pytest.mark.parametrize("minor", [0, 300])
def test_goods_that_come_back_leave_nothing_owed(world: World, minor: int) -> None:
    order = short(world, minor)
    for to in (State.RETURNING, State.RETURNED):
        orders.move(world.unit, order, to, by=world.seller)
    assert isinstance(payments.refund(world.unit, order, by=world.seller), NothingDue) == (
        not minor
    )
    payments.refunded(world.unit, order, by=world.seller)
    assert "buyer" not in books(world) and books(world).get("cash:cod", 0) == 0
    assert listed(world) == [] and world.faults() == []


@pytest.mark.parametrize("state", [State.SHIPPED, State.DELIVERED])
def test_who_refuses_to_pay_has_bought_nothing(world: World, state: State) -> None:
    world.stock(30)
    order = world.order_in(state, pay_by="cod")
    moved = on_delivery.refused(world.unit, order, by=world.seller)
    assert moved.after is State.RETURNING and listed(world) == [order.id]
    orders.move(world.unit, order, State.RETURNED, by=world.seller)
    assert books(world) == {} and listed(world) == [] and world.faults() == []


def test_what_is_paid_in_full_or_goes_back_cannot_be_unsaid(world: World) -> None:
    world.stock(30)
    order = world.order_in(State.DELIVERED, pay_by="cod")
    refunds.offer(world.unit, order, 100, by=world.seller)
    assert on_delivery.collected(world.unit, order, 300, by=world.seller) is None
    with pytest.raises(NotAllowed):
        on_delivery.refused(world.unit, order, by=world.seller)
    paid = world.order_in(State.DELIVERED)
    assert on_delivery.collected(world.unit, paid, 300, by=world.seller) is None
    assert world.faults() == []


def test_goods_sent_again_for_nothing_were_not_refused_at_the_door(world: World) -> None:
    world.stock(30)
    order = world.order_in(State.DELIVERED, pay_by="cod")
    again = follow_ups.send_again(world.unit, SHELF, order, by=world.seller)
    assert isinstance(again, Moved) and again.order.total_minor == 0
    before = world.everything()
    with pytest.raises(NotAllowed):
        on_delivery.refused(world.unit, order, by=world.seller)
    assert world.everything() == before
    orders.move(world.unit, again.order, State.CANCELLED, by=world.seller)
    assert on_delivery.refused(world.unit, order, by=world.seller).after is State.RETURNING
    assert world.faults() == []
