"""Buyers, sellers and time act at random on one shop; after each step its invariants hold."""

from __future__ import annotations

from collections import Counter

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
    repayments,
    stock,
)
from bot.shop.orders import HOLD_MS, MOVES, Moved, NotAllowed, State
from bot.shop.repayments import Back, RepaymentState
from tests.shop.world import CATALOGUE, MINUTE, World, pieces

amounts = st.integers(1, 4)  # small, so that most orders can be filled and some cannot
chosen = st.integers(0, 7)
grades = st.sampled_from(["large", "small"])


ON_THE_ROAD = 4  # days to Chengdu
DAY = 24 * 60 * MINUTE
RESERVED = """
    SELECT reservation.id, best_before FROM reservation JOIN lot ON lot.id = lot_id
    WHERE reservation.id > ?"""
# Of no order more went back by a way than came by it.
NOT_WHERE_IT_CAME_FROM = """
    SELECT order_id, account, sum(amount_minor) AS kept
    FROM posting JOIN entry ON entry.id = entry_id
    WHERE account LIKE 'cash:%' AND order_id IS NOT NULL
    GROUP BY order_id, account HAVING kept < 0"""


class Shop(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.stock(6)
        self.world.stock(6, grade="small")
        self.placed: list[orders.Order] = []
        self.cash = 0  # by a count of its own
        self.lots: list[tuple[stock.Lot, str, int]] = []  # with from whom it came, and for what
        self.debt: Counter[str] = Counter()
        self.reserved = 0  # the newest reservation that was looked at
        self.seen = 0  # an entry that a button of some household has named
        self.begun: Counter[tuple[int, int | None]] = Counter()  # what of refunds is sent or asked

    def teardown(self) -> None:
        self.world.db.close()

    def order(self, index: int) -> orders.Order:
        return self.placed[index % len(self.placed)]

    @rule(amount=amounts, grade=grades)
    def receive(self, amount: int, grade: str) -> None:
        came = self.world.stock(amount, grade=grade)
        self.lots.append((came, "", 0))
        for id in expectations.serve(self.world.unit, came, by=self.world.seller):
            assert not expectations.awaited(self.world.db, id)

    @rule(amount=amounts, grade=grades, days=st.integers(0, 8))
    def receive_what_is_over_soon(self, amount: int, grade: str, days: int) -> None:
        unit, until = self.world.unit, stock.day(self.world.unit, days)
        came = stock.receive(
            unit, "cordyceps", grade, amount, by=self.world.seller, best_before=until
        )
        self.lots.append((came, "", 0))

    @precondition(lambda self: self.lots)
    @rule(index=chosen, household=st.sampled_from(["扎西", "卓玛"]), each=st.integers(0, 99))
    def say_the_source(self, index: int, household: str, each: int) -> None:
        """From whom a lot came, for the first time or to correct it."""
        index %= len(self.lots)
        lot, before, owed = self.lots[index]
        now = stock.lot(self.world.db, lot.id)
        assert now and stock.came_in(self.world.db, now) == lot.on_hand
        minor = each * lot.on_hand
        stock.set_source(self.world.unit, now, household, minor, by=self.world.seller)
        self.debt[before] -= owed
        self.debt[household] += minor
        self.lots[index] = lot, household, minor

    @rule(
        household=st.sampled_from(["扎西", "卓玛"]),
        each=st.integers(1, 99),
        corrected=st.integers(0, 99),
        anew=st.booleans(),
    )
    def settle_with_a_household(
        self, household: str, each: int, corrected: int, anew: bool
    ) -> None:
        """It is paid for a lot; then that is corrected, or another comes, and a button pressed."""
        self.receive(1, "large")
        first = len(self.lots) - 1
        self.say_the_source(first, household, each)
        self.pay_a_household(anew=True, last=False)
        self.pay_a_household(anew=True, last=True)
        if anew:
            self.receive(1, "large")
        self.say_the_source(len(self.lots) - 1, household, corrected)
        self.pay_a_household(anew=False, last=False)
        self.pay_a_household(anew=True, last=True)

    @rule(anew=st.booleans(), last=st.booleans())
    def pay_a_household(self, anew: bool, last: bool) -> None:
        """By a button of the newest list, or by one from before."""
        owed = accounts.owed(self.world.db, 9)
        if anew and owed:
            self.seen = owed[-1 if last else 0].entry_id
        known = {each.entry_id: each for each in owed if each.minor > 0}
        paid = accounts.pay(self.world.unit, self.seen, by=self.world.seller)
        assert paid == known.get(self.seen)
        if paid:
            self.cash -= paid.minor
            self.debt[paid.household] -= paid.minor

    @rule(amount=st.integers(0, 8), grade=grades)
    def expect(self, amount: int, grade: str) -> None:
        """More, or less down to what is ordered."""
        expectations.expect(
            self.world.unit, "cordyceps", grade, amount, "2026-09-01", by=self.world.seller
        )

    def orderable(self, grade: str) -> int:
        expected = stock.expected(self.world.unit, "cordyceps", grade)[0]
        return self.free(grade, ON_THE_ROAD) + expected

    def free(self, grade: str, days: int) -> int:
        """What is free and good in so many days."""
        lasting = stock.day(self.world.unit, days)
        return stock.available(self.world.unit, "cordyceps", grade, lasting=lasting)

    @rule(amount=amounts, grade=grades)
    def lose(self, amount: int, grade: str) -> None:
        free = stock.available(self.world.unit, "cordyceps", grade, lasting="")
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
    @rule(
        index=chosen,
        percent=st.sampled_from([1, 50, 99, 100, 130]),
        twice=st.booleans(),
        way=st.sampled_from(["", "wechatpay"]),
    )
    def money_comes(self, index: int, percent: int, twice: bool, way: str) -> None:
        """A service tells of a sum, perhaps twice; it need not be what is due."""
        order = self.order(index)
        minor = max(1, order.total_minor * percent // 100)
        reference = self.world.unit.token()
        for _ in range(1 + twice):
            result = payments.receive(
                self.world.unit, order, minor, by=None, reference=reference, way=way
            )
            if not isinstance(result, payments.NothingDue):
                self.cash += minor

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
        elif isinstance(result, Moved) and order.pay_by != "cod":
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

    @rule(
        amount=amounts,
        percents=st.sampled_from([(100,), (30, 70), (60, 60), (100, 100)]),
        ways=st.permutations(["", "wechatpay"]),
        to=st.sampled_from(list(RepaymentState)),
    )
    def pay_by_code_and_call_off(
        self, amount: int, percents: tuple[int, ...], ways: list[str], to: RepaymentState
    ) -> None:
        """So that money on its way back is not rare."""
        placed = self.world.try_place(pieces(amount), pay_by="wechatpay")
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            index = len(self.placed) - 1
            for percent, way in zip(percents, ways, strict=False):
                self.money_comes(index, percent, False, way)
            self.call_off(index)
            self.services_send_back(index, to)

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
        back = refunds.all_of(db, order)
        payments.refunded(self.world.unit, order, by=self.world.seller)
        if due:
            self.cash += 0 if came else order.total_minor  # nobody had looked for it
            self.sent_by_hand(back)

    def sent_by_hand(self, back: Back) -> None:
        """All of it that no service was asked for."""
        key = back.order_id, back.refund_id
        self.cash -= back.amount_minor - self.begun[key]
        self.begun[key] = back.amount_minor

    def backs_of(self, order: orders.Order) -> list[Back]:
        """What is due to go back of an order, and has not gone."""
        db = self.world.db
        backs = [each.back for each in refunds.of_order(db, order) if each.state == "due"]
        if payments.of_order(db, order.id).state == "refund_due":
            backs.append(refunds.all_of(db, order))
        return backs

    @precondition(lambda self: self.placed)
    @rule(index=chosen, to=st.sampled_from(list(RepaymentState)))
    def services_send_back(self, index: int, to: RepaymentState) -> None:
        """What came by them, if they were asked; and say what became of it."""
        unit, order = self.world.unit, self.order(index)
        for back in self.backs_of(order):
            key = back.order_id, back.refund_id
            for asked in repayments.ask(unit, back, by=self.world.seller):
                assert asked.method == "wechatpay"
                self.begun[key] += asked.amount_minor
            for each in repayments.under_way(self.world.db, back):
                if repayments.turn_out(unit, each, to, by=None):
                    self.cash -= each.amount_minor if to is RepaymentState.SENT else 0
                    self.begun[key] -= each.amount_minor if to is RepaymentState.CLOSED else 0
            if back.refund_id is None:
                payments.settle(unit, order, by=None)
            else:
                refunds.settle(unit, back.refund_id, by=None)
                assert refunds.settle(unit, back.refund_id, by=None) is None

    @precondition(lambda self: self.placed)
    @rule(index=chosen, minor=st.integers(1, 9_000))
    def offer_a_part(self, index: int, minor: int) -> None:
        order = self.order(index)
        left = refunds.left(self.world.db, order)
        offered = refunds.offer(self.world.unit, order, minor, by=self.world.seller)
        if isinstance(offered, refunds.TooMuch):
            assert minor > left or self.world.state(order) not in refunds.OFFERED_IN
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
            refunds.sent(self.world.unit, each.id, by=self.world.seller)
            if each.state == "due":
                self.sent_by_hand(each.back)

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

    def counted(self, grade: str, besides: int = 0, days: int = 0) -> int:
        """What is free and good, counted from the ledger and the reservations that run."""
        lots = """SELECT id FROM lot WHERE grade = :grade AND expected_on = ''
            AND (best_before = '' OR best_before >= :lasting)"""
        held = f"""SELECT coalesce(sum(quantity), 0) FROM reservation WHERE lot_id IN ({lots})
            AND order_id <> :besides AND (expires_at IS NULL OR expires_at > :now)"""
        there = f"SELECT coalesce(sum(quantity), 0) FROM movement WHERE lot_id IN ({lots})"
        values = {"grade": grade, "besides": besides, "now": self.world.unit.now}
        values["lasting"] = stock.day(self.world.unit, days)
        return int(self.world.db.execute(f"SELECT ({there}) - ({held})", values).fetchone()[0])

    @rule(milliseconds=st.sampled_from([1, MINUTE, HOLD_MS - 1, HOLD_MS, 3 * HOLD_MS, DAY]))
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
            assert self.free(grade, ON_THE_ROAD) == self.counted(grade, days=ON_THE_ROAD)
            for order in self.placed[:8]:
                for days in (0, ON_THE_ROAD):
                    free = stock.available(
                        self.world.unit,
                        "cordyceps",
                        grade,
                        besides=order.id,
                        lasting=stock.day(self.world.unit, days),
                    )
                    assert free == self.counted(grade, besides=order.id, days=days)
        assert all(refunds.left(self.world.db, order) >= 0 for order in self.placed)
        arrival = stock.day(self.world.unit, ON_THE_ROAD)
        new = list(self.world.db.execute(RESERVED, (self.reserved,)))
        assert all(row["best_before"] == "" or row["best_before"] >= arrival for row in new)
        self.reserved = max([self.reserved, *(row["id"] for row in new)])
        assert self.world.db.execute(NOT_WHERE_IT_CAME_FROM).fetchall() == []
        owed = {each.household: each.minor for each in accounts.owed(self.world.db, 9)}
        assert owed == {name: minor for name, minor in self.debt.items() if minor}
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
