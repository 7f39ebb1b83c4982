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
    held_goods,
    orders,
    parcels,
    parts,
    payments,
    refunds,
    repayments,
    returned_goods,
    returned_money,
    stock,
    undelivered,
)
from bot.shop.orders import Moved, NotAllowed, State
from bot.shop.parts import RestOff
from bot.shop.refunds import Refund
from bot.shop.repayments import RepaymentState
from bot.shop.undelivered import Fate
from tests.shop.machine.counts import SHELF, amounts, chosen
from tests.shop.machine.money import Money
from tests.shop.world import pieces

MOVED = """
    SELECT coalesce(sum(quantity), 0) FROM movement WHERE order_id = ? AND kind <> 'lost'"""


class Parcels(Money):
    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def ship(self, index: int) -> None:
        order, before = self.order(index), self.world.everything()
        try:
            parcels.ship(self.world.unit, order, "sf", "SF1234567890123", by=self.world.seller)
        except NotAllowed:
            assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen, most=st.integers(1, 3), twice=st.booleans())
    def part_leaves(self, index: int, most: int, twice: bool) -> None:
        """Of each grade `most` at the most leaves; the books have the sale of just that."""
        unit, db = self.world.unit, self.world.db
        for _ in range(1 + twice):
            order, before = self.fresh(self.order(index)), self.world.everything()
            there, rest = parts.there(db, order), Counter(parts.rest(db, order))
            goods = {key: min(most, amount) for key, amount in there.items()}
            for wrong in ({}, *({key: amount + 1} for key, amount in there.items())):
                with pytest.raises(ValueError):
                    parts.send(unit, order, "sf", "SF1", wrong, by=self.world.seller)
            assert self.world.everything() == before
            if not goods:
                return
            on_hand = sum(each.on_hand for each in stock.levels(unit))
            sent = parts.send(unit, order, "sf", "SF1", goods, by=self.world.seller)
            assert on_hand - sum(goods.values()) == sum(e.on_hand for e in stock.levels(unit))
            assert isinstance(sent, Moved) == (Counter(goods) == rest)
            order = self.fresh(order)
            assert parts.rest(db, order) == rest - Counter(goods)
            self.sold_is_what_left(order)

    @rule(
        amount=amounts,
        most=st.integers(1, 2),
        fate=st.sampled_from(list(Fate)),
        again=st.booleans(),
        by_hand=st.booleans(),
        arrives=st.booleans(),
    )
    def part_leaves_and_does_not_arrive(
        self, amount: int, most: int, fate: Fate, again: bool, by_hand: bool, arrives: bool
    ) -> None:
        """So that this is not rare."""
        placed = self.world.try_place(pieces(amount + 2), pay_by="transfer" if by_hand else "cod")
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            index = len(self.placed) - 1
            self.confirm(index)
            self.part_leaves(index, most, False)
            self.the_first_part_does_not_arrive(index, fate, again)
            if arrives:
                self.a_parcel_arrives_after_all(index)

    def sold_is_what_left(self, order: orders.Order) -> None:
        """The sale in the books is that of the goods which the ledger says have left."""
        left = Counter[tuple[str, str]]()
        sql = """SELECT product, grade, -quantity FROM movement JOIN lot ON lot.id = lot_id
            WHERE order_id = ? AND kind = 'sale'"""
        for product, grade, quantity in self.world.db.execute(sql, (order.id,)):
            left[product, grade] += quantity
        minor = 0
        for line in order.lines:
            amount = min(line.amount, left[line.product, line.grade])
            left[line.product, line.grade] -= amount
            minor += line.price.of(amount)
        sql = """SELECT coalesce(sum(amount_minor), 0) FROM entry JOIN posting ON entry_id = id
            WHERE order_id = ? AND account = 'sales'"""
        assert self.world.db.execute(sql, (order.id,)).fetchone()[0] == -minor

    @precondition(lambda self: self.placed)
    @rule(index=chosen, fate=st.sampled_from(list(Fate)), again=st.booleans())
    def the_first_part_does_not_arrive(self, index: int, fate: Fate, again: bool) -> None:
        """It is to be sent once more, or called off and its money goes back; what is lost or bad
        is on hand no more, and what is here is."""
        unit, db, order = self.world.unit, self.world.db, self.fresh(self.order(index))
        before, gone = self.world.everything(), Counter(parts.gone(db, order))
        whole, rest = parts.amounts(order), parts.rest(db, order)
        kept, total = refunds.kept(db, order), order.total_minor
        for parcel in parcels.of_order(db, order.id):
            goods = Counter(parts.in_parcel(db, order, parcel))
            on_hand = sum(each.on_hand for each in stock.levels(unit))
            try:
                done = undelivered.not_arrived(
                    unit, order, parcel, fate, again=again, by=self.world.seller
                )
            except NotAllowed:
                assert self.world.everything() == before
                return
            if isinstance(done, list):
                assert done and again and self.world.everything() == before
                return
            here = sum(goods.values()) if fate is Fate.BACK else 0
            assert sum(each.on_hand for each in stock.levels(unit)) == on_hand + here
            order = self.fresh(order)
            assert Counter(parts.gone(db, order)) == gone - goods
            assert goods and refunds.kept(db, order) == kept
            if again:
                assert parts.rest(db, order) == Counter(rest) + goods
                assert (parts.amounts(order), order.total_minor) == (whole, total)
            else:
                assert parts.amounts(order) == whole - goods and order.total_minor <= total
                assert parts.rest(db, order) == rest
            self.sold_is_what_left(order)
            return

    @precondition(lambda self: self.placed)
    @rule(index=chosen, place=st.integers(0, 1), spoiled=st.booleans(), waits=st.booleans())
    def a_parcel_is_refused(self, index: int, place: int, spoiled: bool, waits: bool) -> None:
        """Its sum is not due, or goes back; its goods are on hand once they are here."""
        unit, db, order = self.world.unit, self.world.db, self.fresh(self.order(index))
        coming = held_goods.on_way_back(db, order.id)
        known, before = parcels.of_order(db, order.id), self.world.everything()
        on_hand = sum(each.on_hand for each in stock.levels(unit))
        kept, whole = refunds.kept(db, order), parts.amounts(order)
        goods = Counter[tuple[str, str]]()
        if place < len(known):
            goods += Counter(parts.in_parcel(db, order, known[place]))
            try:
                off = undelivered.not_arrived(
                    unit, order, known[place], Fate.REFUSED, again=False, by=self.world.seller
                )
            except NotAllowed:
                assert self.world.everything() == before
                return
            assert isinstance(off, RestOff) and goods and off.goods == goods
            assert parts.amounts(off.order) == whole - goods and refunds.kept(db, order) == kept
            self.sold_is_what_left(off.order)
        if not waits:
            here = undelivered.is_here(unit, order, by=self.world.seller, spoiled=spoiled)
            assert here == Counter(coming) + goods
            more = 0 if spoiled else sum(here.values())
            assert sum(each.on_hand for each in stock.levels(unit)) == on_hand + more

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def a_parcel_arrives_after_all(self, index: int) -> None:
        """What was lost or refused is sold, and is due or paid for as if nothing had been."""
        unit, db, order = self.world.unit, self.world.db, self.fresh(self.order(index))
        whole, gone = parts.amounts(order), Counter(parts.gone(db, order))
        on_hand = sum(each.on_hand for each in stock.levels(unit))
        kept, left, due = (
            refunds.kept(db, order),
            refunds.left(db, order),
            payments.missing(db, order),
        )
        for one in undelivered.may_be_found(db, order)[:1]:
            done = undelivered.found(unit, one, by=self.world.seller)
            assert sum(each.on_hand for each in stock.levels(unit)) == on_hand
            more = Counter(one.goods) if one.is_off else Counter()
            assert parts.amounts(done.order) == whole + more
            if done.order.state in parts.UNDERWAY:
                assert parts.gone(db, done.order) == gone + Counter(one.goods)
                self.sold_is_what_left(done.order)
            dearer = done.order.total_minor - order.total_minor
            value = sum(line.total_minor for line in one.lines)
            assert dearer == (value - one.discount_minor if one.is_off else 0)
            assert refunds.kept(db, order) == kept
            assert refunds.left(db, order) == left + done.kept_minor
            assert payments.missing(db, done.order) == due + dearer - done.kept_minor
            with pytest.raises(NotAllowed):
                undelivered.found(unit, one, by=self.world.seller)

    @rule(
        amount=amounts,
        place=st.integers(0, 1),
        again=st.booleans(),
        fate=st.sampled_from(Fate),
        arrives=st.booleans(),
    )
    def all_leaves_in_parts(
        self, amount: int, place: int, again: bool, fate: Fate, arrives: bool
    ) -> None:
        """So that it is not rare that a part of what has left does not arrive."""
        placed = self.world.try_place(pieces(amount), pieces(1, "small"), pay_by="cod")
        if not isinstance(placed, Moved):
            return
        self.placed.append(placed.order)
        index = len(self.placed) - 1
        self.confirm(index)
        order = self.fresh(placed.order)
        if not parts.there(self.world.db, order).keys() >= {("cordyceps", "small")}:
            return
        goods = {("cordyceps", "small"): 1}
        parts.send(self.world.unit, order, "sf", "SF2", goods, by=self.world.seller)
        self.world.later(1)
        self.part_leaves(index, amount, False)
        if place:
            self.a_parcel_is_refused(index, 0, again, arrives)
        else:
            self.the_first_part_does_not_arrive(index, fate, again)
        if arrives:
            self.a_parcel_arrives_after_all(index)

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
    @rule(index=chosen, by_buyer=st.booleans())
    def call_off_the_rest(self, index: int, by_buyer: bool) -> None:
        """What was paid for the rest goes back, and no more; what it held is free."""
        unit, db, order = self.world.unit, self.world.db, self.fresh(self.order(index))
        before, gone = self.world.everything(), Counter(parts.gone(db, order))
        kept, due = refunds.left(db, order), payments.missing(db, order)
        rest, less = parts.rest(db, order), parts.cut(db, order, gone)
        may = orders.is_in_parts(db, order) and refunds.given(db, order) <= less.total_minor
        by = self.world.buyer.person if by_buyer else self.world.seller
        if not may:
            with pytest.raises(NotAllowed):
                parts.call_off_rest(unit, order, by=by)
            assert self.world.everything() == before
            return
        off = parts.call_off_rest(unit, order, by=by)
        cheaper = order.total_minor - less.total_minor
        assert 0 <= cheaper and off.goods == rest and off.order.state is State.SHIPPED
        assert parts.amounts(off.order) == gone and off.order.total_minor == less.total_minor
        back = off.back.amount_minor if off.back else 0
        assert refunds.left(db, order) == kept - back
        assert back + due - payments.missing(db, off.order) == cheaper
        self.sold_is_what_left(off.order)
        with pytest.raises(NotAllowed):
            parts.call_off_rest(unit, order, by=by)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, most=st.integers(1, 3))
    def call_off_some(self, index: int, most: int) -> None:
        """Of each grade `most` at the most of what has not left; the others are held as before."""
        unit, db, order = self.world.unit, self.world.db, self.fresh(self.order(index))
        before, rest = self.world.everything(), parts.rest(db, order)
        goods = Counter({key: min(most, amount) for key, amount in rest.items()})
        kept, due = refunds.left(db, order), payments.missing(db, order)
        try:
            off = parts.call_off(unit, order, goods, by=self.world.seller)
        except NotAllowed:
            assert self.world.everything() == before
            return
        cheaper = order.total_minor - off.order.total_minor
        assert cheaper >= 0 and parts.amounts(off.order) == parts.amounts(order) - goods
        has_left = not Counter(rest) - goods
        assert (off.order.state is State.SHIPPED) == has_left
        back = off.back.amount_minor if off.back else 0
        assert refunds.left(db, order) == kept - back
        assert back + due - payments.missing(db, off.order) == cheaper
        self.sold_is_what_left(off.order)

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
