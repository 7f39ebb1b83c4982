"""Buyers, sellers and time act at random on one shop; after each step its invariants hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.shop import (
    accounts,
    expectations,
    flash_sales,
    follow_ups,
    orders,
    parcels,
    payments,
    people,
    refunds,
    repayments,
    stock,
    todos,
    unsettled,
    vouchers,
)
from bot.shop.flash_sales import FlashSale
from bot.shop.orders import HOLD_MS, MOVES, Moved, NotAllowed, State
from bot.shop.repayments import Back, RepaymentState
from bot.shop.todos import Kind
from bot.shop.vouchers import Voucher
from tests.shop.world import CATALOGUE, MINUTE, World, pieces

# Goods of that price are sent for nothing, so that a voucher can cover an order wholly.
NEAR = replace(CATALOGUE.zones[0], free_from_minor=7_000)
SHELF = replace(CATALOGUE, zones=(NEAR, *CATALOGUE.zones[1:]))
CORDYCEPS = CATALOGUE.products["cordyceps"]
FLASH_MINOR = 1_000  # the first sale's price; each has one of its own
amounts = st.integers(1, 4)  # small, so that most orders can be filled and some cannot
chosen = st.integers(0, 7)
grades = st.sampled_from(["large", "small"])
ends = st.sampled_from(["", "called off", "changed", "buys again", "other buys"])


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
        self.world = World(SHELF)
        self.world.stock(6)
        self.world.stock(6, grade="small")
        self.placed: list[orders.Order] = []
        self.cash = 0  # by a count of its own
        self.lots: list[tuple[stock.Lot, str, int]] = []  # with from whom it came, and for what
        self.debt: Counter[str] = Counter()
        self.reserved = 0  # the newest reservation that was looked at
        self.seen = 0  # an entry that a button of some household has named
        self.begun: Counter[tuple[int, int | None]] = Counter()  # what of refunds is sent or asked
        self.sales: list[FlashSale] = []
        self.codes: list[str] = []

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

    @rule(grade=grades)
    def nothing_comes(self, grade: str) -> None:
        """Who waits is called off; what else holds the goods waits for a person."""
        unit, by = self.world.unit, self.world.seller
        for id in expectations.waiting(unit, "cordyceps", grade):
            order = orders.by_id(self.world.db, id)
            if order and orders.may_cancel(order, by):
                orders.move(unit, order, State.CANCELLED, by=by, why="not-come")
        rest = expectations.expect(unit, "cordyceps", grade, 0, "", by=by)
        if rest:
            day = expectations.of_grade(self.world.db, "cordyceps", grade)
            assert day and rest.amount <= day.amount
            expectations.expect(unit, "cordyceps", grade, rest.amount, day.day, by=by)
        assert stock.expected(unit, "cordyceps", grade)[0] == 0

    @rule(grade=grades, quantity=amounts, parts=st.integers(1, 2), in_a_minute=st.booleans())
    def open_a_sale(self, grade: str, quantity: int, parts: int, in_a_minute: bool) -> None:
        free, before = self.counted(grade), self.world.everything()
        made = flash_sales.make(
            self.world.unit,
            CORDYCEPS,
            grade,
            minor=FLASH_MINOR + len(self.sales),
            quantity=quantity,
            per_person=-(-quantity // parts),
            starts_at=self.world.unit.now + in_a_minute * MINUTE,
            by=self.world.seller,
        )
        if isinstance(made, FlashSale):
            self.sales.append(made)
            assert quantity <= free
        else:
            assert quantity > free and self.world.everything() == before

    @precondition(lambda self: self.sales)
    @rule(index=chosen)
    def end_a_sale(self, index: int) -> None:
        sale = self.sales[index % len(self.sales)]
        flash_sales.finish(self.world.unit, sale.id, by=self.world.seller)

    @rule(percent=st.booleans(), covers=st.booleans(), made=st.integers(1, 2))
    def give_vouchers(self, percent: bool, covers: bool, made: int) -> None:
        kind, value = ("percent", 50) if percent else ("sum", 50_000 if covers else 2_000)
        voucher = vouchers.make(self.world.unit, kind, value, made=made, by=self.world.seller)
        self.codes.append(voucher.code)

    def usable(self, chat: people.Chat, index: int | None) -> Voucher | None:
        """Whether somebody can use a voucher, by the orders that stand."""
        if index is None or not self.codes:
            return None
        code = self.codes[index % len(self.codes)]
        found = vouchers.usable(self.world.unit, code, chat.person.id)
        made, left, until = self.world.db.execute(
            "SELECT made, left, until FROM voucher WHERE code = ?", (code,)
        ).fetchone()
        uses = [use for use in self.uses() if use[0] == code]
        assert left == made - len(uses)
        is_used = (code, chat.person.id) in uses
        assert bool(found) == (not is_used and left > 0 and until > self.world.unit.now)
        return found

    def uses(self) -> list[tuple[str, int]]:
        """The vouchers that orders have now, each with its buyer."""
        sql = "SELECT code, person_id FROM voucher_use WHERE NOT is_given_back"
        return [(row[0], row[1]) for row in self.world.db.execute(sql)]

    def chat_of(self, order: orders.Order) -> people.Chat:
        chats = (self.world.buyer, self.world.rival)
        return next(chat for chat in chats if chat.person.id == order.person_id)

    def can_have(self, chat: people.Chat, grade: str, besides: int = 0) -> tuple[int, bool]:
        """How much of a grade somebody can order, and whether that is in a sale: by a count of
        what the takes and the ledger say.
        """
        free = self.counted(grade, besides, ON_THE_ROAD)
        limit, now = None, self.world.unit.now
        for sale in self.sales:
            ends_at = self.ends_at(sale)
            if sale.grade != grade or ends_at <= now:
                continue
            own, taken = self.taken(sale, chat.person.id, besides), self.taken(sale, 0, besides)
            left = min(sale.per_person - own, sale.quantity - taken)
            if sale.starts_at <= now and left > 0:
                limit = left
            else:
                free = max(0, free - sale.quantity + taken)
        free += stock.expected(self.world.unit, "cordyceps", grade, besides=besides)[0]
        return (free, False) if limit is None else (min(free, limit), True)

    def ends_at(self, sale: FlashSale) -> int:
        sql = "SELECT ends_at FROM flash_sale WHERE id = ?"
        return int(self.world.db.execute(sql, (sale.id,)).fetchone()[0])

    def taken(self, sale: FlashSale, person_id: int, besides: int) -> int:
        """What orders have of a sale, those of one person or (0) of all."""
        sql = """SELECT coalesce(sum(quantity), 0) FROM flash_take WHERE sale_id = :sale
            AND :person IN (0, person_id) AND NOT is_given_back AND order_id <> :besides"""
        values = {"sale": sale.id, "person": person_id, "besides": besides}
        return int(self.world.db.execute(sql, values).fetchone()[0])

    def kept(self, grade: str, besides: int = 0) -> int:
        """What is set aside of a grade, but for the sale in which an order buys."""
        return sum(
            sale.quantity - self.taken(sale, 0, 0)
            for sale in self.sales
            if sale.grade == grade
            and self.ends_at(sale) > self.world.unit.now
            and self.taken(sale, 0, 0) == self.taken(sale, 0, besides)
        )

    @rule(amount=amounts, grade=grades)
    def lose(self, amount: int, grade: str) -> None:
        free = self.counted(grade, days=None)
        short = stock.lose(self.world.unit, "cordyceps", grade, amount, by=self.world.seller)
        assert (short is None) == (amount <= free)

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
            assert (placed.after is State.CONFIRMED) == (placed.order.total_minor == 0)

    @rule(grade=grades, patience=st.sampled_from([0, HOLD_MS]))
    def buy_all_that_is_free(self, grade: str, patience: int) -> None:
        self.world.later(patience)
        free, in_sale = self.can_have(self.world.rival, grade)
        if free:
            placed = self.world.try_place(pieces(free, grade), chat=self.world.rival)
            assert isinstance(placed, Moved)
            self.placed.append(placed.order)
        assert in_sale or self.can_have(self.world.rival, grade) == (0, False)

    def buy_in(self, sale: FlashSale, chat: people.Chat, amount: int) -> bool:
        """Somebody buys of a sale what they can have; False for nothing."""
        free, in_sale = self.can_have(chat, sale.grade)
        if free and in_sale:
            placed = self.world.try_place(pieces(min(amount, free), sale.grade), chat=chat)
            assert isinstance(placed, Moved)
            self.placed.append(placed.order)
        return bool(free and in_sale)

    @rule(
        grade=grades,
        quantity=amounts,
        parts=st.integers(1, 2),
        is_rival=st.booleans(),
        then=ends,
    )
    def buy_in_a_sale(
        self, grade: str, quantity: int, parts: int, is_rival: bool, then: str
    ) -> None:
        """So that it is not rare."""
        chats = [self.world.buyer, self.world.rival]
        self.receive(quantity, grade)
        self.open_a_sale(grade, quantity, parts, in_a_minute=False)
        sale = self.sales[-1] if self.sales else None
        if sale is None or not self.buy_in(sale, chats[is_rival], quantity):
            return
        buy_again = partial(self.buy_in, sale, chats[is_rival ^ (then == "other buys")], quantity)
        self.end(len(self.placed) - 1, grade, then, buy_again)

    @rule(percent=st.booleans(), made=st.integers(1, 2), is_rival=st.booleans(), then=ends)
    def buy_with_a_voucher(self, percent: bool, made: int, is_rival: bool, then: str) -> None:
        """So that what comes after is not rare."""
        self.receive(4, "large")
        self.give_vouchers(percent, False, made)
        newest = len(self.codes) - 1
        buy = partial(self.place, 1, 1, "large", False, voucher=newest)
        count = len(self.placed)
        buy(is_rival=is_rival)
        if len(self.placed) > count:
            buy_again = partial(buy, is_rival=is_rival ^ (then == "other buys"))
            self.end(count, "large", then, buy_again)
        self.usable(self.world.rival if is_rival else self.world.buyer, newest)

    def end(self, index: int, grade: str, then: str, buy_again: Callable[[], object]) -> None:
        """An order is called off, or changed, or runs out and is paid too late, while the same
        buyer or the other one has bought again.
        """
        if then == "called off":
            self.move(index, State.CANCELLED)
        elif then == "changed":
            self.change_goods(index, 1, grade)
        elif then:
            self.world.later(HOLD_MS)
            self.move(index, State.EXPIRED)
            buy_again()
            self.confirm(index)

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
            if isinstance(result, payments.NothingDue):
                return
        else:
            self.cash -= minor
        for _ in range(2):  # pressed twice
            unsettled.settle_money(unit, found, "", by=self.world.seller)

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
        if isinstance(result, payments.Gone):
            assert payments.of_order(self.world.db, order.id).state == "claimed"
            short = orders.short(self.world.unit, order)
            assert bool(short) == (result is payments.Gone.GOODS)
            self.cash += missing  # The money was found, and the goods or their price are gone.
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
            before, order = self.world.everything(), self.order(index)
            paid = payments.of_order(self.world.db, order.id).state == "paid"
            try:
                again = follow_ups.send_again(self.world.unit, SHELF, order, by=self.world.seller)
            except NotAllowed:
                assert self.world.everything() == before
                return
            if isinstance(again, Moved):
                self.placed.append(again.order)
                assert again.order.total_minor == (0 if paid else order.total_minor)
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
        chat = self.chat_of(order)
        code, free = vouchers.code_of(self.world.db, order.id), self.can_have(chat, grade, order.id)
        unit, person = self.world.unit, chat.person
        try:
            changed = follow_ups.change(
                unit,
                self.world.seen(chat, order.id),
                order,
                key=unit.token(),
                chat=chat,
                wants=[pieces(amount, grade)],
                recipient=order.recipient,
                pay_by=order.pay_by,
                language="en",
                by=person,
                voucher=vouchers.usable(unit, code, person.id, besides=order.id),
            )
        except NotAllowed:
            assert self.world.everything() == before
            return
        assert isinstance(changed, Moved) == (amount <= free[0])
        if isinstance(changed, Moved):
            self.placed.append(changed.order)
            assert self.world.state(order) is State.CANCELLED
            assert vouchers.code_of(self.world.db, changed.order.id) == code
        else:
            assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def put_back(self, index: int) -> None:
        if self.world.state(self.order(index)) is State.RETURNED:
            stock.put_back(self.world.unit, self.order(index).id, self.world.seller)

    def unsettled(self) -> set[int]:
        """Orders that are over, whose money is here and whose goods are not with the buyer."""
        db, found = self.world.db, set()
        for order in self.placed:
            over = self.world.state(order) is State.RETURNED
            paid = payments.of_order(db, order.id).state == "paid"
            part = any(
                each.state in ("due", "sent") and not each.is_excess
                for each in refunds.of_order(db, order)
            )
            if over and paid and orders.follow_up(db, order) is None and not part:
                before = orders.by_id(db, order.replaces) if order.replaces else None
                if payments.received(db, order.id) or (
                    before
                    and order.total_minor == 0
                    and payments.of_order(db, before.id).state == "paid"
                ):
                    found.add(order.id)
        return found

    def counted(self, grade: str, besides: int = 0, days: int | None = 0) -> int:
        """What is free, and good in so many days (None: ever): counted from the ledger and the
        reservations that run.
        """
        lots = """SELECT id FROM lot WHERE grade = :grade AND expected_on = ''
            AND (best_before = '' OR best_before >= :lasting)"""
        held = f"""SELECT coalesce(sum(quantity), 0) FROM reservation WHERE lot_id IN ({lots})
            AND order_id <> :besides AND (expires_at IS NULL OR expires_at > :now)"""
        there = f"SELECT coalesce(sum(quantity), 0) FROM movement WHERE lot_id IN ({lots})"
        values = {"grade": grade, "besides": besides, "now": self.world.unit.now}
        values["lasting"] = "" if days is None else stock.day(self.world.unit, days)
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
        self.no_sale_is_oversold()
        arrival = stock.day(self.world.unit, ON_THE_ROAD)
        new = list(self.world.db.execute(RESERVED, (self.reserved,)))
        assert all(row["best_before"] == "" or row["best_before"] >= arrival for row in new)
        self.reserved = max([self.reserved, *(row["id"] for row in new)])
        assert self.world.db.execute(NOT_WHERE_IT_CAME_FROM).fetchall() == []
        owed = {each.household: each.minor for each in accounts.owed(self.world.db, 9)}
        assert owed == {name: minor for name, minor in self.debt.items() if minor}
        listed = set(todos.ids(self.world.db, Kind.UNSETTLED))
        returning = orders.in_state(self.world.db, State.RETURNING)
        assert listed == self.unsettled() | {order.id for order in returning}
        kept = accounts.balances(self.world.db)
        assert sum(each.amount_minor for each in kept) == 0
        assert sum(e.amount_minor for e in kept if e.account.startswith("cash:")) == self.cash

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

    def fresh(self, order: orders.Order) -> orders.Order:
        return orders.fresh(self.world.db, order)


TestShop = Shop.TestCase
TestShop.settings = settings(
    max_examples=120,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
