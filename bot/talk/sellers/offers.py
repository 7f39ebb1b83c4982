"""A part of the money offered to a buyer, and what is answered: yes, no, another sum, too late."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.language.regex import regex
from bot.language.script import form_of
from bot.shop import orders, people, refunds
from bot.shop.orders import Order, State
from bot.shop.refunds import Refund, RefundState
from bot.talk import cards, desk, notices, order_buttons
from bot.talk.buyers import tracking
from bot.talk.sellers import pricing
from bot.talk.turn import Turn

# All are matched in the form of a text.
_AGREES = regex(
    r"(?:我|我们)?(?:都)?同意|(?:ok[, ]+)?(?:i |we )?agreed?\b|་?(?:ང་|ངས་)?(?:མོས་མཐུན|འཐད)"
)
_OF_MONEY = regex(r"[退赔]|同意|\b(?:refund|agreed?|accept|money back)\b|སློག|མོས་མཐུན|འཐད")
_TOO_LITTLE = regex(
    r"太少|不够|少了|[至最]少|起码|多[退赔]点|\b(?:too little|not enough|at least|make it)\b|ཉུང་དྲགས"
)
_REFUSES = regex(
    r"(?:我|那|这)?(?:也|可)?不(?:行|可以|同意|接受|能接受|干)"
    r"|(?:i )?(?:do not|don't|cannot|can't) (?:accept|agree)"
    r"|་?(?:ང་|ངས་)?(?:མི་(?:འགྲིག|འཐད)|མོས་མཐུན་(?:མེད|མི))"
)
_WHOLE = regex(
    r"全(?:部|额|款)*(?:都|要|想|给我)*退|(?:都|全)(?:要|给我)?退(?!货)|退(?:我|给我|还)?全|全额"
    r"|\bfull (?:refund|amount)\b|\b(?:refund|give|send)\b[a-z ]{0,12}\b(?:everything|all|whole)\b"
    r"|\b(?:everything|all (?:of it|(?:of )?(?:my|the) money)|the whole (?:sum|amount)) back\b"
    r"|(?:ཚང་མ|ཡོངས་རྫོགས)་(?:ཕྱིར་)?སློག"
)
# Beside a sum: 那50也行, ok, 100 then.
_OF_SUM = regex(r"也?(?:可以|[行成好])|\b(?:ok|okay|fine|then|deal|good|enough|how about)\b|འགྲིག|ཆོག")
_BUYS = regex(r"(?<!少)(?<!码)[要来买拿]\s*\d|\b(?:buy|order|want) \d")
_NOT = regex(r"不|太少|\b(?:no|not|never)\b|n't|་(?:མི|མ|མིན|མེད)་")


def tell(turn: Turn, order: Order, refund: Refund) -> None:
    """The buyer is asked whether a part of the money will do, where they are if they asked."""
    is_theirs = turn.chat.person.id == order.person_id
    chat = turn.chat if is_theirs else people.chat(turn.unit, order.chat_id)
    view = turn.towards(chat)
    kept = order.state in (State.SHIPPED, State.DELIVERED)
    ending = "" if kept else "-back" if order.state in refunds.HAVE_LEFT else "-less"
    turn.notify(
        chat,
        f"notice.offer{ending}",
        number=order.number,
        money=view.money(refund.amount_minor),
        again=cards.again_too(view, order),
        choices=(
            view.choice("button.accept-offer", f"accept:{refund.id}"),
            view.choice("button.human", "human"),
        ),
    )


def lapsed(turn: Turn, order: Order, refund: Refund) -> None:
    """The buyer never answered: the staff may offer again, or leave it."""
    chat = people.chat(turn.unit, order.chat_id)
    view = turn.towards(chat)
    money, human = view.money(refund.amount_minor), view.choice("button.human", "human")
    turn.notify(chat, "notice.offer-lapsed", number=order.number, money=money, choices=(human,))
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            "staff.offer-lapsed",
            number=order.number,
            money=view.money(refund.amount_minor),
            choices=order_buttons.for_staff(view, order),
        )


@contextmanager
def told_when_off(turn: Turn, order: Order) -> Iterator[None]:
    """When something else is done, by which an offer of money stands no longer, or more goes back
    than would leave it, its buyer and all staff are told."""

    def stand() -> list[Refund]:
        known, most = refunds.of_order(turn.unit.db, order), refunds.left(turn.unit.db, order)
        offered = (each for each in known if each.state is RefundState.OFFERED)
        return [each for each in offered if each.amount_minor <= most]

    before, most = stand(), refunds.left(turn.unit.db, order)
    yield
    for refund in before:
        if refund in stand():
            continue
        refunds.lapse(turn.unit, refund.id)
        if refund.amount_minor == most - refunds.left(turn.unit.db, order):
            continue  # Just that goes back.
        id = "staff.offer-off" if turn.staff else "notice.offer-off"
        turn.say(id, number=order.number, money=turn.money(refund.amount_minor))
        for chat in [*notices.staff(turn), *filter(None, [notices.buyer(turn, order)])]:
            view, is_theirs = turn.towards(chat), chat.person.id == order.person_id
            money = view.money(refund.amount_minor)
            id = "notice.offer-off" if is_theirs else "staff.offer-off"
            turn.notify(chat, id, number=order.number, money=money)


def accept(turn: Turn, subject: str) -> None:
    """The buyer agrees to what was offered."""
    offered = refunds.by_id(turn.unit.db, int(subject[:18])) if subject.isdecimal() else None
    order = orders.by_id(turn.unit.db, offered.order_id) if offered else None
    if offered is None or order is None or order.person_id != turn.chat.person.id:
        turn.say("stale.nothing")
        return
    agreed = refunds.accept(turn.unit, offered.id, by=turn.chat.person)
    if agreed:
        _say_accepted(turn, order, agreed)
        notices.refund_agreed(turn, order, agreed)
    elif refunds.lapsed(turn.unit.db, order) == offered:
        _pass_on(turn, order, offered, late=True)
    else:
        turn.say("offer.gone")
        tracking.show(turn, order)


def take(turn: Turn) -> bool:
    """Yes, no or another sum in words to an offer; False when the message is no answer to one."""
    form = form_of(turn.text).text
    agrees, minor = bool(_AGREES.match(form)), _sum(turn, form)
    little = bool(_TOO_LITTLE.search(form) or asks_for_all(form) or _REFUSES.match(form))
    if turn.staff or not (agrees or minor or little or turn.reading.marks & {"yes", "no"}):
        return False
    if not _may_answer(turn, form):
        return False
    found = standing(turn, late=agrees or bool(minor and _OF_MONEY.search(form)))
    # The one of the sum that is said, if any is; else the latest.
    found.sort(key=lambda each: (each[1].amount_minor != minor, -each[1].id))
    if not found:
        return False
    order, refund = found[0]
    other = bool(minor) and minor != refund.amount_minor
    if other and refund.state is not RefundState.OFFERED and _is_of_later(turn, order):
        return False
    if refund.state is RefundState.WITHDRAWN:
        _pass_on(turn, order, refund, late=not other)
    elif "no" in turn.reading.marks or little or other or (minor and _NOT.search(form)):
        _pass_on(turn, order, refund)
    elif refund.state is RefundState.DUE:
        _say_accepted(turn, order, refund)
    else:
        accept(turn, str(refund.id))
    return True


def asks_for_all(form: str) -> bool:
    """Whether a text, in its form, says that all of the money shall go back."""
    return _WHOLE.search(form) is not None


def _is_of_later(turn: Turn, order: Order) -> bool:
    """Whether a sum that is asked for is rather of a later order, whose goods have left."""
    named = orders.find(turn.unit.db, turn.text)
    if named:
        return named.id != order.id
    return any(e.id > order.id and e.state in refunds.HAVE_LEFT for e in tracking.mine(turn))


def _sum(turn: Turn, form: str) -> int:
    """The sum that an answer names, in minor units; 0 for none."""
    said = _OF_MONEY.search(form) or _OF_SUM.search(form) or _TOO_LITTLE.search(form)
    return pricing.sum_said(turn) if said and not _BUYS.search(form) else 0


def _may_answer(turn: Turn, form: str) -> bool:
    """Whether a message is not rather of goods that are asked for, or of an order."""
    lines = turn.reading.lines
    if any(line.quantity for line in lines):
        return False
    about_goods = turn.state.draft.lines or lines or tracking.is_about_goods(turn)
    return not about_goods or bool(_OF_MONEY.search(form))


def standing(turn: Turn, *, late: bool = False) -> list[tuple[Order, Refund]]:
    """The buyer's offers that stand; for who plainly speaks of one, those that are over, too."""
    db, mine = turn.unit.db, tracking.mine(turn)
    all_of = [(order, refund) for order in mine for refund in refunds.of_order(db, order)]
    found = [each for each in all_of if each[1].state is RefundState.OFFERED]
    if late and not found:
        found = [e for e in all_of if e[1].state is RefundState.DUE and not e[1].is_excess]
        over = ((order, refunds.lapsed(db, order)) for order in mine)
        found += [(order, refund) for order, refund in over if refund]
    return found


def _pass_on(turn: Turn, order: Order, refund: Refund, *, late: bool = False) -> None:
    """The seller reads what was answered, and to what."""
    turn.say("offer.late" if late else "desk.passed-on", handed_over=True)
    id = "desk.on-late-offer" if refund.state is RefundState.WITHDRAWN else "desk.on-offer"

    def gist(view: Turn) -> str:
        return view.words(id, number=order.number, money=view.money(refund.amount_minor))

    desk.hand_over(turn, told=True, order=order, gist=gist)


def _say_accepted(turn: Turn, order: Order, refund: Refund) -> None:
    money, again_too = turn.money(refund.amount_minor), cards.again_too(turn, order)
    turn.say("offer.accepted", number=order.number, money=money, again=again_too)
