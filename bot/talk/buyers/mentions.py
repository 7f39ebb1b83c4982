"""Where a message names orders, and what it says of which: 王芳的要礼盒，李雷的取消."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop.orders import Order
from bot.talk.buyers import whose
from bot.talk.conversation import Later

# All of these are matched in the form of a text; {names} are one or several joined ones.
_JOIN = (
    r"(?:(?:的|[那这]?一?[单个]|'s?(?: (?:order|one|parcel))?)?"
    r"(?:\s*(?:和|跟|与|以及|还有|&|,? ?\band\b)\s*|་?དང་་?)|(?:'s?)?\s*,\s*)(?:the )?"
)
_NOUN_HAN = (
    r"(?:(?:(?:的|那|这)+[一1两三]?[个张笔份]?)?(?:订单|包裹|快递(?!员))"
    r"|(?:的|那|这)+[一1两三]?[个张笔份]?单子?(?![独价]))的?"
)
_NOT_ORDERS = (
    r"(?:电话|手机|号码|地址|名字|姓名|生日|妈|爸|家|朋友|同事|老|公司|店|\s*\d{7,}|[那这]?个?人)"
)
_NOUN = r"(?:orders?|parcels?|packages?|ones?)"
_NOT_ORDERS_EN = (
    r"(?: (?:new |other )?(?:address|phone|number|name|house|home|place|office|birthday|mother"
    r"|father|friend|wife|husband|shop))"
)
_NOUN_BO = r"(?:བ?སྐུར་(?:བའི|རྒྱུའི)་|གཏོང་(?:བའི|རྒྱུའི)་)?མངགས་ཐོ་?(?:དེ་|འདི་|གཉིས་ཀ་|གསུམ་ཀ་)?"
_OF_BO = r"(?:འི|་?[གཀ]ྱི|་?གི|་?ཡི|་?ལ|ར)?་?"
_STRICTLY = (
    rf"(?:把|给|将)?{{names}}{_NOUN_HAN}",
    r"(?:\b(?:for|of|on) )?(?:\bthe )?\b(?!(?:will|may|mark|bill|sue|pat) )"
    rf"{{names}}(?:'s?)? {_NOUN}\b",
    rf"(?<!another )(?:\bthe )?\b{_NOUN} (?:for|to|of|(?:that )?go(?:es|ing) to) {{names}}\b",
    rf"(?<![\u0f40-\u0fbc]){{names}}{_OF_BO}{_NOUN_BO}",
)
_LOOSELY = (
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[和跟与只有留消就那外后也再]))(?:把|给|将)?{{names}}的(?!{_NOT_ORDERS})",
    rf"(?:\b(?:for|of|on) )?\b{{names}}'s(?!\w)(?!{_NOT_ORDERS_EN})",
    r"(?<![\u0f40-\u0fbc]){names}(?:འི|་?[གཀ]ྱི|་?གི|་?ཡི)་(?:དེ|འདི)་",
)
_EXCEPT = (
    rf"除[了开去]?{{names}}(?:{_NOUN_HAN}|的)?(?:以外|之外|外)?[,\s]*(?:其[他余它]|别的|[剩余]下)?的?",
    r"(?:\b(?:all|every(?:thing|one)?|the rest|them|orders?)\b(?: of (?:them|my orders))?),? "
    r"(?:but|except|excluding|apart from|other than)(?: for)? (?:the )?"
    rf"(?:{_NOUN} (?:for|to|of) )?{{names}}(?:'s?(?!\w))?(?: {_NOUN}\b)?",
    r",?\s*\b(?:except|excluding|apart from|other than)(?: for)? (?:the )?"
    rf"(?:{_NOUN} (?:for|to|of) )?{{names}}(?:'s?(?!\w))?(?: {_NOUN}\b)?(?:,\s*)?",
    rf"{{names}}{_OF_BO}(?:མངགས་ཐོ་)?(?:དེ་)?(?:མ་གཏོགས|ཕུད|མིན་པ)[་།\s]*(?:གཞན་?|ལྷག་མ་?)?(?:དག་|རྣམས་)?",
)
_REST = regex(
    r"(?:其[他余它]|别的|[剩余]下)(?:的|那)*[几两三]?[个张]?(?:订?单子?)?"
    rf"|\b(?:all )?the (?:others?|rest)(?: {_NOUN}| of them)?\b|གཞན་(?:པ་|དག་|རྣམས་)?"
)
_OF_GOODS = (
    r"(?:把|给|将)?(?P<goods>(?:(?![取消不退改换给把和跟与我要请付了转])[\u4e00-\u9fff]){2,6}?)的?[那这]一?(?:[张笔]?订?单|[张笔])的?",
    r"(?:\b(?:for|of|on) )?\bthe (?P<goods>[a-z]+(?: [a-z]+)?) order\b",
    r"(?<![\u0f40-\u0fbc])(?P<goods>[\u0f40-\u0fbc]+(?:་[\u0f40-\u0fbc]+){0,3}?)(?:འི|་[གཀ]ྱི|་གི|་ཡི)་མངགས་ཐོ་?(?:དེ་)?",
)
_PLACE = (
    r"第[一二两三123][个张笔]?(?:订?单)",
    r"(?:\b(?:for|of|on) )?\bthe (?:first|1st|second|2nd|third|3rd) (?:order|one)\b",
    r"མངགས་ཐོ་(?:དང་པོ|གཉིས་པ|གསུམ་པ)་?(?:དེ་)?",
)
_PLACES = regex(r"([一1]|first|1st|དང་པོ)|([二两2]|second|2nd|གཉིས་པ)|([三3]|third|3rd|གསུམ་པ)")
_BETWEEN = regex(
    r"[,;.!།\n]+(?:\s*\b(?:and|but)\b)?|\b(?:and|but)\b|་?དང་"
    r"|(?<=ཞོག)་|(?<=རོགས)་(?!གནང)"  # The end of a sentence, where no shad is written.
)
_AND = regex(r"\s*(?:和|跟|与|以及|还有|&|,|,? ?and|་?དང་?)\s*")
_KEEPS = regex(
    r"(?:[只就请都也还,\s]|先)*(?:不[变动改用]|照旧|照常|留[着著下]?|保留|还?要)?[了吧的就好]*"
    r"|(?:please |just |only )*(?:keep|leave|not|but not)?(?: my order)?"
    r"(?: (?:stays?|as it (?:is|was)|alone|unchanged))*"
    r"|(?:མངགས་ཐོ་?)?(?:སོར་)?(?:ཞོག|བཞག|འཇོག|བརྗེ་མི་དགོས)(?:་རོགས)?(?:་གནང)?"
)
_ALL_OF_THEM = regex(r"^[\s,，]*(?:全?都|也)+(?!是)|^\s*(?:both|all)\b|^(?:གཉིས་ཀ|གསུམ་ཀ|ཚང་མ)་?")
# The name alone answers a question, and says nothing of an order.
_NOTHING = regex(
    r"(?:[\W_]|[是给吧呢的请就那啊]|寄给|那个|please|the|for|to|it's|is|one"
    r"|(?<![\u0f40-\u0fbc])(?:ཡིན|རེད|རོགས|གནང|དེ)(?![\u0f40-\u0fbc]))*"
)
_BETWEEN_ENDS = " ,;་、，；"
_ENDS = " ,;.!་།、，；。！"
CLAUSES_MAX = 8


class _Mention(Struct, frozen=True):
    """Some orders that are named between two places of a text, all of them or those besides."""

    start: int
    end: int
    orders: tuple[Order, ...]
    every: bool
    kind: str = ""  # of what is "rest" or "except"; else a name


GoodsOf = Callable[[str], Sequence[tuple[str | None, str | None]]]


def parted(
    text: str, found: Sequence[Order], goods_of: GoodsOf, *, loosely: bool = False
) -> list[Later]:
    """What is said of which of some orders, in turn; `loosely` a name without the word order says
    so, too. Nothing where no order is named, or nothing said of one."""
    form = form_of(text).text
    text = text if len(text) == len(form) else form
    mentions = _mentions(form, found, goods_of, loosely=loosely)
    if not mentions or all(each.kind == "rest" for each in mentions):
        return []
    parts, kept = [], set[int]()
    bounds = _bounds(form, mentions)
    if bounds is None or len(mentions) > CLAUSES_MAX:
        return []
    for each, (start, end) in zip(mentions, bounds, strict=True):
        words = _without(text, form, each, start, end)
        if not words or (len(mentions) > 1 and _KEEPS.fullmatch(form_of(words).text.strip(_ENDS))):
            if len(mentions) == 1:
                return []
            kept.update(order.id for order in each.orders)
        else:
            parts.append((words, each))
    of_names = {order.id for each in mentions if not each.kind for order in each.orders}
    said = []
    for words, each in parts:
        ids = [order.id for order in each.orders]
        if each.kind == "rest":
            ids = [each for each in ids if each not in of_names | kept]
        said.append(Later(words, sorted(ids), each.every and len(ids) > 1, bool(each.kind)))
    return said


def _mentions(
    form: str, found: Sequence[Order], goods_of: GoodsOf, *, loosely: bool
) -> list[_Mention]:
    """All that names orders in a text, in its order."""
    called = {name: order.recipient.name for order in found for name in whose.names(order)}
    some: list[_Mention] = []
    one = "|".join(map(re.escape, sorted(called, key=len, reverse=True))) or "(?!)"
    names = rf"(?P<names>(?:{one})(?:{_JOIN}(?:{one}))*)"
    under_way = tuple(order for order in found if order.state in whose.UNDER_WAY)
    for pattern in _EXCEPT:
        for said in re.finditer(pattern.replace("{names}", names), form):
            gone = {called[name] for name in re.findall(one, said["names"])}
            rest = tuple(each for each in under_way if each.recipient.name not in gone)
            some.append(_Mention(said.start(), said.end(), rest, True, "except"))
    for pattern in (*_STRICTLY, *(_LOOSELY if loosely else ())):
        for said in re.finditer(pattern.replace("{names}", names), form):
            each_one = {called[name] for name in re.findall(one, said["names"])}
            theirs = [_of(name, found) for name in each_one]
            orders = tuple(order for each in theirs for order in each)
            some.append(_Mention(said.start(), said.end(), orders, len(each_one) > 1))
    some += _by_goods(form, found, goods_of) + _by_place(form, under_way)
    if some:
        some += [_Mention(*x.span(), under_way, True, "rest") for x in _REST.finditer(form)]
    some.sort(key=lambda each: (each.start, -each.end))
    apart = [x for i, x in enumerate(some) if all(x.start >= y.end for y in some[:i])]
    return _joined(form, apart)


def _joined(form: str, mentions: Sequence[_Mention]) -> list[_Mention]:
    """Mentions with nothing but an "and" between them are one of all their orders."""
    joined: list[_Mention] = []
    for each in mentions:
        last = joined[-1] if joined else None
        both = last and not last.kind and not each.kind
        if last and both and _AND.fullmatch(form, last.end, each.start):
            orders = tuple({order.id: order for order in (*last.orders, *each.orders)}.values())
            each = _Mention(joined.pop().start, each.end, orders, len(orders) > 1)
        joined.append(each)
    return joined


def _of(name: str, found: Sequence[Order]) -> list[Order]:
    """Somebody's orders: those under way, or else the latest."""
    theirs = [order for order in found if order.recipient.name == name]
    return [order for order in theirs if order.state in whose.UNDER_WAY] or theirs[:1]


def _by_goods(form: str, found: Sequence[Order], goods_of: GoodsOf) -> list[_Mention]:
    """Orders that are called by what only they are of: 花椒那单, the pepper order."""
    some = []
    for pattern in _OF_GOODS:
        for said in re.finditer(pattern, form):
            goods = set(goods_of(said["goods"]))
            orders = [
                order
                for order in found
                if order.state in whose.UNDER_WAY
                and any(
                    (g or x.grade, p or x.product) == (x.grade, x.product)
                    for p, g in goods
                    for x in order.lines
                )
            ]
            if len(orders) == len(goods) == 1:
                some.append(_Mention(said.start(), said.end(), tuple(orders), False))
    return some


def _by_place(form: str, under_way: Sequence[Order]) -> list[_Mention]:
    """The first, the second of those under way."""
    ordered, some = sorted(under_way, key=lambda each: each.id), []
    for pattern in _PLACE:
        for said in re.finditer(pattern, form):
            place = _PLACES.search(said[0])
            if place and (place.lastindex or 0) <= len(ordered):
                order = ordered[(place.lastindex or 1) - 1]
                some.append(_Mention(said.start(), said.end(), (order,), False))
    return some


def _bounds(form: str, mentions: Sequence[_Mention]) -> list[tuple[int, int]] | None:
    """Where each part of a text begins and ends; None where they cannot be told apart."""
    starts = [0]
    for one, other in zip(mentions, mentions[1:], strict=False):
        gap = list(_BETWEEN.finditer(form, one.end, other.start))
        if not gap and one.kind != "except" and other.kind != "rest":
            return None
        starts.append(gap[-1].end() if gap else other.start)
    return list(zip(starts, [*starts[1:], len(form)], strict=True))


def _without(text: str, form: str, said: _Mention, start: int, end: int) -> str:
    """A part of a text with no name in it: of my order, where one stands in a sentence."""
    words, instead = form[said.start : said.end], ""
    before, behind = text[start : said.start], text[said.end : end]
    if said.kind:
        before = re.sub(r"\b(?:for|of|on)\s*$", "", before)
    elif "མངགས" in words or "་" in words:
        instead = "མངགས་ཐོ་"
    elif re.search("[a-z]", words) and not re.match(r"(?:for|of|on)\b", words):
        instead = "my order"
    before = re.sub(r"(?:\band|\bbut|དང་?)\s*$", "", before)
    if _NOTHING.fullmatch(form_of(before + behind).text):
        return ""
    whole = (before + instead + _ALL_OF_THEM.sub("", behind)).lstrip(_ENDS).rstrip(_BETWEEN_ENDS)
    whole = re.sub(r"(?:[,，;；]|\b(?:and|but))\s*$", "", whole).rstrip(_BETWEEN_ENDS)
    return re.sub(" {2,}", " ", re.sub("(?<!ང)་།", "།", whole))
