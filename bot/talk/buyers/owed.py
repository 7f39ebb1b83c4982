"""What a buyer still owes, or whether it came: asked of orders that were placed, not of a price."""

from __future__ import annotations

from typing import Any

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import parts, payments
from bot.shop.orders import Order, State
from bot.talk import cards
from bot.talk.buyers import paying, tracking
from bot.talk.turn import Turn

# Matched in the form of a text. What is missing for free shipping is another question.
_ASKED = regex(
    r"(?:还|我)(?:差|欠|缺)(?:你们?|您|店里?)?(?:多少|几|啥钱)|还(?:要|得|需要?|应该?)再?(?:付|给|补|转)(?:你们?)?(?:多少|几)"
    r"|(?:剩|余)(?:下|款)?的?(?:钱)?(?:还)?(?:有|是)?多少(?:钱)?(?:没付|要付|$)|还有多少钱?没付"
    r"|\b(?:how much|what)\b.{0,12}\b(?:still |do i |left to )\b.{0,12}"
    r"\b(?:owe|pay|due|(?<!what is still )missing|outstanding)\b"
    r"|\bhow much\b.{0,8}\bi owe\b|\bhow much (?:is|was) (?:still )?(?:missing|due|outstanding)\b"
    r"|(?:我|还)(?:还)?[欠差](?:着)?(?:你们?|您|店里?)?[^,.!]{0,3}钱[吗没么]|欠(?:你们?|您)的?钱[吗没么]"
    r"|\b(?:do|did) i (?:still )?owe (?:you )?(?:any ?thing|any money|something)"
    r"|ད་དུང་(?:དངུལ་)?ག་ཚོད་(?:ཆད|སྤྲོད|བུན)|དངུལ་ད་དུང་ག་ཚོད་(?:ཆད|སྤྲོད)"
)
OWED = ("due", "short")  # Of what is claimed somebody looks whether it came.
# The same of who has paid a part; else it is asked of goods.
_LEFT = regex(
    r"^(?:那|现在)?(?:还有|还剩|剩下?)(?:的)?多少[钱?呢啊]*$"
    r"|\bhow much (?:is|'s) (?:still )?left\b[^,.]{0,8}$"
    r"|\bwhat(?:'s| is) (?:still )?left\b[^,.]{0,8}$|ད་དུང་ག་ཚོད་ལྷག"
)
# Whether what was paid has come.
_CAME = regex(
    r"(?:收到|到账|入账)(?:我的?)?[钱款]?了?[吗没么]|[钱款](?:收到|到账?|入账)了?[吗没么]"
    r"|\b(?:did|have) you (?:get|got|receive[d]?)\b.{0,12}\b(?:money|payment|transfer)\b"
    r"|\bhas (?:the|my) (?:money|payment|transfer)\b.{0,12}\b(?:come|arrived|in)\b"
    r"|དངུལ་(?:འབྱོར|ཐོབ)་(?:སོང་ངམ|བྱུང་ངམ)"
)
# The same of what the courier collects, where it is not said whose money it is.
_AT_DOOR = regex(
    r"[给付交](?:多少|几)?(?:钱)?给?(?:快递(?!费)|送货|小哥|师傅|物流(?!费)|司机)[^,.!]{0,4}(?:多少|几块)|[给付交]多少(?:钱)?给(?:快递|送货|小哥|师傅|物流)"
    r"|(?:到付|收货|货到|到货|送到|到了)(?:的?时候|时|后|了|再)*(?:要|该|得|需要?|应该?)?[付给交]多少"
    r"|准备(?:好)?(?:多少|几块)(?:钱|现金|零钱)?|(?:备|带)多少(?:现金|钱)"
    r"|\bhow much (?:cash|money)\b.{0,20}\b(?:need|ready|prepare|have|give|courier|door|driver)\b"
    r"|\b(?:how much|what|anything)\b.{0,24}\b(?:pay|give|hand|owe)\b.{0,16}"
    r"\b(?:at the door|on delivery|when it (?:comes|arrives)|courier|driver|delivery (?:guy|man))\b"
    r"|\bpay anything (?:on delivery|at the door|when it (?:comes|arrives)|to the courier)\b"
    r"|(?:སྐྱེལ་མཁན|སྒོ་ཁ|འབྱོར་དུས)[^།]{0,16}ག་ཚོད་(?:སྤྲོད|སྟེར|དགོས)|དངུལ་ག་ཚོད་སྤྲོད་རྒྱུ|སྤྲོད་རྒྱུ་ག་ཚོད"
)
_OTHER = regex(r"包邮|免运|免邮|一斤|每|根|free shipping|\bper\b")
_PAID_IN = (State.PLACED, State.CONFIRMED, State.PACKING)  # and not yet sent


def take(turn: Turn) -> bool:
    """Tells what is still to be paid and how, or how the order stands that was paid; False when
    neither is asked, or of no order."""
    text = form_of(turn.text).text
    if turn.staff or _OTHER.search(text) or turn.state.draft.lines:
        return False
    mine = tracking.mine(turn)
    waiting = [order for order in paying.waiting(turn) if order.state is not State.EXPIRED]
    if _CAME.search(text) and "退" not in text and mine and mine[0].state in _PAID_IN:
        # Who asks that has paid.
        paying.said_paid(turn) if mine[0] in waiting else tracking.show(turn, mine[0])
        return True
    doors = paying.at_doors(turn, None, (State.PLACED, *paying.ACCEPTED))
    at_door = bool(_AT_DOOR.search(text) and (doors or tracking.open_one(turn)))
    is_part = bool(waiting) and payments.received(turn.unit.db, waiting[0].id) > 0
    if not (at_door or _ASKED.search(text) or (is_part and _LEFT.search(text))):
        return False
    owed = [order for order in waiting if payments.of_order(turn.unit.db, order.id).state in OWED]
    if len(owed) + len(doors) > 1:
        _list(turn, owed, doors)
    elif doors and (at_door or not waiting):
        turn.say("pay.owed-at-door", **_values(turn, doors[0]))
    elif waiting:
        paying.how(turn, waiting[0])
    elif mine and mine[0].state in (State.EXPIRED, State.CANCELLED):
        tracking.show(turn, mine[0])
    elif mine:
        turn.say("pay.owes-nothing", choices=(turn.choice("button.orders", "orders"),))
    return bool(mine)


def _list(turn: Turn, owed: list[Order], doors: list[Order]) -> None:
    """What is still to be paid of each order, and how."""
    db = turn.unit.db
    lines = [turn.words("pay.owed-line", **_values(turn, order)) for order in owed]
    lines += [turn.words("pay.owed-at-door", **_values(turn, order)) for order in doors]
    whole = sum(payments.missing(db, order) for order in (*owed, *doors))
    choices = tuple(
        turn.choice("button.how-to-pay-for", f"how:{order.number}", number=order.number)
        for order in owed
    )
    turn.say("pay.owed-all", money=turn.money(whole), lines="\n".join(lines), choices=choices)


def _values(turn: Turn, order: Order) -> dict[str, Any]:
    """What is to be paid of an order, and with which parcel how much where several bring it."""
    db, more = turn.unit.db, ""
    if found := parts.by_parcel(db, order):
        (first, first_minor), (rest, rest_minor) = found
        more = turn.words(
            "pay.owed-parts",
            goods=cards.amounts(turn, order, first),
            first=turn.money(first_minor),
            rest=cards.amounts(turn, order, rest),
            last=turn.money(rest_minor),
        )
    money = turn.money(payments.missing(db, order))
    return {"number": order.number, "money": money, "more": more}
