"""Prices for one buyer: what is seen with them, by whom, and until when."""

from __future__ import annotations

from msgspec.structs import replace

import pytest

from bot.shop import special_prices
from bot.shop.special_prices import VALID_MS, priced
from tests.shop.world import CATALOGUE, World


def test_only_this_buyer_sees_it_and_only_for_a_time(world: World) -> None:
    product = CATALOGUE.products["cordyceps"]
    me, other = world.buyer.person.id, world.rival.person.id
    until = special_prices.give(world.unit, me, product, "large", 3_000, by=world.seller)
    assert until == world.unit.now + VALID_MS

    def cost(person: int, at: int) -> int:
        shop = priced(world.db, CATALOGUE, person, at)
        return shop.products["cordyceps"].grade("large").price.minor

    assert cost(me, world.unit.now) == cost(me, until - 1) == 3_000
    assert cost(me, until) == cost(other, world.unit.now) == 3_500
    assert priced(world.db, CATALOGUE, other, world.unit.now) is CATALOGUE


def test_a_second_price_takes_the_place_of_the_first(world: World) -> None:
    product = CATALOGUE.products["cordyceps"]
    for minor in (2_900, 3_000):
        special_prices.give(
            world.unit, world.buyer.person.id, product, "large", minor, by=world.seller
        )
    seen = priced(world.db, CATALOGUE, world.buyer.person.id, world.unit.now)
    assert seen.products["cordyceps"].grade("large").price.minor == 3_000


@pytest.mark.parametrize("usual", [2_500, 3_000, 3_500])
def test_the_lower_price_counts_for_every_amount(world: World, usual: int) -> None:
    product, buyer = CATALOGUE.products["cordyceps"], world.buyer.person.id
    special_prices.give(world.unit, buyer, product, "large", 3_000, by=world.seller)
    price = replace(product.grades[0].price, minor=usual)
    grade = replace(product.grades[0], price=price, steps=((10, 3_200), (100, 2_800)))
    shop = replace(CATALOGUE, products={"cordyceps": replace(product, grades=(grade,))})
    seen = priced(world.db, shop, buyer, world.unit.now).products["cordyceps"].grades[0]
    for amount in (1, 9, 10, 99, 100, 101):
        assert seen.price_for(amount).minor == min(3_000, grade.price_for(amount).minor)
    assert all(minor < seen.price.minor for _, minor in seen.steps)


def test_a_price_that_is_none_is_refused(world: World) -> None:
    product = CATALOGUE.products["cordyceps"]
    with pytest.raises(ValueError):
        special_prices.give(world.unit, 1, product, "large", 0, by=world.seller)
    with pytest.raises(KeyError):
        special_prices.give(world.unit, 1, product, "huge", 1, by=world.seller)


def test_what_is_over_is_told_once_and_only_of_goods_that_are_spoken_of(world: World) -> None:
    person, product = world.buyer.person.id, CATALOGUE.products["cordyceps"]
    special_prices.give(world.unit, person, product, "large", 3_000, by=world.seller)
    assert special_prices.take_over(world.unit, person, {"cordyceps"}) == []
    world.later(special_prices.VALID_MS)
    assert special_prices.take_over(world.unit, person, {"jerky"}) == []
    assert special_prices.take_over(world.unit, person, {"cordyceps"}) == [("cordyceps", "large")]
    assert special_prices.take_over(world.unit, person, {"cordyceps"}) == []
