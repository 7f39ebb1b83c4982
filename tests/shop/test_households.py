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
    assert accounts.pay_otherwise(world.unit, otherwise.entry_id, "wechat", by=world.seller)
    assert cash(world) == {"cash:wechat": -20_000}
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


def test_a_household_gives_back_what_it_was_given_and_no_more(world: World) -> None:
    stock.set_source(world.unit, world.stock(10), "扎西", 20_000, by=world.seller)
    (one,) = accounts.households(world.db)
    assert accounts.pay_more(world.unit, one, -1, "notes", by=world.seller) is None
    assert pay(world, one.entry_id)
    assert accounts.pay_more(world.unit, one, -1, "notes", by=world.seller) is None  # since
    (one,) = accounts.households(world.db)
    assert accounts.given(world.db, one) == 20_000
    assert accounts.pay_more(world.unit, one, -20_001, "notes", by=world.seller) is None
    back = accounts.pay_more(world.unit, one, -5_000, "notes", by=world.seller)
    assert back and back.minor == -5_000
    assert (owed(world), cash(world)) == (
        {"扎西": 5_000},
        {"cash:transfer": -20_000, "cash:notes": 5_000},
    )
    for _ in range(2):
        accounts.unpay(world.unit, back.entry_id, by=world.seller)
        assert (owed(world), cash(world)) == ({}, {"cash:transfer": -20_000})
    assert world.faults() == []


def test_what_was_not_paid_is_taken_back_once_whatever_came_since(world: World) -> None:
    for household in ("扎西", "卓玛"):
        stock.set_source(world.unit, world.stock(10), household, 20_000, by=world.seller)
    first = accounts.pay(world.unit, entry(world, "扎西"), "notes", by=world.seller, part=5_000)
    assert first
    second = accounts.pay(world.unit, first.entry_id, "notes", by=world.seller, part=5_000)
    assert second and [each.household for each in accounts.last_payments(world.db)] == ["扎西"]
    stock.set_source(world.unit, world.stock(10), "扎西", 100, by=world.seller)
    assert accounts.unpay(world.unit, first.entry_id, by=world.seller) == first
    assert accounts.unpay(world.unit, first.entry_id, by=world.seller) is None
    assert owed(world) == {"扎西": 15_100, "卓玛": 20_000}
    assert accounts.unpay(world.unit, second.entry_id, by=world.seller) == second
    assert (owed(world)["扎西"], cash(world)) == (20_100, {})
    assert accounts.last_payments(world.db) == []
    bought = world.db.execute("SELECT max(id) FROM entry WHERE what = 'bought'").fetchone()[0]
    assert accounts.unpay(world.unit, bought, by=world.seller) is None
    assert world.faults() == []


def test_what_went_back_to_the_household_is_not_owed_for(world: World) -> None:
    lot = world.stock(7)
    stock.set_source(world.unit, lot, "扎西", 1_000, by=world.seller)
    there = stock.lot(world.db, lot.id)
    assert there and stock.bought(world.unit) == [there]
    before = stock.last_movement(world.db)
    assert stock.give_back(world.unit, there, 3, by=world.seller) is None
    assert owed(world) == {"扎西": 571}  # 4 of 7
    left = stock.lot(world.db, lot.id)
    assert left and left.on_hand == 4
    assert stock.set_source(world.unit, left, "卓玛", 2_100, by=world.seller) == 1_200
    assert owed(world) == {"卓玛": 1_200}
    short = stock.give_back(world.unit, left, 5, by=world.seller)
    assert short == stock.Shortage("cordyceps", "large", 5, 4)
    until = stock.last_movement(world.db)
    for _ in range(2):
        stock.undo(world.unit, before, until, by=world.seller)
        assert owed(world) == {"卓玛": 2_100}
    whole = stock.lot(world.db, lot.id)
    assert whole and whole.on_hand == 7
    assert stock.came_in(world.db, whole) == 7
    assert world.faults() == []


def test_goods_that_go_back_when_they_are_paid_for_are_owed_by_the_household(world: World) -> None:
    lot = world.stock(10)
    stock.set_source(world.unit, lot, "扎西", 20_000, by=world.seller)
    assert pay(world, entry(world, "扎西"))
    there = stock.lot(world.db, lot.id)
    assert there and stock.give_back(world.unit, there, 10, by=world.seller) is None
    assert accounts.owed_to(world.db, "扎西") == -20_000
    assert stock.bought(world.unit) == []
    assert world.faults() == []


def test_what_an_order_holds_does_not_go_back(world: World) -> None:
    lot = world.stock(10)
    stock.set_source(world.unit, lot, "扎西", 20_000, by=world.seller)
    placed = world.order_in(State.PLACED)
    held = sum(line.amount for line in placed.lines)
    there = stock.lot(world.db, lot.id)
    assert there
    short = stock.give_back(world.unit, there, 10, by=world.seller)
    assert short and short.available == 10 - held
    world.later(31 * 60_000)
    assert stock.give_back(world.unit, there, 10, by=world.seller) is None
    assert world.faults() == []
