"""When goods were harvested and until when they are good: reckoned, or as the seller says."""

from __future__ import annotations

from datetime import date, timedelta

from bot.language import times
from bot.messages import Choice
from bot.shop import lot_days, stock
from bot.shop.catalogue import Product
from bot.talk import goods_cards
from bot.talk.turn import Turn

ASKED, HARVESTED = "best-before", "harvested"
OVER = "write-off-over"  # a button's verb; its subject is product:grade
SOON_DAYS = 3
SHOWN_MAX = 5


def today(turn: Turn) -> date:
    """The day in the shop's zone."""
    return turn.unit.here.date()


def usual(product: Product, since: date) -> str:
    """Until when goods are good that are as old as from a day (ISO date); '' for what keeps."""
    if not product.shelf_life_days:
        return ""
    return (since + timedelta(days=product.shelf_life_days)).isoformat()


def choices(turn: Turn, lot: stock.Lot) -> tuple[Choice, ...]:
    """Buttons to say when a lot was harvested, and another day than until which it is good."""
    return (
        turn.choice("button.harvested", f"{HARVESTED}:{lot.id}"),
        turn.choice("button.best-before", f"{ASKED}:{lot.id}", day=_shown(turn, lot)),
    )


def ask(turn: Turn, what: str, subject: str) -> None:
    """Asks for one of the two days of a lot."""
    lot = stock.lot(turn.unit.db, int(subject[:18])) if subject.isdecimal() else None
    if lot is None:
        turn.say("stale.nothing")
        return
    turn.state.asked, turn.state.lot = what, lot.id
    turn.say("staff.ask-harvested" if what == HARVESTED else "staff.ask-best-before")


def take(turn: Turn) -> bool:
    """A day after it was asked for; False for anything else."""
    lot, is_harvest = stock.lot(turn.unit.db, turn.state.lot), turn.state.asked == HARVESTED
    said = (times.last_day_in if is_harvest else times.day_in)(turn.text, today(turn))
    product = turn.product(lot.product) if lot else None
    if lot is None or product is None or said is None:
        return False
    if not is_harvest or harvest(turn, lot, product, said):
        turn.state.asked, turn.state.lot = "", 0
    if not is_harvest:
        keep_until(turn, lot, product, said)
    return True


def harvest(turn: Turn, lot: stock.Lot, product: Product, day: date) -> bool:
    """Notes when a lot was harvested; False where the day is still to come, which is told."""
    if day > today(turn):
        turn.say("staff.not-harvested-yet", day=goods_cards.iso_day(turn, day.isoformat()))
        return False
    good = usual(product, day) or lot.best_before
    lot_days.set_harvested(turn.unit, lot, day.isoformat(), good, by=turn.chat.person)
    _tell(turn, lot, product)
    return True


def keep_until(turn: Turn, lot: stock.Lot, product: Product, day: date) -> None:
    """Notes until when a lot is good."""
    lot_days.set_best_before(turn.unit, lot, day.isoformat(), by=turn.chat.person)
    _tell(turn, lot, product)


def _tell(turn: Turn, lot: stock.Lot, product: Product) -> None:
    now = stock.lot(turn.unit.db, lot.id) or lot
    name = turn.name(product, lot.grade)
    turn.say("staff.best-before-set", name=name, day=_shown(turn, now))


def soon_over(turn: Turn) -> tuple[list[str], list[Choice]]:
    """Lines that tell what is no longer good, or will not be in a few days, and the buttons."""
    this_day = stock.day(turn.unit)
    lines = [
        turn.words(
            "staff.todo-over" if lot.best_before < this_day else "staff.todo-expiring",
            name=turn.name(product, lot.grade),
            quantity=turn.quantity(product, lot.on_hand, product.unit),
            day=_shown(turn, lot),
        )
        for lot in lot_days.expiring(turn.unit, SOON_DAYS, SHOWN_MAX)
        if (product := turn.product(lot.product))
    ]
    return lines, write_offs(turn)


def write_offs(turn: Turn) -> list[Choice]:
    """The buttons that write off what is past its day and no order holds."""
    return [
        turn.choice(
            "button.write-off-over",
            f"{OVER}:{each.product}:{each.grade}",
            name=turn.name(product, each.grade),
        )
        for each in stock.levels(turn.unit)
        if each.over and (product := turn.product(each.product))
    ][:SHOWN_MAX]


def _shown(turn: Turn, lot: stock.Lot) -> str:
    return goods_cards.iso_day(turn, lot.best_before) if lot.best_before else "—"
