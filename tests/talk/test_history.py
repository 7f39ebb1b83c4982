"""The history of changes is told in words: no key, state or bare number of the store is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.shop import people
from bot.store.unit import Unit
from tests.talk.play import Play

GREETINGS = {"zh-Hans": "你好", "zh-Hant": "您好，請問", "en": "hello", "bo": "བཀྲ་ཤིས་བདེ་ལེགས།"}
MADE = [
    ("payment", "260720-111111", "claimed", "paid"),
    ("payment", "260720-111111", "refund_due", "refunded"),
    ("payment.reject", "260720-111111", "claimed", ""),
    ("payment.way", "260720-111111", "transfer", "wechatpay"),
    ("payment.offer-back", "260720-111111", "", "8400"),
    ("payment.receipt", "260720-111111", "", "56000"),
    ("payment.carried", "260720-111111", "260720-222222", "56000"),
    ("payment.unmatched", "260720-111111", "telegram", "T17"),
    ("price", "cordyceps/medium", "2800", "3000"),
    ("special-price", "cordyceps/medium 1", "2800", "2500"),
    ("flash-sale", "cordyceps/medium", "2800", "2000"),
    ("flash-sale-over", "3", "", ""),
    ("flash-sale-change", "cordyceps/medium", "20 2", "25 3"),
    ("expected", "cordyceps/medium", "2026-09-01", "120"),
    ("lot.best-before", "cordyceps/medium", "2026-09-01", "2026-10-01"),
    ("lot.harvested", "cordyceps/medium", "", "2026-07-01"),
    ("lot.source", "cordyceps/medium", "", "卓玛 12000"),
    ("voucher", "ABCD2345", "", "percent 10 x 3"),
    ("voucher", "ABCD2345", "", "sum 500 x 3"),
    ("announcement", "4", "sending", "paused"),
    ("role", "1", "buyer", "seller"),
    ("invited", "", "", "operator"),
    ("catalogue", "", "3", "4"),
]
# States and keys as they are kept, days of ISO 8601, and sums in minor units.
RAW = re.compile(
    r"_|\b(?:claimed|due|transfer(?= →)|wechatpay|telegram|cordyceps/|buyer|percent|sum)\b"
    r"|\d{4}-\d\d-\d\d|(?<![\d-])(?:8400|56000|2800|12000)(?!\d)"
)


@pytest.mark.parametrize("language", GREETINGS)
async def test_each_change_is_told_in_words(tmp_path: Path, language: str) -> None:
    stage = await Play.open(tmp_path / "shop.db")
    try:
        await stage.step(f"> operator: {GREETINGS[language]}")
        for what, subject, before, after in MADE:

            def make(unit: Unit, made: tuple[str, ...] = (what, subject, before, after)) -> None:
                people.audit(unit, None, *made)

            await stage.store.run(make)
            line = (await stage.step("> operator value history"))[1]
            assert not RAW.search(line if language != "en" else _without_words(line)), line
    finally:
        await stage.close()


def _without_words(line: str) -> str:
    """An English line without the words that are both kept and spoken."""
    return re.sub(r"said to be paid|transfer|\bBuyer\b|Customer|customer", "", line)
