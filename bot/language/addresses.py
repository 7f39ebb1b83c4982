"""Who gets a parcel and where; `address_reading` reads it out of what people paste."""

from __future__ import annotations

import re
from dataclasses import dataclass

TEXT_MAX = 2_000  # characters looked at; no address is longer


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a parcel and where; what is unknown is empty.

    `country` is ISO 3166 alpha-2, `CN` for the mainland. Abroad the whole address is `detail`.
    """

    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""
    country: str = ""


NOBODY = Recipient()

# What it costs to look closely is paid only by texts that have one of these.
_HINT = re.compile(
    r"[省市区县州路街号村镇乡栋]|\d{3}[- ]?\d{3}|自治|地址|收[件货]|寄到|\+\d{1,2} ?\d"
    r"|\b(?:district|county|prefecture|province|lu|jie|hao|qu|xian|zhou|sheng|building|bldg)\b"
    r"|\b(?:st|rd|ave|name|address|street|avenue|road|(?:ship|deliver|send)(?: it| them)? to)\b"
)


def recipient_in(text: str, form: str) -> Recipient:
    """What of name, phone and address a text holds, whose form is known; the rest is empty."""
    if not _HINT.search(form[:TEXT_MAX]):
        return NOBODY
    from bot.language.address_reading import recipient_read

    return recipient_read(text[:TEXT_MAX])
