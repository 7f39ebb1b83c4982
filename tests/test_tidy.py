"""A test of the source itself: what no linter here looks at.

Reads every file that git keeps (or would keep) and holds it against the project's own rules.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINE_MAX = 100  # columns
FILE_MAX = 500  # lines of a Python file in bot/
CODE = {".py", ".sql", ".js", ".css", ".html"}
BINARY = frozenset(".bin .png .jpg .jpeg .webp .gif .gz .woff2 .ico .mo .db .xlsx".split())
SYNCHRONOUS = ("shop", "talk", "language")  # gets time and chance handed in

MACHINE_PATHS = re.compile(
    r"/(?:home|Users)/\w|/root/|/work/(?:main|shared)|/tmp/|/opt/(?:pypi|wheels)"
)
REGISTRY = re.compile(
    r"--(?:extra-)?index-url|--find-links|index-url\s*=|\bpypi\.org|files\.pythonhosted"
    r"|registry\.npmjs|file:///opt"
)
SQL = re.compile(r"^\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP)\s+\S", re.I)
SQL_WORDS = re.compile(r"\b(?:FROM|INTO|SET|TABLE|INDEX|VALUES)\b")
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}
CHANCE = {"uuid4", "uuid1", "urandom", "SystemRandom", "token_hex", "token_urlsafe"}


def kept_files() -> list[Path]:
    """Tracked files and new ones that are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not in a git checkout")
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every kept text file except this one."""
    for path in kept_files():
        if path.suffix not in BINARY and path != Path(__file__):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The parsed Python files of bot/, or of these rooms of it."""
    for name, text in texts():
        rooms = tuple(f"bot/{folder}/" for folder in folders) or ("bot/",)
        if name.endswith(".py") and name.startswith(rooms):
            yield name, ast.parse(text)


def lines_matching(pattern: re.Pattern[str], *, outside: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in texts()
        if not name.startswith(outside)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_matching(MACHINE_PATHS) == []


def test_no_file_names_the_address_of_a_package_registry() -> None:
    assert lines_matching(REGISTRY) == []


def test_no_line_of_code_is_too_long() -> None:
    long = [
        f"{name}:{number}: {len(line)} columns"
        for name, text in texts()
        if Path(name).suffix in CODE - {".py"}  # ruff holds Python's
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > LINE_MAX
    ]
    assert long == []


def test_every_python_file_of_the_bot_can_be_read_in_a_sitting() -> None:
    long = [
        f"{name}: {count} lines"
        for name, text in texts()
        if name.startswith("bot/") and name.endswith(".py")
        if (count := text.count("\n")) > FILE_MAX
    ]
    assert long == []


def test_text_files_have_no_control_characters_tabs_or_trailing_blanks() -> None:
    bad = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]|[ \t]+$")
    faults = [
        f"{name}:{number}"
        for name, text in texts()
        if Path(name).suffix in CODE | {".toml", ".yaml"}
        for number, line in enumerate(text.split("\n"), 1)
        if bad.search(line) or "\t" in line
    ]
    assert faults == []


def test_python_holds_no_sql_and_queries_stand_beside_their_module() -> None:
    faults = [
        f"{name}:{node.lineno}: {node.value[:60]!r}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if SQL.match(node.value) and SQL_WORDS.search(node.value)
    ]
    assert faults == []
    orphans = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bot").rglob("*.sql")
        if path.parent.name != "migrations" and not path.with_suffix(".py").is_file()
    ]
    assert orphans == []


def test_time_and_chance_come_into_the_core_from_outside() -> None:
    faults = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, tree in sources(*SYNCHRONOUS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if (node.attr in CLOCKS and node.value.id in {"datetime", "date", "time"})
        or node.attr in CHANCE
    ]
    faults += [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name, tree in sources(*SYNCHRONOUS)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        if any(alias.name in {"secrets", "uuid"} for alias in node.names)
        or getattr(node, "module", "") in {"secrets", "uuid"}
    ]
    assert faults == []


def test_the_core_is_synchronous() -> None:
    faults = [
        f"{name}:{node.lineno}"
        for name, tree in sources(*SYNCHRONOUS)
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    ]
    assert faults == []


def test_every_python_file_says_what_it_is_and_postpones_annotations() -> None:
    faults = [
        name
        for name, tree in sources()
        if tree.body
        if not ast.get_docstring(tree)
        or not any(
            isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body
        )
        and len(tree.body) > 1
    ]
    assert faults == []


def test_every_definition_is_used_somewhere() -> None:
    """A name that stands only where it is defined is dead: nothing calls it."""
    corpus = "\n".join(text for _, text in texts())
    counts: dict[str, int] = {}
    for word in re.findall(r"[A-Za-z_]\w+", corpus):
        counts[word] = counts.get(word, 0) + 1
    dead = [
        f"{name}:{node.lineno}: {node.name}"
        for name, tree in sources()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if counts[node.name] == 1
    ]
    assert dead == []
