"""What buyers write in free words: what is asked is answered, what is stated is filled in."""

from __future__ import annotations

from collections.abc import Callable

from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.weighing import CONFIDENT
from bot.messages import Choice
from bot.shop import orders
from bot.talk import arriving, desk
from bot.talk.buyers import (
    amending,
    asking,
    bids,
    budgets,
    cancelling,
    coming,
    drafting,
    leaving_out,
    nodding,
    ordering,
    paying,
    questions,
    repaying,
    tracking,
    turned_up,
)
from bot.talk.operators import announcing
from bot.talk.sellers import flash, overviews
from bot.talk.turn import Turn


def converse(turn: Turn) -> None:
    """Answers what is asked, fills what is stated, then asks for what is missing."""
    reading, state = turn.reading, turn.state
    sure = reading.confidence >= CONFIDENT
    marks = reading.marks
    if "back" in marks:
        ordering.back(turn)
    elif _waits(turn) and paying.show_how(turn):
        return
    elif _says_sent(turn) and paying.waiting(turn):
        paying.said_paid(turn)
    elif _agrees(turn) and state.asked == "confirm" and not reading.lines:
        ordering.confirm(turn, state.draft.key)
    elif "no" in marks and state.asked == "confirm" and not reading.lines:
        ordering.drop(turn) if _lets_be(turn) else turn.say(
            "order.what-to-change", choices=_changes(turn)
        )
    elif "invoice" in marks and not any(line.quantity for line in reading.lines):
        desk.hand_over(turn, "desk.invoice")
        _return_to_draft(turn)
    elif reading.wish_language and not reading.lines:
        asking.help(turn)
    elif "language" in marks and not reading.lines:
        arriving.choose_language(turn, "")
    elif tracking.take_wish_to_know(turn):
        return
    elif "news-on" in marks and not reading.lines:
        announcing.unmute(turn)
    elif "flash-sale" in marks and not reading.lines and reading.intent in _OF_GOODS:
        flash.listing(turn)
        _return_to_draft(turn)
    elif "enough" in marks and not reading.lines and (state.draft.lines or not sure):
        ordering.proceed(turn) if state.draft.lines else turn.say("thanks")
    elif drafting.same_amount(turn) and not (sure and reading.intent in _ASKED):
        ordering.take(turn)
    elif "same-again" in marks and not reading.lines:
        ordering.again(turn, orders.last_of(turn.unit.db, turn.chat.person.id))
    elif repaying.take(turn) or coming.take(turn):
        _return_to_draft(turn)
    elif nodding.take(turn):
        return
    elif bids.take(turn) or questions.take(turn):
        _return_to_draft(turn)
    elif state.about and (said := amending.behind_remark(turn)):
        turn.reading = said
        ordering.take(turn)
    elif budgets.tell(turn):
        return
    elif _wants_more_prices(turn):
        asking.price(turn)
    elif _asks_total(turn) and ordering.tell_total(turn):
        return
    elif "minimum" in marks and "haggle" not in marks and not turn.staff:
        asking.minimum(turn)
        _return_to_draft(turn)
    elif "enclose" in marks and not reading.lines:
        desk.hand_over(turn)
        _return_to_draft(turn)
    elif reading.intent == "cancel" and reading.refused and (state.draft.lines or _accepts(turn)):
        ordering.take(turn)
    elif _declines(turn):
        ordering.drop(turn)
    elif _orders(turn) or _may_buy(turn):
        ordering.take(turn)
    elif not (sure and reading.intent in _ASKED) and ordering.mistyped_phone(turn):
        return
    elif reading.intent in _ASKED and (sure or _asks_after(turn)):
        _ASKED[reading.intent](turn)
        if reading.intent == "product" and _wants_so_much(turn):
            drafting.fill(turn)
        _return_to_draft(turn)
    elif drafting.states_something(turn):
        ordering.take(turn)
    elif reading.intent == "order" and reading.confidence >= desk.GUESSED_LEAST:
        # A bare "I want it" means what the talk is about.
        ordering.take(turn) if state.about else ordering.ask_product(turn)
    elif reading.lines:
        asking.price(turn)
    elif _agrees(turn) and state.draft.lines:
        ordering.proceed(turn)
    else:
        _not_understood(turn)


def _agrees(turn: Turn) -> bool:
    return "yes" in turn.reading.marks or bool(nodding.SIGN.fullmatch(turn.text))


def _lets_be(turn: Turn) -> bool:
    """Whether the change of an order that is shown is given up: 算了."""
    return bool(turn.state.draft.replaces) and turn.reading.intent == "cancel"


def _declines(turn: Turn) -> bool:
    """Whether what was begun is called off with thanks, and nothing else said: 不用了，谢谢."""
    reading = turn.reading
    said = {topic.removesuffix("-weak") for topic, _ in reading.topics}
    alone = not (reading.lines or reading.recipient or reading.money or reading.number)
    return bool(turn.state.draft.lines) and alone and said == {"cancel", "thanks"}


# What is asked of flash sales, and not of an order that was made in one.
_OF_GOODS = ("price", "stock", "product", "order", "help", "other")


# 20根呢, and large?, ཉི་ཤུ་ཡིན་ན.
_AND_THEN = regex(r"呢[?.! ]*$|^(?:and|or)\b.*\?|^(?:what about|how about|what if)\b|(?:ཡིན་ན|ནི)་?$")


def _orders(turn: Turn) -> bool:
    """Whether the message is about what to buy, be it with how to pay for it."""
    reading = turn.reading
    if reading.intent == "payment":
        return "paid" not in reading.marks and any(line.quantity for line in reading.lines)
    wants = _wants_each(turn) or reading.intent in ("order", "other")
    return wants and drafting.states_something(turn)


def _wants_each(turn: Turn) -> bool:
    """Whether so much of each is wanted, and its price not asked."""
    asks = any(topic.startswith("price") for topic, _ in turn.reading.topics)
    return "each" in turn.reading.marks and not (asks and turn.reading.confidence >= CONFIDENT)


def _asks_total(turn: Turn) -> bool:
    """Whether it is asked what all comes to, or what it costs, and no less is bargained for."""
    reading = turn.reading
    sure = reading.confidence >= CONFIDENT
    fits = not sure or reading.intent in ("shipping", "price", "order", "other")
    said_so = "total" in reading.marks and fits
    counts = _wants_each(turn) and drafting.number_of(reading) is not None  # 2 of each
    there = bool(reading.place) or "abroad" in reading.found  # How much to London?
    plainly = sure and reading.found & {"shipping", "send", "arrive"}  # 寄到印度多少钱
    likely = reading.intent == "shipping" and not plainly and there
    asked = (reading.intent == "price" and (sure or there) and not counts) or (
        likely and "amount" in reading.found
    )
    return (said_so or asked) and not asking.haggles(turn)


def _asks_after(turn: Turn) -> bool:
    """Whether the words of somebody who orders are likely about that: 什么时候发货."""
    reading = turn.reading
    likely = reading.intent in ("track", "shipping") and reading.confidence >= desk.GUESSED_LEAST
    heard = any(topic.startswith(reading.intent) for topic, _ in reading.topics)
    orders = bool(turn.state.draft.lines) or tracking.open_one(turn) is not None
    return likely and heard and orders


def _wants_so_much(turn: Turn) -> bool:
    """Whether an amount is wished for beside what is asked: 要三斤，冷冻的吗."""
    said = any(line.quantity for line in turn.reading.lines)
    return said and "want" in turn.reading.found and not turn.reading.found & {"mine", "past"}


def _says_sent(turn: Turn) -> bool:
    """Whether "done", or "paid" beside nothing else that is wished, means the money."""
    reading = turn.reading
    alone = reading.intent in ("payment", "other", "human", "thanks") and not reading.lines
    asks = "ask" in reading.found or bool(reading.lines)
    done = "done" in reading.marks or ("paid" in reading.marks and alone)
    done = done or ("paid" in reading.marks and turn.meant is not None and not asks)
    return done and turn.state.asked != "confirm"


def _waits(turn: Turn) -> bool:
    """Whether somebody only says that they have not paid yet."""
    reading, calls_off = turn.reading, cancelling.says_so(turn)
    other = calls_off or reading.lines or "ask" in reading.found or turn.state.draft.lines
    free = reading.intent in ("payment", "other", "cancel", "track", "thanks") and not other
    return free and "unpaid" in reading.marks


def _wants_more_prices(turn: Turn) -> bool:
    """Whether, after a price, that of another amount or grade is asked: 20根呢, and large?"""
    reading, state = turn.reading, turn.state
    more = reading.number is not None or any(line.grade or line.quantity for line in reading.lines)
    named = any(line.product for line in reading.lines)
    other = reading.intent in ("track", "aftersales", "cancel", "payment", "shipping")
    asked = bool(state.about) and not state.draft.lines and more and not (named or other)
    return asked and bool(_AND_THEN.search(form_of(turn.text).text))


def _accepts(turn: Turn) -> bool:
    """Whether other goods are named than those that are refused: 松茸不要了，换成羊肚菌."""
    return bool({line.product for line in turn.reading.lines} - {None, *turn.reading.refused})


def _changes(turn: Turn) -> tuple[Choice, ...]:
    key = turn.state.draft.key
    return (
        turn.choice("button.change-address", f"addr:{key}"),
        turn.choice("button.drop", f"drop:{key}"),
        turn.choice("button.human", "human"),
    )


def _not_understood(turn: Turn) -> None:
    """Says so honestly: words go to a person, signs without words do not."""
    if "abuse" in turn.reading.marks:
        desk.hand_over(turn, "desk.angry")
        return
    if not turn.reading.scripted or turn.staff:
        overviews.help(turn) if turn.staff else turn.say(
            "not-understood",
            choices=(
                turn.choice("button.all-products", "products"),
                turn.choice("button.human", "human"),
            ),
        )
        return
    desk.hand_over(turn)
    _return_to_draft(turn)


def _return_to_draft(turn: Turn) -> None:
    """After an interruption the order goes on where it was."""
    draft = turn.state.draft
    if draft.lines and turn.state.asked != "about":
        asked = turn.state.about
        ordering.proceed(turn)
        turn.state.about = asked


def _payment(turn: Turn) -> None:
    if "paid" in turn.reading.marks:
        paying.said_paid(turn)
    elif turn.state.draft.lines or not paying.show_how(turn):
        drafting.take_way(turn)
        asking.payment(turn)


def _track(turn: Turn) -> None:
    marks = turn.reading.marks
    if "received" in marks:
        coming.came(turn)
    elif "my-orders" in marks:
        tracking.listing(turn)
    elif _asks_when_it_would_come(turn):
        asking.shipping(turn)
    else:
        tracking.track(turn)


def _complain(turn: Turn) -> None:
    """Who sells, and has bought nothing, speaks of their work."""
    if turn.staff and not tracking.mine(turn):
        overviews.help(turn)
    else:
        repaying.complain(turn)


def _asks_when_it_would_come(turn: Turn) -> bool:
    """Whether it is the draft that is asked about: nothing else is under way."""
    of_it = "when" in turn.reading.found or not tracking.mine(turn)
    return of_it and bool(turn.state.draft.lines) and tracking.open_one(turn) is None


def _may_buy(turn: Turn) -> bool:
    """Whether what is taken for a complaint names goods and no fault, of who bought nothing."""
    reading = turn.reading
    named = any(line.product for line in reading.lines) and not reading.topics
    return reading.intent == "aftersales" and named and not tracking.mine(turn)


def _thanks(turn: Turn) -> None:
    is_there = "received" in turn.reading.marks and tracking.shipped(turn)
    coming.came(turn) if is_there else turn.say("thanks")


# Sending that is no news of the shop's; matched in the form of a text.
_OF_PARCELS = regex(
    r"包裹|快递|订单|收到|签收|补[发寄]|重新?[发寄]|发货|寄货"
    r"|\b(?:parcels?|packages?|orders?|arrived|received|resend|ship(?:ping)?|send .{0,24}again)\b"
    r"|ཐུམ|མངགས|འབྱོར"
)


def _stop(turn: Turn) -> None:
    """No more news; what shall not be sent may as well be goods, which a person sees to."""
    form, order = form_of(turn.text).text, tracking.open_one(turn)
    named = {line.product for line in turn.reading.lines}
    waits = order is not None and bool(named & {line.product for line in order.lines})
    of_goods = waits or _OF_PARCELS.search(form)
    if of_goods and not (turn.staff or turned_up.OF_NEWS.search(form)):
        desk.hand_over(turn, "desk.passed-on", order=order, intent="track")
    else:
        announcing.mute(turn)


_ASKED: dict[str, Callable[[Turn], None]] = {
    "price": asking.price,
    "stock": asking.stock,
    "track": _track,
    "shipping": asking.shipping,
    "product": asking.product,
    "payment": _payment,
    "cancel": leaving_out.cancel,
    "aftersales": _complain,
    "greet": asking.greet,
    "thanks": _thanks,
    "human": lambda turn: desk.hand_over(turn, "desk.human"),
    "help": asking.help,
    "stop": _stop,
}
