"""The books: what each event is posted as, and that they follow where orders stand."""

from __future__ import annotations

import sqlite3

import pytest

from bot.shop import accounts, orders, payments, refunds, returned_goods, stock
from bot.shop.orders import Order, State
from bot.shop.payment_states import NothingDue
from bot.shop.refunds import Refund, TooMuch
from tests.shop.world import MIGRATIONS, World

GOODS, SHIPPING = 35_000, 1_000  # of World.place()
TOTAL = GOODS + SHIPPING
SOLD = {"sales": -GOODS, "shipping": -SHIPPING}


def books(world: World) -> dict[str, int]:
    found = accounts.balances(world.db)
    return {each.account: each.amount_minor for each in found if each.amount_minor}


def paid(world: World) -> Order:
    world.stock(100)
    order = world.place()
    payments.claim(world.unit, order)
    payments.confirm(world.unit, order, by=world.seller)
    return order


def shipped(world: World) -> Order:
    order = paid(world)
    for state in (State.PACKING, State.SHIPPED):
        orders.move(world.unit, order, state, by=world.seller)
    return order


def agreed(world: World, order: Order, minor: int) -> Refund:
    offered = refunds.offer(world.unit, order, minor, by=world.seller)
    assert isinstance(offered, Refund)
    found = refunds.accept(world.unit, offered.id, by=world.buyer.person)
    assert found
    return found


def test_placing_and_claiming_post_nothing(world: World) -> None:
    world.stock(100)
    payments.claim(world.unit, world.place())
    assert books(world) == {}


def test_money_before_the_goods_leave_is_owed_to_the_buyer(world: World) -> None:
    paid(world)
    assert books(world) == {"cash:transfer": TOTAL, "buyer": -TOTAL}


def test_what_leaves_is_sold(world: World) -> None:
    shipped(world)
    assert books(world) == {"cash:transfer": TOTAL, **SOLD}


def test_on_delivery_the_buyer_owes_until_it_is_delivered(world: World) -> None:
    world.stock(100)
    order = world.order_in(State.SHIPPED, pay_by="cod")
    assert books(world) == {"buyer": TOTAL, **SOLD}
    orders.move(world.unit, order, State.DELIVERED, by=world.seller)
    assert books(world) == {"cash:cod": TOTAL, **SOLD}


def test_what_was_refused_at_the_door_was_never_sold(world: World) -> None:
    world.stock(100)
    world.order_in(State.RETURNED, pay_by="cod")
    assert books(world) == {}


def test_a_cancelled_order_leaves_nothing_once_its_money_is_back(world: World) -> None:
    order = paid(world)
    orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    assert books(world) == {"cash:transfer": TOTAL, "buyer": -TOTAL}
    payments.refunded(world.unit, order, by=world.seller)
    assert books(world) == {}


def test_a_part_is_offered_agreed_to_and_sent(world: World) -> None:
    order = shipped(world)
    due = agreed(world, order, 5_000)
    assert books(world) == {
        "cash:transfer": TOTAL, "buyer": -5_000, "refunds": 5_000, **SOLD
    }  # fmt: skip
    sent = refunds.sent(world.unit, due.id, by=world.seller)
    assert sent and (sent.sent_by, sent.sent_at) == (world.seller.id, world.unit.now)
    assert books(world) == {"cash:transfer": TOTAL - 5_000, "refunds": 5_000, **SOLD}
    assert refunds.sent(world.unit, due.id, by=world.seller) is None
    assert refunds.accept(world.unit, due.id, by=world.buyer.person) is None
    assert world.faults() == []


def test_after_a_part_only_the_rest_goes_back(world: World) -> None:
    order = shipped(world)
    refunds.sent(world.unit, agreed(world, order, 5_000).id, by=world.seller)
    for state in (State.RETURNING, State.RETURNED):
        orders.move(world.unit, order, state, by=world.seller)
    returned_goods.put_back(world.unit, order.id, world.seller)
    payments.refund(world.unit, order, by=world.seller)
    assert refunds.undone(world.db, order) == TOTAL - 5_000
    payments.refunded(world.unit, order, by=world.seller)
    assert books(world) == {"refunds": TOTAL, **SOLD}
    assert world.faults() == []


def test_no_more_goes_back_than_came(world: World) -> None:
    order = shipped(world)
    assert refunds.offer(world.unit, order, TOTAL + 1, by=world.seller) == TooMuch(TOTAL)
    agreed(world, order, TOTAL - 1)
    assert refunds.offer(world.unit, order, 2, by=world.seller) == TooMuch(1)
    with pytest.raises(ValueError):
        refunds.offer(world.unit, order, 0, by=world.seller)
    agreed(world, order, 1)
    for state in (State.RETURNING, State.RETURNED):
        orders.move(world.unit, order, state, by=world.seller)
    assert isinstance(payments.refund(world.unit, order, by=world.seller), NothingDue)


def test_a_second_offer_takes_the_place_of_the_first(world: World) -> None:
    order = shipped(world)
    first = refunds.offer(world.unit, order, 1_000, by=world.seller)
    agreed(world, order, 2_000)
    assert isinstance(first, Refund)
    assert refunds.accept(world.unit, first.id, by=world.buyer.person) is None
    assert [
        each.amount_minor for each in refunds.of_order(world.db, orders.fresh(world.db, order))
    ] == [2_000]


def test_a_part_goes_back_before_it_left_and_lessens_what_is_sold(world: World) -> None:
    order = paid(world)
    refunds.sent(world.unit, agreed(world, order, 5_000).id, by=world.seller)
    assert refunds.kept(world.db, order) == TOTAL - 5_000
    assert books(world) == {"cash:transfer": TOTAL - 5_000, "buyer": 5_000 - TOTAL}
    for state in (State.PACKING, State.SHIPPED):
        orders.move(world.unit, order, state, by=world.seller)
    assert books(world) == {"cash:transfer": TOTAL - 5_000, **SOLD, "refunds": 5_000}


def test_of_an_order_called_off_the_rest_goes_back(world: World) -> None:
    order = paid(world)
    refunds.sent(world.unit, agreed(world, order, 5_000).id, by=world.seller)
    orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    assert payments.refunded(world.unit, order, by=world.seller).state == "refunded"
    assert books(world) == {}


def test_when_all_went_back_in_parts_nothing_is_due(world: World) -> None:
    order = paid(world)
    due = agreed(world, order, TOTAL)
    orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    assert payments.of_order(world.db, order.id).state == "refunded"
    assert books(world) == {"cash:transfer": TOTAL, "buyer": -TOTAL}
    assert refunds.sent(world.unit, due.id, by=world.seller)
    assert books(world) == {}
    assert world.faults() == []


def test_nothing_goes_back_of_what_is_not_paid(world: World) -> None:
    world.stock(100)
    assert refunds.offer(world.unit, world.place(), 1, by=world.seller) == TooMuch(0)


def test_what_a_household_brings_is_owed_to_it_until_it_is_paid(world: World) -> None:
    stock.receive(
        world.unit, "cordyceps", "large", 10, by=world.seller, household="扎西", paid_minor=20_000
    )
    assert books(world) == {"goods": 20_000, "household:扎西": -20_000}
    (owed,) = accounts.owed(world.db, 10)
    paid = accounts.pay(world.unit, owed.entry_id, "transfer", by=world.seller)
    assert paid and (paid.household, paid.minor) == (owed.household, owed.minor)
    assert books(world) == {"goods": 20_000, "cash:transfer": -20_000}
    assert accounts.pay(world.unit, owed.entry_id, "transfer", by=world.seller) is None


def test_books_that_do_not_add_up_are_found(world: World) -> None:
    paid(world)
    world.db.execute("UPDATE posting SET amount_minor = amount_minor + 1 WHERE account = 'buyer'")
    found = world.faults()
    assert any("sums to 1" in fault for fault in found)
    assert any("off the books" in fault for fault in found)
    world.db.execute("UPDATE posting SET amount_minor = amount_minor - 1 WHERE account = 'buyer'")


def test_the_books_of_an_older_shop_are_opened(world: World) -> None:
    """The migration posts what stood before there were books."""
    shipped(world)
    before = books(world)
    world.db.execute("DELETE FROM posting")
    world.db.execute("DELETE FROM entry")
    text = (MIGRATIONS / "0004-books.sql").read_text("utf-8")
    for statement in text[text.index("-- What there is already.") :].split(";"):
        world.db.execute(statement)
    assert books(world) == before
    assert world.faults() == []


def test_an_entry_without_its_postings_cannot_be(world: World) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        world.db.execute("INSERT INTO posting VALUES (1, 'sales', 0)")
