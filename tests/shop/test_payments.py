"""Claims, decisions and money that comes late."""

from __future__ import annotations

from bot.shop import orders, payments
from bot.shop.orders import HOLD_MS, Moved, Order, State
from bot.shop.payments import REMIND_MS, Claimed, LateClaim, NothingDue, Payment, Rejected
from bot.shop.stock import Shortage
from tests.shop.world import World

PROOF = "ab" * 32


def payment(world: World, order: Order) -> Payment:
    return payments.of_order(world.db, order.id)


def late_and_gone(world: World) -> Order:
    """An order whose reservation ran out and whose goods a rival has taken."""
    world.stock(10)
    order = world.place(10)
    world.later(HOLD_MS)
    world.place(10, chat=world.rival, pay_by="cod")
    return order


def test_a_claim_holds_the_goods_until_a_person_decides(world: World) -> None:
    world.stock(10)
    order = world.place()
    claimed = payments.claim(world.unit, order, proof=PROOF)
    assert isinstance(claimed, Claimed) and not claimed.reused
    assert (claimed.payment.state, claimed.payment.proof) == ("claimed", PROOF)
    assert world.timers() == {("payment.remind", str(order.id)): world.unit.now + REMIND_MS}
    world.later(1000 * HOLD_MS)
    assert world.free() == 0
    assert payments.waiting(world.db) == [order]


def test_a_second_claim_changes_nothing_but_may_bring_the_screenshot(world: World) -> None:
    world.stock(10)
    order = world.place()
    payments.claim(world.unit, order)
    before = world.everything()
    assert isinstance(payments.claim(world.unit, order), NothingDue)
    assert world.everything() == before
    shown = payments.claim(world.unit, order, proof=PROOF)
    assert isinstance(shown, Claimed) and payment(world, order).proof == PROOF
    before = world.everything()
    assert isinstance(payments.claim(world.unit, order, proof=PROOF), NothingDue)
    assert world.everything() == before


def test_a_screenshot_that_came_with_another_order_is_told(world: World) -> None:
    world.stock(100)
    first, second = world.place(), world.place(chat=world.rival)
    payments.claim(world.unit, first, proof=PROOF)
    again = payments.claim(world.unit, second, proof=PROOF)
    assert isinstance(again, Claimed) and again.reused
    third = payments.claim(world.unit, world.place())
    assert isinstance(third, Claimed) and not third.reused


def test_confirming_twice_moves_once(world: World) -> None:
    world.stock(10)
    order = world.place()
    payments.claim(world.unit, order)
    moved = payments.confirm(world.unit, order, by=world.seller)
    assert isinstance(moved, Moved) and moved.after is State.CONFIRMED
    assert payment(world, order).state == "paid" and world.timers() == {}
    before = world.everything()
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), NothingDue)
    assert isinstance(payments.claim(world.unit, order), NothingDue)
    assert isinstance(payments.reject(world.unit, order, by=world.seller), NothingDue)
    assert world.everything() == before


def test_money_is_confirmed_without_a_claim_too(world: World) -> None:
    world.stock(10)
    assert isinstance(payments.confirm(world.unit, world.place(), by=world.seller), Moved)


def test_accepting_an_order_paid_on_delivery_leaves_the_money_due(world: World) -> None:
    world.stock(10)
    order = world.place(pay_by="cod")
    assert isinstance(payments.claim(world.unit, order), NothingDue)
    moved = payments.confirm(world.unit, order, by=world.seller)
    assert isinstance(moved, Moved) and payment(world, order).state == "due"
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), NothingDue)


def test_a_rejected_claim_leaves_half_an_hour_again(world: World) -> None:
    world.stock(10)
    order = world.place()
    payments.claim(world.unit, order)
    world.later(10 * HOLD_MS)
    rejected = payments.reject(world.unit, order, by=world.seller, why="not there")
    assert isinstance(rejected, Rejected) and rejected.payment.state == "due"
    assert world.timers() == {("order.expire", str(order.id)): world.unit.now + HOLD_MS}
    assert world.free() == 0
    world.later(HOLD_MS)
    assert world.free() == 10
    orders.move(world.unit, order, State.EXPIRED, by=None)


def test_a_claim_past_its_time_takes_the_goods_again_while_they_are_there(world: World) -> None:
    world.stock(10)
    order = world.place(4)
    world.later(HOLD_MS)
    world.place(5, chat=world.rival)
    assert isinstance(payments.claim(world.unit, order), Claimed)
    assert world.state(order) is State.PLACED and world.free() == 1


def test_a_claim_for_an_expired_order_takes_the_goods_again(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.EXPIRED)
    claimed = payments.claim(world.unit, order)
    assert isinstance(claimed, Claimed) and claimed.order.state is State.EXPIRED
    world.later(100 * HOLD_MS)
    assert world.free() == 0
    moved = payments.confirm(world.unit, order, by=world.seller)
    assert isinstance(moved, Moved) and moved.before is State.EXPIRED


def test_a_rejected_claim_for_an_expired_order_gives_the_goods_back(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.EXPIRED)
    payments.claim(world.unit, order)
    payments.reject(world.unit, order, by=world.seller)
    assert world.free() == 10 and payment(world, order).state == "due"
    assert world.state(order) is State.EXPIRED and world.timers() == {}


def test_a_late_claim_stands_when_the_goods_are_gone(world: World) -> None:
    order = late_and_gone(world)
    late = payments.claim(world.unit, order, proof=PROOF)
    assert isinstance(late, LateClaim)
    assert late.shortages == [Shortage("cordyceps", "large", 10, 0)]
    assert late.order.state is world.state(order) is State.EXPIRED
    assert (payment(world, order).state, payment(world, order).proof) == ("claimed", PROOF)
    assert payments.waiting(world.db) == [late.order]
    before = world.everything()
    assert payments.confirm(world.unit, order, by=world.seller) == late.shortages
    assert world.everything() == before
    world.stock(10)
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), Moved)


def test_late_money_that_a_seller_finds_is_kept_as_claimed(world: World) -> None:
    order = late_and_gone(world)
    short = [Shortage("cordyceps", "large", 10, 0)]
    assert payments.confirm(world.unit, order, by=world.seller) == short
    assert world.state(order) is State.EXPIRED and payment(world, order).state == "claimed"


def test_late_money_can_go_back(world: World) -> None:
    order = late_and_gone(world)
    payments.claim(world.unit, order)
    due = payments.refund(world.unit, order, by=world.seller)
    assert isinstance(due, Payment) and due.state == "refund_due"
    assert payments.refunds_due(world.db) == [orders.by_id(world.db, order.id)]
    assert payments.refunded(world.unit, order, by=world.seller).state == "refunded"
    before = world.everything()
    assert payments.refunded(world.unit, order, by=world.seller).state == "refunded"
    assert isinstance(payments.refund(world.unit, order, by=world.seller), NothingDue)
    assert world.everything() == before


def test_money_for_a_cancelled_order_is_claimed_and_goes_back(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.CANCELLED)
    late = payments.claim(world.unit, order)
    assert isinstance(late, LateClaim) and late.shortages == []
    assert world.free() == 10
    nothing = payments.confirm(world.unit, order, by=world.seller)
    assert isinstance(nothing, NothingDue) and nothing.payment.state == "refund_due"
    assert world.state(order) is State.CANCELLED
    assert isinstance(payments.reject(world.unit, order, by=world.seller), NothingDue)


def test_a_claim_that_nobody_found_money_for_ends_with_its_cancelled_order(world: World) -> None:
    world.stock(10)
    order = world.place()
    payments.claim(world.unit, order)
    orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    assert payment(world, order).state == "refund_due"
    rejected = payments.reject(world.unit, order, by=world.seller)
    assert isinstance(rejected, Rejected) and rejected.payment.state == "void"


def test_an_order_that_is_going_on_has_no_refund(world: World) -> None:
    world.stock(10)
    order = world.place()
    payments.confirm(world.unit, order, by=world.seller)
    assert isinstance(payments.refund(world.unit, order, by=world.seller), NothingDue)
    assert payments.refunded(world.unit, order, by=world.seller).state == "paid"
