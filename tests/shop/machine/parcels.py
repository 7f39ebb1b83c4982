"""Orders leave, come back, are lost and are sent again."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.shop import (
    accounts,
    follow_ups,
    found,
    orders,
    parcels,
    parts,
    payments,
    price_cuts,
    refunds,
    repayments,
    returned_goods,
    returned_money,
    stock,
)
from bot.shop.orders import Moved, NotAllowed, State
from bot.shop.refunds import Refund
from bot.shop.repayments import RepaymentState
from tests.shop.machine.counts import SHELF, amounts, chosen
from tests.shop.machine.in_parts import InParts
from tests.shop.world import pieces

MOVED = """
    SELECT coalesce(sum(quantity), 0) FROM movement WHERE order_id = ? AND kind <> 'lost'"""


class Parcels(InParts):
    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def ship(self, index: int) -> None:
        order, before = self.order(index), self.world.everything()
        try:
            parcels.ship(self.world.unit, order, "sf", "SF1234567890123", by=self.world.seller)
        except NotAllowed:
            assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen, minor=st.integers(1, 9_000), otherwise=st.booleans())
    def money_goes_back_for_what_is_back(self, index: int, minor: int, otherwise: bool) -> None:
        """Never more than came; another sum stands in the place of the one before."""
        unit, db, order = self.world.unit, self.world.db, self.fresh(self.order(index))
        before, kept = self.world.everything(), refunds.kept(db, order)
        left, said = refunds.left(db, order), returned_money.said(db, order)
        if otherwise:
            owed = returned_money.instead(unit, order, minor, by=self.world.seller)
            assert bool(owed) == bool(said)
        elif order.state is State.RETURNED:
            owed, said = returned_money.owe(unit, order, minor, by=self.world.seller), 0
        else:
            return
        if isinstance(owed, Refund):
            assert refunds.kept(db, order) == kept
            assert refunds.left(db, order) == left + said - minor >= 0
        else:
            assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen, most=st.none() | st.integers(1, 3), spoiled=st.booleans())
    def send_back(self, index: int, most: int | None, spoiled: bool = False) -> None:
        away = (State.SHIPPED, State.DELIVERED)
        sent = [order for order in self.placed if self.world.state(order) in away]
        if sent:
            order = sent[index % len(sent)]
            orders.move(self.world.unit, order, State.RETURNING, by=self.world.seller)
            if spoiled:
                self.comes_back_spoiled(order, most)
            else:
                orders.move(self.world.unit, order, State.RETURNED, by=self.world.seller)
                self.goods_come_back(order, most)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, most=st.none() | st.integers(1, 3))
    def put_back(self, index: int, most: int | None) -> None:
        if self.world.state(self.order(index)) is State.RETURNED:
            self.goods_come_back(self.order(index), most)

    def comes_back_spoiled(self, order: orders.Order, most: int | None) -> None:
        """It is on hand no more than before, and yet in the ledger; nobody is owed more or less."""
        unit, by, db = self.world.unit, self.world.seller, self.world.db
        away = returned_goods.away(db, order.id)
        part = {key: min(most or amount, amount) for key, amount in away.items()}
        before = Counter(returned_goods.spoiled(db, order.id))
        levels, books = stock.levels(unit), accounts.balances(db)
        is_owed = payments.of_order(db, order.id).state == "due"  # and then is sold no more
        returned_goods.come_back(unit, order, part, by=by, spoiled=True)
        assert stock.levels(unit) == levels
        assert is_owed or accounts.balances(db) == books
        assert returned_goods.spoiled(db, order.id) == before + Counter(part)
        assert Counter(returned_goods.away(db, order.id)) == Counter(away) - Counter(part)

    def goods_come_back(self, order: orders.Order, most: int | None) -> None:
        """Of each grade `most` at the most, which is then on hand, and no more than was sold."""
        unit, by = self.world.unit, self.world.seller
        away = returned_goods.away(self.world.db, order.id)
        moved = self.world.db.execute(MOVED, (order.id,)).fetchone()[0]
        assert sum(away.values()) == -moved
        part = {key: min(most or amount, amount) for key, amount in away.items()}
        there = {(each.product, each.grade): each.on_hand for each in stock.levels(unit)}
        returned_goods.put_back(unit, order.id, by, part=part if most else None)
        now = {(each.product, each.grade): each.on_hand for each in stock.levels(unit)}
        assert now == {key: there.get(key, 0) + part.get(key, 0) for key in there | part}
        sold = {(line.product, line.grade) for line in order.lines}
        before = self.world.everything()
        for key in sold:
            too_much = returned_goods.away(self.world.db, order.id).get(key, 0) + 1
            with pytest.raises(ValueError):
                returned_goods.put_back(unit, order.id, by, part={key: too_much})
        assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen, twice=st.booleans(), sure=st.booleans(), most=st.none() | st.integers(1, 3))
    def send_again(self, index: int, twice: bool, sure: bool, most: int | None) -> None:
        """All of it, or of each grade `most` at the most, and no more than was ordered."""
        unit, by = self.world.unit, self.world.seller
        for _ in range(1 + twice):
            before, order = self.world.everything(), self.order(index)
            paid = payments.of_order(self.world.db, order.id).state == "paid"
            given = self.given(order)
            whole = parts.amounts(order)
            part = Counter({key: min(most, n) for key, n in whole.items()}) if most else None
            try:
                again = follow_ups.send_again(unit, SHELF, order, by=by, sure=sure, goods=part)
            except NotAllowed:
                assert self.world.everything() == before
                return
            if isinstance(again, Moved):
                assert sure or not given
                self.placed.append(again.order)
                assert parts.amounts(again.order) == (part or whole)
                cuts = price_cuts.of_order(self.world.db, order.id)
                assert price_cuts.of_order(self.world.db, again.order.id) == cuts
                if part in (None, whole):
                    assert again.order.total_minor == (0 if paid else order.total_minor)
                assert not paid or again.order.total_minor == 0
            else:
                assert self.world.everything() == before

    def given(self, order: orders.Order) -> bool:
        """Whether anything for an order's goods went back or is to, whoever paid for them."""
        db = self.world.db
        while order.replaces and not order.total_minor:
            before = orders.by_id(db, order.replaces)
            if before is None or before.state is State.CANCELLED:
                break
            order = before
        whole = payments.of_order(db, order.id).state in ("refund_due", "refunded")
        return whole or any(
            each.state in ("due", "sent") and not each.is_excess
            for each in refunds.of_order(db, order)
        )

    @precondition(lambda self: self.placed)
    @rule(index=chosen, sure=st.booleans())
    def give_all_back(self, index: int, sure: bool) -> None:
        db, order = self.world.db, self.order(index)
        standing = [
            each.state
            for each in map(self.fresh, self.placed)
            if each.replaces == order.id and each.key.startswith("again:")
        ]
        undecided = self.fresh(order).state is not State.CANCELLED and refunds.left(db, order)
        unseen = payments.of_order(db, order.id).state == "claimed"
        came = payments.received(db, order.id)
        result = follow_ups.refund(self.world.unit, order, by=self.world.seller, sure=sure)
        if unseen and payments.of_order(db, order.id).state == "refund_due":
            self.cash += 0 if came else order.total_minor
        if undecided and {State.CONFIRMED, State.PACKING} & set(standing):
            assert isinstance(result, orders.Order)
        elif undecided and {State.SHIPPED, State.DELIVERED} & set(standing):
            assert isinstance(result, orders.Order) != sure

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def lose_the_parcel(self, index: int) -> None:
        try:
            follow_ups.lost(self.world.unit, self.order(index), by=self.world.seller)
        except NotAllowed:
            pass

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def find_the_parcel(self, index: int) -> None:
        """What was lost is there: nothing more goes back, unless somebody has begun to send it."""
        db, order, before = self.world.db, self.fresh(self.order(index)), self.world.everything()
        came, kept = payments.received(db, order.id), refunds.kept(db, order)
        due = payments.of_order(db, order.id).state in ("due", "short")
        missing = payments.missing(db, order)
        if not found.may_be(db, order):
            with pytest.raises(NotAllowed):
                found.found(self.world.unit, order, by=self.world.seller)
            gone = payments.of_order(db, order.id).state in ("refund_due", "refunded")
            if gone and order.state is State.RETURNED:
                with pytest.raises(NotAllowed):
                    orders.move(self.world.unit, order, State.DELIVERED, by=None, why="found")
            assert self.world.everything() == before
            return
        found.found(self.world.unit, order, by=self.world.seller)
        self.cash += missing if due else 0
        assert payments.of_order(db, order.id).state == "paid"
        assert due or (payments.received(db, order.id), refunds.kept(db, order)) == (came, kept)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def keep_parts(self, index: int) -> None:
        """What was agreed to be given back is not, after all."""
        db, order = self.world.db, self.order(index)
        for each in refunds.of_order(db, order):
            begun = each.amount_minor - repayments.rest(db, each.back)
            has_left = self.world.state(order) in (State.SHIPPED, State.DELIVERED)
            kept = refunds.keep(self.world.unit, each.id, by=self.world.seller)
            assert bool(kept) == (
                each.state == "due" and not each.is_excess and not begun and has_left
            )

    @rule(
        amount=amounts,
        percent=st.sampled_from([100, 130]),
        minor=st.integers(1, 900),
        to=st.sampled_from(list(RepaymentState)),
    )
    def keep_what_goes_back(
        self, amount: int, percent: int, minor: int, to: RepaymentState
    ) -> None:
        """So that what is too much, and parts a service was asked to send back, are not rare."""
        placed = self.world.try_place(pieces(amount), pay_by="wechatpay")
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            index = len(self.placed) - 1
            self.money_comes(index, percent, False, "wechatpay")
            self.move(index, State.PACKING)
            self.move(index, State.SHIPPED)
            self.offer_a_part(index, minor)
            self.agree(index)
            self.keep_parts(index)
            self.offer_a_part(index, minor)
            self.agree(index)
            self.services_send_back(index, to)
            self.keep_parts(index)

    @rule(amount=amounts)
    def find_what_was_given_back(self, amount: int) -> None:
        """So that lost parcels whose money is gone are not rare."""
        known = len(self.placed)
        self.sell(amount, "large", False, 2)
        if len(self.placed) > known:
            self.lose_the_parcel(known)
            self.give_all_back(known, True)
            self.give_back(known)
            self.find_the_parcel(known)
