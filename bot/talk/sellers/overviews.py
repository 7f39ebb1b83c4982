"""What staff look at: today's orders, the stock, an order's history, and help."""

from __future__ import annotations

from collections.abc import Iterable

from bot.messages import Card, Choice
from bot.shop import (
    follow_ups,
    order_notes,
    orders,
    parts,
    payments,
    people,
    refunds,
    return_parcels,
    stock,
)
from bot.shop.orders import Order, State
from bot.talk import cards
from bot.talk.sellers import best_before
from bot.talk.turn import Turn

SHOWN_MAX = 10


def label(turn: Turn, order: Order) -> str:
    """An order on a button."""
    return f"{order.number} {order.recipient.name}"


def ask_which(
    turn: Turn, found: Iterable[tuple[Order, str]], id: str = "staff.which-order"
) -> None:
    """Asks which of these orders is meant; what a button does stands beside each."""
    choices = tuple(Choice(label(turn, order), value) for order, value in found)
    turn.say(id, number="", choices=choices[:SHOWN_MAX])


def stock_levels(turn: Turn) -> None:
    """What is on hand, held for orders and free, of all goods that are named, or of everything."""
    levels = _levels(turn)
    is_any_over = any(level.over for level in levels)
    heads = ("name", "on-hand", "reserved", *(["over"] if is_any_over else []), "free")
    rows = [tuple(turn.words(f"stock.head-{head}") for head in heads)]
    for level in levels:
        product = turn.product(level.product)
        if product is None or not any(grade.key == level.grade for grade in product.grades):
            continue
        over = [level.over] if is_any_over else []
        amounts = (level.on_hand, level.reserved, *over, level.free)
        shown = (turn.locales.short(turn.language, amount, product.unit) for amount in amounts)
        rows.append((turn.name(product, level.grade), *shown))
    card = Card(kind="product", title=turn.words("stock.title"), table=tuple(rows), heads=True)
    choices = (
        *best_before.write_offs(turn),
        turn.choice("button.restock", "in"),
        turn.choice("button.lost", "out"),
        turn.choice("button.set-price", "price"),
    )
    turn.say("stock.levels", card=card, choices=choices)


def _levels(turn: Turn) -> list[stock.Level]:
    """Of what is named, also where nothing is left of it, or of all that is there."""
    found, named = stock.levels(turn.unit), list[tuple[str, str]]()
    for line in turn.reading.lines:
        product = turn.product(line.product or "")
        grades = product.grades if product else ()
        named += [(line.product or "", e.key) for e in grades if line.grade in (None, e.key)]
    known = {(each.product, each.grade): each for each in found}
    return [known.get(each, stock.Level(*each, 0, 0)) for each in dict.fromkeys(named)] or found


def line(turn: Turn, order: Order, goods: str = "") -> str:
    """An order in a list, with its goods unless others are given."""
    return turn.words(
        "staff.todo-line",
        number=order.number,
        name=order.recipient.name,
        goods=goods or cards.goods(turn, order),
        state=cards.standing(turn, order),
    )


def order_history(turn: Turn, order: Order) -> None:
    """All that happened to an order: when, what, by whom and why.

    What happened at the same moment is told in the order of the lists below. Money that was carried
    over from another order may be older than this one.
    """
    db = turn.unit.db
    moved = [
        (move.at, turn.words(f"state.{move.after}"), move.person_id, _why(turn, move.why))
        for move in orders.history(db, order.id)
    ]
    begun = moved[0][0]
    changed = people.money_changes(db, order.number)
    at_door = any(made.what == "payment.collected" for made in changed)
    money_came = [
        (
            max(came.at, begun),
            turn.words("past.came", money=turn.money(came.amount_minor)),
            came.person_id,
            "",
        )
        for came in payments.receipts(db, order.id)
        if came.method != "cod" or not at_door
    ]
    told = [*moved[:1], *_wished(turn, order), *money_came, *moved[1:]]
    for each in refunds.of_order(db, order):
        money = turn.money(each.amount_minor)
        told.append((each.offered_at, turn.words("past.offered", money=money), each.offered_by, ""))
        if each.accepted_at and each.accepted_by != each.offered_by:
            agreed = turn.words("past.agreed", money=money)
            told.append((each.accepted_at, agreed, each.accepted_by, ""))
        if each.sent_at:
            told.append((each.sent_at, turn.words("past.sent", money=money), each.sent_by, ""))
    for made in changed:
        what = turn.words(f"past.{made.what.partition('.')[2]}", money=turn.money(int(made.after)))
        told.append((made.at, what, made.person_id, ""))
    for part in parts.of_order(db, order):
        id = "past.left" if not part.is_undone else "past.not-arrived"
        id = "past.arrived" if part.is_found else "past.not-left" if part.is_here else id
        left = turn.words(id, goods=cards.amounts(turn, order, part.goods))
        told.append((part.at, left, part.person_id, ""))
    told += _called_off(turn, order)
    told += _sent_again(turn, order)
    for parcel in return_parcels.of_order(db, order.id):
        line = cards.return_line(turn, parcel.courier, parcel.number)
        told.append((parcel.at, turn.words("past.sent-back", parcel=line), parcel.person_id, ""))
    payment = payments.of_order(db, order.id)
    if payment.state == "refunded" and payment.decided_at and refunds.undone(db, order):
        sent = turn.words("past.sent", money=turn.money(refunds.undone(db, order)))
        told.append((payment.decided_at, sent, payment.decided_by, ""))
    lines = [
        turn.words(
            "past.line",
            moment=turn.moment(at),
            what=" · ".join(part for part in (what, why) if part),
            name=cards.who(turn, order, person_id),
        )
        for at, what, person_id, why in sorted(told, key=lambda each: each[0])
    ]
    turn.say("past.title", number=order.number, lines="\n".join(lines))


def _wished(turn: Turn, order: Order) -> list[tuple[int, str, int | None, str]]:
    """What the buyer wished of it, and when; not before it was there."""
    ever = order_notes.ever(turn.unit.db, order.id)
    said = [(at, turn.words("order.note", text=text)) for at, _, text in ever]
    said += [(off, turn.words("order.note-off", text=text)) for _, off, text in ever if off]
    return [(max(at, order.placed_at), line, order.person_id, "") for at, line in said]


def _called_off(turn: Turn, order: Order) -> list[tuple[int, str, int | None, str]]:
    """What of it is not sent, and what it came to then."""
    return [
        (each.at, turn.words("past.called-off", goods=goods, money=money), each.person_id, "")
        for each in parts.called_off(turn.unit.db, order)
        if (goods := cards.amounts(turn, order, each.goods))
        and (money := turn.money(each.total_minor))
    ]


def _sent_again(turn: Turn, order: Order) -> list[tuple[int, str, int | None, str]]:
    """When goods that had left were to be sent again, and when that was called off."""
    told: list[tuple[int, str, int | None, str]] = []
    if order.state is State.CANCELLED:
        return told
    for after in follow_ups.replacements(turn.unit.db, order):
        moves = orders.history(turn.unit.db, after.id)
        confirmed = next((move for move in moves if move.after is State.CONFIRMED), moves[0])
        what = turn.words("past.sent-again", number=after.number)
        told.append((confirmed.at, what, confirmed.person_id, ""))
        if after.state is State.CANCELLED:
            what = turn.words("order.again-called-off", number=after.number)
            told.append((moves[-1].at, what, moves[-1].person_id, ""))
    return told


def _why(turn: Turn, why: str) -> str:
    """Why, in the person's language; that the buyer or a seller wished it is said by who did it."""
    return turn.words(f"past.why-{why}") if why in _WHY else ""


_WHY = (
    "unpaid",
    "short",
    "lost",
    "found",
    "changed",
    "courier",
    "spoiled",
    "silent",
    "not-come",
    "not-paid",
    "refused",
    "rest-off",
    "again",
    "not-left",
)


def today(turn: Turn) -> None:
    """The orders placed since midnight in the shop's zone, and what they come to."""
    midnight = turn.unit.here.replace(hour=0, minute=0, second=0, microsecond=0)
    placed_between(turn, round(midnight.timestamp() * 1000), turn.unit.now + 1)


def placed_between(turn: Turn, since: int, until: int, period: str = "") -> None:
    """The orders of a period, that of today without one, and what they come to."""
    found = list(orders.placed_between(turn.unit.db, since, until))
    if not found:
        id = "staff.none-of-days" if period else "staff.nothing-today"
        turn.say(id, period=period)
        return
    standing = [order for order in found if order.state not in _OVER]
    turn.say(
        "staff.of-days" if period else "staff.today",
        period=period,
        n=len(standing),
        off=turn.locales.joined(turn.language, _over(turn, found)),
        money=turn.money(sum(order.total_minor for order in standing)),
        lines="\n".join(line(turn, order) for order in found[-SHOWN_MAX:]),
        choices=tuple(Choice(label(turn, order), f"order:{order.number}") for order in found[-5:]),
    )


_OVER = (State.CANCELLED, State.EXPIRED, State.RETURNED)


def _over(turn: Turn, found: Iterable[Order]) -> list[str]:
    """How many of some orders are called off, came back and were lost."""
    over = [order for order in found if order.state in _OVER]
    lost = sum(follow_ups.is_lost(turn.unit.db, order) for order in over)
    back = sum(order.state is State.RETURNED for order in over) - lost
    counts = {"off": len(over) - lost - back, "back": back, "lost": lost}
    some = {id: n for id, n in counts.items() if n} or {"off": 0}
    return [turn.words(f"staff.days-{id}", n=n) for id, n in some.items()]


def help(turn: Turn) -> None:
    """What a seller can say."""
    buttons = _SELLERS_BUTTONS + (_OPERATORS_BUTTONS if turn.operates else ())
    choices = tuple(turn.choice(f"button.{name}", verb) for name, verb in buttons)
    turn.say("staff.help", choices=choices)


_SELLERS_BUTTONS = (
    ("todo", "todo"),
    ("stock", "levels"),
    ("restock", "in"),
    ("set-price", "price"),
    ("today", "today"),
    ("export-month", "export:month"),
    ("goods", "goods"),
)
_OPERATORS_BUTTONS = (
    ("news", "news"),
    ("people", "people"),
    ("history", "history"),
    ("households", "households"),
    ("vouchers", "vouchers"),
)
