"""What staff look at: what is to be done, today's orders, the stock, orders found, and help."""

from __future__ import annotations

from datetime import datetime

from bot.language.script import shortened
from bot.messages import Card, Choice
from bot.shop import enquiries, order_search, orders, payments, people, refunds, stock
from bot.shop.orders import Order, State
from bot.talk import best_before, cards, desk
from bot.talk.turn import Turn

SHOWN_MAX = 10
LINE_LENGTH = 80  # characters of a question in a list
LABEL_LENGTH = 12  # characters of a question on its button
NAME_LENGTH = 60  # characters of a name


def find(turn: Turn) -> bool:
    """Orders by who receives them, by a phone's last four digits, or by product when asked for."""
    db, marks = turn.unit.db, turn.reading.marks
    product = turn.reading.product if "find-orders" in marks else None
    if product:
        found = order_search.of_product(db, product)
    elif turn.reading.lines or len(turn.text) > NAME_LENGTH:
        return False
    else:
        found = order_search.of_recipient(db, turn.text)
    if len(found) == 1:
        desk.card_of(turn, found[0].number)
    elif found:
        lines = "\n".join(_todo_line(turn, order) for order in found)
        choices = tuple(Choice(label(turn, each), f"order:{each.number}") for each in found)
        turn.say("staff.found", n=len(found), lines=lines, choices=choices)
    elif "find-orders" in marks:
        turn.say("track.unknown")
    return bool(found) or "find-orders" in marks


def label(turn: Turn, order: Order) -> str:
    """An order on a button."""
    return f"{order.number} {order.recipient.name}"


def stock_levels(turn: Turn) -> None:
    """What is on hand, held for orders and free, of everything."""
    heads = ("name", "on-hand", "reserved", "free")
    rows = [tuple(turn.words(f"stock.head-{head}") for head in heads)]
    for level in stock.levels(turn.unit):
        product = turn.product(level.product)
        if product is None or not any(grade.key == level.grade for grade in product.grades):
            continue
        amounts = (level.on_hand, level.reserved, level.on_hand - level.reserved)
        shown = (turn.locales.short(turn.language, amount, product.unit) for amount in amounts)
        rows.append((turn.name(product, level.grade), *shown))
    card = Card(kind="product", title=turn.words("stock.title"), table=tuple(rows), heads=True)
    choices = (
        turn.choice("button.restock", "in"),
        turn.choice("button.lost", "out"),
        turn.choice("button.set-price", "price"),
    )
    turn.say("stock.levels", card=card, choices=choices)


def todo(turn: Turn) -> None:
    """What is to be done now: to confirm, to pack, to ship, to answer."""
    db = turn.unit.db
    found = payments.waiting(db, SHOWN_MAX)
    found += payments.refunds_due(db, SHOWN_MAX)
    found += refunds.due(db, SHOWN_MAX)
    found = list({order.id: order for order in found}.values())[:SHOWN_MAX]
    seen = {order.id for order in found}
    for state in (State.PLACED, State.CONFIRMED, State.PACKING):
        found += [
            order for order in orders.in_state(db, state, limit=SHOWN_MAX) if order.id not in seen
        ]
    lines = [_todo_line(turn, order) for order in found[:SHOWN_MAX]]
    lines += best_before.soon_over(turn)
    questions = enquiries.open_ones(db, SHOWN_MAX)
    lines += [
        turn.words(
            "staff.todo-enquiry",
            age=turn.span(turn.unit.now - asked.at),
            name=desk.name_of(turn, people.chat(turn.unit, asked.chat_id)),
            text=shortened(desk.words_of(turn, asked), LINE_LENGTH),
        )
        for asked in questions
    ]
    if not lines:
        turn.say("staff.nothing-to-do")
        return
    choices = [Choice(label(turn, order), f"order:{order.number}") for order in found[:5]]
    choices += [
        turn.choice("button.reply-to", f"reply:{asked.id}", text=_label_of(turn, asked))
        for asked in questions[:3]
    ]
    turn.say("staff.todo", lines="\n".join(lines), choices=tuple(choices))


def _todo_line(turn: Turn, order: Order) -> str:
    return turn.words(
        "staff.todo-line",
        number=order.number,
        name=order.recipient.name,
        goods=cards.goods(turn, order),
        state=turn.words(f"state.{order.state}"),
    )


def _label_of(turn: Turn, asked: enquiries.Enquiry) -> str:
    return shortened(desk.words_of(turn, asked), LABEL_LENGTH)


def order_history(turn: Turn, order: Order) -> None:
    """All that happened to an order: when, what, by whom and why."""
    db = turn.unit.db
    told = [
        (move.at, turn.words(f"state.{move.after}"), move.person_id, _why(turn, move.why))
        for move in orders.history(db, order.id)
    ]
    told += [
        (came.at, turn.words("past.came", money=turn.money(came.amount_minor)), came.person_id, "")
        for came in payments.receipts(db, order.id)
    ]
    for each in refunds.of_order(db, order):
        money = turn.money(each.amount_minor)
        told.append((each.offered_at, turn.words("past.offered", money=money), each.offered_by, ""))
        if each.accepted_at:
            agreed = turn.words("past.agreed", money=money)
            told.append((each.accepted_at, agreed, each.accepted_by, ""))
        if each.sent_at:
            told.append((each.sent_at, turn.words("past.sent", money=money), each.sent_by, ""))
    lines = [
        turn.words(
            "past.line",
            moment=turn.moment(at),
            what=" · ".join(part for part in (what, why) if part),
            name=_who(turn, order, person_id),
        )
        for at, what, person_id, why in sorted(told, key=lambda each: each[0])
    ]
    turn.say("past.title", number=order.number, lines="\n".join(lines))


def _why(turn: Turn, why: str) -> str:
    """Why, in the person's language; that the buyer or a seller wished it is said by who did it."""
    return turn.words(f"past.why-{why}") if why in _WHY else ""


_WHY = ("unpaid", "short", "lost", "changed", "courier", "spoiled")


def _who(turn: Turn, order: Order, person_id: int | None) -> str:
    """The buyer, one of the staff by name, or the shop by itself."""
    if person_id == order.person_id:
        return turn.words("past.buyer")
    person = people.find_person(turn.unit.db, person_id) if person_id else None
    if person is None:
        return turn.words("web.shop")
    return person.name or turn.words("staff.unnamed", n=person.id)


def today(turn: Turn) -> None:
    """The orders placed since midnight in the shop's zone, and what they come to."""
    now = datetime.fromtimestamp(turn.unit.now / 1000, turn.zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = round(midnight.timestamp() * 1000)
    found = list(orders.placed_between(turn.unit.db, since, turn.unit.now + 1))
    if not found:
        turn.say("staff.nothing-today")
        return
    lost = (State.CANCELLED, State.EXPIRED, State.RETURNED)
    standing = [order for order in found if order.state not in lost]
    turn.say(
        "staff.today",
        n=len(standing),
        lost=len(found) - len(standing),
        money=turn.money(sum(order.total_minor for order in standing)),
        lines="\n".join(_todo_line(turn, order) for order in found[-SHOWN_MAX:]),
        choices=tuple(Choice(label(turn, order), f"order:{order.number}") for order in found[-5:]),
    )


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
    ("goods", "goods"),
)
_OPERATORS_BUTTONS = (
    ("news", "news"),
    ("people", "people"),
    ("history", "history"),
    ("households", "households"),
    ("vouchers", "vouchers"),
)
