"""Tibetan without its tshegs is read as well as with them."""

from __future__ import annotations

import time
from msgspec.structs import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.script import TSHEG
from bot.language.syllables import Syllables, counted
from tests.language.report import scores
from tests.language.shop import Labelled, messages

# Of the messages with all their tshegs all are read right.
LEAST = 0.96


def _dropped(message: Labelled, share: float, chance: Random) -> Labelled:
    kept = (sign for sign in message.text if sign != TSHEG or chance.random() >= share)
    return replace(message, text="".join(kept))


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_tshegs_may_be_left_out(share: float) -> None:
    chance = Random(1)
    typed = [
        _dropped(message, share, chance)
        for message in messages()
        if message.language == "bo" and TSHEG in message.text
    ]
    counts = scores(typed)["bo"]
    assert counts["messages"] > 100
    assert counts["all"] / counts["messages"] >= LEAST


def test_what_is_probable_is_cut_and_what_is_known_is_left() -> None:
    counts = counted(["གོང་ག་ཚོད་རེད", "གོང་ག་ཚོད་ཡིན", "མར་གྱི་གོང", "མ་རེད"])
    syllables = Syllables(counts, ["རྒྱ་མ་"])
    assert syllables.parted("གོངགཚོདརེད") == "གོང་ག་ཚོད་རེད"
    assert syllables.parted("མར་གྱི") == "མར་གྱི"
    assert syllables.parted("རྒྱམ") == "རྒྱ་མ"


@given(st.text(alphabet="ཀགངམརསའབྱྲླིེོུ་ ", max_size=60))
def test_nothing_but_tshegs_is_added(text: str) -> None:
    parted = Syllables(counted(["ག་ཚོད་", "མར"]), []).parted(text)
    assert parted.replace(TSHEG, "") == text.replace(TSHEG, "")


def test_a_long_run_takes_no_longer_than_its_length_explains() -> None:
    syllables = Syllables(counted(["ག་ཚོད་", "མར"]), [])
    began = time.perf_counter()
    syllables.parted("གཀམ" * 30_000)
    assert time.perf_counter() - began < 1
