"""Placing orders and moving them: every move of the table, and every one that is not in it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.shop import orders, payments, stock
from bot.shop.catalogue import Price
from bot.shop.orders import MOVES, Already, Moved, NotAllowed, NotPlaceable, State, Wanted
from bot.shop.payment_states import Claimed
from bot.shop.stock import Shortage
from tests.shop.world import CATALOGUE, CHENGDU, LHASA, MINUTE, PARIS, START, WAYS, World, pieces

PLACED = [state for state in State if state is not State.DRAFT]


def test_the_table_of_moves_is_sound() -> None:
    orders.validate_moves()


@pytest.mark.parametrize(
    "moves",
    [
        {state: targets for state, targets in MOVES.items() if state is not State.RETURNED},
        {**MOVES, State.RETURNING: frozenset()},
    ],
)
def test_a_table_with_an_unknown_or_unreachable_state_is_refused(moves) -> None:
    with pytest.raises(ValueError):
        orders.validate_moves(moves)


@pytest.mark.parametrize("before", PLACED)
@pytest.mark.parametrize("after", PLACED)
def test_a_move_is_made_and_recorded_or_refused_and_changes_nothing(
    world: World, before: State, after: State
) -> None:
    world.stock(100)
    order = world.order_in(before, pay_by="cod" if before is not State.EXPIRED else "transfer")
    if before is State.PLACED and after is State.EXPIRED:
        pytest.skip("expiry has tests of its own")
    # Only what was lost can be found, and nothing goes on by itself.
    came_back = before is State.RETURNED or (
        before is State.RETURNING and after is not State.RETURNED
    )
    is_again = (before, after) == (State.SHIPPED, State.PACKING)  # see test_not_left
    is_over = (before, after) == (State.EXPIRED, State.CANCELLED)  # unless it is claimed
    if after not in MOVES[before] or came_back or is_again or is_over:
        all_before = world.everything()
        with pytest.raises(NotAllowed) as refusal:
            orders.move(world.unit, order, after, by=world.seller)
        assert (refusal.value.order, refusal.value.to) == (order, after)
        assert world.everything() == all_before
        return
    if (before, after) == (State.EXPIRED, State.CONFIRMED):
        world.db.execute("UPDATE payment SET state = 'paid'")
        world.db.execute(
            "INSERT INTO receipt (order_id, method, amount_minor, at) VALUES (?, 'transfer', ?, 0)",
            (order.id, order.total_minor),
        )
    moved = orders.move(world.unit, order, after, by=world.seller, why="because")
    assert moved == Moved(replace(order, state=after), before, after, world.seller.id, "because")
    assert orders.by_id(world.db, order.id) == moved.order
    last = orders.history(world.db, order.id)[-1]
    assert last == orders.Move(before, after, world.seller.id, "because", world.unit.now)
    assert len(orders.history(world.db, order.id)) == len(WAYS[before]) + 2


def test_placing_writes_order_reservation_payment_move_and_timer(world: World) -> None:
    world.stock(100)
    placed = world.try_place(Wanted("cordyceps", "large", 1, "box"), key="draft-1")
    assert isinstance(placed, Moved)
    order = placed.order
    assert (placed.before, placed.after, placed.by) == (
        State.DRAFT,
        State.PLACED,
        world.buyer.person.id,
    )
    assert order == orders.by_id(world.db, order.id) == orders.by_key(world.db, "draft-1")
    assert order.number.startswith("260801-") and len(order.number) == 13
    (line,) = order.lines
    assert (line.quantity, line.unit, line.amount) == (1, "box", 50)
    assert line.name == "cordyceps-zh large"
    assert (order.goods_minor, order.shipping_minor, order.total_minor) == (175_000, 0, 175_000)
    assert order.recipient == CHENGDU
    payment = payments.of_order(world.db, order.id)
    assert (payment.state, payment.amount_minor, payment.method) == ("due", 175_000, "transfer")
    assert world.free() == 50
    assert world.timers() == {("order.expire", str(order.id)): START + orders.HOLD_MS}


def test_placing_the_same_draft_again_gives_the_same_order(world: World) -> None:
    world.stock(15)
    first = world.place(10, key="draft")
    before = world.everything()
    assert world.try_place(pieces(10), key="draft") == Already(first)
    assert world.try_place(pieces(1), key="draft") == Already(first)
    assert world.try_place(pieces(5), key="draft", recipient=PARIS) == Already(first)
    orders.move(world.unit, first, State.CANCELLED, by=world.seller)
    again = world.try_place(pieces(10), key="draft")
    assert isinstance(again, Already) and again.order.state is State.CANCELLED
    assert len(before["order"]) == len(world.everything()["order"]) == 1


def test_all_shortages_are_told_at_once_and_nothing_is_written(world: World) -> None:
    world.stock(5)
    world.stock(400, "jerky", "")
    before = world.everything()
    wants = (pieces(3), pieces(3), Wanted("jerky", "", 2, "bag"), pieces(1, "small"))
    assert world.try_place(*wants) == [
        Shortage("cordyceps", "large", 6, 5),
        Shortage("jerky", "", 500, 400),
        Shortage("cordyceps", "small", 1, 0),
    ]
    assert world.everything() == before


def test_the_last_piece_goes_to_the_first_who_asks(world: World) -> None:
    world.stock(1)
    world.place(1)
    assert world.try_place(pieces(1), chat=world.rival) == [Shortage("cordyceps", "large", 1, 0)]


def test_a_number_that_is_taken_is_drawn_again(world: World) -> None:
    world.stock(100)
    state = world.unit.ids.getstate()
    first = world.place(1, key="a")
    world.unit.ids.setstate(state)
    second = world.place(1, key="b")
    assert first.number != second.number


@pytest.mark.parametrize(
    ("want", "recipient", "pay_by", "problem"),
    [
        (pieces(1), PARIS, "transfer", "no-zone"),
        (pieces(1), PARIS, "cod", "cod-not-there"),
        (Wanted("matsutake", "5-7", 500, "g"), LHASA, "transfer", "no-cold-chain"),
        (Wanted("gone", "", 1, "g"), CHENGDU, "transfer", "not-sold"),
        (Wanted("jerky", "", 1, "pc"), CHENGDU, "transfer", "not-sold"),
        (pieces(0), CHENGDU, "transfer", "not-sold"),
        (pieces(1, "huge"), CHENGDU, "transfer", "not-sold"),
    ],
)
def test_what_cannot_be_delivered_is_not_placed(world: World, want, recipient, pay_by, problem):
    before = world.everything()
    quote = orders.quote(CATALOGUE, [want], recipient, "en", pay_by)
    assert problem in quote.problems
    with pytest.raises(NotPlaceable):
        world.try_place(want, recipient=recipient, pay_by=pay_by)
    assert world.everything() == before


def test_an_order_of_nothing_or_of_too_many_lines_is_not_placed(world: World) -> None:
    world.stock(1000)
    for wants in ((), (pieces(1),) * (orders.LINES_MAX + 1)):
        with pytest.raises(NotPlaceable):
            world.try_place(*wants)


def test_shipping_counts_every_kilogram_begun_and_is_free_from_a_sum_on() -> None:
    def shipping(grams: int, recipient=LHASA) -> int | None:
        want = Wanted("jerky", "", grams, "g")
        return orders.quote(CATALOGUE, [want], recipient, "en").shipping_minor

    assert [shipping(grams) for grams in (500, 1000, 1001, 2000, 2001)] == [
        1_500,
        1_500,
        2_300,
        2_300,
        3_100,
    ]
    assert shipping(5_000, CHENGDU) == 1_000 + 4 * 800
    assert shipping(5_556, CHENGDU) == 0  # 100,008 of goods
    assert shipping(500, replace(LHASA, country="")) == 1_500


def test_a_quote_without_a_recipient_prices_the_goods_alone() -> None:
    quote = orders.quote(CATALOGUE, [pieces(2)], None, "bo")
    assert (quote.goods_minor, quote.shipping_minor, quote.total_minor) == (7_000, None, None)
    assert quote.problems == () and quote.lines[0].name == "cordyceps-zh large"


def test_an_order_expires_only_when_its_time_has_come(world: World) -> None:
    world.stock(10)
    order = world.place(10)
    world.later(orders.HOLD_MS - 1)
    before = world.everything()
    with pytest.raises(NotAllowed):
        orders.move(world.unit, order, State.EXPIRED, by=None)
    assert world.everything() == before
    world.later(1)
    orders.move(world.unit, order, State.EXPIRED, by=None)
    assert world.free() == 10 and world.timers() == {}


def test_an_order_paid_on_delivery_or_claimed_does_not_expire(world: World) -> None:
    world.stock(100)
    accepted_later = world.place(pay_by="cod")
    claimed = world.place()
    payments.claim(world.unit, claimed)
    world.later(10 * orders.HOLD_MS)
    for order in (accepted_later, claimed):
        with pytest.raises(NotAllowed):
            orders.move(world.unit, order, State.EXPIRED, by=None)
    assert world.free() == 80


def test_an_expired_order_is_not_confirmed_without_its_goods(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.EXPIRED)
    world.place(5, chat=world.rival)
    before = world.everything()
    with pytest.raises(NotAllowed):
        orders.move(world.unit, order, State.CONFIRMED, by=world.seller)
    assert world.everything() == before


def test_cancelling_gives_the_goods_back_and_settles_the_payment(world: World) -> None:
    world.stock(100)
    due, claimed, paid = world.place(), world.place(), world.place()
    payments.claim(world.unit, claimed)
    payments.confirm(world.unit, paid, by=world.seller)
    states = []
    for order in (due, claimed, paid):
        orders.move(world.unit, order, State.CANCELLED, by=order.person_id, why="buyer")
        states.append(str(payments.of_order(world.db, order.id).state))
    assert states == ["void", "refund_due", "refund_due"]
    assert world.free() == 100 and world.timers() == {}


def test_shipping_sells_the_goods_and_delivery_collects_what_is_paid_then(world: World) -> None:
    lot = world.stock(10)
    order = world.order_in(State.SHIPPED, pay_by="cod")
    assert stock.levels(world.unit) == []
    sold = world.db.execute("SELECT * FROM movement WHERE kind = 'sale'").fetchall()
    assert [(row["lot_id"], row["quantity"], row["order_id"]) for row in sold] == [
        (lot.id, -10, order.id)
    ]
    assert payments.of_order(world.db, order.id).state == "due"
    orders.move(world.unit, order, State.DELIVERED, by=world.seller)
    assert payments.of_order(world.db, order.id).state == "paid"


@pytest.mark.parametrize("state", PLACED)
def test_who_may_cancel(world: World, state: State) -> None:
    world.stock(100)
    order = world.order_in(state, pay_by="transfer" if state is State.EXPIRED else "cod")
    assert orders.may_cancel(world.db, order, world.buyer.person) is (
        state in (State.PLACED, State.CONFIRMED)
    )
    assert orders.may_cancel(world.db, order, world.rival.person) is False
    assert orders.may_cancel(world.db, order, world.seller) is (
        state in (State.PLACED, State.CONFIRMED, State.PACKING)
    )


def test_what_is_said_to_be_paid_late_can_be_called_off_by_its_buyer(world: World) -> None:
    world.stock(10)
    order, buyer = world.order_in(State.EXPIRED), world.buyer.person
    with pytest.raises(NotAllowed):
        orders.move(world.unit, order, State.CANCELLED, by=buyer)
    claimed = payments.claim(world.unit, order)
    assert isinstance(claimed, Claimed) and world.free() == 0
    assert orders.may_cancel(world.db, claimed.order, buyer)
    assert not orders.may_cancel(world.db, claimed.order, world.rival.person)
    assert not orders.may_cancel(world.db, claimed.order, world.seller)
    cancelled = orders.move(world.unit, claimed.order, State.CANCELLED, by=buyer).order
    payment = payments.of_order(world.db, order.id)
    assert world.free() == 10 and payments.is_unseen(world.db, payment)
    payments.reject(world.unit, cancelled, by=world.seller)
    assert payments.of_order(world.db, order.id).state == "void"
    assert world.faults() == []


def test_an_order_is_found_however_its_number_is_typed(world: World) -> None:
    world.stock(10)
    order = world.place(1)
    world.db.execute("UPDATE \"order\" SET number = '260801-012345'")
    found = replace(order, number="260801-012345")
    for typed in (
        "260801-012345",
        " 260801012345 ",
        "260801 012345",
        "2608 01 01 23 45",
        "２６０８０１－０１２３４５",
        "༢༦༠༨༠༡-༠༡༢༣༤༥",
        "260801–012345",
        "订单260801-012345到哪里了？",
        "#260801-012345 please",
    ):
        assert orders.find(world.db, typed) == found, typed
    others = ("260801-012346", "1260801-012345", "SF260801012345", "260801-0123456", "在吗", "")
    for typed in others:
        assert orders.find(world.db, typed) is None, typed


def test_orders_are_listed_by_person_state_and_time(world: World) -> None:
    world.stock(100)
    first = world.place(1)
    world.later(MINUTE)
    second = world.place(2)
    other = world.place(3, chat=world.rival, pay_by="cod")
    person = world.buyer.person.id
    assert orders.of_person(world.db, person) == [second, first]
    assert orders.of_person(world.db, person, limit=1) == [second]
    assert orders.last_of(world.db, person) == second
    assert orders.last_of(world.db, world.seller.id) is None
    confirmed = orders.move(world.unit, other, State.CONFIRMED, by=world.seller).order
    assert orders.in_state(world.db, State.PLACED) == [first, second]
    assert orders.in_state(world.db, State.CONFIRMED, State.PLACED, limit=3) == [
        first,
        second,
        confirmed,
    ]
    between = orders.placed_between(world.db, START, START + MINUTE)
    assert list(between) == [first]
    assert len(list(orders.placed_between(world.db, None, None))) == 3


def test_faults_are_seen(world: World) -> None:
    world.stock(10)
    world.order_in(State.CONFIRMED)
    world.db.execute("SAVEPOINT sound")
    for harm in (
        "UPDATE lot SET on_hand = on_hand + 1",
        "UPDATE lot SET reserved = reserved - 1",
        "DELETE FROM order_move WHERE id = 2",
        "UPDATE order_move SET to_state = 'delivered' WHERE id = 2",
        "UPDATE \"order\" SET state = 'delivered'",
        "UPDATE order_line SET total_minor = total_minor + 1",
        "UPDATE order_line SET amount = amount + 1",
        "DELETE FROM payment",
        "UPDATE payment SET state = 'due'",
        "UPDATE payment SET amount_minor = 1",
        "DELETE FROM reservation",
        "UPDATE reservation SET expires_at = 1",
        "UPDATE chat SET last_seq = 1",
    ):
        world.db.execute(harm)
        assert world.faults() != [], harm
        world.db.execute("ROLLBACK TO sound")


@pytest.mark.parametrize("amount, minor", [(1, 100), (9, 900), (10, 900), (99, 8910), (100, 8000)])
def test_a_line_costs_by_the_step_it_reaches(amount: int, minor: int) -> None:
    product = CATALOGUE.products["cordyceps"]
    grade = replace(product.grades[0], price=Price(100, 1), steps=((10, 90), (100, 80)))
    product = replace(product, grades=(grade,))
    shop = replace(CATALOGUE, products={"cordyceps": product})
    quote = orders.quote(shop, [pieces(amount)], CHENGDU, "en")
    assert (quote.goods_minor, quote.lines[0].total_minor) == (minor, minor)
    assert quote.lines[0].price.of(amount) == minor
