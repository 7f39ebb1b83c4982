"""Which grade and which amount belongs to which of the goods that a message names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from operator import attrgetter

import msgspec
from msgspec.structs import replace

from bot.language.lexicon import Hit
from bot.language.measures import RATIO, Measured, Measures, Quantity
from bot.language.regex import regex

_AND = regex(r"[,;\n\u0f0d、和]|\band\b|\bplus\b|\bwith\b|་དང་|跟|还有|加上|另外|再来|再加")


_YEARS = range(2015, 2040)
_OF_THEM = regex(r" (?:of (?:them|em|these|those)|pcs|pieces|please|pls|plz)\b")
_CLAUSE_END = regex(r"[,.!?;\n\u0f0d]")
# The grade of a pack: two of the big boxes, སྒམ་ཆུང་བ་གཅིག.
_PACK_BEHIND = regex(r" (?:box|bag|pack|stalk)")
# 3 medium cordyceps boxes: what so many are of.
_PACKS = regex(r" (?:gift )?(?:(?P<box>box(?:es)?)|(?P<bag>bags?))\b")
_PACK_BEFORE = regex(r"(?:སྒམ|ཁུག་མ)་?$")
_by_start = attrgetter("start")
UNSAID = ""  # the unit of a number that was said without any
_NEAR = 16  # characters between a bare number and the goods that it counts
# Between a number and a grade alone; in "large to 50" it is a price.
_JOINS = regex(
    r"(?: |:|\bof|the|ones?|more|extra|nice|x|×|[的号来要再也各都加添补多拿给我就只改]|་|དེ)*"
)


class Line(msgspec.Struct, frozen=True, gc=False):
    """One thing named: product and grade by their keys, and how much. Each may be unknown.

    `number` is an amount in no unit, of one among several goods: in the one that it is sold by.
    """

    product: str | None
    grade: str | None
    quantity: Quantity | None
    number: int | None = None


class Named(msgspec.Struct):
    """A product named in the message, before amounts and grades are put to it.

    A grade that is named without its product has '' for it.
    """

    start: int
    end: int
    product: str
    refused: bool = False
    quantity: Quantity | None = None
    grade: str | None = None
    by_piece: bool = False

    def fits(self, amount: Quantity) -> bool:
        """Whether it may be sold so: by weight or by the piece, each in boxes and bags."""
        return amount.unit not in ("g", "pc") or self.by_piece == (amount.unit == "pc")

    def take(self, amount: Quantity) -> None:
        """Gives it this amount, in pieces when no unit is said of what is sold so."""
        by_piece = self.by_piece and amount.unit == UNSAID
        self.quantity = Quantity(amount.amount, "pc") if by_piece else amount

    @property
    def line(self) -> Line:
        """It as part of what was read."""
        amount = self.quantity
        if amount and amount.unit == UNSAID:
            return Line(self.product or None, self.grade, None, amount.amount)
        return Line(self.product or None, self.grade, amount)


# Half of them large: 大小各一半 一共40根.
_HALVES = regex(
    r"各(?:占|要|来)?一半|各半(?![斤公两袋包盒])|一半.{1,6}一半|对半|\bhalf\b.{1,20}\bhalf\b"
    r"|ཕྱེད་ཀ་.{1,20}ཕྱེད་ཀ"
)
# Kinds of the same goods, at the same price: 麻辣2斤原味3斤.
_FLAVOUR = regex(r"麻辣|香辣|五香|原味|孜然|不?辣的|\b(?:spicy|plain|original)\b|ཁ་ཚ|ཚ་པོ")


def put_grades(
    body: str,
    named: list[Named],
    grades: Sequence[Hit],
    units: Mapping[str, str],
    about: str | None,
) -> list[Named]:
    """Puts each grade to the nearest product that has it. Returns all that is wanted if every
    grade counts for itself, as in 20根大的和30根中等的, or nothing."""
    wanted = [one for one in named if not one.refused]
    apart: list[Named] = []
    for hit in grades:
        keys = dict(m.value.split("/", 1) for m in hit.meanings if m.kind == "grade")
        if _PACK_BEHIND.match(body, hit.end) or _PACK_BEFORE.search(body[: hit.start]):
            continue
        owners = [one for one in wanted if one.product in keys]
        if owners:
            free = [one for one in owners if one.grade in (None, keys[one.product])]
            one = min(free or owners, key=lambda near: abs(near.start - hit.start))
            key = keys[one.product]
            one.grade = one.grade or key
            apart.append(replace(one, start=hit.start, end=hit.end, grade=key))
        elif keys and not any(one.product in keys for one in named):
            owner = about if about in keys else next(iter(keys))
            by_piece = units.get(owner) == "pc"
            apart.append(Named(hit.start, hit.end, "", by_piece=by_piece, grade=keys[owner]))
    kinds = {(one.product, one.grade) for one in apart}
    parted = {one.product for one in apart}
    if len(kinds) < len(apart) or (len(parted) == len(apart) and "" not in parted):
        return []
    rest = [one for one in wanted if one.product not in parted]
    return sorted([*rest, *apart], key=lambda one: one.start)


def amounts_of(body: str, named: Sequence[Named], measures: Measures) -> list[Measured]:
    """The quantities, and the bare numbers beside goods: 40 of them, beef 2 butter 1.

    Of one alone that is sold by weight the talk knows better what a number means.
    """
    found = list(measures.quantities)
    counts = sum(one.quantity.unit == "pc" for one in found)
    if len(named) == 1 and (counts or not named[0].by_piece):
        return found
    beside = [
        _packed(body, bare, named)
        for bare in numbers(measures)
        if any(_is_beside(body, bare.start, bare.end, one, named) for one in named)
    ]
    if len(found) + len(beside) > len(named) > 1:
        total = _total(sorted([*found, *beside], key=_by_start))
        found = [one for one in found if one is not total]
    return sorted([*found, *beside[: max(0, len(named) - len(found))]], key=_by_start)


def _total(amounts: Sequence[Measured]) -> Measured | None:
    """The first or the last amount, if the others come to it: 30根 20大10小."""
    sums = sum(one.quantity.amount for one in amounts)
    kinds = {one.quantity.unit for one in amounts} - {UNSAID}
    ends = (amounts[0], amounts[-1]) if len(amounts) > 2 and len(kinds) == 1 else ()
    return next((one for one in ends if one.quantity.amount * 2 == sums), None)


def _packed(body: str, bare: Measured, named: Sequence[Named]) -> Measured:
    """A number with the packs behind the goods that it counts, if there are such."""
    packs = [found for one in named if (found := _PACKS.match(body, one.end))]
    if len(named) != 1 or not packs or not packs[0].lastgroup or bare.end > named[0].start:
        return bare
    return Measured(bare.start, bare.end, Quantity(bare.quantity.amount, packs[0].lastgroup))


def numbers(measures: Measures) -> list[Measured]:
    """The whole numbers without a unit that may count goods."""
    return [
        Measured(start, end, Quantity(int(value), UNSAID))
        for start, end, value in (() if measures.priced else measures.bare)
        if value.denominator == 1 and not (end - start == 4 and value in _YEARS)
    ]


def share_each(body: str, named: Sequence[Named], measures: Measures) -> None:
    """Gives 1 kg each to all that have no amount of their own; 2 of each is left a number."""
    wanted = [one for one in named if not one.refused]
    for one in wanted if len({one.product for one in wanted}) > 1 else ():
        if not measures.quantities:
            one.quantity = None
        elif one.quantity is None and one.fits(measures.quantities[-1].quantity):
            one.quantity = measures.quantities[-1].quantity
    parts = shares(body, len(wanted)) if len(measures.quantities) == 1 else None
    if parts is not None:
        for one in wanted:
            one.quantity = None
        share_out(wanted, measures.quantities[0].quantity, parts)


def shares(body: str, kinds: int) -> tuple[int, ...] | None:
    """By what parts an amount goes to so many kinds: 各一半, 4:3:3; None when that is not said, and
    nothing when it is said of another number of kinds."""
    if ratio := RATIO.search(body):
        parts = tuple(int(part) for part in re.split("[:比]", ratio[0]))
        return parts if len(parts) == kinds and all(parts) else ()
    return (1,) * kinds if _HALVES.search(body) else None


def parted(amount: int, parts: Sequence[int]) -> list[int] | None:
    """An amount by these parts, if it can be parted so."""
    whole = sum(parts)
    if not whole or any(amount * part % whole for part in parts):
        return None
    return [amount * part // whole for part in parts]


def share_out(wanted: Sequence[Named], amount: Quantity, parts: Sequence[int]) -> None:
    """Gives each its part of an amount; none has any when it cannot be parted."""
    for one, part in zip(wanted, parted(amount.amount, parts) or (), strict=False):
        one.take(replace(amount, amount=part))


def sum_of(body: str, amounts: Sequence[Measured]) -> Quantity:
    """How much of one product is wanted: all its flavours, else what is said first."""
    first = amounts[0].quantity
    alike = len(amounts) > 1 and all(one.quantity.unit == first.unit for one in amounts)
    if not alike or len(_FLAVOUR.findall(body)) < len(amounts):
        return first
    return replace(first, amount=sum(one.quantity.amount for one in amounts))


def _is_beside(body: str, start: int, end: int, one: Named, named: Sequence[Named]) -> bool:
    between = body[end : one.start] if end <= one.start else body[one.end : start]
    if not one.product or not one.by_piece:
        return bool(_JOINS.fullmatch(between))
    if len(between) <= _NEAR and not _CLAUSE_END.search(between):
        return True
    return len(named) == 1 and bool(_OF_THEM.match(body, end))


def pair(body: str, named: list[Named], quantities: list[Measured]) -> None:
    """Puts amounts to products: within a clause first, then to the nearest without one.

    2斤松茸和10根虫草 and 松茸2斤 虫草10根 both come out right, because whichever of the two is
    named first in the message leads in all of it. No product takes what others need that it fits.
    """
    if not quantities:
        return
    apart = quantities[0].start >= named[-1].end - 1 or quantities[-1].end <= named[0].start
    if apart and len(quantities) == len(named) and _all_fit(named, quantities):
        for one, amount in zip(named, quantities, strict=True):
            one.take(amount.quantity)
        return
    leads = quantities[0].start < named[0].start
    left = list(quantities)
    for place, one in enumerate(named):
        own = [q for q in left if one.fits(q.quantity) or _is_spare(q, named, quantities)]
        floor = named[place - 1].end if place else 0
        ceiling = named[place + 1].start if place + 1 < len(named) else len(body)
        if leads:
            near = [q for q in own if floor <= q.start < one.start]
            chosen = near[-1] if near else None
        else:
            near = [q for q in own if one.end - 1 <= q.start < ceiling]
            chosen = near[0] if near else None
        if chosen is None:
            # The other order, but only within the same clause.
            around = [q for q in own if floor <= q.start < ceiling]
            around = [q for q in around if not _AND.search(_between(body, one, q))]
            chosen = around[0] if around else None
        if chosen is not None:
            one.take(chosen.quantity)
            left.remove(chosen)


def _all_fit(named: list[Named], quantities: list[Measured]) -> bool:
    pairs = zip(named, quantities, strict=True)
    return all(one.fits(amount.quantity) for one, amount in pairs)


def _is_spare(one: Measured, named: list[Named], quantities: list[Measured]) -> bool:
    """Whether there are more amounts of this kind than products that are sold so."""
    alike = [q for q in quantities if q.quantity.unit == one.quantity.unit]
    return len(alike) > sum(product.fits(one.quantity) for product in named)


def _between(body: str, one: Named, quantity: Measured) -> str:
    if quantity.end <= one.start:
        return body[quantity.end : one.start]
    return body[one.end : quantity.start]
