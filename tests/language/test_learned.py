"""The learned weights: the command gives these, and the sealed voices stay sealed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import weighing
from bot.language.learned import STEP, Feature, Model, learned, load, store
from tests.language import seal, train
from tests.language.report import summary
from tests.language.shop import labelled, reader

# What the sealed messages scored when this was written, all four labels, less two messages.
SEALED_FLOOR = 0.89
# Two machines add floating-point numbers in another order: so many guesses may differ.
SAME_LEAST = 0.999


def test_the_weights_are_those_that_the_command_learns() -> None:
    learned_anew = train.learn_all()
    examples = train.intent_examples(labelled(), train.unlearned(learned_anew["latin"]))
    anew, stored = Model(learned_anew["intent"]), load()["intent"]
    same = [one.guess(anew)[0] == one.guess(stored)[0] for one in examples]
    assert sum(same) / len(same) >= SAME_LEAST


def test_what_is_scored_was_not_learned_from() -> None:
    sealed = {one.text for one in seal.sealed()}
    assert len(sealed) >= 1_000
    assert sealed.isdisjoint(one.text for one in labelled())


def test_the_sealed_messages_are_read_no_worse_than_before() -> None:
    counts = summary(seal.sealed()).counts.values()
    right, all = sum(c["all"] for c in counts), sum(c["messages"] for c in counts)
    assert right / all >= SEALED_FLOOR


def test_it_says_what_spoke_for_an_intent() -> None:
    why = reader().read_anew("我家在新疆阿勒泰，请问能寄到吗，要多长时间啊亲").why
    assert why
    assert all("→" in one for one in why)


def test_goods_and_amounts_are_signs() -> None:
    body = weighing.masked("来两斤松茸", [(1, 3, weighing.AMOUNT), (3, 5, weighing.GOODS)])
    assert body == f"来{weighing.AMOUNT}{weighing.GOODS}"


@given(st.lists(st.lists(st.floats(-7, 7), min_size=3, max_size=3), min_size=1, max_size=40))
def test_packed_weights_add_up_like_plain_ones(rows: list[list[float]]) -> None:
    names = [f"f{place}" for place in range(len(rows))]
    model = Model(learned("abc", (0.0, 0.0, 0.0), dict(zip(names, rows, strict=True))))
    sums = [sum(column) for column in zip(*rows, strict=True)]
    for name, row in zip(names, rows, strict=True):
        assert model.weight(name, "b") == pytest.approx(row[1], abs=STEP)
    best, _ = model.guess(names)
    assert sums["abc".index(best)] >= max(sums) - STEP * len(rows)


def test_what_is_stored_is_what_is_loaded(tmp_path) -> None:
    weights: dict[Feature, list[float]] = {
        ("怎", "么"): [1.0, -2.0], "么": [0.0, 0.5], ("ask",): [3.0, 0.0],
    }  # fmt: skip
    path = tmp_path / "learned.bin"
    store({"one": learned(("x", "y"), (0.5, 0.0), weights)}, path)
    model = load(path)["one"]
    assert model.weight(("怎", "么"), "y") == -2.0
    assert model.weight(("ask",), "x") == 3.0
    assert model.guess([])[0] == "x"


def test_how_probable_it_is_follows_from_the_sums() -> None:
    model = Model(learned(("x", "y", "z"), (0.0, 0.0, 0.0), {"a": [2.0, 0.0, -6.0]}))
    whole = 1 + math.exp(-2) + math.exp(-8)
    assert model.guess(["a"])[1] == pytest.approx(1 / whole, abs=0.001)
    assert model.guess([])[1] == pytest.approx(1 / 3)
