"""A chat's page in a tab of a real browser, used as a person uses it: typing, pressing, reading."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FilePayload, Page

HEAR_SECONDS = 20.0
_READ = """() => [...document.querySelectorAll('.line')].map(line => ({
    seq: Number(line.dataset.seq || 0), mine: line.matches('.mine'),
    pending: line.matches('.pending'), text: line.innerText,
    said: line.querySelector('.bubble').innerText.trim()}))"""
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Shown:
    """A line as it is shown: `said` without its buttons; `seq` is 0 while it waits to be sent."""

    seq: int
    mine: bool
    pending: bool
    text: str
    said: str


class Tab:
    """One chat. `heard` is how far its answers have been looked at."""

    def __init__(self, page: Page, link: str) -> None:
        """Redeems an invite by its button."""
        self.page = page
        self.heard = 0
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self._note(said.type, said.text))
        page.goto(link)
        page.locator("form button").click()
        page.wait_for_url("**/c/*/")

    def _note(self, kind: str, text: str) -> None:
        # A shop that is away makes the browser complain; that is what the test does to it.
        if kind == "error" and "net::ERR" not in text and "status of 503" not in text:
            self.faults.append(text)

    def lines(self) -> list[Shown]:
        """All lines of the page, from the top."""
        return [Shown(**line) for line in self.page.evaluate(_READ)]

    def last(self) -> int:
        """The last line's number."""
        return max((line.seq for line in self.lines()), default=0)

    def write(self, text: str) -> None:
        """Types a text and sends it, whether the shop is there or not."""
        self.page.locator("#text").fill(text)
        self.page.locator("#text").press("Enter")

    def say(self, text: str) -> None:
        """Writes, and will hear what is answered."""
        self.heard = self.last()
        self.write(text)

    def press(self, label: str) -> None:
        """Presses the newest button of that label."""
        self.heard = self.last()
        button = self.page.locator(".line .choices button", has_text=label).last
        button.scroll_into_view_if_needed()
        button.click()

    def show(self, name: str, picture: bytes, text: str = "") -> None:
        """Sends a picture, with a text."""
        self.heard = self.last()
        file = FilePayload(name=name, mimeType="image/png", buffer=picture)
        self.page.locator(".attach input").set_input_files(file)
        self.page.locator(".preview:not([hidden])").wait_for()
        if text:
            self.page.locator("#text").fill(text)
        self.page.locator("button.send").click()

    def hears(self, *texts: str) -> str:
        """Waits for a line of the shop's that has all these texts, after those heard before.

        A capital letter counts like a small one: a name may begin a sentence.
        """
        until = time.monotonic() + HEAR_SECONDS
        while True:
            for line in self.lines():
                new = line.seq > self.heard and not line.mine
                if new and all(text.casefold() in line.text.casefold() for text in texts):
                    self.heard = line.seq
                    return line.text
            if time.monotonic() > until:
                shown = "\n---\n".join(f"{line.seq} {line.text}" for line in self.lines()[-6:])
                raise AssertionError(f"not heard: {texts}, after {self.heard} in:\n{shown}")
            self.page.wait_for_timeout(30)

    def width_of(self, selector: str) -> int:
        """How wide the newest such picture is by itself, once it has been loaded."""
        picture = self.page.locator(selector).last
        picture.scroll_into_view_if_needed()
        return int(picture.evaluate("image => image.decode().then(() => image.naturalWidth)"))

    def photograph(self, folder: Path | None, name: str) -> None:
        """The page on a phone and on a wide screen, in the light and in the dark."""
        if folder is None:
            return
        for form, size in (("phone", PHONE), ("wide", WIDE)):
            for scheme in ("light", "dark"):
                self.page.set_viewport_size({"width": size["width"], "height": size["height"]})
                self.page.emulate_media(color_scheme=scheme)
                self.page.wait_for_timeout(350)
                self.page.screenshot(path=folder / f"{name}-{form}-{scheme}.png")
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="light")
