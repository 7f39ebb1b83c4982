"""Money goes back where it came from: each sum against the receipt by which it came."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.shop import accounts, payments, refunds, repayments
from bot.shop.orders import Order, State, move
from bot.shop.payment_states import Received
from bot.shop.repayments import Repayment, RepaymentState
from tests.shop.world import MIGRATIONS, World


def pays(world: World, order: Order, minor: int, way: str, reference: str) -> Received:
    result = payments.receive(
        world.unit, order, minor, by=None, reference=reference, way=way if reference else ""
    )
    assert isinstance(result, Received)
    return result


def cash(world: World) -> dict[str, int]:
    return {
        each.account.removeprefix("cash:"): each.amount_minor
        for each in accounts.balances(world.db)
        if each.account.startswith("cash:") and each.amount_minor
    }


@pytest.fixture
def order(world: World) -> Order:
    """An order of ¥360 that is to be transferred."""
    world.stock(20)
    return world.place()


def asked(world: World, order: Order) -> Repayment:
    back = refunds.all_of(world.db, order)
    (one,) = repayments.ask(world.unit, back, by=world.seller)
    return one


def test_money_is_kept_by_the_way_it_came_not_by_what_was_agreed(
    world: World, order: Order
) -> None:
    payments.claim(world.unit, order)  # The buyer says it is transferred, and has paid by the code.
    pays(world, order, order.total_minor, "wechatpay", "tx-1")
    assert cash(world) == {"wechatpay": order.total_minor}
    move(world.unit, order, State.CANCELLED, by=world.seller)
    sent = asked(world, order)
    assert (sent.method, sent.reference) == ("wechatpay", "tx-1")
    assert sent.amount_minor == sent.paid_minor == order.total_minor
    assert payments.settle(world.unit, order, by=None) is None
    assert repayments.turn_out(world.unit, sent, RepaymentState.SENT, by=None)
    refunded = payments.settle(world.unit, order, by=None)
    assert refunded and refunded.state == "refunded"
    assert cash(world) == {}
    assert world.faults() == []


def test_what_came_twice_goes_back_by_the_way_of_the_second(world: World, order: Order) -> None:
    payments.confirm(world.unit, order, by=world.seller)
    over = pays(world, order, order.total_minor, "wechatpay", "tx-1").excess
    assert over
    assert cash(world) == dict.fromkeys(("transfer", "wechatpay"), order.total_minor)
    (sent,) = repayments.ask(world.unit, over.back, by=world.seller)
    assert sent.method == "wechatpay"
    assert refunds.settle(world.unit, over.id, by=None) is None
    repayments.turn_out(world.unit, sent, RepaymentState.SENT, by=None)
    assert refunds.settle(world.unit, over.id, by=None)
    assert cash(world) == {"transfer": order.total_minor}
    assert world.faults() == []


def test_what_came_by_two_ways_goes_back_by_two(world: World, order: Order) -> None:
    pays(world, order, 10_000, "", "")
    pays(world, order, order.total_minor - 10_000, "wechatpay", "tx-1")
    move(world.unit, order, State.CANCELLED, by=world.seller)
    sent = asked(world, order)
    back = refunds.all_of(world.db, order)
    assert (sent.amount_minor, repayments.rest(world.db, back)) == (
        order.total_minor - 10_000,
        10_000,
    )
    still = payments.refunded(world.unit, order, by=world.seller)  # The seller sends the rest.
    assert still.state == "refund_due"
    assert cash(world) == {"wechatpay": order.total_minor - 10_000}
    repayments.turn_out(world.unit, sent, RepaymentState.SENT, by=None)
    assert payments.settle(world.unit, order, by=None)
    assert cash(world) == {}
    assert world.faults() == []


def test_what_a_service_will_not_send_is_asked_anew_or_sent_otherwise(
    world: World, order: Order
) -> None:
    pays(world, order, order.total_minor, "wechatpay", "tx-1")
    move(world.unit, order, State.CANCELLED, by=world.seller)
    first = asked(world, order)
    assert repayments.turn_out(world.unit, first, RepaymentState.CLOSED, by=None)
    second = asked(world, order)
    assert second.id != first.id
    closed = repayments.by_id(world.db, first.id)
    assert closed and not repayments.turn_out(world.unit, closed, RepaymentState.SENT, by=None)
    assert repayments.turn_out(world.unit, second, RepaymentState.STUCK, by=None)
    stuck = repayments.by_id(world.db, second.id)
    assert stuck and not repayments.turn_out(world.unit, stuck, RepaymentState.STUCK, by=None)
    assert repayments.turn_out(
        world.unit, stuck, RepaymentState.SENT, by=world.seller, method="transfer"
    )
    assert cash(world) == {"wechatpay": order.total_minor, "transfer": -order.total_minor}
    assert payments.settle(world.unit, order, by=world.seller)
    assert world.faults() == []


def test_what_an_older_shop_sent_back_is_known(tmp_path: Path) -> None:
    """Two orders: of one all went back, of the other what came too much, and a part."""
    db = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    files = sorted(MIGRATIONS.glob("*.sql"))
    new = next(file for file in files if file.stem.endswith("repayments"))
    for file in files[: files.index(new)]:
        db.executescript(file.read_text("utf-8"))
    order = """INSERT INTO "order" (id, number, key, person_id, chat_id, state, pay_by, language,
        name, phone, province, city, district, detail, country, currency, goods_minor,
        shipping_minor, total_minor, placed_at) VALUES (?, ?, ?, 1, 1, ?, 'transfer', 'en', '', '',
        '', '', '', '', '', 'CNY', 900, 100, 1000, 7)"""
    db.executescript(
        """INSERT INTO person (id, role, created_at) VALUES (1, 'buyer', 0);
        INSERT INTO chat (id, person_id, channel, address, created_at) VALUES (1, 1, 'web', 'a', 0);
        """
    )
    db.execute(order, (1, "a", "a", "cancelled"))
    db.execute(order, (2, "b", "b", "delivered"))
    db.executescript(
        """INSERT INTO payment (order_id, method, amount_minor, currency, state, decided_at)
        VALUES (1, 'transfer', 1000, 'CNY', 'refunded', 9), (2, 'transfer', 1000, 'CNY', 'paid', 9);
        INSERT INTO receipt (order_id, method, amount_minor, at)
        VALUES (1, 'transfer', 400, 8), (1, 'transfer', 600, 8), (2, 'transfer', 1300, 8);
        INSERT INTO refund (order_id, amount_minor, state, offered_at, sent_at, is_excess)
        VALUES (2, 300, 'sent', 8, 9, 1), (2, 50, 'sent', 8, 9, 0), (2, 20, 'offered', 8, NULL, 0);
        """
    )
    before = list(db.execute("SELECT * FROM order_book WHERE amount_minor <> 0"))
    db.executescript(new.read_text("utf-8"))
    kept = "SELECT receipt_id, refund_id, amount_minor, state FROM repayment ORDER BY id"
    assert sorted(db.execute(kept), key=str) == [
        (1, None, 400, "sent"),
        (2, None, 600, "sent"),
        (3, 1, 300, "sent"),
        (3, 2, 50, "sent"),
    ]
    summed = """SELECT order_id, account, sum(amount_minor) FROM order_book
        GROUP BY order_id, account HAVING sum(amount_minor) <> 0"""
    assert sorted(db.execute(summed)) == sorted(before)
    db.row_factory = sqlite3.Row
    assert repayments.faults(db) == []
    db.close()
