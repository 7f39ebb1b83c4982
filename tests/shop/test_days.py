"""A day is the shop's: what is counted by days changes at its midnight, wherever that is in UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from bot.shop import expectations, exports, lot_days, stock, vouchers
from bot.shop.exports import Period
from bot.store.unit import Unit
from tests.shop.world import World, pieces

HALF_PAST = {"before": "2026-08-20 23:30", "after": "2026-08-21 00:30"}


@pytest.fixture(params=["Asia/Shanghai", "America/New_York", "Asia/Kathmandu"])
def zone(request: pytest.FixtureRequest) -> ZoneInfo:
    return ZoneInfo(request.param)


@pytest.fixture
def at(zone: ZoneInfo) -> Iterator[Callable[[str], World]]:
    """A world before or after midnight."""
    world = World()

    def put(when: str) -> World:
        here = datetime.fromisoformat(HALF_PAST[when]).replace(tzinfo=zone)
        world.unit = Unit(world.db, round(here.timestamp() * 1000), world.unit.ids, zone)
        return world

    yield put
    world.db.close()


def test_today_ends_at_the_shops_midnight(at: Callable[[str], World]) -> None:
    assert stock.day(at("before").unit) == "2026-08-20"
    assert stock.day(at("after").unit) == "2026-08-21"
    assert stock.day(at("after").unit, 11) == "2026-09-01"


def test_what_is_good_until_a_day_is_sold_until_its_end(at: Callable[[str], World]) -> None:
    world = at("before")
    stock.receive(world.unit, "cordyceps", "large", 5, by=world.seller, best_before="2026-08-20")
    assert stock.available(world.unit, "cordyceps", "large") == 5
    assert len(lot_days.expiring(world.unit, 0, 9)) == 1
    world = at("after")
    assert stock.available(world.unit, "cordyceps", "large") == 0


def test_what_is_over_in_a_day_is_told_a_day_before(at: Callable[[str], World]) -> None:
    world = at("before")
    stock.receive(world.unit, "cordyceps", "large", 5, by=world.seller, best_before="2026-08-21")
    assert lot_days.expiring(world.unit, 0, 9) == []
    assert len(lot_days.expiring(at("after").unit, 0, 9)) == 1


def test_what_is_expected_on_a_day_is_ordered_until_its_end(at: Callable[[str], World]) -> None:
    world = at("before")
    expectations.expect(world.unit, "cordyceps", "large", 9, "2026-08-20", by=world.seller)
    assert stock.expected(world.unit, "cordyceps", "large")[0] == 9
    assert not isinstance(world.try_place(pieces(2)), list)
    world = at("after")
    assert stock.expected(world.unit, "cordyceps", "large")[0] == 0
    assert isinstance(world.try_place(pieces(2), key="late"), list)


def test_lots_are_sold_by_the_day_they_came_in_on(at: Callable[[str], World]) -> None:
    world = at("after")
    came = world.stock(5)
    harvested = stock.receive(
        world.unit, "cordyceps", "large", 5, by=world.seller, harvested_on="2026-08-20"
    )
    takes, _ = stock.plan(world.unit, [("cordyceps", "large", 10)])
    assert [take.lot_id for take in takes] == [harvested.id, came.id]


def test_a_voucher_is_good_until_the_end_of_its_last_day(at: Callable[[str], World]) -> None:
    world = at("before")
    made = vouchers.make(world.unit, "sum", 100, made=1, by=world.seller)
    last = made.until - (23 * 60 + 30) * 60_000
    world.unit = replace(world.unit, now=last)
    assert stock.day(world.unit) == "2026-09-19"
    assert vouchers.usable(world.unit, made.code, world.buyer.person.id) == made
    world.later(24 * 3_600_000)
    assert stock.day(world.unit) == "2026-09-20"
    assert vouchers.usable(world.unit, made.code, world.buyer.person.id) is None


def test_orders_are_numbered_by_the_day(at: Callable[[str], World]) -> None:
    for when, day in (("before", "260820"), ("after", "260821")):
        world = at(when)
        world.stock(10)
        assert world.place(1, key=when).number.startswith(day)


def test_tables_show_the_times_of_the_shop(at: Callable[[str], World], zone: ZoneInfo) -> None:
    for when in HALF_PAST:
        at(when).stock(1)
    midnight = datetime(2026, 8, 21, tzinfo=zone).timestamp() * 1000
    rows = exports.TABLES["stock"].rows
    db = at("after").db
    assert [row[0] for row in rows(db, Period(None, round(midnight), zone))] == [
        f"{HALF_PAST['before']}:00"
    ]
    assert [row[0] for row in rows(db, Period(round(midnight), None, zone))] == [
        f"{HALF_PAST['after']}:00"
    ]
