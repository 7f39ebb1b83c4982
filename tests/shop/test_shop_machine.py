"""Buyers, sellers and time act at random on one shop; after each step its invariants hold."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.shop import (
    accounts,
    expectations,
    follow_ups,
    orders,
    parcels,
    payments,
    refunds,
    stock,
    todos,
    unsettled,
)
from bot.shop.orders import HOLD_MS, MOVES, Moved, NotAllowed, State
from bot.shop.todos import Kind
from tests.shop.world import CATALOGUE, MINUTE, World, pieces

amounts = st.integers(1, 4)  # small, so that most orders can be filled and some cannot
chosen = st.integers(0, 7)
grades = st.sampled_from(["large", "small"])


class Shop(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.stock(6)
        self.world.stock(6, grade="small")
        self.placed: list[orders.Order] = []
        self.cash = 0  # by a count of its own

    def teardown(self) -> None:
        self.world.db.close()

    def order(self, index: int) -> orders.Order:
        return self.placed[index % len(self.placed)]

    @rule(amount=amounts, grade=grades)
    def receive(self, amount: int, grade: str) -> None:
        came = self.world.stock(amount, grade=grade)
        for id in expectations.serve(self.world.unit, came, by=self.world.seller):
            assert not expectations.awaited(self.world.db, id)

    @rule(amount=st.integers(0, 8), grade=grades)
    def expect(self, amount: int, grade: str) -> None:
        """More, or less down to what is ordered."""
        expectations.expect(
            self.world.unit, "cordyceps", grade, amount, "2026-09-01", by=self.world.seller
        )

    @rule(amount=st.integers(2, 4), part=st.integers(1, 3), grade=grades)
    def comes_in_part(self, amount: int, part: int, grade: str) -> None:
        """So that it is not rare that an order waits, and is served in parts."""
        self.expect(8, grade)
        free = self.world.free(grade=grade)
        if self.orderable(grade) >= free + amount:
            placed = self.world.try_place(pieces(free + amount, grade))
            assert isinstance(placed, Moved)
            self.placed.append(placed.order)
            self.receive(min(part, amount - 1), grade)

    @rule(grade=grades)
    def nothing_comes(self, grade: str) -> None:
        """Who waits is called off; what else holds the goods waits for a person."""
        unit, by = self.world.unit, self.world.seller
        for id in expectations.waiting(unit, "cordyceps", grade):
            order = orders.by_id(self.world.db, id)
            if order and orders.may_cancel(order, by):
                orders.move(unit, order, State.CANCELLED, by=by, why="not-come")
        rest = expectations.expect(unit, "cordyceps", grade, 0, "", by=by)
        if rest:
            day = expectations.of_grade(self.world.db, "cordyceps", grade)
            assert day and rest.amount <= day.amount
            expectations.expect(unit, "cordyceps", grade, rest.amount, day.day, by=by)
        assert stock.expected(unit, "cordyceps", grade)[0] == 0

    def orderable(self, grade: str) -> int:
        expected = stock.expected(self.world.unit, "cordyceps", grade)[0]
        return self.world.free(grade=grade) + expected

    @rule(amount=amounts, grade=grades)
    def lose(self, amount: int, grade: str) -> None:
        free = self.world.free(grade=grade)
        short = stock.lose(self.world.unit, "cordyceps", grade, amount, by=self.world.seller)
        assert (short is None) == (amount <= free)

    @rule(first=amounts, second=amounts, grade=grades, cod=st.booleans())
    def place(self, first: int, second: int, grade: str, cod: bool) -> None:
        free = self.orderable("large"), self.orderable("small")
        wanted = (first, second) if grade == "small" else (first + second, 0)
        wants = pieces(first), pieces(second, grade)
        placed = self.world.try_place(*wants, pay_by="cod" if cod else "transfer")
        enough = wanted[0] <= free[0] and wanted[1] <= free[1]
        assert isinstance(placed, Moved) == enough
        if isinstance(placed, Moved):
            self.placed.append(placed.order)

    @rule(grade=grades, patience=st.sampled_from([0, HOLD_MS]))
    def buy_all_that_is_free(self, grade: str, patience: int) -> None:
        self.world.later(patience)
        free = self.orderable(grade)
        if free:
            placed = self.world.try_place(pieces(free, grade), chat=self.world.rival)
            assert isinstance(placed, Moved)
            self.placed.append(placed.order)
        assert self.orderable(grade) == 0

    @precondition(lambda self: self.placed)
    @rule(index=chosen, to=st.sampled_from(list(State)))
    def move(self, index: int, to: State) -> None:
        order, before = self.order(index), self.world.everything()
        if to is State.CONFIRMED:
            return  # Only the money (or its promise) confirms: see `confirm`.
        state = self.world.state(order)
        try:
            orders.move(self.world.unit, order, to, by=self.world.seller)
        except NotAllowed:
            assert self.world.everything() == before
            awaits = to is State.PACKING and expectations.awaited(self.world.db, order.id)
            assert to not in MOVES[state] or to is State.EXPIRED or awaits
        else:
            assert to in MOVES[state]
            if order.pay_by == "cod" and to is State.DELIVERED:
                self.cash += order.total_minor

    @precondition(lambda self: self.placed)
    @rule(index=chosen, percent=st.sampled_from([1, 50, 99, 100, 130]), twice=st.booleans())
    def money_comes(self, index: int, percent: int, twice: bool) -> None:
        """A service tells of a sum, perhaps twice; it need not be what is due."""
        order = self.order(index)
        minor = max(1, order.total_minor * percent // 100)
        reference = self.world.unit.token()
        for _ in range(1 + twice):
            result = payments.receive(self.world.unit, order, minor, by=None, reference=reference)
            if not isinstance(result, payments.NothingDue):
                self.cash += minor

    @rule(index=chosen, minor=st.integers(1, 9_000), fits=st.booleans())
    def money_fits_no_order(self, index: int, minor: int, fits: bool) -> None:
        """A service names an order that is none; a person puts the money to one, or sees to it."""
        unit, reference = self.world.unit, self.world.unit.token()
        found = unsettled.add_money(unit, "wechatpay", reference, "none", minor, "CNY")
        assert found and unsettled.add_money(unit, "wechatpay", reference, "", 1, "CNY") is None
        self.cash += minor
        if fits and self.placed:
            order = self.order(index)
            result = payments.receive(unit, order, minor, by=None, reference=reference)
            if isinstance(result, payments.NothingDue):
                return
        else:
            self.cash -= minor
        for _ in range(2):  # pressed twice
            unsettled.settle_money(unit, found, "", by=self.world.seller)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, proof=st.sampled_from(["", "aa", "bb"]))
    def claim(self, index: int, proof: str) -> None:
        order = self.order(index)
        result = payments.claim(self.world.unit, order, proof=proof)
        if not isinstance(result, payments.NothingDue):
            assert payments.of_order(self.world.db, order.id).state == "claimed"

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def confirm(self, index: int) -> None:
        order = self.order(index)
        before = payments.of_order(self.world.db, order.id).state
        missing = payments.missing(self.world.db, order)
        came = payments.received(self.world.db, order.id)
        result = payments.confirm(self.world.unit, order, by=self.world.seller)
        if isinstance(result, list):
            assert payments.of_order(self.world.db, order.id).state == "claimed"
        elif isinstance(result, Moved) and order.pay_by == "transfer":
            self.cash += missing
        elif before == "claimed" and isinstance(result, payments.NothingDue):
            self.cash += 0 if came else order.total_minor  # of an order that is cancelled

    @rule(amount=amounts, grade=grades, cod=st.booleans(), steps=st.integers(0, 3))
    def sell(self, amount: int, grade: str, cod: bool, steps: int) -> None:
        """So that the later states are not rare."""
        placed = self.world.try_place(pieces(amount, grade), pay_by="cod" if cod else "transfer")
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            payments.claim(self.world.unit, placed.order)
            self.confirm(len(self.placed) - 1)
            for to in (State.PACKING, State.SHIPPED, State.DELIVERED)[:steps]:
                self.move(len(self.placed) - 1, to)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def send_back(self, index: int) -> None:
        order = self.order(index)
        if self.world.state(order) in (State.SHIPPED, State.DELIVERED):
            for state in (State.RETURNING, State.RETURNED):
                orders.move(self.world.unit, order, state, by=self.world.seller)
            stock.put_back(self.world.unit, order.id, self.world.seller)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def reject(self, index: int) -> None:
        payments.reject(self.world.unit, self.order(index), by=self.world.seller)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def give_back(self, index: int) -> None:
        order, db = self.order(index), self.world.db
        came = payments.received(db, order.id)
        payments.refund(self.world.unit, order, by=self.world.seller)
        due = payments.of_order(db, order.id).state == "refund_due"
        payments.refunded(self.world.unit, order, by=self.world.seller)
        if due:
            self.cash += 0 if came else order.total_minor  # nobody had looked for it
            self.cash -= refunds.undone(db, order)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, minor=st.integers(1, 9_000))
    def offer_a_part(self, index: int, minor: int) -> None:
        order = self.order(index)
        left = refunds.left(self.world.db, order)
        offered = refunds.offer(self.world.unit, order, minor, by=self.world.seller)
        if isinstance(offered, refunds.TooMuch):
            assert minor > left or self.world.state(order) not in refunds.OFFERED_WHEN
        else:
            assert minor <= left

    @precondition(lambda self: self.placed)
    @rule(index=chosen, minor=st.integers(1, 9_000))
    def give_a_part_back(self, index: int, minor: int) -> None:
        self.offer_a_part(index, minor)
        self.agree(index)
        for _ in range(2):  # pressed twice
            self.send_a_part(index)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def call_off(self, index: int) -> None:
        self.move(index, State.CANCELLED)

    def refunds_of(self, index: int) -> list[refunds.Refund]:
        order = orders.fresh(self.world.db, self.order(index))
        return refunds.of_order(self.world.db, order)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def agree(self, index: int) -> None:
        for each in self.refunds_of(index):
            refunds.accept(self.world.unit, each.id, by=self.world.buyer.person)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def send_a_part(self, index: int) -> None:
        for each in self.refunds_of(index):
            gone = refunds.sent(self.world.unit, each.id, by=self.world.seller)
            self.cash -= gone.amount_minor if gone else 0

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def ship(self, index: int) -> None:
        order, before = self.order(index), self.world.everything()
        try:
            parcels.ship(self.world.unit, order, "sf", "SF1234567890123", by=self.world.seller)
        except NotAllowed:
            assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen, twice=st.booleans())
    def send_again(self, index: int, twice: bool) -> None:
        for _ in range(1 + twice):
            before = self.world.everything()
            try:
                again = follow_ups.send_again(
                    self.world.unit, CATALOGUE, self.order(index), by=self.world.seller
                )
            except NotAllowed:
                assert self.world.everything() == before
                return
            if isinstance(again, Moved):
                self.placed.append(again.order)
            else:
                assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def lose_the_parcel(self, index: int) -> None:
        try:
            follow_ups.lost(self.world.unit, self.order(index), by=self.world.seller)
        except NotAllowed:
            pass

    @precondition(lambda self: self.placed)
    @rule(index=chosen, amount=amounts, grade=grades)
    def change_goods(self, index: int, amount: int, grade: str) -> None:
        order, before = self.order(index), self.world.everything()
        try:
            changed = follow_ups.change(
                self.world.unit,
                CATALOGUE,
                order,
                key=self.world.unit.token(),
                chat=self.world.buyer,
                wants=[pieces(amount, grade)],
                recipient=order.recipient,
                pay_by=order.pay_by,
                language="en",
                by=self.world.buyer.person,
            )
        except NotAllowed:
            assert self.world.everything() == before
            return
        if isinstance(changed, Moved):
            self.placed.append(changed.order)
            assert self.world.state(order) is State.CANCELLED
        else:
            assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def put_back(self, index: int) -> None:
        if self.world.state(self.order(index)) is State.RETURNED:
            stock.put_back(self.world.unit, self.order(index).id, self.world.seller)

    def unsettled(self) -> set[int]:
        """Orders that are over, whose money is here and whose goods are not with the buyer."""
        db, found = self.world.db, set()
        for order in self.placed:
            over = self.world.state(order) is State.RETURNED
            paid = payments.of_order(db, order.id).state == "paid"
            part = any(
                each.state in ("due", "sent") and not each.is_excess
                for each in refunds.of_order(db, order)
            )
            if over and paid and orders.follow_up(db, order) is None and not part:
                before = orders.by_id(db, order.replaces) if order.replaces else None
                if payments.received(db, order.id) or (
                    before
                    and order.total_minor == 0
                    and payments.of_order(db, before.id).state == "paid"
                ):
                    found.add(order.id)
        return found

    def counted(self, grade: str, besides: int = 0) -> int:
        """What is free, counted from the ledger and the reservations that run."""
        lots = "SELECT id FROM lot WHERE grade = :grade AND expected_on = ''"
        held = f"""SELECT coalesce(sum(quantity), 0) FROM reservation WHERE lot_id IN ({lots})
            AND order_id <> :besides AND (expires_at IS NULL OR expires_at > :now)"""
        there = f"SELECT coalesce(sum(quantity), 0) FROM movement WHERE lot_id IN ({lots})"
        values = {"grade": grade, "besides": besides, "now": self.world.unit.now}
        return int(self.world.db.execute(f"SELECT ({there}) - ({held})", values).fetchone()[0])

    @rule(milliseconds=st.sampled_from([1, MINUTE, HOLD_MS - 1, HOLD_MS, 3 * HOLD_MS]))
    def wait(self, milliseconds: int) -> None:
        self.world.later(milliseconds)

    @rule()
    def timers_fire(self) -> None:
        for (kind, subject), due_at in self.world.timers().items():
            order = orders.by_id(self.world.db, int(subject))
            if kind == "order.expire" and due_at <= self.world.unit.now and order:
                orders.move(self.world.unit, order, State.EXPIRED, by=None)

    @invariant()
    def nothing_is_broken(self) -> None:
        assert self.world.faults() == []
        for grade in ("large", "small"):
            assert self.world.free(grade=grade) == self.counted(grade)
            for order in self.placed[:8]:
                free = stock.available(self.world.unit, "cordyceps", grade, besides=order.id)
                assert free == self.counted(grade, besides=order.id)
        assert all(refunds.left(self.world.db, order) >= 0 for order in self.placed)
        listed = set(todos.ids(self.world.db, Kind.UNSETTLED))
        returning = orders.in_state(self.world.db, State.RETURNING)
        assert listed == self.unsettled() | {order.id for order in returning}
        kept = accounts.balances(self.world.db)
        assert sum(each.amount_minor for each in kept) == 0
        assert sum(e.amount_minor for e in kept if e.account.startswith("cash:")) == self.cash


TestShop = Shop.TestCase
TestShop.settings = settings(
    max_examples=120,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
