"""What sellers take off orders, and what is left of it when the order is changed or sent again."""

from __future__ import annotations

import pytest

from bot.shop import accounts, discounts, follow_ups, orders, payments, price_cuts, refunds
from bot.shop.follow_ups import Changed
from bot.shop.orders import Moved, Order, State
from bot.shop.price_cuts import Cut
from tests.shop.world import World, pieces

EACH = 3_500


def changed(world: World, order: Order, amount: int) -> Order:
    result = world.change(order, pieces(amount))
    assert isinstance(result, Changed) and world.faults() == []
    return result.order


def give(world: World, order: Order, minor: int, kind: str = "sum", value: int = 0) -> Order:
    cut = Cut(kind, value or minor, order.goods_minor)
    done = discounts.give(world.unit, order, minor, by=world.seller, cuts=[cut])
    assert done and world.faults() == []
    return done.order


def test_a_sum_is_taken_off_what_is_ordered_instead_and_a_share_of_it_off_less(
    world: World,
) -> None:
    world.stock(30)
    order = give(world, world.place(10), 1_000)
    for amount, minor in ((20, 1_000), (5, 500), (1, 100), (10, 1_000)):
        order = changed(world, order, amount)
        assert order.discount_minor == minor and order.goods_minor == amount * EACH


@pytest.mark.parametrize("kind, value", [("percent", 1_000), ("shipping", 1)])
def test_a_percentage_stays_one_and_free_shipping_stays_free(
    world: World, kind: str, value: int
) -> None:
    world.stock(30)
    order = world.place(10)
    minor = order.total_minor // 10 if kind == "percent" else order.shipping_minor
    order = give(world, order, minor, kind, value)
    assert order.discount_minor == minor
    order = changed(world, order, 4)
    whole = order.goods_minor + order.shipping_minor
    assert order.discount_minor == (whole // 10 if kind == "percent" else order.shipping_minor)


def test_an_order_keeps_a_price_whatever_was_taken_off(world: World) -> None:
    world.stock(30)
    order = world.place(10)
    order = give(world, order, order.total_minor - 1)
    order = changed(world, order, 1)
    assert order.total_minor >= 1 and world.state(order) is State.PLACED


def test_what_is_taken_off_a_paid_order_goes_back_and_is_taken_off_its_replacement(
    world: World,
) -> None:
    world.stock(30)
    order = world.order_in(State.CONFIRMED)
    paid = order.total_minor
    done = discounts.give(world.unit, order, 1_000, by=world.seller)
    assert done and done.back and done.back.amount_minor == 1_000
    assert done.order.total_minor == paid - 1_000 and world.faults() == []
    order = changed(world, done.order, 20)
    assert order.discount_minor == 1_000
    assert payments.missing(world.db, order) == order.total_minor - paid
    assert discounts.give(world.unit, order, order.total_minor, by=world.seller) is None


def test_what_went_back_as_a_discount_is_not_paid_for_the_replacement(world: World) -> None:
    world.stock(30)
    order = world.order_in(State.CONFIRMED)
    paid = order.total_minor
    done = discounts.give(world.unit, order, 1_000, by=world.seller)
    assert done and done.back and refunds.sent(world.unit, done.back.id, by=world.seller)
    order = changed(world, done.order, 20)
    assert payments.missing(world.db, order) == order.total_minor - (paid - 1_000)


def test_a_discount_compensates_for_nothing_when_goods_are_sent_again(world: World) -> None:
    world.stock(30)
    order = world.order_in(State.DELIVERED)
    assert discounts.give(world.unit, order, 1_000, by=world.seller)
    again = follow_ups.send_again(world.unit, world.shelf, order, by=world.seller)
    assert isinstance(again, Moved) and again.order.total_minor == 0 and world.faults() == []
    books = {each.account: each.amount_minor for each in accounts.balances(world.db)}
    assert books["discounts"] == 1_000 and "refunds" not in books


def test_a_paid_order_keeps_a_price(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.CONFIRMED)
    most = discounts.most(world.db, order)
    assert most == order.total_minor - 1
    order = give(world, order, most)
    assert discounts.most(world.db, order) == 0
    moved = orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    assert refunds.undone(world.db, moved.order) == 1 and world.faults() == []


def test_what_was_taken_off_last_can_be_taken_back_until_it_is_paid(world: World) -> None:
    world.stock(30)
    order = world.place(10)
    whole = order.total_minor
    order = give(world, order, 2_000)
    order = give(world, order, (whole - 2_000) // 10, "percent", 1_000)
    for left in (whole - 2_000, whole):
        done = discounts.take_back(world.unit, order, by=world.seller)
        assert done and world.faults() == []
        order = done[0]
        assert order.total_minor == left == payments.missing(world.db, order)
    assert discounts.take_back(world.unit, order, by=world.seller) is None
    order = changed(world, give(world, order, 2_000), 20)
    assert discounts.last(world.db, order) == 2_000
    payments.confirm(world.unit, order, by=world.seller)
    assert discounts.take_back(world.unit, order, by=world.seller) is None


def test_two_cuts_at_once_are_taken_back_one_by_one(world: World) -> None:
    world.stock(30)
    order = world.place(2)
    both = [Cut("shipping", order.shipping_minor, order.goods_minor), Cut("sum", 500, 7_000)]
    minor = order.shipping_minor + 500
    done = discounts.give(world.unit, order, minor, by=world.seller, cuts=both)
    assert done and done.order.total_minor == order.total_minor - minor
    assert price_cuts.of_order(world.db, order.id) == both
    assert discounts.last(world.db, done.order) == 500
    back = discounts.take_back(world.unit, done.order, by=world.seller)
    assert back and discounts.last(world.db, back[0]) == order.shipping_minor
    assert world.faults() == []


def test_what_was_agreed_to_go_back_stays_owed_when_the_order_is_changed(world: World) -> None:
    world.stock(40)
    order = world.order_in(State.CONFIRMED)
    paid, agreed = order.total_minor, 3_000
    offered = refunds.offer(world.unit, order, agreed, by=world.seller)
    assert isinstance(offered, refunds.Refund)
    refunds.accept(world.unit, offered.id, by=world.buyer.person)
    order = changed(world, order, 20)
    whole = order.goods_minor + order.shipping_minor
    assert payments.missing(world.db, order) == whole - paid - agreed
    assert discounts.last(world.db, order) == 0
    order = changed(world, order, 5)
    whole = order.goods_minor + order.shipping_minor
    assert [each.amount_minor for each in refunds.of_order(world.db, order)] == [
        paid - (whole - agreed)
    ]
