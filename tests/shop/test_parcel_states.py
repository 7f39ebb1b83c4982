"""Which way a parcel can go."""

from __future__ import annotations

import pytest

from bot.shop import parcels
from bot.shop.orders import State
from bot.shop.parcel_states import ParcelState, may_follow
from tests.shop.world import World

S = ParcelState


@pytest.mark.parametrize(
    "been, new, may",
    [
        ((), S.IN_TRANSIT, True),
        ((S.IN_TRANSIT,), S.OUT_FOR_DELIVERY, True),
        ((S.IN_TRANSIT, S.OUT_FOR_DELIVERY), S.IN_TRANSIT, False),
        ((S.IN_TRANSIT, S.DELIVERED), S.OUT_FOR_DELIVERY, False),
        ((S.IN_TRANSIT, S.DELIVERED), S.EXCEPTION, False),
        ((S.IN_TRANSIT, S.DELIVERED), S.RETURNING, True),
        ((S.IN_TRANSIT,), S.EXCEPTION, True),
        ((S.IN_TRANSIT, S.EXCEPTION), S.IN_TRANSIT, True),
        ((S.IN_TRANSIT, S.OUT_FOR_DELIVERY, S.ATTEMPT_FAILED), S.OUT_FOR_DELIVERY, True),
        ((S.RETURNING,), S.DELIVERED, False),
        ((S.RETURNING,), S.RETURNED, True),
        ((S.RETURNED,), S.RETURNING, False),
    ],
)
def test_a_parcel_goes_forward(been: tuple[S, ...], new: S, may: bool) -> None:
    assert may_follow(been, new) is may


def test_news_that_are_older_than_what_is_known_change_nothing(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.PACKING)
    parcels.ship(world.unit, order, "sf", "SF1234567890123", by=world.seller)
    here = "sf", "SF1234567890123"
    out = parcels.take_news(world.unit, *here, S.OUT_FOR_DELIVERY, "派送", 2000)
    assert out and out.is_first and [each.id for each in out.orders] == [order.id]
    assert parcels.take_news(world.unit, *here, S.DELIVERED, "旧", 1000) is None
    again = parcels.take_news(world.unit, *here, S.OUT_FOR_DELIVERY, "又派送", 3000)
    assert again and not again.is_first
    assert parcels.of_order(world.db, order.id)[0].said == "又派送"
    assert parcels.take_news(world.unit, "sf", "SF0", S.DELIVERED, "", 9000) is None
    assert not parcels.has_arrived(world.db, order)
    parcels.take_news(world.unit, *here, S.DELIVERED, "签收", 4000)
    assert parcels.has_arrived(world.db, order)


def test_an_order_put_into_a_known_parcel_is_where_that_is(world: World) -> None:
    world.stock(100)
    first, second = world.order_in(State.PACKING), world.order_in(State.PACKING)
    here = "sf", "SF1234567890123"
    parcels.ship(world.unit, first, *here, by=world.seller)
    parcels.take_news(world.unit, *here, S.IN_TRANSIT, "揽收", 2000)
    parcels.ship(world.unit, second, *here, by=world.seller)
    (parcel,) = parcels.of_order(world.db, second.id)
    assert (parcel.state, parcel.said) == (S.IN_TRANSIT, "揽收")
