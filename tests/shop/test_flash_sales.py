"""Flash sales: exactly so many, so many to each, from then until then, first come first served."""

from __future__ import annotations

from msgspec.structs import replace
from typing import Any

import pytest

from bot.shop import flash_sales, orders, payments, people, stock
from bot.shop.flash_sales import LASTS_MS, FlashSale
from bot.shop.follow_ups import Changed
from bot.shop.orders import HOLD_MS, Moved, Order, State
from bot.shop.payment_states import Gone, LateClaim
from bot.shop.stock import Shortage
from tests.shop.world import CATALOGUE, CHENGDU, World, pieces

HOUR_MS = 3_600_000
LARGE = CATALOGUE.products["cordyceps"]


def try_sale(
    world: World, quantity: int = 10, per_person: int = 2, **more: Any
) -> FlashSale | Shortage:
    values: dict[str, Any] = {"minor": 2_000, "starts_at": world.unit.now, "by": world.seller}
    values |= {"quantity": quantity, "per_person": per_person} | more
    return flash_sales.make(world.unit, LARGE, "large", **values)


def sale(world: World, quantity: int = 10, per_person: int = 2, **more: Any) -> FlashSale:
    made = try_sale(world, quantity, per_person, **more)
    assert isinstance(made, FlashSale)
    return made


def price(world: World, chat: people.Chat) -> tuple[int, int | None]:
    seen = flash_sales.priced(world.db, CATALOGUE, chat.person.id, world.unit.now)
    grade = seen.products["cordyceps"].grade("large")
    return grade.price.minor, grade.most


def buy(world: World, amount: int, chat: people.Chat) -> Moved | list[Shortage]:
    placed = orders.place(
        world.unit,
        flash_sales.priced(world.db, CATALOGUE, chat.person.id, world.unit.now),
        key=world.unit.token(),
        chat=chat,
        wants=[pieces(amount)],
        recipient=CHENGDU,
        pay_by="transfer",
        language="en",
    )
    assert isinstance(placed, Moved | list)
    return placed


def bought(world: World, amount: int, chat: people.Chat) -> Order:
    placed = buy(world, amount, chat)
    assert isinstance(placed, Moved)
    return placed.order


def test_the_price_counts_from_then_until_then(world: World) -> None:
    world.stock(100)
    sale(world, starts_at=world.unit.now + 1000)
    assert price(world, world.buyer) == (3_500, None)
    world.later(1000)
    assert price(world, world.buyer) == (2_000, 2)
    world.later(LASTS_MS)
    assert price(world, world.buyer) == (3_500, None)


def test_the_last_piece_goes_to_who_is_first(world: World) -> None:
    world.stock(100)
    sale(world, quantity=3)
    assert bought(world, 2, world.buyer).lines[0].total_minor == 4_000
    assert price(world, world.rival) == (2_000, 1)
    assert bought(world, 1, world.rival).lines[0].total_minor == 2_000
    late = world.chat("buyer")
    assert price(world, late) == (3_500, None)
    assert bought(world, 1, late).lines[0].total_minor == 3_500


def test_nobody_has_more_than_their_share_in_several_orders(world: World) -> None:
    world.stock(100)
    sale(world)
    bought(world, 1, world.buyer)
    assert buy(world, 2, world.buyer) == [Shortage("cordyceps", "large", 2, 1)]
    bought(world, 1, world.buyer)
    assert price(world, world.buyer) == (3_500, None)


def test_two_lines_of_one_grade_are_summed(world: World) -> None:
    world.stock(100)
    sale(world)
    seen = flash_sales.priced(world.db, CATALOGUE, world.buyer.person.id, world.unit.now)
    placed = orders.place(
        world.unit,
        seen,
        key="k",
        chat=world.buyer,
        wants=[pieces(2), pieces(1)],
        recipient=CHENGDU,
        pay_by="transfer",
        language="en",
    )
    assert placed == [Shortage("cordyceps", "large", 3, 2)]


@pytest.mark.parametrize("way", [State.CANCELLED, State.EXPIRED])
def test_an_order_that_comes_to_nothing_gives_its_share_back(world: World, way: State) -> None:
    world.stock(100)
    made = sale(world, quantity=2)
    order = bought(world, 2, world.buyer)
    assert price(world, world.rival) == (3_500, None)
    world.later(HOLD_MS)
    orders.move(world.unit, order, way, by=None)
    assert price(world, world.rival) == (2_000, 2)
    flash_sales.give_back(world.unit, order.id)
    assert flash_sales.not_over(world.db, world.unit.now) == [made]


def test_a_changed_order_has_the_share_of_the_one_before(world: World) -> None:
    world.stock(100)
    sale(world, quantity=2)
    first = bought(world, 1, world.buyer)
    changed = world.change(first, pieces(2))
    assert isinstance(changed, Changed) and changed.order.total_minor == 5_000
    assert world.state(first) is State.CANCELLED
    less = world.change(changed.order, pieces(1))
    assert isinstance(less, Changed) and less.order.total_minor == 3_000
    assert price(world, world.rival) == (2_000, 1)


@pytest.mark.parametrize("amount, besides", [(3, True), (2, False)])
def test_an_order_stands_when_the_other_would_pass_the_limit(
    world: World, amount: int, besides: bool
) -> None:
    world.stock(100)
    sale(world, quantity=2)
    first = bought(world, 1, world.buyer)
    before = world.everything()
    seen = world.seen(world.buyer, first.id if besides else 0)
    short = world.change(first, pieces(amount), seen=seen)
    assert short == [Shortage("cordyceps", "large", amount, 2 if besides else 1)]
    assert world.everything() == before


def test_a_catalogue_is_priced_anew(world: World) -> None:
    world.stock(100)
    sale(world)
    once = flash_sales.priced(world.db, CATALOGUE, world.buyer.person.id, world.unit.now)
    assert flash_sales.priced(world.db, once, world.buyer.person.id, world.unit.now) == once


def test_late_money_has_the_share_again_while_it_is_there(world: World) -> None:
    world.stock(100)
    sale(world, quantity=2)
    order = bought(world, 2, world.buyer)
    world.later(HOLD_MS)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), Moved)
    assert price(world, world.rival) == (3_500, None)


def test_late_money_waits_for_a_person_when_others_have_the_share(world: World) -> None:
    world.stock(100)
    sale(world, quantity=2)
    order = bought(world, 2, world.buyer)
    world.later(HOLD_MS)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    bought(world, 2, world.rival)
    assert payments.confirm(world.unit, order, by=world.seller) is Gone.PRICE
    assert world.state(order) is State.EXPIRED and world.free() == 98


def test_goods_that_are_gone_are_gone_at_any_price(world: World) -> None:
    world.stock(2)
    sale(world, quantity=2)
    order = bought(world, 2, world.buyer)
    world.later(HOLD_MS)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    bought(world, 2, world.rival)
    late = payments.claim(world.unit, order)
    assert isinstance(late, LateClaim) and late.gone is Gone.GOODS


def test_a_sale_never_sells_what_is_not_in_stock(world: World) -> None:
    world.stock(10)
    sale(world)
    stock.lose(world.unit, "cordyceps", "large", 9, by=world.seller)
    assert buy(world, 2, world.buyer) == [Shortage("cordyceps", "large", 2, 1)]


def test_no_more_is_promised_than_is_free(world: World) -> None:
    world.stock(12)
    bought(world, 2, world.rival)
    first = sale(world, quantity=10)
    assert try_sale(world, quantity=11) == Shortage("cordyceps", "large", 11, 10)
    assert flash_sales.not_over(world.db, world.unit.now) == [first]
    second = sale(world, quantity=9)
    assert flash_sales.not_over(world.db, world.unit.now) == [second]


def test_what_is_kept_for_a_sale_is_sold_to_nobody_else(world: World) -> None:
    world.stock(7)
    world.stock(5)
    sale(world, starts_at=world.unit.now + 1000)
    assert world.free() == 2
    assert buy(world, 3, world.rival) == [Shortage("cordyceps", "large", 3, 2)]
    bought(world, 2, world.rival)
    world.later(1000)
    bought(world, 2, world.buyer)
    assert buy(world, 1, world.buyer) == [Shortage("cordyceps", "large", 1, 0)]
    assert bought(world, 2, world.rival).goods_minor == 4_000
    world.later(LASTS_MS)
    assert world.free() == 12


def test_late_money_takes_nothing_that_is_kept_for_a_sale(world: World) -> None:
    world.stock(10)
    order = bought(world, 2, world.buyer)
    world.later(HOLD_MS)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    made = sale(world)
    assert payments.confirm(world.unit, order, by=world.seller) is Gone.GOODS
    flash_sales.finish(world.unit, made.id, by=world.seller)
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), Moved)


def test_the_last_of_a_sale_is_there_for_late_money(world: World) -> None:
    world.stock(2)
    sale(world, quantity=2)
    order = bought(world, 2, world.buyer)
    world.later(HOLD_MS)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    assert world.free() == 0
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), Moved)


def test_late_money_does_not_pass_the_limit_of_a_buyer(world: World) -> None:
    world.stock(100)
    sale(world)
    first = bought(world, 2, world.buyer)
    world.later(HOLD_MS)
    orders.move(world.unit, first, State.EXPIRED, by=None)
    second = bought(world, 2, world.buyer)
    assert payments.confirm(world.unit, first, by=world.seller) is Gone.PRICE
    assert (world.state(first), world.faults()) == (State.EXPIRED, [])
    orders.move(world.unit, second, State.CANCELLED, by=world.seller)
    assert isinstance(payments.confirm(world.unit, first, by=world.seller), Moved)


def test_it_lasts_as_long_as_was_said(world: World) -> None:
    world.stock(100)
    sale(world, ends_at=world.unit.now + HOUR_MS)
    world.later(HOUR_MS - 1)
    assert (price(world, world.buyer), world.free()) == ((2_000, 2), 90)
    world.later(1)
    assert (price(world, world.buyer), world.free()) == ((3_500, None), 100)


def test_its_end_is_moved_while_it_is_not_over(world: World) -> None:
    world.stock(100)
    made = sale(world, ends_at=world.unit.now + HOUR_MS)
    later = world.unit.now + 2 * HOUR_MS
    assert flash_sales.finish(world.unit, made.id, by=world.seller, at=later)
    world.later(2 * HOUR_MS - 1)
    assert price(world, world.buyer) == (2_000, 2)
    world.later(1)
    assert not flash_sales.finish(world.unit, made.id, by=world.seller, at=later + HOUR_MS)
    assert price(world, world.buyer) == (3_500, None)


@pytest.mark.parametrize("starts, ends", [(0, -1), (2, 1), (2, 2), (0, 31 * 24)])
def test_times_that_cannot_be_are_refused(world: World, starts: int, ends: int) -> None:
    world.stock(100)
    now = world.unit.now
    with pytest.raises(ValueError):
        try_sale(world, starts_at=now + starts * HOUR_MS, ends_at=now + ends * HOUR_MS)
    assert flash_sales.not_over(world.db, now) == []


def test_another_sale_of_a_grade_ends_the_one_before(world: World) -> None:
    world.stock(100)
    first = sale(world)
    second = sale(world, minor=1_000)
    assert flash_sales.not_over(world.db, world.unit.now) == [second]
    assert not flash_sales.finish(world.unit, first.id, by=world.seller)
    assert flash_sales.finish(world.unit, second.id, by=world.seller)
    assert price(world, world.buyer) == (3_500, None)


@pytest.mark.parametrize("wrong", [{"minor": 0}, {"quantity": 0}, {"per_person": 11}])
def test_figures_that_cannot_be_are_refused(world: World, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        try_sale(world, **wrong)


@pytest.mark.parametrize("usual", [1_900, 2_000, 3_500])
def test_the_lower_price_counts_for_every_amount(world: World, usual: int) -> None:
    world.stock(200)
    sale(world, quantity=150, per_person=150)
    normal = replace(
        LARGE.grade("large"),
        price=replace(LARGE.grade("large").price, minor=usual),
        steps=((10, 2_500), (100, 1_800)),
    )
    shop = replace(CATALOGUE, products={"cordyceps": replace(LARGE, grades=(normal,))})
    seen = flash_sales.priced(world.db, shop, world.buyer.person.id, world.unit.now)
    grade = seen.products["cordyceps"].grades[0]
    for amount in (1, 9, 10, 99, 100, 150):
        assert grade.price_for(amount).minor == min(2_000, normal.price_for(amount).minor)
    again = flash_sales.priced(world.db, seen, world.buyer.person.id, world.unit.now)
    assert again == seen


def test_a_price_that_is_no_lower_changes_nothing(world: World) -> None:
    world.stock(100)
    sale(world, minor=9_000)
    assert price(world, world.buyer) == (3_500, None)
