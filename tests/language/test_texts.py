"""The texts: complete, in use, well formed; and what the check finds when they are not."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import bot
from bot.language import proofreading
from bot.language.locales import OWN_FORMS, Locales, folder
from tests.language.review import FILE, rows

BOT = Path(__file__).parents[2] / "bot"


def test_nothing_is_wrong_with_the_texts() -> None:
    assert proofreading.faults() == []


def test_every_language_has_every_text() -> None:
    locales = Locales()
    assert locales.languages == ("bo", "en", "zh-Hans", "zh-Hant")


@pytest.mark.parametrize(
    "spoiled, fault",
    [
        ('msgid "thanks"\nmsgstr ""', "bo thanks: untranslated"),
        ('msgid "no.such"\nmsgstr "ལགས།"', "bo no.such: no longer used"),
        ('msgid "track.unknown"\nmsgstr "{nummer} མི་འདུག"', "unknown values ['nummer']"),
        ('msgid "cancel.done"\nmsgstr "ཕྱིར་འཐེན"', "missing values ['number']"),
        ('msgid "cancel.done"\nmsgstr "{number ཕྱིར་འཐེན"', "braces: expected '}'"),
        ('msgid "thanks"\nmsgstr "ཐུགས་་རྗེ་ཆེ།"', "a doubled tsheg"),
        ('msgid "thanks"\nmsgstr "ཐུགས་རྗེ་ཆེ་"', "a tsheg at the end"),
        ('msgid "thanks"\nmsgstr "ཐུགས་རྗེ་ཆེ་།"', "a tsheg before a shad"),
        ('msgid "thanks"\nmsgstr "སྲང།"', "no tsheg between ང and a shad"),
        ('msgid "thanks"\nmsgstr "མི་འདུག།"', "a shad after a final ག"),
        ('msgid "thanks"\nmsgstr "ལགས།ཐུགས།"', "no space after a shad"),
        ('msgid "thanks"\nmsgstr "ལགས thank you"', "not Tibetan: thank, you"),
        ('msgid "thanks"\nmsgstr "谢谢"', "not Tibetan: 谢谢"),
        ('msgid "button.take-all"\nmsgstr "' + "མངགས་" * 20 + 'མངགས"', "too long for a button"),
    ],
)
def test_what_is_spoiled_is_found(tmp_path: Path, spoiled: str, fault: str) -> None:
    shutil.copytree(folder(), tmp_path, dirs_exist_ok=True)
    source = tmp_path / "bo" / "LC_MESSAGES" / "shanhuo.po"
    id = re.search(r'msgid "(.+?)"', spoiled)
    assert id
    text = source.read_text("utf-8")
    text = re.sub(rf'msgid "{re.escape(id[1])}"\n(?:msgstr .*\n(?:".*\n)*)', "", text)
    source.write_text(f"{text}\n{spoiled}\n", "utf-8")
    with source.open("rb") as given, source.with_suffix(".mo").open("wb") as made:
        write_mo(made, read_po(given))
    assert any(fault in found for found in proofreading.faults(tmp_path))


def test_every_text_is_used_and_every_text_used_is_there() -> None:
    """By the constants of the source: whole ids, and the beginnings of those put together."""
    whole, heads = set[str](), set[str]()
    for path in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                heads.add(str(node.values[0].value))
    pages = "".join(path.read_text("utf-8") for path in (BOT / "channels/web/page").glob("*.html"))
    whole |= {f"web.{name.replace('_', '-')}" for name in re.findall(r"\$t_(\w+)", pages)}
    script = {f"web.{name}" for name in whole if re.fullmatch(r"[a-z-]+", name)}  # SCRIPT_TEXTS
    heads |= {name for name in whole if name.endswith("-")}
    families = tuple(head for head in heads if re.fullmatch(r"[a-z]+\.[a-z-]*", head))
    texts = proofreading.texts_of(folder() / "en" / "LC_MESSAGES" / "shanhuo.mo")
    named = whole | script | {head + tail for head in families for tail in whole}
    composed = {id for id in texts if id.startswith(families) and not id.startswith("button.")}
    assert [id for id in texts if id not in named | composed] == []
    prefixes = {id.partition(".")[0] for id in texts if "." in id}
    called = {
        name
        for name in whole
        if re.fullmatch(r"[a-z]+\.[a-z0-9.-]+", name) and name.partition(".")[0] in prefixes
    }
    changes = {id.removeprefix("audit.") for id in texts}  # names of what was changed
    known = {*texts, *OWN_FORMS, *families, *changes}
    assert [name for name in sorted(called) if name not in known and _is_text(name)] == []


def _is_text(name: str) -> bool:
    """Not a file, a host or a name of ours that looks like a text's id."""
    return not re.search(r"\.(?:py|sql|toml|db|css|js|html|svg|mo|po|com|org)$", name) and (
        not name.startswith(("payment.", "product.", "shop.", "order.expire", "order.remind"))
    )


def test_a_missing_text_falls_back_by_the_stated_order() -> None:
    locales = Locales()
    assert locales.order("zh-Hant") == ("zh-Hant", "zh-Hans", "en")
    assert locales.order("zh-Hans") == ("zh-Hans", "zh-Hant", "en")
    assert locales.order("bo") == ("bo", "zh-Hans", "en")
    assert locales.order("en") == ("en", "zh-Hans")
    assert locales.choose({"zh-Hans": "松茸", "en": "matsutake"}, "zh-Hant") == "松茸"
    assert locales.choose({"en": "matsutake"}, "bo") == "matsutake"


@pytest.mark.parametrize(
    "tag, language",
    [
        ("bo", "bo"), ("bo-CN", "bo"), ("bo-IN", "bo"), ("dz", "bo"), ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"), ("zh-SG", "zh-Hans"), ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"), ("ZH-HANS-TW", "zh-Hans"), ("en-GB", "en"), ("fr", None),
        ("x-nothing", None), ("", None),
    ],
)  # fmt: skip
def test_a_tag_of_a_browser_finds_our_language(tag: str, language: str | None) -> None:
    assert Locales().known(tag) == language


def test_the_sheet_for_a_reader_of_tibetan_is_up_to_date() -> None:
    """`make review` writes it."""
    assert FILE.read_text("utf-8").splitlines() == rows()


def test_every_change_that_is_audited_has_a_name() -> None:
    """An operator's history names each; a name that is missing would break all of it."""
    call = re.compile(r'\baudit\(\s*(?:turn\.)?unit,\s*[^,"]+,\s*"([^"]+)"')
    sources = Path(bot.__file__).parent.rglob("*.py")
    audited = {what for path in sources for what in call.findall(path.read_text("utf-8"))}
    assert len(audited) > 25
    with (folder() / "en" / "LC_MESSAGES" / "shanhuo.po").open("rb") as lines:
        texts = {message.id for message in read_po(lines)}
    assert {what for what in audited if f"audit.{what}" not in texts} == set()
