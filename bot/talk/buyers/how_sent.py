"""What buyers say of how orders are sent: together, in parts, later, soon; shipping paid twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.weighing import CONFIDENT
from bot.messages import Card
from bot.shop import follow_ups, order_notes
from bot.shop.orders import Order, State
from bot.shop.quotes import zone_of
from bot.talk import goods_cards
from bot.talk.buyers import asking, noting, ordering, tracking
from bot.talk.turn import Turn

# All are matched in the form of a text. What shipping costs is paid twice, or once.
_COST = r"(?:运费|邮费|快递费)"
_COST_EN = r"(?:shipping|postage|freight|delivery(?: fee| charge| cost)?s?)"
_COST_BO = r"(?:སྐྱེལ་གླ|བསྐུར་གླ|སྐྱེལ་རིན)"
_PAY = r"(?:付|交|收|给|算|出|俾|畀|计|掏)"
_TWICE = regex(
    rf"{_COST}[^,.]{{0,10}}(?:[两二2几]|只{_PAY}?[一1])[次份遍倍]|{_PAY}[了过]?我?[两二2][次份遍][^,.]{{0,4}}{_COST}"
    rf"|双份{_COST}|{_COST}[^,.]{{0,6}}(?:再|又|另外?|分开|各自?|单独|重新|重复){_PAY}"
    rf"|(?:再|又|还要|另外?|分开|各自?|单独|重新|重复){_PAY}[一1]?[次份遍]?{_COST}"
    rf"|(?:再|另外?|又|第二)[^,.]{{0,8}}[买下单订][^,.]{{0,8}}(?:还|也|再|又)要?{_PAY}?[^,.]{{0,2}}{_COST}"
    rf"|分[两二2几开][^,.]{{0,10}}{_COST}"
    rf"|\b{_COST_EN} (?:cost |fees? |charges? )?"
    r"(?:twice|again|two times|double|separately|only once|just once)\b"
    rf"|\b(?:pay|charged?|cost)\b.{{0,24}}\b{_COST_EN}\b.{{0,12}}\b(?:twice|again|both|each|every|second)\b"
    rf"|\b(?:double|a second|another) {_COST_EN}\b|\btwice for {_COST_EN}\b"
    rf"|{_COST_BO}.{{0,16}}(?:ཐེངས་(?:མ་)?གཉིས|ཉིས་འགྱུར|ལོགས་སུ|བསྐྱར་དུ|ཡང་སྤྲོད)|ཐེངས་གཉིས.{{0,12}}{_COST_BO}"
)
# It was: that is complained of.
_WAS_PAID = regex(
    rf"{_PAY}了|多{_PAY}|为什么|为啥|\b(?:paid|was charged|you charged|why)\b|སྤྲད་(?:པ|སོང|ཟིན)|ཅིའི་ཕྱིར"
)
_TOGETHER = regex(
    r"(?:一[起齐并]|一块儿?|合并|合[在到]一起|同时)(?:给我|帮我|再|来)?(?:发|寄|送|打包|出货)"
    r"|(?:合|并|装|放|打)(?:成|在|到|进)?(?:一起|[同一]一?个?(?:包裹|箱|包))|同一个包裹"
    r"|\b(?:send|ship|post|deliver|pack|dispatch|put|combine|sent|shipped|come)\b.{0,32}\btogether\b"
    r"|\b(?:in|into|as) (?:one|a single|the same) (?:parcel|package|box|shipment|delivery)\b"
    r"|\bcombine (?:(?:my|the|both|these|two) )*(?:orders|parcels|shipping)\b"
    r"|མཉམ་དུ་.{0,8}(?:བསྐུར|སྐུར|གཏོང|ཐུམ)|ཐུམ་གཅིག་(?:གི་)?(?:ནང|ཏུ)"
)
_NOT_SO = regex(
    r"(?:不用|不要|不必|别|取消)[^,.]{0,6}(?:一[起齐]|合)|分开"
    r"|\b(?:don't|dont|do not|no need|separate(?:ly)?)\b|མི་དགོས|ལོགས་སུ"
)
_SENT = regex(r"[发寄送]|出货|\b(?:send|ship|post|dispatch)\b|བསྐུར|སྐུར|གཏོང")
_SEND = r"(?:发(?!票)货?|寄|送(?![礼人给])|出货)"
# Some of it before the rest, and no picture, and not before it is paid.
_FIRST = regex(
    rf"先(?:把|将|给我?|帮我|就)?[^,.!?付款钱]{{0,10}}{_SEND}"
    r"(?![^,.!?]{0,4}(?:图|照|视频|链接|付|款|钱|个?单号))"
    rf"|{_SEND}[^,.!?付款钱]{{0,8}}(?:先|的先)(?:发|寄|来)?$"
    rf"|(?:分开|分批|分[两2几多]?次|拆开|分[成两][两个]?[个包]?)来?{_SEND}"
    rf"|(?:其[他它余]|剩下|余下|别的|另外)的?[^,.!?付款钱]{{0,8}}(?:再|后|晚|迟)[^,.!?付款钱]{{0,3}}{_SEND}"
    r"|\b(?:send|ship|post|dispatch)\b[^?.!]{0,40}\b(?:first|now and|separately"
    r"|in (?:two|2|separate) (?:parcels|packages|parts|boxes|shipments))\b(?!.{0,24}\bpay)"
    r"|\bsplit (?:the |my |this )?(?:order|shipment|delivery)\b"
    r"|\b(?:send|ship)\b[^?.!]{0,30}\b(?:in stock|is there|is ready|you have|available)\b"
    r"[^?.!]{0,20}\b(?:now|first)\b"
    r"|(?:སྔོན་ལ|སྔོན་དུ|ཐོག་མར|དང་པོར|ལོགས་སུ|སོ་སོར)་.{0,10}(?:བསྐུར|སྐུར|གཏོང|སྐྱེལ)"
)
_WHY = regex(rf"怎么(?!样)|为什么|为啥|咋|{_SEND}了|\bwhy\b|ཅིའི|ག་རེ་བྱས")
_LATER = regex(
    r"(?:不|唔)(?:着急|急|赶)|慢慢(?:来|发|寄)"
    r"|(?:晚|迟)(?:一?[点些啲]|几天|两天|[一个]?周)?再?(?:给我|帮我)?(?:发|寄|出货)"
    r"|(?:过|推迟|下周|下个?月|月底|[\d一二三四五六七八九十]+[号日])[^,.]{0,6}再(?:给我|帮我)?(?:发|寄|送)"
    r"|\bno(?:t in a|t in any)? (?:hurry|rush)\b|\bnot urgent\b|\btake your time\b"
    r"|\b(?:send|ship|post|dispatch)\b(?: \w+){0,4} "
    r"(?:later|next (?:week|month)|in (?:a|two|2) weeks?)\b"
    r"|བྲེལ་བ་?(?:མེད|མ་རེད|མིན)|(?:རྗེས་སུ|རྗེས་མ|ཕྱིས་སུ|ག་ལེར)་?(?:བསྐུར|སྐུར|གཏོང)"
)
_SOON = regex(
    r"(?:[早快](?:一?点|些|啲)|尽快|赶紧|赶快|马上|立刻|尽早)(?:给我|帮我|把)?.{0,6}(?:发|寄|出货)"
    r"|(?:发|寄)(?:货|出)?(?:得)?[快早](?:一?点|些|啲)"
    r"|\b(?:send|ship|post|dispatch)\b(?: \w+){0,5} (?:soon|quickly|asap|fast(?:er)?|right away"
    r"|urgently|as soon as possible)\b"
    r"|མགྱོགས་(?:པོ|ཙམ|མྱུར)[^།]{0,8}(?:བསྐུར|སྐུར|གཏོང)"
)


def take(turn: Turn) -> bool:
    """Answers that, or notes it with the orders that are meant; False for anything else."""
    form, reading = form_of(turn.text).text, turn.reading
    if turn.staff or reading.recipient:
        return False
    if _TWICE.search(form) and _is_answered(turn, form):
        _tell_cost(turn)
        if turn.state.draft.lines:
            ordering.proceed(turn)
        return True
    if _FIRST.search(form) and not _WHY.search(form) and _first(turn):
        return True
    complains = reading.intent == "aftersales" and reading.confidence >= CONFIDENT
    counted = any(line.quantity for line in reading.lines) or "amount" in reading.found
    if complains or counted:
        return False
    if _TOGETHER.search(form) and not _NOT_SO.search(form):
        return _together(turn)
    if _LATER.search(form) and not reading.found & {"ask", "when"}:
        if turn.state.draft.lines:
            return bool(_SENT.search(form)) and noting.keep_in_draft(turn, turn.text)
        return noting.keep_on(turn, _holding(turn, follow_ups.UNSENT), turn.text)
    urges = _SOON.search(form) and not (turn.state.draft.lines or "when" in reading.found)
    return bool(urges) and _soon(turn)


def _is_answered(turn: Turn, form: str) -> bool:
    """Whether it is asked if shipping is paid twice, or why it was, which two orders explain."""
    was_paid = bool(_WAS_PAID.search(form))
    return len(_unsent(turn)) > 1 if was_paid else "ask" in turn.reading.found


def _unsent(turn: Turn) -> list[Order]:
    """Their orders that have not left, the first one first."""
    return [each for each in reversed(tracking.mine(turn)) if each.state in follow_ups.UNSENT]


def _holding(turn: Turn, states: Collection[State]) -> list[Order]:
    """Their orders in some states of the goods that are named, or the one that is meant."""
    named = {line.product for line in turn.reading.lines}
    if not named:
        return tracking.all_meant(turn, states, loosely=True)
    found = (each for each in tracking.mine(turn) if each.state in states)
    return [each for each in found if named <= {line.product for line in each.lines}][:1]


def _first(turn: Turn) -> bool:
    """Some of an order is to go before the rest: noted with it, for the seller, who decides."""
    reading = turn.reading
    if turn.state.draft.lines or reading.refused or "pay-cod" in reading.marks:
        return False
    named = {line.product for line in reading.lines if line.product}
    meant = tracking.all_meant(turn, follow_ups.UNSENT, loosely=True)
    found = meant if tracking.names_order(turn) else _unsent(turn)
    found = [each for each in found if named <= {line.product for line in each.lines}]
    found = [each for each in found if reading.lines or len(each.lines) > 1]
    for order in found:
        id = "order.noted-to-see" if "ask" in reading.found else "order.noted-on"
        noting.keep(turn, order, turn.text, id)
    return bool(found)


def _together(turn: Turn) -> bool:
    """Their orders are to go in one parcel: noted with each, for who packs them."""
    found = _unsent(turn)
    numbers = [each.number for each in found]
    if turn.state.draft.lines:
        return noting.keep_in_draft(turn, _beside(turn.text, numbers))
    if len(found) == 1 and len(found[0].lines) > 1:
        return noting.keep_on(turn, found, turn.text)
    if not found and tracking.under_way(turn):
        return False
    if len(found) < 2:
        _tell_cost(turn)
        return True
    for order in found:
        wish = _beside(turn.text, [each for each in numbers if each != order.number])
        if wish.removeprefix(turn.text) not in order_notes.of(turn.unit.db, order.id):
            noting.keep(turn, order, wish, told=True)
    turn.say("order.together", numbers=turn.locales.joined(turn.language, numbers))
    return True


def _beside(wish: str, numbers: Sequence[str]) -> str:
    """A wish and with which orders."""
    return f"{wish} ({', '.join(numbers)})" if numbers else wish


def _tell_cost(turn: Turn) -> None:
    """That an order pays for its shipping once, a further one its own, and where it is free."""
    unsent = _unsent(turn)
    open_one = tracking.open_one(turn)
    place = turn.state.draft.recipient
    if not (place.province or place.country) and open_one:
        place = open_one.recipient
    there = zone_of(turn.catalogue, place) if place.province or place.country else None
    zones = (there,) if there else turn.catalogue.zones
    rows = tuple(goods_cards.zone_row(turn, zone) for zone in zones)
    free = turn.words("order.shipping-free")
    sums = [(e.number, e.shipping_minor) for e in unsent]
    lines = [f"{number} · {turn.money(minor) if minor else free}" for number, minor in sums]
    changed = next((each for each in unsent if follow_ups.may_change(turn.unit, each)), None)
    id = "shipping.each" if len(unsent) > 1 else "shipping.once-add" if changed else "shipping.once"
    turn.say(
        id,
        number=changed.number if changed else "",
        lines="\n".join(lines),
        card=Card(kind="product", title=turn.words("shipping.title"), table=rows),
    )


def _soon(turn: Turn) -> bool:
    """The order of it is urged; who has none reads how long it takes."""
    order = next(iter(_holding(turn, tracking.OPEN)), None)
    if order:
        tracking.tell_when(turn, order, urged=True)
    elif turn.reading.lines:
        asking.shipping(turn)
    return bool(order or turn.reading.lines)
