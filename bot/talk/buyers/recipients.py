"""The recipient of the draft: what is told of them, in pieces or at once, and what is missing."""

from __future__ import annotations

from msgspec.structs import fields, replace

from bot.language.addresses.hints import rest_behind_goods
from bot.language.addresses.recipient import Recipient, is_town
from bot.language.regex import regex
from bot.language.weighing import CONFIDENT
from bot.talk.turn import Turn

SLOTS = ("recipient", "name", "phone", "region", "street")
DOOR = "door"  # what is asked when the number of the house is wrong
_PLACE = ("province", "city", "district", "detail", "country")
_PARTS = {"name": ("name",), "phone": ("phone",), "address": _PLACE}
_TO = regex(r"^(?:to|for) +(?=\S)")  # 1 kg honey, to Tashi; but To Wai is a name
_NO_REMARKS = ("order", "other")  # pieces of addresses are read as these, too


def take(turn: Turn) -> bool:
    """Takes what the message tells of the draft's recipient; False if it tells nothing."""
    found = told(turn)
    if found is None:
        return False
    turn.state.draft.recipient = replace(found, name=_TO.sub("", found.name, count=1))
    return True


def told(turn: Turn) -> Recipient | None:
    """The draft's recipient after this message; None when it is about something else."""
    reading, state = turn.reading, turn.state
    if not state.draft.lines or any(line.product for line in reading.lines):
        return None
    from bot.language.addresses.answers import is_numbered_street, told
    from bot.language.addresses.swaps import corrected as part_for_part

    if _says_grade(turn):
        return None
    if found := _with_number(turn):
        return found
    is_amount = any(line.quantity for line in reading.lines)
    if is_amount and not (state.asked in SLOTS and is_numbered_street(turn.text)):
        return part_for_part(state.draft.recipient, turn.text)

    part = wrong_part(turn)
    if part in _PARTS:
        return replace(state.draft.recipient, **dict.fromkeys(_PARTS[part], ""))
    return told(
        state.draft.recipient,
        turn.text,
        state.asked if state.asked in SLOTS else "",
        remark=_is_remark(turn),
        place=reading.place,
    )


def ask_door(turn: Turn) -> bool:
    """Asks for the number of the house that is said to be wrong; False when none is."""
    known = turn.state.draft.recipient
    if not turn.state.draft.lines or not known.detail or wrong_part(turn) != "door":
        return False
    turn.state.asked, turn.state.wrong = DOOR, turn.text
    turn.say("address.ask-door", place=known.detail)
    return True


def _with_number(turn: Turn) -> Recipient | None:
    """The draft's recipient with the number of the house that was asked for, or with a postcode
    that comes alone where all is there."""
    from bot.language.addresses.corrections import with_code, with_door

    known, asked = turn.state.draft.recipient, turn.state.asked
    if asked == DOOR:
        return with_door(known, turn.text, turn.state.wrong)
    return with_code(known, turn.text) if known.detail and asked in ("confirm", "phone") else None


def _says_grade(turn: Turn) -> bool:
    """Whether, with no number of a house, a grade is said of what is wanted: 还是大号吧."""
    said = {line.grade for line in turn.reading.lines} - {None}
    wanted = [turn.product(line.product) for line in turn.state.draft.lines if said]
    grades = {grade.key for product in wanted if product for grade in product.grades}
    return bool(said & grades) and not any(sign.isdigit() for sign in turn.text)


def take_behind_goods(turn: Turn) -> None:
    """2 kg butter to Anna Schmidt, Kastanienallee 42, 10435 Berlin: what follows the goods."""
    if "," not in turn.text or not any(line.product for line in turn.reading.lines):
        return
    rest = rest_behind_goods(turn.text, turn.reader.names_goods)
    if not rest:
        return
    from bot.language.addresses.answers import whole_address

    draft = turn.state.draft
    draft.recipient = whole_address(draft.recipient, rest, turn.reading.place) or draft.recipient


def place_said(turn: Turn) -> Recipient | None:
    """The province or the country that a message names; None for none."""
    from bot.language.addresses.reading import place_named

    place = place_named(turn.text, turn.reading.place)
    return place if place.province or place.country else None


def whole(given: Recipient, before: Recipient) -> Recipient:
    """An address without a name or a phone is for the same person; a street alone in their town."""
    if given.detail and not (given.province or given.district or given.country):
        given = replace(before, name=given.name, phone=given.phone, detail=given.detail)
    return replace(given, name=given.name or before.name, phone=given.phone or before.phone)


def wrong_part(turn: Turn) -> str:
    """Which part of a recipient is said to be wrong, without what it shall be; '' for none."""
    if turn.reading.recipient or turn.reading.lines:
        return ""
    from bot.language.addresses.corrections import wrong_part

    return wrong_part(turn.text)


def _is_remark(turn: Turn) -> bool:
    """Whether the message has a meaning of its own: a yes, a question, other goods."""
    reading = turn.reading
    if reading.recipient and reading.recipient.detail:
        return False
    asks = reading.confidence >= CONFIDENT and reading.intent not in _NO_REMARKS
    said = reading.refused or reading.vague or reading.money or reading.wish_language
    return bool(asks or said or reading.marks - {"set-price"})


def take_whole(turn: Turn, said: Recipient) -> None:
    """What the buyer states of the recipient replaces what was known of it.

    A new place replaces the whole place, so that an old street never goes with a new city.
    """
    known = turn.state.draft.recipient
    if any(getattr(said, part) for part in ("province", "city", "country")) and said.detail:
        known = replace(known, **dict.fromkeys(_PLACE, ""))
    given = {f.name: getattr(said, f.name) for f in fields(said) if getattr(said, f.name)}
    if said.name:
        given["name"] = _TO.sub("", said.name, count=1)
    turn.state.draft.recipient = replace(known, **given)


_AT_HOME = ("+86", "+852", "+853", "+886")  # where an address has a province or a city of China


def is_abroad(recipient: Recipient) -> bool:
    """Whether the phone number is of another country, when nothing else tells where it goes."""
    return recipient.phone.startswith("+") and not recipient.phone.startswith(_AT_HOME)


def _lacks_digits(recipient: Recipient) -> bool:
    """Whether eight digits were given before it was told that it goes to the mainland."""
    return recipient.country == "CN" and len(recipient.phone) == 8


def missing(recipient: Recipient) -> str:
    """What of the recipient is still to be asked for; '' when it is complete."""
    abroad = recipient.country not in ("", "CN")
    lacks = {
        "name": not recipient.name,
        "phone": not recipient.phone or _lacks_digits(recipient),
        "region": not (recipient.province or recipient.city or abroad),
        "street": not recipient.detail or (abroad and is_town(recipient.detail)),
    }
    asked = [slot for slot, is_missing in lacks.items() if is_missing]
    return "recipient" if len(asked) == len(lacks) else asked[0] if asked else ""
