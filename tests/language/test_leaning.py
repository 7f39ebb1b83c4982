"""The learned weights: the command gives these, and the sealed voices stay sealed."""

from __future__ import annotations

from bot.language import leaning
from bot.language.lexicon import load_words
from tests.language import seal, train
from tests.language.report import summary
from tests.language.shop import reader

# What the sealed messages scored when this was written, all four labels, less two messages.
SEALED_FLOOR = 0.84


def test_the_weights_are_those_that_the_command_learns() -> None:
    examples = train.examples_of(train.labelled())
    words = train.examples_of_words(load_words())
    learned = train.learn([*examples, *words])
    assert learned == leaning.load()


def test_nothing_sealed_is_learned_from() -> None:
    """But what anybody writes, such as xiexie, may stand in both."""
    sealed = {one.text for one in seal.sealed()}
    assert len(sealed) >= 1_000
    assert len(sealed & {one.text for one in train.labelled()}) <= len(sealed) / 100


def test_the_sealed_messages_are_read_no_worse_than_before() -> None:
    counts = summary(seal.sealed()).counts.values()
    right, all = sum(c["all"] for c in counts), sum(c["messages"] for c in counts)
    assert right / all >= SEALED_FLOOR


def test_it_says_what_spoke_for_an_intent() -> None:
    why = reader().read_anew("我家在新疆阿勒泰，请问能寄到吗，要多长时间啊亲").why
    assert any("“" in cue and "→" in cue for cue in why)


def test_few_words_lean_nowhere() -> None:
    assert leaning.pieces("20", set()) == []
    assert leaning.pieces("好", {"ask"}) == []


def test_goods_and_amounts_are_signs() -> None:
    body = leaning.masked("来两斤松茸", [(1, 3, leaning.AMOUNT), (3, 5, leaning.GOODS)])
    assert body == f"来{leaning.AMOUNT}{leaning.GOODS}"
