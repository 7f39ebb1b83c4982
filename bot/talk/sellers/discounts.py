"""A seller takes something off an order: 给订单123456便宜20, 10% off for Tashi's order."""

from __future__ import annotations

import re

from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import discounts, orders, payments, price_cuts
from bot.shop.orders import Order
from bot.shop.price_cuts import Cut
from bot.talk import bills, cards, desk, notices
from bot.talk.sellers import on_delivery, overviews, pricing, refunds_said
from bot.talk.turn import Turn

# Buttons; their subject is an order's number, a sum, of what it is (see _cut), and of the first
# what could be taken off when it was shown: who presses it twice, or late, is asked anew.
VERB, WHICH = "discount", "which-discount"
_CODE = re.compile(r"(?:p\d{1,4}|s)?")
# Matched in the form of a text: the shipping, what is above whole yuan, all that is above a sum,
# and a sum or a share.
_SHIPPING = re.compile(
    r"免[了掉收]?(?:他|她|个)?的?(?:运费?|邮费?|快递费)|包邮|不收(?:他|她)?的?(?:运|邮|快递)费"
    r"|(?:运|邮|快递)费(?:就|都|也|给(?:他|她))*(?:免|不[要收用算]|我[来出付]|算我)了?的?"
    r"|\bfree (?:shipping|delivery|postage)\b|\b(?:waive|no|drop) (?:the )?(?:shipping|delivery)\b"
    r"|\b(?:shipping|delivery|postage)(?: is|'s)? (?:free|on (?:me|us|the house)|waived)\b"
    r"|སྐྱེལ་གླ་?(?:མི་དགོས|མི་ལེན|རིན་མེད|མ་ལེན|ངས་སྤྲོད|གཅོག|ཆག)"
)
_ROUND = re.compile(
    r"抹[了掉去]?(?:个|一?下)?零头?|[抹去免][掉去了]*零头|零头(?:就|都|给(?:他|她))*(?:抹|免|去|不[要收用算必]|算)[掉了]*"
    r"|\bround\b(?=.{0,40}\b(?:off|down)\b)"
    r"|\b(?:drop|skip|forget) the (?:odd )?(?:cents|change|fen)\b"
    r"|སིལ་(?:མ|བུ)་?(?:མི་དགོས|མི་ལེན|མ་ལེན|གཅོག)"
)
_TO = re.compile(
    r"[宜减惠算]到|\b(?:down|lower|reduce[d]?) to\b|བར་(?:ལ་)?གཅོག|(?:བླངས|ལེན|སྤྲད|སྤྲོད)་ན་འགྲིག"
    r"|[收算付给](?:他|她)?(?=\s*¥?\s*\d[\d.]*\s*(?:元|块钱?)?\s*(?:就(?:行|好|可以|成)|得了|算了|好了|吧))"
    r"|[就只](?:收|算)(?=\s*¥?\s*\d)|\b(?:just|only) (?:charge|take)\b"
    r"|\bcharge\b(?=.{0,20}\b(?:just|only) \d)"
    r"|\d+ (?:yuan |rmb )?(?:is (?:fine|enough|ok)|will do)(?= for\b|[.! ]*$)"
)
_OFF = re.compile(
    r"便宜|优惠|减免?|少[算收]|抹|打\s*[\d.一二三四五六七八九]{1,3}\s*折|让(?:利|价)?(?=\s*[¥]?\d)"
    r"|\b(?:off|cheaper|discount|knock|reduce|lower)\b|གཅོག|(?<!་)ཆག|་ཆག|ཕྲི"
)
_KINDS = {"shipping": _SHIPPING, "round": _ROUND, "to": _TO, "off": _OFF}
_OTHER = re.compile(r"[?吗么没不]|满\s*\d|\b(?:can i|not|don't)\b|མི་|མ་གཅོག")
_WORDS = re.compile(
    r"便宜|优惠|减免?|少[算收]|抹|打|折|让(?:利|价)?|那[单个份]|这[单个份]|一[点些下]|[给的了吧单按收算就行好]|可以|得了"
    r"|\b(?:take|knock|down|to|off|cheaper|discount|reduce|lower|give|by|a|an|it|this|that|her|him|them|just|only"
    r"|charge|is|fine|enough|ok|will|do)\b"
    r"|གཅོག|ཆག|ཕྲི|བརྒྱ་ཆ|གོང|(?:འདི|དེ)(?:འི)?|(?:བླངས|ལེན|སྤྲད|སྤྲོད)་ན་འགྲིག"
)
_COINS = re.compile(r"元|块钱?|[毛角]|\b(?:yuan|rmb|kuai)\b|སྒོར(?:་མོ)?|ཟུར")


def said(turn: Turn) -> bool:
    """Asks whether so much is to be taken off, of the order that is named or shown, or of that of
    somebody who is named; False when a message says nothing of it."""
    form = form_of(turn.text).text
    kind = next((kind for kind, words in _KINDS.items() if words.search(form)), "")
    if kind in ("shipping", "round"):
        form = _KINDS[kind].sub(" ", form)
    plain = len(form) <= refunds_said.TEXT_LENGTH and not turn.reading.lines
    if not kind or not plain or _OTHER.search(form):
        return False
    rest = _WORDS.sub(" ", form)
    found, name = refunds_said.meant(turn, _COINS.sub(" ", rest))
    minor = refunds_said.sum_beside(turn, rest, name)
    open_ones = [each for each in found if _may(turn, each)]
    cuts = [(each, *cut) for each in open_ones if (cut := _cut(turn, kind, minor, each))]
    if len(cuts) == 1:
        _ask(turn, *cuts[0])
    elif cuts:
        shown = cuts[: refunds_said.SHOWN_MAX]
        choices = tuple(
            Choice(overviews.label(turn, each), f"{WHICH}:{each.number}:{minor}:{code}")
            for each, minor, code in shown
        )
        turn.say("staff.which-order", number="", choices=choices)
    elif open_ones and kind != "off" and bool(minor) == (kind == "to"):
        order = open_ones[0]
        turn.say(
            f"staff.discount-no-{kind}", number=order.number, money=turn.money(order.total_minor)
        )
    elif found and not open_ones and (minor or kind != "off" or pricing.factor_said(turn)):
        desk.not_now(turn, found[0])
    else:
        return False
    return True


def _may(turn: Turn, order: Order) -> bool:
    """Whether anything can be taken off an order, or could but for what its buyer says is paid."""
    db = turn.unit.db
    may_wait = order.state in discounts.OPEN_IN and discounts.is_claimed(db, order)
    return may_wait or discounts.most(db, order) > 0


def _cut(turn: Turn, kind: str, minor: int, order: Order) -> tuple[int, str] | None:
    """What is to be taken off an order, in minor units, and of what it is: "" a sum, "s" the
    shipping, "p1000" ten per cent; None for nothing."""
    factor, code = pricing.factor_said(turn), ""
    if kind == "shipping":
        waived = any(e.kind == "shipping" for e in price_cuts.of_order(turn.unit.db, order.id))
        minor, code = 0 if waived else min(order.shipping_minor, order.total_minor - 1), "s"
    elif factor is not None:
        minor = round(order.total_minor * (1 - factor)) if 0 < factor < 1 else 0
        code = f"p{round(price_cuts.WHOLE * (1 - factor))}"
    elif kind == "round":
        minor = minor or order.total_minor % 100
    elif kind == "to":
        minor = max(0, order.total_minor - minor) if minor else 0
    return (minor, code) if minor > 0 else None


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
        choices = notices.staff_choices(turn, order)
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
        each for each in notices.staff_choices(turn, order) if each.value.startswith(looked)
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
    kind = {"p": "percent", "s": "shipping"}.get(code[:1], "sum")
    cut = Cut(kind, int(code[1:] or minor), order.goods_minor)
    done = discounts.give(turn.unit, order, minor, by=turn.chat.person, cut=cut)
    if done is None:
        desk.not_now(turn, order)
        return
    ending = "-shipping" if kind == "shipping" else ""
    if done.back:
        sent, money = notices.sent_choice(turn, done.back), turn.money(minor)
        turn.say("staff.discount-back", number=order.number, money=money, choices=(sent,))
        notices.money_news(turn, order, f"notice.discount-back{ending}", minor)
        return
    notices.answer_and_tell_staff(turn, "staff.discounted", done.order, minor)
    _tell_buyer(turn, done.order, minor, f"notice.discounted{ending}")
    if done.moved:
        notices.moved(turn, done.moved)
    bills.renew(turn, done.order)


def _tell_buyer(turn: Turn, order: Order, minor: int, id: str) -> None:
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
