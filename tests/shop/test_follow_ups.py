"""Orders that stand in the place of another."""

from __future__ import annotations

import pytest

from bot.shop import (
    accounts,
    follow_ups,
    found,
    orders,
    parcels,
    payments,
    refunds,
    stock,
    todos,
    unsettled,
)
from bot.shop.follow_ups import Changed, Given
from bot.shop.orders import Already, Moved, NotAllowed, State
from bot.shop.parcel_states import ParcelState
from bot.shop.payment_states import Payment
from bot.shop.todos import Kind
from tests.shop.world import CATALOGUE, World, pieces


def test_sent_again_costs_nothing_is_confirmed_and_comes_once(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.DELIVERED)
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(again, Moved)
    assert (again.order.total_minor, again.order.state) == (0, State.CONFIRMED)
    assert again.order.replaces == order.id
    assert again.order.wants == order.wants
    assert payments.of_order(world.db, again.order.id).state == "paid"
    before = world.everything()
    twice = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(twice, Already) and twice.order.number == again.order.number
    assert world.everything() == before
    assert world.faults() == []


def test_what_was_never_paid_is_paid_when_it_is_sent_again(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.SHIPPED, pay_by="cod")
    follow_ups.lost(world.unit, order, by=world.seller)
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(again, Moved) and again.order.state is State.CONFIRMED
    assert (again.order.pay_by, again.order.total_minor) == ("cod", order.total_minor)
    for state in (State.PACKING, State.SHIPPED, State.DELIVERED):
        orders.move(world.unit, again.order, state, by=world.seller)
    books = {each.account: each.amount_minor for each in accounts.balances(world.db)}
    assert books["cash:cod"] == order.total_minor and books["buyer"] == 0


def test_what_is_to_be_paid_on_delivery_is_not_sent_twice(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.SHIPPED, pay_by="cod")
    with pytest.raises(NotAllowed):
        follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    orders.move(world.unit, order, State.DELIVERED, by=world.seller)
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(again, Moved) and again.order.total_minor == 0


def test_what_went_back_as_money_is_not_sent_again(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.RETURNED)
    payments.refund(world.unit, order, by=world.seller)
    with pytest.raises(NotAllowed):
        follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)


def test_goods_that_are_given_away_are_a_fault(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.DELIVERED)
    follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    with pytest.raises(ZeroDivisionError), world.unit.attempt():
        world.db.execute("UPDATE payment SET state = 'due' WHERE order_id = ?", (order.id,))
        assert any("for nothing" in fault for fault in world.faults())
        raise ZeroDivisionError


def test_without_goods_nothing_is_sent_again(world: World) -> None:
    world.stock(10)
    order, before = world.order_in(State.SHIPPED), world.everything()
    short = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(short, list) and short[0].available == 0
    assert world.everything() == before


def test_what_spoils_on_the_way_is_not_sent_again(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.DELIVERED)
    tomorrow = stock.day(world.unit, 1)
    stock.receive(world.unit, "cordyceps", "large", 10, by=world.seller, best_before=tomorrow)
    assert isinstance(follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller), list)


def test_what_has_not_left_is_not_sent_again_or_lost(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.PACKING)
    with pytest.raises(NotAllowed):
        follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    with pytest.raises(NotAllowed):
        follow_ups.lost(world.unit, order, by=world.seller)


def test_a_lost_parcel_puts_nothing_back(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.SHIPPED)
    assert follow_ups.lost(world.unit, order, by=world.seller).after is State.RETURNED
    assert world.free() == 0
    assert world.faults() == []


def test_one_of_two_parcels_is_lost_and_the_other_arrives(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.PACKING)
    parcels.ship(world.unit, order, "sf", "SF1", by=world.seller)
    parcels.add(world.unit, order, "sf", "SF2", by=world.seller)
    first, second = parcels.of_order(world.db, order.id)
    assert follow_ups.lost_in_part(world.unit, second, by=world.seller) is None
    assert world.state(order) is State.SHIPPED
    assert todos.ids(world.db, Kind.UNSETTLED) == [order.id]
    parcels.take_news(world.unit, "sf", first.number, ParcelState.DELIVERED, "", world.unit.now)
    assert parcels.has_arrived(world.db, order)
    orders.move(world.unit, order, State.DELIVERED, by=None, why="courier")
    assert todos.ids(world.db, Kind.UNSETTLED) == [order.id]
    offered = follow_ups.offer(world.unit, order, 500, by=world.seller)
    assert isinstance(offered, refunds.Refund)
    refunds.accept(world.unit, offered.id, by=world.buyer.person)
    assert todos.ids(world.db, Kind.UNSETTLED) == []
    assert world.faults() == []


def test_when_the_other_parcel_is_there_so_is_the_order(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.PACKING)
    parcels.ship(world.unit, order, "sf", "SF1", by=world.seller)
    parcels.add(world.unit, order, "sf", "SF2", by=world.seller)
    parcels.take_news(world.unit, "sf", "SF1", ParcelState.DELIVERED, "", world.unit.now)
    lost = parcels.open_ones(world.db, order)[0]
    moved = follow_ups.lost_in_part(world.unit, lost, by=world.seller)
    assert moved and moved.after is State.DELIVERED
    assert todos.ids(world.db, Kind.UNSETTLED) == [order.id]
    with pytest.raises(LookupError):
        follow_ups.lost_in_part(world.unit, parcels.of_order(world.db, order.id)[1], by=None)
    assert world.faults() == []


def test_a_changed_order_may_take_the_goods_of_the_one_before(world: World) -> None:
    world.stock(10)
    order = world.place(10)
    changed = world.change(order, pieces(8), key="changed")
    assert isinstance(changed, Changed) and changed.order.replaces == order.id
    assert world.state(order) is State.CANCELLED
    assert isinstance(world.change(order, pieces(8), key="changed"), Already)
    assert world.free() == 2
    assert world.faults() == []


def test_an_order_stands_that_cannot_be_changed(world: World) -> None:
    world.stock(10)
    order = world.place(10)
    before = world.everything()
    assert isinstance(world.change(order, pieces(11)), list)
    assert world.everything() == before
    payments.claim(world.unit, order)
    with pytest.raises(NotAllowed):
        world.change(order, pieces(5))
    assert world.state(order) is State.PLACED


def test_what_is_sent_again_is_not_given_back_too(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.DELIVERED)
    offered = refunds.offer(world.unit, order, 500, by=world.seller)
    assert isinstance(offered, refunds.Refund)
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(again, Moved)
    assert refunds.accept(world.unit, offered.id, by=world.buyer.person) is None
    order = orders.fresh(world.db, order)
    assert follow_ups.offer(world.unit, order, 500, by=world.seller) == again.order
    orders.move(world.unit, again.order, State.CANCELLED, by=world.seller)
    assert isinstance(follow_ups.offer(world.unit, order, 500, by=world.seller), refunds.Refund)
    assert world.faults() == []


def test_all_the_money_besides_goods_sent_again_only_when_meant(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.SHIPPED)
    follow_ups.lost(world.unit, order, by=world.seller)
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(again, Moved)
    for state in (State.CONFIRMED, State.PACKING, State.SHIPPED, State.DELIVERED):
        after = orders.fresh(world.db, again.order)
        if state is not State.CONFIRMED:
            after = orders.move(world.unit, after, state, by=world.seller).order
        before = world.everything()
        assert follow_ups.refund(world.unit, order, by=world.seller) == after
        if after.state in follow_ups.UNSENT:
            assert follow_ups.refund(world.unit, order, by=world.seller, sure=True) == after
        assert world.everything() == before
    payment = follow_ups.refund(world.unit, order, by=world.seller, sure=True)
    assert isinstance(payment, Payment) and payment.state == "refund_due"
    with pytest.raises(NotAllowed):  # The first order paid for this one, too.
        follow_ups.send_again(world.unit, CATALOGUE, again.order, by=world.seller, sure=True)
    assert world.faults() == []


def test_what_was_sent_again_and_came_back_leaves_the_money_to_be_given(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.SHIPPED)
    follow_ups.lost(world.unit, order, by=world.seller)
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(again, Moved)
    for state in (State.PACKING, State.SHIPPED, State.RETURNING):
        orders.move(world.unit, again.order, state, by=world.seller)
    assert isinstance(follow_ups.refund(world.unit, order, by=world.seller), Payment)


def test_goods_are_sent_besides_a_part_of_the_money_only_when_meant(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.DELIVERED)
    offered = follow_ups.offer(world.unit, order, 500, by=world.seller)
    assert isinstance(offered, refunds.Refund)
    refunds.accept(world.unit, offered.id, by=world.buyer.person)
    before = world.everything()
    asked = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert asked == Given(500)
    assert world.everything() == before
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller, sure=True)
    assert isinstance(again, Moved)
    assert world.faults() == []


def test_what_went_back_in_parts_altogether_is_not_sent_again(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.DELIVERED)
    offered = follow_ups.offer(world.unit, order, order.total_minor, by=world.seller)
    assert isinstance(offered, refunds.Refund)
    refunds.accept(world.unit, offered.id, by=world.buyer.person)
    with pytest.raises(NotAllowed):
        follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller, sure=True)


def test_a_replacement_that_is_called_off_leaves_goods_that_arrived_to_be_settled(
    world: World,
) -> None:
    world.stock(50)
    order = world.order_in(State.DELIVERED)
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(again, Moved)
    orders.move(world.unit, again.order, State.CANCELLED, by=world.seller)
    assert todos.ids(world.db, Kind.UNSETTLED) == [order.id]
    assert unsettled.settle(world.unit, order, by=world.seller)
    assert todos.ids(world.db, Kind.UNSETTLED) == []


def test_a_replacement_that_is_called_off_leaves_the_order_to_be_settled(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.SHIPPED)
    follow_ups.lost(world.unit, order, by=world.seller)
    again = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(again, Moved)
    assert order.id not in todos.ids(world.db, Kind.UNSETTLED)
    orders.move(world.unit, again.order, State.CANCELLED, by=world.seller)
    assert order.id in todos.ids(world.db, Kind.UNSETTLED)
    once_more = follow_ups.send_again(world.unit, CATALOGUE, order, by=world.seller)
    assert isinstance(once_more, Moved) and once_more.order.number != again.order.number
    assert order.id not in todos.ids(world.db, Kind.UNSETTLED)
    assert world.faults() == []


@pytest.mark.parametrize("pay_by", ["transfer", "cod"])
def test_what_was_lost_is_found_and_its_money_stays(world: World, pay_by: str) -> None:
    world.stock(50)
    order = world.order_in(State.SHIPPED, pay_by=pay_by)
    follow_ups.lost(world.unit, order, by=world.seller)
    follow_ups.refund(world.unit, order, by=world.seller)
    event = found.found(world.unit, order, by=world.seller)
    assert event.kept_minor == (order.total_minor if pay_by == "transfer" else 0)
    assert event.moved.after is State.DELIVERED
    assert payments.of_order(world.db, order.id).state == "paid"
    assert todos.ids(world.db, Kind.UNSETTLED) == []
    books = {each.account: each.amount_minor for each in accounts.balances(world.db)}
    assert (books[f"cash:{pay_by}"], books["buyer"]) == (order.total_minor, 0)
    assert world.faults() == []


def test_what_has_gone_back_or_was_sent_again_is_not_found(world: World) -> None:
    world.stock(50)
    repaid, again, back = (world.order_in(State.SHIPPED) for _ in range(3))
    follow_ups.lost(world.unit, repaid, by=world.seller)
    follow_ups.refund(world.unit, repaid, by=world.seller)
    payments.refunded(world.unit, repaid, by=world.seller)
    follow_ups.lost(world.unit, again, by=world.seller)
    follow_ups.send_again(world.unit, CATALOGUE, again, by=world.seller)
    for state in (State.RETURNING, State.RETURNED):
        orders.move(world.unit, back, state, by=world.seller)
    before = world.everything()
    for order in (repaid, again, back):
        with pytest.raises(NotAllowed):
            found.found(world.unit, order, by=world.seller)
    assert world.everything() == before
