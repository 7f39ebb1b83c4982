"""Vouchers: operators make them, buyers type their codes."""

from __future__ import annotations

from bot.language import reductions
from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import follow_ups, payments, vouchers
from bot.shop.numbers import ascii_digits
from bot.shop.orders import Order, State
from bot.shop.vouchers import CODE_LENGTH, LETTERS, Voucher
from bot.talk.buyers import changing, drafting, ordering, tracking
from bot.talk.conversation import Draft, NewVoucher
from bot.talk.sellers import pricing
from bot.talk.turn import Turn

ASKED = "voucher"
_ZERO = regex(r"\s*0+\s*\D{0,3}")
_A_NUMBER = regex(r"\D{0,8}\d[\d,]{0,20}\D{0,10}")  # of any size, and hardly more
_NOTHING_OFF = regex(r"\d|[零〇༠-༩]")
_NONE = regex(
    r"不用|不要|别用|取消|去掉|不使用|算了|(?<![a-z])(?:no|not|don'?t|without|remove|cancel|drop)(?![a-z])"
    r"|མི་དགོས|མི་སྤྱོད|མི་བེད|མེད་པ"
)
# 不用券了, without the voucher: says of what, however the word stands.
_LEAVES = regex(
    r"(?:不用|不要|别用|取消|去掉|不使用|先不用|不想用|不想要|不打算用)[^,.!?]{0,6}券|券[^,.!?]{0,4}(?:不用|不要|别用|取消|去掉|算)了"
    r"|\b(?:without|no|not|don'?t|remove|cancel|drop|leave out|forget)\b.{0,20}\b(?:voucher|coupon)"
    r"|གོང་ཆག[^།]{0,24}(?:མི་དགོས|མི་སྤྱོད|མི་བེད|མི་བྱེད|མེད་པ|འཐེན)"
)
_ASKS = ("price", "help", "product", "stock", "payment", "other")
_CODE = regex(rf"(?<![A-Z0-9])[{LETTERS}]{{{CODE_LENGTH}}}(?![A-Z0-9])")
# What is called a code, though none can be written so.
_CALLED = regex(
    r"(?i:券码?|优惠码|優惠碼|折扣[码碼]|\b(?:voucher|coupon|promo|discount)|གོང་ཆག[\u0f00-\u0fff]*)"
    r"(?i: code)?(?: is|[是为為])?[\s:：]*(?P<code>(?=\d*[A-Z])[A-Z0-9]{5,12})(?![A-Za-z0-9])"
)


def is_code(text: str) -> bool:
    """Whether a text is a code and nothing else, which is in no language."""
    return bool(_CODE.fullmatch(text.strip().upper()))


def names_one(turn: Turn, text: str) -> bool:
    """Whether a text has a voucher's code, or what is called one."""
    return bool(_known(turn, text) or _CALLED.search(text))


def _known(turn: Turn, text: str) -> Voucher | None:
    found = _CODE.search(text.upper())
    return vouchers.find(turn.unit.db, found[0]) if found else None


def take_code(turn: Turn) -> bool:
    """What a buyer says of vouchers: a code, none after all, or whether there are any; or False."""
    draft, known = turn.state.draft, _known(turn, turn.text)
    called = _CALLED.search(turn.text)
    found = _CODE.search(turn.text.upper())
    marks = turn.reading.marks
    spoken_of = "voucher" in marks and "paid" not in marks and not turn.reading.lines
    if known:
        _take(turn, known)
    elif draft.voucher and _says_none(turn, spoken_of):
        draft.voucher = ""
        turn.say("voucher.dropped")
    elif draft.lines and known is None and not turn.reading.lines and _leaves(turn):
        pass  # It uses none.
    elif known is None and _leaves(turn) and _leave(turn):
        return True
    elif found and (spoken_of or (is_code(turn.text) and any(map(str.isdigit, found[0])))):
        turn.say("voucher.unknown", code=found[0])
    elif called and not turn.reading.lines:
        turn.say("voucher.unknown", code=called["code"])
    elif spoken_of and turn.reading.intent in _ASKS:
        turn.say("voucher.how", choices=(turn.choice("button.human", "human"),))
    else:
        return False
    if turn.state.draft.lines:
        drafting.take_way(turn)
        ordering.proceed(turn)
    return True


def _leaves(turn: Turn) -> bool:
    return bool(_LEAVES.search(form_of(turn.text).text))


def _says_none(turn: Turn, spoken_of: bool) -> bool:
    return _leaves(turn) or (spoken_of and bool(_NONE.search(form_of(turn.text).text)))


def _leave(turn: Turn) -> bool:
    """The order that stands and can be changed shall not use its voucher; False for none."""
    order = None if turn.state.draft.lines else tracking.meant(turn, follow_ups.CHANGED_IN)
    if order is None:
        return False
    if not vouchers.code_of(turn.unit.db, order.id):
        turn.state.unused = {}
        if turn.reading.intent in ("cancel", "stop", "other") and not turn.reading.lines:
            turn.say("voucher.dropped")
            return True
        return False
    if not follow_ups.may_change(turn.unit, order):
        return False
    changing.reopen(turn, order)
    turn.state.draft.voucher = ""
    ordering.proceed(turn)
    return True


def _take(turn: Turn, known: Voucher) -> None:
    """Notes a code that there is or was, also for an order that nothing is paid of yet."""
    unpaid = None if turn.state.draft.lines else _unpaid(turn)
    if unpaid:
        changing.reopen(turn, unpaid)
    if vouchers.usable(turn.unit, known.code, turn.chat.person.id, besides=turn.besides):
        turn.state.draft.voucher = known.code
        turn.say("voucher.noted", what=_what(turn, known), least=_least(turn, known))
    else:
        if unpaid:
            turn.state.draft = Draft()
        turn.say("voucher.not-now", code=known.code)


def _unpaid(turn: Turn) -> Order | None:
    """The latest order, if it can be changed and uses no code, and nothing is paid of it."""
    order = tracking.meant(turn, (State.PLACED,))
    if order is None or order.state is not State.PLACED:
        return None
    db = turn.unit.db
    is_bare = not vouchers.code_of(db, order.id) and not payments.received(db, order.id)
    due = payments.of_order(db, order.id).state == "due"
    return order if is_bare and due and follow_ups.may_change(turn.unit, order) else None


def listing(turn: Turn) -> None:
    """What can be used, each with a button to end it; and a button for a new one."""
    found = vouchers.not_over(turn.unit.db, turn.unit.now)
    lines = [
        turn.words(
            "voucher.line",
            code=each.code,
            what=_what(turn, each),
            least=_least(turn, each),
            left=each.left,
            made=each.made,
            day=turn.day(each.until),
        )
        for each in found
    ]
    choices = [turn.choice("button.new-voucher", "new-voucher")]
    choices += [
        turn.choice("button.voucher-over", f"voucher-over:{each.code}", code=each.code)
        for each in found[:5]
    ]
    if lines:
        turn.say("voucher.list", lines="\n".join(lines), n=len(lines), choices=tuple(choices))
    else:
        turn.say("voucher.none", choices=tuple(choices))


def begin(turn: Turn) -> None:
    """Asks what a new one takes off."""
    turn.state.voucher, turn.state.asked = NewVoucher(), ASKED
    turn.say("voucher.ask-value")


def take(turn: Turn) -> bool:
    """The answer to what was asked last; False when it is none."""
    new, minor = turn.state.voucher, pricing.sum_said(turn)
    if not new.value:
        return _take_value(turn, minor)
    if new.least_minor < 0:
        zero = _ZERO.fullmatch(ascii_digits(turn.text))
        if not (minor or zero or reductions.is_any(turn.text)):
            return False
        if new.kind == "sum" and 0 < minor <= new.value:
            turn.say("voucher.bad-least", money=turn.money(new.value))
            return True
        new.least_minor = minor
        turn.say("voucher.ask-number")
        return True
    if minor % 100 or not 0 < minor // 100 <= vouchers.MADE_MAX:
        if is_said := bool(minor or _A_NUMBER.fullmatch(ascii_digits(turn.text))):
            turn.say("voucher.bad-number", most=vouchers.MADE_MAX)
        return is_said
    _make(turn, new, minor // 100)
    return True


def _take_value(turn: Turn, minor: int) -> bool:
    """What it takes off, perhaps with from what sum on; what cannot be is asked for again."""
    new = turn.state.voucher
    percent, both = reductions.percent_in(turn.text), reductions.sum_from(turn.text)
    if percent is not None:
        if percent.denominator != 1 or not 0 < percent <= vouchers.PERCENT_MAX:
            turn.say("voucher.bad-percent", most=vouchers.PERCENT_MAX)
            return True
        new.kind, new.value = "percent", int(percent)
    elif not _may_take_off(*(both or (minor, 0))) and (both or _NOTHING_OFF.search(turn.text)):
        turn.say("voucher.bad-sum", most=turn.money(vouchers.SUM_MAX_MINOR))
        return True
    elif both:
        new.kind, (new.value, new.least_minor) = "sum", both
        turn.say("voucher.ask-number")
        return True
    elif not minor:
        return False
    elif reductions.is_least(turn.text):
        turn.say("voucher.ask-value")
        return True
    else:
        new.kind, new.value = "sum", minor
    turn.say("voucher.ask-least")
    return True


def _may_take_off(minor: int, least_minor: int) -> bool:
    """Whether so much can be taken off: something, and less than what has to be bought for it."""
    return 0 < minor <= vouchers.SUM_MAX_MINOR and (not least_minor or minor < least_minor)


def finish(turn: Turn, code: str) -> None:
    """Nobody can use it any more."""
    over = vouchers.finish(turn.unit, code[:20], by=turn.chat.person)
    turn.say("voucher.over", code=code[:20]) if over else turn.say("stale.nothing")


def _make(turn: Turn, new: NewVoucher, number: int) -> None:
    made = vouchers.make(
        turn.unit,
        new.kind,
        new.value,
        least_minor=new.least_minor,
        made=number,
        by=turn.chat.person,
    )
    turn.state.asked, turn.state.voucher = "", NewVoucher()
    turn.say(
        "voucher.made",
        code=made.code,
        what=_what(turn, made),
        least=_least(turn, made),
        made=made.made,
        day=turn.day(made.until),
        choices=(turn.choice("button.voucher-over", f"voucher-over:{made.code}", code=made.code),),
    )


def _what(turn: Turn, voucher: Voucher) -> str:
    """What it takes off."""
    if voucher.kind == "percent":
        return turn.words("voucher.percent", n=voucher.value)
    return turn.words("voucher.sum", money=turn.money(voucher.value))


def _least(turn: Turn, voucher: Voucher) -> str:
    """From what sum of goods on."""
    if not voucher.least_minor:
        return turn.words("voucher.any")
    return turn.words("voucher.from", money=turn.money(voucher.least_minor))
