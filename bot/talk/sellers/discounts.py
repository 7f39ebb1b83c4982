"""A seller takes something off an order: 给订单123456便宜20, 10% off for Tashi's order."""

from __future__ import annotations

from bot.language.regex import regex
from bot.messages import Choice
from bot.shop import discounts, orders, payments, price_cuts
from bot.shop.orders import Order
from bot.shop.price_cuts import Cut
from bot.talk import bills, cards, desk, notices, order_buttons
from bot.talk.sellers import discount_words, on_delivery, overviews, refunds_said
from bot.talk.sellers.discount_words import Said
from bot.talk.turn import Turn

# Buttons; their subject is an order's number, a sum, of what it is (see _cut), and of the first
# what could be taken off when it was shown: who presses it twice, or late, is asked anew.
VERB, WHICH = "discount", "which-discount"
UNDO = "undiscount"  # a button, too; its subject is an order's number and what it comes to
_CODE = regex(r"s?(?:p\d{1,4})?")


def said(turn: Turn) -> bool:
    """Asks whether so much is to be taken off, of the order that is named or shown, or of that of
    somebody who is named; False when a message says nothing of it."""
    said = discount_words.read(turn)
    if said is None:
        return False
    found = said.found
    open_ones = [each for each in found if discount_words.may(turn, each)]
    cuts = [(each, *cut) for each in open_ones if (cut := _cut(turn, said, each))]
    kind, has_sum = said.kind or "shipping", bool(said.minor)
    if len(cuts) == 1 or (cuts and said.is_each and len(cuts) <= refunds_said.SHOWN_MAX):
        for each, minor, code in cuts:
            _ask(turn, each, minor, code)
    elif cuts:
        shown = [(each, f"{WHICH}:{each.number}:{minor}:{code}") for each, minor, code in cuts]
        overviews.ask_which(turn, shown)
    elif open_ones and kind != "off" and has_sum == (kind == "to"):
        order = open_ones[0]
        turn.say(
            f"staff.discount-no-{kind}", number=order.number, money=turn.money(order.total_minor)
        )
    elif found and not open_ones and (has_sum or kind != "off" or said.factor is not None):
        desk.not_now(turn, found[0])
    elif not found and (product := turn.product(said.goods[0])):
        turn.say("staff.none-of-goods", name=turn.name(product, said.goods[1]))
    else:
        return False
    if turn.state.asked in discount_words.MONEY_ASKED:
        turn.state.asked = ""
    return True


def _cut(turn: Turn, said: Said, order: Order) -> tuple[int, str] | None:
    """What is to be taken off an order, in minor units, and of what it is: "s" the shipping, with
    "p1000" ten per cent, or a sum, of what is left; None for nothing."""
    shipping, code = 0, ""
    if said.shipping and said.kind != "to":
        cuts = price_cuts.of_order(turn.unit.db, order.id)
        is_waived = any(each.kind == "shipping" for each in cuts)
        shipping = 0 if is_waived else min(order.shipping_minor, order.total_minor - 1)
        code = "s" if shipping > 0 else ""
    left, minor = order.total_minor - shipping, 0
    if not said.kind:
        pass
    elif said.factor is not None:
        percent = round(price_cuts.WHOLE * (1 - said.factor))
        if 0 < percent < price_cuts.WHOLE:
            minor = Cut("percent", percent, 0).off(0, 0, left)
            code += f"p{percent}"
    elif said.kind == "round":
        minor = said.minor or left % 100
    elif said.kind == "to":
        minor = max(0, left - said.minor) if said.minor else 0
    else:
        minor = said.minor
    return (shipping + minor, code) if shipping + minor > 0 else None


def _ask(turn: Turn, order: Order, minor: int, code: str) -> None:
    """Nothing is cheaper before it was seen what it comes to. Of what is paid, money goes back."""
    turn.state.order, number = order.number, order.number
    if discounts.is_claimed(turn.unit.db, order):
        ask_whether_came(turn, order)
        return
    most, money = discounts.most(turn.unit.db, order), turn.money(minor)
    if not most:
        desk.not_now(turn, order)
        return
    if minor > most:
        choices = order_buttons.for_staff(turn, order)
        turn.say("staff.discount-most", number=number, money=turn.money(most), choices=choices)
        return
    value = f"{VERB}:{number}:{minor}:{code}:{most}"
    turn.say(
        "staff.discount-paid" if discounts.is_paid(turn.unit.db, order) else "staff.discount-sure",
        number=number,
        money=money,
        before=turn.money(order.total_minor),
        after=turn.money(order.total_minor - minor),
        choices=(turn.choice("button.discount", value, money=money),),
    )


def ask_whether_came(turn: Turn, order: Order, *more: Choice) -> None:
    """What the buyer says is paid is looked for before anything of it need not be paid."""
    missing = turn.money(payments.missing(turn.unit.db, order))
    looked = ("paid-in:", "paid-courier:", "paid-part:", "not-paid:")
    choices = tuple(
        each for each in order_buttons.for_staff(turn, order) if each.value.startswith(looked)
    )
    turn.say("staff.claimed-first", number=order.number, money=missing, choices=choices + more)


def waive(turn: Turn, order: Order) -> None:
    """The rest need not be paid; what the buyer says they have paid of it is looked for before."""
    if discounts.is_claimed(turn.unit.db, order):
        not_come = turn.choice("button.not-come-waive", f"sure-waive:{order.number}")
        ask_whether_came(turn, order, not_come)
    else:
        on_delivery.let_go(turn, order)


def press(turn: Turn, verb: str, subject: str) -> None:
    """The button of one of several orders, or that which takes the sum off."""
    number, minor, code, stood = (*subject.split(":"), "", "", "")[:4]
    order = orders.find(turn.unit.db, number)
    if order is None or not minor.isdecimal() or int(minor[:12]) == 0 or not _CODE.fullmatch(code):
        turn.say("stale.nothing")
    elif verb == VERB and stood == str(discounts.most(turn.unit.db, order)):
        _give(turn, order, int(minor[:12]), code)
    else:
        _ask(turn, order, int(minor[:12]), code)


def _give(turn: Turn, order: Order, minor: int, code: str) -> None:
    """Off the price of what is not paid; of what is, money goes back."""
    cuts, goods = list[Cut](), order.goods_minor
    shipping = min(order.shipping_minor, minor) if code.startswith("s") else 0
    percent = int(code.lstrip("s")[1:] or 0)
    if shipping:
        cuts.append(Cut("shipping", shipping, goods))
    if percent:
        cuts.append(Cut("percent", percent, goods))
    elif minor > shipping:
        cuts.append(Cut("sum", minor - shipping, goods))
    done = discounts.give(turn.unit, order, minor, by=turn.chat.person, cuts=cuts)
    if done is None:
        desk.not_now(turn, order)
        return
    ending = "-shipping" if minor == shipping else ""
    if done.back:
        sent, money = order_buttons.sent(turn, done.back), turn.money(minor)
        turn.say("staff.discount-back", number=order.number, money=money, choices=(sent,))
        notices.money_news(turn, order, f"notice.discount-back{ending}", minor)
        return
    notices.answer_and_tell_staff(
        turn, "staff.discounted", done.order, minor, lambda view: undo_choices(view, done.order)
    )
    tell_buyer(turn, done.order, minor, f"notice.discounted{ending}")
    if done.moved:
        notices.moved(turn, done.moved)
    bills.renew(turn, done.order)


def undo_choices(turn: Turn, order: Order) -> tuple[Choice, ...]:
    """The button that takes back what was taken off last, if that can be."""
    value = f"{UNDO}:{order.number}:{order.total_minor}"
    return (turn.choice("button.undo", value),) if discounts.last(turn.unit.db, order) else ()


def tell_buyer(turn: Turn, order: Order, minor: int, id: str) -> None:
    """The buyer has less to pay, and sees how as long as they are to pay by themselves."""
    chat = notices.buyer(turn, order)
    if chat:
        view = turn.towards(chat)
        is_open = bills.is_open(view, order)
        turn.notify(
            chat,
            id,
            number=order.number,
            money=view.money(minor),
            total=view.money(order.total_minor),
            card=(bills.bill_card if is_open else cards.order_card)(view, order),
            choices=bills.choices(view, order) if is_open else (),
        )
