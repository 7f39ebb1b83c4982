"""Orders leave, come back, are lost and are sent again."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.shop import follow_ups, orders, parcels, payments, stock
from bot.shop.orders import Moved, NotAllowed, State
from tests.shop.machine.counts import SHELF, chosen
from tests.shop.machine.money import Money


class Parcels(Money):
    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def ship(self, index: int) -> None:
        order, before = self.order(index), self.world.everything()
        try:
            parcels.ship(self.world.unit, order, "sf", "SF1234567890123", by=self.world.seller)
        except NotAllowed:
            assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def send_back(self, index: int) -> None:
        order = self.order(index)
        if self.world.state(order) in (State.SHIPPED, State.DELIVERED):
            for state in (State.RETURNING, State.RETURNED):
                orders.move(self.world.unit, order, state, by=self.world.seller)
            stock.put_back(self.world.unit, order.id, self.world.seller)

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def put_back(self, index: int) -> None:
        if self.world.state(self.order(index)) is State.RETURNED:
            stock.put_back(self.world.unit, self.order(index).id, self.world.seller)

    @precondition(lambda self: self.placed)
    @rule(index=chosen, twice=st.booleans())
    def send_again(self, index: int, twice: bool) -> None:
        for _ in range(1 + twice):
            before, order = self.world.everything(), self.order(index)
            paid = payments.of_order(self.world.db, order.id).state == "paid"
            try:
                again = follow_ups.send_again(self.world.unit, SHELF, order, by=self.world.seller)
            except NotAllowed:
                assert self.world.everything() == before
                return
            if isinstance(again, Moved):
                self.placed.append(again.order)
                assert again.order.total_minor == (0 if paid else order.total_minor)
            else:
                assert self.world.everything() == before

    @precondition(lambda self: self.placed)
    @rule(index=chosen)
    def lose_the_parcel(self, index: int) -> None:
        try:
            follow_ups.lost(self.world.unit, self.order(index), by=self.world.seller)
        except NotAllowed:
            pass
