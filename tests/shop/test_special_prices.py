"""Prices for one buyer: what is seen with them, by whom, and until when."""

from __future__ import annotations

from dataclasses import replace

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


def test_a_second_price_takes_the_place_of_the_first_and_of_steps(world: World) -> None:
    product = CATALOGUE.products["cordyceps"]
    for minor in (3_000, 2_900):
        special_prices.give(
            world.unit, world.buyer.person.id, product, "large", minor, by=world.seller
        )
    stepped = replace(product, grades=(replace(product.grades[0], steps=((2, 1),)),))
    shop = replace(CATALOGUE, products={"cordyceps": stepped})
    seen = priced(world.db, shop, world.buyer.person.id, world.unit.now)
    assert seen.products["cordyceps"].grades[0].price_for(100).minor == 2_900


def test_a_price_that_is_none_is_refused(world: World) -> None:
    product = CATALOGUE.products["cordyceps"]
    with pytest.raises(ValueError):
        special_prices.give(world.unit, 1, product, "large", 0, by=world.seller)
    with pytest.raises(KeyError):
        special_prices.give(world.unit, 1, product, "huge", 1, by=world.seller)
