"""What buyers say of parcels: that all came, or one of several, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from bot.language.reading import Line
from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.weighing import AMOUNT, GOODS
from bot.messages import Choice
from bot.shop import catalogue, enquiries, follow_ups, orders, parcels, timers, unsettled
from bot.shop.orders import Order, State
from bot.shop.parcel_states import ParcelState
from bot.shop.parcels import Parcel
from bot.talk import cards, desk, parcel_news, part_notices
from bot.talk.buyers import tracking, turned_up, whose
from bot.talk.sellers import settling
from bot.talk.turn import Turn

LATELY_MS = 3 * 24 * 3_600_000  # how long "one came" can mean a parcel known to have arrived


_REFUSED_IN = (State.RETURNING, State.DELIVERED)  # as far as is known


class Came(StrEnum):
    """What has come, by what is said."""

    NONE = "none"
    SOME = "some"  # There is to be another one.
    ONE = "one"
    IT = "it"
    ALL = "all"


# All are matched in the form of a text: simplified, in lower case.
_ONE_HAN = r"(?:其中)?(?:一|1|个)个?(?:件|箱|单)?(?:包裹|快递|订单)?"
_NONE = regex(
    r"(?:没|未)(?:有)?(?:见到|看到|收|到|拿)|[一两二1-9]?[个件单]?都没|没来"
    r"|\b(?:not|never|nothing|none|isn't|hasn't|haven't|havent|hasnt|didn't|didnt)\b"
    r".{0,24}\b(?:c[oa]me|arrived?|received?|got|here)\b|still waiting"
    r"|(?:མ|མི)་(?:འབྱོར|སླེབས|ཐོབ)|(?:འབྱོར|སླེབས|ཐོབ)་(?:མ་(?:བྱུང|སོང)|མི་འདུག|མེད)"
)
_SOME = regex(
    rf"(?:只|才|就)(?:给我|有)?(?:收到|到|来|拿到|签收)?了?{_ONE_HAN}(?![\u4e00-\u9fff])"
    r"|(?:还有|还差|还缺|另外?|剩下?)的?(?:那)?[一1]?[个件箱单](?:包裹|快递|订单)?"
    r"(?=还?[没是]|呢|在|到|什么|去|哪|丢|[^\u4e00-\u9fff]|$)|有[一1][个件箱单](?:包裹|快递|订单)?还?没"
    r"|\bonly (?:got |received )?(?:one|1)\b"
    r"|\b(?:one|1)(?: of [a-z ]{2,20})?(?: parcel| package| box| order)? (?:is )?"
    r"(?:still |hasn't|has not|didn't|did not|never)? ?(?:missing|not here|arrived?\b(?=.*other))"
    r"|\bone .{0,24}(?:hasn't|hasnt|has not|didn't|didnt|never) (?:c[oa]me|arrived?)"
    r"|(?:where|when|what about|missing).{0,12}\bthe (?:other|second|rest)\b"
    r"|\bthe (?:other|second|rest)\b.{0,12}(?:\?|missing|\bnot|n't|still|never|where)"
    r"|གཅིག་(?:པོ་|ཙམ་)?(?:ལས|མ་གཏོགས)་|(?:གཞན|ཡང|ད་དུང)་(?:པ་|མ་)?(?:དེ|གཅིག)"
    r"|གཅིག་(?:ད་དུང་)?(?:མ་འབྱོར|འབྱོར་མ)"
)
_ONE = regex(
    rf"(?:收到|到|来|拿到|签收)了?{_ONE_HAN}[了啦]?(?![\u4e00-\u9fff])"
    r"|\b(?:one|1)(?: of [a-z ]{2,20})?(?: parcel| package| box| order)?s?"
    r"(?: has)? (?:came|come|arrived)\b"
    r"|\b(?:got|received) (?:one|1)\b|(?:ཐུམ|ཐོ)་གཅིག་(?:འབྱོར|སླེབས|ཐོབ)"
)
# What came is named so: an order's number, a parcel's, goods or how much of them, as read.
_NAMED = rf"(?:\d{{6}}-\d{{6}}|[a-z]{{0,4}}\d{{9,18}}|(?:\d{{1,4}} ?)?[{GOODS}{AMOUNT}])"
# No more than that it is there: a complaint begins with these words, too.
# "Got it" without an "I" is rather "I see".
_IT = regex(
    rf"(?:我|已经|已|都|全部?|所有的?|东西|货物?|包裹|快递|订单|单子|[两二三四2-4个件箱单号也刚终于那这的大中小]"
    rf"|补[发寄]|第[一二]|先[发寄]的?|另外?一?|其余|剩下"
    rf"|今天|{_NAMED}|[, ])*(?:收到|签收|拿到|到)货?(?:包裹|快递|东西)?[了啦咯]"
    r"(?:谢谢|多谢|[.!, ])*"
    r"|(?!got it|have it)(?:yes|ok|hi|[, ])*i?(?: have|'ve)?(?: just)? ?(?:got|received|have) "
    r"(?:it(?: all)?|them(?: all| both)?|everything|(?:(?:both|all|of|two|three|the|my|order|parcel"
    r"|replacement|(?:first|second|other|last|rest)(?: one)?|large|medium|small|package|boxe?"
    rf"|{_NAMED})s? ?)+)(?: now| today)?(?:thanks|thank you|[.!, ])*"
    r"|(?:(?:both|all|of|two|three|the|my|it|they|everything|order|parcel|package|boxe?"
    rf"|replacement|(?:first|second|other|last|rest)(?: one)?|large|medium|small|{_NAMED})s? ?)+"
    r"(?:(?:has|have|is|are|'s|now|just|finally|both|all) ?)*"
    r"(?:arrived|came|come|here)(?: now| today)?(?: too| as well)?(?:thanks|thank you|[.!, ])*"
    r"|[་། ]*(?:(?:ང|ངས|ངར|ངའི|ཅ་ལག|དངོས་པོ|སྦྲག་ཐུམ|ཐུམ|མངགས་ཐོ|མངགས་ཟོག|གཉིས་ཀ|གཉིས|གསུམ་ཀ|གསུམ"
    rf"|དང་པོ|གཉིས་པ|གཞན|དེ|ཡང|ཚབ|ཚབ་མ|ཚང་མ|ཡོད་ཚད|{_NAMED})[་། ]*)*"
    r"(?:འབྱོར|སླེབས)་(?:བྱུང|སོང)[་། ]*(?:ཐུགས་རྗེ་ཆེ[་། ]*)?"
)
# Answers to "has it arrived?" and to nothing else.
_DENIES = regex(r"(?:还|真的)*(?:没有?|冇|未)(?:呢|啊|呀|哦|[.!, ])*|(?:མིན|མེད|མི་འདུག)[་།]*")
_REFUSED = regex(
    r"(?<!没)(?<!没有)(?<!不)拒[收签]|(?:没|不)(?:[要签]|收(?!到))[^?怎吗]{0,6}退回去?了"
    r"|\b(?:i|we|i've|i'm|we're|i'll|will|to|and|have|husband|wife|mother|mum|family)"
    r" (?:have |just |will )?(?:refus(?:ed?|ing)|reject(?:ed|ing)?|turned away)\b"
    r" (?:delivery|it|them|(?:the |my |this |that )?(?:parcel|package|box|delivery|order|carton))\b"
    r"|(?:ཐུམ|ཅ་ལག|དངོས་པོ)་(?:(?:དེ|འདི|ང|ངས|ང་ཚོས)་)*(?:ལེན་(?:མ་བྱས|གྱི་མིན)|བླངས་མེད|མ་བླངས|མི་ལེན)"
)
_LOST = regex(
    r"(?:包裹|快递|快件|货|东西|件|箱子?|订单|寄的)[^,.!?怕别会]{0,8}(?:丢(?!不|人|失率)|遗失|不见了)|丢件|[弄搞寄]丢"
    r"|\b(?:parcel|package|box|order|delivery|it|goods)\b.{0,20}\b(?:is|was|be|been|got|went|gone|are)"
    r" (?:probably |maybe |already )?lost\b"
    r"|\b(?:lost|missing) (?:my |the |our )?(?:parcel|package|box|delivery)\b"
    r"|\b(?:parcel|package) lost$"
    r"|(?:ཐུམ|སྦྲག|ཅ་ལག|མངགས)[^།]{0,16}(?:བོར་(?!ན|མི|གྱི)|བརླགས)"
)
_FIND = r"(?:can ?not|can't|cant|could not|couldn't|unable to|not able to) (?:find|locate|trace)"
_A_PARCEL = r"(?:parcel|package|box|shipment|delivery|order)"
_NOT_FOUND = regex(
    r"(?:包裹|快递员?|快件|驿站)[^,.!?会]{0,8}(?:没有?|未|不)找到$"
    r"|(?:包裹|快递|快件|驿站)[^,.!?会]{0,8}找不[到着见](?!我|地址|路|人|家|门)"
    r"|(?:找不|没找)[到着见][^,.!?]{0,4}(?:包裹|快件|快递(?![员公单]))"
    rf"|\b{_FIND} (?:my |the |our |this |that )?{_A_PARCEL}$"
    rf"|\b(?:courier|driver|post(?:man| office)?|they|sf)\b.{{0,12}}\b{_FIND}(?: it)?$"
    r"|(?:ཐུམ|སྦྲག|ཅ་ལག|མངགས)[^།]{0,16}(?:མ་རྙེད|རྙེད་མ་)"
)
_FEARS = regex(
    r"[会怕别赔]|不丢|以前|上次|谁|单号|\b(?:will|won't|could|can|never|not|would|gets?|worr|afraid)|་མ་བོར|བོར་མི|ཁྱིམ་མཚེས"
)
# They said, or pressed, that it is there.
_BY_MISTAKE = regex(
    r"[点按弄搞]错|误[点按]|不小心|手[滑快抖]"
    r"|\b(?:mistake|accident(?:ally)?|wrong button|misclick\w*)\b"
    r"|ནོར་(?:ནས|སོང|འདུག|བ)"
)
_SUPPOSES = regex(r"要是|如果|万一|\bif\b|གལ་ཏེ")
_ALL = regex(r"都|全|所有|\b(?:both|all|everything)\b|གཉིས་ཀ|གསུམ་ཀ|ཚང་མ|ཡོད་ཚད")
_LAST = regex(r"第二|另|其余|剩下|\b(?:other|second|last|rest)\b|གཉིས་པ|གཞན")
_AGAIN = regex(r"补[发寄]|\breplacement|ཚབ")
_COUNTS = {
    2: regex(r"[两二]|2(?!\d)|\b(?:both|two)\b|གཉིས"),
    3: regex(r"三|3(?!\d)|\bthree\b|གསུམ"),
    4: regex(r"四|4(?!\d)"),
}
_ASKS = regex(r"[?吗么]|ངམ|དམ|གམ")
OF_ELSE = regex(
    r"[钱款退付票信息码]|回复|问题|refund|money|paid|pay|reply|code|invoice|དངུལ|སློག|དགོས|ཉོ"
)


def heard(text: str) -> Came | None:
    """What a text, in its form, says of what has come."""
    if OF_ELSE.search(text):
        return None
    if _IT.fullmatch(text):
        return Came.ALL if _ALL.search(text) else Came.IT
    if _SOME.search(text):
        return Came.SOME
    if _NONE.search(text):
        return Came.NONE
    return Came.ONE if _ONE.search(text) else None


def take(turn: Turn) -> bool:
    """Does what a buyer says of their parcels; False when it says nothing of that."""
    reading = turn.reading
    if _refused(turn) or _is_lost(turn):
        return True
    text = reading.masked if reading.product else form_of(turn.text).text
    if turn.state.draft.lines or "abuse" in reading.marks:
        return False
    if reading.product and not (_IT.fullmatch(text) and (_under_way(turn) or _in_part(turn))):
        return False
    said = heard(text)
    if said is None:
        denies = bool(_DENIES.fullmatch(text)) or "no" in reading.marks
        return denies and bool(_asked(turn)) and _none_came(turn)
    found = _under_way(turn)
    if said is Came.NONE and _LAST.search(text) and _is_in_parts(turn, found):
        said = Came.SOME
    if said is Came.NONE:
        return reading.intent in ("track", "thanks", "other") and _none_came(turn)
    if said is Came.ONE and len(_parcels(turn, found)) != 1:
        said = Came.SOME
    if said is Came.SOME:
        return _some_came(turn, found)
    if not found and (part := _in_part(turn)):
        part_notices.arrived(turn, part)
        return True
    if not found:
        lost = turned_up.lost_last(turn)
        if lost:
            turned_up.lost_came(turn, lost)
        return lost is not None or turned_up.did_not_go_back(turn)
    _came(turn, found, text)
    return True


def _refused(turn: Turn) -> bool:
    """The buyer has not taken a parcel, or will not: a person has to see to it."""
    text = form_of(turn.text).text
    if turn.staff or not _REFUSED.search(text) or _SUPPOSES.search(text):
        return False
    order = tracking.meant(turn, (State.SHIPPED,), _REFUSED_IN)
    if order is None or order.state not in (State.SHIPPED, *_REFUSED_IN):
        return False
    if order.state is not State.RETURNING:  # which is listed anyhow
        unsettled.note(turn.unit, order)
        settling.ask_no_more(turn, order)
    turn.say("track.refused", number=order.number, handed_over=True)
    desk.hand_over(turn, told=True, order=order, intent=enquiries.REFUSED)
    return True


def _is_lost(turn: Turn) -> bool:
    """The buyer says that a parcel is lost: a person looks for it, and it is open until then."""
    text = form_of(turn.text).text
    is_lost = bool(_LOST.search(text)) and not _FEARS.search(text)
    is_found = not (is_lost or _NOT_FOUND.search(text.strip(" .!")))
    if turn.staff or is_found or _SUPPOSES.search(text):
        return False
    order = tracking.meant(turn, (State.SHIPPED,)) or _in_part(turn)
    if order is None or not (order.state is State.SHIPPED or _in_part(turn)):
        order = _came_last(turn)
    if order is None:
        return False
    pass_on(turn, follow_ups.lost_again(turn.unit.db, order) or order)
    return True


def take_back(turn: Turn) -> bool:
    """It was said by mistake that an order is there: a person looks for it; False when that is not
    said."""
    text = form_of(turn.text).text
    order = _came_last(turn) if _BY_MISTAKE.search(text) and heard(text) is Came.NONE else None
    if order is None or turn.staff:
        return False
    pass_on(turn, order)
    return True


def _came_last(turn: Turn) -> Order | None:
    """Their latest order that has arrived these days, as far as is known."""
    return next((each for each in tracking.mine(turn) if came_lately(turn, each)), None)


def pass_on(turn: Turn, order: Order) -> None:
    """A person looks for a parcel; the order is listed until that is settled."""
    unsettled.note(turn.unit, order)
    id = "track.looked-for" if order.state is State.DELIVERED else "desk.passed-on"
    desk.hand_over(turn, id, order=order, intent="track", more=_more(order))


def _more(order: Order) -> Callable[[Turn], tuple[Choice, ...]]:
    """What a seller can do about goods that are missed."""
    is_over = order.state in (State.DELIVERED, State.RETURNED)
    name = "send-again" if is_over else "parcel-lost"
    return lambda view: (view.choice(f"button.{name}", f"{name}:{order.number}"),)


def came(turn: Turn) -> None:
    """Something came, as far as was understood; who asks is told where it is."""
    text, found = form_of(turn.text).text, _under_way(turn)
    if found and not _ASKS.search(text):
        _came(turn, found, text)
    else:
        tracking.track(turn)


def press_received(turn: Turn, order: Order | None) -> None:
    """The button that says so of one order."""
    if order is None:
        tracking.track(turn)
    elif order.state is State.SHIPPED:
        tracking.received(turn, order)
    elif follow_ups.is_lost(turn.unit.db, order):
        turn.text = turn.words("button.received")
        turned_up.lost_came(turn, order)
    else:
        tracking.show(turn, order)


def all_came(turn: Turn) -> None:
    """The button: all that was under way is there."""
    found = _under_way(turn)
    tracking.received(turn, *found) if found else tracking.track(turn)


def _came(turn: Turn, found: Sequence[Order], text: str) -> None:
    """What was under way is there: which of it is asked where that is not said."""
    whole = _parcels(turn, found)
    count = next((n for n, words in _COUNTS.items() if words.search(text)), 0)
    fits = count in (0, len(found), len(whole))
    is_last = len(found) == 1 and len(whole) == 2 and _LAST.search(text)
    if len(whole) <= 1 or is_last or (_ALL.search(text) and fits):
        tracking.received(turn, *found)
    elif len(found) > 1:
        _ask_which(turn, found)
    else:
        _tell_parcels(turn, "track.all-here", found[0])


def _none_came(turn: Turn) -> bool:
    """Where it is. A person looks for what was delivered for all we know, and for what is on its
    way so long already that the buyer was asked: that is open until it is found."""
    last, asked = next(iter(tracking.mine(turn)), None), _asked(turn)
    if last is None:
        return False
    if lost := _lost_again(turn):
        tracking.show(turn, lost)
        desk.hand_over(turn, "desk.passed-on", order=lost, intent="track", more=_more(lost))
    elif asked:
        for order in asked:
            unsettled.note(turn.unit, order)
        desk.hand_over(turn, "desk.passed-on", order=asked[0], intent="track")
    elif not _under_way(turn) and (part := _in_part(turn)):
        part_is_out(turn, part)
    elif last.state is State.DELIVERED and not _open(turn):
        pass_on(turn, last)
    else:
        tracking.track(turn)
    return True


def _lost_again(turn: Turn) -> Order | None:
    """What was sent in the place of something that they wait for, and is lost."""
    found = (follow_ups.lost_again(turn.unit.db, each) for each in _under_way(turn))
    return next(filter(None, found), None)


def _some_came(turn: Turn, found: Sequence[Order]) -> bool:
    """Where the rest is: of the same order or of another; else something may be missing."""
    waiting = [order for order in _open(turn) if order not in found]
    if len(found) > 1:
        _ask_which(turn, found)
    elif _is_in_parts(turn, found):
        rest_is_out(turn, found[0])
    elif found and waiting:
        tracking.received(turn, found[0])
        tracking.show(turn, waiting[0])
    elif waiting or (found and any(came_lately(turn, each) for each in tracking.mine(turn))):
        tracking.show(turn, (waiting or found)[0])
    else:
        return _is_missing(turn, found)
    return True


def _is_in_parts(turn: Turn, found: Sequence[Order]) -> bool:
    return len(found) == 1 and len(_parcels(turn, found)) > 1


def rest_is_out(turn: Turn, order: Order) -> None:
    """Where it is; who was asked whether it arrived, or asks again while nothing is new, is rather
    to be helped by a person."""
    if order in _asked(turn) or is_known(turn, order):
        pass_on(turn, order)
    else:
        _tell_parcels(turn, "track.part-here", order)


def part_is_out(turn: Turn, order: Order) -> None:
    """The same of what left first; who has not got what counts as delivered asks for a person."""
    if parcels.has_arrived(turn.unit.db, order) or is_known(turn, order):
        pass_on(turn, order)
    else:
        tracking.show(turn, order)


def is_known(turn: Turn, order: Order) -> bool:
    """Whether the person was told already where the parcels of an order are; now they are."""
    before = turn.state.told
    found = parcels.of_order(turn.unit.db, order.id)
    turn.state.told = order.number + "".join(f"{each.number}{each.state}" for each in found)
    return turn.state.told == before


def _is_missing(turn: Turn, found: Sequence[Order]) -> bool:
    """Nothing more is to come, as far as is known: a person looks into it."""
    delivered = (order for order in tracking.mine(turn) if order.state is State.DELIVERED)
    order = next(iter([*found, *delivered]), None)
    if order is None:
        return False
    lines = "\n".join(_line(turn, each) for each in parcels.of_order(turn.unit.db, order.id))
    turn.say("track.rest-missing", number=order.number, lines=lines, handed_over=True)
    desk.hand_over(turn, told=True, order=order)
    return True


def came_lately(turn: Turn, order: Order) -> bool:
    """Whether an order has arrived these days."""
    since = turn.unit.now - LATELY_MS
    is_there = order.state is State.DELIVERED
    return is_there and orders.history(turn.unit.db, order.id)[-1].at >= since


def _under_way(turn: Turn) -> list[Order]:
    """What the person waits for of what was sent; of it the order that is named by its number, its
    parcel's or its goods."""
    db, named = turn.unit.db, orders.find(turn.unit.db, turn.text)
    found = [order for order in tracking.mine(turn) if order.state is State.SHIPPED]
    if named:
        return [order for order in found if order.id == named.id]
    number = parcels.looks_like_number(turn.text)
    held = {each.order_id for each in parcels.of_number(db, number)} if number else set()
    if any(order.id in held for order in found):
        return [order for order in found if order.id in held]
    again = [order for order in found if order.replaces and not order.total_minor]
    if again and _AGAIN.search(form_of(turn.text).text):
        return again
    return [order for order in found if all(_is_in(turn, line, order) for line in _goods(turn))]


def _in_part(turn: Turn) -> Order | None:
    """An order of theirs of which a part has left, and the rest has not."""
    db, named = turn.unit.db, orders.find(turn.unit.db, turn.text)
    found = [order for order in tracking.mine(turn) if orders.is_in_parts(db, order)]
    return next((order for order in found if not named or order.id == named.id), None)


def _goods(turn: Turn) -> list[Line]:
    return [line for line in turn.reading.lines if line.product]


def _is_in(turn: Turn, said: Line, order: Order) -> bool:
    """Whether goods that are spoken of, so much of them if that is said, are in an order."""
    product = turn.product(said.product or "")
    if product is None:
        return False
    much = said.quantity and catalogue.amount(product, said.quantity.amount, said.quantity.unit)
    return any(
        line.product == said.product
        and said.grade in (None, line.grade)
        and much in (None, catalogue.amount(product, line.quantity, line.unit))
        for line in order.lines
    )


def _asked(turn: Turn) -> list[Order]:
    """The orders of which the person was asked whether they have arrived."""
    kind, unit = settling.CLOSE_SILENT, turn.unit
    return [each for each in _under_way(turn) if timers.is_set(unit, kind, str(each.id))]


def _open(turn: Turn) -> list[Order]:
    return [order for order in tracking.mine(turn) if order.state in tracking.OPEN]


def _parcels(turn: Turn, found: Sequence[Order]) -> list[Parcel]:
    """All parcels of some orders, once each."""
    each = (one for order in found for one in parcels.of_order(turn.unit.db, order.id))
    return list({(one.courier, one.number): one for one in each}.values())


def _tell_parcels(turn: Turn, id: str, order: Order) -> None:
    """Where the parcels of an order are; it is open until all of them are there."""
    found = parcels.of_order(turn.unit.db, order.id)
    choices = (
        turn.choice("button.all-here", f"got:{order.number}"),
        turn.choice("button.human", "human"),
    )
    lines = "\n".join(_line(turn, each) for each in found)
    turn.say(id, number=order.number, n=len(found), lines=lines, choices=choices)
    parcel_news.show(turn, order, rest=True)


def _line(turn: Turn, parcel: Parcel) -> str:
    """A parcel and where it is, as far as known."""
    known = parcel.state is not ParcelState.UNKNOWN
    state = turn.words(f"parcel.{parcel.state}" if known else "state.shipped")
    return turn.words("parcel.stands", parcel=cards.parcel_line(turn, parcel), state=state)


def _ask_which(turn: Turn, found: Sequence[Order]) -> None:
    """Which of several orders is there."""
    lines = []
    for order in found:
        stands = [_line(turn, each) for each in parcels.of_order(turn.unit.db, order.id)]
        lines.append(" · ".join([order.number, cards.goods(turn, order), *stands]))
    choices = [
        turn.choice(
            "button.got-number",
            f"got:{order.number}",
            number=whose.to_whom(order, found) + order.number,
        )
        for order in found
    ]
    choices.append(Choice(turn.words("button.all-here"), "got-all"))
    turn.say("track.which-came", lines="\n".join(lines), choices=tuple(choices))
