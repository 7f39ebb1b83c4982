"""Orders that are sent in parts: stock, money and books agree at each step."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.language.locales import Locales
from bot.shop import (
    accounts,
    expectations,
    exports,
    flash_sales,
    orders,
    parcels,
    parts,
    payments,
    refunds,
    stock,
    undelivered,
    unsettled,
    vouchers,
)
from bot.shop.flash_sales import FlashSale
from bot.shop.orders import Moved, NotAllowed, Order, State
from bot.shop.parcel_states import ParcelState
from bot.shop.parts import RestOff, Sent
from bot.shop.undelivered import Fate
from tests.shop.world import CATALOGUE, MINUTE, World, pieces

LARGE, SMALL = ("cordyceps", "large"), ("cordyceps", "small")


def waiting(world: World, *, pay_by: str = "transfer", percent: int = 0) -> Order:
    """Two pieces that are there and three that are awaited, confirmed."""
    world.stock(2)
    expectations.expect(world.unit, *SMALL, 9, "2026-09-01", by=world.seller)
    voucher = None
    if percent:
        voucher = vouchers.make(world.unit, "percent", percent, made=1, by=world.seller)
    wants = pieces(2), pieces(3, "small")
    placed = world.try_place(*wants, pay_by=pay_by, voucher=voucher)
    assert isinstance(placed, Moved)
    confirmed = payments.confirm(world.unit, placed.order, by=world.seller)
    assert isinstance(confirmed, Moved)
    return confirmed.order


def books(world: World) -> dict[str, int]:
    return {each.account: each.amount_minor for each in accounts.balances(world.db)}


def send(world: World, order: Order) -> Order:
    there = parts.there(world.db, order)
    sent = parts.send(world.unit, order, "sf", "SF1234567890123", there, by=world.seller)
    assert isinstance(sent, Sent)
    return sent.order


def test_what_is_there_leaves_and_the_order_waits_for_the_rest(world: World) -> None:
    order = send(world, waiting(world))
    assert (order.state, parts.rest(world.db, order)) == (State.CONFIRMED, {SMALL: 3})
    assert world.free() == 0 and books(world)["sales"] == -order.lines[0].total_minor
    assert books(world)["shipping"] == -order.shipping_minor
    for state in (State.PLACED, State.CANCELLED):
        with pytest.raises(NotAllowed):
            orders.move(world.unit, order, state, by=world.seller)
    expectations.serve(world.unit, world.stock(3, grade="small"), by=world.seller)
    parcels.ship(world.unit, order, "sf", "SF1234567890124", by=world.seller)
    assert books(world)["sales"] == -order.goods_minor
    assert len(parcels.of_order(world.db, order.id)) == 2 and world.faults() == []


def test_the_rest_is_called_off_and_its_money_goes_back(world: World) -> None:
    order = send(world, waiting(world, percent=10))
    off = parts.call_off_rest(world.unit, order, by=world.seller)
    assert off.back and off.back.amount_minor == order.total_minor - off.order.total_minor
    assert off.order.state is State.SHIPPED and parts.amounts(off.order) == {LARGE: 2}
    assert off.order.discount_minor == (off.order.goods_minor + 5) // 10
    refunds.sent(world.unit, off.back.id, by=world.seller)
    assert books(world)["cash:transfer"] == off.order.total_minor
    assert books(world).get("buyer", 0) == 0
    assert expectations.waiting(world.unit, *SMALL) == [] and world.faults() == []


def test_couriers_collect_what_is_in_their_parcels(world: World) -> None:
    order = waiting(world, pay_by="cod")
    there = parts.there(world.db, order)
    first = parts.due_with(world.db, order, there)
    assert first == order.lines[0].total_minor + order.shipping_minor
    order = send(world, order)
    rest = parts.rest(world.db, order)
    assert first + parts.due_with(world.db, order, rest) == order.total_minor
    off = parts.call_off_rest(world.unit, order, by=world.seller)
    assert off.back is None and off.order.total_minor == first
    orders.move(world.unit, off.order, State.DELIVERED, by=world.seller)
    assert books(world)["cash:cod"] == first and world.faults() == []


def test_more_goes_back_already_than_what_has_left_cost(world: World) -> None:
    order = send(world, waiting(world))
    offered = refunds.offer(world.unit, order, order.total_minor - 1, by=world.seller)
    assert isinstance(offered, refunds.Refund)
    refunds.accept(world.unit, offered.id, by=world.buyer.person)
    before = world.everything()
    with pytest.raises(NotAllowed):
        parts.call_off_rest(world.unit, order, by=world.seller)
    assert world.everything() == before


def test_of_a_flash_sale_only_what_has_left_is_bought(world: World) -> None:
    world.stock(5)
    made = flash_sales.make(
        world.unit,
        CATALOGUE.products["cordyceps"],
        "large",
        minor=1_000,
        quantity=3,
        per_person=3,
        starts_at=world.unit.now,
        ends_at=world.unit.now + MINUTE,
        by=world.seller,
    )
    assert isinstance(made, FlashSale)
    placed = world.try_place(pieces(3))
    assert isinstance(placed, Moved)
    payments.confirm(world.unit, placed.order, by=world.seller)
    order = orders.fresh(world.db, placed.order)
    parts.send(world.unit, order, "sf", "SF1234567890123", {LARGE: 1}, by=world.seller)
    parts.call_off_rest(world.unit, order, by=world.seller)
    [sale] = flash_sales.not_over(world.db, world.unit.now)
    assert sale.sold == 1 and world.faults() == []
    assert flash_sales.left_for(world.db, sale, world.buyer.person.id) == 2


def test_who_packs_the_rest_reads_of_the_rest_alone(world: World) -> None:
    order = send(world, waiting(world, pay_by="cod"))
    expectations.serve(world.unit, world.stock(3, grade="small"), by=world.seller)
    [each] = exports.waiting(world.db)
    assert [line.grade for line in each.order.lines] == ["small"]
    book = BytesIO()
    exports.write_waiting(book, world.db, Locales(), "zh-Hans")
    listed, label = load_workbook(book).worksheets
    assert listed["F2"].value.count("\n") == 0 and "small" in listed["F2"].value
    assert label["K2"].value == each.due_minor == order.lines[1].total_minor


def not_arrived(
    world: World, order: Order, fate: Fate, *, again: bool, place: int = 0
) -> Order | RestOff | list[stock.Shortage]:
    parcel = parcels.of_order(world.db, order.id)[place]
    return undelivered.not_arrived(world.unit, order, parcel, fate, again=again, by=world.seller)


@pytest.mark.parametrize("fate", [Fate.LOST, Fate.BACK, Fate.BAD])
def test_what_did_not_arrive_leaves_again_with_the_rest(world: World, fate: Fate) -> None:
    order = send(world, waiting(world, percent=10))
    unsettled.note(world.unit, order)
    if fate is not Fate.BACK:
        before = world.everything()
        assert not_arrived(world, order, fate, again=True) == [stock.Shortage(*LARGE, 2, 0)]
        assert world.everything() == before
        world.stock(2)
    again = not_arrived(world, order, fate, again=True)
    assert isinstance(again, Order) and again.state is State.CONFIRMED
    assert parts.rest(world.db, again) == {LARGE: 2, SMALL: 3} and world.free() == 0
    assert not orders.is_in_parts(world.db, again) and not unsettled.is_noted(world.db, again)
    left = {name: minor for name, minor in books(world).items() if minor}
    assert left == {"cash:transfer": order.total_minor, "buyer": -order.total_minor}
    expectations.serve(world.unit, world.stock(3, grade="small"), by=world.seller)
    moved = parcels.ship(world.unit, again, "sf", "SF1234567890124", by=world.seller)
    assert moved.after is State.SHIPPED and books(world).get("buyer", 0) == 0
    assert len(parcels.of_order(world.db, order.id)) == 1 + (fate is Fate.LOST)
    assert world.faults() == []


@pytest.mark.parametrize("pay_by", ["transfer", "cod"])
@pytest.mark.parametrize("fate", [Fate.LOST, Fate.BACK, Fate.BAD])
def test_what_did_not_arrive_is_left_out(world: World, fate: Fate, pay_by: str) -> None:
    order = send(world, waiting(world, pay_by=pay_by))
    off = not_arrived(world, order, fate, again=False)
    assert isinstance(off, RestOff) and parts.amounts(off.order) == {SMALL: 3}
    assert off.order.total_minor == order.total_minor - order.lines[0].total_minor
    assert (off.back is None) == (pay_by == "cod")
    assert world.free() == (2 if fate is Fate.BACK else 0)
    with pytest.raises(NotAllowed):
        parts.call_off_rest(world.unit, off.order, by=world.seller)
    expectations.serve(world.unit, world.stock(3, grade="small"), by=world.seller)
    parcels.ship(world.unit, off.order, "sf", "SF1234567890124", by=world.seller)
    orders.move(world.unit, off.order, State.DELIVERED, by=world.seller)
    if off.back:
        refunds.sent(world.unit, off.back.id, by=world.seller)
    assert books(world)[f"cash:{pay_by}"] == off.order.total_minor
    assert books(world).get("buyer", 0) == 0 and world.faults() == []


def test_of_the_rest_some_is_called_off(world: World) -> None:
    order = send(world, waiting(world))
    for wrong in ({}, {SMALL: 4}, {LARGE: 1}, {LARGE: 2, SMALL: 3}):
        with pytest.raises(NotAllowed):
            parts.call_off(world.unit, order, wrong, by=world.seller)
    off = parts.call_off(world.unit, order, {SMALL: 1}, by=world.buyer.person)
    assert off.order.state is State.CONFIRMED and parts.rest(world.db, off.order) == {SMALL: 2}
    assert off.back and off.back.amount_minor == order.total_minor - off.order.total_minor
    assert stock.expected(world.unit, *SMALL)[0] == 9 - 2 and world.faults() == []


def test_the_courier_of_the_last_parcel_collects_what_was_missing_before(world: World) -> None:
    order = send(world, waiting(world, pay_by="cod"))
    payments.receive(world.unit, order, 1_000, by=world.seller, way="cod")
    expectations.serve(world.unit, world.stock(3, grade="small"), by=world.seller)
    moved = parcels.ship(world.unit, order, "sf", "SF1234567890124", by=world.seller)
    assert parts.due_last(world.db, moved.order) == order.total_minor - 1_000
    orders.move(world.unit, moved.order, State.DELIVERED, by=world.seller)
    assert books(world)["cash:cod"] == order.total_minor and world.faults() == []


def test_which_goods_were_in_which_parcel(world: World) -> None:
    """Also once the number of one is another; of none in that parcel nothing can be said."""
    order = send(world, waiting(world))
    world.later(MINUTE)
    expectations.serve(world.unit, world.stock(1, grade="small"), by=world.seller)
    parts.send(world.unit, order, "sf", "SF1234567890124", {SMALL: 1}, by=world.seller)
    first, second = parcels.of_order(world.db, order.id)
    assert parts.in_parcel(world.db, order, first) == {LARGE: 2}
    world.later(MINUTE)
    parcels.correct(world.unit, first, "sf", "SF1234567890125", by=world.seller)
    second, first = parcels.of_order(world.db, order.id)
    assert parts.in_parcel(world.db, order, second) == {SMALL: 1}
    assert parts.in_parcel(world.db, order, first) == {LARGE: 2}
    undelivered.not_arrived(world.unit, order, first, Fate.LOST, again=False, by=world.seller)
    first = parcels.of_order(world.db, order.id)[1]
    assert parts.in_parcel(world.db, order, first) == {}
    with pytest.raises(NotAllowed):
        undelivered.not_arrived(world.unit, order, first, Fate.LOST, again=False, by=world.seller)
    assert world.faults() == []


def sent_in_two(world: World, *, pay_by: str = "cod", collected: int = 0) -> Order:
    """Large and then small ones have left, a minute apart; the first courier brought so much."""
    order = send(world, waiting(world, pay_by=pay_by))
    world.later(MINUTE)
    if collected:
        payments.receive(world.unit, order, collected, by=world.seller, way="cod")
    expectations.serve(world.unit, world.stock(3, grade="small"), by=world.seller)
    return parcels.ship(world.unit, order, "sf", "SF1234567890124", by=world.seller).order


@pytest.mark.parametrize("place", [0, 1])
def test_what_is_lost_of_all_that_has_left_is_not_collected(world: World, place: int) -> None:
    order = sent_in_two(world)
    parcel = parcels.of_order(world.db, order.id)[place]
    off = undelivered.not_arrived(
        world.unit, order, parcel, Fate.LOST, again=False, by=world.seller
    )
    assert isinstance(off, RestOff) and off.order.state is State.SHIPPED and off.back is None
    assert off.goods == {(LARGE, SMALL)[place]: (2, 3)[place]}
    assert off.order.total_minor == order.total_minor - order.lines[place].total_minor
    other = parcels.of_order(world.db, order.id)[1 - place]
    with pytest.raises(NotAllowed):
        undelivered.not_arrived(world.unit, order, other, Fate.LOST, again=False, by=world.seller)
    orders.move(world.unit, off.order, State.DELIVERED, by=world.seller)
    assert books(world)["cash:cod"] == off.order.total_minor and world.faults() == []
    [left_out] = parts.called_off(world.db, order)
    assert (left_out.goods, left_out.total_minor) == (off.goods, off.order.total_minor)


def test_what_is_lost_of_all_that_has_left_is_sent_again(world: World) -> None:
    order = sent_in_two(world)
    first = order.total_minor - order.lines[1].total_minor
    payments.receive(world.unit, order, first, by=world.seller, way="cod")
    parcel = parcels.of_order(world.db, order.id)[1]
    before = world.everything()
    short = undelivered.not_arrived(
        world.unit, order, parcel, Fate.LOST, again=True, by=world.seller
    )
    assert short == [stock.Shortage(*SMALL, 3, 0)] and world.everything() == before
    world.stock(3, grade="small")
    again = undelivered.not_arrived(
        world.unit, order, parcel, Fate.LOST, again=True, by=world.seller
    )
    assert isinstance(again, Order) and again.state is State.PACKING
    assert parts.rest(world.db, again) == {SMALL: 3} and orders.is_in_parts(world.db, again)
    assert books(world)["sales"] == -order.lines[0].total_minor and world.faults() == []
    moved = parcels.ship(world.unit, again, "sf", "SF1234567890125", by=world.seller)
    assert parts.due_last(world.db, moved.order) == order.lines[1].total_minor
    with pytest.raises(NotAllowed):
        orders.move(world.unit, order, State.PACKING, by=world.seller)
    orders.move(world.unit, order, State.DELIVERED, by=world.seller)
    assert books(world)["cash:cod"] == order.total_minor and world.faults() == []


def test_what_is_refused_comes_back_alone(world: World) -> None:
    order = sent_in_two(world)
    off = not_arrived(world, order, Fate.REFUSED, again=False, place=1)
    assert (
        isinstance(off, RestOff)
        and off.order.state is State.SHIPPED
        and parts.amounts(off.order) == {LARGE: 2}
    )
    assert off.order.total_minor == order.total_minor - order.lines[1].total_minor
    assert unsettled.is_noted(world.db, order) and world.free(grade="small") == 0
    orders.move(world.unit, off.order, State.DELIVERED, by=world.seller)
    assert unsettled.is_noted(world.db, order) and world.faults() == []
    here = undelivered.is_here(world.unit, order, by=world.seller, spoiled=False)
    assert here == {SMALL: 3} and world.free(grade="small") == 3
    assert not unsettled.is_noted(world.db, order)
    assert undelivered.is_here(world.unit, order, by=world.seller, spoiled=False) == {}
    assert books(world)["cash:cod"] == off.order.total_minor and world.faults() == []


def test_what_is_refused_and_spoiled_is_not_on_hand(world: World) -> None:
    order = sent_in_two(world)
    not_arrived(world, order, Fate.REFUSED, again=False, place=1)
    assert undelivered.is_here(world.unit, order, by=world.seller, spoiled=True) == {SMALL: 3}
    assert world.free(grade="small") == 0 and world.faults() == []


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("pay_by", ["transfer", "cod"])
@pytest.mark.parametrize("fate", [Fate.LOST, Fate.REFUSED])
def test_what_did_not_arrive_arrives_after_all(
    world: World, fate: Fate, pay_by: str, again: bool
) -> None:
    order = send(world, waiting(world, percent=10, pay_by=pay_by))
    world.stock(2)
    world.later(MINUTE)
    before, free = books(world), world.free()
    not_arrived(world, order, fate, again=again)
    assert world.free() == free - 2 * again
    [one] = undelivered.may_be_found(world.db, order)
    world.later(MINUTE)
    done = undelivered.found(world.unit, one, by=world.seller)
    assert set(done.order.lines) == set(order.lines)
    assert done.order.total_minor == order.total_minor
    assert bool(done.kept_minor) == (not again and pay_by == "transfer")
    assert books(world) == before and world.free() == free and world.faults() == []
    assert parts.gone(world.db, order) == {LARGE: 2} and parts.rest(world.db, order) == {SMALL: 3}
    [parcel] = parcels.of_order(world.db, order.id)
    assert parts.in_parcel(world.db, order, parcel) == {LARGE: 2}
    assert not undelivered.may_be_found(world.db, order)
    with pytest.raises(NotAllowed):
        undelivered.found(world.unit, one, by=world.seller)


def test_what_was_refused_by_mistake_is_due_again(world: World) -> None:
    order = sent_in_two(world)
    not_arrived(world, order, Fate.REFUSED, again=False, place=1)
    orders.move(world.unit, order, State.DELIVERED, by=world.seller)
    assert payments.of_order(world.db, order.id).state == "paid"
    [one] = undelivered.may_be_found(world.db, order)
    done = undelivered.found(world.unit, one, by=world.seller)
    assert payments.missing(world.db, done.order) == order.lines[1].total_minor
    assert payments.of_order(world.db, order.id).state == "short"
    assert parcels.has_arrived(world.db, order) is False and world.faults() == []


def test_what_is_here_did_not_arrive(world: World) -> None:
    order = sent_in_two(world)
    not_arrived(world, order, Fate.REFUSED, again=False, place=1)
    undelivered.is_here(world.unit, order, by=world.seller, spoiled=False)
    assert not undelivered.may_be_found(world.db, order)


def test_the_first_parcel_is_the_first_again(world: World) -> None:
    order = sent_in_two(world)
    last = parts.due_last(world.db, order)
    world.later(MINUTE)
    not_arrived(world, order, Fate.LOST, again=False)
    world.later(MINUTE)
    [one] = undelivered.may_be_found(world.db, order)
    undelivered.found(world.unit, one, by=world.seller)
    assert parts.due_last(world.db, order) == last
    first, second = parcels.of_order(world.db, order.id)
    assert first.state is ParcelState.DELIVERED
    assert parts.in_parcel(world.db, order, first) == {LARGE: 2}
    assert parts.in_parcel(world.db, order, second) == {SMALL: 3}


def test_a_courier_brings_the_sum_of_one_parcel(world: World) -> None:
    order = sent_in_two(world)
    last = parts.due_last(world.db, order)
    first = order.total_minor - last
    for minor in (first, last):
        assert parts.is_of_one(world.db, order, minor)
    for minor in (0, first - 1, order.total_minor):
        assert not parts.is_of_one(world.db, order, minor)
    payments.receive(world.unit, order, first, by=world.seller, way="cod")
    assert not parts.is_of_one(world.db, order, first)
    assert not parts.is_of_one(world.db, order, last)  # It is all that is missing.
    assert orders.fresh(world.db, order).state is State.SHIPPED and world.faults() == []


def test_what_was_missing_is_collected_once(world: World) -> None:
    """By the next courier, when it is known before his parcel leaves; never by two."""
    order = send(world, waiting(world, pay_by="cod"))
    first = order.total_minor - order.lines[1].total_minor
    payments.receive(world.unit, order, first - 300, by=world.seller, way="cod")
    world.later(MINUTE)
    expectations.serve(world.unit, world.stock(1, grade="small"), by=world.seller)
    one, price = {SMALL: 1}, order.lines[1].price.minor
    assert parts.due_with(world.db, order, one) == price + 300
    parts.send(world.unit, order, "sf", "SF1234567890124", one, by=world.seller)
    world.later(MINUTE)
    expectations.serve(world.unit, world.stock(2, grade="small"), by=world.seller)
    assert parts.due_with(world.db, order, {SMALL: 2}) == 2 * price
    payments.receive(world.unit, order, price, by=world.seller, way="cod")
    assert parts.due_with(world.db, order, {SMALL: 2}) == 2 * price + 300
    assert world.faults() == []
