"""Goods come in, are expected, spoil, and are paid for to the households."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from msgspec.structs import replace

from bot.shop import accounts, corrections, expectations, orders, parts, people, stock
from bot.shop.orders import HOLD_MS, Moved, State
from tests.shop.machine.counts import ON_THE_ROAD, Counts, amounts, chosen, grades
from tests.shop.world import pieces


class Goods(Counts):
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
        expectations.serve(unit, came, by=self.world.seller)
        self.lots.append((came, "", 0))

    @rule(amount=amounts, grade=grades)
    def lose(self, amount: int, grade: str) -> None:
        free = self.counted(grade, days=None)
        short = stock.lose(self.world.unit, "cordyceps", grade, amount, by=self.world.seller)
        assert (short is None) == (amount <= free)

    @rule(amount=amounts, grade=grades, twice=st.booleans())
    def lose_by_mistake(self, amount: int, grade: str, twice: bool) -> None:
        """It is undone once, to the lots that it was taken from."""
        unit, by, free = self.world.unit, self.world.seller, self.counted(grade, days=None)
        before = stock.last_movement(self.world.db)
        self.lose(amount, grade)
        until = stock.last_movement(self.world.db)
        for first in (True, False) if twice else (True,):
            undone = stock.undo(unit, before, until, by=by)
            assert (undone is not None) == (first and amount <= free)
        assert self.counted(grade, days=None) == free

    @precondition(lambda self: self.lots)
    @rule(index=chosen, spoiled_too=st.booleans())
    def came_by_mistake(self, index: int, spoiled_too: bool) -> None:
        """It did not come in after all, if all of it is still free, or else written off."""
        lot, household, owed = self.lots[index % len(self.lots)]
        sql = """SELECT max(id) FROM movement
            WHERE lot_id = ? AND kind = 'in' AND quantity > 0 AND why = ''"""
        id = int(self.world.db.execute(sql, [lot.id]).fetchone()[0])
        free, unit = self.counted(lot.grade, days=None), self.world.unit
        lost = corrections.written_off(unit, id - 1, id) if spoiled_too else 0
        undo = corrections.undo_all if spoiled_too else stock.undo
        undone = undo(unit, id - 1, id, by=self.world.seller)
        if isinstance(undone, stock.Lot):
            assert self.counted(lot.grade, days=None) == free - lot.on_hand + lost
            self.debt[household] -= owed
            self.lots.remove((lot, household, owed))

    @precondition(lambda self: self.lots)
    @rule(index=chosen)
    def written_off_by_mistake(self, index: int) -> None:
        """All that was written off of a lot, with what was taken of others then."""
        lot, unit, by = self.lots[index % len(self.lots)][0], self.world.unit, self.world.seller
        sql = """SELECT max(id) FROM movement
            WHERE lot_id = ? AND kind = 'in' AND quantity > 0 AND why = ''"""
        id = int(self.world.db.execute(sql, [lot.id]).fetchone()[0])
        free, found = self.counted(lot.grade, days=None), corrections.write_offs(unit, id - 1, id)
        lost = sum(each.quantity for each in found)
        assert lost >= corrections.written_off(unit, id - 1, id)
        for each in found:
            stock.undo(unit, each.after, each.until, by=by)
        assert self.counted(lot.grade, days=None) == free + lost
        assert not corrections.write_offs(unit, id - 1, id)

    @rule(amount=amounts, grade=grades)
    def comes_by_mistake(self, amount: int, grade: str) -> None:
        """As if nothing had come in: as much is expected and promised as before, if that is so."""
        unit, db, by = self.world.unit, self.world.db, self.world.seller
        before, expected = stock.last_movement(db), expectations.of_grade(db, "cordyceps", grade)
        self.receive(amount, grade)
        until = stock.last_movement(db)
        undone = expectations.undo(unit, before, until, by=by)
        if isinstance(undone, stock.Lot):
            assert expectations.of_grade(db, "cordyceps", grade) == expected
            self.lots.pop()

    @precondition(lambda self: self.lots)
    @rule(index=chosen, amount=amounts)
    def came_as_more_or_less(self, index: int, amount: int) -> None:
        """Another amount came in than was entered, and so much the more or less is due."""
        lot, household, owed = self.lots[index % len(self.lots)]
        sql = """SELECT max(id) FROM movement
            WHERE lot_id = ? AND kind = 'in' AND quantity > 0 AND why = ''"""
        id = int(self.world.db.execute(sql, [lot.id]).fetchone()[0])
        free = self.counted(lot.grade, days=None)
        put = corrections.put_right(self.world.unit, id - 1, id, amount, by=self.world.seller)
        if amount > lot.on_hand:
            assert isinstance(put, corrections.PutRight)
        if isinstance(put, corrections.PutRight):
            assert self.counted(lot.grade, days=None) == free - lot.on_hand + amount
            came = replace(put.lot, on_hand=put.new)
            expectations.serve(self.world.unit, came, by=self.world.seller)
            kept = amount - (self.back[lot.id] if put.lot.id == lot.id else 0)
            due = put.lot.paid_minor // amount * kept
            self.debt[household] += due - owed
            self.lots[index % len(self.lots)] = (put.lot, household, due)

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
        arrival = stock.day(self.world.unit, ON_THE_ROAD)
        free = stock.available(self.world.unit, "cordyceps", grade, lasting=arrival)
        if self.can_have(self.world.buyer, grade)[0] >= free + amount:
            placed = self.world.try_place(pieces(free + amount, grade))
            assert isinstance(placed, Moved)
            self.placed.append(placed.order)
            self.receive(min(part, amount - 1), grade)

    @rule(
        grade=grades,
        how=st.sampled_from([State.CANCELLED, State.EXPIRED, "time", "undo", "over soon"]),
        amount=amounts,
    )
    def a_place_becomes_free(self, grade: str, how: State | str, amount: int) -> None:
        """What one order had, or was written off, goes to who waits; a newcomer comes too late. For
        that what else was there is written off meanwhile."""
        if how == "time":
            self.world.later(HOLD_MS)  # so that nothing else runs out with it
        by, start = self.world.seller, stock.last_movement(self.world.db)
        self.lose_all(grade)
        lost = stock.last_movement(self.world.db)
        self.expect(8, grade)
        self.receive(amount, grade)
        first = None if how == "undo" else self.buy_all(self.world.buyer, grade)
        before = stock.last_movement(self.world.db)
        if how == "undo":
            self.lose_all(grade)
        self.world.later(1)
        waits = self.world.try_place(pieces(1, grade), chat=self.world.rival)
        if isinstance(waits, Moved):
            self.placed.append(waits.order)
        if how == "undo":
            stock.undo(self.world.unit, before, stock.last_movement(self.world.db), by=by)
        elif how == "over soon":
            self.receive_what_is_over_soon(amount, grade, ON_THE_ROAD)
        elif first:
            self.world.later(0 if how is State.CANCELLED else HOLD_MS - 1)
            if how != "time":
                who = None if how is State.EXPIRED else by
                orders.move(self.world.unit, first, State(how), by=who)
        self.nobody_waits_for_what_is_free()
        stock.undo(self.world.unit, start, lost, by=by)

    def lose_all(self, grade: str) -> None:
        """All that is free, be it good for long or not."""
        free = self.counted(grade, days=None)
        if free > 0:
            self.lose(free, grade)

    def buy_all(self, chat: people.Chat, grade: str) -> orders.Order | None:
        """An order of all that is there."""
        there = self.can_have(chat, grade)[0]
        there -= stock.expected(self.world.unit, "cordyceps", grade)[0]
        placed = self.world.try_place(pieces(there, grade), chat=chat) if there > 0 else None
        if not isinstance(placed, Moved):
            return None
        self.placed.append(placed.order)
        return placed.order

    def nobody_waits_for_what_is_free(self) -> None:
        """After each event the shop gives out what is free, to the earliest first."""
        expectations.serve_freed(self.world.unit)
        for grade in ("large", "small"):
            waiting = expectations.waiting(self.world.unit, "cordyceps", grade)
            free = self.counted(grade, days=ON_THE_ROAD) - self.kept(grade)
            assert not waiting or free <= 0

    @rule(grade=grades)
    def nothing_comes(self, grade: str) -> None:
        """Who waits is called off; what else holds the goods waits for a person."""
        unit, by = self.world.unit, self.world.seller
        for id in expectations.waiting(unit, "cordyceps", grade):
            order = orders.by_id(self.world.db, id)
            if order and orders.is_in_parts(unit.db, order):
                parts.call_off_rest(unit, order, by=by)
            elif order and orders.may_cancel(unit.db, order, by):
                orders.move(unit, order, State.CANCELLED, by=by, why="not-come")
        rest = expectations.expect(unit, "cordyceps", grade, 0, "", by=by)
        if rest:
            day = expectations.of_grade(self.world.db, "cordyceps", grade)
            assert day and rest.amount <= day.amount
            expectations.expect(unit, "cordyceps", grade, rest.amount, day.day, by=by)
        assert stock.expected(unit, "cordyceps", grade)[0] == 0

    @precondition(lambda self: self.lots)
    @rule(index=chosen, household=st.sampled_from(["扎西", "卓玛"]), each=st.integers(0, 99))
    def say_the_source(self, index: int, household: str, each: int) -> None:
        """From whom a lot came, for the first time or to correct it."""
        index %= len(self.lots)
        lot, before, owed = self.lots[index]
        now = stock.lot(self.world.db, lot.id)
        assert now and stock.came_in(self.world.db, now) == lot.on_hand
        minor = each * lot.on_hand
        due = stock.set_source(self.world.unit, now, household, minor, by=self.world.seller)
        assert due == each * (lot.on_hand - self.back[lot.id])
        self.debt[before] -= owed
        self.debt[household] += due
        self.lots[index] = lot, household, due

    @precondition(lambda self: any(household for _, household, _ in self.lots))
    @rule(index=chosen, amount=amounts, by_mistake=st.booleans())
    def give_goods_back(self, index: int, amount: int, by_mistake: bool) -> None:
        """What is free of a lot goes back to the household, which is owed for the rest."""
        unit, by = self.world.unit, self.world.seller
        places = [place for place, lot in enumerate(self.lots) if lot[1]]
        place = places[index % len(places)]
        came, household, owed = self.lots[place]
        lot, free = stock.lot(self.world.db, came.id), self.counted(came.grade, days=None)
        assert lot and came.on_hand
        there, before = self.free_of(lot), stock.last_movement(self.world.db)
        short = stock.give_back(unit, lot, amount, by=by)
        assert (short is None) == (amount <= there)
        if short is None and by_mistake:
            for first in (True, False):
                undone = stock.undo(unit, before, before + 1, by=by)
                assert (undone is not None) == first
        elif short is None:
            self.back[lot.id] += amount
            kept = came.on_hand - self.back[lot.id]
            due = lot.paid_minor // came.on_hand * kept
            self.debt[household] += due - owed
            self.lots[place] = came, household, due
        gone = amount if short is None and not by_mistake else 0
        assert self.counted(came.grade, days=None) == free - gone

    @rule(amount=amounts, grade=grades, household=st.sampled_from(["扎西", "卓玛"]))
    def give_back_what_is_ordered(self, amount: int, grade: str, household: str) -> None:
        """So that it is not rare that what came of a household is not free."""
        self.receive(amount, grade)
        self.say_the_source(len(self.lots) - 1, household, 1)
        self.buy_all(self.world.buyer, grade)
        self.give_goods_back(sum(bool(lot[1]) for lot in self.lots) - 1, 1, by_mistake=False)

    def free_of(self, lot: stock.Lot) -> int:
        """What no reservation holds that runs."""
        held = """SELECT coalesce(sum(quantity), 0) FROM reservation
            WHERE lot_id = ? AND (expires_at IS NULL OR expires_at > ?)"""
        values = (lot.id, self.world.unit.now)
        return lot.on_hand - int(self.world.db.execute(held, values).fetchone()[0])

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
        self.receive(2, "large")
        first = len(self.lots) - 1
        self.say_the_source(first, household, each)
        self.give_goods_back(sum(bool(lot[1]) for lot in self.lots) - 1, 1, by_mistake=True)
        self.pay_a_household(anew=True, last=False)
        self.pay_a_household(anew=True, last=True)
        if anew:
            self.receive(1, "large")
        self.say_the_source(len(self.lots) - 1, household, corrected)
        self.pay_a_household(anew=False, last=False)
        self.pay_a_household(anew=True, last=True)

    @rule(
        anew=st.booleans(),
        last=st.booleans(),
        way=st.sampled_from(accounts.WAYS),
        part=st.sampled_from([0, 0, 1, 50]),
    )
    def pay_a_household(self, anew: bool, last: bool, way: str = "notes", part: int = 0) -> None:
        """All or a part, by a button of the newest list, or by one from before."""
        owed = accounts.owed(self.world.db, 9)
        if anew and owed:
            self.seen = owed[-1 if last else 0].entry_id
        known = {each.entry_id: each for each in owed if each.minor > 0}
        due = known.get(self.seen)
        assert accounts.owed_since(self.world.db, self.seen) == (due.minor if due else 0)
        paid = accounts.pay(self.world.unit, self.seen, way, by=self.world.seller, part=part)
        given = (part or due.minor) if due and part <= due.minor else 0
        assert (paid.minor if paid else 0) == given
        assert not paid or (due and paid.household == due.household)
        if paid:
            self.cash -= paid.minor
            self.debt[paid.household] -= paid.minor
            self.paid_to[paid.household] += paid.minor
            self.paid = paid

    @rule(last=st.booleans(), minor=st.integers(-300, 300))
    def pay_a_household_more(self, last: bool, minor: int) -> None:
        """So much, whatever is owed; below zero it gives that back, if it was ever given it."""
        found = accounts.households(self.world.db)
        if not found:
            return
        one, by = found[-1 if last else 0], self.world.seller
        given = self.paid_to[one.household]
        assert accounts.given(self.world.db, one) == given
        paid = accounts.pay_more(self.world.unit, one, minor, "wechat", by=by)
        assert (paid is not None) == (minor != 0 and given + minor >= 0)
        if paid:
            self.cash -= minor
            self.debt[one.household] -= minor
            self.paid_to[one.household] += minor
            self.paid = paid

    @precondition(lambda self: self.paid)
    @rule(twice=st.booleans())
    def unpay_a_household(self, twice: bool) -> None:
        """What was written was not paid: it is owed again, once."""
        assert self.paid
        for _ in range(1 + twice):
            undone = accounts.unpay(self.world.unit, self.paid.entry_id, by=self.world.seller)
            if undone:
                assert undone == self.paid
                self.cash += undone.minor
                self.debt[undone.household] += undone.minor
                self.paid_to[undone.household] -= undone.minor

    @precondition(lambda self: self.paid)
    @rule(way=st.sampled_from(accounts.WAYS))
    def paid_a_household_otherwise(self, way: str) -> None:
        """It moves from one cash to another."""
        assert self.paid
        before = {each.account: each.amount_minor for each in accounts.balances(self.world.db)}
        now = accounts.pay_otherwise(self.world.unit, self.paid.entry_id, way, by=self.world.seller)
        if now:
            before[f"cash:{self.paid.way}"] += now.minor
            before[f"cash:{way}"] = before.get(f"cash:{way}", 0) - now.minor
            found = accounts.balances(self.world.db)
            assert before == {each.account: each.amount_minor for each in found}
            self.paid = now
