"""What a buyer still owes: asked of orders that were placed, not of a price."""

from __future__ import annotations

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import payments
from bot.shop.orders import State
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


def take(turn: Turn) -> bool:
    """Tells what is still to be paid and how; False when that is not asked, or of no order."""
    text = form_of(turn.text).text
    at_door = bool(_AT_DOOR.search(text))
    asked = (at_door or _ASKED.search(text)) and not _OTHER.search(text)
    if turn.staff or not asked or turn.state.draft.lines:
        return False
    due = paying.at_the_door(turn, None, (State.PLACED, *paying.ACCEPTED))
    if at_door and due is None and tracking.open_one(turn) is None:
        return False
    mine = tracking.mine(turn)
    waiting = [order for order in paying.waiting(turn) if order.state is not State.EXPIRED]
    if due and (at_door or not waiting):
        money = turn.money(payments.missing(turn.unit.db, due))
        turn.say("pay.owed-at-door", number=due.number, money=money)
    elif waiting:
        paying.how(turn, waiting[0])
    elif mine:
        turn.say("pay.owes-nothing", choices=(turn.choice("button.orders", "orders"),))
    return bool(mine)
