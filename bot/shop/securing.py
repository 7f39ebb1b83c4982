"""The goods of an order, held at its price for the money that is to come."""

from __future__ import annotations

from bot.shop import flash_sales, orders, stock, vouchers
from bot.shop.orders import EXPIRE, Order
from bot.shop.payment_states import Gone
from bot.shop.timers import set_timer
from bot.shop.ways_to_pay import WAYS
from bot.store.unit import Unit


def secure(unit: Unit, order: Order) -> Gone | None:
    """Holds the goods of an order for good, at its price; or tells what is gone."""
    has_price = flash_sales.take_again(unit, order.id) and vouchers.take_again(unit, order.id)
    short = (orders.secure if has_price else orders.short)(unit, order)
    gone = Gone.GOODS if short else None if has_price else Gone.PRICE
    if gone:
        let_go(unit, order)
    return gone


def let_go(unit: Unit, order: Order) -> None:
    """Gives the goods of an order back, and its places in sales and vouchers."""
    stock.release(unit, order.id)
    flash_sales.give_back(unit, order.id)
    vouchers.give_back(unit, order.id)


def hold(unit: Unit, order: Order, until: int) -> None:
    """Holds them until a time (UTC ms), at which the order runs out; where a service has made a
    code, until that is closed."""
    stock.hold(unit, order.id, until=None if WAYS[order.pay_by].charged else until)
    set_timer(unit, EXPIRE, str(order.id), until)
