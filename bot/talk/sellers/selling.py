"""What sellers do in the chat: decide on payments, pack, set prices, take in stock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.shop import (
    enquiries,
    follow_ups,
    money_back,
    orders,
    parcels,
    payments,
    refunds,
)
from bot.shop.order_states import NOT_LEFT
from bot.shop.orders import Moved, NotAllowed, Order, State
from bot.shop.payment_states import Gone, NothingDue
from bot.shop.todos import Kind
from bot.talk import bills, charging, desk, notices, order_buttons
from bot.talk.operators import vouchering
from bot.talk.sellers import (
    address_wishes,
    address_words,
    best_before,
    bought,
    bought_prices,
    came_for_all,
    came_said,
    choosing,
    discount_words,
    discounts,
    expecting,
    finding,
    flash,
    giving_back,
    haggling,
    households,
    ledgers,
    meaning,
    money_words,
    not_left,
    offers,
    on_delivery,
    order_words,
    overviews,
    packing,
    parcel_words,
    parting,
    price_setting,
    price_steps,
    pricing,
    receipts,
    refunding,
    refunds_said,
    renumbering,
    returns_said,
    sending,
    sending_again,
    settling,
    stock_mistakes,
    stock_undoing,
    stock_words,
    stocking,
    taking_back,
    todo,
    undelivered,
    undiscounting,
    unmatched,
)
from bot.talk.turn import Turn


def answer(turn: Turn) -> bool:
    """Does what a seller's message says; False when it says nothing of a seller's work."""
    if packing.said(turn) or address_words.said(turn) or order_words.of_both(turn, _answer):
        return True
    return order_words.of_several(turn, _answer) or _answer(turn)


def _answer(turn: Turn) -> bool:
    marks = turn.reading.marks
    named, money = orders.find(turn.unit.db, turn.text), money_words.read(turn)
    if renumbering.take(turn) or not_left.said(turn):
        pass
    elif parcel_words.told(turn, press) or parting.told(turn):
        pass
    elif parcels.looks_like_number(turn.text) and sending.told(turn):
        pass
    elif stock_undoing.said(turn) or refunding.corrected(turn, money):
        pass
    elif undiscounting.said(turn) or on_delivery.said(turn, money, press):
        pass
    elif receipts.corrected(turn, money) or came_for_all.said(turn):
        pass
    elif came_said.all_of_it(turn, money, press) or stock_mistakes.return_corrected(turn):
        pass
    elif giving_back.said(turn) or (turn.operates and households.corrected(turn)):
        pass
    elif refunds_said.sent(turn, money) or refunds_said.said(turn, money):
        pass
    elif returns_said.said(turn, press):
        pass
    elif taking_back.take(turn) or sending_again.said(turn):
        pass
    elif order_words.said(turn):
        pass
    elif bought_prices.corrected(turn) or stock_mistakes.corrected(turn):
        pass
    elif ledgers.said(turn) or expecting.said(turn) or stocking.said(turn):
        pass
    elif price_steps.said(turn):
        pass
    elif (take := FORMS.get(turn.state.asked)) and not _of_another(turn) and take(turn):
        pass
    elif bought.paid(turn) or (turn.operates and households.said(turn)):
        pass
    elif not turn.operates and households.is_payment(turn):
        turn.say("household.operators-only")
    elif came_said.said(turn, money) or came_said.paid(turn, money) or discounts.said(turn):
        pass
    elif not named and flash.is_meant(turn):
        flash.said(turn)
    elif "set-price" in marks or pricing.is_change(turn):
        makes_sale = turn.state.asked == flash.ASKED
        price_setting.said(turn)
        if makes_sale and not turn.state.asked:
            flash.resume(turn)
    elif "lost" in marks:
        stocking.restock(turn, "out")
    elif "restock" in marks and not stock_words.is_of_money(turn):
        stocking.restock(turn, "in")
    elif packing.denied(turn) or packing.asked_which(turn):
        pass
    elif "packed" in marks:
        if order := todo.meant(turn, named, "pack", Kind.PACK):
            press(turn, "pack", order.number)
    elif not named and finding.of_all(turn):
        pass
    elif "stock-levels" in marks or stock_words.asks_left(turn):
        overviews.stock_levels(turn)
    elif "today" in marks:
        overviews.today(turn)
    elif "todo" in marks or todo.is_asked(turn):
        todo.show(turn)
    elif sending.told(turn):
        pass
    elif named:
        desk.card_of(turn, named.number)
    else:
        return finding.find(turn)
    return True


def _of_another(turn: Turn) -> bool:
    """Whether a message names other goods than those of which something was asked, or another
    order, or says what is taken off one, or sets the price of goods when something else was.
    """
    if turn.state.asked in discount_words.MONEY_ASKED:
        order = meaning.one_said(turn)
        is_other = order is not None and order.number != turn.state.order
        return is_other or discount_words.is_said(turn)
    if turn.state.asked not in _OF_GOODS:
        return False
    named = {line.product for line in turn.reading.lines} - {None}
    sets = "set-price" in turn.reading.marks and turn.state.asked != price_setting.ASKED
    return bool(named - {turn.state.about} or (sets and named))


def press(turn: Turn, verb: str, subject: str) -> bool:
    """A seller's button on an order; False when it is none of these."""
    if verb not in _ON_ORDERS:
        return False
    order = orders.find(turn.unit.db, subject)
    if order is None:
        turn.say("track.unknown")
        return True
    turn.state.order = order.number
    if turn.state.asked in FORMS:
        turn.state.asked = ""  # What was asked of another order is not answered for this one.
    try:
        _ON_ORDERS[verb](turn, order)
    except NotAllowed:
        desk.not_now(turn, order)
    return True


def _confirm(turn: Turn, order: Order, *, accepts: bool = False) -> None:
    if payments.of_order(turn.unit.db, order.id).state == "short":
        receipts.book(turn, order, payments.missing(turn.unit.db, order), way="transfer")
        return
    if order.state is State.PLACED and (order.pay_by == "cod") != accepts:
        raise NotAllowed(order, State.CONFIRMED, "other way")  # It was another when this was shown.
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
        choices = order_buttons.for_staff(turn, order)
        turn.say(f"staff.still-{result}", number=order.number, money=money, choices=choices)
    elif result.payment.state == "refund_due" and order.state is State.CANCELLED:
        _refund_told(turn, order)
    else:
        raise NotAllowed(order, State.CONFIRMED)


def _courier_brought_rest(turn: Turn, order: Order) -> None:
    if payments.of_order(turn.unit.db, order.id).state != "short":
        raise NotAllowed(order, order.state)
    receipts.book(turn, order, payments.missing(turn.unit.db, order), way="cod")


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
    with offers.told_when_off(turn, order):
        moved = orders.move(turn.unit, order, State.CANCELLED, by=turn.chat.person, why=why)
        bills.close(turn, order)
        notices.done(turn, moved)


def _refund(turn: Turn, order: Order, *, sure: bool = False, whole: bool = False) -> None:
    """The money goes back. Goods that are to go out in its place are called off first; when they
    have left, the seller says that both are meant. When some goods only are back, it is asked how
    much, unless the `whole` is meant.
    """
    if not (sure or whole or follow_ups.sent_again(turn.unit.db, order)):
        if refunding.ask(turn, order):
            return
    turn.state.asked = ""
    with offers.told_when_off(turn, order):
        result = follow_ups.refund(turn.unit, order, by=turn.chat.person, sure=sure)
        if isinstance(result, NothingDue):
            raise NotAllowed(order, order.state)
        if not isinstance(result, Order):
            _refund_told(turn, order)
    if isinstance(result, Order):
        _refund_too(turn, order, result)


def _refund_too(turn: Turn, order: Order, again: Order) -> None:
    """Goods go or went out in its place."""
    if again.state in follow_ups.UNSENT:
        choices = order_buttons.for_staff(turn, again)
        turn.say("staff.again-first", number=again.number, choices=choices)
    else:
        minor = refunds.left(turn.unit.db, order)
        value = f"sure-refund:{order.number}"
        choice = turn.choice("button.refund-too", value, money=turn.money(minor))
        settling.say_too(turn, "staff.refund-too", order, again, minor, (choice,))


def _refund_told(turn: Turn, order: Order) -> None:
    notices.refund_due(turn, order, refunds.undone(turn.unit.db, order))


def _refunded(turn: Turn, order: Order) -> None:
    state = payments.of_order(turn.unit.db, order.id).state
    if state == "refunded" and refunds.undone(turn.unit.db, order):
        charging.sent_before(turn, order, None)
    elif state == "refund_due":
        charging.send_back(turn, order)
    else:
        raise NotAllowed(order, order.state)


_ON_ORDERS: dict[str, Callable[[Turn, Order], None]] = {
    "paid-in": _confirm,
    "send-late": _confirm,
    "accept": partial(_confirm, accepts=True),
    "paid-courier": _courier_brought_rest,
    "not-paid": _reject,
    "paid-part": receipts.ask,
    "pack": _pack,
    "ship": sending.ask,
    address_wishes.CHANGE: address_wishes.change,
    "send-part": parting.ask,
    "rest-off": parting.rest_off,
    "arrived": _arrived,
    "call-off": _call_off,
    "sure-call-off": _call_off,
    "refund": _refund,
    "sure-refund": partial(_refund, sure=True),
    "refund-all": partial(_refund, whole=True),
    "refunded": _refunded,
    "refund-part": settling.ask_sum,
    "waive": discounts.waive,
    "sure-waive": on_delivery.let_go,
    "refused": undelivered.refused,
    "all-refused": on_delivery.refused,
    "returning": undelivered.comes_back,
    "came-back": undelivered.came_back,
    "came-back-all": taking_back.came_back_whole,
    "came-back-bad": undelivered.came_back_bad,
    "came-back-all-bad": taking_back.came_back_all_bad,
    "send-again": sending_again.ask,
    "send-all-again": sending_again.send_all,
    "wrong-number": renumbering.ask,
    NOT_LEFT: not_left.press,
    not_left.SURE: not_left.press_sure,
    "parcel-lost": undelivered.lost,
    "lost-all": settling.lost_all,
    "not-lost": undelivered.not_lost,
    "not-refused": undelivered.not_refused,
    "settled": settling.settled,
    "found": settling.found,
    "found-kept": partial(settling.found, sure=True),
    "goes-on": settling.goes_on,
    "order-history": overviews.order_history,
}


# What was asked for last → who takes the answer.
FORMS: dict[str, Callable[[Turn], bool]] = {
    price_setting.ASKED: price_setting.take,
    **dict.fromkeys(stocking.ASKED.values(), stocking.take_amount),
    **dict.fromkeys(settling.ASKS, settling.take_sum),
    **dict.fromkeys(taking_back.ASKS, taking_back.take),
    sending_again.ASKED: sending_again.take,
    address_words.ASKED: address_words.take,
    receipts.ASKED: partial(money_words.take_sum, whole=payments.missing, then=receipts.enter),
    refunding.ASKED: partial(money_words.take_sum, whole=refunds.left, then=refunding.owe),
    on_delivery.ASKED: on_delivery.take_sum,
    unmatched.ASKED: unmatched.take,
    haggling.ASKED: haggling.take_price,
    bought.ASKED: bought.take,
    households.ASKED_WAY: households.take_way,
    giving_back.ASKED: giving_back.take,
    best_before.ASKED: best_before.take,
    best_before.HARVESTED: best_before.take,
    flash.ASKED: flash.take,
    expecting.ASKED_AMOUNT: expecting.take_amount,
    expecting.ASKED_DAY: expecting.take_day,
    expecting.ASKED_LATER: expecting.take_later,
    vouchering.ASKED: vouchering.take,
}
# Those that ask something of the goods that the talk is about.
_OF_GOODS = {
    price_setting.ASKED,
    *stocking.ASKED.values(),
    haggling.ASKED,
    flash.ASKED,
    expecting.ASKED_AMOUNT,
}


def change(
    turn: Turn, verb: str, product_key: str, grade: str, value: int | None, undone: int = 0
) -> None:
    """The buttons that name a product and a grade: `price`, `in`, `out`, with a value or asking.

    One that goes back to a price names the one that it undoes.
    """
    product = turn.product(product_key)
    if product is None or not any(each.key == grade for each in product.grades):
        turn.say("stale.nothing")
    elif verb == "price":
        if value is None:
            price_setting.ask(turn, product, grade)
        else:
            usual = pricing.usual(turn, product, grade).minor
            price_setting.change_back(turn, product, grade, value, undone or usual)
    elif value is None:
        stocking.ask(turn, product, grade, verb)
    else:
        stocking.DONE[verb](turn, product, grade, value)


def choose_product(turn: Turn, verb: str, key: str) -> None:
    """A product chosen for a change: its grade is asked for if it has several."""
    product = turn.product(key)
    if product is None:
        turn.say("stale.nothing")
    elif len(product.grades) == 1:
        change(turn, verb, key, product.grades[0].key, None)
    else:
        choosing.grade(turn, product, verb)
