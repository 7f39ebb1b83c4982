"""Messages by hands that nobody who works on the reader looks at: only their score counts.

    python -m tests.language.seal add FILE…     keeps files under sealed/, with their hashes
    python -m tests.language.seal score         checks the hashes, prints the score, logs it

The log names each version of the reader by a hash of its rules and words. Nothing here ever prints
a message.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

from bot.language import learned
from bot.language.locales import folder
from tests.language.report import Summary, summary
from tests.language.shop import Labelled, labelled, messages

SEALED = Path(__file__).with_name("sealed")
SEALS, LOG = SEALED / "SEALS", SEALED / "scores.tsv"
ROOM = Path(__file__).parents[2] / "bot" / "language"


class Broken(Exception):
    """A sealed file is not what it was."""


def add(path: Path) -> None:
    """Keeps a file and its hash."""
    SEALED.mkdir(exist_ok=True)
    data = path.read_bytes()
    (SEALED / path.name).write_bytes(data)
    with SEALS.open("a") as seals:
        seals.write(f"{sha256(data).hexdigest()}  {path.name}\n")


def sealed() -> list[Labelled]:
    """All sealed messages but those that stand word for word in what is learned from, such as
    xiexie. Raises Broken."""
    learned_from = {one.text for one in labelled()}
    return [one for one in _all() if one.text not in learned_from]


def _all() -> list[Labelled]:
    found: list[Labelled] = []
    for line in SEALS.read_text().splitlines():
        digest, name = line.split()
        path = SEALED / name
        if sha256(path.read_bytes()).hexdigest() != digest:
            raise Broken(name)
        found += messages(path)
    return found


def version() -> str:
    """What names the reader's rules and words."""
    files = [
        *sorted(ROOM.glob("*.py")),
        learned.FILE,
        *sorted(folder().glob("*/words.toml")),
    ]
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def log(found: Summary) -> None:
    """Adds a line to the log, unless the last is of the same version."""
    lines = LOG.read_text().splitlines() if LOG.exists() else [Summary.head()]
    if not lines[-1].startswith(version()):
        lines.append(f"{version()}\t{found.row()}")
        LOG.write_text("\n".join(lines) + "\n")


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["add"]:
        for name in arguments[1:]:
            add(Path(name))
        return
    found = summary(sealed())
    print(found.shown())
    log(found)


if __name__ == "__main__":
    main(sys.argv[1:])
