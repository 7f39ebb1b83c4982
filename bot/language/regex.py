"""Regular expressions that are compiled when first used.

There are hundreds; compiling them all took a third of the time until the shop answered.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


class _Late:
    __slots__ = ("pattern", "flags", "compiled", *_METHODS)

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """Keeps what it gives as the object's own, where it is found without coming here again."""
        made = name == "compiled"
        found = re.compile(self.pattern, self.flags) if made else getattr(self.compiled, name)
        setattr(self, name, found)
        return found


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """Like `re.compile`; what is wrong with the expression shows when it is first used."""
    return cast("re.Pattern[str]", _Late(source, flags))
