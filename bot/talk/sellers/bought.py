"""From whom goods that came in were bought and at what price: as an answer, or said with that.

What is cut out of 卓玛家送来虫草200根 一根25 would else be read as an amount of what came in.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec.structs import replace

from bot.language.numerals import TIBETAN_NUMERAL, read_number
from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import accounts, stock
from bot.shop.catalogue import Price, Product
from bot.shop.stock import Lot
from bot.talk.conversation import Source
from bot.talk.sellers import households, meaning, pricing
from bot.talk.turn import Turn

ASKED = "household"
SURE = "household-sure"  # a button's verb; its subject is a lot and a price
NAME_MAX = 40  # characters
_NAME = regex(r"[^\d¥$€]+")
# 扎西 每斤 40, Tashi at 40, 从扎西家收的 40
_PRICED = regex(
    r"\s*(?:每\S*|[单單]?[价價](?:[格钱錢])?|[收买買][的了]|[来來]的|[是按算])\s*$"
    r"|(?:^|\s+)(?:at|for|per|price|it'?s|it is|(?:ལ་)?གོང)[་\s]*$|(?:^|[་\s]+)སྒོར་(?:མོ་)?$",
    re.IGNORECASE,
)
_FROM = regex(r"^(?:是?[从從跟向]|(?:(?:it is|it's|bought) )?from\s)\s*", re.IGNORECASE)
# In the place of a name: other work of a seller's, which leaves what was asked, or some of which
# it is not clear what is meant. 查 may be a name too: 查家.
_WORK = {"find-orders", "today", "expect", "flash-sale", "packed", "stock-levels", "todo"}
_OF_GOODS = {"set-price", "lost"}
_SEARCH = regex(
    r"订单|^[查找搜](?!家)|\borders?\b|^\s*(?:find|search|look)\b|མངགས་ཐོ|འཚོལ", re.IGNORECASE
)
_VERB = regex(
    r"[卖改]|花了|[先已都]付|付了|到货|进货|入库|报损|库存|预售|定价|\b(?:sold|sell|set|price|change|stock|arrived|paid)\b"
    r"|བཙོང|བཟོ|བསྒྱུར|བརྗེ|གོང|འབྱོར|མངགས|སྤྲད",
    re.IGNORECASE,
)
_IN_ALL = regex(  # what the whole lot costs
    r"的?(?:[一总總统統]共|[共合][计計]|全部|[总總][价價])"
    r"|\b(?:in all|in total|total|altogether|for (?:all|everything|the lot))\b"
    r"|ཁྱོན་བསྡོམས|བསྡོམས|ཁྱོན"
)
_N = r"(?:\d+(?:[.,]\d+)?|[零一二两兩三四五六七八九十百千]+)"
_HAN_UNIT = r"(?:公?斤|市斤|克|[根条條颗顆包袋盒罐瓶箱])"
_YUAN = r"(?:块钱?|塊錢?|元|圆|圓)"
_LATIN_UNIT = r"(?:jin|kg|kilo\w*|g|pieces?|pcs?|box|bag)"
_BO_UNIT = r"(?:སྤྱི་རྒྱ|རྒྱ་མ|རྐང་པ|རྐང|སྒམ|ཁུག་མ)"
_BO_YUAN = r"(?:སྒོར་མོ|སྒོར)"
_BO_N = rf"(?:[\d༠-༩]+|{TIBETAN_NUMERAL})"
_HAN_SUM = regex(r"(?<=[斤克根條条颗顆包袋盒罐瓶箱是算按价價])[零一二两兩三四五六七八九十百千]+$")
_BY_WORD = regex(rf"{_N}\s*{_YUAN}?|{TIBETAN_NUMERAL}")
_MARKS = " ,，。.;；་།"  # around what is said of the goods
_BO_END = regex(r"(?<=[\u0f40-\u0fbc])(?=$|[\s།])")  # where a tsheg is left out
PRICE = regex(
    rf"(?<![\d零一二两兩三四五六七八九十百千])(?:每|一|1|/)\s*{_HAN_UNIT}\s*[是算按]?\s*[¥￥]?{_N}\s*{_YUAN}?"
    rf"|[¥￥]?{_N}\s*{_YUAN}?\s*(?:/|每|一|1)\s*{_HAN_UNIT}"
    rf"|(?:进|進|收购?|收購|单|單)[价價]\s*[¥￥]?{_N}\s*{_YUAN}?(?:\s*[/每一]\s*{_HAN_UNIT})?"
    rf"|(?:[一总總]共|全部|合[计計])[是花给給付了]*\s*[¥￥]?{_N}\s*{_YUAN}?"
    rf"|(?:\bat )?[¥$]?{_N}\s*(?:yuan|rmb|kuai)?\s*(?:\b(?:an?|per)\b|/)\s*{_LATIN_UNIT}\b"
    rf"|[¥$]?{_N}\s*(?:yuan|rmb|kuai)? (?:in total|in all|total|altogether|for (?:all|the lot))\b"
    rf"|\b(?:in )?total (?:of )?[¥$]?{_N}"
    rf"|[¥$]?{_N}\s*(?:yuan|rmb|kuai)? each\b|\beach (?:at )?[¥$]?{_N}|\bat [¥$]?{_N}(?: yuan)?\b"
    rf"|{_BO_UNIT}་?(?:རེ་རེ|རེ|གཅིག)?(?:་ལ|ར|ལ)་?(?:གོང་)?(?:{_BO_YUAN}་?)?{_BO_N}་?{_BO_YUAN}?"
    rf"|(?:གོང་|རེར་)(?:{_BO_YUAN}་?)?{_BO_N}",
    re.IGNORECASE,
)
# 已付500, 付了500现金, paid 500 in cash, 500སྤྲད་ཟིན: when the goods came in; 微信付了: all of it.
_HAN_WAY = r"(?:现金|現金|现钱|現錢|微信|支付宝|支付寶|银行|銀行|转账|轉賬|轉帳|转帐)"
_HAN_BEFORE = rf"(?:已经|已經|已|先|都|也|当场|當場|全|[货貨]?款|[钱錢]|用|{_HAN_WAY})*"
_HAN_PAYS = rf"{_HAN_BEFORE}(?:[付结結]|[转轉][账賬帳]?(?=[了过過给給]))"
_TO_THEM = r"(?:[给給]?[他她][们們]?家?)?"
_WAY = r"(?: (?:in|by|via|with) (?:cash|notes|(?:bank )?transfer|bank|wechat|alipay))"
_BO_WAY = (
    r"(?:(?:དངུལ་རྐྱང|འཕྲིན་ཕྲན|སྐད་འཕྲིན|དངུལ་ཁང)"
    r"(?:་?(?:གི་)?(?:ནས|གིས|གྱིས|ཐོག་ནས|ཐོག|བརྒྱུད་ནས))?་)"
)
_BO_PAID = r"སྤྲད་?(?:ཟིན|ཚར|པ་ཡིན|ཡོད)?་?(?!མེད|མི་|མ་)"
_END = r"(?=\s*(?:$|[,，.。;；!！།]))"
_GIVEN = regex(
    rf"[\s，,。;；]*(?:{_HAN_PAYS}|{_HAN_BEFORE}[给給])(?:了|过|過)?{_TO_THEM}"
    rf"\s*[¥￥]?{_N}(?!半)\s*{_YUAN}?\s*的?{_HAN_WAY}?"
    rf"|[\s，,。;；]*(?:{_HAN_PAYS}|{_HAN_BEFORE}[给給](?=.{{0,4}}[钱錢款]|了?{_HAN_WAY})"
    rf"|{_HAN_BEFORE}(?<=[钱錢款经經])[给給])"
    rf"[了过過清完好掉的]*{_TO_THEM}了?(?:一半)?[货貨]?[钱錢款]?{_HAN_WAY}?了?{_END}"
    rf"|[\s，,。;；]*已[经經]?[转轉][账賬帳]{_END}"
    rf"|[\s,.;]*(?:and )?(?:(?:i|we) )?(?:already )?(?:paid|gave)(?: (?:them|him|her))? [¥$]?{_N}"
    rf"(?: (?:yuan|rmb))?{_WAY}?"
    r"|[\s,.;]*(?:(?:and|all|it's|it is|is|was|i|we|have|i've|we've|already|just) )*"
    r"\b(?:paid|settled)"
    rf"(?: (?:them|him|her|for it|all|everything|half|in full|already)|{_WAY})*{_END}"
    rf"|[\s།]*(?:{_BO_WAY}|དངུལ་)*{_BO_YUAN}?་?[\d༠-༩]+་?{_BO_YUAN}?་?(?:དངུལ་རྐྱང་)?{_BO_PAID}"
    rf"|[\s།]*(?:{_BO_WAY}|དངུལ་|རིན་པ་|ཚང་མ་|ཕྱེད་ཀ་)*{_BO_PAID}{_END}",
    re.IGNORECASE,
)
# 还没付, 月底付, will pay later: nothing of it yet.
_NOT_GIVEN = regex(
    r"[\s，,。;；]*(?:[货貨]?款|[钱錢]|[还還都也先])*"
    r"(?:[没沒未]有?|不[用必]?|[待欠]|明天|[后後]天|下[次回]|[下这這]?个?月底?|年底|以[后後]|回[头頭]"
    rf"|[再要会會等])+(?:{_HAN_WAY}|[再先要会會])*[付给給结結转轉]{_TO_THEM}[清了的吧账賬帳钱錢款]*"
    r"|[\s,.;]*(?:(?:and|but|it's|it is|is|i|we|they|have|has|did|do|yet|going) )*"
    r"\b(?:unpaid|(?:not|never|haven't|hasn't|didn't|don't|will|i'll|we'll|to)(?: yet| been| be)*"
    r" (?:pay|paid|settled?))\b(?: (?:yet|later|tomorrow|next \w+|them|him|her|for it))*"
    r"|[\s།]*(?:ད་དུང་|དངུལ་|རིན་པ་|རྗེས་(?:ལ|མ|སུ)་|སང་ཉིན་)*(?:སྤྲད་(?:མེད|མི་འདུག|མ་སོང)|(?<!ཚང་)མ་སྤྲད"
    r"|སྤྲོད་(?:རྒྱུ|དགོས))[་\u0f40-\u0fbc]*",
    re.IGNORECASE,
)
# 酥油20斤，4000: all of it, or for each, by what it is sold for.
_BARE = regex(
    rf"(?<=[\w\u0f0b])[\s，,།]+(?:[¥￥$]|{_BO_YUAN}་?)?(?:\d+(?:\.\d+)?|[༠-༩]+)\s*(?:{_YUAN}|yuan|rmb)?"
    r"(?=\s*(?:$|[，,。;；།]))",
    re.IGNORECASE,
)
# 大家 and 买家 are no household.
_NOT_NAMES = {
    *"大我自国國人别別农農回专專厂廠商买買卖賣客老全一两兩几幾每哪谁誰店这這那你您他她它咱玩",
    *("我们 我們 咱们 咱們 你们 你們 他们 他們 她们 她們 自己 别人 別人 人家".split()),
    *("I We You He She They It Somebody Someone Courier Driver Just Today Yesterday".split()),
}
_WHEN = regex(
    r"^(?:[今昨前明后後][天日]|刚[才刚]?|剛[才剛]?|[早晚]上|[上下]午|又|是|从|從|向|跟|在)+"
)
_HOUSEHOLD = (
    regex(r"(?:(?<=[收买進进]了)|(?<=收购了)|(?<=收到))(?P<who>[\u4e00-\u9fff·]{1,8}?)家(?:的)?"),
    regex(
        r"(?P<who>[\u4e00-\u9fff·]{1,8}?)家(?:里|裡|那里|那裡)?"
        r"(?:的|[，,]?\s*(?=[送拿带帶背运運拉来來收进進]|$|[\s，,。]))"
    ),
    regex(
        r"\bfrom (?:the )?(?P<who>[A-Z]\w*(?: [A-Z]\w*)?)(?:['’]s)?"
        r"(?: (?:family|household|house|home))?"
    ),
    regex(
        r"(?P<who>[A-Z]\w*(?: [A-Z]\w*)?)(?:['’]s (?:family|household|house|people))?"
        r" (?=brought|delivered|sent)"
    ),
    regex(
        r"(?P<who>[\u0f40-\u0fbc]+(?:་[\u0f40-\u0fbc]+){0,3}?)(?:་[ཀག]ྱ?ི)?་(?:ཁྱིམ་)?ཚང(?:་ནས|་གིས|ས)?"
        r"(?:་|(?=[\s།]|$))"
    ),
)


def ask(turn: Turn, subject: str) -> None:
    """Asks from whom a lot came, or for a correction of that."""
    lot = _standing(turn, int(subject[:18])) if subject.isdecimal() else None
    if lot is None:
        turn.say("stale.nothing")
        return
    turn.state.asked, turn.state.lot = ASKED, lot.id
    turn.state.source = Source(lot.household)
    if lot.household:
        turn.say("household.ask-again", who=lot.household, money=turn.money(lot.paid_minor))
    else:
        turn.say("household.ask")


def take(turn: Turn) -> bool:
    """A name and a price after they were asked for, such as 扎西 40, or the price alone where the
    name was said before; False for anything else."""
    lot = _standing(turn, turn.state.lot)
    product = turn.product(lot.product) if lot else None
    if lot is None or product is None:
        return False
    if _is_other_work(turn):
        turn.state.asked = ""
        return False
    text, given = _without_given(turn.text)
    source, goods = turn.state.source, {line.product for line in turn.reading.lines}
    if given and source.household and not text.strip(_MARKS):
        turn.state.source = replace(source, paid=given, later=(lot.id, *source.later))
        _ask_price(turn)
        return True
    of_it = bool(source.household) and goods == {lot.product}
    name = "" if of_it else _name_said(text)
    minor, in_all = minor_said(turn, lot, product, text)
    if given and not minor:
        return _take_given(turn, lot, product, text, given)
    unclear = (_names_goods(turn) and not of_it) or bool(_VERB.search(form_of(name).text))
    if not (minor or unclear) or len(name) > NAME_MAX:
        return False
    name = name or source.household
    if not name or not minor or unclear:
        turn.say("household.ask")
        return True
    book(turn, lot, product, name, minor, in_all=in_all, given=given or source.paid)
    return True


def _take_given(turn: Turn, lot: Lot, product: Product, text: str, given: str) -> bool:
    """What was paid when it came in, said without the price: this is asked; False where it may be
    a payment for other goods, or nobody is named."""
    name = _household(turn, text)[0] or turn.state.source.household
    if not name or accounts.owed_to(turn.unit.db, name) > 0:
        return False
    note(turn, lot, product, Source(name, paid=given))
    return True


def _standing(turn: Turn, id: int) -> Lot | None:
    """The lot of that id, unless it was taken back."""
    lot = stock.lot(turn.unit.db, id)
    return lot if lot and stock.kept(turn.unit.db, lot) else None


def ask_on(turn: Turn, lot: Lot, product: Product) -> None:
    """Asks the same of a lot that stands in the place of the one that it was asked of."""
    if lot.household:
        ask(turn, str(lot.id))
    else:
        note(turn, lot, product, turn.state.source)


def note(turn: Turn, lot: Lot, product: Product, source: Source) -> None:
    """What was said of where a lot came from when it came in; what is missing of it is asked."""
    minor, in_all = minor_said(turn, lot, product, source.price)
    if not source.household or len(source.household) > NAME_MAX:
        ask(turn, str(lot.id))
    elif minor:
        book(turn, lot, product, source.household, minor, in_all=in_all, given=source.paid)
    else:
        later = (*source.later, lot.id)
        turn.state.source = Source(source.household, paid=source.paid, later=later)
        if not source.more:
            _ask_price(turn)


def _ask_price(turn: Turn) -> None:
    """Asks for the price of the next lot that waits for that."""
    source = turn.state.source
    lot = stock.lot(turn.unit.db, source.later[0])
    product = turn.product(lot.product) if lot else None
    if lot and product:
        turn.state.asked, turn.state.lot = ASKED, lot.id
        turn.state.source = replace(source, later=source.later[1:])
        turn.say("household.ask-price", who=source.household, name=turn.name(product, lot.grade))


def minor_said(turn: Turn, lot: Lot, product: Product, text: str) -> tuple[int, bool]:
    """The price that a text names for a lot (0 for none), and whether it is that of all of it,
    which a figure alone that is more than it is sold for is, too."""
    said = meaning.saying(turn, _HAN_SUM.sub(_in_figures, text))
    own = product.grade(lot.grade).price
    in_all = bool(_IN_ALL.search(text))
    if _BARE.fullmatch(f"0 {text}", 1):
        in_all = pricing.sum_said(said) > own.minor
    minor = pricing.sum_said(said) if in_all else pricing.said(said, product, own, turn.state.unit)
    return minor or 0, in_all


def press(turn: Turn, lot_id: str, minor: str) -> None:
    """The button: what a lot cost is meant, though it is sold for much less."""
    lot = _standing(turn, int(lot_id[:18])) if lot_id.isdecimal() else None
    product = turn.product(lot.product) if lot else None
    source = turn.state.source if lot and turn.state.lot == lot.id else Source()
    who = source.household or (lot.household if lot else "")
    if lot is None or product is None or not who or not minor.isdecimal():
        turn.say("stale.nothing")
    else:
        _note(turn, lot, product, who, int(minor[:12]), source.paid)


def book(
    turn: Turn, lot: Lot, product: Product, who: str, minor: int, *, in_all: bool, given: str = ""
) -> None:
    """Notes from whom a lot came and at what price each or in all, unless it is sold for much less:
    then it is asked whether that is meant.
    """
    own, came = product.grade(lot.grade).price, stock.came_in(turn.unit.db, lot)
    paid = minor if in_all else Price(minor, own.per).of(came)
    if came and paid >= pricing.FAR_BY_PACK * own.of(came):
        turn.state.asked, turn.state.lot = ASKED, lot.id
        turn.state.source = replace(turn.state.source, household=who, paid=given)
        each = Price(paid, came).of(own.per)
        sure = f"{SURE}:{lot.id}:{paid}"
        pricing.ask_whether(turn, product, lot.grade, Price(each, own.per), sure)
    else:
        _note(turn, lot, product, who, paid, given)


def _note(turn: Turn, lot: Lot, product: Product, name: str, paid: int, given: str = "") -> None:
    due = stock.set_source(turn.unit, lot, name, paid, by=turn.chat.person)
    later = turn.state.source.later
    turn.state.asked, turn.state.lot = "", 0
    turn.state.source = Source(name, paid=given if later else "", later=later)
    tell(turn, lot, product, name, due)
    if given and not (later and households.is_sum(turn, given)):  # A sum is for all of them.
        households.pay_said(turn, name, given, due)
    if turn.state.source.later:
        _ask_price(turn)
    else:
        turn.state.source = Source()


def paid(turn: Turn) -> bool:
    """That the household was paid of which the last words told that goods came from it; False for
    anything else."""
    lot, (rest, given) = noted(turn), _without_given(turn.text)
    if lot is None or not given or rest.strip(_MARKS):
        return False
    households.pay_said(turn, lot.household, given, lot.paid_minor)
    return True


def noted(turn: Turn) -> Lot | None:
    """The lot of which the last words told from whom it came."""
    shown = [each.value for each in turn.state.offered]
    ids = [value.partition(":")[2] for value in shown if value.startswith("household:")]
    lot = stock.lot(turn.unit.db, int(ids[-1][:18])) if ids and ids[-1].isdecimal() else None
    return lot if lot and lot.household else None


def tell(turn: Turn, lot: Lot, product: Product, who: str, due: int) -> None:
    """From whom a lot came, and what is due for it."""
    turn.say(
        "household.noted",
        name=turn.name(product, lot.grade),
        who=who,
        money=turn.money(due),
        choices=(
            turn.choice("button.correct-household", f"household:{lot.id}"),
            turn.choice("button.give-back", f"give-back:{lot.id}"),
        ),
    )


def _is_other_work(turn: Turn) -> bool:
    """Whether a message is not of where goods came from: prices, finding orders and so on."""
    reading = turn.reading
    amounts = any(line.quantity for line in reading.lines)
    alone = amounts and not (reading.money or reading.number)  # 5斤酥油
    of_goods = _names_goods(turn) and (
        alone or reading.marks & _OF_GOODS or pricing.is_change(turn)
    )
    return bool(reading.marks & _WORK or of_goods or _SEARCH.search(form_of(turn.text).text))


def _names_goods(turn: Turn) -> bool:
    return any(line.product or line.grade for line in turn.reading.lines)


def _name_said(text: str) -> str:
    """What stands before the figures, without what belongs to the price."""
    found = _NAME.match(PRICE.sub(" ", text))
    name = _FROM.sub("", _PRICED.sub("", _IN_ALL.sub("", found[0])).strip()) if found else ""
    name = _PRICED.sub("", name).strip(" ,，:：、-་།\u3000")
    return "" if _BY_WORD.fullmatch(name) else name


def _without_given(text: str) -> tuple[str, str]:
    """What a text says besides what was paid when goods came in, and that."""
    text = _BO_END.sub("་", unicodedata.normalize("NFKC", text))
    if unpaid := _NOT_GIVEN.search(text):
        return f"{text[: unpaid.start()]} {text[unpaid.end() :]}".strip(), ""
    given = _GIVEN.search(text)
    rest = f"{text[: given.start()]} {text[given.end() :]}".strip() if given else text
    return rest, given[0] if given else ""


def said(turn: Turn) -> list[tuple[Turn, Source]]:
    """What a message says besides from whom goods came and at what price, and that; for each of
    the goods that have a price of their own. Whose they are counts until somebody else is named."""
    text, given = _without_given(turn.text)
    prices, (who, rest) = list(PRICE.finditer(text)), _household(turn, text)
    if not prices and who:
        prices = list(_BARE.finditer(text))[:1]
    if not prices:
        return [(meaning.saying(turn, rest.strip(_MARKS)), Source(who, paid=given))] if who else []
    found, who, start = [], "", 0
    for place, price in enumerate(prices):
        is_last = place == len(prices) - 1
        after = text[price.end() :] if is_last else ""
        named, rest = _household(turn, f"{text[start : price.start()]} {after}")
        start, who = price.end(), named or who
        one = meaning.saying(turn, rest.strip(_MARKS))
        found.append((one, Source(who, price[0], paid=given if is_last else "")))
    return found


def _in_figures(sum_said: re.Match[str]) -> str:
    return str(read_number(sum_said[0]) or sum_said[0])


def _household(turn: Turn, text: str) -> tuple[str, str]:
    """Who is named, and what else a text says."""
    for pattern in _HOUSEHOLD:
        for found in pattern.finditer(text):
            who = _WHEN.sub("", found["who"]).removesuffix("འི")
            known = (each.household for each in accounts.households(turn.unit.db))
            who = next((name for name in known if name and who.endswith(name)), who)
            if who and who not in _NOT_NAMES:
                before = text[: found.start()] + found["who"].partition(who)[0]
                return who, f"{before} {text[found.end() :]}"
    return "", text
