"""A part of an order leaves, does not arrive, is refused, or is called off."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.shop import (
    held_goods,
    orders,
    parcels,
    parts,
    payments,
    refunds,
    stock,
    undelivered,
)
from bot.shop.orders import Moved, NotAllowed, State
from bot.shop.parts import RestOff
from bot.shop.undelivered import Fate
from tests.shop.machine.counts import amounts, chosen, grades
from tests.shop.machine.money import Money
from tests.shop.world import pieces


class InParts(Money):
    @precondition(lambda self: self.placed)
    @rule(index=chosen, most=st.integers(1, 3), twice=st.booleans())
    def part_leaves(self, index: int, most: int, twice: bool, number: str = "SF1") -> None:
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
            sent = parts.send(unit, order, "sf", number, goods, by=self.world.seller)
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
        self.receive(amount + 2, "large")
        placed = self.world.try_place(pieces(amount + 2), pay_by="transfer" if by_hand else "cod")
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            index = len(self.placed) - 1
            self.confirm(index)
            self.part_leaves(index, most, False)
            self.the_first_part_does_not_arrive(index, fate, again)
            if arrives:
                self.a_parcel_arrives_after_all(index)

    @rule(amount=amounts, fate=st.sampled_from([Fate.LOST, Fate.REFUSED]))
    def what_is_called_off_arrives(self, amount: int, fate: Fate) -> None:
        """What was to go back for it does not."""
        self.part_leaves_and_does_not_arrive(
            amount=amount, most=1, fate=fate, again=False, by_hand=True, arrives=True
        )

    @rule(
        grade=grades,
        amount=amounts,
        fates=st.lists(st.sampled_from(list(Fate)), min_size=2, max_size=2),
        again=st.booleans(),
    )
    def all_parts_of_two_lots_do_not_arrive(
        self, grade: str, amount: int, fates: list[Fate], again: bool
    ) -> None:
        """So that it is not rare that goods go back to more than one lot of an order."""
        self.buy_all(self.world.rival, grade)
        for each in (1, amount):
            self.receive(each, grade)
        order = self.buy_all(self.world.buyer, grade)
        if order is None:
            return
        index = len(self.placed) - 1
        self.confirm(index)
        for number, fate in enumerate(fates):
            self.world.later(1)
            self.part_leaves(index, 1, False, f"SF{number}")
            self.the_first_part_does_not_arrive(index, fate, again)

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
                continue
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
        self.receive(amount, "large")
        self.receive(1, "small")
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
    @rule(index=chosen, by_buyer=st.booleans())
    def call_off_the_rest(self, index: int, by_buyer: bool) -> None:
        """What was paid for the rest goes back, and no more; what it held is free."""
        unit, db, order = self.world.unit, self.world.db, self.fresh(self.order(index))
        before, gone = self.world.everything(), Counter(parts.gone(db, order))
        kept, due = refunds.left(db, order), payments.missing(db, order)
        rest, less = parts.rest(db, order), parts.cut(db, order, gone)
        may = orders.is_in_parts(db, order) and self.agreed()[order.id] <= less.total_minor
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
