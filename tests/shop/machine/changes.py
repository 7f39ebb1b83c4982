"""Buyers want other goods than they ordered, or these elsewhere, paid or not."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.language.addresses.recipient import Recipient
from bot.shop import (
    discounts,
    not_left,
    parcels,
    parts,
    payments,
    price_cuts,
    refunds,
    stock,
    vouchers,
)
from bot.shop.follow_ups import Changed
from bot.shop.orders import HOLD_MS, Moved, NotAllowed, Order, State
from bot.shop.price_cuts import Cut
from bot.shop.repayments import RepaymentState
from tests.shop.machine.counts import amounts, chosen, grades
from tests.shop.machine.parcels import Parcels
from tests.shop.world import CHENGDU, LHASA, pieces


class Changes(Parcels):
    @precondition(lambda self: self.placed)
    @rule(index=chosen, leaves=st.booleans())
    def it_has_not_left(self, index: int, leaves: bool) -> None:
        """What was sent is here, and kept: nothing else is free, and it can be sent once more."""
        unit, db, order = self.world.unit, self.world.db, self.fresh(self.order(index))
        before, levels = self.world.everything(), stock.levels(unit)
        away, rest = Counter(parts.gone(db, order)), Counter(parts.rest(db, order))
        kept = refunds.kept(db, order)
        if not not_left.may_be(db, order):
            with pytest.raises(NotAllowed):
                not_left.take_back(unit, order, by=self.world.seller)
            assert self.world.everything() == before
            return
        again = not_left.take_back(unit, order, by=self.world.seller)
        free = {(each.product, each.grade): each.on_hand - each.reserved for each in levels}
        for each in stock.levels(unit):
            assert each.on_hand - each.reserved == free.get((each.product, each.grade), 0)
        assert parts.rest(db, again) == rest + away and not parts.gone(db, again)
        assert refunds.kept(db, again) == kept and not parcels.of_order(db, order.id)
        self.sold_is_what_left(again)
        self.reserved = max(row["id"] for row in db.execute("SELECT id FROM reservation"))
        if leaves:
            self.ship(index)

    @rule(amount=amounts, cod=st.booleans(), most=st.none() | st.integers(1, 3))
    def it_has_not_left_at_all(self, amount: int, cod: bool, most: int | None) -> None:
        """So that this is not rare, also in parts."""
        placed = self.world.try_place(pieces(amount), pay_by="cod" if cod else "transfer")
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            index = len(self.placed) - 1
            self.confirm(index)
            if most:
                self.part_leaves(index, most, True)
            else:
                self.ship(index)
            self.it_has_not_left(index, True)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, amount=amounts, grade=grades, to=st.sampled_from([CHENGDU, LHASA]))
    def change_goods(self, index: int, amount: int, grade: str, to: Recipient = CHENGDU) -> None:
        db, order, before = self.world.db, self.order(index), self.world.everything()
        chat, paid = self.world.chat_of(order), refunds.kept(self.world.db, order)
        code, free = vouchers.code_of(db, order.id), self.can_have(chat, grade, order.id)
        cuts, agreed = price_cuts.of_order(db, order.id), self.agreed()[order.id]
        try:
            changed = self.world.change(order, pieces(amount, grade), to=to)
        except NotAllowed:
            assert self.world.everything() == before
            return
        assert isinstance(changed, Changed) == (amount <= free[0])
        if isinstance(changed, Changed):
            self.placed.append(changed.order)
            assert self.world.state(order) is State.CANCELLED
            assert vouchers.code_of(db, changed.order.id) == code
            cuts += [Cut("sum", agreed, 0)] if agreed else []
            assert price_cuts.of_order(db, changed.order.id) == cuts
            prices = {line.price.minor for line in changed.order.lines}
            assert prices <= {each.minor for each in self.sales} or not free[1]
            whole = changed.order.goods_minor + changed.order.shipping_minor
            assert changed.order.discount_minor >= min(agreed, whole - 1)
            assert code or self.taken_off(changed.order) == changed.order.discount_minor
            self.money_went_over(order, changed.order, paid)
        else:
            assert self.world.everything() == before

    def taken_off(self, order: Order) -> int:
        """What sellers have taken off an order, as it is kept."""
        sums = "SELECT coalesce(sum(minor), 0) FROM price_cut WHERE order_id = ?"
        return int(self.world.db.execute(sums, (order.id,)).fetchone()[0])

    @precondition(lambda self: self.placed)
    @rule(index=chosen, minor=st.integers(1, 9_000), percent=st.sampled_from([0, 10, 100]))
    def take_off(self, index: int, minor: int, percent: int) -> None:
        """A seller lowers the price of what is not paid; or of what is in part, to that. Of what is
        paid, it goes back."""
        order, db, before = self.fresh(self.order(index)), self.world.db, self.world.everything()
        most, came = discounts.most(db, order), payments.received(db, order.id)
        state, missing = payments.of_order(db, order.id).state, payments.missing(db, order)
        kept, left = refunds.kept(db, order), refunds.left(db, order)
        cut = Cut("percent", 100 * percent, order.goods_minor) if 0 < percent < 100 else None
        if cut:
            minor = max(1, cut.off(order.goods_minor, order.shipping_minor, order.total_minor))
        minor = most if percent == 100 and most > 0 else minor
        cuts, by = [cut] if cut else [], self.world.seller
        done = discounts.give(self.world.unit, order, minor, by=by, cuts=cuts)
        assert (done is not None) == (minor <= most) and (not most or state in ("due", "paid"))
        if done is None:
            assert self.world.everything() == before
            return
        self.placed[index % len(self.placed)] = done.order
        assert done.order.total_minor == order.total_minor - minor > 0
        said = cut or Cut("sum", minor, order.goods_minor)
        assert price_cuts.of_order(db, order.id)[-1] == said
        if state == "paid":
            assert done.back and done.back.amount_minor == minor and kept == refunds.kept(db, order)
            assert refunds.left(db, order) == left - minor
            assert not payments.missing(db, done.order)
            return
        assert payments.received(db, order.id) == came
        assert payments.missing(db, done.order) == missing - minor
        assert (payments.of_order(db, order.id).state == "paid") == (minor == missing)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def take_back_what_was_taken_off(self, index: int) -> None:
        """The last of it, of what is not paid; as if it had never been said."""
        order, db, before = self.fresh(self.order(index)), self.world.db, self.world.everything()
        missing, taken = payments.missing(db, order), self.taken_off(order)
        last, paid = discounts.last(db, order), payments.of_order(db, order.id).state == "paid"
        back = discounts.take_back(self.world.unit, order, by=self.world.seller)
        if back is None:
            assert not last and self.world.everything() == before
            return
        after, minor = back
        assert minor == last > 0 and not paid and after.state is order.state
        assert after.total_minor == order.total_minor + minor
        assert payments.missing(db, after) == missing + minor
        assert self.taken_off(after) == taken - minor
        self.placed[index % len(self.placed)] = after

    @rule(
        amount=amounts,
        minors=st.lists(st.integers(1, 900), min_size=1, max_size=3),
        percent=st.sampled_from([0, 10]),
        other=amounts,
        way=st.sampled_from(["transfer", "wechatpay", "cod"]),
    )
    def take_off_and_back(
        self, amount: int, minors: list[int], percent: int, other: int, way: str
    ) -> None:
        """So that it is not rare; of what was ordered in its place, too."""
        self.receive(4, "large")
        placed = self.world.try_place(pieces(amount), pay_by=way)
        if not isinstance(placed, Moved):
            return
        self.placed.append(placed.order)
        for minor in minors:
            self.take_off(len(self.placed) - 1, minor, percent=percent)
        self.change_goods(len(self.placed) - 1, other, "large")
        for _ in minors:
            self.take_back_what_was_taken_off(len(self.placed) - 1)
        assert discounts.last(self.world.db, self.placed[-1]) == 0

    @rule(amount=amounts, minor=st.integers(1, 900), is_agreed=st.booleans())
    def take_back_what_goes_back(self, amount: int, minor: int, is_agreed: bool) -> None:
        """Money of which a part is offered or due to go back cannot be said not to have come."""
        known = len(self.placed)
        self.sell(amount, "large", False, 0)
        if len(self.placed) > known:
            self.offer_a_part(known, minor)
            if is_agreed:
                self.agree(known)
            self.take_back(known)

    @rule(amount=amounts, percent=st.sampled_from([0, 60, 100]), held=st.booleans())
    def claim_late_and_call_off(self, amount: int, percent: int, held: bool) -> None:
        """So that it is not rare; perhaps some of it came when the goods were gone."""
        self.receive(amount, "large")
        placed = self.world.try_place(pieces(amount))
        if not isinstance(placed, Moved):
            return
        self.placed.append(placed.order)
        index = len(self.placed) - 1
        self.world.later(HOLD_MS)
        payments.lapse(self.world.unit, placed.order)
        self.call_off(index)
        if not held:
            self.buy_all(self.world.rival, "large")
        self.claim(index, "")
        if percent:
            self.money_comes(index, percent, False, "")
        self.call_off(index)

    @rule(amount=amounts, minor=st.integers(1, 900), paid=st.booleans())
    def send_again_what_cost_less(self, amount: int, minor: int, paid: bool) -> None:
        """So that it is not rare that a seller took something off what is sent again."""
        for _ in range(2):
            self.receive(amount, "large")
        known = len(self.placed)
        self.sell(amount, "large", not paid, 0)
        if len(self.placed) > known:
            self.take_off(known, minor, percent=10)
            self.move(known, State.PACKING)
            self.move(known, State.SHIPPED)
            self.lose_the_parcel(known)
            self.send_again(known, twice=False, sure=True, most=None)

    def money_went_over(self, before: Order, order: Order, paid: int) -> None:
        """All that came and has not gone back is paid for the order in the other's place."""
        db = self.world.db
        assert refunds.left(db, before) == 0
        assert refunds.left(db, order) == min(paid, order.total_minor)
        assert payments.missing(db, order) == max(0, order.total_minor - paid)
        due = [each.amount_minor for each in refunds.of_order(db, order) if each.state == "due"]
        assert due == [paid - order.total_minor] or (due == [] and paid <= order.total_minor)
        waits = payments.missing(db, order) > 0 or (order.pay_by == "cod" and order.total_minor > 0)
        assert self.world.state(order) is (State.PLACED if waits else State.CONFIRMED)

    @rule(
        amount=amounts,
        percents=st.sampled_from([(30,), (100,), (30, 70), (60, 60)]),
        ways=st.permutations(["", "wechatpay"]),
        part=st.sampled_from([0, 500]),
        is_sent=st.booleans(),
        other=amounts,
        grade=grades,
        besides=st.booleans(),
        to=st.sampled_from([*RepaymentState, None]),
        again=amounts,
        is_called_off=st.booleans(),
    )
    def change_what_is_paid(
        self,
        amount: int,
        percents: tuple[int, ...],
        ways: list[str],
        part: int,
        is_sent: bool,
        other: int,
        grade: str,
        besides: bool,
        to: RepaymentState | None,
        again: int,
        is_called_off: bool,
    ) -> None:
        """So that it is not rare; and what becomes of the money then."""
        self.receive(4, "large")
        placed = self.world.try_place(pieces(amount), pay_by="wechatpay")
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            index = len(self.placed) - 1
            for percent, way in zip(percents, ways, strict=False):
                self.money_comes(index, percent, False, way)
            if part:
                self.offer_a_part(index, part)
                self.agree(index)
                for _ in range(2 * is_sent):  # pressed twice
                    self.send_a_part(index)
                self.take_off(index, part, percent=10)
            if besides:
                self.sell(1, "small", False, 0)
            self.change_goods(index, other, grade)
            if to:
                self.services_send_back(len(self.placed) - 1, to)
            self.change_goods(len(self.placed) - 1, again, grade)
            if is_called_off:
                self.call_off(len(self.placed) - 1)
            self.services_send_back(len(self.placed) - 1, RepaymentState.SENT)

    @rule(
        amount=amounts,
        percents=st.sampled_from([(30, 70), (70, 30)]),
        ways=st.lists(st.sampled_from(["", "wechatpay"]), min_size=2, max_size=2),
        tos=st.lists(st.sampled_from([*RepaymentState, None]), min_size=2, max_size=2),
    )
    def parts_go_back(
        self,
        amount: int,
        percents: tuple[int, ...],
        ways: list[str],
        tos: list[RepaymentState | None],
    ) -> None:
        """So that it is not rare that of two payments more than one part is on its way back, or a
        person has sent it (None)."""
        self.receive(amount, "large")
        placed = self.world.try_place(pieces(amount), pay_by="wechatpay")
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            index = len(self.placed) - 1
            for percent, way in zip(percents, ways, strict=True):
                self.money_comes(index, percent, False, way)
            for to in tos:
                self.offer_a_part(index, placed.order.total_minor * 2 // 5)
                self.agree(index)
                if to:
                    self.services_send_back(index, to)
                else:
                    self.send_a_part(index)

    @rule(amount=st.integers(3, 4), again=amounts)
    def change_while_money_goes_back(self, amount: int, again: int) -> None:
        """A service has sent its share of what was too much, and nobody the rest."""
        self.change_what_is_paid(
            amount=amount,
            percents=(60, 60),
            ways=["", "wechatpay"],
            part=0,
            is_sent=False,
            other=1,
            grade="large",
            besides=False,
            to=RepaymentState.SENT,
            again=again,
            is_called_off=False,
        )
