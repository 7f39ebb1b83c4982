"""Parcels: which courier a tracking number belongs to, and sending an order on its way.

Letters and a valid check digit make a courier certain; bare digits overlap between couriers, so
these give a ranked list for a person to choose from.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from enum import IntEnum
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from bot.shop import orders, people
from bot.shop.catalogue import Texts
from bot.shop.numbers import DASH, ascii_digits
from bot.shop.orders import Move, Moved, NotAllowed, Order, State
from bot.shop.parcel_states import BACK, FINISHED, ParcelState, may_follow
from bot.shop.people import By, id_of
from bot.store import queries
from bot.store.unit import Unit

_sql = queries.load(__file__)

SAID_MAX = 500  # characters of a courier's sentence
NUMBER_MAX = 40  # characters; the longest in use have 34
LENGTHS = range(10, 21)  # of the numbers that any pattern knows
TYPED = range(5, 35)  # characters of a number that no pattern knows, so that it fits a button
TOKENS_MAX = 60  # of a message that are looked at
LATEST = 1_000  # entries among which somebody's last is looked for
GROUPS_MAX = 6  # a number copied in groups has hardly more


class Fit(IntEnum):
    """How much a number of this shape says."""

    SURE = 0
    LIKELY = 1
    POSSIBLE = 2  # so common a shape that it counts only where nothing else is said


class Courier(Struct, frozen=True):
    """A courier: its names by language, and the shapes of its numbers, normalised."""

    names: Texts
    patterns: tuple[tuple[str, Fit], ...] = ()


def _courier(zh_hans: str, zh_hant: str, en: str, *patterns: tuple[str, Fit]) -> Courier:
    return Courier({"zh-Hans": zh_hans, "zh-Hant": zh_hant, "en": en}, patterns)


# Patterns after BF-zh/Courier-Validation (Sep 2024). Among equals the more telling shape is first.
COURIERS: Mapping[str, Courier] = {
    "sf": _courier(
        "顺丰", "順豐", "SF Express", (r"SF[A-Z0-9]\d{12}", Fit.SURE), (r"\d{12}", Fit.POSSIBLE)
    ),
    "jd": _courier("京东", "京東", "JD Logistics", (r"JD[A-Z0-9]{2}\d{11}", Fit.SURE)),
    "jt": _courier("极兔", "極兔", "J&T Express", (r"JT\d{13}", Fit.SURE)),
    "deppon": _courier("德邦", "德邦", "Deppon", (r"DPK\d{12}", Fit.SURE)),
    "sto": _courier("申通", "申通", "STO Express", (r"(?:77|43)\d{12,15}", Fit.LIKELY)),
    "zto": _courier("中通", "中通", "ZTO Express", (r"7[3-68]\d{12}", Fit.LIKELY)),
    "yunda": _courier("韵达", "韻達", "Yunda", (r"[34]\d{14}|5\d{12}", Fit.LIKELY)),
    "cainiao": _courier("菜鸟", "菜鳥", "Cainiao", (r"621\d{12}", Fit.LIKELY)),
    "ems": _courier(
        "EMS / 中国邮政",
        "EMS / 中國郵政",
        "EMS / China Post",
        (r"[A-Z]{2}\d{9}CN", Fit.SURE),
        (r"[189]\d{12}", Fit.LIKELY),
    ),
    "yto": _courier(
        "圆通",
        "圓通",
        "YTO Express",
        (r"YT\d{13}", Fit.SURE),
        (r"\d{10,12}|\d{18}", Fit.POSSIBLE),
    ),
    "post": _courier("外国邮政", "外國郵政", "Foreign post", (r"[A-Z]{2}\d{9}[A-Z]{2}", Fit.SURE)),
    "other": _courier("其他快递", "其他快遞", "Other courier"),
}
# What people call them; EMS / 中国邮政 is called either.
_CALLED = {
    part: key
    for key, courier in COURIERS.items()
    for name in courier.names.values()
    for part in name.split(" / ")
}
_A_NAME = re.compile("|".join(map(re.escape, _CALLED)), re.IGNORECASE)
_SHAPES = sorted(
    (
        (fit, key, re.compile(pattern))
        for key, courier in COURIERS.items()
        for pattern, fit in courier.patterns
    ),
    key=lambda shape: shape[0],
)
_S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_JD_SUFFIX = re.compile(r"(JD[A-Z0-9]{2}\d{11})-\d+(?:-\d+)*-?")
_BETWEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad_\-\u2010-\u2015\u2212]+")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]+")
_PARTS = re.compile(r"[\s,;，；、。/|+&和跟与及]+|\band\b|དང་")
_PHONE = re.compile(r"(?:0?086|86)?1[3-9]\d{9}")
_DATED = re.compile(r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{6}")  # an order's number
_ORDER_NUMBER = re.compile(rf"(?<![0-9A-Z-])\d{{6}}\s?[{DASH}]\s?\d{{6}}(?![0-9A-Z-])")
_RUN = re.compile(rf"[A-Z0-9]+(?:[{DASH} ]{{1,3}}[A-Z0-9]+)*")


class Parcel(Struct, frozen=True):
    """A parcel of an order, on its way since `at`; what its courier `said` last is from `news_at`
    (UTC ms). What several orders are in has an `id` for each."""

    id: int
    order_id: int
    courier: str
    number: str
    at: int
    state: ParcelState = ParcelState.UNKNOWN
    said: str = ""
    news_at: int = 0
    asked_at: int = 0


class News(Struct, frozen=True):
    """Something new of a parcel and the orders in it; `is_first`: it is in that state for once."""

    parcel: Parcel
    orders: tuple[Order, ...]
    is_first: bool


def normalise(text: str) -> str:
    """A tracking number as couriers write it: ASCII digits, upper case, without gaps or dashes.

    The parcel-of-parcels suffix of JD (`-1-2-`) is left out.
    """
    upper = _INVISIBLE.sub("", ascii_digits(text)).strip().upper()
    return _BETWEEN.sub("", _JD_SUFFIX.sub(r"\1", upper))


def recognise(number: str) -> list[str]:
    """The keys of couriers whose number this can be, likeliest first; a certain one stands alone.

    Empty when it is nobody's, or its check digit is wrong.
    """
    return [key for _, key in _fits(normalise(number))]


def is_sure(number: str) -> bool:
    """Whether the number itself says whose it is."""
    fits = _fits(normalise(number))
    return bool(fits) and fits[0][0] is Fit.SURE


def several_numbers(text: str) -> list[str]:
    """The tracking numbers of a text that names several, each without gaps; else none.

    Of a text with several orders' numbers it is not known which parcel is whose.
    """
    if len(_ORDER_NUMBER.findall(ascii_digits(text))) > 1:
        return []
    parts = _PARTS.split(_ORDER_NUMBER.sub(" ", ascii_digits(text)))
    found = dict.fromkeys(filter(None, map(looks_like_number, parts)))
    return list(found) if len(found) > 1 else []


def looks_like_number(text: str) -> str | None:
    """The tracking number that a text holds, normalised, beside an order's number or without.

    Digits that could be a phone's or an order's number are none; shapes that nearly any number
    has count only when the text says nothing else.
    """
    rest = _rest(text)
    likely = None
    for candidate in _candidates(rest):
        fits = _fits(candidate)
        if fits and fits[0][0] is Fit.SURE:
            return candidate
        if fits and fits[0][0] is Fit.LIKELY:
            likely = likely or candidate
    bare = _BETWEEN.sub("", rest.replace("|", " "))
    alone = bare.isdigit() and len(bare) == 12 and not _DATED.fullmatch(bare)
    return likely or (bare if alone and _fits(bare) else None)


def named(text: str) -> str:
    """The courier that a text names, or ''."""
    found = text.casefold()
    return next((key for name, key in _CALLED.items() if name.casefold() in found), "")


def beside(text: str) -> str:
    """What a text says beside its numbers and couriers."""
    words = re.split(r"[\s,.:;，。：；、|]+", _A_NAME.sub(" ", text))
    return " ".join(word for word in words if word and not re.search(r"\d", word))


def is_misspelt(number: str) -> bool:
    """Whether a number has the form of the Universal Postal Union's, but not its check digit."""
    postal = _S10.fullmatch(normalise(number))
    return postal is not None and not _has_check_digit(postal)


def typed_number(text: str) -> str | None:
    """The tracking number, normalised, in a text that was asked for one, whatever its form.

    The longest of the groups of letters and digits, each with a digit in it, that stand together;
    no order's number and no phone's.
    """
    return max(typed_numbers(text), key=len, default=None)


def typed_numbers(text: str) -> list[str]:
    """All that can be tracking numbers in a text, as `typed_number` has them."""
    found = [
        "".join(group)
        for run in _RUN.finditer(_rest(text))
        for has_digits, group in groupby(_BETWEEN.split(run[0])[:TOKENS_MAX], key=_is_digital)
        if has_digits
    ]
    return [each for each in found if len(each) in TYPED]


def is_bare_number(text: str) -> bool:
    """Whether a text is a tracking number of whatever form, an order's beside it, and no more."""
    number, rest = typed_number(text), _rest(text)
    if number is None or _BETWEEN.sub("", rest.replace("|", "")) != number:
        return False
    return "|" in rest or (len(number) in LENGTHS and not number.isdigit())


def ship(unit: Unit, order: Order, courier: str, number: str, *, by: By) -> Moved:
    """Records a parcel and sends a confirmed or packed order on its way.

    Raises NotAllowed when the order cannot go there, and ValueError for an unknown courier or a
    number that is empty or too long; nothing has changed then.
    """
    normal = check(courier, number)
    order = orders.fresh(unit.db, order)
    if order.state is State.CONFIRMED:
        order = orders.move(unit, order, State.PACKING, by=by).order
    moved = orders.move(unit, order, State.SHIPPED, by=by)
    enter(unit, order, courier, normal, by)
    return moved


def add(unit: Unit, order: Order, courier: str, number: str, *, by: By) -> bool:
    """Records one more parcel of an order that is on its way, or a part of it; False for one that
    is known. Raises as `ship` does.
    """
    order, normal = orders.fresh(unit.db, order), check(courier, number)
    if order.state is not State.SHIPPED and not orders.is_in_parts(unit.db, order):
        raise NotAllowed(order, State.SHIPPED)
    return bool(enter(unit, order, courier, normal, by))


def correct(unit: Unit, wrong: Parcel, courier: str, number: str, *, by: By) -> Order:
    """Another number in the place of a wrong one, for the order of that entry alone.

    An order that counts as delivered stays so: there is no way back. Raises as `ship` does.
    """
    order, normal = orders.by_id(unit.db, wrong.order_id), check(courier, number)
    if order is None:
        raise ValueError(wrong.order_id)
    if not may_correct(unit.db, order):
        raise NotAllowed(order, State.SHIPPED)
    drop(unit, wrong)
    enter(unit, order, courier, normal, by)
    people.audit(unit, by, "renumbered", order.number, wrong.number, normal)
    return order


def drop(unit: Unit, parcel: Parcel) -> None:
    """It is none of its order's any more."""
    _sql.remove(unit.db, id=parcel.id)


def remove(unit: Unit, wrong: Parcel, *, by: By) -> Order:
    """Takes a number away from the order of that entry alone. Raises NotAllowed unless it may."""
    order = orders.by_id(unit.db, wrong.order_id)
    if order is None:
        raise ValueError(wrong.order_id)
    if not may_remove(unit.db, order):
        raise NotAllowed(order, State.SHIPPED)
    drop(unit, wrong)
    people.audit(unit, by, "number-removed", order.number, "", wrong.number)
    return order


def may_remove(db: sqlite3.Connection, order: Order) -> bool:
    """Whether a number of an order can be taken away: not the only one by which it has arrived."""
    has_more = len(of_order(db, order.id)) > 1
    return may_correct(db, order) and (has_more or order.state is State.SHIPPED)


def may_correct(db: sqlite3.Connection, order: Order) -> bool:
    """Whether a number of an order can be wrong: it, or a part of it, is on its way, or said to
    have arrived by anybody but its buyer."""
    if order.state is State.SHIPPED or orders.is_in_parts(db, order):
        return True
    return order.state is State.DELIVERED and _arrived(db, order).person_id != order.person_id


def is_underway_after_all(db: sqlite3.Connection, order: Order) -> bool:
    """Whether it counted as delivered by a wrong number, in whose place another was put since."""
    if order.state is not State.DELIVERED:
        return False
    arrived = _arrived(db, order)
    return any(each.at > arrived.at for each in of_order(db, order.id))


def _arrived(db: sqlite3.Connection, order: Order) -> Move:
    """How an order that is delivered came to be so."""
    moves = orders.history(db, order.id)
    return next(each for each in reversed(moves) if each.after is State.DELIVERED)


def check(courier: str, number: str) -> str:
    """The number as couriers write it. Raises ValueError as `ship` does."""
    normal = normalise(number)
    if courier not in COURIERS or not 0 < len(normal) <= NUMBER_MAX:
        raise ValueError(courier, number[:NUMBER_MAX])
    return normal


def enter(unit: Unit, order: Order, courier: str, number: str, by: By) -> int:
    """Records a parcel of an order, wherever that is; 0 for one that is known."""
    added: int = _sql.add(
        unit.db,
        order_id=order.id,
        courier=courier,
        number=number,
        person_id=id_of(by),
        now=unit.now,
    )
    return added


def of_order(db: sqlite3.Connection, order_id: int) -> list[Parcel]:
    """The parcels of an order."""
    return [_parcel(row) for row in _sql.of_order(db, order_id=order_id)]


def by_id(db: sqlite3.Connection, id: int) -> Parcel | None:
    """An order's entry of a parcel."""
    row = _sql.by_id(db, id=id)
    return _parcel(row) if row else None


def of_number(db: sqlite3.Connection, number: str) -> list[Parcel]:
    """The entries of a normalised number, whoever its courier is."""
    rows = (_sql.by_number(db, courier=courier, number=number) for courier in COURIERS)
    return [_parcel(row) for found in rows for row in found]


def last_by(db: sqlite3.Connection, by: By) -> Parcel | None:
    """What somebody has entered last."""
    row = _sql.last_by(db, person_id=id_of(by), within=LATEST)
    return _parcel(row) if row else None


def find(db: sqlite3.Connection, courier: str, number: str) -> tuple[Parcel, list[Order]] | None:
    """A parcel and the orders in it."""
    rows = list(_sql.by_number(db, courier=courier, number=number))
    found = (orders.by_id(db, row["order_id"]) for row in rows)
    return (_parcel(rows[0]), [order for order in found if order]) if rows else None


def take_news(
    unit: Unit, courier: str, number: str, state: ParcelState, said: str, at: int
) -> News | None:
    """What a courier says of a parcel; None when it is none of ours, known or out of date."""
    found = find(unit.db, courier, number)
    if found is None or at < found[0].news_at:
        return None
    row = next(iter(_sql.by_number(unit.db, courier=courier, number=number)))
    been = [ParcelState(each) for each in row["been"].split()]
    if state is not found[0].state and not may_follow(been, state):
        return None
    is_first = state not in been
    if is_first:
        been.append(state)
    values = {"state": state, "said": said[:SAID_MAX], "news_at": at, "been": " ".join(been)}
    _sql.set_news(unit.db, courier=courier, number=number, **values)
    parcel = replace(found[0], state=state, said=said[:SAID_MAX], news_at=at)
    return News(parcel, tuple(found[1]), is_first)


def note_asked(unit: Unit, parcel: Parcel) -> None:
    """The courier is being asked about it now."""
    values = {"courier": parcel.courier, "number": parcel.number}
    _sql.set_asked(unit.db, **values, now=unit.now)


def has_arrived(db: sqlite3.Connection, order: Order) -> bool:
    """Whether every parcel of an order is delivered, but for what is lost."""
    states = {each.state for each in of_order(db, order.id)} - {ParcelState.LOST}
    return states == {ParcelState.DELIVERED}


def open_ones(db: sqlite3.Connection, order: Order) -> list[Parcel]:
    """The parcels of an order that are not known to have arrived, come back or be lost."""
    return [each for each in of_order(db, order.id) if not is_finished(each)]


def note(unit: Unit, parcel: Parcel, state: ParcelState) -> None:
    """A person says that a parcel will never arrive, or has."""
    known = {"courier": parcel.courier, "number": parcel.number}
    been = next(iter(_sql.by_number(unit.db, **known)))["been"]
    values = {"state": state, "said": parcel.said, "news_at": parcel.news_at}
    _sql.set_news(unit.db, **known, **values, been=f"{been} {state}".strip())


def comes_back(db: sqlite3.Connection, order: Order) -> bool:
    """Whether something of an order goes back to the sender, and nothing is to arrive."""
    states = [each.state for each in of_order(db, order.id)]
    return any(each in BACK for each in states) and all(
        each in (*BACK, *FINISHED) for each in states
    )


def is_back(db: sqlite3.Connection, order: Order) -> bool:
    """Whether something of an order is back at the sender's, and nothing is on its way."""
    found = of_order(db, order.id)
    return all(map(is_finished, found)) and any(e.state is ParcelState.RETURNED for e in found)


def is_finished(parcel: Parcel) -> bool:
    """Whether there is nothing more to come of it."""
    return parcel.state in FINISHED


def _parcel(row: sqlite3.Row) -> Parcel:
    return Parcel(
        id=row["id"],
        order_id=row["order_id"],
        courier=row["courier"],
        number=row["number"],
        at=row["at"],
        state=ParcelState(row["state"]),
        said=row["said"],
        news_at=row["news_at"],
        asked_at=row["asked_at"],
    )


def _rest(text: str) -> str:
    """A text in upper case, with a bar in the place of each order's number."""
    upper = _INVISIBLE.sub("", ascii_digits(text)).upper()
    return _JD_SUFFIX.sub(r"\1", _ORDER_NUMBER.sub("|", upper))


def _is_digital(token: str) -> bool:
    """Whether a group can be of a number: with a digit, and no phone's or order's number."""
    named = _PHONE.fullmatch(token) or _DATED.fullmatch(token)
    return not named and any(sign.isdigit() for sign in token)


def _fits(number: str) -> list[tuple[Fit, str]]:
    found: list[tuple[Fit, str]] = []
    for fit, key, pattern in _SHAPES:
        if not pattern.fullmatch(number) or any(key == other for _, other in found):
            continue
        if fit is Fit.SURE:
            postal = _S10.fullmatch(number)
            return [] if postal and not _has_check_digit(postal) else [(fit, key)]
        found.append((fit, key))
    return found


def _has_check_digit(postal: re.Match[str]) -> bool:
    """The check digit of the Universal Postal Union's standard S10."""
    pairs = zip(_S10_WEIGHTS, postal[1], strict=True)
    rest = 11 - sum(weight * int(digit) for weight, digit in pairs) % 11
    return {10: 0, 11: 5}.get(rest, rest) == int(postal[2])


def _candidates(text: str) -> Iterator[str]:
    """Runs of letters and digits, also several with gaps between them, as numbers are copied."""
    for run in _RUN.finditer(text):
        tokens = _BETWEEN.split(run[0])[:TOKENS_MAX]
        for start in range(len(tokens)):
            for end in range(min(len(tokens), start + GROUPS_MAX), start, -1):
                joined = "".join(tokens[start:end])
                if len(joined) in LENGTHS and _may_be_joined(tokens[start:end]):
                    yield joined


def _may_be_joined(tokens: list[str]) -> bool:
    """Whether groups can be one number: not phones, not orders' numbers, no odd bits of digits."""
    if any(_PHONE.fullmatch(token) or _DATED.fullmatch(token) for token in tokens):
        return False
    digits_only = all(token.isdigit() for token in tokens)
    return len(tokens) == 1 or not digits_only or all(len(token) >= 3 for token in tokens[:-1])
