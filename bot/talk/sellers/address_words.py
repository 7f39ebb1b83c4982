"""Another address for an order, as a seller says it: 王芳那单的地址改成和扎西那单一样, or where it
goes. Both addresses are shown before it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from msgspec.structs import replace

from bot.language.addresses.recipient import Recipient
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import numbers, order_search, orders, stock
from bot.shop.orders import Order
from bot.talk import cards, desk
from bot.talk.buyers import readdressing
from bot.talk.sellers import address_wishes, meaning, overviews
from bot.talk.turn import Turn

ASKED = "where-to"  # where an order is to go
# A button; its subject is the order, then the one that goes there too or nothing where it was
# typed, then a sum over the address that was shown.
VERB = "where-to"
TEXT_MAX = 200  # characters
# All are matched in the form of a text. Before the end of the first it is said whose order it is,
# behind it where that is to go.
_CHANGES = regex(
    r"地址(?:给(?:我|他|她))?[要也都]?(?:[改换变]一?下?[成为到]?(?![了好完过])|(?=[和跟同与]))"
    r"|[改换]一?下?(?:收货)?地址|(?<=单)[改换寄送发]+到(?=[和跟同与])"
    r"|\b(?:change|set|switch|update|make)\b.{0,60}?\baddress\b(?:.{0,60}?\b(?:to|as|like)\b)?"
    r"|\baddress\b.{0,40}?\b(?:should be|same as|like)\b"
    r"|\bsend .{1,40}? to the same (?:address|place) as\b"
    r"|ཁ་བྱང་?(?:དེ་)?(?=.*(?:བརྗེ|བསྒྱུར|བཅོས|བཟོ|གཅིག|འདྲ))"
)
_LIKE = regex(r"一样|相同|同一|\bsame\b|\blike\b|གཅིག|འདྲ")
_NOT = regex(r"[?吗么没别不]|改了|\b(?:not|don't|did)\b|མ་བརྗེ|མི་བརྗེ|(?:ཟིན|སོང|དམ|སམ)(?:།|་|$)")
_LIKE_WORDS = regex(
    r"[^\w\u0f71-\u0fbc]|[和跟同与的那单份吧]|订单|一样|地址|就行|\b(?:the|same|as|like|to|for|of|order|s)\b"
    r"|མངགས་ཐོ|དང|གཅིག་པ|འདྲ|[གཀ]ྱི|གི|ཡི|འི"
)
_ENDING = regex(r"[\s,.!]*(?:吧|就行|就好|谢谢|\bplease\b|(?:ལ་)?བརྗེ.*|(?:ལ་)?བསྒྱུར.*)[\s,.!]*$")


def said(turn: Turn) -> bool:
    """Asks whether an order goes where a message says; False where none is meant."""
    form = form_of(turn.text).text
    found = _CHANGES.search(form)
    if found is None or len(form) > TEXT_MAX or _NOT.search(form):
        return False
    text = turn.text if len(turn.text) == len(form) else form
    shown = None if turn.state.draft.lines else meaning.shown(turn)
    named = _orders(turn, text[: found.end()]) or ([shown] if shown else [])
    there = [each for each in named if each.state in address_wishes.MOVED_IN]
    if named and not there:
        desk.not_now(turn, named[0])
    elif there:
        _go(turn, there, text[found.end() :], is_like=bool(_LIKE.search(form)))
    return bool(named)


def take(turn: Turn) -> bool:
    """Where the order goes of which it was asked; False when a message does not say."""
    order = orders.find(turn.unit.db, turn.state.order)
    if order is None or not (_says_like(turn, order) or _to(turn, order, turn.text)):
        return False
    _go(turn, [order], turn.text)
    return True


def _says_like(turn: Turn, order: Order) -> bool:
    """Whether a message names another order, and says no more."""
    form = numbers.WRITTEN.sub(" ", form_of(turn.text).text)
    others = [each for each in _orders(turn, turn.text) if each.id != order.id]
    for each in others:
        form = form.replace(form_of(each.recipient.name).text.strip("་ "), " ")
        form = form.replace(form_of(each.recipient.name).text.split(" ")[0], " ")
    return bool(others) and not _LIKE_WORDS.sub("", form)


def _orders(turn: Turn, text: str) -> list[Order]:
    """The orders that a text names, as they stand by now."""
    db = turn.unit.db
    order = orders.find(db, text)
    found = [order] if order else order_search.named_in(db, text)
    return list({e.id: e for e in (orders.standing(db, each) for each in found)}.values())


def _to(turn: Turn, order: Order, text: str) -> Recipient | None:
    """Where an order goes that goes where a text says."""
    to = readdressing.said_in(turn, order, _ENDING.sub("", text).strip())
    return to if to and to.detail and to != order.recipient else None


def _go(turn: Turn, found: Sequence[Order], where: str, *, is_like: bool = False) -> None:
    """Asks whether it is meant, or which order, or where it goes if that is not plain."""
    like = next((e for e in _orders(turn, where) if e not in found), None)
    turn.state.moving = "" if like else where
    if not like and (is_like or not _to(turn, found[0], where)):
        turn.state.asked, turn.state.order = ASKED, found[0].number
        address = _address(turn, found[0].recipient)
        id = "staff.ask-like-whom" if is_like else "staff.ask-where-to"
        turn.say(id, number=found[0].number, address=address)
    elif len(found) > 1:
        values = [f"{VERB}:{each.number}:{like.number if like else ''}" for each in found]
        choices = (Choice(overviews.label(turn, e), v) for e, v in zip(found, values, strict=True))
        turn.say("staff.which-order", number="", choices=tuple(choices))
    else:
        _ask(turn, found[0], like)


def _address(turn: Turn, recipient: Recipient) -> str:
    return " ".join(cards.address_lines(turn, recipient))


def _ask(turn: Turn, order: Order, like: Order | None, shown: str = "") -> None:
    """The order goes there once that was `shown`, if anything is sent there."""
    own, turn.state.order = order.recipient, order.number
    to = _to(turn, order, turn.state.moving)
    to = replace(like.recipient, name=own.name, phone=own.phone) if like else to
    if to is None:
        turn.say("stale.nothing")
        return
    quote, _ = readdressing.quoted(turn, order, to)
    if order.state not in address_wishes.MOVED_IN:
        desk.not_now(turn, order)
    elif quote.problems:
        why = turn.words(f"address.why-{quote.problems[0]}")
        turn.say("staff.cannot-go-there", number=order.number, why=why)
    elif to == own:
        turn.say("staff.goes-there-already", number=order.number, address=_address(turn, own))
    elif shown == (sum := f"{crc32(_address(turn, to).encode()):x}"):
        turn.state.asked = turn.state.moving = ""
        address_wishes.move(turn, order, to, stock.transit_days(quote.zone))
    else:
        value = f"{VERB}:{order.number}:{like.number if like else ''}:{sum}"
        turn.say(
            "staff.where-to-sure",
            number=order.number,
            before=_address(turn, own),
            address=_address(turn, to),
            choices=(turn.choice("button.where-to", value),),
        )


def press(turn: Turn, subject: str) -> None:
    """The button of one of several orders, or that which says that it is meant."""
    number, other, shown = (*subject.split(":"), "", "")[:3]
    order, like = orders.find(turn.unit.db, number), orders.find(turn.unit.db, other)
    if order is None or (other and like is None) or not (other or turn.state.moving):
        turn.say("stale.nothing")
    else:
        _ask(turn, order, like, shown)
