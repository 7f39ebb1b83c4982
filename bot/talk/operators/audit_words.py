"""What was changed, from what to what, in a person's words: kept are keys, states and numbers."""

from __future__ import annotations

from bot.language.script import shortened
from bot.shop import enquiries, people
from bot.shop.catalogue import Price, Product
from bot.shop.people import Audit
from bot.talk import desk, goods_cards
from bot.talk.turn import Turn

SHOWN_LENGTH = 40  # characters of what it was, and of what it is

_PRICES = ("price", "special-price", "flash-sale")
_SUMS = (
    "payment.offer-back",
    "payment.sent-back",
    "payment.send-back",
    "payment.collected",
    "payment.let-go",
    "order.discount",
    "order.discount-back",
)
_DAYS = ("lot.best-before", "lot.harvested")
_ROLES = ("role", "invite", "invited")
_OF_LINES = ("announcement", "flash-sale-over")  # Their subject is a row's number.
# A picture's hash, a catalogue's version or what is said by what happened tells nobody anything.
_UNTOLD = ("product.picture", "payment.proof", "payment.reject", "catalogue", "enquiry")

# What is kept of them beside each other is no change from one to the other.
_TOLD_TOGETHER = (
    "payment.receipt",
    "payment.carried",
    "payment.unmatched",
    "payment.sent-twice",
    "payment.matched",
    "expected",
)


def subject(turn: Turn, made: Audit) -> str:
    """What was changed: goods, a person, a question, else an order's number."""
    if made.what in _OF_LINES:
        return ""
    if made.what in ("role", "invite"):
        return _person(turn, made.subject, is_chat=made.what == "invite")
    if made.what == "enquiry":
        asked = enquiries.find(turn.unit.db, int(made.subject))
        return shortened(desk.words_of(turn, asked), SHOWN_LENGTH) if asked else ""
    named, _, whom = made.subject.partition(" ")
    product, grade = _goods(turn, named)
    if product is None:
        return made.subject
    known = any(each.key == grade for each in product.grades)
    return " ".join(filter(None, (turn.name(product, grade if known else ""), _whom(turn, whom))))


def change(turn: Turn, made: Audit) -> str:
    """From what to what it was changed, or what it is now."""
    if made.what in _UNTOLD:
        return ""
    before, after = _told(turn, made)
    between = " " if made.what in _TOLD_TOGETHER else " → "
    return between.join(part[:SHOWN_LENGTH] for part in (before, after) if part)


def _told(turn: Turn, made: Audit) -> tuple[str, str]:
    what, before, after = made.what, made.before, made.after
    product, grade = _goods(turn, made.subject.partition(" ")[0])
    if what in _PRICES and product:
        return _price(turn, product, grade, before), _price(turn, product, grade, after)
    if what in (*_PRICES, *_SUMS):
        return _money(turn, before), _money(turn, after)
    if what in ("payment.receipt", "payment.carried"):
        return before, _money(turn, after)
    if what == "expected":
        amount = turn.quantity(product, int(after), product.unit) if product else after
        return _day(turn, before), amount
    if what == "flash-sale-change" and product:
        return _figures(turn, product, before), _figures(turn, product, after)
    if what == "lot.source":
        return _bought(turn, before), _bought(turn, after)
    if what in ("payment.unmatched", "payment.sent-twice"):
        return turn.words(f"audit.way-{before}"), after
    if what == "voucher":
        return "", _voucher(turn, after)
    if what in _DAYS:
        return _day(turn, before), _day(turn, after)
    coded = {
        "payment": "audit.payment-",
        "payment.way": "audit.way-",
        **dict.fromkeys(_ROLES, "web.role-"),
    }
    if what == "announcement" and before:
        coded[what] = "audit.news-"
    if id := coded.get(what):
        return _coded(turn, id, before), _coded(turn, id, after)
    return before, after


def _coded(turn: Turn, id: str, code: str) -> str:
    return turn.words(f"{id}{code}") if code else ""


def _goods(turn: Turn, named: str) -> tuple[Product | None, str]:
    key, _, grade = named.partition("/")
    return turn.product(key), grade


def _price(turn: Turn, product: Product, grade: str, minor: str) -> str:
    known = any(each.key == grade for each in product.grades)
    if not (minor.isdecimal() and known):
        return _money(turn, minor)
    return goods_cards.price(turn, product, Price(int(minor), product.grade(grade).price.per))


def _money(turn: Turn, minor: str) -> str:
    return turn.money(int(minor)) if minor.isdecimal() else minor


def _figures(turn: Turn, product: Product, said: str) -> str:
    """How much of a flash sale there is in all, and how much to each."""
    amounts = [turn.quantity(product, int(each), product.unit) for each in said.split()]
    return " / ".join(amounts)


def _day(turn: Turn, day: str) -> str:
    return goods_cards.iso_day(turn, day) if day else ""


def _bought(turn: Turn, said: str) -> str:
    """A household and what it gets."""
    household, _, minor = said.rpartition(" ")
    return f"{household} {_money(turn, minor)}" if household else said


def _voucher(turn: Turn, said: str) -> str:
    """`sum 500 x 3` or `percent 10 x 3`."""
    kind, value, _, made = said.split()
    off = {"n": int(value)} if kind == "percent" else {"money": turn.money(int(value))}
    return f"{turn.words(f'voucher.{kind}', **off)} × {made}"


def _whom(turn: Turn, id: str) -> str:
    return _person(turn, id) if id.isdecimal() else ""


def _person(turn: Turn, id: str, *, is_chat: bool = False) -> str:
    """Somebody by their name; nobody is known by a number."""
    if not id.isdecimal():
        return id
    person = (
        people.chat(turn.unit, int(id)).person
        if is_chat
        else people.find_person(turn.unit.db, int(id))
    )
    return (person and person.name) or turn.words("staff.unnamed", n=person.id if person else id)
