"""Staff take the shop's tables with them: 导出本月订单, export October, ཟླ་བ་༩པའི་མངགས་ཐོ་ཕྱིར་འདོན།

A workbook takes its time, so it is a call: what is asked for comes after the answer.
"""

from __future__ import annotations

from datetime import date

from bot.language.periods import Days, month_of, read_days, year_of
from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Attachment, Choice, Export, Exported
from bot.shop import people
from bot.talk.sellers import packing_lists
from bot.talk.turn import Turn

SERVICE = "exports"
VERB = "export"
SAID_MAX = 80  # characters; what is longer is about something else
# 汇出 is to export in Taiwan, and to send money everywhere.
_WORDS = regex(
    r"导[出个一]|导表|报表|月报|^(?!.*[款钱元]).*汇出(?!了)|\b(?:export|download|spreadsheet)"
    r"|ཕྱིར་(?:འདོན|འདྲེན|བཏོན|དྲོངས)|རེའུ་མིག"
)


def is_meant(turn: Turn) -> bool:
    """Whether a message asks for tables."""
    if len(turn.text) > SAID_MAX or "goods" in turn.reading.marks:
        return False
    return packing_lists.is_meant(turn) or bool(_WORDS.search(form_of(turn.text).text))


def take(turn: Turn) -> bool:
    """Has the tables written that a message asks for; False when it asks for none."""
    if not is_meant(turn):
        return False
    if packing_lists.is_meant(turn):
        _ask_waiting(turn)
        return True
    days = read_days(turn.text, turn.unit.here.date())
    if days is None:
        turn.say("export.which", choices=_choices(turn))
    else:
        _ask(turn, days)
    return True


def press(turn: Turn, subject: str) -> None:
    """The buttons: this month, or what is said behind the verb."""
    if subject == packing_lists.NAME:
        _ask_waiting(turn)
    else:
        _ask(turn, _OFFERED.get(subject, month_of)(turn.unit.here.date()))


_OFFERED = {
    "month": month_of,
    "last-month": lambda today: month_of(today, 1),
    "year": year_of,
}


def _choices(turn: Turn) -> tuple[Choice, ...]:
    names = (*_OFFERED, packing_lists.NAME)
    return tuple(turn.choice(f"button.export-{name}", f"{VERB}:{name}") for name in names)


def _ask_waiting(turn: Turn) -> None:
    request = packing_lists.wanted(turn)
    if request:
        turn.ask(SERVICE, request)


def _ask(turn: Turn, days: Days) -> None:
    request = Export(turn.chat.id, f"{days.first}", f"{days.last}", days.name)
    turn.ask(SERVICE, request)
    turn.say("export.begun", period=period(turn, days))


def answered(turn: Turn, event: Exported) -> None:
    """The tables are there: they go to who asked for them, if that person still works here."""
    files = (event.file,) if event.file else ()
    _tell(turn, event.request, "done" if files else "nothing", files, event.orders)


def failed(turn: Turn, request: Export) -> None:
    """There will be no tables."""
    _tell(turn, request, "failed")


def _tell(
    turn: Turn, request: Export, what: str, files: tuple[Attachment, ...] = (), orders: int = 0
) -> None:
    chat = people.chat(turn.unit, request.chat)
    view = turn.towards(chat)
    if not view.staff:
        return
    if not request.first:
        turn.notify(chat, f"packing.{what}", attachments=files, n=orders)
        return
    days = Days(date.fromisoformat(request.first), date.fromisoformat(request.last))
    choices = () if files else _choices(view)
    said = period(view, days)
    turn.notify(chat, f"export.{what}", attachments=files, choices=choices, period=said, n=orders)


def period(turn: Turn, days: Days) -> str:
    """The days as people say them."""
    if days.is_year:
        return turn.words("export.year", year=days.first.year)
    if days.is_month:
        return turn.words("export.month", year=days.first.year, month=days.first.month)
    if days.first == days.last:
        return turn.words("export.day", day=f"{days.first}")
    return turn.words("export.span", first=f"{days.first}", last=f"{days.last}")
