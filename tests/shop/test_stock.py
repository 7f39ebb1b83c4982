"""Lots, their ledger and what orders hold of them."""

from __future__ import annotations

import sqlite3
from functools import partial

import pytest

from bot.shop import (
    accounts,
    corrections,
    lot_days,
    movements,
    orders,
    payments,
    returned_goods,
    stock,
)
from bot.shop.orders import State
from bot.shop.payment_states import Gone, Received
from bot.shop.stock import Level, Shortage
from tests.shop.world import LHASA, MINUTE, World, pieces


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


def test_what_is_over_first_goes_first_then_what_was_harvested_first(world: World) -> None:
    receive = partial(stock.receive, world.unit, "cordyceps", "large", 2, by=world.seller)
    in_july = receive(harvested_on="2026-07-20")
    today = receive()
    in_may = receive(harvested_on="2026-05-20")
    keeps, soon_over = receive(best_before="2026-09-01"), receive(best_before="2026-08-20")
    world.place(10)
    first_to_last = [soon_over, keeps, in_may, in_july, today]
    assert held(world) == [(lot.id, 2) for lot in first_to_last]


def test_late_money_takes_only_what_lasts_until_it_arrives(world: World) -> None:
    receive = partial(stock.receive, world.unit, "cordyceps", "large", by=world.seller)
    receive(10, best_before="2026-08-04")
    lasting = receive(10, best_before="2026-08-10")
    order = world.place(4)
    world.later(orders.HOLD_MS)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    payments.receive(world.unit, order, order.total_minor, by=None, reference="tx-1")
    assert held(world) == [(lasting.id, 4)]
    late = world.place(6, chat=world.rival)
    world.later(orders.HOLD_MS)
    orders.move(world.unit, late, State.EXPIRED, by=None)
    stock.lose(world.unit, "cordyceps", "large", 11, by=world.seller)
    assert world.free() == 5
    result = payments.receive(world.unit, late, late.total_minor, by=None, reference="tx-2")
    assert isinstance(result, Received)
    assert result.gone is Gone.GOODS


def test_an_order_sent_elsewhere_lasts_until_it_arrives_there(world: World) -> None:
    stock.receive(world.unit, "cordyceps", "large", 9, by=world.seller, best_before="2026-08-05")
    order = world.place(4)
    assert order.transit_days == 4
    further = orders.readdress(world.unit, order, LHASA, transit_days=9, by=world.buyer.person)
    assert further == orders.fresh(world.db, order)
    stock.release(world.unit, order.id)
    assert orders.secure(world.unit, further) == [Shortage("cordyceps", "large", 4, 0)]


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
    returned_goods.put_back(world.unit, order.id, world.seller)
    returned_goods.put_back(world.unit, order.id, world.seller)
    assert stock.levels(world.unit) == [Level("cordyceps", "large", 13, 0)]


def test_of_what_was_sold_a_part_can_come_back(world: World) -> None:
    world.stock(3)
    world.stock(10)
    order, large = world.order_in(State.RETURNED), ("cordyceps", "large")
    returned_goods.put_back(world.unit, order.id, world.seller, part={large: 4})
    assert stock.levels(world.unit) == [Level(*large, 7, 0)]
    assert returned_goods.part_back(world.db, order.id) == {large: 4}
    before = world.everything()
    for part in ({large: 7}, {large: 0}, {("cordyceps", "small"): 1}):
        with pytest.raises(ValueError, match=str(order.id)):
            returned_goods.put_back(world.unit, order.id, world.seller, part=part)
    assert world.everything() == before
    returned_goods.put_back(world.unit, order.id, world.seller)
    assert stock.levels(world.unit) == [Level(*large, 13, 0)]
    assert returned_goods.part_back(world.db, order.id) == {}


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


def test_goods_that_are_over_are_not_sold_and_go_first_when_written_off(world: World) -> None:
    receive = partial(stock.receive, world.unit, "cordyceps", "large", by=world.seller)
    keeps, over, soon = receive(5), receive(7, best_before="2026-07-31"), receive(3)
    lot_days.set_best_before(world.unit, soon, "2026-08-03", by=world.seller)
    assert stock.day(world.unit) == "2026-08-01"
    assert world.free() == 8
    assert stock.available(world.unit, "cordyceps", "large", lasting="2026-08-04") == 5
    assert [lot.id for lot in lot_days.expiring(world.unit, 3, 10)] == [over.id, soon.id]
    [level] = stock.levels(world.unit)
    assert (level.on_hand, level.over, level.free) == (15, 7, 8)
    assert stock.lose(world.unit, "cordyceps", "large", 8, by=world.seller) is None
    left = {lot.id: found.on_hand for lot in (keeps, over, soon) if (found := lot_now(world, lot))}
    assert left == {keeps.id: 5, over.id: 0, soon.id: 2}


def lot_now(world: World, lot: stock.Lot) -> stock.Lot | None:
    return stock.lot(world.db, lot.id)


def test_an_order_takes_the_oldest_lot_that_lasts_until_it_arrives(world: World) -> None:
    """Four days on the road to Chengdu: what is good for three stays."""
    receive = partial(stock.receive, world.unit, "cordyceps", "large", by=world.seller)
    receive(10, best_before="2026-08-04")
    lasting = receive(10, best_before="2026-08-05")
    order = world.place(4)
    (held,) = world.db.execute("SELECT lot_id FROM reservation WHERE order_id = ?", (order.id,))
    assert held["lot_id"] == lasting.id
    assert world.try_place(pieces(7)) == [Shortage("cordyceps", "large", 7, 6)]


def test_who_holds_goods_that_are_gone_is_told_the_youngest_first(world: World) -> None:
    world.stock(9)
    first, second = world.place(2), world.place(4)
    late = world.place(3, chat=world.rival)
    world.later(orders.HOLD_MS - 1)
    stock.hold(world.unit, late.id, until=world.unit.now)
    assert movements.holders(world.unit, "cordyceps", "large") == [(second.id, 4), (first.id, 2)]
    assert movements.holders(world.unit, "cordyceps", "small") == []


def test_what_a_changed_order_held_counts_only_while_it_lasts(world: World) -> None:
    stock.receive(world.unit, "cordyceps", "large", 10, by=world.seller, best_before="2026-08-06")
    order = world.place(10, pay_by="cod")
    world.later(2 * 24 * 60 * MINUTE)
    short = stock.shortages(world.unit, order.wants, besides=order.id, lasting="2026-08-07")
    assert short == [Shortage("cordyceps", "large", 10, 0)]
    assert stock.shortages(world.unit, order.wants, besides=order.id) == []


def test_what_came_in_by_mistake_is_undone_once_and_not_owed_for(world: World) -> None:
    before = stock.last_movement(world.db)
    lot = stock.receive(world.unit, "cordyceps", "large", 5, by=world.seller)
    until = stock.last_movement(world.db)
    stock.set_source(world.unit, lot, "扎西", 20_000, by=world.seller)
    assert isinstance(stock.undo(world.unit, before, until, by=world.seller), stock.Lot)
    assert stock.undo(world.unit, before, until, by=world.seller) is None
    assert stock.available(world.unit, "cordyceps", "large") == 0
    assert accounts.owed(world.db, 9) == []
    assert world.faults() == []


def test_what_was_entered_wrongly_is_put_right_with_what_is_due(world: World) -> None:
    came = world.stock(50)
    stock.set_source(world.unit, came, "Dolma", 1000, by=world.seller)
    until = stock.last_movement(world.db)
    put = corrections.put_right(world.unit, until - 1, until, 30, by=world.seller)
    assert isinstance(put, corrections.PutRight)
    lot = put.lot
    assert (lot.on_hand, lot.household, lot.paid_minor) == (30, "Dolma", 600)
    assert [each.minor for each in accounts.households(world.db)] == [600]
    assert stock.available(world.unit, came.product, came.grade) == 30
    assert corrections.put_right(world.unit, until - 1, until, 20, by=world.seller) is None
    [last] = corrections.last_moves(world.unit, world.seller)
    assert isinstance(stock.undo(world.unit, last.after, last.until, by=world.seller), stock.Lot)
    assert corrections.last_moves(world.unit, world.seller) == []


def test_what_is_written_off_of_what_did_not_come_is_undone_with_it(world: World) -> None:
    before, by = stock.last_movement(world.db), world.seller
    came = stock.receive(world.unit, "cordyceps", "large", 40, by=by)
    span = before, stock.last_movement(world.db)
    stock.set_source(world.unit, came, "扎西", 800, by=by)
    world.stock(50)
    assert stock.lose(world.unit, came.product, came.grade, 10, by=by) is None
    assert isinstance(stock.undo(world.unit, *span, by=by), stock.Shortage)
    assert corrections.written_off(world.unit, *span) == 10
    assert isinstance(corrections.undo_all(world.unit, *span, by=by), stock.Lot)
    assert stock.available(world.unit, came.product, came.grade) == 50
    assert corrections.undo_all(world.unit, *span, by=by) is None
    assert accounts.owed(world.db, 9) == [] and world.faults() == []


def test_what_was_written_off_of_what_came_is_known_with_what_was_taken_of_other_lots(
    world: World,
) -> None:
    before, by = stock.last_movement(world.db), world.seller
    world.stock(5)
    first = before, stock.last_movement(world.db)
    world.stock(9)
    second = first[1], stock.last_movement(world.db)
    stock.lose(world.unit, "cordyceps", "large", 2, by=by)
    world.later(MINUTE)
    stock.lose(world.unit, "cordyceps", "large", 4, by=by)
    assert [each.quantity for each in corrections.write_offs(world.unit, *first)] == [2, 4]
    [both] = corrections.write_offs(world.unit, *second)
    assert both.quantity == 4
    assert stock.undo(world.unit, both.after, both.until, by=by)
    assert [each.quantity for each in corrections.write_offs(world.unit, *first)] == [2]
    assert corrections.write_offs(world.unit, *second) == []
    assert stock.available(world.unit, "cordyceps", "large") == 12
    assert world.faults() == []


def test_what_came_between_two_write_offs_stays_when_they_are_undone(world: World) -> None:
    before, by = stock.last_movement(world.db), world.seller
    world.stock(5)
    first = before, stock.last_movement(world.db)
    stock.lose(world.unit, "cordyceps", "large", 1, by=by)
    world.stock(9)
    stock.lose(world.unit, "cordyceps", "large", 2, by=by)
    found = corrections.write_offs(world.unit, *first)
    assert [each.quantity for each in found] == [1, 2]
    assert all(stock.undo(world.unit, each.after, each.until, by=by) for each in found)
    assert stock.available(world.unit, "cordyceps", "large") == 14
    assert world.faults() == []


def test_what_was_moved_last_is_of_one_moment_and_one_person(world: World) -> None:
    until = stock.last_movement(world.db)
    world.stock(5)
    world.later(MINUTE)
    world.stock(3)
    world.stock(4, grade="medium")
    last = corrections.last_moves(world.unit, world.seller)
    assert [(each.after, each.until) for each in last] == [
        (until + 1, until + 2),
        (until + 2, until + 3),
    ]
    assert stock.lose(world.unit, "cordyceps", "large", 8, by=world.seller) is None
    lost = corrections.Moved(until + 3, until + 5, "cordyceps", "large", 8, world.unit.now)
    assert corrections.last_moves(world.unit, world.seller, kind="lost") == [lost]
    assert len(corrections.last_moves(world.unit, world.seller, kind="in")) == 2
    assert corrections.last_moves(world.unit, world.seller, "honey") == []
    world.later(corrections.LATELY_MS + 1)
    assert corrections.last_moves(world.unit, world.seller) == []


def test_what_came_in_is_put_right_after_some_of_it_was_written_off(world: World) -> None:
    """As much is written off as before, as long as so much is there."""
    lot = world.stock(20)
    until = stock.last_movement(world.db)
    stock.lose(world.unit, "cordyceps", "large", 3, by=world.seller)
    new = corrections.put_right(world.unit, until - 1, until, 22, by=world.seller)
    assert isinstance(new, corrections.PutRight) and new.lot.id != lot.id
    assert world.free() == new.new == 22 - 3 and world.faults() == []
    until = corrections.arrival_of(world.unit, new.lot)
    assert corrections.written_off(world.unit, until - 1, until) == 3
    before = world.everything()
    short = corrections.put_right(world.unit, until - 1, until, 2, by=world.seller)
    assert isinstance(short, stock.Shortage) and world.everything() == before
    world.stock(9)
    put = corrections.put_right(world.unit, until - 1, until, 2, by=world.seller)
    assert isinstance(put, corrections.PutRight)
    assert world.free() == 9 + 2 - 3 and world.faults() == []


def test_what_is_promised_is_not_put_right(world: World) -> None:
    world.stock(50)
    until = stock.last_movement(world.db)
    world.place(40)
    short = corrections.put_right(world.unit, until - 1, until, 45, by=world.seller)
    assert isinstance(short, stock.Shortage)
    assert stock.last_movement(world.db) == until


def test_more_came_in_than_was_entered_of_what_orders_have(world: World) -> None:
    """They keep it; it can be put right again, and is due for as much each."""
    came = world.stock(8)
    stock.set_source(world.unit, came, "Dolma", 800, by=world.seller)
    until = stock.last_movement(world.db)
    order = world.place(8)
    for amount, new in ((9, 1), (11, 2)):
        put = corrections.put_right(world.unit, until - 1, until, amount, by=world.seller)
        assert isinstance(put, corrections.PutRight)
        assert (put.lot.id, put.lot.paid_minor, put.new) == (came.id, 100 * amount, new)
        assert (world.free(), stock.came_in(world.db, came)) == (amount - 8, amount)
        until = stock.last_movement(world.db)
    assert [each.minor for each in accounts.households(world.db)] == [1100]
    goods = movements.Goods("cordyceps", "large")
    assert movements.sums(world.db, goods) == {"in": 11}
    [last] = corrections.last_moves(world.unit, world.seller)
    assert last.quantity == 11
    short = stock.undo(world.unit, last.after, last.until, by=world.seller)
    assert short == stock.Shortage("cordyceps", "large", 11, 3)
    orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    assert isinstance(stock.undo(world.unit, last.after, last.until, by=world.seller), stock.Lot)
    assert (world.free(), accounts.owed(world.db, 9), world.faults()) == (0, [], [])


def test_what_came_in_and_is_promised_is_not_undone(world: World) -> None:
    before = stock.last_movement(world.db)
    stock.receive(world.unit, "cordyceps", "large", 5, by=world.seller)
    until = stock.last_movement(world.db)
    sent = world.place(2, pay_by="cod")
    for state in (State.CONFIRMED, State.PACKING, State.SHIPPED):
        sent = orders.move(world.unit, sent, state, by=world.seller).order
    held = world.place(1)
    assert stock.undo(world.unit, before, until, by=world.seller) == stock.Shortage(
        "cordyceps", "large", 5, 2
    )
    assert movements.holders_of(world.unit, before, until) == [(held.id, 1), (sent.id, 2)]
    assert world.faults() == []
