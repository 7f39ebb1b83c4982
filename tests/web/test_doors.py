"""The ways in: landing page, invites, sessions."""

from __future__ import annotations

from bot.shop.people import SESSION_UNSEEN_MS
from tests.web.conftest import Page, Shop, token_in

BROWSER = {"accept": "text/html"}


async def test_the_landing_page_opens_a_buyers_chat_by_its_button(shop: Shop) -> None:
    async with shop.client(headers=BROWSER) as client:
        landing = await client.get("/", headers={"accept-language": "en-GB,en;q=0.9"})
        assert "Goods &amp; Sons (en)" in landing.text
        assert 'action="/c"' in landing.text
        answer = await client.post("/c", data={"token": token_in(landing.text)})
        assert answer.status_code == 303
        chat = await client.get(answer.headers["location"])
        assert chat.status_code == 200
        again = await client.get("/")
        assert answer.headers["location"] in again.text


async def test_the_page_speaks_the_language_that_the_browser_asks_for(shop: Shop) -> None:
    wishes = {
        "zh-TW,zh;q=0.9": "zh-Hant",
        "zh-Hans-HK": "zh-Hans",
        "bo;q=0.5,fr": "bo",
        "fr;q=1, de": "en",
        "en;q=nonsense, zh": "zh-Hans",
        "": "zh-Hans",
    }
    async with shop.client() as client:
        for wish, language in wishes.items():
            answer = await client.get("/", headers={"accept-language": wish})
            assert f'<html lang="{language}">' in answer.text


async def test_looking_at_an_invite_does_not_use_it_up(shop: Shop) -> None:
    token = await shop.invite("seller")
    async with shop.client() as preview, shop.client() as seller:
        for _ in range(3):
            assert (await preview.get(f"/i/{token}")).status_code == 200
        redeemed = await seller.post(f"/i/{token}")
        assert redeemed.status_code == 303
        assert "[web.role-seller" in (await seller.get(redeemed.headers["location"])).text


async def test_an_invite_leads_its_holder_back_and_nobody_else(shop: Shop) -> None:
    token = await shop.invite("operator")
    async with shop.client() as holder, shop.client() as other:
        chat = (await holder.post(f"/i/{token}")).headers["location"]
        for method in ("GET", "POST"):
            again = await holder.request(method, f"/i/{token}")
            assert (again.status_code, again.headers["location"]) == (303, chat)
            refused = await other.request(method, f"/i/{token}", headers=BROWSER)
            assert refused.status_code == 410
            assert "web.invite-used" in refused.text
        assert (await other.get(chat)).status_code == 403


async def test_an_expired_or_unknown_invite_is_refused_kindly(shop: Shop) -> None:
    token = await shop.invite("seller")
    shop.now += 100 * 3_600_000
    async with shop.client(headers=BROWSER) as client:
        for method in ("GET", "POST"):
            expired = await client.request(method, f"/i/{token}")
            assert expired.status_code == 410
            assert "web.invite-expired" in expired.text
            assert (await client.request(method, "/i/" + "0" * 32)).status_code == 404


async def test_only_the_cookie_opens_a_chat(shop: Shop, page: Page) -> None:
    async with shop.client() as other:
        for path in ("", "events", "lines?before=9", "qr/1.png", "files/" + "0" * 64):
            assert (await other.get(page.path + path)).status_code == 403
        assert (await Page(other, page.path).say("hi")).status_code == 403
        mine = (await other.post("/c")).headers["location"]
        # The session of one chat under the name of another opens neither.
        name = page.path.split("/")[2]
        other.cookies.set(f"c_{name}", other.cookies["c_" + mine.split("/")[2]])
        assert (await other.get(page.path)).status_code == 403
    assert shop.taken == []


async def test_a_session_ends_when_unseen_for_long_and_goes_on_when_used(
    shop: Shop, page: Page
) -> None:
    for _ in range(3):
        shop.now += SESSION_UNSEEN_MS - 1000
        assert (await page.client.get(page.path)).status_code == 200
    shop.now += SESSION_UNSEEN_MS
    assert (await page.client.get(page.path)).status_code == 403


async def test_cookies_are_kept_from_scripts_and_from_plain_http(shop: Shop) -> None:
    async with shop.client() as client:
        plain = (await client.post("/c")).headers["set-cookie"]
        assert "httponly" in plain.lower() and "samesite=lax" in plain.lower()
        assert "Path=/;" in plain and "Secure" not in plain
    shop.web.secure_cookies = True
    async with shop.client() as client:
        answer = await client.post("/c")
        assert answer.headers["set-cookie"].startswith("__Host-c_")
        assert "Secure" in answer.headers["set-cookie"]
        assert "max-age" in answer.headers["strict-transport-security"]


async def test_chats_opened_from_one_address_are_limited(shop: Shop) -> None:
    async with shop.client() as client:
        answers = [await client.post("/c") for _ in range(21)]
        assert [answer.status_code for answer in answers] == [303] * 20 + [429]
        assert int(answers[-1].headers["retry-after"]) == 10
        shop.now += 10_000
        assert (await client.post("/c")).status_code == 303


async def test_another_page_can_neither_open_a_chat_nor_redeem(shop: Shop) -> None:
    token = await shop.invite("seller")
    hostile: list[dict[str, str]] = [
        {"origin": "https://evil.test"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://shop.test"},
        {"origin": "null"},
    ]
    async with shop.client() as client:
        for headers in hostile:
            for path in ("/c", f"/i/{token}"):
                assert (await client.post(path, headers=headers)).status_code == 403


async def test_a_form_posted_without_an_origin_is_known_by_its_token(shop: Shop) -> None:
    """Under no-referrer a browser posts forms with `Origin: null`."""
    async with shop.client(headers={"origin": "null"}) as client:
        form = {"token": token_in((await client.get("/")).text)}
        assert (await client.post("/c", data=form)).status_code == 303
        client.cookies.delete("door")
        assert (await client.post("/c", data=form)).status_code == 403
