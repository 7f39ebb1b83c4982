"""Another address for an order that has not been packed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from msgspec.structs import replace

from bot.language.addresses.recipient import Recipient
from bot.language.regex import regex
from bot.messages import Choice
from bot.shop import enquiries, follow_ups, orders, stock
from bot.shop.orders import Order, Quote, State, Wanted
from bot.talk import cards, desk, notices
from bot.talk.buyers import cancelling, changing, ordering, recipients, tracking, whose
from bot.talk.turn import Turn

ASKED = "order-address"
VERB, ALL = "move-to", "all"  # the buttons that ask which order is meant: its number, or all
_ALL_OF_THEM = regex(
    r"都|全|[两兩]|所有|\b(?:both|all|everything|every one)\b|གཉིས་ཀ|ཚང་མ|ཡོད་ཚད", re.IGNORECASE
)
# … said of the orders in a message of goods as well.
_OF_ALL = regex(
    r"[两兩]个?[单單]|[两兩]個[单單]|[两兩][个個][订訂][单單]|所有|全部|都[改换換寄发發送]"
    r"|\b(?:both|all)(?: (?:of )?(?:them|my|the|orders?))+\b|གཉིས་ཀ|མངགས་ཐོ་ཚང་མ",
    re.IGNORECASE,
)
_NOT_LEFT = (*orders.READDRESSED_IN, State.PACKING)
_NOT_THERE = (*orders.READDRESSED_IN, State.PACKING, State.SHIPPED)
_KEEPS = regex(
    r"不[用必]?[改换換]|原[来來]的?地址|还是原来|還是原來|[老旧舊]地址|照[旧舊]|不[变變]"
    r"|\bkeep (?:it|the|my)\b|\bold (?:one|address)\b|\bleave it\b|\bas it (?:was|is)\b"
    r"|སྔར|སྔོན་མ|བརྗེ་མི་དགོས|མི་བརྗེ",
    re.IGNORECASE,
)

# Stands before an address that is no recipient's name.
_SEND = regex(
    r"^(?:please |pls |can you |could you )*(?:send|ship|deliver|mail)\b"
    r"(?: (?:my|all|the|of|them|it|orders?))* *\bto ",
    re.IGNORECASE,
)
_CANCELS = regex(r"取消|不要|不买|不買|撤|\bcancel|འཐེན|མི་དགོས", re.IGNORECASE)
_WISH_END = regex(r"[?？!！。།:：\n]")


def ask(turn: Turn, order: Order | None) -> None:
    """Asks where an order shall go instead; a packed one can only be stopped by a person."""
    if order is None:
        turn.say("track.unknown")
    elif order.state in orders.READDRESSED_IN:
        _ask(turn, [order])
    else:
        tracking.show(turn, order)


def _ask(turn: Turn, found: Sequence[Order]) -> None:
    turn.state.asked, turn.state.order = ASKED, " ".join(each.number for each in found)
    part = recipients.wrong_part(turn)
    turn.state.wrong = turn.text if part == "door" else ""
    id = f"address.ask-{part}" if part in ("name", "phone", "door") else "address.ask"
    turn.say(id, number=_numbers(turn, found), place=found[0].recipient.detail)


def _numbers(turn: Turn, found: Sequence[Order]) -> str:
    return turn.locales.joined(turn.language, [each.number for each in found])


def take(turn: Turn) -> bool:
    """A wish to change the address, or the new one; False when the message is neither."""
    wished = _wishes(turn)
    if turn.state.draft.replaces and _keeps(turn):
        ordering.drop(turn)
        return True
    if turn.state.asked == ASKED:
        found = [
            each for each in map(partial(tracking.own, turn), turn.state.order.split()) if each
        ]
        if _thinks_better(turn):
            turn.state.asked = ""
            if found and not tracking.names_order(turn):
                _kept(turn, found)
                return True
            return False
    elif _says_which(turn):
        return True
    elif wished:
        both = tracking.all_meant(turn, _NOT_LEFT, (State.SHIPPED,))
        if len(both) > 1:
            where = changing.TO.sub("", whose.ALL_ORDERS.sub("", turn.text).strip())
            where = _SEND.sub("", where)
            _go(turn, both, where)
            return True
        found = _all_meant(turn)
        if len(found) > 1:
            _ask_which(turn, found)
            return True
    else:
        return False
    if not found:
        return False
    if any(order.state not in orders.READDRESSED_IN for order in found):
        turn.state.asked = ""
        if wished:
            _too_late(turn, found[0])
        return wished
    moved = _move(turn, found) or (wished and _moves_behind(turn, found))
    if wished and not moved:
        _ask(turn, found)
    return moved or wished


def _kept(turn: Turn, found: Sequence[Order]) -> None:
    """Nothing goes elsewhere; who said "cancel" may have meant the whole order."""
    numbers = _numbers(turn, found)
    if len(found) > 1 or not _CANCELS.search(turn.text):
        turn.say("address.kept", number=numbers)
        return
    button = cancelling.cancel_button(turn, found[0])
    turn.say("address.kept-or-cancel", number=numbers, choices=(button,))


def _too_late(turn: Turn, order: Order) -> None:
    """It is packed or gone, or over."""
    if order.state not in tracking.OPEN:
        tracking.show(turn, order)
        return
    id = "address.shipped" if order.state is State.SHIPPED else "address.too-late"
    turn.say(id, number=order.number, handed_over=True)
    _hand_over(turn, order, lambda view: cards.standing(view, order))


def _ask_which(turn: Turn, found: Sequence[Order]) -> None:
    """Which of several orders shall go elsewhere, or whether all of them."""
    turn.state.moving, turn.state.order = turn.text, " ".join(each.number for each in found)
    all_of_them = "button.move-both" if len(found) == 2 else "button.move-all"
    choices = [Choice(whose.label(turn, x, found), f"{VERB}:{x.number}") for x in found]
    choices.append(turn.choice(all_of_them, f"{VERB}:{ALL}"))
    turn.say("address.which", n=len(found), choices=tuple(choices))


def _says_which(turn: Turn) -> bool:
    """The answer in words to which order shall go elsewhere; False when that was not asked."""
    values = [choice.value for choice in turn.state.offered]
    if not turn.state.moving or f"{VERB}:{ALL}" not in values:
        return False
    found = list(filter(None, (tracking.own(turn, each) for each in turn.state.order.split())))
    if _thinks_better(turn) and not tracking.names_order(turn):
        turn.state.offered, turn.state.moving = [], ""
        _kept(turn, found)
        return True
    called = whose.named(turn.text, found, alone=True)
    named = orders.find(turn.unit.db, turn.text) or (called[0] if len(called) == 1 else None)
    subject = named.number if named else ALL if _ALL_OF_THEM.search(turn.text) else ""
    if f"{VERB}:{subject}" not in values or turn.reading.recipient:
        return False
    press(turn, subject)
    return True


def press(turn: Turn, subject: str) -> None:
    """The order that shall go where it was said before, or all that were asked about; of those that
    were packed meanwhile it is told."""
    turn.text, turn.state.moving = turn.state.moving, ""
    turn.reading = turn.reader.read(turn.text)
    named = turn.state.order.split() if subject == ALL else [subject]
    owned = filter(None, (tracking.own(turn, each) for each in named))
    found = {each.id: each for each in (orders.standing(turn.unit.db, own) for own in owned)}
    if not found or not turn.text:
        turn.say("stale.nothing")
        return
    _go(turn, list(found.values()), turn.text)


def _go(turn: Turn, found: Sequence[Order], where: str) -> None:
    """Orders go where it is said, or that is asked; of those that are packed it is told."""
    text = turn.text
    turn.hear(where)
    there = [each for each in found if each.state in orders.READDRESSED_IN]
    if there and not _move(turn, there):
        _ask(turn, there)
    turn.hear(text)
    for order in found:
        if order not in there:
            _too_late(turn, order)


def take_both(turn: Turn) -> bool:
    """Other goods of one order and another address in one message, be it of all orders: the others
    go there at once, and what is to be confirmed comes last. False when it does not wish both."""
    text, reading, before = turn.text, turn.reading, len(turn.out)
    if not changing.take_both(turn):
        return False
    draft, replaced = turn.state.draft, turn.replaced
    if replaced is None or not _OF_ALL.search(text):
        return True
    asked, shown = turn.state.asked, turn.out[before:]
    del turn.out[before:]
    whose = (replaced.recipient.name, replaced.recipient.phone)
    is_new = whose != (draft.recipient.name, draft.recipient.phone)
    others = [each for each in tracking.mine(turn) if each.state in _NOT_LEFT]
    for order in sorted(others, key=lambda each: each.id):
        if order.id == replaced.id:
            continue
        own = order.recipient
        to = draft.recipient if is_new else replace(draft.recipient, name=own.name, phone=own.phone)
        turn.text, turn.reading = text, reading
        if order.state in orders.READDRESSED_IN:
            _change(turn, order, to)
        else:
            _too_late(turn, order)
    turn.state.asked = asked
    turn.out += shown
    return True


def said_in(turn: Turn, order: Order, text: str) -> Recipient | None:
    """The recipient of an order after what a text of its buyer tells, which is of no goods."""
    state = replace(turn.state, asked=ASKED, wrong="")
    texts = dict.fromkeys([text, *_WISH_END.split(text, maxsplit=1)[1:]])
    for each in texts:
        reading = replace(turn.reader.read(each), lines=())
        if to := _told(replace(turn, text=each, reading=reading, state=state), order):
            return to
    return None


def _move(turn: Turn, found: Sequence[Order]) -> bool:
    """Sends orders where the message says; False when it does not say where."""
    pairs = [(order, to) for order in found if (to := _told(turn, order))]
    for order, to in sorted(pairs, key=lambda pair: not quoted(turn, *pair)[1]):
        _change(turn, order, to)
    return bool(pairs)


def _moves_behind(turn: Turn, found: Sequence[Order]) -> bool:
    """As `_move`, where the address stands behind the wish: can I change the address? 200 …"""
    *wish, text = map(str.strip, _WISH_END.split(turn.text, maxsplit=1))
    turn.state.asked = ASKED
    return bool(wish) and _move(replace(turn, text=text, reading=turn.reader.read(text)), found)


def _told(turn: Turn, order: Order) -> Recipient | None:
    """The recipient of an order after what the message tells."""
    given, before = turn.reading.recipient, order.recipient
    to = _corrected(turn, order)
    if to is None and given is None and turn.state.asked == ASKED:
        from bot.language.addresses.answers import told

        to = told(Recipient(name=before.name, phone=before.phone), turn.text, "")
    return to or (recipients.whole(given, before) if given else None)


def _corrected(turn: Turn, order: Order) -> Recipient | None:
    """The recipient of an order with the part that a message puts right: wrong phone, it's …"""
    from bot.language.addresses.corrections import corrected, with_code, with_door
    from bot.language.addresses.swaps import corrected as part_for_part

    asked = turn.state.asked == ASKED
    if code := with_code(order.recipient, turn.text):
        return code
    if not (asked or any(sign.isalpha() for sign in turn.text)):
        return None
    if turn.reading.lines:  # unit 502 should be unit 302
        return part_for_part(order.recipient, turn.text)
    if asked and turn.state.wrong:
        return with_door(order.recipient, turn.text, turn.state.wrong)
    return corrected(order.recipient, turn.text)


def _wishes(turn: Turn) -> bool:
    """Whether an address shall be changed: it is said so, or one comes where nothing is ordered."""
    reading, state = turn.reading, turn.state
    says_so = "change-address" in reading.marks or bool(changing.NEW_ADDRESS.search(turn.text))
    if state.draft.lines:
        return says_so and _is_begun(turn) and _meant(turn) is not None
    if says_so:
        return True
    if not state.asked and (order := _meant(turn)):
        if _corrected(turn, order) or recipients.wrong_part(turn):
            return True
    to = reading.recipient
    if to is None or not to.detail or reading.lines:
        return False
    if turn.meant or tracking.says_all(turn):
        return True
    if reading.intent not in ("order", "other"):
        return False
    if state.asked or tracking.is_about_goods(turn):
        return False
    return any(order.state in _NOT_THERE for order in tracking.mine(turn))


def _is_begun(turn: Turn) -> bool:
    """Whether the draft is a mere beginning, of which nothing was shown that could go elsewhere."""
    draft = turn.state.draft
    unfinished = any(line.grade is None or not line.quantity for line in draft.lines)
    return unfinished and not draft.replaces and draft.recipient == Recipient()


def _thinks_better(turn: Turn) -> bool:
    """Whether the question where to is answered with: nowhere else, after all."""
    if turn.reading.recipient is not None:
        return False
    return cancelling.calls_off(turn) or bool(_KEEPS.search(turn.text))


def _keeps(turn: Turn) -> bool:
    """Whether all shall stay as it was, once the change with its new costs is shown."""
    reading = turn.reading
    says_more = reading.recipient or reading.lines or reading.number is not None
    return not says_more and bool(_KEEPS.search(turn.text))


def _all_meant(turn: Turn) -> list[Order]:
    """The order that is named, else all that can be changed and go elsewhere, else the latest."""
    named = orders.find(turn.unit.db, turn.text) or tracking.of_place(turn)
    theirs = tracking.theirs(turn)
    there = [] if named else _unpacked(turn)
    there = [each for each in there if each in theirs] if theirs else there
    found = [order for order in there if _told(turn, order) != order.recipient]
    order = None if len(found) > 1 else next(iter(found), None) or _meant(turn)
    return [order] if order else found


def _unpacked(turn: Turn) -> list[Order]:
    """All orders of the person that can go elsewhere yet, the first one first."""
    found = (each for each in tracking.mine(turn) if each.state in orders.READDRESSED_IN)
    return sorted(found, key=lambda each: each.id)


def _meant(turn: Turn) -> Order | None:
    """The order that is named, else the latest that can be changed, else the latest."""
    return tracking.meant(turn, orders.READDRESSED_IN, tracking.OPEN)


def _hand_over(turn: Turn, order: Order, why: Callable[[Turn], str]) -> None:
    """The seller reads that another address is wanted, and why a person has to settle it."""

    def gist(view: Turn) -> str:
        return view.words("desk.on-address", number=order.number, why=why(view))

    desk.hand_over(turn, told=True, order=order, intent=enquiries.ADDRESS, gist=gist)


def _change(turn: Turn, order: Order, to: Recipient) -> None:
    """Changes it where that costs the same, or nothing; else what stands in its place is shown,
    whose difference is paid or goes back, or why it cannot be sent there. Where nothing can take
    its place, a person settles it."""
    turn.state.asked = turn.state.order = ""
    quote, costs_same = quoted(turn, order, to)
    may_stand = "not-sold" not in quote.problems and not turn.state.draft.lines
    may_stand = may_stand and follow_ups.may_change(turn.unit, order)
    if may_stand and (quote.problems or not costs_same):
        changing.reopen(turn, order)
        turn.state.draft.recipient = to
        return ordering.proceed(turn)
    if quote.problems or not costs_same or not to.detail:
        why = f"address.why-{quote.problems[0] if quote.problems else 'other-cost'}"
        turn.say("address.to-person", why=turn.words(why), handed_over=True)
        _hand_over(turn, order, lambda view: view.words(why))
        return
    days = stock.transit_days(quote.zone)
    changed = orders.readdress(turn.unit, order, to, transit_days=days, by=turn.chat.person)
    place = replace(to, name=order.recipient.name, phone=order.recipient.phone)
    id = "address.corrected" if place == order.recipient else "address.changed"
    turn.say(id, number=order.number, card=cards.order_card(turn, changed))
    notices.tell_staff(turn, "staff.readdressed", changed)


def quoted(turn: Turn, order: Order, to: Recipient) -> tuple[Quote, bool]:
    """What an order would cost there, and whether that is the same."""
    wants = [Wanted(line.product, line.grade, line.quantity, line.unit) for line in order.lines]
    quote = orders.quote(turn.catalogue, wants, to, turn.language, order.pay_by)
    is_free = not order.goods_minor  # it is sent again, and the shop bears that
    return quote, is_free or quote.shipping_minor == order.shipping_minor
