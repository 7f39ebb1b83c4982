"""A chat in the terminal, for people and, with JSON, for programs.

It works on the shop's database in a process of its own, beside a running shop or without one: what
is typed goes through the inbox like every event, and the lines of the chat are read from the store.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from bot.messages import Abilities, Address, Attachment, Content, Message, Press, plain
from bot.post import lines
from bot.post.bell import Bell, Outage
from bot.post.calls import Caller
from bot.post.inbox import Inbox
from bot.shop import people
from bot.store.files import Files, media_type
from bot.store.sqlite import Store, StoreError

CHANNEL = "terminal"
ABILITIES = Abilities(buttons=False, cards=False, pushed=False)

LINE_MAX = 1 << 20  # bytes of one line of input
PICTURE_MAX = 8 << 20  # bytes, as on the web page
PAGE = 100  # lines read from the store at once
BACKLOG = 10  # lines of earlier that a person sees at the start
POLL_SECONDS = 60.0  # The bell rings sooner; this only bounds a missed ring.
KEYS = frozenset({"text", "choice", "photo"})

_decoder = msgspec.json.Decoder(Content)


class BadLine(Exception):
    """A line of input that is no message."""


class StandardInput:
    """Lines of a file descriptor on the event loop, without a thread that outlives it.

    The descriptor is never made non-blocking: a terminal shares that with the shell and with
    standard output. It is read once it is ready, and files, which always are, directly.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = b""
        self._over = False

    async def line(self) -> bytes | None:
        """The next line without its end, None at the end of input; overlong ones are cut."""
        while b"\n" not in self._buffer and not self._over:
            await self._ready()
            piece = os.read(self._descriptor, 65536)
            self._over = not piece
            if len(self._buffer) <= LINE_MAX or b"\n" in piece:
                self._buffer += piece
        if not self._buffer:
            return None
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.removesuffix(b"\r")

    async def _ready(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, ready.set)
        except PermissionError:  # A plain file: the selector knows no such, it never blocks.
            return
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)


class Terminal:
    """One chat of one person. `write` gets a line of output without its end.

    What `caller` is asked because of a line is answered with it, with a running shop or without.
    """

    def __init__(
        self,
        *,
        store: Store,
        inbox: Inbox,
        bell: Bell,
        files: Files,
        write: Callable[[str], None],
        as_json: bool = False,
        caller: Caller | None = None,
    ) -> None:
        self._store = store
        self._inbox = inbox
        self._bell = bell
        self._files = files
        self._write = write
        self._as_json = as_json
        self._caller = caller
        self._showing = asyncio.Lock()
        self._seen = 0

    async def open(self, role: str, name: str = "", language: str = "") -> None:
        """Finds or opens the chat of that role and name; the name is the role's by default."""
        self._name = name or role
        self._address = Address(CHANNEL, f"{role}:{self._name}")
        self._chat = await self._store.run(
            lambda unit: people.open_chat(
                unit, self._address, role=role, name=self._name, language=language
            )
        )
        if language and self._chat.language != language:
            await self._store.run(lambda unit: people.set_language(unit, self._chat.id, language))
        backlog = 0 if self._as_json else BACKLOG
        self._seen = max(0, self._chat.last_seq - backlog)

    async def talk(self, source: StandardInput, prompt: str = "") -> None:
        """Takes lines until the input ends; meanwhile shows what others cause."""
        await self._show(own=True)
        listener = asyncio.create_task(self._listen(), name="terminal")
        try:
            self._prompt(prompt)
            while (line := await source.line()) is not None:
                await self._take(line)
                self._prompt(prompt)
            await self._show()
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def _listen(self) -> None:
        outage = Outage("the terminal")
        with self._bell.listen(self._chat.id) as ear:
            while True:
                with outage:
                    await self._show()
                await ear.wait(outage.seconds or POLL_SECONDS)

    async def _take(self, line: bytes) -> None:
        """One line of input, all its answers, and in JSON the word that these were all."""
        try:
            event = self._event(line)
            if event:
                await self._inbox.take(event)
                if self._caller:
                    await self._caller.step()
        except BadLine as error:
            self._fault(str(error))
        except StoreError as error:
            self._fault(f"not taken, say it again: {error}")
        with Outage("the terminal"):
            await self._show()
        if self._as_json:
            self._write(json.dumps({"done": True}))

    def _event(self, line: bytes) -> Message | Press | None:
        if len(line) > LINE_MAX:
            raise BadLine("a line may not be longer than 1 MiB")
        text = line.decode("utf-8", errors="replace").strip()
        if not self._as_json or not text.startswith("{"):
            # Without JSON an empty line is somebody pressing Enter, not a message.
            return self._message(text) if text or self._as_json else None
        given = _object(text)
        if "choice" in given:
            return Press(key=_key(), address=self._address, value=given["choice"])
        photo = given.get("photo")
        attachments = (self._picture(Path(photo)),) if photo is not None else ()
        return self._message(given.get("text", ""), attachments)

    def _message(self, text: str, attachments: tuple[Attachment, ...] = ()) -> Message:
        return Message(key=_key(), address=self._address, text=text, attachments=attachments)

    def _picture(self, path: Path) -> Attachment:
        try:
            with path.open("rb") as file:
                data = file.read(PICTURE_MAX + 1)
        except (OSError, ValueError) as error:
            raise BadLine(f"the photo cannot be read: {error}") from error
        kind = media_type(data)
        if len(data) > PICTURE_MAX or not kind:
            raise BadLine("a photo must be a JPEG, PNG, WebP or GIF of at most 8 MiB")
        return Attachment(hash=self._files.save(data), media_type=kind)

    async def _show(self, *, own: bool = False) -> None:
        """Writes the lines that came since; with `own` also what the person said."""
        async with self._showing:
            while page := await self._store.read(
                lambda db: lines.after(db, self._chat.id, self._seen, PAGE)
            ):
                for line in page:
                    self._seen = line.seq
                    if line.direction == "out":
                        self._out(_decoder.decode(line.body))
                    elif own:
                        said = json.loads(line.body)
                        self._write(f"> {said.get('text') or said.get('press') or '…'}")

    def _out(self, content: Content) -> None:
        files = [
            (file.name, self._files.path(file.hash).absolute()) for file in content.attachments
        ]
        if not self._as_json:
            where = [f"{name} {path}".strip() for name, path in files]
            self._write("\n".join([plain(content, numbered=True), *where, ""]))
            return
        shown: dict[str, Any] = {
            "to": self._name,
            "text": plain(content),
            "choices": [{"label": item.label, "value": item.value} for item in content.choices],
            "language": content.language,
        }
        if files:
            shown["files"] = [{"name": name, "path": str(path)} for name, path in files]
        if content.handed_over:
            shown["handed_over"] = True
        self._write(json.dumps(shown, ensure_ascii=False))

    def _fault(self, what: str) -> None:
        self._write(json.dumps({"error": what}, ensure_ascii=False) if self._as_json else what)

    def _prompt(self, prompt: str) -> None:
        if prompt:
            sys.stdout.write(prompt)
            sys.stdout.flush()


def _key() -> str:
    return f"{CHANNEL}:{uuid4().hex}"


def _object(text: str) -> dict[str, str]:
    """The line's object. Raises BadLine unless it is one of those that mean a message."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise BadLine(f"not JSON: {error}") from error
    except RecursionError as error:
        raise BadLine("not JSON that could be a message") from error
    known = isinstance(given, dict) and given and KEYS.issuperset(given)
    alone = known and ("choice" not in given or len(given) == 1)
    if not alone or not all(isinstance(value, str) for value in given.values()):
        raise BadLine('give {"text": …}, {"choice": value} or {"photo": path}')
    # Half a surrogate pair, which JSON can write, is no text and cannot be stored.
    return {key: value.encode(errors="replace").decode() for key, value in given.items()}
