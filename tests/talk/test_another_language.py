"""Adding a language is one folder under locales/, and names in the catalogue: Japanese, tried."""

from __future__ import annotations

import shutil
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.language.locales import Locales, folder
from bot.shop import catalogue, catalogue_edits
from bot.store.unit import Unit
from tests.talk.play import Play

TEXTS = {
    "language.self": "日本語",
    "asking.price": "{name}の値段です：",
    "product.head-grade": "規格",
    "product.head-price": "値段",
    "product.head-stock": "在庫",
    "price.usual": "{money}/500g",
    "measure.usual": "{number}kg（{grams}g）",
    "measure.usual-grams": "1000",
    "measure.grams": "{grams}g",
    "order.ask-recipient": "{goods}ですね。お名前、電話番号、住所を一度に送ってください。",
    "language.changed": "はい、これからは日本語で。",
    "thanks": "どういたしまして。",
}
WORDS = """
letters = "\\u3040-\\u30ff"
speech = "です|ます|ください"

[units]
"1000 g" = ["キロ"]
"1 g" = ["グラム"]

[topics]
price = "いくら|値段|おいくら"

order = "ください|お願いします|欲しい"

thanks = "ありがとう"

[cues]
want = "ください|欲しい|お願いします"
amount = "いくら"
ask = "ですか|か？"

[wish]
ja = "日本語で|in japanese|日语|日文"
"""


def with_japanese(root: Path) -> Path:
    """The locales with one folder more."""
    shutil.copytree(folder(), root, dirs_exist_ok=True)
    home = root / "ja"
    (home / "LC_MESSAGES").mkdir(parents=True)
    (home / "words.toml").write_text(WORDS, "utf-8")
    head = 'msgid ""\nmsgstr "Language: ja\\nContent-Type: text/plain; charset=UTF-8\\n"\n'
    texts = "".join(f'\nmsgid "{id}"\nmsgstr "{text}"\n' for id, text in TEXTS.items())
    source = home / "LC_MESSAGES" / "shanhuo.po"
    source.write_text(head + texts, "utf-8")
    with source.open("rb") as given, source.with_suffix(".mo").open("wb") as made:
        write_mo(made, read_po(given))
    return root


def name_it(unit: Unit) -> None:
    """The catalogue's names, as an import or an operator sets them."""
    matsutake = catalogue.load(unit.db).products["matsutake"]
    catalogue_edits.set_name(unit, matsutake, "ja", "生松茸", None)
    dried = catalogue.load(unit.db).products["matsutake-dried"]
    catalogue_edits.set_name(unit, dried, "ja", "干し松茸", None)


async def test_japanese_is_spoken_with_one_folder_more(tmp_path: Path) -> None:
    root = with_japanese(tmp_path / "locales")
    stage = await Play.open(tmp_path / "shop.db", texts=root)
    try:
        await stage.store.run(name_it)
        said = await stage.step("> buyer Yuki: 干し松茸はいくらですか")
        assert said[0] == "< buyer Yuki: 干し松茸の値段です："
        assert "    | 規格 ; 値段 ; 在庫" in said
        assert "    | 干し松茸 ; ¥1,360/500g ; 有25kg（25,000g）" in said  # 有…: not translated yet
        said = await stage.step("> buyer Yuki: 2キロください")
        assert said[0].startswith("< buyer Yuki: 干し松茸 2kg（2,000g）ですね。")
        said = await stage.step("> buyer Yuki: ありがとう")
        assert said[0] == "< buyer Yuki: どういたしまして。"
        said = await stage.step("> buyer Ken: 松茸")  # Han alone is Chinese, until told otherwise.
        assert "鲜松茸" in said[0]
        said = await stage.step("> buyer Ken: 日本語でお願いします")
        assert said[0] == "< buyer Ken: はい、これからは日本語で。"
        said = await stage.step("> buyer Mei: Language")
        assert "[日本語]" in said[-1]
    finally:
        await stage.close()


def test_the_rest_knows_it_without_being_told(tmp_path: Path) -> None:
    locales = Locales(with_japanese(tmp_path))
    assert locales.known("ja-JP") == "ja"
    assert locales.order("ja") == ("ja", "zh-Hans", "en")
    assert [locales.name_of("ja", reader) for reader in ("zh-Hans", "en")] == ["日语", "Japanese"]
    assert locales.day("ja", 8, 15) == "8月15日"
