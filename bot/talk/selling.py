"""What sellers do in the chat: decide on payments, pack, set prices, take in stock."""

from __future__ import annotations

from collections.abc import Callable

from bot.language.reading import Line
from bot.messages import Choice
from bot.shop import catalogue, enquiries, money_back, orders, parcels, payments, refunds, stock
from bot.shop.catalogue import Product
from bot.shop.orders import Moved, NotAllowed, Order, State
from bot.shop.payment_states import Gone, NothingDue
from bot.shop.todos import Kind
from bot.talk import (
    best_before,
    bills,
    cards,
    charging,
    choosing,
    desk,
    expecting,
    flash,
    haggling,
    households,
    notices,
    overviews,
    pricing,
    promised,
    receipts,
    renumbering,
    sending,
    settling,
    todo,
    unmatched,
    vouchering,
)
from bot.talk.turn import Turn

AMOUNT_MAX = 100_000_000  # grams or pieces in one delivery; more is a typing error
PRICE_MAX = 100_000_000  # minor units


def answer(turn: Turn) -> bool:
    """Does what a seller's message says; False when it says nothing of a seller's work."""
    marks = turn.reading.marks
    named = orders.find(turn.unit.db, turn.text)
    if renumbering.take(turn):
        pass
    elif parcels.looks_like_number(turn.text) and sending.told(turn):
        pass
    elif (take := _ANSWERS.get(turn.state.asked)) and take(turn):
        pass
    elif "expect" in marks:
        expecting.begin(turn)
    elif "flash-sale" in marks:
        flash.begin(turn)
    elif "set-price" in marks:
        set_price(turn)
    elif "lost" in marks:
        restock(turn, "out")
    elif "restock" in marks:
        restock(turn, "in")
    elif "packed" in marks:
        if order := todo.meant(turn, named, "pack", Kind.PACK):
            press(turn, "pack", order.number)
    elif "stock-levels" in marks:
        overviews.stock_levels(turn)
    elif "today" in marks:
        overviews.today(turn)
    elif "todo" in marks:
        todo.show(turn)
    elif sending.told(turn):
        pass
    elif named:
        desk.card_of(turn, named.number)
    else:
        return overviews.find(turn)
    return True


def _answer_price(turn: Turn) -> bool:
    """The new price of a grade after it was asked for; False when none was said."""
    product = turn.product(turn.state.about)
    if product is None:
        return False
    minor = pricing.said(turn, product, product.grade(turn.state.grade).price)
    if not minor:
        return False
    _change_price(turn, product, turn.state.grade, minor)
    turn.state.asked = ""
    return True


def _answer_amount(turn: Turn) -> bool:
    """How much came in or is lost, after it was asked for; False when no amount was said."""
    product = turn.product(turn.state.about)
    amount = choosing.amount_said(turn, product) if product else None
    if product is None or not amount:
        return False
    verb = next(verb for verb, what in _ASKED.items() if what == turn.state.asked)
    _TAKE[verb](turn, product, turn.state.grade, amount)
    turn.state.asked = ""
    return True


def press(turn: Turn, verb: str, subject: str) -> bool:
    """A seller's button on an order; False when it is none of these."""
    if verb not in _ON_ORDERS:
        return False
    order = orders.find(turn.unit.db, subject)
    if order is None:
        turn.say("track.unknown")
        return True
    turn.state.order = order.number
    try:
        _ON_ORDERS[verb](turn, order)
    except NotAllowed:
        desk.not_now(turn, order)
    return True


def _confirm(turn: Turn, order: Order) -> None:
    known = money_back.is_late(turn.unit.db, order)
    result = payments.confirm(turn.unit, order, by=turn.chat.person)
    if isinstance(result, Moved):
        notices.done(turn, result)
    elif isinstance(result, Gone):
        order = orders.fresh(turn.unit.db, order)
        if not known:
            notices.paid_late(turn, order, result)
            return
        money = turn.money(payments.received(turn.unit.db, order.id))
        choices = notices.staff_choices(turn, order)
        turn.say(f"staff.still-{result}", number=order.number, money=money, choices=choices)
    elif result.payment.state == "refund_due" and order.state is State.CANCELLED:
        _refund_told(turn, order)
    else:
        raise NotAllowed(order, State.CONFIRMED)


def _reject(turn: Turn, order: Order) -> None:
    if isinstance(payments.reject(turn.unit, order, by=turn.chat.person), NothingDue):
        raise NotAllowed(order, order.state)
    turn.say("staff.rejected", number=order.number)
    notices.rejected(turn, order)


def _pack(turn: Turn, order: Order) -> None:
    moved = orders.move(turn.unit, order, State.PACKING, by=turn.chat.person)
    turn.state.asked = sending.ASKED
    notices.done(turn, moved)


def _arrived(turn: Turn, order: Order) -> None:
    notices.done(turn, orders.move(turn.unit, order, State.DELIVERED, by=turn.chat.person))


def _call_off(turn: Turn, order: Order) -> None:
    why = "asked" if enquiries.asks_to_call_off(turn.unit.db, order.id) else "seller"
    moved = orders.move(turn.unit, order, State.CANCELLED, by=turn.chat.person, why=why)
    bills.close(turn, order)
    notices.done(turn, moved)


def _refund(turn: Turn, order: Order) -> None:
    if isinstance(payments.refund(turn.unit, order, by=turn.chat.person), NothingDue):
        raise NotAllowed(order, order.state)
    _refund_told(turn, order)


def _refund_told(turn: Turn, order: Order) -> None:
    turn.say(
        "staff.refund-due",
        number=order.number,
        money=turn.money(refunds.undone(turn.unit.db, order)),
        choices=notices.staff_choices(turn, order),
    )
    notices.money_news(turn, order, "notice.refund-due")


def _refunded(turn: Turn, order: Order) -> None:
    if payments.of_order(turn.unit.db, order.id).state != "refund_due":
        raise NotAllowed(order, order.state)
    charging.send_back(turn, order)


_ON_ORDERS = {
    "paid-in": _confirm,
    "send-late": _confirm,
    "accept": _confirm,
    "not-paid": _reject,
    "paid-part": receipts.ask,
    "pack": _pack,
    "ship": sending.ask,
    "arrived": _arrived,
    "call-off": _call_off,
    "refund": _refund,
    "refunded": _refunded,
    "refund-part": settling.ask_sum,
    "returning": settling.comes_back,
    "came-back": settling.came_back,
    "came-back-bad": settling.came_back_bad,
    "send-again": settling.send_again,
    "wrong-number": renumbering.ask,
    "parcel-lost": settling.lost,
    "settled": settling.settled,
    "order-history": overviews.order_history,
}


def _one_grade(turn: Turn, said: Line | None) -> tuple[Product | None, str | None]:
    """The product and grade that a seller's sentence names, as far as it does."""
    product = turn.product((said and said.product) or turn.state.about)
    if product is None:
        return None, None
    if len(product.grades) == 1:
        return product, product.grades[0].key
    return product, said.grade if said else None


def set_price(turn: Turn) -> None:
    """ "Medium cordyceps is 35 now"."""
    reading = turn.reading
    said = reading.lines[0] if reading.lines else None
    product, grade = _one_grade(turn, said)
    if product is None:
        choosing.product(turn, "price")
    elif grade is None:
        choosing.grade(turn, product, "price")
    else:
        minor = pricing.said(turn, product, product.grade(grade).price)
        if minor is None:
            ask_price(turn, product, grade)
        else:
            _change_price(turn, product, grade, minor)


def _change_price(turn: Turn, product: Product, grade: str, minor: int) -> None:
    if not 0 < minor <= PRICE_MAX:
        turn.say("staff.bad-price")
        return
    change = catalogue.set_price(turn.unit, product.key, grade, minor, by=turn.chat.person)
    turn.state.about, turn.state.grade = product.key, grade
    turn.say(
        "staff.price-set",
        name=turn.name(product, grade),
        before=cards.price(turn, product, change.before),
        after=cards.price(turn, product, change.after),
        choices=(turn.choice("button.undo", f"price:{product.key}:{grade}:{change.before.minor}"),),
    )


def ask_price(turn: Turn, product: Product, grade: str) -> None:
    """Asks for the new price of a grade."""
    turn.state.about, turn.state.grade, turn.state.asked = product.key, grade, "new-price"
    price = cards.price(turn, product, product.grade(grade).price)
    turn.say("staff.ask-price", name=turn.name(product, grade), price=price)


def ask_stock(turn: Turn, product: Product, grade: str, verb: str) -> None:
    """Asks how much came in or is lost."""
    turn.state.about, turn.state.grade, turn.state.asked = product.key, grade, _ASKED[verb]
    turn.say(f"staff.ask-{_ASKED[verb]}-{product.unit}", name=turn.name(product, grade))


def restock(turn: Turn, verb: str) -> None:
    """ "20 jin of matsutake came in", "2 jin spoiled"."""
    said = next((line for line in turn.reading.lines if line.product), None)
    product, grade = _one_grade(turn, said)
    quantity = next((line.quantity for line in turn.reading.lines if line.quantity), None)
    if product is None:
        choosing.product(turn, verb)
        return
    amount = catalogue.amount(product, quantity.amount, quantity.unit) if quantity else None
    if amount is None and turn.reading.number is not None and product.unit == "pc":
        amount = turn.reading.number
    if grade is None:
        choosing.grade(turn, product, verb, f":{amount}" if amount else "")
    elif not amount:
        ask_stock(turn, product, grade, verb)
    else:
        _TAKE[verb](turn, product, grade, amount)


def _take_in(turn: Turn, product: Product, grade: str, amount: int) -> None:
    """A new lot."""
    if not 0 < amount <= AMOUNT_MAX:
        turn.say("staff.bad-amount")
        return
    lot = stock.receive(
        turn.unit,
        product.key,
        grade,
        amount,
        by=turn.chat.person,
        best_before=best_before.usual(product, best_before.today(turn)),
    )
    expecting.serve(turn, product, lot)
    choices = (
        turn.choice("button.household", f"household:{lot.id}"),
        *best_before.choices(turn, lot),
    )
    _stocked(turn, "staff.taken-in", product, grade, amount, choices)


def _write_off(turn: Turn, product: Product, grade: str, amount: int) -> None:
    """Goods that are spoilt or gone, or weighed less."""
    if amount <= 0:
        turn.say("staff.bad-amount")
        return
    short = stock.lose(turn.unit, product.key, grade, amount, by=turn.chat.person)
    if short and promised.told(turn, product, grade, amount):
        return
    _stocked(turn, "staff.not-so-much" if short else "staff.lost", product, grade, amount)


def _stocked(
    turn: Turn,
    id: str,
    product: Product,
    grade: str,
    amount: int,
    choices: tuple[Choice, ...] = (),
) -> None:
    there = stock.available(turn.unit, product.key, grade, aside=False)
    turn.state.about, turn.state.grade = product.key, grade
    turn.say(
        id,
        name=turn.name(product, grade),
        quantity=turn.quantity(product, amount, product.unit),
        there=turn.quantity(product, there, product.unit),
        choices=choices,
    )


# What the buttons `in` and `out` ask for, and do.
_ASKED = {"in": "stock", "out": "lost"}
_TAKE = {"in": _take_in, "out": _write_off}

# What was asked for last → who takes the answer.
_ANSWERS: dict[str, Callable[[Turn], bool]] = {
    "new-price": _answer_price,
    **dict.fromkeys(_ASKED.values(), _answer_amount),
    settling.ASKED: settling.take_sum,
    receipts.ASKED: receipts.take_sum,
    unmatched.ASKED: unmatched.take,
    haggling.ASKED: haggling.take_price,
    households.ASKED: households.take,
    households.ASKED_WAY: households.take_way,
    best_before.ASKED: best_before.take,
    best_before.HARVESTED: best_before.take,
    flash.ASKED: flash.take,
    expecting.ASKED_AMOUNT: expecting.take_amount,
    expecting.ASKED_DAY: expecting.take_day,
    expecting.ASKED_LATER: expecting.take_later,
    vouchering.ASKED: vouchering.take,
}


def change(turn: Turn, verb: str, product_key: str, grade: str, value: int | None) -> None:
    """The buttons that name a product and a grade: `price`, `in`, `out`, with a value or asking."""
    product = turn.product(product_key)
    if product is None or not any(each.key == grade for each in product.grades):
        turn.say("stale.nothing")
    elif verb == "price":
        if value is None:
            ask_price(turn, product, grade)
        else:
            _change_price(turn, product, grade, value)
    elif value is None:
        ask_stock(turn, product, grade, verb)
    else:
        _TAKE[verb](turn, product, grade, value)


def choose_product(turn: Turn, verb: str, key: str) -> None:
    """A product chosen for a change: its grade is asked for if it has several."""
    product = turn.product(key)
    if product is None:
        turn.say("stale.nothing")
    elif len(product.grades) == 1:
        change(turn, verb, key, product.grades[0].key, None)
    else:
        choosing.grade(turn, product, verb)
