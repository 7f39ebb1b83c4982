"""What messages look like on Telegram, within its limits."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import rendering
from bot.messages import Card, Choice, Content, Copyable


def test_a_price_card_is_a_picture_with_a_caption() -> None:
    card = Card(
        kind="product",
        title="虫草",
        table=(("等级", "价格", "库存"), ("大 <号>", "¥60/根", "有货 100根")),
        heads=True,
        notes=("运费 ¥10 起",),
        picture="a" * 64,
    )
    parts = rendering.parts(Content("现在有货：", "zh-Hans", card=card))
    assert parts == (
        rendering.Part(
            "现在有货：\n\n<b>虫草</b>\n<b>大 &lt;号&gt;</b> · ¥60/根 · 有货 100根\n运费 ¥10 起",
            picture=True,
        ),
    )


def test_what_does_not_fit_below_a_picture_follows_it() -> None:
    card = Card(kind="product", title="虫草", picture="a" * 64)
    parts = rendering.parts(Content("说" * 1100, "zh-Hans", card=card))
    assert [part.picture for part in parts] == [True, False]
    assert parts[0].html == ""


def test_what_is_to_be_copied_is_copied_by_a_tap() -> None:
    card = Card(kind="payment", copyables=(Copyable("金额", "12.00"),))
    assert rendering.parts(Content("", "zh-Hans", card=card))[0].html == "金额: <code>12.00</code>"


def test_stations_show_how_far_an_order_is() -> None:
    card = Card(kind="order", stations=("下单", "付款", "发货"), reached=2)
    assert rendering.parts(Content("", "zh-Hans", card=card))[0].html == "●下单 → ●付款 → ○发货"


def test_a_text_is_never_taken_for_markup() -> None:
    (part,) = rendering.parts(Content("1 < 2 & <b>", "en"))
    assert part.html == "1 &lt; 2 &amp; &lt;b&gt;"


@given(st.text(min_size=1), st.integers(4, 40))
def test_a_split_text_fits_and_loses_nothing_but_spaces(text: str, limit: int) -> None:
    pieces = rendering.split(text, limit)
    assert all(0 < rendering.units(piece) <= limit for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


def test_a_text_is_cut_at_the_best_place() -> None:
    assert rendering.split("第一句话在这里。第二句话在这里", 12) == [
        "第一句话在这里。",
        "第二句话在这里",
    ]
    assert rendering.split("one two three four", 10) == ["one two", "three four"]
    assert rendering.split("བཀྲ་ཤིས་བདེ་ལེགས།", 10) == ["བཀྲ་ཤིས་", "བདེ་ལེགས།"]


def test_signs_beyond_the_basic_plane_count_as_two() -> None:
    assert all(rendering.units(piece) <= 10 for piece in rendering.split("😀" * 30, 10))
    assert rendering.units("😀a") == 3


def test_many_lines_become_several_messages_each_within_the_limit() -> None:
    rows = tuple((f"product {n}", "x" * 90) for n in range(100))
    parts = rendering.parts(Content("list", "en", card=Card(kind="product", table=rows)))
    assert len(parts) == 3
    assert all(len(re.sub(r"<[^>]+>", "", part.html)) <= 4096 for part in parts)


def test_buttons_stand_in_rows_that_a_phone_shows_whole() -> None:
    choices = (Choice("大号", "g:1"), Choice("中号", "g:2"), Choice("小号", "g:3"))
    shown = rendering.keyboard((*choices, Choice("看看都有什么、多少钱", "products")))
    assert shown
    assert [[button["text"] for button in row] for row in shown["inline_keyboard"]] == [
        ["大号", "中号", "小号"],
        ["看看都有什么、多少钱"],
    ]
    assert rendering.keyboard(()) is None


def test_a_pressed_button_is_ticked_once() -> None:
    shown = rendering.keyboard((Choice("大号", "g:1"), Choice("中号", "g:2")))
    assert shown
    once = rendering.pressed(shown, "g:1")
    assert once and [button["text"] for button in once["inline_keyboard"][0]] == ["✓ 大号", "中号"]
    assert rendering.pressed(once, "g:1") is None
    other = rendering.pressed(once, "g:2")
    assert other
    assert [button["text"] for button in other["inline_keyboard"][0]] == ["大号", "✓ 中号"]
