"""Whose tracking number it is, and sending an order on its way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shop import orders, parcels
from bot.shop.orders import NotAllowed, State
from bot.shop.parcel_states import ParcelState
from bot.shop.parcels import Parcel
from tests.shop.world import World

SURE = {
    "sf": ["SF1234567890123", "SFA023456789012", "sf1350204783921", "SF 1402 1234 56789"],
    "yto": ["YT8801234567890", "YT2512345678901"],
    "jd": ["JDVA12345678901", "JDX012345678901", "JDVB00012345678-1-2-", "JD0012345678901-1-1"],
    "jt": ["JT3012345678901", "jt5123456789012"],
    "deppon": ["DPK210123456789", "DPK 364 123 456 789"],
    "ems": ["EE123456785CN", "RA473124829CN"],
    "post": ["RR473124829NP", "CP123456785US"],
}
LIKELY = {
    "zto": ["73123456789012", "78345678901234", "76543210987654"],
    "sto": ["773123456789012", "7731234567890123", "43123456789012", "771234567890123"],
    "yunda": ["312345678901234", "4623456789012345"[:15], "5123456789012"],
    "ems": ["1123456789012", "9876543210987", "8123456789012"],
    "cainiao": ["621123456789012"],
    "sf": ["023456789012", "123456789012"],
}


def test_letters_and_check_digits_make_a_courier_certain() -> None:
    for courier, numbers in SURE.items():
        for number in numbers:
            assert parcels.recognise(number) == [courier], number
            assert parcels.is_sure(number), number


def test_bare_digits_give_a_ranked_list_that_is_never_certain() -> None:
    for courier, numbers in LIKELY.items():
        for number in numbers:
            assert parcels.recognise(number)[0] == courier, number
            assert not parcels.is_sure(number), number
    assert parcels.recognise("431234567890123") == ["sto", "yunda"]
    assert parcels.recognise("123456789012") == ["sf", "yto"]


@pytest.mark.parametrize("number", ["EE123456784CN", "RR473124820NP", "", "虫草", "SF123", "1234"])
def test_a_wrong_check_digit_or_shape_is_nobodys(number: str) -> None:
    assert parcels.recognise(number) == []
    assert parcels.looks_like_number(number) is None


@given(st.integers(0, 99_999_999))
def test_one_check_digit_is_right(serial: int) -> None:
    right = [d for d in range(10) if parcels.recognise(f"EA{serial:08d}{d}CN") == ["ems"]]
    assert len(right) == 1


def test_numbers_are_normalised() -> None:
    assert parcels.normalise(" ｓｆ１２３４ ５６７８\u200b９０１２３ ") == "SF1234567890123"
    assert parcels.normalise("༧༣༡༢༣༤༥༦༧༨༩༠༡༢") == "73123456789012"
    assert parcels.normalise("SF1234-5678–90123") == "SF1234567890123"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SF1234567890123", "SF1234567890123"),
        ("260801-123456 SF1234567890123", "SF1234567890123"),
        ("SF1234567890123\n260801123456", "SF1234567890123"),
        ("顺丰SF1234567890123已发货", "SF1234567890123"),
        ("顺丰 SF 1234 5678 90123 谢谢", "SF1234567890123"),
        ("京东 JDVA12345678901-1-2-", "JDVA12345678901"),
        ("单号：༧༣༡༢༣༤༥༦༧༨༩༠༡༢", "73123456789012"),
        ("260801-123456 7312 3456 7890 12", "73123456789012"),
        ("123456789012 260801-123456", "123456789012"),
        ("电话 13812345678", None),
        ("13812345678 50", None),
        ("260801-123456", None),
        ("260801123456", None),
        ("虫草 20 根，500g 牛肉干", None),
        ("卓玛 13812345678 四川省成都市武侯区人民南路 1 号 610000", None),
        ("", None),
    ],
)
def test_a_number_is_seen_in_a_text(text: str, number: str | None) -> None:
    assert parcels.looks_like_number(text) == number


@pytest.mark.parametrize(
    ("text", "number", "bare"),
    [
        ("1Z999AA10123456784", "1Z999AA10123456784", True),
        ("1Z 999 AA1 01 2345 6784", "1Z999AA10123456784", True),
        ("kye１２３４５６７８９０", "KYE1234567890", True),
        ("顺心捷达 300123456", "300123456", False),
        ("300123456", "300123456", False),
        ("260801-123456 300123456", "300123456", True),
        ("the parcel is KYE1234567890", "KYE1234567890", False),
        ("EE123456784CN", "EE123456784CN", True),
        ("13812345678", None, False),
        ("260801-123456", None, False),
        ("260801123456", None, False),
        ("要20根中等虫草", None, False),
        ("how much is it", None, False),
    ],
)
def test_a_number_that_was_asked_for_may_have_any_form(
    text: str, number: str | None, bare: bool
) -> None:
    assert parcels.typed_number(text) == number
    assert parcels.is_bare_number(text) == bare


def test_a_wrong_check_digit_is_told_from_another_form() -> None:
    assert parcels.is_misspelt("EE 123456784 CN")
    assert not parcels.is_misspelt("EE123456785CN") and not parcels.is_misspelt("KYE1234567890")


@given(st.text(alphabet="SFJDYT0123456789 -–་༣１，\u200b虫", max_size=200))
def test_no_text_upsets_the_reading_of_numbers(text: str) -> None:
    found = parcels.looks_like_number(text)
    assert found is None or parcels.recognise(found)
    orders.find(World().db, text)


@pytest.mark.parametrize("state", [State.CONFIRMED, State.PACKING])
def test_a_parcel_sends_its_order_on_its_way(world: World, state: State) -> None:
    world.stock(10)
    order = world.order_in(state, pay_by="cod")
    moved = parcels.ship(world.unit, order, "sf", "sf 1234567890123", by=world.seller)
    assert (moved.before, moved.after) == (State.PACKING, State.SHIPPED)
    sent = Parcel(1, order.id, "sf", "SF1234567890123", world.unit.now)
    assert parcels.of_order(world.db, order.id) == [sent]
    ways = [move.after for move in orders.history(world.db, order.id)]
    assert ways == [State.PLACED, State.CONFIRMED, State.PACKING, State.SHIPPED]


@pytest.mark.parametrize("state", [State.PLACED, State.SHIPPED, State.CANCELLED, State.DELIVERED])
def test_an_order_that_may_not_leave_gets_no_parcel(world: World, state: State) -> None:
    world.stock(10)
    order = world.order_in(state, pay_by="cod")
    before = world.everything()
    with pytest.raises(NotAllowed):
        parcels.ship(world.unit, order, "sf", "SF1234567890123", by=world.seller)
    assert world.everything() == before


@pytest.mark.parametrize(("courier", "number"), [("x", "1"), ("sf", " - "), ("sf", "1" * 41)])
def test_a_parcel_needs_a_known_courier_and_a_number(world: World, courier, number) -> None:
    world.stock(10)
    order = world.order_in(State.PACKING, pay_by="cod")
    before = world.everything()
    with pytest.raises(ValueError):
        parcels.ship(world.unit, order, courier, number, by=world.seller)
    assert world.everything() == before


def test_every_courier_has_a_name_in_both_scripts_and_in_english() -> None:
    for courier in parcels.COURIERS.values():
        assert {"zh-Hans", "zh-Hant", "en"} <= set(courier.names)


def test_a_wrong_number_gives_way_to_the_right_one_in_that_order_alone(world: World) -> None:
    world.stock(20)
    one, other = (world.order_in(State.PACKING, pay_by="cod") for _ in range(2))
    for order in (one, other):
        parcels.ship(world.unit, order, "sf", "SF1234567890123", by=world.seller)
    wrong = parcels.of_order(world.db, one.id)[0]
    assert parcels.last_by(world.db, world.seller) == parcels.of_order(world.db, other.id)[0]
    parcels.correct(world.unit, wrong, "yto", "yt 1234567890123", by=world.seller)
    assert [each.number for each in parcels.of_order(world.db, one.id)] == ["YT1234567890123"]
    assert [each.order_id for each in parcels.of_number(world.db, "SF1234567890123")] == [other.id]
    orders.move(world.unit, one, State.DELIVERED, by=world.buyer.person)
    with pytest.raises(NotAllowed):
        parcels.correct(world.unit, parcels.of_order(world.db, one.id)[0], "sf", "1", by=None)


def test_what_a_wrong_number_has_delivered_is_followed_by_the_right_one(world: World) -> None:
    world.stock(20)
    order = world.order_in(State.PACKING, pay_by="cod")
    parcels.ship(world.unit, order, "sf", "SF1234567890123", by=world.seller)
    (wrong,) = parcels.of_order(world.db, order.id)
    parcels.take_news(world.unit, "sf", wrong.number, ParcelState.DELIVERED, "", world.unit.now)
    order = orders.move(world.unit, order, State.DELIVERED, by=None, why="courier").order
    assert not parcels.is_underway_after_all(world.db, order)
    world.later(1_000)
    parcels.correct(world.unit, wrong, "sf", "SF1234567890124", by=world.seller)
    (right,) = parcels.of_order(world.db, order.id)
    assert right.state is ParcelState.UNKNOWN and world.state(order) is State.DELIVERED
    assert parcels.is_underway_after_all(world.db, order)
    assert not parcels.has_arrived(world.db, order)
    assert world.faults() == []


def test_a_number_too_many_is_taken_away(world: World) -> None:
    world.stock(50)
    order = world.order_in(State.PACKING)
    parcels.ship(world.unit, order, "sf", "SF1234567890123", by=world.seller)
    parcels.add(world.unit, order, "sf", "SF1234567890124", by=world.seller)
    first, second = parcels.of_order(world.db, order.id)
    parcels.remove(world.unit, second, by=world.seller)
    assert parcels.of_order(world.db, order.id) == [first]
    news = ("sf", second.number, ParcelState.DELIVERED, "", world.unit.now)
    assert parcels.take_news(world.unit, *news) is None
    parcels.take_news(world.unit, "sf", first.number, ParcelState.DELIVERED, "", world.unit.now)
    orders.move(world.unit, order, State.DELIVERED, by=None, why="courier")
    with pytest.raises(NotAllowed):  # It would have arrived by nothing.
        parcels.remove(world.unit, first, by=world.seller)
    assert world.faults() == []
