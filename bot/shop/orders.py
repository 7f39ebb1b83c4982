"""Orders: placed once, moved along one table of allowed moves, each move recorded.

An order and the stock it holds are written by the same unit, so that nobody is asked to pay for
what is not there. An order keeps the prices it was made at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from msgspec import Struct
from msgspec.structs import asdict, replace

from bot.language.addresses.recipient import Recipient as Recipient
from bot.shop import accounts, enquiries, expectations, flash_sales, people, stock, vouchers
from bot.shop.catalogue import Catalogue, Price
from bot.shop.numbers import numbers_in
from bot.shop.order_states import LEFT_BEFORE
from bot.shop.order_states import MOVES as MOVES
from bot.shop.order_states import State as State
from bot.shop.order_states import validate_moves as validate_moves
from bot.shop.people import By, Chat, Person, id_of
from bot.shop.price_cuts import Cut
from bot.shop.quotes import Quote as Quote
from bot.shop.quotes import QuotedLine as QuotedLine
from bot.shop.quotes import Wanted as Wanted
from bot.shop.quotes import quote as quote
from bot.shop.stock import Shortage
from bot.shop.timers import drop_timer, set_timer
from bot.shop.vouchers import Voucher
from bot.shop.ways_to_pay import WAYS
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

HOLD_MS = WAYS["transfer"].hold_ms or 0
LINES_MAX = 50
# Of a day's million numbers half are taken at 500,000 orders; then one order in 2**50 finds none.
NUMBERS_TRIED_MAX = 50
READDRESSED_IN = (State.PLACED, State.CONFIRMED)
_ADDRESS = ("name", "phone", "province", "city", "district", "detail", "country")
EXPIRE, REMIND = "order.expire", "payment.remind"  # timers; the subject is the order's id


class OrderLine(Struct, frozen=True):
    """A line of an order: as ordered (2 box), and its amount in the product's own unit (100)."""

    product: str
    grade: str
    name: str
    quantity: int
    unit: str
    amount: int
    price: Price
    total_minor: int


class Order(Struct, frozen=True):
    """An order as it was when read."""

    id: int
    number: str
    key: str
    person_id: int
    chat_id: int
    state: State
    pay_by: str
    language: str
    recipient: Recipient
    currency: str
    goods_minor: int
    shipping_minor: int
    total_minor: int
    placed_at: int
    lines: tuple[OrderLine, ...]
    discount_minor: int = 0
    replaces: int | None = None  # the id of the order in whose place this one stands
    transit_days: int = 0  # that its parcel takes at the most

    @property
    def wants(self) -> list[stock.Want]:
        """What the order takes from the stock."""
        return [(line.product, line.grade, line.amount) for line in self.lines]


_COLUMNS = tuple(set(Order.__struct_fields__) - {"state", "recipient", "lines"})


class Moved(Struct, frozen=True):
    """An order went from one state to another; `order` is as it is after that."""

    order: Order
    before: State
    after: State
    by: int | None
    why: str


class Already(Struct, frozen=True):
    """The draft was placed before: this is its order, as it is now."""

    order: Order


class Move(Struct, frozen=True):
    """A move as it was recorded."""

    before: State
    after: State
    person_id: int | None
    why: str
    at: int


class NotAllowed(Exception):
    """An order may not go there from where it is now; nothing was changed."""

    def __init__(self, order: Order, to: State, why: str = "") -> None:
        super().__init__(f"{order.number}: {order.state} → {to} {why}".rstrip())
        self.order, self.to, self.why = order, to, why


class NotPlaceable(Exception):
    """A draft that cannot be delivered or is empty: the caller should have looked at its quote."""

    def __init__(self, quote: Quote) -> None:
        super().__init__(", ".join(quote.problems) or "no lines, too many, or no total")
        self.quote = quote


def place(
    unit: Unit,
    catalogue: Catalogue,
    *,
    key: str,
    chat: Chat,
    wants: Sequence[Wanted],
    recipient: Recipient,
    pay_by: str,
    language: str,
    replaces: int | None = None,
    voucher: Voucher | None = None,
    cuts: Sequence[Cut] = (),
) -> Moved | Already | list[Shortage]:
    """Places a draft once: the order, its reservation and its payment, or all that is short.

    The goods are held as long as the way to pay says; see ways_to_pay. What costs nothing is
    confirmed at once. Raises NotPlaceable when the quote has problems.
    """
    quoted = quote(catalogue, wants, recipient, language, pay_by, voucher, cuts)
    if quoted.problems or quoted.total_minor is None or not 0 < len(quoted.lines) <= LINES_MAX:
        return _already(unit, key) or _refuse(quoted)
    days = stock.transit_days(quoted.zone)
    lasting = stock.day(unit, days)
    shares, above = _shares(catalogue, quoted)
    wanted = [_want(line) for line in quoted.lines]
    takes, shortages = stock.plan(unit, wanted, lasting=lasting, sales=shares)
    if shortages or above:
        return _already(unit, key) or [*shortages, *above]
    fields = {
        "key": key,
        "person_id": chat.person.id,
        "chat_id": chat.id,
        "pay_by": pay_by,
        "language": language,
        "currency": catalogue.currency,
        "goods_minor": quoted.goods_minor,
        "shipping_minor": quoted.shipping_minor,
        "discount_minor": quoted.discount_minor,
        "total_minor": quoted.total_minor,
        "placed_at": unit.now,
        "replaces": replaces,
        "transit_days": days,
    }
    order = write(unit, fields, recipient, tuple(_ordered(line) for line in quoted.lines))
    if order is None:
        return _already(unit, key) or _refuse(quoted)
    expires_at = hold_until(unit, pay_by)
    stock.take(unit, order.id, takes, None if WAYS[pay_by].charged else expires_at)
    flash_sales.take(unit, order.id, chat.person.id, shares)
    if voucher and voucher.off(quoted.goods_minor):
        vouchers.use(unit, voucher, order.id, chat.person.id)
    if expires_at is not None:
        set_timer(unit, EXPIRE, str(order.id), expires_at)
    if not order.total_minor:
        _sql.pay_nothing(unit.db, order_id=order.id, now=unit.now)
        return move(unit, order, State.CONFIRMED, by=chat.person, why="free")
    return Moved(order, State.DRAFT, State.PLACED, chat.person.id, "")


def move(unit: Unit, order: Order, to: State, *, by: By, why: str = "") -> Moved:
    """Moves an order from where it is now (not where `order` says it was) and does what follows.

    Raises NotAllowed, and then nothing has changed: when the table has no such move, when goods
    for a confirmation are gone, when an order would expire that is claimed to be paid or whose
    reservation still runs, or one be called off that has expired, unless it is only claimed.
    """
    now = fresh(unit.db, order)
    before = now.state
    if to not in MOVES[before]:
        raise NotAllowed(now, to)
    if to is State.EXPIRED:
        _check_expiry(unit, now)
    if before is State.EXPIRED and to is State.CANCELLED and not _is_unseen(unit.db, now):
        raise NotAllowed(now, to, "over")
    if to is State.PACKING and expectations.awaited(unit.db, now.id):
        raise NotAllowed(now, to, "awaited")
    if to is State.CONFIRMED and secure(unit, now):
        raise NotAllowed(now, to, "short")
    if to in (State.PLACED, State.CANCELLED) and is_in_parts(unit.db, now):
        raise NotAllowed(now, to, "sent in part")
    if not _sql.set_state(unit.db, id=now.id, before=before, after=to, why=why):
        raise NotAllowed(now, to, "raced")
    _follow_up(unit, now, to, by, why)
    accounts.follow(unit, now.id, to, by=by)
    _record(unit, now.id, before, to, by, why)
    return Moved(replace(now, state=to), before, to, id_of(by), why)


def secure(unit: Unit, order: Order) -> list[Shortage]:
    """Holds an order's goods without expiry, such as last until they arrive; or what is short."""
    return stock.secure(unit, order.id, order.wants, lasting=stock.day(unit, order.transit_days))


def short(unit: Unit, order: Order) -> list[Shortage]:
    """What of the goods of an order that holds none is not there any more."""
    lasting = stock.day(unit, order.transit_days)
    return stock.shortages(unit, order.wants, besides=0, lasting=lasting)


def readdress(unit: Unit, order: Order, to: Recipient, *, transit_days: int, by: By) -> Order:
    """Sends an unpacked order, or staff an unsent one, elsewhere; costs stay. Raises NotAllowed."""
    now = fresh(unit.db, order)
    packed = now.state is State.PACKING and id_of(by) != now.person_id
    if not packed and now.state not in READDRESSED_IN:
        raise NotAllowed(now, now.state, "address")
    _sql.readdress(unit.db, [{**asdict(to), "id": now.id, "transit_days": transit_days}])
    people.audit(unit, by, "address", now.number, "", "")
    return replace(now, recipient=to, transit_days=transit_days)


def hold_until(unit: Unit, pay_by: str) -> int | None:
    """Until when goods are held for the money (UTC ms); None: until a person decides."""
    hold_ms = WAYS[pay_by].hold_ms
    return None if hold_ms is None else unit.now + hold_ms


def may_cancel(db: sqlite3.Connection, order: Order, person: Person) -> bool:
    """Buyers call off their own orders before these are packed, and what they say was paid too late
    as long as nothing is seen of it; staff any that stands and has not left.
    """
    if person.role != "buyer":
        return order.state in (State.PLACED, State.CONFIRMED, State.PACKING)
    is_late = order.state is State.EXPIRED and _is_unseen(db, order)
    is_open = is_late or order.state in (State.PLACED, State.CONFIRMED)
    return is_open and order.person_id == person.id


def _is_unseen(db: sqlite3.Connection, order: Order) -> bool:
    """Whether its buyer says that it is paid, and nobody has seen any of it."""
    return bool(_sql.is_unseen(db, order_id=order.id))


def is_in_parts(db: sqlite3.Connection, order: Order) -> bool:
    """Whether a part of an order has left, and it stays open for the rest."""
    return order.state in (State.CONFIRMED, State.PACKING) and bool(_sql.has_left(db, id=order.id))


def by_id(db: sqlite3.Connection, id: int) -> Order | None:
    """The order of that id."""
    row = _sql.by_id(db, id=id)
    return _order(db, row) if row else None


def by_key(db: sqlite3.Connection, key: str) -> Order | None:
    """The order that a draft became."""
    row = _sql.by_key(db, key=key)
    return _order(db, row) if row else None


def follow_up(db: sqlite3.Connection, order: Order) -> Order | None:
    """The order that stands in the place of this one."""
    row = _sql.follow_up(db, id=order.id)
    return _order(db, row) if row else None


def standing(db: sqlite3.Connection, order: Order) -> Order:
    """The order that stands now where this one was changed, else this one."""
    while order.state is State.CANCELLED and (after := follow_up(db, order)):
        order = after
    return order


def fresh(db: sqlite3.Connection, order: Order) -> Order:
    """The order as it is now. Raises LookupError when it is not in the store."""
    found = by_id(db, order.id)
    if found is None:
        raise LookupError(order.number)
    return found


def find(db: sqlite3.Connection, number: str) -> Order | None:
    """The order whose number a text is or contains, however its digits and dash are typed."""
    for candidate in numbers_in(number):
        if row := _sql.by_number(db, number=candidate):
            return _order(db, row)
    return None


def of_person(db: sqlite3.Connection, person_id: int, limit: int = 10) -> list[Order]:
    """A person's orders, newest first."""
    return [_order(db, row) for row in _sql.of_person(db, person_id=person_id, limit=limit)]


def last_of(db: sqlite3.Connection, person_id: int) -> Order | None:
    """A person's newest order."""
    return next(iter(of_person(db, person_id, limit=1)), None)


def in_state(db: sqlite3.Connection, *states: State, limit: int = 50) -> list[Order]:
    """Orders in any of these states, oldest first."""
    rows = [row for state in set(states) for row in _sql.in_state(db, state=state, limit=limit)]
    return [_order(db, row) for row in sorted(rows, key=lambda row: row["id"])[:limit]]


def placed_between(
    db: sqlite3.Connection, from_ms: int | None, to_ms: int | None
) -> Iterator[Order]:
    """Orders placed from one time (UTC ms) up to but not at another, read as they are asked for."""
    since = 0 if from_ms is None else from_ms
    until = 2**62 if to_ms is None else to_ms
    for row in _sql.placed_between(db, from_ms=since, to_ms=until):
        yield _order(db, row)


def history(db: sqlite3.Connection, order_id: int) -> list[Move]:
    """All moves of an order, the first one first."""
    return [
        Move(State(row[0]), State(row[1]), row[2], row[3], row[4])
        for row in _sql.history(db, order_id=order_id)
    ]


def _check_expiry(unit: Unit, order: Order) -> None:
    """A timer that fires late or twice must not take goods from somebody who has paid."""
    if _sql.payment_state(unit.db, order_id=order.id) != "due":
        raise NotAllowed(order, State.EXPIRED, "claimed")
    if stock.is_live(unit, order.id):
        raise NotAllowed(order, State.EXPIRED, "still held")


def _follow_up(unit: Unit, order: Order, to: State, by: By, why: str) -> None:
    """What a move means for the stock, the payment and the timers."""
    if to in (State.CONFIRMED, State.CANCELLED, State.EXPIRED):
        drop_timer(unit, EXPIRE, str(order.id))
        drop_timer(unit, REMIND, str(order.id))
    if to is State.CANCELLED and id_of(by) != order.person_id:
        enquiries.settle(unit, order.id, by)
    if to is State.RETURNING or (to is State.DELIVERED and by):
        enquiries.settle(unit, order.id, by, intent=enquiries.REFUSED)
    if to in (State.CANCELLED, State.EXPIRED):
        stock.release(unit, order.id)
        flash_sales.give_back(unit, order.id)
        vouchers.give_back(unit, order.id)
        _sql.call_off_payment(unit.db, order_id=order.id, cancelled=to is State.CANCELLED)
    elif to is State.SHIPPED and order.state is State.PACKING and why not in LEFT_BEFORE:
        stock.sell(unit, order.id, by)
    elif to is State.DELIVERED:
        _collect(unit, order, by)
    elif to is State.RETURNING:
        _sql.collect_no_more(unit.db, order_id=order.id)


def _collect(unit: Unit, order: Order, by: By) -> None:
    """What is paid on delivery was paid."""
    values = {"order_id": order.id, "person_id": id_of(by), "now": unit.now}
    if _sql.collect_payment(unit.db, **values) and order.total_minor:
        _sql.add_collected(unit.db, **values)


def _record(unit: Unit, order_id: int, before: State, after: State, by: By, why: str) -> None:
    values = {"order_id": order_id, "before": before, "after": after, "why": why}
    _sql.add_move(unit.db, **values, person_id=id_of(by), now=unit.now)


def _already(unit: Unit, key: str) -> Already | None:
    found = by_key(unit.db, key)
    return Already(found) if found else None


def _refuse(quoted: Quote) -> NoReturn:
    raise NotPlaceable(quoted)


def _shares(catalogue: Catalogue, quoted: Quote) -> tuple[dict[int, int], list[Shortage]]:
    """What the lines take of flash sales, by the sale, and what is above what one can have."""
    shares: dict[int, int] = {}
    above: dict[int, Shortage] = {}
    for line in quoted.lines:
        product, grade, amount = _want(line)
        offered = catalogue.products[product].grade(grade)
        if offered.sale is not None and offered.most is not None:
            shares[offered.sale] = whole = shares.get(offered.sale, 0) + amount
            if whole > offered.most:
                above[offered.sale] = Shortage(product, grade, whole, offered.most)
    return shares, list(above.values())


def _want(line: QuotedLine) -> stock.Want:
    return line.wanted.product, line.wanted.grade, line.amount


def _ordered(line: QuotedLine) -> OrderLine:
    want = line.wanted
    said = want.product, want.grade, line.name, want.quantity, want.unit
    return OrderLine(*said, line.amount, line.price, line.total_minor)


def write(
    unit: Unit, fields: dict[str, Any], recipient: Recipient, lines: tuple[OrderLine, ...]
) -> Order | None:
    """Writes an order with its lines, first move and payment, unless its draft was placed before.

    The database alone says whether a number or a draft is taken, so the usual case asks nothing.
    """
    number = _insert(unit, {**fields, **asdict(recipient)})
    if number is None:
        return None
    order = Order(
        id=_sql.id_of_number(unit.db, number=number),
        number=number,
        state=State.PLACED,
        recipient=recipient,
        lines=lines,
        **fields,
    )
    write_lines(unit, order)
    _record(unit, order.id, State.DRAFT, State.PLACED, order.person_id, "")
    _sql.add_payment(
        unit.db,
        order_id=order.id,
        method=order.pay_by,
        amount_minor=order.total_minor,
        currency=order.currency,
    )
    return order


def _insert(unit: Unit, values: dict[str, Any]) -> str | None:
    """Inserts an order under a new number; None when its draft was placed before."""
    day = f"{unit.here:%y%m%d}"
    for _ in range(NUMBERS_TRIED_MAX):
        number = f"{day}-{unit.ids.randrange(1_000_000):06d}"
        if _sql.add(unit.db, [{**values, "number": number}]):
            return number
        if by_key(unit.db, values["key"]):
            return None
    raise RuntimeError(f"no order number left for {day}")


def write_lines(unit: Unit, order: Order) -> None:
    """Writes the lines of an order that has none."""
    values = [
        {
            **asdict(line),
            "order_id": order.id,
            "position": position,
            "price_minor": line.price.minor,
            "price_per": line.price.per,
        }
        for position, line in enumerate(order.lines)
    ]
    _sql.add_lines(unit.db, values)


def _order(db: sqlite3.Connection, row: sqlite3.Row) -> Order:
    recipient = Recipient(**{part: row[part] for part in _ADDRESS})
    lines = tuple(
        OrderLine(
            product=line["product"],
            grade=line["grade"],
            name=line["name"],
            quantity=line["quantity"],
            unit=line["unit"],
            amount=line["amount"],
            price=Price(line["price_minor"], line["price_per"]),
            total_minor=line["total_minor"],
        )
        for line in _sql.lines(db, order_id=row["id"])
    )
    known = {name: row[name] for name in _COLUMNS}
    return Order(state=State(row["state"]), recipient=recipient, lines=lines, **known)
