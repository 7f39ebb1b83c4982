"""From whom a lot was bought: said once, owed until it is paid."""

from __future__ import annotations

from bot.shop import accounts, stock
from tests.shop.world import World


def test_a_lot_has_one_source_and_is_owed_for_once(world: World) -> None:
    lot = world.stock(10)
    assert stock.set_source(world.unit, lot, "扎西", 20_000, by=world.seller)
    assert not stock.set_source(world.unit, lot, "卓玛", 1, by=world.seller)
    found = stock.lot(world.db, lot.id)
    assert found and (found.household, found.paid_minor) == ("扎西", 20_000)
    second = world.stock(5)
    stock.set_source(world.unit, second, "扎西", 5_000, by=world.seller)
    third = world.stock(5)
    stock.set_source(world.unit, third, "卓玛", 26_000, by=world.seller)
    owed = [(each.household, each.minor, each.lot_id) for each in accounts.owed(world.db, 10)]
    assert owed == [("卓玛", 26_000, third.id), ("扎西", 25_000, second.id)]
    accounts.paid_to(world.unit, "扎西", 25_000, by=world.seller)
    assert [each.household for each in accounts.owed(world.db, 10)] == ["卓玛"]
    assert world.faults() == []
