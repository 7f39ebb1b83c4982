"""Buyers, sellers and time act at random on one shop; after each step its invariants hold."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bot.shop import (
    accounts,
    held_goods,
    on_delivery,
    orders,
    payments,
    price_cuts,
    refunds,
    stock,
    todos,
)
from bot.shop.orders import HOLD_MS, State
from bot.shop.todos import Kind
from tests.shop.machine.buying import Buying
from tests.shop.machine.counts import CORDYCEPS, ON_THE_ROAD
from tests.shop.world import MINUTE

DAY = 24 * 60 * MINUTE
# What is expected, and its closing, moved nothing that people are told of.
TOLD_OF_EXPECTED = """
    SELECT id FROM moved WHERE why IN ('expected', 'closed') OR why LIKE 'came %'"""
RESERVED = """
    SELECT reservation.id, best_before FROM reservation JOIN lot ON lot.id = lot_id
    WHERE reservation.id > ?"""
# Of no order more went back by a way than came by it.
NOT_WHERE_IT_CAME_FROM = """
    SELECT order_id, account, sum(amount_minor) AS kept
    FROM posting JOIN entry ON entry.id = entry_id
    WHERE account LIKE 'cash:%' AND order_id IS NOT NULL
    GROUP BY order_id, account HAVING kept < 0"""


class Shop(Buying):
    def teardown(self) -> None:
        """Each run ends with what is too rare to be drawn."""
        try:
            self.a_place_is_bought_again()
            self.nothing_is_broken()
        finally:
            super().teardown()

    @rule(milliseconds=st.sampled_from([1, MINUTE, HOLD_MS - 1, HOLD_MS, 3 * HOLD_MS, DAY]))
    def wait(self, milliseconds: int) -> None:
        self.world.later(milliseconds)

    @rule()
    def timers_fire(self) -> None:
        for (kind, subject), due_at in self.world.timers().items():
            order = orders.by_id(self.world.db, int(subject))
            if kind == "order.expire" and due_at <= self.world.unit.now and order:
                payments.lapse(self.world.unit, order)

    @invariant()
    def nothing_is_broken(self) -> None:
        self.nobody_waits_for_what_is_free()
        assert self.world.faults() == []
        assert not self.world.db.execute(TOLD_OF_EXPECTED).fetchall()
        levels = {each.grade: each.free for each in stock.levels(self.world.unit)}
        for grade in ("large", "small"):
            there = stock.available(self.world.unit, "cordyceps", grade, aside=False)
            assert levels.get(grade, 0) == there
            for days in (0, ON_THE_ROAD):
                lasting = stock.day(self.world.unit, days)
                counted = self.counted(grade, days=days) - self.kept(grade)
                free = stock.available(self.world.unit, "cordyceps", grade, lasting=lasting)
                assert free == max(0, counted)
                for order in self.placed[:8]:
                    counted = self.counted(grade, order.id, days) - self.kept(grade, order.id)
                    free = stock.available(
                        self.world.unit, "cordyceps", grade, besides=order.id, lasting=lasting
                    )
                    assert free == max(0, counted)
        assert all(refunds.left(self.world.db, order) >= 0 for order in self.placed)
        for id, minor in self.agreed().items():
            assert price_cuts.agreed(self.world.db, id) == minor
        for id, last in self.last_cuts().items():
            assert price_cuts.last(self.world.db, id) == last
        if self.sales:
            self.no_sale_is_oversold()
        self.services_have_what_is_left()
        self.nobody_pays_more_than_usual()
        arrival = stock.day(self.world.unit, ON_THE_ROAD)
        new = list(self.world.db.execute(RESERVED, (self.reserved,)))
        assert all(row["best_before"] == "" or row["best_before"] >= arrival for row in new)
        self.reserved = max([self.reserved, *(row["id"] for row in new)])
        assert self.world.db.execute(NOT_WHERE_IT_CAME_FROM).fetchall() == []
        owed = {each.household: each.minor for each in accounts.owed(self.world.db, 9)}
        assert owed == {name: minor for name, minor in self.debt.items() if minor}
        for came, _, _ in self.lots:
            assert stock.came_in(self.world.db, came) == came.on_hand
        for household in accounts.households(self.world.db):
            assert accounts.given(self.world.db, household) == self.paid_to[household.household]
        listed = set(todos.ids(self.world.db, Kind.UNSETTLED))
        returning = orders.in_state(self.world.db, State.RETURNING)
        # What arrived is listed if the goods that were to be sent again were called off after that.
        listed -= self.unsettled(State.DELIVERED)
        short = {each.id for each in self.placed if on_delivery.is_short(self.world.db, each)}
        db = self.world.db
        coming = {each.id for each in self.placed if held_goods.on_way_back(db, each.id)}
        waiting = self.unsettled(State.RETURNED) | {order.id for order in returning}
        assert listed - short - coming == waiting - short - coming
        assert short <= listed
        kept = accounts.balances(self.world.db)
        assert sum(each.amount_minor for each in kept) == 0
        assert sum(e.amount_minor for e in kept if e.account.startswith("cash:")) == self.cash

    def nobody_pays_more_than_usual(self) -> None:
        """Whatever price a buyer was given: so much of it costs others no less."""
        for order in self.placed[-8:]:
            for line in order.lines:
                usual = CORDYCEPS.grade(line.grade).price_for(line.amount)
                assert line.total_minor <= usual.of(line.amount)

    def no_sale_is_oversold(self) -> None:
        """By the lines of the orders that stand at a sale's price, but for what is sent again."""
        standing = [
            (order.person_id, line.price.minor, line.amount)
            for order in map(self.fresh, self.placed)
            if order.state not in (State.CANCELLED, State.EXPIRED) and "again" not in order.key
            for line in order.lines
        ]
        for sale in self.sales:
            bought: dict[int, int] = {}
            for person_id, minor, amount in standing:
                if minor == sale.minor:
                    bought[person_id] = bought.get(person_id, 0) + amount
            assert sum(bought.values()) <= sale.quantity
            assert max(bought.values(), default=0) <= sale.per_person


TestShop = Shop.TestCase
TestShop.settings = settings(
    max_examples=120,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
