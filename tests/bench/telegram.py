"""Price enquiries a second on Telegram, and those of an echo bot on the same Bot API server.

The server is a process of its own with a given latency. All updates wait there when the bot
starts; the rate is that of the answers that arrive, the first ones left out. The shop commits
each enquiry with its answer, and answers each with a price card and its picture.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.telegram.bot_api import TOKEN
from tests.whole.shop_process import ROOT, ShopProcess

WARM = 100  # answers that are not counted: connections, the picture's upload
PATIENCE_S = 120.0
FIRST_CHAT = 1_000


@contextmanager
def served(latency_ms: int) -> Iterator[str]:
    """A Bot API server in a process of its own: its address."""
    command = [sys.executable, "-m", "tests.telegram.bot_api", "--port", "0"]
    with subprocess.Popen(
        [*command, "--latency-ms", str(latency_ms)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def echo_rate(latency_ms: int, count: int, concurrency: int) -> float:
    """Answers a second of the echo bot."""
    with served(latency_ms) as api:
        command = [sys.executable, "-m", "tests.bench.echo_bot", api, TOKEN, str(concurrency)]
        return _rate(api, count, command)


def shop_rate(latency_ms: int, count: int, folder: Path) -> float:
    """Answers a second of the shop, on a new database."""
    folder.mkdir(parents=True)
    with served(latency_ms) as api:
        settings = {"SHANHUO_TELEGRAM_TOKEN": TOKEN, "SHANHUO_TELEGRAM_API": api}
        shop = ShopProcess(folder, settings=settings)
        command = [sys.executable, "-m", "bot", "run", "--no-links"]
        return _rate(api, count, command, shop.environment())


def _rate(
    api: str, count: int, command: Sequence[str], environment: Mapping[str, str] | None = None
) -> float:
    """Lets a bot answer so many enquiries, each in a chat of its own."""
    _post(f"{api}/control/updates", [_enquiry(FIRST_CHAT + n) for n in range(count)])
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            return _answers_a_second(api, count)
        finally:
            process.kill()


def _answers_a_second(api: str, count: int) -> float:
    until = time.monotonic() + PATIENCE_S
    while _get(f"{api}/control/state?messages=0")["message_count"] < count:
        assert time.monotonic() < until, "it does not answer"
        time.sleep(0.1)
    times: list[float] = sorted(
        call["at"]
        for call in _get(f"{api}/control/calls")["calls"]
        if call["ok"] and call["method"] in ("sendMessage", "sendPhoto")
    )[WARM:]
    return (len(times) - 1) / (times[-1] - times[0])


def _enquiry(chat: int) -> dict[str, Any]:
    person = {"id": chat, "first_name": "Anna", "is_bot": False, "language_code": "zh-hans"}
    return {
        "message": {
            "chat": {"id": chat, "type": "private", "first_name": "Anna"},
            "from": person,
            "text": "虫草怎么卖",
        }
    }


def _post(url: str, value: object) -> None:
    body = json.dumps(value).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body)) as answer:
        answer.read()


def _get(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)
