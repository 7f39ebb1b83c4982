"""From whom a lot was bought: owed until it is paid, and corrected where it was said wrongly."""

from __future__ import annotations

from bot.shop import accounts, stock
from bot.shop.orders import State
from tests.shop.world import World


def owed(world: World) -> dict[str, int]:
    return {each.household: each.minor for each in accounts.owed(world.db, 10)}


def entry(world: World, household: str) -> int:
    """The button of a household in the list."""
    found = accounts.owed(world.db, 10)
    return next(each.entry_id for each in found if each.household == household)


def pay(world: World, entry_id: int, way: str = "transfer") -> bool:
    return accounts.pay(world.unit, entry_id, way, by=world.seller) is not None


def cash(world: World) -> dict[str, int]:
    found = accounts.balances(world.db)
    return {
        each.account: each.amount_minor
        for each in found
        if each.account.startswith("cash:") and each.amount_minor
    }


def test_a_household_is_owed_for_all_that_it_brought(world: World) -> None:
    for household, minor in (("扎西", 20_000), ("扎西", 5_000), ("卓玛", 26_000)):
        stock.set_source(world.unit, world.stock(10), household, minor, by=world.seller)
    assert owed(world) == {"卓玛": 26_000, "扎西": 25_000}
    assert pay(world, entry(world, "扎西"))
    assert owed(world) == {"卓玛": 26_000}
    assert world.faults() == []


def test_what_came_in_counts_not_what_is_left_of_it(world: World) -> None:
    lot = world.stock(10)
    world.order_in(State.SHIPPED)
    stock.receive(world.unit, "cordyceps", "large", 1, by=world.seller)
    left = stock.lot(world.db, lot.id)
    assert left and left.on_hand == 0
    assert stock.came_in(world.db, left) == 10


def test_what_was_said_wrongly_is_corrected_by_the_difference(world: World) -> None:
    lot = world.stock(10)
    stock.set_source(world.unit, lot, "扎西", 20_000, by=world.seller)
    stock.set_source(world.unit, lot, "扎西", 15_000, by=world.seller)
    assert owed(world) == {"扎西": 15_000}
    stock.set_source(world.unit, lot, "卓玛", 16_000, by=world.seller)
    assert owed(world) == {"卓玛": 16_000}
    found = stock.lot(world.db, lot.id)
    assert found and (found.household, found.paid_minor) == ("卓玛", 16_000)
    assert pay(world, entry(world, "卓玛"))
    stock.set_source(world.unit, lot, "扎西", 16_000, by=world.seller)
    assert owed(world) == {"扎西": 16_000, "卓玛": -16_000}  # who was paid too much
    assert not pay(world, entry(world, "卓玛"))
    assert world.faults() == []


def test_an_old_button_pays_no_new_debt(world: World) -> None:
    stock.set_source(world.unit, world.stock(10), "扎西", 20_000, by=world.seller)
    old = entry(world, "扎西")
    assert pay(world, old)
    assert not pay(world, old)
    stock.set_source(world.unit, world.stock(10), "扎西", 20_000, by=world.seller)
    assert not pay(world, old)
    assert owed(world) == {"扎西": 20_000}
    stock.set_source(world.unit, world.stock(10), "扎西", 1, by=world.seller)
    assert pay(world, entry(world, "扎西"))
    assert owed(world) == {}


def test_each_way_has_its_own_cash_and_last_times_is_the_usual_one(world: World) -> None:
    assert accounts.usual_way(world.db, world.seller) == "transfer"
    for minor, way in enumerate(accounts.WAYS, 1):
        stock.set_source(world.unit, world.stock(10), "扎西", minor, by=world.seller)
        assert pay(world, entry(world, "扎西"), way)
        assert accounts.usual_way(world.db, world.seller) == way
    assert accounts.usual_way(world.db, world.buyer.person) == "transfer"
    assert cash(world) == {"cash:notes": -1, "cash:transfer": -2, "cash:wechat": -3}
    assert world.faults() == []


def test_a_way_said_wrongly_is_corrected_once(world: World) -> None:
    stock.set_source(world.unit, world.stock(10), "扎西", 20_000, by=world.seller)
    paid = accounts.pay(world.unit, entry(world, "扎西"), "transfer", by=world.seller)
    assert paid
    otherwise = accounts.pay_otherwise(world.unit, paid.entry_id, "notes", by=world.seller)
    assert otherwise and (otherwise.household, otherwise.minor) == ("扎西", 20_000)
    assert cash(world) == {"cash:notes": -20_000}
    assert owed(world) == {}
    assert accounts.usual_way(world.db, world.seller) == "notes"
    for id in (paid.entry_id, otherwise.entry_id):
        assert accounts.pay_otherwise(world.unit, id, "notes", by=world.seller) is None
    assert accounts.pay_otherwise(world.unit, paid.entry_id, "wechat", by=world.seller) is None
    stock.set_source(world.unit, world.stock(10), "扎西", 1, by=world.seller)
    late = accounts.pay_otherwise(world.unit, otherwise.entry_id, "wechat", by=world.seller)
    assert late is None  # More was entered since.
    assert world.faults() == []


def test_a_part_is_paid_and_never_more_than_is_owed(world: World) -> None:
    stock.set_source(world.unit, world.stock(10), "扎西", 20_000, by=world.seller)
    first = entry(world, "扎西")
    paid = accounts.pay(world.unit, first, "notes", by=world.seller, part=5_000)
    assert paid and paid.minor == 5_000
    assert owed(world) == {"扎西": 15_000}
    assert accounts.owed_since(world.db, paid.entry_id) == 15_000
    assert accounts.pay(world.unit, first, "notes", by=world.seller, part=5_000) is None
    for part in (15_001, -1):
        assert accounts.pay(world.unit, paid.entry_id, "notes", by=world.seller, part=part) is None
    assert accounts.pay(world.unit, paid.entry_id, "wechat", by=world.seller, part=15_000)
    assert owed(world) == {}
    assert cash(world) == {"cash:notes": -5_000, "cash:wechat": -15_000}
    assert world.faults() == []
