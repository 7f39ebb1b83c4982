"""What leaves the server: escaped, guarded by headers, small, complete."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import segno

from bot.channels.web import render
from bot.channels.web.chat import SCRIPT_TEXTS
from bot.messages import Content
from tests.web.conftest import Page, Shop, example_card

PAGE_BYTES_MAX = 100_000


class Attributes(HTMLParser):
    """All attributes in a page, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += attrs


async def test_everything_anybody_wrote_is_escaped(shop: Shop, page: Page) -> None:
    shop.answers = [Content("<script>alert(1)</script>", '"><x', ()), example_card()]
    await page.say('<img src=x onerror="alert(1)">')
    html = await page.html()
    assert "<img src=x" not in html and "<script>alert" not in html
    assert 'lang="&quot;&gt;&lt;x"' in html
    assert "Order &lt;b&gt;1&lt;/b&gt;" in html and "&quot; onload=&quot;x" in html
    assert "Goods &amp; Sons" in html
    attributes = Attributes()
    attributes.feed(html)
    assert attributes.found
    for name, value in attributes.found:
        assert not name.startswith("on") and name != "style"
        assert name not in ("href", "src") or ":" not in (value or "")


async def test_every_answer_carries_the_security_headers(shop: Shop, page: Page) -> None:
    def fail(_language: str, _id: str) -> str:
        raise RuntimeError("a bug")

    paths = ["/", page.path, "/nowhere", page.path + "lines?before=x", "/healthz", "/static/x"]
    answers = [await page.client.get(path) for path in paths]
    answers.append(await page.client.delete("/"))
    shop.web.texts = fail
    answers.append(await page.client.get("/"))
    assert [answer.status_code for answer in answers] == [200, 200, 404, 400, 200, 404, 405, 500]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


async def test_refusals_are_pages_for_people_and_json_for_the_script(shop: Shop) -> None:
    async with shop.client() as client:
        assert (await client.get("/nowhere")).json()["error"] == "web.not-found"
        page = await client.get("/nowhere", headers={"accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html")
        assert "[web.not-found" in page.text


async def test_the_last_choices_are_live_until_they_are_answered(shop: Shop, page: Page) -> None:
    shop.answers = [example_card(), Content("And now?", "en")]
    await page.say("price")
    assert (await page.html()).count('class="line theirs live"') == 1
    shop.answers = [Content("Thanks", "en")]
    await page.press("ok:1")
    assert 'class="line theirs live"' not in await page.html()


async def test_a_payments_qr_code_is_a_picture_of_its_text(shop: Shop, page: Page) -> None:
    shop.answers = [example_card()]
    await page.say("pay")
    assert 'src="qr/2.png"' in await page.html()
    png = await page.client.get(page.path + "qr/2.png")
    assert png.headers["content-type"] == "image/png"
    svg = await page.client.get(page.path + "qr/2.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in svg.headers["content-security-policy"]
    code = segno.make("pay://me", error="m", micro=False)
    drawing = re.search(r' d="[^"]{100,}"', code.svg_inline(border=3))
    assert drawing and drawing[0] in svg.text
    for missing in ("qr/1.png", "qr/9.png", "qr/2.pdf"):
        assert (await page.client.get(page.path + missing)).status_code == 404


async def test_static_files_are_kept_by_their_hash(shop: Shop, page: Page) -> None:
    address = re.search(r'"(/static/chat.js\?v=\w+)"', await page.html())
    assert address
    answer = await page.client.get(address[1])
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    stale = await page.client.get("/static/chat.js?v=old")
    assert stale.headers["cache-control"] == "no-cache"
    etag = {"if-none-match": stale.headers["etag"]}
    assert (await page.client.get("/static/chat.js", headers=etag)).status_code == 304
    for name in ("chat.html", "..%2fapp.py", "app.py"):
        assert (await page.client.get(f"/static/{name}")).status_code == 404


def test_the_page_is_small_and_needs_nobody_else() -> None:
    """The font is fetched by pages with Tibetan on them only, and its licence by nobody."""
    fonts = {".woff2", ".txt"}
    files = [file for file in render.FOLDER.iterdir() if file.suffix not in fonts]
    assert sum(file.stat().st_size for file in files) < PAGE_BYTES_MAX
    for file in files:
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text and "https://" not in text, file.name


def test_the_script_never_turns_text_into_markup() -> None:
    script = (render.FOLDER / "chat.js").read_text("utf-8")
    for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert danger not in script


def test_the_script_is_given_all_texts_that_it_says() -> None:
    script = (render.FOLDER / "chat.js").read_text("utf-8")
    said = re.findall(r'\bwords\.(\w+)|\bwords\["([\w-]+)"\]', script)
    assert {one or other for one, other in said} == set(SCRIPT_TEXTS)


async def test_the_health_check_asks_the_store(shop: Shop) -> None:
    async with shop.client() as client:
        assert (await client.get("/healthz")).status_code == 200
        await shop.web.store.close()
        assert (await client.get("/healthz")).status_code == 503


def test_every_file_of_the_page_is_served_or_shown() -> None:
    kinds = {path.suffix for path in Path(render.FOLDER).iterdir()} - {".txt"}  # the font's licence
    assert kinds == {".html", *render.MEDIA_TYPES}
