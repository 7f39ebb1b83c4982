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
    r"|ད་དུང་(?:དངུལ་)?ག་ཚོད་(?:ཆད|སྤྲོད|བུན)|དངུལ་ད་དུང་ག་ཚོད་(?:ཆད|སྤྲོད)"
)
_OTHER = regex(r"包邮|免运|免邮|一斤|每|根|free shipping|\bper\b")


def take(turn: Turn) -> bool:
    """Tells what is still to be paid and how; False when that is not asked, or of no order."""
    text = form_of(turn.text).text
    if turn.staff or not _ASKED.search(text) or _OTHER.search(text) or turn.state.draft.lines:
        return False
    mine = tracking.mine(turn)
    waiting = [order for order in paying.waiting(turn) if order.state is not State.EXPIRED]
    if waiting:
        paying.how(turn, waiting[0])
    elif due := paying.at_the_door(turn, None, (State.PLACED, *paying.ACCEPTED)):
        money = turn.money(payments.missing(turn.unit.db, due))
        turn.say("pay.owed-at-door", number=due.number, money=money)
    elif mine and mine[0].state in (State.EXPIRED, State.CANCELLED):
        tracking.show(turn, mine[0])
    elif mine:
        turn.say("pay.owes-nothing", choices=(turn.choice("button.orders", "orders"),))
    return bool(mine)
