"""Which amount belongs to which of the goods that a message names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.measures import Measured, Quantity

_AND = re.compile(r"[,;\n\u0f0d、和]|\band\b|\bplus\b|\bwith\b|་དང་|跟|还有|加上|另外|再来|再加")


@dataclass(slots=True)
class Named:
    """A product named in the message, before amounts and grades are put to it."""

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


def pair(body: str, named: list[Named], quantities: list[Measured]) -> None:
    """Puts amounts to products: within a clause first, then to the nearest without one.

    2斤松茸和10根虫草 and 松茸2斤 虫草10根 both come out right, because whichever of the two is
    named first in the message leads in all of it. No product takes what others need that it fits.
    """
    if not quantities:
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
            one.quantity = chosen.quantity
            left.remove(chosen)


def _is_spare(one: Measured, named: list[Named], quantities: list[Measured]) -> bool:
    """Whether there are more amounts of this kind than products that are sold so."""
    alike = [q for q in quantities if q.quantity.unit == one.quantity.unit]
    return len(alike) > sum(product.fits(one.quantity) for product in named)


def _between(body: str, one: Named, quantity: Measured) -> str:
    if quantity.end <= one.start:
        return body[quantity.end : one.start]
    return body[one.end : quantity.start]
