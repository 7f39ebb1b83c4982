"""Words that only the talk can tell the meaning of: 中, which is a grade, or yes in Henan."""

from __future__ import annotations

import re

from msgspec import structs

from bot.talk.turn import Turn

# 中大各10 and 中号 name grades.
_YES = re.compile(r"\s*中+[啊嘞吧呗哩哦咧了啦]{0,2}(?:$|[\s,，。.!！~]+(?![大小]))")
_GOES_WITH_YES = ("order", "thanks")


def put_right(turn: Turn) -> None:
    """Reads a message anew without 中 before what is wished, unless grades were just listed."""
    said = _YES.match(turn.text)
    if said is None or any(choice.value.startswith("g:") for choice in turn.state.offered):
        return
    rest = turn.reader.read(turn.text[said.end() :], about=turn.state.about or None)
    if not rest.text:
        rest = structs.replace(turn.reading, lines=())
    agrees = rest.intent in _GOES_WITH_YES and "ask" not in rest.found
    if not rest.lines and rest.recipient is None and agrees:
        rest = structs.replace(rest, marks=rest.marks | {"yes"})
    turn.reading = rest
