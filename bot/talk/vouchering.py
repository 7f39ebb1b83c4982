"""Vouchers: operators make them, buyers type their codes."""

from __future__ import annotations

import re

from bot.shop import vouchers
from bot.shop.numbers import ascii_digits
from bot.shop.vouchers import CODE_LENGTH, LETTERS, Voucher
from bot.talk import ordering, pricing
from bot.talk.conversation import NewVoucher
from bot.talk.turn import Turn

ASKED = "voucher"
_CODE = re.compile(rf"(?<![A-Z0-9])[{LETTERS}]{{{CODE_LENGTH}}}(?![A-Z0-9])")
_PERCENT = re.compile(r"(\d{1,2})\s*[%％]")
_TENTHS = re.compile(r"(\d(?:\.\d)?)\s*折")  # 9折: nine tenths are left to pay


def is_code(text: str) -> bool:
    """Whether a text is a code and nothing else, which is in no language."""
    return bool(_CODE.fullmatch(text.strip().upper()))


def take_code(turn: Turn) -> bool:
    """A code in a buyer's message; False when there is none that ever was."""
    found = _CODE.search(turn.text.upper())
    known = vouchers.find(turn.unit.db, found[0]) if found else None
    if known is None:
        return False
    draft, person = turn.state.draft, turn.chat.person
    if vouchers.usable(turn.unit, known.code, person.id, besides=turn.besides) is None:
        turn.say("voucher.not-now", code=known.code)
    else:
        draft.voucher = known.code
        turn.say("voucher.noted", what=_what(turn, known), least=_least(turn, known))
    if draft.lines:
        ordering.proceed(turn)
    return True


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
    new, text = turn.state.voucher, ascii_digits(turn.text)
    percent, tenths = _PERCENT.search(text), _TENTHS.search(text)
    minor = pricing.sum_said(turn) or pricing.figure(text)
    if not new.value:
        if percent or tenths:
            off = (
                int(percent[1]) if percent else round(100 - 10 * float(tenths[1] if tenths else 0))
            )
            new.kind, new.value = "percent", off
        else:
            new.kind, new.value = "sum", minor
        if not 0 < new.value or (new.kind == "percent" and new.value > vouchers.PERCENT_MAX):
            new.value = 0
            return False
        turn.say("voucher.ask-least")
    elif new.least_minor < 0:
        if not any(sign.isdigit() for sign in text):
            return False
        new.least_minor = minor
        turn.say("voucher.ask-number")
    else:
        number = minor // 100
        if not 0 < number <= vouchers.MADE_MAX:
            return False
        _make(turn, new, number)
    return True


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
