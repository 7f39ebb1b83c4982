"""Buyers want other goods than they ordered, or these elsewhere, paid or not."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.language.addresses.recipient import Recipient
from bot.shop import orders, payments, price_cuts, refunds, vouchers
from bot.shop.follow_ups import Changed
from bot.shop.orders import Moved, NotAllowed, State
from bot.shop.repayments import RepaymentState
from tests.shop.machine.counts import amounts, chosen, grades
from tests.shop.machine.parcels import Parcels
from tests.shop.world import CHENGDU, LHASA, pieces


class Changes(Parcels):
    @precondition(lambda self: self.placed)
    @rule(index=chosen, amount=amounts, grade=grades, to=st.sampled_from([CHENGDU, LHASA]))
    def change_goods(self, index: int, amount: int, grade: str, to: Recipient = CHENGDU) -> None:
        db, order, before = self.world.db, self.order(index), self.world.everything()
        chat, paid = self.world.chat_of(order), refunds.kept(self.world.db, order)
        code, free = vouchers.code_of(db, order.id), self.can_have(chat, grade, order.id)
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
            assert price_cuts.of_order(db, changed.order.id) == price_cuts.of_order(db, order.id)
            self.money_went_over(order, changed.order, paid)
        else:
            assert self.world.everything() == before

    def money_went_over(self, before: orders.Order, order: orders.Order, paid: int) -> None:
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
        other=amounts,
        grade=grades,
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
        other: int,
        grade: str,
        to: RepaymentState | None,
        again: int,
        is_called_off: bool,
    ) -> None:
        """So that it is not rare; and what becomes of the money then."""
        self.receive(4, "large")
        placed = self.world.try_place(pieces(amount), pay_by="wechatpay")
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            for percent, way in zip(percents, ways, strict=False):
                self.money_comes(len(self.placed) - 1, percent, False, way)
            if part:
                self.give_a_part_back(len(self.placed) - 1, part)
                self.take_off(len(self.placed) - 1, part, percent=10)
            self.change_goods(len(self.placed) - 1, other, grade)
            if to:
                self.services_send_back(len(self.placed) - 1, to)
            self.change_goods(len(self.placed) - 1, again, grade)
            if is_called_off:
                self.call_off(len(self.placed) - 1)
            self.services_send_back(len(self.placed) - 1, RepaymentState.SENT)

    @rule(amount=st.integers(3, 4), again=amounts)
    def change_while_money_goes_back(self, amount: int, again: int) -> None:
        """A service has sent its share of what was too much, and nobody the rest."""
        self.change_what_is_paid(
            amount=amount,
            percents=(60, 60),
            ways=["", "wechatpay"],
            part=0,
            other=1,
            grade="large",
            to=RepaymentState.SENT,
            again=again,
            is_called_off=False,
        )
