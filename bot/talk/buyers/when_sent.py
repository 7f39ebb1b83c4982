"""How the parcels of orders that exist shall go: together, in parts, later or soon; and shipping
paid twice.

What is wished of them is kept on the orders, for the seller. Matched in the form of a text.
"""

from __future__ import annotations

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import follow_ups
from bot.shop.orders import Order
from bot.shop.quotes import zone_of
from bot.talk.buyers import noting, tracking
from bot.talk.turn import Turn

_SEND = r"(?:发(?!票)货?|寄|送(?![礼人给])|出货)"
_TOGETHER = regex(
    rf"(?:一起|一块儿?|一齐|一次|一并|同时)(?:给我)?{_SEND}"
    rf"|(?:合并?|并|装|放|凑|拼)(?:在|到|成)?(?:一起|一块儿?|一个?(?:包裹?|箱子?|盒子?|件)|一单|同一个?).{{0,2}}(?:{_SEND}|$|吗|嘛|行|可)"
    r"|\b(?:send|ship|pack|put|combine|post)\b.{0,24}\b(?:together|in one|in the same|into one)\b"
    r"|\b(?:one|same|single) (?:parcel|package|box|shipment)\b"
    r"|\bcombine (?:them|both|my orders|shipping)\b"
    r"|(?:མཉམ་དུ|གཅིག་ཏུ|མཉམ་པོར)་(?:བསྐུར|སྐུར|གཏོང|སྐྱེལ)"
)
_LATER = regex(
    rf"不(?:着|太)?急|不赶|慢慢(?:来|{_SEND})|(?:晚|迟|过)(?:点|些|[几两]天|一?阵子?|段时间)(?:儿|再)*{_SEND}"
    rf"|先(?:别|不要?|莫|唔好){_SEND}"
    r"|\bno (?:hurry|rush)\b|\bnot urgent\b|\btake your time\b"
    r"|\b(?:send|ship)\b(?:(?!\bpay).){0,20}\blater\b"
    r"|\bdon'?t (?:send|ship)\b.{0,16}\byet\b"
    r"|བྲེལ་(?:བ་)?(?:མི་དགོས|མེད)|(?:རྗེས་མ|རྗེས་སུ|ཅུང་འགོར་ནས|འགོར་ནས)་.{0,6}(?:བསྐུར|སྐུར|གཏོང)"
)
# Some of it before the rest, and no picture, and not before it is paid.
_FIRST = regex(
    rf"先(?:把|将|给我?|帮我|就)?[^,.!?付款钱]{{0,10}}{_SEND}(?![^,.!?]{{0,4}}(?:图|照|视频|链接|付|款|钱|个?单号))"
    rf"|{_SEND}[^,.!?付款钱]{{0,8}}(?:先|的先)(?:发|寄|来)?$|(?:分开|分批|分[两2几多]?次|拆开|分[成两][两个]?[个包]?)来?{_SEND}"
    rf"|(?:其[他它余]|剩下|余下|别的|另外)的?[^,.!?付款钱]{{0,8}}(?:再|后|晚|迟)[^,.!?付款钱]{{0,3}}{_SEND}"
    r"|\b(?:send|ship|post|dispatch)\b[^?.!]{0,40}\b(?:first|now and|separately"
    r"|in (?:two|2|separate) (?:parcels|packages|parts|boxes|shipments))\b(?!.{0,24}\bpay)"
    r"|\bsplit (?:the |my |this )?(?:order|shipment|delivery)\b"
    r"|\b(?:send|ship)\b[^?.!]{0,30}\b(?:in stock|is there|is ready|you have|available)\b"
    r"[^?.!]{0,20}\b(?:now|first)\b"
    r"|(?:སྔོན་ལ|སྔོན་དུ|ཐོག་མར|དང་པོར|ལོགས་སུ|སོ་སོར)་.{0,10}(?:བསྐུར|སྐུར|གཏོང|སྐྱེལ)"
)
_WHY = regex(rf"怎么(?!样)|为什么|为啥|咋|{_SEND}了|\bwhy\b|ཅིའི|ག་རེ་བྱས")
_TWICE = regex(
    r"[运邮]费.{0,8}(?:[两二]次|[两二]份|[两二]遍|双份|重复|再[付给交出]|又要|还要[付给交出]|各[付算]|分开[付算]|分别)"
    r"|(?:[两二]次|[两二]份|双份)[运邮]费"
    r"|\b(?:shipping|postage|delivery)\b.{0,20}\b(?:twice|again|(?:two|2) times|separately)\b"
    r"|\b(?:twice|again|double|separate)\b.{0,16}\b(?:shipping|postage|delivery)\b"
    r"|སྐྱེལ་གླ.{0,12}(?:ཐེངས་གཉིས|གཉིས|ཡང་བསྐྱར|ལོགས་སུ)"
)


def take(turn: Turn) -> bool:
    """Keeps such a wish on the orders that have not left, or answers the question; False when a
    message is neither."""
    form, reading = form_of(turn.text).text, turn.reading
    first = bool(_FIRST.search(form)) and not _WHY.search(form)
    first = first and not (reading.refused or "pay-cod" in reading.marks)
    has_amounts = any(line.quantity for line in reading.lines)
    if turn.staff or reading.recipient or (has_amounts and not first):
        return False
    if _TWICE.search(form):
        _tell_once(turn)
        return True
    if turn.state.draft.lines:
        return False
    found = _unsent(turn)
    if first:
        found = [each for each in found if reading.lines or len(each.lines) > 1]
    if first or _TOGETHER.search(form) or _LATER.search(form):
        for order in found:
            asks = first and "ask" in reading.found
            noting.keep(turn, order, turn.text, "order.noted-to-see" if asks else "order.noted-on")
    elif reading.lines and found and tracking.SOON.search(form):
        tracking.tell_when(turn, found[-1])
    else:
        return False
    return bool(found)


def _unsent(turn: Turn) -> list[Order]:
    """The orders that are meant and have not left, those with the goods that are named."""
    named = {line.product for line in turn.reading.lines if line.product}
    found = tracking.all_meant(turn, follow_ups.UNSENT, loosely=True)
    if not tracking.names_order(turn):
        found = [each for each in tracking.mine(turn)[::-1] if each.state in follow_ups.UNSENT]
    return [each for each in found if named <= {line.product for line in each.lines}]


def _tell_once(turn: Turn) -> None:
    """Shipping is paid once an order, in however many parcels it goes; from what sum on it is
    free where the person's goods go."""
    order = tracking.open_one(turn)
    place = order.recipient if order else turn.state.draft.recipient
    zone = zone_of(turn.catalogue, place) if order or place.province else None
    free = zone.free_from_minor if zone else None
    if zone is None or free is None:
        turn.say("shipping.once")
    else:
        name = turn.locales.choose(zone.names, turn.language)
        turn.say("shipping.once-or-free", place=name, money=turn.money(free))
