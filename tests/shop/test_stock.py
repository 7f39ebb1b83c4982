"""Lots, their ledger and what orders hold of them."""

from __future__ import annotations

import sqlite3

import pytest

from bot.shop import orders, stock
from bot.shop.orders import State
from bot.shop.stock import Level, Shortage
from tests.shop.world import MINUTE, World


def held(world: World) -> list[tuple[int, int]]:
    return [
        (row["lot_id"], row["quantity"])
        for row in world.db.execute("SELECT lot_id, quantity FROM reservation ORDER BY id")
    ]


def test_what_comes_in_is_on_hand_and_in_the_ledger(world: World) -> None:
    lot = stock.receive(
        world.unit, "jerky", "", 500, by=world.seller, household="Lobsang", paid_minor=4_000
    )
    assert (lot.on_hand, lot.household) == (500, "Lobsang")
    assert stock.levels(world.unit) == [Level("jerky", "", 500, 0)]
    assert stock.available(world.unit, "jerky", "") == 500
    with pytest.raises(ValueError):
        stock.receive(world.unit, "jerky", "", 0, by=world.seller)


def test_the_oldest_lot_goes_first_and_one_order_may_take_from_several(world: World) -> None:
    first, second = world.stock(6), world.stock(6)
    world.place(4)
    world.place(4)
    assert held(world) == [(first.id, 4), (first.id, 2), (second.id, 2)]
    assert stock.levels(world.unit) == [Level("cordyceps", "large", 12, 8)]


def test_lines_of_one_grade_are_summed_before_checking(world: World) -> None:
    world.stock(5)
    order = world.place(1)
    before = world.everything()
    wants = [("cordyceps", "large", 3), ("cordyceps", "large", 2)]
    shortages = stock.reserve(world.unit, order.id, wants, None)
    assert shortages == [Shortage("cordyceps", "large", 5, 4)]
    assert world.everything() == before


def test_a_reservation_counts_until_its_time_whether_or_not_anybody_swept(world: World) -> None:
    world.stock(10)
    world.place(10)
    world.later(orders.HOLD_MS - 1)
    assert world.free() == 0
    world.later(1)
    assert world.free() == 10
    assert stock.levels(world.unit) == [Level("cordyceps", "large", 10, 0)]
    late = world.place(10, chat=world.rival)
    assert held(world) == [(1, 10)] and world.free() == 0
    assert stock.available(world.unit, "cordyceps", "large", besides=late.id) == 10


def test_besides_an_order_its_own_goods_are_free(world: World) -> None:
    world.stock(10)
    order = world.place(4)
    world.place(3)
    assert stock.available(world.unit, "cordyceps", "large", besides=order.id) == 7
    world.later(orders.HOLD_MS)
    assert stock.available(world.unit, "cordyceps", "large", besides=order.id) == 10


def test_a_held_reservation_outlasts_its_time_and_release_gives_it_back(world: World) -> None:
    world.stock(10)
    order = world.place(4)
    stock.hold(world.unit, order.id)
    world.later(100 * orders.HOLD_MS)
    assert world.free() == 6
    stock.release(world.unit, order.id)
    stock.release(world.unit, order.id)
    assert world.free() == 10 and held(world) == []


def test_what_was_sold_can_be_put_back_once(world: World) -> None:
    world.stock(3)
    world.stock(10)
    order = world.order_in(State.RETURNED)
    stock.put_back(world.unit, order.id, world.seller)
    stock.put_back(world.unit, order.id, world.seller)
    assert stock.levels(world.unit) == [Level("cordyceps", "large", 13, 0)]


def test_selling_what_nobody_reserved_is_refused(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.CANCELLED)
    before = world.everything()
    with pytest.raises(stock.NothingReserved):
        stock.sell(world.unit, order.id, world.seller)
    assert world.everything() == before


def test_goods_are_written_off_only_while_nobody_holds_them(world: World) -> None:
    world.stock(10)
    world.place(4)
    before = world.everything()
    short = stock.lose(world.unit, "cordyceps", "large", 7, by=world.seller)
    assert short == Shortage("cordyceps", "large", 7, 6)
    assert world.everything() == before
    assert stock.lose(world.unit, "cordyceps", "large", 6, by=world.seller, why="mould") is None
    assert world.free() == 0
    world.later(orders.HOLD_MS)
    assert stock.lose(world.unit, "cordyceps", "large", 4, by=world.seller) is None
    assert stock.levels(world.unit) == [] and held(world) == []


def test_the_schema_itself_refuses_to_promise_goods_twice(world: World) -> None:
    world.stock(10)
    for harm in ("reserved = 11", "on_hand = -1"):
        with pytest.raises(sqlite3.IntegrityError):
            world.db.execute(f"UPDATE lot SET {harm}")


def test_securing_again_takes_goods_anew_or_tells_what_is_short(world: World) -> None:
    world.stock(10)
    order = world.place(6)
    world.later(orders.HOLD_MS + MINUTE)
    rival = world.place(8, chat=world.rival)
    before = world.everything()
    short = [Shortage("cordyceps", "large", 6, 2)]
    assert stock.secure(world.unit, order.id, order.wants) == short
    assert world.everything() == before
    stock.release(world.unit, rival.id)
    assert stock.secure(world.unit, order.id, order.wants) == []
    assert world.free() == 4
