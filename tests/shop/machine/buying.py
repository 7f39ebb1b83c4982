"""Buyers order, at usual prices, in flash sales and with vouchers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.shop import flash_sales, payments, people, special_prices, vouchers
from bot.shop.flash_sales import FlashSale
from bot.shop.orders import HOLD_MS, Moved, State
from tests.shop.machine.changes import Changes
from tests.shop.machine.counts import CORDYCEPS, amounts, chosen, grades
from tests.shop.world import MINUTE, pieces

FLASH_MINOR = 1_000  # the first sale's price; each has one of its own
ends = st.sampled_from(["", "called off", "changed", "late", "buys again", "other buys"])


class Buying(Changes):
    @rule(
        first=amounts,
        second=amounts,
        grade=grades,
        cod=st.booleans(),
        is_rival=st.booleans(),
        voucher=st.none() | chosen,
    )
    def place(
        self,
        first: int,
        second: int,
        grade: str,
        cod: bool,
        is_rival: bool,
        voucher: int | None,
    ) -> None:
        chat = self.world.rival if is_rival else self.world.buyer
        free = [self.can_have(chat, each)[0] for each in ("large", "small")]
        wanted = (first, second) if grade == "small" else (first + second, 0)
        wants = pieces(first), pieces(second, grade)
        usable, pay_by = self.usable(chat, voucher), "cod" if cod else "transfer"
        placed = self.world.try_place(*wants, chat=chat, pay_by=pay_by, voucher=usable)
        enough = wanted[0] <= free[0] and wanted[1] <= free[1]
        assert isinstance(placed, Moved) == enough
        if isinstance(placed, Moved):
            self.placed.append(placed.order)
            is_free = placed.order.total_minor == 0
            assert (placed.after is State.CONFIRMED) == is_free
            assert (payments.of_order(self.world.db, placed.order.id).state == "paid") == is_free

    @rule(grade=grades, patience=st.sampled_from([0, HOLD_MS]))
    def buy_all_that_is_free(self, grade: str, patience: int) -> None:
        self.world.later(patience)
        free, in_sale = self.can_have(self.world.rival, grade)
        if free:
            placed = self.world.try_place(pieces(free, grade), chat=self.world.rival)
            assert isinstance(placed, Moved)
            self.placed.append(placed.order)
        assert in_sale or self.can_have(self.world.rival, grade) == (0, False)

    @rule(
        grade=grades,
        quantity=amounts,
        parts=st.integers(1, 2),
        in_a_minute=st.booleans(),
        minutes=st.sampled_from([2, 24 * 60]),
    )
    def open_a_sale(
        self, grade: str, quantity: int, parts: int, in_a_minute: bool, minutes: int = 24 * 60
    ) -> None:
        free, before = self.counted(grade), self.world.everything()
        made = flash_sales.make(
            self.world.unit,
            CORDYCEPS,
            grade,
            minor=FLASH_MINOR + len(self.sales),
            quantity=quantity,
            per_person=-(-quantity // parts),
            starts_at=self.world.unit.now + in_a_minute * MINUTE,
            ends_at=self.world.unit.now + minutes * MINUTE,
            by=self.world.seller,
        )
        if isinstance(made, FlashSale):
            self.sales.append(made)
            assert quantity <= free
        else:
            assert quantity > free and self.world.everything() == before

    @rule(grade=grades, is_rival=st.booleans(), minor=st.sampled_from([3_000, 3_400, 9_000]))
    def give_a_special_price(self, grade: str, is_rival: bool, minor: int) -> None:
        """Lower than usual, above what it is from an amount on, or higher by mistake."""
        chat = self.world.rival if is_rival else self.world.buyer
        person, by = chat.person.id, self.world.seller
        special_prices.give(self.world.unit, person, CORDYCEPS, grade, minor, by=by)

    @precondition(lambda self: self.sales)
    @rule(index=chosen, minutes=st.sampled_from([0, 2, 60]))
    def end_a_sale(self, index: int, minutes: int) -> None:
        """Now, or at a time to come that is sooner or later than it was."""
        sale, unit = self.sales[index % len(self.sales)], self.world.unit
        was_over = self.ends_at(sale) <= unit.now
        at = unit.now + minutes * MINUTE
        assert flash_sales.finish(unit, sale.id, by=self.world.seller, at=at) is not was_over
        assert was_over or self.ends_at(sale) == at

    @precondition(lambda self: self.sales)
    @rule(index=chosen, quantity=amounts, per_person=st.integers(0, 4))
    def change_a_sale(self, index: int, quantity: int, per_person: int) -> None:
        """More or less of it is sold, in all and to each, unless others have bought it."""
        at, unit, before = index % len(self.sales), self.world.unit, self.world.everything()
        sale = self.sales[at]
        free = max(0, self.counted(sale.grade) - self.kept(sale.grade))
        chats = self.world.buyer, self.world.rival
        most = max(self.taken(sale, each.person.id, 0) for each in chats)
        fits = self.taken(sale, 0, 0) <= quantity <= sale.quantity + free
        fits = fits and most <= min(per_person or sale.per_person, quantity)
        made = flash_sales.change(
            unit, sale.id, quantity=quantity, per_person=per_person, by=self.world.seller
        )
        assert isinstance(made, FlashSale) == (fits and self.ends_at(sale) > unit.now)
        if isinstance(made, FlashSale):
            self.sales[at] = made
        else:
            assert self.world.everything() == before
            assert (made is None) == (self.ends_at(sale) <= unit.now)

    def a_place_is_bought_again(self) -> None:
        """Who lets a place in a sale run out, and buys another, cannot have the first one, too."""
        known, buyer = len(self.sales), self.world.buyer
        self.receive(4, "large")
        self.open_a_sale("large", 2, 2, False)
        if len(self.sales) > known and self.buy_in(self.sales[-1], buyer, 1):
            index = len(self.placed) - 1
            self.world.later(HOLD_MS)
            payments.lapse(self.world.unit, self.placed[index])
            self.buy_in(self.sales[-1], buyer, 1)
            self.claim(index, "")
            for _ in range(2):  # it is over the moment that it ends
                self.end_a_sale(len(self.sales) - 1, 0)

    def buy_in(self, sale: FlashSale, chat: people.Chat, amount: int) -> bool:
        """Somebody buys of a sale what they can have; False for nothing."""
        free, in_sale = self.can_have(chat, sale.grade)
        if free and in_sale:
            placed = self.world.try_place(pieces(min(amount, free), sale.grade), chat=chat)
            assert isinstance(placed, Moved)
            assert all(line.price.minor == sale.minor for line in placed.order.lines)
            self.placed.append(placed.order)
        return bool(free and in_sale)

    @rule(
        grade=grades,
        quantity=amounts,
        parts=st.integers(1, 2),
        is_rival=st.booleans(),
        in_two=st.booleans(),
        alone=st.booleans(),
        then=ends,
    )
    def buy_in_a_sale(
        self,
        grade: str,
        quantity: int,
        parts: int,
        is_rival: bool,
        in_two: bool,
        alone: bool,
        then: str,
    ) -> None:
        """So that it is not rare, and that each can have less of it after that."""
        chats = [self.world.buyer, self.world.rival]
        for index, each in enumerate(self.sales):
            if alone and each.grade == grade:
                self.end_a_sale(index, 0)
        self.receive(quantity, grade)
        self.open_a_sale(grade, quantity, parts, in_a_minute=False)
        sale = self.sales[-1] if self.sales else None
        if sale is None or not self.buy_in(sale, chats[is_rival], 1 if in_two else quantity):
            return
        if in_two:
            self.buy_in(sale, chats[is_rival], quantity)
        buy_again = partial(self.buy_in, sale, chats[is_rival ^ (then == "other buys")], quantity)
        self.end(len(self.placed) - 1, grade, then, buy_again)
        self.change_a_sale(len(self.sales) - 1, quantity, 1)

    @rule(percent=st.booleans(), covers=st.booleans(), made=st.integers(1, 2))
    def give_vouchers(self, percent: bool, covers: bool, made: int) -> None:
        kind, value = ("percent", 50) if percent else ("sum", 50_000 if covers else 2_000)
        voucher = vouchers.make(self.world.unit, kind, value, made=made, by=self.world.seller)
        self.codes.append(voucher.code)

    @rule(
        kind=st.sampled_from(["percent", "part", "all"]),
        made=st.integers(1, 2),
        is_rival=st.booleans(),
        then=ends,
    )
    def buy_with_a_voucher(self, kind: str, made: int, is_rival: bool, then: str) -> None:
        """So that what comes after is not rare."""
        self.receive(4, "large")
        self.give_vouchers(kind == "percent", kind == "all", made)
        newest = len(self.codes) - 1
        buy = partial(self.place, 1, 1, "large", False, voucher=newest)
        count = len(self.placed)
        buy(is_rival=is_rival)
        if len(self.placed) > count:
            buy_again = partial(buy, is_rival=is_rival ^ (then == "other buys"))
            self.end(count, "large", then, buy_again)
        self.usable(self.world.rival if is_rival else self.world.buyer, newest)

    def end(self, index: int, grade: str, then: str, buy_again: Callable[[], object]) -> None:
        """An order is called off and they buy again, or it is changed, or runs out and is paid too
        late, perhaps while the same buyer or the other one has bought again.
        """
        if then == "called off":
            self.move(index, State.CANCELLED)
            buy_again()
        elif then == "changed":
            self.change_goods(index, 1, grade)
        elif then:
            self.world.later(HOLD_MS)
            self.move(index, State.EXPIRED)
            if then != "late":
                buy_again()
            self.confirm(index)
