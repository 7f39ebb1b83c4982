"""What a seller says of money: it came, or not, went back or shall, and how much of it.

It is read here, for all dialogues that do something with it, which have no such words of their own.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from bot.language.reductions import percent_in
from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import numbers, order_search, orders
from bot.shop.orders import Order
from bot.talk.sellers import meaning, pricing
from bot.talk.turn import Turn

Whole = Callable[[sqlite3.Connection, Order], int]
Then = Callable[[Turn, Order, int], None]
TEXT_LENGTH = 60  # characters, without an order's number, of a message that says no more than that


class What(StrEnum):
    """What is said to have become of money, or to be done with it."""

    UNSAID = "unsaid"
    CAME = "came"
    NOT_COME = "not come"
    NONE = "none"  # the bare answer to how much it is
    REFUSED = "refused"
    BACK = "back"  # It shall go back.
    SENT = "sent back"
    NOT_BACK = "not back"


class Money(Struct, frozen=True):
    """What happened to a sum in `minor` units, or to a `share` or a `part` of all of it; to `only`
    so much, in the place of what was said before, or but for so much, which `lacks`. It `undoes`
    what was done; `way` is "transfer", "cod" or "". What is `plain` says no more than that, but for
    a name: `theirs` are the orders for whom it is, of money that goes back, or is `given` by them.
    """

    what: What
    minor: int = 0
    share: Fraction | None = None
    part: bool = False
    only: bool = False
    lacks: bool = False
    undoes: bool = False
    way: str = ""
    plain: bool = False
    given: bool = False
    is_in: bool = False
    theirs: tuple[Order, ...] = ()

    def of(self, whole: int) -> int:
        """The sum in minor units, of the whole where a share is said or what lacks; 0 for none."""
        if self.share is not None:
            return round(whole * self.share)
        return max(0, whole - self.minor) if self.lacks and self.minor else self.minor


# All are matched in the form of a text, beside an order's number.
_SUM = r"[¥$]?\s*\d[\d.,]*\s*(?:元|块钱?|yuan|rmb)?"
_ASKED = regex(r"[?吗么]")
_HALF = regex(r"一半|半数|\bhalf\b|ཕྱེད་ཀ")
_SHARE = regex(r"[%]|百分之|[一二两三四五六七八九]成|\bper ?cent\b|བརྒྱ་ཆ")
_ALL = regex(r"全[退额部款]|都退|\b(?:all|everything|full|whole)\b|ཚང་མ|ཡོངས་རྫོགས")
_PART = regex(r"部[分份]|(?<!-)\bpart\b|ཁག་ཅིག")
_TRANSFER = regex(r"转|微信|支付宝|银行|\b(?:transfer\w*|bank|wechat|alipay)\b|དངུལ་ཁང|སྐད་འཕྲིན")
_COURIER = regex(r"快递|物流|代收|现金|\b(?:courier|driver|cash)\b|སྐྱེལ་མཁན|དངུལ་རྐྱང")
_NONE = regex(r"\s*[¥]?0+\s*\D{0,3}|[\s་]*(?:没有?|没收到|nothing|none|མེད)[\s.!་།]*")

# 不对，只退58: that is said in the place of something else.
_WRONG = regex(r"不[对是]|退?错了?|\bno\b(?=[,.;:!])|\b(?:wrong|not right)\b|མ་རེད|མིན|ནོར(?:་སོང)?")
_RATHER = regex(r"(?:[只就]|应该?|改[成为]?)要?退|\b(?:only|just)\b|ཁོ་ན")
_BACK = regex(
    r"退(?![货订出换单群]|回(?!给|去|[他她]|\s*[¥\d]))|赔"
    r"|\brefund\w*|\b(?:gives?|gave|given|pays?|paid|sends?|sent|goes|go)\b.*\bback\b"
    r"|(?:\b(?:half|all|everything|per ?cent)|%)(?: of it)? back\b"
    r"|དངུལ.*སློག|སློག.*དངུལ|(?:ཕྱིར|སླར)་(?:སློག|བསློགས|སྤྲད|སྤྲོད|བསྐུར)|དངུལ.*ཕྱིར་ལོག"
)
_NOT_BACK = regex(
    r"[没不未别]|\b(?:not|never|no)\b|n't\b"
    r"|(?:མ|མི)་(?:སློག|བསློགས|སྤྲད|སྤྲོད)|(?:སློག|བསློགས|སྤྲད|སྤྲོད|ལོག)[^།]{0,8}(?:མེད|མི་དགོས|མ་(?:སོང|བྱས|བྱུང))"
)
_SENT = regex(
    r"已.*退|退款?[¥\s\d.元块钱]*已|退(?![多错])[^,.]*?(?:[过完好咗掉]|了(?!吧))(?!.*的(?:订?单|有))"
    r"|\brefunded\b|(?<!\bhim )\b(?:sent|paid|gave|given)\b.*\bback\b"
    r"|\brefund\b.*\b(?:sent|made|done|paid)\b|(?:ཟིན|ཚར|སོང|[པབ]་ཡིན|ཡོད)"
)
_OWN = regex(r"收|退我|\b(?:me|my|i want|can i)\b|ང་ལ|བྱུང")  # to oneself
_GIVEN = regex(r"[\u4e00-\u9fff]退\s*¥?\d")  # 卓玛退100
_REFUSED = regex(
    r"(?<!没)(?<!没有)拒[付收签]|不(?:肯|愿意?|想)(?:付|给|收|签收)|不(?:付钱|给钱|付款)"
    r"|\brefus(?:ed|es|ing)\b|\brejected the (?:parcel|package|delivery)\b"
    r"|\b(?:would|(?:will|did)(?=.*\bdoor\b))(?:n't| not) (?:pay|take|accept)\b"
    r"|སྤྲོད་(?:མ་འདོད|མི་འདོད|མ་ཉན|མི་ཉན)|(?:ལེན|བླང)་(?:མ་འདོད|མི་འདོད|མ་ཉན|མི་ཉན|མ་བྱས)|དང་ལེན་མ་བྱས"
)
_NOT_COME = regex(
    r"[没未]有?(?:收到|收|付|给|拿到)到?[^,.]{0,3}[钱款](?!的)|[没未]有?(?:[到入进][账帐]|收到[¥\d])|一分钱?没"
    r"|[钱款\d元块](?:一分|其实|根本|还|并)*[没未]有?[到收付给]"
    r"|\b(?:did not|didn't|never|has not|hasn't) (?:pay|paid|collect(?:ed)?"
    r"|(?:receive[d]?|get|got)(?! .*\b(?:parcel|package|goods)\b))\b"
    r"|\b(?:money|payment|transfer|cash|\d+) (?:has not|hasn't|did not|didn't|never) "
    r"(?:come|came|arrived?)\b|\b(?:collected|paid|received) nothing\b"
    r"|དངུལ[^།]{0,12}(?:སྤྲད|འབྱོར|ལེན)་?(?:མེད|མ་)|དངུལ་[^།]{0,8}(?:མ་|མི་)(?:འབྱོར|སོང|བྱུང|འདུག)"
)
# 哪些没付款, 没付款的单: all whose money has not come are asked for, and none is spoken of.
_WHICH = regex(
    r"(?<![这那此])(?<![这那]个)(?:订单|的单)|哪|谁|\b(?:orders|which|who|whose)\b"
    r"|མངགས་ཐོ་(?:གང|ག་རེ|ཚང་མ|ཡོད་པ)|(?<![\u0f40-\u0fbc])སུ"
)
_ONLY = regex(
    r"(?:只|(?<!刚)才|就)(?:代?收[到了回]*|[付给交]了?|到[账帐]?了?)\s*[¥]?\s*[\d一二两三四五六七八九]"
    r"|\bonly\b.{0,24}\b(?:collected|paid|gave|received|got|came|brought|handed|arrived)\b"
    r"|\b(?:collected|paid|gave|received|got|brought|handed)\b.{0,24}\bonly\b"
    r"|(?:\d|ཕྱེད་ཀ)་?(?:སྒོར་?)?(?:ལས|མ་གཏོགས)་?[^།]{0,24}(?:མ་|མེད|མི་)"
)
_LACKS = regex(
    r"少(?:[收付给交]了?|了)\s*[¥]?\s*\d|\b(?:short by|too little)\b|\d (?:yuan |rmb )?short\b"
    r"|\d་?(?:ཉུང|ཆད)"
)
_PRICE = regex(r"吧|就(?:行|好|可以)|得了|\bcharge\b")  # 就收60吧: a price, not what came
_CAME = regex(
    r"收[到了]|[到入进转][账帐]|钱[都也已经]*到了|转[了来过]|已[转付]|付了?\s*[¥]?\d"
    r"|(?<!拒)(?<!肯)(?:付款|付过款|付了款|付钱|付了钱|付清|打款)了?[.!]?\s*$"
    r"|\b(?:came|arrived|received|collected|transferred|is in"
    r"|(?:he|she|they|buyer|customer)(?: has)? paid)\b"
    r"|(?<!\bi )(?<!\bwe )\bpaid(?: [¥$]?\d|[.! ]*$)|འབྱོར|བསྐུར|སྤྲད་ཟིན"
)
# 扎西的钱到了, Anna's money is in: all of it, and nothing else is said.
_HIS = r"(?:him|[那这个单笔订的\s])*"
_BO_HIS = r"(?:him[\s་]*(?:[ཀག]ྱི|གི|ཡི|འི|ནས|ས)?[\s་]*)?"
_IN = r"[都也已经刚才全]*(?:到[账帐]|[入进][账帐])了?"
_IS_IN = regex(
    rf"{_HIS}(?:(?:货?款|钱)[子项]?[都也已经刚才全]*(?:[到来]了|收到了?)|(?:(?:货?款|钱)[子项]?)?{_IN})[啦哈啊]?"
    rf"|[我已经刚才]*收到了?{_HIS}(?:[付转汇]过?来?的)?(?:货?款|钱)了?[啦哈啊]?"
    r"|(?:yes |ok |the |all |him )*(?:money|payment|transfer)(?: from him| for (?:it|him|order))?"
    r"(?: has| have| is|'s)?(?: now| just| already| been)*"
    r" (?:in|came|come|arrived|received|here|there)(?: in| now| already)*"
    r"|(?:(?:yes|i|we|i've|we've|have|just) )*(?:got|received) (?:the |him )*"
    r"(?:money|payment|transfer)(?: from him)?"
    rf"|{_BO_HIS}དངུལ་(?:དེ་|ཚང་མ་)?འབྱོར་(?:སོང|བྱུང|ཟིན|འདུག|ཚར)(?:་(?:སོང|འདུག|ཡོད))?"
)
_PAUSES = regex(r"[\s.,!~:;།]+")
_BUT = regex(r"[没未不退只才就]|\b(?:not|only|back|less|short)\b|n't\b|མ་|མེད|མི་|སློག|ལས་")
# 点错了: what was done last, whatever it was.
_UNDOES = regex(
    r"[点按看搞弄写记输打]错|确认错|撤[回销]|改回[去来]"
    r"|\b(?:undo|by mistake|wrong button|take (?:it|that) back)\b|ཕྱིར་བསྒྱུར|ནོར་སོང"
)

# What is said beside a sum that goes back, and what else, where no more is said than that.
FILLERS = regex(
    r"一?部[分份]|[退赔补还给款钱的订单全部]+|\b(?:refund|give|pay|send|back|to|for|of|the|order|please|all)\b"
    r"|མངགས་ཐོ|དངུལ|ཕྱིར|སློག|གནང|རོགས|ལ(?=་|\s|$)"
)
_BESIDE = regex(
    rf"多[付收给]|剩下|余|百分之[十\d]*|[一二两三四五六七八九]成?|{_SUM}|买家|客人|人家|对方"
    r"|[已经都我把去回过了好完咗掉转付打多额半吧他她%]"
    r"|\b(?:(?:i|we)(?:'ve)?|have|has been|was|is|just|already|refunded|sent|paid|gave|given|made"
    r"|done|him|her|them|buyer|it|full|whole|everything|half|part|per ?cent|extra|rest)\b"
    r"|སྒོར|མོ|སླར|ངས?(?=་)|ཁོ|བསློགས|ལོག|སྤྲད|བསྐུར|བྱས|ཟིན|ཚར|སོང|[པབ]་ཡིན|ཡོད"
    r"|ལྷག་པའི|ཕྱེད་ཀ|ཚང་མ|ཁག་ཅིག|བརྒྱ་ཆ"
)
_TIBETAN_TO = regex(r"་ལ(?:་|\s)")


def named_in(turn: Turn) -> list[Order]:
    """The orders of somebody who is named."""
    said = _TIBETAN_TO.sub(" ", turn.text)
    db = turn.unit.db
    return order_search.named_in(db, said) or order_search.named_in(db, form_of(said).text)


def without_names(form: str, names: Iterable[str], instead: str = " ") -> str:
    """A text in its form with something else for each of these names, or for the first of each."""
    names = {each for name in names for each in (name, name.partition(" ")[0])}
    for name in sorted(names, key=len, reverse=True):
        said = re.escape(form_of(name).text.strip("་ "))
        form = re.sub(
            rf"(?<![a-z]){said}(?![a-z])(?:'s\b|འི|ར(?=་))?(?:་ལ(?=[་\s]))?", instead, form
        )
    return form


def sum_beside(turn: Turn, rest: str) -> int:
    """The sum, in minor units, that is said beside words of money; 0 for none."""
    return pricing.sum_said(meaning.saying(turn, FILLERS.sub(" ", rest).strip()))


def read(turn: Turn, named: Callable[[Turn], list[Order]] = named_in) -> Money:
    """What a message says of money; who is named is looked up where it goes back, or is asked."""
    beside = meaning.beside_number(turn)
    is_of_which = _WHICH.search(beside.text) and not numbers.numbers_in(turn.text)
    may_be_in = _CAME.search(beside.text) and not beside.reading.money
    theirs = named(turn) if is_of_which or may_be_in or _BACK.search(beside.text) else []
    form = without_names(beside.text, {each.recipient.name for each in theirs}, " him ")
    what, lines = _what(form), beside.reading.lines
    if any(each.quantity or (each.product and what is not What.NOT_COME) for each in lines):
        what = What.UNSAID  # of these goods
    elif is_of_which and not theirs and what is What.NOT_COME:
        what = What.UNSAID
    is_back = what in (What.BACK, What.SENT, What.NOT_BACK)
    percent = 50 if _HALF.search(form) else percent_in(form) if _SHARE.search(form) else None
    share = Fraction(percent) / 100 if percent else None
    minor = sum_beside(turn, form) if is_back else pricing.sum_said(beside)
    if share is None and not minor and _ALL.search(form):
        share = Fraction(1)
    return Money(
        what,
        minor=0 if share else minor,
        share=share,
        part=not minor and share is None and bool(_PART.search(form)),
        only=bool((_RATHER.search(form) or _WRONG.search(form)) if is_back else _ONLY.search(form)),
        lacks=what is What.CAME and bool(_LACKS.search(form)),
        undoes=bool(_UNDOES.search(form)) and not any(e.product or e.quantity for e in lines),
        way="cod" if _COURIER.search(form) else "transfer" if _TRANSFER.search(form) else "",
        plain=not any(map(str.isalpha, FILLERS.sub("", _BESIDE.sub(" ", form)))),
        given=bool(_GIVEN.search(beside.text)),
        is_in=what is What.CAME and bool(_IS_IN.fullmatch(_PAUSES.sub(" ", form).strip("་ "))),
        theirs=tuple(theirs),
    )


def _what(form: str) -> What:
    """What is said of money; of two things the one that is meant."""
    is_short = len(form) <= TEXT_LENGTH
    if _NONE.fullmatch(form):
        return What.NONE
    if _ASKED.search(form):
        return What.UNSAID
    if _REFUSED.search(form):
        return What.REFUSED
    if _BACK.search(form):
        rest = _WRONG.sub(" ", form)
        others = {What.NOT_BACK: _NOT_BACK, What.SENT: _SENT, What.UNSAID: _OWN}
        found = next((what for what, said in others.items() if said.search(rest)), What.BACK)
        return found if is_short else What.UNSAID
    if _ONLY.search(form) or _LACKS.search(form):
        return What.UNSAID if _PRICE.search(form) else What.CAME
    if _NOT_COME.search(form):
        return What.NOT_COME
    came = is_short and _CAME.search(form) and not _BUT.search(form)
    return What.CAME if came else What.UNSAID


def take_sum(turn: Turn, whole: Whole, then: Then) -> bool:
    """Does something with the sum that was asked for, of the whole of an order where a share is
    said; False when none was."""
    order = orders.find(turn.unit.db, turn.state.order)
    minor = read(turn).of(whole(turn.unit.db, order)) if order else 0
    if order and minor > 0:
        then(turn, order, minor)
    return minor > 0
