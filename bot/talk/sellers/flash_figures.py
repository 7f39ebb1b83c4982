"""The figures of a flash sale in a seller's words: all at once, or other ones while it runs."""

from __future__ import annotations

from msgspec.structs import replace

from bot.language.reading import Reading
from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.spans import read_span
from bot.language.weighing import AMOUNT, GOODS
from bot.messages import Choice
from bot.shop import flash_sales, stock
from bot.shop.catalogue import Price, Product
from bot.shop.flash_sales import FlashSale, Sold
from bot.shop.stock import Shortage
from bot.talk import goods_cards
from bot.talk.sellers import choosing, pricing, stock_words
from bot.talk.turn import Turn

NO_LIMIT = regex(
    r"不限|无限|[没無无]有?限|不设限|随便买"
    r"|(?<![a-z])(?:no|without(?: a)?) (?:limit|cap|max)|unlimited|ཚད་(?:བཀག་)?མེད|མི་བཀག"
)
_CLAUSES = regex(
    r"(?<!\d)[,;.!\n\u0f0d]|[,;.!\n\u0f0d](?!\d)|(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])"
    r"|\s+(?=(?:at [¥$]?\d|limit|max|start|from|until)\w*)"
)
_TO_EACH = regex(
    r"每[人位个]人?|一人|限(?![时量])|[单個个]人"
    r"|\b(?:per (?:person|head|buyer|customer)|limit|max(?:imum)?"
    r"|each (?:person|buyer|customer)|a (?:person|buyer|head|customer))\b|མི་རེ"
)
_FIGURES = regex(r"\d[\d:.]*")
_EACH = regex(r"\beach\b")
_PRICE = regex(
    r"(?<!特)价|[块元¥]|[一每/] ?(?:公?斤|克|根|条|袋|盒)"
    r"|\b(?:price|yuan|rmb|(?:per|an?) (?:jin|kg|g|piece))\b"
    r"|\beach\b|(?<![\u0f40-\u0fbc])གོང་(?!ཆག)|སྒོར"
)
_MORE = regex(r"加|增|再[拿放来添]|多[放拿]|\b(?:more|add|another|increase)\b|ཁ་སྣོན|སྣོན|མང་དུ")
_LESS = regex(r"减|少[放拿]|\b(?:less|fewer|reduce|decrease|lower)\b|ཉུང་དུ|གཅོག")
_OTHER = regex(r"[改换调设][成为到]?|\b(?:change|make it|set|limit|price to)\b|བརྗེ|བསྒྱུར|བཟོ|བཅོས")


def said(turn: Turn, product: Product) -> dict[str, Turn]:
    """What a message says of the quantity, the price, how much to each and the time."""
    parts = dict.fromkeys(("quantity", "price", "each", "time"), "")
    for clause in filter(str.strip, _CLAUSES.split(form_of(turn.text).text)):
        reading = turn.reader.read(clause, about=product.key)
        amounts = any(line.quantity for line in reading.lines)
        span = read_span(clause, turn.unit.here)
        if span and span.starts and "flash-sale" in reading.marks:
            amounts = amounts and len(_FIGURES.findall(clause)) > 1  # It is an hour.
        is_time = span is not None and not amounts
        if not amounts and any(line.product or line.grade for line in reading.lines):
            parts["time"] += f"{clause}," if is_time else ""
            continue
        is_each = _EACH.search(clause) and amounts
        if _TO_EACH.search(clause) or (is_each and (product.unit != "pc" or parts["price"])):
            kind = "each"
        elif is_each or reading.money or _PRICE.search(clause):
            kind = "price"
        else:
            kind = "quantity" if amounts or (reading.number and not is_time) else "time"
        if kind == "quantity" and parts[kind]:
            kind = "time"
        elif kind == "quantity" and (moment := _moment_in(turn, reading)):
            parts["time"] += f"{moment},"
        if kind == "each" and not NO_LIMIT.search(clause):
            clause = _TO_EACH.sub(" ", clause)  # 5 per person is else no number.
        parts[kind] += f"{clause},"
    return {
        kind: replace(turn, text=clause, reading=turn.reader.read(clause, about=product.key))
        for kind, clause in parts.items()
        if clause
    }


def _moment_in(turn: Turn, reading: Reading) -> str:
    """What a clause says beside its goods and amounts, where it tells when the sale starts."""
    beside = reading.masked.replace(AMOUNT, " ").replace(GOODS, " ")
    beside = stock_words.without_range(beside)
    return beside if read_span(beside, turn.unit.here) else ""


def changed(turn: Turn, sale: FlashSale, choices: tuple[Choice, ...]) -> bool:
    """More or less of a sale is sold, or to each, or at another price, which cannot be; False when
    a message says nothing of that. The `choices` end it, or make a new one.
    """
    form, product = form_of(turn.text).text, turn.product(sale.product)
    more, less, other = (words.search(form) for words in (_MORE, _LESS, _OTHER))
    amounts = turn.reading.masked.count(AMOUNT) + bool(turn.reading.money)
    if product is None or amounts > 1 or not (more or less or other):
        return False
    to_each, plain = _TO_EACH.search(form), _TO_EACH.sub(" ", form)
    amount = choosing.amount_said(
        replace(turn, text=plain, reading=turn.reader.read(plain, about=product.key)), product
    )
    if _PRICE.search(form) and not to_each:
        usual = pricing.usual(turn, product, sale.grade)
        price = goods_cards.price(turn, product, Price(sale.minor, usual.per))
        name = turn.name(product, sale.grade)
        turn.say("flash.price-stays", name=name, price=price, choices=choices)
        return True
    if to_each and NO_LIMIT.search(form):
        amount = sale.quantity
    if not amount:
        return False
    before = sale.per_person if to_each else sale.quantity
    amount = before + amount if more else max(1, before - amount) if less else amount
    figures = {"per_person" if to_each else "quantity": amount}
    made = flash_sales.change(turn.unit, sale.id, by=turn.chat.person, **figures)
    _tell_changed(turn, product, made, choices[:1])
    return True


def _tell_changed(
    turn: Turn,
    product: Product,
    made: FlashSale | Shortage | Sold | None,
    choices: tuple[Choice, ...],
) -> None:
    if isinstance(made, FlashSale):
        turn.say(
            "flash.changed",
            name=turn.name(product, made.grade),
            quantity=turn.quantity(product, made.quantity, product.unit),
            each=turn.quantity(product, made.per_person, product.unit),
            left=goods_cards.sale_left(turn, product, made),
            choices=choices,
        )
    elif isinstance(made, Shortage):
        there = turn.quantity(product, made.available, product.unit)
        turn.say("flash.no-more", name=turn.name(product, made.grade), there=there)
    elif made:
        turn.say("flash.sold", quantity=turn.quantity(product, made.amount, product.unit))
    else:
        turn.say("stale.nothing")


def tell_less(turn: Turn, product: Product, grade: str) -> None:
    """That less is there than is kept for the flash sales of a grade."""
    there = stock.available(turn.unit, product.key, grade, aside=False)
    sales = flash_sales.not_over(turn.unit.db, turn.unit.now)
    of_these = (each for each in sales if (each.product, each.grade) == (product.key, grade))
    kept = sum(each.quantity - each.sold for each in of_these)
    if there < kept:
        turn.say(
            "flash.less",
            kept=turn.quantity(product, kept, product.unit),
            there=turn.quantity(product, there, product.unit),
        )
