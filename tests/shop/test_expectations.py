"""Orders before the goods are there: never more than is expected, served in turn when they come."""

from __future__ import annotations

import pytest

from bot.shop import (
    expectations,
    exports,
    flash_sales,
    lot_days,
    movements,
    orders,
    parcels,
    payments,
    stock,
    todos,
)
from bot.shop.expectations import Expected, Promised
from bot.shop.flash_sales import FlashSale
from bot.shop.follow_ups import Changed
from bot.shop.orders import HOLD_MS, NotAllowed, Order, State
from bot.shop.stock import Shortage
from bot.shop.todos import Kind
from bot.store.migrate import MIGRATIONS
from tests.shop.world import CATALOGUE, CHENGDU, World, pieces

DAY = "2026-08-20"
ALL_LARGE = movements.Goods("cordyceps", "large")
MONTHS = 90 * 24 * 3_600_000


def expect(world: World, amount: int, day: str = DAY) -> Promised | None:
    return expectations.expect(world.unit, "cordyceps", "large", amount, day, by=world.seller)


def comes(world: World, amount: int) -> list[int]:
    return expectations.serve(world.unit, world.stock(amount), by=world.seller)


def free(world: World) -> int:
    return stock.expected(world.unit, "cordyceps", "large")[0]


def paid(world: World, amount: int) -> Order:
    order = world.place(amount)
    payments.confirm(world.unit, order, by=world.seller)
    return orders.fresh(world.db, order)


def test_what_is_expected_is_ordered_and_never_more(world: World) -> None:
    expect(world, 10)
    assert world.free() == 0
    paid(world, 6)
    assert stock.expected(world.unit, "cordyceps", "large") == (4, DAY)
    assert world.try_place(pieces(5)) == [Shortage("cordyceps", "large", 5, 4)]
    assert stock.levels(world.unit) == []


def test_what_is_there_goes_first_and_the_rest_is_awaited(world: World) -> None:
    world.stock(3)
    expect(world, 10)
    order = paid(world, 5)
    assert (world.free(), free(world)) == (0, 8)
    assert expectations.awaited(world.db, order.id) == DAY


def test_nobody_packs_what_is_not_there(world: World) -> None:
    expect(world, 10)
    order = paid(world, 5)
    for attempt in (
        lambda: orders.move(world.unit, order, State.PACKING, by=world.seller),
        lambda: parcels.ship(world.unit, order, "sf", "SF1234567890123", by=world.seller),
    ):
        before = world.everything()
        with pytest.raises(NotAllowed):
            attempt()
        assert world.everything() == before
    assert comes(world, 5) == [order.id]
    orders.move(world.unit, order, State.PACKING, by=world.seller)


def test_who_ordered_first_is_served_first_and_in_part(world: World) -> None:
    expect(world, 20)
    first, second, third = paid(world, 5), paid(world, 6), paid(world, 2)
    assert comes(world, 8) == [first.id]
    assert expectations.awaited(world.db, second.id) == DAY
    assert (world.free(), free(world)) == (0, 7)
    assert comes(world, 10) == [second.id, third.id]
    assert world.free() == 5
    assert free(world) == 2  # twenty expected, eighteen came


def test_nobody_is_sent_what_is_over_before_it_arrives(world: World) -> None:
    expect(world, 10)
    order = paid(world, 4)
    today = stock.day(world.unit, 0)
    soon = stock.receive(world.unit, "cordyceps", "large", 6, by=world.seller, best_before=today)
    assert expectations.serve(world.unit, soon, by=world.seller) == []
    assert expectations.awaited(world.db, order.id) == DAY
    assert comes(world, 4) == [order.id] and world.faults() == []


def test_who_did_not_pay_in_time_is_not_served(world: World) -> None:
    expect(world, 10)
    world.place(6)
    later = world.place(4, pay_by="cod")
    world.later(HOLD_MS)
    assert comes(world, 5) == [later.id]
    assert world.free() == 1


def test_a_cancelled_order_frees_what_is_expected(world: World) -> None:
    expect(world, 10)
    order = paid(world, 10)
    assert free(world) == 0
    orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    assert free(world) == 10


def test_less_than_is_ordered_cannot_be_expected(world: World) -> None:
    expect(world, 10)
    order = paid(world, 6)
    before = world.everything()
    assert expect(world, 5) == Promised(6)
    assert world.everything() == before
    assert expect(world, 6, "2026-09-01") is None
    assert expectations.awaited(world.db, order.id) == "2026-09-01"
    assert expect(world, 30) is None and free(world) == 24


def test_nothing_expected_takes_no_orders_and_nothing_to_serve_does_nothing(world: World) -> None:
    assert expect(world, 0) is None and free(world) == 0
    assert comes(world, 5) == []
    expect(world, 4)
    assert expect(world, 0) is None and free(world) == 0


def test_what_spoils_is_never_what_is_only_expected(world: World) -> None:
    world.stock(2)
    expect(world, 10)
    assert stock.lose(world.unit, "cordyceps", "large", 3, by=world.seller) == Shortage(
        "cordyceps", "large", 3, 2
    )


def test_when_the_day_is_over_nobody_orders_until_another_is_said(world: World) -> None:
    expect(world, 10)
    order = paid(world, 2)
    world.later(19 * 24 * 3_600_000)
    assert stock.day(world.unit) == DAY and free(world) == 8
    world.later(24 * 3_600_000)
    assert free(world) == 0 and isinstance(world.try_place(pieces(1)), list)
    assert expectations.of_grade(world.db, "cordyceps", "large") == Expected(10, DAY)
    assert expect(world, 10, "2026-09-01") is None and free(world) == 8
    assert comes(world, 2) == [order.id]


def test_who_waits_is_known_in_their_order(world: World) -> None:
    expect(world, 10)
    first, second, third = paid(world, 5), world.place(2), world.place(3, pay_by="cod")
    waiting = [first.id, second.id, third.id]
    assert expectations.waiting(world.unit, "cordyceps", "large") == waiting
    world.later(HOLD_MS)
    assert expectations.waiting(world.unit, "cordyceps", "large") == [first.id, third.id]
    comes(world, 5)
    assert expectations.waiting(world.unit, "cordyceps", "large") == [third.id]


def test_what_is_not_there_waits_for_nobody_to_pack_it(world: World) -> None:
    expect(world, 10)
    order = paid(world, 5)
    assert todos.ids(world.db, Kind.PACK) == [] and todos.ids(world.db, Kind.AWAITED) == [order.id]
    comes(world, 5)
    assert todos.ids(world.db, Kind.PACK) == [order.id] and todos.ids(world.db, Kind.AWAITED) == []


def test_a_late_claim_can_wait_for_what_is_expected(world: World) -> None:
    expect(world, 10)
    order = world.place(6)
    world.later(HOLD_MS)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), orders.Moved)
    assert free(world) == 4


def changed(world: World, order: Order, amount: int) -> Order:
    result = world.change(order, pieces(amount))
    assert isinstance(result, Changed)
    return result.order


def test_who_changes_an_order_keeps_the_place_for_what_it_had(world: World) -> None:
    expect(world, 20)
    first, second = paid(world, 4), paid(world, 4)
    less = changed(world, first, 3)
    assert comes(world, 3) == [less.id]
    assert comes(world, 4) == [second.id]


def test_what_is_more_than_before_waits_behind_the_others(world: World) -> None:
    expect(world, 20)
    first, second = paid(world, 2), paid(world, 4)
    more = changed(world, changed(world, first, 1), 6)
    assert comes(world, 5) == [second.id]  # one to the first, four to the second
    assert expectations.awaited(world.db, more.id) == DAY
    assert (world.free(), free(world)) == (0, 10)
    assert comes(world, 5) == [more.id]
    assert world.faults() == []


def freed(world: World) -> list[int]:
    return [id for each in expectations.serve_freed(world.unit) for id in each.orders]


def test_what_is_not_paid_in_time_is_there_for_who_waits_at_that_millisecond(world: World) -> None:
    world.stock(2)
    world.place(2)
    expect(world, 10)
    waits = paid(world, 2)
    world.later(HOLD_MS - 1)
    assert freed(world) == []
    world.later(1)
    assert freed(world) == [waits.id]


def test_what_is_free_is_looked_for_only_where_something_was_freed(world: World) -> None:
    expect(world, 10)
    waits = paid(world, 2)
    lot = world.stock(5)
    lot_days.set_best_before(world.unit, lot, stock.day(world.unit, 1), by=world.seller)
    assert freed(world) == [] and not world.unit.freed
    lot_days.set_best_before(world.unit, lot, stock.day(world.unit, 30), by=world.seller)
    assert freed(world) == [waits.id]


def test_what_a_flash_sale_has_not_sold_is_there_for_who_waits_when_it_is_over(
    world: World,
) -> None:
    world.stock(5)
    over = world.unit.now + HOLD_MS
    sale = flash_sales.make(
        world.unit,
        CATALOGUE.products["cordyceps"],
        "large",
        minor=1000,
        quantity=5,
        per_person=5,
        starts_at=0,
        ends_at=over,
        by=world.seller,
    )
    assert isinstance(sale, FlashSale)
    assert world.timers()[flash_sales.OVER, str(sale.id)] == over
    expect(world, 10)
    waits = orders.place(
        world.unit,
        world.shelf,  # not as the sale shows it
        key="waits",
        chat=world.rival,
        wants=[pieces(2)],
        recipient=CHENGDU,
        pay_by="cod",
        language="en",
    )
    assert isinstance(waits, orders.Moved)
    assert freed(world) == []
    world.later(HOLD_MS)
    assert freed(world) == [waits.order.id]


def test_what_did_not_come_in_after_all_is_expected_as_before(world: World) -> None:
    expect(world, 10)
    order, before = paid(world, 2), stock.last_movement(world.db)
    assert comes(world, 6) == [order.id] and free(world) == 4
    until = stock.last_movement(world.db)
    short = expectations.undo(world.unit, before, until, by=world.seller)
    assert isinstance(short, Shortage) and free(world) == 4
    orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    undone = expectations.undo(world.unit, before, until, by=world.seller)
    assert isinstance(undone, stock.Lot) and free(world) == 10
    assert expectations.undo(world.unit, before, until, by=world.seller) is None
    assert free(world) == 10 and world.free() == 0 and world.faults() == []


def test_of_what_all_came_by_mistake_all_is_expected_again(world: World) -> None:
    """And what is expected anew meanwhile is not forgotten. A write-off that was none is no more
    expected."""
    for anew in (0, 3):
        expect(world, 5)
        before = stock.last_movement(world.db)
        comes(world, 7)
        if anew:
            expect(world, anew)
        until = stock.last_movement(world.db)
        stock.lose(world.unit, "cordyceps", "large", 7, by=world.seller)
        lost = stock.last_movement(world.db)
        expectations.undo(world.unit, until, lost, by=world.seller)
        assert free(world) == anew
        expectations.undo(world.unit, before, until, by=world.seller)
        assert free(world) == 5 + anew and world.faults() == []


def test_what_is_closed_came_in_and_was_lost_no_more_than_what_is_expected(world: World) -> None:
    """Ten are expected, nine come, and no more is to come."""
    expect(world, 10)
    comes(world, 9)
    expect(world, 0, "")
    told = movements.sums(world.db, ALL_LARGE)
    assert told == {"in": 9} == {"in": world.free()}
    assert [each.quantity for each in movements.of(world.db, ALL_LARGE, 0, 10)] == [9]
    assert [row[6:] for row in exports.TABLES["stock"].rows(world.db, exports.ALWAYS)] == [
        (9, "", "", "", "", "")
    ]


def test_what_is_undone_is_not_expected_again_once_that_is_closed(world: World) -> None:
    expect(world, 10)
    before = stock.last_movement(world.db)
    comes(world, 9)
    until = stock.last_movement(world.db)
    expect(world, 0, "")
    assert isinstance(expectations.undo(world.unit, before, until, by=world.seller), stock.Lot)
    assert expectations.of_grade(world.db, "cordyceps", "large") is None
    expect(world, 4)
    assert expectations.of_grade(world.db, "cordyceps", "large") == Expected(4, DAY)
    why = [row[10] for row in exports.TABLES["stock"].rows(world.db, exports.ALWAYS)]
    assert why == ["", "撤回"]


def test_what_was_closed_before_is_told_as_it_is_now(world: World) -> None:
    """Its lot had lost the day on which it was expected."""
    expect(world, 10)
    comes(world, 9)
    expect(world, 0, "")
    rows = world.db.execute("SELECT id, why FROM movement ORDER BY id").fetchall()
    world.db.execute("UPDATE lot SET expected_on = '' WHERE on_hand = 0")
    world.db.execute("UPDATE movement SET why = 'expected' WHERE why = 'closed'")
    assert movements.sums(world.db, ALL_LARGE) == {"in": 19, "lost": -10}
    world.db.executescript((MIGRATIONS / "0055-expected-closed.sql").read_text("utf-8"))
    assert movements.sums(world.db, ALL_LARGE) == {"in": 9}
    assert world.db.execute("SELECT id, why FROM movement ORDER BY id").fetchall() == rows
    assert expectations.of_grade(world.db, "cordyceps", "large") is None
    assert world.faults() == []
