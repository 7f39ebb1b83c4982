"""Other goods for an order that is paid and not packed: its money goes over to the new one."""

from __future__ import annotations

import pytest

from bot.shop import accounts, exports, follow_ups, orders, payments, refunds, repayments, vouchers
from bot.shop.follow_ups import Changed
from bot.shop.orders import HOLD_MS, NotAllowed, Order, State
from bot.shop.payment_states import Claimed, Received
from bot.shop.payments import REST_MS
from tests.shop.world import World, pieces

EACH, SHIPPING = 3_500, 1_000


def paid(world: World, amount: int = 10) -> Order:
    """An order of which a part came by a service and the rest by transfer."""
    order = world.place(amount, pay_by="wechatpay")
    by_service = {"reference": "tx-1", "way": "wechatpay"}
    payments.receive(world.unit, order, 20_000, by=None, **by_service)
    rest = payments.missing(world.db, order)
    payments.receive(world.unit, order, rest, by=world.seller)
    assert world.state(order) is State.CONFIRMED
    return order


def changed(world: World, order: Order, amount: int, grade: str = "large") -> Received:
    result = world.change(order, pieces(amount, grade))
    assert isinstance(result, Changed) and result.money
    assert result.order.replaces == order.id and world.state(order) is State.CANCELLED
    assert payments.of_order(world.db, order.id).state == "void"
    assert payments.receipts(world.db, order.id) == []
    assert world.faults() == []
    return result.money


def cash(world: World) -> dict[str, int]:
    books = accounts.balances(world.db)
    return {each.account: each.amount_minor for each in books if each.account.startswith("cash:")}


def test_what_costs_more_waits_for_the_rest_only(world: World) -> None:
    world.stock(20)
    order = paid(world, 10)
    before = cash(world)
    money = changed(world, order, 20)
    assert (money.missing_minor, money.excess, money.moved) == (10 * EACH, None, None)
    assert world.state(money.order) is State.PLACED and world.free() == 0
    assert payments.missing(world.db, money.order) == 10 * EACH
    assert cash(world) == before
    world.later(REST_MS - 1)
    with pytest.raises(NotAllowed):
        orders.move(world.unit, money.order, State.EXPIRED, by=None)
    result = payments.receive(world.unit, money.order, 10 * EACH, by=world.seller)
    assert isinstance(result, Received) and result.moved
    assert world.faults() == []


def test_the_export_tells_that_money_went_over(world: World) -> None:
    world.stock(20)
    order = paid(world, 10)
    world.later(HOLD_MS)
    start = world.unit.now
    money = changed(world, order, 20)
    rows = exports.TABLES["cash"].rows(world.db, exports.Period(start))
    rest = order.total_minor - 20_000
    assert [row[1:5] for row in rows] == [
        ("改单转款", order.number, "转账", -rest),
        ("改单转款", order.number, "微信支付", -20_000),
        ("改单转款", money.order.number, "转账", rest),
        ("改单转款", money.order.number, "微信支付", 20_000),
    ]


def test_the_export_counts_money_that_went_over_once(world: World) -> None:
    world.stock(20)
    order = paid(world, 10)
    changed(world, order, 20)
    sales = exports.TABLES["sales"].rows(world.db, exports.ALWAYS)
    assert [row[9:12] for row in sales] == [(0, 0, 0), (order.total_minor, 0, order.total_minor)]


def test_the_rest_that_never_comes_sends_all_back_to_where_it_came_from(world: World) -> None:
    world.stock(20)
    order = paid(world, 10)
    before = cash(world)
    money = changed(world, order, 20)
    world.later(REST_MS)
    payments.lapse(world.unit, money.order)
    assert world.state(money.order) is State.EXPIRED and world.free() == 20
    assert payments.of_order(world.db, money.order.id).state == "refund_due"
    back = refunds.all_of(world.db, money.order)
    assert back.amount_minor == order.total_minor
    asked = repayments.ask(world.unit, back, by=world.seller)
    assert [(each.reference, each.amount_minor) for each in asked] == [("tx-1", 20_000)]
    assert cash(world) == before
    repayments.turn_out(world.unit, asked[0], repayments.RepaymentState.SENT, by=None)
    payments.refunded(world.unit, money.order, by=world.seller)
    assert set(cash(world).values()) == {0}
    assert world.faults() == []


def test_it_can_be_changed_back_before_the_rest_has_come(world: World) -> None:
    world.stock(20)
    money = changed(world, paid(world, 10), 20)
    again = changed(world, money.order, 10)
    assert again.moved and again.order.state is State.CONFIRMED and not again.excess
    assert world.free() == 10


def test_what_costs_the_same_is_confirmed_at_once(world: World) -> None:
    world.stock(10)
    world.stock(10, grade="small")
    money = changed(world, paid(world, 10), 10, "small")
    assert money.moved and money.order.state is State.CONFIRMED and not money.excess
    assert (world.free(), world.free(grade="small")) == (10, 0)
    for state in (State.PACKING, State.SHIPPED, State.DELIVERED):
        orders.move(world.unit, money.order, state, by=world.seller)
    books = {each.account: each.amount_minor for each in accounts.balances(world.db)}
    assert books["buyer"] == 0 and books["sales"] == -10 * EACH
    assert world.faults() == []


def test_what_costs_less_is_confirmed_and_the_excess_goes_back(world: World) -> None:
    world.stock(10)
    order = paid(world, 10)
    money = changed(world, order, 4)
    assert money.moved and money.excess and money.excess.amount_minor == 6 * EACH
    asked = repayments.ask(world.unit, money.excess.back, by=world.seller)
    assert sum(each.amount_minor for each in asked) == 6 * EACH - (order.total_minor - 20_000)
    repayments.turn_out(world.unit, asked[0], repayments.RepaymentState.SENT, by=None)
    assert refunds.sent(world.unit, money.excess.id, by=world.seller)
    assert sum(cash(world).values()) == money.order.total_minor
    assert world.faults() == []


def test_what_is_due_to_go_back_pays_first_and_what_was_agreed_stays_so(world: World) -> None:
    world.stock(20)
    order = world.order_in(State.CONFIRMED)
    for minor in (1_000, 2_000):
        offered = refunds.offer(world.unit, order, minor, by=world.seller)
        assert not isinstance(offered, refunds.TooMuch)
        refunds.accept(world.unit, offered.id, by=world.buyer.person)
        if minor == 1_000:
            refunds.sent(world.unit, offered.id, by=world.seller)
    money = changed(world, order, 20)
    assert money.missing_minor == 10 * EACH - 2_000
    assert money.order.discount_minor == 3_000
    assert [each.state for each in refunds.of_order(world.db, money.order)] == ["sent"]
    assert isinstance(offered, refunds.Refund)
    assert refunds.sent(world.unit, offered.id, by=world.seller) is None
    payments.confirm(world.unit, money.order, by=world.seller)
    assert sum(cash(world).values()) == money.order.total_minor
    assert world.faults() == []


def test_fewer_and_then_as_many_as_before_is_paid_already(world: World) -> None:
    world.stock(20)
    fewer = changed(world, paid(world, 10), 4)
    assert fewer.excess and fewer.excess.amount_minor == 6 * EACH
    again = changed(world, fewer.order, 10)
    assert again.moved and not again.excess and not again.missing_minor
    assert refunds.of_order(world.db, again.order) == []
    world.later(REST_MS)
    assert world.state(again.order) is State.CONFIRMED


def test_of_what_a_service_sent_in_part_only_the_rest_counts(world: World) -> None:
    world.stock(20)
    fewer = changed(world, paid(world, 10), 1)
    assert fewer.excess
    asked = repayments.ask(world.unit, fewer.excess.back, by=world.seller)
    went = sum(each.amount_minor for each in asked)
    assert 0 < went < fewer.excess.amount_minor
    repayments.turn_out(world.unit, asked[0], repayments.RepaymentState.SENT, by=None)
    result = world.change(fewer.order, pieces(10))
    assert isinstance(result, Changed) and result.money
    assert result.counted_minor == fewer.excess.amount_minor - went
    assert result.money.missing_minor == went
    sent = refunds.of_order(world.db, result.order)[-1]
    assert (sent.state, sent.amount_minor, sent.sent_at) == ("sent", went, world.unit.now)
    assert world.faults() == []


def test_money_for_an_order_that_was_changed_is_for_the_one_in_its_place(world: World) -> None:
    world.stock(20)
    order = world.place(10)
    first = world.change(order, pieces(12))
    assert isinstance(first, Changed)
    second = world.change(first.order, pieces(11))
    assert isinstance(second, Changed)
    result = payments.receive(world.unit, order, order.total_minor, by=world.seller)
    assert isinstance(result, Received) and result.order.id == second.order.id
    assert result.missing_minor == EACH
    claimed = payments.claim(world.unit, order)
    assert isinstance(claimed, Claimed) and claimed.order.id == second.order.id
    assert world.faults() == []


def test_money_for_what_is_now_paid_on_delivery_goes_back(world: World) -> None:
    world.stock(20)
    order = world.place(10)
    assert isinstance(world.change(order, pieces(12), pay_by="cod"), Changed)
    result = payments.receive(world.unit, order, order.total_minor, by=world.seller)
    assert isinstance(result, Received) and result.goes_back
    assert world.faults() == []


def test_an_offer_that_stands_is_over(world: World) -> None:
    world.stock(20)
    order = world.order_in(State.CONFIRMED)
    offered = refunds.offer(world.unit, order, 1_000, by=world.seller)
    assert not isinstance(offered, refunds.TooMuch)
    changed(world, order, 12)
    assert refunds.accept(world.unit, offered.id, by=world.buyer.person) is None


def test_a_part_payment_goes_over_too(world: World) -> None:
    world.stock(20)
    order = world.place(10)
    payments.receive(world.unit, order, 10_000, by=world.seller)
    money = changed(world, order, 12)
    assert money.missing_minor == money.order.total_minor - 10_000
    assert changed(world, money.order, 2).excess


def test_the_rest_is_held_for_a_day_though_its_buyer_was_about_to_pay(world: World) -> None:
    world.stock(20)
    money = changed(world, paid(world, 10), 20)
    assert payments.hold_for_payment(world.unit, money.order)
    world.later(HOLD_MS)
    with pytest.raises(NotAllowed):
        orders.move(world.unit, money.order, State.EXPIRED, by=None)


def test_the_rest_may_be_paid_otherwise(world: World) -> None:
    world.stock(20)
    money = changed(world, paid(world, 10), 20)
    order = payments.pay_otherwise(world.unit, money.order, "transfer", by=world.buyer.person)
    assert order and order.pay_by == "transfer"
    assert payments.pay_otherwise(world.unit, order, "wechatpay", by=None) is None
    world.later(HOLD_MS)
    payments.confirm(world.unit, order, by=world.seller)
    rest = payments.receipts(world.db, order.id)[-1]
    assert (rest.method, rest.amount_minor) == ("transfer", 10 * EACH)
    assert world.faults() == []


def test_a_voucher_stays_with_it_or_is_given_back_below_its_sum(world: World) -> None:
    world.stock(20)
    made = vouchers.make(world.unit, "sum", 2_000, least_minor=30_000, made=1, by=world.seller)
    order = world.place(10, voucher=made)
    payments.confirm(world.unit, order, by=world.seller)
    more = changed(world, order, 12)
    assert (more.order.discount_minor, more.missing_minor) == (2_000, 2 * EACH)
    less = changed(world, more.order, 6)
    assert less.order.discount_minor == 0 and less.excess
    assert less.excess.amount_minor == 4 * EACH - 2_000
    assert vouchers.usable(world.unit, made.code, world.buyer.person.id)


def test_what_a_voucher_paid_wholly_waits_as_an_unpaid_order_does(world: World) -> None:
    world.stock(30)
    made = vouchers.make(world.unit, "sum", 200_000, made=1, by=world.seller)
    order = world.place(30, voucher=made)
    assert (order.total_minor, world.state(order)) == (0, State.CONFIRMED)
    result = world.change(order, pieces(10))
    assert isinstance(result, Changed) and result.money is None
    assert (result.order.total_minor, world.free()) == (SHIPPING, 20)
    world.later(HOLD_MS)
    orders.move(world.unit, result.order, State.EXPIRED, by=None)
    assert world.faults() == []


def test_with_shortages_it_stands_as_if_nobody_had_asked(world: World) -> None:
    world.stock(10)
    order = paid(world, 10)
    before = world.everything()
    short = world.change(order, pieces(11), pieces(1, "small"))
    assert isinstance(short, list)
    assert [(each.grade, each.available) for each in short] == [("large", 10), ("small", 0)]
    assert world.everything() == before


def test_what_a_person_or_a_service_is_busy_with_is_not_changed(world: World) -> None:
    world.stock(50)
    order = paid(world, 10)
    with pytest.raises(NotAllowed):  # It would be paid twice, or never.
        world.change(order, pieces(12), pay_by="cod")
    payments.receive(world.unit, order, 500, by=None, reference="tx-2", way="wechatpay")
    excess = refunds.of_order(world.db, order)[0]
    asked = repayments.ask(world.unit, excess.back, by=world.seller)
    assert not follow_ups.may_change(world.unit, order)
    repayments.turn_out(world.unit, asked[0], repayments.RepaymentState.SENT, by=None)
    refunds.settle(world.unit, excess.id, by=None)
    assert changed(world, order, 12).missing_minor == 2 * EACH
    packed = world.order_in(State.PACKING)
    assert not follow_ups.may_change(world.unit, packed)


def test_what_is_paid_on_delivery_is_accepted_anew(world: World) -> None:
    world.stock(20)
    order = world.order_in(State.CONFIRMED, pay_by="cod")
    result = world.change(order, pieces(12))
    assert isinstance(result, Changed) and result.money is None
    assert world.state(result.order) is State.PLACED
    assert isinstance(payments.confirm(world.unit, result.order, by=world.seller), orders.Moved)
    assert world.faults() == []


def test_what_was_sent_again_for_nothing_is_not_changed(world: World) -> None:
    world.stock(20)
    order = world.order_in(State.DELIVERED)
    again = follow_ups.send_again(world.unit, world.shelf, order, by=world.seller)
    assert isinstance(again, orders.Moved)
    assert not follow_ups.may_change(world.unit, again.order)
