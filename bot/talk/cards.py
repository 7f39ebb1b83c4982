"""Cards and lines of text for orders, payments and parcels, in the person's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.language.addresses.divisions_names import in_traditional
from bot.language.addresses.recipient import Recipient
from bot.messages import Card
from bot.shop import (
    expectations,
    follow_ups,
    held_goods,
    money_back,
    on_delivery,
    order_notes,
    orders,
    parcels,
    parts,
    payments,
    people,
    price_cuts,
    refunds,
    return_parcels,
    returned_goods,
    stock,
    unsettled,
)
from bot.shop.money_back import MoneyBack, Stage
from bot.shop.orders import Order, OrderLine, Quote, State
from bot.shop.parcel_states import ParcelState
from bot.shop.returned_goods import Goods
from bot.shop.stock import Shortage
from bot.shop.vouchers import Voucher
from bot.talk import goods_cards
from bot.talk.buyers import drafting
from bot.talk.turn import Turn

STATIONS = (State.PLACED, State.CONFIRMED, State.PACKING, State.SHIPPED, State.DELIVERED)

AWAITING = (State.PLACED, State.CONFIRMED)
AT_DOOR = (State.CONFIRMED, State.PACKING, State.SHIPPED)  # where a courier collects what is due
PARCEL_STATIONS = (
    ParcelState.IN_TRANSIT,
    ParcelState.OUT_FOR_DELIVERY,
    ParcelState.READY_FOR_PICKUP,
    ParcelState.DELIVERED,
)


def address_lines(turn: Turn, recipient: Recipient) -> tuple[str, str]:
    """Whom and where it goes to, on two lines."""
    region = [recipient.province, recipient.city, recipient.district]
    parts = [part for place, part in enumerate(region) if part not in region[:place]]
    if turn.language == "zh-Hant":
        parts = [in_traditional(part) for part in parts]
    named = "".join(parts)
    country = "" if recipient.country in ("", "CN") else recipient.country
    where = " ".join(part for part in (named, recipient.detail, country) if part)
    return f"{recipient.name} {recipient.phone}".strip(), where


def quote_card(
    turn: Turn, quote: Quote, voucher: Voucher | None, *, is_stale: bool = False
) -> Card:
    """The summary of the draft that is confirmed: lines, shipping, total, recipient, way to pay.

    In the place of a paid order, with what is still to be paid or goes back; of one that `is_stale`
    with a flash sale that is over.
    """
    draft = turn.state.draft
    rows = [
        (
            line.name,
            turn.quantity(
                turn.product(line.wanted.product), line.wanted.quantity, line.wanted.unit
            ),
            turn.money(line.total_minor),
        )
        for line in quote.lines
    ]
    rows += _discount(turn, quote.discount_minor)
    if quote.shipping_minor is not None:
        free = turn.words("order.shipping-free")
        fee = turn.money(quote.shipping_minor) if quote.shipping_minor else free
        rows.append((turn.words("order.shipping"), "", fee))
    else:
        rows.append((turn.words("order.goods-total"), "", turn.money(quote.goods_minor)))
    if quote.total_minor is not None:
        rows.append((turn.words("order.total"), "", turn.money(quote.total_minor)))
        rows += _paid_before(turn, quote.total_minor)
    notes = [line for line in address_lines(turn, draft.recipient) if line]
    if quote.shipping_minor is None:
        notes.append(goods_cards.shipping_line(turn))
    notes.append(turn.words(f"pay.by-{draft.pay_by}"))
    goods = {(line.wanted.product, line.wanted.grade) for line in quote.lines}
    asked = "flash-sale" in turn.reading.marks
    why = goods_cards.MISSED if asked else ("gone", "had", "over" if is_stale else "")
    notes += goods_cards.missed(turn, goods, why)
    notes += _note(turn, draft.note)
    if draft.replaces:
        notes.append(turn.words("order.replaces", number=draft.replaces))
        notes += _replaced(turn, turn.replaced)
        taken_off = quote.discount_minor - (voucher.off(quote.goods_minor) if voucher else 0)
        taken_off -= price_cuts.agreed(turn.unit.db, turn.besides)
        if taken_off > 0:
            notes.append(turn.words("order.taken-off-too", money=turn.money(taken_off)))
    if draft.voucher and voucher is None:
        notes.append(turn.words("voucher.not-now", code=draft.voucher))
    if voucher and quote.goods_minor < voucher.least_minor:
        notes.append(turn.words("voucher.too-little", money=turn.money(voucher.least_minor)))
    return Card(
        kind="order",
        title=turn.words("order.draft-title"),
        table=tuple(rows),
        notes=(*notes, *_awaited(turn, quote)),
    )


def _paid_before(turn: Turn, total_minor: int) -> list[tuple[str, str, str]]:
    """What was paid for the order in whose place it stands, and the difference."""
    before = turn.replaced
    paid = refunds.kept(turn.unit.db, before) if before else 0
    if not paid:
        return []
    difference = "order.to-pay" if total_minor >= paid else "order.to-get-back"
    return [
        (turn.words("order.paid-before"), "", turn.money(paid)),
        (turn.words(difference), "", turn.money(abs(total_minor - paid))),
    ]


def _replaced(turn: Turn, before: Order | None) -> list[str]:
    """What the order was before, and that what was to go back of it is among what was paid."""
    if before is None:
        return []
    due = refunds.due(turn.unit.db, before)
    counted = [turn.words("order.counted", money=turn.money(due))] if due else []
    draft = turn.state.draft
    what = [] if drafting.has_goods_of(draft, before) else [goods(turn, before)]
    if draft.recipient != before.recipient:
        what.append(" ".join(address_lines(turn, before.recipient)))
    was = [turn.words("order.was", goods=" · ".join(what))] if what else []
    return [*was, *counted]


def _awaited(turn: Turn, quote: Quote) -> list[str]:
    """A line for each thing that is not there yet: when it is expected; and that others wait."""
    lines = []
    for line in quote.lines:
        want, product = line.wanted, turn.product(line.wanted.product)
        day = stock.expected(turn.unit, want.product, want.grade)[1]
        if product and day and goods_cards.there_now(turn, product, want.grade) < line.amount:
            values = {"name": turn.name(product, want.grade), "day": goods_cards.iso_day(turn, day)}
            lines.append(turn.words("order.line-awaited", **values))
    waits = [turn.words("order.waits-too")] if 0 < len(lines) < len(quote.lines) else []
    return [*lines, *waits]


def _discount(turn: Turn, minor: int) -> list[tuple[str, str, str]]:
    """The row of what a voucher takes off."""
    return [(turn.words("order.discount"), "", f"−{turn.money(minor)}")] if minor else []


def line_name(turn: Turn, order: Order, line: OrderLine) -> str:
    """The name that the line was ordered by; for readers of another language, today's in theirs."""
    product = turn.product(line.product)
    if turn.language == order.language or product is None:
        return line.name
    if all(grade.key != line.grade for grade in product.grades):
        return line.name
    return turn.name(product, line.grade)


def line_quantity(turn: Turn, line: OrderLine) -> str:
    """The quantity of an order's line as it was ordered."""
    return turn.quantity(turn.product(line.product), line.quantity, line.unit)


def goods(turn: Turn, order: Order) -> str:
    """The lines of an order in one line of text."""
    parts = [f"{line_name(turn, order, line)} {line_quantity(turn, line)}" for line in order.lines]
    return turn.locales.joined(turn.language, parts)


def amounts(turn: Turn, order: Order, found: Goods) -> str:
    """So much of each of an order's goods in one line of text."""
    lines = {(line.product, line.grade): line for line in order.lines}
    said = []
    for key in [*lines, *(key for key in found if key not in lines)]:
        amount, product, line = found.get(key, 0), turn.product(key[0]), lines.get(key)
        if not amount or not (line or product):
            continue
        unit = product.unit if product else "g" if line and line.unit == "g" else "pc"
        name = line_name(turn, order, line) if line else product and turn.name(product, key[1])
        said.append(f"{name} {turn.quantity(product, amount, unit)}")
    return turn.locales.joined(turn.language, said)


def order_card(turn: Turn, order: Order, *, private: bool = True) -> Card:
    """An order that exists: lines, total, stations, parcel; the address when `private`."""
    rows = [
        (line_name(turn, order, line), line_quantity(turn, line), turn.money(line.total_minor))
        for line in order.lines
    ]
    rows += _discount(turn, order.discount_minor)
    fee = (
        turn.money(order.shipping_minor)
        if order.shipping_minor
        else turn.words("order.shipping-free")
    )
    rows.append((turn.words("order.shipping"), "", fee))
    rows.append((turn.words("order.total"), "", turn.money(order.total_minor)))
    notes = [turn.words(f"pay.by-{order.pay_by}")] if order.total_minor else []
    notes += _note(turn, order_notes.of(turn.unit.db, order.id))
    notes += _instead(turn, order)
    day = expectations.awaited(turn.unit.db, order.id) if order.state in AWAITING else ""
    if day and not orders.is_in_parts(turn.unit.db, order):
        in_part = "-in-part" if expectations.is_there_in_part(turn.unit.db, order.id) else ""
        notes.append(turn.words(f"order.awaited{in_part}", day=goods_cards.iso_day(turn, day)))
    notes += _in_parts(turn, order)
    if private:
        notes = [*address_lines(turn, order.recipient), *notes]
    notes += part_paid(turn, order)
    notes += [parcel_line(turn, parcel) for parcel in parcels.of_order(turn.unit.db, order.id)]
    for each in return_parcels.of_order(turn.unit.db, order.id):
        line = return_line(turn, each.courier, each.number)
        notes.append(turn.words("order.sent-back", parcel=line))
    notes += _back(turn, order) if turn.staff else []
    notes += money_notes(turn, order)
    on_the_way = order.state in STATIONS
    if not on_the_way:
        notes.insert(0, standing(turn, order))
    return Card(
        kind="order",
        title=turn.words("order.title", number=order.number),
        table=tuple(rows),
        stations=tuple(turn.words(f"state.{state}") for state in STATIONS) if on_the_way else (),
        reached=STATIONS.index(order.state) + 1 if on_the_way else 0,
        notes=tuple(notes),
    )


def _back(turn: Turn, order: Order) -> list[str]:
    """What of its goods is on its way back, or is back where something is not: to be sold again, or
    spoiled."""
    back = Counter(returned_goods.part_back(turn.unit.db, order.id))
    bad = back & Counter(returned_goods.spoiled(turn.unit.db, order.id))
    coming = Counter(held_goods.on_way_back(turn.unit.db, order.id))
    told = {"order.coming-back": coming, "order.back-part": back - bad, "order.back-bad": bad}
    return [
        turn.words(id, goods=amounts(turn, order, found)) for id, found in told.items() if found
    ]


def _in_parts(turn: Turn, order: Order) -> list[str]:
    """What has left of an order, and what has not yet."""
    db = turn.unit.db
    if not orders.is_in_parts(db, order):
        return []
    gone = amounts(turn, order, parts.gone(db, order))
    return [
        turn.words("order.part-gone", goods=gone),
        turn.words("order.part-rest", goods=still_to_send(turn, order)),
    ]


def still_to_send(turn: Turn, order: Order, now: Goods | None = None) -> str:
    """What has not left of an order, besides what leaves `now`, and when if it is awaited."""
    db = turn.unit.db
    rest = amounts(turn, order, Counter(parts.rest(db, order)) - Counter(now or {}))
    day = expectations.awaited(db, order.id)
    if not day:
        return rest
    return turn.words("part.later", goods=rest, day=goods_cards.iso_day(turn, day))


def short_lines(turn: Turn, missing: Sequence[Shortage]) -> str:
    """How much is left of what is short, a line each."""
    return "\n".join(
        turn.words(
            "order.short-line",
            name=turn.name(product, short.grade),
            there=turn.quantity(product, short.available, product.unit),
        )
        for short in missing
        if (product := turn.product(short.product))
    )


def _note(turn: Turn, text: str) -> list[str]:
    return [turn.words("order.note", text=text)] if text else []


def money_notes(turn: Turn, order: Order) -> list[str]:
    """What of the money goes back or went back."""
    return [
        turn.words(f"refund.{each.stage}", **_sum(turn, each))
        for each in money_back.of_order(turn.unit.db, order)
    ]


def told_of(turn: Turn, order: Order) -> str:
    """What its buyer is told of money that goes back: a line for each sum, or nothing.

    Who might have paid for an order that is called off, although nobody knows, is to say so.
    """
    lines = [
        turn.words(f"repaid.{each.stage}", **_sum(turn, each))
        for each in money_back.of_order(turn.unit.db, order)
        if each.stage is not Stage.OFFERED
    ]
    may_have_paid = order.state is State.CANCELLED and order.pay_by != "cod" and order.total_minor
    return "\n".join(lines or ([turn.words("repaid.if-paid")] if may_have_paid else []))


def who(turn: Turn, order: Order, person_id: int | None) -> str:
    """The buyer, one of the staff by name, or the shop by itself."""
    if person_id == order.person_id:
        return turn.words("past.buyer")
    person = people.find_person(turn.unit.db, person_id) if person_id else None
    if person is None:
        return turn.words("web.shop")
    return person.name or turn.words("staff.unnamed", n=person.id)


def _sum(turn: Turn, each: MoneyBack) -> dict[str, str]:
    day = turn.day(each.at) if each.at else ""
    return {"money": turn.money(each.amount_minor), "day": day}


def standing(turn: Turn, order: Order) -> str:
    """How an order stands; what was lost has not come back, what was paid late not run out."""
    if money_back.is_late(turn.unit.db, order):
        return turn.words("state.late")
    if follow_ups.is_lost(turn.unit.db, order):
        return turn.words("past.why-lost")
    if orders.is_in_parts(turn.unit.db, order):
        return turn.words("state.in-parts")
    state = turn.words(f"state.{order.state}")
    if not on_delivery.is_short(turn.unit.db, order):
        return state
    missing = turn.money(payments.missing(turn.unit.db, order))
    return turn.words("state.short", state=state, money=missing)


def again_too(turn: Turn, order: Order) -> str:
    """That goods are still to come besides money, or nothing."""
    after = follow_ups.sent_again(turn.unit.db, order)
    is_to_come = after and after.state is not State.DELIVERED
    return turn.words("order.again-too", number=after.number) if after and is_to_come else ""


def _instead(turn: Turn, order: Order) -> list[str]:
    """Which order it stands in the place of, and which in its, or was to."""
    db = turn.unit.db
    before = orders.by_id(db, order.replaces) if order.replaces else None
    notes = [turn.words("order.replaces", number=before.number)] if before else []
    over = order.state in (State.CANCELLED, *refunds.HAVE_LEFT)
    after = orders.follow_up(db, order) if over else None
    if after is None:
        return notes
    id, after = "order.replaced-by", orders.standing(db, after)
    if after.state is State.CANCELLED and order.state is not State.CANCELLED:
        ending = "-open" if unsettled.is_noted(db, order) else ""
        id = f"order.again-called-off{ending}"
    return [*notes, turn.words(id, number=after.number)]


def part_paid(turn: Turn, order: Order) -> list[str]:
    """What has come and has not gone back, and what of it is missing."""
    missing = payments.missing(turn.unit.db, order)
    kept = refunds.kept(turn.unit.db, order)
    state = payments.of_order(turn.unit.db, order.id).state
    is_held = order.state in (State.PLACED, State.EXPIRED) and state in ("due", "claimed")
    is_part = is_held and kept > 0 and not money_back.is_late(turn.unit.db, order)
    is_part |= order.pay_by == "cod" and order.state in AT_DOOR and state == "due" and kept > 0
    if not is_part and state != "short":
        return []
    if not missing:
        return [turn.words("order.paid", money=turn.money(kept))]
    paid = turn.money(order.total_minor - missing)
    return [turn.words("order.part-paid", money=paid, missing=turn.money(missing))]


def parcel_line(turn: Turn, parcel: parcels.Parcel) -> str:
    """The courier and the number of a parcel, and whether it is lost."""
    line = return_line(turn, parcel.courier, parcel.number)
    return f"{line} · {turn.words('parcel.lost')}" if parcel.state is ParcelState.LOST else line


def return_line(turn: Turn, key: str, number: str) -> str:
    """The same of a parcel that comes back, whose courier may not be known."""
    named = courier(turn, key) if key else ""
    return turn.words("parcel.line", courier=named, number=number).strip()


def parcel_card(turn: Turn, parcel: parcels.Parcel) -> Card:
    """Where a parcel is: its stations, and its courier's last sentence as it is."""
    on_the_way = parcel.state in PARCEL_STATIONS
    notes = [] if on_the_way else [turn.words(f"parcel.{parcel.state}")]
    if parcel.said:
        notes.append(turn.words("parcel.said", text=parcel.said, at=turn.moment(parcel.news_at)))
    return Card(
        kind="parcel",
        title=parcel_line(turn, parcel),
        stations=tuple(turn.words(f"parcel.{state}") for state in PARCEL_STATIONS)
        if on_the_way
        else (),
        reached=PARCEL_STATIONS.index(parcel.state) + 1 if on_the_way else 0,
        notes=tuple(notes),
    )


def courier(turn: Turn, key: str) -> str:
    """A courier's name."""
    return turn.locales.choose(parcels.COURIERS[key].names, turn.language)
