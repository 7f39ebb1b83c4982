"""The list of mutants follows the queries that it changes."""

from __future__ import annotations

from tests.shop.mutants import MUTANTS, mutated


def test_each_mutant_changes_a_place_that_is_there() -> None:
    for each in MUTANTS:
        mutated(*each)
