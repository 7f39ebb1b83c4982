"""Somebody comes in: by a link, by an invite, or by calling the shop where others listen."""

from __future__ import annotations

from msgspec.structs import replace

from bot.language.regex import regex
from bot.messages import Choice
from bot.shop import people
from bot.talk import desk
from bot.talk.buyers import asking
from bot.talk.turn import Turn

_INVITE = regex(r"[0-9a-f]{32}")
# Telegram allows 64 of these in a link.
_LINK = regex(r"[A-Za-z0-9_-]{1,64}")

# What there are words for; the rest is "something".
_KINDS = ("audio", "video", "application")


def is_invite(text: str) -> bool:
    """Whether a message is an invite's code, which works where links do not."""
    return _INVITE.fullmatch(text) is not None


def choose_language(turn: Turn, tag: str) -> None:
    """Offers the languages, each under its own name, or changes over to the one chosen."""
    if tag in turn.locales.languages:
        turn.language = tag
        turn.say("language.changed")
        return
    choices = tuple(
        Choice(turn.locales.self_name(each), f"lang:{each}") for each in turn.locales.languages
    )
    turn.say("language.choose", choices=choices)


def start(turn: Turn, payload: str) -> None:
    """The first word, perhaps with what the link that led here carried.

    That is an invite, or where the person comes from (`video7`), which is kept; when it is or ends
    in a product's key (`yak-jerky`, `video7_yak-jerky`), that product is shown at once.
    """
    if _INVITE.fullmatch(payload):
        _accept(turn, payload)
        return
    if _LINK.fullmatch(payload):
        people.came_by(turn.unit, turn.chat.person, payload)
    product = turn.product(payload) or turn.product(payload.rpartition("_")[2])
    asking.show(turn, product) if product else asking.greet(turn)


def _accept(turn: Turn, token: str) -> None:
    person = people.accept_invite(turn.unit, token, turn.chat)
    if person is None:
        turn.say("start.invite-over")
        return
    turn.chat = replace(turn.chat, person=person)
    turn.say(f"start.{person.role}")


def in_group(turn: Turn) -> None:
    """Orders and addresses are nobody else's: the shop talks to people alone."""
    turn.say("group.write-alone")


def something_else(turn: Turn, kind: str) -> None:
    """What is neither text nor picture: a place is asked for in words, the rest a person takes."""
    if kind == "location":
        turn.say("place.in-words")
    else:
        known = kind if kind in _KINDS else "unknown"
        desk.hand_over(turn, "desk.file-handed-over", kind=known)
