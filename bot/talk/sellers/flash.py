"""Making a flash sale in the chat: how much, at what price, how much to each, from when until when.

All of it is shown before the sale is made: with the days of its start and its end, and the sale
that it ends. One that is not over is ended, or its end moved, by words or a button.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.spans import Span, read_span
from bot.messages import Choice
from bot.shop import flash_sales, stock
from bot.shop.catalogue import Price, Product
from bot.shop.flash_sales import FlashSale
from bot.shop.stock import Shortage
from bot.talk import goods_cards, notices
from bot.talk.conversation import NewSale
from bot.talk.sellers import choosing, flash_figures, pricing
from bot.talk.turn import Turn

ASKED = "flash"
VERB = "flash"
BUTTONS = ("sure-flash-price", "flash-now", "sure-flash")
SHOWN_MAX = 5
_OVER = regex(
    r"结束|停|取消|终止|撤|下架|关[掉了]|不搞|别搞|收了|截止"
    r"|(?<![a-z])(?:end|stop|cancel|finish|close|call off)(?![a-z])|མཇུག|མཚམས|འགོག"
)
_LONGER = regex(r"延|推迟|加长|多卖|(?<![a-z])(?:extend|longer|later)(?![a-z])|འགྱངས|རིང་དུ")
_SHORTER = regex(
    r"提前|提早|缩短|少卖|早(?=[半一两\d]个?半?(?:小时|钟头|分钟))"
    r"|(?<![a-z])(?:shorten|shorter|earlier|sooner)(?![a-z])|སྔ(?!་དྲོ)|ཐུང་(?:དུ|ང)"
)
_WHEN = regex(
    r"[?吗]|几点|什么时候|啥时候|何时|哪些|多久"
    r"|(?<![a-z])(?:when|which|how long|what)(?![a-z])|ག་དུས|ནམ་"
)


def begin(turn: Turn, subject: str = "") -> None:
    """The button, or the words: asks which product and grade, then for the rest."""
    meant, text = (
        choosing.meant(turn, VERB, subject),
        turn.state.sale.said if subject else turn.text,
    )
    if meant is None:
        turn.state.sale = NewSale(said=text)
        turn.state.about = turn.reading.product or turn.state.about
        return
    product, grade = meant
    turn.state.sale = NewSale(product.key, grade, said=text)
    _ask(turn, product)


def said(turn: Turn) -> None:
    """What a seller's words say of flash sales: one ends, or at another time, or a new one begins.

    Without any goods that are named it is told which there are.
    """
    if goods := _goods_told(turn):
        begin(turn, goods)
        return
    found = _named(turn)
    form, span = form_of(turn.text).text, None
    moves = any(words.search(form) for words in (_LONGER, _SHORTER))
    over = _OVER.search(form) and not _LONGER.search(form)
    if len(found) == 1:
        span = read_span(turn.text, turn.unit.here, starts=_at(turn, found[0].starts_at))
    timed = span and (span.starts or span.ends or span.lasts)
    if len(found) == 1 and not (over or timed):
        choices = _end_of(turn, found[0]), turn.choice("button.flash-new", VERB)
        if flash_figures.changed(turn, found[0], choices):
            return
    if _WHEN.search(form) or ((over or moves) and not found):
        listing(turn)
    elif span and (span.ends or ((over or moves) and (span.starts or span.lasts))):
        _move_end(turn, found[0], span)
    elif over and len(found) == 1:
        finish(turn, str(found[0].id))
    elif over or moves or (found and not turn.reading.lines):
        listing(turn)
    else:
        begin(turn)


def is_meant(turn: Turn) -> bool:
    """Whether a message speaks of flash sales, or only of an end after one that was shown."""
    if "flash-sale" in turn.reading.marks or _goods_told(turn):
        return True
    form = form_of(turn.text).text
    words = any(words.search(form) for words in (_OVER, _LONGER, _SHORTER))
    return words and bool(_offered(turn)) and not turn.reading.lines


def _goods_told(turn: Turn) -> str:
    """The product and grade that a message names of which a sale was asked; '' for none."""
    lines = turn.reading.lines
    if turn.state.asked != choosing.ASKED or not turn.state.sale.said or len(lines) != 1:
        return ""
    product, grade = choosing.one_grade(turn, lines[0])
    is_told = product and not lines[0].quantity and "flash-sale" not in turn.reading.marks
    return f"{product.key}:{grade or ''}" if product and is_told else ""


def _offered(turn: Turn) -> set[str]:
    """The ids of the sales that the last message offered to end."""
    values = (choice.value.partition(":") for choice in turn.state.offered)
    return {id for verb, _, id in values if verb == "flash-over"}


def _named(turn: Turn) -> list[FlashSale]:
    """The sales that are not over of which a message speaks: by their goods, or as shown last."""
    found = flash_sales.not_over(turn.unit.db, turn.unit.now)
    if "flash-sale" not in turn.reading.marks:
        return [sale for sale in found if str(sale.id) in _offered(turn)]
    for line in turn.reading.lines[:1]:
        found = [sale for sale in found if line.product in (None, sale.product)]
        found = [sale for sale in found if line.grade in (None, sale.grade)]
    return found


def listing(turn: Turn) -> None:
    """The sales that are not over: sellers can end each and make a new one, buyers order."""
    lines, choices = list[str](), list[Choice]()
    for sale in flash_sales.not_over(turn.unit.db, turn.unit.now):
        if product := turn.product(sale.product):
            id = "" if sale.starts_at <= turn.unit.now else "flash.planned"
            missed = goods_cards.missed(turn, [(sale.product, sale.grade)], ("gone",))
            lines += missed or [goods_cards.sale_line(turn, product, sale, id)]
            choices += [] if missed else _choices(turn, product, sale)
    more = ("button.flash-new", VERB) if turn.staff else ("button.all-products", "products")
    id = "flash.list" if lines else "flash.none"
    choices = [*choices[:SHOWN_MAX], turn.choice(*more)]
    turn.say(id, lines="\n".join(lines), choices=tuple(choices))


def _choices(turn: Turn, product: Product, sale: FlashSale) -> list[Choice]:
    name = turn.name(product, sale.grade)
    if turn.staff:
        return [_end_of(turn, sale)]
    runs = sale.starts_at <= turn.unit.now
    return [Choice(name, f"g:{sale.product}:{sale.grade}")] if runs else []


def _end_of(turn: Turn, sale: FlashSale) -> Choice:
    product = turn.product(sale.product)
    name = turn.name(product, sale.grade) if product else sale.product
    return turn.choice("button.flash-over-of", f"flash-over:{sale.id}", name=name)


def _move_end(turn: Turn, sale: FlashSale, span: Span) -> None:
    """A sale ends at the time that was said, or so long after it began."""
    starts = _at(turn, sale.starts_at)
    before = _at(turn, sale.ends_at) - starts
    end = span.ends or span.starts or starts + _lasting(turn, span, before)
    product = turn.product(sale.product)
    if product is None:
        turn.say("stale.nothing")
    elif _is_bad(turn, max(starts, turn.unit.here), end):
        return
    elif flash_sales.finish(turn.unit, sale.id, by=turn.chat.person, at=_ms(end)):
        name, choice = turn.name(product, sale.grade), f"flash-over:{sale.id}"
        choices = (turn.choice("button.flash-over", choice),)
        turn.say("flash.moved", name=name, end=turn.moment(_ms(end)), choices=choices)


def _lasting(turn: Turn, span: Span, before: timedelta) -> timedelta:
    """How long a sale lasts, or how much longer or shorter than before."""
    form = form_of(turn.text).text
    if span.lasts and _LONGER.search(form):
        return before + span.lasts
    if span.lasts and _SHORTER.search(form):
        return before - span.lasts
    return span.lasts or before


def _is_bad(turn: Turn, starts: datetime, end: datetime) -> bool:
    """Whether a sale cannot last from then until then, which is said."""
    if end <= starts:
        turn.say("flash.bad-end", moment=turn.moment(_ms(end)))
    elif end - starts > timedelta(milliseconds=flash_sales.LASTS_MAX_MS):
        turn.say("flash.too-long", most=turn.span(flash_sales.LASTS_MAX_MS))
    else:
        return False
    return True


def _at(turn: Turn, ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, turn.zone)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def take(turn: Turn) -> bool:
    """The answer to what was asked last; False when it is none."""
    sale, product = turn.state.sale, turn.product(turn.state.sale.product)
    if product is None or ("flash-sale" in turn.reading.marks and not sale.per_person):
        return False
    return _take(turn, product)


def _take(turn: Turn, product: Product) -> bool:
    """What is said of the next thing that is missing."""
    sale = turn.state.sale
    if not sale.quantity:
        sale.quantity = choosing.amount_said(turn, product) or 0
        there = stock.available(turn.unit, product.key, sale.grade, aside=False)
        if sale.quantity > there:
            return _too_many(turn, product, there)
    elif not sale.minor:
        return _take_price(turn, product)
    elif not sale.per_person:
        most = sale.quantity if is_unlimited(turn) else choosing.amount_said(turn, product) or 0
        sale.per_person = min(most, sale.quantity)
    else:
        return _take_time(turn, product)
    _ask(turn, product)
    return True


def is_unlimited(turn: Turn) -> bool:
    """Whether it is answered that one buyer can have all of it."""
    asked = turn.state.asked == ASKED and turn.state.sale.minor
    return bool(asked and flash_figures.NO_LIMIT.search(form_of(turn.text).text))


def resume(turn: Turn) -> None:
    """Goes on with the sale that is being made, after something else was done."""
    sale, product = turn.state.sale, turn.product(turn.state.sale.product)
    if product and sale.starts_at:
        turn.state.asked = ASKED
        _show(turn, product, sale.starts_at)
    elif product:
        _ask(turn, product)


def _take_price(turn: Turn, product: Product) -> bool:
    usual = pricing.usual(turn, product, turn.state.sale.grade)
    minor = pricing.said(turn, product, usual)
    if minor is None:
        _ask(turn, product)
    elif minor <= 0:
        turn.say("staff.bad-price")
    elif minor >= usual.minor:
        turn.say("flash.not-lower")
    elif pricing.is_far(usual, minor):
        price = Price(minor, usual.per)
        sure = f"sure-flash-price:{minor}"
        pricing.ask_whether(turn, product, turn.state.sale.grade, price, sure)
    else:
        turn.state.sale.minor = minor
        _ask(turn, product)
    return True


def _take_time(turn: Turn, product: Product) -> bool:
    """When it starts and how long it lasts, which is shown; False when a message says neither.

    An hour alone is of the day that was named last.
    """
    sale, here = turn.state.sale, turn.unit.here
    since = _at(turn, sale.since) if sale.since else None
    before = max(_at(turn, sale.starts_at), here) if sale.starts_at else None
    span = read_span(turn.text, here, since=since, starts=before)
    if span is None:
        return False
    if span.day:
        midnight = span.day.replace(hour=0)
        sale.since = _ms(midnight if span.starts else span.day)
    if span.day and not span.starts:
        sale.starts_at = 0
        turn.say("flash.ask-hour", day=turn.day(sale.since))
        return True
    start = span.starts or before or (here if span.ends else None)
    end = span.ends or (start or here) + _lasting(turn, span, _lasts(sale))
    if start and start < here:
        turn.say("flash.past", moment=turn.moment(_ms(start)))
    elif not _is_bad(turn, start or here, end):
        sale.lasts_ms = _ms(end) - _ms(start or here)
        _show(turn, product, _ms(start)) if start else _ask(turn, product)
    return True


def _lasts(sale: NewSale) -> timedelta:
    return timedelta(milliseconds=sale.lasts_ms or flash_sales.LASTS_MS)


def press(turn: Turn, verb: str, subject: str) -> None:
    """Buttons of a sale that is being made: such a price is meant, it starts now, it is right."""
    sale, product = turn.state.sale, turn.product(turn.state.sale.product)
    if product is None or turn.state.asked != ASKED or not sale.quantity:
        turn.say("stale.nothing")
    elif verb == "sure-flash-price" and not sale.minor and subject.isdecimal():
        sale.minor = int(subject[:12])
        _ask(turn, product)
    elif verb == "flash-now" and sale.per_person:
        _show(turn, product, turn.unit.now)
    elif verb == "sure-flash" and sale.per_person and subject == _shown(turn):
        _make(turn, product)
    elif verb == "sure-flash" and sale.per_person and subject.startswith(f"{_times(sale)}:"):
        _show(turn, product, sale.starts_at)
    else:
        turn.say("stale.nothing")


def finish(turn: Turn, subject: str) -> None:
    """Ends a sale."""
    found = flash_sales.not_over(turn.unit.db, turn.unit.now)
    sale = next((each for each in found if str(each.id) == subject), None)
    product = turn.product(sale.product) if sale else None
    if sale and flash_sales.finish(turn.unit, sale.id, by=turn.chat.person):
        name = turn.name(product, sale.grade) if product else sale.product
        turn.say("flash.over", name=name)
    else:
        turn.say("stale.nothing")


def _ask(turn: Turn, product: Product) -> None:
    """Asks for the next thing that is missing."""
    sale = turn.state.sale
    turn.state.asked, turn.state.about, turn.state.grade = ASKED, product.key, sale.grade
    name = turn.name(product, sale.grade)
    if _is_said(turn, product):
        return
    if not sale.quantity:
        turn.say(f"flash.ask-quantity-{product.unit}", name=name)
    elif not sale.minor:
        usual = pricing.usual(turn, product, sale.grade)
        turn.say("flash.ask-price", name=name, price=goods_cards.price(turn, product, usual))
    elif not sale.per_person:
        turn.say("flash.ask-each", name=name)
    else:
        turn.say("flash.ask-start", choices=(turn.choice("button.flash-now", "flash-now"),))


def _is_said(turn: Turn, product: Product) -> bool:
    """Takes the next thing that is missing from what was written at first, each once."""
    sale = turn.state.sale
    known = {"quantity": sale.quantity, "price": sale.minor, "each": sale.per_person}
    kind = next((kind for kind, value in known.items() if not value), "time")
    if not sale.said or kind in sale.tried:
        return False
    sale.tried.append(kind)
    said = flash_figures.said(replace(turn, text=sale.said), product).get(kind)
    return said is not None and _take(said, product)


def _too_many(turn: Turn, product: Product, there: int) -> bool:
    """So much is not there to be sold: how much then?"""
    turn.state.sale.quantity = turn.state.sale.per_person = 0
    name, shown = (
        turn.name(product, turn.state.sale.grade),
        turn.quantity(product, there, product.unit),
    )
    turn.say("flash.too-many", name=name, there=shown)
    return True


def _show(turn: Turn, product: Product, starts_at: int) -> None:
    """Shows all of it, and the sale of the same goods that it would end."""
    sale = turn.state.sale
    sale.starts_at = starts_at
    end = starts_at + (sale.lasts_ms or flash_sales.LASTS_MS)
    before = [
        turn.words("flash.ends-other", moment=turn.moment(each.starts_at)) for each in _before(turn)
    ]
    turn.say(
        "flash.sure",
        **_figures(turn, product, sale.minor, sale.quantity, sale.per_person),
        moment=turn.moment(starts_at),
        end=turn.moment(end),
        other="\n".join(before),
        choices=(turn.choice("button.flash-sure", f"sure-flash:{_shown(turn)}"),),
    )


def _before(turn: Turn) -> list[FlashSale]:
    """The sales of the same goods that the new one ends."""
    goods = turn.state.sale.product, turn.state.sale.grade
    found = flash_sales.not_over(turn.unit.db, turn.unit.now)
    return [sale for sale in found if (sale.product, sale.grade) == goods]


def _shown(turn: Turn) -> str:
    """What was shown, the times and the sales that end: an older button is for others."""
    ended = "-".join(str(sale.id) for sale in _before(turn))
    return f"{_times(turn.state.sale)}:{ended}"


def _times(sale: NewSale) -> str:
    return f"{sale.starts_at}:{sale.lasts_ms}"


def _figures(
    turn: Turn, product: Product, minor: int, quantity: int, per_person: int
) -> dict[str, Any]:
    """What is sold at what price, for the texts."""
    grade = turn.state.sale.grade
    price = Price(minor, product.grade(grade).price.per)
    return {
        "name": turn.name(product, grade),
        "price": goods_cards.price(turn, product, price),
        "quantity": turn.quantity(product, quantity, product.unit),
        "each": turn.quantity(product, per_person, product.unit),
    }


def _make(turn: Turn, product: Product) -> None:
    sale = turn.state.sale
    ends_at = sale.starts_at + (sale.lasts_ms or flash_sales.LASTS_MS)
    if ends_at <= turn.unit.now:
        turn.say("flash.past", moment=turn.moment(ends_at))
        return
    before = _before(turn)
    made = flash_sales.make(
        turn.unit,
        product,
        sale.grade,
        minor=sale.minor,
        quantity=sale.quantity,
        per_person=sale.per_person,
        starts_at=sale.starts_at,
        ends_at=ends_at,
        by=turn.chat.person,
    )
    if isinstance(made, Shortage):
        _too_many(turn, product, made.available)
        return
    turn.say("flash.made", **_made(turn, product, made))
    for chat in notices.staff(turn) if before else ():
        view = turn.towards(chat)
        other = view.moment(before[0].starts_at)
        turn.notify(chat, "flash.other-made", **_made(view, product, made), other=other)
    turn.state.asked, turn.state.sale = "", NewSale()


def _made(turn: Turn, product: Product, made: FlashSale) -> dict[str, Any]:
    """What the texts of a sale that is made tell, with the button that ends it."""
    return {
        **_figures(turn, product, made.minor, made.quantity, made.per_person),
        "moment": turn.moment(made.starts_at),
        "end": turn.moment(made.ends_at),
        "choices": (turn.choice("button.flash-over", f"flash-over:{made.id}"),),
    }
