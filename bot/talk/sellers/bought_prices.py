"""What goods were bought for, put right in words: 卓玛家那批是36一斤不是35, 酥油进价36."""

from __future__ import annotations

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import accounts, stock
from bot.shop.catalogue import Price
from bot.shop.stock import Lot
from bot.talk.sellers import bought, households, stock_words
from bot.talk.turn import Turn

SHOWN_MAX = 5
_COST = regex(
    r"(?:[进買买]|收购?|成本)价|收[来的]?(?:价|的?时候)"
    r"|\b(?:costs? price|cost (?:me|us)|costs?|bought (?:it |them )?(?:for|at)|purchase price)\b"
    r"|ཉོ་གོང|ཉོས་པའི་གོང"
)
_LOT = regex(r"那[批个些次]|这[批个些次]|刚才|\b(?:batch|lot|delivery)\b|དེ|ཐེངས")
_MEANT = regex(
    r"不对|错|[搞弄记]错|是|改|应该|其实"
    r"|\b(?:no|wrong|sorry|actually|not|was|were|is|should|make it|change)\b|རེད|ནོར|བཟོ|བསྒྱུར"
)
_SELLS = regex(r"[卖售]|\b(?:sell|sale|sold)\b|བཙོང")
_NOT = regex(
    r"[,，。;； ]*(?:不是|\bnot\b|\binstead of\b)[^,，;；。\n]*|(?:སྒོར་)?\d+་?(?:སྒོར་)?(?:མ་རེད|མིན)"
)
_SET = regex(r"(?<=价)(?:应该|要)?(?:改|换)?(?:成|为|是|到)+|(?<=\bcost) (?:was|is|should be)\b")


def corrected(turn: Turn) -> bool:
    """Puts right what is owed for goods that came from a household; False for anything else.

    Those noted just now are meant, or the latest of the household or goods that are named; which
    ones is asked of several households'.
    """
    form = form_of(turn.text).text
    text = _SET.sub("", _NOT.sub(" ", form))
    prices = list(bought.PRICE.finditer(text))
    cost = _COST.search(text)
    if len(prices) != 1 or stock_words.is_wish(replace(turn, text=_COST.sub("", form))):
        return False
    rest = f"{text[: prices[0].start()]} {text[prices[0].end() :]}"
    said = replace(turn, text=rest, reading=turn.reader.read(rest))
    if any(line.quantity for line in said.reading.lines) or stock_words.verb_of(said):
        return False
    one = households.named(rest, accounts.households(turn.unit.db))
    lots, noted = _meant(said, one.household if one else ""), bought.noted(turn)
    about = cost or one or (noted and noted in lots) or (said.reading.lines and _LOT.search(rest))
    sells = _SELLS.search(text) or ("set-price" in turn.reading.marks and not (cost or one))
    if not about or sells or not (cost or _MEANT.search(form)):
        return False
    if noted in lots or len({lot.household for lot in lots}) == 1:
        lot = noted if noted and noted in lots else lots[-1]
        _book(turn, lot, prices[0][0])
    elif lots:
        choices = (_choice(turn, lot, prices[0][0]) for lot in lots[-SHOWN_MAX:])
        turn.say("household.which-bought", choices=tuple(filter(None, choices)))
    elif cost:
        turn.say("household.none-bought")
    return bool(lots or cost)


def _meant(turn: Turn, household: str) -> list[Lot]:
    """The lots of households, of one or of goods if these are named, the latest last."""
    line = turn.reading.lines[0] if turn.reading.lines else None
    lots = sorted(stock.bought(turn.unit), key=lambda lot: lot.id)
    return [
        lot
        for lot in lots
        if household in ("", lot.household)
        and (line is None or line.product in (None, lot.product))
        and (line is None or line.grade in (None, lot.grade))
    ]


def _book(turn: Turn, lot: Lot, price: str) -> None:
    if product := turn.product(lot.product):
        minor, in_all = bought.minor_said(turn, lot, product, price)
        if minor:
            bought.book(turn, lot, product, lot.household, minor, in_all=in_all)
        else:
            bought.ask(turn, str(lot.id))


def _choice(turn: Turn, lot: Lot, price: str) -> Choice | None:
    """The button for a lot, with the price that is meant for all of it."""
    product = turn.product(lot.product)
    if product is None:
        return None
    minor, in_all = bought.minor_said(turn, lot, product, price)
    came = stock.came_in(turn.unit.db, lot)
    paid = minor if in_all else Price(minor, product.grade(lot.grade).price.per).of(came)
    quantity = turn.quantity(product, came, product.unit)
    label = f"{lot.household} {turn.name(product, lot.grade)} {quantity}"
    return Choice(label, f"{bought.SURE}:{lot.id}:{paid}") if paid else None
