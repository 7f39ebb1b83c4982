"""An operator's people: who sells here, inviting, dismissing; and what everybody has changed."""

from __future__ import annotations

from bot.messages import Choice
from bot.shop import people
from bot.talk.operators import audit_words
from bot.talk.turn import Turn

SHOWN_MAX = 15


def invite(turn: Turn, role: str) -> None:
    """A one-time invite: a link for each channel that has them, and the code that works in all."""
    if role not in ("seller", "operator"):
        role = "seller"
    token = people.invite(turn.unit, role, by=turn.chat.person)
    turn.say(
        "staff.invite",
        role=turn.words(f"web.role-{role}"),
        hours=people.INVITE_HOURS,
        links="\n".join([*(f"{before}{token}" for before in turn.entrances), token]),
    )


def listing(turn: Turn) -> None:
    """Who sells and operates here."""
    found = {chat.person.id: chat for chat in people.staff_chats(turn.unit)}
    lines = [
        turn.words(
            "staff.person",
            name=_name(turn, chat.person),
            role=turn.words(f"web.role-{chat.person.role}"),
            channel=chat.address.channel,
        )
        for chat in found.values()
    ]
    choices = [turn.choice("button.invite-seller", "invite:seller")]
    choices += [
        turn.choice("button.dismiss", f"dismiss:{id}", name=_name(turn, chat.person))
        for id, chat in found.items()
        if id != turn.chat.person.id
    ]
    turn.say("staff.people", lines="\n".join(lines), choices=tuple(choices[:SHOWN_MAX]))


def dismiss(turn: Turn, id: int) -> None:
    """Somebody sells here no longer; their page in a browser ends with it."""
    _set_role(turn, id, "buyer", "staff.dismissed")


def appoint(turn: Turn, id: int, role: str) -> None:
    """Takes a dismissal back."""
    _set_role(turn, id, role, "staff.appointed")


def _set_role(turn: Turn, id: int, role: str, said: str) -> None:
    person = people.find_person(turn.unit.db, id)
    if person is None or id == turn.chat.person.id or role not in people.ROLES:
        turn.say("stale.nothing")
        return
    before = person.role
    people.set_role(turn.unit, person, role, by=turn.chat.person)
    choices: tuple[Choice, ...] = ()
    if role == "buyer" and before != role:
        choices = (turn.choice("button.undo", f"appoint:{id}:{before}"),)
    turn.say(
        said,
        name=_name(turn, person),
        role=turn.words(f"web.role-{role}"),
        choices=choices,
    )


def history(turn: Turn) -> None:
    """The last changes: when, who, what, from what to what."""
    told = (
        turn.words(
            "staff.history-line",
            moment=turn.moment(made.at),
            name=_who(turn, made),
            what=turn.words(f"audit.{made.what}"),
            change=audit_words.change(turn, made),
            subject=audit_words.subject(turn, made),
        )
        for made in people.audits(turn.unit.db, SHOWN_MAX)
    )
    lines = [" ".join(line.split()) for line in told]
    if lines:
        turn.say("staff.history", lines="\n".join(lines))
    else:
        turn.say("staff.nothing-changed")


def _who(turn: Turn, made: people.Audit) -> str:
    if made.person_id is None:
        return turn.words("web.shop")
    return made.name or turn.words("staff.unnamed", n=made.person_id)


def _name(turn: Turn, person: people.Person) -> str:
    return person.name or turn.words("staff.unnamed", n=person.id)
