"""What buyers are told of money that goes back to them."""

from __future__ import annotations

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import enquiries, money_back, orders, refunds
from bot.shop.money_back import MoneyBack, Stage
from bot.shop.orders import Order
from bot.talk import desk
from bot.talk.buyers import tracking
from bot.talk.cards import told_of
from bot.talk.sellers import offers, pricing
from bot.talk.turn import Turn

RECENT_MS = 14 * 24 * 3_600_000  # how long money that went back is still asked for
_OF_MONEY = regex(r"[钱款退]|refund|money|paid|དངུལ|སློག")
# Claims more than what was promised: 都坏了，全退吧, 其余的我也想退. It is matched as the next.
_CLAIMS = regex(
    r"坏|烂|霉|臭|碎|破|漏|假的?|变质|退货|(?:全部?|都|整单|其[余他它]|剩下|另外|别的|还有|也)[^,.!?]{0,6}退|退(?:全|其余|剩)"
    r"|\b(?:rotten|broken|bad|spoil\w*|mou?ldy|damaged|smell\w*|fake|everything|all of (?:it|them)"
    r"|the rest|(?:whole|entire) order|full refund|also|too|return(?:ing)?)\b"
    r"|རུལ|ཆག་|སྐྱོན|ཧམ་པ|ཚང་མ|ལྷག་མ|གཞན"
)
# Asks after money that was promised; matched, as the next, in the form of a text.
_ASKS_AFTER = regex(
    r"[钱款][^,.!]{0,4}(?<!怎么)退[^货换]{0,5}(?:[吗没么呢]|$)"
    r"|[钱款][^,.!]{0,4}[没未]有?(?:收到|到)|没有?收到[^,.!]{0,8}[钱款]"
    r"|\b(?:money|refund)\b.{0,12}(?:n't|not|never)\b.{0,8}\b(?:arrived?|c[oa]me|received?|here)\b"
    r"|(?:n't|not|never) (?:got|gotten|received?|get)\b.{0,12}\b(?:money|refund)\b"
    r"|དངུལ.{0,8}འབྱོར་(?:མ་|མི་|མེད)"
    r"|退[款钱给][^,.!]{0,8}(?:到|进度|状态|哪|呢|好了|怎么样|多久|几天|什么时候)"
    r"|退[了好][没吗么]|(?:什么时候|啥时候|几时|何时|多久|几天)[^,.!]{0,4}退(?!货)"
    r"|(?:没|怎么不|怎么还不)[^,.!]{0,4}退[款钱给]|还没退|我的退款|我的钱(?:呢|在哪|去哪|什么时候|到)"
    r"|\bmy (?:refund|money back)\b|\brefund (?:status|yet|come|sent|arrived|progress)"
    r"|\bwhere(?: is|'s|s) (?:my|the) (?:money|refund)\b"
    r"|\b(?:did|have) you (?:already )?(?:refund|sen[dt] (?:me )?(?:back )?(?:my|the) money)"
    r"|\bwhen\b.{0,16}\b(?:get|see|receive|have)\b.{0,8}\bmoney\b"
    r"|\b(?:when|has|have|is|was|did|got|any news|how long)\b.{0,40}"
    r"\b(?:refund(?:ed)?|money (?:come )?back)\b"
    r"|དངུལ.{0,4}(?:ནམ|ག་དུས).{0,8}འབྱོར|སློག.{0,24}(?:ངམ|དམ|གམ|འདུག་གས)|(?:ནམ|ག་དུས|ག་པར).{0,12}སློག|དངུལ.{0,4}ག་པར"
    r"|(?:མ|མི)་སློག|སློག་(?:མ|མི)་|སློག.{0,16}(?:ག་པར|ག་འདྲ)"
)
# Asks how much it is.
_HOW_MUCH = regex(
    r"退(?![货换])[^,.!?]{0,4}(?:多少|几多|几块)|[拿收要]回来?[^,.!?]{0,3}(?:多少|几多|几块)"
    r"|\bhow much\b.{0,24}\b(?:refund(?:ed)?|(?:get|got|come|sen[dt]|give) (?:me )?back)\b"
    r"|(?:དངུལ|སྒོར).{0,12}ག་ཚོད.{0,6}སློག|སློག.{0,10}ག་ཚོད"
)
# Asks for money, or whether it could be had.
_ASKS_FOR = regex(
    r"可以|[能可会]退|怎么(?:才能)?退|退换|退货|要退|想退|不[想要]|[给帮][我]?退款?吧"
    r"|\b(?:can|could|want|like|need|if|do you|policy|possible)\b|ཐུབ|ཆོག|དགོས|འདོད"
)
# So much shall go back, of what has come: 退58行吗.
_SUM = r" ?[¥$]?\d{1,6}(?:\.\d{1,2})?(?![\d.])"
_SO_MUCH = regex(
    rf"(?:退款?|赔|补偿)[还给]?我?,?{_SUM}(?! ?(?:[斤克根条盒袋包瓶罐个两公天]|kg|g\b))"
    rf"|\brefund(?: [a-z]+){{0,2}}{_SUM}(?! ?(?:kgs?|kilos?|jin|g|pcs?|pieces?|jars?|bags?)\b)"
    rf"|\b(?:give|get)(?: [a-z]+){{0,2}}{_SUM}(?: \w+)? back\b"
    r"|\d{1,6}[་ ]*(?:ཕྱིར་)?(?:སློག|གསབ)"
)
SAID_MAX = 1_000  # characters kept of what may be a complaint


def complain(turn: Turn) -> None:
    """Something went wrong: the seller is called, unless the buyer may ask for money on its way.

    Who asks for that, and claims no more, reads how it stands; what they wrote goes to the seller
    when they say that something else is wrong, or ask again while nothing is new.
    """
    text = form_of(turn.text).text
    plain = not turn.reading.lines and "abuse" not in turn.reading.marks
    of_money = plain and _OF_MONEY.search(text) and not _CLAIMS.search(text)
    found = _spoken_of(turn) if of_money else []
    if found and not _asks_for_other_sum(turn, found):
        _tell(turn, found)
    else:
        desk.hand_over(turn, "desk.aftersales")


def tell(turn: Turn) -> bool:
    """Tells what goes back or went back lately; False when nothing does."""
    found = _spoken_of(turn)
    if found:
        _tell(turn, found, again=True)
    return bool(found)


def take(turn: Turn) -> bool:
    """Answers who asks after their refund, whatever else it was read as; False for all else."""
    db = turn.unit.db
    form = form_of(turn.text).text
    if not turn.staff and _SO_MUCH.search(form):
        return _wants_so_much(turn)
    is_sum = bool(_HOW_MUCH.search(form)) and not turn.reading.lines
    if turn.staff or "abuse" in turn.reading.marks or not (asks_after(turn.text) or is_sum):
        return False
    found = _spoken_of(turn) or _spoken_of(turn, lately=False)[:1]
    offered = [] if found and not is_sum else offers.standing(turn)
    if found:
        _tell(turn, found, again=is_sum)
    if offered:
        offers.tell(turn, *offered[0])
    if found or offered:
        return True
    if is_sum and _ASKS_FOR.search(form):
        return False
    if enquiries.has_asked(db, turn.chat.id, turn.unit.now + 1):
        desk.hand_over(turn, "desk.passed-on")
    else:
        desk.hand_over(turn, "repaid.none")
    return True


def _wants_so_much(turn: Turn) -> bool:
    """A sum that shall go back is on its way, or of goods that have left a complaint; False where
    neither is so."""
    found = [] if _CLAIMS.search(form_of(turn.text).text) else _spoken_of(turn)
    if found and not _asks_for_other_sum(turn, found):
        _tell(turn, found, again=True)
        return True
    db, mine = turn.unit.db, tracking.mine(turn)
    if not any(each.state in refunds.HAVE_LEFT or refunds.kept(db, each) for each in mine):
        return False
    lines = dict.fromkeys(replace(each, quantity=None) for each in turn.reading.lines)
    turn.reading = replace(turn.reading, lines=tuple(lines))
    desk.hand_over(turn, "desk.aftersales", intent="aftersales")
    return True


def asks_after(text: str) -> bool:
    """Whether a text asks what has become of money, not for it."""
    form = form_of(text).text
    return bool(_ASKS_AFTER.search(form)) and not _ASKS_FOR.search(form)


def _tell(turn: Turn, found: list[tuple[Order, str]], *, again: bool = False) -> None:
    """How it stands, to who has not just read that, or asks what sum it is, `again`."""
    told = "".join(f"{order.number}{back}" for order, back in found)
    known = told == turn.state.told and not again
    if known or any(_is_undecided(turn, order) for order, _ in found):
        desk.hand_over(turn, "desk.passed-on")
        return
    turn.state.complaint, turn.state.told = turn.text[:SAID_MAX], told
    choices = (turn.choice("button.something-wrong", "wrong"),)
    for order, back in found:
        turn.say("repaid.stands", number=order.number, back=back, choices=choices)


def something_wrong(turn: Turn) -> None:
    """It was a complaint: it goes to the seller as it was written."""
    turn.text, turn.state.complaint = turn.state.complaint, ""
    turn.reading = turn.reader.read(turn.text)
    desk.hand_over(turn, "desk.aftersales" if turn.text else "desk.human")


def _spoken_of(turn: Turn, *, lately: bool = True) -> list[tuple[Order, str]]:
    """The person's orders, or the one that is named, of whose money there is something to tell:
    when it went back, that is `lately` or ever."""
    named = orders.find(turn.unit.db, turn.text)
    found = [each for each in tracking.mine(turn) if named is None or each.id == named.id]
    return [
        (order, told_of(turn, order))
        for order in found
        if any(_is_asked_for(turn, sum, lately) for sum in money_back.of_order(turn.unit.db, order))
    ]


def _asks_for_other_sum(turn: Turn, found: list[tuple[Order, str]]) -> bool:
    """Whether another sum is named than any of theirs that goes back, or all together."""
    minor = 0 if orders.find(turn.unit.db, turn.text) else pricing.sum_said(turn)
    of_all = (money_back.of_order(turn.unit.db, order) for order, _ in found)
    sums = [each.amount_minor for of_one in of_all for each in of_one]
    return minor > 0 and minor not in (*sums, sum(sums))


def _is_asked_for(turn: Turn, sum: MoneyBack, lately: bool) -> bool:
    recent = not lately or (sum.at is not None and turn.unit.now - sum.at < RECENT_MS)
    return sum.stage in money_back.OPEN or (sum.stage is Stage.SENT and recent)


def _is_undecided(turn: Turn, order: Order) -> bool:
    return any(sum.stage is Stage.HELD for sum in money_back.of_order(turn.unit.db, order))
