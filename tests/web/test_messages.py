"""What is said in a chat: taken once, acknowledged after the commit, limited, refused kindly."""

from __future__ import annotations

import uuid

import pytest

from bot.channels.web.context import TEXT_MAX
from bot.messages import Message, Press
from tests.web.conftest import Page, Shop, example_card


async def test_a_message_is_taken_once_however_often_it_is_posted(shop: Shop, page: Page) -> None:
    key = str(uuid.uuid4())
    answers = [await page.say("虫草怎么卖", key) for _ in range(3)]
    assert [answer.json() for answer in answers] == [{"new": True}] + [{"new": False}] * 2
    lines = await page.lines()
    assert [(line["seq"], line.get("text"), line.get("key")) for line in lines] == [
        (1, "虫草怎么卖", key),
        (2, "<虫草怎么卖>", None),
    ]
    public_id = page.path.split("/")[2]
    assert shop.taken[0].key == f"web:{public_id}:{key}"


async def test_a_key_counts_in_its_own_chat_only(shop: Shop, page: Page) -> None:
    key = str(uuid.uuid4())
    async with shop.client() as client:
        other = Page(client, (await client.post("/c")).headers["location"])
        assert (await page.say("one", key)).json() == {"new": True}
        assert (await other.say("two", key)).json() == {"new": True}


async def test_nothing_is_acknowledged_while_the_store_fails(shop: Shop, page: Page) -> None:
    key = str(uuid.uuid4())
    shop.broken = True
    answer = await page.say("hello", key)
    assert answer.status_code == 503
    assert "web.unavailable" in answer.json()["text"]
    assert int(answer.headers["retry-after"]) > 0
    assert await page.lines() == []
    shop.broken = False
    assert (await page.say("hello", key)).json() == {"new": True}
    assert len(await page.lines()) == 2


async def test_a_press_shows_what_its_button_said(shop: Shop, page: Page) -> None:
    shop.answers = [example_card()]
    await page.say("price")
    assert (await page.press("ok:1")).status_code == 200
    assert (await page.press("forged")).status_code == 200
    assert [type(event) for event in shop.taken] == [Message, Press, Press]
    mine = [line["text"] for line in await page.lines() if line.get("mine")]
    assert mine == ["price", "Yes <i>", "…"]
    assert "Yes &lt;i&gt;</p>" in await page.html()


async def test_a_press_finds_its_label_in_lines_far_above(shop: Shop, page: Page) -> None:
    shop.answers = [example_card()]
    await page.say("price")
    shop.answers = []
    for _ in range(30):
        shop.now += 1000
        await page.say("more")
    await page.press("no:1")
    lines = await page.lines()
    assert lines[0]["seq"] == 15
    assert [line["text"] for line in lines if line.get("pressed")] == ["No"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"key": "00000000-0000-4000-8000-000000000001", "text": "  \\n"}', 400),
        ('{"key": "00000000-0000-4000-8000-000000000001"}', 400),
        ('{"key": "one", "text": "hi"}', 400),
        ('{"text": "hi"}', 400),
        ('{"key": "00000000-0000-4000-8000-000000000001", "text": 5}', 400),
        ('{"key": "00000000-0000-4000-8000-000000000001", "text": "\\ud800"}', 400),
        ('{"key": "00000000-0000-4000-8000-000000000001", "press": ""}', 400),
        ('{"key": "00000000-0000-4000-8000-000000000001", "press": "%s"}' % ("x" * 65), 400),
        ('{"key": "00000000-0000-4000-8000-000000000001", "text": "%s"}' % ("x" * 4001), 413),
        ("x" * 70_000, 413),
        ("[" * 5000, 400),
        ("", 400),
    ],
)
async def test_what_cannot_be_taken_is_refused_kindly(
    shop: Shop, page: Page, body: str, status: int
) -> None:
    headers = {"content-type": "application/json"}
    answer = await page.client.post(page.path + "messages", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["text"].startswith("[web.")
    assert shop.taken == []


async def test_the_longest_text_is_taken_whole(shop: Shop, page: Page) -> None:
    text = "字" * TEXT_MAX
    assert (await page.say(text)).status_code == 200
    assert isinstance(shop.taken[0], Message) and shop.taken[0].text == text


async def test_a_body_without_a_length_is_cut_off_at_the_limit(shop: Shop, page: Page) -> None:
    async def endless():
        for _ in range(100):
            yield b"x" * 10_000

    headers = {"content-type": "application/json"}
    answer = await page.client.post(page.path + "messages", content=endless(), headers=headers)
    assert answer.status_code == 413


async def test_somebody_who_writes_too_fast_is_asked_to_wait(shop: Shop, page: Page) -> None:
    answers = [await page.say(f"{n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert "web.too-fast" in answers[-1].json()["text"]
    shop.now += 1000
    assert (await page.say("again")).status_code == 200


async def test_another_page_cannot_speak_for_somebody(shop: Shop, page: Page) -> None:
    hostile: list[dict[str, str]] = [
        {"origin": "https://evil.test"},
        {"sec-fetch-site": "cross-site"},
    ]
    for headers in hostile:
        page.client.headers.update(headers)
        assert (await page.say("hi")).status_code == 403
        for name in headers:
            del page.client.headers[name]
    form = {"key": str(uuid.uuid4()), "text": "hi", "token": "0" * 64}
    assert (await page.client.post(page.path + "say", data=form)).status_code == 403
    as_text = {"content-type": "text/plain"}
    sneaked = await page.client.post(page.path + "messages", content="{}", headers=as_text)
    assert sneaked.status_code == 415
    assert shop.taken == []


async def test_the_page_works_without_a_script(shop: Shop, page: Page) -> None:
    shop.answers = [example_card()]
    form = {"key": str(uuid.uuid4()), "text": "hello\r\nthere", "token": await page.token()}
    for _ in range(2):
        answer = await page.client.post(page.path + "say", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, page.path)
    form = {"key": str(uuid.uuid4()), "press": "ok:1", "token": form["token"]}
    assert (await page.client.post(page.path + "say", data=form)).status_code == 303
    assert [getattr(event, "text", None) for event in shop.taken] == ["hello\nthere", None]
    assert 'class="text">hello\nthere</p>' in await page.html()


async def test_the_page_holds_the_last_lines_and_earlier_ones_are_asked_for(
    shop: Shop, page: Page
) -> None:
    for n in range(40):
        shop.now += 1000
        await page.say(f"line {n}")
    html = await page.html()
    assert html.count("<article") == 50
    assert 'data-first="31"' in html and 'data-last="80"' in html
    answer = await page.client.get(page.path + "lines?before=31")
    assert [line["seq"] for line in answer.json()] == list(range(1, 31))
    assert (await page.client.get(page.path + "lines?before=x")).status_code == 400
