"""The same once more for somebody else: 同样的再来一份寄到北京市…, another one to my sister."""

from __future__ import annotations

import re

from msgspec.structs import replace

from bot.language.addresses.recipient import NOBODY, Recipient
from bot.language.regex import regex
from bot.language.weighing import CONFIDENT
from bot.shop import orders
from bot.talk.buyers import changing, ordering, recipients
from bot.talk.turn import Turn

_PERSON = (
    r"(?:妈妈?|媽媽?|爸爸?|哥哥?|弟弟?|姐姐?|妹妹?|老[婆公]|奶奶|爷爷|爺爺|外[婆公]|朋友|闺蜜|閨蜜|同[事学學]"
    r"|女儿|女兒|儿子|兒子|阿[姨妈媽]|叔叔?|婆婆|岳[父母]|老[师師板])"
)
_ALIKE = r"(?:དེ|འདི|སྔོན་མ)་(?:དང་)?(?:འདྲ་བ|འདྲ|གཅིག་པ)་(?:ཡང་|དེ་)?(?:གཅིག|ཞིག)(?:་ཡང)?(?:་|$)"
# … for somebody who is told of, or to a second place.
_FOR = regex(
    rf"[给給幫帮替](?:[我俺]|我们|我們)?的?{_PERSON}?[^,，。]{{0,4}}?(?:也|再|同样|同樣)"
    r"(?:来|來|寄|发|發|送|买|買|要|订|訂|下)(?:一样|一樣)?的?[一1][份单單]"
    rf"|[再也](?:来|來|寄|发|發|送|买|買|要|订|訂|下)[一1][份单單][,，\s]*是?[寄发發送]?[给給](?:[我俺])?的?{_PERSON}"
    r"|\b(?:the same(?: thing| again| order)?|another(?: one| order)?|one more)"
    r" (?:please )?(?:to|for) (?:my|our|a) (?!existing|last|order|previous|old|cart)\w+"
    r"|(?<!ང་)(?<!ང)(?:ལ|ར)་(?:ཡང་|འང་)(?:འདི་འདྲ|གཅིག་པ|གཅིག)"
    rf"|(?<!ང་)(?<!ང)(?:ལ|ར)་{_ALIKE}|{_ALIKE}[་\s]*(?!ང་)[\u0f40-\u0fbc\u0f0b]{{2,24}}?་?(?:ལ|ར)་(?:བསྐུར|སྐུར|གཏོང|བཏང)",
    re.IGNORECASE,
)
_MORE = regex(
    r"(?:再|也)(?:来|來|寄|发|發|送|下|订|訂)(?:一样|一樣)?的?[一1][份单單]"
    r"|(?:同样|同樣|一样|一樣)的?(?:再|也|寄|发|發|送|来|來)"
    r"|\bsend (?:the same|another(?: one)?|one more)\b(?! address)"
    rf"|{_ALIKE}",
    re.IGNORECASE,
)
_OF_ELSE = ("shipping", "aftersales", "track", "price", "stock")
_ELSEWHERE = regex(r"[改换換]|\b(?:change|instead)\b|བརྗེ|བསྒྱུར", re.IGNORECASE)


def take(turn: Turn) -> bool:
    """A second order of what was ordered last; False when the message wishes no such thing."""
    reading, draft = turn.reading, turn.state.draft
    to = _told(turn)
    others = bool(_FOR.search(turn.text))
    again = others or bool(_MORE.search(turn.text)) or "same-again" in reading.marks
    placed = bool(to.detail or to.phone)
    asks = reading.confidence >= CONFIDENT and reading.intent in _OF_ELSE and not placed
    if turn.staff or reading.lines or asks or not again or not (others or placed):
        return False
    if _ELSEWHERE.search(turn.text) or changing.NEW_ADDRESS.search(turn.text):
        return False
    if draft.lines:
        return turn.state.asked == "confirm" and _first_the_first(turn)
    order = orders.last_of(turn.unit.db, turn.chat.person.id)
    if order is None:
        return False
    is_own = not (others or to.name or to.phone)
    ordering.again(turn, order, recipients.whole(to, order.recipient) if is_own else to)
    return True


def _told(turn: Turn) -> Recipient:
    """To whom and where; the wish before it is no name and no street."""
    whole = turn.reading.recipient or NOBODY
    wish = _MORE.search(turn.text) or _FOR.search(turn.text)
    behind = turn.text[wish.end() :].removeprefix(" to ").strip() if wish else ""
    behind = changing.TO.sub("", behind)
    said = turn.reader.read(behind).recipient if whole != NOBODY and behind else None
    if wish and wish[0].strip(" ་") in whole.name:
        whole = said or replace(whole, name="")
    return said if said and said.name else whole


def _first_the_first(turn: Turn) -> bool:
    """What is being confirmed would be lost by a second order: it comes first."""
    turn.say("order.first-this")
    ordering.proceed(turn)
    return True
