"""Tracking numbers that were entered wrongly: the right one takes their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.language.regex import regex
from bot.messages import Choice
from bot.shop import order_search, orders, parcels, unsettled
from bot.shop.orders import NotAllowed, Order, State
from bot.shop.parcel_states import LISTED, TOLD
from bot.shop.parcels import Parcel
from bot.talk import cards, desk, notices, order_buttons, parcel_news
from bot.talk.sellers import overviews, sending, settling, sharing_out
from bot.talk.turn import Turn

ASKED = "right-number"
DROP = "drop-number"  # the button that takes a number away; its subject is an entry's id
VERB = "right"  # the button; its subject is an entry's id, then a number or a courier and a number
# What stands before a number that is told anew.
_RIGHT = regex(
    "应该是|應該是|应该为|应为|應為|改成|改为|改為|更正为|更正為|正确的是|正確的是|"
    r"\b(?:should be|should have been|change (?:it )?to|correct (?:number|one) is)\b",
    re.IGNORECASE,
)
# Of a number that was told before. The Tibetan word is the beginning of a name, too.
_WRONG = regex(
    r"错|錯|不对|不對|\b(?:wrong|mistake|mistyped|typo|incorrect)\b|ནོར(?!་བུ)", re.IGNORECASE
)
# Of a number that is to go, with none in its place.
_AWAY = regex(
    r"[删刪]|去掉|拿掉|取消|撤[掉销銷回]|作[废廢]|不要|多余|多餘"
    r"|多[发發填写寫录錄输輸]|[发發填写寫录錄输輸]多"
    r"|\b(?:remove|delete|drop|take (?:it )?(?:off|away|out)|extra|surplus|one too many)\b"
    r"|བསུབ|སུབ|མི་དགོས|འདོར|དོར",
    re.IGNORECASE,
)
_NUMBER = regex(
    r"单号|單號|運單|运单|\b(?:tracking|parcel|waybill) (?:number|no|code)\b|སྦྲག་ཐུམ་ཨང",
    re.IGNORECASE,
)


def ask(turn: Turn, order: Order) -> None:
    """Asks for the right number. Raises NotAllowed for an order that is not on its way, or was had
    by its buyer."""
    found = parcels.of_order(turn.unit.db, order.id)
    if not parcels.may_correct(turn.unit.db, order) or not found:
        raise NotAllowed(order, State.SHIPPED)
    _choose(turn, found, "")


def take(turn: Turn) -> bool:
    """A seller says that a number was wrong, or the right one that was asked for; else False."""
    db, text = turn.unit.db, turn.text
    if _takes_away(turn):
        return True
    if turn.state.asked == ASKED:
        turn.state.asked, entry = "", parcels.by_id(db, turn.state.lot)
        number = parcels.looks_like_number(text) or parcels.typed_number(text)
        if entry and number and not (orders.find(db, text) or order_search.named_in(db, text)):
            _by_whom(turn, entry, number)
            return True
    right = _RIGHT.search(text)
    if not (right or _WRONG.search(text)):
        return False
    if not (_NUMBER.search(text) or parcels.looks_like_number(text)):
        return False
    before, after = (text[: right.start()], text[right.end() :]) if right else (text, "")
    told = parcels.typed_numbers(before)
    known = [each for number in told for each in _on_their_way(turn, number)]
    anew = parcels.typed_numbers(after) or [
        each for each in told if each not in {entry.number for entry in known}
    ]
    found = known or _entered(turn)
    _choose(turn, found, next(iter(anew), ""))
    return bool(found) or (right is None and _is_nowhere(turn, told))


def _takes_away(turn: Turn) -> bool:
    """A seller says that a number is to go: it is named, was asked about or is chosen now. One that
    no order bears is not entered."""
    text, asked = turn.text, turn.state.asked == ASKED
    if not _AWAY.search(text) or _RIGHT.search(text):
        return False
    told = parcels.typed_numbers(text)
    found = [each for number in told for each in _on_their_way(turn, number)]
    if not (found or told) and asked and (entry := parcels.by_id(turn.unit.db, turn.state.lot)):
        found = [entry]
    if found and len(owners := _owners(turn, found)) == 1:
        _drop(turn, next(iter(owners.values())))
        return True
    found = found or (_entered(turn) if asked or _NUMBER.search(text) else [])
    if found:
        choices = (Choice(_label(turn, each), f"{DROP}:{each.id}") for each in found)
        turn.say("staff.which-drop", choices=tuple(choices))
    return bool(found) or _is_nowhere(turn, told)


def _is_nowhere(turn: Turn, told: Sequence[str]) -> bool:
    """Tells of numbers that would be entered else that nothing on its way bears them."""
    borne = [each for number in told for each in parcels.of_number(turn.unit.db, number)]
    if not told or not sending.is_told(turn):
        return False
    if borne:
        desk.not_now(turn, _order(turn, borne[0]))
    else:
        turn.say("staff.number-nowhere", wrong=turn.locales.joined(turn.language, list(told)))
    return True


def _on_their_way(turn: Turn, number: str) -> list[Parcel]:
    return _shipped(turn, parcels.of_number(turn.unit.db, number))


def _entered(turn: Turn) -> list[Parcel]:
    """What an order has that is named by its number or by whom it goes to, else what the seller has
    entered last."""
    db = turn.unit.db
    if named := sharing_out.named(turn, turn.text):
        found = [each for order in named for each in parcels.of_order(db, order.id)]
    else:
        last = parcels.last_by(db, turn.chat.person)
        found = [last] if last else []
    return _shipped(turn, found)


def _shipped(turn: Turn, found: Iterable[Parcel]) -> list[Parcel]:
    held = ((each, orders.by_id(turn.unit.db, each.order_id)) for each in found)
    return [each for each, order in held if order and parcels.may_correct(turn.unit.db, order)]


def _choose(turn: Turn, found: Sequence[Parcel], right: str) -> None:
    """Goes on with the wrong number, or asks which it is; the same one of a buyer counts once."""
    owners = _owners(turn, found)
    if len(owners) == 1:
        entry = found[0]
        _by_whom(turn, entry, right) if right else _ask_right(turn, entry)
    elif owners:
        ending = f":{right}" if right else ""
        choices = tuple(
            Choice(_label(turn, each), f"{VERB}:{each.id}{ending}")
            for each in reversed(owners.values())
        )
        turn.say("staff.which-wrong", choices=choices)


def _owners(turn: Turn, found: Sequence[Parcel]) -> dict[tuple[int, str], Parcel]:
    """The first entry of each number and buyer."""
    return {(_order(turn, each).person_id, each.number): each for each in reversed(found)}


def _label(turn: Turn, entry: Parcel) -> str:
    return f"{entry.number} {_order(turn, entry).recipient.name}"


def _order(turn: Turn, entry: Parcel) -> Order:
    order = orders.by_id(turn.unit.db, entry.order_id)
    if order is None:
        raise RuntimeError(f"parcel {entry.id} is of no order")
    return order


def _ask_right(turn: Turn, entry: Parcel) -> None:
    turn.state.asked, turn.state.lot = ASKED, entry.id
    order, wrong = _order(turn, entry), entry.number
    drop = turn.choice("button.drop-number", f"{DROP}:{entry.id}", wrong=wrong)
    choices = (drop,) if parcels.may_remove(turn.unit.db, order) else ()
    turn.say("staff.ask-right-number", number=order.number, wrong=wrong, choices=choices)


def _by_whom(turn: Turn, entry: Parcel, number: str) -> None:
    def go(courier: str) -> None:
        _correct(turn, entry, courier, number)

    sending.by_whom(turn, number, parcels.named(turn.text), f"{VERB}:{entry.id}", go)


def press(turn: Turn, parts: Sequence[str]) -> None:
    """Names an entry; then a number, or a courier and a number, and that it is sure."""
    id = int(parts[0][:18]) if parts[0].isdecimal() else 0
    entry = parcels.by_id(turn.unit.db, id)
    if entry is None:
        turn.say("stale.nothing")
    elif len(parts) == 1:
        _ask_right(turn, entry)
    elif len(parts) == 2:
        _by_whom(turn, entry, parts[1])
    elif len(parts) in (3, 4) and parts[1] in parcels.COURIERS:
        _correct(turn, entry, parts[1], parts[2], sure=len(parts) == 4)
    else:
        turn.say("stale.nothing")


def _correct(turn: Turn, entry: Parcel, courier: str, number: str, *, sure: bool = False) -> None:
    """The right number, of which the buyer is told; of another buyer's parcel only when `sure`."""
    order, button = _order(turn, entry), f"{VERB}:{entry.id}"
    if (courier, parcels.normalise(number)) == (entry.courier, entry.number):
        _ask_right(turn, entry)
        return
    if not sure and sending.is_of_another(turn, order, courier, number, button):
        return
    try:
        parcels.correct(turn.unit, entry, courier, number, by=turn.chat.person)
    except NotAllowed:
        desk.not_now(turn, order)
        return
    turn.state.asked = turn.state.order = ""
    _list_anew(turn, order, entry)
    parcel_news.follow(turn, order, courier, number)
    is_on_its_way = order.state is not State.DELIVERED
    turn.say(
        "staff.number-corrected" if is_on_its_way else "staff.number-corrected-late",
        number=order.number,
        card=cards.order_card(turn, order),
        choices=order_buttons.for_staff(turn, order),
    )
    _tell_buyer(turn, order, entry, "corrected")
    parcel_news.catch_up(turn, order, courier, number)
    _ask_others(turn, entry, "staff.also-wrong", VERB, f":{courier}:{number}")


def press_drop(turn: Turn, subject: str) -> None:
    """Takes the number of an entry away."""
    entry = parcels.by_id(turn.unit.db, int(subject[:18])) if subject.isdecimal() else None
    _drop(turn, entry) if entry else turn.say("stale.nothing")


def _drop(turn: Turn, entry: Parcel) -> None:
    """Without that number all may have arrived; what was told by it is taken back."""
    order = _order(turn, entry)
    try:
        parcels.remove(turn.unit, entry, by=turn.chat.person)
    except NotAllowed:
        desk.not_now(turn, order)
        return
    is_bare = sending.is_bare(turn, order)
    turn.state.asked, turn.state.order = sending.ASKED if is_bare else "", order.number
    _list_anew(turn, order, entry)
    if moved := parcel_news.arrive(turn, order):
        order = moved.order
    turn.say(
        "staff.only-number-dropped" if is_bare else "staff.number-dropped",
        number=order.number,
        wrong=entry.number,
        card=cards.order_card(turn, order),
        choices=order_buttons.for_staff(turn, order),
    )
    _tell_buyer(turn, order, entry, "dropped")
    if moved:
        notices.moved(turn, moved)
    _ask_others(turn, entry, "staff.also-drop", DROP)


def _tell_buyer(turn: Turn, order: Order, wrong: Parcel, what: str) -> None:
    """The number that the buyer knows was wrong, and so was what was told of that parcel."""
    if chat := notices.buyer(turn, order):
        view, told = turn.towards(chat), wrong.state in (*TOLD, *LISTED)
        turn.notify(
            chat,
            f"notice.number-{what}-news" if told else f"notice.number-{what}",
            card=cards.order_card(view, order),
            number=order.number,
            wrong=wrong.number,
            state=view.words(f"parcel.{wrong.state}") if told else "",
        )


def _list_anew(turn: Turn, order: Order, wrong: Parcel) -> None:
    """Whether a person has to see to a parcel is no more told by the wrong one."""
    if any(each.state in LISTED for each in parcels.of_order(turn.unit.db, order.id)):
        unsettled.note(turn.unit, order)
    elif wrong.state in LISTED:
        unsettled.withdraw(turn.unit, order)
        if order.state is State.SHIPPED:
            settling.ask_later(turn, order)


def _ask_others(turn: Turn, entry: Parcel, id: str, verb: str, ending: str = "") -> None:
    """Whether the number of the buyer's other orders in that parcel was wrong, too."""
    order = _order(turn, entry)
    held = ((each, _order(turn, each)) for each in _on_their_way(turn, entry.number))
    choices = tuple(
        Choice(overviews.label(turn, other), f"{verb}:{each.id}{ending}")
        for each, other in held
        if other.person_id == order.person_id and each.courier == entry.courier
    )
    if choices:
        turn.say(id, wrong=entry.number, choices=choices)
