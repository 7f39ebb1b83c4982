"""Every regular expression of the reader and of the talk compiles, used by a test or not."""

import gc
import pkgutil
import re
from importlib import import_module

import pytest

import bot.language
import bot.talk
from bot.language.regex import _Late, regex


def test_all_compile() -> None:
    for package in (bot.language, bot.talk):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    found = [each for each in gc.get_objects() if isinstance(each, _Late)]
    assert len(found) > 300
    for late in found:
        assert late.compiled.pattern == late.pattern


def test_it_does_what_the_compiled_one_does() -> None:
    late, compiled = regex(r"(\d+)\s*JIN", re.IGNORECASE), re.compile(r"(\d+)\s*JIN", re.IGNORECASE)
    text = "3 jin and 5jin"
    assert late.findall(text) == compiled.findall(text)
    assert late.sub("x", text) == compiled.sub("x", text)
    assert late.search(text) and late.search(text)
    assert late.pattern == compiled.pattern


def test_a_wrong_one_fails_when_first_used() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.search("")
