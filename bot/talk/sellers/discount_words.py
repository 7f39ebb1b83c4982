"""What a seller says is taken off an order: the shipping, a sum or a share; and of which order."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from bot.language.numerals import read_number
from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import discounts, numbers, order_search, orders
from bot.shop.orders import Order, State
from bot.talk.sellers import meaning, money_words, on_delivery, pricing, receipts, settling
from bot.talk.turn import Turn

# Questions for a sum of the order that the talk is about.
MONEY_ASKED = frozenset({*settling.ASKS, receipts.ASKED, on_delivery.ASKED})
OPEN_MAX = 1_000  # orders among which those with some goods are looked for
# All are matched in the form of a text: the shipping; down to a sum, what is above whole yuan or
# above a sum, and a sum or a share.
_SHIPPING = regex(
    r"免[了掉收]?(?:他|她|个)?的?(?:运费?|邮费?|快递费)|包邮|不收(?:他|她)?的?(?:运|邮|快递)费"
    r"|(?:运|邮|快递)费(?:就|都|也|给(?:他|她))*(?:免|不[要收用算]|我[来出付]|算我)了?的?"
    r"|\bfree (?:shipping|delivery|postage)\b|\b(?:waive|no|drop) (?:the )?(?:shipping|delivery)\b"
    r"|\b(?:shipping|delivery|postage)(?: is|'s)? (?:free|on (?:me|us|the house)|waived)\b"
    r"|སྐྱེལ་གླ་?(?:མི་དགོས|མི་ལེན|རིན་མེད|མ་ལེན|ངས་སྤྲོད|གཅོག|ཆག)"
)
# 只收60: what came, where that was asked.
_ONLY = (
    r"[就只](?:收|算)(?=\s*¥?\s*\d)|\b(?:just|only) (?:charge|take)\b|\b(?:pay only|only pay)s?\b"
)
_YUAN = r"\s*¥?\s*\d[\d.]*\s*(?:元|块钱?)?\s*"
_TO = regex(
    r"[宜减惠算]到|\b(?:down|lower|reduce[d]?) to\b|བར་(?:ལ་)?གཅོག|(?:བླངས|ལེན|སྤྲད|སྤྲོད)་ན་འགྲིག"
    rf"|[收算付给](?:他|她)?(?={_YUAN}(?:就(?:行|好|可以|成)|得了|算了|好了|吧))"
    rf"|(?<![快代递])[收算](?={_YUAN}(?:$|[,.!]))|按(?={_YUAN}[收算给])"
    rf"|(?:[那这]一?[单份]|单子|价格?|总价)的?(?:价格?|总价)?改[成为到](?={_YUAN}(?:$|[,.!吧]))"
    r"|\bcharge (?:(?!me\b|us\b)\w+(?:'s)? ){1,3}(?:(?:just|only) )?¥?\d"
    r"|\b(?:have|get|take) (?:it|this|that|them|the order) for ¥?\d|\bmake it ¥?\d+ for\b"
    rf"|\d+ (?:yuan |rmb )?(?:is (?:fine|enough|ok)|will do)(?= for\b|[.! ]*$)|{_ONLY}"
)
_ROUND = regex(
    r"抹[了掉去]?(?:个|一?下)?零头?|[抹去免][掉去了]*零|零头(?:就|都|给(?:他|她))*(?:抹|免|去|不[要收用必算]|算)[掉了]*"
    r"|\bround\b(?=.{0,40}\b(?:off|down)\b)"
    r"|\b(?:drop|skip|forget|knock off) the (?:odd )?(?:cents|change|fen)\b"
    r"|སིལ་(?:མ|བུ)་?(?:མི་དགོས|མི་ལེན|མ་ལེན|གཅོག)"
)
_OFF = regex(
    r"便宜|优惠|减免?|少[算收]|抹|[打给]个?\s*[\d.一二三四五六七八九]{1,3}\s*折|让利|让价?(?=\s*[¥]?\d)"
    r"|\b(?:off|cheaper|discount|knock|reduce|lower)\b|གཅོག|(?<!་)ཆག|་ཆག|ཕྲི"
)
_KINDS = {"to": _TO, "round": _ROUND, "off": _OFF}
_OTHER = regex(r"[?吗么没不]|满\s*\d|\b(?:can i|not|don't)\b|མི་|མ་གཅོག")
_WORDS = regex(
    r"便宜|优惠|减免?|少[算收]|抹|打|折|让(?:利|价)?|那[单个份]|这[单个份]|一[点些下]|再|按|改[成为到]|价格?"
    r"|[给的了吧单按收算就行好]|可以|得了|[他她]们?"
    r"|\b(?:take|knock|down|to|off|cheaper|discount|reduce|lower|give|by|a|an|it|this|that|her|him|them|just|only"
    r"|charge|is|fine|enough|ok|will|do|and|please|the|more|another|percent|per cent)\b"
    r"|གཅོག|ཆག|ཕྲི|བརྒྱ་ཆ|གོང|(?:འདི|དེ)(?:འི)?|(?:བླངས|ལེན|སྤྲད|སྤྲོད)་ན་འགྲིག"
)
_COINS = regex(r"元|块钱?|[毛角]|\b(?:yuan|rmb|kuai)\b|སྒོར(?:་མོ)?|ཟུར")
# 酥油那单, the butter order: an order that is told by its goods; and what is said of each of them.
_ORDER = regex(
    r"[^\d,.!]{0,12}?(?:[那这]一?[单份]|的(?:订单|单子?))"
    r"|\b(?:the|that|this) [^\d,.]{0,40}?\border\b|[^\d།]{0,40}མངགས་ཐོ(?:་ལ(?=་))?"
)
_ENDING = regex(r"(?:手机|电话)?尾号|(?:手机|电话)号?(?:后四位)?")
_EACH = regex(
    r"(?:(?P<n>[两二三四五六七八九\d])[单份]|(?:全部|所有)的?订?单|订?单)都"
    r"|\b(?:all|each of|(?P<both>both)) (?:of )?(?:(?:the|my|his|her|their) )?"
    r"(?:(?P<en>\w+) )?orders\b"
    r"|\beach order\b|མངགས་ཐོ་(?:(?:(?P<bo>\d+|གཉིས|གསུམ|བཞི)་?)?ཀ|ཚང་མ|རེ་རེ)(?:ར|་ལ)?"
)


class Said(Struct, frozen=True):
    """What is taken off: `kind` is "to", "round", "off", or "" for the `shipping` alone; by a
    `factor`, or by or down to `minor`. Of one of the orders that were `found`, or of each."""

    kind: str
    shipping: bool
    minor: int
    factor: Fraction | None
    found: list[Order]
    is_each: bool = False
    goods: tuple[str, str] = ("", "")  # that the order is told by


def is_said(turn: Turn) -> bool:
    """Whether a message says that a sum, a share or the shipping is taken off, and no sum that
    came."""
    kind, shipping, _ = _kind(form_of(turn.text).text)
    return shipping or kind in ("round", "off")


def read(turn: Turn) -> Said | None:
    """What a message says is taken off; None when it says nothing of that."""
    form = form_of(turn.text).text
    kind, shipping, rest = _kind(form)
    if len(form) > money_words.TEXT_LENGTH or not (kind or shipping):
        return None
    each = _EACH.search(rest)
    rest = _EACH.sub(" ", rest)
    found, rest = _meant(turn, rest, needs_sum=kind in ("to", "off"), of_each=each is not None)
    if found is None:
        return None
    factor = pricing.factor_said(replace(turn, text=rest))
    word = next(filter(None, each.groups()), "") if each else ""
    n = 2 if word == "both" else read_number(word) if word else None
    is_each = each is not None and n in (None, len(found))
    line = next((line for line in turn.reading.lines if line.product), None)
    goods = (line.product or "", line.grade or "") if line else ("", "")
    return Said(kind, shipping, _sum(turn, rest), factor, found, is_each, goods)


def _kind(form: str) -> tuple[str, bool, str]:
    """Of what kind it is, whether with the shipping, and the text without what says so; "" and
    False for neither."""
    rest, waived = _SHIPPING.subn(" ", form)
    kind = next((kind for kind, words in _KINDS.items() if words.search(rest)), "")
    rest = _ROUND.sub(" ", rest) if kind == "round" else rest
    return ("", False, "") if _OTHER.search(rest) else (kind, bool(waived), rest)


def _sum(turn: Turn, rest: str) -> int:
    return money_words.sum_beside(turn, _WORDS.sub(" ", rest))


def _meant(
    turn: Turn, rest: str, *, needs_sum: bool, of_each: bool
) -> tuple[list[Order] | None, str]:
    """The orders that a message may mean, and what else it says; None when it means something
    else: goods that none of them is of."""
    db = turn.unit.db
    if named := meaning.named(turn):
        return [named], numbers.WRITTEN.sub(" ", rest)
    goods = {(e.product, e.grade) for e in turn.reading.lines if e.product}
    if theirs := money_words.named_in(turn):
        rest = money_words.without_names(rest, {each.recipient.name for each in theirs})
        goods &= {(e.product, e.grade) for e in turn.reader.read(rest).lines}
        return _with(theirs, goods) or (theirs if not goods else None), rest
    for digits in order_search.digits_in(rest):
        beside = _ENDING.sub(" ", rest.replace(digits, " ", 1))
        has_rest = not needs_sum or _sum(turn, beside) or pricing.factor_said(turn) is not None
        if has_rest and (theirs := order_search.of_digits(db, digits)):
            return theirs, beside
    if goods:
        of_order = _ORDER.search(rest)
        found = (_with(_open(turn), goods) or _past(turn)) if of_order else None
        return found, _ORDER.sub(" ", rest, count=1) if of_order else rest
    said = money_words.FILLERS.sub("", _WORDS.sub(" ", _COINS.sub(" ", rest)))
    if any(map(str.isalpha, said)):
        return [], rest
    last = None if of_each else meaning.asked_of(turn, *MONEY_ASKED) or meaning.shown(turn)
    return [last] if last else _waiting(turn), rest


def _with(found: list[Order], goods: set[tuple[str, str | None]]) -> list[Order]:
    """Those in which all of these goods are."""
    return [
        each
        for each in found
        if goods
        and all(
            any(line.product == key and grade in (None, line.grade) for line in each.lines)
            for key, grade in goods
        )
    ]


def _past(turn: Turn) -> list[Order]:
    """The last order of the goods that are named."""
    line = next(line for line in turn.reading.lines if line.product)
    return order_search.of_product(turn.unit.db, line.product or "", line.grade or "")[:1]


def _open(turn: Turn) -> list[Order]:
    found = orders.in_state(turn.unit.db, *discounts.OPEN_IN, limit=OPEN_MAX)
    return [each for each in found if may(turn, each)]


def _waiting(turn: Turn) -> list[Order]:
    """Where nobody is named: the orders that wait for money, of a seller who buys nothing now."""
    if turn.state.draft.lines:
        return []
    found = orders.in_state(turn.unit.db, State.PLACED, limit=OPEN_MAX)
    return [each for each in found if may(turn, each)] or _open(turn)


def may(turn: Turn, order: Order) -> bool:
    """Whether anything can be taken off an order, or could but for what its buyer says is paid."""
    db = turn.unit.db
    may_wait = order.state in discounts.OPEN_IN and discounts.is_claimed(db, order)
    return may_wait or discounts.most(db, order) > 0
