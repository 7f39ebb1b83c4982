"""A nod to what the shop said, with nothing open: 好的, got it. It asks nobody anything."""

from __future__ import annotations

from bot.language.regex import regex
from bot.language.script import form_of
from bot.talk import charging, desk
from bot.talk.buyers import cancelling, leaving_out
from bot.talk.turn import Turn

# A yes without a word.
SIGN = regex(r"(?:[👌👍🆗✅✔🙆💯][\U0001f3fb-\U0001f3ff\ufe0f]?\s*)+")
# Matched in the form of a text.
_WORDS = regex(
    r"(?![了的啦呀哒吧哈啊呢呐咗那\s]*$)"
    r"(?:[\s,.!、~;་།]|好|行|嗯|恩|哦|噢|喔|收到(?![了啦咯咗喽哒])|知道|了解|明白|晓得|清楚|懂|可以|没问题|没事|不急|要得|中|成|得|是|对|ok(?![a-z])"
    r"|[的了啦呀哒滴嘞勒吧哈啊呢咧咯嘛呐咗那]|老板娘?|店[主家长]|掌柜的?|亲们?"
    r"|我?等(?:着|待)?(?:[你您]们?)?的?(?:发货|消息|通知|回复|好消息)?"
    r"|\b(?:ok|okay|okey|k|kk|got it|gotcha|noted|understood|alright|all right|right|sure|fine|cool"
    r"|great|good|perfect|nice|i see|will do|no problem|no worries|sounds good|that's fine"
    r"|thats fine|that's ok|very well|then|well|yes|yep|yeah|boss|seller)\b"
    r"|(?<![\u0f40-\u0fbc])(?:འོ|ཨོ|ལེགས|ལགས|སོ|རེད|ཡིན|འོང|འགྲིག|འདུག|སོང|གི|ཧ|གོ|ཤེས|བྱུང|ཡག|པོ)(?![\u0f40-\u0fbc]))+"
)
_NEWS = {"received", "paid", "unpaid", "done"}  # that it is there, or paid
_BRIEF = 30  # characters
_QUESTIONS = (cancelling.SURE, leaving_out.VERB, charging.OTHERWISE)


def take(turn: Turn) -> bool:
    """Answers a nod shortly; one to a seller who asked something goes to them. False for anything
    else, and while the shop itself asks."""
    form, state = form_of(turn.text).text, turn.state
    asks = any(each.value.startswith(_QUESTIONS) for each in state.offered)
    is_open = state.draft.lines or state.moving or state.changing or asks
    says_more = turn.reading.lines or turn.reading.marks & _NEWS or len(form) > _BRIEF
    if turn.staff or says_more or is_open:
        return False
    if not (_WORDS.fullmatch(form) or SIGN.fullmatch(turn.text)):
        return False
    if state.asked_by_seller:
        desk.hand_over(turn, "desk.passed-on")
    else:
        turn.say("nod")
    return True
