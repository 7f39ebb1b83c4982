"""What a seller's own words say of stock: what came in, is lost, or is left, in any order.

The same words mean other things when a buyer says them, so they are looked for in messages of the
staff only, and only in those that name goods with an amount.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from msgspec import Struct

from bot.language import times
from bot.language.numerals import HAN_NUMERALS, TIBETAN_NUMERAL
from bot.language.reading import Reading
from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.weighing import AMOUNT, GOODS
from bot.talk.sellers import best_before
from bot.talk.turn import Turn

IN, OUT, UNSURE, LEFT = "in", "out", "unsure", "left"
LATER, NOT, NONE = "later", "not", "none"

_N = rf"(?:\d[\d.]*|[{HAN_NUMERALS}]{{1,6}})"
_BO = "འབྱོར|སླེབས|བསླེབས|རུལ|ཧམ|བརླག|ཆག|བོར|གྱོང|འཐོར"
# What one does, by what is said; where two are said at once the upper one is meant.
_WORDS = {
    # Somebody else says so, or the goods belong to an order: what was it?
    UNSURE: regex(
        r"退回|退货|退了|寄回|(?:客人|顾客|买家|客户)"
        r"|[拿带取领](?:回(?!来)|走)"
        r"|\b(?:sent|came|come|brought|gave|took|taken) back\b|\breturn|\bcustomer|\bbuyer|\bclient"
        r"|ཕྱིར་སློག|ཕྱིར་ལོག|ཕྱིར་བསྐུར|ཕྱིར་(?:འཁྱེར|ཁྱེར|བླངས)|ཉོ་མཁན"
    ),
    LEFT: regex(
        r"还剩|剩下|只剩|剩了|剩余|剩 ?\d|还有 ?\d|盘点|清点|数了|数下来|实际(?:有|是)"
        rf"|点货|[点数](?:了|过|了?一?下)|(?:[库店]里|仓库|现在|[一总]?共)(?:只|还)?有 ?{_N}"
        r"|库存(?:是|有|改|只|还|:| ?\d)"
        r"|\b(?:left|remain\w*|(?:re)?count(?:ed|s|ing)?|stocktak\w*|in stock)\b"
        r"|ལྷག|ལུས|གྲངས་?(?:བརྩིས|རྩིས)|བགྲངས"
    ),
    OUT: regex(
        r"报损|损耗|坏|烂|霉|馊|变质|过期|臭了|蛀|扔|丢|少了|少 ?\d|短了|缺了|盘亏|漏了|洒|撒了"
        r"|打翻|碎|断了|断 ?\d|摔|压断|被偷|偷了|不见了|没了|报废|称少|轻了|减了|减掉|减去|扣掉"
        r"|扣除|去掉|出库|少称|受潮|潮了|化了|化掉|虫了|生虫|长虫|掉秤|折秤|吃了|吃掉"
        r"|\b(?:less|short|light(?:er)?|missing|spoil\w*|rot|rots|rott\w*|mou?ld\w*|brok?en?|broke"
        r"|damaged|lost|lose|removed?|deduct|subtract|wr(?:ite|ote|itten)[ -]off|thr[eo]wn?|stolen"
        r"|melted|ate|eaten|damp|(?:got|getting) (?:wet|soaked|stale|bad)|soggy"
        r"|(?:gone|went|go) (?:bad|off)|expired|leaked|spilt|spilled)\b"
        r"|གྱོང|བརླག|རུལ|ཧམ|ཆག་སོང|ཆག་འདུག|ཆད་སོང|ཉུང་འདུག|ཉུང་སོང|ཉུང་བ|མ་ལོངས|བོར་སོང|གཡུགས|རྐུས"
        r"|སྐྱོན་ཤོར|འཐོར|བཞུར་སོང|བཞུ་སོང|ཟོས་སོང|ཟོས་འདུག|རློན་སོང"
    ),
    IN: regex(
        r"到货|进货|补货|入库|新到|到了|进了|进 ?\d|收了|收到|收进|收购了|拉回|买进"
        r"|[送运拉拿带背]回?来|补了|[加添]了|上货|多了|来了|[入到嚟返]咗"
        r"|\b(?:came in|come in|received?|got|arrived?|delivered|brought|took in|taken in"
        r"|restock\w*|bought in|stock up|add(?:ed)?)\b"
        r"|འབྱོར|སླེབས|བླུགས|ནང་འདྲེན|བསྐྱལ་བྱུང|འཁྱེར་(?:ཡོང|བྱུང)"
    ),
}
# So much is there, where nothing else is said of it.
_THERE = regex(
    rf"^(?!.*[没单订]).*有 ?{_N} ?(?:公?斤|两|克|[根条袋包盒])"
    r"|\b(?:there(?: is| are|'s)|(?:we|i)(?: have|'ve))(?: only| still)? \d"
    rf"|(?:\d|{TIBETAN_NUMERAL})་?(?:འདུག|ཡོད)[་།\s]*$"
)
# It has not come in, nor is it lost: 没到货, 一斤也没坏, did not spoil.
_NOT = regex(
    rf"(?:没有?|未)(?:再|全|怎么)?(?={_WORDS[OUT].pattern}|{_WORDS[IN].pattern}|[到来进收])"
    r"|(?<!是)不(?:会|再)?(?=[坏烂霉馊]|变质|过期|到货)"
    r"|(?:\b(?:not|never|no)\b|n't\b|\b(?:did|does|do|has|have|is|was|wo|ca)nt\b)[^,;.!\n]{0,16}\b"
    r"(?:spoil|rot|arriv|come|came|deliver|receiv|broke|lost|missing|bad|short|stolen|mou?ld)"
    rf"|(?<!རྒྱ་)(?<![ཀ-ྼ])མ་(?:{_BO})|(?:{_BO})་(?:མ་(?:སོང|བྱུང|འདུག)|མེད|མི་འདུག)"
)
# Nothing is left of goods, be it sold or spoilt.
_NONE = regex(
    r"剩 ?0(?![.\d])|(?<!\d)0 ?(?:公?斤|两|克|根|条)了?$|没有?了$|没货了?$"
    r"|[卖售](?:光|完|没|空)了?$"
    r"|(?:全部?|都)(?:坏|烂|霉|没(?!坏|烂)|馊|丢|变质)|一[斤点根条]?[都也]没(?!坏|烂)"
    r"|\b(?:none left|nothing left|sold out|out of stock"
    r"|all (?:the )?(?:\w+ ){0,3}(?:gone|sold|spoil\w*|rotten|bad)"
    r"|no (?:\w+[ -]){1,3}left|0 ?(?:jin|kg|g|pieces)? (?:\w+ )?left)\b"
    r"|བཙོངས་ཚར|ཚང་མ་(?:རུལ|ཧམ|བརླག)|(?:ལྷག|ལུས)་(?:མེད|མི་འདུག|མ་སོང)|གཅིག་ཀྱང་མེད"
)
# It comes on another day, or is said to come.
_COMES = regex(
    r"到(?!手)|来|路上|运|\b(?:arriv|com(?:e|es|ing)\b|due\b|deliver|on (?:the|its|their) way)"
    r"|འབྱོར|སླེབས|ཡོང|ལམ་"
)
_LATER = regex(
    r"明[天早晚儿日]|后天|下周|下个?月|过[几两]天|路上|快到了?|将|会到|预计|晚点到|马上到"
    r"|\b(?:will|tomorrow|on (?:the|its|their) way|in transit|next week|soon)\b|'ll\b"
    r"|སང་ཉིན|གནངས|ལམ་ཁ|ལམ་བར|འབྱོར་(?:རྒྱུ|གི་རེད|ཡོང)|སླེབས་(?:རྒྱུ|ཀྱི་རེད|ཡོང)|ཡོང་(?:རྒྱུ|གི་རེད)"
)
_DONE = regex(r"了|已|\b(?:came|arrived|got|received|yesterday|was|were)\b|སོང|བྱུང|ཟིན|ཚར")
_RANGE = regex(r"(?<![\d月-])\d+ ?-+ ?\d+(?![\d日号月-])")  # of a grade, not a date
# Wishes and questions are a buyer's also when a seller has them.
_WISH = regex(
    r"\?|吗|么$|呢|多少|几|要|想|便宜|帮我|订|下单|如果|会不会|价"
    r"|\b(?:if|want|need|like|order|buy|how|what|price|please)\b|དགོས|ག་ཚོད|རམ|ངམ|གོང"
)
# It is asked how much is there; how many kinds of it is another question.
_ASKS_LEFT = regex(
    r"(?:剩[下余]?|还有|库存|在库|存货|现货)(?:还?[有剩是]|了|的)?(?:多少|几(?!种|样|个规格))"
    r"|(?:多少|几斤|几根)(?:库存|存货|现货)|(?:库存|存货)(?:情况|呢|怎么样)?[?。 ]*$"
    r"|\bstock (?:of|for)\b|\bstock\??$|མཛོད་གསོག"
    r"|\bhow (?:much|many)\b.*\b(?:left|remain\w*|in stock|on hand)\b"
    r"|(?:ལྷག|ལུས)་?.*ག་ཚོད|ག་ཚོད་.*(?:ལྷག|ལུས)|མཛོད་.*ག་ཚོད"
)
_COST = regex(r"(?:进|收购?|成本)价|\bcost price\b|ཉོ་གོང")  # what came in was bought for that
_EACH = regex(r"[一每/] ?(?:公?斤|克|根|条|袋|盒)|\b(?:a|per|each)\b|རེར?་|(?:进|收购?|成本)价")
_PAYMENT = regex(r"[付转钱款]|到账|\b(?:pa(?:y|id)|transfer\w*|money)\b|དངུལ")
# Tibetan is read without its spaces: a clause ends behind what is said of goods.
_CLAUSES = regex(
    r"[,;.!\n\u0f0d](?!\d)|\s+(?=[\u4e00-\u9fff])|\b(?:and|but)\b|(?<=\u0f0b)དང\u0f0b"
    rf"|(?:{_BO})་(?:སོང|བྱུང|འདུག|ཟིན|ནས)་(?P<end>)(?=[\u0f40-\u0fbc])"
)
# Beside the goods and the amounts of a list: 还有蜂蜜两斤.
_LISTED = regex(
    rf"[{GOODS}{AMOUNT}]|[还另外和跟同加再又也共约的有]|大概|左右|差不多"
    r"|\b(?:and|also|plus|about|some|of|the|as well|too|another)\b|དང|ཡང|ཙམ|ལྷག"
)
_BEHIND_AMOUNT = regex(r"(?<=[斤两克根条袋包])(?=[\u4e00-\u9fff])")  # 进了20斤|少了2斤
_BELOW_ZERO = regex(r"(?<![\d\w])-\d|(?<=[^\d\W])-\d+ *(?:公?斤|两|克|根|条|kg|g\b|jin)")


class Move(Struct, frozen=True):
    """What is to be done with what the reading of a part of the message names."""

    verb: str
    reading: Reading
    certain: bool  # whether each amount of it belongs to goods


def moves(turn: Turn) -> list[Move]:
    """What a message says came in, is lost or left; none when it says nothing such of goods."""
    text = form_of(turn.text).text
    if none_left(turn):
        return [Move(NONE, turn.reading, certain=True)]
    if not _names_goods(turn.reading) or _WISH.search(_COST.sub("", text)):
        return []
    parts = _by_verb(turn, text)
    if not any(verb for verb, _ in parts) and _THERE.search(text):
        parts = [(LEFT, text)]
    bought = _EACH.search(text) and not _PAYMENT.search(text)
    if turn.reading.money and not (bought and {verb for verb, _ in parts} <= {"", IN}):
        return []
    if len(parts) == 1 or _NOT.search(text):
        found = [move(turn, parts[0][0], text, turn.reading)]
        return found if _clear(found[0]) else []
    found, about = [], turn.state.about
    for verb, part in parts:
        reading = turn.reader.read(part, about=about or None)
        about = next((line.product for line in reading.lines if line.product), about)
        found.append(move(turn, verb, part, reading))
    return found if all(map(_clear, found)) else []


def none_left(turn: Turn) -> bool:
    """Whether a message says of goods that nothing is left of them."""
    text, lines = form_of(turn.text).text.strip(" .!。།་"), turn.reading.lines
    named = lines and all((line.product or line.grade) and not line.quantity for line in lines)
    return bool(named and _NONE.search(text) and not _WISH.search(text))


def asks_left(turn: Turn) -> bool:
    """Whether a message asks how much is left of goods."""
    lines = turn.reading.lines
    named = any(line.product for line in lines) and not any(line.quantity for line in lines)
    return named and _ASKS_LEFT.search(form_of(turn.text).text) is not None


def is_of_money(turn: Turn) -> bool:
    """Whether what came is money, and no goods: 钱到了吗."""
    return not turn.reading.lines and bool(_PAYMENT.search(form_of(turn.text).text))


def says_more(turn: Turn) -> bool:
    """Whether a message asks or wishes for something, or says what became of goods."""
    text = form_of(turn.text).text
    return bool(_WISH.search(text) or _verb(text))


def verb_of(turn: Turn) -> str:
    """What a message says became of goods, '' for nothing."""
    text = form_of(turn.text).text
    return move(turn, _verb(text), text, turn.reading).verb


def is_wish(turn: Turn) -> bool:
    """Whether a message asks or wishes for something, be it kindly or not."""
    return bool(_WISH.search(form_of(turn.text).text.replace("please", "")))


def may_be_of_returns(turn: Turn) -> bool:
    """Whether a message may say what came back: nothing of a loss or a count, and it is no wish."""
    text = form_of(turn.text).text
    return not _WISH.search(text) and _verb(text) in ("", UNSURE, IN)


def _clear(move: Move) -> bool:
    """Whether it is clear what to ask for, if not what to do."""
    amounts = [line.quantity for line in move.reading.lines]
    return move.verb in (IN, OUT, LATER, NOT) or bool(move.verb and move.certain and all(amounts))


def move(turn: Turn, verb: str, text: str, reading: Reading) -> Move:
    """That, with whether it is certain what each amount belongs to."""
    form = form_of(text).text
    if verb not in (OUT, UNSURE) or _NOT.search(form):
        verb = LATER if _is_later(turn, form, reading) else NOT if _NOT.search(form) else verb
    amounts = reading.masked.count(AMOUNT)
    counted = sum(line.quantity is not None for line in reading.lines)
    certain = amounts <= counted and not _BELOW_ZERO.search(form)
    return Move(verb, reading, certain)


def day_said(turn: Turn, reading: Reading) -> date | None:
    """The day to come that a message about goods names."""
    today = best_before.today(turn)
    day = times.day_in(without_range(reading.masked.replace(AMOUNT, " ")), today)
    return day if day and day > today else None


def without_range(text: str) -> str:
    """A text without the lengths that a grade is called by, which look like dates: 5-7."""
    return _RANGE.sub(" ", text)


def _is_later(turn: Turn, form: str, reading: Reading) -> bool:
    """Whether goods are said to come, and have not."""
    if not _COMES.search(form):
        return False
    return bool(_LATER.search(form) or (not _DONE.search(form) and day_said(turn, reading)))


def _names_goods(reading: Reading) -> bool:
    """Whether goods are named with an amount, be it a vague one, or as being spoilt."""
    named = any(line.product or line.grade for line in reading.lines)
    amount = reading.vague or reading.number or any(line.quantity for line in reading.lines)
    return named and bool(amount or reading.intent == "aftersales")


def clauses(text: str) -> list[str]:
    """A message in the parts that its commas, spaces and ands make."""
    return _split(_CLAUSES, text)


def _by_verb(turn: Turn, text: str) -> list[tuple[str, str]]:
    """The message in parts, one for each change of what is done; '' when nothing is.

    Within a clause words before the first verb belong to it, and words after one go on with it; so
    do clauses without one, unless they say something else of other goods beside a loss.
    """
    parts = []
    for clause in clauses(text):
        parts += _merged([(_verb(part), part) for part in _split(_BEHIND_AMOUNT, clause)])
    if OUT in dict(parts):
        parts = [(verb or _unclear(turn, part), part) for verb, part in parts]
    return _merged(parts)


def _unclear(turn: Turn, part: str) -> str:
    """That it is not clear what is said of goods that a part names with an amount, if anything."""
    reading = turn.reader.read(part)
    rest = _LISTED.sub("", reading.masked)
    named = reading.product and (reading.quantity or reading.number)
    return UNSURE if named and re.search(r"[^\W\d_]", rest) else ""


def _merged(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for verb, part in parts:
        if found and (not verb or not found[-1][0] or verb == found[-1][0]):
            before, text = found.pop()
            found.append((verb or before, text + part))
        else:
            found.append((verb, part))
    return found


def _split(where: re.Pattern[str], text: str) -> list[str]:
    ends = [*(match.start(match.lastgroup or 0) for match in where.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise([0, *ends]) if start < end]


def _verb(part: str) -> str:
    return next((verb for verb, words in _WORDS.items() if words.search(part)), "")
