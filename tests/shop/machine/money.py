"""Money is claimed, comes, is found or not, and goes back, in whole or in part."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.shop import (
    elsewhere,
    expectations,
    found,
    mistakes,
    on_delivery,
    orders,
    payments,
    refunds,
    repayments,
    stock,
    surplus,
    unsettled,
)
from bot.shop.orders import MOVES, Moved, NotAllowed, State
from bot.shop.payment_states import Claimed, Gone, NothingDue, Received
from bot.shop.repayments import Back, Elsewhere, RepaymentState
from tests.shop.machine.counts import amounts, chosen, grades
from tests.shop.machine.goods import Goods
from tests.shop.world import pieces


def begun(back: Back) -> tuple[int, int | None]:
    """What is begun of a refund goes with it to the order in the other's place."""
    return 0 if back.refund_id else back.order_id, back.refund_id


# What goes back of payments by a service.
GOES_BACK = """
    SELECT receipt.method, reference, receipt.amount_minor AS came,
           repayment.amount_minor AS back, repayment.state
    FROM receipt JOIN repayment ON receipt_id = receipt.id WHERE reference <> ''"""


class Money(Goods):
    @precondition(lambda self: self.placed)
    @rule(index=chosen, to=st.sampled_from(list(State)))
    def move(self, index: int, to: State) -> None:
        order, before = self.order(index), self.world.everything()
        if to in (State.CONFIRMED, State.PLACED):
            return  # Only the money (or its promise) confirms, and does not: see `confirm`.
        state, missing = self.world.state(order), payments.missing(self.world.db, order)
        paid = payments.of_order(self.world.db, order.id).state
        is_unseen = paid == "claimed" and not payments.received(self.world.db, order.id)
        try:
            orders.move(self.world.unit, order, to, by=self.world.seller)
        except NotAllowed:
            assert self.world.everything() == before
            awaits = to is State.PACKING and expectations.awaited(self.world.db, order.id)
            refused = to not in MOVES[state] or to is State.EXPIRED or state is State.RETURNED
            refused = refused or state is State.RETURNING
            refused = refused or (state is State.EXPIRED and not is_unseen)
            refused = refused or (state, to) == (State.SHIPPED, State.PACKING)  # but again
            refused = refused or orders.is_in_parts(self.world.db, self.fresh(order))
            assert refused or awaits
        else:
            assert to in MOVES[state]
            assert state is not State.EXPIRED or is_unseen
            now = payments.of_order(self.world.db, order.id).state
            if to is State.RETURNING and paid in ("short", "due"):
                came = payments.receipts(self.world.db, order.id)
                assert now == ("short" if came else "due")
            elif to not in (State.CANCELLED, State.DELIVERED):
                assert now == paid
            if order.pay_by == "cod" and to is State.DELIVERED and paid == "due":
                self.cash += missing

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def call_off(self, index: int) -> None:
        self.move(index, State.CANCELLED)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, proof=st.sampled_from(["", "aa", "bb"]))
    def claim(self, index: int, proof: str) -> None:
        order, db = self.order(index), self.world.db
        result = payments.claim(self.world.unit, order, proof=proof)
        if not isinstance(result, NothingDue):
            state = payments.of_order(db, result.order.id).state
            assert state == "claimed" or on_delivery.is_short(db, result.order)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def confirm(self, index: int) -> None:
        order = self.order(index)
        before = payments.of_order(self.world.db, order.id).state
        missing = payments.missing(self.world.db, order)
        came = payments.received(self.world.db, order.id)
        result = payments.confirm(self.world.unit, order, by=self.world.seller)
        if isinstance(result, Gone):
            assert payments.of_order(self.world.db, order.id).state == "claimed"
            short = orders.short(self.world.unit, order)
            assert bool(short) == (result is Gone.GOODS)
            self.cash += missing  # The money was found, and the goods or their price are gone.
        elif isinstance(result, Moved) and order.pay_by != "cod":
            self.cash += missing
        elif before == "claimed" and isinstance(result, NothingDue):
            self.cash += 0 if came else order.total_minor  # of an order that is cancelled

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def reject(self, index: int) -> None:
        payments.reject(self.world.unit, self.order(index), by=self.world.seller)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def take_back(self, index: int) -> None:
        """What was confirmed last had not come."""
        order, unit = self.order(index), self.world.unit
        minor, before = mistakes.mistakable(self.world.db, order), self.world.everything()
        came, state = payments.received(self.world.db, order.id), self.world.state(order)
        claimed = payments.of_order(self.world.db, order.id).claimed_at is not None
        assert not (minor and refunds.of_order(self.world.db, order))
        result = mistakes.take_back(unit, order, by=self.world.seller)
        assert isinstance(result, NothingDue) == (minor == 0)
        if minor:
            self.cash -= minor
            assert payments.received(self.world.db, order.id) == came - minor
            now, paid = self.world.state(order), payments.of_order(self.world.db, order.id).state
            assert paid == ("short" if state is State.DELIVERED else "due") or claimed
            if order.pay_by == "cod":
                assert now is state
            else:
                assert paid == ("claimed" if claimed else "due")
                assert now is State.PLACED or (now is State.EXPIRED and state is State.PLACED)
        else:
            assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen, to=chosen)
    def money_was_for_another(self, index: int, to: int) -> None:
        """What came too much for one order was for another."""
        unit, other = self.world.unit, self.order(to)
        for each in self.refunds_of(index):
            may = other.id in [o.id for o in surplus.takers(self.world.db, each.id)]
            missing, before = payments.missing(self.world.db, other), self.world.everything()
            moved = surplus.move(unit, each.id, other, by=self.world.seller)
            assert (moved is not None) == may
            if not may:
                assert self.world.everything() == before
            elif each.amount_minor < missing:
                left = missing - each.amount_minor
                assert payments.missing(self.world.db, other) == left

    @rule(amount=amounts, percent=st.sampled_from([110, 150, 200, 300]), again=st.booleans())
    def pay_two_at_once(self, amount: int, percent: int, again: bool) -> None:
        """A person finds what came for two orders, and writes it down for one."""
        for _ in range(2):
            placed = self.world.try_place(pieces(amount), pay_by="transfer")
            if not isinstance(placed, Moved):
                return
            self.placed.append(placed.order)
        first, second = len(self.placed) - 2, len(self.placed) - 1
        minor = self.order(first).total_minor * percent // 100
        payments.receive(self.world.unit, self.order(first), minor, by=self.world.seller)
        self.cash += minor
        self.money_was_for_another(first, second)
        for index in (second, first) if again else ():
            self.take_back(index)

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
            if not isinstance(result, NothingDue):
                self.cash += minor
                assert result.order.id == self.in_its_place(order)

    @precondition(lambda self: self.placed)
    @rule(
        index=chosen,
        percent=st.sampled_from([1, 50, 100, 130]),
        couriers=st.booleans(),
        mistaken=st.booleans(),
    )
    def a_person_finds_money(
        self, index: int, percent: int, couriers: bool, mistaken: bool
    ) -> None:
        """By transfer, or what the courier brought later; and perhaps it was not there."""
        order = self.fresh(self.order(index))
        way = "cod" if couriers and order.pay_by == "cod" else ""
        minor = max(1, order.total_minor * percent // 100)
        result = payments.receive(self.world.unit, order, minor, by=self.world.seller, way=way)
        self.cash += 0 if isinstance(result, NothingDue) else minor
        if isinstance(result, Received) and result.missing_minor and result.order.pay_by != "cod":
            waits = ("order.expire", str(result.order.id)) in self.world.timers()
            assert waits and self.world.state(result.order) is State.PLACED
        if mistaken:
            self.take_back(index)

    def in_its_place(self, order: orders.Order) -> int:
        """The id of the order that stands where one was changed, unless it is paid on delivery."""
        last = order
        for each in self.placed:
            if each.replaces == last.id and self.world.state(last) is State.CANCELLED:
                last = self.fresh(each)
        return order.id if last.pay_by == "cod" else last.id

    @rule(index=chosen, minor=st.integers(1, 9_000), fits=st.booleans())
    def money_fits_no_order(self, index: int, minor: int, fits: bool) -> None:
        """A service names an order that is none; a person puts the money to one, or sees to it."""
        unit, reference = self.world.unit, self.world.unit.token()
        found = unsettled.add_money(unit, "wechatpay", reference, "none", minor, "CNY")
        assert found and unsettled.add_money(unit, "wechatpay", reference, "", 1, "CNY") is None
        self.cash += minor
        if fits and self.placed:
            order = self.order(index)
            result = payments.receive(
                unit, order, minor, by=None, reference=reference, way="wechatpay"
            )
            if isinstance(result, NothingDue):
                return
        else:
            self.cash -= minor
        for _ in range(2):  # pressed twice
            unsettled.settle_money(unit, found, "", by=self.world.seller)

    @rule(minor=st.integers(1, 9_000), account=st.sampled_from(["cash:transfer", "refunds"]))
    def money_goes_twice(self, minor: int, account: str) -> None:
        """A service sends what was sent otherwise; the buyer gives it back, or it is given up."""
        unit, reference = self.world.unit, self.world.unit.token()
        found = unsettled.add_money(unit, "wechatpay", reference, "none", -minor, "CNY")
        assert found
        self.cash -= 0 if account == "cash:transfer" else minor
        for _ in range(2):  # pressed twice
            unsettled.settle_money(unit, found, "", by=self.world.seller, account=account)

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
        key = begun(back)
        self.cash -= back.amount_minor - self.begun[key]
        self.begun[key] = back.amount_minor

    def backs_of(self, order: orders.Order) -> list[Back]:
        """What is due to go back of an order, and has not gone."""
        db = self.world.db
        backs = [each.back for each in refunds.of_order(db, order) if each.state == "due"]
        if payments.of_order(db, order.id).state == "refund_due":
            backs.append(refunds.all_of(db, order))
        return backs

    @rule(
        amount=amounts,
        percent=st.sampled_from([1, 50, 99]),
        way=st.sampled_from(["", "wechatpay"]),
        goes_back=st.booleans(),
        found=st.sampled_from([0, 30, 100]),
    )
    def the_rest_is_claimed_when_it_is_closed(
        self, amount: int, percent: int, way: str, goes_back: bool, found: int
    ) -> None:
        """Unless what came has begun to go back, the order stands again if it is found in time."""
        placed = self.world.try_place(pieces(amount), pay_by="transfer")
        if not isinstance(placed, Moved):
            return
        self.placed.append(placed.order)
        index, db = len(self.placed) - 1, self.world.db
        self.money_comes(index, percent, False, way)
        self.world.later(payments.REST_MS)
        payments.lapse(self.world.unit, placed.order)
        if goes_back:
            self.services_send_back(index, RepaymentState.STUCK)
        has_begun = repayments.any_under_way(db, placed.order.id)
        result = payments.claim(self.world.unit, placed.order)
        assert isinstance(result, NothingDue) == has_begun
        missing, is_there = payments.missing(db, placed.order), isinstance(result, Claimed)
        if found:
            self.a_person_finds_money(index, found, False, False)
            missing -= max(1, placed.order.total_minor * found // 100)
        else:
            self.confirm(index)
            missing = 0
        stands = State.PLACED if missing > 0 else State.CONFIRMED
        assert self.world.state(placed.order) is (stands if is_there else State.EXPIRED)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, to=st.sampled_from(list(RepaymentState)))
    def services_send_back(self, index: int, to: RepaymentState) -> None:
        """What came by them, if they were asked; and say what became of it."""
        unit, order = self.world.unit, self.order(index)
        for back in self.backs_of(order):
            key = begun(back)
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

    def services_have_what_is_left(self) -> None:
        """Of each payment by a service, what has not gone back can, and what waits is known."""
        db, found = self.world.db, defaultdict[tuple[str, str, int], list[tuple[int, str]]](list)
        for row in db.execute(GOES_BACK):
            found[row["method"], row["reference"], row["came"]].append((row["back"], row["state"]))
        for (method, reference, came), backs in found.items():
            left = came - sum(minor for minor, state in backs if state != "closed")
            assert repayments.has_as_much(db, Elsewhere(method, "", reference, left))
            assert not repayments.has_as_much(db, Elsewhere(method, "", reference, left + 1))
            waits = {minor for minor, state in backs if state in ("asked", "stuck")}
            for minor in {*waits, *(each - 1 for each in waits)}:
                sum_back = Elsewhere(method, "", reference, minor)
                assert (repayments.waiting(db, sum_back) is not None) == (minor in waits)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, minor=st.integers(1, 9_000), due=st.booleans())
    def sent_back_elsewhere(self, index: int, minor: int, due: bool) -> None:
        """At the service itself: what was asked for, what is due, or what nobody knew of."""
        unit, db, order = self.world.unit, self.world.db, self.order(index)
        came = [each for each in payments.receipts(db, order.id) if each.reference]
        backs = self.backs_of(order)
        if not came:
            return
        minor = backs[0].amount_minor if due and backs else minor
        number = unit.token()
        sum = Elsewhere(came[0].method, number, came[0].reference, minor)
        waits, left = repayments.waiting(db, sum), refunds.left(db, order)
        booked = elsewhere.book(unit, sum)
        assert repayments.is_known(db, sum) == (booked is not None)
        if booked:
            self.cash -= minor
            key = (order.id, booked.refund.id if booked.refund else None)
            self.begun[key] += 0 if waits else minor
            assert waits or backs or minor <= left
            assert waits is None or waits.is_under_way

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
            self.sent_back_elsewhere(index, 1, True)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, way=st.sampled_from(["transfer", "wechatpay", "cod"]))
    def rather_pay_otherwise(self, index: int, way: str) -> None:
        order, before = self.fresh(self.order(index)), self.world.everything()
        came = payments.received(self.world.db, order.id)
        person = self.world.buyer.person
        changed = payments.pay_otherwise(self.world.unit, order, way, by=person)
        if changed is None:
            gone = order.state is State.PLACED and not stock.is_live(self.world.unit, order.id)
            assert gone or self.world.everything() == before
            return
        assert stock.is_live(self.world.unit, order.id)
        assert order.state is State.PLACED and not (came and way != "transfer")
        self.placed[index % len(self.placed)] = changed

    @precondition(lambda self: self.placed)
    @rule(index=chosen, percent=st.sampled_from([0, 1, 60, 100, 120]))
    def collected_at_the_door(self, index: int, percent: int) -> None:
        """A person says how much the courier brought, once more in the place of before; not once
        the rest was let go."""
        order, db = self.fresh(self.order(index)), self.world.db
        minor, before = order.total_minor * percent // 100, self.world.everything()
        brought = self.brought(order)
        may = on_delivery.may_say(db, order)
        assert not (may and order.id in self.let_go)
        done = on_delivery.collected(self.world.unit, order, minor, by=self.world.seller)
        assert (done is not None) == may
        if done is None:
            assert self.world.everything() == before
            return
        self.cash += minor - brought
        short = minor < order.total_minor - (payments.received(db, order.id) - minor)
        assert self.world.state(order) is State.DELIVERED
        assert on_delivery.is_short(db, order) == (done.missing_minor > 0)
        assert short or not done.missing_minor

    def brought(self, order: orders.Order) -> int:
        """What is written down as brought by the courier."""
        found = payments.receipts(self.world.db, order.id)
        return sum(each.amount_minor for each in found if each.method == "cod")

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def rest_is_let_go(self, index: int) -> None:
        order, db = self.fresh(self.order(index)), self.world.db
        missing = payments.missing(db, order) if on_delivery.is_short(db, order) else 0
        assert on_delivery.let_go(self.world.unit, order, by=self.world.seller) == missing
        assert not on_delivery.is_short(db, order)
        if missing:
            self.let_go.add(order.id)
            assert not on_delivery.may_say(db, self.fresh(order))

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def refused_at_the_door(self, index: int) -> None:
        """Nothing came, unless a person has said that a part did: that stays."""
        order, db = self.fresh(self.order(index)), self.world.db
        came, state = payments.receipts(db, order.id), order.state
        counted = [each.amount_minor for each in came] == [order.total_minor]
        counted = counted and self.brought(order) == order.total_minor
        try:
            on_delivery.refused(self.world.unit, order, by=self.world.seller)
        except NotAllowed:
            assert self.world.state(order) is state
        else:
            gone = counted and order.pay_by == "cod" and state is State.DELIVERED
            self.cash -= order.total_minor if gone else 0
            assert payments.receipts(db, order.id) == ([] if gone else came)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, refused=st.booleans())
    def it_goes_on(self, index: int, refused: bool) -> None:
        """What was said to come back does not: all is as if nobody had said so."""
        if refused:
            self.refused_at_the_door(index)
        order, db, before = self.fresh(self.order(index)), self.world.db, self.world.everything()
        came = payments.receipts(db, order.id)
        if not found.may_go_on(db, order):
            with pytest.raises(NotAllowed):
                found.goes_on(self.world.unit, order, by=self.world.seller)
            assert self.world.everything() == before
            return
        moved = found.goes_on(self.world.unit, order, by=self.world.seller)
        now, missing = payments.receipts(db, order.id), payments.missing(db, order)
        assert now[: len(came)] == came
        self.cash += sum(each.amount_minor for each in now[len(came) :])
        assert moved.after in (State.SHIPPED, State.DELIVERED)
        assert not missing or moved.after is State.SHIPPED or on_delivery.is_short(db, order)

    @rule(
        amount=amounts,
        percent=st.sampled_from([60, 0, 100]),
        then=st.sampled_from(["let go", "again", "refused", "back"]),
    )
    def pay_on_delivery(self, amount: int, percent: int, then: str) -> None:
        """So that what is short on delivery is not rare, and what becomes of it."""
        known = len(self.placed)
        self.receive(amount, "large")
        self.sell(amount, "large", True, 2)
        if len(self.placed) > known:
            self.collected_at_the_door(known, percent)
            if then == "let go":
                self.rest_is_let_go(known)
                self.collected_at_the_door(known, 100)
            elif then == "again":
                self.collected_at_the_door(known, 60)
            elif then == "refused":
                self.refused_at_the_door(known)
            for to in (State.RETURNING, State.RETURNED) if then == "back" else ():
                self.move(known, to)
                self.give_back(known)

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

    def refunds_of(self, index: int) -> list[refunds.Refund]:
        order = orders.fresh(self.world.db, self.order(index))
        return refunds.of_order(self.world.db, order)
