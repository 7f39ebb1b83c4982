"""What is asked about an order is over once it is done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.shop import enquiries, follow_ups, orders, payments, refunds
from bot.shop.orders import Order, State
from tests.shop.world import CATALOGUE, World

Act = Callable[[World, Order], object]


def ask(world: World, order: Order | None) -> int:
    """Somebody asks something about an order, or about none."""
    about = order.id if order else None
    return enquiries.open_enquiry(world.unit, world.buyer.id, "?", "{}", order_id=about).id


def open_ones(world: World) -> list[int]:
    return [asked.id for asked in enquiries.open_ones(world.db)]


def _part(world: World, order: Order) -> None:
    offered = refunds.offer(world.unit, order, 500, by=world.seller)
    assert isinstance(offered, refunds.Refund) and len(open_ones(world)) == 3
    refunds.accept(world.unit, offered.id, by=world.buyer.person)


ACTS: dict[State, Act] = {
    State.PACKING: lambda w, order: orders.move(w.unit, order, State.CANCELLED, by=w.seller),
    State.DELIVERED: _part,
    State.RETURNED: lambda w, order: payments.refund(w.unit, order, by=w.seller),
    State.SHIPPED: lambda w, order: follow_ups.send_again(w.unit, CATALOGUE, order, by=w.seller),
}


@pytest.mark.parametrize("state", ACTS)
def test_what_was_asked_is_over_when_it_is_done(world: World, state: State) -> None:
    world.stock(40)
    order, other = world.order_in(state), world.place()
    asked, about_another, about_none = ask(world, order), ask(world, other), ask(world, None)
    assert open_ones(world) == [asked, about_another, about_none]
    ACTS[state](world, order)
    assert open_ones(world) == [about_another, about_none]
    assert (enquiries.REMIND, str(asked)) not in world.timers()


def test_money_that_went_back_answers_who_asked_for_it(world: World) -> None:
    world.stock(10)
    order = world.order_in(State.RETURNED)
    payments.refund(world.unit, order, by=world.seller)
    ask(world, order)
    payments.refunded(world.unit, order, by=world.seller)
    assert open_ones(world) == []


def test_an_order_that_its_buyer_calls_off_or_that_runs_out_leaves_questions(world: World) -> None:
    world.stock(20)
    called_off, run_out = world.place(), world.place()
    asked = [ask(world, called_off), ask(world, run_out)]
    orders.move(world.unit, called_off, State.CANCELLED, by=world.buyer.person, why="buyer")
    world.later(orders.HOLD_MS)
    payments.lapse(world.unit, run_out)
    assert open_ones(world) == asked
