"""What the bot cannot answer goes to a person."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec import structs

from bot.messages import Attachment, Card, Choice
from bot.shop import enquiries, orders, payments, people, refunds, timers
from bot.shop.enquiries import Enquiry
from bot.shop.numbers import numbers_in
from bot.shop.orders import Order
from bot.talk import cards, conversation, notices, order_buttons
from bot.talk.turn import Turn

SHOWN_LENGTH = 300
GUESSED_LEAST = 0.4  # a less probable intent is not told to sellers


def hand_over(
    turn: Turn,
    id: str = "desk.handed-over",
    *,
    told: bool = False,
    kind: str = "",
    order: Order | None = None,
    intent: str = "",
    gist: Callable[[Turn], str] | None = None,
    more: Callable[[Turn], tuple[Choice, ...]] = lambda _: (),
) -> None:
    """Keeps the message as an enquiry, shows it to the staff and tells the buyer so.

    With `told` the buyer has been answered already; `kind` is a Message's. It is over once what it
    asks is done to the `order`. An `intent` is what it means for sure, whatever it was read as;
    `gist` says in a seller's language what it is about, `more` what can be done besides.
    """
    if intent:
        turn.reading = structs.replace(turn.reading, intent=intent, confidence=1.0)
    last = orders.last_of(turn.unit.db, turn.chat.person.id)
    order = order or _asked_of(turn)
    asked = enquiries.open_enquiry(
        turn.unit,
        turn.chat.id,
        turn.meant.written if turn.meant else turn.text,
        _reading_json(turn),
        kind="" if turn.text else kind or "picture",
        message_id=turn.message_id,
        order_id=order.id if order else None,
    )
    if not told:
        turn.say(id, handed_over=True)
    picture, others = _shown(turn)
    about = order or last
    shown = (Choice(about.number, f"order:{about.number}"),) if about else ()
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            "desk.enquiry",
            name=name_of(view, turn.chat),
            language=view.locales.name_of(_spoken(turn), view.language),
            gist=gist(view) if gist else _gist(turn, view, about, last),
            text=words_of(view, asked)[:1000],
            choices=_choices(view, asked, shown) + more(view),
            card=picture,
            attachments=others,
            enquiry=asked.id,
        )


def _asked_of(turn: Turn) -> Order | None:
    """The order that is named, or else that a complaint is about: the latest that can be meant, of
    those that have the goods it names if there are any."""
    if turn.meant and not turn.meant.every:
        return orders.by_id(turn.unit.db, min(turn.meant.ids))
    pictures = any(file.media_type.startswith("image/") for file in turn.attachments)
    if turn.staff or not (pictures or turn.reading.intent == "aftersales"):
        return None
    db = turn.unit.db
    found = orders.of_person(db, turn.chat.person.id)
    found = [each for each in found if turn.meant is None or each.id in turn.meant.ids]
    if named := next((each for each in found if each.number in numbers_in(turn.text)), None):
        return named
    goods = {line.product for line in turn.reading.lines}
    found = [each for each in found if goods & {line.product for line in each.lines}] or found
    return next((each for each in found if _has_left(turn, each)), next(iter(found), None))


def _has_left(turn: Turn, order: Order) -> bool:
    """Whether goods of an order have left, or money of it waits for somebody to decide."""
    paid = payments.of_order(turn.unit.db, order.id).state
    return order.state in refunds.HAVE_LEFT or paid in ("claimed", "refund_due")


def _choices(view: Turn, asked: Enquiry, about: tuple[Choice, ...]) -> tuple[Choice, ...]:
    choices: tuple[Choice, ...] = (view.choice("button.reply", f"reply:{asked.id}"),)
    if "haggle" in view.reading.marks:
        choices += (view.choice("button.special", f"special:{asked.id}"),)
    return choices + about


def in_thread(turn: Turn, asked: Enquiry) -> None:
    """A message that answers one about an enquiry: the seller's to the buyer, or back to the desk.

    A seller may add something when it is answered already; the others see who did.
    """
    if turn.staff:
        enquiries.close(turn.unit, asked.id, turn.chat.person)
        _answer(turn, asked)
    else:
        hand_over(turn, "desk.passed-on")


def ask_reply(turn: Turn, id: int) -> None:
    """A seller wants to answer an enquiry: the next message goes to who asked."""
    asked = enquiries.find_open(turn.unit.db, id)
    if asked is None:
        turn.say("desk.answered-already")
        return
    turn.state.enquiry = id
    turn.say(
        "desk.write-answer",
        name=name_of(turn, people.chat(turn.unit, asked.chat_id)),
        text=words_of(turn, asked)[:SHOWN_LENGTH],
        choices=(turn.choice("button.no-reply", "noreply"),),
    )


def reply(turn: Turn) -> None:
    """Takes a seller's message to the buyer whose enquiry it answers, as it is."""
    asked = enquiries.close(turn.unit, turn.state.enquiry, turn.chat.person)
    turn.state.enquiry = 0
    if asked is None:
        turn.say("desk.not-sent")
    else:
        _answer(turn, asked)


def _answer(turn: Turn, asked: Enquiry) -> None:
    chat = people.chat(turn.unit, asked.chat_id)
    picture, others = _shown(turn)
    turn.notify(
        chat,
        "desk.answer" if turn.text else "desk.answer-picture",
        text=turn.text,
        card=picture,
        attachments=others,
        enquiry=asked.id,
        reply_to=asked.message_id,
    )
    turn.say("desk.answer-sent", name=name_of(turn, chat))
    if chat.id != turn.chat.id:
        state = conversation.decode(chat.state)
        state.asked_by_seller = "ask" in turn.reader.read(turn.text).found
        people.set_state(turn.unit, chat.id, conversation.encode(state))


def remind(turn: Turn, id: int) -> None:
    """Nobody has answered an enquiry yet: the staff are told again, at growing intervals."""
    asked = enquiries.find_open(turn.unit.db, id)
    if asked is None:
        return
    for chat in notices.staff(turn):
        view = turn.towards(chat)
        turn.notify(
            chat,
            "desk.reminder",
            name=name_of(view, people.chat(turn.unit, asked.chat_id)),
            text=words_of(view, asked)[:SHOWN_LENGTH],
            choices=(view.choice("button.reply", f"reply:{id}"),),
            enquiry=id,
        )
    timers.set_again(
        turn.unit, enquiries.REMIND, str(id), since=asked.at, least_ms=enquiries.REMIND_MS
    )


def _shown(turn: Turn) -> tuple[Card | None, tuple[Attachment, ...]]:
    """What came with a message as others are shown it: a picture as a card, else the files."""
    for file in turn.attachments:
        if file.media_type.startswith("image/"):
            return Card(kind="photo", picture=file.hash), ()
    return None, turn.attachments


def words_of(turn: Turn, asked: Enquiry) -> str:
    """What was asked, or what came instead of words, to be shown to a seller."""
    return asked.text or turn.words(f"desk.kind-{asked.kind}")


def _spoken(turn: Turn) -> str:
    """The language of the message; a picture and a mere sign have the chat's."""
    return turn.reading.language if turn.reading.scripted and turn.text else turn.language


def name_of(turn: Turn, chat: people.Chat) -> str:
    """How a person is called in what others read."""
    return chat.person.name or turn.words("desk.somebody")


def _reading_json(turn: Turn) -> str:
    reading = turn.reading
    return msgspec.json.encode(
        {
            "language": reading.language,
            "intent": reading.intent,
            "lines": [
                {"product": line.product, "grade": line.grade, "quantity": str(line.quantity or "")}
                for line in reading.lines
            ],
            "confidence": reading.confidence,
        }
    ).decode()


def _gist(turn: Turn, view: Turn, about: Order | None, last: Order | None) -> str:
    """What was read and the order that it is about or else the latest, in the seller's language."""
    guessed = turn.reading.intent if turn.reading.confidence >= GUESSED_LEAST else "other"
    parts = [view.words(f"intent.{guessed}")]
    for line in turn.reading.lines:
        product = turn.product(line.product) if line.product else None
        if product is None and guessed == "track":
            continue  # 第二个包裹: an amount alone is of parcels.
        name = view.name(product, line.grade or "") if product else ""
        amount = line.quantity and view.quantity(product, line.quantity.amount, line.quantity.unit)
        parts.append(" ".join(part for part in (name, amount) if part))
    if about:
        id = "desk.last-order" if about == last else "desk.of-order"
        parts.append(view.words(id, number=about.number, state=cards.standing(view, about)))
    return " · ".join(part for part in parts if part)


def picture(turn: Turn) -> None:
    """A picture that is no proof of payment."""
    hand_over(turn, "desk.picture-handed-over")


def card_of(turn: Turn, number: str) -> None:
    """An order by its number, for the staff."""
    order = orders.find(turn.unit.db, number)
    if order is None:
        turn.say("track.unknown")
        return
    turn.state.order = order.number
    turn.say(
        "staff.order",
        number=order.number,
        state=cards.standing(turn, order),
        card=cards.order_card(turn, order),
        choices=(*order_buttons.for_staff(turn, order), *_part(turn, order)),
    )


def _part(turn: Turn, order: Order) -> tuple[Choice, ...]:
    """A part of what is paid can go back before the parcel leaves, when less will be in it."""
    before = order.state in refunds.OFFERED_IN and order.state not in refunds.HAVE_LEFT
    if not before or not refunds.left(turn.unit.db, order):
        return ()
    return (turn.choice("button.refund-part", f"refund-part:{order.number}"),)


def not_now(turn: Turn, order: Order) -> None:
    """That cannot be done with an order: how it stands, or the one that it was changed to."""
    standing = orders.standing(turn.unit.db, orders.fresh(turn.unit.db, order))
    id = "staff.not-now" if standing.id == order.id else "staff.replaced"
    turn.say(id, number=order.number, after=standing.number)
    card_of(turn, standing.number)
