"""What the machine counts by itself, from the ledger, the takes and the orders that stand."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from msgspec.structs import replace

from bot.shop import accounts, orders, payments, people, refunds, stock, vouchers
from bot.shop.flash_sales import FlashSale
from bot.shop.orders import State
from bot.shop.vouchers import Voucher
from tests.shop.world import CATALOGUE, World

# Goods of that price are sent for nothing, so that a voucher can cover an order wholly.
NEAR = replace(CATALOGUE.zones[0], free_from_minor=7_000)
# What costs less from an amount on, so that special prices and sales can be above it.
CORDYCEPS = replace(
    CATALOGUE.products["cordyceps"],
    grades=tuple(
        replace(grade, steps=((3, 3_200), (6, 1_100)))
        for grade in CATALOGUE.products["cordyceps"].grades
    ),
)
SHELF = replace(
    CATALOGUE,
    zones=(NEAR, *CATALOGUE.zones[1:]),
    products={**CATALOGUE.products, "cordyceps": CORDYCEPS},
)
ON_THE_ROAD = 4  # days to Chengdu
amounts = st.integers(1, 4)  # small, so that most orders can be filled and some cannot
chosen = st.integers(0, 7)
grades = st.sampled_from(["large", "small"])


class Counts(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World(SHELF)
        self.world.stock(6)
        self.world.stock(6, grade="small")
        self.placed: list[orders.Order] = []
        self.cash = 0  # by a count of its own
        self.lots: list[tuple[stock.Lot, str, int]] = []  # with from whom it came, and for what
        self.back: Counter[int] = Counter()  # what of a lot went back to its household
        self.debt: Counter[str] = Counter()
        self.paid_to: Counter[str] = Counter()  # each household, less what it gave back
        self.reserved = 0  # the newest reservation that was looked at
        self.seen = 0  # an entry that a button of some household has named
        self.paid: accounts.Paid | None = None  # what a household was given last
        self.begun: Counter[tuple[int, int | None]] = Counter()  # what of refunds is sent or asked
        self.let_go: set[int] = set()  # orders of which the buyer need not pay the rest
        self.sales: list[FlashSale] = []
        self.codes: list[str] = []

    def teardown(self) -> None:
        self.world.db.close()

    def order(self, index: int) -> orders.Order:
        return self.fresh(self.placed[index % len(self.placed)])

    def fresh(self, order: orders.Order) -> orders.Order:
        return orders.fresh(self.world.db, order)

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

    def agreed(self) -> Counter[int]:
        """What goes or went back in parts of each order, but for what was too much."""
        found = Counter[int]()
        for each in self.world.db.execute("SELECT * FROM refund"):
            if each["state"] in ("due", "sent") and not each["is_excess"]:
                found[each["order_id"]] += each["amount_minor"]
        return found

    def last_cuts(self) -> dict[int, tuple[int, int] | None]:
        """What was taken off each order last and can be taken back, with its id."""
        found: dict[int, tuple[int, int] | None] = {}
        for each in self.world.db.execute("SELECT * FROM price_cut ORDER BY id"):
            may = each["minor"] and each["goods_minor"]
            before = found.get(each["order_id"])
            found[each["order_id"]] = (each["id"], each["minor"]) if may else before
        return found

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

    def unsettled(self, *states: State) -> set[int]:
        """Orders in these states whose money is here, and the goods not sent again."""
        db, found = self.world.db, set()
        for order in self.placed:
            if self.world.state(order) not in states:
                continue
            paid = payments.of_order(db, order.id).state == "paid"
            part = any(
                each.state in ("due", "sent") and not each.is_excess
                for each in refunds.of_order(db, order)
            )
            is_open = all(
                self.world.state(each) is State.CANCELLED
                for each in self.placed
                if each.replaces == order.id
            )
            if paid and is_open and not part:
                before = orders.by_id(db, order.replaces) if order.replaces else None
                if payments.received(db, order.id) or (
                    before
                    and order.total_minor == 0
                    and payments.of_order(db, before.id).state == "paid"
                ):
                    found.add(order.id)
        return found
