"""What each button does. A press is never trusted: it acts on what the person may act on."""

from __future__ import annotations

from collections.abc import Callable

from bot.shop import orders
from bot.talk import arriving, charging, desk
from bot.talk.buyers import (
    asking,
    cancelling,
    changing,
    coming,
    leaving_out,
    ordering,
    paying,
    readdressing,
    repaying,
    returning,
    tracking,
)
from bot.talk.operators import announcing, exporting, staffing, vouchering
from bot.talk.sellers import (
    address_words,
    best_before,
    bought,
    came_for_all,
    choosing,
    discounts,
    expecting,
    finding,
    flash,
    giving_back,
    goods,
    haggling,
    households,
    ledgers,
    offers,
    on_delivery,
    overviews,
    packing,
    parting,
    portions,
    price_steps,
    receipts,
    refunding,
    refunds_said,
    renumbering,
    selling,
    sending,
    sending_again,
    settling,
    stock_mistakes,
    stock_undoing,
    stocking,
    taking_back,
    todo,
    undelivered,
    undiscounting,
    unmatched,
)
from bot.talk.turn import Turn

SURE = "sure-"  # begins the values of buttons that say that what was written is meant


def press(turn: Turn, verb: str, subject: str) -> bool:
    """Does what a button of that value asks for; False when there is no such button for them."""
    if turn.operates and _operator_press(turn, verb, subject):
        return True
    if turn.staff and _staff_press(turn, verb, subject):
        return True
    if verb not in _PRESSES:
        return False
    _PRESSES[verb](turn, subject)
    return True


def _show(turn: Turn, key: str) -> None:
    product = turn.product(key)
    if product is None:
        ordering.stale(turn)
    elif turn.state.asked == "product" and turn.state.draft.key:
        turn.state.about = key
        ordering.take(turn)
    else:
        asking.show(turn, product)


def _grade(turn: Turn, subject: str) -> None:
    product, _, grade = subject.partition(":")
    ordering.choose(turn, product, grade)


def _number(turn: Turn, subject: str) -> None:
    parts = subject.split(":")
    if len(parts) == 4 and parts[2].isdecimal() and len(parts[2]) < 9:
        ordering.choose(turn, parts[0], parts[1], int(parts[2]), parts[3])
    else:
        ordering.stale(turn)


def _confirm(turn: Turn, subject: str) -> None:
    key, _, version = subject.partition(":")
    ordering.confirm(turn, key, version)


def _on_draft(act: Callable[[Turn], None]) -> Callable[[Turn, str], None]:
    """A button of a draft acts on that draft only."""

    def press(turn: Turn, subject: str) -> None:
        act(turn) if subject == turn.state.draft.key and subject else ordering.stale(turn)

    return press


def _pay_by(turn: Turn, subject: str) -> None:
    key, _, way = subject.partition(":")
    _on_draft(lambda turn: ordering.pay_by(turn, way))(turn, key)


def _without(turn: Turn, subject: str) -> None:
    key, _, product = subject.partition(":")
    draft = turn.state.draft
    if key == draft.key:
        draft.lines = [x for x in draft.lines if x.product != product or (x.grade and x.quantity)]
    _on_draft(ordering.proceed)(turn, key)


def _on_own(act: Callable[[Turn, orders.Order | None], None]) -> Callable[[Turn, str], None]:
    """A button of an order acts on the person's own orders only."""

    def press(turn: Turn, subject: str) -> None:
        act(turn, tracking.own(turn, subject))

    return press


def _show_order(turn: Turn, order: orders.Order | None) -> None:
    turn.say("track.unknown") if order is None else tracking.show(turn, order)


_PRESSES: dict[str, Callable[[Turn, str], None]] = {
    "p": _show,
    "g": _grade,
    "n": _number,
    "ok": _confirm,
    "pay": _pay_by,
    "without": _without,
    "addr": _on_draft(ordering.change_address),
    "drop": _on_draft(ordering.drop),
    "paid": _on_own(paying.claim),
    "how": _on_own(paying.how),
    charging.OTHERWISE: charging.press_otherwise,
    "cancel": _on_own(cancelling.cancel_order),
    cancelling.SURE: cancelling.press_sure,
    leaving_out.VERB: leaving_out.press,
    "got": _on_own(coming.press_received),
    "got-all": lambda turn, _: coming.all_came(turn),
    "again": _on_own(ordering.again),
    "accept": offers.accept,
    returning.VERB: returning.press,
    "readdress": _on_own(readdressing.ask),
    readdressing.VERB: readdressing.press,
    "change": _on_own(changing.ask),
    "track": _on_own(_show_order),
    "products": lambda turn, _: asking.everything(turn),
    "orders": lambda turn, _: tracking.listing(turn),
    "wrong": lambda turn, _: repaying.something_wrong(turn),
    "human": lambda turn, _: desk.hand_over(turn, "desk.human"),
    "help": lambda turn, _: asking.help(turn),
    "start": arriving.start,
    "group": lambda turn, _: arriving.in_group(turn),
    "mute": lambda turn, _: announcing.mute(turn),
    "unmute": lambda turn, _: announcing.unmute(turn),
    "lang": arriving.choose_language,
}


def give_up(turn: Turn) -> None:
    """Who presses something else has thought better of what was asked for."""
    turn.state.enquiry = 0
    if turn.state.asked in (announcing.ASKED, renumbering.ASKED) or turn.state.asked.startswith(
        ("edit-", "new-product")
    ):
        turn.state.asked = ""


def _operator_press(turn: Turn, verb: str, subject: str) -> bool:
    """An operator's buttons."""
    first, _, rest = subject.partition(":")
    if verb == "news":
        announcing.press(turn, subject)
    elif verb == "invite":
        staffing.invite(turn, subject)
    elif verb == "people":
        staffing.listing(turn)
    elif verb == "dismiss" and subject.isdecimal():
        staffing.dismiss(turn, int(subject[:18]))
    elif verb == "appoint" and first.isdecimal():
        staffing.appoint(turn, int(first[:18]), rest)
    elif verb == "history":
        staffing.history(turn)
    elif verb == "households":
        households.listing(turn)
    elif verb == "new-voucher":
        vouchering.begin(turn)
    elif verb == "voucher-over":
        vouchering.finish(turn, subject)
    elif verb == "vouchers":
        vouchering.listing(turn)
    elif verb == "pay-household":
        households.pay(turn, subject)
    elif verb == households.UNPAY:
        households.unpay(turn, subject)
    elif verb in _ON_GOODS:
        _ON_GOODS[verb](turn, subject)
    else:
        return False
    return True


_ON_GOODS: dict[str, Callable[[Turn, str], None]] = {
    "rest": goods.rest,
    "sell": goods.sell,
    "new-product": lambda turn, _: goods.new(turn),
    "new-unit": goods.new_unit,
}


def _staff_press(turn: Turn, verb: str, subject: str) -> bool:
    """The staff's buttons; what they share with buyers is left to those."""
    parts = subject.split(":")
    if selling.press(turn, verb, subject):
        return True
    if verb in ("send", "number"):
        sending.press(turn, verb, parts)
    elif verb == portions.VERB:
        parting.press(turn, parts)
    elif verb == parting.OFF:
        parting.press_rest_off(turn, subject)
    elif verb == undelivered.VERB:
        undelivered.press(turn, subject)
    elif verb == renumbering.VERB:
        renumbering.press(turn, parts)
    elif verb == renumbering.DROP:
        renumbering.press_drop(turn, subject)
    elif verb in ("price", "in", "out") and not subject:
        choosing.product(turn, verb)
    elif verb in ("price", "in", "out") and len(parts) == 1:
        selling.choose_product(turn, verb, subject)
    elif verb in stocking.DONE and verb not in stocking.ASKED and len(parts) < 3:
        turn.say("stale.nothing")
    elif verb in ("price", *stocking.DONE):
        value = int(parts[2][:12]) if len(parts) > 2 and parts[2].isdecimal() else None
        undone = int(parts[3][:12]) if len(parts) > 3 and parts[3].isdecimal() else 0
        selling.change(turn, verb, parts[0], parts[1], value, undone)
    elif verb == stocking.UNDO:
        stock_undoing.undo(turn, subject)
    elif verb in (stock_undoing.BOTH, stock_undoing.LOSSES):
        stock_undoing.press(turn, verb, subject)
    elif verb == stock_mistakes.VERB:
        stock_mistakes.press(turn, parts)
    elif verb == "household":
        bought.ask(turn, subject)
    elif verb == bought.SURE and len(parts) == 2:
        bought.press(turn, *parts)
    elif verb == giving_back.VERB:
        giving_back.press(turn, parts)
    elif verb == expecting.VERB:
        expecting.begin(turn, subject)
    elif verb in expecting.WHEN_DUE:
        expecting.press(turn, verb, subject)
    elif verb == flash.VERB:
        flash.begin(turn, subject)
    elif verb in flash.BUTTONS:
        flash.press(turn, verb, subject)
    elif verb == "flash-over":
        flash.finish(turn, subject)
    elif verb in (best_before.ASKED, best_before.HARVESTED):
        best_before.ask(turn, verb, subject)
    elif verb == best_before.OVER:
        stocking.write_off_over(turn, subject)
    elif verb == "sure-price" and len(parts) == 3 and parts[2].isdecimal():
        selling.change(turn, "price", parts[0], parts[1], int(parts[2][:12]))
    elif verb == price_steps.SURE:
        price_steps.press(turn, parts)
    elif verb == "sure-special":
        haggling.sure(turn, subject)
    elif verb == "sure-offer":
        settling.sure_offer(turn, subject)
    elif verb == "sure-receipt":
        receipts.sure(turn, subject)
    elif verb == came_for_all.SURE:
        came_for_all.press(turn, subject)
    elif verb == packing.SURE:
        packing.press(turn, subject)
    elif verb == "move-surplus":
        receipts.move_surplus(turn, subject)
    elif verb == receipts.BY:
        receipts.press_by(turn, subject)
    elif verb == receipts.NOT_COME:
        receipts.press_not_come(turn, subject)
    elif verb == receipts.ONLY:
        receipts.only(turn, subject)
    elif verb in on_delivery.VERBS and len(parts) < 4:
        on_delivery.press(turn, verb, *parts)
    elif verb == "special":
        haggling.give(turn, subject)
    elif verb == "refund-sent":
        settling.sent(turn, subject)
    elif verb == refunding.ASKED:
        refunding.press(turn, subject)
    elif verb == "keep-refund":
        settling.keep_refund(turn, subject)
    elif verb == refunds_said.VERB:
        refunds_said.press(turn, subject)
    elif verb in (discounts.VERB, discounts.WHICH):
        discounts.press(turn, verb, subject)
    elif verb in (discounts.UNDO, undiscounting.INSTEAD):
        undiscounting.press(turn, verb, subject)
    elif verb in (taking_back.PART, taking_back.PART_BAD):
        taking_back.press(turn, verb, subject)
    elif verb in (sending_again.PART, sending_again.SURE):
        sending_again.press(turn, verb, subject)
    elif verb == "lost-one":
        undelivered.lost_one(turn, subject)
    elif verb == "sent-otherwise":
        charging.sent_otherwise(turn, subject)
    elif verb == address_words.VERB:
        address_words.press(turn, subject)
    elif verb == finding.VERB:
        finding.press(turn, subject)
    elif verb == "order":
        desk.card_of(turn, subject)
    elif verb == "reply" and subject.isdecimal():
        desk.ask_reply(turn, int(subject[:18]))
    elif verb == "noreply":
        turn.say("desk.no-reply")
    elif verb == "todo":
        todo.press(turn, subject)
    elif verb in unmatched.VERBS:
        unmatched.press(turn, verb, subject)
    elif verb == "which":
        todo.which(turn, parts)
    elif verb == "goods":
        goods.show(turn, subject) if subject else goods.listing(turn)
    elif verb == "edit":
        field, _, key = subject.partition(":")
        goods.ask(turn, field, key)
    elif verb == exporting.VERB:
        exporting.press(turn, subject)
    elif verb == "today":
        overviews.today(turn)
    elif verb == ledgers.VERB:
        ledgers.press(turn, subject)
    elif verb == "levels":
        overviews.stock_levels(turn)
    else:
        return False
    return True
