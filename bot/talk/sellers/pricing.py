"""The sums and prices that sellers say: a price is for the unit they name, else the usual one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from bot.language.decimals import HAN_DECIMAL, read_decimal
from bot.language.numerals import ENGLISH, HAN_NUMERALS, TIBETAN_NUMERAL, read_number
from bot.language.reading import Quantity
from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import catalogue, numbers
from bot.shop.catalogue import Price, Product
from bot.talk import goods_cards
from bot.talk.sellers import meaning
from bot.talk.turn import Turn

FAR = 10  # times dearer or cheaper than usual: a slip of the finger, most likely
FAR_BY_PACK = 3  # where a price is said for a pack, of which a seller may think another size
_SUM = regex(r"\d{1,7}(?:\.\d{1,2})?")
_FIGURE = regex(r"[¥$€￥]?\s?\d[\d,.]*")
# 60,50 and 7.555 are read neither as 60 nor as 555.
_UNREADABLE = regex(r"\d,\d{1,2}(?!\d)|\d[.]\d{3}|\d[.]\d+[.]\d")
_HAN = rf"(?:\d{{1,7}}|[{HAN_NUMERALS}]{{1,10}})"
_ONE = rf"[\d{HAN_NUMERALS}]"
# 30块5, 三十块五毛, 30元零5分; but 30块5斤 is thirty for five jin.
_YUAN = regex(
    rf"(?P<yuan>{_HAN})\s*(?:块钱?|元|圆)\s*(?P<nil>[零〇])?(?P<jiao>{_ONE})"
    rf"(?=[毛角]|\s*(?:$|[,.!?;\n/一每]))(?P<unit>[毛角])?(?:[零〇]?(?P<fen>{_ONE})分)?"
)
_YUAN_FEN = regex(rf"(?P<yuan>{_HAN})\s*(?:块钱?|元|圆)\s*[零〇]?(?P<fen>{_ONE})分")
_JIAO = regex(rf"^\s*(?P<jiao>{_ONE})\s*[毛角](?:(?P<fen>{_ONE})分)?")
_TIBETAN = regex(
    rf"སྒོར་(?:མོ་)?(?P<yuan>\d{{1,7}}|{TIBETAN_NUMERAL})་?(?:དང་)?"
    rf"(?:(?P<half>ཕྱེད)|(?:མོ་|སྒོར་)?ཟུར་(?:མོ་)?(?P<jiao>\d|{TIBETAN_NUMERAL}))"
)
_HAN_DECIMAL = regex(HAN_DECIMAL)
# Of what is written beside goods, 5-7 is a grade.
_POINT = regex(r"(?<![\d.,-])(?:\d{1,3}(?:,\d{3})+|\d{1,7})\.\d{1,2}(?![\d.-])")
_DOWN = regex(
    rf"(?:降|便宜|减|下调)(?:价|低|了)*\s*[¥$]?{_HAN}"
    r"|(?:lower|reduce|cut|drop|decrease)\b.{0,40}\bby [¥$]?\d"
    r"|\d ?(?:yuan|rmb|kuai|元|块)? (?:less|off|cheaper)\b"
    rf"|སྒོར་(?:མོ་)?(?:\d+|{TIBETAN_NUMERAL})་གཅོག"
)
_UP = regex(
    rf"(?:涨|加|上调)(?:价|了)*\s*[¥$]?{_HAN}"
    r"|(?:raise|increase)\b.{0,40}\bby [¥$]?\d|\d ?(?:yuan|rmb|kuai|元|块)? more\b"
    rf"|སྒོར་(?:མོ་)?(?:\d+|{TIBETAN_NUMERAL})་འཕར"
)

_OFF = regex(
    rf"[打给]个?\s*(?P<n>\d(?:\.?\d)?|[{HAN_NUMERALS}]{{1,2}})\s*折"
)  # 9折, 85折: nine tenths
_PERCENT = regex(
    rf"(?P<n>\d{{1,3}}|\b(?:{'|'.join(ENGLISH)}))\s*(?:%|per ?cent\b)|བརྒྱ་ཆ་?(?P<bo>\d{{1,3}})"
)
_CHEAPER = regex(
    r"降|便宜|减|下调|\b(?:off|less|cheaper|down|lower|reduce|cut|drop|discount)\b|གཅོག|ཆག"
)
_DEARER = regex(r"涨|加|上调|\b(?:more|dearer|up|raise|increase)\b|འཕར")


def sum_said(turn: Turn) -> int:
    """The sum of money, or else the bare number, of a message in minor units; 0 for none.

    An order's number is none.
    """
    form = form_of(turn.text).text
    if numbers.WRITTEN.search(form):
        turn = meaning.beside_number(turn)
        form = turn.text
    reading = turn.reading
    if _UNREADABLE.search(form):
        return 0
    if parts := _in_parts(form):
        return parts
    if reading.money:
        return reading.money[0]
    if found := _HAN_DECIMAL.search(form):
        return int(100 * read_decimal(found[0]))
    if found := _POINT.search(reading.masked):
        return minor_of(found[0].replace(",", ""))
    return (reading.number or 0) * 100


def _in_parts(form: str) -> int:
    """Yuan with jiao and fen, in minor units; 0 for others."""
    finds = (pattern.search(form) for pattern in (_YUAN, _YUAN_FEN, _JIAO, _TIBETAN))
    said = next((found.groupdict() for found in finds if found), None)
    if said is None:
        return 0
    values = {name: read_number(word) for name, word in said.items() if word}
    yuan, jiao = values.get("yuan") or 0, values.get("jiao") or 0
    if said.get("half"):
        jiao = Fraction(5)
    if said.get("nil") and not said.get("unit"):
        return int(100 * yuan + jiao)  # as in 三百零五: the place between is empty
    return int(100 * yuan + 10 * jiao + (values.get("fen") or 0))


def minor_of(figure: str) -> int:
    return int(Fraction(figure) * 100)


def change_said(turn: Turn) -> int:
    """1 when a message says by how much a price rises, -1 when by how much it falls, else 0."""
    form = form_of(turn.text).text
    return -1 if _DOWN.search(form) else 1 if _UP.search(form) else 0


def factor_said(turn: Turn) -> Fraction | None:
    """By what a price is multiplied: 打9折, 10% off; None when a message says nothing of it."""
    form = form_of(turn.text).text
    if found := _OFF.search(form):
        figures = found["n"].replace(".", "")
        if not figures.isdecimal():
            figures = "".join(str(read_number(sign) or 0) for sign in figures)
        return Fraction(int(figures), 10 ** len(figures))
    found = _PERCENT.search(form)
    change = -1 if _CHEAPER.search(form) else 1 if _DEARER.search(form) else 0
    if found is None or not change:
        return None
    return 1 + change * (read_number(found["n"] or found["bo"]) or 0) / Fraction(100)


def is_change(turn: Turn) -> bool:
    """Whether a message says by how much the price of goods rises or falls."""
    reading = turn.reading
    of_goods = any(line.product for line in reading.lines)
    amount = any(line.quantity for line in reading.lines)
    asked = "?" in form_of(turn.text).text or "ask" in reading.found
    if of_goods and not asked and not amount and factor_said(turn) is not None:
        return True
    priced = (reading.money or reading.intent == "price") and not asked
    return bool(of_goods and not amount and priced and change_said(turn) and sum_said(turn))


def usual(turn: Turn, product: Product, grade: str) -> Price:
    """The price of a grade to everybody: who sells may buy too, and have a price of their own."""
    return catalogue.price(turn.unit.db, product.key, grade)


def is_far(usual: Price, minor: int, times: int = FAR) -> bool:
    """Whether a price is so far from the usual one that it is asked about before it counts."""
    return minor * times <= usual.minor or minor >= usual.minor * times


def far(turn: Turn, product: Product) -> int:
    """How many times dearer or cheaper than usual a price must be to be asked about."""
    return FAR_BY_PACK if any(each.unit in product.packs for each in _units(turn)) else FAR


def said(turn: Turn, product: Product, own: Price, grams: int = 0) -> int | None:
    """The price said in a message, in minor units for `own.per`; None when there is none. Where it
    names no unit it is for so many grams, the language's usual unit when none are given.

    By how much it changes counts from `own`; what comes of that may be no price at all.
    """
    if (factor := factor_said(turn)) is not None:
        return Price(own.minor * factor.numerator, factor.denominator).of(1)
    minor = sum_said(turn) or _last(turn)
    if not minor:
        return None
    found = Price(minor, _per(turn, product, grams)).of(own.per)
    change = change_said(turn)
    return own.minor + change * found if change else found


def _last(turn: Turn) -> int:
    """The last figure of an answer such as 每斤200 but for its amounts, in minor units; 0 for none.

    Beside goods a figure may be a grade's or an amount's: 5-7的松茸改价.
    """
    reading = turn.reading
    if any(line.product or line.grade for line in reading.lines):
        return 0
    found = [] if _UNREADABLE.search(reading.masked) else _SUM.findall(reading.masked)
    return minor_of(found[-1]) if found else 0


def _per(turn: Turn, product: Product, grams: int) -> int:
    """For how many grams or pieces: 80 a kilogram, 每斤40, 50元一斤."""
    amounts = (catalogue.amount(product, each.amount, each.unit) for each in _units(turn))
    grams = grams or turn.locales.usual_grams(turn.language)
    usual = 1 if product.unit == "pc" else grams
    return next((amount for amount in amounts if amount), usual)


def _units(turn: Turn) -> Iterator[Quantity]:
    """The amounts of a message, also of one such as 50/袋, in the order of what they may be for."""
    yield from (line.quantity for line in turn.reading.lines if line.quantity)
    units = _FIGURE.sub(" ", turn.text).replace("/", " 1 ")
    yield from (line.quantity for line in turn.reader.read(units).lines if line.quantity)


def ask_whether(turn: Turn, product: Product, grade: str, price: Price, sure: str) -> None:
    """Asks whether a price far from the usual one is meant; `sure` is the button's value."""
    shown = goods_cards.price(turn, product, price)
    turn.say(
        "staff.price-far",
        name=turn.name(product, grade),
        price=shown,
        usual=goods_cards.price(turn, product, usual(turn, product, grade)),
        choices=(turn.choice("button.price-sure", sure, price=shown),),
    )
