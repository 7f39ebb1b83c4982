"""Cards and lines of text for goods, orders, payments and parcels, in the person's language."""

from __future__ import annotations

from collections.abc import Collection

from bot.language.addresses import Recipient
from bot.language.divisions_names import in_traditional
from bot.messages import Card
from bot.shop import (
    expectations,
    flash_sales,
    follow_ups,
    money_back,
    orders,
    parcels,
    payments,
    people,
    refunds,
    return_parcels,
    stock,
    unsettled,
)
from bot.shop.catalogue import Price, Product, Zone
from bot.shop.flash_sales import FlashSale
from bot.shop.money_back import MoneyBack, Stage
from bot.shop.orders import Order, OrderLine, Quote, State
from bot.shop.parcel_states import ParcelState
from bot.shop.quotes import zone_of
from bot.shop.vouchers import Voucher
from bot.talk import drafting
from bot.talk.turn import Turn

STATIONS = (State.PLACED, State.CONFIRMED, State.PACKING, State.SHIPPED, State.DELIVERED)

AWAITING = (State.PLACED, State.CONFIRMED)
PARCEL_STATIONS = (
    ParcelState.IN_TRANSIT,
    ParcelState.OUT_FOR_DELIVERY,
    ParcelState.READY_FOR_PICKUP,
    ParcelState.DELIVERED,
)


def price(turn: Turn, product: Product, tariff: Price) -> str:
    """A price in the buyer's usual unit: by the piece, the jin or the kilogram."""
    if product.unit == "pc":
        money = turn.money(tariff.of(1))
        counter = turn.locales.counter(turn.language, product.counter)
        if counter:
            return turn.words("price.counted", money=money, counter=counter)
        return turn.words("price.pc", money=money)
    usual = turn.locales.usual_grams(turn.language)
    return turn.words("price.usual", money=turn.money(tariff.of(usual)))


def in_season(turn: Turn, product: Product) -> bool:
    """Whether the product is in season today, in the shop's time zone."""
    return product.in_season(f"{turn.unit.here:%m-%d}")


def iso_day(turn: Turn, day: str) -> str:
    """A day (ISO date) as the language writes it, without its year."""
    return month_day(turn, day[5:])


def month_day(turn: Turn, day: str) -> str:
    """A day of the year (MM-DD) as the language writes it."""
    month, number = day.split("-")
    return turn.locales.day(turn.language, int(month), int(number))


def season(turn: Turn, product: Product) -> str:
    """The line that tells the season, or '' for what is there all year."""
    if not product.season:
        return ""
    first, last = (month_day(turn, day) for day in product.season)
    id = "product.in-season" if in_season(turn, product) else "product.out-of-season"
    return turn.words(id, first=first, last=last)


def available(turn: Turn, product: Product, grade: str) -> int:
    """What can be ordered of a grade, in the product's unit; of fresh goods nothing off season."""
    most = product.grade(grade).most
    expected, _ = stock.expected(turn.unit, product.key, grade, besides=turn.besides)
    there = _there(turn, product, grade) + expected
    return there if most is None else min(there, most)


def _there(turn: Turn, product: Product, grade: str) -> int:
    """What can be sent at once."""
    if product.fresh and not in_season(turn, product):
        return 0
    zone = zone_of(turn.catalogue, turn.state.draft.recipient)
    known = turn.state.draft.recipient != Recipient()
    lasting = stock.arrival(turn.unit, zone if known else None)
    return stock.available(
        turn.unit,
        product.key,
        grade,
        besides=turn.besides,
        lasting=lasting,
        aside=product.grade(grade).sale is None,
    )


def stock_cell(turn: Turn, product: Product, grade: str) -> str:
    """What is there of a grade, short enough for a table's cell."""
    there = _there(turn, product, grade)
    if there:
        most = product.grade(grade).most
        there = there if most is None else min(there, most)
        return turn.words("product.there", quantity=turn.quantity(product, there, product.unit))
    expected, day = stock.expected(turn.unit, product.key, grade)
    if expected:
        return turn.words("product.expected", day=iso_day(turn, day))
    sale = kept_for(turn, product, (grade,))
    return turn.words(f"flash.cell-{_stage(turn, sale)}" if sale else "product.sold-out")


def product_card(turn: Turn, product: Product) -> Card:
    """A product to look at: grades, prices, stock or season, shipping."""
    heads = tuple(turn.words(f"product.head-{head}") for head in ("grade", "price", "stock"))
    rows = tuple(
        (
            turn.locales.choose(grade.names, turn.language) if grade.key else turn.name(product),
            price(turn, product, grade.price),
            stock_cell(turn, product, grade.key),
        )
        for grade in product.grades
    )
    packs = [
        turn.words(f"product.pack-{pack}", quantity=turn.quantity(product, amount, product.unit))
        for pack, amount in product.packs.items()
    ]
    steps = [
        turn.words(
            "price.step",
            name=turn.name(product, grade.key),
            quantity=turn.quantity(product, least, product.unit),
            price=price(turn, product, Price(minor, grade.price.per)),
        )
        for grade in product.grades
        for least, minor in grade.steps
    ]
    sales = [sale_line(turn, product, sale) for sale in _sales(turn, product)]
    notes = [season(turn, product), *sales, *steps, *packs, shipping_line(turn, product)]
    return Card(
        kind="product",
        title=turn.name(product),
        table=(heads, *rows),
        heads=True,
        notes=tuple(note for note in notes if note),
        picture=product.picture,
    )


def _sales(turn: Turn, product: Product) -> list[FlashSale]:
    """The flash sales of a product that run or are to come."""
    found = flash_sales.not_over(turn.unit.db, turn.unit.now)
    return [sale for sale in found if sale.product == product.key and sale.sold < sale.quantity]


def kept_for(turn: Turn, product: Product, grades: Collection[str]) -> FlashSale | None:
    """The flash sale for which goods are kept of which a buyer finds none.

    One that runs keeps them from those who have had their share.
    """
    person = turn.chat.person.id
    for sale in _sales(turn, product):
        runs = sale.starts_at <= turn.unit.now
        had = flash_sales.left_for(turn.unit.db, sale, person, turn.besides) < product.minimum
        enough = sale.quantity - sale.sold >= product.minimum
        if sale.grade in grades and enough and (had or not runs):
            return sale
    return None


def kept_line(turn: Turn, product: Product, sale: FlashSale) -> str:
    """Why a buyer finds none: the sale is to come, or they have had their share of it."""
    return sale_line(turn, product, sale, f"flash.gone-{_stage(turn, sale)}")


def _stage(turn: Turn, sale: FlashSale) -> str:
    return "runs" if sale.starts_at <= turn.unit.now else "comes"


def sale_line(turn: Turn, product: Product, sale: FlashSale, id: str = "") -> str:
    """From when or until when, at what price, how much to each and in all."""
    runs = sale.starts_at <= turn.unit.now
    return turn.words(
        id or f"flash.{_stage(turn, sale)}",
        name=turn.name(product, sale.grade),
        price=price(turn, product, Price(sale.minor, product.grade(sale.grade).price.per)),
        moment=turn.moment(sale.ends_at if runs else sale.starts_at),
        end=turn.moment(sale.ends_at),
        each=turn.quantity(product, sale.per_person, product.unit),
        left=turn.quantity(product, sale.quantity - sale.sold, product.unit),
    )


def shipping_line(turn: Turn, product: Product | None = None) -> str:
    """From what price shipping is had, and from what sum on it is free."""
    zones = [zone for zone in turn.catalogue.zones if zone.country == "CN"]
    zones = [zone for zone in zones if zone.fresh or not (product and product.fresh)]
    if not zones:
        return ""
    cheapest = min(zones, key=lambda zone: zone.first_minor)
    line = turn.words("shipping.from", money=turn.money(cheapest.first_minor))
    if cheapest.free_from_minor is not None:
        free = turn.money(cheapest.free_from_minor)
        line = turn.words("shipping.from-free", money=turn.money(cheapest.first_minor), free=free)
    if product and product.fresh:
        line = turn.words("shipping.cold-chain", line=line)
    return line


def zone_row(turn: Turn, zone: Zone) -> tuple[str, ...]:
    """A zone of the tariff: name, price, days and from what sum on it is free."""
    first, last = zone.days
    days = turn.words("shipping.days", first=first, last=last)
    if zone.free_from_minor is not None:
        free = turn.words("shipping.zone-free", money=turn.money(zone.free_from_minor))
        days = f"{days} · {free}"
    return (
        turn.locales.choose(zone.names, turn.language),
        turn.words(
            "shipping.zone-price",
            first=turn.money(zone.first_minor),
            more=turn.money(zone.more_minor),
            weight=turn.words("shipping.kilograms", n=zone.first_grams // 1000),
        ),
        days,
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


def quote_card(turn: Turn, quote: Quote, voucher: Voucher | None) -> Card:
    """The summary of the draft that is confirmed: lines, shipping, total, recipient, way to pay.

    In the place of a paid order, with what is still to be paid or goes back.
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
        notes.append(shipping_line(turn))
    notes.append(turn.words(f"pay.by-{draft.pay_by}"))
    if draft.replaces:
        notes.append(turn.words("order.replaces", number=draft.replaces))
        notes += _replaced(turn, turn.replaced)
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
    what = goods(turn, before)
    if drafting.has_goods_of(turn.state.draft, before):
        what = " ".join(address_lines(turn, before.recipient))
    was = turn.words("order.was", goods=what)
    return counted if drafting.is_unchanged(turn) else [was, *counted]


def _awaited(turn: Turn, quote: Quote) -> list[str]:
    """A line for each thing that is not there yet: when it is expected."""
    lines = []
    for line in quote.lines:
        want, product = line.wanted, turn.product(line.wanted.product)
        day = stock.expected(turn.unit, want.product, want.grade)[1]
        if product and day and _there(turn, product, want.grade) < line.amount:
            values = {"name": turn.name(product, want.grade), "day": iso_day(turn, day)}
            lines.append(turn.words("order.line-awaited", **values))
    return lines


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
    notes += _instead(turn, order)
    day = expectations.awaited(turn.unit.db, order.id) if order.state in AWAITING else ""
    notes += [turn.words("order.awaited", day=iso_day(turn, day))] if day else []
    if private:
        notes = [*address_lines(turn, order.recipient), *notes]
    if order.state in (State.PLACED, State.EXPIRED):
        notes += _part_paid(turn, order)
    notes += [parcel_line(turn, parcel) for parcel in parcels.of_order(turn.unit.db, order.id)]
    for each in return_parcels.of_order(turn.unit.db, order.id):
        line = return_line(turn, each.courier, each.number)
        notes.append(turn.words("order.sent-back", parcel=line))
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
    return turn.words(f"state.{order.state}")


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


def _part_paid(turn: Turn, order: Order) -> list[str]:
    """What has come and has not gone back, and what of it is missing."""
    missing = payments.missing(turn.unit.db, order)
    kept = refunds.kept(turn.unit.db, order)
    is_waited_for = payments.of_order(turn.unit.db, order.id).state in ("due", "claimed")
    if not kept or not is_waited_for or money_back.is_late(turn.unit.db, order):
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
