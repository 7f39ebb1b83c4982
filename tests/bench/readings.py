"""How long reading a message takes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from statistics import median, quantiles

from tests.language.shop import messages

PASSES = 3
WORDS = re.compile(r"\w+|[^\w\s]")


def texts() -> list[str]:
    """The labelled messages, as people wrote them."""
    return [message.text for message in messages()]


def microseconds(read: Callable[[str], object], messages: list[str]) -> tuple[float, float]:
    """Median and 99th percentile over the messages, each read PASSES times."""
    took = []
    for text in messages * PASSES:
        begun = time.perf_counter_ns()
        read(text)
        took.append((time.perf_counter_ns() - begun) / 1000)
    return median(took), quantiles(took, n=100)[98]
