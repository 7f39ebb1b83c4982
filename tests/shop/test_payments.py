"""Claims, decisions and money that comes late."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.shop import accounts, orders, payments, refunds, stock, todos
from bot.shop.orders import HOLD_MS, Moved, Order, State
from bot.shop.payment_states import (
    Claimed,
    Gone,
    LateClaim,
    NothingDue,
    Payment,
    Received,
    Rejected,
)
from bot.shop.payments import REMIND_MS
from bot.shop.todos import Kind
from tests.shop.world import MIGRATIONS, World

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
    assert todos.ids(world.db, Kind.CONFIRM) == [order.id]


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
    assert late.gone is Gone.GOODS
    assert late.order.state is world.state(order) is State.EXPIRED
    assert (payment(world, order).state, payment(world, order).proof) == ("claimed", PROOF)
    assert order.id in todos.ids(world.db, Kind.CONFIRM)
    assert payments.confirm(world.unit, order, by=world.seller) is Gone.GOODS
    assert payments.received(world.db, order.id) == order.total_minor
    before = world.everything()
    assert payments.confirm(world.unit, order, by=world.seller) is Gone.GOODS
    # What was found cannot be taken for not found: it goes back, or the goods come.
    assert isinstance(payments.reject(world.unit, order, by=world.seller), NothingDue)
    assert world.everything() == before
    world.stock(10)
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), Moved)


def test_late_money_that_a_seller_finds_is_kept_as_claimed(world: World) -> None:
    order = late_and_gone(world)
    assert payments.confirm(world.unit, order, by=world.seller) is Gone.GOODS
    assert world.state(order) is State.EXPIRED and payment(world, order).state == "claimed"


def test_late_money_can_go_back(world: World) -> None:
    order = late_and_gone(world)
    payments.claim(world.unit, order)
    due = payments.refund(world.unit, order, by=world.seller)
    assert isinstance(due, Payment) and due.state == "refund_due"
    assert todos.ids(world.db, Kind.SEND_BACK) == [order.id]
    assert payments.refunded(world.unit, order, by=world.seller).state == "refunded"
    before = world.everything()
    assert payments.refunded(world.unit, order, by=world.seller).state == "refunded"
    assert isinstance(payments.refund(world.unit, order, by=world.seller), NothingDue)
    assert world.everything() == before


def test_money_for_a_cancelled_order_is_claimed_and_goes_back(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.CANCELLED)
    late = payments.claim(world.unit, order)
    assert isinstance(late, LateClaim) and late.gone is None
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


def receive(world: World, order: Order, minor: int, reference: str = "") -> Received | NothingDue:
    return payments.receive(world.unit, order, minor, by=None, reference=reference)


def came(world: World, order: Order, minor: int, reference: str = "") -> Received:
    result = receive(world, order, minor, reference)
    assert isinstance(result, Received)
    return result


def test_a_part_leaves_the_rest_due_and_the_goods_held_for_a_day(world: World) -> None:
    world.stock(10)
    order = world.place()
    payments.claim(world.unit, order)
    part = came(world, order, 10_000)
    assert (part.missing_minor, part.payment.state) == (order.total_minor - 10_000, "due")
    assert world.timers() == {("order.expire", str(order.id)): world.unit.now + payments.REST_MS}
    world.later(payments.REST_MS - 1)
    assert world.free() == 0
    rest = came(world, order, order.total_minor - 10_000)
    assert rest.moved and rest.moved.after is State.CONFIRMED and rest.excess is None


def test_a_part_without_the_rest_goes_back_with_its_order(world: World) -> None:
    world.stock(10)
    order = world.place()
    came(world, order, 10_000)
    world.later(payments.REST_MS)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    assert payment(world, order).state == "refund_due" and world.free() == 10
    assert refunds.undone(world.db, order) == 10_000
    payments.refunded(world.unit, order, by=world.seller)
    assert {b.account: b.amount_minor for b in accounts.balances(world.db) if b.amount_minor} == {}


def test_a_cancelled_order_of_which_a_part_was_paid_gives_it_back(world: World) -> None:
    world.stock(10)
    order = world.place()
    came(world, order, 10_000)
    orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    assert payment(world, order).state == "refund_due"
    assert isinstance(payments.reject(world.unit, order, by=world.seller), NothingDue)


def test_what_is_above_the_total_is_due_to_go_back(world: World) -> None:
    world.stock(10)
    order = world.place()
    over = came(world, order, order.total_minor + 500)
    assert over.moved and over.excess and over.excess.amount_minor == 500
    assert over.excess.state == "due"
    assert todos.ids(world.db, Kind.SEND_BACK) == [order.id]
    assert refunds.left(world.db, order) == order.total_minor
    refunds.sent(world.unit, over.excess.id, by=world.seller)
    kept = {each.account: each.amount_minor for each in accounts.balances(world.db)}
    assert kept == {"cash:transfer": order.total_minor, "buyer": -order.total_minor}


def test_what_was_offered_stands_no_longer_once_all_of_the_money_goes_back(world: World) -> None:
    world.stock(10)
    order = world.place()
    payments.confirm(world.unit, order, by=world.seller)
    for state in (State.PACKING, State.SHIPPED, State.RETURNING, State.RETURNED):
        orders.move(world.unit, order, state, by=world.seller)
    refunds.offer(world.unit, order, order.total_minor, by=world.seller)
    payments.refund(world.unit, order, by=world.seller)
    assert refunds.of_order(world.db, order) == []
    assert refunds.undone(world.db, order) == order.total_minor


def test_a_notice_that_comes_twice_is_taken_once(world: World) -> None:
    world.stock(10)
    order = world.place(pay_by="wechatpay")
    came(world, order, order.total_minor, "tx-1")
    before = world.everything()
    assert isinstance(receive(world, order, order.total_minor, "tx-1"), NothingDue)
    assert world.everything() == before


def test_an_order_that_is_paid_twice_gives_the_second_back(world: World) -> None:
    world.stock(10)
    order = world.place(pay_by="wechatpay")
    came(world, order, order.total_minor, "tx-1")
    second = came(world, order, order.total_minor, "tx-2")
    assert second.moved is None and second.excess
    assert second.excess.amount_minor == order.total_minor


def test_late_money_of_a_service_confirms_while_the_goods_are_there(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.EXPIRED)
    late = came(world, order, order.total_minor, "tx-1")
    assert late.moved and late.moved.before is State.EXPIRED


def test_late_money_of_a_service_waits_for_a_person_when_the_goods_are_gone(world: World) -> None:
    order = late_and_gone(world)
    late = came(world, order, order.total_minor, "tx-1")
    assert late.gone is Gone.GOODS
    assert payment(world, order).state == "claimed"
    assert isinstance(payments.reject(world.unit, order, by=world.seller), NothingDue)
    payments.refund(world.unit, order, by=world.seller)
    payments.refunded(world.unit, order, by=world.seller)
    assert {b.account: b.amount_minor for b in accounts.balances(world.db) if b.amount_minor} == {}


def test_money_for_a_cancelled_order_goes_back(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.CANCELLED)
    late = came(world, order, order.total_minor, "tx-1")
    assert late.goes_back and late.payment.state == "refund_due"


def test_on_delivery_nothing_is_received_beforehand(world: World) -> None:
    world.stock(10)
    order = world.place(pay_by="cod")
    assert isinstance(receive(world, order, 100), NothingDue)
    with pytest.raises(ValueError):
        receive(world, order, 0)


def test_the_way_to_pay_changes_until_money_has_come(world: World) -> None:
    world.stock(10)
    order = world.place(pay_by="wechatpay")
    changed = payments.pay_otherwise(world.unit, order, "transfer", by=world.buyer.person)
    assert changed and changed.pay_by == payment(world, order).method == "transfer"
    came(world, order, 100)
    assert payments.pay_otherwise(world.unit, order, "wechatpay", by=world.seller) is None


def test_an_older_shop_has_a_receipt_of_what_was_paid(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    files = sorted(MIGRATIONS.glob("*.sql"))
    for file in files[:5]:
        db.executescript(file.read_text("utf-8"))
    db.executescript(
        """INSERT INTO person VALUES (1, 'buyer', '', 0, '');
        INSERT INTO chat (id, person_id, channel, address, created_at) VALUES (1, 1, 'web', 'a', 0);
        INSERT INTO "order" VALUES (1, 'n', 'k', 1, 1, 'confirmed', 'transfer', 'en', '', '', '',
            '', '', '', '', 'CNY', 900, 100, 1000, 7);
        INSERT INTO payment (order_id, method, amount_minor, currency, state, decided_at)
        VALUES (1, 'transfer', 1000, 'CNY', 'paid', 9);"""
    )
    db.executescript(files[5].read_text("utf-8"))
    assert db.execute("SELECT order_id, amount_minor, at FROM receipt").fetchall() == [(1, 1000, 9)]
    assert db.execute(
        "SELECT cash FROM (SELECT amount_minor AS cash FROM order_book WHERE account"
        " = 'cash:transfer')"
    ).fetchall() == [(1000,)]
    db.execute("UPDATE \"order\" SET pay_by = 'wechatpay'")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_the_rest_of_what_came_by_a_code_has_a_code_of_its_own(world: World) -> None:
    world.stock(10)
    order = world.place(pay_by="wechatpay")
    payments.set_code(world.unit, order, "weixin://code")
    for n in (1, 2):
        result = payments.receive(
            world.unit, order, 5_000, by=None, reference=f"tx-{n}", way="wechatpay"
        )
        assert isinstance(result, Received) and result.order.pay_by == "wechatpay"
        assert (result.payment.code, result.payment.bill) == ("", n)
    world.later(payments.REST_MS)  # Nothing is given back before the code is closed.
    assert stock.is_live(world.unit, order.id)
    payments.lapse(world.unit, order)
    assert not stock.is_live(world.unit, order.id) and world.faults() == []


def test_the_rest_of_what_came_by_a_code_too_late_has_a_code_of_its_own(world: World) -> None:
    world.stock(10)
    order = world.place(pay_by="wechatpay")
    payments.set_code(world.unit, order, "weixin://code")
    world.later(HOLD_MS)
    payments.lapse(world.unit, order)
    result = payments.receive(world.unit, order, 5_000, by=None, reference="tx-1", way="wechatpay")
    assert isinstance(result, Received) and result.order.pay_by == "wechatpay"
    assert (result.payment.code, result.payment.bill) == ("", 1)
    assert [each.method for each in payments.receipts(world.db, order.id)] == ["wechatpay"]
    assert isinstance(payments.confirm(world.unit, order, by=world.seller), orders.Moved)
    methods = [each.method for each in payments.receipts(world.db, order.id)]
    assert methods == ["wechatpay", "transfer"] and world.faults() == []


@pytest.mark.parametrize("percent", [1, 100, 130])
def test_what_was_claimed_of_a_cancelled_order_goes_back_once(world: World, percent: int) -> None:
    world.stock(10)
    order = world.place(2)
    payments.claim(world.unit, order)
    orders.move(world.unit, order, State.CANCELLED, by=world.seller)
    minor = order.total_minor * percent // 100
    came = payments.receive(world.unit, order, minor, by=None, reference="a", way="wechatpay")
    assert isinstance(came, Received) and came.goes_back and came.excess is None
    assert isinstance(payments.reject(world.unit, order, by=world.seller), NothingDue)
    assert refunds.undone(world.db, order) == minor
    more = payments.receive(world.unit, order, 5, by=None, reference="b", way="wechatpay")
    assert isinstance(more, Received) and more.excess
    assert world.faults() == []


def test_a_part_that_comes_late_opens_the_order_for_a_day_and_then_goes_back(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.EXPIRED)
    payments.claim(world.unit, order)
    part = receive(world, order, 300)
    assert isinstance(part, Received) and part.missing_minor == order.total_minor - 300
    assert world.state(order) is State.PLACED and part.payment.state == "due"
    assert world.timers() == {("order.expire", str(order.id)): world.unit.now + payments.REST_MS}
    world.later(payments.REST_MS)
    payments.lapse(world.unit, order)
    assert payment(world, order).state == "refund_due" and refunds.undone(world.db, order) == 300
    assert world.timers() == {} and world.faults() == []
